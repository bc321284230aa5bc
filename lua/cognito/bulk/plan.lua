--- The plan: from users to rows of the journal, before anything is done.
--
-- A plan is read whole before its first user is acted on: a filter that the
-- action changes would otherwise lose users from later pages, and it
-- could not be looked at beforehand. It is frozen with a hash of all of it.
-- @module cognito.bulk.plan

local c_locale = require "cognito.c_locale"
local exclusions = require "cognito.bulk.exclusions"
local failure = require "cognito.bulk.failure"
local names = require "cognito.bulk.names"
local native = require "cognito.native"
local sound = require "cognito.bulk.journal.sound"
local sources = require "cognito.bulk.sources"
local hex = require "cognito.hex"
local interrupted = require "cognito.bulk.interrupted"

local M = {}

local BATCH = 500 -- rows

local columns = { "id", "sub", "username", "line", "status_before", "enabled", "modified_before", "medium",
  "contact_before", "plan", "reason", "note", "state" }

-- ---- writing ----

-- Returns a function that writes rows, and counts them in `made`. A person who
-- is there already, under another name, stays one row.
local function writer(planning, made)
  local journal = planning.journal
  return function(rows, place)
    for i, row in ipairs(rows) do
      row.id = made.rows + i
      row.plan = row.reason and "skip" or "act"
      row.state = row.reason and "skipped" or "planned"
    end
    made.rows = made.rows + #rows
    journal:transaction(function()
      made.duplicates = made.duplicates + #rows - journal:insert("users", columns, rows)
      planning:note { rows = made.rows, duplicates = made.duplicates }
      planning:note(place)
    end)
  end
end

local function from_filter(planning, filter, keep, made)
  interrupted.pages(planning, filter, "filter", function(page, place)
    keep(names.decide(planning, page), place)
  end, function()
    planning.journal:run "DELETE FROM users"
    made.rows, made.duplicates = 0, 0
  end)
  if filter == "" then
    planning:note_listed()
  end
end

-- The lists have been read: the plan goes on where it was interrupted, unless
-- they are others now.
local function begin_or_go_on(planning, made)
  if not interrupted.check_lists(planning.journal) then
    made.rows, made.duplicates = 0, 0
  end
  exclusions.restore(planning)
end

-- Users of a listing need not be looked up; names are set aside for that.
local function split(planning, next_entry, keep)
  local users = {}
  return function()
    for entry in next_entry do
      if entry.name then
        return entry
      end
      users[#users + 1] = entry
      if #users == BATCH then
        keep(names.decide(planning, users))
        users = {}
      end
    end
    keep(names.decide(planning, users))
    users = {}
  end
end

-- Returns how often a name was there again.
local function from_source(planning, source, options, keep, made)
  local next_entry = sources.open(source, { expect_email = options.expect_email, pool = planning.journal:get "pool" })
  local before = made.rows
  local count, again = names.read(planning, split(planning, next_entry, keep))
  if made.rows > before then -- users of a program's, who would come again
    interrupted.refuse(planning.journal)
  end
  begin_or_go_on(planning, made)
  if count > 0 then
    names.resolve(planning, count, keep)
  end
  return again
end

local function write_rows(planning, options, made)
  local keep, source = writer(planning, made), options.users
  if type(source) ~= "table" or not source.filter then
    local again = from_source(planning, source, options, keep, made) -- which counts duplicates itself, first
    made.duplicates = made.duplicates + again
  elseif options.expect_email then
    failure.raise("invalid_input", "expect_email needs a file or a list with that column")
  else
    begin_or_go_on(planning, made)
    from_filter(planning, source.filter, keep, made)
  end
end

--- Writes the plan's rows.
-- @tparam table planning
-- @tparam table options `users`, `exclude`, `allow_unmatched`, `expect_email`
-- @treturn table `rows` and `duplicates` (numbers), `unmatched` and
--   `unmatched_names` (of the users to leave out; nil: no list of them)
-- @raise a cognito.Error
function M.write(planning, options)
  local journal = planning.journal
  names.prepare(journal)
  local made = { rows = interrupted.number(journal, "rows"), duplicates = interrupted.number(journal, "duplicates") }
  if options.exclude then
    planning:note_exclusions(exclusions.read(planning, sources.open(options.exclude, {})))
  end
  write_rows(planning, options, made)
  if made.rows == 0 then
    failure.raise("invalid_input", "there are no users to plan for: the list is empty, or no user matches the filter")
  end
  made.unmatched, made.unmatched_names = names.leave_out(planning, options.allow_unmatched)
  return made
end

-- ---- freezing ----

-- `fixed_state` and `fixed_sign_out`: of a user who is skipped, and stays so.
-- The states of all others change while the job goes on.
local frozen = { "id", "sub", "username", "line", "status_before", "enabled", "modified_before", "medium",
  "contact_before", "plan", "reason", "note", "fixed_state", "fixed_sign_out" }

local selected = table.concat(frozen, ", "):gsub("fixed_state", "CASE WHEN plan <> 'act' THEN state END AS %0")
  :gsub("fixed_sign_out", "CASE WHEN plan <> 'act' THEN sign_out END AS %0")

-- Lengths first, so that no two rows read alike.
local function serialised(row)
  local parts = {}
  for i, column in ipairs(frozen) do
    local value = row[column]
    if type(value) == "number" then
      value = ("%.0f"):format(value)
    end
    parts[i] = value and #value .. ":" .. value or "-"
  end
  return table.concat(parts, ",")
end

--- The plan's hash: a chain over its rows, so that memory does not grow.
-- @tparam table journal
-- @tparam table facts about the job
-- @treturn string 64 hexadecimal digits
function M.hash(journal, facts)
  local head = {}
  for i, key in ipairs { "job", "pool", "action", "sign_out", "permanent", "recheck" } do
    head[i] = key .. "=" .. tostring(facts[key])
  end
  for _, key in ipairs { "created_before", "status", "sessions", "close", "factors" } do
    head[#head + 1] = facts[key] and key .. "=" .. facts[key]
  end
  local hash, last = native.sha256(table.concat(head, "\n")), 0
  local query = ("SELECT %s FROM users WHERE id > ? ORDER BY id LIMIT ?"):format(selected)
  local rows = journal:rows(query, last, BATCH)
  while rows[1] do
    for _, row in ipairs(rows) do
      hash = native.sha256(hash .. serialised(row))
    end
    last = c_locale.tonumber(rows[#rows].id)
    rows = journal:rows(query, last, BATCH)
  end
  return hex(hash)
end

--- Refuses a plan that is not the one that was frozen.
-- @tparam table journal
-- @tparam[opt] string looked_at the hash that somebody has looked at
-- @raise a cognito.Error
function M.check(journal, looked_at)
  local facts = journal:facts()
  local hash = M.hash(journal, facts)
  if hash ~= facts.plan_sha256 then
    failure.raise("plan_changed", "the plan was changed: the journal's rows are not those that were frozen")
  elseif looked_at and looked_at ~= hash then
    failure.raise("plan_changed", "the plan's hash is another one")
  end
end

-- ---- counting ----

local function add(counts, name, n)
  counts[name] = (counts[name] or 0) + n
end

local no_way_back = { admin_only = true, no_verified_contact = true }

local function add_notes(counts, note, n)
  for word in note:gmatch "%S+" do
    add(counts.by_note, word, n)
    if no_way_back[word] then
      add(counts, "no_way_back", n)
    end
  end
end

local counted = "status_before, plan, reason, medium, note"
local read = sound.reader("users", counted)

--- What the plan says, in numbers.
-- @tparam table journal
-- @treturn table `total`, `act`, `skip`; `by_status` (from status to `{ act,
--   skip }`), `by_reason`, `by_medium` (`EMAIL`, `SMS`, `none`: no message),
--   `by_note` and `no_way_back`, of those who are acted on
function M.counts(journal)
  local counts = { total = 0, act = 0, skip = 0, by_status = {}, by_reason = {}, by_medium = {}, by_note = {},
    no_way_back = 0 }
  for _, row in ipairs(journal:rows(("SELECT %s, count(*) AS n FROM users GROUP BY %s"):format(counted, counted))) do
    local n, status = c_locale.tonumber(row.n), read(row).status_before or "unknown"
    counts.by_status[status] = counts.by_status[status] or { act = 0, skip = 0 }
    add(counts.by_status[status], row.plan, n)
    add(counts, row.plan, n)
    add(counts, "total", n)
    if row.plan == "act" then
      add(counts.by_medium, row.medium or "none", n)
      add_notes(counts, row.note or "", n)
    else
      add(counts.by_reason, row.reason or "unknown", n)
    end
  end
  return counts
end

return M

--- The limits of a job, and what else decides about its messages. They belong
-- to the job, not to the process that works on it: kept in the journal from
-- the first run on, they hold for every later one, until
-- another value is given. Changes are noted for the report.
-- @module cognito.bulk.limits

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local json = require "cognito.json"
local quote = require "cognito.bulk.quote"
local sound = require "cognito.bulk.journal.sound"
local tables = require "cognito.tables"

local M = {}

local PREFIX = "limit_"

local defaults = { concurrency = 8, max_failures = 100, lease = 600, settle = 30, builtin_mail = false }

-- ---- as texts ----

local function number_text(value)
  return quote.literal(value)
end

-- The pairs in order: two tables of the same content have the same text.
local function metadata_text(metadata)
  local names, pairs_of = tables.sorted_keys(metadata), {}
  for i, name in ipairs(names) do
    pairs_of[i] = { name, metadata[name] }
  end
  return names[1] and json.encode(pairs_of) or nil
end

local function read_metadata(text)
  local metadata = {}
  for _, pair in ipairs(json.decode(text)) do
    metadata[pair[1]] = pair[2]
  end
  return metadata
end

local number = { write = number_text, read = c_locale.tonumber }
local boolean = { write = tostring, read = function(text) return text == "true" end }

local kinds = {
  concurrency = number, max_failures = number, daily_limit = number, max_sms = number, lease = number, settle = number,
  builtin_mail = boolean, client_metadata = { write = metadata_text, read = read_metadata },
}

local names = tables.sorted_keys(kinds)

--- The names of all limits, in order.
M.names = names

-- ---- kept ----

--- What the journal keeps.
-- @tparam table journal
-- @treturn table from name to value
function M.kept(journal)
  local facts, kept = journal:facts(), {}
  for _, name in ipairs(names) do
    local text = facts[PREFIX .. name]
    kept[name] = text and kinds[name].read(text)
  end
  return kept
end

--- The limits that hold: what is given now, else what is kept, else the usual.
-- @tparam table journal
-- @tparam[opt] table given options of a run
-- @treturn table from name to value
function M.of(journal, given)
  local limits = M.kept(journal)
  for _, name in ipairs(names) do
    if given and given[name] ~= nil then
      limits[name] = given[name]
    elseif limits[name] == nil then
      limits[name] = defaults[name]
    end
  end
  return limits
end

--- The options of a run, with the limits that hold.
-- @tparam table journal
-- @tparam table given
-- @treturn table a copy
function M.complete(journal, given)
  return tables.add(M.of(journal, given), given)
end

-- ---- changed ----

--- Notes a change, within a transaction.
-- @tparam table journal
-- @tparam table change `name`, `was` and `became` (texts), `at` (epoch
--   seconds), `by`
function M.note(journal, change)
  local last = c_locale.tonumber(journal:row "SELECT coalesce(max(id), 0) AS id FROM changes".id)
  journal:run("INSERT INTO changes (id, changed_at, changed_by, name, was, became) VALUES (?, ?, ?, ?, ?, ?)",
    last + 1, change.at, change.by, change.name, change.was, change.became)
end

local columns = "id, name, was, became, changed_at, changed_by"
local read_change = sound.reader("changes", columns)

--- All changes, the first one first.
-- @tparam table journal
-- @treturn table list of `name`, `was`, `became`, `at` (epoch seconds), `by`
-- @raise a cognito.Error where one is damaged
function M.changes(journal)
  local list = journal:rows("SELECT " .. columns .. " FROM changes ORDER BY id")
  for i, change in ipairs(list) do
    read_change(change)
    list[i] = { name = change.name, was = change.was, became = change.became, at = change.changed_at,
      by = change.changed_by }
  end
  return list
end

-- Of metadata the names alone: the values are the program's.
local function shown(name, text)
  if name ~= "client_metadata" or not text then
    return text
  end
  return table.concat(tables.sorted_keys(read_metadata(text)), " ")
end

--- What the journal keeps, for people to read.
-- @tparam table journal
-- @treturn table from name to text
function M.shown(journal)
  local limits = M.of(journal)
  for name, value in pairs(limits) do
    limits[name] = shown(name, kinds[name].write(value))
  end
  return limits
end

local function keep(journal, key, name, text, order, is_change)
  local was = journal:get(key)
  if was == text then
    return
  end
  journal:set(key, text)
  if is_change then
    M.note(journal, { name = name, was = shown(name, was), became = shown(name, text), at = order.at, by = order.by })
  end
end

--- Keeps what is given, within the transaction that begins a run. The first run
-- sets limits, later ones change them; the endpoint is known since the plan.
-- @tparam table journal
-- @tparam table given options of the run, as the caller gave them
-- @tparam table order `at` (epoch seconds), `by`, `endpoint` (the URL that is
--   called)
function M.keep(journal, given, order)
  local is_later = journal:get "started_at" ~= nil
  for _, name in ipairs(names) do
    if given[name] ~= nil then
      keep(journal, PREFIX .. name, name, kinds[name].write(given[name]), order, is_later)
    end
  end
  keep(journal, "endpoint", "endpoint", order.endpoint, order, true)
end

--- Refuses another endpoint than the job's, unless the program names it.
-- @tparam table journal
-- @tparam cognito.Client pool
-- @raise a cognito.Error
function M.check_endpoint(journal, pool)
  local planned_for, described = journal:get "endpoint", pool:describe()
  local given = described.settings.endpoint
  if planned_for and planned_for ~= described.url and not (given and given.source == "settings") then
    failure.raise("endpoint_changed", ("the job calls %s, this client %s"):format(planned_for,
      tostring(described.url)))
  end
end

return M

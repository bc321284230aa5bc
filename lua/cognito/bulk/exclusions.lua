--- Users who are to be left out. A name that matches no user counts as a
-- mistake unless the operator says otherwise: a list with a header, in another
-- case or with a misspelt name must not let its users through in silence.
-- @module cognito.bulk.exclusions

local batches = require "cognito.bulk.batches"
local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local identity = require "cognito.bulk.identity"
local look_up = require "cognito.bulk.look_up"
local printable = require "cognito.printable"

local M = {}

local SHOWN = 10 -- names in a message

--- The table that names are kept in while a plan is made.
M.table = [[CREATE TEMP TABLE excluded (n INTEGER PRIMARY KEY, name_key TEXT UNIQUE, name TEXT, line INTEGER,
  matched INTEGER NOT NULL DEFAULT 0)]]

local columns = { "n", "name_key", "name", "line" }

--- Reads the names.
-- @tparam table planning
-- @tparam function next_entry a source
-- @treturn number how many there are
-- @raise a cognito.Error for a source without names
function M.read(planning, next_entry)
  local kept = 0
  local all = batches.each(next_entry, function(entry, n)
    local name = entry.name or entry.sub -- a user of the pool, from a program
    return { n = n, name_key = identity.key(planning, name), name = name, line = entry.line or n }
  end, function(rows)
    planning.journal:transaction(function() kept = kept + planning.journal:insert("excluded", columns, rows) end)
  end)
  if all == 0 then
    failure.raise("invalid_input", "the list of users to leave out is empty: is it the right file?")
  end
  return kept
end

local function mark(journal, keys)
  journal:run("UPDATE excluded SET matched = 1 WHERE name_key IN ?", keys)
  local rows = {}
  for i, key in ipairs(keys) do
    rows[i] = { name_key = key }
  end
  journal:insert("matched", { "name_key" }, rows)
end

--- Marks those that have matched a user before the plan was interrupted.
-- @tparam table planning
function M.restore(planning)
  planning.journal:run "UPDATE excluded SET matched = 1 WHERE name_key IN (SELECT name_key FROM matched)"
end

--- Which of these keys are left out; they have matched a user then.
-- @tparam table planning
-- @tparam table keys of names of users of the pool
-- @treturn table set of keys
function M.among(planning, keys)
  local known, list = {}, {}
  if not planning.exclusions then
    return known
  end
  for _, row in ipairs(planning.journal:rows("SELECT name_key FROM excluded WHERE name_key IN ?", keys)) do
    known[row.name_key] = true
    list[#list + 1] = row.name_key
  end
  if list[1] then
    mark(planning.journal, list)
  end
  return known
end

--- How many names have matched no user yet.
-- @tparam table planning
-- @treturn number
function M.open(planning)
  return c_locale.tonumber(planning.journal:row("SELECT count(*) AS n FROM excluded WHERE matched = 0").n)
end

-- The plan knows these users under other names.
local function leave_out(journal, users)
  local subs = {}
  for i, user in ipairs(users) do
    subs[i] = user.sub
  end
  journal:run([[UPDATE users SET plan = 'skip', state = 'skipped', reason = 'excluded', medium = NULL, note = NULL
    WHERE sub IN ?]], subs)
end

local function look(planning, entry, is_listed)
  local find = is_listed and function() return look_up.beyond_listing(planning, entry.name) end
    or function() return look_up.find(planning, entry) end
  local users = find()
  if users[1] then
    planning.journal:transaction(function()
      leave_out(planning.journal, users)
      mark(planning.journal, { entry.name_key })
    end)
  end
end

--- Looks the names up that have matched no user yet, and leaves their users out.
-- @tparam table planning
-- @tparam boolean is_listed whether every user of the pool was seen already
function M.settle(planning, is_listed)
  local last = 0
  repeat
    local entries = planning.journal:rows(
      "SELECT n, name_key, name, line FROM excluded WHERE matched = 0 AND n > ? ORDER BY n LIMIT ?", last, batches.SIZE)
    for _, entry in ipairs(entries) do
      look(planning, entry, is_listed)
      last = c_locale.tonumber(entry.n)
    end
  until not entries[1]
end

local function listed(entries, count)
  local words = {}
  for i, entry in ipairs(entries) do
    words[i] = ("%s (line %d)"):format(printable.clean(entry.name), c_locale.tonumber(entry.line))
  end
  return table.concat(words, ", ") .. (count > #entries and ", …" or "")
end

--- The names that have matched no user.
-- @tparam table planning
-- @treturn number how many names
-- @treturn string the first of them, with their lines
function M.unmatched(planning)
  local count = planning.exclusions and M.open(planning) or 0
  local entries = count > 0
    and planning.journal:rows("SELECT name, line FROM excluded WHERE matched = 0 ORDER BY n LIMIT ?", SHOWN) or {}
  return count, listed(entries, count)
end

--- Refuses names that have matched no user.
-- @tparam table planning
-- @tparam ?boolean allowed
-- @treturn number how many there are
-- @treturn string the first of them, with their lines
-- @raise a cognito.Error
function M.check(planning, allowed)
  local count, shown = M.unmatched(planning)
  if count > 0 and not allowed then
    failure.raise("unmatched_exclusions", ("of %d %s to leave out %d %s no user: %s"):format(planning.exclusions,
      planning.exclusions == 1 and "name of a user" or "names of users", count, count == 1 and "matches" or "match",
      shown), { unmatched = count })
  end
  return count, shown
end

return M

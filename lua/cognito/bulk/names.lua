--- From names that somebody wrote down to users of the pool.
--
-- A name may be a username, a `sub`, or the value of an attribute that serves
-- as one. All names are read first, into tables that go when the connection is
-- closed, so that memory does not grow with them. Then each is looked up; or,
-- where that takes fewer calls, the whole pool is read once and the names are
-- found in it.
-- @module cognito.bulk.names

local batches = require "cognito.bulk.batches"
local c_locale = require "cognito.c_locale"
local decide = require "cognito.bulk.decide"
local exclusions = require "cognito.bulk.exclusions"
local expectations = require "cognito.bulk.expectations"
local interrupted = require "cognito.bulk.interrupted"
local identity = require "cognito.bulk.identity"
local look_up = require "cognito.bulk.look_up"
local pool_users = require "cognito.bulk.pool_users"

local M = {}

local LOOKED_UP = 1 -- name between two notes of the place: a look-up is dearer than a commit

local candidate_columns = { "name_key", "strength", "sub", "username", "status_before", "enabled", "modified_before",
  "medium", "contact_before", "reason", "note", "email" }

local tables = {
  "CREATE TEMP TABLE wanted (n INTEGER PRIMARY KEY, name_key TEXT UNIQUE, name TEXT, line INTEGER, expected TEXT)",
  exclusions.table,
}

--- Makes the tables. Names are read into those that go with the connection;
-- what was found out about them survives an interruption.
-- @tparam table journal
function M.prepare(journal)
  for _, statement in ipairs(tables) do
    journal:run(statement)
  end
end

local function key_of(planning, entry)
  return entry.by_sub and identity.sub_key(entry.name) or identity.key(planning, entry.name)
end

--- Reads the names that are wanted.
-- @tparam table planning
-- @tparam function next_entry a source
-- @treturn number how many different ones there are
-- @treturn number how often a name was there again
-- @raise a cognito.Error where one name comes with two addresses
function M.read(planning, next_entry)
  local kept = 0
  local all = batches.each(next_entry, function(entry, n)
    return {
      n = n, name_key = key_of(planning, entry), name = entry.name, line = entry.line,
      expected = entry.expected and decide.email_hash(entry.expected, planning.key),
    }
  end, function(batch)
    planning.journal:transaction(function()
      local inserted = planning.journal:insert("wanted", { "n", "name_key", "name", "line", "expected" }, batch)
      kept = kept + inserted
      if inserted < #batch then
        expectations.by_name(planning.journal, batch)
      end
    end)
  end)
  return kept, all - kept
end

-- Which of these keys are wanted.
local function wanted_among(journal, keys)
  local known = {}
  for _, row in ipairs(journal:rows("SELECT name_key FROM wanted WHERE name_key IN ?", keys)) do
    known[row.name_key] = true
  end
  return known
end

-- What is decided about each user of a page: list of rows, and of their names.
local function decide_page(planning, users)
  local names, keys = {}, {}
  for i, user in ipairs(users) do
    names[i] = identity.names_of(planning, user)
    for key in pairs(names[i]) do
      keys[#keys + 1] = key
    end
  end
  local excluded, rows = exclusions.among(planning, keys), {}
  for i, user in ipairs(users) do
    local is_excluded = false
    for key in pairs(names[i]) do
      is_excluded = is_excluded or excluded[key] or false
    end
    rows[i] = decide.row(planning, user, is_excluded)
  end
  return rows, names, keys
end

--- Decides about users of the pool who were not asked for by name.
-- @tparam table planning
-- @tparam table users
-- @treturn table list of rows
function M.decide(planning, users)
  return (decide_page(planning, users))
end

-- ---- the whole pool, once ----

local function keep_candidates(planning, users, place)
  local rows, names, keys = decide_page(planning, users)
  local wanted, found = wanted_among(planning.journal, keys), {}
  for i, row in ipairs(rows) do
    for key, strength in pairs(names[i]) do
      if wanted[key] then
        found[#found + 1] = setmetatable({ name_key = key, strength = strength }, { __index = row })
      end
    end
  end
  planning.journal:insert("candidates", candidate_columns, found)
  planning:note(place)
end

local function read_pool(planning)
  interrupted.pages(planning, nil, "pool", function(page, place)
    planning.journal:transaction(keep_candidates, planning, page, place)
  end, function() planning.journal:run "DELETE FROM candidates" end)
  planning:note_listed()
end

-- Whether so many look-ups take more calls than the whole pool.
local function is_dearer(planning, count)
  return count > math.ceil(planning.pool_facts.users / pool_users.PAGE)
end

-- ---- one name at a time ----

local function candidates_for(planning, wanted, users)
  local rows, names = decide_page(planning, users)
  for i, row in ipairs(rows) do
    row.strength = names[i][wanted.name_key] or identity.USERNAME
  end
  return rows
end

-- ---- from candidates to rows ----

-- The best one; several that are as good are none.
local function choose(planning, wanted, candidates)
  table.sort(candidates, function(a, b) return c_locale.tonumber(a.strength) < c_locale.tonumber(b.strength) end)
  local best, second = candidates[1], candidates[2]
  if not best then
    return decide.nobody(wanted.name, wanted.line, "unknown_user")
  elseif second and second.strength == best.strength and second.sub ~= best.sub then
    return decide.nobody(wanted.name, wanted.line, "ambiguous")
  end
  best.line, best.enabled = wanted.line, c_locale.tonumber(best.enabled)
  decide.expect(best, wanted.expected, planning.action)
  return best
end

local function kept_candidates(journal, wanted)
  local keys, by_key = {}, {}
  for i, row in ipairs(wanted) do
    keys[i], by_key[row.name_key] = row.name_key, {}
  end
  for _, row in ipairs(journal:rows("SELECT * FROM candidates WHERE name_key IN ?", keys)) do
    table.insert(by_key[row.name_key], row)
  end
  return by_key
end

-- The users whom a name may mean, where the whole pool was read and where not.
local function candidates_of(planning, wanted, kept)
  if not kept then
    return candidates_for(planning, wanted, look_up.find(planning, wanted))
  elseif kept[wanted.name_key][1] then
    return kept[wanted.name_key]
  end
  return candidates_for(planning, wanted, look_up.beyond_listing(planning, wanted.name))
end

-- Decided once: the pool may have grown since the plan was interrupted.
local function reads_pool(planning, count)
  local decided = interrupted.get(planning.journal, "whole")
  if not decided then
    decided = tostring(is_dearer(planning, count))
    planning:note { whole = decided }
  end
  return decided == "true"
end

--- Looks all names up, in the order in which they were read.
-- @tparam table planning
-- @tparam number count how many there are
-- @tparam function keep called with lists of rows, and with the place to note
--   with them
-- @raise a cognito.Error where one person comes with two addresses
function M.resolve(planning, count, keep)
  local whole = reads_pool(planning, count + (planning.exclusions or 0))
  if whole then
    read_pool(planning)
  end
  local last, most = interrupted.number(planning.journal, "resolved"), whole and batches.SIZE or LOOKED_UP
  while true do
    local wanted = planning.journal:rows(
      "SELECT n, name_key, name, line, expected FROM wanted WHERE n > ? ORDER BY n LIMIT ?", last, most)
    if not wanted[1] then
      return
    end
    local kept, rows = whole and kept_candidates(planning.journal, wanted), {}
    for i, each in ipairs(wanted) do
      rows[i] = choose(planning, each, candidates_of(planning, each, kept))
    end
    expectations.by_person(planning.journal, wanted, rows)
    last = c_locale.tonumber(wanted[#wanted].n)
    keep(rows, { resolved = last })
  end
end

--- Leaves out users whom the plan holds under other names than the list of
-- exclusions, and refuses names in it that match no user.
-- @tparam table planning
-- @tparam ?boolean allow_unmatched
-- @treturn ?number how many names match no user; nil: there is no such list
-- @treturn ?string the first of them, with their lines
-- @raise a cognito.Error
function M.leave_out(planning, allow_unmatched)
  if not planning.exclusions then
    return
  end
  if not planning.is_listed and is_dearer(planning, exclusions.open(planning)) then
    read_pool(planning)
  end
  exclusions.settle(planning, planning.is_listed)
  return exclusions.check(planning, allow_unmatched)
end

return M

--- From names that somebody wrote down to users of the pool.
--
-- A name may be a username, a `sub`, or the value of an attribute that serves
-- as one. All names are read first, into tables that go when the connection is
-- closed, so that memory does not grow with them. Then each is looked up; or,
-- where that takes fewer calls, the whole pool is read once and the names are
-- found in it.
-- @module cognito.bulk.names

local decide = require "cognito.bulk.decide"
local pool_users = require "cognito.bulk.pool_users"

local M = {}

local BATCH = 200 -- rows in a statement
local PAGE = 60 -- users on a page of ListUsers

-- How good a match is; the service, too, takes the username first.
local USERNAME, SUB, VERIFIED, ATTRIBUTE = 1, 2, 3, 4

local ALIASES = { "email", "phone_number", "preferred_username" }

local candidate_columns = { "name_key", "strength", "sub", "username", "status_before", "enabled", "modified_before",
  "medium", "reason", "email" }

local tables = {
  "CREATE TEMP TABLE wanted (n INTEGER PRIMARY KEY, name_key TEXT UNIQUE, name TEXT, line INTEGER, expected TEXT)",
  "CREATE TEMP TABLE excluded (name_key TEXT PRIMARY KEY)",
  [[CREATE TEMP TABLE candidates (name_key TEXT, strength INTEGER, sub TEXT, username TEXT, status_before TEXT,
    enabled INTEGER, modified_before TEXT, medium TEXT, reason TEXT, email TEXT)]],
  "CREATE INDEX candidates_by_key ON candidates (name_key, strength)",
}

--- Makes the tables.
-- @tparam table journal
function M.prepare(journal)
  for _, statement in ipairs(tables) do
    journal:run(statement)
  end
end

-- A name as this pool compares names.
local function key_of(job, name)
  return job.facts.case_sensitive and name or name:lower()
end

-- ---- reading names ----

-- Calls `keep` with lists of what `make` makes of the entries.
local function in_batches(next_entry, make, keep)
  local batch, n = {}, 0
  for entry in next_entry do
    n = n + 1
    batch[#batch + 1] = make(entry, n)
    if #batch == BATCH then
      keep(batch)
      batch = {}
    end
  end
  keep(batch)
  return n
end

--- Reads the names that are excluded.
-- @tparam table job
-- @tparam function next_entry a source
function M.exclude(job, next_entry)
  in_batches(next_entry, function(entry)
    return { name_key = key_of(job, entry.name or entry.username) }
  end, function(batch)
    job.journal:transaction(function() job.journal:insert("excluded", { "name_key" }, batch) end)
  end)
end

--- Reads the names that are wanted.
-- @tparam table job
-- @tparam function next_entry a source
-- @treturn number how many different ones there are
-- @treturn number how often a name was there again
function M.read(job, next_entry)
  local kept = 0
  local all = in_batches(next_entry, function(entry, n)
    return {
      n = n, name_key = key_of(job, entry.name), name = entry.name, line = entry.line,
      expected = entry.expected and decide.email_hash(entry.expected),
    }
  end, function(batch)
    job.journal:transaction(function()
      kept = kept + job.journal:insert("wanted", { "n", "name_key", "name", "line", "expected" }, batch)
    end)
  end)
  return kept, all - kept
end

-- ---- a user's names ----

local function is_usable(user, alias)
  if alias == "preferred_username" then
    return user.status ~= "UNCONFIRMED"
  end
  return user.attributes[alias .. "_verified"] == "true"
end

-- The names that lead to a user: from key to how strongly.
local function names_of(job, user)
  local names = {}
  local function add(name, strength)
    if name and name ~= "" then
      local key = key_of(job, name)
      names[key] = math.min(names[key] or strength, strength)
    end
  end
  add(user.username, USERNAME)
  add(user.sub, SUB)
  for _, alias in ipairs(ALIASES) do
    add(user.attributes[alias], is_usable(user, alias) and VERIFIED or ATTRIBUTE)
  end
  return names
end

-- Which of these keys stand in a table.
local function known_keys(journal, name, keys)
  local known = {}
  for _, row in ipairs(journal:rows("SELECT name_key FROM " .. name .. " WHERE name_key IN ?", keys)) do
    known[row.name_key] = true
  end
  return known
end

-- What is decided about each user of a page: list of rows, and of their names.
local function decide_page(job, users)
  local names, keys = {}, {}
  for i, user in ipairs(users) do
    names[i] = names_of(job, user)
    for key in pairs(names[i]) do
      keys[#keys + 1] = key
    end
  end
  local excluded, rows = known_keys(job.journal, "excluded", keys), {}
  for i, user in ipairs(users) do
    local is_excluded = false
    for key in pairs(names[i]) do
      is_excluded = is_excluded or excluded[key] or false
    end
    rows[i] = decide.row(job, user, is_excluded)
  end
  return rows, names, keys
end

--- Decides about users of the pool who were not asked for by name.
-- @tparam table job
-- @tparam table users
-- @treturn table list of rows
function M.decide(job, users)
  return (decide_page(job, users))
end

-- ---- the whole pool, once ----

local function keep_candidates(job, users)
  local rows, names, keys = decide_page(job, users)
  local wanted, found = known_keys(job.journal, "wanted", keys), {}
  for i, row in ipairs(rows) do
    for key, strength in pairs(names[i]) do
      if wanted[key] then
        found[#found + 1] = setmetatable({ name_key = key, strength = strength }, { __index = row })
      end
    end
  end
  job.journal:insert("candidates", candidate_columns, found)
end

local function read_pool(job)
  local list = pool_users.list(job.pool, { wait = job.wait })
  for page in function() return list:page() end do
    job.journal:transaction(keep_candidates, job, page)
  end
  job.calls.list_users = job.calls.list_users + list.calls
end

-- ---- one name at a time ----

local function looks_like(name)
  if name:find "@" then
    return "email"
  elseif name:find "^%+%d+$" then
    return "phone_number"
  elseif name:find "^%x+%-%x+%-%x+%-%x+%-%x+$" and #name == 36 then
    return "sub"
  end
end

-- In the order in which the service would try them.
local function attributes_for(job, name)
  local attributes = { "username" }
  attributes[2] = looks_like(name)
  if job.facts.aliases.preferred_username then
    attributes[#attributes + 1] = "preferred_username"
  end
  return attributes
end

-- The filter may ignore case where the pool does not: such a user has another
-- name. In a pool that ignores case the service itself is asked at the end.
local function list_by(job, attribute, value)
  job.wait()
  local list = pool_users.list(job.pool, { filter = pool_users.filter(attribute, value), wait = job.wait })
  local found = {}
  for user in pool_users.each(list) do
    if names_of(job, user)[key_of(job, value)] then
      found[#found + 1] = user
    end
  end
  job.calls.list_users = job.calls.list_users + list.calls
  return found
end

-- Only the service itself knows how a pool compares names that ignores case.
local function get_user(job, name)
  job.wait()
  job.calls.admin_get_user = job.calls.admin_get_user + 1
  local user, err = job.pool:admin_get_user { username = name }
  if user then
    return { pool_users.user(user) }
  elseif err.code == "UserNotFoundException" then
    return {}
  end
  error(err, 0)
end

local function look_up(job, name)
  for _, attribute in ipairs(attributes_for(job, name)) do
    local found = list_by(job, attribute, name)
    if found[1] then
      return found
    end
  end
  return job.facts.case_sensitive and {} or get_user(job, name)
end

local function candidates_for(job, wanted)
  local rows, names = decide_page(job, look_up(job, wanted.name))
  for i, row in ipairs(rows) do
    row.strength = names[i][wanted.name_key] or USERNAME
  end
  return rows
end

-- ---- from candidates to rows ----

-- The best one; several that are as good are none.
local function choose(wanted, candidates)
  table.sort(candidates, function(a, b) return tonumber(a.strength) < tonumber(b.strength) end)
  local best, second = candidates[1], candidates[2]
  if not best then
    return decide.nobody(wanted.name, wanted.line, "unknown_user")
  elseif second and second.strength == best.strength and second.sub ~= best.sub then
    return decide.nobody(wanted.name, wanted.line, "ambiguous")
  end
  best.line, best.enabled = wanted.line, tonumber(best.enabled)
  decide.expect(best, wanted.expected)
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

--- Looks all names up, in the order in which they were read.
-- @tparam table job
-- @tparam number count how many there are
-- @tparam function keep called with lists of rows
function M.resolve(job, count, keep)
  local whole = count > math.ceil(job.facts.users / PAGE)
  if whole then
    read_pool(job)
  end
  local last = 0
  while true do
    local wanted = job.journal:rows(
      "SELECT n, name_key, name, line, expected FROM wanted WHERE n > ? ORDER BY n LIMIT ?", last, BATCH)
    if not wanted[1] then
      return
    end
    local kept, rows = whole and kept_candidates(job.journal, wanted), {}
    for i, each in ipairs(wanted) do
      rows[i] = choose(each, kept and kept[each.name_key] or candidates_for(job, each))
    end
    last = tonumber(wanted[#wanted].n)
    keep(rows)
  end
end

return M

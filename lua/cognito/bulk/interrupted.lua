--- A plan whose making was interrupted: how far it came, so that the same plan goes
-- on there. Each step of it is noted in the transaction that writes its rows.
--
-- Names are read again, because that costs nothing, and compared by a hash: where
-- the list has changed meanwhile, the plan begins again. Tables that hold more
-- than that stand in the journal until the plan is frozen.
-- @module cognito.bulk.interrupted

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local hex = require "cognito.hex"
local native = require "cognito.native"

local M = {}

local BATCH = 500 -- rows
local PREFIX = "planning_"
local DONE = "-" -- in place of a token, after the last page

local tables = { "candidates", "people", "matched" }

-- ---- what a plan is of ----

local function put(parts, name, value)
  local text = value == nil and "-" or tostring(value)
  parts[#parts + 1] = ("%s=%d:%s"):format(name, #text, text)
end

-- A list is compared by what it holds, once it has been read.
local function source_of(users)
  return type(users) == "table" and users.filter or nil
end

--- The mark of a plan: an interrupted one goes on only as itself.
-- @tparam table given options of `cognito.bulk.plan`
-- @tparam table facts about the job
-- @treturn string
function M.identity(given, facts)
  local parts = {}
  for _, name in ipairs { "pool", "endpoint", "action", "sign_out", "sessions", "recheck", "permanent", "close",
    "factors", "status", "tool_version" } do
    put(parts, name, facts[name])
  end
  for _, name in ipairs { "older_than", "created_before", "again", "expect_email", "allow_unmatched" } do
    put(parts, name, given[name])
  end
  put(parts, "filter", source_of(given.users))
  put(parts, "exclude", given.exclude ~= nil)
  return hex(native.sha256(table.concat(parts, "\n")))
end

--- Whether a journal holds the beginning of a plan that can go on.
-- @tparam table journal
-- @tparam string identity
-- @treturn boolean
function M.can_go_on(journal, identity)
  return journal:get "state" == "planning" and journal:get(PREFIX .. "identity") == identity
end

--- Notes which plan this is.
-- @tparam table journal
-- @tparam string identity
function M.begin(journal, identity)
  journal:set(PREFIX .. "identity", identity)
end

--- A source gave users instead of names: those are not read twice.
-- @tparam table journal
function M.refuse(journal)
  journal:set(PREFIX .. "identity", nil)
end

-- ---- how far it came ----

--- Notes how far it came, within the transaction that writes the rows.
-- @tparam table journal
-- @tparam table facts from name to value
function M.note(journal, facts)
  for name, value in pairs(facts) do
    journal:set(PREFIX .. name, value)
  end
end

--- The notes of a plan in the making.
-- @tparam table journal
-- @tparam string name
-- @treturn ?string
function M.get(journal, name)
  return journal:get(PREFIX .. name)
end

--- The same, as a number.
-- @tparam table journal
-- @tparam string name
-- @treturn number 0 where nothing was noted
function M.number(journal, name)
  return c_locale.tonumber(M.get(journal, name) or 0)
end

local function clear(journal, names)
  for _, name in ipairs(names) do
    journal:run("DELETE FROM " .. name)
  end
end

local function forget(journal)
  clear(journal, tables)
  clear(journal, { "users" })
  journal:run("DELETE FROM meta WHERE key IN ?", { PREFIX .. "rows", PREFIX .. "duplicates", PREFIX .. "resolved",
    PREFIX .. "whole", PREFIX .. "pool", PREFIX .. "filter", PREFIX .. "lists" })
end

--- Forgets how far it came: the plan begins again.
-- @tparam table journal
function M.forget(journal)
  journal:transaction(forget, journal)
end

--- Ends it, within the transaction that freezes the plan.
-- @tparam table journal
function M.finish(journal)
  for _, name in ipairs(tables) do
    journal:run("DROP TABLE " .. name)
  end
  journal:run("DELETE FROM meta WHERE key LIKE ?", PREFIX .. "%")
end

-- ---- lists of names ----

local function hash_of(journal, name, columns, hash)
  local last = 0
  local query = ("SELECT n, %s FROM %s WHERE n > ? ORDER BY n LIMIT ?"):format(table.concat(columns, ", "), name)
  local rows = journal:rows(query, last, BATCH)
  while rows[1] do
    local parts = {}
    for _, row in ipairs(rows) do
      for _, column in ipairs(columns) do
        put(parts, column, row[column])
      end
    end
    hash = native.sha256(hash .. table.concat(parts, "\n"))
    last = c_locale.tonumber(rows[#rows].n)
    rows = journal:rows(query, last, BATCH)
  end
  return hash
end

--- Compares the lists of names with those of the plan that was interrupted.
-- @tparam table journal
-- @treturn boolean false: they are others, and the plan begins again
function M.check_lists(journal)
  local hash = hash_of(journal, "excluded", { "name_key", "line" }, "")
  hash = hex(hash_of(journal, "wanted", { "name_key", "name", "line", "expected" }, hash))
  local before = M.get(journal, "lists")
  local is_same = before == nil or before == hash
  if not is_same then
    M.forget(journal)
  end
  journal:transaction(M.note, journal, { lists = hash })
  return is_same
end

-- ---- pages ----

-- The service does not take its token any more: all pages are read again.
local function first_page(planning, filter, token, begin_again)
  local list = planning:list(filter, token)
  local page, err = failure.catch(list.page, list)
  if not err then
    return list, page
  elseif not token or err.code ~= "InvalidParameterException" then
    error(err, 0)
  end
  planning.journal:transaction(begin_again)
  list = planning:list(filter)
  return list, list:page()
end

--- Reads pages of users, from where it was interrupted.
-- @tparam table planning
-- @tparam ?string filter
-- @tparam string name under which the place is noted
-- @tparam function handle called with each page, and with the facts to note in
--   the transaction that writes what follows from it
-- @tparam function begin_again called, within a transaction, where the first
--   page is read once more: what follows from pages is to be forgotten
function M.pages(planning, filter, name, handle, begin_again)
  local token = M.get(planning.journal, name)
  if token == DONE then
    return
  end
  local list, page = first_page(planning, filter, token, begin_again)
  while page do
    handle(page, { [name] = list:token() or DONE })
    page = list:page()
  end
end

return M

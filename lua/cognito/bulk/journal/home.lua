--- Where a journal is at home: what tells it from its copies.
--
-- Two copies of one journal do not know of each other's messages. So a journal
-- remembers its machine and file, or its server and schema, and is worked on
-- elsewhere only after an operator has said that it was moved.
-- @module cognito.bulk.journal.home

local failure = require "cognito.bulk.failure"

local M = {}

local PREFIX = "home_"

local function noted(journal)
  local home = {}
  for key, value in pairs(journal:facts()) do
    local name = key:match("^" .. PREFIX .. "(.*)$")
    if name then
      home[name] = value
    end
  end
  return home
end

--- Notes that the journal is at home here.
-- @tparam table journal
-- @tparam table db its database
function M.note(journal, db)
  for name, value in pairs(db:home()) do
    journal:set(PREFIX .. name, value)
  end
end

-- `name was, is now`, of what differs.
local function differences(old, new)
  local list = {}
  for name, value in pairs(new) do
    if old[name] ~= value then
      list[#list + 1] = ("%s %s, not %s"):format(name, value, old[name] or "unknown")
    end
  end
  table.sort(list)
  return list
end

--- Refuses a journal that is not where it was.
-- @tparam table journal
-- @tparam table db its database
-- @tparam[opt] boolean moved the operator says that it was moved, and that it
--   is the only one: from now on it is at home here
-- @raise a cognito.Error
function M.check(journal, db, moved)
  local old = noted(journal)
  local list = differences(old, db:home())
  if not list[1] then
    return
  elseif not moved then
    failure.raise("journal_moved", "the journal was moved, copied or restored: it is at "
      .. table.concat(list, "; "))
  end
  db:check_move(old)
  journal:transaction(M.note, journal, db)
end

return M

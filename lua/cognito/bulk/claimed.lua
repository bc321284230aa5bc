--- A row as workers claim it: which of its columns they get, and how often.
-- @module cognito.bulk.claimed

local sound = require "cognito.bulk.journal.sound"

local M = {}

--- Attempts whose end is unknown, and then no more.
M.MOST_TRIES = 3

--- The columns, for a SELECT.
M.columns = "id, username, sub, line, status_before, modified_before, medium, contact_before, attempts, "
  .. "started_at, tries, traced, seen, step"

local read = sound.reader("users", M.columns)

--- The numbers of rows. LuaSQL gives some values as texts: the rows' own become
-- numbers.
-- @tparam table rows
-- @treturn table list
-- @raise a cognito.Error for a row that is damaged
function M.ids(rows)
  local ids = {}
  for i, row in ipairs(rows) do
    ids[i] = read(row).id
  end
  return ids
end

return M

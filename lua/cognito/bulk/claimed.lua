--- A row as workers claim it: which of its columns they get, and how often.
-- @module cognito.bulk.claimed

local tonumber = require("cognito.c_locale").tonumber

local M = {}

--- Attempts whose end is unknown, and then no more.
M.MOST_TRIES = 3

--- The columns, for a SELECT.
M.columns = "id, username, sub, line, status_before, modified_before, medium, contact_before, attempts, "
  .. "started_at, tries, traced, step"

--- The numbers of rows; LuaSQL gives some of them as texts, which become
-- numbers in the rows as well.
-- @tparam table rows
-- @treturn table list
function M.ids(rows)
  local ids = {}
  for i, row in ipairs(rows) do
    row.id, row.attempts = tonumber(row.id), tonumber(row.attempts)
    row.started_at, row.step = tonumber(row.started_at), tonumber(row.step)
    ids[i] = row.id
  end
  return ids
end

return M

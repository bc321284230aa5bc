--- The rows of a LuaSQL cursor, whatever the driver's version.
--
-- The SQLite driver of LuaSQL 2.8 begins an empty result with a row that has no
-- columns, and then runs the statement a second time. A row of NULLs looks the
-- same. So a row without a value ends the result, and every query of a journal
-- names a column that is never NULL.
-- @module cognito.bulk.journal.cursor

local M = {}

--- All rows of a cursor, which is closed then.
-- @tparam userdata cursor
-- @treturn table list of rows, each from column to value
-- @treturn ?string why the rest could not be fetched
function M.rows(cursor)
  local rows = {}
  local row, message = cursor:fetch({}, "a")
  while row and next(row) ~= nil do
    rows[#rows + 1] = row
    row, message = cursor:fetch({}, "a")
  end
  cursor:close()
  return rows, not row and message or nil
end

return M

--- Rows of a statement by the handful: one by one they would take too long, all
-- at once too much memory.
-- @module cognito.bulk.batches

local M = {}

--- Rows in a statement.
M.SIZE = 200

--- Calls a function with lists of rows.
-- @tparam function next_entry returns the next entry, nil at the end
-- @tparam function make makes a row of an entry and its number
-- @tparam function keep called with each list
-- @treturn number how many entries there were
function M.each(next_entry, make, keep)
  local batch, n = {}, 0
  for entry in next_entry do
    n = n + 1
    batch[#batch + 1] = make(entry, n)
    if #batch == M.SIZE then
      keep(batch)
      batch = {}
    end
  end
  keep(batch)
  return n
end

return M

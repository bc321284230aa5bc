--- Shallow copies and sets.
-- @module cognito.tables

local M = {}

--- Adds the entries of a table to another one, over those that it has.
-- @tparam table into
-- @tparam ?table from
-- @treturn table into
function M.add(into, from)
  for name, value in pairs(from or {}) do
    into[name] = value
  end
  return into
end

--- A copy with the same entries, without the metatable.
-- @tparam ?table from nil: a new table without entries
-- @treturn table
function M.copy(from)
  return M.add({}, from)
end

--- The set of a list's values.
-- @tparam ?table list
-- @treturn table from value to true
function M.set(list)
  local set = {}
  for _, value in ipairs(list or {}) do
    set[value] = true
  end
  return set
end

return M

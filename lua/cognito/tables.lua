--- Shallow copies, sets and keys.
-- @module cognito.tables

local c_locale = require "cognito.c_locale"

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

local function comes_before(a, b)
  return c_locale.before(tostring(a), tostring(b))
end

--- The keys of a table, in the order of their texts, which is the same in every locale.
-- @tparam table from
-- @tparam[opt] function is_wanted of a key and its value; all are
-- @treturn table list
function M.sorted_keys(from, is_wanted)
  local keys = {}
  for key, value in pairs(from) do
    if not is_wanted or is_wanted(key, value) then
      keys[#keys + 1] = key
    end
  end
  table.sort(keys, comes_before)
  return keys
end

--- Whether a list has a value.
-- @tparam table list
-- @param wanted
-- @treturn boolean
function M.contains(list, wanted)
  for _, value in ipairs(list) do
    if value == wanted then
      return true
    end
  end
  return false
end

return M

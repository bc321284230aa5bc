--- SQL literals: the one place where values become part of a statement.
--
-- LuaSQL ignores bound parameters in some versions, silently, and its escape
-- functions stop at a NUL. So values are written into the statement here: a
-- quote is doubled, and nothing else has a meaning between quotes, neither in
-- SQLite nor in PostgreSQL with standard_conforming_strings, which the
-- connection switches on. What cannot be written faithfully is refused.
-- @module cognito.bulk.quote

local c_locale = require "cognito.c_locale"

local M = {}

local math_type = rawget(math, "type") -- Lua 5.3 and later have integers

local function number(value)
  if math_type and math_type(value) == "integer" then
    return ("%d"):format(value)
  elseif value ~= value or value == math.huge or value == -math.huge then
    error("there is no SQL literal for such a number", 0)
  end
  return c_locale.format("%.17g", value)
end

local function text(value)
  if value:find("\0", 1, true) then
    error("a text with a NUL in it cannot be stored", 0)
  end
  return "'" .. value:gsub("'", "''") .. "'"
end

local writers = {
  ["nil"] = function() return "NULL" end,
  boolean = function(value) return value and "1" or "0" end,
  number = number,
  string = text,
}

--- A value as SQL writes it: nil as NULL, a boolean as 1 or 0.
-- @tparam ?string|number|boolean value
-- @treturn string
-- @raise for any other type, a NUL in a text, and numbers that are none
function M.literal(value)
  local writer = writers[type(value)]
  if not writer then
    error("there is no SQL literal for a " .. type(value), 2)
  end
  return writer(value)
end

--- A list of values, in parentheses. An empty one holds NULL, which equals
-- nothing.
-- @tparam table values
-- @treturn string
function M.list(values)
  local literals = {}
  for i, value in ipairs(values) do
    literals[i] = M.literal(value)
  end
  return "(" .. (literals[1] and table.concat(literals, ", ") or "NULL") .. ")"
end

--- The values of a row, in parentheses.
-- @tparam table row from column to value
-- @tparam table columns list of names
-- @treturn string
function M.tuple(row, columns)
  local literals = {}
  for i, column in ipairs(columns) do
    literals[i] = M.literal(row[column])
  end
  return "(" .. table.concat(literals, ", ") .. ")"
end

--- A statement with its values in place.
-- @tparam string statement with a `?` for each value
-- @param ... the values; a table stands for a list
-- @treturn string
-- @raise when the numbers of places and values differ
function M.fill(statement, ...)
  local values, used = { ... }, 0
  local filled = statement:gsub("%?", function()
    used = used + 1
    local value = values[used]
    return type(value) == "table" and M.list(value) or M.literal(value)
  end)
  local given = select("#", ...)
  if used ~= given then
    error(("the statement has %d places for %d values"):format(used, given), 2)
  end
  return filled
end

return M

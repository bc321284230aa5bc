--- Numbers among the arguments.
-- @module cognito.cli.number

local M = {}

--- A whole number above 0.
-- @tparam string word
-- @treturn[1] number
-- @treturn[2] nil
-- @treturn[2] string what it must be
function M.count(word)
  local value = tonumber(word)
  if value and value >= 1 and value % 1 == 0 and value < 2 ^ 53 then
    return value
  end
  return nil, "it must be a whole number above 0"
end

--- A whole number, 0 or above.
-- @tparam string word
-- @treturn[1] number
-- @treturn[2] nil
-- @treturn[2] string what it must be
function M.amount(word)
  if tonumber(word) == 0 then
    return 0
  end
  local value = M.count(word)
  return value, not value and "it must be a whole number, 0 or above" or nil
end

--- A number above 0: seconds, or so many a second.
-- @tparam string word
-- @treturn[1] number
-- @treturn[2] nil
-- @treturn[2] string what it must be
function M.rate(word)
  local value = tonumber(word)
  if value and value > 0 and value < math.huge then
    return value
  end
  return nil, "it must be a number above 0"
end

return M

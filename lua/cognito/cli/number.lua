--- Numbers among the arguments: each function makes the converter of one
-- option, whose name its complaint begins with.
-- @module cognito.cli.number

local c_locale = require "cognito.c_locale"

local M = {}

local function converter(option, accepts, wanted)
  return function(word)
    local value = c_locale.tonumber(word)
    if value and value < math.huge and accepts(value) then
      return value
    end
    return nil, ("%s: it must be %s"):format(option, wanted)
  end
end

-- So small that no one means it, and its inverse still a number of seconds.
local SLOWEST = 1e-12

local function is_whole(value)
  return value % 1 == 0 and value < 2 ^ 53
end

--- A whole number above 0.
-- @tparam string option its name
-- @treturn function takes a word, returns the number, or nil and what it must be
function M.count(option)
  return converter(option, function(value) return value >= 1 and is_whole(value) end, "a whole number above 0")
end

--- A whole number, 0 or above.
-- @tparam string option its name
-- @treturn function as above
function M.amount(option)
  return converter(option, function(value) return value >= 0 and is_whole(value) end, "a whole number, 0 or above")
end

--- A number above 0: seconds, or so many a second.
-- @tparam string option its name
-- @treturn function as above
function M.rate(option)
  return converter(option, function(value) return value >= SLOWEST and value < 2 ^ 53 end, "a number above 0")
end

return M

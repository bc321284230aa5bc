--- White space as Python's `str.strip` knows it, in UTF-8 and whatever the
-- locale: the AWS command reads its files with that.
-- @module cognito.aws.python_space

local M = {}

-- How many bytes: U+0085 and U+00A0; U+1680; U+2000 to U+200A, U+2028, U+2029
-- and U+202F; U+205F; U+3000.
local wide = {
  { "^\194[\133\160]", 2 }, { "^\225\154\128", 3 }, { "^\226\128[\128-\138\168\169\175]", 3 },
  { "^\226\129\159", 3 }, { "^\227\128\128", 3 },
}

-- The position behind a blank of several bytes, or nil.
local function behind_wide(text, at)
  for _, row in ipairs(wide) do
    if text:find(row[1], at) then
      return at + row[2]
    end
  end
end

-- The last position before a blank of several bytes, or nil.
local function before_wide(text, at)
  for _, row in ipairs(wide) do
    local before = at - row[2]
    if before >= 0 and text:find(row[1], before + 1) then
      return before
    end
  end
end

--- How many characters of white space a text begins with, and how many bytes
-- they take.
-- @tparam string text
-- @treturn number characters
-- @treturn number bytes
function M.leading(text)
  local at, count = 1, 0
  while true do
    local behind = text:match("^[\t-\r\28-\32]+()", at)
    if behind then
      count = count + behind - at
    else
      behind = behind_wide(text, at)
      if not behind then
        return count, at - 1
      end
      count = count + 1
    end
    at = behind
  end
end

local function last_byte(text)
  local at = #text
  while at > 0 do
    local byte = text:byte(at)
    local before = (byte >= 9 and byte <= 13 or byte >= 28 and byte <= 32) and at - 1
      or byte >= 128 and before_wide(text, at)
    if not before then
      break
    end
    at = before
  end
  return at
end

--- A text without the white space around it.
-- @tparam string text
-- @treturn string
function M.trim(text)
  local _, bytes = M.leading(text)
  return text:sub(bytes + 1, math.max(last_byte(text), bytes))
end

return M

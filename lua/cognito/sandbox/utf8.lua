--- UTF-8 by RFC 3629, for Lua versions that lack the library.
-- @module cognito.sandbox.utf8
local M = {}

-- The allowed range of the second byte, where it is narrower than 80..BF:
-- that shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
local second = {
  [0xE0] = { 0xA0, 0xBF }, [0xED] = { 0x80, 0x9F },
  [0xF0] = { 0x90, 0xBF }, [0xF4] = { 0x80, 0x8F },
}

local function following(lead)
  if lead < 0x80 then
    return 0
  end
  if lead < 0xC2 then
    return nil
  end
  if lead < 0xE0 then
    return 1
  end
  if lead < 0xF0 then
    return 2
  end
  if lead < 0xF5 then
    return 3
  end
  return nil
end

local function sequence_ok(text, at, count)
  local range = second[text:byte(at)] or { 0x80, 0xBF }
  for i = 1, count do
    local byte = text:byte(at + i)
    if not byte or byte < range[1] or byte > range[2] then
      return false
    end
    range = { 0x80, 0xBF }
  end
  return true
end

--- How many characters a text has.
-- @tparam string text
-- @treturn integer|nil nil where the bytes are not UTF-8
function M.length(text)
  if not text:find("[\128-\255]") then
    return #text
  end
  local characters, at = 0, 1
  while at <= #text do
    local count = following(text:byte(at))
    if not count or not sequence_ok(text, at, count) then
      return nil
    end
    at = at + count + 1
    characters = characters + 1
  end
  return characters
end

--- One character, encoded.
-- @tparam integer point a code point
-- @treturn string
function M.char(point)
  local function tail(shift)
    return 0x80 + math.floor(point / shift) % 0x40
  end
  if point < 0x80 then
    return string.char(point)
  end
  if point < 0x800 then
    return string.char(0xC0 + math.floor(point / 0x40), tail(1))
  end
  if point < 0x10000 then
    return string.char(0xE0 + math.floor(point / 0x1000), tail(0x40), tail(1))
  end
  return string.char(0xF0 + math.floor(point / 0x40000), tail(0x1000),
    tail(0x40), tail(1))
end

return M

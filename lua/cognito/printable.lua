--- Texts from elsewhere, made fit for a terminal and a log: what the service
-- says may hold anything that a user wrote into an attribute or that a Lambda
-- trigger answered. Errors and the command show nothing that has not passed
-- here.
-- @module cognito.printable

local native = require "cognito.native"

local M = {}

--- The mask, in the place of a value that must not be shown.
-- @local
M.MASK = "[redacted]"

--- The code point at a byte of a text.
-- @function decode
-- @tparam string text
-- @tparam integer at byte, from 1
-- @treturn ?integer nil where the bytes are not UTF-8
-- @treturn integer the bytes that it takes
-- @local
M.decode = native.decode_utf8

-- Besides the controls, C0 and C1: what reorders a line, breaks it, or hides
-- in it.
local unfit = {
  { 0, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x180E, 0x180E }, { 0x200B, 0x200F },
  { 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
}

--- Whether a code point is in one of several ranges.
-- @tparam table ranges list of `{ first, last }`
-- @tparam integer point
-- @treturn boolean
-- @local
function M.is_within(ranges, point)
  for _, range in ipairs(ranges) do
    if point >= range[1] and point <= range[2] then
      return true
    end
  end
  return false
end

--- Whether a text is ASCII without controls: then there is nothing to do.
-- @tparam string text
-- @treturn boolean
-- @local
function M.is_plain(text)
  return not text:find "[%z\1-\31\127-\255]"
end

--- Replaces what should not be shown.
-- @tparam string text
-- @tparam function replacement gets the code point, or nil for a byte that is
--   not UTF-8
-- @treturn string
-- @local
function M.replace(text, replacement)
  if M.is_plain(text) then
    return text
  end
  local parts, at = {}, 1
  while at <= #text do
    local point, size = M.decode(text, at)
    local fit = point and not M.is_within(unfit, point)
    parts[#parts + 1] = fit and text:sub(at, at + size - 1) or replacement(point)
    at = at + size
  end
  return table.concat(parts)
end

local function question_mark()
  return "?"
end

--- A text in one line that holds only visible characters: controls,
-- characters that reorder or break a line, and bytes that are not UTF-8
-- become question marks.
-- @param text
-- @treturn string
function M.clean(text)
  return M.replace(tostring(text), question_mark)
end

return M

--- Texts that come from files, replies and databases, made safe to keep.
-- @module cognito.bulk.text

local native = require "cognito.native"
local printable = require "cognito.printable"

local M = {}

-- The well-formed sequences of RFC 3629. Each is replaced by a letter, so that
-- what stood around it does not come together.
local sequences = {
  "[\194-\223][\128-\191]",
  "\224[\160-\191][\128-\191]",
  "[\225-\236\238\239][\128-\191][\128-\191]",
  "\237[\128-\159][\128-\191]",
  "\240[\144-\191][\128-\191][\128-\191]",
  "[\241-\243][\128-\191][\128-\191][\128-\191]",
  "\244[\128-\143][\128-\191][\128-\191]",
}

--- Whether a text is UTF-8.
-- @tparam string text
-- @treturn boolean
function M.is_utf8(text)
  if not text:find "[\128-\255]" then
    return true
  end
  for _, sequence in ipairs(sequences) do
    text = text:gsub(sequence, "x")
  end
  return not text:find "[\128-\255]"
end

local LONGEST_WORD = 120

--- A code or request id as it may stand in a journal and a report: whatever
-- answered, it is one short printable word.
-- @param value
-- @treturn ?string nil for nil
function M.word(value)
  if value == nil then
    return nil
  end
  return (printable.clean(value):gsub("[^!-~]", "?"):sub(1, LONGEST_WORD))
end

--- Bytes as hexadecimal digits.
-- @tparam string bytes
-- @treturn string
function M.hex(bytes)
  return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

--- A random word, unique for all practical purposes.
-- @treturn string 16 hexadecimal digits
function M.random_word()
  return M.hex(native.random_bytes(8))
end

return M

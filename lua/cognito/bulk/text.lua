--- Texts that come from files, replies and databases, made safe to keep.
-- @module cognito.bulk.text

local hex = require "cognito.hex"
local native = require "cognito.native"
local printable = require "cognito.printable"

local M = {}

--- Whether a text is UTF-8.
-- @function is_utf8
-- @tparam string text
-- @treturn boolean
M.is_utf8 = native.is_utf8

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

--- A random word, unique for all practical purposes.
-- @treturn string 16 hexadecimal digits
function M.random_word()
  return hex(native.random_bytes(8))
end

return M

--- UTF-16 as spreadsheets and PowerShell write it, made UTF-8 piece by piece.
-- @module cognito.bulk.utf16

local failure = require "cognito.bulk.failure"
local unicode = require "cognito.unicode"

local M = {}

local function refuse()
  failure.raise("invalid_input", "the file begins as UTF-16 does, and goes on otherwise: save it as UTF-8")
end

-- A pair of surrogates is one character; each alone is none.
local function character(self, unit)
  local high = self.high
  if unit >= 0xDC00 and unit <= 0xDFFF then
    self.high = nil
    return high and unicode.character(0x10000 + (high - 0xD800) * 0x400 + unit - 0xDC00) or refuse()
  elseif high then
    refuse()
  elseif unit >= 0xD800 and unit <= 0xDBFF then
    self.high = unit
    return ""
  end
  return unicode.character(unit)
end

--- Makes a decoder.
-- @tparam boolean is_big_endian
-- @treturn function takes the next bytes, nil at the end, and returns UTF-8
-- @raise the decoder: a cognito.Error
function M.new(is_big_endian)
  local self, rest = {}, ""
  return function(bytes)
    if not bytes then
      return rest == "" and not self.high and "" or refuse()
    end
    bytes = rest .. bytes
    rest = #bytes % 2 == 1 and bytes:sub(-1) or ""
    return (bytes:sub(1, #bytes - #rest):gsub("(.)(.)", function(a, b)
      local first, second = a:byte(), b:byte()
      return character(self, is_big_endian and first * 256 + second or second * 256 + first)
    end))
  end
end

return M

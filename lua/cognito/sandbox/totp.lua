--- Time-based one-time passwords (RFC 6238): six digits, thirty seconds,
-- HMAC-SHA1, as authenticator programs and the service have it.
-- @module cognito.sandbox.totp
local c_locale = require "cognito.c_locale"
local native = require "cognito.native"

local M = {}

local STEP = 30
local BLOCK = 64 -- bytes of SHA-1's block: RFC 2104

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

-- Lua 5.1 has no operators on bits.
local function xor(a, b)
  local result, bit = 0, 1
  while a > 0 or b > 0 do
    if a % 2 ~= b % 2 then
      result = result + bit
    end
    a, b, bit = math.floor(a / 2), math.floor(b / 2), bit * 2
  end
  return result
end

local function padded(key, with)
  return (key .. ("\0"):rep(BLOCK - #key)):gsub(".", function(char)
    return string.char(xor(char:byte(), with))
  end)
end

local function hmac_sha1(key, message)
  if #key > BLOCK then
    key = native.sha1(key)
  end
  local inner = native.sha1(padded(key, 0x36) .. message)
  return native.sha1(padded(key, 0x5C) .. inner)
end

--- Base32 without padding (RFC 4648), as secrets of software tokens are
-- written.
-- @tparam string bytes
-- @treturn string
function M.base32(bytes)
  local text, bits, count = {}, 0, 0
  for i = 1, #bytes do
    bits, count = bits * 256 + bytes:byte(i), count + 8
    while count >= 5 do
      count = count - 5
      local value = math.floor(bits / 2 ^ count)
      bits = bits % 2 ^ count
      text[#text + 1] = ALPHABET:sub(value + 1, value + 1)
    end
  end
  if count > 0 then
    local value = bits * 2 ^ (5 - count)
    text[#text + 1] = ALPHABET:sub(value + 1, value + 1)
  end
  return table.concat(text)
end

--- Reads base32.
-- @tparam string text
-- @treturn string|nil bytes; nil for what is none
function M.from_base32(text)
  local bytes, bits, count = {}, 0, 0
  for char in text:gsub("=+$", ""):gmatch "." do
    local value = ALPHABET:find(c_locale.upper(char), 1, true)
    if not value then
      return nil
    end
    bits, count = bits * 32 + value - 1, count + 5
    if count >= 8 then
      count = count - 8
      bytes[#bytes + 1] = string.char(math.floor(bits / 2 ^ count))
      bits = bits % 2 ^ count
    end
  end
  return table.concat(bytes)
end

-- The number of the step as eight bytes.
local function counter(step)
  local bytes = {}
  for i = 8, 1, -1 do
    bytes[i] = string.char(step % 256)
    step = math.floor(step / 256)
  end
  return table.concat(bytes)
end

--- The step that a moment is in.
-- @tparam number time epoch seconds
-- @treturn number
function M.step(time)
  return math.floor(time / STEP)
end

--- The code of a step (RFC 4226 section 5.3).
-- @tparam string key bytes
-- @tparam number step
-- @tparam[opt=6] integer digits
-- @treturn string
function M.code(key, step, digits)
  local hash = hmac_sha1(key, counter(step))
  local at = hash:byte(20) % 16 + 1
  local a, b, c, d = hash:byte(at, at + 3)
  local number = (a % 128) * 16777216 + b * 65536 + c * 256 + d
  return ("%0" .. (digits or 6) .. ".0f"):format(number % 10 ^ (digits or 6))
end

return M

--- Made-up codes, salts and identifiers.
--
-- Its own stream instead of math.random: that one belongs to the host, starts
-- with the same numbers everywhere before Lua 5.4, and reseeding it would
-- change the host's. Keyed by a seed, so that a test can have the same codes
-- in every run. Nothing here is fit to protect anything real.
--
-- @module cognito.sandbox.random
local native = require "cognito.native"
local encoding = require "cognito.sandbox.encoding"

local M = {}

local Random = {}
Random.__index = Random

--- A new stream.
-- @tparam[opt] string seed the same seed gives the same stream
-- @treturn table
function M.new(seed)
  seed = seed or table.concat({ os.time(), os.clock(), tostring({}) }, ":")
  return setmetatable({ key = native.sha256(seed), count = 0 }, Random)
end

--- 32 fresh bytes.
-- @treturn string
function Random:bytes()
  self.count = self.count + 1
  return native.hmac_sha256(self.key, tostring(self.count))
end

--- A number.
-- @treturn number at least 0, less than 1
function Random:number()
  local a, b, c = self:bytes():byte(1, 3)
  return (a * 65536 + b * 256 + c) / 16777216
end

--- A code as people type it.
-- @tparam integer count how many digits, at most 32
-- @treturn string
function Random:digits(count)
  return (self:bytes():sub(1, count):gsub(".", function(char)
    return tostring(char:byte() % 10)
  end))
end

--- A version 4 UUID (RFC 4122 section 4.4).
-- @treturn string
function Random:uuid()
  local hex = encoding.hex(self:bytes())
  local variant = ("89ab"):sub(self.count % 4 + 1, self.count % 4 + 1)
  return ("%s-%s-4%s-%s%s-%s"):format(hex:sub(1, 8), hex:sub(9, 12),
    hex:sub(13, 15), variant, hex:sub(16, 18), hex:sub(19, 30))
end

--- An opaque token.
-- @treturn string
function Random:token()
  return encoding.base64url(self:bytes())
end

--- A client's secret, in the form of the service's: 51 small letters and digits.
-- @treturn string
function Random:secret()
  return ("1" .. encoding.hex(self:bytes())):sub(1, 51)
end

--- A temporary password that the default policy accepts.
-- @treturn string
function Random:password()
  return "Aa1!" .. self:token():sub(1, 8)
end

return M

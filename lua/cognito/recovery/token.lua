--- The user's name in an access token. It is read, not verified: it comes from
-- the service over TLS, and tells the service's own name of the user back to it.
-- @module cognito.recovery.token

local json = require "cognito.json"

local M = {}

local values = {}
for i = 0, 63 do
  values[("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"):sub(i + 1, i + 1)] = i
end

local LONGEST = 16384 -- characters of a payload

-- Base64url without padding (RFC 4648, section 5).
local function decode(text)
  local bytes, number, bits = {}, 0, 0
  for symbol in text:gmatch "." do
    number, bits = number * 64 + values[symbol], bits + 6
    if bits >= 8 then
      bits = bits - 8
      bytes[#bytes + 1] = string.char(math.floor(number / 2 ^ bits))
      number = number % 2 ^ bits
    end
  end
  return table.concat(bytes)
end

--- The pool's own name of the user that a token is about.
-- @tparam string access_token
-- @treturn ?string
function M.username(access_token)
  local payload = access_token:match "^[%w_-]+%.([%w_-]+)%.[%w_-]*$"
  if not payload or #payload > LONGEST then
    return nil
  end
  local ok, claims = pcall(json.decode, decode(payload))
  local name = ok and type(claims) == "table" and claims.username
  return type(name) == "string" and name ~= "" and name or nil
end

return M

--- Bytes as text: hex and base64 (RFC 4648).
-- @module cognito.sandbox.encoding
local M = {}

local STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  .. "0123456789+/"

--- Lower-case hex.
-- @tparam string bytes
-- @treturn string
function M.hex(bytes)
  return (bytes:gsub(".", function(char)
    return ("%02x"):format(char:byte())
  end))
end

local function symbol(value)
  return STANDARD:sub(value + 1, value + 1)
end

local function group(bytes, at)
  local a, b, c = bytes:byte(at, at + 2)
  local n = a * 65536 + (b or 0) * 256 + (c or 0)
  return symbol(math.floor(n / 262144))
    .. symbol(math.floor(n / 4096) % 64)
    .. (b and symbol(math.floor(n / 64) % 64) or "=")
    .. (c and symbol(n % 64) or "=")
end

--- Standard base64 with padding.
-- @tparam string bytes
-- @treturn string
function M.base64(bytes)
  local parts = {}
  for at = 1, #bytes, 3 do
    parts[#parts + 1] = group(bytes, at)
  end
  return table.concat(parts)
end

--- The URL alphabet without padding, as tokens use it.
-- @tparam string bytes
-- @treturn string
function M.base64url(bytes)
  return (M.base64(bytes):gsub("[+/=]", { ["+"] = "-", ["/"] = "_",
    ["="] = "" }))
end

return M

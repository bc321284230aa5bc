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

local values = {}
for i = 1, 64 do
  values[STANDARD:sub(i, i)] = i - 1
end

--- Reads standard base64 with padding.
-- @tparam string text
-- @treturn ?string bytes; nil for anything else
function M.from_base64(text)
  if #text % 4 ~= 0 or not text:find "^[%w+/]*=?=?$" then
    return nil
  end
  local parts = {}
  for a, b, c, d in text:gmatch "(.)(.)(.)(.)" do
    local n = values[a] * 262144 + values[b] * 4096 + (values[c] or 0) * 64 + (values[d] or 0)
    local bytes = string.char(math.floor(n / 65536), math.floor(n / 256) % 256, n % 256)
    parts[#parts + 1] = bytes:sub(1, c == "=" and 1 or d == "=" and 2 or 3)
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

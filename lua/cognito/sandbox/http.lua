--- HTTP/1.1 messages, as much of RFC 9112 as a JSON service needs.
-- @module cognito.sandbox.http
local M = {}

local MAX_HEAD = 16 * 1024
local MAX_BODY = 1024 * 1024

local reasons = {
  [200] = "OK", [400] = "Bad Request", [403] = "Forbidden",
  [404] = "Not Found", [413] = "Content Too Large",
  [431] = "Request Header Fields Too Large",
  [500] = "Internal Server Error", [501] = "Not Implemented",
  [503] = "Service Unavailable",
}

local NAME = "^([%w!#$%%&'*+.^_`|~-]+):[ \t]*(.-)[ \t]*$"

-- A message whose length or addressee can be read in two ways is refused.
local single = { host = true, ["content-length"] = true }

local function read_headers(lines)
  local headers = {}
  for line in lines:gmatch("([^\n]*)\r\n") do
    local name, value = line:match(NAME)
    if not name or value:gsub("\t", ""):find("%c") then return nil end
    name = name:lower()
    local before = headers[name]
    if before and single[name] then return nil end
    headers[name] = before and before .. "," .. value or value
  end
  return headers
end

local function body_length(headers)
  if headers["transfer-encoding"] then return nil, 501 end
  local text = headers["content-length"] or "0"
  if not text:find("^%d+$") then return nil, 400 end
  local length = tonumber(text)
  if length > MAX_BODY then return nil, 413 end
  return length
end

local function stays_open(version, headers)
  local wish = (headers["connection"] or ""):lower()
  if wish:find("close", 1, true) then return false end
  return version == "1" or wish:find("keep-alive", 1, true) ~= nil
end

local function read_head(head)
  local first, lines = head:match("^([^\r\n]*)\r\n(.*)$")
  local method, path, version =
    first:match("^(%u+) ([!-~]+) HTTP/1%.([01])$")
  local headers = method and read_headers(lines)
  if not headers or path:sub(1, 1) ~= "/" then return nil end
  return { method = method, path = path, headers = headers,
    keep = stays_open(version, headers) }
end

--- Takes one request off the front of what arrived.
-- @tparam string buffer
-- @treturn table|nil request `{ method, path, headers, body, keep }`; nil
--   while some of it is still to come
-- @treturn string|nil what is left of the buffer
-- @treturn integer|nil the status to refuse with; then close
function M.take(buffer)
  local _, head_end = buffer:find("\r\n\r\n", 1, true)
  if (head_end or #buffer) > MAX_HEAD then return nil, nil, 431 end
  if not head_end then return nil end
  local request = read_head(buffer:sub(1, head_end - 2))
  if not request then return nil, nil, 400 end
  local length, status = body_length(request.headers)
  if not length then return nil, nil, status end
  if #buffer < head_end + length then return nil end
  request.body = buffer:sub(head_end + 1, head_end + length)
  return request, buffer:sub(head_end + length + 1)
end

--- A reply as bytes.
-- @tparam table reply `{ status, headers, body }`
-- @tparam boolean keep whether the connection stays open
-- @treturn string
function M.bytes(reply, keep)
  local lines = { ("HTTP/1.1 %d %s"):format(reply.status,
    reasons[reply.status] or "Unknown") }
  for name, value in pairs(reply.headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  lines[#lines + 1] = "content-length: " .. #reply.body
  lines[#lines + 1] = "connection: " .. (keep and "keep-alive" or "close")
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. reply.body
end

--- A reply of plain text.
-- @tparam integer status
-- @tparam[opt] string text the status's name when left out
-- @treturn table
function M.text(status, text)
  return { status = status, headers = { ["content-type"] = "text/plain" },
    body = (text or reasons[status]) .. "\n" }
end

return M

--- HTTP/1.1 messages, as much of RFC 9112 as a JSON service needs.
-- @module cognito.sandbox.http

local c_locale = require "cognito.c_locale"
local M = {}

local MAX_HEAD = 16 * 1024
local MAX_BODY = 1024 * 1024

local reasons = {
  [200] = "OK", [400] = "Bad Request", [403] = "Forbidden",
  [404] = "Not Found", [408] = "Request Timeout", [413] = "Content Too Large",
  [415] = "Unsupported Media Type",
  [431] = "Request Header Fields Too Large",
  [500] = "Internal Server Error",
  [501] = "Not Implemented", [502] = "Bad Gateway",
  [503] = "Service Unavailable", [504] = "Gateway Timeout",
  [524] = "A Timeout Occurred", -- as one network of proxies has it
}

--- The words that go with a status.
-- @tparam integer status
-- @treturn string
function M.reason(status)
  return reasons[status] or "Unknown"
end

local NAME = "^([A-Za-z0-9!#$%%&'*+.^_`|~-]+):[ \t]*(.-)[ \t]*$"

-- A message whose length or addressee can be read in two ways is refused.
local single = { host = true, ["content-length"] = true }

-- RFC 9112, section 2.2: a line ends with CR LF. Half of that would end one
-- for some readers and not for others.
local function has_half_a_line_end(text)
  return text:gsub("\r\n", ""):find "[\r\n]" ~= nil
end

local function read_headers(lines)
  local headers = {}
  for line in lines:gmatch("([^\n]*)\r\n") do
    local name, value = line:match(NAME)
    if not name or value:find("[%z\1-\8\10-\31\127]") then
      return nil
    end
    name = c_locale.lower(name)
    local before = headers[name]
    if before and single[name] then
      return nil
    end
    headers[name] = before and before .. "," .. value or value
  end
  return headers
end

local function body_length(headers)
  if headers["transfer-encoding"] then
    return nil, 501
  end
  local text = headers["content-length"] or "0"
  if not text:find("^%d+$") then
    return nil, 400
  end
  local length = tonumber(text)
  if length > MAX_BODY then
    return nil, 413
  end
  return length
end

local function stays_open(version, headers)
  local wish = c_locale.lower(headers["connection"] or "")
  if wish:find("close", 1, true) then
    return false
  end
  return version == "1" or wish:find("keep-alive", 1, true) ~= nil
end

local function read_head(head)
  if has_half_a_line_end(head) then
    return nil
  end
  local first, lines = head:match("^([^\r\n]*)\r\n(.*)$")
  local method, path, version =
    first:match("^(%u+) ([!-~]+) HTTP/1%.([01])$")
  local headers = method and read_headers(lines)
  if not headers or path:sub(1, 1) ~= "/" then
    return nil
  end
  return { method = method, path = path, headers = headers,
    keep = stays_open(version, headers) }
end

--- Takes the head of a request off the front of what arrived.
-- @tparam string buffer
-- @treturn table|nil head `{ method, path, headers, keep }` and `length` of
--   the body to come, or `refusal`, the status to refuse it with; nil while
--   some of the head is still to come
-- @treturn string|nil what is left of the buffer
-- @treturn integer|nil the status to refuse with; then close
function M.take_head(buffer)
  local _, head_end = buffer:find("\r\n\r\n", 1, true)
  if (head_end or #buffer) > MAX_HEAD then
    return nil, nil, 431
  end
  if not head_end then
    return nil
  end
  local head = read_head(buffer:sub(1, head_end - 2))
  if not head then
    return nil, nil, 400
  end
  head.length, head.refusal = body_length(head.headers)
  return head, buffer:sub(head_end + 1)
end

--- A reply as bytes.
-- @tparam table reply `{ status, headers, body }`
-- @tparam boolean keep whether the connection stays open
-- @treturn string
function M.bytes(reply, keep)
  local lines = { ("HTTP/1.1 %d %s"):format(reply.status,
    M.reason(reply.status)) }
  for name, value in pairs(reply.headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  lines[#lines + 1] = "content-length: " .. #reply.body
  lines[#lines + 1] = "connection: " .. (keep and "keep-alive" or "close")
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. reply.body
end

--- The beginning of a reply that is not sent to its end.
-- @tparam string bytes the whole reply
-- @param cut a number of bytes; `headers` or `body` for the middle of either;
--   nil for all of it
-- @treturn string
function M.cut(bytes, cut)
  if cut == nil then
    return bytes
  end
  local _, head_end = bytes:find("\r\n\r\n", 1, true)
  if cut == "headers" then
    cut = math.floor(head_end / 2)
  end
  if cut == "body" then
    cut = math.floor((head_end + #bytes) / 2)
  end
  return bytes:sub(1, math.min(cut, #bytes))
end

--- A reply of plain text.
-- @tparam integer status
-- @tparam[opt] string text the status's name when left out
-- @treturn table
function M.text(status, text)
  return { status = status, headers = { ["content-type"] = "text/plain" },
    body = (text or M.reason(status)) .. "\n" }
end

return M

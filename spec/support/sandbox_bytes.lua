--- HTTP to a sandbox, byte by byte.
local c_locale = require "cognito.c_locale"
local server = require "cognito.sandbox.server"
local socket = require "socket"

local M = {}

--- The head of a message.
function M.head(lines)
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

--- A request for an operation, unsigned.
function M.post(host, operation, body, extra)
  return M.head { "POST / HTTP/1.1", "Host: " .. host,
    "Content-Type: application/x-amz-json-1.1",
    "X-Amz-Target: AWSCognitoIdentityProviderService." .. operation,
    "Content-Length: " .. #body, extra } .. body
end

--- A request to the box around the pool.
function M.order(host, path, body, kind)
  return M.head { "POST " .. path .. " HTTP/1.1", "Host: " .. host,
    "Content-Type: " .. (kind or "application/json"),
    "Content-Length: " .. #body } .. body
end

--- Reads one reply.
function M.read_reply(client)
  local status = assert(client:receive "*l"):match("^HTTP/1%.1 (%d+)")
  local headers = {}
  while true do
    local line = assert(client:receive "*l")
    if line == "" then break end
    local name, value = line:match("^([^:]+): (.*)$")
    headers[c_locale.lower(name)] = value
  end
  local body = assert(client:receive(tonumber(headers["content-length"])))
  return { status = tonumber(status), headers = headers, body = body }
end

local Face = {}
Face.__index = Face

--- The HTTP face of a box in this very process: it works while it is served.
function M.open(box, options)
  options = options or {}
  options.host, options.port = "127.0.0.1", 0
  options.report = options.report or error
  local open = assert(server.open(box, options))
  return setmetatable({ server = open,
    port = tonumber(open.url:match(":(%d+)$")) }, Face)
end

--- A connection that does not wait.
function Face:connect()
  local client = assert(socket.connect("127.0.0.1", self.port))
  client:settimeout(0)
  return client
end

--- Serves until the client has something to read, or for so many seconds.
function Face:serve(client, seconds)
  local deadline = socket.gettime() + (seconds or 10)
  repeat
    self.server:step(0.01)
    if socket.select({ client }, nil, 0)[1] then return true end
  until socket.gettime() > deadline
  return false
end

--- Serves until the connection ends.
-- @return all that came
function Face:all(client)
  local parts = {}
  repeat
    assert(self:serve(client), "nothing came")
    local data, err, partial = client:receive(65536)
    parts[#parts + 1] = data or partial
  until err == "closed"
  return table.concat(parts)
end

function Face:close()
  self.server:close()
end

return M

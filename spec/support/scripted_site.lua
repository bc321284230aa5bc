--- The site of examples/openresty in front of a pool that a spec plays itself, for
-- challenges that the local user pool does not have.

local cjson = require "cjson"
local sites = require "spec.support.site"
local socket = require "socket"
local visitors = require "spec.support.visitor"

local SECONDS = 30

local M = {}

--- What a session looks like.
M.SESSION = ("s"):rep(40)

local Scripted = {}
Scripted.__index = Scripted

--- Starts it.
-- @tparam[opt] table variables of the site's environment
-- @treturn table scripted: `site`
function M.start(variables)
  local listener = assert(socket.bind("127.0.0.1", 0))
  listener:settimeout(SECONDS)
  local endpoint = ("http://127.0.0.1:%s"):format(select(2, listener:getsockname()))
  local all = { EXAMPLE_ENDPOINT = endpoint }
  for name, value in pairs(variables or {}) do all[name] = value end
  return setmetatable({ listener = listener, site = sites.start(all) }, Scripted)
end

--- Ends it.
function Scripted:stop()
  self.site:stop()
  self.listener:close()
end

-- Takes a call of the site and answers it; an answer with a `__type` is an error.
local function serve(listener, answer)
  local connection = assert(listener:accept())
  connection:settimeout(SECONDS)
  local length, operation
  repeat
    local line = assert(connection:receive "*l")
    length = tonumber(line:match "^[Cc]ontent%-[Ll]ength: (%d+)") or length
    operation = line:match "^[Xx]%-[Aa]mz%-[Tt]arget: .-(%w+)$" or operation
  until line == ""
  local call, text = cjson.decode((connection:receive(length))), cjson.encode(answer)
  connection:send(("HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"):format(
    answer.__type and "400 Bad Request" or "200 OK", #text, text))
  connection:close()
  call.operation = operation
  return call
end

--- Sends a form, and answers the calls that the pool gets by that.
-- @tparam table someone a visitor
-- @tparam string path
-- @tparam table fields
-- @tparam table ... answers, one for each call
-- @treturn string reply to the form, with its head
-- @treturn table list of calls, each with its `operation`
function Scripted:exchange(someone, path, fields, ...)
  local all = { token = someone.token }
  for name, value in pairs(fields) do all[name] = value end
  local body, address, port = visitors.encode(all), self.site.url:match "^http://([^:/]+):(%d+)"
  local client = assert(socket.connect(address, port))
  client:settimeout(SECONDS)
  client:send(("POST %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    .. "Connection: close\r\nContent-Length: %d\r\n\r\n%s"):format(path, someone:cookies(), #body, body))
  local calls = {}
  for i, answer in ipairs { ... } do calls[i] = serve(self.listener, answer) end
  local reply = client:receive "*a"
  client:close()
  for line in reply:gmatch "\r\n[Ss]et%-[Cc]ookie: ([^\r]*)" do someone:take_cookies(line) end
  return reply, calls
end

--- Signs a user in, another one each time because of the limits, as far as these
-- answers of the pool go.
-- @tparam table ... answers
-- @treturn table visitor
-- @treturn string reply
-- @treturn table list of calls
function Scripted:begin(...)
  local someone = self.site:visitor "127.0.0.2"
  someone:get "/sign-in"
  self.users = (self.users or 0) + 1
  return someone, self:exchange(someone, "/sign-in", { username = "user-" .. self.users, current_password = "x" }, ...)
end

return M

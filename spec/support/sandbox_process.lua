--- `cognito sandbox` as a process of its own, ended by closing its input.
local cognito = require "cognito"
local json = require "cognito.json"
local native = require "cognito.core"
local process = require "spec.support.process"
local socket = require "socket"

local M = {}

local Process = {}
Process.__index = Process

-- All of them, or nil as long as some may be missing.
local function read_settings(text)
  if not text:find "\n# A stand%-in" then return nil end
  local settings = { url = text:match "# cognito sandbox: (http[^\n]*)" }
  for key, value in text:gmatch "export ([A-Z_]+)=([^\n]*)" do settings[key] = value end
  return settings
end

--- Starts one on a port the system picks.
-- @param flags more of the command line
function M.start(flags)
  local running = process.start(("%s bin/cognito sandbox --port 0 --exit-with-stdin --quiet %s 2>&1"):format(
    process.quote(process.interpreter()), flags or ""), { ends = true })
  local settings = running:await(read_settings, "the sandbox")
  return setmetatable({
    process = running, settings = settings, port = tonumber(settings.url:match ":(%d+)$"),
  }, Process)
end

--- Its output so far.
function Process:printed()
  return self.process:printed()
end

--- A fresh connection to it.
function Process:connect()
  local client = assert(socket.connect("127.0.0.1", self.port))
  client:settimeout(10)
  return client
end

-- Its answer to a test, as JSON.
function Process:ask(request)
  request.url = self.settings.url .. request.path
  self.http = self.http or native.http()
  local reply = assert(self.http:send(request))
  assert(reply.status == 200, reply.body)
  return json.decode(reply.body)
end

--- Asks the box around the pool.
-- @tparam string path `/executions`, `/outbox`
-- @return what it says
function Process:get(path)
  return self:ask { method = "GET", path = path, headers = {} }
end

--- Tells the box around the pool to do something.
-- @tparam string path `/misbehave`, `/users`, `/advance`
-- @tparam table order
-- @return what it says
function Process:post(path, order)
  return self:ask { method = "POST", path = path, body = json.encode(order),
    headers = { { "Content-Type", "application/json" } } }
end

--- Tries a user's password.
-- @tparam string name
-- @tparam string password
-- @treturn boolean whether the user can sign in by it
function Process:signs_in(name, password)
  local pool = cognito.new {
    user_pool_id = self.settings.COGNITO_USER_POOL_ID, client_id = self.settings.COGNITO_CLIENT_ID,
    client_secret = self.settings.COGNITO_CLIENT_SECRET, endpoint = self.settings.url,
  }
  return pool:initiate_auth {
    auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = name, PASSWORD = password },
  } ~= nil
end

--- Closes its input and waits for it to end.
function Process:stop()
  if self.http then self.http:close() end
  self.process:stop()
end

return M

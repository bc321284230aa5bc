--- `cognito sandbox` as a process of its own, ended by closing its input.
local cjson = require "cjson"
local native = require "cognito.core"
local socket = require "socket"

local M = {}

local Process = {}
Process.__index = Process

local function interpreter()
  local at = 0
  while arg[at - 1] do at = at - 1 end
  return arg[at]
end

local function read_settings(path)
  local settings = {}
  for line in io.lines(path) do
    local key, value = line:match("^export ([A-Z_]+)=(.*)$")
    if key then settings[key] = value end
    settings.url = settings.url or line:match("^# cognito sandbox: (http.*)$")
    if line:find("^# A stand%-in") then settings.complete = true end
  end
  return settings
end

local function wait_for(path)
  local deadline = socket.gettime() + 10
  repeat
    local settings = read_settings(path)
    if settings.complete then return settings end
    socket.sleep(0.02)
  until socket.gettime() > deadline
  error("the sandbox did not start")
end

--- Starts one on a port the system picks.
-- @param flags more of the command line
function M.start(flags)
  local output = os.tmpname()
  local pipe = assert(io.popen(("exec '%s' bin/cognito sandbox --port 0"
    .. " --exit-with-stdin --quiet %s >%s 2>&1"):format(interpreter(), flags or "",
    output), "w"))
  local ok, settings = pcall(wait_for, output)
  local self = setmetatable({ pipe = pipe, output = output,
    settings = ok and settings }, Process)
  if not ok then
    self:stop()
    error(settings, 0)
  end
  self.port = tonumber(settings.url:match(":(%d+)$"))
  return self
end

--- What it has printed so far.
function Process:printed()
  local file = assert(io.open(self.output))
  local text = file:read("*a")
  file:close()
  return text
end

--- A fresh connection to it.
function Process:connect()
  local client = assert(socket.connect("127.0.0.1", self.port))
  client:settimeout(10)
  return client
end

-- What it answers to a test, as JSON.
function Process:ask(request)
  request.url = self.settings.url .. request.path
  self.http = self.http or native.http()
  local reply = assert(self.http:send(request))
  assert(reply.status == 200, reply.body)
  return cjson.decode(reply.body)
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
  return self:ask { method = "POST", path = path, body = cjson.encode(order),
    headers = { { "Content-Type", "application/json" } } }
end

--- Closes its input and waits for it to end.
function Process:stop()
  if self.http then self.http:close() end
  self.pipe:close()
  os.remove(self.output)
end

return M

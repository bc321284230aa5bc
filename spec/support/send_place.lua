--- Where a case of the matrix of sends takes place: a sandbox in a process of
-- its own, reached by libcurl, or one in this process.
local blocking = require "cognito.runtime.blocking"
local cognito = require "cognito"
local native = require "cognito.core"
local sandbox = require "cognito.sandbox"
local sandbox_process = require "spec.support.sandbox_process"
local socket = require "socket"
local operations = require "spec.support.send_operations"

local M = {}

-- Of an attempt that is meant to time out; all others have time enough.
M.WAIT = 0.3

-- ---- detours: the first attempt goes where it cannot succeed ----

-- Listeners that nobody accepts from. The queue of `full` is full: whoever
-- connects, waits. Connections to `mute` stand, and nobody ever speaks.
local function listener(queue)
  local server = assert(socket.tcp())
  assert(server:bind("127.0.0.1", 0))
  assert(server:listen(queue))
  return { server = server, port = select(2, server:getsockname()) }
end

local function fill(full)
  full.waiting = {}
  for i = 1, 4 do
    full.waiting[i] = socket.tcp()
    full.waiting[i]:settimeout(0)
    full.waiting[i]:connect("127.0.0.1", full.port)
  end
  return full
end

-- Kept by the module: a port that is held is nobody else's.
local held = {}

local function port_of(name, make)
  held[name] = held[name] or make()
  return held[name].port
end

local function refusing()
  local one = assert(socket.tcp())
  assert(one:bind("127.0.0.1", 0)) -- and never listens
  return { server = one, port = select(2, one:getsockname()) }
end

local detours = {}

function detours.refused()
  return ("http://127.0.0.1:%d/"):format(port_of("refused", refusing))
end

-- No label is that long (RFC 1035, section 2.3.4): no server is asked for it.
local UNKNOWN = "https://" .. ("x"):rep(64) .. ".invalid/"

function detours.unknown()
  return UNKNOWN
end

function detours.https(url)
  return (url:gsub("^http:", "https:"))
end

function detours.full()
  return ("http://127.0.0.1:%d/"):format(port_of("full", function() return fill(listener(0)) end))
end

function detours.mute()
  return ("https://127.0.0.1:%d/"):format(port_of("mute", function() return listener(128) end))
end

function detours.proxy()
  return UNKNOWN, ("http://127.0.0.1:%d"):format(port_of("refused", refusing))
end

-- ---- runtimes ----

-- Sends without standing still: other cases go on meanwhile.
local function send_and_yield(http, request, options)
  http:start(request, options)
  while http:step(0) == 0 do
    coroutine.yield()
  end
  local _, response, err = http:take()
  return response, err
end

local function send_elsewhere(name, request, options)
  local url, proxy = detours[name](request.url)
  local http = native.http { proxy = proxy }
  local response, err = send_and_yield(http, { method = request.method, url = url, headers = request.headers,
    body = request.body }, options)
  http:close()
  return response, err
end

local Runtime = {}
Runtime.__index = Runtime

function Runtime:send(request, options)
  self.attempts = self.attempts + 1
  local first = self.attempts == 1
  if first and self.fault.waits then
    options.timeout, options.connect_timeout = M.WAIT, M.WAIT
  end
  local response, err
  if first and self.fault.detour then
    response, err = send_elsewhere(self.fault.detour, request, options)
  elseif self.fault.waits then
    response, err = send_and_yield(self.inner.http, request, options)
  else
    response, err = self.inner:send(request, options)
  end
  if first then
    self.first = { sent = not err or err.sent, reused = self:reused(err) }
  end
  return response, err
end

-- One connection, or a second one that libcurl opened to try again by itself,
-- on which nothing was sent.
function Runtime:reused(err)
  return self.inner.http:stats().connections == 1
    or err ~= nil and err.message:find("kept-alive", 1, true) ~= nil
end

function Runtime.sleep()
end

function Runtime:now()
  return self.inner:now()
end

function Runtime:clock()
  return self.inner:clock()
end

-- A blocking runtime that nobody else has: each size makes one of its own.
local size = 1024 * 1024

local function new_runtime(fault)
  size = size + 1
  return setmetatable({ inner = blocking.new { max_response = size }, fault = fault, attempts = 0 }, Runtime)
end

-- ---- a sandbox in another process ----

local Remote = {}
Remote.__index = Remote

local function settings_of(process)
  local given = process.settings
  return {
    endpoint = given.url,
    user_pool_id = given.COGNITO_USER_POOL_ID,
    client_id = given.COGNITO_CLIENT_ID,
    client_secret = given.COGNITO_CLIENT_SECRET,
    credentials = {
      access_key_id = given.AWS_ACCESS_KEY_ID,
      secret_access_key = given.AWS_SECRET_ACCESS_KEY,
    },
    random = function() return 0 end,
    env = function() return nil end,
  }
end

function M.remote()
  local process = sandbox_process.start("--code " .. operations.CODE)
  local self = setmetatable({ process = process, settings = settings_of(process) }, Remote)
  self.tool = self:client(blocking.new {})
  return self
end

function Remote:client(runtime)
  local settings = { runtime = runtime }
  for name, value in pairs(self.settings) do
    settings[name] = value
  end
  return cognito.new(settings)
end

function Remote:add_user(user)
  self.process:post("/users", user)
end

function Remote:misbehave(fault)
  self.process:post("/misbehave", fault)
end

function Remote:behave()
  return self.process:post("/behave", {}).left
end

function Remote:executions()
  return self.process:get "/executions"
end

-- An operation leaves a kept-alive connection behind.
function Remote:warm(runtime, fault)
  if fault.idle then
    fault.idle.operation = "describe_user_pool_client"
    self:misbehave(fault.idle)
  end
  assert(self:client(runtime.inner):describe_user_pool_client {})
  self:executions() -- by now the other side has done what it was told
  assert(runtime.inner.http:stats().connections == 1)
end

function Remote:runtime(fault)
  return new_runtime(fault)
end

function Remote.close(_, runtime)
  runtime.inner.http:close()
end

function Remote:stop()
  self.process:stop()
end

-- ---- a sandbox in this process ----

local Here = {}
Here.__index = Here

function M.here()
  local box = sandbox.new { code = operations.CODE }
  local self = setmetatable({ box = box, settings = box:settings() }, Here)
  self.settings.random = function() return 0 end
  self.settings.env = function() return nil end
  self.settings.runtime = nil
  self.tool = self:client(box)
  return self
end

Here.client = Remote.client

function Here:add_user(user)
  self.box:add_user(user)
end

function Here:misbehave(fault)
  self.box:misbehave(fault)
end

function Here:behave()
  return self.box:behave()
end

function Here:executions()
  return self.box:executions()
end

-- One that counts; what it sends stays here.
function Here:runtime(fault)
  local box = self.box
  return {
    attempts = 0,
    send = function(runtime, request, options)
      runtime.attempts = runtime.attempts + 1
      if fault.waits and runtime.attempts == 1 then
        options.timeout = M.WAIT
      end
      return box:send(request, options)
    end,
    sleep = function(_, seconds) box:sleep(seconds) end,
    now = function() return box:now() end,
  }
end

function Here.close()
end

function Here.stop()
end

return M

--- The runtime of programs on cqueues: a call waits in its coroutine, and the
-- other coroutines of the loop go on. Outside of a loop it waits where it
-- stands.
--
-- One http object carries the requests of every loop. A loop in which calls
-- wait has one more coroutine, the pump: it polls that object and hands out
-- what has come, also to the calls of other loops. So nobody's outcome hangs
-- on another call, another coroutine or another loop going on.
-- @module cognito.runtime.cqueues
-- @usage
-- local runtime = require("cognito.runtime.cqueues").new()
-- local pool = cognito.new { user_pool_id = "…", client_id = "…", runtime = runtime }
-- local loop = cqueues.new()
-- for _, name in ipairs(names) do
--   loop:wrap(function() print(name, pool:forgot_password { username = name }) end)
-- end
-- assert(loop:loop())

local carriers = require "cognito.runtime.carriers"
local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local dialect = require "cognito.dialect"
local failure = require "cognito.failure"
local native = require "cognito.native"
local settings = require "cognito.settings"
local tables = require "cognito.tables"

local M = {}

local CONNECTIONS = 64 -- to one host

local runtime = {}
local runtime_mt = { __index = runtime, __name = "cognito.runtime.cqueues" }

local function aborted(message, sent)
  return failure.network("aborted", message, { sent = sent })
end

local function closed()
  return aborted("the runtime is closed", false)
end

-- A call of a loop that is gone is settled like any other, without effect.
local function settle(call, response, err)
  call.over, call.response, call.err = true, response, err
  local loop = call.loop
  if loop then
    call.settled:signal()
    loop.calls = loop.calls - 1
    loop.changed:signal()
  end
end

-- Goes on with everything in flight, whichever loop waits for it.
local function advance(self, seconds)
  self.http:step(seconds)
  local call, response, err = self.http:land(self.waiting)
  while call ~= nil do
    if call then -- nobody gave it up
      settle(call, response, err)
    end
    call, response, err = self.http:land(self.waiting)
  end
end

-- When the pump fails, every waiting call fails.
local function give_up(self, message)
  for id, call in pairs(self.waiting) do
    self.waiting[id] = nil
    settle(call, nil, aborted(message))
  end
end

local function pump(self, loop)
  while loop.calls > 0 do
    local ok, message = pcall(advance, self, 0)
    if not ok then
      give_up(self, message)
    end
    if loop.calls > 0 then
      cqueues.poll(self.http, loop.changed)
    end
  end
  loop.pumping = false
end

local function loop_of(self, controller)
  local loop = self.loops[controller]
  if not loop then
    loop = { calls = 0, changed = condition.new() }
    self.loops[controller] = loop
  end
  return loop
end

local function wait_in(self, controller, call)
  local loop = loop_of(self, controller)
  call.loop, call.settled = loop, condition.new()
  loop.calls = loop.calls + 1
  if loop.pumping then
    loop.changed:signal() -- there is something new to poll for
  else
    loop.pumping = true
    controller:wrap(pump, self, loop)
  end
  while not call.over do
    call.settled:wait()
  end
end

-- Waits for the call with this id. It was made before: a finalizer in between
-- could take the outcome of this very request.
local function wait_for(self, call, id, err)
  if not id then
    return nil, err
  end
  self.waiting[id] = call
  local controller = cqueues.running()
  if controller then
    wait_in(self, controller, call)
  end
  while not call.over do
    advance(self, 1)
  end
  return call.response, call.err
end

--- Sends one request and waits for its response.
-- @tparam table request `{ method, url, headers, body }`
-- @tparam table options `timeout`, `connect_timeout`, `max_idle` in seconds,
--   `timings`
-- @treturn[1] table response `{ status, headers, body }`
-- @treturn[2] nil
-- @treturn[2] table error `{ code, kind = "network", message, sent }`
function runtime:send(request, options)
  if self.closed then
    return nil, closed()
  end
  return wait_for(self, {}, self.http:start(request, options))
end

carriers[runtime.send] = function(self, exchange, ...)
  if self.closed then
    return nil, closed()
  end
  return wait_for(self, { exchange = exchange }, self.http:launch(exchange, ...))
end

--- Waits.
-- @tparam number seconds
function runtime:sleep(seconds)
  if cqueues.running() then
    cqueues.sleep(seconds)
  else
    native.sleep(seconds)
  end
end

--- The time of day, to sign with.
-- @treturn number epoch seconds
function runtime:now()
  return native.now()
end

--- A clock that only goes forward, to measure with.
-- @treturn number seconds
function runtime:clock()
  return native.clock()
end

-- A function that runs apart is protected there, and Lua 5.1 cannot suspend within
-- pcall.
if not dialect.is_5_1 then
  --- Runs a function apart from the calls that want what it finds, so that one
  -- of them which is never resumed does not take the others along.
  -- @tparam function fn that raises nothing
  -- @treturn boolean whether it will run: not outside of a loop
  function runtime:detach(fn) -- luacheck: no self
    local controller = cqueues.running()
    if controller then
      controller:wrap(fn)
    end
    return controller ~= nil
  end
else
  function runtime:detach() -- luacheck: no self
    return false
  end
end

--- A call begins: any number may.
-- @treturn boolean false: there is nothing to release
function runtime:admit() -- luacheck: no self
  return false
end

--- A call has ended.
function runtime:release() end -- luacheck: no self

--- Closes its connections. Calls that wait end with the error `aborted`, and
-- so does every later one. Closing twice does no harm.
function runtime:close()
  if self.closed then
    return
  end
  self.closed = true
  for id in pairs(self.waiting) do
    self.http:cancel(id)
  end
  advance(self, 0)
  cqueues.cancel(self.http:pollfd()) -- no loop may poll what is closed
  self.http:close()
end

--- Makes a runtime for any number of clients, coroutines and loops.
-- @tparam[opt] table options of its connections: `ca_file`, `ca_path` (without
--   them what the environment and the profile name), `proxy`, `max_response`
--   (bytes) and `allow_http` as `cognito.new` has them, and `max_connections`
--   (64: to one host at the same time; further requests wait)
-- @treturn table runtime
-- @raise for an unknown or wrong option
function M.new(options)
  local complete = tables.add({ max_connections = CONNECTIONS }, options)
  if not complete.ca_file and not complete.ca_path then
    complete.ca_file = settings.complete({}, 1).ca_file
  end
  return setmetatable({
    http = native.http(complete),
    waiting = {}, -- calls by the id of their request
    loops = setmetatable({}, { __mode = "k" }), -- by controller
  }, runtime_mt)
end

return M

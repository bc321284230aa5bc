--- The event loop of its own: straight-line code in any number of tasks, over
-- one set of kept-alive connections.
--
--     local loop = cognito.loop { concurrency = 64 }
--     local pool = cognito.new { user_pool_id = …, client_id = …, runtime = loop }
--     for _, name in ipairs(names) do
--       loop:spawn(function() print(name, pool:forgot_password { username = name }) end)
--     end
--     loop:run()
--
-- A host with a loop of its own polls `loop:pollfd()` and calls
-- `loop:step(0)`, a game calls `loop:step(0, 0.002)` in every tick. A call
-- outside of tasks turns the loop until its own answer is there.
-- @module cognito.runtime.loop

local check = require "cognito.check"
local native = require "cognito.native"
local network = require "cognito.runtime.loop.network"
local scheduler = require "cognito.runtime.loop.scheduler"
local slots = require "cognito.runtime.loop.slots"
local task = require "cognito.runtime.loop.task"

local M = {}

local CONCURRENCY = 64

--- The options of a loop, and what kind of value each takes.
M.known = {
  concurrency = "count",
  max_connections = "count",
  new_connections = "count",
  on_error = "function",
  ca_file = "string",
  ca_path = "string",
  proxy = "text",
  max_response = "count",
  allow_http = "boolean",
}

local loop = {}
local loop_mt = { __index = loop, __name = "cognito.Loop" }

function loop_mt:__tostring()
  return self.closed and "cognito loop (closed)"
    or ("cognito loop (%d tasks, %d requests)"):format(self.scheduler.alive, self.network.in_flight)
end

local function check_open(self, level)
  if self.closed then
    error("the loop is closed", level + 1)
  end
end

-- ---- turning ----

-- How long nothing happens by itself.
local function seconds_to_wait(self, seconds)
  if self.scheduler:is_busy() or self.network.outcomes > 0 then
    return 0
  end
  local due = self.scheduler.timers:next()
  return due and math.max(0, math.min(seconds, due - native.clock())) or seconds
end

local function wait_for_something(self, seconds, budget)
  if self.network.in_flight > 0 then
    return self.network:step(seconds, budget)
  elseif seconds > 0 and self.scheduler.timers:next() then
    native.sleep(seconds)
  end
  return budget
end

local function deliver_next(self)
  local what = self.network:take()
  if what then
    self.scheduler:continue(what)
  end
end

-- Tasks that were ready when the turn began and outcomes that were there, by
-- turns, so that neither keeps the other waiting.
local function go_on(self, budget)
  local stop = budget and native.clock() + budget
  local ready = self.scheduler:count_ready()
  while ready > 0 or self.network.outcomes > 0 do
    if ready > 0 then
      ready = ready - 1
      self.scheduler:resume_next()
    end
    if self.network.outcomes > 0 then
      deliver_next(self)
    end
    if stop and native.clock() >= stop then
      return
    end
  end
end

local function turn(self, seconds, budget)
  local left = wait_for_something(self, seconds_to_wait(self, seconds), budget)
  self.scheduler.timers:expire(native.clock())
  go_on(self, left)
end

local function is_stuck(self)
  return self.network.in_flight == 0 and not self.scheduler:is_busy() and not self.scheduler.timers:next()
end

local function turn_or_raise(self)
  if is_stuck(self) then
    error("the loop has nothing to wait for: its tasks await each other", 0)
  end
  turn(self, math.huge)
end

local function raise_failure(self)
  local failed = self.scheduler:next_failure()
  if failed then
    local err = failed.results[1]
    error(type(err) == "string" and failed.traceback or err, 0)
  end
end

-- ---- what a client calls ----

local function wait(self, what)
  self.scheduler:wait(what, self.turn_once)
end

-- A cancelled task waits for nothing more; it lets the others go first.
local function refused(self, may_go_on)
  local current = self.scheduler:current()
  if not current or not current.cancelled then
    return nil
  end
  coroutine.yield()
  return current:refusal(may_go_on and not self.closing)
end

local function tell_reason(self, err)
  local current = err.code == "aborted" and self.scheduler:current()
  if current and current.cancelled then
    err.message = current.cancelled
  end
  return err
end

--- Sends one request; the others go on meanwhile.
-- @tparam table request `{ method, url, headers, body }`
-- @tparam table options `timeout`, `connect_timeout`, `max_idle` in seconds,
--   `all_headers`, `timings`
-- @treturn[1] table response `{ status, headers, body }`
-- @treturn[2] nil
-- @treturn[2] table error `{ code, kind = "network", message, sent }`
function loop:send(request, options)
  check_open(self, 2)
  local err = refused(self, true)
  if err then
    return nil, err
  end
  local what
  what, err = self.network:start(request, options)
  if not what then
    return nil, err
  end
  wait(self, what)
  if what.response then
    return what.response
  end
  return nil, tell_reason(self, what.err)
end

--- Waits; the others go on meanwhile.
-- @tparam number seconds
function loop:sleep(seconds)
  check_open(self, 2)
  refused(self, false)
  local what = {}
  self.scheduler:wake_at(native.clock() + seconds, what)
  wait(self, what)
end

--- The time of day, to sign with.
-- @treturn number epoch seconds
function loop:now() -- luacheck: no self
  return native.now()
end

--- A clock that only goes forward, to measure with.
-- @treturn number seconds
function loop:clock() -- luacheck: no self
  return native.clock()
end

--- A call begins: waits until it may.
function loop:admit()
  local current = self.scheduler:current()
  local what = current and self.slots:take(current)
  if what then
    wait(self, what)
  end
end

--- A call has ended.
function loop:release()
  local current = self.scheduler:current()
  if current then
    self.slots:release(current)
  end
end

-- ---- what tasks call, see task.lua ----

--- Waits until a wait is done.
-- @tparam table what
function loop:wait(what)
  check_open(self, 2)
  refused(self, false)
  wait(self, what)
end

--- Calls a function later.
-- @tparam number seconds
-- @tparam function action
function loop:after(seconds, action)
  self.scheduler.timers:add(native.clock() + seconds, action)
end

--- Ends what a cancelled task waits for.
-- @tparam table cancelled
function loop:interrupt(cancelled)
  local what = cancelled.wait
  if cancelled.state == "new" then
    self.scheduler:drop(cancelled)
  elseif what and what.id then
    self.network:cancel(what)
  elseif what then
    self.scheduler:wake(what)
  end
end

-- ---- what programs call ----

--- Runs a function in a task of its own. It begins in the loop's next turn.
-- @tparam function fn
-- @param ... its arguments
-- @treturn cognito.Task with the methods `await`, `cancel`, `deadline` and
--   `status`
-- @raise unless fn is a function
function loop:spawn(fn, ...)
  check_open(self, 2)
  if self.closing then
    error("the loop is closed", 2)
  end
  if type(fn) ~= "function" then
    error("spawn takes a function, not a " .. type(fn), 2)
  end
  return self.scheduler:spawn(task.new(self), fn, ...)
end

local function check_outside(self, name)
  check_open(self, 3)
  if self.scheduler:current() then
    error(("a task cannot call %s: it would wait for itself"):format(name), 3)
  end
end

--- Goes on until all tasks have ended.
-- @raise then, what the first task raised that failed and was not awaited;
--   when the tasks that are left await each other
function loop:run()
  check_outside(self, "run")
  while self.scheduler.alive > 0 do
    turn_or_raise(self)
  end
  raise_failure(self)
end

local function is_seconds(value)
  return type(value) == "number" and value >= 0
end

--- Goes on with what can go on.
-- @tparam number seconds how long to wait for something to happen at most; 0
--   never waits. When there is nothing to wait for it does not wait either.
-- @tparam[opt] number budget seconds of work after which to stop, between two
--   sockets or tasks; waiting does not count
-- @treturn number how many tasks have not ended
-- @raise what a task raised that failed and was not awaited, without harm to
--   the others
function loop:step(seconds, budget)
  check_outside(self, "step")
  if not is_seconds(seconds) or not (budget == nil or is_seconds(budget)) then
    error("step takes seconds to wait and, optionally, seconds to work", 2)
  end
  turn(self, math.min(seconds, 86400), budget)
  raise_failure(self)
  return self.scheduler.alive
end

--- The descriptor that becomes readable when the network has work for `step`.
-- After a fork the child must ask anew.
-- @treturn number
function loop:pollfd()
  check_open(self, 2)
  return self.network.http:pollfd()
end

--- What to poll the descriptor for.
-- @treturn string "r"
function loop:events()
  check_open(self, 2)
  return self.network.http:events()
end

--- After how many seconds `step` has work even when the descriptor stays
-- silent.
-- @treturn ?number seconds; nil when there is no such time
function loop:timeout()
  check_open(self, 2)
  if self.scheduler:is_busy() or self.network.outcomes > 0 then
    return 0
  end
  local due = self.scheduler.timers:next()
  local by_timers = due and math.max(0, due - native.clock())
  local by_network = self.network.in_flight > 0 and self.network.http:timeout() or nil
  return by_timers and by_network and math.min(by_timers, by_network) or by_timers or by_network
end

--- What is going on.
-- @treturn table `tasks` that have not ended, `requests` in flight,
--   `connections` opened so far
function loop:stats()
  check_open(self, 2)
  return {
    tasks = self.scheduler.alive,
    requests = self.network.in_flight,
    connections = self.network.http:stats().connections,
  }
end

-- A task may go on after its wait has been ended, to clean up; it may not wait
-- any more. One that yields for ever is left where it is.
local LAST_TURNS = 100

local function end_tasks(self)
  local left = self.scheduler:list()
  for _, running in ipairs(left) do
    running:cancel "the loop was closed"
  end
  for _ = 1, LAST_TURNS do
    if self.scheduler.alive == 0 then
      return
    end
    turn(self, 0)
  end
  for _, running in ipairs(left) do
    self.scheduler:drop(running)
  end
end

--- Cancels all tasks, ends all requests and closes all connections. Closing
-- twice does no harm; any other use of a closed loop raises.
-- @raise when a task calls it
function loop:close()
  if self.closed then
    return
  end
  check_outside(self, "close")
  self.closing = true
  end_tasks(self)
  self.closed = true
  self.network.http:close()
end

loop_mt.__close = loop.close

-- A task that ended in the middle of a wait (Lua 5.1 cannot yield everywhere)
-- leaves its request behind.
local function has_ended(self, ended)
  self.slots:clear(ended)
  local what = ended.wait
  if what and what.id then
    what.task = nil
    self.network:cancel(what)
  end
end

--- Makes a loop.
-- @tparam[opt] table options
-- @tparam[opt=64] number options.concurrency calls at the same time; further
--   ones wait in line, which does not count towards their deadline
-- @tparam[opt] number options.max_connections to one host at the same time;
--   as many as concurrency
-- @tparam[opt] number options.new_connections begun in one step at most,
--   since a TLS handshake takes the time of many calls
-- @tparam[opt] function options.on_error called with error and task when a
--   task fails that nobody awaits, instead of `run` and `step` raising it
-- @tparam[opt] string options.ca_file PEM file of trusted certificates
-- @tparam[opt] string options.ca_path hashed directory of the same
-- @tparam[opt] string options.proxy URL
-- @tparam[opt=1048576] number options.max_response bytes
-- @tparam[opt=false] boolean options.allow_http plain http to other hosts
--   than a literal loopback address
-- @treturn cognito.Loop
-- @raise for an unknown or mistyped option
function M.new(options)
  options = options or {}
  if type(options) ~= "table" then
    error("cognito.loop takes a table of options, not a " .. type(options), 3)
  end
  check.entries(options, M.known, "option", 3)
  local concurrency = options.concurrency or CONCURRENCY
  local self = setmetatable({
    network = network.new {
      max_connections = options.max_connections or concurrency,
      new_connections = options.new_connections,
      ca_file = options.ca_file or (not options.ca_path and os.getenv "AWS_CA_BUNDLE" or nil),
      ca_path = options.ca_path,
      proxy = options.proxy,
      max_response = options.max_response,
      allow_http = options.allow_http,
    },
  }, loop_mt)
  self.scheduler = scheduler.new {
    ended = function(ended) has_ended(self, ended) end,
    on_error = options.on_error,
  }
  self.slots = slots.new(concurrency, function(what) self.scheduler:wake(what) end)
  self.turn_once = function() turn_or_raise(self) end
  return self
end

return M

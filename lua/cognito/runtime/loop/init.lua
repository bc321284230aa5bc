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
-- outside of tasks turns the loop until its own answer is there; so does one
-- at a place in a task where Lua cannot suspend it (in a function for
-- `table.sort`, say, or in a coroutine that the task made).
-- @module cognito.runtime.loop

local carriers = require "cognito.runtime.carriers"
local check = require "cognito.check"
local connections = require "cognito.connections"
local dialect = require "cognito.dialect"
local engines = require "cognito.runtime.loop.engine"
local native = require "cognito.native"
local settings = require "cognito.settings"
local tasks = require "cognito.runtime.loop.task"
local waiting = require "cognito.runtime.loop.waiting"
local tables = require "cognito.tables"

local M = {}

local CONCURRENCY = 64

--- The options of a loop, and what kind of value each takes.
-- @local
M.known = tables.add({
  concurrency = "count",
  max_connections = "count",
  new_connections = "count",
  on_error = "function",
  allow_http = "boolean",
}, connections.kinds)

local loop = {}
local loop_mt = { __index = loop, __name = "cognito.Loop" }

function loop_mt:__tostring()
  local stats = not self.closed and self:stats()
  return stats and ("cognito loop (%d tasks, %d requests)"):format(stats.tasks, stats.requests)
    or "cognito loop (closed)"
end

local function check_self(self, level)
  if type(self) ~= "table" or not self.engine then
    error("call it with a colon, on a loop: loop:run()", level + 1)
  end
end

local function open_engine(self, level)
  check_self(self, level + 1)
  if self.closed then
    error("the loop is closed", level + 1)
  end
  return self.engine
end

local function is_seconds(value)
  return type(value) == "number" and value >= 0
end

-- ---- tasks ----

--- Runs a function in a task of its own. It begins in the loop's next turn.
-- @tparam function fn
-- @param ... its arguments
-- @treturn cognito.Task with the methods `await`, `cancel`, `timeout` and
--   `status`
-- @raise unless fn is a function
function loop:spawn(fn, ...)
  local engine = open_engine(self, 2)
  if self.closing then
    error("the loop is being closed", 2)
  elseif type(fn) ~= "function" then
    error("spawn takes a function, not a " .. type(fn), 2)
  end
  local task = engine.scheduler:spawn(tasks.new(engine), fn, ...)
  if self.closing then -- by a finalizer, while the task was made
    task:cancel "the loop was closed"
  end
  return task
end

--- Waits; the other tasks go on meanwhile.
-- @tparam number seconds
-- @treturn[1] boolean true
-- @treturn[2] nil when the task that waits was cancelled
-- @treturn[2] cognito.Error with the code `aborted`
-- @raise for anything but a number of seconds
function loop:sleep(seconds)
  local engine = open_engine(self, 2)
  if not is_seconds(seconds) then
    error("sleep takes a number of seconds", 2)
  end
  return waiting.sleep(engine, seconds)
end

-- ---- turning ----

-- Not for tasks, which would wait for themselves.
local function check_outside(engine, name)
  if engine.scheduler:owner() then
    error(("a task cannot call %s: it would wait for itself"):format(name), 3)
  end
end

local function raise_failure(engine)
  local failed, err = engine.scheduler:take_failure()
  if failed then
    error(err, 0)
  end
end

local function turn_until_all_have_ended(engine)
  while engine.scheduler.alive > 0 do
    engine:turn_or_raise()
  end
end

--- Goes on until all tasks have ended.
-- @raise then, what the first task raised that failed and was not awaited;
--   when the tasks that are left await each other
function loop:run()
  local engine = open_engine(self, 2)
  check_outside(engine, "run")
  engine.scheduler:guard(turn_until_all_have_ended, engine)
  raise_failure(engine)
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
  local engine = open_engine(self, 2)
  check_outside(engine, "step")
  if not is_seconds(seconds) or not (budget == nil or is_seconds(budget)) then
    error("step takes seconds to wait and, optionally, seconds to work", 2)
  end
  engine.scheduler:guard(engine.turn, engine, seconds, budget)
  raise_failure(engine)
  return engine.scheduler.alive
end

--- The descriptor that becomes readable when the network has work for `step`.
-- After a fork the child must ask again.
-- @treturn number
function loop:pollfd()
  return open_engine(self, 2).network:pollfd()
end

--- What to poll the descriptor for.
-- @treturn string "r"
function loop:events()
  return open_engine(self, 2).network:events()
end

--- After how many seconds `step` has work even when the descriptor stays
-- silent.
-- @treturn ?number seconds; nil when there is no such time
function loop:timeout()
  return open_engine(self, 2):timeout()
end

--- What is going on.
-- @treturn table `tasks` that have not ended, `requests` in flight,
--   `connections` opened so far
function loop:stats()
  local engine = open_engine(self, 2)
  return {
    tasks = engine.scheduler.alive,
    requests = engine.network.in_flight,
    connections = engine.network:connections(),
  }
end

--- Cancels all tasks, ends all requests and closes all connections. Closing
-- twice does no harm; any other use of a closed loop raises.
-- @raise when a task calls it
function loop:close()
  check_self(self, 2)
  if self.closing then
    return
  end
  check_outside(self.engine, "close")
  self.closing = true
  self.engine.scheduler:guard(self.engine.close, self.engine)
  self.closed = true
end

loop_mt.__close = loop.close

-- ---- what clients call ----

--- Sends one request; the other tasks go on meanwhile.
-- @tparam table request `{ method, url, headers, body }`
-- @tparam table options `timeout`, `connect_timeout`, `max_idle` in seconds,
--   `all_headers`, `timings`
-- @treturn[1] table response `{ status, headers, body }`
-- @treturn[2] nil
-- @treturn[2] table error `{ code, kind = "network", message, sent }`
-- @local
function loop:send(request, options)
  return waiting.send(open_engine(self, 2), request, options)
end

carriers[loop.send] = function(self, exchange, timeout, connect_timeout, max_idle, timings)
  return waiting.carry(self.closed and open_engine(self, 2) or self.engine, exchange, timeout, connect_timeout,
    max_idle, timings)
end

--- The time of day, to sign with.
-- @function loop:now
-- @treturn number epoch seconds
loop.now = native.now

--- A clock that only goes forward, to measure with.
-- @function loop:clock
-- @treturn number seconds
loop.clock = native.clock

--- A call begins: waits until one more may.
-- @tparam string host that it goes to
-- @treturn[1] boolean true; false outside of tasks, where nothing is to be
--   released
-- @treturn[2] nil when the task is cancelled
-- @treturn[2] cognito.Error with the code `aborted`
-- @local
function loop:admit(host)
  return waiting.admit(self.closed and open_engine(self, 2) or self.engine, host)
end

--- A call has ended.
-- @local
function loop:release()
  waiting.release(self.engine)
end

-- A function that runs apart is protected there, and Lua 5.1 cannot suspend within
-- pcall.
if not dialect.is_5_1 then
  --- Runs a function apart from the calls that wait for its result, so that a
  -- cancelled one does not take the others along.
  -- @tparam function fn that raises nothing
  -- @treturn boolean whether it will run
  function loop:detach(fn)
    if self.closing then
      return false
    end
    self:spawn(fn)
    return true
  end
else
  function loop:detach() -- luacheck: no self
    return false
  end
end

-- ---- making one ----

-- What the environment and the profile name counts, as for clients without a
-- runtime of their own, unless the program says whom to trust.
local function ca_file(options)
  if options.ca_file or options.ca_path then
    return options.ca_file
  end
  return settings.complete({}, 1).ca_file
end

--- Makes a loop.
-- @tparam[opt] table options
-- @tparam[opt=64] number options.concurrency calls to one host at the same
--   time; further ones wait in line, which does not count towards their
--   timeout
-- @tparam[opt] number options.max_connections to one host at the same time;
--   as many as concurrency
-- @tparam[opt] number options.new_connections begun in one step at most,
--   since a TLS handshake takes the time of many calls
-- @tparam[opt] function options.on_error called with error and task when a
--   task fails that is not awaited, instead of `run` and `step` raising it
-- @tparam[opt] string options.ca_file PEM file of trusted certificates; else
--   AWS_CA_BUNDLE, else `ca_bundle` of the profile
-- @tparam[opt] string options.ca_path hashed directory of the same
-- @tparam[opt] string options.proxy URL
-- @tparam[opt=1048576] number options.max_response bytes
-- @tparam[opt=false] boolean options.allow_http plain http to other hosts
--   than a literal loopback address
-- @treturn cognito.Loop
-- @raise for an unknown or mistyped option
-- @local
function M.new(options)
  options = options or {}
  if type(options) ~= "table" then
    error("cognito.loop takes a table of options, not a " .. type(options), 3)
  end
  check.entries(options, M.known, "option", 3)
  local concurrency = options.concurrency or CONCURRENCY
  local http = connections.options(options)
  http.ca_file = ca_file(options)
  http.max_connections = options.max_connections or concurrency
  http.new_connections = options.new_connections
  return setmetatable({
    engine = engines.new { concurrency = concurrency, on_error = options.on_error, http = http },
  }, loop_mt)
end

return M

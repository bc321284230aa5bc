--- Turns a loop: waits for the network or for a moment, then resumes the tasks
-- that are runnable.
-- @module cognito.runtime.loop.engine

local native = require "cognito.native"
local network = require "cognito.runtime.loop.network"
local scheduler = require "cognito.runtime.loop.scheduler"
local slots = require "cognito.runtime.loop.slots"
local timers = require "cognito.runtime.loop.timers"
local waiting = require "cognito.runtime.loop.waiting"

local M = {}

local LONGEST = 86400 -- seconds that one turn waits

local engine = {}

-- ---- turning ----

-- Seconds after which there is work whatever the network does; nil: never.
local function seconds_until_work(self)
  if self.scheduler:count_ready() > 0 or self.network.outcomes > 0 then
    return 0
  end
  local due = self.timers:next()
  return due and math.max(0, due - native.clock())
end

--- After how many seconds a turn has work even when the network is silent.
-- @treturn ?number seconds; nil when there is no such time
function engine:timeout()
  local seconds = seconds_until_work(self)
  local of_network = self.network:timeout()
  return seconds and of_network and math.min(seconds, of_network) or seconds or of_network
end

-- Returns what is left of the budget. The network is looked at in any case:
-- idle connections may have been closed.
local function wait_for_work(self, seconds, budget)
  local due = seconds_until_work(self)
  seconds = math.min(seconds, due or LONGEST, LONGEST)
  if self.network.in_flight == 0 then
    if due and seconds > 0 then
      native.sleep(seconds)
    end
    seconds = 0
  end
  return self.network:step(seconds, budget)
end

-- What was due when the turn began.
local function expire(self, stop)
  if not self.timers:next() then
    return
  end
  local now = native.clock()
  local entry = self.timers:take(now)
  while entry do
    entry.expire(self, entry)
    entry = not (stop and native.clock() >= stop) and self.timers:take(now)
  end
end

-- Runnable tasks and outcomes that are there, by turns: neither keeps the other
-- waiting, whatever the budget.
local function go_on(self, stop)
  local traffic, tasks = self.network, self.scheduler
  local ready = tasks:count_ready()
  while ready > 0 or traffic.outcomes > 0 do
    if ready > 0 then
      ready = ready - 1
      tasks:resume_next()
    end
    local wait = traffic.outcomes > 0 and traffic:take()
    if wait then
      tasks:continue(wait)
    end
    if stop and native.clock() >= stop then
      return
    end
  end
end

--- Waits for work and does it.
-- @tparam number seconds to wait at most
-- @tparam[opt] number budget seconds of work
function engine:turn(seconds, budget)
  local left = wait_for_work(self, seconds, budget)
  local stop = left and native.clock() + left
  expire(self, stop)
  go_on(self, stop)
end

--- Turns until something has happened.
-- @raise when nothing will
function engine:turn_or_raise()
  if self.closed then
    error("the loop was closed", 0)
  elseif self.network.in_flight == 0 and not seconds_until_work(self) then
    error("the loop has nothing to wait for: its tasks await each other", 0)
  end
  self:turn(LONGEST)
end

-- ---- times ----

--- Calls `entry.expire(engine, entry)` after some time.
-- @tparam number seconds
-- @tparam table entry
function engine:expire_after(seconds, entry)
  self.timers:add(native.clock() + seconds, entry)
end

--- Sees to it that an entry does not expire any more.
-- @tparam ?table entry
function engine:revoke(entry)
  if entry then
    self.timers:remove(entry)
  end
end

-- ---- ends ----

-- A task may go on after its wait has been ended, to clean up; it may not wait
-- any more. One that goes on for ever is left where it is.
local LAST_TURNS = 100

--- Cancels all tasks, ends all requests, closes all connections.
function engine:close()
  local tasks = self.scheduler:list()
  for _, task in ipairs(tasks) do
    task:cancel "the loop was closed"
  end
  self.network:cancel_all()
  for _ = 1, LAST_TURNS do
    if self.scheduler.alive == 0 and self.network.in_flight == 0 then
      break
    end
    self:turn(0)
  end
  self.closed = true
  for _, task in ipairs(tasks) do
    self.scheduler:drop(task, waiting.aborted(task))
  end
  self.network:close()
end

local engine_mt = { __index = engine }

--- Makes an engine.
-- @tparam table options `concurrency`, `on_error`, and `http`, the options of
--   the http object
-- @treturn table engine
function M.new(options)
  local self = setmetatable({
    network = network.new(options.http),
    slots = slots.new(options.concurrency),
    timers = timers.new(),
  }, engine_mt)
  self.scheduler = scheduler.new {
    ended = function(task) waiting.clean_up(self, task) end,
    turn = function() self:turn_or_raise() end,
    on_error = options.on_error,
  }
  return self
end

return M

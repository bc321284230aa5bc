--- What programs can do with a task of a loop.
-- @module cognito.runtime.loop.task

local c_locale = require "cognito.c_locale"
local record = require "cognito.runtime.loop.record"
local waiting = require "cognito.runtime.loop.waiting"

local M = {}

local unpack = rawget(_G, "unpack") or table.unpack

local task = {}
local task_mt = { __index = task, __name = "cognito.Task" }

local function check_self(self, method)
  if type(self) ~= "table" or not self.engine then
    error(("call it with a colon, on a task: task:%s()"):format(method), 3)
  end
end

function task_mt:__tostring()
  return ("cognito task (%s)"):format(self.state)
end

--- How far it is.
-- @treturn string "new" (it has not begun), "running" (it may be waiting),
--   "done", "failed" (it raised) or "cancelled" (it was ended from outside)
function task:status()
  check_self(self, "status")
  return self.state
end

-- The task that a task awaits, if any.
local function awaited_by(waiter)
  local wait = waiter.wait
  return wait and not wait.done and wait.awaits
end

-- Tasks that await each other in a circle would do so for ever.
local function check_circle(self, waiter)
  local awaited = waiter and self
  while awaited do
    if awaited == waiter then
      error(self == waiter and "a task cannot await itself" or "tasks cannot await each other in a circle", 4)
    end
    awaited = awaited_by(awaited)
  end
end

-- Returns nil and an error when the task is cancelled that waits. The awaited one
-- may end while the wait is made, in a finalizer that turns the loop.
local function wait_for_end(self)
  local engine = self.engine
  check_circle(self, engine.scheduler:owner())
  local err, waiter = waiting.prepare(engine)
  if err then
    return nil, err
  end
  local wait = { awaits = self }
  if not self.awaited then
    return true
  end
  record.await(self, wait)
  return waiting.wait(engine, wait, waiter)
end

--- Waits until the task has ended. Another task is suspended meanwhile; code
-- outside of tasks turns the loop.
-- @return[1] whatever its function returned
-- @treturn[2] nil when it was cancelled and came to no end of its own, or when
--   the task that awaits it is cancelled
-- @treturn[2] cognito.Error with the code `aborted`
-- @raise what its function raised; when tasks would await each other
function task:await()
  check_self(self, "await")
  if self.awaited then
    local ok, err = wait_for_end(self)
    if not ok then
      return nil, err
    end
  end
  if self.state == "failed" then
    record.see(self)
    error(self.results[1], 0)
  end
  return unpack(self.results, 1, self.results.n)
end

--- Ends the task from outside. What it waits for ends at once: a call returns
-- an error with the code `aborted`, `ambiguous` where the request may have
-- been carried out; `sleep` and `await` return nil and such an error. The
-- task's function goes on, to clean up, but waits no more: whatever it would
-- wait for next raises that error. A task that has not begun never does.
-- @tparam[opt] string reason for the error's message
-- @treturn boolean whether it had not ended yet
function task:cancel(reason)
  check_self(self, "cancel")
  if not self.awaited then
    return false
  elseif record.cancel(self, reason or "the task was cancelled") then
    waiting.interrupt(self.engine, self)
  end
  return true
end

local function expire(_, due)
  due.task:cancel(due.reason)
end

--- Cancels the task when it has not ended after some time.
-- @tparam number seconds from now; replaces an earlier timeout
-- @treturn table the task
-- @raise for anything but a number of seconds
function task:timeout(seconds)
  check_self(self, "timeout")
  if type(seconds) ~= "number" or seconds ~= seconds or seconds < 0 then
    error("timeout takes a number of seconds", 2)
  end
  local entry = {
    expire = expire, task = self, reason = c_locale.format("the task's timeout of %g s has passed", seconds),
  }
  if self.awaited then
    self.engine:revoke(self.due)
    record.set_due(self, entry)
    self.engine:expire_after(seconds, entry)
  end
  return self
end

--- Makes a task; the scheduler brings it to life.
-- @tparam table engine
-- @treturn table task
-- @local
function M.new(engine)
  return setmetatable({ engine = engine }, task_mt)
end

return M

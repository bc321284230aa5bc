--- What programs can do with a task of a loop.
-- @module cognito.runtime.loop.task

local errors = require "cognito.errors"

local M = {}

local unpack = rawget(_G, "unpack") or table.unpack

local task = {}
local task_mt = { __index = task, __name = "cognito.Task" }

function task_mt:__tostring()
  return ("cognito task (%s)"):format(self:status())
end

local function aborted(message)
  return errors.new { code = "aborted", kind = "network", message = message, ambiguous = false, retryable = true }
end

-- How many calls of a cancelled task are answered; one that never gives up
-- would never end.
local LAST_CALLS = 10

--- How far it is.
-- @treturn string "new" (it has not begun), "running" (it may be waiting),
--   "done", "failed" (it raised) or "cancelled" (it was ended from outside)
function task:status()
  return self.state
end

--- Waits until the task has ended. Another task is suspended meanwhile; code
-- outside of tasks turns the loop.
-- @return[1] whatever its function returned
-- @treturn[2] nil where it was cancelled before it came to an end, or where
--   who awaits is cancelled
-- @treturn[2] cognito.Error with the code `aborted`
-- @raise what its function raised; when a task awaits itself
function task:await()
  local loop = self.loop
  if self.thread and self.thread == coroutine.running() then
    error("a task cannot await itself", 2)
  end
  if self.awaited then
    local wait = {}
    self.awaited[#self.awaited + 1] = wait
    loop:wait(wait)
  end
  if self.awaited then
    return nil, aborted "who awaited the task was cancelled"
  elseif self.state == "cancelled" then
    return nil, aborted(self.cancelled)
  elseif self.state == "failed" then
    self.seen = true
    error(self.results[1], 0)
  end
  return unpack(self.results, 1, self.results.n)
end

--- Ends the task's waiting: a request in flight is given up and its call
-- returns an error with the code `aborted`, `ambiguous` where the request may
-- have been carried out; a sleep ends. The task's function goes on, to clean
-- up: further calls are answered `aborted`, to sleep or to await raises that
-- error, and a function that ends by raising it was cancelled, not failed.
-- A task that has not begun never does.
-- @tparam[opt] string reason for the error's message
-- @treturn boolean whether it had not ended yet
function task:cancel(reason)
  if not self.awaited then
    return false
  end
  self.cancelled = reason or "the task was cancelled"
  self.loop:interrupt(self)
  return true
end

--- What a cancelled task is answered that waits again.
-- @tparam boolean may_go_on whether it may be answered at all
-- @treturn table error
-- @raise the same, where it may not, or has been answered too often
function task:refusal(may_go_on)
  self.refusals = (self.refusals or 0) + 1
  if not may_go_on or self.refusals > LAST_CALLS then
    error(aborted(self.cancelled), 0)
  end
  return { code = "aborted", kind = "network", message = self.cancelled, sent = false }
end

--- Cancels the task when it has not ended after some time.
-- @tparam number seconds from now
-- @treturn table the task
-- @raise for anything but a number of seconds
function task:deadline(seconds)
  if type(seconds) ~= "number" or seconds ~= seconds or seconds < 0 then
    error("deadline takes a number of seconds", 2)
  end
  self.loop:after(seconds, function()
    self:cancel(("the task's deadline of %g s has passed"):format(seconds))
  end)
  return self
end

--- Makes a task; the scheduler brings it to life.
-- @tparam table loop
-- @treturn table task
function M.new(loop)
  return setmetatable({ loop = loop }, task_mt)
end

return M

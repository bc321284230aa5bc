--- Errors of tasks that are not awaited: reported to a function of the
-- program's, else kept for the code that turns the loop.
-- @module cognito.runtime.loop.failures

local record = require "cognito.runtime.loop.record"

local M = {}

local failures = {}
local failures_mt = { __index = failures }

local function keep(self, err, task)
  self[#self + 1] = { err = err, task = task }
end

--- Reports a task that failed. An error of the program's own function goes to
-- the code that turns the loop.
-- @tparam table task
function failures:tell(task)
  local err = task.results[1]
  if not self.on_error then
    return keep(self, type(err) == "string" and task.traceback or err, task)
  end
  record.see(task)
  local ok, raised = pcall(self.on_error, err, task)
  if not ok then
    keep(self, raised, {})
  end
end

--- The first error that was not reported; it counts as reported now.
-- @treturn boolean whether there is one
-- @return what was raised; a text with its traceback
function failures:take()
  while self[1] do
    local failure = table.remove(self, 1)
    if record.see(failure.task) then
      return true, failure.err
    end
  end
  return false
end

--- Makes an empty list.
-- @tparam ?function on_error called with error and task
-- @treturn table failures
function M.new(on_error)
  return setmetatable({ on_error = on_error }, failures_mt)
end

return M

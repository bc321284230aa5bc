--- The sandbox within the process, which is its own runtime, in the shared
-- specs.
local sandbox = require "cognito.sandbox"

local M = { name = "sandbox", has = { process = true } }

--- The pool that it leads to.
function M.pool()
  return sandbox.new { prevent_user_existence_errors = "LEGACY", device_tracking = "user_opt_in" }
end

function M.new(_, pool)
  return pool
end

function M.run(_, fn)
  fn()
end

function M.together(_, fns)
  for _, fn in ipairs(fns) do fn() end
end

function M.close()
end

function M.side_by_side(jobs)
  for _, job in ipairs(jobs) do job.fn() end
end

return M

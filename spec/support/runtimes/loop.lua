--- The loop of the library's own in the shared specs.
local cognito = require "cognito"
local core = require "cognito.core"

local M = { name = "loop", has = { sockets = true, settings = true, concurrency = true, cancellation = true } }

function M.new(settings)
  return cognito.loop(settings)
end

function M.run(loop, fn)
  loop:spawn(fn)
  loop:run()
end

function M.together(loop, fns)
  local tasks = {}
  for i, fn in ipairs(fns) do tasks[i] = loop:spawn(fn) end
  for _, task in ipairs(tasks) do task:await() end
end

--- Runs a function until a condition holds, and cancels it then.
-- @return what the function returns
function M.cancel(loop, fn, is_time)
  local task = loop:spawn(fn)
  repeat loop:sleep(0.002) until is_time()
  assert(task:cancel())
  return task:await()
end

function M.close(loop)
  loop:close()
end

function M.connections(loop)
  return loop:stats().connections
end

-- Each has a loop of its own, which are stepped by turns.
function M.side_by_side(jobs)
  if #jobs == 1 then
    return M.run(jobs[1].runtime, jobs[1].fn)
  end
  for _, job in ipairs(jobs) do job.runtime:spawn(job.fn) end
  local left
  repeat
    left = 0
    for _, job in ipairs(jobs) do left = left + job.runtime:step(0) end
    core.sleep(left > 0 and 0.001 or 0)
  until left == 0
end

return M

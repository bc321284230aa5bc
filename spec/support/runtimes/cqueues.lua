--- The runtime for cqueues in the shared specs.
local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local cqueues_runtime = require "cognito.runtime.cqueues"

local M = { name = "cqueues", has = { sockets = true, settings = true, concurrency = true } }

local LIMIT = 60 -- seconds after which a loop has hung

function M.new(settings)
  return cqueues_runtime.new(settings)
end

local function run(fns)
  local loop = cqueues.new()
  for _, fn in ipairs(fns) do loop:wrap(fn) end
  local ok, err = loop:loop(LIMIT)
  local left = loop:count()
  loop:close()
  if not ok then error(err, 0) end
  assert(left == 0, left .. " coroutines hang")
end

function M.run(_, fn)
  run { fn }
end

function M.together(_, fns)
  local left, changed = #fns, condition.new()
  for _, fn in ipairs(fns) do
    cqueues.running():wrap(function()
      fn()
      left = left - 1
      changed:signal()
    end)
  end
  while left > 0 do changed:wait() end
end

function M.close(runtime)
  runtime:close()
end

function M.connections(runtime)
  return runtime.http:stats().connections
end

function M.side_by_side(jobs)
  local fns = {}
  for i, job in ipairs(jobs) do fns[i] = job.fn end
  run(fns)
end

return M

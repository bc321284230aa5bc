--- The runtime of plain scripts in the shared specs.
--
-- The fields of each runtime here: `name`; `has`, what cases may need;
-- `new(settings)`, a runtime of its own; `run(runtime, fn)`, which
-- raises what fn raises; `together(runtime, fns)`, within run: returns when all
-- have ended; `close(runtime)`. And for the matrix of sends: `side_by_side`, a
-- list of `{ runtime, fn }` carried out at once; `connections(runtime)`, how
-- many it has opened; `send`, where it is not the runtime's own.
local blocking = require "cognito.runtime.blocking"
local core = require "cognito.core"

local M = { name = "blocking", has = { sockets = true, settings = true } }

-- One with other settings is another: each bound is used once.
local extra = 0

function M.new(settings)
  local options = {}
  for name, value in pairs(settings) do options[name] = value end
  extra = extra + 1
  options.max_response = (options.max_response or 1024 * 1024) + extra
  return blocking.new(options)
end

function M.run(_, fn)
  fn()
end

function M.together(_, fns)
  for _, fn in ipairs(fns) do fn() end
end

function M.close(runtime)
  runtime.http:close()
end

function M.connections(runtime)
  return runtime.http:stats().connections
end

-- Those that wait, wait together: they send without standing still.
function M.send(runtime, request, options, waits)
  local http = runtime.http
  if not waits then
    return runtime:send(request, options)
  end
  http:start(request, options)
  while http:step(0) == 0 do
    coroutine.yield()
  end
  local _, response, err = http:take()
  return response, err
end

function M.side_by_side(jobs)
  local going = {}
  for i, job in ipairs(jobs) do going[i] = coroutine.create(job.fn) end
  while #going > 0 do
    for i = #going, 1, -1 do
      assert(coroutine.resume(going[i]))
      if coroutine.status(going[i]) == "dead" then table.remove(going, i) end
    end
    core.sleep(#going > 0 and 0.001 or 0)
  end
end

return M

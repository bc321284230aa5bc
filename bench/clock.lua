--- How the Lua programs of the bench take their time, like bench.c.

local native = require "cognito.native"

local M = {}

--- Makes all calls, after some to warm up, and prints the CPU and the wall
-- time of one in microseconds.
-- @tparam number calls
-- @tparam function all makes as many calls as its argument says
function M.run_all(calls, all)
  all(math.floor(calls / 10) + 1)
  collectgarbage()
  local cpu, wall = os.clock(), native.clock()
  all(calls)
  cpu, wall = os.clock() - cpu, native.clock() - wall
  print(("%.3f %.3f"):format(cpu / calls * 1e6, wall / calls * 1e6))
end

--- The same for a function that makes one call.
function M.run(calls, once)
  M.run_all(calls, function(n)
    for _ = 1, n do
      once()
    end
  end)
end

return M

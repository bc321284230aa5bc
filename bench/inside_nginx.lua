--- The code inside nginx when calls are measured there.

local example = require "bench.example"

local M = {}

local ngx = rawget(_G, "ngx")

-- So many calls, so many of them at once.
local function make(pool, operation, calls, in_flight)
  local left, threads = calls, {}
  local function work()
    while left > 0 do
      left = left - 1
      assert(pool[operation](pool, example.params))
    end
  end
  for i = 1, in_flight do threads[i] = ngx.thread.spawn(work) end
  for _, thread in ipairs(threads) do assert(ngx.thread.wait(thread)) end
end

--- The client of a server.
-- @tparam string url
-- @treturn table
function M.client(url)
  return require("cognito").new(example.with { endpoint = url })
end

--- Makes the calls that the query asks for (`operation`, `calls`, `in_flight`),
-- after some to warm up, and answers with the CPU time that the worker took for
-- one, in microseconds.
-- @tparam table pool
function M.run(pool)
  local query = ngx.req.get_uri_args()
  local calls, in_flight = tonumber(query.calls), tonumber(query.in_flight)
  make(pool, query.operation, math.floor(calls / 10) + in_flight, in_flight)
  collectgarbage()
  local begin = os.clock()
  make(pool, query.operation, calls, in_flight)
  ngx.print((os.clock() - begin) / calls * 1e6)
end

return M

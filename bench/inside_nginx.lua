--- The code inside nginx when calls are measured there.

local cognito = require "cognito"
local example = require "bench.example"

local M = {}

local ngx = rawget(_G, "ngx")

local function client_call(pool, operation)
  return function() assert(pool[operation](pool, example.params)) end
end

-- A request as the client would make it, written once.
local function request_bytes(url, operation)
  local request = example.client_request(url, operation)
  local lines = { "POST / HTTP/1.1", "Host: " .. url:match "^https://([^/]+)" }
  for _, header in ipairs(request.headers) do lines[#lines + 1] = table.concat(header, ": ") end
  lines[#lines + 1] = "Content-Length: " .. #request.body
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. request.body
end

-- The least that a call can do here: nginx's socket alone, with a request that is the same
-- each time, and a reply that is not looked at.
local function socket_call(url, operation)
  local host, port = url:match "^https://([%d.]+):(%d+)/"
  local bytes = request_bytes(url, operation)
  local pool = { pool = "bare" }
  return function()
    local socket = ngx.socket.tcp()
    socket:settimeouts(10000, 10000, 10000)
    assert(socket:connect(host, tonumber(port), pool))
    if socket:getreusedtimes() == 0 then assert(socket:sslhandshake(nil, host, true)) end
    assert(socket:send(bytes))
    assert(socket:receiveany(8192))
    assert(socket:setkeepalive(60000, 64))
  end
end

-- So many calls, so many of them at once.
local function make(call, calls, in_flight)
  local left, threads = calls, {}
  local function work()
    while left > 0 do
      left = left - 1
      call()
    end
  end
  for i = 1, in_flight do threads[i] = ngx.thread.spawn(work) end
  for _, thread in ipairs(threads) do assert(ngx.thread.wait(thread)) end
end

--- The subjects of the measurement, by name: calls of a client, and those of a bare socket.
-- @tparam string url
-- @treturn table
function M.subjects(url)
  local pool = cognito.new(example.with { endpoint = url })
  return {
    client = function(operation) return client_call(pool, operation) end,
    socket = function(operation) return socket_call(url, operation) end,
  }
end

--- Makes the calls that the query asks for (`subject`, `operation`, `calls`,
-- `in_flight`), after some to warm up, and answers with the CPU time that the
-- worker took for one, in microseconds.
-- @tparam table subjects
function M.run(subjects)
  local query = ngx.req.get_uri_args()
  local calls, in_flight = tonumber(query.calls), tonumber(query.in_flight)
  local call = subjects[query.subject](query.operation)
  make(call, math.floor(calls / 10) + in_flight, in_flight)
  collectgarbage()
  local begin = os.clock()
  make(call, calls, in_flight)
  ngx.print((os.clock() - begin) / calls * 1e6)
end

return M

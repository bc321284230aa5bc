--- Calls over the network, from the bare exchange to the whole client:
--
--     calls.lua PROGRAM URL CA_PATH CALLS OPERATION [IN_FLIGHT]

local clock = require "bench.clock"
local cognito = require "cognito"
local core = require "cognito.core"
local example = require "bench.example"

local program, url, ca_path = arg[1], arg[2], arg[3]
local calls, operation, in_flight = tonumber(arg[4]), arg[5], tonumber(arg[6])

-- Under callgrind a handshake may take seconds; one that is given up and begun
-- again would be counted.
local PATIENT = 600

-- Bytes: the longest reply is a mebibyte without its headers.
local MAX_RESPONSE = 2 * 1048576

local http = core.http { ca_path = ca_path, connect_timeout = PATIENT, timeout = PATIENT }
local context = example.with { endpoint = url, http = http }
local params = example.params_of(operation)

local programs = {}

local function new_pool(settings)
  settings.endpoint = url
  settings.connect_timeout, settings.attempt_timeout, settings.timeout = PATIENT, PATIENT, PATIENT
  return cognito.new(example.with(settings))
end

--- One request, built before, sent as it is.
function programs.send()
  local request = assert(core.build(operation, params, context))
  clock.run(calls, function()
    assert(assert(http:send(request)).status == 200)
  end)
end

--- The same, each over a new connection.
function programs.fresh()
  local request = assert(core.build(operation, params, context))
  local options = { max_idle = 0 }
  clock.run(calls, function()
    assert(assert(http:send(request, options)).status == 200)
  end)
end

--- One C function that builds, sends and parses.
function programs.core()
  local call = core[operation]
  clock.run(calls, function()
    assert(call(params, context))
  end)
end

--- The client: defaults, validation, retry policy, typed errors.
function programs.client()
  local pool = new_pool { ca_path = ca_path, max_response = MAX_RESPONSE }
  clock.run(calls, function()
    assert(pool[operation](pool, params))
  end)
end

--- Many in flight, without the client: each is built when it starts and parsed when it is done.
function programs.many()
  local function start()
    assert(http:start(assert(core.build(operation, params, context))))
  end
  clock.run_all(calls, function(n)
    local started = math.min(n, in_flight)
    for _ = 1, started do
      start()
    end
    while n > 0 do
      http:step(10)
      local id, response, err = http:take()
      while id do
        assert(core.parse(operation, assert(response, err)))
        n = n - 1
        if started > 0 and n >= in_flight then
          start()
        end
        id, response, err = http:take()
      end
    end
  end)
end

-- Makes n calls in as many tasks of a loop as are to be in flight.
local function call_in_tasks(loop, pool, n)
  local to_start = n
  local function go_on()
    while to_start > 0 do
      to_start = to_start - 1
      assert(pool[operation](pool, params))
    end
  end
  for _ = 1, math.min(n, in_flight) do
    loop:spawn(go_on)
  end
  loop:run()
end

-- One call, whose TLS session all later connections resume: how many handshakes
-- are whole ones would be chance.
local function loop_and_pool()
  local loop = cognito.loop { concurrency = in_flight, ca_path = ca_path }
  local pool = new_pool { runtime = loop }
  assert(pool[operation](pool, params))
  return loop, pool
end

--- The client, many in flight.
function programs.tasks()
  local loop, pool = loop_and_pool()
  clock.run_all(calls, function(n)
    call_in_tasks(loop, pool, n)
  end)
end

--- Bytes that a call of the client leaves for the collector.
function programs.garbage()
  local pool = new_pool { ca_path = ca_path }
  local function call_all()
    for _ = 1, calls do
      assert(pool[operation](pool, params))
    end
  end
  call_all()
  collectgarbage()
  collectgarbage "stop"
  local before = collectgarbage "count"
  call_all()
  print(("%.0f %d"):format((collectgarbage "count" - before) * 1024 / calls, calls))
end

-- KiB that the process has in memory now, and had at most.
local function resident()
  local status = assert(io.open "/proc/self/status")
  local text = status:read "*a"
  status:close()
  return text:match "VmRSS:%s*(%d+)", text:match "VmHWM:%s*(%d+)"
end

--- The same for long: memory after a tenth of the calls, after all, and the
-- most in between.
function programs.memory()
  local loop, pool = loop_and_pool()
  call_in_tasks(loop, pool, math.ceil(calls / 10))
  local before = resident()
  call_in_tasks(loop, pool, calls - math.ceil(calls / 10))
  print(before, resident())
end

programs[program]()

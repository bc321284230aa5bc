--- Calls over the network, from the bare exchange to the whole client:
--
--     calls.lua PROGRAM URL CA_PATH CALLS OPERATION [IN_FLIGHT]

local clock = require "bench.clock"
local cognito = require "cognito"
local core = require "cognito.core"
local example = require "bench.example"

local program, url, ca_path = arg[1], arg[2], arg[3]
local calls, operation, in_flight = tonumber(arg[4]), arg[5], tonumber(arg[6])

local http = core.http { ca_path = ca_path }
local context = example.with { endpoint = url, http = http }
local params = example.params

local programs = {}

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
  local pool = cognito.new(example.with { endpoint = url, ca_path = ca_path })
  clock.run(calls, function()
    assert(pool[operation](pool, params))
  end)
end

--- Many in flight: each is built when it starts and parsed when it is done.
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

programs[program]()

--- Where a case of the matrix of sends takes place: inside nginx. The work done
-- there is send_in_nginx.lua's.
local cjson = require "cjson"
local places = require "spec.support.send_place"

local M = {}

-- The facts known here about the runtime in there.
local kind = { name = "nginx" }

function kind.new()
  return {}
end

function kind.close()
end

local function order_of(case)
  local runtime = case.runtime
  return {
    settings = case.way.place.pool:settings(), operation = case.operation.name, params = case.params,
    options = { retry_ambiguous = case.way.retry_ambiguous },
    plan = { detour = runtime.detour, wait = runtime.wait, max_idle = runtime.max_idle },
  }
end

local function request(nginx, order)
  return { method = "POST", url = nginx:url "/send", body = cjson.encode(order) }
end

local function told(response)
  assert(response.status == 200, response.body)
  return cjson.decode(response.body)
end

local error_mt = { __tostring = function(err) return err.text end }

local function take_over(case, outcome)
  case.result, case.meta = outcome.result, outcome.meta
  case.err = outcome.err and setmetatable(outcome.err, error_mt)
  case.runtime.attempts, case.runtime.first = outcome.attempts, outcome.first
end

-- Idle connections are the worker's. Those of other cases are distinguished by
-- their longest idle time, each case's longer than the one before, and
-- all for longer than making the large requests that are sent together takes.
local max_idle = 10

local function runtime_of(place, fault)
  local runtime = place.of_any_kind(place, fault)
  runtime.max_idle = 0
  if fault.detour == "unknown" then
    runtime.detour = { url = "https://nowhere/" } -- as dns_server.lua says
  end
  return runtime
end

local function warm(place, runtime, idle)
  max_idle = max_idle + 0.001
  runtime.max_idle = max_idle
  if idle then
    idle.operation = "describe_user_pool_client"
    place.pool:misbehave(idle)
  end
  local outcome = told(assert(place.nginx.http:send(request(place.nginx, {
    settings = place.pool:settings(), operation = "describe_user_pool_client", params = {}, options = {},
    plan = { max_idle = runtime.max_idle },
  }))))
  assert(outcome.result, outcome.err and outcome.err.text)
  assert(not outcome.first.reused, "it took a connection of another case")
  if idle then
    place.pool:behave() -- by now the other side has done its work
  end
end

local function carry_out(place, cases)
  local http, waiting = place.nginx.http, {}
  for _, case in ipairs(cases) do
    waiting[assert(http:start(request(place.nginx, order_of(case))))] = case
  end
  while next(waiting) do
    http:step(1)
    for id, response, err in http.take, http do
      take_over(waiting[id], told(assert(response, err and err.message)))
      waiting[id] = nil
    end
  end
end

--- A sandbox in a process of its own, and a client inside nginx.
-- @tparam table nginx server that runs send_in_nginx.lua at /send
function M.remote(nginx)
  local place = places.remote(kind)
  place.nginx, place.of_any_kind = nginx, place.runtime
  place.runtime, place.warm, place.carry_out = runtime_of, warm, carry_out
  return place
end

return M

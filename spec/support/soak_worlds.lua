--- Where the calls of soak.lua go: over sockets to spec/c/soak_server.c, or to a sandbox
-- within this process.

local cognito = require "cognito"
local operations = require "spec.support.send_operations"
local soak = require "spec.support.soak"

local M = {}

-- Attempts that have no answer within this time are given up; the server's `late` is longer.
local ATTEMPT = 0.15 -- seconds
local TIMEOUT = 600 -- of a call: no machine is so busy
local PATIENCE = { timeout = 10, connect_timeout = 10 } -- with a question to the server

M.IN_FLIGHT = 64 -- calls at once, where a runtime has that

local function no_variable() end

-- Short waits between attempts: otherwise a call in a hundred waits for a second.
local function little() return math.random() * 0.01 end

local function client(settings)
  settings.random, settings.env = little, no_variable
  settings.attempt_timeout, settings.timeout = ATTEMPT, TIMEOUT
  return cognito.new(settings)
end

-- ---- over sockets ----

local function name(call) return ("soak-%010d"):format(call) end

-- A server's answer to a question. A fault may break this connection, too; and while
-- requests are still to be carried out the server cannot answer.
local function ask(runtime, url)
  while true do
    local response = runtime:send({ method = "GET", url = url, headers = {} }, PATIENCE)
    if response and response.status == 200 and response.body ~= "wait" then return response.body end
    runtime:sleep(0.01)
  end
end

--- A client of the server, over one of the runtimes.
-- @tparam table kind of spec/support/runtimes/
-- @tparam string url of the server, without a path
-- @treturn table world
function M.remote(kind, url)
  local runtime = kind.new {}
  local pool = client {
    runtime = runtime, endpoint = url, region = "eu-west-1", user_pool_id = "eu-west-1_soak", client_id = "soak",
    credentials = { access_key_id = "a", secret_access_key = "b" },
  }
  return {
    kind = kind, runtime = runtime, pool = pool, in_flight = kind.has.concurrency and M.IN_FLIGHT or 1, name = name,
    prepare = function() end,
    carried_out = function(from, n)
      local digits
      kind.run(runtime, function() digits = ask(runtime, ("%s/counts/%d/%d"):format(url, from, n)) end)
      assert(#digits == n, digits)
      return function(call) return digits:byte(call - from + 1) - 48 end
    end,
  }
end

-- ---- within the process ----

-- Each kind with one request in a hundred.
local faults = {
  { what = "unreachable" },
  { what = "throttle" },
  { what = "rate_exceeded" },
  { what = "error", code = "LimitExceededException" },
  { what = "status_500" },
  { what = "status_500", phase = "after" },
  { what = "status_502", phase = "after" },
  { what = "status_503" },
  { what = "status_504", phase = "after" },
  { what = "drop", phase = "first_byte" },
  { what = "drop" },
  { what = "reset" },
  { what = "stall" },
  { what = "drop", phase = "after" },
  { what = "reset", phase = "after", cut = "body" },
  { what = "stall", phase = "after" },
  { what = "delay", seconds = 1 },
  { what = "delay", seconds = 1, phase = "after" },
  { what = "delay", seconds = 0.01 },
  { what = "trickle", seconds = 0.0001 },
  { what = "malformed", phase = "after" },
  { what = "oversized", phase = "after", bytes = 1200000 },
}

local function add_users(box, from, n)
  for call = from, from + n - 1 do
    local user = operations.user(soak.operation(call), name(call))
    if user then box:add_user(user) end
  end
end

local function prepare(box, from, n)
  box:reset()
  add_users(box, from, n)
  for _, fault in ipairs(faults) do
    fault.times, fault.chance = 1e9, 0.01
    box:misbehave(fault)
  end
end

--- A client of a sandbox that is its runtime. The box forgets the users, messages and
-- counts of one block before the next.
-- @tparam table kind spec/support/runtimes/sandbox.lua
-- @treturn table world
function M.here(kind)
  local box = require("cognito.sandbox").new {}
  return {
    kind = kind, runtime = box, pool = client(box:settings()), in_flight = 1, name = name,
    prepare = function(from, n) prepare(box, from, n) end,
    carried_out = function()
      local counts = box:executions()
      return function(call)
        local of_operation = counts[soak.operation(call).name]
        return of_operation and of_operation.users[name(call)] or 0
      end
    end,
  }
end

return M

--- Thousands of calls over 64 connections against the sandbox over HTTP, which
-- misbehaves at every stage of an exchange. Every task ends exactly once, and
-- what the client says of a call agrees with what the service did: a success
-- was carried out once, what is ambiguous at most once, everything else never.
-- `make soak-loop` makes more of them.
local cognito = require "cognito"
local proc = require "spec.support.proc"

-- Of ours: what other specs in this process have left to the collector is not
-- counted.
local function descriptors()
  collectgarbage()
  collectgarbage()
  return proc.descriptors()
end
local sandbox = require "spec.support.sandbox_process"

local TASKS = tonumber(os.getenv "SOAK_TASKS") or 500 -- three calls each
local CONNECTIONS = 64

-- What goes wrong, each with one request in a hundred.
local faults = {
  { what = "throttle" },
  { what = "rate_exceeded" },
  { what = "status_500" },
  { what = "status_500", phase = "after" },
  { what = "status_502", phase = "after" },
  { what = "status_503" },
  { what = "status_504", phase = "after" },
  { what = "drop", phase = "connect" },
  { what = "drop", phase = "first_byte" },
  { what = "reset", phase = "head" },
  { what = "drop" },
  { what = "reset" },
  { what = "drop", phase = "after" },
  { what = "reset", phase = "after" },
  { what = "drop", phase = "after", cut = "headers" },
  { what = "reset", phase = "after", cut = "body" },
  { what = "hang_up" },
  { what = "delay", seconds = 0.05 },
  { what = "delay", seconds = 0.05, phase = "after" },
  { what = "trickle", seconds = 0.0001 },
  { what = "malformed" },
  { what = "malformed", phase = "after" },
  { what = "oversized", phase = "after" },
  { what = "stall", phase = "after", chance = 0.002 },
  { what = "delay", seconds = 10, chance = 0.002 }, -- longer than the client waits
}

local process, loop

setup(function() process = sandbox.start() end)
teardown(function() process:stop() end)

-- What breaks connections may break this one, too.
local function insist(method, ...)
  local ok, answer
  repeat ok, answer = pcall(process[method], process, ...) until ok
  return answer
end

local function misbehave()
  for _, fault in ipairs(faults) do
    fault.times, fault.chance = 1e9, fault.chance or 0.01
    insist("post", "/misbehave", fault)
  end
end

local function new_pool()
  return cognito.new {
    runtime = loop, attempt_timeout = 5, timeout = 600, -- long enough for a busy machine
    env = function(name) return process.settings[name] end,
    user_pool_id = process.settings.COGNITO_USER_POOL_ID,
    client_id = process.settings.COGNITO_CLIENT_ID,
    client_secret = process.settings.COGNITO_CLIENT_SECRET,
  }
end

-- The calls of one task. A list of { operation, result, err }.
local function use(pool, name)
  local calls = {}
  local function call(operation, params)
    local result, err = pool[operation](pool, params)
    calls[#calls + 1] = { operation = operation, result = result, err = err }
    return result
  end
  call("admin_create_user", {
    username = name, user_attributes = {
      { name = "email", value = name .. "@example.com" }, { name = "email_verified", value = "true" },
    },
  })
  call("admin_set_user_password", { username = name, password = "Long-enough1", permanent = true })
  call("admin_reset_user_password", { username = name })
  return calls
end

-- Whether the service did what the client says. Setting a password is repeated
-- where nobody knows: twice is as good as once. The rest sends messages.
local function agrees(call, carried_out)
  local most = call.operation == "admin_set_user_password" and math.huge or 1
  if call.result then
    return carried_out >= 1 and carried_out <= most
  end
  return carried_out <= (call.err.ambiguous and most or 0)
end

describe("a loop under load", function()
  it("tells the truth about every call", function()
    local open = descriptors()
    loop = cognito.loop { concurrency = CONNECTIONS }
    local pool, outcomes, ends = new_pool(), {}, 0
    misbehave()
    for i = 1, TASKS do
      local name = ("user-%d"):format(i)
      loop:spawn(function()
        local calls = use(pool, name)
        assert.is_nil(outcomes[name])
        outcomes[name], ends = calls, ends + 1
      end)
    end
    loop:run()
    insist("post", "/behave", {})
    assert.equal(TASKS, ends)
    assert.same({ tasks = 0, requests = 0, connections = loop:stats().connections }, loop:stats())

    local executions = insist("get", "/executions")
    process.http:close()
    process.http = nil
    local told, late = { succeeded = 0, ambiguous = 0, failed = 0 }, 0
    for name, calls in pairs(outcomes) do
      for _, call in ipairs(calls) do
        local how = call.result and "succeeded" or call.err.ambiguous and "ambiguous" or "failed"
        told[how] = told[how] + 1
        if not call.result and call.err.code == "timeout" then late = late + 1 end
        local carried_out = executions[call.operation].users[name] or 0
        assert.is_true(agrees(call, carried_out), ("%s, %s, was carried out %d times: %s"):format(
          call.operation, how, carried_out, tostring(call.err)))
      end
    end
    assert.equal(3 * TASKS, told.succeeded + told.ambiguous + told.failed)
    assert.is_true(told.succeeded + late > 2 * TASKS) -- what a busy machine has no time for is no fault
    assert.is_true(told.ambiguous > TASKS / 50)
    loop:close()
    assert.is_true(descriptors() <= open, "descriptors are left open") -- other specs' garbage may have gone
  end)
end)

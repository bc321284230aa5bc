--- The outcome of a call when the network fails it. All the places where an
-- exchange can break are the matrix's (spec/http/send_matrix_spec.lua); here is one of a
-- kind.
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

local SHORT = 0.2 -- seconds, of an attempt that is meant to time out

local READ, MESSAGE = "admin_get_user", "forgot_password"

local function call(world, operation, faults, options)
  local user, pool = world:user(), world:client()
  for _, fault in ipairs(faults) do
    fault.operation = operation
    world.pool:misbehave(fault)
  end
  local result, err, meta = pool[operation](pool, { username = user }, options)
  return { result = result, err = err, meta = meta, executions = world.pool:executions(operation, user) }
end

local cases = {}

-- It is no secret what became of a read: tried again. Of a message: not.
local function broken(name, needs, fault, code, carried, options)
  cases[#cases + 1] = { name, needs, function(world)
    local done = call(world, MESSAGE, { fault }, options)
    failure({ code = code, kind = "network", attempts = 1, ambiguous = true, retryable = false },
      done.result, done.err)
    assert(done.err.hint, "no hint")
    equal(carried, done.executions)
    done = call(world, READ, { fault }, options)
    success(done.result, done.err)
    equal(2, done.meta.attempts)
    equal(carried + 1, done.executions)
  end }
end

local socket = { "sockets" }

broken("closed before it was carried out", {}, { what = "drop" }, "connection_lost", 0)
broken("closed after it was carried out", {}, { what = "drop", phase = "after" }, "connection_lost", 1)
broken("reset before it was carried out", {}, { what = "reset" }, "connection_lost", 0)
broken("closed after the request's head", socket, { what = "drop", phase = "head" }, "connection_lost", 0)
broken("closed in the reply's headers", socket, { what = "drop", phase = "after", cut = "headers" },
  "connection_lost", 1)
broken("closed in the reply's body", socket, { what = "drop", phase = "after", cut = "body" }, "connection_lost", 1)
broken("silent before it was carried out", {}, { what = "stall" }, "timeout", 0, { attempt_timeout = SHORT })
broken("half a document", {}, { what = "malformed", phase = "after" }, "malformed_response", 1)
broken("more than anybody wants", {}, { what = "oversized", phase = "after" }, "too_large", 1)

cases[#cases + 1] = { "nothing listens", { "sockets" }, function(world)
  local pool = world:client { endpoint = world:refusing() }
  for _, operation in ipairs { READ, MESSAGE } do
    local err = failure({ code = "connect", kind = "network", attempts = 3, ambiguous = false, retryable = true },
      pool[operation](pool, { username = "ada" }))
    assert(err.hint, "no hint")
  end
end }

cases[#cases + 1] = { "no connection at all", { "process" }, function(world)
  local done = call(world, MESSAGE, { { what = "unreachable", times = 3 } })
  failure({ code = "connect", attempts = 3, ambiguous = false, retryable = true }, done.result, done.err)
  equal(0, done.executions)
end }

cases[#cases + 1] = { "a host that does not exist", { "sockets" }, function(world)
  local pool = world:client { endpoint = world:nowhere() }
  failure({ code = "dns", attempts = 3, ambiguous = false, retryable = true },
    pool:forgot_password { username = "ada" })
end }

-- The attempts share what the deadline leaves.
cases[#cases + 1] = { "the deadline ends a call that gets no answer", {}, function(world)
  local done = call(world, READ, { { what = "stall", times = 3 } }, { attempt_timeout = 60, timeout = SHORT })
  failure({ code = "timeout", attempts = 1 }, done.result, done.err)
  equal(1, world.pool:behave(), "ordered, and did not happen")
  assert(done.meta.elapsed >= SHORT * 0.9, "it gave up too early")
  assert(done.meta.elapsed < 10, "it did not give up in time")
end }

-- Later cases are not to meet the remains of the one before.
cases[#cases + 1] = { "a call after a call that was given up", { "sockets" }, function(world)
  local pool = world:client()
  local first, second = world:user(), world:user()
  world.pool:misbehave { operation = READ, what = "delay", phase = "after", seconds = SHORT * 2 }
  local impatient = { attempt_timeout = SHORT, max_attempts = 1 }
  failure({ code = "timeout" }, pool:admin_get_user({ username = first }, impatient))
  for _ = 1, 3 do
    equal(second, success(pool:admin_get_user { username = second }).username)
  end
end }

return cases

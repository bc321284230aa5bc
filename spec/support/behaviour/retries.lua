--- Calls that are tried again, and calls that are not: the table "Retry" of docs/design.md.
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

-- One operation of each class.
local operations = {
  read = "admin_get_user",
  ["repeat"] = "admin_enable_user",
  once = "admin_confirm_sign_up",
  message = "forgot_password",
}

local function user_for(world, class)
  return world:user { status = class == "once" and "UNCONFIRMED" or "CONFIRMED" }
end

-- Calls the class's operation while the pool misbehaves. Returns what the call
-- returns, and how often it was carried out.
local function call(world, class, fault, more, options)
  local operation, user = operations[class], user_for(world, class)
  local pool = world:client(more)
  fault.operation = operation
  world.pool:misbehave(fault)
  local result, err, meta = pool[operation](pool, { username = user }, options)
  return { result = result, err = err, meta = meta, executions = world.pool:executions(operation, user) }
end

local cases = {}

local function add(name, check)
  cases[#cases + 1] = { name, check }
end

for class in pairs(operations) do
  local harmless = class == "read" or class == "repeat"

  add(class .. ": a throttle, and then success", function(world)
    local done = call(world, class, { what = "throttle" })
    success(done.result, done.err)
    equal(2, done.meta.attempts)
    equal(1, done.executions)
  end)

  add(class .. ": a throttle without a type", function(world)
    local done = call(world, class, { what = "rate_exceeded" })
    success(done.result, done.err)
    equal(2, done.meta.attempts)
  end)

  add(class .. ": throttled all the time", function(world)
    local done = call(world, class, { what = "throttle", times = 3 })
    failure({ code = "TooManyRequestsException", kind = "throttle", attempts = 3, ambiguous = false,
      retryable = true }, done.result, done.err)
    equal(3, done.meta.attempts)
    equal(0, done.executions)
  end)

  for i, phase in ipairs { "before", "after" } do
    for _, what in ipairs { "status_500", "status_503" } do
      add(("%s: %s %s carrying out"):format(class, what, phase), function(world)
        local done = call(world, class, { what = what, phase = phase })
        if harmless then
          success(done.result, done.err)
          equal(2, done.meta.attempts)
          equal(i, done.executions)
        else
          failure({ ambiguous = true, retryable = false, attempts = 1, status = tonumber(what:match "%d+") },
            done.result, done.err)
          equal(i - 1, done.executions)
        end
      end)
    end
  end

  add(class .. ": retry_ambiguous", function(world)
    local done = call(world, class, { what = "status_500" }, { retry_ambiguous = true })
    success(done.result, done.err)
    equal(2, done.meta.attempts)
    equal(1, done.executions)
  end)

  add(class .. ": limit exceeded", function(world)
    local done = call(world, class, { what = "error", code = "LimitExceededException" })
    failure({ code = "LimitExceededException", attempts = 1, ambiguous = false }, done.result, done.err)
    equal(0, done.executions)
  end)
end

add("ambiguity, once earned, sticks", function(world)
  local user, pool = world:user(), world:client()
  world.pool:misbehave { operation = "forgot_password", what = "status_500", phase = "after" }
  world.pool:misbehave { operation = "forgot_password", what = "error", code = "LimitExceededException" }
  failure({ code = "LimitExceededException", attempts = 2, ambiguous = true, retryable = false },
    pool:forgot_password({ username = user }, { retry_ambiguous = true }))
  equal(1, world.pool:executions("forgot_password", user))
end)

add("max_attempts", function(world)
  local done = call(world, "read", { what = "throttle" }, { max_attempts = 1 })
  failure({ kind = "throttle", attempts = 1 }, done.result, done.err)
  done = call(world, "read", { what = "throttle", times = 4 }, nil, { max_attempts = 5 })
  success(done.result, done.err)
  equal(5, done.meta.attempts)
end)

add("a wait that would pass the deadline is not begun", function(world)
  -- The first throttle's delay is one second, of which random takes all.
  local done = call(world, "read", { what = "throttle" }, { random = function() return 1 end }, { timeout = 0.9 })
  failure({ kind = "throttle", attempts = 1, retryable = true }, done.result, done.err)
  equal(0, world.pool:behave(), "ordered, and did not happen")
end)

add("a clock that is off is corrected", function(world)
  local pool = world:client()
  world.pool:misbehave { operation = "admin_get_user", what = "skew", seconds = 3600, times = 2 }
  local _, err, meta = pool:admin_get_user { username = world:user() }
  equal(nil, err)
  equal(2, meta.attempts)
  assert(math.abs(pool:describe().clock_offset - 3600) < 60, "the offset is not what the Date says")
end)

add("an expired token is replaced", function(world)
  local asked, keys = 0, world:settings().credentials
  local pool = world:client { credentials = function()
    asked = asked + 1
    return keys
  end }
  world.pool:misbehave { operation = "admin_get_user", what = "error", code = "ExpiredTokenException" }
  local _, err, meta = pool:admin_get_user { username = world:user() }
  equal(nil, err)
  equal(2, meta.attempts)
  equal(2, asked)
end)

add("fixed credentials that expired are not tried again", function(world)
  local done = call(world, "read", { what = "error", code = "ExpiredTokenException" })
  failure({ code = "ExpiredTokenException", attempts = 1 }, done.result, done.err)
end)

add("a refused secret is asked for again", function(world)
  local secret, told = world:settings().client_secret, {}
  local pool = world:client { client_secret = function(refused)
    told[#told + 1] = tostring(refused)
    return refused and secret or "the-last-one"
  end }
  local user = world:user()
  local _, err, meta = pool:forgot_password { username = user }
  equal(nil, err)
  equal(2, meta.attempts)
  equal("nil the-last-one", table.concat(told, " "))
  equal(1, world.pool:executions("forgot_password", user))
end)

add("of two secrets the other one is tried once, and remembered", function(world)
  local right = world:settings().client_secret
  local pool, user = world:client { client_secret = { "the-next-one", right } }, world:user()
  local _, err, meta = pool:forgot_password { username = user }
  equal(nil, err)
  equal(2, meta.attempts)
  _, err, meta = pool:forgot_password { username = user }
  equal(nil, err)
  equal(1, meta.attempts)
  equal(2, world.pool:executions("forgot_password", user))
end)

add("of two secrets that are both wrong neither is tried twice", function(world)
  local pool = world:client { client_secret = { "the-next-one", "the-last-one" } }
  for _ = 1, 2 do
    local user = world:user()
    local err = failure({ code = "NotAuthorizedException", reason = "secret_hash", attempts = 2, ambiguous = false },
      pool:forgot_password { username = user })
    assert(err.hint:find("neither of the two", 1, true), err.hint)
    equal(0, world.pool:executions("forgot_password", user))
  end
end)

add("two secrets, while calls are in flight", function(world)
  local right = world:settings().client_secret
  local pool, fns, attempts = world:client { client_secret = { "the-next-one", right } }, {}, 0
  for i = 1, 20 do
    local user = world:user()
    fns[i] = function()
      local _, err, meta = pool:forgot_password { username = user }
      equal(nil, err)
      equal(1, world.pool:executions("forgot_password", user))
      attempts = math.max(attempts, meta.attempts)
    end
  end
  world:together(fns)
  equal(2, attempts)
end)

return cases

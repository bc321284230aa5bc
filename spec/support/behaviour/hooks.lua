--- The hooks of a program's calls.
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

-- The values of a header in the requests that a script has received.
local function values(world, script, name)
  local found = {}
  for i, request in ipairs(world:received(script)) do
    found[i] = request.bytes:match("\r\n" .. name .. ": ([^\r]*)") or "none"
  end
  return table.concat(found, " ")
end

return {
  { "on_request adds a header to each attempt", { "sockets" }, function(world)
    local throttle = world:reply(400, { "x-amzn-errortype: TooManyRequestsException" }, "{}")
    local script = world:script { throttle, world:reply(200, {}, "{}") }
    local pool = world:client { endpoint = script.url, on_request = function(request)
      return { traceparent = request.operation .. request.attempt }
    end }
    success(pool:admin_enable_user { username = "ada" })
    equal("admin_enable_user1 admin_enable_user2", values(world, script, "traceparent"))
  end },

  { "on_request and on_attempt share a table of the call", function(world)
    local told = {}
    local pool = world:client {
      on_request = function(request) request.call.span = request.params.username .. request.attempt end,
      on_attempt = function(attempt) told[#told + 1] = attempt.call.span end,
    }
    world.pool:misbehave { operation = "admin_get_user", what = "throttle" }
    success(pool:admin_get_user { username = world:user() })
    equal("[redacted]1 [redacted]2", table.concat(told, " "))
  end },

  { "an on_request that raises harms no call", function(world)
    local pool, user = world:client { on_request = function() error("broken hook", 0) end }, world:user()
    local result, err, meta = pool:forgot_password { username = user }
    success(result, err)
    equal("broken hook", meta.hook_error)
    equal(1, world.pool:executions("forgot_password", user))
  end },

  { "an on_request that waits holds up its own call only", function(world)
    local waits, told, fns = true, {}, {}
    local pool = world:client { on_request = function()
      if waits then
        waits = false
        world.runtime:sleep(0.01)
      end
      return { traceparent = "a" }
    end }
    for i = 1, 5 do
      local user = world:user()
      fns[i] = function()
        local result, err, meta = pool:forgot_password { username = user }
        success(result, err)
        equal(1, world.pool:executions("forgot_password", user))
        told[#told + 1] = meta.hook_error
      end
    end
    world:together(fns)
    -- Lua 5.1 cannot suspend a task within a hook, and says so.
    for _, message in ipairs(told) do assert(message:find "yield" or message:find "suspend", message) end
    assert(#told == 0 or _VERSION == "Lua 5.1", told[1])
  end },

  { "a strategy of one's own decides when, and never whether it is safe", function(world)
    local asked = 0
    local own = { delay = function() asked = asked + 1 return 0 end }
    local pool, user = world:client { retry = own }, world:user()
    world.pool:misbehave { operation = "forgot_password", what = "throttle" }
    success(pool:forgot_password { username = user })
    equal(1, asked)
    world.pool:misbehave { operation = "forgot_password", what = "status_500", phase = "after" }
    failure({ ambiguous = true, attempts = 1 }, pool:forgot_password { username = user })
    equal(1, asked)
    equal(2, world.pool:executions("forgot_password", user))
  end },

  { "a strategy that raises ends the call with the service's error", function(world)
    local pool = world:client { retry = { delay = function() error("broken", 0) end } }
    world.pool:misbehave { operation = "admin_get_user", what = "throttle" }
    local _, meta = failure({ kind = "throttle", attempts = 1 }, pool:admin_get_user { username = world:user() })
    equal("broken", meta.hook_error)
  end },
}

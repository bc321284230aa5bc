--- Signing in through challenges, with a device that is remembered, and new tokens.
local expect = require "spec.support.expect"
local recovery = require "cognito.recovery"

local PASSWORD = "Analytical-Engine-1837"

local equal, success = expect.equal, expect.success

return {
  { "a device is remembered, and proves itself the next time", function(world)
    local user = world:user { password = PASSWORD }
    local pool = world:client()
    local tokens = success(recovery.sign_in(pool, { username = user, password = PASSWORD }, { remember_device = true }))
    equal(nil, tokens.device_error)
    equal("string", type(tokens.device.password))
    equal(user, tokens.username)
    local again, _, meta = recovery.sign_in(pool, { username = user, password = PASSWORD, device = tokens.device })
    success(again)
    equal(tokens.device, again.device)
    equal("respond_to_auth_challenge", meta.operation)
    equal(1, world.pool:executions("confirm_device", user))
  end },

  { "tokens are refreshed from the device of the sign-in", function(world)
    local user = world:user { password = PASSWORD }
    local pool = world:client()
    local tokens = success(recovery.sign_in(pool, { username = user, password = PASSWORD }, { remember_device = true }))
    for _, rotation in ipairs { false, true } do
      local new = success(recovery.refresh(pool, tokens, { rotation = rotation }))
      equal(user, success(pool:get_user { access_token = new.access_token }).username)
      tokens = new
    end
  end },

  { "a sign-in by a clock that is an hour off", function(world)
    local user = world:user { password = PASSWORD }
    local off = world:client { now = function() return os.time() - 3600 end }
    success(recovery.sign_in(off, { username = user, password = PASSWORD }))
    equal(true, math.abs(off:describe().clock_offset - 3600) < 240)
  end },
}

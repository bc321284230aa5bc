--- The service's answers, and the program's view of them.
local recovery = require "cognito.recovery"
local expect = require "spec.support.expect"

local PASSWORD = "Analytical-Engine-1837"

local equal, success, failure = expect.equal, expect.success, expect.failure

local function check_meta(meta, operation)
  equal(operation, meta.operation)
  equal(200, meta.status)
  equal(1, meta.attempts)
  assert(meta.request_id:find "^%x+%-", "no request id")
  assert(meta.elapsed >= 0)
end

-- The outcome of a call that is to fail at once, without having been repeated.
local function refused(world, operation, params, fields, more)
  local pool = world:client(more)
  fields.kind, fields.operation, fields.status, fields.attempts = "service", operation, 400, 1
  fields.ambiguous, fields.retryable = false, false
  local err, meta = failure(fields, pool[operation](pool, params))
  assert(err.hint, "no hint")
  equal(1, meta.attempts)
  equal(400, meta.status)
  equal(err.request_id, meta.request_id)
end

return {
  { "a public call", function(world)
    local user = world:user()
    local result, err, meta = world:client():forgot_password { username = user }
    success(result, err)
    equal("EMAIL", result.code_delivery_details.delivery_medium)
    equal("email", result.code_delivery_details.attribute_name)
    equal(nil, err)
    check_meta(meta, "forgot_password")
    equal(1, world.pool:executions("forgot_password", user))
  end },

  { "a signed call", function(world)
    local user = world:user()
    local result, err, meta = world:client():admin_get_user { username = user }
    success(result, err)
    equal(user, result.username)
    equal("CONFIRMED", result.user_status)
    check_meta(meta, "admin_get_user")
  end },

  { "an empty reply is an empty table", function(world)
    local result, err, meta = world:client():admin_reset_user_password { username = world:user() }
    success(result, err)
    equal(nil, next(result))
    check_meta(meta, "admin_reset_user_password")
  end },

  { "a recovery from beginning to end", function(world)
    local user = world:user { status = "UNCONFIRMED" }
    local pool = world:client()
    success(pool:resend_confirmation_code { username = user })
    success(pool:admin_confirm_sign_up { username = user })
    success(pool:admin_set_user_password { username = user, password = PASSWORD, permanent = true })
    local signed_in = success(pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = user, PASSWORD = PASSWORD } })
    assert(signed_in.authentication_result.access_token, "no token")
  end },

  { "a sign-in by SRP, through a new password", function(world)
    local user = world:user()
    local pool = world:client()
    success(pool:admin_set_user_password { username = user, password = PASSWORD, permanent = false })
    local asked
    local tokens, err, meta = recovery.sign_in(pool, { username = user, password = PASSWORD }, {
      on_challenge = function(challenge)
        asked = challenge.name
        return "Difference-Engine-1822"
      end,
    })
    success(tokens, err)
    equal("NEW_PASSWORD_REQUIRED", asked)
    equal("string", type(tokens.access_token))
    check_meta(meta, "respond_to_auth_challenge")
  end },

  { "an account that is made safe, step by step", function(world)
    local user = world:user { devices = 2, managed_logins = 1 }
    local account = success(recovery.secure(world:client(), user, { lock = true }))
    local words = {}
    for i, entry in ipairs(account.steps) do words[i] = entry.step .. "=" .. entry.state end
    equal("lock=done sign_out=done sessions=done devices=done list_factors=done remove_factor=skipped "
      .. "events=unavailable tokens=done", table.concat(words, " "))
    equal(true, account.complete)
    equal(2, world.pool:executions("admin_forget_device", user))
    equal(1, world.pool:executions("admin_revoke_user_session", user))
  end },

  { "a wrong secret hash", function(world)
    refused(world, "forgot_password", { username = world:user() },
      { code = "NotAuthorizedException", reason = "secret_hash" }, { client_secret = "not-the-secret" })
  end },

  { "a missing secret hash", function(world)
    refused(world, "forgot_password", { username = world:user(), secret_hash = false },
      { code = "NotAuthorizedException", reason = "secret_hash" })
  end },

  { "a wrong signature", function(world)
    local keys = world:settings().credentials
    refused(world, "admin_get_user", { username = world:user() }, { code = "InvalidSignatureException" },
      { credentials = { access_key_id = keys.access_key_id, secret_access_key = "another-key" } })
  end },

  { "a user nobody has", function(world)
    refused(world, "admin_get_user", { username = world:name() }, { code = "UserNotFoundException" })
  end },

  { "a user without a contact", function(world)
    local user = world:user { email_verified = false }
    refused(world, "forgot_password", { username = user },
      { code = "InvalidParameterException", reason = "no_verified_contact" })
    equal(0, world.pool:executions("forgot_password", user))
  end },

  { "a user who is confirmed already", function(world)
    refused(world, "resend_confirmation_code", { username = world:user() },
      { code = "InvalidParameterException", reason = "already_confirmed" })
  end },

  { "a user who is in another state", function(world)
    refused(world, "forgot_password", { username = world:user { status = "FORCE_CHANGE_PASSWORD" } },
      { code = "NotAuthorizedException", reason = "wrong_user_state" })
  end },

  { "a wrong code", function(world)
    local user = world:user()
    success(world:client():forgot_password { username = user })
    refused(world, "confirm_forgot_password", { username = user, confirmation_code = "000000", password = PASSWORD },
      { code = "CodeMismatchException" })
  end },

  { "the hourly limit is no throttle", function(world)
    local user, pool = world:user(), world:client()
    local sent = 0
    while pool:forgot_password { username = user } do
      sent = sent + 1
      assert(sent < 50, "there is no limit")
    end
    refused(world, "forgot_password", { username = user },
      { code = "LimitExceededException", reason = "hourly_limit" })
    equal(sent, world.pool:executions("forgot_password", user))
  end },

  { "a wrong parameter is refused before anything is sent", function(world)
    local pool = world:client()
    local err, meta = failure({ code = "invalid_parameter", kind = "validation", attempts = 0,
      ambiguous = false, retryable = false }, pool:forgot_password { user_name = "ada" })
    equal(0, meta.attempts)
    assert(err.message:find("username", 1, true), "the right name is not named")
  end },

  { "missing credentials send nothing", function(world)
    local pool = world:client { credentials = function() return nil, "the vault is closed" end }
    local user = world:user()
    local err = failure({ code = "no_credentials", kind = "credentials", attempts = 0 },
      pool:admin_reset_user_password { username = user })
    assert(err.message:find("the vault is closed", 1, true))
    equal(0, world.pool:executions("admin_reset_user_password", user))
  end },

  { "each attempt is told to the hook", function(world)
    local told = {}
    local pool = world:client { on_attempt = function(event) told[#told + 1] = event end }
    world.pool:misbehave { operation = "admin_get_user", what = "throttle" }
    local _, err, meta = pool:admin_get_user { username = world:user() }
    equal(nil, err)
    equal(2, #told)
    equal("TooManyRequestsException", told[1].code)
    equal(400, told[1].status)
    equal(0, told[1].delay)
    equal(200, told[2].status)
    equal(nil, told[2].code)
    equal(nil, told[2].delay)
    equal(meta.request_id, told[2].request_id)
    for i, event in ipairs(told) do
      equal(i, event.attempt)
      equal("admin_get_user", event.operation)
      assert(event.elapsed >= 0)
    end
  end },

  { "a hook that raises harms no call", function(world)
    local pool = world:client { on_attempt = function() error("broken hook", 0) end }
    local result, err, meta = pool:admin_get_user { username = world:user() }
    success(result, err)
    equal("broken hook", meta.hook_error)
  end },
}

--- recovery.secure at a sandbox, which says what was really carried out.
local cognito = require "cognito"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"
local secured = require "spec.support.secured"

local PASSWORD = "Correct-Horse-9!"
local STEPS = { "sign_out", "sessions", "devices", "list_factors", "remove_factor", "events", "tokens" }

local by_step, line = secured.by_step, secured.line

local function order(account)
  local names = {}
  for i, entry in ipairs(account.steps) do names[i] = entry.step end
  return names
end

describe("making an account safe at the sandbox", function()
  local box, pool

  local function open(user, options)
    box = sandbox.new(options)
    pool = cognito.new(box:settings())
    user = user or {}
    user.username, user.password, user.email = "ada", PASSWORD, "ada@example.com"
    user.devices, user.managed_logins = user.devices or 3, user.managed_logins or 2
    box:add_user(user)
  end

  local function sign_in()
    return recovery.sign_in(pool, { username = "ada", password = PASSWORD }, { flow = "USER_PASSWORD_AUTH" })
  end

  it("closes it, and ends all there is", function()
    open { totp_secret = "JBSWY3DPEHPK3PXP" }
    local account = assert(recovery.secure(pool, "ada", { factors = { "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" } }))
    assert.equal("disable=done sign_out=done sessions=done devices=done list_factors=done remove_factor=done "
      .. "events=unavailable tokens=done", line(account))
    assert.is_true(account.closed)
    assert.is_true(account.complete)
    local user, steps = box:user "ada", by_step(account)
    assert.same({ false, 0, 0, 0 }, { user.enabled, user.sessions, user.devices, user.managed_logins })
    assert.same({ 2, 2, 0, 0 }, { steps.sessions.found, steps.sessions.done, steps.sessions.failed,
      steps.sessions.unknown })
    assert.equal(3, steps.devices.done)
    assert.same({ "PASSWORD", "SOFTWARE_TOKEN_MFA" }, account.factors)
    assert.equal("UserPoolAddOnNotEnabledException", steps.events.err.code)
    assert.equal("the pool's tier or settings do not have it", steps.events.detail)
    for step, entry in pairs(steps) do assert.equal(step == "events", entry.detail ~= nil, step) end
    assert.equal(1, box:executions("admin_delete_software_token", "ada"))
  end)

  it("says until when the access tokens live that are out", function()
    open(nil, { lifetimes = { token = 1234 } })
    local before = box:now()
    local account = assert(recovery.secure(pool, "ada"))
    assert.equal(before + 1234, account.tokens_until)
    assert.equal(before + 86400, account.tokens_until_at_most)
  end)

  it("locks instead, so that its owner can recover", function()
    open()
    local tokens = assert(sign_in())
    local account = assert(recovery.secure(pool, "ada", { lock = true }))
    assert.equal("lock=done sign_out=done sessions=done devices=done list_factors=done remove_factor=skipped "
      .. "events=unavailable tokens=done", line(account))
    assert.is_true(account.closed)
    assert.is_true(box:user "ada".enabled)
    assert.is_nil(sign_in())
    assert.is_nil(pool:get_user { access_token = tokens.access_token })
    assert(pool:forgot_password { username = "ada" })
  end)

  for _, status in ipairs { "EXTERNAL_PROVIDER", "UNCONFIRMED" } do
    it("does not lock where a password would change more: " .. status, function()
      open { status = status }
      local account = assert(recovery.secure(pool, "ada", { lock = true }))
      assert.same({ "unavailable", status }, { account.steps[1].state, box:user "ada".status })
      assert.equal(0, box:executions "admin_set_user_password")
      assert.same({ false, false }, { account.closed, account.complete })
      assert.is_nil(account.tokens_until)
      assert.equal(0, box:user "ada".managed_logins)
    end)
  end

  it("ends at the first call where there is no such user", function()
    open()
    for operation, lock in pairs { admin_disable_user = false, admin_get_user = true } do
      local account, err = recovery.secure(pool, "bob", { lock = lock })
      assert.is_nil(account)
      assert.same({ "UserNotFoundException", operation }, { err.code, err.operation })
    end
    assert.equal(0, box:executions "admin_user_global_sign_out")
  end)

  it("ends where nothing can be sent", function()
    open()
    local settings = box:settings()
    settings.user_pool_id = nil
    local account, err = recovery.secure(cognito.new(settings), "ada")
    assert.is_nil(account)
    assert.same({ "validation", "user_pool_id" }, { err.kind, err.field })
    account, err = recovery.secure(pool, "with a blank")
    assert.is_nil(account)
    assert.equal("InvalidParameterException", err.code)
    account, err = recovery.secure(pool:with { user_pool_id = "eu-west-1_Another" }, "ada")
    assert.is_nil(account)
    assert.equal("ResourceNotFoundException", err.code)
    assert.same({}, box:executions())
  end)

  it("can be run again", function()
    open { totp_secret = "JBSWY3DPEHPK3PXP" }
    assert(recovery.secure(pool, "ada"))
    local account = assert(recovery.secure(pool, "ada"))
    assert.is_true(account.complete)
    assert.equal(0, by_step(account).devices.found)
  end)

  it("is complete after a second run that finds no factor to remove", function()
    open { totp_secret = "JBSWY3DPEHPK3PXP" }
    local factors = { factors = { "SOFTWARE_TOKEN_MFA", "EMAIL_OTP" } }
    assert.is_true(assert(recovery.secure(pool, "ada", factors)).complete)
    local account = assert(recovery.secure(pool, "ada", factors))
    assert.is_true(account.complete, line(account))
    assert.same({ "done", "it was not set up" }, { account.steps[6].state, account.steps[6].detail })
    assert.equal(1, box:executions("admin_delete_software_token", "ada"))
  end)

  it("ends more than a page of sessions and devices", function()
    open { devices = 130, managed_logins = 61 }
    local steps = by_step(assert(recovery.secure(pool, "ada")))
    assert.same({ 130, 61 }, { steps.devices.done, steps.sessions.done })
    assert.same({ 0, 0 }, { box:user "ada".devices, box:user "ada".managed_logins })
  end)

  it("says that only the user deletes passkeys, and turns SMS off", function()
    open { phone_number = "+15555550100", sms_mfa = true }
    local account = assert(recovery.secure(pool, "ada", { factors = { "WEB_AUTHN", "SMS_MFA" } }))
    assert.same({ "WEB_AUTHN", "unavailable" }, { account.steps[6].factor, account.steps[6].state })
    assert.matches("delete_web_authn_credential", account.steps[6].detail)
    assert.same({ "SMS_MFA", "done" }, { account.steps[7].factor, account.steps[7].state })
    assert.is_nil(pool:admin_get_user { username = "ada" }.user_mfa_setting_list)
  end)

  local operations = {
    disable = "admin_disable_user", sign_out = "admin_user_global_sign_out", sessions = "admin_list_user_sessions",
    devices = "admin_list_devices", list_factors = "admin_get_user_auth_factors",
    remove_factor = "admin_delete_software_token", events = "admin_list_user_auth_events",
    tokens = "describe_user_pool_client",
  }

  for step, operation in pairs(operations) do
    it("goes on after a step that is refused: " .. step, function()
      open { totp_secret = "JBSWY3DPEHPK3PXP" }
      box:misbehave { operation = operation, what = "error", code = "AccessDeniedException" }
      local account = assert(recovery.secure(pool, "ada", { factors = { "SOFTWARE_TOKEN_MFA" } }))
      local entry, skipped = by_step(account)[step], step == "disable" and "tokens"
      assert.same({ "failed", "AccessDeniedException" }, { entry.state, entry.err.code })
      assert.is_false(account.complete)
      assert.equal(step ~= "disable", account.closed)
      local names = { "disable", (table.unpack or unpack)(STEPS) }
      assert.same(names, order(account))
      for _, other in ipairs(account.steps) do
        local want = other.step == step and "failed" or other.step == "events" and "unavailable"
          or other.step == skipped and "skipped" or "done"
        assert.equal(want, other.state, other.step)
      end
    end)
  end

  it("counts the sessions that it could not end, and ends the others", function()
    open { managed_logins = 4 }
    box:misbehave { operation = "admin_revoke_user_session", what = "error", code = "AccessDeniedException", times = 2 }
    local account = assert(recovery.secure(pool, "ada"))
    local entry = by_step(account).sessions
    assert.same({ "failed", 4, 2, 2 }, { entry.state, entry.found, entry.failed, entry.done })
    assert.equal("AccessDeniedException", entry.err.code)
    assert.equal(2, box:user "ada".managed_logins)
    assert.is_true(account.closed) -- a disabled user's cookie gives no tokens
  end)

  it("does not call a locked account closed while a session lives", function()
    open()
    box:misbehave { operation = "admin_revoke_user_session", what = "error", code = "AccessDeniedException" }
    local account = assert(recovery.secure(pool, "ada", { lock = true }))
    assert.same({ "done", "failed" }, { account.steps[1].state, account.steps[3].state })
    assert.is_false(account.closed)
    assert.is_nil(account.tokens_until_at_most)
  end)

  -- Lost replies: the account and the sandbox's own count agree, whatever was
  -- carried out, and no step of the class `once` was carried out twice.
  local once = { sessions = "admin_revoke_user_session", devices = "admin_forget_device",
    remove_factor = "admin_delete_software_token" }

  for _, phase in ipairs { "before", "after" } do
    for step, operation in pairs(once) do
      it("calls a lost reply unknown, and repeats nothing: " .. step .. " " .. phase, function()
        open { totp_secret = "JBSWY3DPEHPK3PXP", devices = 2 }
        box:misbehave { operation = operation, what = "reset", phase = phase }
        local account = assert(recovery.secure(pool, "ada", { factors = { "SOFTWARE_TOKEN_MFA" } }))
        local entry = by_step(account)[step]
        assert.equal("unknown", entry.state)
        assert.is_true(entry.err.ambiguous)
        assert.same({ true, false }, { account.closed, account.complete })
        local left = phase == "before" and 1 or 0
        assert.equal((step == "remove_factor" and 1 or 2) - left, box:executions(operation, "ada"))
        if entry.found then
          assert.same({ 1, 1, 0 }, { entry.unknown, entry.done, entry.failed })
        end
        assert.equal(step == "devices" and left or 0, box:user "ada".devices)
        assert.equal(step == "sessions" and left or 0, box:user "ada".managed_logins)
      end)
    end

    for step, operation in pairs { disable = "admin_disable_user", sign_out = "admin_user_global_sign_out" } do
      it("is unknown after as many tries as the client makes: " .. step .. " " .. phase, function()
        open()
        box:misbehave { operation = operation, what = "reset", phase = phase, times = 100 }
        local account = assert(recovery.secure(pool:with { max_attempts = 2 }, "ada"))
        local entry = by_step(account)[step]
        assert.same({ "unknown", 2 }, { entry.state, entry.err.attempts })
        assert.equal(phase == "after" and 2 or 0, box:executions(operation, "ada"))
        assert.equal(step ~= "disable", account.closed)
        assert.is_false(account.complete)
      end)
    end
  end

  it("has no unknown outcome where an answer to a question is lost", function()
    open()
    box:misbehave { operation = "admin_list_devices", what = "reset", phase = "after", times = 100 }
    local entry = by_step(assert(recovery.secure(pool:with { max_attempts = 2 }, "ada"))).devices
    assert.same({ "failed", 0 }, { entry.state, entry.found })
    assert.equal(3, box:user "ada".devices)
  end)

  -- The line of the caller is blamed.
  local function refused(message, name, options)
    local ok, err = pcall(function()
      local account = recovery.secure(pool, name, options)
      return account
    end)
    assert.is_false(ok)
    assert.truthy(err:find(message, 1, true), err)
    assert.matches("^spec/recovery/secure_spec.lua:%d+: ", err)
  end

  it("refuses wrong options before anything is sent", function()
    open()
    for message, options in pairs {
      ["unknown option 'locks'; did you mean 'lock'?"] = { locks = true },
      ["option 'lock' must be true or false"] = { lock = 1 },
      ["option 'events' must be a whole number above 0"] = { events = 0 },
      ["option 'since' must be a number, 0 or more"] = { since = -1 },
      ["secure removes the factors EMAIL_OTP, SMS_MFA"] = { factors = { "SOFTWARE_TOKEN" } },
      ["and WEB_AUTHN, in a list"] = { factors = { SMS_MFA = "SMS_MFA" } },
      ["SMS_MFA, SOFTWARE_TOKEN_MFA and WEB_AUTHN, in a list"] = { factors = { "SMS_MFA", [3] = "EMAIL_OTP" } },
      ["secure takes a table of options, not a string"] = "lock",
    } do
      refused(message, "ada", options)
    end
    for _, name in ipairs { 7, false, {} } do
      refused("secure takes a username, not a ", name)
    end
    for _, first in ipairs { 1, "x", {}, recovery } do
      local ok, err = pcall(function() return (recovery.secure(first, "ada")) end)
      assert.is_false(ok)
      assert.matches("^spec/recovery/secure_spec.lua:%d+: secure takes a client of cognito.new first", err)
    end
    for _, lock in ipairs { true, false } do -- a name of a list, not of the program
      local account, err = recovery.secure(pool, "", { lock = lock })
      assert.is_nil(account)
      assert.same({ "invalid_parameter", "username" }, { err.code, err.field })
    end
    assert.same({}, box:executions())
  end)
end)

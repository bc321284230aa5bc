--- recovery.secure: a sandbox that says what was really carried out, and a
-- service that a test scripts.
local cognito = require "cognito"
local json = require "cjson"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"

local PASSWORD = "Correct-Horse-9!"
local STEPS = { "sign_out", "sessions", "devices", "list_factors", "remove_factor", "events", "tokens" }

local function by_step(account)
  local found = {}
  for _, entry in ipairs(account.steps) do found[entry.step] = entry end
  return found
end

-- The states of all steps, in one line.
local function line(account)
  local words = {}
  for _, entry in ipairs(account.steps) do words[#words + 1] = entry.step .. "=" .. entry.state end
  return table.concat(words, " ")
end

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
    assert.is_string(steps.events.detail)
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

describe("making an account safe at a scripted service", function()
  local sent

  -- `answers`: by operation, a table or a function of the request's body.
  local function script(answers, settings)
    sent = {}
    settings = settings or {}
    settings.user_pool_id, settings.env = "eu-west-1_Example", function() return nil end
    settings.credentials = { access_key_id = "AKID", secret_access_key = "secret" }
    settings.runtime = function(request)
      local target
      for _, header in ipairs(request.headers) do target = target or header[2]:match "^AWSCognito%w+%.(%w+)$" end
      local body = json.decode(request.body)
      sent[#sent + 1] = { target, body }
      local answer = answers[target] or {}
      if type(answer) == "function" then answer = answer(body) end
      if answer.aborts then
        return nil, { code = "aborted", kind = "network", message = "given up", sent = false }
      end
      if answer.code then
        return { status = 400, headers = {}, body = json.encode { __type = answer.code, message = "No." } }
      end
      return { status = 200, headers = {}, body = next(answer) and json.encode(answer) or "{}" }
    end
    return cognito.new(settings)
  end

  local function count(operation)
    local n = 0
    for _, each in ipairs(sent) do
      if each[1] == operation then n = n + 1 end
    end
    return n
  end

  it("closes before it tidies", function()
    assert(recovery.secure(script {}, "ada"))
    local targets = {}
    for i, each in ipairs(sent) do targets[i] = each[1] end
    assert.same({ "AdminDisableUser", "AdminUserGlobalSignOut", "AdminListUserSessions", "AdminListDevices",
      "AdminGetUserAuthFactors", "AdminListUserAuthEvents" }, targets)
  end)

  it("ends linked sessions, and takes one that is gone for ended", function()
    local pool = script {
      AdminListUserSessions = { Sessions = { { SessionId = "s-1" }, { SessionId = "s-2" } } },
      AdminRevokeUserSession = function(body)
        return body.SessionId == "s-2" and { code = "ResourceNotFoundException" } or {}
      end,
    }
    local entry = by_step(assert(recovery.secure(pool, "ada"))).sessions
    assert.same({ "done", 2, nil }, { entry.state, entry.done, entry.err })
    for _, each in ipairs(sent) do
      if each[1] == "AdminRevokeUserSession" then assert.equal("LINKED", each[2].RevokeAssociatedSessions) end
    end
  end)

  for target, line_wanted in pairs {
    AdminDisableUser = "disable=failed sign_out=skipped sessions=skipped devices=skipped list_factors=skipped "
      .. "remove_factor=skipped events=skipped tokens=skipped",
    AdminForgetDevice = "disable=done sign_out=done sessions=done devices=failed list_factors=skipped "
      .. "remove_factor=skipped events=skipped tokens=skipped",
    AdminListUserAuthEvents = "disable=done sign_out=done sessions=done devices=done list_factors=done "
      .. "remove_factor=skipped events=failed tokens=skipped",
  } do
    it("stops where it is given up, and says what was left: " .. target, function()
      local pool = script({
        AdminListDevices = { Devices = { { DeviceKey = "us-east-1_a1" }, { DeviceKey = "us-east-1_a2" } } },
        [target] = { aborts = true },
      })
      local account = assert(recovery.secure(pool, "ada"))
      assert.equal(line_wanted, line(account))
      assert.same({ target, 1 }, { sent[#sent][1], count(target) })
      assert.is_false(account.complete)
      assert.equal(target ~= "AdminDisableUser", account.closed)
      assert.same({}, account.events)
    end)
  end

  it("is not closed where a lock is given up before the sessions", function()
    local pool = script { AdminGetUser = { Username = "ada", UserStatus = "CONFIRMED" },
      AdminUserGlobalSignOut = { aborts = true } }
    local account = assert(recovery.secure(pool, "ada", { lock = true }))
    assert.same({ "done", false, nil }, { account.steps[1].state, account.closed, account.tokens_until_at_most })
  end)

  it("leaves pages that go in a circle, and ends what it found, each once", function()
    local pages = 0
    local pool = script {
      AdminListDevices = function(body)
        pages = pages + 1
        local at = tonumber(body.PaginationToken or "1")
        return { Devices = { { DeviceKey = "us-east-1_a" .. at } }, PaginationToken = tostring(at % 3 + 1) }
      end,
    }
    local account = assert(recovery.secure(pool, "ada"))
    local entry = by_step(account).devices
    assert.same({ "failed", "repeated_token", 3, 3 }, { entry.state, entry.err.code, entry.found, entry.done })
    assert.is_true(pages < 12)
    assert.equal(3, count "AdminForgetDevice")
    assert.is_false(account.complete)
  end)

  it("ends what it found where a later page fails", function()
    local pool = script {
      AdminListUserSessions = function(body)
        return body.NextToken and { code = "NotAuthorizedException" }
          or { Sessions = { { SessionId = "s-1" } }, NextToken = "2" }
      end,
    }
    local entry = by_step(assert(recovery.secure(pool, "ada"))).sessions
    assert.same({ "failed", "NotAuthorizedException", 1 }, { entry.state, entry.err.code, entry.done })
  end)

  for _, code in ipairs { "UserPoolAddOnNotEnabledException", "FeatureUnavailableInTierException",
    "OperationNotEnabledException", "InvalidUserPoolConfigurationException", "UnknownOperationException" } do
    it("is complete where the pool lacks a step: " .. code, function()
      local pool = script { AdminListUserSessions = { code = code }, AdminListDevices = { code = code },
        AdminListUserAuthEvents = { code = code } }
      local account = assert(recovery.secure(pool, "ada"))
      local steps = by_step(account)
      for _, step in ipairs { "sessions", "devices", "events" } do
        assert.equal("unavailable", steps[step].state)
        assert.is_string(steps[step].detail)
      end
      assert.is_true(account.complete)
    end)
  end

  local function three_events()
    return { AuthEvents = { { EventId = "3", CreationDate = 300 }, { EventId = "2", CreationDate = 200 },
      { EventId = "1", CreationDate = 100 } }, NextToken = "more" }
  end

  for name, options in pairs { number = { events = 2 }, time = { since = 200 } } do
    it("lists the events up to a " .. name .. ", and asks for no further page", function()
      local account = assert(recovery.secure(script { AdminListUserAuthEvents = three_events }, "ada", options))
      assert.same({ "3", "2" }, { account.events[1].event_id, account.events[2].event_id })
      assert.equal(2, #account.events)
      assert.equal(1, count "AdminListUserAuthEvents")
    end)
  end

  it("asks every app client that a session names, and takes the longest", function()
    local function app_client(body)
      local validity = ({ own = 20, a = 2, b = 0 })[body.ClientId]
      return { UserPoolClient = { AccessTokenValidity = validity,
        TokenValidityUnits = body.ClientId == "own" and { AccessToken = "minutes" } or nil } }
    end
    local pool = script({
      AdminListUserSessions = { Sessions = { { SessionId = "1", ClientId = "a" }, { SessionId = "2", ClientId = "b" },
        { SessionId = "3", ClientId = "a" } } },
      DescribeUserPoolClient = app_client,
    }, { client_id = "own" })
    local account = assert(recovery.secure(pool, "ada"))
    assert.same({ "own", "a", "b" }, by_step(account).tokens.app_clients)
    assert.equal(7200 - 86400, account.tokens_until - account.tokens_until_at_most)
  end)

  it("takes an hour where an app client sets no time", function()
    for _, answer in ipairs { { AccessTokenValidity = 0 }, { ClientId = "own" } } do
      local account = assert(recovery.secure(script({ DescribeUserPoolClient = { UserPoolClient = answer } },
        { client_id = "own" }), "ada"))
      assert.equal(3600 - 86400, account.tokens_until - account.tokens_until_at_most)
    end
  end)

  it("promises no time where one of the app clients cannot be asked", function()
    local pool = script({
      AdminListUserSessions = { Sessions = { { SessionId = "1", ClientId = "a" } } },
      DescribeUserPoolClient = function(body)
        return body.ClientId == "a" and { code = "AccessDeniedException" } or { UserPoolClient = { ClientId = "own" } }
      end,
    }, { client_id = "own" })
    local account = assert(recovery.secure(pool, "ada"))
    assert.is_nil(account.tokens_until)
    assert.same({ true, false }, { account.closed, account.complete })
  end)

  it("names only the longest time there is where an app client cannot be asked", function()
    local account = assert(recovery.secure(script({ DescribeUserPoolClient = { code = "AccessDeniedException" } },
      { client_id = "own" }), "ada"))
    assert.is_nil(account.tokens_until)
    assert.is_number(account.tokens_until_at_most)
    assert.equal("failed", by_step(account).tokens.state)
  end)

  it("shows no password of the lock", function()
    local pool = script { AdminGetUser = { Username = "ada", UserStatus = "CONFIRMED" },
      AdminSetUserPassword = { code = "InvalidPasswordException" } }
    local account = assert(recovery.secure(pool, "ada", { lock = true }))
    assert.equal("failed", account.steps[1].state)
    local password = sent[2][2].Password
    assert.equal(99, #password)
    for name, value in pairs(account.steps[1].err) do
      assert.is_nil(tostring(value):find(password, 1, true), name)
    end
  end)
end)

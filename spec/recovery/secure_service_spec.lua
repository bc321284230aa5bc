--- recovery.secure at a service that a test scripts: pages, refusals, giving up.
local client = require "cognito.cli.client"
local cognito = require "cognito"
local console = require "cognito.cli.console"
local json = require "cjson"
local recovery = require "cognito.recovery"
local secured = require "spec.support.secured"
local shared = require "cognito.recovery.steps"

local by_step, line = secured.by_step, secured.line

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
        return { status = 400, headers = { ["x-amzn-requestid"] = "r" .. #sent },
          body = json.encode { __type = answer.code, message = "No." } }
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

  local devices = {
    Devices = {
      { DeviceKey = "us-east-1_old", DeviceCreateDate = 1000 },
      { DeviceKey = "us-east-1_new", DeviceCreateDate = 2000 },
      { DeviceKey = "us-east-1_undated" },
    },
  }

  local function forgotten()
    local keys = {}
    for _, each in ipairs(sent) do
      keys[#keys + 1] = each[1] == "AdminForgetDevice" and each[2].DeviceKey or nil
    end
    return keys
  end

  it("keeps devices that were added before the takeover, and says that factors have no date", function()
    local account = assert(recovery.secure(script { AdminListDevices = devices }, "ada", { since = 2000 }))
    assert.same({ "us-east-1_new", "us-east-1_undated" }, forgotten())
    local entry = by_step(account).devices
    assert.same({ "done", 2, 2, 1 }, { entry.state, entry.found, entry.done, entry.kept })
    assert.same("skipped", by_step(account).remove_factor.state)
    assert.matches("no date of factors and passkeys", by_step(account).remove_factor.detail, 1, true)
    assert(recovery.secure(script { AdminListDevices = devices }, "ada"))
    assert.equal(3, #forgotten())
  end)

  it("lists no event from before the takeover", function()
    local events = { { EventId = "3", CreationDate = 3000 }, { EventId = "2", CreationDate = 2000 },
      { EventId = "1", CreationDate = 1000 } }
    for since, n in pairs { [2500] = 1, [2000] = 2, [1] = 3 } do
      local account = assert(recovery.secure(script { AdminListUserAuthEvents = { AuthEvents = events } }, "ada",
        { since = since }))
      assert.equal(n, #account.events)
    end
  end)

  -- ---- the command ----

  local function command(pool, args)
    local new, shown, lines = client.new, console.new({}, function() end), {}
    shown.write = function(_, text) lines[#lines + 1] = text end
    shown.tell = function() end
    client.new = function() return pool end
    args.username, args.remove_factor = "ada", {}
    local ok, err = pcall(require("cognito.cli.command.secure").run, args, shown)
    client.new = new
    assert(ok, err)
    return table.concat(lines)
  end

  it("prints events as the command is told to, without a stranger's control characters", function()
    local pool = script { AdminListUserAuthEvents = { AuthEvents = {
      { EventType = "SignIn", EventResponse = "Pass", CreationDate = 1700000000,
        EventRisk = { RiskDecision = "AccountTakeover", RiskLevel = "High" },
        EventContextData = { IpAddress = "203.0.113.7", City = "Os\27[31mlo", Country = "Norway",
          DeviceName = "Firefox" } },
      { EventType = "ForgotPassword" },
    } } }
    local out = command(pool, { events = 5 })
    assert.truthy(out:find("2023-11-14T22:13:20Z  SignIn Pass, risk AccountTakeover High, from 203.0.113.7 ", 1, true),
      out)
    assert.truthy(out:find("\n-                     ForgotPassword -, risk - -, from - - - -\n", 1, true), out)
    assert.is_nil(out:find("\27", 1, true))
    assert.is_nil(command(pool, {}):find("ForgotPassword", 1, true))
  end)

  it("counts kept devices in the command's words", function()
    local out = command(script { AdminListDevices = devices }, { since = 2000 })
    assert.truthy(out:find("devices        done (2 of 2, 1 older kept)\n", 1, true), out)
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

  it("ends none of a list that is given up, and says how many it had found", function()
    local pool = script {
      AdminListDevices = function(body)
        return body.PaginationToken and { aborts = true }
          or { Devices = { { DeviceKey = "us-east-1_a1" } }, PaginationToken = "2" }
      end,
    }
    local entry = by_step(assert(recovery.secure(pool, "ada"))).devices
    assert.same({ "failed", 1, 0, 0, 0 }, { entry.state, entry.found, entry.done, entry.failed, entry.unknown })
    assert.equal("aborted", entry.err.code)
    assert.equal(0, count "AdminForgetDevice")
  end)

  it("names the request of the first one that it could not end", function()
    local pool = script { AdminForgetDevice = { code = "AccessDeniedException" } }
    local ended = shared.end_all(pool, "ada", shared.kinds.devices,
      { { device_key = "us-east-1_a1" }, { device_key = "us-east-1_a2" } }, function() return true end)
    assert.same({ 2, "r1", "r1" }, { ended.failed, ended.err.request_id, ended.meta.request_id })
  end)

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

  it("lists sixty events unless told otherwise, and those that bear no date", function()
    local events = {}
    for i = 1, 70 do events[i] = { EventId = tostring(i), CreationDate = i % 2 == 0 and 0 or nil } end
    local pool = script { AdminListUserAuthEvents = { AuthEvents = events } }
    local account = assert(recovery.secure(pool, "ada"))
    assert.same({ 60, 60 }, { #account.events, by_step(account).events.found })
    events = { { EventId = "1" }, { EventId = "2", CreationDate = 9 } }
    pool = script { AdminListUserAuthEvents = { AuthEvents = events } }
    assert.equal("1", assert(recovery.secure(pool, "ada", { since = 10 })).events[1].event_id)
    assert.equal(2, #assert(recovery.secure(pool, "ada")).events)
  end)

  for factor, member in pairs { SMS_MFA = "SMSMfaSettings", EMAIL_OTP = "EmailMfaSettings" } do
    it("switches a factor off as a whole: " .. factor, function()
      assert(recovery.secure(script {}, "ada", { factors = { factor } }))
      local found
      for _, each in ipairs(sent) do
        if each[1] == "AdminSetUserMFAPreference" then found = each[2][member] end
      end
      assert.same({ Enabled = false, PreferredMfa = false }, found)
    end)
  end

  it("removes no further factor once it is given up", function()
    local pool = script { AdminSetUserMFAPreference = { aborts = true } }
    local account = assert(recovery.secure(pool, "ada", { factors = { "SMS_MFA", "EMAIL_OTP", "SMS_MFA" } }))
    assert.equal(1, count "AdminSetUserMFAPreference")
    assert.same({ "remove_factor", "SMS_MFA", "failed" },
      { account.steps[6].step, account.steps[6].factor, account.steps[6].state })
    for i, step in ipairs { "remove_factor", "events", "tokens" } do
      local entry = account.steps[6 + i]
      assert.same({ step, "skipped", "it was given up before this step" }, { entry.step, entry.state, entry.detail })
    end
    assert.equal("EMAIL_OTP", account.steps[7].factor)
  end)

  it("counts an end that the pool has not as failed, because what was listed is there", function()
    local answers = { AdminListUserSessions = { Sessions = { { SessionId = "s-1" }, { UserCode = "no id" } } },
      AdminRevokeUserSession = { code = "FeatureUnavailableInTierException" } }
    local entry = by_step(assert(recovery.secure(script(answers), "ada"))).sessions
    assert.same({ "failed", 1, 0, 1, 0 }, { entry.state, entry.found, entry.done, entry.failed, entry.unknown })
    assert.equal("FeatureUnavailableInTierException", entry.err.code)
    assert.equal(1, count "AdminRevokeUserSession")
  end)

  it("keeps the first error of those that it ends", function()
    local codes = { "AccessDeniedException", "NotAuthorizedException" }
    local pool = script { AdminListDevices = { Devices = { { DeviceKey = "us-east-1_a1" },
      { DeviceKey = "us-east-1_a2" } } },
      AdminForgetDevice = function() return { code = table.remove(codes, 1) } end }
    local entry = by_step(assert(recovery.secure(pool, "ada"))).devices
    assert.same({ "failed", 2, "AccessDeniedException" }, { entry.state, entry.failed, entry.err.code })
  end)

  -- A locked user's sessions give tokens until they have ended.
  for lock, counted in pairs { [true] = "sessions", [false] = "disable" } do
    it("counts the tokens' time from when no new ones came: " .. counted, function()
      local now = 1795247391
      local function later() now = now + 100 return {} end
      local pool = script({ AdminGetUser = { Username = "ada", UserStatus = "CONFIRMED" }, AdminDisableUser = later,
        AdminSetUserPassword = later, AdminListUserSessions = later, AdminListDevices = later },
        { now = function() return now end, client_id = "own" })
      local account = assert(recovery.secure(pool, "ada", { lock = lock }))
      assert.equal(1795247391 + (lock and 200 or 100) + 86400, account.tokens_until_at_most)
    end)
  end

  it("reads an app client's time in its unit, hours if it names none", function()
    for unit, seconds in pairs { seconds = 1, minutes = 60, hours = 3600, days = 86400, none = 3600, aeons = 3600 } do
      local units = unit ~= "none" and { AccessToken = unit } or nil
      for _, validity in ipairs { 1, 7 } do
        local account = assert(recovery.secure(script({ DescribeUserPoolClient = { UserPoolClient = {
          AccessTokenValidity = validity, TokenValidityUnits = units } } }, { client_id = "own" }), "ada"))
        assert.equal(validity * seconds - 86400, account.tokens_until - account.tokens_until_at_most, unit)
      end
    end
  end)

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

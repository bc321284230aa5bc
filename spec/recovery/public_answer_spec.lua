--- What a page may say: every code of the service and of ours, every way in
-- which the sandbox misbehaves, and no trace of the user in any of it.

local cognito = require "cognito"
local public_answer = require("cognito.recovery").public_answer
local sandbox = require "cognito.sandbox"

local ASKING = { "forgot_password", "resend_confirmation_code" }
local CONFIRMING = { "confirm_forgot_password", "confirm_sign_up" }

local USERNAME, EMAIL, PHONE = "grace.hopper", "admiral@hopper.example", "+441234567890"
local PASSWORD, WEAK = "Analytical-Engine-1837", "weak"

local function new_pool(options, user)
  options = options or {}
  options.prevent_user_existence_errors = options.prevent_user_existence_errors or "LEGACY"
  local box = sandbox.new(options)
  if user then box:add_user(user) end
  return cognito.new(box:settings()), box
end

local function call(pool, operation, changes)
  local params = { username = USERNAME }
  if operation:find "^confirm" then params.confirmation_code = "123456" end
  if operation == "confirm_forgot_password" then params.password = PASSWORD end
  for name, value in pairs(changes or {}) do params[name] = value end
  return pool[operation](pool, params)
end

local function each(operations, visit)
  for _, operation in ipairs(operations) do visit(operation) end
end

local function concatenated(...)
  local all = {}
  for _, list in ipairs { ... } do
    for _, value in ipairs(list) do all[#all + 1] = value end
  end
  return all
end

local FOUR = concatenated(ASKING, CONFIRMING)

-- Every code that the service declares for the four operations, those of
-- README.md, and those that any front of any service answers; the first
-- column of outcomes is for asking, the second for confirming.
local codes = {
  UserNotFoundException = { "accepted", "not_accepted" },
  UserNotConfirmedException = { "accepted", "not_accepted" },
  InvalidParameterException = { "broken", "broken" }, -- unless its text is known
  NotAuthorizedException = { "broken", "broken" },
  LimitExceededException = { "accepted", "not_accepted" },
  CodeMismatchException = { "accepted", "not_accepted" },
  ExpiredCodeException = { "accepted", "not_accepted" },
  TooManyFailedAttemptsException = { "accepted", "not_accepted" },
  AliasExistsException = { "accepted", "not_accepted" },
  CodeDeliveryFailureException = { "accepted", "not_accepted" },
  InvalidLambdaResponseException = { "accepted", "not_accepted" },
  UnexpectedLambdaException = { "accepted", "not_accepted" },
  UserLambdaValidationException = { "accepted", "not_accepted" },
  NobodyHasHeardOfException = { "broken", "broken" },
  InvalidPasswordException = { "accepted", "bad_password" },
  PasswordHistoryPolicyViolationException = { "accepted", "bad_password" },
  InvalidSmsRoleAccessPolicyException = { "broken", "broken" },
  InvalidSmsRoleTrustRelationshipException = { "broken", "broken" },
  InvalidEmailRoleAccessPolicyException = { "broken", "broken" },
  ResourceNotFoundException = { "broken", "broken" },
  OperationNotEnabledException = { "broken", "broken" },
  ForbiddenException = { "try_later", "try_later" },
  AccessDeniedException = { "broken", "broken" },
  UnknownOperationException = { "broken", "broken" },
  SerializationException = { "broken", "broken" },
  TooManyRequestsException = { "try_later", "try_later" },
  ThrottlingException = { "try_later", "try_later" },
  InternalErrorException = { "accepted", "try_later", status = 500 },
}

-- Codes that are of the other operations only, or of signed ones.
local elsewhere = {
  InvalidSignatureException = true, UnrecognizedClientException = true, ExpiredTokenException = true,
}

local ours = {
  invalid_parameter = true, no_credentials = true, no_region = true, dns = true, connect = true, tls = true,
  timeout = true, connection_lost = true, too_large = true, malformed_response = true,
}

local reasons = {
  { "InvalidParameterException", "no registered/verified email or phone_number", "no_verified_contact", "accepted" },
  { "InvalidParameterException", "User is already confirmed.", "already_confirmed", "accepted" },
  { "NotAuthorizedException", "User is disabled.", "user_disabled", "accepted" },
  { "NotAuthorizedException", "User password cannot be reset in the current state.", "wrong_user_state", "accepted" },
  { "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", "wrong_user_state", "accepted" },
  { "NotAuthorizedException", "Contact administrator to reset password.", "admin_only_recovery", "broken" },
  { "NotAuthorizedException", "Cannot resend codes. Auto verification not turned on.", "no_auto_verification",
    "broken" },
  { "InvalidParameterException", "Cannot resend codes. Auto verification not turned on.", "no_auto_verification",
    "broken" },
  { "NotAuthorizedException", "Client ID is configured with secret but SECRET_HASH was not received", "secret_hash",
    "broken" },
  { "InvalidParameterException", "App client ID is not configured for secret but secret hash was received",
    "secret_hash", "broken" },
  { "InvalidParameterException", "1 validation error detected: Value at 'username' failed to satisfy constraint: x",
    "bad_username", "accepted" },
  { "InvalidParameterException", "a text that nobody knows", nil, "broken" },
  { "NotAuthorizedException", "a text that nobody knows", nil, "broken" },
  { "ForbiddenException", "Request not allowed due to WAF block.", "blocked_by_waf", "try_later" },
  { "LimitExceededException", "Attempt limit exceeded, please try after some time.", "hourly_limit", "accepted" },
  { "LimitExceededException", "Exceeded daily email limit for the operation", "daily_email_limit", "accepted" },
  { "NotAuthorizedException", "Unable to verify secret hash for client x", "secret_hash", "broken" },
  { "NotAuthorizedException", "Client x is configured for secret but secret was not received", "secret_hash",
    "broken" },
}

describe("public_answer of a code", function()
  local function outcome(operation, code, status, message)
    local pool, box = new_pool()
    box:misbehave { what = "error", code = code, status = status, message = message, times = 3 }
    local page = public_answer(call(pool, operation))
    assert.equal(code, page.log.code)
    assert.equal(operation, page.log.operation)
    assert.equal(status or 400, page.log.status)
    assert.is_string(page.log.request_id)
    return page.outcome, page.log
  end

  for code, expected in pairs(codes) do
    it(code, function()
      each(ASKING, function(operation) assert.equal(expected[1], (outcome(operation, code, expected.status))) end)
      each(CONFIRMING, function(operation) assert.equal(expected[2], (outcome(operation, code, expected.status))) end)
    end)
  end

  for _, row in ipairs(reasons) do
    it(("%s: %s"):format(row[1], row[2]), function()
      local confirming = row[4] == "accepted" and "not_accepted" or row[4]
      each(ASKING, function(operation)
        local answer, log = outcome(operation, row[1], nil, row[2])
        assert.same({ row[4], row[3] }, { answer, log.reason })
      end)
      each(CONFIRMING, function(operation)
        assert.equal(confirming, (outcome(operation, row[1], nil, row[2])))
      end)
    end)
  end

  it("has been thought about for every code there is", function()
    each(FOUR, function(operation)
      for _, code in ipairs(cognito.describe(operation).errors) do
        assert.is_table(codes[code], code)
      end
    end)
    local text = assert(io.open "README.md"):read "*a"
    local counted = 0
    for cell in text:match("| code | what it means for recovery |(.-)\n\n"):gmatch "\n| ([^|]*) |" do
      for code in cell:gmatch "`([%w_]+)`" do
        counted = counted + 1
        assert.truthy(codes[code] or elsewhere[code] or ours[code], code)
      end
    end
    assert.is_true(counted > 15)
  end)
end)

describe("public_answer of what our side says", function()
  local function failing(fields)
    local attempts = 0
    local runtime = { sleep = function() end }
    function runtime.send()
      attempts = attempts + 1
      local err = {}
      for name, value in pairs(fields) do err[name] = value end
      return nil, err
    end
    local _, box = new_pool()
    local settings = box:settings()
    settings.runtime = runtime
    return cognito.new(settings), function() return attempts end
  end

  for code in pairs { dns = 1, connect = 1, tls = 1, timeout = 1, connection_lost = 1, too_large = 1 } do
    it(code, function()
      local unsent = failing { code = code, kind = "network", message = "of the network", sent = false }
      local sent, attempts = failing { code = code, kind = "network", message = "of the network", sent = true }
      each(FOUR, function(operation)
        assert.equal("try_later", public_answer(call(unsent, operation)).outcome)
      end)
      each(ASKING, function(operation) assert.equal("accepted", public_answer(call(sent, operation)).outcome) end)
      each(CONFIRMING, function(operation) assert.equal("try_later", public_answer(call(sent, operation)).outcome) end)
      assert.equal(4, attempts())
    end)
  end

  it("an error without a name, which is a proxy's", function()
    local settings = select(2, new_pool()):settings()
    for status, expected in pairs { [302] = "broken", [403] = "accepted", [408] = "accepted", [524] = "accepted" } do
      settings.runtime = {
        send = function() return { status = status, headers = {}, body = "<html></html>" } end,
        sleep = function() end,
      }
      local page = public_answer(call(cognito.new(settings), "forgot_password"))
      assert.same({ expected, "http_" .. status }, { page.outcome, page.log.code })
    end
  end)

  it("invalid_parameter, by whose mistake it is", function()
    local pool = new_pool()
    local function outcome(operation, changes)
      local page = public_answer(call(pool, operation, changes))
      assert.equal("invalid_parameter", page.log.code)
      return page.outcome, page.log.field
    end
    each(ASKING, function(operation)
      assert.same({ "accepted", "username" }, { outcome(operation, { username = "" }) })
      assert.same({ "broken", "client_id" }, { outcome(operation, { client_id = "" }) })
      assert.equal("broken", (outcome(operation, { no_such_parameter = 1 })))
    end)
    each(CONFIRMING, function(operation)
      assert.equal("not_accepted", (outcome(operation, { username = "ada\0" })))
      assert.equal("not_accepted", (outcome(operation, { confirmation_code = "" })))
      assert.equal("broken", (outcome(operation, { client_metadata = "none" })))
    end)
    assert.equal("bad_password", (outcome("confirm_forgot_password", { password = "\255" })))
  end)

  it("no_region and no_credentials", function()
    local function outcome(changes)
      local settings = { client_id = "x", env = function() end }
      for name, value in pairs(changes) do settings[name] = value end
      local page = public_answer(call(cognito.new(settings), "forgot_password"))
      return page.outcome, page.log.code
    end
    assert.same({ "broken", "no_region" }, { outcome {} })
    local function no_secret() return nil, "the vault is shut" end
    assert.same({ "broken", "no_credentials" }, { outcome { region = "eu-west-1", client_secret = no_secret } })
  end)
end)

describe("public_answer of misbehaviour", function()
  local kinds = { "throttle", "rate_exceeded", "status_500", "status_503", "drop", "unreachable", "malformed", "delay" }
  local unsure = { status_500 = true, status_503 = true, drop = true, malformed = true, delay = true }

  local function outcome(operation, what, phase)
    local pool, box = new_pool(nil, { username = USERNAME, email = EMAIL })
    box:misbehave { what = what, phase = phase, seconds = what == "delay" and 60 or nil, times = 3 }
    local page = public_answer(call(pool, operation))
    return page.outcome, page.log.ambiguous
  end

  for _, what in ipairs(kinds) do
    it(what, function()
      for _, phase in ipairs { "before", "after" } do
        each(ASKING, function(operation)
          assert.same({ unsure[what] and "accepted" or "try_later", unsure[what] or false },
            { outcome(operation, what, phase) })
        end)
        each(CONFIRMING, function(operation)
          assert.same({ "try_later", unsure[what] or false }, { outcome(operation, what, phase) })
        end)
      end
    end)
  end
end)

-- Everything that must not be told: what the request held, and what replies
-- and outbox say of where a code went.
local secrets = { "grace", "hopper", "admiral", "+44", "@", "EMAIL", "SMS", "**", PASSWORD, WEAK }

local function assert_silent(value)
  if type(value) == "table" then
    for name, inner in pairs(value) do
      assert_silent(name)
      assert_silent(inner)
    end
    return
  end
  local text = tostring(value)
  for _, secret in ipairs(secrets) do
    if text:find(secret, 1, true) then error(secret .. " in " .. text) end
  end
end

-- Users of every kind, and nobody.
local function each_user(visit)
  local contacts = { {}, { email = EMAIL }, { email = EMAIL, email_verified = false }, { phone_number = PHONE },
    { phone_number = PHONE, sms_mfa = true }, { email = EMAIL, phone_number = PHONE } }
  visit(nil)
  for _, status in ipairs { "CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED", "FORCE_CHANGE_PASSWORD",
    "EXTERNAL_PROVIDER" } do
    for _, contact in ipairs(contacts) do
      for _, enabled in ipairs { true, false } do
        local user = { username = USERNAME, status = status, enabled = enabled }
        for name, value in pairs(contact) do user[name] = value end
        visit(user)
      end
    end
  end
end

describe("a page", function()
  local wrong_code = { confirmation_code = "000000x" }

  local function stranger(user, existence, recovery)
    return (new_pool({
      prevent_user_existence_errors = existence, recovery = recovery,
      limits = { forgot_password = 1, resend_confirmation_code = 1, confirm_forgot_password = 1, confirm_sign_up = 1 },
    }, user))
  end

  -- All that the sandbox answers a stranger: at first, and past the limit.
  local function each_answer(pool, visit)
    for _ = 1, 2 do
      each(ASKING, function(operation) visit("accepted", public_answer(call(pool, operation))) end)
    end
    for _ = 1, 2 do
      each(CONFIRMING, function(operation) visit("not_accepted", public_answer(call(pool, operation, wrong_code))) end)
    end
  end

  for _, existence in ipairs { "LEGACY", "ENABLED" } do
    it("is the same for known and unknown users, and names neither, with " .. existence, function()
      for _, recovery in ipairs { "legacy", "verified_email", "admin_only" } do
        each_user(function(user)
          -- A fault of the pool's is told apart until it is mended.
          local function visit(expected, page)
            local pool_is_at_fault = recovery == "admin_only" and page.log.reason == "admin_only_recovery"
            if page.outcome ~= (pool_is_at_fault and "broken" or expected) then error(tostring(page.log)) end
            assert_silent(page)
            assert_silent(tostring(page.log))
          end
          each_answer(stranger(user, existence, recovery), visit)
          visit("bad_password",
            public_answer(call(stranger(user, existence, recovery), "confirm_forgot_password", { password = WEAK })))
        end)
      end
    end)
  end

  it("is the same for an unknown name, however the service answers in turn", function()
    local pool = new_pool { prevent_user_existence_errors = "ENABLED" }
    each(ASKING, function(operation)
      local results = {}
      for i = 1, 4 do
        local result, err, meta = call(pool, operation)
        results[i] = result ~= nil
        local page = public_answer(result, err, meta)
        assert.equal("accepted", page.outcome)
        assert_silent(tostring(page.log))
      end
      assert.same({ true, false, true, false }, results)
    end)
  end)

  it("is done with the right code", function()
    local pool, box = new_pool(nil, { username = USERNAME, email = EMAIL })
    assert.equal("accepted", public_answer(call(pool, "forgot_password")).outcome)
    local code = { confirmation_code = box:code(USERNAME) }
    local page = public_answer(call(pool, "confirm_forgot_password", code))
    assert.equal("done", page.outcome)
    assert.equal("confirm_forgot_password", page.log.operation)
    assert.equal(200, page.log.status)
    assert_silent(page)

    pool, box = new_pool(nil, { username = USERNAME, email = EMAIL, status = "UNCONFIRMED" })
    assert.equal("accepted", public_answer(call(pool, "resend_confirmation_code")).outcome)
    page = public_answer(call(pool, "confirm_sign_up", { confirmation_code = box:code(USERNAME) }))
    assert.equal("done", page.outcome)
  end)

  it("can do without meta", function()
    local pool, box = new_pool(nil, { username = USERNAME, email = EMAIL })
    local sent = assert(call(pool, "forgot_password"))
    assert.equal("accepted", public_answer(sent).outcome)
    local _, err = call(pool, "confirm_forgot_password", wrong_code)
    assert.equal("not_accepted", public_answer(nil, err).outcome)
    local confirmed = assert(call(pool, "confirm_forgot_password", { confirmation_code = box:code(USERNAME) }))
    assert.equal("done", public_answer(confirmed).outcome)
  end)

  it("is not for other operations", function()
    local pool = new_pool()
    for _, operation in ipairs { "admin_get_user", "admin_reset_user_password" } do
      local ok, message = pcall(function() local _ = public_answer(call(pool, operation)) end)
      assert.is_false(ok)
      assert.matches("public_answer_spec.*" .. operation, message)
    end
    assert.is_false(pcall(public_answer, nil, nil))
  end)
end)

describe("public_answer of values that no call returned", function()
  local recovery = require "cognito.recovery"
  local pool = new_pool()
  local failed = select(2, call(pool, "confirm_forgot_password"))
  local meta = select(3, call(pool, "confirm_forgot_password"))

  local calls = {
    ["the error alone"] = { "result first and its error second", function() return (public_answer(failed)) end },
    ["the error alone, with meta"] = { "result first and its error second", function()
      return (public_answer(failed, nil, meta))
    end },
    ["a colon"] = { "with a dot", function() return (recovery:public_answer(nil, failed)) end },
    ["pcall's answers"] = { "pcall", function()
      return (public_answer(pcall(call, pool, "confirm_forgot_password")))
    end },
    ["false"] = { "not false, which pcall puts before it", function() return (public_answer(false, failed)) end },
    ["a text"] = { "not a string", function() return (public_answer "done") end },
    ["a result beside an error"] = { "nil as the error", function() return (public_answer({}, failed)) end },
    ["a result beside an error as meta"] = { "not an error", function() return (public_answer({}, nil, failed)) end },
    ["a number as error"] = { "not nil and a number", function() return (public_answer(nil, 42)) end },
    ["a table of the program's as error"] = { "not nil and a table", function()
      return (public_answer(nil, { operation = "forgot_password" }))
    end },
    ["a number as meta"] = { "not a number", function() return (public_answer({}, nil, 42)) end },
    ["nothing"] = { "not nil and a nil", function() return (public_answer()) end },
  }
  for what, case in pairs(calls) do
    it("names the right call: " .. what, function()
      assert.equal("not_accepted", public_answer(nil, failed, meta).outcome)
      local ok, message = pcall(case[2])
      assert.is_false(ok)
      assert.matches("public_answer_spec%.lua:%d+: public_answer ", message)
      assert.matches(case[1], message, 1, true)
      assert.matches("write recovery.public_answer(pool:forgot_password { … })", message, 1, true)
    end)
  end

  it("takes an empty table, which operations without output return", function()
    assert.equal("done", public_answer({}).outcome)
    assert.equal("done", public_answer({}, nil, { operation = "confirm_forgot_password" }).outcome)
  end)
end)

describe("the log of a page", function()
  it("is one line that no answer can forge", function()
    local pool, box = new_pool()
    box:misbehave { what = "error", code = 'Odd"\r\nException outcome=done', message = "of " .. EMAIL }
    local log = public_answer(call(pool, "forgot_password")).log
    assert.falsy(tostring(log):find "%c")
    assert.matches("^operation=forgot_password outcome=broken code=\"Odd' +Exception outcome=done\" status=400 ",
      tostring(log))
    assert_silent(log)
  end)

  it("tells the operator what to do", function()
    local pool = new_pool(nil, { username = USERNAME })
    local log = public_answer(call(pool, "forgot_password")).log
    assert.equal("no_verified_contact", log.reason)
    assert.equal(1, log.attempts)
    assert.matches('hint="The user has no verified e%-mail address', tostring(log))
  end)
end)

--- Outcomes of public_answer: every code of the service and of ours, and every
-- way in which the sandbox misbehaves.

local cognito = require "cognito"
local errors = require "cognito.errors"
local page_calls = require "spec.support.page_calls"
local public_answer = require("cognito.recovery").public_answer

local ASKING, CONFIRMING = page_calls.ASKING, page_calls.CONFIRMING
local USERNAME, EMAIL = page_calls.USERNAME, page_calls.EMAIL
local new_pool, call, each = page_calls.new_pool, page_calls.call, page_calls.each

local function concatenated(...)
  local all = {}
  for _, list in ipairs { ... } do
    for _, value in ipairs(list) do all[#all + 1] = value end
  end
  return all
end

local FOUR = concatenated(ASKING, CONFIRMING)

-- Every code that the service declares for the four operations, those of
-- docs/recovery.md, and those that any front of any service answers; the first
-- column of outcomes is for asking, the second for confirming.
local codes = {
  UserNotFoundException = { "accepted", "not_accepted" },
  UserNotConfirmedException = { "accepted", "not_accepted" },
  InvalidParameterException = { "broken", "broken" }, -- unless its text is known
  NotAuthorizedException = { "broken", "broken" },
  PasswordResetRequiredException = { "accepted", "not_accepted" },
  UnsupportedUserStateException = { "accepted", "not_accepted" },
  UsernameExistsException = { "accepted", "not_accepted" },
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
  { "InvalidParameterException", "1 validation error detected: Value at 'confirmationCode' failed to satisfy "
    .. "constraint: x", "bad_code", "accepted" },
  { "NotAuthorizedException", "Password attempts exceeded", "locked_out", "accepted" },
  { "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.",
    "invitation_expired", "accepted" },
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
    local text = assert(io.open "docs/recovery.md"):read "*a"
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

  it("a server's fault by which nothing was done, from 500 on", function()
    for status, expected in pairs { [499] = "broken", [500] = "try_later", [501] = "try_later" } do
      local err = errors.new { operation = "forgot_password", kind = "service", code = "Odd", status = status }
      assert.equal(expected, public_answer(nil, err).outcome, status)
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

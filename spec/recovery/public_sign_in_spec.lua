--- Outcomes of public_answer when a visitor signs in: every code that the
-- service declares for it, and the sandbox's own answers.

local cognito = require "cognito"
local page_calls = require "spec.support.page_calls"
local recovery = require "cognito.recovery"
local totp = require "cognito.sandbox.totp"

local public_answer = recovery.public_answer
local NAME, PASSWORD = page_calls.USERNAME, page_calls.PASSWORD
local OPERATIONS = { "initiate_auth", "respond_to_auth_challenge", "associate_software_token",
  "verify_software_token" }

local calls = {
  initiate_auth = function(pool)
    return pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = NAME, PASSWORD = PASSWORD } }
  end,
  respond_to_auth_challenge = function(pool, code)
    return pool:respond_to_auth_challenge { challenge_name = "SOFTWARE_TOKEN_MFA", session = ("s"):rep(20),
      challenge_responses = { USERNAME = NAME, SOFTWARE_TOKEN_MFA_CODE = code or "123456" } }
  end,
  associate_software_token = function(pool)
    return pool:associate_software_token({ session = ("s"):rep(20) }, { retry_ambiguous = false })
  end,
  verify_software_token = function(pool, code)
    return pool:verify_software_token({ session = ("s"):rep(20), user_code = code or "123456" },
      { retry_ambiguous = false })
  end,
}

local codes = {
  UserNotFoundException = "not_accepted",
  UserNotConfirmedException = "not_accepted",
  PasswordResetRequiredException = "not_accepted",
  NotAuthorizedException = "not_accepted",
  CodeMismatchException = "not_accepted",
  ExpiredCodeException = "not_accepted",
  MFAMethodNotFoundException = "not_accepted",
  SoftwareTokenMFANotFoundException = "not_accepted",
  EnableSoftwareTokenMFAException = "not_accepted",
  AliasExistsException = "not_accepted",
  InvalidLambdaResponseException = "not_accepted",
  UnexpectedLambdaException = "not_accepted",
  UserLambdaValidationException = "not_accepted",
  InvalidPasswordException = "bad_password",
  PasswordHistoryPolicyViolationException = "bad_password",
  TooManyRequestsException = "try_later",
  ConcurrentModificationException = "try_later",
  ForbiddenException = "try_later",
  InternalErrorException = "try_later",
  InvalidParameterException = "broken",
  ResourceNotFoundException = "broken",
  InvalidUserPoolConfigurationException = "broken",
  InvalidSmsRoleAccessPolicyException = "broken",
  InvalidSmsRoleTrustRelationshipException = "broken",
  InvalidEmailRoleAccessPolicyException = "broken",
  UnsupportedOperationException = "broken",
  OperationNotEnabledException = "broken",
  FeatureUnavailableInTierException = "broken",
}

local texts = {
  { "NotAuthorizedException", "User is disabled.", "not_accepted" },
  { "NotAuthorizedException", "Password attempts exceeded", "not_accepted" },
  { "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.", "not_accepted" },
  { "NotAuthorizedException", "Invalid session for the user, session is expired.", "not_accepted" },
  { "NotAuthorizedException", "Unable to verify secret hash for client x", "broken" },
  { "NotAuthorizedException", "Unable to verify secret for client x", "broken" },
  { "InvalidParameterException", "USER_SRP_AUTH flow not enabled for this client", "broken" },
}

describe("public_answer of a sign-in", function()
  local function outcome(operation, code, message)
    local pool, box = page_calls.new_pool()
    box:misbehave { what = "error", code = code, message = message, times = 3,
      status = code == "InternalErrorException" and 500 or nil }
    return public_answer(calls[operation](pool)).outcome
  end

  it("has an outcome for every code there is", function()
    for _, operation in ipairs(OPERATIONS) do
      for _, code in ipairs(cognito.describe(operation).errors) do
        assert.is_string(codes[code], code)
      end
      for code, expected in pairs(codes) do assert.equal(expected, outcome(operation, code), code) end
    end
  end)

  it("goes by the text where a code says two things", function()
    for _, operation in ipairs(OPERATIONS) do
      for _, case in ipairs(texts) do assert.equal(case[3], outcome(operation, case[1], case[2]), case[2]) end
    end
  end)

  it("is try_later when the reply is lost, and the log says so", function()
    for _, operation in ipairs(OPERATIONS) do
      local pool, box = page_calls.new_pool()
      box:misbehave { what = "drop", phase = "after", times = 3 }
      local page = public_answer(calls[operation](pool))
      assert.same({ "try_later", true }, { page.outcome, page.log.ambiguous })
    end
  end)

  it("is not_accepted for a code that cannot be sent", function()
    local page = public_answer(calls.respond_to_auth_challenge(page_calls.new_pool(), "\255"))
    assert.same({ "not_accepted", "invalid_parameter" }, { page.outcome, page.log.code })
    page = public_answer(calls.verify_software_token(page_calls.new_pool(), "12345"))
    assert.same({ "not_accepted", "invalid_parameter" }, { page.outcome, page.log.code })
  end)

  it("is done when an app's key is there, and when it was verified", function()
    local session
    local pool, box = page_calls.new_pool({ mfa = "ON" }, { username = NAME, password = PASSWORD })
    recovery.sign_in(pool, { username = NAME, password = PASSWORD }, {
      on_challenge = function(challenge) session = challenge.session end,
    })
    local result, err, meta = pool:associate_software_token { session = session }
    local secret = result.secret_code
    local page = public_answer(result, err, meta)
    assert.same({ "done", "associate_software_token" }, { page.outcome, page.log.operation })
    assert.is_nil(tostring(page.log):find(secret, 1, true))
    local code = totp.code(totp.from_base32(secret), totp.step(box:now()))
    assert.equal("done", public_answer(pool:verify_software_token { session = result.session,
      user_code = code }).outcome)
  end)

  -- ---- of recovery.sign_in ----

  local function signed_in(user, password, options)
    user.username, user.password = NAME, PASSWORD
    local pool = page_calls.new_pool(nil, user)
    local tokens, err, meta = recovery.sign_in(pool, { username = NAME, password = password or PASSWORD }, options)
    return public_answer(tokens, err, meta)
  end

  local mail = { email = page_calls.EMAIL }

  it("is done with tokens, with meta and without", function()
    local page = signed_in(mail)
    assert.same({ "done", "respond_to_auth_challenge" }, { page.outcome, page.log.operation })
    local pool = page_calls.new_pool(nil, { username = NAME, password = PASSWORD })
    assert.equal("done", public_answer((recovery.sign_in(pool, { username = NAME, password = PASSWORD }))).outcome)
  end)

  it("is challenge where on_challenge returned nothing, and of a result that asks", function()
    local user = { phone_number = page_calls.PHONE, sms_mfa = true }
    assert.equal("challenge", signed_in(user, nil, { on_challenge = function() end }).outcome)
    local pool = page_calls.new_pool(nil, { username = NAME, password = PASSWORD, status = "FORCE_CHANGE_PASSWORD" })
    assert.equal("challenge", public_answer(calls.initiate_auth(pool)).outcome)
    assert.equal("challenge", public_answer((calls.initiate_auth(pool))).outcome)
  end)

  it("is one for all that strangers must not tell apart", function()
    for _, case in ipairs {
      { mail, "wrong" }, { mail, "\255" }, { { enabled = false } }, { { status = "UNCONFIRMED" } },
      { { status = "RESET_REQUIRED" } },
    } do
      assert.equal("not_accepted", signed_in(case[1], case[2]).outcome)
    end
    local pool = page_calls.new_pool()
    local _, err = recovery.sign_in(pool, { username = "nobody", password = PASSWORD })
    assert.equal("not_accepted", public_answer(nil, err).outcome)
  end)

  it("puts neither name nor session into the log", function()
    local pool = page_calls.new_pool(nil, { username = NAME, password = PASSWORD, totp_secret = "JBSWY3DPEHPK3PXP" })
    local session
    local _, err, meta = recovery.sign_in(pool, { username = NAME, password = PASSWORD }, {
      on_challenge = function(challenge) session = challenge.session end,
    })
    local line = tostring(public_answer(nil, err, meta).log)
    assert.is_nil(line:find(NAME, 1, true))
    assert.is_nil(line:find(session, 1, true))
  end)
end)

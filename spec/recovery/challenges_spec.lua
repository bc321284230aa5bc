--- recovery.sign_in through every challenge that the sandbox sets, right, wrong,
-- late, and twice.
local cognito = require "cognito"
local core = require "cognito.core"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"

local PASSWORD, NEW = "Correct-Horse-9!", "New-pass1word"
local ADA = { username = "ada", password = PASSWORD }
local ALIAS = { username = "ada@example.com", password = PASSWORD }

local box, pool, asked

local function open(options, user)
  options = options or {}
  options.client_secret, options.alias_attributes = "s3cret-of-ours", { "email" }
  box = sandbox.new(options)
  pool = cognito.new(box:settings())
  user = user or {}
  user.username, user.email, user.email_verified = "ada", user.email or "ada@example.com", true
  if user.password == nil then user.password = PASSWORD end
  user.password = user.password or nil
  box:add_user(user)
  asked = {}
end

-- Answers each challenge with the next value, or what a function makes of it.
local function with(answers, options)
  options = options or {}
  local at = 0
  options.on_challenge = function(challenge)
    asked[#asked + 1] = challenge.name
    at = at + 1
    local answer = answers[at]
    if type(answer) == "function" then return answer(challenge) end
    return answer
  end
  return options
end

local function sent() return box:code "ada" end

describe("a code by mail or SMS", function()
  local first = { EMAIL_OTP = "EMAIL", SMS_OTP = "SMS" }

  for name, medium in pairs(first) do
    it("is the first factor where the user chooses it, without a password: " .. name, function()
      open({ first_factors = { "PASSWORD", name } }, { phone_number = "+491511234567" })
      local tokens = assert(recovery.sign_in(pool, { username = "ada@example.com" }, with({ function(challenge)
        assert.same({ "PASSWORD", "PASSWORD_SRP", name }, challenge.choices)
        return name
      end, function(challenge)
        assert.equal(medium, challenge.parameters.CODE_DELIVERY_DELIVERY_MEDIUM)
        assert.equal("ada", challenge.username)
        return sent()
      end }, { flow = "USER_AUTH" })))
      assert.equal("ada", tokens.username)
      assert.same({ "SELECT_CHALLENGE", name }, asked)
      assert(recovery.sign_in(pool, { username = "ada" }, with({ sent }, { flow = "USER_AUTH",
        preferred_challenge = name })))
      assert.equal(name, asked[3])
    end)

    it("is wrong, late, or used, and each counts once: " .. name, function()
      open({ first_factors = { name } }, { phone_number = "+491511234567" })
      local options = { flow = "USER_AUTH", preferred_challenge = name }
      local _, err = recovery.sign_in(pool, ADA, with({ "000000x" }, options))
      assert.equal("CodeMismatchException", err.code)
      _, err = recovery.sign_in(pool, ADA, with({ function()
        local code = sent()
        box:advance(180)
        return code
      end }, options))
      assert.matches("session is expired", err.message)
      local kept
      assert(recovery.sign_in(pool, ADA, with({ function()
        kept = sent()
        return kept
      end }, options)))
      _, err = recovery.sign_in(pool, ADA, with({ function() return kept ~= sent() and kept or "1" end }, options))
      assert.equal("CodeMismatchException", err.code)
      assert.equal(4, #asked)
      assert.equal(1, box:user "ada".sessions)
    end)
  end

  it("is a second factor by mail, with the hash over the pool's own name", function()
    open({ email_sender = "DEVELOPER" }, { email_mfa = true })
    for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH" } do
      assert(recovery.sign_in(pool, ALIAS, with({ sent }, { flow = flow })))
      local _, err = recovery.sign_in(pool, ALIAS, with({ "1" }, { flow = flow }))
      assert.equal("CodeMismatchException", err.code)
    end
    assert.same({ "EMAIL_OTP", "EMAIL_OTP", "EMAIL_OTP", "EMAIL_OTP" }, asked)
  end)
end)

describe("the choice of a password", function()
  for _, name in ipairs { "PASSWORD", "PASSWORD_SRP" } do
    it("is answered by the password, chosen or preferred: " .. name, function()
      open { first_factors = { "PASSWORD", "EMAIL_OTP" } }
      assert(recovery.sign_in(pool, ALIAS, with({ name }, { flow = "USER_AUTH" })))
      assert.same({ "SELECT_CHALLENGE" }, asked)
      assert(recovery.sign_in(pool, ALIAS, { flow = "USER_AUTH", preferred_challenge = name }))
      local before = box:executions "respond_to_auth_challenge"
      local _, err = recovery.sign_in(pool, { username = "ada", password = "wrong" }, with({ name },
        { flow = "USER_AUTH" }))
      assert.equal("NotAuthorizedException", err.code)
      assert.equal(before + (name == "PASSWORD_SRP" and 1 or 0), box:executions "respond_to_auth_challenge")
      _, err = recovery.sign_in(pool, { username = "ada" }, with({ name }, { flow = "USER_AUTH" }))
      assert.same({ "challenge_unanswered", name }, { err.code, err.challenge })
      assert.matches("there is no password", err.message)
    end)
  end

  it("hides who exists, and is of what there is", function()
    open { first_factors = { "PASSWORD" } }
    for _, name in ipairs { "PASSWORD", "PASSWORD_SRP" } do
      local _, err = recovery.sign_in(pool, { username = "eve", password = PASSWORD }, with({ name },
        { flow = "USER_AUTH" }))
      assert.equal("Incorrect username or password.", err.message)
    end
    local _, err = recovery.sign_in(pool, ADA, with({ "SMS_OTP" }, { flow = "USER_AUTH" }))
    assert.equal("SMS_OTP is not an available challenge.", err.message)
    open()
    _, err = recovery.sign_in(pool, ADA, { flow = "USER_AUTH" })
    assert.equal("flow_not_enabled", err.reason)
  end)
end)

describe("a new password", function()
  it("comes with the attributes that the pool requires", function()
    open({ required_attributes = { "name", "locale", "email" } }, { status = "FORCE_CHANGE_PASSWORD" })
    for _, answer in ipairs { NEW, { NEW_PASSWORD = NEW }, { NEW_PASSWORD = NEW, ["userAttributes.name"] = "Ada" },
      { NEW_PASSWORD = NEW, ["userAttributes.name"] = "Ada", ["userAttributes.locale"] = "" },
      { ["userAttributes.name"] = "Ada", ["userAttributes.locale"] = "en" } } do
      local _, err = recovery.sign_in(pool, ADA, with { answer })
      assert.same({ "challenge_unanswered", "NEW_PASSWORD_REQUIRED" }, { err.code, err.challenge })
    end
    assert.is_nil(box:user "ada".attributes.name)
    local tokens = assert(recovery.sign_in(pool, ALIAS, with { function(challenge)
      assert.same({ "userAttributes.name", "userAttributes.locale" }, challenge.required_attributes)
      return { NEW_PASSWORD = NEW, ["userAttributes.name"] = "Ada", ["userAttributes.locale"] = "en" }
    end }))
    assert.equal("ada", tokens.username)
    assert.same({ "Ada", "en" }, { box:user "ada".attributes.name, box:user "ada".attributes.locale })
  end)

  it("is refused by the service where it is weak, or its attributes are wrong, and is asked for once", function()
    open(nil, { status = "FORCE_CHANGE_PASSWORD" })
    for code, answer in pairs { InvalidPasswordException = "weak",
      NotAuthorizedException = { NEW_PASSWORD = NEW, ["userAttributes.email"] = "eve@example.com" },
      InvalidParameterException = { NEW_PASSWORD = NEW, ["userAttributes.phone_number"] = "12" } } do
      local count = #asked
      assert.equal(code, select(2, recovery.sign_in(pool, ADA, with { answer })).code)
      assert.equal(count + 1, #asked)
    end
    assert.equal("FORCE_CHANGE_PASSWORD", box:user "ada".status)
  end)
end)

describe("the set-up of a second factor", function()
  local function set_up(challenge)
    local begun = assert(pool:associate_software_token { session = challenge.session })
    assert.is_string(begun.secret_code)
    local done = assert(pool:verify_software_token { session = begun.session, user_code = box:totp "ada" })
    return {}, done.session
  end

  it("is gone through where the pool requires one, and is asked for no more", function()
    open { mfa = "ON" }
    assert(recovery.sign_in(pool, ALIAS, with { function(challenge)
      assert.same({ "SOFTWARE_TOKEN_MFA" }, challenge.choices)
      return set_up(challenge)
    end }))
    box:advance(30)
    assert(recovery.sign_in(pool, ALIAS, with { function() return box:totp "ada" end }))
    assert.same({ "MFA_SETUP", "SOFTWARE_TOKEN_MFA" }, asked)
  end)

  it("is refused half done, with a wrong code, or with an old session", function()
    open { mfa = "ON" }
    local _, err = recovery.sign_in(pool, ADA, with { {} })
    assert.equal("SoftwareTokenMFANotFoundException", err.code)
    local old
    recovery.sign_in(pool, ADA, with { function(challenge)
      old = challenge.session
      local begun = assert(pool:associate_software_token { session = old })
      assert.equal("EnableSoftwareTokenMFAException",
        select(2, pool:verify_software_token { session = begun.session, user_code = "000000" }).code)
      return nil, "given up"
    end })
    assert.equal("Invalid session for the user.", select(2, pool:associate_software_token { session = old }).message)
    assert.equal(0, box:user "ada".sessions)
  end)
end)

describe("the choice of a second factor", function()
  it("is of what the user has, and asked for once", function()
    open({ email_sender = "DEVELOPER" }, { email_mfa = true, sms_mfa = true, phone_number = "+491511234567",
      totp_secret = "JBSWY3DPEHPK3PXP" })
    for _, name in ipairs { "SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA" } do
      assert(recovery.sign_in(pool, ALIAS, with { function(challenge)
        assert.same({ "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP" }, challenge.choices)
        return name
      end, function() return name == "SOFTWARE_TOKEN_MFA" and box:totp "ada" or sent() end }))
      assert.same({ "SELECT_MFA_TYPE", name }, { asked[#asked - 1], asked[#asked] })
    end
    assert.equal("InvalidParameterException", select(2, recovery.sign_in(pool, ADA, with { "CARRIER_PIGEON" })).code)
  end)
end)

describe("a custom challenge", function()
  local function riddles(options)
    open(options)
    box:on("define_auth_challenge", function(event)
      local list = event.request.session
      local last = list[#list]
      local response = event.response
      response.failAuthentication = #list > 3
      if last and last.challengeName == "SRP_A" then
        response.challengeName = "PASSWORD_VERIFIER"
      elseif last and last.challengeName == "CUSTOM_CHALLENGE" and last.challengeResult then
        response.issueTokens = true
      else
        response.challengeName = "CUSTOM_CHALLENGE"
      end
    end)
    box:on("create_auth_challenge", function(event)
      event.response.publicChallengeParameters = { riddle = "6 * 7" }
      event.response.privateChallengeParameters = { answer = "42" }
    end)
    box:on("verify_auth_challenge_response", function(event)
      event.response.answerCorrect = event.request.challengeAnswer == event.request.privateChallengeParameters.answer
    end)
  end

  local function solve(challenge)
    assert.equal("6 * 7", challenge.parameters.riddle)
    return "42"
  end

  it("is handed to the program, behind the password or without one", function()
    riddles()
    for _, credentials in ipairs { ALIAS, { username = "ada@example.com" } } do
      local tokens = assert(recovery.sign_in(pool, credentials, with({ solve }, { flow = "CUSTOM_AUTH" })))
      assert.equal("ada", tokens.username)
    end
    assert.same({ "CUSTOM_CHALLENGE", "CUSTOM_CHALLENGE" }, asked)
    local _, err = recovery.sign_in(pool, { username = "ada", password = "wrong" }, { flow = "CUSTOM_AUTH" })
    assert.equal("Incorrect username or password.", err.message)
  end)

  it("may be asked again, as often as the trigger lets it", function()
    riddles()
    assert(recovery.sign_in(pool, { username = "ada" }, with({ "41", "43", solve }, { flow = "CUSTOM_AUTH" })))
    assert.equal(3, #asked)
    local _, err = recovery.sign_in(pool, { username = "ada" }, with({ "1", "2", "3", "4" }, { flow = "CUSTOM_AUTH" }))
    assert.equal("NotAuthorizedException", err.code)
  end)

  it("fails with its triggers", function()
    open()
    local _, err = recovery.sign_in(pool, { username = "ada" }, { flow = "CUSTOM_AUTH" })
    assert.equal("flow_not_enabled", err.reason)
    riddles()
    box:on("define_auth_challenge", function() error("no", 0) end)
    _, err = recovery.sign_in(pool, { username = "ada" }, { flow = "CUSTOM_AUTH" })
    assert.equal("DefineAuthChallenge failed with error no.", err.message)
    box:on("define_auth_challenge", function(event) event.response.challengeName = "NONSENSE" end)
    _, err = recovery.sign_in(pool, { username = "ada" }, { flow = "CUSTOM_AUTH" })
    assert.equal("InvalidLambdaResponseException", err.code)
  end)
end)

describe("an answer that lacks something", function()
  it("is not sent: a person typed nothing, or a program left it out", function()
    open(nil, { sms_mfa = true, phone_number = "+491511234567" })
    for _, answer in ipairs { "", {}, { SMS_MFA_CODE = "" }, { SOFTWARE_TOKEN_MFA_CODE = "123456" } } do
      local before = box:executions "respond_to_auth_challenge"
      local _, err = recovery.sign_in(pool, ADA, with { answer })
      assert.same({ "challenge_unanswered", "SMS_MFA" }, { err.code, err.challenge })
      assert.matches("the answer has no SMS_MFA_CODE", err.message)
      assert.equal(before + 1, box:executions "respond_to_auth_challenge") -- of the password
    end
  end)
end)

describe("a clock that is off", function()
  it("does not spoil the proof: the service's time comes with its first reply", function()
    for _, off in ipairs { -3600, 3600, -90000, 86400 * 365 } do
      open()
      local calls = {}
      local late = pool:with { now = function() return core.now() + off end,
        on_attempt = function(record) calls[#calls + 1] = record.operation end }
      assert(recovery.sign_in(late, ADA))
      assert.same({ "initiate_auth", "respond_to_auth_challenge" }, calls)
      assert.is_true(math.abs(late:describe().clock_offset + off) < 240)
    end
  end)

  it("is left alone where the program says so, and where a reply has no date or was stored", function()
    open()
    local late = pool:with { now = function() return core.now() + 3600 end, correct_clock = false }
    assert.equal("Invalid TIMESTAMP.", select(2, recovery.sign_in(late, ADA)).message)
    for _, change in ipairs { function(headers) headers.date = nil end, function(headers) headers.age = "1" end,
      function(headers) headers.date = "yesterday" end } do
      local settings = box:settings()
      settings.runtime = function(request)
        local reply, err = box:send(request)
        if reply then change(reply.headers) end
        return reply, err
      end
      settings.now = function() return core.now() + 3600 end
      assert.equal("Invalid TIMESTAMP.", select(2, recovery.sign_in(cognito.new(settings), ADA)).message)
    end
  end)

  it("that is right by some minutes is not corrected", function()
    open()
    local late = pool:with { now = function() return core.now() + 200 end }
    assert(recovery.sign_in(late, ADA))
    assert.equal(0, late:describe().clock_offset)
  end)
end)

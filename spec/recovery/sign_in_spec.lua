--- recovery.sign_in: through every challenge, with the sandbox and with a
-- service that a test scripts.
local cognito = require "cognito"
local core = require "cognito.core"
local json = require "cjson"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"
local service = require "spec.support.sign_in_script"

local PASSWORD, NEW = "Correct-Horse-9!", "New-pass1word"
local ADA = { username = "ada", password = PASSWORD }

local function never()
  error "it was asked"
end

describe("signing in at the sandbox", function()
  local box, pool

  local function open(options, user)
    box = sandbox.new(options)
    pool = cognito.new(box:settings())
    user = user or {}
    user.username, user.password = "ada", PASSWORD
    user.email, user.email_verified = "ada@example.com", true
    box:add_user(user)
  end

  for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH" } do
    it("gives tokens: " .. flow, function()
      open { client_secret = "s3cret-of-ours", alias_attributes = { "email" } }
      for _, name in ipairs { "ada", "ada@example.com" } do
        local tokens, err, meta = recovery.sign_in(pool, { username = name, password = PASSWORD },
          { flow = flow, on_challenge = never })
        assert.is_nil(err)
        assert.is_string(tokens.access_token)
        assert.is_string(tokens.refresh_token)
        assert.equal(flow == "USER_SRP_AUTH" and "respond_to_auth_challenge" or "initiate_auth", meta.operation)
        assert.is_table(pool:get_user { access_token = tokens.access_token })
      end
    end)

    it("is refused with a wrong password, which counts once: " .. flow, function()
      open()
      for _ = 1, 5 do
        local tokens, err = recovery.sign_in(pool, { username = "ada", password = "wrong" }, { flow = flow })
        assert.is_nil(tokens)
        assert.equal("Incorrect username or password.", err.message)
      end
      assert.equal("locked_out", select(2, recovery.sign_in(pool, ADA, { flow = flow })).reason)
    end)

    it("sets a new password where one is asked for: " .. flow, function()
      open({ client_secret = "s3cret-of-ours" }, { status = "FORCE_CHANGE_PASSWORD" })
      local asked = {}
      local tokens = assert(recovery.sign_in(pool, ADA, { flow = flow, on_challenge = function(challenge)
        asked[#asked + 1] = challenge
        return NEW
      end }))
      assert.is_string(tokens.id_token)
      assert.equal(1, #asked)
      assert.same({ "NEW_PASSWORD_REQUIRED", "ada" }, { asked[1].name, asked[1].username })
      assert.same({}, asked[1].required_attributes)
      assert.equal("ada@example.com", asked[1].user_attributes.email)
      assert(recovery.sign_in(pool, { username = "ada", password = NEW }, { flow = flow }))
    end)

    it("asks for a second factor, and once: " .. flow, function()
      open(nil, { phone_number = "+15555550100", phone_number_verified = true })
      assert(pool:admin_set_user_mfa_preference { username = "ada",
        sms_mfa_settings = { enabled = true, preferred_mfa = true } })
      local asked = 0
      local function answer(code)
        return { flow = flow, on_challenge = function(challenge)
          asked = asked + 1
          assert.equal("SMS_MFA", challenge.name)
          assert.equal("SMS", challenge.parameters.CODE_DELIVERY_DELIVERY_MEDIUM)
          return code or box:code "ada"
        end }
      end
      assert.is_string(assert(recovery.sign_in(pool, ADA, answer())).access_token)
      local _, err = recovery.sign_in(pool, ADA, answer "000000x")
      assert.equal("CodeMismatchException", err.code)
      assert.equal(2, asked)
    end)
  end

  it("passes on why a user cannot sign in", function()
    open({ prevent_user_existence_errors = "LEGACY" }, { status = "RESET_REQUIRED" })
    assert.equal("PasswordResetRequiredException", select(2, recovery.sign_in(pool, ADA)).code)
    assert.equal("UserNotFoundException",
      select(2, recovery.sign_in(pool, { username = "eve", password = PASSWORD })).code)
  end)

  it("hides no reply that was lost, and makes no call again", function()
    open()
    for _, operation in ipairs { "initiate_auth", "respond_to_auth_challenge" } do
      box:misbehave { what = "drop", phase = "after", operation = operation }
      local before = box:executions(operation)
      local eager = pool:with { retry_ambiguous = true }
      local _, err = recovery.sign_in(eager, ADA)
      assert.is_true(err.ambiguous, operation)
      assert.equal(before + 1, box:executions(operation))
    end
  end)
end)

describe("signing in", function()
  local asks, tokens, verifier = service.asks, service.tokens, service.verifier
  local sent

  local function script(list, settings)
    local pool
    pool, sent = service.new(list, settings)
    return pool
  end

  it("answers each challenge under the name that it wants", function()
    for name, response in pairs { SMS_MFA = "SMS_MFA_CODE", EMAIL_OTP = "EMAIL_OTP_CODE", SMS_OTP = "SMS_OTP_CODE",
      SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA_CODE", SELECT_MFA_TYPE = "ANSWER", CUSTOM_CHALLENGE = "ANSWER",
      NEW_PASSWORD_REQUIRED = "NEW_PASSWORD" } do
      local pool = script { asks(name, { USER_ID_FOR_SRP = "id-1" }), tokens }
      assert.equal("t", assert(recovery.sign_in(pool, ADA, { flow = "USER_PASSWORD_AUTH",
        on_challenge = function() return "the answer" end })).access_token)
      assert.same({ ChallengeName = name, ClientId = "abc", Session = "session-of-20-characters",
        ChallengeResponses = { USERNAME = "id-1", [response] = "the answer" } }, sent[2])
    end
  end)

  it("goes through a chain, with the pool's name of the user and the hash over it", function()
    local pool = script({ verifier, asks("SELECT_MFA_TYPE", { MFAS_CAN_CHOOSE = '["SMS_MFA","SOFTWARE_TOKEN_MFA"]' }),
      asks("SOFTWARE_TOKEN_MFA", { FRIENDLY_DEVICE_NAME = "phone" }), asks "CUSTOM_CHALLENGE", tokens },
      { client_secret = "s3cret" })
    local seen = {}
    assert(recovery.sign_in(pool, { username = "ada@example.com", password = PASSWORD }, {
      client_metadata = { page = "1" }, user_context_data = { ip_address = "192.0.2.1", encoded_data = "print" },
      on_challenge = function(challenge)
        seen[#seen + 1] = challenge.name
        assert.equal("id-1", challenge.username)
        return challenge.choices and challenge.choices[2] or "123456"
      end }))
    assert.same({ "SELECT_MFA_TYPE", "SOFTWARE_TOKEN_MFA", "CUSTOM_CHALLENGE" }, seen)
    assert.equal("SOFTWARE_TOKEN_MFA", sent[3].ChallengeResponses.ANSWER)
    assert.equal(core.secret_hash("ada@example.com", "abc", "s3cret"), sent[1].AuthParameters.SECRET_HASH)
    for i = 2, 5 do
      assert.same({ "id-1", core.secret_hash("id-1", "abc", "s3cret") },
        { sent[i].ChallengeResponses.USERNAME, sent[i].ChallengeResponses.SECRET_HASH })
    end
    for i = 1, 5 do
      assert.same({ page = "1" }, sent[i].ClientMetadata)
      assert.same({ IpAddress = "192.0.2.1", EncodedData = "print" }, sent[i].UserContextData)
    end
  end)

  it("never sends the password, where the flow is SRP", function()
    assert(recovery.sign_in(script { verifier, tokens }, ADA))
    assert.is_nil(json.encode(sent):find(PASSWORD, 1, true))
    assert.is_nil(json.encode(sent):find("PASSWORD\"", 1, true))
  end)

  it("answers the choice of a password itself", function()
    local pool = script { asks("SELECT_CHALLENGE", nil, { AvailableChallenges = { "EMAIL_OTP", "PASSWORD_SRP" } }),
      verifier, tokens }
    assert(recovery.sign_in(pool, ADA, { flow = "USER_AUTH", on_challenge = function(challenge)
      assert.same({ "EMAIL_OTP", "PASSWORD_SRP" }, challenge.choices)
      return "PASSWORD_SRP"
    end }))
    assert.same({ USERNAME = "ada" }, sent[1].AuthParameters)
    assert.equal("PASSWORD_SRP", sent[2].ChallengeResponses.ANSWER)
    assert.matches("^%x+$", sent[2].ChallengeResponses.SRP_A)
    assert.equal(44, #sent[3].ChallengeResponses.PASSWORD_CLAIM_SIGNATURE)
    pool = script { asks "PASSWORD_SRP", verifier, tokens }
    assert(recovery.sign_in(pool, ADA, { flow = "USER_AUTH" }))
    assert.matches("^%x+$", sent[2].ChallengeResponses.SRP_A)
  end)

  it("takes responses of any name, and another session", function()
    local pool = script { asks("MFA_SETUP", { MFAS_CAN_SETUP = '["SOFTWARE_TOKEN_MFA"]' }), tokens }
    assert(recovery.sign_in(pool, ADA, { flow = "USER_PASSWORD_AUTH", on_challenge = function(challenge)
      assert.same({ "SOFTWARE_TOKEN_MFA" }, challenge.choices)
      return {}, "another-session-of-the-token"
    end }))
    assert.equal("another-session-of-the-token", sent[2].Session)
    pool = script { asks "DEVICE_SRP_AUTH", tokens } -- of a device that sign_in does not have
    local given = { DEVICE_KEY = "d", SRP_A = "1" }
    assert(recovery.sign_in(pool, ADA, { flow = "USER_PASSWORD_AUTH", on_challenge = function() return given end }))
    assert.same({ DEVICE_KEY = "d", SRP_A = "1", USERNAME = "ada" }, sent[2].ChallengeResponses)
    assert.same({ DEVICE_KEY = "d", SRP_A = "1" }, given)
  end)

  it("ends where a challenge is not answered, and says which", function()
    for _, on_challenge in ipairs { false, function() end } do
      local pool = script { asks "SMS_MFA" }
      local result, err = recovery.sign_in(pool, ADA, { flow = "USER_PASSWORD_AUTH",
        on_challenge = on_challenge or nil })
      assert.is_nil(result)
      assert.same({ "challenge_unanswered", "validation", "SMS_MFA" }, { err.code, err.kind, err.challenge })
      assert.matches("on_challenge", err.hint)
      assert.equal(1, #sent)
    end
  end)

  it("raises what on_challenge raises, and when it returns another type", function()
    local pool = script { asks "SMS_MFA", asks "SMS_MFA", asks "MFA_SETUP" }
    local function with(on_challenge)
      return select(2, pcall(recovery.sign_in, pool, ADA, { flow = "USER_PASSWORD_AUTH", on_challenge = on_challenge }))
    end
    local mark = {}
    assert.equal(mark, with(function() error(mark) end))
    assert.matches("must return a string or a table for SMS_MFA, not a number", with(function() return 12 end))
    assert.matches("must return a table of responses for MFA_SETUP", with(function() return "HIDDEN" end))
    assert.equal(3, #sent)
  end)

  it("lets on_challenge wait: it may yield", function()
    local pool = script { verifier, asks "SMS_MFA", tokens }
    local task = coroutine.create(function()
      return recovery.sign_in(pool, ADA, { on_challenge = function() return coroutine.yield "asking" end })
    end)
    assert.same({ true, "asking" }, { coroutine.resume(task) })
    local ok, result = coroutine.resume(task, "123456")
    assert.is_true(ok)
    assert.equal("t", result.access_token)
  end)

  it("refuses a challenge that is none, without a word of the password", function()
    for field, value in pairs { SALT = "x", SRP_B = "0", SECRET_BLOCK = "?" } do
      for _, wrong in ipairs { value, false } do
        local parameters = { USER_ID_FOR_SRP = "id-1", SALT = "a1", SRP_B = "b2", SECRET_BLOCK = "QUJD" }
        parameters[field] = wrong or nil
        local result, err = recovery.sign_in(script { asks("PASSWORD_VERIFIER", parameters) }, ADA)
        assert.is_nil(result)
        assert.same({ "malformed_response", "network" }, { err.code, err.kind })
        assert.matches(field, err.message)
        assert.is_nil(tostring(err):find(PASSWORD, 1, true))
        assert.equal(1, #sent)
      end
    end
    assert.equal("malformed_response", select(2, recovery.sign_in(script { {} }, ADA)).code)
  end)

  -- A second proof would be of a number that the service has not seen: wrong,
  -- and a failed try.
  it("proves the password once for each number that it sent", function()
    for _, case in ipairs { { flow = "USER_SRP_AUTH", verifier, verifier }, { flow = "USER_PASSWORD_AUTH", verifier },
      { flow = "USER_AUTH", verifier } } do
      local pool = script { case[1], case[2] }
      local _, err = recovery.sign_in(pool, ADA, { flow = case.flow })
      assert.equal("malformed_response", err.code)
      assert.matches("asks for PASSWORD_VERIFIER, and no proof has begun", err.message)
      assert.equal(#case, #sent)
    end
  end)

  it("takes a preferred challenge for the flow that offers several", function()
    for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH", "CUSTOM_AUTH" } do
      local ok, err = pcall(recovery.sign_in, script {}, ADA, { flow = flow, preferred_challenge = "EMAIL_OTP" })
      assert.is_false(ok)
      assert.matches("preferred_challenge goes with the flow USER_AUTH", err)
      assert.equal(0, #sent)
    end
  end)

  it("does not send the password to a service that asks for it in a flow that does not", function()
    for _, options in ipairs { { flow = "USER_SRP_AUTH" }, { flow = "CUSTOM_AUTH" },
      { flow = "USER_AUTH", preferred_challenge = "PASSWORD_SRP" } } do
      local _, err = recovery.sign_in(script { asks "PASSWORD" }, ADA, options)
      assert.equal("malformed_response", err.code)
      assert.matches("asks for the password itself", err.message)
      assert.equal(1, #sent)
      assert.is_nil(json.encode(sent):find(PASSWORD, 1, true))
    end
    local pool = script { asks("SELECT_CHALLENGE", nil, { AvailableChallenges = { "PASSWORD_SRP" } }), asks "PASSWORD" }
    assert.is_nil((recovery.sign_in(pool, ADA, { flow = "USER_AUTH", on_challenge = function()
      return "PASSWORD_SRP"
    end })))
    assert.is_nil(json.encode(sent):find(PASSWORD, 1, true))
  end)

  it("does not send the password to a service that offers it as a choice in a flow without choices", function()
    for _, flow in ipairs { "USER_SRP_AUTH", "CUSTOM_AUTH" } do
      for _, answer in ipairs { "PASSWORD", { ANSWER = "PASSWORD" } } do
        local pool = script { asks("SELECT_CHALLENGE", nil, { AvailableChallenges = { "PASSWORD" } }), asks "PASSWORD" }
        local _, err = recovery.sign_in(pool, ADA, { flow = flow, on_challenge = function() return answer end })
        assert.equal("malformed_response", err.code)
        assert.equal(1, #sent)
        assert.is_nil(json.encode(sent):find(PASSWORD, 1, true))
      end
    end
  end)

  it("refuses a name of the user, or parameters, that are none", function()
    for _, name in ipairs { "", { "x" }, { x = "y" } } do
      for _, field in ipairs { "USER_ID_FOR_SRP", "USERNAME" } do
        for _, challenge in ipairs { "SMS_MFA", "PASSWORD_VERIFIER" } do
          local parameters = { SALT = "a1", SRP_B = "b2", SECRET_BLOCK = "QUJD", [field] = name }
          local result, err = recovery.sign_in(script { asks(challenge, parameters) }, ADA, { on_challenge = never })
          assert.is_nil(result)
          assert.same({ "malformed_response", 1 }, { err.code, #sent }, field .. " " .. tostring(name))
        end
      end
    end
  end)

  it("takes a challenge of any size, and none that breaks it", function()
    local long = ("A"):rep(400000)
    for _, field in ipairs { "SALT", "SRP_B", "SECRET_BLOCK", "USER_ID_FOR_SRP", "OTHER" } do
      local parameters = { USER_ID_FOR_SRP = "id-1", SALT = "a1", SRP_B = "b2", SECRET_BLOCK = "QUJD" }
      parameters[field] = long
      local result, err = recovery.sign_in(script { asks("PASSWORD_VERIFIER", parameters), tokens }, ADA)
      if field == "SALT" or field == "SRP_B" then
        assert.same({ "malformed_response", 1 }, { err.code, #sent })
      elseif not result then
        assert.equal("validation", err.kind, tostring(err))
        assert.equal(1, #sent)
      end
    end
    for _, session in ipairs { "short", ("s"):rep(2049), ("s"):rep(100000) } do
      local _, err = recovery.sign_in(script { asks("SMS_MFA", {}, { Session = session }), tokens }, ADA,
        { flow = "USER_PASSWORD_AUTH", on_challenge = function() return "123456" end })
      if err or #session < 20 then
        assert.same({ "malformed_response", "respond_to_auth_challenge" }, { err.code, err.operation })
      end
    end
    for _, text in ipairs { "", "[", "null", "1", '"x"', "[1]", "[{}]", '{"a":1}', ("["):rep(10000) } do
      local _, err = recovery.sign_in(script { asks("NEW_PASSWORD_REQUIRED", { requiredAttributes = text,
        userAttributes = text }), tokens }, ADA, { flow = "USER_PASSWORD_AUTH",
        on_challenge = function() return "New-pass1word" end })
      assert.is_nil(err)
    end
  end)

  it("ends a circle", function()
    local list = {}
    for i = 1, 40 do list[i] = asks "CUSTOM_CHALLENGE" end
    local _, err = recovery.sign_in(script(list), ADA, { flow = "USER_PASSWORD_AUTH",
      on_challenge = function() return "1" end })
    assert.equal("malformed_response", err.code)
    assert.equal(21, #sent)
  end)

  it("refuses wrong arguments before anything is sent, and blames the caller", function()
    local pool = script {}
    for message, arguments in pairs {
      ["sign_in takes a table of credentials, not a string"] = { "ada" },
      ["unknown credential 'user'"] = { { user = "ada", username = "ada", password = "x" } },
      ["unknown option 'on_chalenge'; did you mean 'on_challenge'"] = { ADA, { on_chalenge = never } },
      ["sign_in has no flow 'ADMIN_NO_SRP_AUTH'"] = { ADA, { flow = "ADMIN_NO_SRP_AUTH" } },
    } do
      local ok, raised = pcall(function() return (recovery.sign_in(pool, arguments[1], arguments[2])) end)
      assert.is_false(ok)
      assert.matches("sign_in_spec.lua:%d+: ", raised)
      assert.truthy(raised:find(message, 1, true), raised)
    end
    for _, first in ipairs { {}, "x", 42, recovery } do
      local _, raised = pcall(function() return (recovery.sign_in(first, ADA)) end)
      assert.matches("sign_in_spec.lua:%d+: sign_in takes a client of cognito.new first", raised)
    end
    assert.equal(0, #sent)
  end)

  it("returns an error for what a person typed or a form left out, before anything is sent", function()
    local pool = script {}
    for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH" } do
      local needs_password = flow == "USER_SRP_AUTH" or flow == "USER_PASSWORD_AUTH"
      for message, credentials in pairs {
        ["username is missing"] = {},
        [needs_password and "password is missing" or "username is missing"] = { username = needs_password and "ada"
          or nil },
        ["password must not be empty"] = { username = "ada", password = "" },
        ["username must not be empty"] = { username = "", password = "x" },
        ["password must be a string, not a number"] = { username = "ada", password = 1 },
        ["password must be valid UTF-8"] = { username = "ada", password = "P\228ssword" },
        ["username must be valid UTF-8"] = { username = "a\255da", password = "x" },
      } do
        local result, err = recovery.sign_in(pool, credentials, { flow = flow })
        assert.is_nil(result)
        assert.same({ "invalid_parameter", "validation", message, message:match "^%a+" },
          { err.code, err.kind, err.message, err.field })
      end
    end
    assert.equal(0, #sent)
  end)

  it("is no sign-in without an access token", function()
    for _, reply in ipairs { {}, { AuthenticationResult = { TokenType = "Bearer" } } } do
      local _, err = recovery.sign_in(script { reply }, ADA, { flow = "USER_PASSWORD_AUTH" })
      assert.same({ "malformed_response", "initiate_auth" }, { err.code, err.operation })
      assert.matches("neither tokens nor a challenge", err.message)
    end
  end)

  it("ends with the reason that on_challenge gives up for", function()
    local function with(...)
      local values = { ... }
      return select(2, recovery.sign_in(script { asks "SMS_MFA" }, ADA, { flow = "USER_PASSWORD_AUTH",
        on_challenge = function() return nil, (values[1]) end }))
    end
    local aborted = { code = "aborted", kind = "network", message = "the task was cancelled" }
    assert.equal(aborted, with(aborted))
    assert.matches("on_challenge returned nothing: the user left$", with("the user left").message)
    assert.matches("^Return the answer", with().hint)
  end)

  it("names what is wrong with an answer", function()
    local function with(...)
      local values, n = { ... }, select("#", ...)
      return select(2, pcall(recovery.sign_in, script { asks "SMS_MFA" }, ADA, { flow = "USER_PASSWORD_AUTH",
        on_challenge = function() return (unpack or table.unpack)(values, 1, n) end }))
    end
    assert.matches("not a number %(use tostring%)", with(123456))
    assert.matches("strings for SMS_MFA: USERNAME is a number", with { USERNAME = 42 })
    assert.matches("a session as its second value", with(("12 34"):gsub(" ", "")))
    assert.equal(1, #sent)
  end)

  it("tells a wrong password's hint from that of a wrong code", function()
    local box = sandbox.new()
    local pool = cognito.new(box:settings())
    box:add_user { username = "ada", password = PASSWORD, totp_secret = "JBSWY3DPEHPK3PXP" }
    local _, err = recovery.sign_in(pool, { username = "ada", password = "wrong" })
    assert.matches("another pool's", err.hint)
    _, err = recovery.sign_in(pool, ADA, { on_challenge = function() return "000000" end })
    assert.matches("second factor is wrong, or was used already", err.hint)
  end)

  it("wants the pool's id for SRP", function()
    local pool = cognito.new { region = "eu-west-1", client_id = "abc", env = function() return nil end,
      runtime = never }
    local _, err = recovery.sign_in(pool, ADA)
    assert.same({ "invalid_parameter", "user_pool_id" }, { err.code, err.field })
    assert.matches("like eu%-west%-1_", err.hint)
  end)
end)

--- recovery.sign_in: what each answer of on_challenge becomes, and how refusals
-- are explained.
local native = require "cognito.native"
local recovery = require "cognito.recovery"
local service = require "spec.support.sign_in_script"

local PASSWORD = "Correct-Horse-9!"
local ADA = { username = "ada", password = PASSWORD }

local asks, tokens, verifier = service.asks, service.tokens, service.verifier

-- Signs in at a service with these replies. Returns what was sent, and what
-- sign_in returned.
local function sign_in(replies, on_challenge, flow)
  local pool, sent = service.new(replies)
  return sent, recovery.sign_in(pool, ADA, { flow = flow or "USER_PASSWORD_AUTH", on_challenge = on_challenge })
end

local function answers(...)
  local values, n = { ... }, select("#", ...)
  return function() return (table.unpack or unpack)(values, 1, n) end
end

describe("a choice of the way to sign in", function()
  local function chosen(answer, name)
    local replies = { asks(name or "SELECT_CHALLENGE"), tokens }
    local sent, result = sign_in(replies, answers(answer), "USER_AUTH")
    assert.equal("t", result.access_token)
    return sent[2].ChallengeResponses
  end

  it("of the password sends it along", function()
    assert.same({ ANSWER = "PASSWORD", PASSWORD = PASSWORD, USERNAME = "ada" }, chosen "PASSWORD")
  end)

  it("of anything else sends no password", function()
    for _, choice in ipairs { "EMAIL_OTP", "WEB_AUTHN", "PASSWORD_VERIFIER" } do
      assert.same({ ANSWER = choice, USERNAME = "ada" }, chosen(choice))
    end
  end)

  it("that is preferred goes with the first request, and with what answers it", function()
    for choice, expected in pairs { PASSWORD = { PASSWORD, false }, PASSWORD_SRP = { false, true },
      EMAIL_OTP = { false, false } } do
      local pool, sent = service.new { tokens }
      assert(recovery.sign_in(pool, ADA, { flow = "USER_AUTH", preferred_challenge = choice }))
      local parameters = sent[1].AuthParameters
      assert.same({ "ada", choice }, { parameters.USERNAME, parameters.PREFERRED_CHALLENGE })
      assert.same(expected, { parameters.PASSWORD or false, parameters.SRP_A ~= nil })
    end
  end)

  it("is none in another challenge, whatever its answer is", function()
    for _, name in ipairs { "CUSTOM_CHALLENGE", "SELECT_MFA_TYPE" } do
      assert.same({ ANSWER = "PASSWORD", USERNAME = "ada" }, chosen("PASSWORD", name))
    end
  end)
end)

describe("on_challenge", function()
  local function seen(parameters, more)
    local challenge
    sign_in({ asks("NEW_PASSWORD_REQUIRED", parameters, more), tokens }, function(given)
      challenge = given
      return "x"
    end)
    return challenge
  end

  it("gets what parameters hold as JSON, where they hold a list or an object", function()
    local challenge = seen { requiredAttributes = '["a"]', userAttributes = '{"email":"e"}', MFAS_CAN_SETUP = "[]" }
    assert.same({ { "a" }, { email = "e" }, {} },
      { challenge.required_attributes, challenge.user_attributes, challenge.choices })
    for _, text in ipairs { "nonsense", '"text"', "7", "null", "true", "" } do
      challenge = seen { requiredAttributes = text, userAttributes = text, MFAS_CAN_CHOOSE = text }
      assert.is_nil(challenge.required_attributes)
      assert.is_nil(challenge.user_attributes)
      assert.is_nil(challenge.choices)
      assert.equal(text, challenge.parameters.requiredAttributes)
    end
  end)

  -- A program that joins or shows them, as the command does, would raise.
  it("gets lists of names alone as its choices and required attributes", function()
    for _, text in ipairs { "[1]", "[{}]", '["a",[]]', '{"a":"b"}', "[true]" } do
      local challenge = seen { requiredAttributes = text, userAttributes = '{"a":1}', MFAS_CAN_CHOOSE = text }
      assert.is_nil(challenge.required_attributes)
      assert.is_nil(challenge.choices)
      assert.same({ a = 1 }, challenge.user_attributes)
    end
  end)

  it("gets the choices that the reply names beside its parameters", function()
    assert.same({ "EMAIL_OTP" }, seen({ MFAS_CAN_CHOOSE = '["SMS_MFA"]' },
      { AvailableChallenges = { "EMAIL_OTP" } }).choices)
  end)

  it("gets a copy of the parameters", function()
    local sent = sign_in({ asks("SMS_MFA", { USER_ID_FOR_SRP = "id-1" }), tokens }, function(challenge)
      challenge.parameters.USER_ID_FOR_SRP, challenge.username = "id-2", "id-2"
      return "1"
    end)
    assert.equal("id-1", sent[2].ChallengeResponses.USERNAME)
  end)

  it("gets the name of the user that the last challenge gave, or else the one that was typed", function()
    assert.equal("ada", seen().username)
    assert.equal("id-1", seen { USERNAME = "id-1" }.username)
    assert.equal("id-2", seen { USERNAME = "id-1", USER_ID_FOR_SRP = "id-2" }.username)
  end)

  it("may name the user itself", function()
    local sent = sign_in({ asks("CUSTOM_CHALLENGE", { USERNAME = "id-1" }), tokens },
      answers { USERNAME = "id-3", ANSWER = "x" })
    assert.same({ USERNAME = "id-3", ANSWER = "x" }, sent[2].ChallengeResponses)
  end)

  it("may give up for a reason of any type", function()
    for shown, reason in pairs { ["42"] = 42, ["true"] = true, ["false"] = false } do
      local _, result, err = sign_in({ asks "SMS_MFA" }, answers(nil, reason))
      assert.is_nil(result)
      assert.equal("the service asks for SMS_MFA, and on_challenge returned nothing: " .. shown, err.message)
      assert.equal("initiate_auth", err.operation)
    end
    local _, _, err = sign_in({ asks "SMS_MFA" }, answers(nil, { code = 7 }))
    assert.equal("challenge_unanswered", err.code)
    _, _, err = sign_in({ asks "SMS_MFA" }, answers())
    assert.equal("the service asks for SMS_MFA, and on_challenge returned nothing", err.message)
  end)

  it("is blamed by name for an answer that is none, and not by a line of the library", function()
    for message, given in pairs {
      ["a string or a table for SMS_MFA, not a boolean"] = { true },
      ["strings for SMS_MFA: 1 is a string"] = { { "123456" } },
      ["strings for SMS_MFA: A is a boolean"] = { { A = true } },
    } do
      local ok, raised = pcall(sign_in, { asks "SMS_MFA" }, answers(given[1]))
      assert.is_false(ok)
      assert.equal("on_challenge must return " .. message, raised)
    end
    local _, raised = pcall(sign_in, { asks "SMS_MFA" }, answers("123456", 2))
    assert.matches("^on_challenge must return a session as its second value, if any, not a number", raised)
  end)
end)

describe("tokens that do not name the user", function()
  it("have the name that the last challenge gave, and not the one that was typed", function()
    local _, result = sign_in({ asks("SMS_MFA", { USERNAME = "id-1" }), tokens }, answers "1")
    assert.same({ "t", "id-1" }, { result.access_token, result.username })
    _, result = sign_in({ asks "SMS_MFA", tokens }, answers "1")
    assert.is_nil(result.username)
  end)
end)

describe("a sign-in's errors", function()
  local refusal = { __type = "NotAuthorizedException", message = "Incorrect username or password." }

  it("say that name, password or pool may be wrong where the proof was refused, and there alone", function()
    local pool = service.new { verifier, refusal }
    assert.matches("user_pool_id is another pool's", select(2, recovery.sign_in(pool, ADA)).hint)
    local _, _, err = sign_in { refusal }
    assert.is_nil(err.hint)
    _, _, err = sign_in({ asks "SMS_MFA", refusal }, answers "1")
    assert.is_nil(err.hint)
    pool = service.new { verifier, { __type = "NotAuthorizedException", message = "User is disabled." } }
    assert.matches("admin_enable_user", select(2, recovery.sign_in(pool, ADA)).hint)
    pool = service.new { verifier, { __type = "UserNotFoundException", message = "" } }
    assert.equal("No such user in this pool", select(2, recovery.sign_in(pool, ADA)).hint)
  end)

  it("name the operation that was answered with nonsense", function()
    local result, err = recovery.sign_in(service.new { verifier, {} }, ADA)
    assert.is_nil(result)
    assert.same({ "malformed_response", "respond_to_auth_challenge" }, { err.code, err.operation })
    local _, _, of_tokens = sign_in { { AuthenticationResult = { TokenType = "Bearer" } } }
    assert.same({ "malformed_response", "initiate_auth" }, { of_tokens.code, of_tokens.operation })
  end)

  it("say that a proof which was asked for twice has not begun: each has its own number", function()
    local pool, sent = service.new { verifier, verifier }
    local result, err = recovery.sign_in(pool, ADA)
    assert.is_nil(result)
    assert.same({ "malformed_response", 2 }, { err.code, #sent })
    assert.equal("the service asks for PASSWORD_VERIFIER, and no proof has begun", err.message)
  end)

  it("name a user_pool_id that is no pool's, where the flow needs it", function()
    for flow, is_fine in pairs { USER_SRP_AUTH = false, USER_AUTH = false, USER_PASSWORD_AUTH = true } do
      local pool, sent = service.new({ tokens }, { user_pool_id = "nonsense", region = "eu-west-1" })
      local result, err = recovery.sign_in(pool, ADA, { flow = flow })
      assert.same({ is_fine and 1 or 0, is_fine }, { #sent, result ~= nil })
      if not is_fine then
        assert.same({ "user_pool_id", "user_pool_id is not a pool's id", "initiate_auth" },
          { err.field, err.message, err.operation })
      end
    end
  end)

  it("are raised at the caller's line, whichever argument is wrong", function()
    local pool = service.new {}
    for message, arguments in pairs {
      ["sign_in takes a table of options, not a number"] = { ADA, 7 },
      ["sign_in takes a table of credentials, not a nil"] = {},
      ["unknown option 'on'"] = { ADA, { on = 1 } },
    } do
      local ok, raised = pcall(function() return (recovery.sign_in(pool, arguments[1], arguments[2])) end)
      assert.is_false(ok)
      assert.matches("^spec/recovery/sign_in_answers_spec.lua:%d+: ", raised)
      assert.truthy(raised:find(message, 1, true), raised)
    end
  end)
end)

-- An exponent in memory, with the exchange that was heard, gives the session's key.
describe("the secret exponent of a sign-in", function()
  local srp = native.srp
  local made

  before_each(function()
    made = {}
    native.srp = function(...)
      made[#made + 1] = srp(...)
      return made[#made]
    end
  end)
  after_each(function() native.srp = srp end)

  local refusal = { __type = "NotAuthorizedException", message = "Incorrect username or password." }

  for name, replies in pairs {
    ["after tokens"] = { verifier, tokens }, ["after a refusal"] = { refusal },
    ["after another challenge"] = { verifier, asks "CUSTOM_CHALLENGE" },
    ["where the proof is not asked for"] = { asks "CUSTOM_CHALLENGE" },
    ["where the challenge is faulty"] = { asks("PASSWORD_VERIFIER", { SALT = "x", SRP_B = "b2", SECRET_BLOCK = "" }) },
  } do
    it("is gone " .. name, function()
      recovery.sign_in(service.new(replies), ADA)
      assert.equal(1, #made)
      assert.is_false((pcall(made[1].public, made[1])))
    end)
  end

  it("is another one for another proof", function()
    local pool, sent = service.new { asks "PASSWORD_SRP", verifier, asks "PASSWORD_SRP", verifier, tokens }
    assert(recovery.sign_in(pool, ADA, { flow = "USER_AUTH" }))
    assert.equal(2, #made)
    assert.is_false(sent[2].ChallengeResponses.SRP_A == sent[4].ChallengeResponses.SRP_A)
  end)
end)

--- recovery.sign_in that goes on with a challenge which an earlier call ended at.
local cognito = require "cognito"
local json = require "cjson"
local recovery = require "cognito.recovery"
local service = require "spec.support.sign_in_script"

local ADA = { username = "ada", password = "Correct-Horse-9!" }
local ALIAS = { username = "ada@example.com" }

local asks, tokens, verifier = service.asks, service.tokens, service.verifier

local SMS = asks("SMS_MFA", { CODE_DELIVERY_DESTINATION = "+*1" })

-- The challenge that a sign-in with these replies ends at, as a file would bring it back.
local function kept_of(replies)
  local kept
  local _, err = recovery.sign_in(service.new(replies), ADA, {
    on_challenge = function(challenge) kept = challenge end })
  assert.equal("challenge_unanswered", err.code)
  return json.decode(json.encode(kept))
end

local function resume(kept, replies, options, settings)
  local pool, sent = service.new(replies, settings)
  options = options or {}
  options.resume = kept
  options.on_challenge = options.on_challenge or function() return "123456" end
  local result, err, meta = recovery.sign_in(pool, ALIAS, options)
  return sent, result, err, meta
end

describe("recovery.sign_in with resume", function()
  it("answers the challenge first, by the pool's own name of the user, without a password", function()
    local sent, result, _, meta = resume(kept_of { verifier, SMS }, { tokens }, { client_metadata = { a = "b" } })
    assert.same({ "t", "respond_to_auth_challenge" }, { result.access_token, meta.operation })
    assert.equal(1, #sent)
    assert.same({ ChallengeName = "SMS_MFA", ClientId = "abc", Session = "session-of-20-characters",
      ChallengeResponses = { SMS_MFA_CODE = "123456", USERNAME = "id-1" }, ClientMetadata = { a = "b" } }, sent[1])
  end)

  it("hashes that name with the client secret", function()
    local function hash(kept)
      return resume(kept, { tokens }, nil, { client_secret = "s3cret" })[1].ChallengeResponses.SECRET_HASH
    end
    local of_alias = kept_of { verifier, SMS }
    of_alias.username = ALIAS.username
    assert.is_string(hash(kept_of { verifier, SMS }))
    assert.is_false(hash(kept_of { verifier, SMS }) == hash(of_alias))
  end)

  it("shows the challenge to on_challenge as it was, and goes on through others", function()
    for _, reply in ipairs { SMS,
      asks("NEW_PASSWORD_REQUIRED", { requiredAttributes = '["userAttributes.name"]', userAttributes = '{"a":"b"}' }),
      asks("SELECT_MFA_TYPE", { MFAS_CAN_CHOOSE = '["SMS_MFA","EMAIL_OTP"]' }),
      asks("SELECT_CHALLENGE", {}, { AvailableChallenges = { "EMAIL_OTP", "WEB_AUTHN" } }) } do
      local kept, seen = kept_of { verifier, reply }, {}
      local sent, result = resume(kept, { asks("EMAIL_OTP", {}, { Session = "a-later-session-of-many" }), tokens }, {
        on_challenge = function(challenge)
          seen[#seen + 1] = challenge
          return challenge.required_attributes and { NEW_PASSWORD = "x", ["userAttributes.name"] = "y" } or "EMAIL_OTP"
        end })
      assert.equal("t", result.access_token)
      assert.same({ kept, "EMAIL_OTP", "id-1" }, { seen[1], seen[2].name, seen[2].username })
      assert.equal("a-later-session-of-many", sent[2].Session)
    end
  end)

  it("asks for no password where the service does", function()
    local _, _, err = resume(kept_of { verifier, SMS }, { asks "PASSWORD_SRP" })
    assert.same({ "challenge_unanswered", "PASSWORD_SRP" }, { err.code, err.challenge })
  end)

  it("makes no call again whose outcome is unknown, and names what was refused", function()
    local _, _, err = resume(kept_of { verifier, SMS }, { { __type = "CodeMismatchException", message = "no" } })
    assert.same({ "CodeMismatchException", "SMS_MFA" }, { err.code, err.challenge })
    local kept, calls = kept_of { verifier, SMS }, 0
    local pool = cognito.new { user_pool_id = "eu-west-1_Example", client_id = "abc", env = function() end,
      retry_ambiguous = true, runtime = function()
        calls = calls + 1
        return nil, "timeout"
      end }
    _, err = recovery.sign_in(pool, ALIAS, { resume = kept, on_challenge = function() return "123456" end })
    assert.same({ 1, true }, { calls, err.ambiguous })
  end)

  it("refuses what is none before anything is sent, by its field", function()
    for field, change in pairs {
      ["resume.name"] = { name = false }, ["resume.session"] = { session = "" }, ["resume.username"] = { username = 5 },
      ["resume.parameters"] = { parameters = "x" }, ["resume.choices"] = { choices = "x" },
    } do
      local kept = kept_of { verifier, SMS }
      for name, value in pairs(change) do kept[name] = value or nil end
      local sent, result, err = resume(kept, {})
      assert.is_nil(result)
      assert.same({ 0, "invalid_parameter", field, "respond_to_auth_challenge" },
        { #sent, err.code, err.field, err.operation })
    end
    local kept = kept_of { verifier, SMS }
    kept.session = "short"
    local sent, _, err = resume(kept, {})
    assert.same({ 0, "invalid_parameter", "session" }, { #sent, err.code, err.field })
    assert.has_error(function() recovery.sign_in(service.new {}, ADA, { resume = "x" }) end)
  end)
end)

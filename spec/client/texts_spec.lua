-- The service's texts, each with the reason, the hint and what a page says.
local errors = require "cognito.errors"
local public_answer = require("cognito.recovery").public_answer
local texts = require "cognito.texts"

-- What a page says after asking for a code; nil where no page shows it.
local outcomes = {
  no_verified_contact = "accepted", already_confirmed = "accepted", user_disabled = "accepted",
  wrong_user_state = "accepted", locked_out = "accepted", invitation_expired = "accepted",
  daily_email_limit = "accepted", hourly_limit = "accepted",
  bad_password = "accepted", bad_username = "accepted", bad_code = "accepted",
  secret_hash = "broken", client_secret = "broken", no_auto_verification = "broken", admin_only_recovery = "broken",
  flow_not_enabled = "broken", clock_skew = "broken", blocked_by_waf = "try_later", no_descriptors = "try_later",
}

describe("a text of the service", function()
  for _, row in ipairs(texts.rows) do
    it(("%s, %s"):format(row.code, row.text), function()
      local err = errors.new { code = row.code, message = "Before " .. row.text .. " and after.", status = 400,
        kind = row.code == "connect" and "network" or "service", operation = "forgot_password" }
      assert.equal(row.reason, err.reason)
      assert.is_string(err.hint)
      assert.is_string(row.source)
      assert.equal(outcomes[row.reason], public_answer(nil, err).outcome, row.reason)
    end)
  end

  it("names the secret hash that was not sent, and the one that was not wanted, under both codes", function()
    for _, code in ipairs { "InvalidParameterException", "NotAuthorizedException" } do
      for _, message in ipairs {
        "Client 1a2b is configured with secret but SECRET_HASH was not received",
        "Client 1a2b is not configured for secret but secret hash was received",
      } do
        assert.equal("secret_hash", texts.reason { code = code, message = message })
      end
    end
  end)

  it("is looked at for its own code only", function()
    assert.is_nil(texts.reason { code = "UserNotFoundException", message = "User is disabled" })
    assert.is_nil(texts.reason { code = "NotAuthorizedException" })
  end)

  it("confirms nothing with a password or code that no one can have", function()
    local function outcome(text)
      return public_answer(nil, errors.new { code = "InvalidParameterException", kind = "service", status = 400,
        message = "Value at '" .. text .. "' failed to satisfy constraint", operation = "confirm_forgot_password",
      }).outcome
    end
    assert.equal("bad_password", outcome "password")
    assert.equal("not_accepted", outcome "confirmationCode")
    assert.equal("not_accepted", outcome "username")
    assert.equal("broken", outcome "clientId")
  end)
end)

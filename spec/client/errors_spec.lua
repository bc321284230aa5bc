local errors = require "cognito.errors"

describe("an error", function()
  it("prints as one line that says what to do next", function()
    local err = errors.new {
      operation = "forgot_password", code = "LimitExceededException", kind = "service", status = 400,
      request_id = "r-1",
      message = "Attempt limit exceeded, please try after some time.", attempts = 1,
    }
    assert.equal("hourly_limit", err.reason)
    assert.equal("forgot_password: LimitExceededException: Attempt limit exceeded, please try after some time. "
      .. "(HTTP 400, request id r-1). This user's hourly limit is used up: wait, trying again does not help",
      tostring(err))
    assert.equal("E: " .. tostring(err), "E: " .. err)
    assert.equal(tostring(err) .. "!", err .. "!")
  end)

  it("has one mark at the end of each sentence", function()
    for code, mark in pairs { too_large = "?", malformed_response = "?", connection_lost = "." } do
      local err = errors.new { code = code, kind = "network", message = "m", ambiguous = true, attempts = 1 }
      assert.matches("%w[.?] Before trying again, look", err.hint)
      assert.equal(mark, err.hint:match "(%p+) Before")
    end
    local function shown(message)
      return tostring(errors.new { code = "c", kind = "validation", message = message, hint = "Set it" })
    end
    assert.equal("c: Rate exceeded. Set it", shown "Rate exceeded.")
    assert.equal("c: is it? Set it", shown "is it?")
    assert.equal("c: rate exceeded. Set it", shown "rate exceeded")
  end)

  it("warns of what may have been carried out", function()
    local err = errors.new { code = "timeout", kind = "network", message = "m", ambiguous = true, attempts = 2 }
    assert.truthy(tostring(err):find("2 attempts, it may have been carried out", 1, true))
    assert.truthy(err.hint:find("a second call may send a second message", 1, true))
  end)

  it("never sends control characters to a terminal", function()
    local err = errors.new { code = "UserLambdaValidationException", message = "a\27[31mb\r\nc\194\155d\127e é" }
    assert.is_nil(tostring(err):find "[%c\127]")
    assert.is_nil(tostring(err):find("\194\155", 1, true))
    assert.truthy(tostring(err):find("é", 1, true))
  end)

  local reasons = {
    { "InvalidParameterException",
      "Cannot reset password for the user as there is no registered/verified email or phone_number",
      "no_verified_contact" },
    { "InvalidParameterException", "User is already confirmed.", "already_confirmed" },
    { "NotAuthorizedException", "User password cannot be reset in the current state.", "wrong_user_state" },
    { "NotAuthorizedException", "User is disabled.", "user_disabled" },
    { "NotAuthorizedException", "Unable to verify secret hash for client X", "secret_hash" },
    { "NotAuthorizedException", "SecretHash does not match for the client: X", "secret_hash" },
    { "NotAuthorizedException", "Client X is configured for secret but secret was not received", "secret_hash" },
    { "LimitExceededException", "Exceeded daily email limit for the operation or the account.", "daily_email_limit" },
    { "InvalidSignatureException", "Signature not yet current: …", "clock_skew" },
    { "CodeMismatchException", "Attempt limit exceeded", nil },
    { "NotAuthorizedException", "Incorrect username or password.", nil },
  }
  for _, row in ipairs(reasons) do
    it(("knows the reason of %s, %s"):format(row[1], row[2]), function()
      assert.equal(row[3], errors.new({ code = row[1], message = row[2] }).reason)
    end)
  end

  it("marks a call that is half done", function()
    assert.is_true(errors.new({ operation = "admin_create_user", code = "CodeDeliveryFailureException" }).partial)
    assert.is_true(errors.new({ operation = "sign_up", code = "LimitExceededException" }).partial)
    assert.is_nil(errors.new({ operation = "forgot_password", code = "CodeDeliveryFailureException" }).partial)
  end)

  it("says of an error without a name that a proxy may have answered", function()
    for _, code in ipairs { "http_408", "http_503", "http_999" } do
      assert.matches("something between here and the service", errors.new({ code = code, kind = "service" }).hint)
    end
  end)

  it("has the hints of the place that the library runs in", function()
    local place, own = package.loaded["cognito.place"], package.loaded["cognito.errors"]
    package.loaded["cognito.place"] = { hints = { no_region = "As it is said there" } }
    package.loaded["cognito.errors"] = nil
    local there = require "cognito.errors"
    package.loaded["cognito.place"], package.loaded["cognito.errors"] = place, own
    assert.equal("As it is said there", there.new({ code = "no_region" }).hint)
    assert.equal(errors.new({ code = "dns" }).hint, there.new({ code = "dns" }).hint)
  end)

  it("has a hint for each of our own codes", function()
    for _, code in ipairs { "no_credentials", "no_region", "dns", "connect", "tls", "timeout", "connection_lost",
      "too_large", "malformed_response", "wrong_phase" } do
      assert.is_string(errors.new({ code = code }).hint, code)
    end
    assert.equal(errors.hints.dns, errors.new({ code = "dns" }).hint)
    for _, setting in ipairs { "attempt_timeout", " timeout", "connect_timeout" } do
      assert.truthy(errors.new({ code = "timeout" }).hint:find(setting, 1, true), setting)
    end
  end)
end)

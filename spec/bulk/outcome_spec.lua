-- Which refusals are about one user, which stop the job, and which slow it down.
local outcome = require "cognito.bulk.outcome"

local function of(err)
  local found = outcome.of(nil, err)
  assert.equal(err, found.err)
  return found.state, found.slow or false, found.stop
end

describe("what a call's result means for a bulk job", function()
  it("is accepted, with the id of the request", function()
    assert.same({ state = "accepted", request_id = "r-1" }, outcome.of({}, nil, { request_id = "r-1" }))
    assert.same({ state = "accepted" }, outcome.of({}, nil, nil))
  end)

  it("stops the job at a refusal that every user would get, and leaves the user to a later run", function()
    for code in ([[AccessDeniedException UnrecognizedClientException InvalidSignatureException
        IncompleteSignatureException MissingAuthenticationTokenException MissingAuthenticationToken
        InvalidClientTokenId ExpiredTokenException ExpiredToken ForbiddenException ResourceNotFoundException
        OperationNotEnabledException UnknownOperationException InvalidSmsRoleAccessPolicyException
        InvalidSmsRoleTrustRelationshipException InvalidEmailRoleAccessPolicyException]]):gmatch "%a+" do
      assert.same({ "planned", false, code }, { of { kind = "service", code = code } }, code)
    end
    assert.same({ "planned", false, "no_credentials" }, { of { kind = "credentials", code = "no_credentials" } })
    assert.same({ "planned", false, "NotAuthorizedException" },
      { of { kind = "service", code = "NotAuthorizedException", reason = "secret_hash" } })
  end)

  it("names the daily limit for messages by its reason, because the code says less", function()
    assert.same({ "planned", false, "daily_email_limit" },
      { of { kind = "service", code = "LimitExceededException", reason = "daily_email_limit" } })
  end)

  it("is a user's own failure for any other refusal", function()
    for _, code in ipairs { "UserNotFoundException", "InvalidParameterException", "LimitExceededException",
        "NotAuthorizedException" } do
      assert.same({ "failed", false, nil }, { of { kind = "service", code = code } }, code)
    end
  end)

  it("slows down and tries again, where nothing was carried out for a reason that passes", function()
    assert.same({ "planned", true, nil }, { of { kind = "throttle", code = "TooManyRequestsException" } })
    assert.same({ "planned", true, nil }, { of { kind = "network", code = "connect" } })
    assert.same({ "planned", true, nil },
      { of { kind = "service", code = "InvalidSignatureException", reason = "clock_skew" } })
  end)

  it("is unknown where the service may have carried it out; a call that was ended on purpose slows nothing", function()
    assert.same({ "unknown", true, nil }, { of { kind = "network", code = "timeout", ambiguous = true } })
    assert.same({ "unknown", true, nil }, { of { kind = "service", code = "AccessDeniedException", ambiguous = true } })
    assert.same({ "unknown", false, nil }, { of { kind = "network", code = "aborted", ambiguous = true } })
  end)

  it("says that nothing answered only of faults of the network", function()
    assert.is_true(outcome.of(nil, { kind = "network", code = "connect" }).unreachable)
    assert.is_false(outcome.of(nil, { kind = "throttle", code = "TooManyRequestsException" }).unreachable)
  end)

  it("keeps code, reason and request id as words", function()
    local found = outcome.of(nil, { kind = "service", code = "A b", reason = "c\nd", request_id = "\27[1m" })
    assert.same({ "A?b", true, true }, { found.code, not found.detail:find "%c", not found.request_id:find "%c" })
    assert.truthy(found.detail:find "^c" and found.request_id ~= "")
  end)
end)

describe("a user for whom no call could be made", function()
  it("fails alone, or stops the job where no other user's could be made either", function()
    assert.same({ state = "failed", code = "no_password" }, outcome.without_call "no_password")
    local found = outcome.without_call("no_password", "it does not run")
    assert.same({ "planned", "no_password", "no_passwords", "no_passwords", "it does not run" },
      { found.state, found.code, found.stop, found.err.code, found.err.message })
  end)
end)

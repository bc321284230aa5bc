--- Securing an account in steps, without a job: which steps there are and what each calls, and what its answers mean.
local secure = require "cognito.bulk.secure"
local stepwise = require "cognito.bulk.stepwise"

local function person(row) return row.username end

local function raised(...)
  local ok, err = pcall(secure.facts, ...)
  assert.is_false(ok)
  return { err.code, err.message }
end

describe("the options of securing", function()
  it("close an account and name the factors to remove, in one order", function()
    assert.same({ "EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA" }, secure.factors)
    assert.same({ close = "disable" }, secure.facts { action = "secure" })
    assert.same({ close = "lock", factors = "SMS_MFA" },
      secure.facts { action = "secure", lock = true, factors = { "SMS_MFA" } })
    assert.same({ close = "disable", factors = "EMAIL_OTP SMS_MFA" },
      secure.facts { action = "secure", factors = { "SMS_MFA", "EMAIL_OTP", "SMS_MFA" } })
    assert.same({}, secure.facts { action = "reset" })
  end)

  it("are refused with another action, and where no administrator can remove a factor", function()
    assert.same({ "invalid_input", "the option lock goes with the action secure" },
      raised { action = "reset", lock = true })
    assert.same({ "invalid_input", "the option factors goes with the action secure" },
      raised { action = "reset", factors = {} })
    for _, factor in ipairs { "WEB_AUTHN", "X" } do
      assert.same({ "invalid_input", "secure removes these factors: EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA" },
        raised { action = "secure", factors = { factor } })
    end
  end)
end)

describe("the steps of securing", function()
  it("have the parameters of their calls, and removals are never repeated on their own", function()
    local row = { username = "u" }
    local disables = secure.steps(person, false, { "SMS_MFA", "SOFTWARE_TOKEN_MFA" })
    local calls, once = {}, {}
    for i, step in ipairs(disables) do
      calls[i] = step.operation and { step.operation, step.params(row) } or step.kind.operation
      once[i] = step.once or false
    end
    assert.same({
      { "admin_disable_user", { username = "u" } }, { "admin_user_global_sign_out", { username = "u" } },
      "admin_revoke_user_session", "admin_forget_device",
      { "admin_set_user_mfa_preference", { username = "u",
        sms_mfa_settings = { enabled = false, preferred_mfa = false } } },
      { "admin_delete_software_token", { username = "u" } },
    }, calls)
    assert.same({ false, false, false, false, true, true }, once)
    local lock = secure.steps(person, true, {})[1]
    local params = lock.params(row)
    assert.same({ "admin_set_user_password", "u", true, "string" },
      { lock.operation, params.username, params.permanent, type(params.password) })
  end)

  it("say until when tokens may live that were issued before", function()
    local function until_at_most(...)
      local list = {}
      for i, step in ipairs { ... } do
        list[i] = { step = step[1], state = step[2] or "done", finished_at = step[3] }
      end
      return secure.tokens_until_at_most(list)
    end
    assert.equal(100 + 86400, until_at_most({ "disable", nil, 100 }, { "sessions", "failed", 300 }))
    assert.is_nil(until_at_most({ "disable", "failed", 100 }))
    assert.equal(300 + 86400, until_at_most({ "lock", nil, 100 }, { "sign_out", nil, 300 }, { "sessions", nil, 200 }))
    for missing = 1, 3 do
      local steps = { { "lock", nil, 100 }, { "sign_out", nil, 300 }, { "sessions", nil, 200 } }
      steps[missing][2] = "unknown"
      assert.is_nil(until_at_most(steps[1], steps[2], steps[3]))
    end
    assert.is_nil(until_at_most())
  end)
end)

describe("the outcome of a step", function()
  local function refused(code, more)
    local err = { code = code, kind = "service", status = 400, request_id = "r1" }
    for name, value in pairs(more or {}) do err[name] = value end
    return err
  end

  it("is that of its call, which cannot be made where the pool lacks something, or nothing is left", function()
    assert.same({ state = "accepted", request_id = "r2" }, stepwise.of({}, nil, { request_id = "r2" }))
    assert.same({ state = "accepted", step_state = "unavailable", code = "FeatureUnavailableInTierException",
      request_id = "r1" }, stepwise.of(nil, refused "FeatureUnavailableInTierException"))
    assert.same({ state = "accepted", request_id = "r1" },
      stepwise.of(nil, refused "SoftwareTokenMFANotFoundException"))
    local outcome = stepwise.of(nil, refused "InvalidParameterException")
    assert.same({ "failed", "InvalidParameterException" }, { outcome.state, outcome.code, outcome.is_last })
    outcome = stepwise.of(nil, refused "UserNotFoundException")
    assert.same({ "failed", true }, { outcome.state, outcome.is_last })
  end)

  -- A client whose sessions are listed and ended, with these answers.
  local function client(answers, listing_error)
    local asked = {}
    return {
      each = function()
        local n = 0
        return { next = function()
          n = n + 1
          if n <= #answers then return { session_id = "s" .. n } end
          return nil, listing_error, {}
        end }
      end,
      admin_revoke_user_session = function(_, params)
        asked[#asked + 1] = params.session_id
        local err = answers[#asked]
        return not err and {} or nil, err or nil, {}
      end,
    }, asked
  end

  local function end_all(...)
    local pool, asked = client(...)
    local kind = secure.steps(person, false, {})[3].kind
    return stepwise.end_all(pool, { username = "u", sub = "id" }, kind), table.concat(asked, " ")
  end

  it("goes on after one that cannot be ended, but not where the service throttles or does not answer", function()
    local outcome, asked = end_all { false, false }
    assert.same({ { state = "accepted", found = 2, ended = 2 }, "s1 s2" }, { outcome, asked })
    outcome, asked = end_all { refused "InvalidParameterException", false }
    assert.same({ "failed", 2, 1, "s1 s2" }, { outcome.state, outcome.found, outcome.ended, asked })
    for _, err in ipairs { refused("TooManyRequestsException", { kind = "throttle" }),
      { code = "connect", kind = "network" }, { code = "timeout", kind = "network", ambiguous = true } } do
      outcome, asked = end_all { false, err, false }
      assert.same({ 3, 1, "s1 s2" }, { outcome.found, outcome.ended, asked })
      assert.equal(err.ambiguous and "unknown" or "planned", outcome.state)
    end
    outcome = end_all { refused "UserNotFoundException" }
    assert.is_true(outcome.is_last)
  end)

  it("is that of the listing where that fails", function()
    local outcome, asked = end_all({ false }, refused "UserNotFoundException")
    assert.same({ "failed", true, "" }, { outcome.state, outcome.is_last, asked })
    outcome = end_all({}, refused "UserPoolAddOnNotEnabledException")
    assert.same({ "accepted", "unavailable" }, { outcome.state, outcome.step_state })
  end)
end)

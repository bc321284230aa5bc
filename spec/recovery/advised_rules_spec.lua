--- The rules that advice goes by, in their order, for replies of a pool that only the spec knows.
local advise = require("cognito.recovery").advise

local MAIL = { email = "u@example.com", email_verified = "true" }

local function listed(values)
  local list = {}
  for name, value in pairs(values) do list[#list + 1] = { name = name, value = value } end
  return list
end

local function of(status, values, given)
  given = given or {}
  local user = { user_status = status, enabled = given.enabled, user_attributes = listed(values or {}),
    user_mfa_setting_list = given.mfa }
  return advise({
    admin_get_user = function() return user end,
    admin_get_user_auth_factors = function()
      return { configured_user_auth_factors = given.first, user_mfa_setting_list = given.mfa }
    end,
  }, "u", given.pool and { user_pool = given.pool }, given.options)
end

-- The operation or the reason, and the names of the rules.
local function summary(...)
  local advice, names = of(...), {}
  for i, rule in ipairs(advice.rules) do names[i] = rule.rule end
  return { advice.operation or advice.reason, table.concat(names, " ") }
end

local function recovering_by(...)
  local mechanisms = {}
  for i, name in ipairs { ... } do mechanisms[i] = { name = name, priority = i } end
  return { account_recovery_setting = { recovery_mechanisms = mechanisms } }
end

describe("advice goes by the rules", function()
  it("of the status, and of contacts that recover", function()
    assert.same({ "forgot_password", "forgot_password.CONFIRMED" }, summary("CONFIRMED", MAIL))
    assert.same({ "forgot_password", "forgot_password.RESET_REQUIRED" }, summary("RESET_REQUIRED", MAIL))
    assert.same({ "no_verified_contact", "forgot_password.CONFIRMED verified_contact" }, summary("CONFIRMED"))
    local second = { mfa = { "EMAIL_OTP" }, pool = recovering_by "verified_email" }
    assert.same({ "second_factor", "forgot_password.CONFIRMED second_factor" }, summary("CONFIRMED", MAIL, second))
    second.pool = {}
    assert.same({ "forgot_password", "forgot_password.CONFIRMED old_pools" }, summary("CONFIRMED", MAIL, second))
    assert.same({ "no_verified_contact", "forgot_password.CONFIRMED verified_contact" },
      summary("CONFIRMED", MAIL, { pool = recovering_by "verified_phone_number" }))
    assert.same({ "admin_only", "forgot_password.CONFIRMED forgot_password.admin_only" },
      summary("CONFIRMED", MAIL, { pool = recovering_by "admin_only" }))
  end)

  it("of the other calls and of none", function()
    assert.same({ "resend_confirmation_code", "resend_confirmation_code.UNCONFIRMED auto_verified" },
      summary("UNCONFIRMED", MAIL))
    assert.same({ "no_contact", "resend_confirmation_code.UNCONFIRMED auto_verified" }, summary("UNCONFIRMED"))
    assert.same({ "admin_create_user", "admin_create_user_resend.FORCE_CHANGE_PASSWORD delivery_mediums" },
      summary("FORCE_CHANGE_PASSWORD", MAIL))
    assert.same({ "no_contact", "admin_create_user_resend.FORCE_CHANGE_PASSWORD delivery_mediums" },
      summary "FORCE_CHANGE_PASSWORD")
    assert.same({ "external_provider", "forgot_password.EXTERNAL_PROVIDER" }, summary("EXTERNAL_PROVIDER", MAIL))
    assert.same({ "unknown_status", "unknown_status" }, summary("ARCHIVED", MAIL))
    assert.same({ "user_disabled", "disabled" }, summary("CONFIRMED", MAIL, { enabled = false }))
    local advice = advise({ admin_get_user = function() return nil, { code = "UserNotFoundException" } end }, "u")
    assert.same({ "unknown_user", "forgot_password.unknown" }, { advice.reason, advice.rules[1].rule })
    assert.same({ email = false, phone_number = false }, advice.verified)
  end)

  it("sends an invitation to what is verified, mail first", function()
    local function mediums(values) return of("FORCE_CHANGE_PASSWORD", values).params.desired_delivery_mediums end
    assert.same({ "EMAIL" }, mediums { email = "u@example.com", phone_number = "+491" })
    assert.same({ "SMS" }, mediums { email = "u@example.com", phone_number = "+491", phone_number_verified = "true" })
    assert.same({ "SMS" }, mediums { phone_number = "+491" })
  end)

  it("of a factor that is lost", function()
    local function lost(factor, more)
      local given = { mfa = { factor }, first = { "PASSWORD" }, options = { lost = factor } }
      for name, value in pairs(more or {}) do given[name] = value end
      return summary("CONFIRMED", MAIL, given)
    end
    assert.same({ "admin_set_user_mfa_preference", "lost_contact_factor" }, lost "SMS_MFA")
    assert.same({ "admin_delete_software_token", "lost_software_token preference_reset" }, lost "SOFTWARE_TOKEN_MFA")
    assert.same({ "no_such_factor", "" }, lost("SMS_MFA", { mfa = {} }))
    assert.same({ "forgot_password", "no_removal_of_passkeys forgot_password.CONFIRMED passkeys" },
      lost("WEB_AUTHN", { mfa = {}, first = { "PASSWORD", "WEB_AUTHN" } }))
    local advice = of("CONFIRMED", MAIL, { mfa = { "SMS_MFA" }, options = { lost = "SMS_MFA" } })
    assert.same({ username = "u", sms_mfa_settings = { enabled = false, preferred_mfa = false } }, advice.params)
    advice = of("CONFIRMED", MAIL, { mfa = { "SOFTWARE_TOKEN_MFA" }, options = { lost = "SOFTWARE_TOKEN_MFA" } })
    assert.same({ username = "u" }, advice.params)
    advice = of("EXTERNAL_PROVIDER", MAIL, { options = { lost = "SMS_MFA" } })
    assert.same({ "external_provider", "SMS_MFA" }, { advice.reason, advice.lost })
  end)

  it("of a user without a password", function()
    local given = { first = { "EMAIL_OTP" }, options = { factors = true } }
    assert.same({ "initiate_auth", "passwordless" }, summary("CONFIRMED", MAIL, given))
    local advice = of("CONFIRMED", MAIL, given)
    assert.same({ auth_flow = "USER_AUTH", auth_parameters = { USERNAME = "u", PREFERRED_CHALLENGE = "EMAIL_OTP" } },
      advice.params)
    assert.same({ "EMAIL_OTP" }, advice.factors)
    assert.same({ "forgot_password", "forgot_password.RESET_REQUIRED" }, summary("RESET_REQUIRED", MAIL, given))
    for _, first in ipairs { { "WEB_AUTHN" }, { "PASSWORD", "EMAIL_OTP" }, {} } do
      given.first = first
      assert.equal("forgot_password", summary("CONFIRMED", MAIL, given)[1])
    end
  end)

  it("of secondary replicas, which refuse some calls", function()
    local options = { replicas = { user_pool_replicas = { { role = "PRIMARY", region_name = "eu-west-1" } } } }
    local function at(region, status)
      return advise({
        admin_get_user = function() return { user_status = status, user_attributes = listed(MAIL) } end,
        describe = region and function() return { settings = { region = { value = region } } } end,
      }, "u", nil, options)
    end
    assert.equal("forgot_password", at("eu-west-1", "CONFIRMED").operation)
    for status, rule in pairs { CONFIRMED = "replicas", UNCONFIRMED = "other_calls_at_replicas" } do
      for _, region in ipairs { "us-east-1", false } do
        local advice = at(region, status)
        assert.same({ nil, "secondary_replica", "eu-west-1", rule },
          { advice.operation, advice.reason, advice.region, advice.rules[#advice.rules].rule })
        assert.matches("primary's Region, eu-west-1.", advice.text, 1, true)
      end
    end
  end)
end)

describe("advice", function()
  it("fails as either call does", function()
    local refusal, meta = { code = "AccessDeniedException" }, {}
    local pool = { admin_get_user = function() return nil, refusal, meta end }
    assert.same({ nil, refusal, meta }, { advise(pool, "u") })
    pool.admin_get_user, pool.admin_get_user_auth_factors = function() return {} end, pool.admin_get_user
    assert.same({ nil, refusal, meta }, { advise(pool, "u", nil, { factors = true }) })
  end)

  it("takes an answer that lacks the pool for none, and no pool for an answer", function()
    local pool = { admin_get_user = function()
      return { user_status = "CONFIRMED", user_attributes = listed(MAIL) }
    end }
    for _, described in ipairs { {}, { user_pool = {}, id = "x" } } do
      assert.equal("forgot_password", advise(pool, "u", described).operation)
    end
    assert.is_false(pcall(advise, pool, "u", { id = "x" }))
  end)
end)

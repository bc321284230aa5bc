--- The rules by which advice and the sandbox go, by themselves: what each says, and which are documented.
local rules = require "cognito.recovery.rules"

describe("the rules of recovery", function()
  it("have an answer for each setting of the app client, with its source", function()
    local rows = rules.rows()
    local guide = "developer guide: Managing user existence error responses"
    assert.same({ LEGACY = "accepted", ENABLED = "accepted", source = "API reference: ForgotPassword" },
      rows.forgot_password.CONFIRMED)
    assert.same({ LEGACY = "unknown_user", ENABLED = { "simulated", "no_verified_contact" }, source = guide },
      rows.forgot_password.unknown)
    assert.same({ LEGACY = "not_confirmed", ENABLED = "not_confirmed", source = "assumed", assumed = true },
      rows.confirm_forgot_password.UNCONFIRMED)
    assert.same({ LEGACY = "user_disabled", ENABLED = "simulated", source = guide .. "; LEGACY: assumed",
      assumed = true }, rows.forgot_password.disabled)
    rows.forgot_password.CONFIRMED.LEGACY = "changed"
    assert.equal("accepted", rules.rows().forgot_password.CONFIRMED.LEGACY)
  end)

  it("say of each whether it is documented", function()
    local documented = {}
    for _, name in ipairs { "verified_contact", "second_factor", "old_pools", "passkeys", "auto_verified",
      "delivery_mediums", "disabled", "admin_only", "lost_software_token", "lost_contact_factor",
      "no_removal_of_passkeys", "passwordless", "replicas", "forgot_password.CONFIRMED" } do
      documented[name] = true
    end
    for _, name in ipairs { "preference_reset", "other_calls_at_replicas", "unknown_status",
      "forgot_password.disabled", "initiate_auth.RESET_REQUIRED" } do
      documented[name] = false
    end
    for name, is_documented in pairs(documented) do
      local rule = rules.rule(name)
      assert.same({ name, is_documented, "string" }, { rule.rule, rule.documented, type(rule.source) })
    end
    assert.equal("assumed", rules.rule("unknown_status").source)
    assert.equal("reports of users", rules.rule("forgot_password.UNCONFIRMED").source)
    assert.equal("API reference: CreateUserPoolReplica", rules.rule("replicas").source)
  end)

  it("let a verified contact recover that is no second factor, in old pools any", function()
    local function recovers(...) return { rules.recovers_by(...) } end
    assert.same({ false }, recovers("email", false, {}, true))
    assert.same({ true }, recovers("email", true, { SMS_MFA = true }, false))
    assert.same({ true, "passkeys" }, recovers("phone_number", true, { WEB_AUTHN = true }, false))
    for kind, factor in pairs { email = "EMAIL_OTP", phone_number = "SMS_MFA" } do
      assert.same({ false, "second_factor" }, recovers(kind, true, { [factor] = true }, false))
      assert.same({ true, "old_pools" }, recovers(kind, true, { [factor] = true }, true))
    end
  end)

  it("have a call that takes away each factor, but for passkeys", function()
    assert.same({ email = "EMAIL_OTP", phone_number = "SMS_OTP" }, rules.one_time_codes)
    local off = { enabled = false, preferred_mfa = false }
    assert.same({
      SOFTWARE_TOKEN_MFA = { operation = "admin_delete_software_token" },
      SMS_MFA = { operation = "admin_set_user_mfa_preference", params = { sms_mfa_settings = off } },
      EMAIL_OTP = { operation = "admin_set_user_mfa_preference", params = { email_mfa_settings = off } },
      WEB_AUTHN = false,
    }, rules.removals)
    assert.same({ admin_delete_software_token = true }, rules.resets_preference)
    assert.same({ forgot_password = true, confirm_forgot_password = true, admin_reset_user_password = true },
      rules.refused_by_replicas)
  end)
end)

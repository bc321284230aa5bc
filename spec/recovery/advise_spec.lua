--- Advice on every kind of user, held to what the sandbox then really does:
-- the call that is advised gets the user in again, and where none is advised
-- no call does.

local advise = require("cognito.recovery").advise
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"

local OLD, NEW = "Analytical-Engine-1837", "Difference-Engine-1822"
local SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
local EMAIL, PHONE = "ada@example.com", "+441234567890"

local statuses = { "CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED", "FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER" }

local contacts = {
  ["no contact"] = {},
  ["a verified e-mail address"] = { email = EMAIL, email_verified = true },
  ["an unverified e-mail address"] = { email = EMAIL, email_verified = false },
  ["a verified phone"] = { phone_number = PHONE, phone_number_verified = true },
  ["a phone that is the second factor"] = { phone_number = PHONE, phone_number_verified = true, sms_mfa = true },
  ["a mailbox that is the second factor"] = { email = EMAIL, email_verified = true, email_mfa = true },
  ["a mailbox that is the second factor, and a phone"] = {
    email = EMAIL, email_verified = true, email_mfa = true, phone_number = PHONE, phone_number_verified = true,
  },
  ["a mailbox and an authenticator app"] = { email = EMAIL, email_verified = true, totp_secret = SECRET },
  ["all factors"] = {
    email = EMAIL, email_verified = true, email_mfa = true, phone_number = PHONE, phone_number_verified = true,
    sms_mfa = true, totp_secret = SECRET,
  },
  ["both"] = {
    email = EMAIL, email_verified = true, phone_number = PHONE, phone_number_verified = true, sms_mfa = true,
  },
}

local recoveries = {
  "legacy", "verified_phone_first", "verified_email_first", "verified_phone_number", "verified_email", "admin_only",
}

-- A pool that says what it refuses, and a user in it.
local function new_pool(options, user)
  options.prevent_user_existence_errors = "LEGACY"
  local box = sandbox.new(options)
  local added = { username = "ada", password = OLD }
  for name, value in pairs(user or {}) do added[name] = value end
  added.password = added.password or nil -- false: a user without one
  box:add_user(added)
  return cognito.new(box:settings()), box
end

local function sign_in(pool, password)
  return pool:initiate_auth {
    auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "ada", PASSWORD = password },
  }
end

-- What follows each call: the person types what the message said.
local endings = {
  forgot_password = function(pool, code)
    pool:confirm_forgot_password { username = "ada", confirmation_code = code, password = NEW }
    return sign_in(pool, NEW)
  end,
  resend_confirmation_code = function(pool, code)
    pool:confirm_sign_up { username = "ada", confirmation_code = code }
    return sign_in(pool, OLD)
  end,
  admin_create_user = function(pool, code)
    return sign_in(pool, code)
  end,
}
endings.admin_reset_user_password = endings.forgot_password

-- Whether a call, and what the message says to do, gets the user in.
local function helps(options, user, operation, params)
  local pool, box = new_pool(options, user)
  pool[operation](pool, params)
  local message = box.outbox[#box.outbox]
  return message ~= nil and endings[operation](pool, message.code) ~= nil
end

local function anything_helps(options, user)
  return helps(options, user, "forgot_password", { username = "ada" })
    or helps(options, user, "admin_reset_user_password", { username = "ada" })
    or helps(options, user, "resend_confirmation_code", { username = "ada" })
    or helps(options, user, "admin_create_user", {
      username = "ada", message_action = "RESEND", desired_delivery_mediums = { "EMAIL", "SMS" },
    })
end

local function check(options, user, described)
  local pool, box = new_pool(options, user)
  local advice = assert(advise(pool, "ada", described and assert(pool:describe_user_pool {})))
  assert.same({ user.status, user.enabled }, { advice.user_status, advice.enabled })
  assert.same({ email = user.email_verified == true, phone_number = user.phone_number_verified == true },
    advice.verified)
  assert.equal(0, #box.outbox)
  assert.is_string(advice.text)
  assert.is_true(#advice.rules > 0)
  for _, rule in ipairs(advice.rules) do
    assert.same({ "string", "boolean", "string" }, { type(rule.rule), type(rule.documented), type(rule.source) })
    assert.equal(rule.documented, rule.source:find "assumed" == nil)
  end
  local case = options.recovery .. ": " .. tostring(advice.operation or advice.reason)
  if advice.operation then
    assert.is_nil(advice.reason)
    assert.is_true(helps(options, user, advice.operation, advice.params), case)
  else
    assert.is_nil(advice.params)
    assert.is_string(advice.reason)
    assert.is_false(anything_helps(options, user), case)
  end
end

local function each_user(visit)
  for _, status in ipairs(statuses) do
    for name, contact in pairs(contacts) do
      for _, enabled in ipairs { true, false } do
        local user = { status = status, enabled = enabled }
        for field, value in pairs(contact) do user[field] = value end
        visit(("%s, %s, %s"):format(status, enabled and "enabled" or "disabled", name), user)
      end
    end
  end
end

describe("advice that knows the pool helps, or nothing does:", function()
  each_user(function(name, user)
    it(name, function()
      for _, recovery in ipairs(recoveries) do
        check({ recovery = recovery }, user, true)
      end
      check({ recovery = "legacy", auto_verified_attributes = { "phone_number" } }, user, true)
    end)
  end)
end)

describe("advice that does not know the pool takes it to recover by both kinds:", function()
  each_user(function(name, user)
    it(name, function()
      check({ recovery = "verified_email_first" }, user, false)
    end)
  end)
end)

-- ---- lost factors ----

local FACTORS = { "SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA" }

local function has(list, wanted)
  for _, name in ipairs(list or {}) do
    if name == wanted then return true end
  end
  return false
end

-- The user is asked for it no more, and gets in by the password and what is
-- left.
local function check_lost(user, lost)
  local pool = new_pool({}, user)
  local before = assert(pool:admin_get_user { username = "ada" }).user_mfa_setting_list
  local advice = assert(advise(pool, "ada", nil, { lost = lost }))
  assert.equal(lost, advice.lost)
  if not has(before, lost) or not user.enabled or user.status == "EXTERNAL_PROVIDER" then
    assert.is_nil(advice.operation)
    assert.equal(not user.enabled and "user_disabled"
      or user.status == "EXTERNAL_PROVIDER" and "external_provider" or "no_such_factor", advice.reason)
    return
  end
  assert.is_true(has(advice.factors, lost))
  assert(pool[advice.operation](pool, advice.params))
  local after = assert(pool:admin_get_user { username = "ada" }).user_mfa_setting_list or {}
  assert.is_false(has(after, lost))
  assert.equal(#before - 1, #after)
  if user.status == "CONFIRMED" then
    local result = assert(sign_in(pool, OLD))
    assert.equal(#after == 0, result.authentication_result ~= nil)
    assert.are_not.equal(lost, result.challenge_name)
  end
end

describe("advice on a lost factor takes it away, or says why not:", function()
  each_user(function(name, user)
    it(name, function()
      for _, lost in ipairs(FACTORS) do check_lost(user, lost) end
    end)
  end)
end)

describe("advice on a lost factor that is the preferred one", function()
  -- By rule whether it is documented.
  local function rules_of(advice)
    local found = {}
    for _, rule in ipairs(advice.rules) do found[rule.rule] = rule.documented end
    return found
  end

  for lost, expected in pairs {
    SOFTWARE_TOKEN_MFA = { lost_software_token = true, preference_reset = false },
    SMS_MFA = { lost_contact_factor = true },
  } do
    it("says which of its rules is assumed, and the sandbox goes by it: " .. lost, function()
      local pool = new_pool({}, { email = "ada@example.com", phone_number = "+491511234567", sms_mfa = true,
        totp_secret = "JBSWY3DPEHPK3PXP", preferred_mfa = lost })
      assert.equal(lost, assert(pool:admin_get_user { username = "ada" }).preferred_mfa_setting)
      local advice = assert(advise(pool, "ada", nil, { lost = lost }))
      assert.same(expected, rules_of(advice))
      assert(pool[advice.operation](pool, advice.params))
      assert.are_not.equal(lost, assert(pool:admin_get_user { username = "ada" }).preferred_mfa_setting)
    end)
  end
end)

-- ---- replicas ----

describe("advice at a secondary replica, whose calls are refused, holds in the primary's Region:", function()
  each_user(function(name, user)
    it(name, function()
      local here, primary = { region = "us-east-1" }, assert(advise(new_pool({}, user), "ada"))
      local pool = new_pool(here, user)
      local advice = assert(advise(pool, "ada", nil, { replicas = assert(pool:list_user_pool_replicas {}) }))
      if not primary.operation then
        assert.same({ primary.reason }, { advice.reason, advice.region })
        return
      end
      assert.same({ "secondary_replica", "eu-west-1" }, { advice.reason, advice.region })
      if primary.operation == "forgot_password" then
        local _, err = pool:forgot_password(primary.params)
        assert.equal("OperationNotEnabledException", err.code)
        assert.is_false(helps({ region = "us-east-1" }, user, "admin_reset_user_password", primary.params))
      end
      assert.is_true(helps({ region = advice.region }, user, primary.operation, primary.params))
    end)
  end)

  it("which a primary is not", function()
    local pool = new_pool({}, { email = EMAIL })
    local advice = assert(advise(pool, "ada", nil, { replicas = assert(pool:list_user_pool_replicas {}) }))
    assert.equal("forgot_password", advice.operation)
    assert.is_nil(advice.region)
  end)
end)

-- ---- users without a password ----

describe("advice on a user without a password leads to one:", function()
  for name, contact in pairs(contacts) do
    it(name, function()
      local user = { status = "CONFIRMED", password = false }
      for field, value in pairs(contact) do user[field] = value end
      user.sms_mfa, user.email_mfa, user.totp_secret = nil, nil, nil -- a code is a sign-in without a second factor
      local pool, box = new_pool({ first_factors = { "PASSWORD", "EMAIL_OTP", "SMS_OTP" } }, user)
      local advice = assert(advise(pool, "ada", nil, { factors = true }))
      if not (user.email_verified or user.phone_number_verified) then
        assert.equal("no_verified_contact", advice.reason)
        return
      end
      assert.equal("initiate_auth", advice.operation)
      assert.equal("passwordless", advice.rules[1].rule)
      local challenge = assert(pool:initiate_auth(advice.params))
      local factor = advice.params.auth_parameters.PREFERRED_CHALLENGE
      local tokens = assert(pool:respond_to_auth_challenge { challenge_name = factor, session = challenge.session,
        challenge_responses = { USERNAME = "ada", [factor .. "_CODE"] = box:code "ada" } }).authentication_result
      assert(pool:change_password { access_token = tokens.access_token, proposed_password = NEW })
      assert(assert(sign_in(pool, NEW)).authentication_result)
      -- With a password, it is the usual advice.
      assert.equal("forgot_password", assert(advise(pool, "ada", nil, { factors = true })).operation)
    end)
  end
end)

describe("advice", function()
  local function of(user, options, described)
    local pool = new_pool(options or {}, user)
    return assert(advise(pool, "ada", described and assert(pool:describe_user_pool {})))
  end

  it("names the call, whole", function()
    for _, case in ipairs {
      { { email = EMAIL }, "forgot_password", { username = "ada" } },
      { { email = EMAIL, status = "RESET_REQUIRED" }, "forgot_password", { username = "ada" } },
      { { email = EMAIL, status = "UNCONFIRMED" }, "resend_confirmation_code", { username = "ada" } },
      { { email = EMAIL, status = "FORCE_CHANGE_PASSWORD" }, "admin_create_user",
        { username = "ada", message_action = "RESEND", desired_delivery_mediums = { "EMAIL" } } },
      { { email = EMAIL, email_verified = false, phone_number = PHONE, status = "FORCE_CHANGE_PASSWORD" },
        "admin_create_user", { username = "ada", message_action = "RESEND", desired_delivery_mediums = { "SMS" } } },
    } do
      local advice = of(case[1])
      assert.equal(case[2], advice.operation)
      assert.same(case[3], advice.params)
    end
  end)

  it("says why there is none", function()
    local sms = { phone_number = PHONE, sms_mfa = true }
    for _, case in ipairs {
      { "user_disabled", { email = EMAIL, enabled = false } },
      { "external_provider", { email = EMAIL, status = "EXTERNAL_PROVIDER" } },
      { "no_verified_contact", {} },
      { "no_verified_contact", { email = EMAIL, email_verified = false } },
      { "no_verified_contact", { phone_number = PHONE }, "verified_email" },
      { "second_factor", sms },
      { "second_factor", sms, "verified_phone_number" },
      { "admin_only", { email = EMAIL }, "admin_only" },
      { "no_contact", { status = "UNCONFIRMED" } },
      { "no_contact", { status = "FORCE_CHANGE_PASSWORD" } },
    } do
      local advice = of(case[2], { recovery = case[3] }, case[3])
      assert.is_nil(advice.operation)
      assert.equal(case[1], advice.reason)
    end
  end)

  it("is an answer for a user who does not exist, too", function()
    local advice, err, meta = advise(new_pool {}, "nobody")
    assert.is_nil(err)
    assert.equal("unknown_user", advice.reason)
    assert.same({ email = false, phone_number = false }, advice.verified)
    assert.equal(400, meta.status)
  end)

  it("holds no address", function()
    local function search(value)
      if type(value) == "table" then
        for name, inner in pairs(value) do search(name) search(inner) end
      else
        assert.falsy(tostring(value):find("@", 1, true) or tostring(value):find("+44", 1, true))
      end
    end
    each_user(function(_, user) search(of(user)) end)
  end)

  it("takes one call", function()
    local pool, box = new_pool({}, { email = EMAIL })
    local _, _, meta = advise(pool, "ada")
    assert.equal("admin_get_user", meta.operation)
    assert.equal(1, box:executions "admin_get_user")
  end)

  it("fails as the call does", function()
    local pool = new_pool {}
    local _, err, meta = advise(pool:with { credentials = { access_key_id = "AKID", secret_access_key = "x" } }, "ada")
    assert.equal("UnrecognizedClientException", err.code)
    assert.equal(400, meta.status)
    assert.equal("username", select(2, advise(pool, nil)).field)
  end)

  it("refuses half of a description", function()
    local pool = new_pool {}
    local half = pool:describe_user_pool {}.user_pool
    for _, wrong in ipairs { half, "pool", 1, true } do
      local ok, message = pcall(function() advise(pool, "ada", wrong) end)
      assert.is_false(ok)
      assert.matches("advise_spec.*describe_user_pool", message)
    end
  end)
end)

describe("advise without a client", function()
  local recovery = require "cognito.recovery"

  for what, call in pairs {
    ["nil"] = function() return (advise(nil, "ada")) end,
    ["a name alone"] = function() return (advise "ada") end,
    ["a colon"] = function() return (recovery:advise(new_pool {}, "ada")) end,
    ["a table"] = function() return (advise({}, "ada")) end,
  } do
    it("is refused at the caller's line: " .. what, function()
      local ok, message = pcall(call)
      assert.is_false(ok)
      assert.matches('advise_spec%.lua:%d+: advise takes a client, then a username: recovery.advise%(pool, "ada"%)',
        message)
    end)
  end
end)

-- States that the sandbox lacks.
describe("advice on a reply", function()
  local function of(reply, described)
    return advise({ admin_get_user = function() return reply end }, "ada", described)
  end

  local mail = { { name = "email", value = EMAIL }, { name = "email_verified", value = "true" } }

  it("knows mail as a second factor", function()
    local user = {
      user_status = "CONFIRMED", enabled = true, user_attributes = mail, user_mfa_setting_list = { "EMAIL_OTP" },
    }
    assert.equal("second_factor", of(user).reason)
    user.user_mfa_setting_list = { "SOFTWARE_TOKEN_MFA" }
    assert.equal("forgot_password", of(user).operation)
  end)

  local function with_factors(user, first, options)
    return advise({
      admin_get_user = function() return user end,
      admin_get_user_auth_factors = function()
        return { configured_user_auth_factors = first, user_mfa_setting_list = user.user_mfa_setting_list }
      end,
    }, "ada", nil, options)
  end

  it("lets passkeys not stand in the way of recovery by mail", function()
    local user = { user_status = "CONFIRMED", enabled = true, user_attributes = mail }
    local advice = with_factors(user, { "PASSWORD", "WEB_AUTHN" }, { factors = true })
    assert.equal("forgot_password", advice.operation)
    assert.same({ "PASSWORD", "WEB_AUTHN" }, advice.factors)
    advice = with_factors(user, { "PASSWORD", "WEB_AUTHN" }, { lost = "WEB_AUTHN" })
    assert.equal("forgot_password", advice.operation)
    assert.matches("delete_web_authn_credential", advice.text)
    assert.equal("no_such_factor", with_factors(user, { "PASSWORD" }, { lost = "WEB_AUTHN" }).reason)
    assert.equal("forgot_password", with_factors(user, { "WEB_AUTHN" }, { lost = "WEB_AUTHN" }).operation)
  end)

  it("names the Region of the primary at a secondary replica", function()
    local replicas = { user_pool_replicas = {
      { region_name = "us-east-1", role = "SECONDARY", status = "ACTIVE" },
      { region_name = "eu-west-1", role = "PRIMARY", status = "ACTIVE" },
    } }
    local user = { user_status = "CONFIRMED", enabled = true, user_attributes = mail }
    local function at(region, changes)
      local reply = {}
      for name, value in pairs(user) do reply[name] = value end
      for name, value in pairs(changes or {}) do reply[name] = value end
      return advise({ admin_get_user = function() return reply end,
        describe = function()
          return cognito.new({ user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "x", region = region }):describe()
        end }, "ada", nil, { replicas = replicas })
    end
    assert.equal("forgot_password", at("eu-west-1").operation)
    local advice = at "us-east-1"
    assert.same({ "secondary_replica", "eu-west-1" }, { advice.reason, advice.region })
    assert.matches("primary's Region, eu%-west%-1", advice.text)
    assert.is_nil(advice.operation)
    local last = advice.rules[#advice.rules]
    assert.same({ "replicas", true }, { last.rule, last.documented })
    last = at("us-east-1", { user_status = "UNCONFIRMED" }).rules[3]
    assert.same({ "other_calls_at_replicas", false }, { last.rule, last.documented })
    assert.equal("user_disabled", at("us-east-1", { enabled = false }).reason)
  end)

  it("says which rules are documented and which assumed", function()
    local user = { user_status = "CONFIRMED", enabled = true, user_attributes = mail }
    assert.same({ { rule = "forgot_password.CONFIRMED", documented = true, source = "API reference: ForgotPassword" } },
      of(user).rules)
    local found = of(user, { user_pool = { account_recovery_setting = {
      recovery_mechanisms = { { name = "admin_only", priority = 1 } } } } })
    assert.equal("admin_only", found.reason)
    assert.same({ rule = "forgot_password.admin_only", documented = false, source = "assumed" }, found.rules[2])
  end)

  it("fails as the second call does", function()
    local refusal = { code = "AccessDeniedException" }
    local advice, err, meta = advise({
      admin_get_user = function() return { user_status = "CONFIRMED", enabled = true } end,
      admin_get_user_auth_factors = function() return nil, refusal, { attempts = 1 } end,
    }, "ada", nil, { factors = true })
    assert.same({ refusal, { attempts = 1 } }, { err, meta })
    assert.is_nil(advice)
  end)

  it("refuses options that are none, at the caller's line", function()
    for pattern, options in pairs {
      ["lost factors EMAIL_OTP, SMS_MFA"] = { lost = "TOTP" }, ["loost"] = { loost = "SMS_MFA" },
      ["a table of options, not a string"] = "SMS_MFA", ["factors"] = { factors = 1 },
    } do
      local ok, message = pcall(function() advise({ admin_get_user = function() end }, "ada", nil, options) end)
      assert.is_false(ok)
      assert.matches("advise_spec.*" .. pattern, message)
    end
  end)

  it("knows no call for a status it does not know", function()
    for _, status in ipairs { "ARCHIVED", "COMPROMISED", "UNKNOWN" } do
      assert.equal("unknown_status", of({ user_status = status, enabled = true, user_attributes = mail }).reason)
    end
    assert.equal("unknown_status", of({}).reason)
  end)

  it("takes an address that is verified and gone for gone", function()
    local user = { user_status = "CONFIRMED", enabled = true,
      user_attributes = { { name = "email_verified", value = "true" } } }
    assert.equal("no_verified_contact", of(user).reason)
  end)
end)

--- Advice on every kind of user, held to what the sandbox then really does:
-- the call that is advised gets the user in again, and where none is advised
-- no call does.

local advise = require("cognito.recovery").advise
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"

local OLD, NEW = "Analytical-Engine-1837", "Difference-Engine-1822"
local EMAIL, PHONE = "ada@example.com", "+441234567890"

local statuses = { "CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED", "FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER" }

local contacts = {
  ["no contact"] = {},
  ["a verified e-mail address"] = { email = EMAIL, email_verified = true },
  ["an unverified e-mail address"] = { email = EMAIL, email_verified = false },
  ["a verified phone"] = { phone_number = PHONE, phone_number_verified = true },
  ["a phone that is the second factor"] = { phone_number = PHONE, phone_number_verified = true, sms_mfa = true },
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

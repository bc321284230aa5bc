--- Which call helps a user, or why none does.
-- @module cognito.recovery.advise

local attributes = require "cognito.attributes"
local pool_settings = require "cognito.pool_settings"
local tables = require "cognito.tables"

local KINDS = { "email", "phone_number" } -- mail first: it costs nothing

local mediums = pool_settings.mediums

-- A contact that proves a sign-in does not recover it as well: one stolen
-- phone or mailbox would be both factors.
local second_factors = { email = "EMAIL_OTP", phone_number = "SMS_MFA" }

-- Where no call helps: why, and what the operator can do.
local reasons = {
  unknown_user = "There is no such user in this pool.",
  user_disabled = "An administrator disabled the user: no call helps until admin_enable_user lifts that, "
    .. "if it is meant to be lifted.",
  external_provider = "The password belongs to another identity provider: the user recovers it there. "
    .. "admin_set_user_password would turn the user into a local one.",
  admin_only = "The pool's users are recovered by administrators only: set a password with "
    .. "admin_set_user_password and hand it over.",
  no_verified_contact = "The user has no verified address of the kinds that the pool recovers by: verify one with "
    .. "admin_update_user_attributes, or set a password with admin_set_user_password.",
  second_factor = "The only verified address is the second factor of the sign-in, and a pool with an account "
    .. "recovery setting sends no recovery code there: set a password with admin_set_user_password.",
  no_contact = "The user has no address that a message could go to: admin_confirm_sign_up confirms a sign-up, "
    .. "admin_set_user_password replaces a temporary password.",
  unknown_status = "This status is not one that a recovery is known for: look at the user in the console.",
}

local texts = {
  forgot_password = "A code can be sent with forgot_password; confirm_forgot_password then sets a new password. "
    .. "admin_reset_user_password sends one as well, and locks the user out until then.",
  resend_confirmation_code = "The sign-up was never confirmed: send the code again with resend_confirmation_code, "
    .. "for confirm_sign_up.",
  admin_create_user = "The user has yet to replace the temporary password: admin_create_user with message_action = "
    .. "\"RESEND\" sends a new one.",
}

-- A pool without an account recovery setting is of the old kind: it recovers
-- by every contact, second factor or not.
local function add_pool(facts, user_pool)
  facts.auto_verified = tables.set(user_pool.auto_verified_attributes)
  local mechanisms = pool_settings.recovery_mechanisms(user_pool)
  facts.old_kind = not mechanisms
  facts.mechanisms = mechanisms and tables.set(mechanisms)
end

-- What decides, from AdminGetUser's reply and, where known, DescribeUserPool's.
local function facts_of(user, user_pool)
  local facts = { contacts = {}, verified = {}, second_factors = tables.set(user.user_mfa_setting_list) }
  local values = attributes.values(user.user_attributes)
  for _, kind in ipairs(KINDS) do
    facts.contacts[kind] = (values[kind] or "") ~= ""
    facts.verified[kind] = facts.contacts[kind] and attributes.is_true(values, kind .. "_verified")
  end
  if user_pool then
    add_pool(facts, user_pool)
  end
  return facts
end

local function recovers_by(facts, kind)
  return facts.verified[kind] and (not facts.mechanisms or facts.mechanisms["verified_" .. kind])
end

local function recover(facts)
  if facts.mechanisms and facts.mechanisms.admin_only then
    return nil, "admin_only"
  end
  local reason = "no_verified_contact"
  for _, kind in ipairs(KINDS) do
    if recovers_by(facts, kind) then
      if facts.old_kind or not facts.second_factors[second_factors[kind]] then
        return "forgot_password", {}
      end
      reason = "second_factor"
    end
  end
  return nil, reason
end

local function confirm(facts)
  for _, kind in ipairs(KINDS) do
    if facts.contacts[kind] and (not facts.auto_verified or facts.auto_verified[kind]) then
      return "resend_confirmation_code", {}
    end
  end
  return nil, "no_contact"
end

-- Left out, the medium would be SMS, also for a user without a phone.
local function invite_again(facts)
  for _, known in ipairs { facts.verified, facts.contacts } do
    for _, kind in ipairs(KINDS) do
      if known[kind] then
        return "admin_create_user", { message_action = "RESEND", desired_delivery_mediums = { mediums[kind] } }
      end
    end
  end
  return nil, "no_contact"
end

-- Each returns an operation and its parameters, or nil and a reason.
local by_status = {
  CONFIRMED = recover,
  RESET_REQUIRED = recover,
  UNCONFIRMED = confirm,
  FORCE_CHANGE_PASSWORD = invite_again,
  EXTERNAL_PROVIDER = function() return nil, "external_provider" end,
}

local function judge(user, facts)
  if user.enabled == false then
    return nil, "user_disabled"
  end
  local rule = by_status[user.user_status]
  if not rule then
    return nil, "unknown_status"
  end
  return rule(facts)
end

local function advice_on(user, username, user_pool)
  local facts = facts_of(user, user_pool)
  local advice = { user_status = user.user_status, enabled = user.enabled, verified = facts.verified }
  local operation, found = judge(user, facts)
  if operation then
    found.username = username
    advice.operation, advice.params, advice.text = operation, found, texts[operation]
  else
    advice.reason, advice.text = found, reasons[found]
  end
  return advice
end

local function unknown_user()
  return { verified = { email = false, phone_number = false }, reason = "unknown_user", text = reasons.unknown_user }
end

-- Any table with that method will do: a stand-in, a client in a wrapper.
local function check_pool(pool, level)
  local kind = type(pool)
  if kind ~= "table" and kind ~= "userdata" or type(pool.admin_get_user) ~= "function" then
    error("advise takes a client, then a username: recovery.advise(pool, \"ada\")", level + 1)
  end
end

-- An answer that lacks the pool is as good as none; a pool's settings without
-- the answer around them are the program's mistake.
local function pool_of(described, level)
  if type(described) ~= "table" or described.user_pool == nil and described.id then
    error("advise takes the reply of describe_user_pool, or nothing", level + 1)
  end
  return pool_settings.user_pool(described)
end

--- Looks at a user and says which call helps, or why none does. It carries
-- nothing out:
--
--     if advice.operation then pool[advice.operation](pool, advice.params) end
--
-- Advice has `user_status` and `enabled`, as AdminGetUser tells them;
-- `verified`, a boolean each for `email` and `phone_number`; `operation` and
-- `params` of the call that helps, or else `reason`, why none does:
-- `unknown_user`, `user_disabled`, `external_provider`, `admin_only`,
-- `no_verified_contact`, `second_factor`, `no_contact` or `unknown_status`;
-- and `text`, a sentence for the operator. It holds no address.
--
-- AdminGetUser is signed, and counts the user towards the monthly active
-- users that are billed.
-- @tparam cognito.Client pool
-- @tparam string username goes into `params` as it is
-- @tparam[opt] table described what `pool:describe_user_pool {}` answered.
--   With it the advice knows which kinds of address the pool recovers by and
--   verifies; without it, it takes the pool to use both
-- @treturn[1] table advice; of a user who is unknown, too
-- @treturn[1] nil
-- @treturn[1] table meta of the call
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @treturn[2] table meta
-- @raise where `pool` is no client, or `described` is something else
return function(pool, username, described)
  check_pool(pool, 2)
  local user_pool = described and pool_of(described, 2) or nil
  local user, err, meta = pool:admin_get_user { username = username }
  if user then
    return advice_on(user, username, user_pool), nil, meta
  elseif err.code == "UserNotFoundException" then
    return unknown_user(), nil, meta
  end
  return nil, err, meta
end

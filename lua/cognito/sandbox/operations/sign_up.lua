--- Signing up, and confirming that the address is one's own.
-- @module cognito.sandbox.operations.sign_up
local attributes = require "cognito.sandbox.attributes"
local codes = require "cognito.sandbox.codes"
local contacts = require "cognito.sandbox.contacts"
local errors = require "cognito.sandbox.errors"
local policy = require "cognito.sandbox.policy"

local M = {}

-- Sends the sign-up code. Returns CodeDeliveryDetails, or nil for a user
-- without an address to verify.
local function send_code(pool, user, operation, trigger, params)
  local place = contacts.for_sign_up(pool.options, user)
  if not place then
    return nil
  end
  local code = codes.issue(pool, user, "sign_up", place)
  pool.outbox:put(operation, trigger, user, place, code,
    params.ClientMetadata)
  return contacts.details(place)
end

-- The trigger may refuse a user, confirm one, and verify addresses. Returns
-- the status that it gives.
local function pre_sign_up(pool, user, params)
  local response = attributes.ask_pre_sign_up(pool, user, params, "SignUp")
  if response.autoVerifyEmail then
    user.attributes.email_verified = "true"
  end
  if response.autoVerifyPhone then
    user.attributes.phone_number_verified = "true"
  end
  return response.autoConfirmUser and "CONFIRMED" or nil
end

--- SignUp.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.sign_up(pool, params)
  if not params.Password then
    errors.refuse("missing_parameter", "Password")
  end
  policy.check(params.Password)
  local user = attributes.new_user(pool, params, "user_exists")
  user.status = pre_sign_up(pool, user, params) or "UNCONFIRMED"
  pool.users:add(user)
  pool.users:set_password(user, params.Password)
  if user.status == "CONFIRMED" then
    pool:confirmed(user, "ConfirmSignUp", params)
    return { UserConfirmed = true, UserSub = user.attributes.sub }
  end
  return {
    UserConfirmed = false,
    UserSub = user.attributes.sub,
    CodeDeliveryDetails = send_code(pool, user, "sign_up", "SignUp", params),
  }
end

--- ResendConfirmationCode.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.resend_confirmation_code(pool, params)
  local name = params.Username
  local user = pool.users:find(name)
  codes.count_attempt(pool, "resend_confirmation_code", user, name)
  if pool:judge("resend_confirmation_code", user, name) == "simulated" then
    return { CodeDeliveryDetails =
      contacts.simulated_for_sign_up(pool.options, name) }
  end
  local details = send_code(pool, user, "resend_confirmation_code",
    "ResendCode", params)
  -- Which text a user without a contact gets is assumed.
  if not details then
    errors.refuse(pool.options.auto_verified_attributes[1] and "no_verified_contact" or "nothing_to_verify")
  end
  return { CodeDeliveryDetails = details }
end

-- An address that another user has verified as an alias can only be taken
-- from them on purpose.
local function claim_alias(pool, user, attribute, force)
  if not attributes.is_alias(pool.options, attribute) then
    return
  end
  local owner = pool.users:by_alias(attribute, user.attributes[attribute])
  if not owner or owner == user then
    return
  end
  if not force then
    errors.refuse("alias_exists", attribute)
  end
  owner.attributes[attribute .. "_verified"] = "false"
end

local function unconfirmed(user)
  if user.status ~= "UNCONFIRMED" then
    errors.refuse("cannot_be_confirmed", user.status)
  end
  return user
end

--- ConfirmSignUp.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.confirm_sign_up(pool, params)
  local user = pool.users:find(params.Username)
  codes.count_attempt(pool, "confirm_sign_up", user, params.Username)
  pool:judge("confirm_sign_up", user, params.Username)
  unconfirmed(user)
  local code = codes.check(pool, user, "sign_up", params.ConfirmationCode)
  claim_alias(pool, user, code.attribute, params.ForceAliasCreation)
  user.attributes[code.attribute .. "_verified"] = "true"
  pool.users:move(user, "CONFIRMED")
  pool:confirmed(user, "ConfirmSignUp", params)
  return {}
end

-- Where the assumption says so, an administrator's word verifies the address
-- as the code would have.
local function verify_contact(pool, user)
  if not pool.options.answers.admin_confirm_verifies then
    return
  end
  local place = contacts.for_sign_up(pool.options, user)
  if place then
    user.attributes[place.attribute .. "_verified"] = "true"
  end
end

--- AdminConfirmSignUp.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_confirm_sign_up(pool, params)
  local user = unconfirmed(pool:user(params.Username))
  verify_contact(pool, user)
  pool.users:move(user, "CONFIRMED")
  pool:confirmed(user, "ConfirmSignUp", params)
  return {}
end

return M

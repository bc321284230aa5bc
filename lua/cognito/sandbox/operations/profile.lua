--- Changing attributes, and proving that a new address is one's own.
-- @module cognito.sandbox.operations.profile
local attributes = require "cognito.sandbox.attributes"
local codes = require "cognito.sandbox.codes"
local contacts = require "cognito.sandbox.contacts"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local tokens = require "cognito.sandbox.tokens"

local M = {}

local ADDRESSES = { "email", "phone_number" }

local fixed = { sub = true }

-- Attributes that only an administrator may set.
local administrators = { email_verified = true, phone_number_verified = true }

local function check_names(names, by_administrator)
  for name in pairs(names) do
    if fixed[name] or administrators[name] and not by_administrator then
      errors.refuse "read_only"
    end
  end
end

-- A new address is unverified until a code or an administrator verifies it.
local function changed_addresses(user, values)
  local changed = {}
  for _, name in ipairs(ADDRESSES) do
    if values[name] and values[name] ~= user.attributes[name] then
      changed[#changed + 1] = name
      values[name .. "_verified"] = values[name .. "_verified"] or "false"
    end
  end
  return changed
end

local function check_taken(pool, user, values)
  for _, name in ipairs(pool.options.username_attributes) do
    local owner = values[name] and pool.users:by_attribute(name, values[name])
    if owner and owner ~= user then
      errors.refuse("alias_exists", name)
    end
  end
  for _, name in ipairs(pool.options.alias_attributes) do
    local value = values[name]
    local owner = value and values[name .. "_verified"] ~= "false"
      and pool.users:by_alias(name, value)
    if owner and owner ~= user then
      errors.refuse("alias_exists", name)
    end
  end
end

local function change(pool, user, params, by_administrator)
  local values = attributes.from_list(params.UserAttributes)
  check_names(values, by_administrator)
  local changed = changed_addresses(user, values)
  check_taken(pool, user, values)
  for name, value in pairs(values) do
    user.attributes[name] = value ~= "" and value or nil
  end
  pool.users:touch(user)
  return changed
end

local function send_code(pool, user, operation, trigger, name, params)
  local place = contacts.of(user, name)
  local code = codes.issue(pool, user, "attribute", place, name)
  pool.outbox:put(operation, trigger, user, place, code,
    params.ClientMetadata)
  return contacts.details(place)
end

--- UpdateUserAttributes.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.update_user_attributes(pool, params)
  local user = tokens.user(pool, params.AccessToken)
  local sent = json.list {}
  for _, name in ipairs(change(pool, user, params)) do
    if user.attributes[name] and contacts.auto_verified(pool.options, name)
    then
      sent[#sent + 1] = send_code(pool, user, "update_user_attributes",
        "UpdateUserAttribute", name, params)
    end
  end
  return { CodeDeliveryDetailsList = sent }
end

--- AdminUpdateUserAttributes.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_update_user_attributes(pool, params)
  change(pool, pool:user(params.Username), params, true)
  return {}
end

local function delete(pool, user, params, by_administrator)
  local names = {}
  for _, name in ipairs(params.UserAttributeNames) do
    names[name] = true
  end
  check_names(names, by_administrator)
  for name in pairs(names) do
    user.attributes[name] = nil
    if contacts.is_address(name) then
      user.attributes[name .. "_verified"] = nil
    end
  end
  pool.users:touch(user)
  return {}
end

--- DeleteUserAttributes.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.delete_user_attributes(pool, params)
  return delete(pool, (tokens.user(pool, params.AccessToken)), params)
end

--- AdminDeleteUserAttributes.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_delete_user_attributes(pool, params)
  return delete(pool, pool:user(params.Username), params, true)
end

local function check_address(user, name)
  if not contacts.is_address(name) then
    errors.refuse("not_verifiable", name)
  end
  if not user.attributes[name] then
    errors.refuse("no_value", name)
  end
end

--- GetUserAttributeVerificationCode.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.get_user_attribute_verification_code(pool, params)
  local user, name = tokens.user(pool, params.AccessToken),
    params.AttributeName
  check_address(user, name)
  codes.count_attempt(pool, "get_user_attribute_verification_code", user,
    user.username)
  return { CodeDeliveryDetails = send_code(pool, user,
    "get_user_attribute_verification_code", "VerifyUserAttribute", name,
    params) }
end

--- VerifyUserAttribute.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.verify_user_attribute(pool, params)
  local user, name = tokens.user(pool, params.AccessToken),
    params.AttributeName
  check_address(user, name)
  codes.count_attempt(pool, "verify_user_attribute", user, user.username)
  codes.check(pool, user, "attribute", params.Code, name)
  codes.spend(user, "attribute", name)
  user.attributes[name .. "_verified"] = "true"
  pool.users:touch(user)
  return {}
end

return M

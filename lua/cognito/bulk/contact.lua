--- Which way a message to a user goes, as far as the user's attributes and
-- the pool's settings tell.
-- @module cognito.bulk.contact

local attributes = require "cognito.attributes"
local blanks = require "cognito.blanks"
local native = require "cognito.native"
local pool_settings = require "cognito.pool_settings"
local hex = require "cognito.hex"
local tables = require "cognito.tables"
local unicode = require "cognito.unicode"

local M = {}

local mediums = pool_settings.mediums

-- A pool without the setting sends to a verified phone first.
local function recovery_order(user_pool)
  local mechanisms, order = pool_settings.recovery_mechanisms(user_pool), {}
  if not mechanisms then
    return { "phone_number", "email" }
  end
  for _, name in ipairs(mechanisms) do
    order[#order + 1] = name:match "^verified_(.*)$"
  end
  return order
end

--- What of a pool's settings decides about messages and names.
-- @tparam table user_pool as DescribeUserPool tells
-- @treturn table facts
function M.facts(user_pool)
  local configuration = user_pool.username_configuration or {}
  local recovery = recovery_order(user_pool)
  return {
    auto_verified = tables.set(user_pool.auto_verified_attributes),
    aliases = tables.set(user_pool.alias_attributes),
    recovery = recovery,
    admin_only = not recovery[1],
    case_sensitive = configuration.case_sensitive ~= false,
    users = pool_settings.users(user_pool),
  }
end

local function has(user, kind)
  return (user.attributes[kind] or "") ~= ""
end

local function is_verified(user, kind)
  return has(user, kind) and attributes.is_true(user.attributes, kind .. "_verified")
end

local function recovery_kind(user, facts)
  for _, kind in ipairs(facts.recovery) do
    if is_verified(user, kind) then
      return kind
    end
  end
end

-- Each returns the kind of contact that the message goes to, and its medium;
-- or nil and why there is none.

-- A recovery code: by the first verified contact, and only where the pool
-- sends codes for it.
local function for_recovery(user, facts)
  local kind = recovery_kind(user, facts)
  if kind then
    return kind, facts.auto_verified[kind] and mediums[kind] or nil
  end
  return nil, "no_verified_contact"
end

-- A sign-up code: the phone first, where the pool verifies both.
local function for_sign_up(user, facts)
  for _, kind in ipairs { "phone_number", "email" } do
    if has(user, kind) and facts.auto_verified[kind] then
      return kind, mediums[kind]
    end
  end
  return nil, "no_contact"
end

-- An invitation goes where it is told to: mail costs nothing.
local function for_invitation(user)
  for _, test in ipairs { is_verified, has } do
    for _, kind in ipairs { "email", "phone_number" } do
      if test(user, kind) then
        return kind, mediums[kind]
      end
    end
  end
  return nil, "no_contact"
end

local by_operation = {
  admin_reset_user_password = for_recovery,
  resend_confirmation_code = for_sign_up,
  admin_create_user = for_invitation,
}

--- The medium of the message that an action sends to a user.
-- @tparam table action
-- @tparam table user
-- @tparam table facts of the pool
-- @treturn ?string EMAIL, SMS, or nil: none is sent
-- @treturn ?string why the action cannot work without one
-- @treturn ?string the kind of contact that it goes to: email or phone_number
function M.medium(action, user, facts)
  local find = by_operation[action.operation]
  if not find then
    return nil
  end
  local kind, medium_or_reason = find(user, facts)
  if kind then
    return medium_or_reason, nil, kind
  end
  return nil, medium_or_reason
end

--- An address for comparison: no provider of note tells cases apart before the
-- @, and letters have one spelling.
-- @tparam string address
-- @treturn string
function M.comparable(address)
  return unicode.nfc(unicode.lower(blanks.trim(address)))
end

--- Where the message of an action goes, as a hash: whether that has changed can
-- be told, and the journal holds no address.
-- @tparam table action
-- @tparam table user
-- @tparam table facts of the pool
-- @tparam string key the job's own
-- @treturn ?string nil: no message is sent
function M.fingerprint(action, user, facts, key)
  local medium, _, kind = M.medium(action, user, facts)
  if kind then
    local place = ("%s:%s:%s"):format(medium or "none", kind, M.comparable(user.attributes[kind]))
    return hex(native.hmac_sha256(key, place))
  end
end

--- Why a user whose password is gone cannot recover the account.
-- @tparam table user
-- @tparam table facts of the pool
-- @treturn ?string admin_only or no_verified_contact; nil: a code can be sent
function M.no_way_back(user, facts)
  if facts.admin_only then
    return "admin_only"
  elseif not recovery_kind(user, facts) then
    return "no_verified_contact"
  end
end

return M

--- Administrators' operations on one user.
-- @module cognito.sandbox.operations.admin
local attributes = require "cognito.sandbox.attributes"
local contacts = require "cognito.sandbox.contacts"
local errors = require "cognito.sandbox.errors"
local policy = require "cognito.sandbox.policy"
local views = require "cognito.sandbox.views"

local M = {}

-- ---- invitations ----

local function set_temporary(pool, user, password)
  pool.users:set_password(user, password,
    pool.options.lifetimes.temporary_password)
end

local function invite(pool, user, params)
  local password = params.TemporaryPassword or pool.random:password()
  set_temporary(pool, user, password)
  if params.MessageAction == "SUPPRESS" then
    return
  end
  local mediums = params.DesiredDeliveryMediums or { "SMS" }
  for _, place in ipairs(contacts.for_invitation(user, mediums)) do
    pool.outbox:put("admin_create_user", "AdminCreateUser", user, place,
      password, params.ClientMetadata)
  end
end

-- A verified address may be claimed from its owner only on purpose.
local function claim_aliases(pool, user, force)
  for _, attribute in ipairs(pool.options.alias_attributes) do
    local verified = user.attributes[attribute .. "_verified"] == "true"
    local owner = verified
      and pool.users:by_alias(attribute, user.attributes[attribute])
    if owner then
      if not force then
        errors.refuse("alias_exists", attribute)
      end
      owner.attributes[attribute .. "_verified"] = "false"
    end
  end
end

local function create(pool, params)
  local user = attributes.new_user(pool, params, "account_exists")
  claim_aliases(pool, user, params.ForceAliasCreation)
  attributes.ask_pre_sign_up(pool, user, params, "AdminCreateUser")
  user.status = "FORCE_CHANGE_PASSWORD"
  return pool.users:add(user)
end

local function again(pool, params)
  local user = pool.users:find(params.Username)
  pool:judge("admin_create_user_resend", user, params.Username)
  return user
end

--- AdminCreateUser, and RESEND of its invitation.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_create_user(pool, params)
  if params.TemporaryPassword then
    policy.check(params.TemporaryPassword)
  end
  local resend = params.MessageAction == "RESEND"
  local user = (resend and again or create)(pool, params)
  invite(pool, user, params)
  return { User = views.user(user, "Attributes") }
end

-- ---- one user ----

--- AdminGetUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_get_user(pool, params)
  return views.with_factors(pool:user(params.Username))
end

--- AdminSetUserPassword: from any state, without a message.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_set_user_password(pool, params)
  local user = pool:user(params.Username)
  policy.check(params.Password)
  if params.Permanent then
    pool.users:set_password(user, params.Password)
    pool.users:move(user, "CONFIRMED")
  else
    set_temporary(pool, user, params.Password)
    pool.users:move(user, "FORCE_CHANGE_PASSWORD")
  end
  return {}
end

local function set_enabled(pool, params, enabled)
  local user = pool:user(params.Username)
  user.enabled = enabled
  pool.users:touch(user)
  return {}
end

--- AdminEnableUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_enable_user(pool, params)
  return set_enabled(pool, params, true)
end

--- AdminDisableUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_disable_user(pool, params)
  return set_enabled(pool, params, false)
end

--- AdminDeleteUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_delete_user(pool, params)
  pool:remove(pool:user(params.Username))
  return {}
end

return M

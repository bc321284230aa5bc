--- Signing in, by each flow; and signing out everywhere.
-- @module cognito.sandbox.operations.sign_in
local custom_auth = require "cognito.sandbox.custom_auth"
local errors = require "cognito.sandbox.errors"
local lockout = require "cognito.sandbox.lockout"
local migration = require "cognito.sandbox.migration"
local secret_hash = require "cognito.sandbox.secret_hash"
local srp_steps = require "cognito.sandbox.srp_steps"
local steps = require "cognito.sandbox.steps"
local tokens = require "cognito.sandbox.tokens"
local user_auth = require "cognito.sandbox.user_auth"

local M = {}

local function by_password(pool, params)
  local parameters = params.AuthParameters or {}
  steps.check_parameters(parameters, "USERNAME", "PASSWORD")
  local user = migration.find(pool, "Authentication", parameters.USERNAME,
    params, parameters.PASSWORD)
  lockout.check(pool, user and user.username or parameters.USERNAME)
  if not user then
    lockout.failed(pool, parameters.USERNAME)
  end
  pool:judge("initiate_auth", user, parameters.USERNAME)
  steps.before_password(pool, user, params)
  return steps.with_password(pool, { user = user }, params,
    pool.users:has_password(user, parameters.PASSWORD), parameters.DEVICE_KEY)
end

-- The user migration trigger wants the password, which is not sent. A device
-- is looked for once the password is proved.
local function by_srp(pool, params)
  local parameters = params.AuthParameters or {}
  steps.check_parameters(parameters, "USERNAME", "SRP_A")
  local name = parameters.USERNAME
  local public = srp_steps.public(parameters)
  local user = pool.users:find(name)
  lockout.check(pool, user and user.username or name)
  local answer = pool:answer("initiate_auth", user, name)
  if answer == "bad_password" then
    return srp_steps.password(pool, {}, name, public)
  elseif answer ~= "accepted" and answer ~= "simulated" then
    errors.refuse(answer, name)
  end
  steps.before_password(pool, user, params)
  return srp_steps.password(pool, { user = user }, name, public)
end

-- The hash is over the user's own name, whatever was typed at the sign-in.
-- Documented: a client that rotates refresh tokens has no such flow.
local function refresh(pool, params)
  if pool.options.refresh_token_rotation then
    errors.refuse("wrong_flow", params.AuthFlow)
  end
  local parameters = params.AuthParameters or {}
  steps.check_parameters(parameters, "REFRESH_TOKEN")
  local user, sign_in = tokens.refreshed_user(pool, parameters.REFRESH_TOKEN, parameters.DEVICE_KEY)
  secret_hash.check(pool, user.username, parameters.SECRET_HASH)
  return { ChallengeParameters = {},
    AuthenticationResult = tokens.refresh(pool, sign_in) }
end

local flows = { REFRESH_TOKEN_AUTH = refresh, REFRESH_TOKEN = refresh, USER_SRP_AUTH = by_srp,
  CUSTOM_AUTH = custom_auth.begin, USER_AUTH = user_auth.begin }

local function begin(pool, params, own)
  local flow = flows[params.AuthFlow] or own[params.AuthFlow] and by_password
  if not flow then
    errors.refuse("wrong_flow", params.AuthFlow)
  end
  return flow(pool, params)
end

local public_flows = { USER_PASSWORD_AUTH = true }

--- InitiateAuth.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.initiate_auth(pool, params)
  if params.AuthFlow:find("^ADMIN_") then
    errors.refuse("admin_flow")
  end
  return begin(pool, params, public_flows)
end

local admin_flows = { ADMIN_USER_PASSWORD_AUTH = true,
  ADMIN_NO_SRP_AUTH = true }

--- AdminInitiateAuth.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_initiate_auth(pool, params)
  return begin(pool, params, admin_flows)
end

--- AdminUserGlobalSignOut.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_user_global_sign_out(pool, params)
  tokens.revoke_all(pool:user(params.Username))
  return {}
end

return M

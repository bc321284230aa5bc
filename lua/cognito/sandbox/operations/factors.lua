--- Setting second factors up, and taking them away.
-- @module cognito.sandbox.operations.factors
local errors = require "cognito.sandbox.errors"
local rules = require "cognito.recovery.rules"
local second_factor = require "cognito.sandbox.second_factor"
local steps = require "cognito.sandbox.steps"
local tables = require "cognito.tables"
local tokens = require "cognito.sandbox.tokens"
local totp = require "cognito.sandbox.totp"
local user_auth = require "cognito.sandbox.user_auth"

local M = {}

local function own_user(pool, params)
  if not params.AccessToken then
    errors.refuse("missing_parameter", "AccessToken")
  end
  return tokens.user(pool, params.AccessToken)
end

-- A session of MFA_SETUP stands for an access token, and each answer gives
-- the next one. Returns the user, and the sign-in where there is one.
local function token_user(pool, params)
  if params.AccessToken or not params.Session then
    return (own_user(pool, params))
  end
  local session = steps.session(pool, params.Session, "MFA_SETUP")
  return session.user, session.progress
end

local function next_session(pool, params, progress, has_set_up)
  if not progress then
    return nil
  end
  pool.sessions[params.Session] = nil
  progress = tables.copy(progress)
  progress.has_set_up = has_set_up
  return steps.open_session(pool, progress, "MFA_SETUP")
end

--- AssociateSoftwareToken.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.associate_software_token(pool, params)
  local user, progress = token_user(pool, params)
  local secret = totp.base32(pool.random:bytes())
  user.pending_token = { secret = secret }
  return { SecretCode = secret, Session = next_session(pool, params, progress) }
end

--- VerifySoftwareToken.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.verify_software_token(pool, params)
  local user, progress = token_user(pool, params)
  local pending = user.pending_token or errors.refuse "no_software_token"
  second_factor.check_token(pool, pending, params.UserCode,
    "wrong_software_token")
  pending.device, pending.active = params.FriendlyDeviceName, progress ~= nil or nil
  user.software_token, user.pending_token = pending, nil
  return { Status = "SUCCESS", Session = next_session(pool, params, progress, true) }
end

local function set_sms(user, enabled)
  if enabled and not user.attributes.phone_number then
    errors.refuse("no_factor", "SMS_MFA")
  end
  user.sms_mfa = enabled
end

local function set_software_token(user, enabled)
  if enabled and not user.software_token then
    errors.refuse("no_factor", "SOFTWARE_TOKEN_MFA")
  end
  if user.software_token then
    user.software_token.active = enabled
  end
end

-- Documented: it needs a pool that sends by Amazon SES.
local function set_email(user, enabled, pool)
  if enabled and not (user.attributes.email and pool.options.email_sender == "DEVELOPER") then
    errors.refuse("no_factor", "EMAIL_OTP")
  end
  user.email_mfa = enabled
end

local settings = {
  { member = "SMSMfaSettings", name = "SMS_MFA", set = set_sms },
  { member = "SoftwareTokenMfaSettings", name = "SOFTWARE_TOKEN_MFA",
    set = set_software_token },
  { member = "EmailMfaSettings", name = "EMAIL_OTP", set = set_email },
}

local function set_preference(pool, user, params)
  for _, row in ipairs(settings) do
    local wish = params[row.member]
    if wish then
      row.set(user, wish.Enabled == true, pool)
      if wish.PreferredMfa then
        user.preferred_mfa = row.name
      elseif user.preferred_mfa == row.name then
        user.preferred_mfa = nil
      end
    end
  end
  pool.users:touch(user)
  return {}
end

--- SetUserMFAPreference.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.set_user_mfa_preference(pool, params)
  return set_preference(pool, own_user(pool, params), params)
end

--- AdminSetUserMFAPreference.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_set_user_mfa_preference(pool, params)
  return set_preference(pool, pool:user(params.Username), params)
end

--- AdminDeleteSoftwareToken: for a phone that was lost.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_delete_software_token(pool, params)
  local user = pool:user(params.Username)
  if not user.software_token then
    errors.refuse "no_software_token"
  end
  user.software_token = nil
  if rules.resets_preference.admin_delete_software_token and user.preferred_mfa == "SOFTWARE_TOKEN_MFA" then
    user.preferred_mfa = nil
  end
  pool.users:touch(user)
  return {}
end

-- First factors: a password alone, where the client has no USER_AUTH.
local function auth_factors(pool, user)
  return {
    Username = user.username,
    ConfiguredUserAuthFactors = user_auth.configured(pool, user),
    UserMFASettingList = second_factor.list(user),
    PreferredMfaSetting = second_factor.preferred(user),
  }
end

--- AdminGetUserAuthFactors.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_get_user_auth_factors(pool, params)
  return auth_factors(pool, pool:user(params.Username))
end

--- GetUserAuthFactors.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.get_user_auth_factors(pool, params)
  return auth_factors(pool, (own_user(pool, params)))
end

return M

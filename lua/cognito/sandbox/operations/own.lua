--- Users' operations on themselves, by an access token.
-- @module cognito.sandbox.operations.own
local codes = require "cognito.sandbox.codes"
local errors = require "cognito.sandbox.errors"
local policy = require "cognito.sandbox.policy"
local secret_hash = require "cognito.sandbox.secret_hash"
local tokens = require "cognito.sandbox.tokens"
local views = require "cognito.sandbox.views"

local M = {}

--- GetUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.get_user(pool, params)
  local view = views.with_factors((tokens.user(pool, params.AccessToken)))
  return { Username = view.Username, UserAttributes = view.UserAttributes,
    UserMFASettingList = view.UserMFASettingList,
    PreferredMfaSetting = view.PreferredMfaSetting }
end

--- DeleteUser.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.delete_user(pool, params)
  pool:remove((tokens.user(pool, params.AccessToken)))
  return {}
end

--- ChangePassword; the previous one is asked for where there is one.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.change_password(pool, params)
  local user = tokens.user(pool, params.AccessToken)
  codes.count_attempt(pool, "change_password", user, user.username)
  if user.password and not pool.users:has_password(user,
    params.PreviousPassword or "") then
    errors.refuse "bad_password"
  end
  policy.check(params.ProposedPassword)
  pool.users:set_password(user, params.ProposedPassword)
  return {}
end

--- GlobalSignOut.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.global_sign_out(pool, params)
  tokens.revoke_all((tokens.user(pool, params.AccessToken)))
  return {}
end

--- RevokeToken.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.revoke_token(pool, params)
  secret_hash.check_secret(pool, params.ClientSecret)
  tokens.revoke_token(pool, params.Token)
  return {}
end

--- GetTokensFromRefreshToken.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.get_tokens_from_refresh_token(pool, params)
  secret_hash.check_secret(pool, params.ClientSecret)
  local _, sign_in, token = tokens.refreshed_user(pool, params.RefreshToken, params.DeviceKey)
  local result = tokens.refresh(pool, sign_in)
  if pool.options.refresh_token_rotation then
    result.RefreshToken = tokens.rotate(pool, token)
  end
  return { AuthenticationResult = result }
end

return M

--- Where users are signed in. Sign-ins here set no cookie: sessions of the
-- managed login are declared with `box:add_user`.
-- @module cognito.sandbox.operations.sessions
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local pages = require "cognito.sandbox.pages"
local tokens = require "cognito.sandbox.tokens"

local M = {}

local function view(pool, sign_in, current)
  return {
    SessionId = sign_in.id,
    SessionType = sign_in.managed and "SSO" or "TOKEN",
    ClientId = pool.options.client_id,
    CreateDate = sign_in.began,
    LastActiveDate = sign_in.active,
    IsCurrentSession = current and sign_in == current or nil,
  }
end

-- Sign-ins, and behind them the cookies of the managed login.
local function sessions_of(user)
  local all = {}
  for _, list in ipairs { user.sign_ins, user.managed_logins } do
    for _, session in ipairs(list) do
      all[#all + 1] = session
    end
  end
  return all
end

local function take_out(list, id)
  for i, each in ipairs(list) do
    if each.id == id then
      return table.remove(list, i)
    end
  end
end

local function list(pool, user, params, current)
  local page, next_token = pages.take(pool, sessions_of(user), nil,
    params.NextToken)
  local found = json.list {}
  for i, sign_in in ipairs(page) do
    found[i] = view(pool, sign_in, current)
  end
  return { Sessions = found, NextToken = next_token }
end

local function revoke(user, id)
  for _, sign_in in ipairs(user.sign_ins) do
    if sign_in.id == id then
      tokens.revoke(sign_in)
      return {}
    end
  end
  if not take_out(user.managed_logins, id) then
    errors.refuse "no_session"
  end
  return {}
end

--- AdminListUserSessions.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_list_user_sessions(pool, params)
  return list(pool, pool:user(params.Username), params)
end

--- ListUserSessions.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.list_user_sessions(pool, params)
  local user, current = tokens.user(pool, params.AccessToken)
  return list(pool, user, params, current)
end

--- AdminRevokeUserSession.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_revoke_user_session(pool, params)
  return revoke(pool:user(params.Username), params.SessionId)
end

--- RevokeUserSession.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.revoke_user_session(pool, params)
  local user = tokens.user(pool, params.AccessToken)
  return revoke(user, params.SessionId)
end

--- AdminListUserAuthEvents: the pool has no threat protection.
-- @tparam table pool
-- @tparam table params
-- @raise a refusal
function M.admin_list_user_auth_events(pool, params)
  pool:user(params.Username)
  errors.refuse "no_threat_protection"
end

return M

--- Where users are signed in. There are no devices: the sandbox is a pool that
-- does not remember any.
-- @module cognito.sandbox.operations.sessions
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local pages = require "cognito.sandbox.pages"
local tokens = require "cognito.sandbox.tokens"

local M = {}

local function view(pool, sign_in, current)
  return {
    SessionId = sign_in.id,
    SessionType = "TOKEN_SESSION",
    ClientId = pool.options.client_id,
    CreateDate = sign_in.began,
    LastActiveDate = sign_in.active,
    IsCurrentSession = current and sign_in == current or nil,
  }
end

local function list(pool, user, params, current)
  local page, next_token = pages.take(pool, user.sign_ins, nil,
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
  errors.refuse "no_session"
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

--- AdminListDevices.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_list_devices(pool, params)
  pool:user(params.Username)
  return { Devices = json.list {} }
end

--- ListDevices.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.list_devices(pool, params)
  tokens.user(pool, params.AccessToken)
  return { Devices = json.list {} }
end

return M

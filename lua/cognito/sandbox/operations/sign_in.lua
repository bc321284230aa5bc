--- Signing in with a password, and signing out everywhere.
-- @module cognito.sandbox.operations.sign_in
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local policy = require "cognito.sandbox.policy"

local M = {}

-- Tokens --------------------------------------------------------------------

-- Looks like a JSON web token and says in each of its parts that it is none:
-- no algorithm, an issuer that does not exist, no signature.
local function token(pool, user, use)
  local now = pool.clock.now()
  local claims = {
    sub = user.attributes.sub,
    iss = "https://cognito-sandbox.invalid/" .. pool.options.user_pool_id,
    token_use = use,
    jti = pool.random:uuid(),
    iat = math.floor(now),
    exp = math.floor(now) + pool.options.lifetimes.token,
    sandbox = true,
  }
  claims[use == "id" and "cognito:username" or "username"] = user.username
  claims[use == "id" and "aud" or "client_id"] = pool.options.client_id
  return table.concat({
    encoding.base64url(json.encode { alg = "none", kid = "sandbox" }),
    encoding.base64url(json.encode(claims)),
    encoding.base64url("sandbox: not signed"),
  }, ".")
end

local function signed_in(pool, user)
  user.sessions = user.sessions + 1
  return {
    ChallengeParameters = {},
    AuthenticationResult = {
      AccessToken = token(pool, user, "access"),
      IdToken = token(pool, user, "id"),
      RefreshToken = "sandbox-refresh-" .. pool.random:token(),
      TokenType = "Bearer",
      ExpiresIn = pool.options.lifetimes.token,
    },
  }
end

local function open_session(pool, user)
  local session = "sandbox-session-" .. pool.random:token()
  pool.sessions[session] = { user = user,
    expires = pool.clock.now() + pool.options.lifetimes.session }
  return session
end

-- The live service writes both maps as JSON in a string.
local function new_password_challenge(pool, user)
  return {
    ChallengeName = "NEW_PASSWORD_REQUIRED",
    Session = open_session(pool, user),
    ChallengeParameters = {
      USER_ID_FOR_SRP = user.username,
      requiredAttributes = "[]",
      userAttributes = json.encode(user.attributes),
    },
  }
end

-- Passwords -----------------------------------------------------------------

local function check_parameters(parameters, ...)
  for _, name in ipairs { ... } do
    if not parameters[name] then errors.refuse("missing_parameter", name) end
  end
end

local function check_password(pool, user, password)
  if not pool.users:has_password(user, password) then
    errors.refuse("bad_password")
  end
  if pool.users:password_expired(user) then
    errors.refuse("temporary_expired")
  end
end

local function sign_in(pool, params)
  local parameters = params.AuthParameters or {}
  check_parameters(parameters, "USERNAME", "PASSWORD")
  local user = pool.users:find(parameters.USERNAME)
  pool:judge("initiate_auth", user, parameters.USERNAME)
  check_password(pool, user, parameters.PASSWORD)
  if user.status == "UNCONFIRMED" then errors.refuse("not_confirmed") end
  if user.status == "FORCE_CHANGE_PASSWORD" then
    return new_password_challenge(pool, user)
  end
  return signed_in(pool, user)
end

--- InitiateAuth.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.initiate_auth(pool, params)
  local flow = params.AuthFlow
  if flow:find("^ADMIN_") then errors.refuse("admin_flow") end
  if flow ~= "USER_PASSWORD_AUTH" then errors.refuse("wrong_flow", flow) end
  return sign_in(pool, params)
end

local admin_flows = { ADMIN_USER_PASSWORD_AUTH = true,
  ADMIN_NO_SRP_AUTH = true }

--- AdminInitiateAuth.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_initiate_auth(pool, params)
  if not admin_flows[params.AuthFlow] then
    errors.refuse("wrong_flow", params.AuthFlow)
  end
  return sign_in(pool, params)
end

-- A session answers one challenge of one user.
local function session_user(pool, params, name)
  local session = pool.sessions[params.Session]
  local user = pool.users:find(name)
  if not session or session.user ~= user then errors.refuse("bad_session") end
  if pool.clock.now() >= session.expires then
    errors.refuse("expired_session")
  end
  return user
end

--- RespondToAuthChallenge, to NEW_PASSWORD_REQUIRED.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.respond_to_auth_challenge(pool, params)
  if params.ChallengeName ~= "NEW_PASSWORD_REQUIRED" then
    errors.refuse("wrong_challenge", params.ChallengeName)
  end
  local responses = params.ChallengeResponses or {}
  check_parameters(responses, "USERNAME", "NEW_PASSWORD")
  local user = session_user(pool, params, responses.USERNAME)
  policy.check(responses.NEW_PASSWORD)
  pool.sessions[params.Session] = nil
  pool.users:set_password(user, responses.NEW_PASSWORD)
  pool.users:move(user, "CONFIRMED")
  return signed_in(pool, user)
end

--- AdminRespondToAuthChallenge: the same, signed.
-- @function M.admin_respond_to_auth_challenge
M.admin_respond_to_auth_challenge = M.respond_to_auth_challenge

--- AdminUserGlobalSignOut.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_user_global_sign_out(pool, params)
  pool:user(params.Username).sessions = 0
  return {}
end

return M

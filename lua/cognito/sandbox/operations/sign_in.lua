--- Signing in: passwords, challenges, second factors; and signing out
-- everywhere.
-- @module cognito.sandbox.operations.sign_in
local claim_time = require "cognito.sandbox.claim_time"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local lockout = require "cognito.sandbox.lockout"
local migration = require "cognito.sandbox.migration"
local policy = require "cognito.sandbox.policy"
local second_factor = require "cognito.sandbox.second_factor"
local secret_hash = require "cognito.sandbox.secret_hash"
local srp = require "cognito.sandbox.srp"
local tokens = require "cognito.sandbox.tokens"

local M = {}

-- ---- challenges ----

local function open_session(pool, user, challenge)
  local session = "sandbox-session-" .. pool.random:token()
  pool.sessions[session] = { user = user, challenge = challenge,
    expires = pool.clock.now() + pool.options.lifetimes.session }
  return session
end

local function challenge(pool, user, name, parameters)
  return { ChallengeName = name, ChallengeParameters = parameters,
    Session = open_session(pool, user, name) }
end

-- The live service writes both maps as JSON in a string.
local function new_password_challenge(pool, user)
  return challenge(pool, user, "NEW_PASSWORD_REQUIRED", {
    USER_ID_FOR_SRP = user.username,
    requiredAttributes = "[]",
    userAttributes = json.encode(user.attributes),
  })
end

local function factor_challenge(pool, user, name, params)
  return challenge(pool, user, name, second_factor.parameters(pool, user,
    name, pool.story.operation, params.ClientMetadata))
end

local function signed_in(pool, user, params)
  pool.triggers:run("post_authentication",
    "PostAuthentication_Authentication", user.username, {
      userAttributes = user.attributes, newDeviceUsed = false,
      clientMetadata = params.ClientMetadata })
  return { ChallengeParameters = {},
    AuthenticationResult = tokens.sign_in(pool, user) }
end

-- A password is enough only where no second factor is set up.
local function after_password(pool, user, params)
  local name = second_factor.challenge(user)
  if name then
    return factor_challenge(pool, user, name, params)
  end
  return signed_in(pool, user, params)
end

-- ---- passwords ----

local function check_parameters(parameters, ...)
  for _, name in ipairs { ... } do
    if not parameters[name] then
      errors.refuse("missing_parameter", name)
    end
  end
end

local function before_password(pool, user, params)
  pool.triggers:run("pre_authentication", "PreAuthentication_Authentication",
    user.username, { userAttributes = user.attributes,
      validationData = params.ClientMetadata })
end

-- Whether the password was right, in whichever way it was proved.
local function with_password(pool, user, params, right)
  if not right then
    lockout.failed(pool, user.username)
    errors.refuse("bad_password")
  end
  lockout.passed(pool, user.username)
  if pool.users:password_expired(user) then
    errors.refuse("temporary_expired")
  end
  if user.status == "UNCONFIRMED" then
    errors.refuse("not_confirmed")
  end
  if user.status == "FORCE_CHANGE_PASSWORD" then
    return new_password_challenge(pool, user)
  end
  return after_password(pool, user, params)
end

local function sign_in(pool, params)
  local parameters = params.AuthParameters or {}
  check_parameters(parameters, "USERNAME", "PASSWORD")
  local user = migration.find(pool, "Authentication", parameters.USERNAME,
    params, parameters.PASSWORD)
  lockout.check(pool, user and user.username or parameters.USERNAME)
  if not user then
    lockout.failed(pool, parameters.USERNAME)
  end
  pool:judge("initiate_auth", user, parameters.USERNAME)
  before_password(pool, user, params)
  return with_password(pool, user, params,
    pool.users:has_password(user, parameters.PASSWORD))
end

-- ---- SRP ----

-- Documented for clients that hide who exists: "Managing error responses" of
-- the developer guide. The challenge of an unknown user has to look like any.
local function srp_challenge(pool, user, name, public)
  local identity = user and user.password and user.password.identity
  local exchange = srp.begin(pool.random, identity or pool.random:bytes(),
    public)
  pool.claims[exchange.block] = { user = user, name = name,
    exchange = exchange, known = identity ~= nil,
    expires = pool.clock.now() + pool.options.lifetimes.session }
  return { ChallengeName = "PASSWORD_VERIFIER", ChallengeParameters = {
    USER_ID_FOR_SRP = user and user.username or name, USERNAME = user
      and user.username or name, SALT = exchange.salt, SRP_B = exchange.b,
    SECRET_BLOCK = exchange.block } }
end

-- The user migration trigger wants the password, which is not sent.
local function srp_sign_in(pool, params)
  local parameters = params.AuthParameters or {}
  check_parameters(parameters, "USERNAME", "SRP_A")
  local name = parameters.USERNAME
  local public = srp.read_public(parameters.SRP_A)
  if not public then
    errors.refuse "wrong_srp_a"
  end
  local user = pool.users:find(name)
  lockout.check(pool, user and user.username or name)
  local answer = pool:answer("initiate_auth", user, name)
  if answer == "bad_password" then
    return srp_challenge(pool, nil, name, public)
  elseif answer ~= "accepted" and answer ~= "simulated" then
    errors.refuse(answer, name)
  end
  before_password(pool, user, params)
  return srp_challenge(pool, user, name, public)
end

-- The hash is over the user's own name, whatever was typed at the sign-in.
local function refresh(pool, params)
  local parameters = params.AuthParameters or {}
  check_parameters(parameters, "REFRESH_TOKEN")
  local user, session = tokens.refreshed_user(pool, parameters.REFRESH_TOKEN)
  secret_hash.check(pool.options, user.username, parameters.SECRET_HASH)
  return { ChallengeParameters = {},
    AuthenticationResult = tokens.refresh(pool, session) }
end

local refresh_flows = { REFRESH_TOKEN_AUTH = true, REFRESH_TOKEN = true }

--- InitiateAuth.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.initiate_auth(pool, params)
  local flow = params.AuthFlow
  if flow:find("^ADMIN_") then
    errors.refuse("admin_flow")
  end
  if refresh_flows[flow] then
    return refresh(pool, params)
  end
  if flow == "USER_SRP_AUTH" then
    return srp_sign_in(pool, params)
  end
  if flow ~= "USER_PASSWORD_AUTH" then
    errors.refuse("wrong_flow", flow)
  end
  return sign_in(pool, params)
end

local admin_flows = { ADMIN_USER_PASSWORD_AUTH = true,
  ADMIN_NO_SRP_AUTH = true }

--- AdminInitiateAuth.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_initiate_auth(pool, params)
  if refresh_flows[params.AuthFlow] then
    return refresh(pool, params)
  end
  if params.AuthFlow == "USER_SRP_AUTH" then
    return srp_sign_in(pool, params)
  end
  if not admin_flows[params.AuthFlow] then
    errors.refuse("wrong_flow", params.AuthFlow)
  end
  return sign_in(pool, params)
end

-- ---- answers ----

-- How far a client's clock may be off: assumed, as for signatures.
local WINDOW = 300

local function check_timestamp(now, text)
  local time = claim_time.parse(text)
  if not time then
    errors.refuse "wrong_timestamp"
  end
  if math.abs(time - now) > WINDOW then
    errors.refuse "old_timestamp"
  end
end

-- A session answers one challenge of one user.
local function session_user(pool, params, name)
  local session = pool.sessions[params.Session]
  local user = pool.users:find(name)
  if not session or session.user ~= user
    or session.challenge ~= params.ChallengeName then
    errors.refuse("bad_session")
  end
  if pool.clock.now() >= session.expires then
    errors.refuse("expired_session")
  end
  return user
end

local function new_password(pool, user, responses, params)
  policy.check(responses.NEW_PASSWORD)
  pool.users:set_password(user, responses.NEW_PASSWORD)
  pool.users:move(user, "CONFIRMED")
  return after_password(pool, user, params)
end

local function sms(pool, user, responses, params)
  second_factor.check_sms(pool, user, responses.SMS_MFA_CODE)
  return signed_in(pool, user, params)
end

local function software_token(pool, user, responses, params)
  if not user.software_token then
    errors.refuse "no_software_token"
  end
  second_factor.check_token(pool, user.software_token,
    responses.SOFTWARE_TOKEN_MFA_CODE, "wrong_mfa_code")
  return signed_in(pool, user, params)
end

local function selection(pool, user, responses, params)
  for _, name in ipairs(second_factor.list(user)) do
    if name == responses.ANSWER then
      return factor_challenge(pool, user, name, params)
    end
  end
  errors.refuse("no_factor", responses.ANSWER)
end

-- The responses that a challenge needs, and the functions that take them.
local answers = {
  NEW_PASSWORD_REQUIRED = { "NEW_PASSWORD", new_password },
  SMS_MFA = { "SMS_MFA_CODE", sms },
  SOFTWARE_TOKEN_MFA = { "SOFTWARE_TOKEN_MFA_CODE", software_token },
  SELECT_MFA_TYPE = { "ANSWER", selection },
}

-- The block says which sign-in it is, and is good once; there is no session.
-- The hash is over the pool's own name of the user, as later challenges have
-- it: clients that sent an alias were refused.
local function password_verifier(pool, params, now)
  local responses = params.ChallengeResponses or {}
  check_parameters(responses, "USERNAME", "PASSWORD_CLAIM_SIGNATURE",
    "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP")
  local block = responses.PASSWORD_CLAIM_SECRET_BLOCK
  local claim = pool.claims[block]
  local user = claim and claim.user
  if user then
    secret_hash.check(pool.options, user.username, responses.SECRET_HASH)
    if not user.enabled then
      errors.refuse "user_disabled"
    end
  end
  check_timestamp(now, responses.TIMESTAMP)
  if not claim or pool.clock.now() >= claim.expires then
    errors.refuse "bad_session"
  end
  pool.claims[block] = nil
  if not user or pool.users:find(responses.USERNAME) ~= user then
    lockout.failed(pool, claim.name)
    errors.refuse "bad_password"
  end
  return with_password(pool, user, params, claim.known
    and responses.PASSWORD_CLAIM_SIGNATURE == srp.signature(pool.options,
      claim.exchange, user.username, responses.TIMESTAMP))
end

--- RespondToAuthChallenge.
-- @tparam table pool
-- @tparam table params
-- @tparam number now by the service's clock, which a fault may have set
-- @treturn table
function M.respond_to_auth_challenge(pool, params, now)
  if params.ChallengeName == "PASSWORD_VERIFIER" then
    return password_verifier(pool, params, now)
  end
  local answer = answers[params.ChallengeName]
  if not answer then
    errors.refuse("wrong_challenge", params.ChallengeName)
  end
  local responses = params.ChallengeResponses or {}
  check_parameters(responses, "USERNAME", answer[1])
  local user = session_user(pool, params, responses.USERNAME)
  if not user.enabled then
    errors.refuse "user_disabled"
  end
  if not pool.options.answers.wrong_answer_keeps_session then
    pool.sessions[params.Session] = nil
  end
  local result = answer[2](pool, user, responses, params)
  pool.sessions[params.Session] = nil
  return result
end

--- AdminRespondToAuthChallenge: the same, signed.
-- @function M.admin_respond_to_auth_challenge
M.admin_respond_to_auth_challenge = M.respond_to_auth_challenge

--- AdminUserGlobalSignOut.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_user_global_sign_out(pool, params)
  tokens.revoke_all(pool:user(params.Username))
  return {}
end

return M

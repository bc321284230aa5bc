--- The steps of a sign-in that all ways in share: sessions, the password once
-- it is proved, what follows it, tokens.
--
-- The state of a sign-in goes from challenge to challenge in a table:
-- `user`; `device`, once it has proved itself; `offered`, before; `next`, what
-- follows the password where triggers decide it.
--
-- @module cognito.sandbox.steps
local devices = require "cognito.sandbox.devices"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local lockout = require "cognito.sandbox.lockout"
local second_factor = require "cognito.sandbox.second_factor"
local tokens = require "cognito.sandbox.tokens"

local M = {}

--- Refuses what lacks a parameter.
-- @tparam table parameters
-- @tparam string ... names
-- @raise a refusal
function M.check_parameters(parameters, ...)
  for _, name in ipairs { ... } do
    if not parameters[name] then
      errors.refuse("missing_parameter", name)
    end
  end
end

--- Opens a session, which answers one challenge of one user.
-- @tparam table pool
-- @tparam table progress
-- @tparam string name of the challenge
-- @treturn string
function M.open_session(pool, progress, name)
  local session = "sandbox-session-" .. pool.random:token()
  pool.sessions[session] = { user = progress.user, challenge = name, progress = progress,
    expires = pool.clock.now() + pool.options.lifetimes.session }
  return session
end

--- Asks for something.
-- @tparam table pool
-- @tparam table progress
-- @tparam string name of the challenge
-- @tparam table parameters
-- @treturn table
function M.challenge(pool, progress, name, parameters)
  return { ChallengeName = name, ChallengeParameters = parameters,
    Session = M.open_session(pool, progress, name) }
end

--- The session of a challenge.
-- @tparam table pool
-- @tparam string text
-- @tparam string name of the challenge
-- @treturn table
-- @raise a refusal
function M.session(pool, text, name)
  local session = pool.sessions[text]
  if not session or session.challenge ~= name then
    errors.refuse "bad_session"
  end
  if pool.clock.now() >= session.expires then
    errors.refuse "expired_session"
  end
  return session
end

-- The live service writes both maps as JSON in a string.
local function new_password_challenge(pool, progress)
  local user, wanted = progress.user, json.list {}
  for _, name in ipairs(pool.options.required_attributes) do
    if not user.attributes[name] then
      wanted[#wanted + 1] = "userAttributes." .. name
    end
  end
  return M.challenge(pool, progress, "NEW_PASSWORD_REQUIRED", {
    USER_ID_FOR_SRP = user.username,
    requiredAttributes = json.encode(wanted),
    userAttributes = json.encode(user.attributes),
  })
end

--- Asks for a second factor, or for a code as the first one.
-- @tparam table pool
-- @tparam table progress
-- @tparam string name of the challenge
-- @tparam table params of the request
-- @treturn table
function M.factor_challenge(pool, progress, name, params)
  return M.challenge(pool, progress, name, second_factor.parameters(pool,
    progress.user, name, pool.story.operation, params.ClientMetadata))
end

--- Ends a sign-in with tokens.
-- @tparam table pool
-- @tparam table progress
-- @tparam table params of the request
-- @treturn table
function M.signed_in(pool, progress, params)
  local user, device = progress.user, progress.device
  pool.triggers:run("post_authentication",
    "PostAuthentication_Authentication", user.username, {
      userAttributes = user.attributes,
      newDeviceUsed = not device and pool.options.device_tracking ~= "off",
      clientMetadata = params.ClientMetadata })
  local result, sign_in = tokens.sign_in(pool, user)
  if device then
    device.active, sign_in.device_key = pool.clock.now(), device.id
  else
    result.NewDeviceMetadata = devices.name(pool, sign_in)
  end
  return { ChallengeParameters = {}, AuthenticationResult = result }
end

-- Assumed: a device that has proved itself, and is remembered, stands for a
-- second factor (the pool's ChallengeRequiredOnNewDevice).
local function second_challenge(pool, progress)
  if pool.options.mfa == "OFF" or progress.device and progress.device.remembered then
    return nil
  end
  local name = second_factor.challenge(progress.user)
  return name or pool.options.mfa == "ON" and "MFA_SETUP" or nil
end

--- Goes on after the password, or after the device: a password is enough only
-- where no second factor is set up.
-- @tparam table pool
-- @tparam table progress
-- @tparam table params of the request
-- @treturn table
function M.after_password(pool, progress, params)
  if progress.next then
    return progress.next(pool, progress, params)
  end
  if progress.offered and not progress.device then
    return M.challenge(pool, progress, "DEVICE_SRP_AUTH", { USERNAME = progress.user.username })
  end
  local name = second_challenge(pool, progress)
  if name then
    return M.factor_challenge(pool, progress, name, params)
  end
  return M.signed_in(pool, progress, params)
end

--- Takes the key of the device that a request comes from.
-- @tparam table progress
-- @tparam ?string key
-- @raise a refusal
function M.offer_device(progress, key)
  local device = key and devices.find(progress.user, key)
  progress.offered = device and device.kept and device or nil
end

--- Runs the trigger that may refuse a user.
-- @tparam table pool
-- @tparam table user
-- @tparam table params of the request
-- @raise a refusal
function M.before_password(pool, user, params)
  pool.triggers:run("pre_authentication", "PreAuthentication_Authentication",
    user.username, { userAttributes = user.attributes,
      validationData = params.ClientMetadata })
end

--- Goes on once it is known whether the password was right, in whichever way
-- it was proved.
-- @tparam table pool
-- @tparam table progress
-- @tparam table params of the request
-- @tparam boolean right
-- @tparam[opt] string device_key
-- @treturn table
-- @raise a refusal
function M.with_password(pool, progress, params, right, device_key)
  local user = progress.user
  if not right then
    lockout.failed(pool, user.username)
    errors.refuse "bad_password"
  end
  lockout.passed(pool, user.username)
  M.offer_device(progress, device_key)
  if pool.users:password_expired(user) then
    errors.refuse "temporary_expired"
  end
  if user.status == "UNCONFIRMED" then
    errors.refuse "not_confirmed"
  end
  if user.status == "FORCE_CHANGE_PASSWORD" then
    return new_password_challenge(pool, progress)
  end
  return M.after_password(pool, progress, params)
end

return M

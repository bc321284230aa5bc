--- Answers to the challenges of a sign-in.
-- @module cognito.sandbox.operations.respond
local attributes = require "cognito.sandbox.attributes"
local custom_auth = require "cognito.sandbox.custom_auth"
local errors = require "cognito.sandbox.errors"
local policy = require "cognito.sandbox.policy"
local second_factor = require "cognito.sandbox.second_factor"
local srp_steps = require "cognito.sandbox.srp_steps"
local steps = require "cognito.sandbox.steps"
local user_auth = require "cognito.sandbox.user_auth"

local M = {}

local function new_password(pool, user, responses, params, progress)
  policy.check(responses.NEW_PASSWORD)
  attributes.complete(pool, user, responses)
  pool.users:set_password(user, responses.NEW_PASSWORD)
  pool.users:move(user, "CONFIRMED")
  return steps.after_password(pool, progress, params)
end

-- A device that comes with a code is known already: no other is named for it.
local function take_device(progress, responses)
  if responses.DEVICE_KEY and not progress.device then
    steps.offer_device(progress, responses.DEVICE_KEY)
    progress.device = progress.offered
  end
end

local function with_code(member, purpose)
  return function(pool, user, responses, params, progress)
    second_factor.check_code(pool, user, purpose, responses[member])
    take_device(progress, responses)
    return steps.signed_in(pool, progress, params)
  end
end

local function software_token(pool, user, responses, params, progress)
  if not user.software_token then
    errors.refuse "no_software_token"
  end
  second_factor.check_token(pool, user.software_token,
    responses.SOFTWARE_TOKEN_MFA_CODE, "wrong_mfa_code")
  take_device(progress, responses)
  return steps.signed_in(pool, progress, params)
end

local function selection(pool, user, responses, params, progress)
  for _, name in ipairs(second_factor.list(user)) do
    if name == responses.ANSWER then
      return steps.factor_challenge(pool, progress, name, params)
    end
  end
  errors.refuse("no_factor", responses.ANSWER)
end

local function mfa_setup(pool, _, _, params, progress)
  if not progress.has_set_up then
    errors.refuse "no_software_token"
  end
  return steps.signed_in(pool, progress, params)
end

local function device(pool, user, responses, _, progress)
  return srp_steps.device(pool, user, progress, responses)
end

-- By challenge: the function that takes the responses, and those that it needs.
local answers = {
  NEW_PASSWORD_REQUIRED = { new_password, "NEW_PASSWORD" },
  SMS_MFA = { with_code("SMS_MFA_CODE", "sms_mfa"), "SMS_MFA_CODE" },
  SMS_OTP = { with_code("SMS_OTP_CODE", "sms_otp"), "SMS_OTP_CODE" },
  EMAIL_OTP = { with_code("EMAIL_OTP_CODE", "email_otp"), "EMAIL_OTP_CODE" },
  SOFTWARE_TOKEN_MFA = { software_token, "SOFTWARE_TOKEN_MFA_CODE" },
  SELECT_MFA_TYPE = { selection, "ANSWER" },
  SELECT_CHALLENGE = { user_auth.choose, "ANSWER" },
  PASSWORD = { user_auth.password, "PASSWORD" },
  PASSWORD_SRP = { user_auth.password_srp, "SRP_A" },
  CUSTOM_CHALLENGE = { custom_auth.answer, "ANSWER" },
  MFA_SETUP = { mfa_setup },
  DEVICE_SRP_AUTH = { device, "DEVICE_KEY", "SRP_A" },
}

-- A session answers one challenge of one user; of an unknown one, too, where
-- the client hides who exists.
local function session_of(pool, params, name)
  local session = steps.session(pool, params.Session, params.ChallengeName)
  local user = pool.users:find(name)
  if session.user ~= user then
    errors.refuse "bad_session"
  end
  if user and not user.enabled then
    errors.refuse "user_disabled"
  end
  return session, user
end

local verifiers = {
  PASSWORD_VERIFIER = srp_steps.password_verifier,
  DEVICE_PASSWORD_VERIFIER = srp_steps.device_verifier,
}

--- RespondToAuthChallenge.
-- @tparam table pool
-- @tparam table params
-- @tparam number now by the service's clock, which a fault may have set
-- @treturn table
function M.respond_to_auth_challenge(pool, params, now)
  local verify = verifiers[params.ChallengeName]
  if verify then
    return verify(pool, params, now)
  end
  local answer = answers[params.ChallengeName]
  if not answer then
    errors.refuse("wrong_challenge", params.ChallengeName)
  end
  local responses = params.ChallengeResponses or {}
  steps.check_parameters(responses, "USERNAME", (table.unpack or unpack)(answer, 2))
  local session, user = session_of(pool, params, responses.USERNAME)
  if not pool.options.answers.wrong_answer_keeps_session then
    pool.sessions[params.Session] = nil
  end
  local result = answer[1](pool, user, responses, params, session.progress)
  pool.sessions[params.Session] = nil
  return result
end

--- AdminRespondToAuthChallenge: the same, signed.
-- @function M.admin_respond_to_auth_challenge
M.admin_respond_to_auth_challenge = M.respond_to_auth_challenge

return M

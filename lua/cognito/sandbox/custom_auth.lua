--- CUSTOM_AUTH: triggers decide what is asked, and when it is enough.
-- Developer guide, "Custom authentication challenge Lambda triggers".
-- @module cognito.sandbox.custom_auth
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local srp_steps = require "cognito.sandbox.srp_steps"
local steps = require "cognito.sandbox.steps"
local tables = require "cognito.tables"

local M = {}

local function run(pool, progress, name, source, request, params)
  local user = progress.user
  request.userAttributes, request.clientMetadata = user.attributes, params.ClientMetadata
  return pool.triggers:run(name, source .. "_Authentication", user.username, request) or {}
end

local function session_of(progress)
  local list = json.list {}
  for i, entry in ipairs(progress.custom) do
    list[i] = tables.copy(entry)
  end
  return list
end

local function create(pool, progress, params)
  local response = run(pool, progress, "create_auth_challenge", "CreateAuthChallenge",
    { challengeName = "CUSTOM_CHALLENGE", session = session_of(progress) }, params)
  local public = tables.copy(response.publicChallengeParameters or {})
  public.USERNAME = progress.user.username
  local own = tables.copy(progress)
  own.private, own.metadata = response.privateChallengeParameters or {}, response.challengeMetadata
  return steps.challenge(pool, own, "CUSTOM_CHALLENGE", public)
end

-- The question that the trigger chose.
local function asked(pool, progress, params, name)
  if name == "CUSTOM_CHALLENGE" then
    return create(pool, progress, params)
  elseif name == "PASSWORD_VERIFIER" and progress.public then
    return srp_steps.password(pool, progress, progress.user.username, progress.public)
  end
  errors.refuse "trigger_output"
end

local function go_on(pool, progress, params)
  local response = run(pool, progress, "define_auth_challenge", "DefineAuthChallenge",
    { session = session_of(progress) }, params)
  if response.failAuthentication then
    errors.refuse "bad_password"
  elseif response.issueTokens then
    return steps.signed_in(pool, progress, params)
  end
  return asked(pool, progress, params, response.challengeName)
end

local function note(progress, name, right, metadata)
  local own = tables.copy(progress)
  own.custom = tables.copy(progress.custom)
  own.custom[#own.custom + 1] = { challengeName = name, challengeResult = right, challengeMetadata = metadata }
  return own
end

local function after_password(pool, progress, params)
  return go_on(pool, note(progress, "PASSWORD_VERIFIER", true), params)
end

--- InitiateAuth with CUSTOM_AUTH; with CHALLENGE_NAME and SRP_A the triggers
-- may ask for the password as well.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.begin(pool, params)
  if not pool.triggers.functions.define_auth_challenge then
    errors.refuse("wrong_flow", "CUSTOM_AUTH")
  end
  local parameters = params.AuthParameters or {}
  steps.check_parameters(parameters, "USERNAME")
  local user = pool.users:find(parameters.USERNAME)
  pool:judge("initiate_auth", user, parameters.USERNAME)
  local progress = { user = user, custom = {}, next = after_password }
  if parameters.CHALLENGE_NAME == "SRP_A" then
    steps.check_parameters(parameters, "SRP_A")
    progress.public = srp_steps.public(parameters)
    progress = note(progress, "SRP_A", true)
  end
  return go_on(pool, progress, params)
end

--- The answer to CUSTOM_CHALLENGE, right or wrong: what follows, the trigger
-- decides.
-- @tparam table pool
-- @tparam table _ user
-- @tparam table responses
-- @tparam table params
-- @tparam table progress
-- @treturn table
function M.answer(pool, _, responses, params, progress)
  local response = run(pool, progress, "verify_auth_challenge_response", "VerifyAuthChallengeResponse",
    { privateChallengeParameters = progress.private, challengeAnswer = responses.ANSWER }, params)
  return go_on(pool, note(progress, "CUSTOM_CHALLENGE", response.answerCorrect == true, progress.metadata), params)
end

return M

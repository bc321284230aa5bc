--- Signing in with a password, through all challenges, to tokens or an error.
-- @module cognito.recovery.sign_in

local challenges = require "cognito.recovery.challenges"
local check = require "cognito.check"
local client = require "cognito.client"
local device = require "cognito.recovery.device"
local failure = require "cognito.failure"
local native = require "cognito.native"
local token = require "cognito.recovery.token"

local MOST = 20 -- challenges in a row: more is a circle

local CREDENTIALS = { "username", "password" }

local known_credentials = { username = "anything", password = "anything", device = "anything" }

local POOL_HINT = "Give cognito.new the user_pool_id of the pool, like eu-west-1_AbCdEfGhI"

local PROOF_HINT = "The name or the password is wrong, or user_pool_id is another pool's: SRP hashes its name"

local DEVICE_HINT = "The service remembers this device with another password: sign in without the device"

local FORGOTTEN_HINT = "The service has forgotten this device: sign in without it, and have the next one remembered"

local CODE_HINT = "The code of the second factor is wrong, or was used already: ask for the next one"

local known_options = { on_challenge = "function", flow = "string", client_metadata = "table",
  preferred_challenge = "string", remember_device = "anything", resume = "table", user_context_data = "table" }

-- By flow: whether there has to be a password.
local flows = { USER_SRP_AUTH = true, USER_PASSWORD_AUTH = true, USER_AUTH = false, CUSTOM_AUTH = false }

-- Each call may count as a failed try, or send a code: one whose fate is
-- unknown is not made again, whatever the client's setting says. The replies
-- tell the time by the service's clock, which the proof has to carry.
local ONCE = { retry_ambiguous = false, learn_clock = true }

-- ---- the steps ----

-- The parameters that each flow begins with, besides the name.
local beginnings = {}

beginnings.USER_SRP_AUTH = function(state, parameters)
  parameters.SRP_A = challenges.begin_proof(state)
end

beginnings.USER_PASSWORD_AUTH = function(state, parameters)
  parameters.PASSWORD = state.password
end

-- A preferred challenge of the password is answered with the first request.
beginnings.USER_AUTH = function(state, parameters)
  local preferred = state.preferred_challenge
  parameters.PREFERRED_CHALLENGE = preferred
  if preferred == "PASSWORD_SRP" and state.password then
    parameters.SRP_A = challenges.begin_proof(state)
  elseif preferred == "PASSWORD" then
    parameters.PASSWORD = state.password
  end
end

beginnings.CUSTOM_AUTH = function(state, parameters)
  if state.password then
    parameters.CHALLENGE_NAME, parameters.SRP_A = "SRP_A", challenges.begin_proof(state)
  end
end

-- A call that names the device, and once more without it where the service has
-- forgotten the device: nothing was done then, and no try was counted.
local function call(state, operation, params, inner)
  local result, err, meta = client.call(state.pool, operation, params, ONCE)
  if err and inner.DEVICE_KEY and state.may_forget and device.is_forgotten(err) then
    state.device, state.forgotten, inner.DEVICE_KEY = nil, err, nil
    err.hint = FORGOTTEN_HINT
    return client.call(state.pool, operation, params, ONCE)
  end
  return result, err, meta
end

local function begin(state)
  local parameters = { USERNAME = state.user_id, DEVICE_KEY = state.device and state.device.key }
  beginnings[state.flow](state, parameters)
  state.may_forget = true
  return call(state, "initiate_auth", { auth_flow = state.flow, auth_parameters = parameters,
    client_metadata = state.client_metadata, user_context_data = state.user_context_data }, parameters)
end

local function respond(state, result)
  local name = result.challenge_name
  local responses, err, session = challenges.answer(state, result)
  if not responses then
    return nil, err
  end
  state.operation, state.may_forget = "respond_to_auth_challenge", name == "PASSWORD_VERIFIER"
  local answered, refusal, meta = call(state, state.operation, { challenge_name = name, challenge_responses = responses,
    session = session or result.session, client_metadata = state.client_metadata,
    user_context_data = state.user_context_data }, responses)
  if refusal and refusal.field == "session" and not session and not result.is_kept then
    return challenges.malformed(state, "the service's challenge has a wrong Session") -- no fault of the caller's
  end
  return answered, refusal, meta
end

-- The reply that an earlier sign-in has ended at, from what its `on_challenge` got.
local function kept_reply(challenge)
  return { challenge_name = challenge.name, challenge_parameters = challenge.parameters, session = challenge.session,
    available_challenges = challenge.choices, is_kept = true }
end

-- Hints of the service's refusals that mean something else here.
local function explained(err, name)
  err.challenge = err.challenge or name
  if err.code == "CodeMismatchException" then
    err.hint = CODE_HINT
  elseif err.code == "NotAuthorizedException" and not err.reason then
    err.hint = err.hint or name == "PASSWORD_VERIFIER" and PROOF_HINT
      or name == "DEVICE_PASSWORD_VERIFIER" and DEVICE_HINT or nil
  elseif device.is_forgotten(err) then
    err.hint = FORGOTTEN_HINT
  end
  return err
end

local function finish(state, result)
  local tokens = result.authentication_result
  if type(tokens) ~= "table" or type(tokens.access_token) ~= "string" then
    return challenges.malformed(state, "the service sent neither tokens nor a challenge")
  end
  tokens.username = token.username(tokens.access_token) or state.is_own_name and state.user_id or nil
  tokens.device, tokens.device_error = state.device, state.forgotten
  if state.remember_device then
    device.remember(state.pool, tokens, type(state.remember_device) == "string" and state.remember_device or nil)
  end
  return tokens
end

local function run(state)
  local result, err, meta
  if state.resume then
    result = kept_reply(state.resume)
  else
    result, err, meta = begin(state)
  end
  local count, name = 0, nil
  while result and result.challenge_name do
    count, name = count + 1, result.challenge_name
    if count > MOST then
      return challenges.malformed(state, ("the service asks more than %d times"):format(MOST))
    end
    result, err, meta = respond(state, result)
  end
  if not result then
    return nil, explained(err, name), meta
  end
  local tokens
  tokens, err = finish(state, result)
  return tokens, err, tokens and meta
end

-- ---- what it is given ----

local function fault_of(value)
  if type(value) ~= "string" then
    return "must be a string, not a " .. type(value)
  elseif value == "" then
    return "must not be empty"
  end
  return not native.is_utf8(value) and "must be valid UTF-8" or nil
end

-- What a person typed, or a form left out.
local function check_credentials(state, credentials)
  for _, name in ipairs(CREDENTIALS) do
    local value, what = credentials[name], nil
    if value ~= nil then
      what = fault_of(value)
    elseif name == "username" or flows[state.flow] and not state.resume then
      what = "is missing"
    end
    if what then
      return challenges.refused(state, failure.validation(name, name .. " " .. what))
    end
  end
  return true
end

local function check_device(state)
  if state.device == nil then
    return true
  end
  local ok, fields = device.check(state.device)
  if not ok then
    return challenges.refused(state, fields)
  end
  return true
end

local function fault_of_kept(kept)
  for _, name in ipairs { "name", "username", "session" } do
    local what = kept[name] == nil and "is missing" or fault_of(kept[name])
    if what then
      return name, what
    end
  end
  for _, name in ipairs { "parameters", "choices" } do
    if type(kept[name] or {}) ~= "table" then
      return name, "must be a table"
    end
  end
end

-- The program kept the challenge, perhaps in a file, which may be damaged.
local function check_resume(state)
  local name, what = nil, nil
  if state.resume then
    name, what = fault_of_kept(state.resume)
  end
  if name then
    return challenges.refused(state, failure.validation("resume." .. name, ("resume.%s %s"):format(name, what)))
  end
  return true
end

local function check_pool(state, pool)
  if state.pool_name or not state.password or state.flow == "USER_PASSWORD_AUTH" then
    return true
  end
  local fields = failure.validation("user_pool_id", client.user_pool_id(pool)
    and "user_pool_id is not a pool's id" or "user_pool_id is missing: signing in by SRP hashes the pool's name")
  fields.hint = POOL_HINT
  return challenges.refused(state, fields)
end

local function check_table(given, known, what, level)
  if type(given) ~= "table" then
    error(("sign_in takes a table of %ss, not a %s: recovery.sign_in(pool, { username = …, password = … })")
      :format(what, type(given)), level + 1)
  end
  check.entries(given, known, what, level + 1)
end

local function check_remember(value, level)
  if value ~= nil and type(value) ~= "boolean" and not device.is_name(value) then
    error("remember_device is true, or the device's name for people, of 1024 characters at most", level + 1)
  end
end

-- Of the user's id in the pool the part after the underscore is hashed.
local function pool_name(pool)
  local id = client.user_pool_id(pool)
  return id and id:match "_(.+)$"
end

local function state_of(pool, credentials, options, level)
  if not client.is_client(pool) then
    error("sign_in takes a client of cognito.new first: recovery.sign_in(pool, { username = …, password = … })",
      level + 1)
  end
  check_table(credentials, known_credentials, "credential", level + 1)
  check_table(options, known_options, "option", level + 1)
  check_remember(options.remember_device, level + 1)
  local flow = options.flow or "USER_SRP_AUTH"
  if flows[flow] == nil then
    error("sign_in has no flow '" .. flow .. "': it has USER_SRP_AUTH, USER_PASSWORD_AUTH, USER_AUTH and CUSTOM_AUTH",
      level + 1)
  end
  if options.preferred_challenge and flow ~= "USER_AUTH" then
    error("preferred_challenge goes with the flow USER_AUTH", level + 1)
  end
  local resume = options.resume
  return { pool = pool, pool_name = pool_name(pool), user_id = resume and resume.username or credentials.username,
    password = credentials.password, resume = resume,
    device = credentials.device, flow = flow, on_challenge = options.on_challenge,
    client_metadata = options.client_metadata, user_context_data = options.user_context_data,
    preferred_challenge = options.preferred_challenge, remember_device = options.remember_device,
    sends_password = flow == "USER_PASSWORD_AUTH"
      or flow == "USER_AUTH" and options.preferred_challenge ~= "PASSWORD_SRP",
    operation = resume and "respond_to_auth_challenge" or "initiate_auth" }
end

--- Signs a user in: by SRP, so that the password does not leave this machine,
-- and through every challenge that follows.
--
--     local tokens, err = recovery.sign_in(pool, { username = "ada", password = password }, {
--       on_challenge = function(challenge)
--         if challenge.name == "SOFTWARE_TOKEN_MFA" then return ask "Code of your authenticator" end
--       end,
--     })
--
-- `on_challenge` gets what the password and the device do not answer: `name`,
-- `parameters` as the service sent them, `username` (the pool's own name of the user),
-- `session`, and where the service names them `choices`,
-- `required_attributes` and `user_attributes`. It may wait. It returns the
-- answer (a code, a new password, a choice), or a table of responses under
-- the service's names; a second value replaces the session, as `MFA_SETUP`
-- needs. When it returns nothing, the sign-in ends with the error
-- `challenge_unanswered`; nil and an error end it with that error. Nothing is asked or sent twice.
-- Its challenge, kept as a secret, is the option `resume` of a later call, which needs no
-- password: `on_challenge` gets it once more. The service takes the answer for some minutes.
--
-- The tokens have two fields more, and may have others: `username`, the
-- pool's own name of the user, and `device`, to be kept as a secret and given
-- as a credential next time. `device_error` says why a device that was to be
-- remembered, or that was given, is not to be relied on.
-- @tparam cognito.Client pool
-- @tparam table credentials `username` (any name of the user), `password`, and
--   `device` of an earlier sign-in
-- @tparam[opt] table options `on_challenge`; `flow`: "USER_SRP_AUTH",
--   "USER_PASSWORD_AUTH", "USER_AUTH" or "CUSTOM_AUTH", of which the last two
--   need no password; `preferred_challenge` of "USER_AUTH"; `client_metadata`
--   for the triggers; `user_context_data` (`ip_address`, `encoded_data`) for
--   threat protection; `remember_device`: true, or the device's name for people; `resume`:
--   the challenge at which an earlier call ended
-- @treturn[1] table tokens: the service's `authentication_result` and more
-- @treturn[1] nil
-- @treturn[1] table meta of the last call
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @treturn[2] table meta, where a call was made last
-- @raise for wrong options, and what `on_challenge` raises
return function(pool, credentials, options)
  local state = state_of(pool, credentials, options or {}, 2)
  local ok, refusal = check_credentials(state, credentials)
  for _, each in ipairs { check_device, check_resume, check_pool } do
    if ok then
      ok, refusal = each(state, pool)
    end
  end
  if not ok then
    return nil, refusal
  end
  local tokens, err, meta = run(state)
  challenges.close(state)
  return tokens, err, meta
end

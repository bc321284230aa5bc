--- Signing in with a password, through all challenges, to tokens or an error.
-- @module cognito.recovery.sign_in

local c_locale = require "cognito.c_locale"
local check = require "cognito.check"
local client = require "cognito.client"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local json = require "cognito.json"
local native = require "cognito.native"
local printable = require "cognito.printable"
local tables = require "cognito.tables"

local MOST = 20 -- challenges in a row: more is a circle

local CREDENTIALS = { "username", "password" }

local known_credentials = { username = "anything", password = "anything" }

local ANSWER_HINT = "Return the answer from on_challenge: a string such as a code, or a table of responses"

local POOL_HINT = "Give cognito.new the user_pool_id of the pool, like eu-west-1_AbCdEfGhI"

local PROOF_HINT = "The name or the password is wrong, or user_pool_id is another pool's: SRP hashes its name"

local CODE_HINT = "The code of the second factor is wrong, or was used already: ask for the next one"

local known_options = { on_challenge = "function", flow = "string", client_metadata = "table" }

local flows = { USER_SRP_AUTH = true, USER_PASSWORD_AUTH = true, USER_AUTH = true }

-- Each call may count as a failed try, or send a code: one whose fate is
-- unknown is not made again, whatever the client's setting says.
local ONCE = { retry_ambiguous = false }

-- The response that a challenge wants where it wants just one.
local single = {
  NEW_PASSWORD_REQUIRED = "NEW_PASSWORD",
  SMS_MFA = "SMS_MFA_CODE",
  SMS_OTP = "SMS_OTP_CODE",
  EMAIL_OTP = "EMAIL_OTP_CODE",
  SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA_CODE",
  SELECT_MFA_TYPE = "ANSWER",
  SELECT_CHALLENGE = "ANSWER",
  CUSTOM_CHALLENGE = "ANSWER",
}

-- Parameters that hold JSON in a string, and their names for programs.
local documents = {
  requiredAttributes = "required_attributes",
  userAttributes = "user_attributes",
  MFAS_CAN_CHOOSE = "choices",
  MFAS_CAN_SETUP = "choices",
}

local function refused(state, fields)
  fields.operation = state.operation
  return nil, errors.new(fields)
end

local function malformed(state, message)
  return refused(state, failure.network("malformed_response", message))
end

local function wrong(state, what)
  return malformed(state, "the service's challenge has a wrong " .. what)
end

-- ---- the password ----

-- Of the user's id in the pool the part after the underscore is hashed.
local function pool_name(pool)
  local id = client.user_pool_id(pool)
  return id and id:match "_(.+)$"
end

local function srp_of(state)
  state.srp = state.srp or native.srp()
  return state.srp
end

local function prove(state, parameters)
  for _, name in ipairs { "SALT", "SRP_B", "SECRET_BLOCK" } do
    if type(parameters[name]) ~= "string" then
      return wrong(state, name)
    end
  end
  local signature, timestamp = srp_of(state):answer {
    pool_name = state.pool_name, user_id = state.user_id, password = state.password, salt = parameters.SALT,
    srp_b = parameters.SRP_B, secret_block = parameters.SECRET_BLOCK, time = client.time(state.pool),
  }
  state.srp:close()
  state.srp = nil
  if not signature then
    return wrong(state, c_locale.upper(timestamp))
  end
  return { PASSWORD_CLAIM_SIGNATURE = signature, PASSWORD_CLAIM_SECRET_BLOCK = parameters.SECRET_BLOCK,
    TIMESTAMP = timestamp }
end

-- Challenges that the password answers.
local own = {
  PASSWORD_VERIFIER = prove,
  PASSWORD_SRP = function(state) return { SRP_A = srp_of(state):public() } end,
  PASSWORD = function(state) return { PASSWORD = state.password } end,
}

-- ---- what the program answers ----

local function decoded(text)
  local ok, value = pcall(json.decode, text)
  return ok and type(value) == "table" and value or nil
end

local function challenge_of(state, result)
  local challenge = { name = result.challenge_name, parameters = tables.copy(result.challenge_parameters or {}),
    username = state.user_id, session = result.session, choices = result.available_challenges }
  for name, field in pairs(documents) do
    local text = challenge.parameters[name]
    challenge[field] = challenge[field] or text and decoded(text)
  end
  return challenge
end

local function unanswered(state, name, why, hint)
  return refused(state, { code = "challenge_unanswered", kind = "validation", challenge = name, hint = hint,
    message = ("the service asks for %s, and %s"):format(name, why) })
end

-- A reason that is an error, such as that of a cancelled task, is the sign-in's.
local function given_up(state, name, reason)
  if type(reason) == "table" and type(reason.code) == "string" then
    return nil, reason
  end
  return unanswered(state, name, "on_challenge returned nothing"
    .. (reason ~= nil and ": " .. tostring(reason) or ""), ANSWER_HINT)
end

local function misused(message, ...)
  error("on_challenge must return " .. printable.clean(message:format(...)), 0)
end

local function responses_of(name, answer)
  if type(answer) == "table" then
    for key, value in pairs(answer) do
      if type(key) ~= "string" or type(value) ~= "string" then
        misused("strings for %s: %s is a %s", name, tostring(key), type(value))
      end
    end
    return tables.copy(answer)
  elseif type(answer) ~= "string" then
    misused("a string or a table for %s, not a %s%s", name, type(answer),
      type(answer) == "number" and " (use tostring)" or "")
  elseif not single[name] then
    misused("a table of responses for %s", name)
  end
  return { [single[name]] = answer }
end

-- A choice of the password is followed by what the password answers.
local function complete(state, name, responses)
  local chosen = name == "SELECT_CHALLENGE" and own[responses.ANSWER]
  if chosen and responses.ANSWER ~= "PASSWORD_VERIFIER" then
    tables.add(responses, chosen(state))
  end
  return responses
end

local function ask(state, result)
  local name = result.challenge_name
  if not state.on_challenge then
    return unanswered(state, name, "there is no on_challenge")
  end
  local answer, session = state.on_challenge(challenge_of(state, result))
  if answer == nil then
    return given_up(state, name, session)
  elseif session ~= nil and type(session) ~= "string" then
    misused("a session as its second value, if any, not a %s (in parentheses, a call gives one value)", type(session))
  end
  return complete(state, name, responses_of(name, answer)), nil, session
end

-- ---- the steps ----

local function begin(state)
  local parameters = { USERNAME = state.user_id }
  if state.flow == "USER_SRP_AUTH" then
    parameters.SRP_A = srp_of(state):public()
  elseif state.flow == "USER_PASSWORD_AUTH" then
    parameters.PASSWORD = state.password
  end
  return state.pool:initiate_auth({ auth_flow = state.flow, auth_parameters = parameters,
    client_metadata = state.client_metadata }, ONCE)
end

-- From the first challenge on, the service knows the user by the pool's own
-- name, which the secret hash has to cover as well.
local function respond(state, result)
  local name, parameters = result.challenge_name, result.challenge_parameters or {}
  state.user_id = parameters.USER_ID_FOR_SRP or parameters.USERNAME or state.user_id
  local answer = own[name]
  local responses, err, session
  if answer then
    responses, err = answer(state, parameters)
  else
    responses, err, session = ask(state, result)
  end
  if not responses then
    return nil, err
  end
  responses.USERNAME = responses.USERNAME or state.user_id
  state.operation = "respond_to_auth_challenge"
  return state.pool:respond_to_auth_challenge({ challenge_name = name, challenge_responses = responses,
    session = session or result.session, client_metadata = state.client_metadata }, ONCE)
end

-- Hints of the service's refusals that mean something else here.
local function explained(err, name)
  if err.code == "CodeMismatchException" then
    err.hint = CODE_HINT
  elseif err.code == "NotAuthorizedException" and name == "PASSWORD_VERIFIER" and not err.reason then
    err.hint = err.hint or PROOF_HINT
  end
  return err
end

local function run(state)
  local result, err, meta = begin(state)
  local count, name = 0, nil
  while result and result.challenge_name do
    count, name = count + 1, result.challenge_name
    if count > MOST then
      return malformed(state, ("the service asks more than %d times"):format(MOST))
    end
    result, err, meta = respond(state, result)
  end
  if not result then
    return nil, explained(err, name), meta
  end
  local tokens = result.authentication_result
  if type(tokens) ~= "table" or type(tokens.access_token) ~= "string" then
    return malformed(state, "the service sent neither tokens nor a challenge")
  end
  return tokens, nil, meta
end

-- What a person typed, or a form left out.
local function check_credentials(state, credentials)
  for _, name in ipairs(CREDENTIALS) do
    local value, what = credentials[name], nil
    if value == nil then
      what = "is missing"
    elseif type(value) ~= "string" then
      what = "must be a string, not a " .. type(value)
    elseif value == "" then
      what = "must not be empty"
    elseif not native.is_utf8(value) then
      what = "must be valid UTF-8"
    end
    if what then
      return refused(state, failure.validation(name, name .. " " .. what))
    end
  end
  return true
end

local function check_pool(state, pool)
  if state.pool_name or state.flow == "USER_PASSWORD_AUTH" then
    return true
  end
  local fields = failure.validation("user_pool_id", client.user_pool_id(pool)
    and "user_pool_id is not a pool's id" or "user_pool_id is missing: signing in by SRP hashes the pool's name")
  fields.hint = POOL_HINT
  return refused(state, fields)
end

local function check_table(given, known, what, level)
  if type(given) ~= "table" then
    error(("sign_in takes a table of %ss, not a %s: recovery.sign_in(pool, { username = …, password = … })")
      :format(what, type(given)), level + 1)
  end
  check.entries(given, known, what, level + 1)
end

local function state_of(pool, credentials, options, level)
  if not client.is_client(pool) then
    error("sign_in takes a client of cognito.new first: recovery.sign_in(pool, { username = …, password = … })",
      level + 1)
  end
  check_table(credentials, known_credentials, "credential", level + 1)
  check_table(options, known_options, "option", level + 1)
  local flow = options.flow or "USER_SRP_AUTH"
  if not flows[flow] then
    error("sign_in has no flow '" .. flow .. "': it has USER_SRP_AUTH, USER_PASSWORD_AUTH and USER_AUTH", level + 1)
  end
  return { pool = pool, pool_name = pool_name(pool), user_id = credentials.username, password = credentials.password,
    flow = flow, on_challenge = options.on_challenge, client_metadata = options.client_metadata,
    operation = "initiate_auth" }
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
-- `on_challenge` gets what the password does not answer: `name`, `parameters`
-- as the service sent them, `username` (the pool's own name of the user),
-- `session`, and where the service names them `choices`,
-- `required_attributes` and `user_attributes`. It may wait. It returns the
-- answer (a code, a new password, a choice), or a table of responses under
-- the service's names; a second value replaces the session, as `MFA_SETUP`
-- needs. When it returns nothing, the sign-in ends with the error
-- `challenge_unanswered`; nil and an error end it with that error. Nothing is asked or sent twice.
-- @tparam cognito.Client pool
-- @tparam table credentials `username` (any name of the user) and `password`
-- @tparam[opt] table options `on_challenge`; `flow`: "USER_SRP_AUTH",
--   "USER_PASSWORD_AUTH" or "USER_AUTH"; `client_metadata` for the triggers
-- @treturn[1] table tokens: the service's `authentication_result`
-- @treturn[1] nil
-- @treturn[1] table meta of the last call
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @treturn[2] table meta, where a call was made last
-- @raise for wrong options, and what `on_challenge` raises
return function(pool, credentials, options)
  local state = state_of(pool, credentials, options or {}, 2)
  local ok, refusal = check_credentials(state, credentials)
  if ok then
    ok, refusal = check_pool(state, pool)
  end
  if not ok then
    return nil, refusal
  end
  local tokens, err, meta = run(state)
  if state.srp then
    state.srp:close()
  end
  return tokens, err, meta
end

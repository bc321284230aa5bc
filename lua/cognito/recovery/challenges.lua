--- Answers to the challenges of a sign-in: the password's and the device's own,
-- and those of the program.
--
-- A sign-in's state: `pool`, `pool_name`, `user_id`, `password`, `flow`,
-- `device`, `on_challenge`, `client_metadata`, `operation` (the last call's),
-- and `srp` while a proof is under way.
-- @module cognito.recovery.challenges

local c_locale = require "cognito.c_locale"
local client = require "cognito.client"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local json = require "cognito.json"
local native = require "cognito.native"
local printable = require "cognito.printable"
local tables = require "cognito.tables"

local M = {}

local ANSWER_HINT = "Return the answer from on_challenge: a string such as a code, or a table of responses"

local PASSWORD_HINT = "Give sign_in the password, or return another choice from on_challenge"

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

-- Those that are lists of names, which programs join and compare.
local of_names = { required_attributes = true, choices = true }

-- Answers that say which device they come from: with them the service names
-- no new one.
local from_device = { PASSWORD_VERIFIER = true, SMS_MFA = true, SOFTWARE_TOKEN_MFA = true, EMAIL_OTP = true,
  CUSTOM_CHALLENGE = true, DEVICE_SRP_AUTH = true, DEVICE_PASSWORD_VERIFIER = true }

--- Ends a sign-in with an error of ours.
-- @tparam table state
-- @tparam table fields of the error
-- @treturn nil
-- @treturn cognito.Error
function M.refused(state, fields)
  fields.operation = state.operation
  return nil, errors.new(fields)
end

--- Ends a sign-in because of what the service sent.
-- @tparam table state
-- @tparam string message
-- @treturn nil
-- @treturn cognito.Error
function M.malformed(state, message)
  return M.refused(state, failure.network("malformed_response", message))
end

local function wrong(state, what)
  return M.malformed(state, "the service's challenge has a wrong " .. what)
end

local function unanswered(state, name, why, hint)
  return M.refused(state, { code = "challenge_unanswered", kind = "validation", challenge = name, hint = hint,
    message = ("the service asks for %s, and %s"):format(name, why) })
end

-- ---- proofs ----

--- The number that a proof begins with. Each proof has its own.
-- @tparam table state
-- @treturn string `SRP_A`
function M.begin_proof(state)
  M.close(state)
  state.srp = native.srp()
  return state.srp:public()
end

--- Forgets a proof that is under way.
-- @tparam table state
function M.close(state)
  if state.srp then
    state.srp:close()
  end
  state.srp = nil
end

-- A proof with a number that the service has not seen is wrong, and would count
-- as a failed try.
local function prove(state, name, parameters, who)
  if not state.srp then
    return M.malformed(state, ("the service asks for %s, and no proof has begun"):format(name))
  end
  for _, each in ipairs { "SALT", "SRP_B", "SECRET_BLOCK" } do
    if type(parameters[each]) ~= "string" then
      return wrong(state, each)
    end
  end
  local signature, timestamp = state.srp:answer {
    pool_name = who.pool_name, user_id = who.user_id, password = who.password, salt = parameters.SALT,
    srp_b = parameters.SRP_B, secret_block = parameters.SECRET_BLOCK, time = client.time(state.pool),
  }
  M.close(state)
  if not signature then
    return wrong(state, c_locale.upper(timestamp))
  end
  return { PASSWORD_CLAIM_SIGNATURE = signature, PASSWORD_CLAIM_SECRET_BLOCK = parameters.SECRET_BLOCK,
    TIMESTAMP = timestamp }
end

local own = {}

own.PASSWORD_VERIFIER = function(state, parameters)
  return prove(state, "PASSWORD_VERIFIER", parameters, state)
end

own.PASSWORD_SRP = function(state)
  return { SRP_A = M.begin_proof(state) }
end

-- A service that asks for the password itself gets it where the program let it.
own.PASSWORD = function(state)
  if not state.sends_password then
    return M.malformed(state, "the service asks for the password itself, and the sign-in is one that does not send it")
  end
  return { PASSWORD = state.password }
end

local of_device = {}

of_device.DEVICE_SRP_AUTH = function(state)
  return { SRP_A = M.begin_proof(state) }
end

of_device.DEVICE_PASSWORD_VERIFIER = function(state, parameters)
  local device = state.device
  return prove(state, "DEVICE_PASSWORD_VERIFIER", parameters,
    { pool_name = device.group_key, user_id = device.key, password = device.password })
end

-- Returns the function that answers without the program.
local function own_answer(state, name)
  return own[name] or state.device and of_device[name]
end

local function by_itself(state, name, parameters)
  if own[name] and not state.password then
    return unanswered(state, name, "there is no password", PASSWORD_HINT)
  end
  return own_answer(state, name)(state, parameters)
end

-- ---- what the program answers ----

local function is_list_of_names(value)
  for place, name in pairs(value) do
    if type(place) ~= "number" or type(name) ~= "string" then
      return false
    end
  end
  return true
end

-- A document of another form is as good as none.
local function decoded(text, field)
  local ok, value = pcall(json.decode, text)
  ok = ok and type(value) == "table" and (not of_names[field] or is_list_of_names(value))
  return ok and value or nil
end

local function challenge_of(state, result)
  local challenge = { name = result.challenge_name, parameters = tables.copy(result.challenge_parameters or {}),
    username = state.user_id, session = result.session, choices = result.available_challenges }
  for name, field in pairs(documents) do
    local text = challenge.parameters[name]
    challenge[field] = challenge[field] or text and decoded(text, field)
  end
  return challenge
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

-- An answer that lacks something is refused, and some refusals cost a try. A
-- person who typed nothing has not answered.
local function check_complete(state, challenge, responses)
  local wanted = { single[challenge.name] }
  for _, name in ipairs(challenge.name == "NEW_PASSWORD_REQUIRED" and challenge.required_attributes or {}) do
    wanted[#wanted + 1] = type(name) == "string" and name or nil
  end
  for _, name in ipairs(wanted) do
    if (responses[name] or "") == "" then
      return unanswered(state, challenge.name, "the answer has no " .. printable.clean(name), ANSWER_HINT)
    end
  end
  return responses
end

-- Flows in which a choice of the password sends it. The service offers choices
-- in USER_AUTH; one that does in another flow is after the password.
local choice_sends = { USER_AUTH = true, USER_PASSWORD_AUTH = true }

-- A choice of the password is followed by what the password answers.
local function complete(state, name, responses)
  local choice = responses.ANSWER
  if name ~= "SELECT_CHALLENGE" or not own[choice] or choice == "PASSWORD_VERIFIER" then
    return responses
  end
  state.sends_password = choice == "PASSWORD" and choice_sends[state.flow]
  local more, err = by_itself(state, choice, {})
  return more and tables.add(responses, more), err
end

local function ask(state, result)
  local name = result.challenge_name
  if not state.on_challenge then
    return unanswered(state, name, "there is no on_challenge")
  end
  local challenge = challenge_of(state, result)
  local answer, session = state.on_challenge(challenge)
  if answer == nil then
    return given_up(state, name, session)
  elseif session ~= nil and type(session) ~= "string" then
    misused("a session as its second value, if any, not a %s (in parentheses, a call gives one value)", type(session))
  end
  local responses, err = check_complete(state, challenge, responses_of(name, answer))
  if responses then
    responses, err = complete(state, name, responses)
  end
  return responses, err, session
end

-- ---- all of them ----

-- From the first challenge on, the service knows the user by the pool's own
-- name, which the secret hash has to cover as well.
local function learn_name(state, parameters)
  for _, field in ipairs { "USER_ID_FOR_SRP", "USERNAME" } do
    local name = parameters[field]
    if name ~= nil then
      if type(name) ~= "string" or name == "" or not native.is_utf8(name) then
        return wrong(state, field)
      end
      state.user_id, state.is_own_name = name, true
      return true
    end
  end
  return true
end

--- Answers a challenge.
-- @tparam table state
-- @tparam table result that holds it
-- @treturn[1] table responses
-- @treturn[1] nil
-- @treturn[1] ?string another session
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an answer of the program's that is none
function M.answer(state, result)
  local name, parameters = result.challenge_name, result.challenge_parameters or {}
  local ok, err = learn_name(state, parameters)
  if not ok then
    return nil, err
  end
  local responses, session
  if own_answer(state, name) then
    responses, err = by_itself(state, name, parameters)
  else
    responses, err, session = ask(state, result)
  end
  if not responses then
    return nil, err
  end
  responses.USERNAME = responses.USERNAME or state.user_id
  if state.device and from_device[name] then
    responses.DEVICE_KEY = responses.DEVICE_KEY or state.device.key
  end
  return responses, nil, session
end

return M

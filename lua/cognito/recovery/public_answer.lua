--- An answer for a page that tells a stranger nothing about who exists.
-- @module cognito.recovery.public_answer

local errors = require "cognito.errors"
local printable = require "cognito.printable"

local purposes = {
  forgot_password = "ask",
  resend_confirmation_code = "ask",
  confirm_forgot_password = "confirm",
  confirm_sign_up = "confirm",
  initiate_auth = "sign_in",
  respond_to_auth_challenge = "sign_in",
  associate_software_token = "sign_in", -- these two answer MFA_SETUP
  verify_software_token = "sign_in",
}

local successes = { ask = "accepted", confirm = "done", sign_in = "done" }

-- What depends on the user must look like success when asking, or it would
-- tell who exists; when confirming, like a wrong code; when signing in, like a
-- wrong password.
local user_dependent = { ask = "accepted", confirm = "not_accepted", sign_in = "not_accepted" }

-- Replies take longer for real users, so a lost one is as telling as any
-- refusal; and to send the visitor back would send a second message. A
-- confirmation sends none, and a sign-in can be begun again.
local unanswered = { ask = "accepted", confirm = "try_later", sign_in = "try_later" }

-- Codes that depend on the user, and so would tell who exists. Every other
-- code of the service is a fault of the set-up: "we sent you a code" must not
-- be said where none can ever be sent.
local of_user = {
  UserNotFoundException = true,
  UserNotConfirmedException = true,
  PasswordResetRequiredException = true,
  UnsupportedUserStateException = true,
  UsernameExistsException = true,
  AliasExistsException = true,
  CodeMismatchException = true,
  ExpiredCodeException = true,
  LimitExceededException = true,
  TooManyFailedAttemptsException = true,
  CodeDeliveryFailureException = true, -- is tried for users who exist
  UserLambdaValidationException = true, -- a trigger may look at the user
  UnexpectedLambdaException = true,
  InvalidLambdaResponseException = true,
  InvalidPasswordException = true,
  PasswordHistoryPolicyViolationException = true,
}

-- These two codes say both, and only their texts tell which. A text that is
-- not known counts as a fault of the set-up.
local reasons_of_user = {
  no_verified_contact = true, already_confirmed = true, user_disabled = true, wrong_user_state = true,
  locked_out = true, invitation_expired = true,
  bad_password = true, bad_username = true, bad_code = true,
}

-- Codes that depend on the user when signing in only: a wrong password, and
-- second factors.
local of_sign_in = {
  NotAuthorizedException = true,
  MFAMethodNotFoundException = true,
  SoftwareTokenMFANotFoundException = true,
  EnableSoftwareTokenMFAException = true,
}

-- Refusals of the app client, under the same code as a wrong password.
local reasons_of_client = { secret_hash = true, client_secret = true }

-- What the visitor typed; a wrong parameter besides is the program's mistake.
local typed = { username = true, confirmation_code = true, password = true, user_code = true }

local function is_typed(field, purpose)
  return typed[field] or purpose == "sign_in" and field == "challenge_responses"
end

local refused_passwords = { InvalidPasswordException = true, PasswordHistoryPolicyViolationException = true }

local function is_broken(err, purpose)
  if err.kind == "validation" then
    return not is_typed(err.field, purpose)
  elseif purpose == "sign_in" and of_sign_in[err.code] then
    return reasons_of_client[err.reason] == true
  end
  return not (of_user[err.code] or reasons_of_user[err.reason])
end

-- When signing in, `password` is no new one.
local function is_bad_password(err, purpose)
  return refused_passwords[err.code] or err.reason == "bad_password"
    or err.kind == "validation" and err.field == "password" and purpose == "confirm"
end

local function outcome_of(err, purpose)
  if err.ambiguous then
    return unanswered[purpose]
  elseif err.kind == "network" or err.kind == "throttle" or (err.status or 0) >= 500
    or err.code == "ConcurrentModificationException"
    or err.code == "ForbiddenException" then -- a web ACL: it may let the next call pass
    return "try_later"
  elseif err.code == "challenge_unanswered" then
    return "challenge"
  elseif is_broken(err, purpose) then
    return "broken"
  elseif purpose ~= "ask" and is_bad_password(err, purpose) then
    return "bad_password"
  end
  return user_dependent[purpose]
end

-- Everything that may stand in a log, and no more: messages carry what Lambda
-- triggers wrote, replies say where a code went.
local FIELDS = {
  "operation", "outcome", "code", "reason", "field", "status", "request_id", "attempts", "ambiguous", "hint",
}

local function logged(value)
  local text = tostring(value)
  return text:find "^[%w_.-]+$" and text or '"' .. text:gsub('"', "'") .. '"'
end

local log_mt = {
  __tostring = function(log)
    local parts = {}
    for _, name in ipairs(FIELDS) do
      if log[name] ~= nil then
        parts[#parts + 1] = name .. "=" .. logged(log[name])
      end
    end
    return table.concat(parts, " ")
  end,
}

local function log_of(outcome, source)
  local log = {}
  for _, name in ipairs(FIELDS) do
    local value = source[name]
    log[name] = type(value) == "string" and printable.clean(value) or value
  end
  log.outcome = outcome
  if outcome == "challenge" then
    log.code, log.hint = nil, nil -- no fault
  end
  return setmetatable(log, log_mt)
end

-- Tokens are what `recovery.sign_in` returns.
local function is_of_sign_in(result)
  return result.access_token or result.authentication_result or result.challenge_name
end

-- Without `meta` a success does not say of what. Only who asks for a code is
-- told where it goes.
local function purpose_of(result, operation, level)
  if operation == nil and type(result) == "table" then
    return result.code_delivery_details and "ask" or is_of_sign_in(result) and "sign_in" or "confirm"
  end
  return purposes[operation] or error(("public_answer has no answer for %s: it knows forgot_password, "
    .. "resend_confirmation_code, confirm_forgot_password, confirm_sign_up, initiate_auth, "
    .. "respond_to_auth_challenge, associate_software_token and verify_software_token"):format(tostring(operation)),
    level + 1)
end

local function success(result, purpose)
  return result.challenge_name and "challenge" or successes[purpose]
end

local RIGHT = ": write recovery.public_answer(pool:forgot_password { … }), with all that the call returned"

-- Returns what is wrong with a first value that no call returned.
local function no_result(result)
  if errors.is_error(result) then
    return "takes the call's result first and its error second"
  elseif type(result) == "boolean" then
    return ("takes a call's result first, not %s, which pcall puts before it"):format(tostring(result))
  elseif type(result) ~= "table" then
    return ("takes a call's result first, not a %s"):format(type(result))
  elseif type(rawget(result, "public_answer")) == "function" then
    return "is called with a dot"
  end
end

-- A failure taken for a result would read as success.
local function check(result, err, meta, level)
  local wrong
  if result ~= nil then
    wrong = no_result(result) or err ~= nil and "takes nil as the error beside a result"
  elseif not errors.is_error(err) then
    wrong = ("takes a result, or nil and the call's error, not nil and a %s"):format(type(err))
  end
  if not wrong and meta ~= nil and (type(meta) ~= "table" or errors.is_error(meta)) then
    wrong = ("takes a call's meta third, not %s"):format(errors.is_error(meta) and "an error" or "a " .. type(meta))
  end
  if wrong then
    error("public_answer " .. wrong .. RIGHT, level + 1)
  end
end

--- Says what a page may say after it asked for a code, confirmed with one, or
-- signed a visitor in.
--
--     local page = recovery.public_answer(pool:forgot_password { username = name })
--     log(tostring(page.log))
--
-- `outcome` after asking (`forgot_password`, `resend_confirmation_code`):
-- `accepted` for success and for all that depends on the user. After
-- confirming (`confirm_forgot_password`, `confirm_sign_up`): `done`,
-- `not_accepted`, or `bad_password`, which the pool's policy refuses. After
-- `recovery.sign_in`, `initiate_auth`, `respond_to_auth_challenge`, and the two
-- calls of MFA_SETUP (`associate_software_token`, `verify_software_token`): `done`,
-- `challenge`, which is to be answered, `not_accepted` or `bad_password`. After
-- all: `try_later`, and `broken` for a fault of the set-up, which a page
-- shows as `try_later` and an operator should hear of.
--
-- `log` may be logged: `operation`, `outcome`, `code`, `reason`, `field`,
-- `status`, `request_id`, `attempts`, `ambiguous`, `hint`, as far as there
-- are; `tostring` makes one line of it. It holds nothing of the user, neither
-- a name nor where a code went, nor the service's message.
-- @tparam ?table result of one of these operations, or of `recovery.sign_in`
-- @tparam ?cognito.Error err
-- @tparam[opt] table meta
-- @treturn table `{ outcome, log }`
-- @raise after any other operation, and for values that no call returned
return function(result, err, meta)
  check(result, err, meta, 2)
  local source = not result and err or meta or {}
  local purpose = purpose_of(result, source.operation, 2)
  local outcome = result and success(result, purpose) or outcome_of(err, purpose)
  return { outcome = outcome, log = log_of(outcome, source) }
end

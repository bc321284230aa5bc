--- Errors: one table type for everything that can go wrong in a call.
--
-- Fields: `code` (stable; AWS's spelling for the service's, lower case for
-- ours), `message` (for people; not stable), `kind` ("validation",
-- "credentials", "network", "throttle" or "service"), `operation`, `status`,
-- `request_id`, `attempts`, `retryable` (the same call may succeed later and
-- cannot do harm), `ambiguous` (the service may have carried it out),
-- `partial` (it did half), `reason` (a finer word than the code), `hint`
-- (what to do next, for the operator), `field` (which parameter is wrong).
-- @module cognito.errors

local printable = require "cognito.printable"
local place = require "cognito.place"
local texts = require "cognito.texts"

local M = {}

local error_mt = { __name = "cognito.Error" }

-- The service's messages and some hints end a sentence; others do not.
local function join(text, sentence)
  return text .. (text:find "[.?!]$" and " " or ". ") .. sentence
end

function error_mt:__tostring()
  local parts = { self.operation and self.operation .. ": " or "", self.code or "error" }
  if self.message then
    parts[#parts + 1] = ": " .. self.message
  end
  local facts = {}
  if self.status then facts[#facts + 1] = "HTTP " .. self.status end
  if self.request_id then facts[#facts + 1] = "request id " .. self.request_id end
  if self.attempts and self.attempts > 1 then facts[#facts + 1] = self.attempts .. " attempts" end
  if self.ambiguous then facts[#facts + 1] = "it may have been carried out" end
  if facts[1] then
    parts[#parts + 1] = " (" .. table.concat(facts, ", ") .. ")"
  end
  local text = table.concat(parts)
  return printable.clean(self.hint and join(text, self.hint) or text)
end

function error_mt.__concat(a, b)
  return tostring(a) .. tostring(b)
end

--- A finer word than the code, where the service's text allows one.
-- @function reason
-- @tparam table err `code` and `message` count
-- @treturn ?string
M.reason = texts.reason

local hints_by_reason = {
  no_verified_contact = "The user has no verified e-mail address or phone number to send a code to: "
    .. "verify one with admin_update_user_attributes, or set a password with admin_set_user_password",
  already_confirmed = "The user is confirmed already and can sign in, or ask for forgot_password",
  secret_hash = "Compare client_secret with the secret of this very app client; a client without a secret takes none",
  user_disabled = "An administrator disabled the user: admin_enable_user lifts that",
  wrong_user_state = "Look at user_status with admin_get_user: FORCE_CHANGE_PASSWORD needs admin_create_user with"
    .. " message_action = \"RESEND\", UNCONFIRMED needs resend_confirmation_code, EXTERNAL_PROVIDER signs in"
    .. " elsewhere",
  hourly_limit = "This user's hourly limit is used up: wait, trying again does not help",
  daily_email_limit = "The account's daily limit of the built-in mail sender is used up: "
    .. "configure Amazon SES for the pool",
  no_auto_verification = "The pool verifies no contact, so it has no code to send: its owner must choose attributes"
    .. " to verify (auto_verified_attributes)",
  admin_only_recovery = "Only administrators recover accounts in this pool: admin_reset_user_password or "
    .. "admin_set_user_password, or its owner changes account_recovery_setting",
  client_secret = "Compare client_secret with the secret of this very app client",
  bad_password = "The service takes no password that begins or ends with white space, or has fewer than 6 characters",
  bad_username = "No user can have this name: the service's own pattern refuses it",
  bad_code = "No code looks like this: it has digits only",
  flow_not_enabled = "The app client does not allow this way of signing in: its owner must add it to "
    .. "explicit_auth_flows",
  locked_out = "Too many wrong passwords: the user is locked out for a while, at most 15 minutes",
  invitation_expired = "The temporary password ran out: admin_create_user with message_action = \"RESEND\"",
  blocked_by_waf = "A web ACL (WAF) in front of the pool blocked the call: try later; its owner can see by which rule",
  no_descriptors = "The process may open no more files and sockets: raise its limit (ulimit -n), or allow fewer "
    .. "connections at once (concurrency and max_connections of a loop)",
  clock_skew = "This machine's clock is off by more than five minutes: set it",
}

local hints_by_code = {
  no_credentials = "Admin operations are signed: pass credentials = { access_key_id =, secret_access_key = }, "
    .. "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has them",
  no_region = "Set region, or user_pool_id, which begins with it, or AWS_REGION",
  dns = "Check the region, the endpoint and the proxy, and that this machine resolves names",
  connect = "Check the endpoint, the port, and whether a firewall or a proxy stands in between",
  tls = "Check ca_file or ca_path, the endpoint's name, and this machine's clock; verification cannot be switched off",
  timeout = "The service, or the way to it, is slow: look at attempt_timeout, timeout and connect_timeout",
  connection_lost = "The connection ended before the answer came: a server or proxy closed it",
  too_large = "The answer was larger than max_response allows: is the endpoint really the service?",
  malformed_response = "Is the endpoint really the service, and does a proxy change replies?",
  repeated_token = "Try again later: the list so far is not complete",
  challenge_unanswered = "Pass on_challenge to sign_in: it gets the challenge and returns the answer, such as a code",
  wrong_phase = "nginx allows no sockets in this phase: call from rewrite, access, content or a timer",
  ResourceNotFoundException = "Compare client_id, user_pool_id and region with the pool's own page",
  UserNotFoundException = "No such user in this pool",
  CodeMismatchException = "The code is not the one that was sent last",
  ExpiredCodeException = "The code ran out, was used already, or was never issued: ask for a new one",
  InvalidPasswordException = "The new password does not meet the pool's policy",
  RefreshTokenReuseException = "The refresh token was used already, and its grace period is over: use the one that came"
    .. " with the last refresh, or let the user sign in again",
  PasswordResetRequiredException = "An administrator reset the password: lead the user through forgot_password",
  UserNotConfirmedException = "The sign-up was never confirmed: resend_confirmation_code, then confirm_sign_up",
  CodeDeliveryFailureException = "The pool could not hand the message over: look at its SES and SNS settings",
  InvalidSmsRoleAccessPolicyException = "The pool's SMS role may not publish to SNS: the pool's owner must fix it",
  InvalidSmsRoleTrustRelationshipException = "The pool's SMS role does not trust Cognito: its owner must fix that",
  InvalidEmailRoleAccessPolicyException = "The pool may not send with its SES identity: the pool's owner must fix"
    .. " it",
  InvalidLambdaResponseException = "A Lambda trigger of the pool gave an invalid answer: look at its log",
  UnexpectedLambdaException = "A Lambda trigger of the pool failed: look at its log",
  UserLambdaValidationException = "A Lambda trigger of the pool refused this; its text says why",
  UnrecognizedClientException = "The access key is unknown to AWS: check the credentials and their account",
  InvalidSignatureException = "Check the secret access key, and that nothing changes the request on its way",
  ExpiredTokenException = "The session token ran out: fetch fresh credentials",
  MissingAuthenticationTokenException = "The request came unsigned: check the credentials",
  AccessDeniedException = "The caller's IAM policy does not allow this operation on this pool",
  ForbiddenException = "A web ACL (WAF) in front of the pool blocked the call",
  OperationNotEnabledException = "The operation is not available in this region or for this pool, "
    .. "as on a secondary replica",
}

for code, words in pairs(place.hints) do
  hints_by_code[code] = words
end

--- The hints by code, for the page that lists them.
-- @local
M.hints = hints_by_code

local hints_by_kind = {
  throttle = "The account's request rate for this kind of operation is used up: send fewer per second",
}

local AMBIGUOUS = "Before trying again, look whether it was carried out: a second call may send a second message"

-- The service names its errors.
local NOT_NAMED = "This came without a name: something between here and the service may have answered, "
  .. "such as a proxy, or another server under the endpoint"

local function hint_of(err)
  local hint = hints_by_reason[err.reason] or hints_by_code[err.code] or hints_by_kind[err.kind]
    or (tostring(err.code):find "^http_%d" and NOT_NAMED or nil)
  if err.ambiguous and not err.retryable then
    return hint and join(hint, AMBIGUOUS) or AMBIGUOUS
  end
  return hint
end

-- Errors after which half of the operation stands.
local halves = {
  admin_create_user = { CodeDeliveryFailureException = true },
  sign_up = { CodeDeliveryFailureException = true, LimitExceededException = true },
}

--- Makes an error of a table of fields; what follows from them is added.
-- @tparam table fields `code`, `kind`, `message` and more; becomes the error
-- @treturn table the same table
-- @local
function M.new(fields)
  fields.ambiguous = fields.ambiguous or false
  fields.retryable = fields.retryable or false
  fields.reason = fields.reason or M.reason(fields)
  if (halves[fields.operation] or {})[fields.code] then
    fields.partial = true
  end
  fields.hint = fields.hint or hint_of(fields)
  return setmetatable(fields, error_mt)
end

--- Whether a value is an error of this library.
-- @param value anything
-- @treturn boolean
function M.is_error(value)
  return getmetatable(value) == error_mt
end

return M

--- The service's refusals: codes and texts in one place.
--
-- An operation refuses by `errors.refuse(key, ...)`, which raises; the handler
-- turns what was raised into a reply. The texts are those people report from
-- the live service, where one is known: programs match on them. Those marked
-- `assumed` are ours; so are those that speak of the sandbox.
--
-- @module cognito.sandbox.errors
local M = {}

local texts = {
  -- The front door: before any user is looked at.
  missing_target = { "UnknownOperationException",
    "The X-Amz-Target header names no operation of this service." },
  unknown_operation = { "UnknownOperationException",
    "The sandbox does not carry out %s." },
  content_type = { "UnknownOperationException",
    "Content-Type must be application/x-amz-json-1.1." },
  method = { "UnknownOperationException", "Every operation is a POST to /." },
  not_json = { "SerializationException", "%s" },
  validation = { "InvalidParameterException", "%s" },
  no_token = { "MissingAuthenticationTokenException",
    "Missing Authentication Token" },
  incomplete_signature = { "IncompleteSignatureException", "%s" },
  unknown_key = { "UnrecognizedClientException",
    "The security token included in the request is invalid." },
  bad_signature = { "InvalidSignatureException",
    "The request signature we calculated does not match the signature you"
    .. " provided. Check your AWS Secret Access Key and signing method."
    .. " Consult the service documentation for details." },
  signature_scope = { "InvalidSignatureException", "%s" },
  signature_expired = { "InvalidSignatureException",
    "Signature expired: %s is now earlier than %s (%s - 5 min.)" },
  signature_early = { "InvalidSignatureException",
    "Signature not yet current: %s is still later than %s (%s + 5 min.)" },

  -- The pool and its app client.
  no_pool = { "ResourceNotFoundException", "User pool %s does not exist." },
  no_client = { "ResourceNotFoundException",
    "User pool client %s does not exist." },
  secret_missing = { "NotAuthorizedException",
    "Client %s is configured for secret but secret was not received" },
  secret_missing_general = { "NotAuthorizedException",
    "Client ID is configured with secret but SECRET_HASH was not received" },
  secret_unexpected_general = { "InvalidParameterException",
    "App client ID is not configured for secret but secret hash was received"
  },
  secret_wrong = { "NotAuthorizedException",
    "Unable to verify secret hash for client %s" },
  client_secret_wrong = { "NotAuthorizedException",
    "Unable to verify secret for client %s",
    assumed = true },
  secret_unexpected = { "NotAuthorizedException",
    "Client %s is not configured for secret but secret was received" },

  no_secrets = { "InvalidParameterException",
    "Client %s is not configured for secret.", assumed = true },
  secret_limit = { "LimitExceededException",
    "The app client has two secrets already.", assumed = true },
  last_secret = { "InvalidParameterException",
    "The last secret of an app client cannot be deleted.", assumed = true },
  no_such_secret = { "ResourceNotFoundException",
    "Client secret does not exist.", assumed = true },
  bad_scope = { "InvalidParameterException", "Invalid scope.",
    assumed = true },

  -- Users and their states.
  unknown_user = { "UserNotFoundException",
    "Username/client id combination not found." },
  no_such_user = { "UserNotFoundException", "User does not exist." },
  user_disabled = { "NotAuthorizedException", "User is disabled." },
  wrong_state = { "NotAuthorizedException",
    "User password cannot be reset in the current state." },
  no_verified_contact = { "InvalidParameterException",
    "Cannot reset password for the user as there is no registered/verified"
    .. " email or phone_number" },
  admin_only = { "NotAuthorizedException",
    "Contact administrator to reset password." },
  already_confirmed = { "InvalidParameterException",
    "User is already confirmed." },
  nothing_to_verify = { "InvalidParameterException",
    "Cannot resend codes. Auto verification not turned on." },
  not_confirmed = { "UserNotConfirmedException", "User is not confirmed." },
  cannot_be_confirmed = { "NotAuthorizedException",
    "User cannot be confirmed. Current status is %s" },
  user_exists = { "UsernameExistsException", "User already exists" },
  account_exists = { "UsernameExistsException",
    "User account already exists" },
  contact_taken = { "UsernameExistsException",
    "An account with the given %s already exists." },
  alias_exists = { "AliasExistsException",
    "An account with the %s already exists." },
  unsupported_state = { "UnsupportedUserStateException",
    "Resend not possible. %s status is not FORCE_CHANGE_PASSWORD" },

  -- Codes, passwords, limits.
  wrong_code = { "CodeMismatchException",
    "Invalid verification code provided, please try again." },
  expired_code = { "ExpiredCodeException",
    "Invalid code provided, please request a code again." },
  attempt_limit = { "LimitExceededException",
    "Attempt limit exceeded, please try after some time." },
  weak_password = { "InvalidPasswordException",
    "Password did not conform with policy: %s" },

  -- Triggers.
  trigger_failed = { "UserLambdaValidationException",
    "%s failed with error %s." },
  trigger_output = { "InvalidLambdaResponseException",
    "Unrecognizable lambda output" },

  -- Second factors.
  wrong_mfa_code = { "CodeMismatchException",
    "Invalid code or auth state for the user." },
  used_mfa_code = { "ExpiredCodeException",
    "Your software token has already been used once.",
    assumed = true },
  wrong_software_token = { "EnableSoftwareTokenMFAException",
    "Code mismatch" },
  no_software_token = { "SoftwareTokenMFANotFoundException",
    "Software token MFA has not been set up for the user.",
    assumed = true },
  no_factor = { "InvalidParameterException",
    "User does not have delivery config set to turn on %s",
    assumed = true },

  -- Tokens.
  invalid_access = { "NotAuthorizedException", "Invalid Access Token" },
  expired_access = { "NotAuthorizedException",
    "Access Token has expired" },
  revoked_access = { "NotAuthorizedException",
    "Access Token has been revoked" },
  invalid_refresh = { "NotAuthorizedException", "Invalid Refresh Token" },
  expired_refresh = { "NotAuthorizedException",
    "Refresh Token has expired" },
  revoked_refresh = { "NotAuthorizedException",
    "Refresh Token has been revoked" },
  not_revocable = { "UnsupportedTokenTypeException",
    "Only refresh tokens can be revoked.",
    assumed = true },
  refresh_reuse = { "RefreshTokenReuseException",
    "Refresh token has been rotated.", assumed = true },
  device_exists = { "DeviceKeyExistsException",
    "Device key already exists.", assumed = true },
  wrong_verifier = { "InvalidParameterException",
    "Invalid device secret verifier config.", assumed = true },
  no_device = { "ResourceNotFoundException", "Device does not exist.",
    assumed = true },
  no_threat_protection = { "UserPoolAddOnNotEnabledException",
    "User pool does not have threat protection.", assumed = true },
  no_session = { "ResourceNotFoundException", "Session does not exist.",
    assumed = true },

  -- Attributes and groups.
  read_only = { "NotAuthorizedException",
    "A client attempted to write unauthorized attribute" },
  not_verifiable = { "InvalidParameterException",
    "Invalid attribute name: %s",
    assumed = true },
  no_value = { "InvalidParameterException",
    "User does not have a value for %s.",
    assumed = true },
  no_group = { "ResourceNotFoundException", "Group not found.",
    assumed = true },
  group_exists = { "GroupExistsException",
    "A group with the name already exists.",
    assumed = true },

  -- Sign-in.
  bad_password = { "NotAuthorizedException",
    "Incorrect username or password." },
  password_attempts = { "NotAuthorizedException",
    "Password attempts exceeded" },
  reset_required = { "PasswordResetRequiredException",
    "Password reset required for the user" },
  temporary_expired = { "NotAuthorizedException",
    "Temporary password has expired and must be reset by an administrator." },
  bad_session = { "NotAuthorizedException",
    "Invalid session for the user." },
  expired_session = { "NotAuthorizedException",
    "Invalid session for the user, session is expired." },
  wrong_challenge = { "InvalidParameterException",
    "The sandbox sets no %s challenge." },
  no_choice = { "InvalidParameterException",
    "%s is not an available challenge.", assumed = true },
  required_missing = { "InvalidParameterException",
    "Invalid attributes given, %s is missing" },
  already_provided = { "NotAuthorizedException",
    "Cannot modify an already provided %s" },
  wrong_srp_a = { "InvalidParameterException", "Invalid SRP_A.",
    assumed = true },
  wrong_timestamp = { "InvalidParameterException",
    "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english." },
  old_timestamp = { "NotAuthorizedException", "Invalid TIMESTAMP.",
    assumed = true },
  secondary_replica = { "OperationNotEnabledException",
    "Operation is not enabled for this user pool replica.",
    assumed = true },
  wrong_flow = { "InvalidParameterException",
    "%s flow not enabled for this client" },
  missing_parameter = { "InvalidParameterException",
    "Missing required parameter %s" },
  admin_flow = { "InvalidParameterException",
    "Initiate Auth method not supported." },

  -- Details of single operations.
  should_be = { "InvalidParameterException", "Username should be %s." },
  looks_like_alias = { "InvalidParameterException",
    "Username cannot be of %s format, since user pool is configured for %s"
    .. " alias." },
  bad_attribute = { "InvalidParameterException",
    "Invalid %s format." },
  bad_filter = { "InvalidParameterException", "Error while parsing filter." },
  missing_attribute = { "InvalidParameterException",
    "One or more requested attributes do not exist." },
  bad_page = { "InvalidParameterException", "Invalid pagination token." },

  -- Errors that `misbehave` orders.
  throttled = { "TooManyRequestsException", "Rate exceeded" },
}

local Refusal = {
  __tostring = function(self)
    return self.code .. ": " .. self.message
  end,
}

--- Whether `key` names a refusal.
-- @tparam string key
-- @treturn boolean
function M.known(key)
  return texts[key] ~= nil
end

--- A refusal as a value.
-- @tparam string key a key of the table above
-- @param ... what fills the text's places
-- @treturn table `{ code =, message = }`
function M.new(key, ...)
  local row = assert(texts[key], key)
  local message = row[2]
  if select("#", ...) > 0 then
    message = message:format(...)
  end
  return setmetatable({ code = row[1], message = message }, Refusal)
end

--- Stops the operation with a refusal.
-- @tparam string key a key of the table above
-- @param ... what fills the text's places
function M.refuse(key, ...)
  error(M.new(key, ...), 0)
end

--- Stops the operation with a refusal that a trigger has worded.
-- @tparam string code
-- @tparam string message
function M.refuse_as(code, message)
  error(setmetatable({ code = code, message = message }, Refusal), 0)
end

--- Whether a raised value is a refusal (anything else is a bug of ours).
-- @param value
-- @treturn boolean
function M.is_refusal(value)
  return getmetatable(value) == Refusal
end

return M

--- The service's rules for users who cannot get in, as data with their sources.
-- The advice and the sandbox read it alike, so that the one promises nothing
-- that the other does not do.
--
-- A cell of `rows` is an answer: `accepted` (go on), `simulated` (200 with
-- made-up delivery details, nothing sent) or the key of a refusal in
-- `cognito.sandbox.errors`, for each value of the app client's
-- PreventUserExistenceErrors. An answer that is a list is given in turn. Cells
-- marked `assumed` stand on no source; the sandbox's option `assumptions`
-- changes them, and only them.
-- @module cognito.recovery.rules

local M = {}

-- ---- answers ----

M.ERRORS_PAGE = "developer guide: Managing user existence error responses"
local FORGOT_API = "API reference: ForgotPassword"
local RESEND_API = "API reference: ResendConfirmationCode"
local CREATE_API = "API reference: AdminCreateUser"
local RESET_API = "API reference: AdminResetUserPassword"
M.REPORTS = "reports of users"
local EMULATORS = "text as several emulators quote it"

local ERRORS_PAGE, REPORTS = M.ERRORS_PAGE, M.REPORTS

local function cell(source, legacy, enabled)
  return { LEGACY = legacy, ENABLED = enabled or legacy, source = source }
end

local function assumed(legacy, enabled)
  local result = cell("assumed", legacy, enabled)
  result.assumed = true
  return result
end

-- Documented under ENABLED, assumed under LEGACY: it can be changed as well.
local function half_assumed(source, legacy, enabled)
  local result = assumed(legacy, enabled)
  result.source = source .. "; LEGACY: assumed"
  return result
end

--- The answers by operation and user state. A state that a row leaves out is
-- `accepted`. `no_contact` is a user who is CONFIRMED or RESET_REQUIRED with no
-- verified address that recovery may use; `admin_only` is a pool whose users
-- are recovered by administrators. Each call returns a table of its own.
-- @treturn table
function M.rows()
  return {
    forgot_password = {
      unknown = cell(ERRORS_PAGE, "unknown_user",
        { "simulated", "no_verified_contact" }),
      disabled = half_assumed(ERRORS_PAGE, "user_disabled", "simulated"),
      CONFIRMED = cell(FORGOT_API, "accepted"),
      RESET_REQUIRED = cell(FORGOT_API, "accepted"),
      UNCONFIRMED = cell(REPORTS, "no_verified_contact", "simulated"),
      FORCE_CHANGE_PASSWORD = cell(REPORTS, "wrong_state", "simulated"),
      EXTERNAL_PROVIDER = cell(REPORTS, "wrong_state", "simulated"),
      no_contact = cell(FORGOT_API, "no_verified_contact", "simulated"),
      admin_only = assumed "admin_only",
    },
    confirm_forgot_password = {
      unknown = cell(ERRORS_PAGE, "unknown_user", "wrong_code"),
      disabled = half_assumed(ERRORS_PAGE, "user_disabled", "wrong_code"),
      UNCONFIRMED = assumed "not_confirmed",
    },
    confirm_sign_up = {
      unknown = assumed("unknown_user", "expired_code"),
    },
    resend_confirmation_code = {
      unknown = cell(ERRORS_PAGE, "unknown_user",
        { "simulated", "already_confirmed" }),
      disabled = half_assumed(ERRORS_PAGE, "user_disabled", "simulated"),
      UNCONFIRMED = cell(RESEND_API, "accepted"),
      CONFIRMED = cell(REPORTS, "already_confirmed", "simulated"),
      no_contact = cell(REPORTS, "already_confirmed", "simulated"),
      RESET_REQUIRED = assumed("already_confirmed", "simulated"),
      FORCE_CHANGE_PASSWORD = assumed("already_confirmed", "simulated"),
      EXTERNAL_PROVIDER = assumed("already_confirmed", "simulated"),
      admin_only = assumed "accepted",
    },
    admin_reset_user_password = {
      unknown = cell(RESET_API, "no_such_user"),
      disabled = cell(REPORTS, "user_disabled"),
      RESET_REQUIRED = assumed "accepted",
      UNCONFIRMED = assumed "wrong_state",
      FORCE_CHANGE_PASSWORD = cell(REPORTS, "wrong_state"),
      EXTERNAL_PROVIDER = assumed "wrong_state",
      no_contact = assumed "no_verified_contact",
      admin_only = assumed "admin_only",
    },
    initiate_auth = {
      unknown = cell(ERRORS_PAGE, "no_such_user", "bad_password"),
      disabled = assumed("user_disabled", "bad_password"),
      EXTERNAL_PROVIDER = assumed "bad_password",
      RESET_REQUIRED = assumed "reset_required",
    },
    admin_create_user_resend = {
      unknown = cell(EMULATORS, "no_such_user"),
      CONFIRMED = cell(EMULATORS, "unsupported_state"),
      no_contact = cell(EMULATORS, "unsupported_state"),
      RESET_REQUIRED = cell(EMULATORS, "unsupported_state"),
      UNCONFIRMED = cell(EMULATORS, "unsupported_state"),
      EXTERNAL_PROVIDER = cell(EMULATORS, "unsupported_state"),
      FORCE_CHANGE_PASSWORD = cell(CREATE_API, "accepted"),
    },
  }
end

-- ---- factors, contacts, replicas ----

local OFF = { enabled = false, preferred_mfa = false }

--- The call that takes a second factor away; false where no administrator's
-- operation does.
M.removals = {
  SOFTWARE_TOKEN_MFA = { operation = "admin_delete_software_token" },
  SMS_MFA = { operation = "admin_set_user_mfa_preference", params = { sms_mfa_settings = OFF } },
  EMAIL_OTP = { operation = "admin_set_user_mfa_preference", params = { email_mfa_settings = OFF } },
  WEB_AUTHN = false,
}

--- Whether the factor that a call takes away stops being the preferred one, by the
-- call's operation. The other removals say so in their parameters.
M.resets_preference = { admin_delete_software_token = true }

-- A contact that proves a sign-in does not recover it as well: one stolen
-- phone or mailbox would be both factors.
local second_factors = { email = "EMAIL_OTP", phone_number = "SMS_MFA" }

--- Whether a code for a new password may go to a contact.
-- @tparam string kind `email` or `phone_number`
-- @tparam boolean verified
-- @tparam table factors a set of the user's second factors
-- @tparam boolean old_kind whether the pool has no account recovery setting
-- @treturn boolean
-- @treturn ?string the rule that decides, besides that it has to be verified
function M.recovers_by(kind, verified, factors, old_kind)
  if not verified then
    return false
  elseif not factors[second_factors[kind]] then
    return true, factors.WEB_AUTHN and "passkeys" or nil
  end
  return old_kind, old_kind and "old_pools" or "second_factor"
end

--- First factors that send a code, by the contact that it goes to.
M.one_time_codes = { email = "EMAIL_OTP", phone_number = "SMS_OTP" }

--- Operations that a secondary replica of a pool refuses.
M.refused_by_replicas = {
  forgot_password = true, confirm_forgot_password = true, admin_reset_user_password = true,
}

local RECOVERY_PAGE = "API reference: AccountRecoverySettingType"
local FACTORS_PAGE = "developer guide: Adding MFA to a user pool"

local function documented(source)
  return { documented = true, source = source }
end

local ASSUMED = { documented = false, source = "assumed" }

-- Rules that are no cells.
local rules = {
  verified_contact = documented(FORGOT_API),
  second_factor = documented(RECOVERY_PAGE),
  old_pools = documented(RECOVERY_PAGE),
  passkeys = documented(FACTORS_PAGE),
  auto_verified = documented(RESEND_API),
  delivery_mediums = documented(CREATE_API),
  disabled = documented "API reference: AdminDisableUser",
  admin_only = documented(RECOVERY_PAGE),
  lost_software_token = documented "API reference: AdminDeleteSoftwareToken",
  preference_reset = ASSUMED,
  lost_contact_factor = documented "API reference: AdminSetUserMFAPreference",
  no_removal_of_passkeys = documented "API reference: DeleteWebAuthnCredential",
  passwordless = documented "API reference: ChangePassword",
  replicas = documented "API reference: CreateUserPoolReplica",
  other_calls_at_replicas = ASSUMED,
  unknown_status = ASSUMED,
}

--- A rule, and whether it is documented.
-- @tparam string name of a rule, or `operation.state` of a cell
-- @treturn table `{ rule, documented, source }`
function M.rule(name)
  local found = rules[name]
  if not found then
    local operation, state = name:match "^(.-)%.(.+)$"
    local each = M.rows()[operation][state]
    found = { documented = not each.assumed, source = each.source }
  end
  return { rule = name, documented = found.documented, source = found.source }
end

return M

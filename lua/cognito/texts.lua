--- What the service's texts tell beyond its codes: every text known that names
-- a reason, in one table.
--
-- The service has one code for many things; the text tells them apart. A row
-- holds for its code, and for its operation where it names one: `text` is a
-- part that has stayed the same over the years, `reason` the word of ours, and
-- `source` where the text was seen.
-- @module cognito.texts

local M = {}

local DOCS = "API reference"
local REPORTS = "public issue threads"

M.rows = {
  { code = "InvalidParameterException", text = "registered/verified email or phone_number",
    reason = "no_verified_contact", source = REPORTS },
  { code = "InvalidParameterException", text = "already confirmed", reason = "already_confirmed", source = REPORTS },
  { code = "InvalidParameterException", text = "secret hash was received", reason = "secret_hash", source = REPORTS },
  { code = "InvalidParameterException", text = "SECRET_HASH was not received", reason = "secret_hash",
    source = REPORTS },
  { code = "InvalidParameterException", text = "Auto verification not turned on", reason = "no_auto_verification",
    source = REPORTS },
  { code = "InvalidParameterException", text = "Value at 'password' failed to satisfy constraint",
    reason = "bad_password", source = REPORTS },
  { code = "InvalidParameterException", text = "Value at 'username' failed to satisfy constraint",
    reason = "bad_username", source = REPORTS },
  { code = "InvalidParameterException", text = "Value at 'confirmationCode' failed to satisfy constraint",
    reason = "bad_code", source = REPORTS },
  { code = "InvalidParameterException", text = "flow not enabled for this client", reason = "flow_not_enabled",
    source = REPORTS },

  { code = "NotAuthorizedException", text = "secret hash", reason = "secret_hash", source = REPORTS },
  { code = "NotAuthorizedException", text = "SecretHash", reason = "secret_hash", source = REPORTS },
  { code = "NotAuthorizedException", text = "SECRET_HASH", reason = "secret_hash", source = REPORTS },
  { code = "NotAuthorizedException", text = "configured for secret", reason = "secret_hash", source = REPORTS },
  { code = "NotAuthorizedException", text = "Unable to verify secret for client", reason = "client_secret",
    source = "assumed" },
  { code = "NotAuthorizedException", text = "User is disabled", reason = "user_disabled", source = REPORTS },
  { code = "NotAuthorizedException", text = "current state", reason = "wrong_user_state", source = REPORTS },
  { code = "NotAuthorizedException", text = "Current status is", reason = "wrong_user_state", source = REPORTS },
  { code = "NotAuthorizedException", text = "Auto verification not turned on", reason = "no_auto_verification",
    source = REPORTS },
  { code = "NotAuthorizedException", text = "Contact administrator to reset password", reason = "admin_only_recovery",
    source = REPORTS },
  { code = "NotAuthorizedException", text = "Password attempts exceeded", reason = "locked_out", source = REPORTS },
  { code = "NotAuthorizedException", text = "Temporary password has expired", reason = "invitation_expired",
    source = REPORTS },

  { code = "UnsupportedUserStateException", text = "Resend not possible", reason = "wrong_user_state",
    source = REPORTS },
  { code = "InvalidParameterException", text = "Resend not possible", reason = "wrong_user_state", source = REPORTS },

  { code = "LimitExceededException", text = "daily email limit", reason = "daily_email_limit", source = REPORTS },
  { code = "LimitExceededException", text = "Attempt limit exceeded", reason = "hourly_limit", source = REPORTS },

  { code = "ForbiddenException", text = "WAF", reason = "blocked_by_waf", source = DOCS },

  { code = "InvalidSignatureException", text = "Signature expired", reason = "clock_skew", source = REPORTS },
  { code = "InvalidSignatureException", text = "Signature not yet current", reason = "clock_skew", source = REPORTS },

  { code = "connect", text = "no descriptor is free", reason = "no_descriptors", source = "this library" },
}

local by_code = {}
for _, row in ipairs(M.rows) do
  local list = by_code[row.code] or {}
  list[#list + 1], by_code[row.code] = row, list
end

--- A finer word than the code, where the text allows one.
-- @tparam table err `code` and `message` count
-- @treturn ?string
function M.reason(err)
  for _, row in ipairs(by_code[err.code] or {}) do
    if (err.message or ""):find(row.text, 1, true) then
      return row.reason
    end
  end
  return nil
end

return M

--- A user whom a test or a file declares: checked, and as the pool keeps one.
-- @module cognito.sandbox.given_user
local second_factor = require "cognito.sandbox.second_factor"
local totp = require "cognito.sandbox.totp"

local M = {}

local fields = { username = "string", password = "string",
  email = "string", email_verified = "boolean", phone_number = "string",
  phone_number_verified = "boolean", attributes = "table",
  status = "string", enabled = "boolean", sms_mfa = "boolean",
  email_mfa = "boolean",
  totp_secret = "string", preferred_mfa = "string",
  devices = "number", managed_logins = "number" }

local MOST = 10000 -- devices, or sessions

local statuses = { CONFIRMED = true, UNCONFIRMED = true,
  RESET_REQUIRED = true, FORCE_CHANGE_PASSWORD = true,
  EXTERNAL_PROVIDER = true }

-- At the line that adds the user: below it are `complain`, a check,
-- `complete` and `add_user`.
local function complain(...)
  error("cognito.sandbox: add_user: " .. string.format(...), 5)
end

local function check_fields(user)
  for name, value in pairs(user) do
    if type(value) ~= fields[name] then
      complain("%s %s", tostring(name),
        fields[name] and "must be a " .. fields[name] or "is unknown")
    end
  end
  for name, value in pairs(user.attributes or {}) do
    if type(name) ~= "string" or type(value) ~= "string" then
      complain "attributes must be a table of names and texts"
    end
  end
  if not statuses[user.status or "CONFIRMED"] then
    complain "there is no such status"
  elseif user.username == "" then
    complain "username is empty"
  end
end

local function check_counts(user)
  for _, name in ipairs { "devices", "managed_logins" } do
    local count = user[name] or 0
    if not (count >= 0 and count <= MOST and count % 1 == 0) then
      complain("%s must be a whole number, at most %d", name, MOST)
    end
  end
end

local function check_name(users, user)
  if user.username and users:is_taken(user.username) then
    complain("there is a user %s already", user.username)
  end
end

-- A factor that cannot be asked for would let its user in without it.
local function check_factors(user, complete)
  if user.totp_secret and not totp.from_base32(user.totp_secret) then
    complain "totp_secret must be base32"
  elseif user.sms_mfa and not complete.attributes.phone_number then
    complain "sms_mfa needs a phone_number"
  elseif user.email_mfa and not complete.attributes.email then
    complain "email_mfa needs an email"
  end
  local preferred = user.preferred_mfa
  if preferred and not second_factor.has(complete, preferred) then
    complain("preferred_mfa must be a factor that the user has:"
      .. " SMS_MFA with sms_mfa, EMAIL_OTP with email_mfa, or SOFTWARE_TOKEN_MFA with totp_secret")
  end
end

-- Contacts count as verified unless said otherwise, as people expect of a
-- user who can sign in.
local function attributes_of(user)
  local attributes = {}
  for name, value in pairs(user.attributes or {}) do
    attributes[name] = value
  end
  for _, name in ipairs { "email", "phone_number" } do
    local verified = user[name .. "_verified"]
    if verified == nil then
      verified = user.status ~= "UNCONFIRMED"
    end
    if user[name] then
      attributes[name] = user[name]
      attributes[name .. "_verified"] = tostring(verified)
    end
  end
  return attributes
end

--- Completes a user for the pool; the password is left to the caller.
-- @tparam table users those that there are
-- @tparam table user see `box:add_user`
-- @treturn table
-- @raise a sentence that names the field
function M.complete(users, user)
  check_fields(user)
  check_counts(user)
  check_name(users, user)
  local complete = {
    username = user.username,
    status = user.status or "CONFIRMED",
    enabled = user.enabled,
    sms_mfa = user.sms_mfa,
    email_mfa = user.email_mfa,
    software_token = user.totp_secret
      and { secret = user.totp_secret, active = true } or nil,
    preferred_mfa = user.preferred_mfa,
    devices = user.devices,
    managed_logins = user.managed_logins,
    attributes = attributes_of(user),
  }
  check_factors(user, complete)
  return complete
end

return M

--- Second factors: what a user has, the challenge for it, and its proof.
-- @module cognito.sandbox.second_factor
local codes = require "cognito.sandbox.codes"
local contacts = require "cognito.sandbox.contacts"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local totp = require "cognito.sandbox.totp"

local M = {}

local NAMES = { "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP" }

-- Steps of thirty seconds by which a program's clock may be off: assumed, one
-- is what RFC 6238 recommends.
local DRIFT = 1

local active = {
  SMS_MFA = function(user)
    return user.sms_mfa and user.attributes.phone_number ~= nil
  end,
  SOFTWARE_TOKEN_MFA = function(user)
    return user.software_token ~= nil and user.software_token.active
  end,
  EMAIL_OTP = function(user)
    return user.email_mfa and user.attributes.email ~= nil
  end,
}

--- The factors that a user signs in with.
-- @tparam table user
-- @treturn table a JSON list of names
function M.list(user)
  local list = json.list {}
  for _, name in ipairs(NAMES) do
    if active[name](user) then
      list[#list + 1] = name
    end
  end
  return list
end

--- Whether a user signs in with a factor.
-- @tparam table user
-- @tparam string name
-- @treturn boolean
function M.has(user, name)
  local is_active = active[name]
  return is_active ~= nil and is_active(user) == true
end

--- The factor that a user is asked for.
-- @tparam table user
-- @treturn ?string a name; nil where there is none, or a choice
function M.preferred(user)
  local list = M.list(user)
  if not list[2] then
    return list[1]
  end
  return user.preferred_mfa
end

-- ---- sending ----

local function sends(purpose, attribute)
  return function(pool, user, operation, client_metadata)
    local place = contacts.of(user, attribute)
    local code = codes.issue(pool, user, purpose, place)
    pool.outbox:put(operation, "Authentication", user, place, code,
      client_metadata)
    return { CODE_DELIVERY_DELIVERY_MEDIUM = place.medium,
      CODE_DELIVERY_DESTINATION = contacts.details(place).Destination }
  end
end

local parameters = {
  SMS_MFA = sends("sms_mfa", "phone_number"),
  SMS_OTP = sends("sms_otp", "phone_number"),
  EMAIL_OTP = sends("email_otp", "email"),
  MFA_SETUP = function()
    return { MFAS_CAN_SETUP = json.encode(json.list { "SOFTWARE_TOKEN_MFA" }) }
  end,
  SOFTWARE_TOKEN_MFA = function(_, user)
    return { FRIENDLY_DEVICE_NAME = user.software_token.device }
  end,
  SELECT_MFA_TYPE = function(_, user)
    return { MFAS_CAN_CHOOSE = json.encode(M.list(user)) }
  end,
}

--- The challenge for a user.
-- @tparam table user
-- @treturn ?string its name; nil where the password is enough
function M.challenge(user)
  if not M.list(user)[1] then
    return nil
  end
  return M.preferred(user) or "SELECT_MFA_TYPE"
end

--- The parameters of a challenge for the program.
-- @tparam table pool
-- @tparam table user
-- @tparam string name
-- @tparam string operation that sends a code, if one is sent
-- @tparam ?table client_metadata
-- @treturn table ChallengeParameters
function M.parameters(pool, user, name, operation, client_metadata)
  local result = parameters[name](pool, user, operation, client_metadata)
  result.USER_ID_FOR_SRP = user.username
  return result
end

-- ---- proving ----

local function step_of(secret, code, now)
  local key = totp.from_base32(secret)
  for off = -DRIFT, DRIFT do
    local step = totp.step(now) + off
    if totp.code(key, step) == code then
      return step
    end
  end
end

--- Checks a code of a software token, each of which is good once.
-- @tparam table pool
-- @tparam table software_token
-- @tparam string code
-- @tparam string wrong the refusal of a wrong one
-- @raise a refusal
function M.check_token(pool, software_token, code, wrong)
  local step = step_of(software_token.secret, code, pool.clock.now())
  if not step then
    errors.refuse(wrong)
  end
  if step <= (software_token.used or -1) then
    errors.refuse "used_mfa_code"
  end
  software_token.used = step
end

--- Checks a code that was sent, and spends it.
-- @tparam table pool
-- @tparam table user
-- @tparam string purpose `sms_mfa`, `sms_otp` or `email_otp`
-- @tparam string code
-- @raise a refusal
function M.check_code(pool, user, purpose, code)
  if not codes.find(pool, user, purpose, code) then
    errors.refuse "wrong_mfa_code"
  end
  codes.spend(user, purpose)
end

return M

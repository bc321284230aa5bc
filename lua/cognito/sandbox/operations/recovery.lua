--- Forgotten and reset passwords.
-- @module cognito.sandbox.operations.recovery
local codes = require "cognito.sandbox.codes"
local contacts = require "cognito.sandbox.contacts"
local migration = require "cognito.sandbox.migration"
local policy = require "cognito.sandbox.policy"

local M = {}

local function send_code(pool, user, operation, place, params)
  local code = codes.issue(pool, user, "forgot_password", place)
  pool.outbox:put(operation, "ForgotPassword", user, place, code,
    params.ClientMetadata)
end

--- ForgotPassword: state and old password stay until the code comes back.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.forgot_password(pool, params)
  local name = params.Username
  local user = migration.find(pool, "ForgotPassword", name, params)
  codes.count_attempt(pool, "forgot_password", user, name)
  if pool:judge("forgot_password", user, name) == "simulated" then
    return { CodeDeliveryDetails =
      contacts.simulated_for_recovery(pool.options, name) }
  end
  local place = contacts.for_recovery(pool.options, user)
  send_code(pool, user, "forgot_password", place, params)
  return { CodeDeliveryDetails = contacts.details(place) }
end

--- ConfirmForgotPassword: sessions stay, as on the live service.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.confirm_forgot_password(pool, params)
  local user = pool.users:find(params.Username)
  codes.count_attempt(pool, "confirm_forgot_password", user, params.Username)
  local first = pool.options.answers.weak_password_first
  -- Before the user is looked at: else a weak password would reveal who exists.
  if first then
    policy.check(params.Password)
  end
  pool:judge("confirm_forgot_password", user, params.Username)
  codes.check(pool, user, "forgot_password", params.ConfirmationCode)
  codes.spend(user, "forgot_password")
  if not first then
    policy.check(params.Password)
  end
  pool.users:set_password(user, params.Password)
  pool.users:move(user, "CONFIRMED")
  pool:confirmed(user, "ConfirmForgotPassword", params)
  return {}
end

--- AdminResetUserPassword: the user is locked out at once. People report the
-- hourly limit here, too (amazon-cognito-identity-js issue 376).
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.admin_reset_user_password(pool, params)
  local name = params.Username
  local user = pool.users:find(name)
  pool:judge("admin_reset_user_password", user, name)
  codes.count_attempt(pool, "admin_reset_user_password", user, name)
  pool.users:move(user, "RESET_REQUIRED")
  local place = contacts.for_recovery(pool.options, user)
  if place and contacts.auto_verified(pool.options, place.attribute) then
    send_code(pool, user, "admin_reset_user_password", place, params)
  end
  return {}
end

return M

--- USER_AUTH: the user chooses a first factor, of those that the pool allows
-- and the user has. Developer guide, "Choice-based sign-in".
-- @module cognito.sandbox.user_auth
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local lockout = require "cognito.sandbox.lockout"
local srp_steps = require "cognito.sandbox.srp_steps"
local steps = require "cognito.sandbox.steps"

local M = {}

local function has_address(attribute)
  return function(user)
    return user and user.attributes[attribute] ~= nil and user.attributes[attribute .. "_verified"] == "true"
  end
end

-- Assumed: an unknown user is offered a password, where the client hides it.
local factors = {
  { name = "PASSWORD", of = "PASSWORD", has = function(user) return not user or user.password ~= nil end },
  { name = "PASSWORD_SRP", of = "PASSWORD", has = function(user) return not user or user.password ~= nil end },
  { name = "EMAIL_OTP", of = "EMAIL_OTP", has = has_address "email" },
  { name = "SMS_OTP", of = "SMS_OTP", has = has_address "phone_number" },
}

local function available(pool, user)
  local allowed, names = {}, json.list {}
  for _, name in ipairs(pool.options.first_factors) do
    allowed[name] = true
  end
  for _, factor in ipairs(factors) do
    if allowed[factor.of] and factor.has(user) then
      names[#names + 1] = factor.name
      names[factor.name] = true
    end
  end
  return names
end

--- The first factors of a user, as AdminGetUserAuthFactors lists them.
-- @tparam table pool
-- @tparam table user
-- @treturn table a JSON list of names
function M.configured(pool, user)
  local names = json.list { user.password and "PASSWORD" }
  local choices = pool.options.first_factors and available(pool, user) or {}
  for _, name in ipairs { "EMAIL_OTP", "SMS_OTP" } do
    names[#names + 1] = choices[name] and name
  end
  return names
end

local function with_password(pool, progress, responses, params)
  local user = progress.user
  if not user then
    lockout.failed(pool, progress.name)
    errors.refuse "bad_password"
  end
  steps.before_password(pool, user, params)
  return steps.with_password(pool, progress, params, pool.users:has_password(user, responses.PASSWORD),
    responses.DEVICE_KEY)
end

-- Each goes on at once where the response is there already.
local ways = {
  PASSWORD = function(pool, progress, responses, params)
    if responses.PASSWORD then
      return with_password(pool, progress, responses, params)
    end
    return steps.challenge(pool, progress, "PASSWORD", {})
  end,
  PASSWORD_SRP = function(pool, progress, responses, params)
    if not responses.SRP_A then
      return steps.challenge(pool, progress, "PASSWORD_SRP", {})
    end
    local public = srp_steps.public(responses)
    if progress.user then
      steps.before_password(pool, progress.user, params)
    end
    return srp_steps.password(pool, progress, progress.name, public)
  end,
}

local function send(name)
  return function(pool, progress, _, params)
    steps.before_password(pool, progress.user, params)
    return steps.factor_challenge(pool, progress, name, params)
  end
end

ways.EMAIL_OTP, ways.SMS_OTP = send "EMAIL_OTP", send "SMS_OTP"

--- InitiateAuth with USER_AUTH.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.begin(pool, params)
  if not pool.options.first_factors then
    errors.refuse("wrong_flow", "USER_AUTH")
  end
  local parameters = params.AuthParameters or {}
  steps.check_parameters(parameters, "USERNAME")
  local name = parameters.USERNAME
  local user = pool.users:find(name)
  lockout.check(pool, user and user.username or name)
  local answer = pool:answer("initiate_auth", user, name)
  if answer == "bad_password" then
    user = nil
  elseif answer ~= "accepted" and answer ~= "simulated" then
    errors.refuse(answer, name)
  end
  local progress, choices = { user = user, name = name }, available(pool, user)
  local preferred = parameters.PREFERRED_CHALLENGE
  if preferred and choices[preferred] then
    return ways[preferred](pool, progress, parameters, params)
  end
  local result = steps.challenge(pool, progress, "SELECT_CHALLENGE", {})
  result.AvailableChallenges = json.list { (table.unpack or unpack)(choices) }
  return result
end

--- The answer to SELECT_CHALLENGE.
-- @tparam table pool
-- @tparam ?table user
-- @tparam table responses
-- @tparam table params
-- @tparam table progress
-- @treturn table
function M.choose(pool, user, responses, params, progress)
  if not available(pool, user)[responses.ANSWER] then
    errors.refuse("no_choice", responses.ANSWER)
  end
  return ways[responses.ANSWER](pool, progress, responses, params)
end

--- The answer to PASSWORD.
-- @tparam table pool
-- @tparam ?table _ user
-- @tparam table responses
-- @tparam table params
-- @tparam table progress
-- @treturn table
function M.password(pool, _, responses, params, progress)
  return ways.PASSWORD(pool, progress, responses, params)
end

--- The answer to PASSWORD_SRP.
-- @tparam table pool
-- @tparam ?table _ user
-- @tparam table responses
-- @tparam table params
-- @tparam table progress
-- @treturn table
function M.password_srp(pool, _, responses, params, progress)
  return ways.PASSWORD_SRP(pool, progress, responses, params)
end

return M

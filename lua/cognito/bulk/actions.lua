--- What a bulk job can do to a user, as data.
--
-- `operation` and `params(user, options)` make the call (or nil, a code and, where the next
-- user would fare alike, a sentence). `sends`: it asks for a
-- message to the user, so at most one may go out. `keeps_out`: it is directed at
-- whoever holds the account now, so whatever speaks for an attacker is no reason
-- to skip. `locks`: the user recovers by a code afterwards; `disables`: the user
-- cannot recover before the account is enabled again. `states`: the status that
-- the action is for; in any other the user is skipped, with the reason given
-- here. `disabled` and `enabled`: the reason to skip such a user; nil: the action
-- is for these users. `unknown` says how the outcome of a call without an answer
-- is found out:
--
-- - `repeat`: not at all; twice is as good as once.
-- - `look`: by the user's status, which the action changes to `becomes`.
-- - `uncertain`: never; the action leaves no trace that could be looked at.
--
-- An action may have `steps` instead of an operation, as `cognito.bulk.secure`
-- makes them.
-- @module cognito.bulk.actions

local random_password = require "cognito.random_password"
local secure = require "cognito.bulk.secure"
local tables = require "cognito.tables"

local M = {}

--- The actions by name.
M.all = {}
local all = M.all

-- Users are called by `sub`, which is never given twice: a name may belong to
-- another person by the time of the call. The API reference takes the sub of a
-- local user as Username in all operations on an existing one, and of a user of
-- another provider the name, which that provider's own identifier is part of.
local function person(user)
  if user.status_before == "EXTERNAL_PROVIDER" then
    return user.username
  end
  return user.sub or user.username
end

--- A user's name for a call.
-- @tparam table user
-- @treturn string
M.person = person

local function password_of(user, options)
  local password, _, fault = options.password(user)
  if type(password) ~= "string" or password == "" then
    return nil, "no_password", fault -- the message may hold one
  end
  return { username = person(user), password = password, permanent = options.permanent }
end

all.reset = {
  operation = "admin_reset_user_password",
  params = function(user, options)
    return { username = person(user), client_metadata = options.client_metadata }
  end,
  sends = true,
  sign_out = true,
  disabled = "disabled",
  states = { CONFIRMED = true, RESET_REQUIRED = "already_reset", UNCONFIRMED = "unconfirmed",
    FORCE_CHANGE_PASSWORD = "never_signed_in", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "look",
  becomes = "RESET_REQUIRED",
}

all.lock = {
  operation = "admin_set_user_password",
  params = function(user)
    return { username = person(user), password = random_password(), permanent = true }
  end,
  keeps_out = true,
  locks = true,
  sign_out = true,
  disabled = "disabled",
  states = { CONFIRMED = true, RESET_REQUIRED = true, FORCE_CHANGE_PASSWORD = true,
    UNCONFIRMED = "unconfirmed", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "repeat",
}

all["set-password"] = {
  operation = "admin_set_user_password",
  params = password_of,
  sign_out = true,
  disabled = "disabled",
  states = { CONFIRMED = true, RESET_REQUIRED = true, FORCE_CHANGE_PASSWORD = true,
    UNCONFIRMED = "unconfirmed", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "repeat",
}

all.resend = {
  operation = "resend_confirmation_code",
  params = function(user, options)
    return { username = person(user), client_metadata = options.client_metadata }
  end,
  sends = true,
  disabled = "disabled",
  states = { UNCONFIRMED = true, CONFIRMED = "confirmed", RESET_REQUIRED = "confirmed",
    FORCE_CHANGE_PASSWORD = "invited", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "uncertain",
}

-- By name: AdminCreateUser takes the name of a new user, and no page says that
-- RESEND takes a sub. The user of that name is looked up before (`recheck`).
all.invite = {
  operation = "admin_create_user",
  params = function(user, options)
    return {
      username = user.username, message_action = "RESEND",
      desired_delivery_mediums = user.medium and { user.medium } or nil,
      client_metadata = options.client_metadata,
    }
  end,
  sends = true,
  disabled = "disabled",
  states = { FORCE_CHANGE_PASSWORD = true, CONFIRMED = "confirmed", RESET_REQUIRED = "confirmed",
    UNCONFIRMED = "unconfirmed", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "uncertain",
}

-- ---- without a password and without a message ----

local function by_name(user)
  return { username = person(user) }
end

local function any_status(but)
  local states = { ARCHIVED = true, COMPROMISED = true, CONFIRMED = true, EXTERNAL_PROVIDER = true,
    FORCE_CHANGE_PASSWORD = true, RESET_REQUIRED = true, UNCONFIRMED = true, UNKNOWN = true }
  for status, reason in pairs(but or {}) do
    states[status] = reason
  end
  return states
end

-- AdminDisableUser leaves refresh tokens and the cookies of the managed login,
-- which would work again once the user is enabled.
all.disable = {
  operation = "admin_disable_user",
  params = by_name,
  keeps_out = true,
  disables = true,
  sign_out = true,
  disabled = "already_disabled",
  states = any_status(),
  unknown = "repeat",
}

all.enable = {
  operation = "admin_enable_user",
  params = by_name,
  enabled = "already_enabled",
  states = any_status(),
  unknown = "repeat",
}

-- Of disabled users, too: their refresh tokens would work again once they are
-- enabled.
all["sign-out"] = {
  operation = "admin_user_global_sign_out",
  params = by_name,
  keeps_out = true,
  ends_tokens = true,
  states = any_status { UNCONFIRMED = "unconfirmed" },
  unknown = "repeat",
}

-- By what the plan says of it, `of` makes the steps. A disabled user may have
-- sessions and factors as well.
all.secure = {
  keeps_out = true,
  unknown = "repeat",
}

local function secure_by(facts)
  local locks, factors = facts.close == "lock", {}
  for factor in (facts.factors or ""):gmatch "%S+" do
    factors[#factors + 1] = factor
  end
  return tables.add({
    steps = secure.steps(person, locks, factors), locks = locks, disables = not locks,
    states = any_status(locks and { UNCONFIRMED = "unconfirmed", EXTERNAL_PROVIDER = "external_provider" } or nil),
  }, all.secure)
end

--- The action of a job.
-- @tparam table facts about the job: `action`; of secure `close` (lock or
--   disable) and `factors` (names of those to remove, a blank between them)
-- @treturn ?table nil: there is no such action
function M.of(facts)
  return facts.action == "secure" and secure_by(facts) or all[facts.action]
end

--- The names of the actions.
-- @treturn table sorted list
function M.names()
  return { "disable", "enable", "invite", "lock", "resend", "reset", "secure", "set-password", "sign-out" }
end

return M

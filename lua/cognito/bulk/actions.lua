--- What a bulk job can do to a user, as data.
--
-- `operation` and `params(user, options)` make the call (or nil, a code and, where the next
-- user would fare alike, a sentence). `sends`: it asks for a
-- message to the user, so at most one may go out. `locks`: it keeps out whoever
-- holds the account now, so whatever speaks for an attacker is no reason to
-- skip. `states`: the status that
-- the action is for; in any other the user is skipped, with the reason given
-- here. `unknown` says how the outcome of a call without an answer is found
-- out:
--
-- - `repeat`: not at all; twice is as good as once.
-- - `look`: by the user's status, which the action changes to `becomes`.
-- - `uncertain`: never; the action leaves no trace that could be looked at.
-- @module cognito.bulk.actions

local random_password = require "cognito.random_password"

local M = {}

--- The actions by name.
M.all = {}
local all = M.all

-- Users are called by `sub`, which is never given twice: a name may belong to
-- another person by the time of the call. The API reference takes the sub of a
-- local user as Username in all operations on an existing one, and users of
-- other providers are skipped.
local function person(user)
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
  locks = true,
  sign_out = true,
  states = { CONFIRMED = true, RESET_REQUIRED = true, FORCE_CHANGE_PASSWORD = true,
    UNCONFIRMED = "unconfirmed", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "repeat",
}

all["set-password"] = {
  operation = "admin_set_user_password",
  params = password_of,
  sign_out = true,
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
  states = { FORCE_CHANGE_PASSWORD = true, CONFIRMED = "confirmed", RESET_REQUIRED = "confirmed",
    UNCONFIRMED = "unconfirmed", EXTERNAL_PROVIDER = "external_provider" },
  unknown = "uncertain",
}

--- The names of the actions.
-- @treturn table sorted list
function M.names()
  return { "invite", "lock", "resend", "reset", "set-password" }
end

return M

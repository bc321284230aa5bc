--- Who is answered what: user states against operations, as data.
--
-- Each cell is an answer: `accepted` (go on), `simulated` (200 with made-up
-- delivery details, nothing sent) or the key of a refusal in errors.lua. A
-- cell with two answers gives the second one where the app client's
-- PreventUserExistenceErrors is ENABLED. AWS describes that setting on the
-- page "Managing user existence error responses" of the developer guide.
--
-- Cells marked `assumed` stand on no source; the sandbox's option
-- `assumptions` changes them, and only them.
--
-- @module cognito.sandbox.answers
local errors = require "cognito.sandbox.errors"

local M = {}

local function cell(legacy, enabled)
  return { LEGACY = legacy, ENABLED = enabled or legacy }
end

local function assumed(legacy, enabled)
  local result = cell(legacy, enabled)
  result.assumed = true
  return result
end

-- A state that a row leaves out is `accepted`. `no_contact` is a user who is
-- CONFIRMED or RESET_REQUIRED with no verified address that recovery may use;
-- `admin_only` is a pool whose users are recovered by administrators.
local function rows()
  return {
    forgot_password = {
      unknown = cell("unknown_user", "simulated"),
      disabled = assumed("user_disabled", "simulated"),
      UNCONFIRMED = cell("no_verified_contact", "simulated"),
      FORCE_CHANGE_PASSWORD = cell("wrong_state", "simulated"),
      EXTERNAL_PROVIDER = cell("wrong_state", "simulated"),
      no_contact = cell("no_verified_contact", "simulated"),
      admin_only = assumed "admin_only",
    },
    confirm_forgot_password = {
      unknown = assumed("unknown_user", "wrong_code"),
      disabled = assumed("user_disabled", "wrong_code"),
      UNCONFIRMED = assumed "not_confirmed",
    },
    confirm_sign_up = {
      unknown = assumed("unknown_user", "expired_code"),
    },
    resend_confirmation_code = {
      unknown = cell("unknown_user", "simulated"),
      disabled = assumed("user_disabled", "simulated"),
      CONFIRMED = cell("already_confirmed", "simulated"),
      no_contact = cell("already_confirmed", "simulated"),
      RESET_REQUIRED = assumed("already_confirmed", "simulated"),
      FORCE_CHANGE_PASSWORD = assumed("already_confirmed", "simulated"),
      EXTERNAL_PROVIDER = assumed("already_confirmed", "simulated"),
      admin_only = assumed "accepted",
    },
    admin_reset_user_password = {
      unknown = cell "no_such_user",
      disabled = cell "user_disabled",
      RESET_REQUIRED = assumed "accepted",
      UNCONFIRMED = assumed "wrong_state",
      FORCE_CHANGE_PASSWORD = cell "wrong_state",
      EXTERNAL_PROVIDER = assumed "wrong_state",
      no_contact = assumed "no_verified_contact",
      admin_only = assumed "admin_only",
    },
    initiate_auth = {
      unknown = cell("no_such_user", "bad_password"),
      disabled = assumed("user_disabled", "bad_password"),
      EXTERNAL_PROVIDER = assumed "bad_password",
      RESET_REQUIRED = assumed "reset_required",
    },
    admin_create_user_resend = {
      unknown = cell "no_such_user",
      CONFIRMED = assumed "unsupported_state",
      no_contact = assumed "unsupported_state",
      RESET_REQUIRED = assumed "unsupported_state",
      UNCONFIRMED = assumed "unsupported_state",
      EXTERNAL_PROVIDER = assumed "unsupported_state",
    },
  }
end

-- Assumptions that are not a cell of the table: the default and what else is
-- possible.
local switches = {
  -- Which of several outstanding codes is valid: reports disagree.
  valid_code = { "latest", "any" },
  -- Whether confirm_forgot_password looks at the password before the code,
  -- so that a weak password leaves the code unspent.
  weak_password_first = { true, false },
  -- Whether admin_confirm_sign_up verifies the contact.
  admin_confirm_verifies = { false, true },
}

local function is_answer(value)
  return value == "accepted" or value == "simulated" or errors.known(value)
end

local function set_switch(answers, name, value, complain)
  local choices = switches[name]
  if value ~= choices[1] and value ~= choices[2] then
    complain("assumptions.%s must be %s or %s", name, tostring(choices[1]),
      tostring(choices[2]))
  end
  answers[name] = value
end

local function set_cells(name, row, given, complain)
  if type(given) ~= "table" then
    complain("assumptions.%s must be a table of user states", name)
  end
  for state, value in pairs(given) do
    local path = ("assumptions.%s.%s"):format(name, tostring(state))
    local old = row[state]
    if not (old and old.assumed) then
      complain("%s is no assumption: it is documented, or unknown", path)
    end
    if type(value) == "string" then value = cell(value) end
    if type(value) ~= "table" or not is_answer(value.LEGACY)
      or not is_answer(value.ENABLED) then
      complain("%s must be an answer or { LEGACY =, ENABLED = }", path)
    end
    row[state] = value
  end
end

--- The table with the caller's assumptions in it.
-- @tparam[opt] table assumptions by operation and user state, plus switches
-- @tparam function complain raises; takes a format and its values
-- @treturn table for `M.find`
function M.build(assumptions, complain)
  local answers = { rows = rows() }
  for name, choices in pairs(switches) do answers[name] = choices[1] end
  if assumptions ~= nil and type(assumptions) ~= "table" then
    complain("assumptions must be a table")
  end
  for name, value in pairs(assumptions or {}) do
    if switches[name] then
      set_switch(answers, name, value, complain)
    elseif answers.rows[name] then
      set_cells(name, answers.rows[name], value, complain)
    else
      complain("unknown assumption '%s'", tostring(name))
    end
  end
  return answers
end

--- What an operation answers about a user in a state.
-- @tparam table options complete options of the sandbox
-- @tparam string operation
-- @tparam string state `unknown`, `disabled`, `no_contact` or a UserStatus
-- @treturn string `accepted`, `simulated` or the key of a refusal
function M.find(options, operation, state)
  local row = options.answers.rows[operation]
  if options.recovery == "admin_only" and row.admin_only then
    local answer = row.admin_only[options.prevent_user_existence_errors]
    if answer ~= "accepted" then return answer end
  end
  local found = row[state]
  if not found then return "accepted" end
  return found[options.prevent_user_existence_errors]
end

return M

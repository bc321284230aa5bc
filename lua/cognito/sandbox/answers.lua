--- Answers by user state and operation, as data.
--
-- Each cell is an answer: `accepted` (go on), `simulated` (200 with made-up
-- delivery details, nothing sent) or the key of a refusal in errors.lua. A
-- cell with two answers gives the second one where the app client's
-- PreventUserExistenceErrors is ENABLED. An answer that is a list is given in
-- turn.
--
-- Every cell names its source. Cells marked `assumed` stand on none; the
-- sandbox's option `assumptions` changes them, and only them.
--
-- @module cognito.sandbox.answers
local errors = require "cognito.sandbox.errors"

local M = {}

local ERRORS_PAGE = "developer guide: Managing user existence error responses"
local FORGOT_API = "API reference: ForgotPassword"
local RESET_API = "API reference: AdminResetUserPassword"
local REPORTS = "reports of users"
local EMULATORS = "text as several emulators quote it"

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

-- A state that a row leaves out is `accepted`. `no_contact` is a user who is
-- CONFIRMED or RESET_REQUIRED with no verified address that recovery may use;
-- `admin_only` is a pool whose users are recovered by administrators.
local function rows()
  return {
    forgot_password = {
      unknown = cell(ERRORS_PAGE, "unknown_user",
        { "simulated", "no_verified_contact" }),
      disabled = half_assumed(ERRORS_PAGE, "user_disabled", "simulated"),
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
    },
  }
end

-- Behaviour that is not a cell of the table: the default, what else is
-- possible, and where the default comes from. All of them can be switched,
-- because sources are missing or disagree.
local switches = {
  -- Which of several outstanding codes is valid.
  valid_code = { "latest", "any", source = "assumed" },
  -- Whether confirm_forgot_password looks at the password before the code,
  -- so that a weak password leaves the code unspent.
  weak_password_first = { true, false, source = "assumed" },
  -- Whether admin_confirm_sign_up verifies the contact.
  admin_confirm_verifies = { false, true, source = "assumed" },
  -- Whether an unknown name under ENABLED is refused every second time. Other
  -- pages speak of simulated deliveries only.
  unknown_alternates = { true, false, source = ERRORS_PAGE },
  -- Whether filters on names and addresses ignore case. The reference says so
  -- of cognito:user_status and the opposite of username and status.
  filters_ignore_case = { true, false, source = "assumed" },
  -- How a missing or unexpected secret hash is worded: people report both.
  secret_texts = { "by_client", "general", source = REPORTS },
  -- Whether a challenge can be answered again after a wrong answer.
  wrong_answer_keeps_session = { true, false, source = "assumed" },
}

local is_answer
function is_answer(value)
  if type(value) ~= "table" then
    return value == "accepted" or value == "simulated" or errors.known(value)
  end
  for _, each in ipairs(value) do
    if type(each) == "table" or not is_answer(each) then
      return false
    end
  end
  return value[1] ~= nil
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
    if type(value) == "string" then
      value = cell("given", value)
    end
    if type(value) ~= "table" or not is_answer(value.LEGACY)
      or not is_answer(value.ENABLED) then
      complain("%s must be an answer or { LEGACY =, ENABLED = }", path)
    end
    row[state] = { LEGACY = value.LEGACY, ENABLED = value.ENABLED,
      source = "given", assumed = true }
  end
end

--- The table with the caller's assumptions in it.
-- @tparam[opt] table assumptions by operation and user state, plus switches
-- @tparam function complain raises; takes a format and its values
-- @treturn table for `M.find`
function M.build(assumptions, complain)
  local answers = { rows = rows() }
  for name, choices in pairs(switches) do
    answers[name] = choices[1]
  end
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

local function in_turn(answers, list, turn)
  if not answers.unknown_alternates then
    return list[1]
  end
  return list[(turn - 1) % #list + 1]
end

-- Where a row says nothing of users without an address, their status counts.
local function answer_of(options, row, state, turn, status)
  local found = row[state] or state == "no_contact" and row[status]
  local answer = found and found[options.prevent_user_existence_errors]
    or "accepted"
  if type(answer) ~= "table" then
    return answer
  end
  return in_turn(options.answers, answer, turn)
end

--- An operation's answer about a user in a state.
-- @tparam table options complete options of the sandbox
-- @tparam string operation
-- @tparam string state `unknown`, `disabled`, `no_contact` or a UserStatus
-- @tparam[opt=1] integer turn how often it has been asked about this name,
--   this time included
-- @tparam[opt] string status the UserStatus behind `no_contact`
-- @treturn string `accepted`, `simulated` or the key of a refusal
function M.find(options, operation, state, turn, status)
  local row = options.answers.rows[operation]
  if options.recovery == "admin_only" and row.admin_only then
    local answer = answer_of(options, row, "admin_only", turn or 1)
    if answer ~= "accepted" then
      return answer
    end
  end
  return answer_of(options, row, state, turn or 1, status)
end

--- Every behaviour that has a source, for documentation and its test.
-- @treturn table list of `{ name, source, assumed }`; of a cell the name is
--   `operation.state`
function M.sources()
  local list = {}
  for operation, states in pairs(rows()) do
    for state, each in pairs(states) do
      list[#list + 1] = { name = operation .. "." .. state,
        source = each.source, assumed = each.assumed }
    end
  end
  for name, switch in pairs(switches) do
    list[#list + 1] = { name = name, source = switch.source, assumed = true }
  end
  return list
end

return M

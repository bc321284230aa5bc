--- Answers by user state and operation: the table of `cognito.recovery.rules`,
-- the caller's assumptions in it, and how an answer is found there.
--
-- @module cognito.sandbox.answers
local errors = require "cognito.sandbox.errors"
local rules = require "cognito.recovery.rules"

local M = {}

local REPORTS, ERRORS_PAGE = rules.REPORTS, rules.ERRORS_PAGE

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
      value = { LEGACY = value, ENABLED = value }
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
  local answers = { rows = rules.rows() }
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
  for operation, states in pairs(rules.rows()) do
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

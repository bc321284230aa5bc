--- The steps of an action that has several, as `cognito.bulk.steps` records them.
-- A row's `over` has a letter for each step: `.` not over, `d` done, `f` failed,
-- `u` unknown.

local states = require "spec.support.bulk_model.state"

local M = {}

local none = states.none

local function put(letters, i, letter)
  return letters:sub(1, i - 1) .. letter .. letters:sub(i + 1)
end

--- Whether a call that a row is at may be made once at most.
-- @tparam table config
-- @tparam number step
-- @treturn boolean
function M.is_once(config, step)
  return config.steps ~= nil and config.steps[step] == "once"
end

--- The service carries out a step for a user.
-- @tparam table user
-- @tparam table config
-- @tparam number step
-- @treturn table what changes of the user
function M.carried_out(user, config, step)
  local more = M.is_once(config, step) and 1 or 0
  return { done = math.min(user.done + more, 3), steps = put(user.steps, step, "d") }
end

-- A row's state when all steps are over.
local function sum(over)
  return over:find "u" and "uncertain" or over:find "f" and "failed" or "accepted"
end

--- A step is over: the row goes on with the next one, or ends.
-- @tparam table state
-- @tparam number i the row
-- @tparam number step
-- @tparam string letter
function M.go_on(state, i, step, letter)
  local over = put(state.rows[i].over, step, letter)
  local next_step = over:find(".", 1, true)
  local is_open = next_step ~= nil
  states.row(state, i, { over = over, step = next_step, state = is_open and "planned" or sum(over), worker = none,
    look = none, tries = 0, seen = is_open and 0 or nil, failed_by = none })
end

--- Marks the step that a row is at when it is given up.
-- @tparam table state
-- @tparam number i
function M.abandon(state, i)
  local row = state.rows[i]
  if row.over ~= "" then
    states.row(state, i, { over = put(row.over, row.step, "u") })
  end
end

--- Rows go back to their first step of these letters, as far as they are planned.
-- @tparam table state
-- @tparam string letters as in a set of a pattern
function M.repeat_those(state, letters)
  for i, row in ipairs(state.rows) do
    local first = row.state == "planned" and row.over:find("[" .. letters .. "]")
    if first then
      states.row(state, i, { step = first, over = (row.over:gsub("[" .. letters .. "]", ".")) })
    end
  end
end

--- Whether what a row says of its steps is true.
-- @tparam table row
-- @tparam table user
-- @tparam table config
-- @treturn boolean
function M.is_honest(row, user, config)
  local missed = row.state == "accepted" and row.over:find "[^d]"
  for step in ipairs(config.steps) do
    local letter = row.over:sub(step, step)
    missed = missed or letter == "d" and user.steps:sub(step, step) ~= "d"
    missed = missed or letter == "f" and M.is_once(config, step) and user.done > user.allowed
  end
  return not missed
end

return M

--- The steps of a user's row, where an action has several: what became of each.
-- A step that is over stays as it is until an operator has it tried again; one
-- that is `open` counts what was ended before it has to be repeated.
-- @module cognito.bulk.steps

local sound = require "cognito.bulk.journal.sound"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

-- The row's own step, of the same attempt: a write that comes twice or too late
-- changes nothing.
local held = "SELECT id FROM users WHERE id = ? AND attempts = ? AND step = ? AND "

--- Whether a row is still at the step that an outcome is about; if so, it is
-- kept from all others until the transaction ends.
-- @tparam table journal
-- @tparam table row
-- @tparam string condition about the row's state
-- @treturn boolean
function M.is_at(journal, row, condition)
  return journal:hold_row(held .. condition, row.id, row.attempts, row.step) ~= nil
end

--- Writes what became of a step.
-- @tparam table journal
-- @tparam table row `id` and `step`
-- @tparam string state done, failed, unknown, unavailable or open
-- @tparam table outcome `code`, `detail`, `request_id`, `found`, `ended`
-- @tparam ?number now epoch seconds
function M.write(journal, row, state, outcome, now)
  local before = journal:row("SELECT found, ended FROM steps WHERE user_id = ? AND step = ?", row.id, row.step)
  local ended = before and tonumber(before.ended) or 0
  local found = outcome.found and ended + outcome.found or before and tonumber(before.found) or 0
  journal:run("DELETE FROM steps WHERE user_id = ? AND step = ?", row.id, row.step)
  journal:run([[INSERT INTO steps (user_id, step, state, code, detail, request_id, found, ended, finished_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)]], row.id, row.step, state, outcome.code, outcome.detail, outcome.request_id,
    found, ended + (outcome.ended or 0), state ~= "open" and now or nil)
end

--- Notes what a step has ended that is to be repeated.
-- @tparam table journal
-- @tparam table row
-- @tparam table outcome
function M.note(journal, row, outcome)
  if outcome.found and M.is_at(journal, row, "state = 'started' AND look_at IS NULL") then
    M.write(journal, row, "open", outcome)
  end
end

--- The step that comes next: the first one of which nothing is recorded.
-- @tparam table journal
-- @tparam table row
-- @tparam table action
-- @treturn ?number nil: none
function M.after(journal, row, action)
  local over = {}
  for _, each in ipairs(journal:rows("SELECT step FROM steps WHERE user_id = ? AND state <> 'open'", row.id)) do
    over[tonumber(each.step)] = true
  end
  for number in ipairs(action.steps) do
    if not over[number] then
      return number
    end
  end
end

-- A step that went wrong decides about its row; the worst first.
local worst = { { "unknown", "uncertain" }, { "failed", "failed" } }

--- The state of a row by all of its steps.
-- @tparam table journal
-- @tparam table row
-- @tparam table action
-- @treturn string accepted, failed or uncertain
-- @treturn ?string the code of the first step that is to blame
-- @treturn ?string the step's name
function M.sum(journal, row, action)
  for _, each in ipairs(worst) do
    local found = journal:row("SELECT step, code FROM steps WHERE user_id = ? AND state = ? ORDER BY step LIMIT 1",
      row.id, each[1])
    if found then
      return each[2], found.code, action.steps[tonumber(found.step)].name
    end
  end
  return "accepted"
end

-- ---- again ----

--- Sends rows back to their first step of certain states, and lets those be
-- taken again. The rows are planned already.
-- @tparam table journal
-- @tparam table states list
function M.repeat_those(journal, states)
  journal:run([[UPDATE users SET step = coalesce(
      (SELECT min(s.step) FROM steps s WHERE s.user_id = users.id AND s.state IN ?), step)
    WHERE state = 'planned' AND plan = 'act']], states)
  journal:run([[UPDATE steps SET state = 'open' WHERE state IN ?
    AND user_id IN (SELECT id FROM users WHERE state = 'planned' AND plan = 'act')]], states)
end

--- Marks the step that each open row of lost workers is at.
-- @tparam table journal
-- @tparam string whose a condition about rows of `users`
-- @tparam number now epoch seconds
function M.abandon(journal, whose, now)
  journal:run(([[UPDATE steps SET state = 'unknown', code = 'worker_lost', finished_at = ? WHERE state = 'open'
    AND user_id IN (SELECT id FROM users WHERE state = 'started' AND %s)]]):format(whose), now)
  journal:run(([[INSERT INTO steps (user_id, step, state, code, found, ended, finished_at)
    SELECT id, step, 'unknown', 'worker_lost', 0, 0, ? FROM users WHERE state = 'started' AND %s AND NOT EXISTS
    (SELECT 1 FROM steps s WHERE s.user_id = users.id AND s.step = users.step)]]):format(whose), now)
end

-- ---- reading ----

local columns = "user_id, step, state, code, detail, request_id, found, ended, finished_at"

local read_columns, read_state = sound.reader("steps", columns), sound.reader("steps", "step, state")

local function read(row, names)
  return {
    step = names[row.step] or ("step %.0f"):format(row.step), state = row.state, code = row.code, detail = row.detail,
    request_id = row.request_id, found = row.found, ended = row.ended, finished_at = row.finished_at,
  }
end

--- The steps of some rows.
-- @tparam table journal
-- @tparam table action
-- @tparam table ids list
-- @treturn table from id to a list of `step` (its name), `state`, `code`,
--   `detail`, `request_id`, `found`, `ended`, `finished_at`
function M.of(journal, action, ids)
  local names, by_id = {}, {}
  for i, step in ipairs(action.steps) do
    names[i] = step.name
  end
  for _, row in ipairs(journal:rows("SELECT " .. columns .. " FROM steps WHERE user_id IN ? ORDER BY user_id, step",
      ids)) do
    local id = read_columns(row).user_id
    by_id[id] = by_id[id] or {}
    table.insert(by_id[id], read(row, names))
  end
  return by_id
end

--- How many users each step has left in which state.
-- @tparam table journal
-- @tparam table action
-- @treturn table list of `step`, `done`, `failed`, `unknown`, `unavailable`
function M.counts(journal, action)
  local counts = {}
  for i, step in ipairs(action.steps) do
    counts[i] = { step = step.name, done = 0, failed = 0, unknown = 0, unavailable = 0 }
  end
  for _, row in ipairs(journal:rows [[SELECT step, state, count(*) AS n FROM steps WHERE state <> 'open'
      GROUP BY step, state]]) do
    local count = counts[read_state(row).step] or sound.refuse("a step", "step of this action")
    count[row.state] = tonumber(row.n)
  end
  return counts
end

--- How many steps are over, of users who are not.
-- @tparam table journal
-- @treturn number
function M.over(journal)
  return tonumber(journal:row([[SELECT count(*) AS n FROM steps s JOIN users u ON u.id = s.user_id
    WHERE s.state <> 'open' AND u.state IN ('planned', 'started')]]).n)
end

return M

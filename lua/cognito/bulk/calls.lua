--- The calls that a job makes for a user, each in a task of its own. They know
-- nothing of the journal: what came of them is left to the runner's next turn.
-- @module cognito.bulk.calls

local actions = require "cognito.bulk.actions"
local outcomes = require "cognito.bulk.outcome"
local pool_users = require "cognito.bulk.pool_users"
local recheck = require "cognito.bulk.recheck"
local rows = require "cognito.bulk.rows"

local M = {}

local LATE = 30 -- seconds after its claim that a call is not made any more

local function leave(runner, kind, row, outcome)
  outcome.kind, outcome.row = kind, row
  runner.outcomes[#runner.outcomes + 1] = outcome
  return outcome
end

--- Ends a user's sessions. A user who is gone has none left.
-- @tparam table runner
-- @tparam table row
function M.sign_out(runner, row)
  runner.at "sign_out"
  local outcome = outcomes.of(runner.pool:admin_user_global_sign_out { username = actions.person(row) })
  if outcome.code == "UserNotFoundException" then
    outcome.state = "accepted"
  end
  leave(runner, "sign_out", row, outcome)
end

-- Something may have kept this task waiting (a program's hook, a suspended
-- machine) for so long that others could take its worker for lost. By both
-- clocks: the one does not go on while a machine sleeps, the other can be set.
local function is_late(runner, row)
  local most = math.min(LATE, runner.options.lease / 2)
  return runner.engine:clock() - row.claimed_at > most or math.abs(runner:now() - row.started_at) > most
end

-- The reason not to make a user's call, as the outcome of the row; or nil. A
-- look that went wrong has carried nothing out, whatever it met.
local function obstacle(runner, row)
  if not runner.job.recheck then
    return nil
  end
  runner.at "recheck"
  local same, changed_or_err, third = recheck.look(runner.pool, runner.recheck, row)
  if same then
    return nil
  elseif same == false then
    return { state = "skipped", code = "changed_since_plan", detail = changed_or_err, is_trace = third }
  end
  local outcome = outcomes.of(nil, changed_or_err, third)
  outcome.state = outcome.state == "failed" and "failed" or "planned"
  return outcome
end

--- Does to a user what the job is for. The session's end goes with it, in the
-- same slot of the pace: one user is one slot.
-- @tparam table runner
-- @tparam table row
function M.action(runner, row)
  local action = runner.job.action
  local params, code, fault = action.params(row, runner.options)
  if not params then
    leave(runner, "action", row, outcomes.without_call(code, fault))
    return
  end
  local found = obstacle(runner, row)
  if found then
    leave(runner, "action", row, found)
    return
  end
  runner.at "call"
  if is_late(runner, row) then
    leave(runner, "action", row, { state = "planned", code = "late" })
    return
  end
  local outcome = leave(runner, "action", row, outcomes.of(runner.pool[action.operation](runner.pool, params)))
  runner.at "called"
  if outcome.state == "accepted" and runner.job.sign_out then
    outcome.sign_out = "started"
    M.sign_out(runner, row)
  end
end

-- Only the service's own answer about the user counts.
local function verdict_on(action, row, user, err)
  if user then
    return rows.verdict(row, pool_users.user(user), action)
  end
  return err.code == "UserNotFoundException" and "uncertain" or "again"
end

--- Looks what became of a call. By AdminGetUser, because ListUsers may be
-- behind.
-- @tparam table runner
-- @tparam table row
function M.look(runner, row)
  local action = runner.job.action
  if action.unknown == "repeat" then
    leave(runner, "look", row, { verdict = "repeat" })
    return
  end
  runner.at "look"
  local user, err, meta = runner.pool:admin_get_user { username = actions.person(row) }
  local outcome = outcomes.of(user, err, meta)
  leave(runner, "look", row, {
    verdict = verdict_on(action, row, user, err), slow = outcome.slow, stop = outcome.stop, err = outcome.err,
    unreachable = outcome.unreachable,
  })
end

return M

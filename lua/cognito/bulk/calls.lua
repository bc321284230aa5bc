--- The calls that a job makes for a user. Each method makes one, in the task
-- that calls it, and returns what came of it. Nothing is written here, and
-- nothing is known of the journal.
-- @module cognito.bulk.calls

local actions = require "cognito.bulk.actions"
local clients = require "cognito.client"
local outcomes = require "cognito.bulk.outcome"
local pool_users = require "cognito.bulk.pool_users"
local recheck = require "cognito.bulk.recheck"
local rows = require "cognito.bulk.rows"
local shared = require "cognito.recovery.steps"
local stepwise = require "cognito.bulk.stepwise"
local times = require "cognito.bulk.times"

local M = {}

local calls = {}
local calls_mt = { __index = calls }

-- The action sign-out has revoked the tokens itself.
local function end_sessions(self, row)
  local outcome = self.action.ends_tokens and { state = "accepted" }
    or outcomes.of(self.client:admin_user_global_sign_out { username = actions.person(row) })
  if outcome.state == "accepted" and self.ends_sessions then
    return stepwise.end_all(self.client, row, shared.kinds.sessions)
  end
  return outcome
end

--- Ends a user's sessions. A user who is gone has none left.
-- @tparam table row
-- @treturn table outcome, as `cognito.bulk.outcome` makes them
function calls:sign_out(row)
  self.at "sign_out"
  local outcome = end_sessions(self, row)
  if outcome.code == "UserNotFoundException" then
    outcome.state = "accepted"
  end
  return outcome
end

-- The date for a row's call; nil where it is late: a program's hook or a suspended
-- machine may have delayed this task for so long that other workers could take
-- its own for lost. By both clocks: the one stands still while a machine sleeps,
-- the other can be set. The task can be delayed once more, before the request is
-- signed and sent (credentials have to be fetched, the machine sleeps): then the
-- service refuses it, because of this date.
local function date_of(self, row, claimed_at)
  local most, now = math.min(times.LATE, self.lease / 2), clients.time(self.client)
  local is_late = self.clock() - claimed_at > most or math.abs(now - row.started_at) > most
  return not is_late and now or nil
end

-- The reason not to make a user's call, as the outcome of the row; or nil. A
-- look that went wrong has carried nothing out, whatever it met.
local function obstacle(self, row)
  if not self.recheck then
    return nil
  end
  self.at "recheck"
  local same, changed_or_err, third = recheck.look(self.client, self.recheck, row)
  if same then
    return nil
  elseif same == false then
    return { state = "skipped", code = "changed_since_plan", detail = changed_or_err, is_trace = third }
  end
  local outcome = outcomes.of(nil, changed_or_err, third)
  outcome.state = outcome.state == "failed" and "failed" or "planned"
  return outcome
end

local function ask(self, params, date)
  local outcome = outcomes.of(clients.call_dated(self.client, self.action.operation, params, date))
  if outcome.state == "accepted" and self.signs_out then
    outcome.sign_out = "started"
  end
  self.at "called"
  return outcome
end

-- One step of an action that has several.
local function take_step(self, row, claimed_at)
  local step = self.action.steps[row.step]
  self.at "call"
  local date = date_of(self, row, claimed_at)
  if not date then
    return { state = "planned", code = "late" }
  end
  local outcome = step.kind and stepwise.end_all(self.client, row, step.kind)
    or stepwise.of(clients.call_dated(self.client, step.operation, step.params(row), date))
  self.at "called"
  return outcome
end

--- Does to a user what the job is for.
-- @tparam table row
-- @tparam number claimed_at on the monotonic clock: before the claim was
--   committed
-- @treturn table outcome; `sign_out` is started where the caller is to end the
--   user's sessions next, in the same slot of the pace: one user is one slot
function calls:act(row, claimed_at)
  if self.action.steps then
    return take_step(self, row, claimed_at)
  end
  local params, code, fault = self.action.params(row, self.given)
  if not params then
    return outcomes.without_call(code, fault)
  end
  local found = obstacle(self, row)
  if found then
    return found
  end
  self.at "call"
  local date = date_of(self, row, claimed_at)
  if not date then
    return { state = "planned", code = "late" }
  end
  return ask(self, params, date)
end

-- Only the service's own answer about the user counts.
local function verdict_on(action, row, user, err)
  if user then
    return rows.verdict(row, pool_users.user(user), action)
  end
  return err.code == "UserNotFoundException" and "uncertain" or "again"
end

--- Looks up what became of a call. By AdminGetUser, because ListUsers may be
-- behind.
-- @tparam table row
-- @treturn table outcome: `verdict` as `rows.judge` takes it; `slow`, `stop`,
--   `unreachable` and `err` as of any call
function calls:look(row)
  local action = self.action
  local step = action.steps and action.steps[row.step]
  if action.unknown == "repeat" then
    return { verdict = step and step.once and "uncertain" or "repeat" }
  end
  self.at "look"
  local user, err, meta = self.client:admin_get_user { username = actions.person(row) }
  local outcome = outcomes.of(user, err, meta)
  return {
    verdict = verdict_on(action, row, user, err), slow = outcome.slow, stop = outcome.stop, err = outcome.err,
    unreachable = outcome.unreachable,
  }
end

local by_kind = { action = calls.act, look = calls.look, sign_out = calls.sign_out }

--- Makes the call of one piece of work.
-- @tparam string kind action, look or sign_out
-- @tparam table row
-- @tparam number claimed_at on the monotonic clock
-- @treturn table outcome
function calls:make(kind, row, claimed_at)
  return by_kind[kind](self, row, claimed_at)
end

--- Makes what calls for the users of a run.
-- @tparam table given `client` (that tries once), `action`, `sign_out`
--   (whether users are signed out), `sessions` (whether those of the managed
--   login are ended as well), `recheck` (`action`, `pool_facts`, `key`; nil:
--   users are not looked up before), `password`, `client_metadata` and
--   `permanent` for the action, `lease` (seconds), `clock` (a function:
--   monotonic seconds), `at` (called with the name of each step)
-- @treturn table calls
function M.new(given)
  return setmetatable({
    client = given.client, action = given.action, signs_out = given.sign_out,
    ends_sessions = given.sessions, recheck = given.recheck,
    given = { password = given.password, client_metadata = given.client_metadata, permanent = given.permanent },
    lease = given.lease, clock = given.clock, at = given.at,
  }, calls_mt)
end

return M

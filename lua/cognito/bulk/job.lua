--- A bulk job: what can be done with a journal once there is one.
-- @module cognito.bulk.job

local actions = require "cognito.bulk.actions"
local again = require "cognito.bulk.again"
local failure = require "cognito.bulk.failure"
local forecast = require "cognito.bulk.forecast"
local leftovers = require "cognito.bulk.leftovers"
local limits = require "cognito.bulk.limits"
local options = require "cognito.bulk.options"
local pace = require "cognito.bulk.pace"
local plan = require "cognito.bulk.plan"
local preflight = require "cognito.bulk.preflight"
local quotas = require "cognito.bulk.quotas"
local report = require "cognito.bulk.report"
local rows = require "cognito.bulk.rows"
local runs = require "cognito.bulk.run"
local selection = require "cognito.bulk.selection"
local states = require "cognito.bulk.states"
local steps = require "cognito.bulk.steps"
local tally = require "cognito.bulk.tally"
local workers = require "cognito.bulk.workers"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

local job = {}
local job_mt = { __index = job, __name = "cognito.BulkJob" }

function job_mt:__tostring()
  return ("cognito bulk job (%s)"):format(self.closed and "closed" or self.facts.action)
end

-- ---- what is known ----

local function refresh(self)
  self.facts = self.journal:facts()
  return self.facts
end

local function step_names(action)
  local names = {}
  for i, step in ipairs(action.steps or names) do
    names[i] = step.name
  end
  return names[1] and names or nil
end

-- By the rate of the job, or by those of the account, whichever takes longer.
local function add_time(self, summary, facts)
  summary.quotas = quotas.read(facts.quotas)
  summary.seconds = summary.act * forecast.slots(self.action) / summary.rate
  local seconds, category = quotas.seconds(summary.quotas, quotas.calls(self.action, summary), summary.act)
  if seconds > summary.seconds then
    summary.seconds, summary.bound_by = seconds, category
  end
  summary.mails_a_day = facts.mail_sender == "COGNITO_DEFAULT" and preflight.BUILTIN_MAIL or nil
end

--- What the plan says, in numbers.
-- @treturn[1] table `plan` (the hash), `action`, `sign_out`, `sessions`, `recheck`, `pool`,
--   `created_before` (epoch seconds) and `statuses` (a list), where the plan
--   chose by them, `total`, `by_note` and `no_way_back` (users who will be acted on, and cannot
--   recover afterwards: disabled, or without a contact that a code goes to), `locks` and
--   `disables` (whether the action does that),
--   `act`, `skip`, `by_status`, `by_reason`, `by_medium`, `duplicates`,
--   `resumed` (whether the plan was interrupted, and went on),
--   `unmatched` (names of users to leave out that match no user) and
--   `unmatched_names` (the first ten, with their lines),
--   `rate` (users per second), `seconds` (what the run takes at that rate,
--   whatever the daily limit), `quotas` (where they were looked up: from
--   category to requests per second, or the code of an error) and `bound_by`
--   (the category whose rate takes longer than the job's), `mails_a_day` (of the
--   pool's built-in sender), `calls_per_user` (of the run), `steps` (their
--   names, where the action has several: each takes a slot of the rate),
--   `calls` of the plan (`list_users`, and `admin_get_user`, which are billed)
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function job:summary()
  return failure.catch(function()
    local facts = refresh(self)
    if facts.state == "planning" then
      states.refuse(facts.state)
    end
    local summary = plan.counts(self.journal)
    summary.plan, summary.action, summary.pool = facts.plan_sha256, facts.action, facts.pool
    summary.locks, summary.disables = self.action.locks or false, self.action.disables or false
    summary.no_way_back = self.action.disables and summary.act or summary.no_way_back
    summary.resumed = facts.plan_resumed == "true"
    summary.sessions = facts.sessions == "true"
    summary.sign_out, summary.recheck = facts.sign_out == "true", facts.recheck == "true"
    summary.created_before, summary.statuses = selection.of(facts)
    summary.duplicates = tonumber(facts.duplicates)
    summary.unmatched, summary.unmatched_names = tonumber(facts.unmatched or 0), facts.unmatched_names or ""
    summary.rate, summary.calls_per_user = pace.full_rate(self.journal), forecast.calls(self.action, summary)
    add_time(self, summary, facts)
    summary.steps = step_names(self.action)
    summary.calls = { list_users = tonumber(facts.list_users), admin_get_user = tonumber(facts.admin_get_user) }
    return summary
  end)
end

local function is_worked_on(self)
  if self.runner or not self.journal:lock() then
    return true
  end
  self.journal:release()
  return false
end

-- A job that is done has something left where sign-outs are tried again.
local function time_left(self, status)
  if states.over[status.state] then
    return nil
  end
  local slots = forecast.slots(self.action)
  local over = slots > 1 and steps.over(self.journal) or 0
  local limit = self.action.sends and limits.of(self.journal).daily_limit or 0
  return forecast.left(status, pace.full_rate(self.journal), limit,
    limit > 0 and rows.sent_in_a_day(self.journal, self.now()) or 0, slots, over)
end

-- Nothing to wait for where the limit is not used up.
local function limited_until(self)
  local limit, now = limits.of(self.journal).daily_limit or 0, self.now()
  if self.action.sends and limit > 0 and rows.sent_in_a_day(self.journal, now) >= limit then
    return rows.limit_until(self.journal, now)
  end
end

local function read_status(self)
  local facts, status = refresh(self), tally.counts(self.journal)
  status.total = 0
  for _, state in ipairs(tally.outcomes) do
    status.total = status.total + status[state]
  end
  status.steps = self.action.steps and steps.counts(self.journal, self.action)
  status.failed_by_code = tally.failed_by_code(self.journal)
  status.state, status.why, status.plan = facts.state, facts.why, facts.plan_sha256
  status.action, status.pool, status.is_worked_on = facts.action, facts.pool, is_worked_on(self)
  status.rate = pace.look(self.journal).rate
  status.seconds_left, status.waits_for_days = time_left(self, status)
  status.daily_limit_until = limited_until(self)
  status.limits, status.endpoint = limits.of(self.journal), facts.endpoint
  status.runs = workers.list(self.journal)
  return status
end

--- How far the job is.
-- @treturn[1] table `state` (planned, approved, running, held, paused,
--   cancelled or done), `why` it stopped last, `is_worked_on`; `planned`, `started`,
--   `accepted`, `failed`, `skipped`, `uncertain`, and `still_signed_in` (the
--   action was accepted, the sign-out failed): numbers of users, each counted
--   once; `steps` (of secure: a list of `step`, `done`, `failed`, `unknown`,
--   `unavailable`: numbers of users); `failed_by_code`; `sign_outs`: how many are still open; `total`,
--   `rate`, `limits` (from name to value, as `run` takes them), `endpoint`, `runs`, `plan`, `action`, `pool`;
--   `seconds_left`, at the full rate and within the daily limit, where there is work left, and `waits_for_days`:
--   whether that limit makes most of it; `daily_limit_until`, epoch seconds: where it is used up, when it lets
--   messages out again
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function job:status()
  local status, err = failure.catch(read_status, self)
  -- Those who look for days outlive a connection. A run sees to its own.
  if err and err.temporary and not self.runner and self.journal:reconnect() then
    return failure.catch(read_status, self)
  end
  return status, err
end

-- ---- orders ----

-- Changes the state, if the order goes with the one that it has.
local function change_state(self, order, to, facts)
  return failure.catch(function()
    return self.journal:transaction(function()
      pace.hold(self.journal)
      states.check(self.journal, order)
      self.journal:set("state", to)
      for key, value in pairs(facts or {}) do
        self.journal:set(key, value)
      end
      return true
    end)
  end)
end

--- Approves the plan: from now on it can be run.
-- @tparam[opt] table given `plan`: the hash that was looked at; `by`: who
--   approves, for the report
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown or mistyped option
function job:approve(given)
  given = options.check(given, options.approve, "approve", 2)
  local _, err = failure.catch(plan.check, self.journal, given.plan)
  if err then
    return nil, err
  end
  return change_state(self, "approve", "approved", { approved_by = given.by, approved_at = self.now() })
end

--- Stops all workers of the job: none begins with another user, and calls in
-- flight are finished.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function job:pause()
  return change_state(self, "pause", "paused", { why = "paused" })
end

--- Lets the job be run again: after a pause, a stop, or a hold, and after its
-- end where sign-outs failed, which are tried again.
-- @tparam[opt] table given
-- @tparam[opt=false] boolean given.failed try users again who failed, where
--   the failure proves that no message was sent
-- @tparam[opt] string given.code with failed: only those with this code
-- @tparam[opt=false] boolean given.uncertain repeat uncertain users, which may
--   send some of them a second message
-- @tparam[opt] string given.by who orders it, for the report
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown or mistyped option
function job:resume(given)
  given = options.check(given, options.resume, "resume", 2)
  if given.code and not given.failed then
    error("code goes with failed: resume { failed = true, code = … }", 2)
  end
  return failure.catch(again.resume, self, given)
end

-- A run of this very object does it at its end.
local function abandon(self)
  if not self.runner then
    leftovers.abandon(self.journal, self.now(), self.action)
  end
  return true
end

--- Ends the job for good: what is planned is not done. When this has returned,
-- no worker begins with another user. A user whose call was under way when the
-- last worker was killed stays `started`: to cancel again makes that uncertain.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function job:cancel()
  local cancelled, err = change_state(self, "cancel", "cancelled", { why = "cancelled" })
  if not cancelled then
    return nil, err
  end
  return failure.catch(abandon, self)
end

--- Lets a run of this very object stop, from one of its hooks. What is in
-- flight is finished.
function job:stop()
  if self.runner then
    self.runner:stop "interrupted"
  end
end

-- ---- running ----

local function run(self, given)
  local ok, ended = pcall(runs.run, self, given, function(runner) self.runner = runner end)
  self.runner = nil
  if not ok then
    error(ended, 0)
  end
  local status, err = self:status()
  if not status then
    error(err, 0)
  end
  status.why, status.stopped_by = ended.why, ended.stopped_by
  return status
end

--- Works on the job until it is done, or until something stops it. Limits
-- (marked: kept) belong to the job: the journal keeps them, and they hold for
-- later runs until another value is given.
-- @tparam[opt] table given
-- @tparam[opt] number given.rate users per second, for all workers together;
--   stays until it is changed; 5 at first
-- @tparam[opt=8] number given.concurrency calls at once; kept
-- @tparam[opt] number given.limit stop after so many users
-- @tparam[opt=false] boolean given.hold then: until an operator has looked
-- @tparam[opt=100] number given.max_failures stop after so many; 0:
--   never; kept
-- @tparam[opt] number given.daily_limit messages within 24 hours; 0: as many
--   as there are; kept
-- @tparam[opt] number given.max_sms refuse to begin with more SMS planned;
--   kept
-- @tparam[opt=false] boolean given.builtin_mail more than 50 mails by the
--   pool's built-in sender are meant; kept
-- @tparam[opt] function given.on_progress called once a second with counts
-- @tparam[opt] function given.password for set-password: gets a row
--   (`username`, `sub`, `line`), returns a password, or nil and a message:
--   that user fails. A third value, a sentence without secrets, says that no
--   other user's will be had either: the job stops, or does not begin
-- @tparam[opt] table given.client_metadata for the pool's triggers; `{}`: none;
--   kept
-- @tparam[opt] string given.caller who calls, for the report, instead of the
--   end of the access key's id
-- @tparam[opt=false] boolean given.yes approve the plan as it is
-- @tparam[opt] string given.by who approves, with yes
-- @tparam[opt=false] boolean given.moved the journal was moved to where it is
--   now, and no copy of it has been worked on
-- @tparam[opt=600] number given.lease seconds after which a worker that is not
--   heard of is taken for lost (PostgreSQL); kept
-- @tparam[opt=30] number given.settle seconds after a call's timeout before it
--   is looked what became of it; a sixth of that between two looks; kept
-- @tparam[opt=900] number given.patience seconds that the journal may be away
-- @treturn[1] table as from `status`; `why` it ended: done, limit, paused,
--   held, cancelled, interrupted, max_failures, daily_limit,
--   daily_email_limit, no_passwords, or the code of an error that concerns all users, which
--   is then in `stopped_by`
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown or mistyped option
function job:run(given)
  given = options.check(given, options.run, "run", 2)
  if not self.pool then
    error("run needs the pool: cognito.bulk.open { journal =, pool = }", 2)
  elseif self.facts.action == "set-password" and not given.password then
    error("the action set-password needs the function password", 2)
  end
  return failure.catch(run, self, given)
end

-- ---- reading ----

--- The rows of the plan, in its order, with what became of them.
-- @treturn function iterator over tables: `username`, `sub`, `line`,
--   `status_before`, `plan` (act or skip), `reason`, `note`, `outcome`, `sign_out`,
--   `code`, `detail`, `request_id`, `attempts`, `started_at`, `finished_at`; of
--   secure `steps`, a list of `step`, `state`, `code`, `found` and `ended`
--   (sessions or devices), `finished_at`, and `tokens_until_at_most`
-- @raise the iterator: a cognito.Error
function job:rows()
  return report.rows(self.journal, self.action)
end

--- Writes the report.
-- @tparam function write called with pieces of text
-- @tparam[opt] table given `format` (csv or jsonl), `redact`: hashes instead
--   of the users' names
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown or mistyped option
function job:report(write, given)
  given = options.check(given, options.report, "report", 2)
  return failure.catch(function()
    report.write(self.journal, refresh(self), write, given, self.action)
    return true
  end)
end

-- ---- the end ----

--- Removes the journal for good.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function job:purge()
  return failure.catch(function()
    if self.runner or not self.journal:lock() then
      failure.raise("still_running", "a process works on this job")
    end
    self.closed = true
    self.journal:remove()
    return true
  end)
end

--- Closes the journal. Closing twice does no harm.
function job:close()
  self.closed = true
  self.journal:close()
end

job_mt.__close = job.close

--- Makes a job of a journal.
-- @tparam table journal
-- @tparam ?cognito.Client pool
-- @tparam function now epoch seconds
-- @treturn cognito.BulkJob
-- @local
function M.new(journal, pool, now)
  local self = setmetatable({ journal = journal, pool = pool, now = now }, job_mt)
  local facts = refresh(self)
  self.action = actions.of(facts)
  self.sign_out, self.recheck = facts.sign_out == "true", facts.recheck == "true"
  return self
end

return M

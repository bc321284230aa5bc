--- One run of a job: from the lock to the last word in the journal.
-- @module cognito.bulk.run

local clients = require "cognito.client"
local contact = require "cognito.bulk.contact"
local engines = require "cognito.bulk.engine"
local failure = require "cognito.bulk.failure"
local limits = require "cognito.bulk.limits"
local native = require "cognito.native"
local pace = require "cognito.bulk.pace"
local plan = require "cognito.bulk.plan"
local preflight = require "cognito.bulk.preflight"
local rows = require "cognito.bulk.rows"
local runners = require "cognito.bulk.runner"
local states = require "cognito.bulk.states"
local workers = require "cognito.bulk.workers"

local M = {}

-- ---- may it run? ----

-- A process that only looks whether there are workers has it for a moment.
local function try_lock(job)
  for _ = 1, 10 do
    if job.journal:lock "shared" then
      return true
    end
    native.sleep(0.05)
  end
  return false
end

local function take_lock(job)
  if try_lock(job) then
    return
  end
  local list = workers.list(job.journal)
  local last = list[#list]
  failure.raise("journal_in_use", last and not last.ended_at
    and ("process %s on %s works on this journal"):format(last.pid or "unknown", last.host or "unknown")
    or "another process works on this journal")
end

local function approve(job, given)
  if given.yes and job.journal:get "state" == "planned" then
    local _, err = job:approve { by = given.by }
    if err then
      error(err, 0)
    end
  end
end

local function check_pool(job, given)
  preflight.endpoint(job.pool)
  limits.check_endpoint(job.journal, job.pool)
  local user_pool = preflight.describe(job.pool)
  preflight.action(job.action, user_pool)
  preflight.messages(job.action, user_pool, job.journal:facts(), given)
  return user_pool
end

-- ---- its beginning and its end ----

local function set_rate(job, p, given, facts)
  if given.rate and given.rate ~= p.base then
    if job.journal:get "started_at" then
      limits.note(job.journal, { name = "rate", was = ("%.4g"):format(p.base), became = ("%.4g"):format(given.rate),
        at = facts.now, by = given.by })
    end
    p:set(given.rate)
  end
end

-- With the lock of a journal for one process, all earlier workers are gone.
local function begin(job, given, facts)
  local p = pace.take(job.journal, facts.now)
  states.check(job.journal, "run") -- now that no order can come in between
  limits.keep(job.journal, facts.given, { at = facts.now, by = given.by, endpoint = facts.endpoint })
  set_rate(job, p, given, facts)
  p:save()
  if job.journal:is_exclusive() then
    workers.expire_all(job.journal, facts.now)
  end
  job.journal:set("state", "running")
  job.journal:set("why", nil)
  if not job.journal:get "started_at" then
    job.journal:set("started_at", facts.now)
  end
  facts.alive_until = p.clock + given.lease
  return workers.enter(job.journal, facts)
end

-- Reasons that concern all workers of the job.
local for_all = { daily_email_limit = true, daily_limit = true, max_failures = true, limit = true }

-- An order that came before the end stands.
local function state_after(job, why, given, is_alone)
  local state = job.journal:get "state"
  if state == "cancelled" then
    return nil
  elseif why == "done" then
    return "done"
  elseif state ~= "running" then
    return nil
  elseif why == "limit" and given.hold then
    return "held"
  elseif for_all[why] or is_alone then
    return "paused"
  end
end

local function finish(job, runner, why, given)
  local time = job.now()
  pace.hold(job.journal)
  workers.leave(job.journal, runner.worker, time, why)
  local is_alone = workers.alive(job.journal) == 0
  local state = state_after(job, why, given, is_alone)
  if state then
    job.journal:set("state", state)
    job.journal:set("why", why)
  end
  if is_alone then
    job.journal:set("ended_at", time)
  end
  if is_alone and why == "cancelled" then
    rows.abandon(job.journal, time)
  end
end

-- ---- the run ----

local function work(job, given, complete, engine, user_pool)
  local client = clients.on(job.pool, engine.runtime, { max_attempts = 1, retry_ambiguous = false })
  local facts = {
    now = engine:now(), caller = given.caller or preflight.caller(client), endpoint = client:describe().url,
    given = given,
  }
  complete.permanent = job.journal:get "permanent" == "true"
  local runner = runners.new(job, {
    journal = job.journal, pool = client, engine = engine, options = complete, facts = facts,
    timeout = client:describe().settings.attempt_timeout.value,
    recheck = { action = job.action, pool_facts = contact.facts(user_pool), key = job.journal:get "redaction_key" },
    worker = job.journal:transaction(begin, job, complete, facts),
  })
  job.runner = runner
  local why = runner:run()
  job.journal:transaction(finish, job, runner, why, complete)
  return why, runner.stopped_by
end

-- Asks for the first user's password, before anything is claimed: a source
-- that does not work at all would fail every user. The answer is kept until
-- that user's turn, because to ask twice may have effects.
local function try_passwords(job, given)
  local first = job.facts.action == "set-password" and rows.first_planned(job.journal)
  if not first then
    return
  end
  local ask, password, _, fault = given.password, given.password(first)
  if fault then
    failure.raise("no_passwords", fault)
  end
  given.password = function(row)
    if first and row.id == first.id then
      first = nil
      return password
    end
    return ask(row)
  end
end

local function on_engine(job, given, complete, engine)
  local user_pool = check_pool(job, complete)
  try_passwords(job, complete)
  return { work(job, given, complete, engine, user_pool) }
end

local function check_and_work(job, given)
  job.journal:check_home(given.moved)
  job.journal:check_claims()
  approve(job, given)
  states.check(job.journal, "run")
  plan.check(job.journal)
  local complete = limits.complete(job.journal, given)
  local engine = engines.new(clients.transport(job.pool), complete.concurrency)
  local ok, ended = pcall(on_engine, job, given, complete, engine)
  engine:close()
  if not ok then
    error(ended, 0)
  end
  return ended
end

--- Runs a job; see `cognito.BulkJob:run`.
-- @tparam cognito.BulkJob job
-- @tparam table given options
-- @treturn table status
-- @raise a cognito.Error
function M.run(job, given)
  take_lock(job)
  local ok, ended = pcall(check_and_work, job, given)
  job.runner = nil
  pcall(job.journal.release, job.journal)
  if not ok then
    error(ended, 0)
  end
  local status, err = job:status()
  if not status then
    error(err, 0)
  end
  status.why, status.stopped_by = ended[1], ended[2]
  return status
end

return M

--- One run of a job: the lock, the checks before anything is sent, and the
-- writer, the calls and the runner that do the work.
-- @module cognito.bulk.run

local calls = require "cognito.bulk.calls"
local clients = require "cognito.client"
local contact = require "cognito.bulk.contact"
local engines = require "cognito.bulk.engine"
local failure = require "cognito.bulk.failure"
local forecast = require "cognito.bulk.forecast"
local limits = require "cognito.bulk.limits"
local native = require "cognito.native"
local plan = require "cognito.bulk.plan"
local preflight = require "cognito.bulk.preflight"
local leftovers = require "cognito.bulk.leftovers"
local rows = require "cognito.bulk.rows"
local runners = require "cognito.bulk.runner"
local states = require "cognito.bulk.states"
local times = require "cognito.bulk.times"
local workers = require "cognito.bulk.workers"
local writers = require "cognito.bulk.writer"

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

-- ---- what it is made of ----

-- Asks for the first user's password, before anything is claimed: a source
-- that does not work at all would fail every user. The answer is kept until
-- that user's turn, because to ask twice may have effects.
local function passwords_of(job, ask)
  local first = job.facts.action == "set-password" and rows.first_planned(job.journal)
  if not first then
    return ask
  end
  local password, _, fault = ask(first)
  if fault then
    failure.raise("no_passwords", fault)
  end
  return function(row)
    if first and row.id == first.id then
      first = nil
      return password
    end
    return ask(row)
  end
end

local function check_times(job, options)
  local described = job.pool:describe()
  times.check(job.action, {
    url = described.url, is_shared = not job.journal:is_exclusive(), lease = options.lease, settle = options.settle,
    timeout = described.settings.attempt_timeout.value,
  })
end

local function writer_of(job, options, engine, client)
  local described = client:describe()
  return writers.new {
    journal = job.journal, action = job.action, sign_out = job.sign_out,
    caller = options.caller or preflight.caller(client), endpoint = described.url,
    timeout = described.settings.attempt_timeout.value, settle = options.settle, lease = options.lease,
    machine_time = function() return engine:now() end, service_time = function() return clients.time(client) end,
    at = options.at,
  }
end

local function calls_of(job, options, engine, client, user_pool)
  local recheck = job.recheck and {
    action = job.action, pool_facts = contact.facts(user_pool), key = job.journal:get "redaction_key",
  } or nil
  return calls.new {
    client = client, action = job.action, sign_out = job.sign_out,
    sessions = job.journal:get "sessions" == "true", recheck = recheck,
    password = passwords_of(job, options.password), client_metadata = options.client_metadata,
    permanent = job.journal:get "permanent" == "true",
    lease = options.lease, clock = function() return engine:clock() end, at = options.at,
  }
end

local function runner_of(job, options, engine, writer, its_calls)
  return runners.new {
    slots = forecast.slots(job.action),
    writer = writer, calls = its_calls, engine = engine,
    limits = { limit = options.limit, daily_limit = options.daily_limit, max_failures = options.max_failures },
    patience = options.patience, on_progress = options.on_progress, at = options.at,
  }
end

-- ---- its course ----

local function work(job, given, options, engine, keep_runner)
  local user_pool = check_pool(job, options)
  local client = clients.on(job.pool, engine.runtime, { max_attempts = 1, retry_ambiguous = false })
  local its_calls = calls_of(job, options, engine, client, user_pool)
  local writer = writer_of(job, options, engine, client)
  writer:begin { limits = given, rate = options.rate, by = options.by }
  local runner = runner_of(job, options, engine, writer, its_calls)
  keep_runner(runner)
  local why, err
  repeat
    why, err = runner:run()
  until runner:finish(why, options.hold)
  return { why = why, stopped_by = err }
end

local function ignore() end

-- The options of the run, with the limits that hold.
local function complete(job, given)
  local options = limits.complete(job.journal, given)
  options.at = options.at or ignore
  return options
end

local function check_and_work(job, given, keep_runner)
  job.journal:check_home(given.moved)
  job.journal:check_sound(job.action)
  job.journal:check_claims()
  approve(job, given)
  states.check(job.journal, "run")
  plan.check(job.journal)
  local options = complete(job, given)
  check_times(job, options)
  local engine = engines.new(clients.transport(job.pool), options.concurrency)
  local ok, ended = pcall(work, job, given, options, engine, keep_runner)
  engine:close()
  if not ok then
    error(ended, 0)
  end
  return ended
end

--- Runs a job; see `cognito.BulkJob:run`.
-- @tparam cognito.BulkJob job
-- @tparam table given options
-- @tparam function keep_runner called with the runner, before it begins
-- @treturn table `why` it ended, `stopped_by`
-- @raise a cognito.Error
function M.run(job, given, keep_runner)
  take_lock(job)
  local ok, ended = pcall(check_and_work, job, given, keep_runner)
  pcall(job.journal.release, job.journal)
  if not ok then
    error(ended, 0)
  elseif job.journal:get "state" == "cancelled" then
    leftovers.abandon(job.journal, job.now(), job.action)
  end
  return ended
end

return M

--- Working on a job: what `cognito bulk run` and `cognito bulk resume` have in
-- common.
-- @module cognito.cli.bulk.work

local client = require "cognito.cli.client"
local clock = require "cognito.clock"
local hook = require "cognito.cli.bulk.hook"
local jobs = require "cognito.cli.bulk.jobs"
local metadata = require "cognito.cli.metadata"
local metrics = require "cognito.cli.bulk.metrics"
local native = require "cognito.native"
local number = require "cognito.cli.number"
local passwords = require "cognito.cli.bulk.passwords"
local progress = require "cognito.cli.bulk.progress"
local show = require "cognito.cli.bulk.show"
local stop = require "cognito.cli.stop"
local wait = require "cognito.cli.bulk.wait"

local M = {}

--- Adds the options of a run. Limits stay until they are changed: the journal
-- keeps them.
-- @param command of argparse
function M.declare(command)
  command:option("--rate", "Users per second, for all workers together (5; kept until changed), with up to three"
    .. " calls each, as bulk plan shows. People who recover meanwhile share the quota."):argname("N")
    :convert(number.rate "--rate")
  command:option("--concurrency", "Calls at once (8)."):argname("N"):convert(number.count "--concurrency")
  command:option("--limit", "Stop after this many users."):argname("N"):convert(number.count "--limit")
  command:flag("--hold", "With --limit: then hold the job for review, until cognito bulk resume.")
  command:option("--max-failures", "Stop after this many failures (100; 0: never)."):argname("N")
    :convert(number.amount "--max-failures")
  command:option("--daily-limit", "Send at most this many messages within 24 hours (0: no limit).")
    :argname("N"):convert(number.amount "--daily-limit")
  command:option("--max-sms", "Refuse to start with more SMS planned."):argname("N"):convert(number.amount "--max-sms")
  command:flag("--builtin-mail", "Allow more than 50 mails by the pool's built-in sender.")
  command:flag("--moved", "Confirm that the journal was moved here, and that no job ran on a copy of it.")
  command:option("--lease", "Seconds without a sign of a worker after which it counts as lost (600; PostgreSQL).")
    :argname("SECONDS"):convert(number.rate "--lease")
  command:option("--settle", "Seconds from a call's timeout to the look-up of its outcome (30).")
    :argname("SECONDS"):convert(number.amount "--settle")
  wait.declare(command)
  hook.declare(command)
  metrics.declare(command)
  passwords.declare(command)
  metadata.declare(command)
  jobs.declare(command)
end

--- Refuses options that no run can go with, before the job is opened.
-- @tparam table args
-- @tparam table console
-- @raise then
function M.check(args, console)
  hook.check(args, console)
  passwords.check(args, console)
  if args.wait and args.limit then
    stop.usage("--wait does not go with --limit", "A run of --limit users ends, and does not wait for another day")
  end
end

-- Stops that are no fault, with nothing lost.
local as_told = { done = true, limit = true }

local function status_after(status)
  local signalled = stop.interrupted() -- while it ran, or waited for another day
  if signalled and status.state ~= "done" then
    return signalled
  end
  local wrong = status.failed + status.uncertain + status.still_signed_in
  return as_told[status.why] and wrong == 0 and stop.DONE or stop.PARTLY
end

-- What comes next, by why the run ended: a command, and what to know of it.
local next_steps = {
  cancelled = { "report" },
  daily_limit = { "resume", "tomorrow" },
  daily_email_limit = { "resume", "tomorrow, or with Amazon SES configured for the pool" },
  max_failures = { "resume", "the report says what failed" },
  no_passwords = { "resume", "once the program works" },
}

-- After the end of a job, what is most urgent.
local function next_after_end(status)
  local sends = status.action ~= "secure"
  if status.still_signed_in > 0 then
    return { "resume", "tries the sign-outs again: these users are still signed in" }
  elseif status.uncertain > 0 then
    return { "report", "it names the uncertain users; resume --uncertain repeats them, which may " .. (sends
      and "send some of them a second message" or "remove a factor that a user has set up since") }
  elseif status.failed > 0 then
    return { "report", "it names the users who failed; resume --failed tries them again where no message was sent" }
  end
  return { "report" }
end

local function next_step(status, args, console)
  local step = status.why == "done" and next_after_end(status) or next_steps[status.why] or { "resume" }
  local words, remark = step[1], step[2]
  if status.why == "daily_limit" and status.daily_limit_until then
    remark = ("from %s on; --wait waits for it"):format(clock.format_rfc3339(status.daily_limit_until))
  end
  if words == "resume" then
    local again = status.why == "no_passwords" and status.failed_by_code.no_password
    words = words .. (again and " --failed --code no_password" or "") .. passwords.words(args) .. hook.words(args)
      .. metrics.words(args) .. (args.wait and " --wait" or "")
  end
  return jobs.command(args, console, words, remark)
end

--- The end of a job that is refused because it is done, as in a second run of the
-- same night, or in `resume` after a canary that was the whole job.
-- @tparam cognito.BulkJob job
-- @tparam ?cognito.Error err
-- @treturn[1] table its status
-- @treturn[2] nil when it is not done, or the error is another one
function M.end_before(job, err)
  local status = err and err.code == "job_over" and job:status()
  if not (status and status.state == "done") then
    return nil
  end
  status.why = "done"
  return status
end

local function tell_end(console, status, args, was_over)
  show.status(console, status)
  console:tell(was_over and "the job is done: nothing was left to do" or "stopped: %s", status.why)
  if status.stopped_by then
    console:report(client.adapt(status.stopped_by))
  end
  console:tell("next: %s", next_step(status, args, console))
end

-- The first signal lets the run come to its end; the second ends the process.
local function watcher(job, shown, numbers, console)
  local asked = false
  return function(counts)
    if native.caught_signal() and not asked then
      asked = true
      shown:clear()
      console:tell("stopping after the calls in flight; ^C again ends it at once, and loses nothing either")
      job:stop()
    end
    shown:show(counts)
    numbers:show(counts)
  end
end

local from_options = {
  "rate", "concurrency", "limit", "hold", "max_failures", "daily_limit", "max_sms", "builtin_mail", "lease", "settle",
  "yes", "moved",
}

-- The limits are the journal's by then, and the plan is approved.
local function again(job, given)
  given.yes, given.moved = nil, nil
  local resumed, err = job:resume { by = given.by }
  if resumed then
    return job:run(given)
  end
  return nil, err
end

local function run(job, given, args, console, shown, numbers)
  local status, err = job:run(given)
  shown:clear()
  while status and wait.on(args, console, job, status, function(counts) numbers:show(counts) end) do
    status, err = again(job, given)
    shown:clear()
  end
  return status, err
end

--- Says how a job ended.
-- @tparam table status
-- @tparam table args
-- @tparam table console
-- @tparam[opt=false] boolean was_over it had ended before
-- @treturn integer the exit status
function M.finish(status, args, console, was_over)
  tell_end(console, status, args, was_over)
  hook.run(args, console, status.state, status.why)
  return status_after(status)
end

--- Opens the job and calls a function with it. `--hook` learns of an error, also where
-- the journal cannot be opened; a wrong command line is for the one who typed it.
-- @tparam table args
-- @tparam table console
-- @tparam function f gets the job
-- @treturn integer the exit status, as f returns it
-- @raise what f raises
function M.with(args, console, f)
  local ok, result = pcall(function() return jobs.with(args, console, jobs.client(args, console), f) end)
  if ok then
    return result
  end
  local err = stop.is(result) and result.err
  if err and err.code ~= "usage" then
    hook.run(args, console, "error", err.code)
  end
  error(result, 0)
end

--- Works on a job until it ends, shows how it goes, and says how it ended. A job
-- that is done already ends as it did.
-- @tparam cognito.BulkJob job
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(job, args, console)
  metrics.check(args, jobs.journal(args, console))
  local shown, numbers = progress.new(console), metrics.new(args.metrics, job.facts, console)
  local given = {
    password = passwords.of(args), client_metadata = metadata.of(args), by = jobs.operator(args, console),
    on_progress = watcher(job, shown, numbers, console),
  }
  for _, name in ipairs(from_options) do
    given[name] = args[name]
  end
  if job.facts.action == "set-password" and not given.password then
    stop.usage("no passwords are named", "Give --passwords FILE or --password-command FILE")
  end
  local status, err = run(job, given, args, console, shown, numbers)
  local before = M.end_before(job, err)
  if not (status or before) then
    numbers:fail(err.code)
  end
  numbers:finish(jobs.check(status or before, err))
  return M.finish(status or before, args, console, before ~= nil)
end

return M

--- `cognito bulk resume`
-- @module cognito.cli.bulk.resume

local jobs = require "cognito.cli.bulk.jobs"
local parser = require "cognito.cli.parser"
local stop = require "cognito.cli.stop"
local work = require "cognito.cli.bulk.work"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:flag("--failed", "Try failed users again, if the failure proves that no message was sent.")
  command:option("--code", "With --failed: only users who failed with this code; cognito bulk status counts them.")
    :argname "CODE"
  command:flag("--uncertain", "Also repeat uncertain users, which may send a person a second message; for secure,"
    .. " remove a factor that the user has set up since.")
  command:flag("--only", "Only lift the pause; leave the work to other processes (cognito bulk run).")
  work.declare(command)
  parser.examples(command, {
    "cognito bulk resume --journal reset.db",
    "cognito bulk resume --journal reset.db --rate 2",
    "cognito bulk resume --journal reset.db --failed --code CodeDeliveryFailureException",
    "cognito bulk resume --journal reset.db --uncertain",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  if args.code and not args.failed then
    stop.usage("--code goes with --failed", "cognito bulk resume --failed --code CODE")
  end
  work.check(args, console)
  return work.with(args, console, function(job)
    local resumed, err = job:resume {
      failed = args.failed, code = args.code, uncertain = args.uncertain, by = jobs.operator(args, console),
    }
    local before = work.end_before(job, err)
    if before then
      return work.finish(before, args, console, true)
    end
    jobs.check(resumed, err)
    if args.only then
      console:line "resumed"
      console:tell("next: %s", jobs.command(args, console, "run"))
      return stop.DONE
    end
    return work.run(job, args, console)
  end)
end

return M

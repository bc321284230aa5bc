--- `cognito bulk run`
-- @module cognito.cli.bulk.run

local parser = require "cognito.cli.parser"
local work = require "cognito.cli.bulk.work"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:flag("--yes", "Approve the plan as it is: for small jobs.")
  command:option("--by", "Name of the approver, for the report (LOGNAME)."):argname "NAME"
  work.declare(command)
  parser.examples(command, {
    "cognito bulk run --journal reset.db --limit 100 --hold",
    "cognito bulk run --journal lock.db --yes --rate 20",
    "cognito bulk run --journal 'postgres://admin@db.internal/ops?job=spring' --daily-limit 40000",
    "cognito bulk run --journal set.db --password-command ./password-of",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  work.check(args, console)
  return work.with(args, console, function(job)
    return work.run(job, args, console)
  end)
end

return M

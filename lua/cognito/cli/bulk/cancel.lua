--- `cognito bulk cancel`
-- @module cognito.cli.bulk.cancel

local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local text = require "cognito.cli.text"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  jobs.declare_journal(command)
  options.declare_output(command)
  parser.examples(command, { "cognito bulk cancel --journal reset.db" })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local status = jobs.with(args, console, nil, function(job)
    jobs.check(job:cancel())
    return jobs.check(job:status())
  end)
  if console.json then
    console:object { state = status.state }
  else
    console:line("cancelled: %s acted on, %d never will be", text.count(status.accepted, "user was", "users were"),
      status.planned)
    console:tell("next: %s", jobs.command(args, console, "report"))
  end
end

return M

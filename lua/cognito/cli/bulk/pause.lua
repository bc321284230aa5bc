--- `cognito bulk pause`
-- @module cognito.cli.bulk.pause

local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  jobs.declare_journal(command)
  options.declare_output(command)
  parser.examples(command, { "cognito bulk pause --journal 'postgres://admin@db.internal/ops?job=spring'" })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  jobs.with(args, console, nil, function(job)
    jobs.check(job:pause())
  end)
  if console.json then
    console:object { state = "paused" }
  else
    console:line("paused: workers finish their calls in flight")
    console:tell("next: %s", jobs.command(args, console, "resume"))
  end
end

return M

--- `cognito bulk status`
-- @module cognito.cli.bulk.status

local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local show = require "cognito.cli.bulk.show"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  jobs.declare_journal(command)
  options.declare_output(command)
  parser.examples(command, {
    "cognito bulk status --journal reset.db",
    "watch -n 10 cognito bulk status --journal reset.db",
    "cognito bulk status --journal reset.db --json | jq .accepted",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  jobs.with(args, console, nil, function(job)
    show.status(console, jobs.check(job:status()))
  end)
end

return M

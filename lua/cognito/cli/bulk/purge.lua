--- `cognito bulk purge`
-- @module cognito.cli.bulk.purge

local ask = require "cognito.cli.ask"
local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local stop = require "cognito.cli.stop"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:flag("--yes", "Remove it without asking.")
  jobs.declare_journal(command)
  options.declare_output(command)
  parser.examples(command, {
    "cognito bulk report --journal reset.db >report.csv && cognito bulk purge --journal reset.db",
  })
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local job = jobs.open(args, console)
  if not args.yes then
    local answer = ask.line(console, "Only the journal proves what was done. Type purge to remove it: ",
      "Give --yes, once you have kept the report")
    if answer ~= "purge" then
      job:close()
      stop.usage "nothing is removed"
    end
  end
  jobs.check(job:purge())
  if console.json then
    console:object { purged = true }
  else
    console:line "removed"
  end
end

return M

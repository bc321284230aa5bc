--- `cognito bulk`: the subcommands that work on a job.
-- @module cognito.cli.command.bulk

local M = {}

--- In the order of a job's life.
M.commands = {
  { name = "plan", summary = "Look users up and write down what is to be done with each. Nothing is done yet." },
  { name = "approve", summary = "Look at a plan and approve it." },
  { name = "run", summary = "Do what an approved plan says." },
  { name = "status", summary = "Say how far a job is." },
  { name = "pause", summary = "Let all who work on a job stop: what is in flight is finished." },
  { name = "resume", summary = "Go on after a pause, a stop or a hold." },
  { name = "cancel", summary = "End a job for good: what is planned is not done." },
  { name = "report", summary = "Print what became of every user, and who did it." },
  { name = "purge", summary = "Remove a job's journal." },
}

for _, entry in ipairs(M.commands) do
  entry.module = "cognito.cli.bulk." .. entry.name
end

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:epilog [[
Examples:
  export COGNITO_BULK_JOURNAL=reset.db
  cognito bulk plan reset users.csv          # looks at everybody, changes nothing
  cognito bulk approve                       # shows the plan and asks for its hash
  cognito bulk run --limit 100 --hold        # the first hundred, then wait for a look
  cognito bulk resume                        # the rest; ^C stops, resume goes on
  cognito bulk report >report.csv
docs/admin.md leads through a breach, a migration, and several workers on one job.]]
end

return M

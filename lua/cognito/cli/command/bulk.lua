--- `cognito bulk`: the subcommands that work on a job.
-- @module cognito.cli.command.bulk

local M = {}

--- In the order of a job's life.
M.commands = {
  { name = "plan", summary = "Look users up and write a plan of what to do with each. This changes no user." },
  { name = "approve", summary = "Show a plan and approve it." },
  { name = "run", summary = "Carry out an approved plan." },
  { name = "status", summary = "Show a job's progress." },
  { name = "list", summary = "List the jobs of a PostgreSQL database." },
  { name = "pause", summary = "Stop all workers of a job once their calls in flight have ended." },
  { name = "resume", summary = "Continue after a pause, a stop or a hold." },
  { name = "cancel", summary = "End a job for good; users who are still planned are left alone." },
  { name = "report", summary = "Print every user's outcome, and who planned, approved and ran the job." },
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
  cognito bulk plan reset users.csv          # looks every user up, changes nothing
  cognito bulk approve                       # shows the plan and asks for its hash
  cognito bulk run --limit 100 --hold        # the first hundred, then a hold for review
  cognito bulk resume                        # the rest; ^C stops, resume continues
  cognito bulk report >report.csv
docs/admin.md leads through a breach, a migration, and several workers on one job.]]
end

return M

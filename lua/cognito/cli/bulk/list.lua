--- `cognito bulk list`
-- @module cognito.cli.bulk.list

local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local text = require "cognito.cli.text"
local users = require "cognito.cli.users"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  jobs.declare_journal(command, "The database: postgres://USER@HOST/DATABASE")
  options.declare_output(command)
  parser.examples(command, {
    "cognito bulk list --journal postgres://admin@db.internal/ops",
    "cognito bulk list --json | jq -r 'select(.state == \"paused\").job'",
  })
end

local function progress(job)
  if not job.total then
    return job.code or "-"
  end
  return ("%.0f of %.0f"):format(job.over, job.total)
end

local function show(console, list)
  if not list[1] then
    console:tell("there is no job in this database")
    return
  end
  console:line("%-20s %-12s %-13s %-17s %-17s %s", "job", "action", "state", "users done", "planned", "workers")
  for _, job in ipairs(list) do
    console:line("%-20s %-12s %-13s %-17s %-17s %s", text.clean(job.job), text.clean(job.action or "-"),
      text.clean(job.state or "-"), progress(job), job.planned_at and users.date(job.planned_at) or "-",
      job.workers and ("%.0f"):format(job.workers) or "-")
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local list = jobs.check(require("cognito.bulk").jobs { journal = jobs.journal(args, console) })
  if not console.json then
    return show(console, list)
  end
  for _, job in ipairs(list) do
    console:object(job)
  end
end

return M

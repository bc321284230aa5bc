--- `cognito bulk report`
-- @module cognito.cli.bulk.report

local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local text = require "cognito.cli.text"

local M = {}

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:option("--format", "csv, or jsonl: JSON lines (csv)."):argname("FORMAT"):choices { "csv", "jsonl" }
  command:flag("--redact", "Print hashes instead of user names. Their key stays in the journal.")
  jobs.declare_journal(command)
  options.declare_output(command)
  parser.examples(command, {
    "cognito bulk report --journal reset.db >report.csv",
    "cognito bulk report --redact --journal reset.db >report.csv",
    "cognito bulk report --format jsonl --journal reset.db | jq 'select(.outcome == \"uncertain\")'",
  })
end

-- A terminal gets lines that it does not obey; everything else what is there.
local function writer(console)
  if not console:is_terminal(1) then
    return function(piece) console:write(piece) end
  end
  return function(piece)
    console:write((piece:gsub("[^\n]+", text.clean)))
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  local format = args.format or console.json and "jsonl" or "csv"
  jobs.with(args, console, nil, function(job)
    jobs.check(job:report(writer(console), { format = format, redact = args.redact or false }))
  end)
end

return M

--- `cognito bulk approve`
-- @module cognito.cli.bulk.approve

local ask = require "cognito.cli.ask"
local c_locale = require "cognito.c_locale"
local jobs = require "cognito.cli.bulk.jobs"
local options = require "cognito.cli.options"
local parser = require "cognito.cli.parser"
local show = require "cognito.cli.bulk.show"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

local ENOUGH = 8 -- digits of the hash: to type them is to have looked

--- Tells the argument parser what the command takes.
-- @param command of argparse
function M.declare(command)
  command:option("--plan", "The hash of the plan that you reviewed; without it the command asks."):argname "HASH"
  command:option("--by", "Name of the approver, for the report (LOGNAME)."):argname "NAME"
  jobs.declare_journal(command)
  options.declare_output(command)
  parser.examples(command, {
    "cognito bulk approve --journal reset.db             # shows the plan and asks for its hash",
    "cognito bulk approve --journal reset.db --plan 7d865e959b246691 --by 'Ada, ticket 4711'",
  })
end

local function is_hash(word, hash)
  return #word >= ENOUGH and hash:sub(1, #word) == c_locale.lower(word)
end

local function approve(job, args, console)
  local summary = jobs.check(job:summary())
  local word = args.plan
  if not word then
    show.summary(console, summary)
    word = ask.line(console, ("Type the plan's hash, or its first %d digits, to approve: "):format(ENOUGH),
      "Give --plan the hash that cognito bulk plan has printed")
  end
  if not is_hash(word, summary.plan) then
    stop.usage("this is not the plan's hash: nothing is approved")
  end
  jobs.check(job:approve { plan = summary.plan, by = jobs.operator(args, console) })
  if console.json then
    console:object { approved = true, plan = summary.plan }
  else
    console:line("approved: %s", text.count(summary.act, "user"))
    console:tell("next: %s", jobs.command(args, console, "run --limit 100 --hold"))
  end
end

--- Runs the command.
-- @tparam table args
-- @tparam table console
-- @treturn integer the exit status
function M.run(args, console)
  jobs.with(args, console, nil, function(job) approve(job, args, console) end)
end

return M

--- A program that learns of the end of a run: for a mail, a message, a page to
-- whoever is on duty.
-- @module cognito.cli.bulk.hook

local inheritance = require "cognito.inheritance"
local jobs = require "cognito.cli.bulk.jobs"
local native = require "cognito.native"
local text = require "cognito.cli.text"

local M = {}

local LONGEST = 60 -- seconds

--- Adds the option.
-- @param command of argparse
function M.declare(command)
  command:option("--hook", "A program to run when the run ends, stops or holds: without a shell, as FILE STATE WHY"
    .. " JOURNAL, without secrets in its environment, for at most 60 seconds."):argname "FILE"
end

local function outcome(done, message)
  if not done then
    return "cannot be run: " .. tostring(message)
  elseif done.signal then
    return ("was ended by signal %d"):format(done.signal)
  end
  return done.status ~= 0 and ("ended with status %d"):format(done.status) or nil
end

--- Runs the program, if one is named. Its failure is reported, and is no failure of
-- the job.
-- @tparam table args
-- @tparam table console
-- @tparam string state of the job: done, held, paused, cancelled; `error`
-- @tparam string why the run ended: as `job:run` tells, or an error's code
function M.run(args, console, state, why)
  if not args.hook then
    return
  end
  local done, message = native.run({ args.hook, state, why, jobs.journal_word(args, console) }, LONGEST,
    inheritance.SECRETS_AND_KEYS)
  local fault = outcome(done, message)
  if fault then
    console:tell("note: the program %s of --hook %s", args.hook, fault)
  end
end

--- The option, as it is to be typed again.
-- @tparam table args
-- @treturn string
function M.words(args)
  if not args.hook then
    return ""
  end
  -- A program without a slash is looked for in PATH.
  return " " .. text.shell_option("--hook", args.hook:find("/", 1, true) and jobs.absolute(args.hook) or args.hook)
end

return M

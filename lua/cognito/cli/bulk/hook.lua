--- A program that learns of the end of a run: for a mail, a message, a page to
-- whoever is on duty.
-- @module cognito.cli.bulk.hook

local inheritance = require "cognito.inheritance"
local jobs = require "cognito.cli.bulk.jobs"
local native = require "cognito.native"
local number = require "cognito.cli.number"
local program = require "cognito.cli.program"
local stop = require "cognito.cli.stop"
local text = require "cognito.cli.text"

local M = {}

local USUAL = 60 -- seconds

--- Adds the option.
-- @param command of argparse
function M.declare(command)
  command:option("--hook", "A program to run when the run ends, stops or holds: without a shell, as FILE STATE WHY"
    .. " JOURNAL, without secrets in its environment. It has to be there when the run begins."):argname "FILE"
  command:option("--hook-timeout", "Seconds that the program of --hook may take; then it is ended (60).")
    :argname("SECONDS"):convert(number.rate "--hook-timeout")
end

--- Refuses a program that could not be run in the end.
-- @tparam table args
-- @tparam table console
-- @raise before anything is sent
function M.check(args, console)
  if args.hook_timeout and not args.hook then
    stop.usage("--hook-timeout goes with --hook")
  end
  local fault = args.hook and program.fault(args.hook, console.env)
  if fault then
    stop.usage(("the program %s of --hook %s"):format(args.hook, fault), "Nothing was begun: name a program that runs")
  end
end

local function outcome(done, message)
  if not done then
    return "did not run to its end: " .. tostring(message)
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
  local done, message = native.run({ args.hook, state, why, jobs.journal_word(args, console) },
    args.hook_timeout or USUAL, inheritance.SECRETS_AND_KEYS, true)
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
  return (" %s%s"):format(text.shell_option("--hook", args.hook:find("/", 1, true) and jobs.absolute(args.hook)
    or args.hook), args.hook_timeout and (" --hook-timeout %.14g"):format(args.hook_timeout) or "")
end

return M

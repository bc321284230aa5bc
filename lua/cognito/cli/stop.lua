--- How a command ends before its end: an error that says with which status,
-- and what is to be said. Raised wherever it is noticed, caught in one place.
-- @module cognito.cli.stop

local native = require "cognito.native"

local M = {}

--- The exit statuses of the command.
M.DONE = 0
M.FAILED = 1
M.USAGE = 2
M.PARTLY = 3
M.NO_ONE = 4

local stop_mt = { __name = "cognito.cli.stop" }

local function raise(fields)
  error(setmetatable(fields, stop_mt), 0)
end

--- Whether an error value is one of these.
-- @param value
-- @treturn boolean
function M.is(value)
  return getmetatable(value) == stop_mt
end

--- Ends the command without a word.
-- @tparam integer status
-- @raise
function M.quietly(status)
  raise { status = status }
end

--- Ends the command: it was called wrongly, and nothing was sent.
-- @tparam string message
-- @tparam[opt] string hint what to do next
-- @raise
function M.usage(message, hint)
  raise { status = M.USAGE, err = { code = "usage", message = message, hint = hint } }
end

--- Ends the command with a sentence.
-- @tparam string message
-- @tparam[opt] string hint what to do next
-- @raise
function M.failed(message, hint)
  raise { status = M.FAILED, err = { code = "failed", message = message, hint = hint } }
end

--- Ends the command: what was asked for is done, and something beside it is not.
-- @tparam string message
-- @tparam[opt] string hint what to do next
-- @raise
function M.partly(message, hint)
  raise { status = M.PARTLY, err = { code = "failed", message = message, hint = hint } }
end

--- Whether an error value says that the command line lacks something.
-- @param value
-- @treturn ?table the error that it was to report
function M.usage_of(value)
  return M.is(value) and value.status == M.USAGE and value.err or nil
end

--- Ends the command: a plan was made in which no one will be acted on.
-- @tparam string message
-- @tparam string hint what to do next
-- @raise
function M.no_one(message, hint)
  raise { status = M.NO_ONE, err = { code = "no_one_to_act_on", message = message, hint = hint } }
end

-- What is wrong with a journal or the way to it, and not with what was asked.
local journal_faults = {
  no_driver = true, journal_in_use = true, journal_newer = true, journal_older = true, journal_read_only = true,
  journal_full = true, journal_busy = true, journal_away = true, journal_unreadable = true, journal_linked = true,
  journal_behind = true, journal_moved = true, journal_not_durable = true, journal_unsafe = true,
  journal_refused = true,
}

-- A refusal before anything was sent has its cause in the command line; a partial
-- failure leaves half of an operation done, and so does a challenge without an
-- answer, which comes after the first call of a sign-in.
local function status_of(err)
  if err.partial or err.code == "challenge_unanswered" then
    return M.PARTLY
  end
  local refused = err.kind == "validation" or err.kind == "bulk" and not journal_faults[err.code]
  return refused and M.USAGE or M.FAILED
end

--- Ends the command with an error of the library.
-- @tparam cognito.Error err
-- @raise
function M.with(err)
  raise { status = status_of(err), err = err }
end

--- The status after a signal: 128 and its number, 130 for SIGINT.
-- @treturn[1] integer
-- @treturn[2] nil when none came
function M.interrupted()
  local signal = native.caught_signal()
  return signal and 128 + signal
end

return M

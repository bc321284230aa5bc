--- Waiting until the daily limit lets messages out again.
-- @module cognito.cli.bulk.wait

local clock = require "cognito.clock"
local native = require "cognito.native"
local show = require "cognito.cli.bulk.show"

local M = {}

local LOOK = 1 -- seconds between two looks at signals

--- Adds the option.
-- @param command of argparse
function M.declare(command)
  command:flag("--wait", "When the daily limit is used up, wait until the first of its messages is 24 hours old, and"
    .. " go on. Signals, cognito bulk pause and cancel end that.")
end

-- Whether the job is still where the run left it: an operator may have ordered
-- something else, or another process have taken it on. Returns nil where the
-- journal is away, which a day's wait outlasts.
local function is_left_alone(job, on_look)
  local status, err = job:status()
  if not status then
    return not err.temporary and false or nil
  end
  on_look(status)
  return status.state == "paused" and status.why == "daily_limit" and not status.is_worked_on
end

local function sleep_until(moment, job, world, on_look)
  local left_alone = is_left_alone(job, on_look)
  while left_alone == nil or left_alone and world.now() < moment do
    local left = moment - world.now()
    world.sleep(left > 0 and math.min(LOOK, left) or LOOK)
    if world.caught_signal() then
      return false
    end
    left_alone = is_left_alone(job, on_look)
  end
  return left_alone
end

--- Waits, if that is what the run needs.
-- @tparam table args
-- @tparam table console
-- @tparam cognito.BulkJob job
-- @tparam table status of the run that has ended
-- @tparam function on_look called with the job's status at each look
-- @tparam[opt] table world `now`, `sleep` and `caught_signal`: else the system's
-- @treturn boolean whether it is to go on
function M.on(args, console, job, status, on_look, world)
  world = world or native
  if not args.wait or status.why ~= "daily_limit" or not status.daily_limit_until or world.caught_signal() then
    return false
  end
  console:tell("the daily limit is used up: waiting until %s, %s from now", clock.format_rfc3339(
    status.daily_limit_until), show.duration(math.max(status.daily_limit_until - world.now(), 0)))
  return sleep_until(status.daily_limit_until, job, world, on_look)
end

return M

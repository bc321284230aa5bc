--- When the journal does not answer: nothing is sent meanwhile, nothing that
-- was sent is forgotten.
-- @module cognito.bulk.recover

local failure = require "cognito.bulk.failure"
local pace = require "cognito.bulk.pace"
local rows = require "cognito.bulk.rows"
local workers = require "cognito.bulk.workers"

local M = {}

local FIRST_DELAY, LONGEST_DELAY = 0.25, 8 -- seconds between two attempts to reach it
local IMPATIENCE = 10 -- seconds of trying when the run is to stop anyway

local function enter(runner, clock)
  local facts = runner.facts
  return workers.enter(runner.journal, {
    caller = facts.caller, endpoint = facts.endpoint, now = runner.time, alive_until = clock + runner.options.lease,
  })
end

-- What is in flight is finished first: then it is known which claims no call
-- was made for, those of a commit whose confirmation was lost among them.
local function drain(runner)
  while runner.in_flight > 0 do
    runner.engine:wait(1)
  end
end

-- A URL may name several servers, or a name may lead to another one now.
local function rejoin(runner)
  runner.journal:check_home()
  local p = pace.take(runner.journal, runner.engine:now())
  runner.clock = p.clock
  runner:record_all()
  rows.give_back(runner.journal, runner.worker, runner.job.action)
  workers.leave(runner.journal, runner.worker, runner.time, "journal_lost")
  local worker = enter(runner, p.clock)
  p:save()
  return worker
end

-- A commit of the old connection may still come to hold. Under another name
-- its claims are those of a worker that is gone.
local function come_back(runner)
  runner.worker = runner.journal:transaction(rejoin, runner)
  runner.outcomes, runner.slot = {}, nil
  runner:count()
  return true
end

local function try(runner)
  runner.time = runner:now()
  local connected, err = runner.journal:reconnect()
  if not connected then
    return nil, err
  end
  return failure.catch(come_back, runner)
end

local function keep_trying(runner, err)
  local begun, delay = runner.engine:clock(), FIRST_DELAY
  local function patience() return runner.stopping and IMPATIENCE or runner.options.patience end
  while err.temporary and runner.engine:clock() - begun < patience() do
    runner.trouble = err.code
    runner:tell()
    runner.engine:wait(delay)
    delay = math.min(delay * 2, LONGEST_DELAY)
    local back
    back, err = try(runner)
    if back then
      return
    end
  end
  error(err, 0)
end

--- A transaction of the runner's. When the journal does not answer it waits
-- until it does.
-- @tparam table runner
-- @tparam function f
-- @treturn ?table what the function returned; nil: it did not hold, and the
--   worker has a new name
-- @raise a cognito.Error when it is in vain
function M.transaction(runner, f)
  local done, err = failure.catch(runner.journal.transaction, runner.journal, f, runner)
  if done then
    return done
  end
  drain(runner)
  if not err.temporary then
    try(runner) -- there may be room again, to keep what is known
    error(err, 0)
  end
  keep_trying(runner, err)
end

--- Enters a worker again that was given up: it and its calls go on under
-- another name.
-- @tparam table runner
function M.enter_again(runner)
  local entered = M.transaction(runner, function() return { enter(runner, runner.clock) } end)
  if entered then
    runner.worker, runner.slot = entered[1], nil
  end
end

return M

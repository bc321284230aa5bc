--- The states of a job, and which order goes with which.
-- @module cognito.bulk.states

local failure = require "cognito.bulk.failure"

local M = {}

--- All states of a job.
M.all = { "planning", "planned", "approved", "running", "held", "paused", "cancelled", "done" }

-- From an order to the states that it goes with. A job that is done can be
-- resumed where something is left to try again; one that is cancelled can be
-- cancelled again where its last worker was killed before it had cleared up.
local orders = {
  approve = { planned = true, approved = true },
  run = { approved = true, running = true },
  pause = { approved = true, running = true, held = true, paused = true },
  resume = { approved = true, running = true, held = true, paused = true, done = true },
  cancel = { planned = true, approved = true, running = true, held = true, paused = true, cancelled = true },
}

--- The states in which no worker begins with another user.
M.stopped = { paused = true, held = true, cancelled = true }

--- The states in which nothing is left to do.
M.over = { cancelled = true, done = true }

-- The reason to refuse an order when the job is in another state.
local in_the_way = {
  planning = "not_frozen", planned = "not_approved", held = "not_running", paused = "not_running",
  done = "job_over", cancelled = "job_over",
}

--- Refuses an order that does not go with the job's state.
-- @tparam string state
-- @raise a cognito.Error
function M.refuse(state)
  failure.raise(in_the_way[state] or "not_running", ("the job is %s"):format(tostring(state)))
end

--- Refuses an order unless it goes with the job's state.
-- @tparam table journal
-- @tparam string order approve, run, pause, resume or cancel
-- @treturn string the state
-- @raise a cognito.Error
function M.check(journal, order)
  local state = journal:get "state"
  if not orders[order][state] then
    M.refuse(state)
  end
  return state
end

return M

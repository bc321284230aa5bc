--- The effect of a worker's step on the journal, as `cognito.bulk.runner` and
-- `cognito.bulk.writer` do it: it begins, has its turns, is entered again, comes
-- back after a commit that failed, ends. Each is one transaction. Calls are in
-- `spec.support.bulk_model.calls`.

local journal = require "spec.support.bulk_model.journal"
local states = require "spec.support.bulk_model.state"

local M = {}

local none = states.none
local set = states.worker

--- The outcomes of a commit: `ok`; `held`: it holds, and its answer is lost;
-- `lost`: it does not hold, and the worker knows as little.
M.commits = { "ok", "held", "lost" }

-- ---- what a transaction tells its worker ----

-- Calls that have ended are recorded and forgotten, and may be a reason to stop.
local function heed_ended(state, config, w)
  local worker = state.workers[w]
  local stopping, begun = worker.stopping, worker.begun
  states.tasks(state, w, function(task)
    if task.stage ~= "ended" then
      return task
    end
    local outcome = task.outcome
    stopping = stopping or outcome == "stop" and outcome or nil
    if config.limit and task.kind == "action" and task.step == 1
      and (outcome == "planned" or outcome == "stop" or outcome == "changed" or outcome == "trace") then
      begun = begun - 1
    end
  end)
  set(state, w, { stopping = stopping or none, begun = begun })
end

local function stop(state, w, why)
  if not state.workers[w].stopping then
    set(state, w, { stopping = why })
  end
end

-- ---- the beginning ----

local may_run = { approved = true, running = true }

--- Whether a worker can begin: the job is to be run, and the lock is free. Of two
-- dead workers one is replaced when its lease is over: its name ends then, which
-- the new one would see to in its first turn.
-- @tparam table state
-- @tparam table config
-- @tparam number w
-- @treturn boolean
function M.can_begin(state, config, w)
  local other = state.workers[3 - w]
  local is_locked = config.exclusive and config.rules.lock and other.process == "up"
  return may_run[state.job] and not is_locked
    and (state.workers[w].process == "off" or state.workers[w].lease == "lapsed" and other.process == "dead")
end

--- A worker begins. The holder of the lock of a file knows that all earlier
-- ones are gone.
-- @tparam table state
-- @tparam table config
-- @tparam number w
function M.begin(state, config, w)
  if config.exclusive then
    journal.give_up_all(state)
  elseif state.workers[w].process == "dead" then
    journal.give_up(state, w)
  end
  state.job = "running"
  set(state, w, { process = "up", lease = "held", mode = "turns", slot = false, stopping = none, over = false,
    begun = 0, sent = 0 })
end

-- ---- a turn ----

-- Work for the slot that has come. Returns whether there was none, and the
-- number of pieces.
local function use_slot(state, config, w, in_turn)
  local is_stopped = journal.stopped[state.job]
  if is_stopped and config.rules.order_in_claim then
    in_turn.order = true
    return false, 0
  end
  local kind, why, i = journal.take(state, config, w)
  in_turn.used, in_turn.exhausted, in_turn.kind, in_turn.row = true, why, kind, i
  if kind == "action" and config.limit and state.rows[i].step == 1 then
    set(state, w, { begun = state.workers[w].begun + 1 })
  end
  return not kind, kind and 1 or 0
end

local function take_on(state, config, w, in_turn)
  local worker = state.workers[w]
  local free = worker.stopping and 0 or config.most - in_turn.in_flight
  local slot = false
  if in_turn.is_member and free > 0 then
    local idle, n = false, 0
    if worker.slot then
      idle, n = use_slot(state, config, w, in_turn)
    end
    slot = idle or worker.slot and not in_turn.used or free - n > 0
    in_turn.idle = idle
  end
  set(state, w, { slot = slot })
end

local function expire(state, w)
  local other = 3 - w
  if state.workers[other].lease == "lapsed" then
    journal.give_up(state, other)
  end
end

-- A worker that was given up claims nothing: its renewal finds no name.
local function renew(state, config, w)
  if journal.is_listed(state.workers[w]) then
    set(state, w, { lease = "held" })
    return true
  end
  return not config.rules.membership
end

local function turn(state, config, w)
  local in_turn = { in_flight = states.in_flight(state.workers[w]) }
  journal.record(state, config, w)
  in_turn.is_member = renew(state, config, w)
  take_on(state, config, w, in_turn)
  expire(state, w)
  journal.take_over(state, config)
  in_turn.over = journal.is_over(state)
  return in_turn
end

local function after_turn(state, config, w, in_turn)
  heed_ended(state, config, w)
  if in_turn.order or journal.stopped[state.job] then
    stop(state, w, "stop")
  elseif in_turn.exhausted and in_turn.in_flight == 0 then
    stop(state, w, in_turn.exhausted)
  end
  set(state, w, { over = in_turn.over, mode = in_turn.is_member and "turns" or "outside" })
end

-- The claims of a commit whose answer is lost are none: their calls are not
-- made.
local function drop_claim(state, w, kind, i)
  local is_dropped = not kind
  states.tasks(state, w, function(task)
    if not is_dropped and task.kind == kind and task.row == i and task.stage == "claimed" and not task.old then
      is_dropped = true
      return nil
    end
    return task
  end)
end

--- A turn: records what has ended, renews the lease, takes a piece of work on,
-- looks at what others do and order.
-- @tparam table state
-- @tparam table config
-- @tparam number w
-- @tparam string commit
-- @treturn table the state that follows
function M.turn(state, config, w, commit)
  local before = states.copy(state)
  local in_turn = turn(state, config, w)
  if commit == "ok" then
    after_turn(state, config, w, in_turn)
    return state
  end
  if config.rules.claim_first then
    drop_claim(state, w, in_turn.kind, in_turn.row)
  elseif commit == "lost" then
    set(before, w, { tasks = state.workers[w].tasks })
  end
  state = commit == "lost" and before or state
  set(state, w, { mode = "away", slot = false })
  return state
end

-- ---- again ----

--- A worker that was given up is entered under another name.
-- @tparam table state
-- @tparam table _ config
-- @tparam number w
-- @tparam string commit
-- @treturn table the state that follows
function M.enter(state, _, w, commit)
  if commit == "ok" then
    set(state, w, { lease = "held", mode = "turns", slot = false })
  else
    set(state, w, { mode = "away", slot = false })
    state.stray = state.stray or commit == "held"
  end
  return state
end

--- After a commit without an answer, and when all calls have ended: what is
-- known is recorded, claims without a call go back, the worker has a new name.
-- @tparam table state
-- @tparam table config
-- @tparam number w
-- @tparam string commit
-- @treturn table the state that follows
function M.rejoin(state, config, w, commit)
  if commit == "lost" then
    return state
  end
  journal.record(state, config, w)
  journal.give_back(state, config, w)
  if commit == "ok" then
    heed_ended(state, config, w)
    set(state, w, { lease = "held", mode = "turns", slot = false })
  else
    set(state, w, { lease = "gone" })
    state.stray = true
  end
  return state
end

-- ---- the end ----

local for_all = { daily_limit = true, limit = true }

-- The state of the job after the end of a run; nil: as it is.
local function state_after(state, config, why, alone)
  if state.job == "cancelled" then
    return nil
  elseif why == "done" then
    return "done"
  elseif state.job ~= "running" then
    return nil
  elseif why == "limit" and config.hold then
    return "held"
  elseif for_all[why] or alone then
    return "paused"
  end
end

--- Whether a run is at its end.
-- @tparam table worker
-- @treturn boolean
function M.can_finish(worker)
  return worker.mode == "turns" and #worker.tasks == 0 and (worker.stopping or worker.over) and true or false
end

local function is_alone(state)
  for _, worker in ipairs(state.workers) do
    if journal.is_listed(worker) then
      return false
    end
  end
  return not state.stray
end

--- Gives up what a cancelled job leaves open, if no process works on it.
-- @tparam table state
function M.abandon_left(state)
  for _, worker in ipairs(state.workers) do
    if worker.process == "up" then
      return
    end
  end
  journal.give_up_all(state)
  journal.abandon(state)
end

--- Ends a run; or goes on with it, where users are tried again since it found
-- nothing left.
-- @tparam table state
-- @tparam table config
-- @tparam number w
function M.finish(state, config, w)
  local why = state.workers[w].stopping or "done"
  if why == "done" and config.rules.over_at_end and not journal.is_over(state) then
    return set(state, w, { over = false })
  end
  state.workers[w] = states.OFF
  state.job = state_after(state, config, why, is_alone(state)) or state.job
  if state.job == "cancelled" and config.rules.leftovers then
    M.abandon_left(state)
  end
end

return M

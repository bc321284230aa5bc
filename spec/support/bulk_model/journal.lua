--- The effect of a transaction on the journal, as `cognito.bulk.rows` and
-- `cognito.bulk.claims` do it: claims, outcomes, looks, workers that are gone.
-- Each function changes the copy of a state that it is given.

local states = require "spec.support.bulk_model.state"
local steps = require "spec.support.bulk_model.steps"

local M = {}

local none = states.none
local set = states.row

--- The states of a job in which no worker begins with another user.
M.stopped = { paused = true, held = true, cancelled = true }

-- ---- before a call ----

-- Calls of earlier attempts.
local function age_calls(state, i)
  for w in ipairs(state.workers) do
    states.tasks(state, w, function(task)
      return task.row == i and not task.old and states.changed(task, { old = true }) or task
    end)
  end
end

local function count_sends(state, config, n)
  if config.daily_limit then
    state.sends = state.sends + n
  end
end

-- The first row in the order of the plan.
local function first(state, wanted)
  for i, row in ipairs(state.rows) do
    if wanted(row, i) then
      return i
    end
  end
end

-- A row that a worker holds can be taken by the other one where claims do not
-- exclude each other.
local function is_free(state, config, w)
  return function(row)
    return row.state == "planned" or not config.rules.one_claim and row.state == "started" and not row.look
      and row.worker ~= w and row.worker ~= nil and state.workers[row.worker].process == "up"
  end
end

-- `wanted`: whether it is about rows with a step behind them, or about others.
local function claim_action(state, config, w, wanted)
  local is_wanted = is_free(state, config, w)
  local i = first(state, function(row) return is_wanted(row) and (row.step > 1) == wanted end)
  if i then
    age_calls(state, i)
    set(state, i, { state = "started", worker = w, look = none, seen = 0, failed_by = none,
      attempts = math.min(state.rows[i].attempts + 1, 2) })
    states.add_task(state, w, { kind = "action", row = i, stage = "claimed", old = false,
      step = state.rows[i].step })
    count_sends(state, config, config.rules.counted_in_claim and 1 or 0)
  end
  return i
end

local function claim_look(state, w)
  local i = first(state, function(row) return row.look == "due" end)
  if i then
    states.add_task(state, w, { kind = "look", row = i, stage = "claimed", old = false, seen = state.rows[i].seen,
      step = state.rows[i].step })
    set(state, i, { look = "later" })
  end
  return i
end

-- Why no further user may be acted on.
local function exhausted(state, config, worker)
  if config.limit and worker.begun >= config.limit then
    return "limit"
  elseif config.daily_limit and state.sends >= config.daily_limit then
    return "daily_limit"
  end
end

--- Takes on a piece of work.
-- @tparam table state
-- @tparam table config
-- @tparam number w the worker
-- @treturn ?string look or action; nil: there was none
-- @treturn ?string the limit that was reached
-- @treturn ?number the row
function M.take(state, config, w)
  local i = claim_look(state, w)
  if i then
    return "look", nil, i
  end
  i = claim_action(state, config, w, true)
  if i then
    return "action", nil, i
  end
  local why = exhausted(state, config, state.workers[w])
  if why then
    return nil, why
  end
  i = claim_action(state, config, w, false)
  return i and "action", nil, i
end

-- ---- after a call ----

local takes_knowledge = { started = true, planned = true, uncertain = true }

-- Whether a write about a call's attempt is one about the row's last attempt.
local function is_last(config, task)
  return not task.old or not config.rules.attempt_named
end

local function settle(state, i, outcome, failed_by)
  set(state, i, { state = outcome, worker = none, look = none, tries = 0, failed_by = failed_by or none })
end

local function back_to_planned(state, config, i)
  local row = state.rows[i]
  if row.state == "started" and not row.look then
    set(state, i, { state = "planned", worker = none })
    count_sends(state, config, -1)
  end
end

local function leave_open(state, config, i)
  local row = state.rows[i]
  if config.unknown == "uncertain" then
    if takes_knowledge[row.state] then
      settle(state, i, "uncertain")
    end
  elseif row.state == "started" and not row.look then
    local look = config.rules.look_before_repeat
    set(state, i, { worker = none, look = look and "later" or none, tries = row.tries + 1,
      state = look and "started" or "planned" })
  end
end

local function skip(state, config, i, is_trace)
  local row = state.rows[i]
  if takes_knowledge[row.state] then
    settle(state, i, (row.tries > 0 or row.traced or row.attempts > 1 and is_trace) and "uncertain" or "skipped")
    count_sends(state, config, -1)
  end
end

-- A write about a step names it: the first one has moved the row on.
local function record_step(state, config, task, letter, is_open)
  local row = state.rows[task.row]
  local step = config.rules.step_named and task.step or row.step
  if row.step == step and is_open(row) then
    steps.go_on(state, task.row, step, letter)
  end
end

local function takes_answer(row)
  return takes_knowledge[row.state]
end

local function is_looked_at(row)
  return row.state == "started" and row.look ~= nil
end

local ends_step = { accepted = "d", refused = "f" }

local function record_action(state, config, task)
  local i, outcome = task.row, task.outcome
  if not is_last(config, task) then
    return
  elseif config.steps and ends_step[outcome] then
    return record_step(state, config, task, ends_step[outcome], takes_answer)
  elseif outcome == "planned" or outcome == "stop" then
    back_to_planned(state, config, i)
  elseif outcome == "unknown" then
    leave_open(state, config, i)
  elseif outcome == "changed" or outcome == "trace" then
    skip(state, config, i, outcome == "trace")
  elseif takes_knowledge[state.rows[i].state] then
    settle(state, i, outcome == "accepted" and "accepted" or "failed", outcome == "undelivered" and outcome or none)
  end
end

local function go_back(state, config, i)
  set(state, i, { state = "planned", look = none, seen = 0 })
  count_sends(state, config, -1)
end

-- A look's verdict on the attempt.
local function record_look(state, config, task)
  local i, verdict = task.row, task.outcome
  local row = state.rows[i]
  if not is_last(config, task) or row.state ~= "started" or not row.look then
    return
  end
  local is_end = row.tries >= config.most_tries
  if config.steps and (verdict == "uncertain" or verdict == "repeat" and is_end) then
    return record_step(state, config, task, "u", is_looked_at)
  end
  if verdict == "again" then
    set(state, i, { look = "soon", seen = task.seen })
  elseif verdict == "unchanged" and task.seen == 0 then
    set(state, i, { look = "soon", seen = 1 })
  elseif verdict == "accepted" then
    settle(state, i, "accepted")
  elseif verdict == "unchanged" and is_end then
    settle(state, i, "failed")
  elseif verdict == "unchanged" or verdict == "repeat" and not is_end then
    go_back(state, config, i)
  else
    settle(state, i, "uncertain")
  end
end

local recorders = { action = record_action, look = record_look }

--- Records the calls of a worker that have ended. They stay in its memory until
-- the commit is confirmed.
-- @tparam table state
-- @tparam table config
-- @tparam number w
function M.record(state, config, w)
  for _, task in ipairs(state.workers[w].tasks) do
    if task.stage == "ended" then
      recorders[task.kind](state, config, task)
    end
  end
end

--- Gives back claims of which no call was made.
-- @tparam table state
-- @tparam table config
-- @tparam number w
function M.give_back(state, config, w)
  for i, row in ipairs(state.rows) do
    if row.state == "started" and not row.look and row.worker == w then
      back_to_planned(state, config, i)
    end
  end
end

-- ---- workers that are gone ----

--- Whether a worker has a name in the journal that was not given up.
-- @tparam table worker
-- @treturn boolean
function M.is_listed(worker)
  return worker.lease ~= "gone"
end

local function is_gone(state, row)
  return not row.worker or not M.is_listed(state.workers[row.worker])
end

--- Takes over from workers that are gone.
-- @tparam table state
-- @tparam table config
function M.take_over(state, config)
  for i, row in ipairs(state.rows) do
    if row.state == "started" and not row.look and is_gone(state, row) then
      if config.unknown == "uncertain" then
        set(state, i, { state = "uncertain", worker = none })
      elseif config.rules.look_before_repeat then
        set(state, i, { look = "later", worker = none })
      else
        set(state, i, { state = "planned", worker = none })
      end
    end
  end
end

--- Gives up a worker: its name has ended.
-- @tparam table state
-- @tparam number w
function M.give_up(state, w)
  if state.workers[w].process == "dead" then
    state.workers[w] = states.OFF
    for i, row in ipairs(state.rows) do
      if row.worker == w then
        set(state, i, { worker = none })
      end
    end
  else
    states.worker(state, w, { lease = "gone" })
  end
end

--- Gives up all workers, when it is known that no process has them.
-- @tparam table state
function M.give_up_all(state)
  state.stray = false
  for w, worker in ipairs(state.workers) do
    if worker.process ~= "off" then
      M.give_up(state, w)
    end
  end
end

--- Gives up looking outcomes up: open rows of workers that are gone become
-- uncertain.
-- @tparam table state
function M.abandon(state)
  for i, row in ipairs(state.rows) do
    if row.state == "started" and is_gone(state, row) then
      steps.abandon(state, i)
      set(state, i, { state = "uncertain", worker = none, look = none })
    end
  end
end

--- Whether nothing is left that a worker could do, now or later.
-- @tparam table state
-- @treturn boolean
function M.is_over(state)
  return not first(state, function(row) return row.state == "planned" or row.state == "started" end)
end

return M

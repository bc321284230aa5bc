--- The calls of workers, the network and the service, and time: what happens
-- between a claim and its outcome. Each function adds the steps that a state
-- allows, by `add(what, worker, detail, state, cost)`; a fault costs one of those
-- that a state has left.

local states = require "spec.support.bulk_model.state"
local steps = require "spec.support.bulk_model.steps"

local M = {}

local none = states.none

-- ---- time ----

-- From a stage to the one that a call is in when time has passed. The half
-- minute is over in any case.
local after_settle = { claimed = "late", sent = "lost" }
local after_lease = { claimed = "late", sent = "lost", dated = "stale" }

-- The mark of time on all calls. A request that is sent has arrived or never
-- will; one whose caller was given up has, too.
local function age(state, config, stages)
  for w in ipairs(state.workers) do
    states.tasks(state, w, function(task)
      local stage = task.kind == "action" and stages[task.stage]
      if not stage or stage == "lost" and not config.rules.settles
        or stage == "stale" and not config.rules.signature_ends then
        return task
      end
      return states.changed(task, { stage = stage })
    end)
  end
  for i, user in ipairs(state.users) do
    if user.open > 0 and config.rules.settles then
      states.user(state, i, { open = 0 })
    end
  end
end

--- Steps of time: the lease of a worker that stands still or is dead, the wait
-- before a look.
-- @tparam table state
-- @tparam table config
-- @tparam function add
function M.time(state, config, add)
  for w, worker in ipairs(state.workers) do
    if worker.lease == "held" and not config.exclusive then
      local after = states.copy(state)
      states.worker(after, w, { lease = "lapsed" })
      age(after, config, after_lease)
      add("lapse", w, nil, after, worker.process == "dead" and 0 or 1)
    end
  end
  if state.stray and not config.exclusive then
    local after = states.copy(state)
    after.stray = false
    age(after, config, after_lease)
    add("stray lapses", nil, nil, after, 0)
  end
  for i, row in ipairs(state.rows) do
    if row.look == "later" or row.look == "soon" then
      local after = states.copy(state)
      if row.look == "later" then
        age(after, config, after_settle)
      end
      states.row(after, i, { look = "due" })
      add("due", nil, i, after, 0)
    end
  end
end

-- ---- the service ----

-- A user's record at the service: of one person there may be two rows.
local function carry_out(state, config, i, step)
  local who = config.people[i]
  if config.steps then
    return states.user(state, who, steps.carried_out(state.users[who], config, step))
  end
  states.user(state, who, { done = math.min(state.users[who].done + 1, 3), taken = true, status = "done" })
end

--- Steps of the network and of the people: a request arrives whose caller waits
-- no longer, users recover or move.
-- @tparam table state
-- @tparam table config
-- @tparam function add
function M.world(state, config, add)
  for i, user in ipairs(state.users) do
    if user.open > 0 then
      local after = states.copy(state)
      states.user(after, i, { open = user.open - 1 })
      carry_out(after, config, i, user.open_step)
      add("arrive", nil, i, after, 0)
    end
    if config.people_change and user.status == "done" then
      local after = states.copy(state)
      states.user(after, i, { status = "after" })
      add("recover", nil, i, after, 1)
    end
    if config.people_change and (user.status == "before" or user.status == "after") then
      local after = states.copy(state)
      states.user(after, i, { status = "moved" })
      add("move", nil, i, after, 1)
    end
  end
end

-- ---- an action ----

local stages = {}

-- An outcome that changes nothing any more is as good as any other.
local function ended(config, task, outcome)
  local is_void = task.old and config.rules.attempt_named and outcome ~= "stop"
  return { stage = "ended", outcome = is_void and "planned" or outcome, seen = is_void and none or task.seen }
end

-- The user is looked up once more, and then the call is made, unless it is late.
-- The request bears the time of that check.
local function check(state, config, w, task, add)
  local status = state.users[config.people[task.row]].status
  local outcome
  if not config.recheck or config.unknown == "repeat" then
    outcome = nil
  elseif status == "moved" then
    outcome = "changed"
  elseif status == "done" and config.unknown == "look" and not state.rows[task.row].traced then
    outcome = "trace"
  end
  local after = states.copy(state)
  if not outcome and task.stage == "late" and config.rules.late_check then
    outcome = "planned"
  end
  states.task(after, w, task, outcome and ended(config, task, outcome)
    or { stage = config.rules.dated_at_check and "dated" or "checked" })
  add("check", w, task, after, 0)
end

stages.claimed, stages.late = check, check

function stages.checked(state, _, w, task, add)
  local after = states.copy(state)
  states.task(after, w, task, { stage = "dated" })
  add("date", w, task, after, 0)
end

function stages.dated(state, config, w, task, add)
  local after = states.copy(state)
  states.task(after, w, task, { stage = "sent" })
  add("send", w, task, after, 0)
  after = states.copy(state)
  states.task(after, w, task, ended(config, task, "planned"))
  add("unsent", w, task, after, 1)
end

-- The answer to a call reaches its worker, or is lost on the way.
local function answer(state, config, w, task, outcome, add, what, cost)
  local after = states.copy(state)
  states.task(after, w, task, ended(config, task, outcome))
  add(what, w, task, after, cost, outcome)
  after = states.copy(state)
  states.task(after, w, task, ended(config, task, "unknown"))
  add(what .. ", reply lost", w, task, after, cost + 1, outcome)
end

-- The service refuses an old signature.
function stages.stale(state, config, w, task, add)
  answer(state, config, w, task, "planned", add, "send too late", 0)
end

-- The service's answers beside success, and whether each changes the user.
local refusals = { "planned", "refused", "stop", "undelivered" }

local function refuse(state, config, w, task, outcome, add)
  local after = states.copy(state)
  if outcome == "undelivered" then
    states.user(after, config.people[task.row], { taken = true, status = "done" })
  end
  answer(after, config, w, task, outcome, add, "refuse", 1)
end

local function serve(state, config, w, task, add)
  local after = states.copy(state)
  carry_out(after, config, task.row, task.step)
  if config.limit and task.step == 1 then
    states.worker(after, w, { sent = after.workers[w].sent + 1 })
  end
  answer(after, config, w, task, "accepted", add, "carry out", 0)
end

function stages.sent(state, config, w, task, add)
  serve(state, config, w, task, add)
  for _, outcome in ipairs(refusals) do
    if outcome ~= "undelivered" or config.sends then
      refuse(state, config, w, task, outcome, add)
    end
  end
  local after, who = states.copy(state), config.people[task.row]
  states.user(after, who, { open = math.min(state.users[who].open + 1, 2), open_step = task.step })
  states.task(after, w, task, ended(config, task, "unknown"))
  add("time out", w, task, after, 1)
end

function stages.lost(state, config, w, task, add)
  local after = states.copy(state)
  states.task(after, w, task, ended(config, task, "unknown"))
  add("time out", w, task, after, 0)
end

-- ---- a look ----

local function verdict(state, config, task)
  local status, row = state.users[config.people[task.row]].status, state.rows[task.row]
  if config.unknown == "repeat" then
    return steps.is_once(config, task.step) and config.rules.once_unknown and "uncertain" or "repeat"
  elseif status == "done" and not row.traced then
    return "accepted"
  elseif status == "before" or status == "after" and not config.rules.dates_compared then
    return "unchanged"
  end
  return "uncertain"
end

local function look(state, config, w, task, add)
  local after = states.copy(state)
  states.task(after, w, task, ended(config, task, verdict(state, config, task)))
  add("look", w, task, after, 0)
  if config.unknown ~= "repeat" then
    after = states.copy(state)
    states.task(after, w, task, ended(config, task, "again"))
    add("look in vain", w, task, after, 1)
  end
end

-- ---- all ----

--- Steps of a worker's calls.
-- @tparam table state
-- @tparam table config
-- @tparam number w
-- @tparam function add
function M.of(state, config, w, add)
  local last
  for _, task in ipairs(state.workers[w].tasks) do
    if task.stage ~= "ended" and task ~= last then
      local step = task.kind == "look" and look or stages[task.stage]
      step(state, config, w, task, add)
    end
    last = task
  end
end

--- The process of a worker is killed: requests that it has sent may arrive.
-- @tparam table state
-- @tparam table config
-- @tparam number w
function M.kill(state, config, w)
  for _, task in ipairs(state.workers[w].tasks) do
    if task.stage == "sent" then
      local who = config.people[task.row]
      states.user(state, who, { open = math.min(state.users[who].open + 1, 2), open_step = task.step })
    end
  end
  if state.workers[w].lease == "gone" then
    state.workers[w] = states.OFF
  else
    states.worker(state, w, { process = "dead", tasks = states.OFF.tasks, mode = "turns", slot = false, over = false,
      stopping = none, begun = 0, sent = 0 })
  end
end

return M

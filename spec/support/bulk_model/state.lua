--- A state of the model: the journal (the job and its rows), the service (what
-- was done for each user), and two workers with their calls.
--
-- Time is not a number here. What matters of it is which of three things has
-- passed since a moment: half a minute (a call is not made any more), the
-- timeout and `settle` (a request has arrived, or never will), the lease (a
-- signature is too old). Steps of time mark calls and rows accordingly.

local records = require "spec.support.bulk_model.records"

local M = {}

local none = records.none

-- state: as in the journal; worker: 1, 2 or none; look: later (after timeout and
-- settle), soon, due or none; failed_by: undelivered, or none for all else;
-- attempts: claims, counted up to 2; step and over: of an action that has
-- several (`steps.lua`)
local rows = records.kind { "state", "worker", "look", "seen", "tries", "traced", "attempts", "failed_by", "step",
  "over" }

-- done: how often a message was made; taken: whether the action took effect, with
-- or without its message; status: before (as planned), done (as the
-- action leaves it), after (as before, but changed since), moved (another
-- address); open: requests on their way whose caller waits no longer; allowed:
-- messages beyond the first one that an operator has decided on; steps: those
-- that were carried out; open_step: the one that `open` is about
local users = records.kind { "done", "taken", "status", "open", "allowed", "steps", "open_step" }

-- process: off, up or dead (killed, and not known to be); lease: held, lapsed
-- or gone (given up, or no name in the journal); mode: turns, away (the journal
-- failed) or outside (given up, and to be entered again); slot: whether the next
-- turn may claim; stopping: why; over: whether nothing was left at the last turn
local workers = records.kind { "process", "lease", "mode", "slot", "stopping", "over", "begun", "sent", "tasks" }

-- kind: action or look; stage: claimed, late, checked, dated, stale, sent, lost
-- or ended; outcome: of the last one; old: another attempt has begun;
-- seen: of a look, as it was claimed; step: of an action that has several
local tasks = records.kind { "kind", "row", "stage", "outcome", "old", "seen", "step" }

local NO_TASKS = records.bag {}
-- A bag is compared by its key.
setmetatable(NO_TASKS, { __tostring = function(bag) return bag.key end })
local bag_mt = getmetatable(NO_TASKS)
local bags = { [""] = NO_TASKS }

local function bag(list)
  list = records.bag(list)
  if not bags[list.key] then
    bags[list.key] = setmetatable(list, bag_mt)
  end
  return bags[list.key]
end

--- A worker that does not run.
M.OFF = workers:of { process = "off", lease = "gone", mode = "turns", slot = false, over = false, begun = 0, sent = 0,
  tasks = NO_TASKS }

--- The first state: an approved plan, and nothing begun.
-- @tparam table config `people`: the person of each row (one row is one
-- person's, but in a mutation)
-- @treturn table state
function M.first(config)
  local state = { job = "approved", rows = {}, users = {}, workers = { M.OFF, M.OFF }, stray = false, sends = 0,
    faults = config.faults }
  local steps = ("."):rep(config.steps and #config.steps or 0)
  for i = 1, #config.people do
    state.rows[i] = rows:of { state = "planned", seen = 0, tries = 0, traced = false, attempts = 0, step = 1,
      over = steps }
  end
  for i = 1, #config.people do
    state.users[i] = users:of { done = 0, taken = false, status = "before", open = 0, allowed = 0,
      steps = steps, open_step = 1 }
  end
  return state
end

local function copied(list)
  local copy = {}
  for i, each in ipairs(list) do
    copy[i] = each
  end
  return copy
end

--- A copy that a step may change.
-- @tparam table state
-- @treturn table state
function M.copy(state)
  return {
    job = state.job, rows = copied(state.rows), users = copied(state.users), workers = copied(state.workers),
    stray = state.stray, sends = state.sends, faults = state.faults, copy = state.copy,
  }
end

local other = { 2, 1 }

-- A row as it is when the two workers have changed their names.
local function renamed(row)
  if not row.worker then
    return row
  end
  row.renamed = row.renamed or rows:with(row, { worker = other[row.worker] })
  return row.renamed
end

local function key_of(state, first, last, row_of)
  local words = { state.job, tostring(state.stray), state.sends, state.faults, state.copy and state.copy.key or "",
    first.key, last.key }
  for i, row in ipairs(state.rows) do
    words[#words + 1] = row_of(row).key
    words[#words + 1] = state.users[i].key
  end
  return table.concat(words, " ")
end

local function same(row)
  return row
end

--- The key of a state, which does not depend on the workers' names.
-- @tparam table state
-- @treturn string
function M.key(state)
  local one, two = state.workers[1], state.workers[2]
  if one.key == two.key then
    local a, b = key_of(state, one, two, same), key_of(state, one, two, renamed)
    return a < b and a or b
  elseif one.key < two.key then
    return key_of(state, one, two, same)
  end
  return key_of(state, two, one, renamed)
end

--- Changes a row.
-- @tparam table state
-- @tparam number i
-- @tparam table changes
function M.row(state, i, changes)
  state.rows[i] = rows:with(state.rows[i], changes)
end

--- Changes what the service knows of a user.
-- @tparam table state
-- @tparam number i
-- @tparam table changes
function M.user(state, i, changes)
  state.users[i] = users:with(state.users[i], changes)
end

--- Changes a worker.
-- @tparam table state
-- @tparam number w
-- @tparam table changes
function M.worker(state, w, changes)
  state.workers[w] = workers:with(state.workers[w], changes)
end

--- Changes the calls of a worker, each on its own.
-- @tparam table state
-- @tparam number w
-- @tparam function change called with each task; returns it changed, or nil to
-- leave it out
function M.tasks(state, w, change)
  local list, is_other = {}, false
  for _, task in ipairs(state.workers[w].tasks) do
    local changed = change(task)
    list[#list + 1] = changed
    is_other = is_other or changed ~= task
  end
  if is_other then
    M.worker(state, w, { tasks = bag(list) })
  end
end

--- Changes one call of a worker.
-- @tparam table state
-- @tparam number w
-- @tparam table task
-- @tparam table changes
function M.task(state, w, task, changes)
  local is_changed = false
  M.tasks(state, w, function(each)
    if each == task and not is_changed then
      is_changed = true
      return tasks:with(each, changes)
    end
    return each
  end)
end

--- A task with changes.
-- @tparam table task
-- @tparam table changes
-- @treturn table task
function M.changed(task, changes)
  return tasks:with(task, changes)
end

--- Adds a call to those of a worker.
-- @tparam table state
-- @tparam number w
-- @tparam table fields of the task
function M.add_task(state, w, fields)
  local list = copied(state.workers[w].tasks)
  list[#list + 1] = tasks:of(fields)
  M.worker(state, w, { tasks = bag(list) })
end

--- How many calls of a worker have not ended.
-- @tparam table worker
-- @treturn number
function M.in_flight(worker)
  local n = 0
  for _, task in ipairs(worker.tasks) do
    n = n + (task.stage ~= "ended" and 1 or 0)
  end
  return n
end

--- Stands for no value in the changes of all these functions.
M.none = none

return M

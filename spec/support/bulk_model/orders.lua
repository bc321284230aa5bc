--- Orders of operators, and other journals: each a step of the model.

local journal = require "spec.support.bulk_model.journal"
local states = require "spec.support.bulk_model.state"
local steps = require "spec.support.bulk_model.steps"
local workers = require "spec.support.bulk_model.workers"

local M = {}

local ONCE = 1 -- decision of an operator to repeat an uncertain user

-- In which states of a job an order is taken.
local takes = {
  pause = { approved = true, running = true, held = true },
  resume = { approved = true, running = true, held = true, paused = true },
  again = { approved = true, running = true, held = true, paused = true, done = true },
  cancel = { approved = true, running = true, held = true, paused = true },
}

local function pause(state, add)
  local after = states.copy(state)
  after.job = "paused"
  add("pause", nil, nil, after, 1)
end

local function resume(state, add)
  local after = states.copy(state)
  after.job = "approved"
  add("resume", nil, nil, after, journal.stopped[state.job] and 0 or 1)
end

-- Users are tried again: who failed, or whose end is uncertain, which is the
-- operator's decision.
local function again(state, config, what, add)
  local after, is_any = states.copy(state), false
  for i, row in ipairs(state.rows) do
    if row.state == what and (what == "failed" or state.users[config.people[i]].allowed < ONCE) then
      is_any = true
      local traced = row.traced or what == "uncertain" or row.failed_by == "undelivered"
      states.row(after, i, { state = "planned", tries = 0, seen = 0, traced = traced })
      local user = after.users[config.people[i]]
      local more = what == "uncertain" and user.allowed + 1 or user.allowed
      states.user(after, config.people[i], { allowed = more })
    end
  end
  if is_any then
    steps.repeat_those(after, what == "failed" and "f" or "fu")
    after.job = "approved"
    add("resume " .. what, nil, nil, after, 1)
  end
end

local function cancel(state, add)
  local after = states.copy(state)
  after.job = "cancelled"
  workers.abandon_left(after)
  add("cancel", nil, nil, after, 1)
end

-- After an end that came too early: what a cancelled job left open.
local function cancel_again(state, config, add)
  local after = states.copy(state)
  workers.abandon_left(after)
  if config.rules.leftovers then
    add("cancel", nil, nil, after, 0)
  end
end

--- Steps of operators.
-- @tparam table state
-- @tparam table config
-- @tparam function add
function M.of(state, config, add)
  if takes.pause[state.job] then
    pause(state, add)
  end
  if takes.resume[state.job] then
    resume(state, add)
  end
  if takes.again[state.job] then
    again(state, config, "failed", add)
    again(state, config, "uncertain", add)
  end
  if takes.cancel[state.job] then
    cancel(state, add)
  elseif state.job == "cancelled" then
    cancel_again(state, config, add)
  end
end

-- ---- copies of the journal ----

local function key_of(state)
  local words = { state.job }
  for _, row in ipairs(state.rows) do
    words[#words + 1] = row.key
  end
  return table.concat(words, ":")
end

local function make_copy(state, add)
  local after = states.copy(state)
  after.copy = { job = state.job, rows = after.rows, key = key_of(state) }
  after.rows = states.copy(after).rows
  add("copy", nil, nil, after, 1)
end

-- Another host works on the copy, or the copy is put over the journal.
local function use_copy(state, add)
  local after = states.copy(state)
  journal.give_up_all(after)
  local left = { job = after.job, rows = after.rows, key = key_of(after) }
  after.job, after.rows, after.copy = state.copy.job, state.copy.rows, left
  after.rows = states.copy(after).rows
  for i in ipairs(after.rows) do
    states.row(after, i, { worker = states.none })
  end
  add("use copy", nil, nil, after, 1)
end

--- Steps with copies of the journal: to make one, and, where it is not refused,
-- to work on it.
-- @tparam table state
-- @tparam table config
-- @tparam function add
function M.copies(state, config, add)
  if not config.copies then
    return
  elseif not state.copy then
    make_copy(state, add)
  elseif not config.rules.home and state.workers[1].process ~= "up" and state.workers[2].process ~= "up" then
    use_copy(state, add)
  end
end

return M

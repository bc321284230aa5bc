--- A model of bulk jobs: two workers, some users, and all that can happen to
-- them, small enough that every state can be looked at. The state machine is that
-- of lua/cognito/bulk; docs/design.md has the invariants.
--
-- A step is `what`, `worker` and `detail` (a row's number, a task, the fate of a
-- commit). A config says how large the world is.

local calls = require "spec.support.bulk_model.calls"
local orders = require "spec.support.bulk_model.orders"
local rules = require "spec.support.bulk_model.rules"
local states = require "spec.support.bulk_model.state"
local workers = require "spec.support.bulk_model.workers"

local M = {}

local ANY = 1e9 -- faults

--- Completes a config.
-- @tparam[opt] table given `users` (1), `faults` (how many in one run of the
--   model; any number), `exclusive` (a journal in a file: one process at a
--   time), `unknown` (look, repeat or uncertain: the kind of action), `steps` (of
--   an action with several: list of repeat or once, with `unknown` repeat), `recheck`,
--   `limit` and `daily_limit` (users and messages), `hold`, `people_change`,
--   `copies`, `most` (calls at once, 2), `most_tries` (2), `without` (the rule
--   that is switched off), `only` (the one invariant that is checked)
-- @treturn table config
function M.config(given)
  local config = { users = 1, faults = ANY, unknown = "look", most = 2, most_tries = 2 }
  for name, value in pairs(given or {}) do
    config[name] = value
  end
  config.rules = rules.without(config.without)
  config.sends = config.unknown ~= "repeat"
  config.people = {}
  for i = 1, config.users do
    config.people[i] = config.rules.one_row and i or 1
  end
  return config
end

--- The first state.
M.first = states.first

local function kill(state, config, w, add)
  local after = states.copy(state)
  calls.kill(after, config, w)
  add("kill", w, nil, after, 1)
end

local function commit_each(state, config, w, what, add)
  for _, commit in ipairs(workers.commits) do
    local after = workers[what](states.copy(state), config, w, commit)
    add(what, w, commit, after, commit == "ok" and 0 or 1)
  end
end

local function begin(state, config, w, add)
  if workers.can_begin(state, config, w) then
    local after = states.copy(state)
    workers.begin(after, config, w)
    add("begin", w, nil, after, 0)
  end
end

-- The transactions of a worker that runs.
local function write(state, config, w, add)
  local worker = state.workers[w]
  if worker.mode == "outside" then
    commit_each(state, config, w, "enter", add)
  elseif worker.mode == "away" then
    if states.in_flight(worker) == 0 or not config.rules.calls_end_first then
      commit_each(state, config, w, "rejoin", add)
    end
  elseif workers.can_finish(worker) then
    local after = states.copy(state)
    workers.finish(after, config, w)
    add("finish", w, nil, after, 0)
  else
    commit_each(state, config, w, "turn", add)
  end
end

--- Gives all steps from a state.
-- @tparam table state
-- @tparam table config
-- @tparam function step called with `what`, `worker`, `detail` (a row, a commit
--   or a task), the state that follows, for a refusal its outcome, and whether it
--   needs neither a fault nor a decision
function M.steps(state, config, step)
  local function add(what, worker, detail, after, cost, more)
    if config.faults ~= ANY then
      after.faults = state.faults - cost
    end
    if after.faults >= 0 then
      step(what, worker, detail, after, more, cost == 0)
    end
  end
  for w, worker in ipairs(state.workers) do
    if worker.process == "up" then
      write(state, config, w, add)
      calls.of(state, config, w, add)
      kill(state, config, w, add)
    else
      begin(state, config, w, add)
    end
  end
  calls.world(state, config, add)
  calls.time(state, config, add)
  orders.of(state, config, add)
  orders.copies(state, config, add)
end

return M

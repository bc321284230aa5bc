--- The invariants of bulk jobs, by name. docs/design.md says each in words;
-- the checker asks for them in every state of the model, and the driver requires
-- that each state of the real code is the model's.

local journal = require "spec.support.bulk_model.journal"
local steps = require "spec.support.bulk_model.steps"

local M = {}

-- Calls of a person that can still be carried out.
local can_come = { claimed = true, checked = true, dated = true, sent = true }

local function open_calls(state, config, who)
  local n = state.users[who].open
  for _, worker in ipairs(state.workers) do
    for _, task in ipairs(worker.tasks) do
      if task.kind == "action" and can_come[task.stage] and config.people[task.row] == who then
        n = n + 1
      end
    end
  end
  return n
end

local function each_user(check)
  return function(state, config)
    for i, user in ipairs(state.users) do
      if not check(state, config, i, user) then
        return false
      end
    end
    return true
  end
end

-- The states of rows that say that nothing was sent.
local nothing_sent = { planned = true, failed = true, skipped = true }

local function is_honest(row, user, config)
  if config.steps then
    return steps.is_honest(row, user, config)
  elseif row.state == "accepted" then
    return user.taken
  end
  return not config.sends or not nothing_sent[row.state] or user.done <= user.allowed
end

--- Of a state. Each is called with the state and the config, and returns whether
-- it holds.
M.of_state = {
  ["one message"] = each_user(function(_, config, _, user)
    return not (config.sends or config.steps) or user.done <= 1 + user.allowed
  end),

  ["one call"] = each_user(function(state, config, i, user)
    return not config.sends or open_calls(state, config, i) <= 1 + user.allowed
  end),

  ["true rows"] = function(state, config)
    for i, row in ipairs(state.rows) do
      if not is_honest(row, state.users[config.people[i]], config) then
        return false
      end
    end
    return true
  end,

  ["limits kept"] = function(state, config)
    local done = 0
    for i, user in ipairs(state.users) do
      done = done + user.done
      if config.limit and state.workers[i] and state.workers[i].sent > config.limit then
        return false
      end
    end
    return not config.daily_limit or done <= config.daily_limit
  end,

  ["nobody lost"] = function(state)
    return state.job ~= "done" or journal.is_over(state)
  end,
}

--- Of a step: called with the states before and after it.
M.of_step = {
  ["orders hold"] = function(before, after)
    for i, row in ipairs(before.rows) do
      if journal.stopped[before.job] and row.state == "planned" and after.rows[i].state == "started" then
        return false
      end
    end
    return true
  end,
}

--- Of all states together: from each of them a state follows for which this is
-- true, without a fault and without a decision.
-- @tparam table state
-- @treturn boolean
function M.is_end(state)
  if state.job ~= "done" and state.job ~= "cancelled" then
    return false
  end
  for _, worker in ipairs(state.workers) do
    if worker.process == "up" then
      return false
    end
  end
  for _, row in ipairs(state.rows) do
    if row.state == "started" then
      return false
    end
  end
  return true
end

M.END = "an end in reach"

--- The names of all.
M.names = { "one message", "one call", "true rows", "limits kept", "nobody lost", "orders hold", M.END }

return M

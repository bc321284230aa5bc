--- Looks at every state that a model can come to, the nearest ones first, and
-- checks the invariants in each: a fault comes with the shortest way to it.

local invariants = require "spec.support.bulk_model.invariants"
local model = require "spec.support.bulk_model.model"
local states = require "spec.support.bulk_model.state"
local story = require "spec.support.bulk_model.story"

local M = {}

local search = {}
local search_mt = { __index = search }

-- Each state has a number, and remembers the step that led to it first.
function search:add(state, from, what, worker, detail, more)
  local key = states.key(state)
  local number = self.numbers[key]
  if number then
    return number
  end
  number = #self.states + 1
  self.numbers[key], self.states[number] = number, state
  self.from[number], self.steps[number] = from, { what, worker, detail, more }
  return number
end

--- The steps to a state.
-- @tparam number number
-- @treturn table list of steps: what, worker, detail, more
function search:path(number)
  local path = {}
  while self.from[number] do
    table.insert(path, 1, self.steps[number])
    number = self.from[number]
  end
  return path
end

local function fault(self, name, number)
  local told = {}
  for i, step in ipairs(self:path(number)) do
    told[i] = story.of(step[1], step[2], step[3], step[4])
  end
  self.fault = { invariant = name, steps = told, state = self.states[number] }
end

-- A config may ask for one invariant alone.
local function wants(self, name)
  return (self.config.only or name) == name
end

local function check_state(self, number)
  local state = self.states[number]
  for _, name in ipairs(invariants.names) do
    local holds = invariants.of_state[name]
    if holds and wants(self, name) and not holds(state, self.config) then
      return fault(self, name, number)
    end
  end
end

local function check_step(self, before, number)
  for name, holds in pairs(invariants.of_step) do
    if wants(self, name) and not holds(before, self.states[number]) then
      fault(self, name, number)
    end
  end
end

-- All steps from a state. Those that no fault and no decision is needed for
-- lead to the end.
local function expand(self, number)
  local state = self.states[number]
  model.steps(state, self.config, function(what, worker, detail, after, more, is_free)
    local reached = self:add(after, number, what, worker, detail, more)
    self.transitions = self.transitions + 1
    check_step(self, state, reached)
    if is_free and reached ~= number then
      self.heads[#self.heads + 1], self.tails[#self.tails + 1] = number, reached
    end
  end)
end

-- Goes back from the ends along all free steps, and looks for a state that is
-- not come to.
local function check_ends(self)
  local into, reached, line = {}, {}, {}
  for i, tail in ipairs(self.tails) do
    into[tail] = into[tail] or {}
    into[tail][#into[tail] + 1] = self.heads[i]
  end
  for number, state in ipairs(self.states) do
    if invariants.is_end(state) then
      reached[number], line[#line + 1] = true, number
    end
  end
  local i = 1
  while line[i] do
    for _, head in ipairs(into[line[i]] or {}) do
      if not reached[head] then
        reached[head], line[#line + 1] = true, head
      end
    end
    i = i + 1
  end
  for number in ipairs(self.states) do
    if not reached[number] then
      return fault(self, invariants.END, number)
    end
  end
end

--- Explores a model to its end, or to the first fault.
-- @tparam table config as `model.config` makes it
-- @tparam[opt] number most states, and then no more
-- @treturn table `states` (a list), `transitions`, `fault` (nil, or `invariant`,
--   `steps`: sentences, `state`), `is_whole`, and the method `path`
function M.explore(config, most)
  local self = setmetatable({
    config = config, states = {}, numbers = {}, from = {}, steps = {}, heads = {}, tails = {}, transitions = 0,
  }, search_mt)
  self:add(model.first(config))
  local number = 1
  while self.states[number] and not self.fault and #self.states <= (most or math.huge) do
    check_state(self, number)
    if not self.fault then
      expand(self, number)
    end
    number = number + 1
  end
  self.is_whole = not self.states[number] and not self.fault
  if self.is_whole and wants(self, invariants.END) and not config.daily_limit then -- which waits for another day
    check_ends(self)
  end
  return self
end

return M

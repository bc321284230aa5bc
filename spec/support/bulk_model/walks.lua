--- Walks through the model, for the real code to follow: by chance, and the
-- shortest ways to states that look different.

local driver = require "spec.support.bulk_model.driver"
local model = require "spec.support.bulk_model.model"
local story = require "spec.support.bulk_model.story"

local M = {}

-- The same numbers on every Lua.
local function chance(seed)
  return function(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
  end
end

local function steps_from(state, config)
  local free, faults = {}, {}
  model.steps(state, config, function(what, worker, detail, after, more, is_free)
    if driver.can(what, more) then
      local list = is_free and free or faults
      list[#list + 1] = { what = what, worker = worker, detail = detail, more = more, after = after }
    end
  end)
  return free, faults
end

--- A walk by chance: a fault in one step of four.
-- @tparam table config
-- @tparam number seed
-- @tparam number length
-- @treturn table list of steps, each with the state `after` it
function M.by_chance(config, seed, length)
  local pick, state, walk = chance(seed), model.first(config), {}
  while #walk < length do
    local free, faults = steps_from(state, config)
    local list = faults[1] and (pick(4) == 1 or not free[1]) and faults or free
    if not list[1] then
      break
    end
    walk[#walk + 1] = list[pick(#list)]
    state = walk[#walk].after
  end
  return walk
end

local function way_to(search, number)
  local walk, is_drivable = {}, true
  while search.from[number] do
    local step = search.steps[number]
    is_drivable = is_drivable and driver.can(step[1], step[4])
    table.insert(walk, 1, { what = step[1], worker = step[2], detail = step[3], more = step[4],
      after = search.states[number] })
    number = search.from[number]
  end
  return is_drivable and walk or nil
end

--- The shortest ways to all states of the journal and the service that differ.
-- @tparam table search as `checker.explore` returns it
-- @treturn table list of walks
function M.shortest(search)
  local seen, list = {}, {}
  for number, state in ipairs(search.states) do
    local look = driver.expected(state)
    local walk = not seen[look] and way_to(search, number)
    seen[look] = seen[look] or walk ~= nil
    list[#list + 1] = walk or nil
  end
  return list
end

--- Follows a walk with the real code.
-- @tparam table config
-- @tparam table walk
-- @tparam[opt] table place as `driver.new` takes it
-- @treturn ?string where it came to another state than the model
function M.follow(config, walk, place)
  local world, before, told = driver.new(config, place), model.first(config), {}
  for _, step in ipairs(walk) do
    told[#told + 1] = story.of(step.what, step.worker, step.detail, step.more)
    local ok, real, expected = pcall(world.take, world, step, before, step.after)
    if not ok or real ~= expected then
      return ("%s\nreal:  %s\nmodel: %s"):format(table.concat(told, "\n"), tostring(real), tostring(expected))
    end
    before = step.after
  end
  world:close()
end

return M

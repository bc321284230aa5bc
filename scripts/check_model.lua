-- check_model.lua: explores the model of bulk jobs in all its worlds, the large
-- ones too, and prints how many states and transitions each has. A broken
-- invariant is printed with the shortest way to it.
local checker = require "spec.support.bulk_model.checker"
local model = require "spec.support.bulk_model.model"
local worlds = require "spec.support.bulk_model.worlds"

local failed = 0

local function explore(title, given)
  local begun = os.clock()
  local search = checker.explore(model.config(given))
  print(("%8d states %9d transitions %5.0f s  %s")
    :format(#search.states, search.transitions, os.clock() - begun, title))
  if search.fault then
    failed = failed + 1
    print(("broken: %s\n  %s"):format(search.fault.invariant, table.concat(search.fault.steps, "\n  ")))
  end
end

for _, list in ipairs { worlds.small, worlds.large } do
  for _, world in ipairs(list) do
    explore(world[1], world[2])
    collectgarbage()
  end
end
os.exit(failed == 0)

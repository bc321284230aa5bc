--- A finalizer may turn the loop, or cancel its tasks, at any place of the
-- loop's own code where Lua may collect garbage: here it does so at each of
-- these places in turn.

-- Lua 5.1 turns no loop within a finalizer.
if _VERSION == "Lua 5.1" and not rawget(_G, "jit") then return end

local child = require "spec.support.child"
local places = require "spec.support.loop_places"

-- All collections of an act with a scenario, in a heap that holds nothing else.
local CODE = [[
  local places, wrong = require("spec.support.loop_places").try(...)
  print(places .. " places")
  print(table.concat(wrong, "\n"))
  os.exit(#wrong == 0 and places > 5 and 0 or 1)
]]

describe("a finalizer at every place of the loop's code that", function()
  local function specify(act, scenario)
    it(("%s loses no task that %s"):format(act, scenario), function()
      local status, printed = child.run(CODE, nil, act, scenario)
      assert.equal(0, status, printed)
    end)
  end

  for act in pairs(places.acts) do
    for scenario in pairs(places.scenarios) do specify(act, scenario) end
  end
  specify("cancels", "waits for long")
end)

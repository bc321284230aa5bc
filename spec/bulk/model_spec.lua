-- Bulk jobs as a model: every state that two workers can come to, with workers
-- that are killed or stand still, lost replies and commits, late requests, orders
-- at any moment. The invariants are those of docs/design.md. A rule of the code
-- that is taken away has to show, or the checker sees nothing.
local checker = require "spec.support.bulk_model.checker"
local invariants = require "spec.support.bulk_model.invariants"
local model = require "spec.support.bulk_model.model"
local rules = require "spec.support.bulk_model.rules"
local worlds = require "spec.support.bulk_model.worlds"

local function told(fault)
  return fault and ("%s:\n  %s"):format(fault.invariant, table.concat(fault.steps, "\n  "))
end

describe("the model of bulk jobs keeps every invariant in", function()
  for _, world in ipairs(worlds.small) do
    it(world[1], function()
      local search = checker.explore(model.config(world[2]))
      assert.is_nil(told(search.fault))
      assert.is_true(search.is_whole and #search.states > 100)
    end)
  end
end)

describe("the model of bulk jobs breaks an invariant without this:", function()
  for name, sentence in pairs(rules.all) do
    it(sentence, function()
      local invariant, given = worlds.without[name][1], {}
      for key, value in pairs(worlds.without[name][2]) do given[key] = value end
      given.only = invariant
      assert.is_nil(checker.explore(model.config(given), 5000).fault)
      given.without = name
      local fault = checker.explore(model.config(given)).fault
      assert.equal(invariant, fault and fault.invariant)
      assert.is_true(#fault.steps >= 3)
    end)
  end
end)

describe("a counter-example", function()
  it("is the shortest way to it, in words", function()
    local search = checker.explore(model.config { exclusive = true, faults = 1, without = "order_in_claim" })
    assert.same({ "worker 1 begins", "worker 1 has a turn", "an operator pauses", "worker 1 has a turn" },
      search.fault.steps)
  end)
end)

describe("the page on the design", function()
  it("names the invariants that the model and the real code are held to", function()
    local file = assert(io.open "docs/design.md")
    local page = file:read "*a"
    file:close()
    for _, name in ipairs(invariants.names) do
      assert.is_truthy(page:find("| *" .. name .. "* |", 1, true), name)
    end
  end)
end)

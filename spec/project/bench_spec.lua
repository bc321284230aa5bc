-- What the bench makes of its figures: the table of goals.

local figures = require "bench.figures"

describe("the bench's goals", function()
  local goals

  before_each(function() goals = dofile "bench/goals.lua" end)

  local function line_of(report, name)
    for line in report:gmatch "[^\n]+" do
      if line:sub(1, #name) == name then return line end
    end
  end

  it("are reached from one side: at most, or at least", function()
    local cost, speed = goals.get "core.sign, us", goals.get "16 in flight, signed, calls/s against C"
    assert.same({ true, true, false },
      { goals.reached(cost, 1.9), goals.reached(cost, 2.0), goals.reached(cost, 2.01) })
    assert.same({ false, true, true },
      { goals.reached(speed, 1.19), goals.reached(speed, 1.2), goals.reached(speed, 3) })
  end)

  it("have distinct names, and others are refused", function()
    local seen = {}
    for _, goal in ipairs(goals.list) do
      assert.is_nil(seen[goal.name], goal.name)
      seen[goal.name] = true
    end
    assert.error_matches(function() goals.get "speed" end, "no such goal: speed")
  end)

  it("end in one table: reached, not reached, not measured", function()
    goals.record(goals.get "core.sign, us", 1.5)
    goals.record(goals.get "16 in flight, signed, calls/s against C", 1.1)
    local report = goals.report("bench", true)
    assert.matches("<= 2 +1%.50   reached$", line_of(report, "core.sign"))
    assert.matches(">= 1%.2 +1%.10   NOT REACHED$", line_of(report, "16 in flight, signed"))
    assert.matches("<= 500 +not measured$", line_of(report, "garbage a call"))
    assert.matches("\n1 of %d+ reached$", report)
  end)

  it("keep the worst figure", function()
    local cost, speed = goals.get "core.sign, us", goals.get "16 in flight, signed, calls/s against C"
    for _, figure in ipairs { 2, 3, 1 } do
      goals.record(cost, figure)
      goals.record(speed, figure)
    end
    assert.same({ 3, 1 }, { cost.figure, speed.figure })
  end)

  it("are not judged by figures that mean nothing", function()
    goals.record(goals.get "core.sign, us", 9)
    local report = goals.report("bench", false)
    assert.matches("<= 2 +9%.00$", line_of(report, "core.sign"))
    assert.is_nil(report:find("REACHED", 1, true))
    assert.is_nil(report:find("reached", 1, true))
  end)
end)

describe("the bench's figures", function()
  it("have a median and a ratio round by round", function()
    assert.equal(3, figures.median { 5, 1, 3 })
    assert.equal(2.5, figures.median { 1, 2, 3, 4 })
    assert.equal(2, figures.ratio({ 2, 40, 9 }, { 1, 20, 3 }))
  end)
end)

-- The bench's output: the table of goals, the plots.

local cjson = require "cjson"
local example = require "bench.example"
local figures = require "bench.figures"
local plot = require "bench.plot"

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

describe("the bench's plots", function()
  -- Fails unless every element is closed, in order.
  local function elements(svg)
    local open, counts = {}, {}
    for closing, name, rest in svg:gmatch "<(/?)(%a+)([^>]*)>" do
      if closing == "/" then
        assert.equal(name, table.remove(open))
      else
        counts[name] = (counts[name] or 0) + 1
        if rest:sub(-1) ~= "/" then open[#open + 1] = name end
      end
    end
    assert.same({}, open)
    return counts
  end

  local function drawn(more)
    local options = {
      title = "a < b", x_title = "calls in flight", y_title = "CPU µs a call",
      series = {
        { name = "ours", points = { { 1, 50 }, { 16, 20 }, { 1000, 40 } } },
        { name = "theirs", points = { { 1, 60 }, { 16, 25 }, { 1000, 41 } } },
      },
    }
    for name, value in pairs(more or {}) do options[name] = value end
    return plot.svg(options)
  end

  it("are well-formed, with two lines, a mark for every point, and a key", function()
    local counts = elements(drawn())
    assert.same({ 2, 3 + 1, 1 + 3 + 1 }, { counts.polyline, counts.circle, counts.rect })
    assert.truthy(drawn():find("<title id=\"title\">a &lt; b</title>", 1, true))
  end)

  it("name their units and all values, for those who do not see them, too", function()
    local svg = drawn()
    for _, words in ipairs {
      ">CPU µs a call</text>", ">calls in flight</text>", ">1,000</text>", ">20</text>", ">100</text>",
      "ours: 50 at 1, 20 at 16, 40 at 1000; theirs: 60 at 1",
    } do
      assert.truthy(svg:find(words, 1, true), words)
    end
  end)

  it("keep every point inside the picture, whatever the range", function()
    for _, highest in ipairs { 51, 500, 70000 } do
      local svg = drawn { series = { { name = "ours", points = { { 1, 50 }, { 1000, highest } } } } }
      local points = 0
      for x, y in svg:match 'points="([^"]*)"':gmatch "([%d.]+),([%d.]+)" do
        points = points + 1
        assert.is_true(tonumber(x) >= 92 and tonumber(x) <= 440, x)
        assert.is_true(tonumber(y) >= 78 and tonumber(y) <= 320, y)
      end
      assert.equal(2, points)
    end
  end)

  it("have colours for light and dark", function()
    local light, dark = drawn():match "<style>(.-)@media %(prefers%-color%-scheme: dark%)(.-)</style>"
    for _, colours in ipairs { light, dark } do
      for _, class in ipairs { "text", "%.card", "%.grid", "%.a", "%.b", "%.fill%-a", "%.fill%-b" } do
        assert.matches(class .. " {[^}]*#%x+", colours)
      end
    end
  end)

  it("are of replies of an exact size", function()
    for _, size in ipairs { 100, 1024, 10240 } do
      local body = example.users(size)
      assert.equal(size, #body)
      assert.truthy(cjson.decode(body).Users[1].Username)
    end
  end)
end)

-- How fast it goes, by a clock that the spec sets.
local helper = require "spec.support.bulk"
local journals = require "cognito.bulk.journal"
local pace = require "cognito.bulk.pace"

describe("a pace", function()
  local journal, time

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    time = 1795000000
    journal = journals.create(helper.path(), {})
    pace.create(journal, time)
    local p = pace.take(journal, time)
    p:set(10)
    p:save()
  end)

  after_each(function() journal:close() end)

  -- Takes the pace at the present time, and does something with it.
  local function at(f)
    return journal:transaction(function()
      local p = pace.take(journal, time)
      local result = f(p)
      p:save()
      return result
    end)
  end

  local function slot(p)
    return select(2, p:reserve(1))
  end

  it("has its slots evenly, whichever worker takes them", function()
    local first = at(slot)
    for i = 1, 20 do
      assert.is_true(math.abs(at(slot) - first - i / 10) < 1e-6)
    end
    assert.equal(0, at(function(p) return p.clock end))
  end)

  it("is kept from others, and so are claims, by its row", function()
    local held
    pace.hold { hold_row = function(_, query) held = query end }
    assert.matches("FROM pace$", held)
  end)

  it("does not make up for missed slots", function()
    at(slot)
    for _ = 1, 30 do
      time = time + 1
      at(function() end)
    end
    local clock = at(function(p) return p.clock end)
    local first = at(slot)
    assert.is_true(first <= clock and first >= clock - 0.06)
    assert.is_true(math.abs(at(slot) - first - 0.1) < 1e-6)
  end)

  it("does not jump when the clock is set", function()
    at(slot)
    local before = at(function(p) return p.clock end)
    time = time + 3600
    local after = at(function(p) return p.clock end)
    assert.is_true(after - before <= 2)
    time = time - 7200
    assert.equal(after, at(function(p) return p.clock end))
    time = time + 0.5
    assert.is_true(math.abs(at(function(p) return p.clock end) - after - 0.5) < 1e-6)
    assert.is_true(at(slot) - after <= 0.6)
  end)

  it("is halved when it has to slow down, once a second, and comes back in a minute", function()
    local function rate() return at(function(p) return p:current() end) end
    local function slow() at(function(p) p:slow() end) end
    slow()
    assert.equal(5, rate())
    slow()
    assert.equal(5, rate())
    time = time + 1
    slow()
    assert.is_true(rate() < 2.7)
    local once = rate()
    slow()
    assert.equal(once, rate())
    for _ = 1, 60 do
      time = time + 1
      slow()
    end
    assert.is_true(rate() >= 10 / 60 and rate() < 0.4)
    local last = rate()
    for _ = 1, 50 do
      time = time + 1
      assert.is_true(rate() > last)
      last = rate()
    end
    for _ = 1, 10 do
      time = time + 1
      at(function() end)
    end
    assert.equal(10, rate())
  end)

  it("comes back by a sixtieth of the full rate in each second", function()
    at(function(p) p:slow() end)
    time = time + 1.5
    assert.is_true(math.abs(at(function(p) return p:current() end) - 5.25) < 1e-6)
  end)

  it("takes a slot for due that is a moment ahead", function()
    at(function(p)
      assert.equal(0, p.clock)
      assert.is_true(p:is_due(0.001))
      assert.is_false(p:is_due(0.0011))
    end)
  end)

  it("is five slots a second unless it is set", function()
    journal:run "DELETE FROM pace"
    pace.create(journal, time)
    assert.same({ 5, 5 }, { pace.full_rate(journal), at(function(p) return p:current() end) })
  end)

  it("gives slots by the handful at high rates", function()
    at(function(p) p:set(1000) end)
    local n, first, second
    at(function(p)
      n, first = p:reserve(64)
      second = select(2, p:reserve(5))
    end)
    assert.equal(20, n)
    assert.is_true(math.abs(second - first - 0.02) < 1e-6)
    assert.equal(5, at(function(p) return (p:reserve(5)) end))
  end)
end)

describe("a run at 50 users per second", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("is seen as 50 a second, give or take one", function()
    local start = 1795000000
    local box, pool = helper.world(1000, { now = function() return start end })
    local status = assert(helper.plan(pool, { sign_out = false }):run { rate = 50, yes = true })
    assert.equal(1000, status.accepted)
    local seconds, first = {}, box.outbox[1].time
    for _, message in ipairs(box.outbox) do
      local second = math.floor(message.time - first)
      seconds[second] = (seconds[second] or 0) + 1
    end
    for second = 0, 18 do
      assert.is_true(math.abs(seconds[second] - 50) <= 1, seconds[second])
    end
  end)

  -- The machine's clock is set while it runs: neither a burst nor a standstill.
  it("stays so when the clock is set", function()
    local start = 1795000000
    local box, pool = helper.world(200, { now = function() return start end })
    local runtime = {
      send = function(_, request, options)
        return box:send(request, options)
      end,
      sleep = function(_, seconds) box:sleep(seconds) end,
      now = function()
        local n = #box.outbox
        return box:now() + (n >= 50 and n < 120 and 3600 or n >= 120 and n < 150 and -1800 or 0)
      end,
      clock = function() return box:now() end,
    }
    local job = helper.plan(pool:with { runtime = runtime }, { sign_out = false })
    local begun = box:now()
    local status = assert(job:run { rate = 50, yes = true })
    assert.equal(200, status.accepted)
    assert.equal(200, #box.outbox)
    local took = box.outbox[200].time - begun
    assert.is_true(took > 3 and took < 120, took)
  end)
end)

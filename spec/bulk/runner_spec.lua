-- A run's turns by themselves: a scripted writer, calls that end when they are
-- let, and a clock that moves only when the run waits.
local runners = require "cognito.bulk.runner"
local failure = require "cognito.bulk.failure"

local COUNTS = { planned = 50, started = 0, accepted = 0, failed = 0, uncertain = 0, still_signed_in = 0, skipped = 0 }

describe("a run's turns", function()
  local time, waits, engine, calls, writer, turns, flights, log, given, steps

  local function copy(list)
    local made = {}
    for i, each in ipairs(list) do made[i] = each end
    return made
  end

  before_each(function()
    time, waits, turns, flights, log, steps = 0, {}, {}, {}, {}, {}
    engine = { most = 4 }
    function engine:clock() return time end -- luacheck: no self
    -- A call ends in a wait, after which time has passed.
    function engine:wait(seconds) -- luacheck: no self
      waits[#waits + 1] = seconds
      time = time + seconds
      assert(#waits < 1000, "it waits for ever")
      local flight = table.remove(flights, 1)
      if flight then flight() end
    end
    function engine:start(f) flights[#flights + 1] = f end -- luacheck: no self
    calls = { outcomes = {} }
    function calls:make(kind, row, claimed_at)
      log[#log + 1] = ("%s %s %g"):format(kind, row.name, claimed_at):gsub(",", ".") -- whatever the locale
      return self.outcomes[row.name .. " " .. kind] or { state = "accepted" }
    end
    -- `turns` are what its turns return, or functions that return it.
    writer = { wishes = {}, ended = {}, noted = {}, rejoins = {} }
    function writer:turn(ended, wish)
      self.wishes[#self.wishes + 1], self.ended[#self.ended + 1] = wish, copy(ended)
      local done = table.remove(turns, 1) or { seen = { over = true, limits = { max_failures = 0 } } }
      if type(done) == "function" then done = done() end
      local full = { changes = {}, work = {}, clock = time, rate = 5, is_member = true }
      for name, value in pairs(done) do full[name] = value end
      return full
    end
    function writer:count() -- luacheck: no self
      log[#log + 1] = "count"
      local counts = {}
      for name, n in pairs(COUNTS) do counts[name] = n end
      return counts
    end
    function writer:note_claims(n) self.noted[#self.noted + 1] = n end
    function writer:enter_again() -- luacheck: no self
      log[#log + 1] = "enter_again"
      return true
    end
    function writer:rejoin(ended)
      self.rejoins[#self.rejoins + 1] = copy(ended)
      return {}
    end
    given = {
      writer = writer, calls = calls, engine = engine, limits = { max_failures = 0 }, patience = 60,
      at = function(name) steps[#steps + 1] = name end,
    }
  end)

  local function work(...)
    local list = {}
    for i, name in ipairs { ... } do list[i] = { kind = "action", row = { name = name, step = 1 } } end
    return list
  end

  local function seen(state, over)
    return { state = state, over = over, limits = { daily_limit = 0, max_failures = 0 } }
  end

  it("ask for what is free, look around every second, and end when nothing is left", function()
    given.limits = { max_failures = 0, limit = 3, daily_limit = 9 }
    turns = {
      { slot = { n = 2, at = 0.5 }, seen = seen "running" },
      { work = work("a", "b"), slot = { n = 1, at = 0.7 } },
      { slot = { n = 1, at = 9 } },
      { seen = seen("running", true) },
    }
    assert.same({ "done" }, { runners.new(given):run() })
    assert.same({
      { free = 4, users = 3, daily_limit = 9, look = true },
      { free = 4, slot = { n = 2, at = 0.5 }, users = 3, daily_limit = 0, look = false },
      { free = 3, slot = { n = 1, at = 0.7 }, users = 1, daily_limit = 0, look = false },
      { free = 4, slot = { n = 1, at = 9 }, users = 1, daily_limit = 0, look = true },
    }, writer.wishes)
    assert.same({ "count", "action a 0.5", "action b 0.5" }, log)
    assert.same({ 2 }, writer.noted)
    assert.same({ 0, 0, 1, 1 }, { #writer.ended[1], #writer.ended[2], #writer.ended[3], #writer.ended[4] })
    assert.same({ "committed", "committed", "committed", "committed" }, steps)
    assert.equal(1, time)
  end)

  -- An operator may have had users tried again before the job's end was written.
  it("begin anew after an end that did not come to hold", function()
    local runner = runners.new(given)
    turns = { { seen = seen("running", true) } }
    assert.equal("done", (runner:run()))
    turns = { {}, { work = work "a", seen = seen("running") }, { seen = seen("running", true) } }
    assert.equal("done", (runner:run()))
    assert.same({ 4, 1 }, { #writer.wishes, #writer.ended[4] })
  end)

  it("do not look for a moment before a second has passed, and do at a hair's breadth from it", function()
    turns = {
      { slot = { n = 1, at = 0.99 }, seen = seen "running" },
      { slot = { n = 1, at = 0.9995 } },
      {},
    }
    runners.new(given):run()
    assert.same({ true, false, true }, { writer.wishes[1].look, writer.wishes[2].look, writer.wishes[3].look })
  end)

  it("come a second after one that found nothing to do", function()
    turns = { { idle = true, seen = seen "running" } }
    runners.new(given):run()
    assert.same({ n = 1, at = 1 }, writer.wishes[2].slot)
    assert.equal(1, time)
  end)

  it("begin no more than there is room for, and wait for no slot while there is none", function()
    engine.most = 2
    turns = { { work = work("a", "b"), slot = { n = 1, at = 0 }, seen = seen "running" } }
    runners.new(given):run()
    assert.equal(1, waits[1]) -- until it looks around
    assert.equal(1, writer.wishes[2].free)
    time, writer.wishes, turns[1] = 0, {}, { work = work("a", "b"), slot = { n = 1, at = 0 }, seen = seen "running" }
    turns[2] = { slot = { n = 1, at = 0 }, seen = seen "running" }
    engine.wait = function(_, seconds) time = time + seconds end
    local runner = runners.new(given)
    turns[3] = function()
      runner.in_flight = 0
      return { seen = seen("running", true) }
    end
    runner:run()
    assert.same({ 3, 0, 0, 2 }, { #writer.wishes, writer.wishes[2].free, writer.wishes[3].free, time })
  end)

  it("end the sessions after the action, and leave each outcome at once", function()
    calls.outcomes["a action"] = { state = "accepted", sign_out = "started" }
    local left
    local runner = runners.new(given)
    local make = calls.make
    function calls:make(kind, row, claimed_at)
      if kind == "sign_out" then left = #runner.ended end
      return make(self, kind, row, claimed_at)
    end
    turns = { { work = work "a", seen = seen "running" } }
    runner:run()
    assert.equal(1, left)
    assert.same({ "action", "sign_out" }, { writer.ended[2][1].kind, writer.ended[2][2].kind })
    assert.same({ "count", "action a 0", "sign_out a 0" }, log)
  end)

  it("share one commit for what ends within 20 ms, but where calls come one by one", function()
    engine.start = function(_, f) f() end
    local function second_turn(most, at)
      local begun
      time, engine.most = 0, most
      turns = { { work = work "a", seen = seen "running", slot = { n = 1, at = at } }, function()
        begun = time
        return { seen = seen("running", true) }
      end }
      runners.new(given):run()
      return begun
    end
    assert.equal(0.02, second_turn(4, 9))
    assert.equal(0.02, second_turn(2, 9))
    assert.equal(0.005, second_turn(4, 0.005))
    assert.equal(0, second_turn(1, 9))
  end)

  it("count the users that they take on, and give back those to whom nothing was done", function()
    given.limits = { max_failures = 0, limit = 10 }
    local list = work("a", "b", "c", "d")
    list[4].row.step = 2
    list[5] = { kind = "look", row = { name = "e", step = 1 } }
    calls.outcomes["a action"] = { state = "planned" }
    calls.outcomes["b action"] = { state = "skipped" }
    calls.outcomes["d action"] = { state = "planned" }
    calls.outcomes["e look"] = { state = "planned" }
    engine.start = function(_, f) f() end
    turns = { { work = list, seen = seen "running" }, { work = { list[5] }, seen = seen "running" } }
    local runner = runners.new(given)
    runner:run()
    assert.equal(7, writer.wishes[2].users)
    assert.equal(9, writer.wishes[3].users)
    assert.same({ 4 }, writer.noted)
    local snapshot = runner:snapshot()
    assert.same({ 1, 46, 4, 0 }, { snapshot.claimed, snapshot.planned, snapshot.started, snapshot.in_flight })
  end)

  it("stop after as many failures as are set, of all kinds, and never where none are", function()
    local changes = { "failed", "uncertain", "still_signed_in", "accepted" }
    local function run(most)
      turns = {
        { work = work("a", "b", "c", "d"), seen = { limits = { max_failures = most } } },
        { changes = changes, seen = { over = true, limits = { max_failures = most } } },
      }
      local runner = runners.new(given)
      return runner:run(), runner:snapshot()
    end
    given.limits.max_failures = 3
    local why, snapshot = run(3)
    assert.same({ "max_failures", 1, 1, 1, 0, 1 }, { why, snapshot.failed, snapshot.uncertain,
      snapshot.still_signed_in, snapshot.accepted, snapshot.started })
    assert.equal("max_failures", snapshot.stopping)
    assert.equal("done", (run(4)))
    assert.equal("done", (run(0)))
    assert.equal("max_failures", (run(1)))
  end)

  it("heed what was ordered, and the limits that another worker was given", function()
    turns = { { order = "paused" } }
    assert.equal("paused", (runners.new(given):run()))
    turns = { { seen = seen "cancelled" } }
    assert.equal("cancelled", (runners.new(given):run()))
    given.limits = { max_failures = 5, daily_limit = 5 }
    turns = { { seen = { limits = { max_failures = 7, daily_limit = 8 } } } }
    local runner = runners.new(given)
    runner:run()
    assert.equal(8, writer.wishes[#writer.wishes].daily_limit)
  end)

  it("stop by the first reason, finish what is in flight, and want no more", function()
    local err = { code = "AccessDeniedException" }
    calls.outcomes["a action"] = { state = "planned", stop = "AccessDeniedException", err = err }
    calls.outcomes["b action"] = { state = "planned", stop = "other", err = {} }
    turns = { { work = work("a", "b", "c"), seen = seen "running" }, { slot = { n = 1, at = 0 } },
      { seen = seen "paused" } }
    local why, by = runners.new(given):run()
    assert.same({ "AccessDeniedException", err }, { why, by })
    assert.equal(0, writer.wishes[3].free)
    local ended = 0
    for _, list in ipairs(writer.ended) do ended = ended + #list end
    assert.equal(3, ended)
  end)

  it("stop when nothing answers for longer than the run's patience, and forget it at an answer", function()
    local down = { state = "planned", slow = true, unreachable = true, err = { code = "connect" } }
    engine.start = function(_, f) f() end
    local function run(...)
      time, turns = 0, {}
      for i, each in ipairs { ... } do
        local name = "u" .. i
        calls.outcomes[name .. " action"] = each.outcome
        turns[i] = function()
          time = each.at
          return { work = each.outcome and work(name) or {}, seen = seen "running" }
        end
      end
      local runner = runners.new(given)
      local why, err = runner:run()
      return why, err, runner
    end
    -- Outcomes are heeded in the turn after theirs.
    local function at(seconds, outcome) return { at = seconds, outcome = outcome == nil and down or outcome } end
    local _
    local why, err, runner = run(at(200), at(230), at(290, false))
    assert.same({ "done", nil, "connect" }, { why, err, runner:snapshot().trouble })
    why, err = run(at(200), at(230), at(260), at(290.5, false))
    assert.same({ "connect", down.err }, { why, err })
    local answer = { state = "accepted" }
    why, _, runner = run(at(200), at(230, answer), at(259), at(310, answer), at(315, false))
    assert.same({ "done", nil }, { why, runner:snapshot().trouble })
    _, _, runner = run(at(200, { state = "failed", err = { code = "UserNotFoundException" } }))
    assert.is_nil(runner:snapshot().trouble)
    _, _, runner = run(at(200, { state = "planned", slow = true, err = { code = "TooManyRequestsException" } }))
    assert.equal("TooManyRequestsException", runner:snapshot().trouble)
    given.patience = 0
    assert.equal("done", (run(at(200), at(230, false))))
  end)

  it("stop where a limit is used up, once nothing is on its way that may give some back", function()
    local all = work "a"
    all.exhausted = "limit"
    turns = { { work = all, seen = seen "running" } }
    local none = work()
    none.exhausted = "limit"
    turns[2], turns[3] = { work = none, seen = seen "running" }, { work = none }
    assert.equal("limit", (runners.new(given):run()))
    assert.equal(2, #writer.wishes)
    writer.wishes, turns, flights = {}, { { work = none, seen = seen "running" } }, {}
    local runner = runners.new(given)
    runner.ended = {}
    assert.equal("limit", (runner:run()))
    assert.equal(1, #writer.wishes)
  end)

  it("enter the worker again that was given up, and take no slot of before", function()
    turns = { { is_member = false, slot = { n = 1, at = 0 }, seen = seen "running" } }
    runners.new(given):run()
    assert.same({ "count", "enter_again" }, log)
    assert.is_nil(writer.wishes[2].slot)
    turns, log = { { slot = { n = 1, at = 0.5 }, seen = seen "running" } }, {}
    writer.wishes, time = {}, 0
    runners.new(given):run()
    assert.same({ "count" }, log)
    assert.same({ n = 1, at = 0.5 }, writer.wishes[2].slot)
  end)

  describe("where the journal does not answer", function()
    local function away(temporary)
      return function() error(failure.new("journal_away", "gone", { temporary = temporary }), 0) end
    end

    it("wait for the calls in flight, record them, and count anew", function()
      turns = { { work = work("a", "b"), slot = { n = 1, at = 0 }, seen = seen "running" }, away(true) }
      local told = {}
      given.on_progress = function(snapshot) told[#told + 1] = snapshot end
      local tries, rejoin = 0, writer.rejoin
      function writer:rejoin(ended)
        tries = tries + 1
        if tries == 1 then return nil, failure.new("journal_busy", "held", { temporary = true }) end
        return rejoin(self, ended)
      end
      engine.start = function(_, f) flights[#flights + 1] = f end
      assert.equal("done", (runners.new(given):run()))
      assert.equal(1, #writer.rejoins)
      assert.equal(2, #writer.rejoins[1])
      assert.same({ "count", "action a 0", "action b 0", "count" }, log)
      assert.is_nil(writer.wishes[3].slot)
      assert.same({}, writer.ended[3])
      local troubles = {}
      for _, snapshot in ipairs(told) do troubles[snapshot.trouble or "none"] = true end
      assert.is_true(troubles.journal_away)
      assert.same({ 0, 0 }, { told[#told].in_flight, told[#told].started })
    end)

    -- Once, what was recorded only when the journal was back did not count.
    it("heed the failures that are recorded when it is back", function()
      given.limits.max_failures = 2
      turns = { { work = work("a", "b"), seen = { limits = { max_failures = 2 } } }, away(true) }
      function writer:rejoin() return { "failed", "failed" } end -- luacheck: no self
      assert.equal("max_failures", (runners.new(given):run()))
    end)

    it("end with the error where it will not pass, after one attempt to keep what is known", function()
      turns = { { work = work("a", "b"), seen = seen "running" }, away(false) }
      local ok, err = pcall(function() runners.new(given):run() end)
      assert.same({ false, "journal_away" }, { ok, err.code })
      assert.equal(1, #writer.rejoins)
      assert.equal(2, #writer.rejoins[1])
    end)

    it("try for as long as the run's patience, or ten seconds where it is to stop anyway", function()
      local function seconds(stop)
        time, waits, turns = 0, {}, { away(true) }
        local runner = runners.new(given)
        writer.rejoin = function() return nil, failure.new("journal_away", "gone", { temporary = true }) end
        if stop then runner:stop "paused" end
        assert.is_false((pcall(runner.run, runner)))
        return time
      end
      assert.equal(63.75, seconds(false))
      assert.equal(15.75, seconds(true))
    end)

    it("are over only where their end holds, and go on where it is none", function()
      local tries, given_to = 0, {}
      function writer:finish(why, hold) -- luacheck: no self
        tries = tries + 1
        given_to[tries] = { why, hold }
        if tries < 3 then away(true)() end
        return tries > 3
      end
      local runner = runners.new(given)
      assert.is_false(runner:finish("done", true))
      assert.is_true(runner:finish("done", true))
      assert.same({ "done", true }, given_to[3])
      assert.same({ 2, 4 }, { #writer.rejoins, tries })
      tries, writer.finish = 0, away(false)
      assert.is_false((pcall(runner.finish, runner, "done")))
      assert.equal(3, #writer.rejoins)
    end)

    it("enter the worker again only where that holds", function()
      turns = { { is_member = false, seen = seen "running" } }
      local tries = 0
      writer.enter_again = function()
        tries = tries + 1
        if tries == 1 then away(true)() end
        return true
      end
      runners.new(given):run()
      assert.equal(1, #writer.rejoins)
    end)
  end)

  it("report once a second and at the end, and count the rows again when that is due", function()
    local told = {}
    given.on_progress = function(snapshot) told[#told + 1] = { snapshot.elapsed, snapshot.rate } end
    for i = 1, 24 do turns[i] = { slot = { n = 1, at = i / 2 }, seen = seen "running" } end
    turns[25] = { seen = seen("running", true) }
    local runner = runners.new(given)
    assert.equal(0, runner:snapshot().rate)
    runner:run()
    local expected = {}
    for i = 0, 12 do expected[#expected + 1] = { i, 5 } end
    expected[#expected + 1] = { 12, 5 }
    assert.same(expected, told)
    assert.same({ "count", "count" }, log)
    runner:tell()
    assert.equal(#expected, #told)
  end)
end)

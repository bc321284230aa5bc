--- Tasks and turns of a loop that nothing is sent over; the rest is in
-- spec/runtime/loop_cancel_spec.lua, spec/runtime/loop_calls_spec.lua and those beside them.
local clock = require("cognito.core").clock
local cognito = require "cognito"

local loop

before_each(function() loop = cognito.loop() end)
after_each(function() loop:close() end)

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(message):find(pattern, 1, true), message)
  return message
end

local function busy(seconds)
  local until_time = clock() + seconds
  repeat until clock() >= until_time -- luacheck: ignore 542
end

describe("a loop", function()
  it("runs tasks by turns and passes their results on", function()
    local order = {}
    local function count(name)
      for i = 1, 2 do
        order[#order + 1] = name .. i
        loop:sleep(0)
      end
      return name, nil, 3, nil
    end
    local a, b = loop:spawn(count, "a"), loop:spawn(count, "b")
    assert.equal("new", a:status())
    loop:run()
    assert.same({ "a1", "b1", "a2", "b2" }, order)
    assert.equal(4, select("#", b:await()))
    assert.equal("a", (a:await()))
    assert.equal("done", a:status())
    assert.equal("cognito task (done)", tostring(a))
  end)

  it("begins a task in the next turn, with its arguments", function()
    local got
    loop:spawn(function(...)
      got = { n = select("#", ...), ... }
      loop:spawn(function() got.inner = true end)
    end, nil, 2, nil)
    assert.is_nil(got)
    assert.equal(1, loop:step(0))
    assert.same({ n = 3, [2] = 2 }, got)
    assert.equal(0, loop:step(0))
    assert.is_true(got.inner)
  end)

  it("takes a yield for a wish to let the others go first", function()
    local order = {}
    for _, name in ipairs { "a", "b" } do
      loop:spawn(function()
        for i = 1, 3 do
          order[#order + 1] = name .. i
          coroutine.yield("what is yielded", "goes nowhere")
        end
      end)
    end
    loop:run()
    assert.same({ "a1", "b1", "a2", "b2", "a3", "b3" }, order)
  end)

  it("lets sleepers go on when it is time, at the same time by their order", function()
    local order = {}
    local function sleeper(name, seconds)
      loop:spawn(function()
        assert.is_true(loop:sleep(seconds))
        order[#order + 1] = name
      end)
    end
    sleeper("late", 0.5) -- the others may begin much later on a busy machine
    sleeper("early", 0.001)
    for i = 1, 5 do sleeper(i, 0.01) end
    loop:run()
    assert.same({ "early", 1, 2, 3, 4, 5, "late" }, order)
  end)

  it("sleeps outside of tasks, too, while the tasks go on", function()
    local count, begun = 0, clock()
    loop:spawn(function()
      while count < 5 do
        count = count + 1
        loop:sleep(0.001)
      end
    end)
    while count < 5 and clock() - begun < 60 do assert.is_true(loop:sleep(0.01)) end
    assert.equal(5, count)
  end)

  it("admits every call outside of tasks, which has nothing to release", function()
    assert.is_false((loop:admit "example.com"))
    loop:release()
    assert.same({ tasks = 0, requests = 0, connections = 0 }, loop:stats())
  end)

  it("has nothing to run when it is new", function()
    loop:run()
    assert.equal(0, loop:step(1000))
    assert.is_nil(loop:timeout())
    assert.same({ tasks = 0, requests = 0, connections = 0 }, loop:stats())
    assert.equal("cognito loop (0 tasks, 0 requests)", tostring(loop))
  end)

  it("goes by the clocks of the machine", function()
    assert.is_true(math.abs(loop:now() - os.time()) < 2)
    assert.is_true(loop:clock() <= loop:clock())
  end)
end)

describe("step", function()
  it("never waits with 0", function()
    loop:spawn(loop.sleep, loop, 3600)
    local begun = clock()
    for _ = 1, 100 do assert.equal(1, loop:step(0)) end
    assert.is_true(clock() - begun < 10)
  end)

  it("waits until something is due, and no longer than it should", function()
    loop:spawn(loop.sleep, loop, 0.01)
    loop:step(0)
    assert.equal(0, loop:step(3600))
    loop:spawn(loop.sleep, loop, 3600)
    loop:step(0)
    local begun = clock()
    assert.equal(1, loop:step(0.01))
    local waited = clock() - begun
    assert.is_true(waited >= 0.01 and waited < 60)
  end)

  it("does all that can be done where the budget allows it", function()
    for _ = 1, 5 do loop:spawn(function() end) end
    assert.equal(0, loop:step(0, 3600))
    for _ = 1, 5 do loop:spawn(loop.sleep, loop, 0.001) end
    loop:step(0)
    busy(0.002)
    assert.equal(0, loop:step(0, 3600))
  end)

  it("stops between two tasks when the budget is spent", function()
    local runs = {}
    for i = 1, 10 do
      loop:spawn(function()
        runs[#runs + 1] = i
        busy(0.002)
      end)
    end
    assert.equal(9, loop:step(0, 0.001))
    loop:step(0, 0.003) -- two, unless the machine was busy
    assert.is_true(#runs == 2 or #runs == 3)
    while loop:step(0, 0) > 0 do end -- luacheck: ignore 542
    assert.same({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, runs)
  end)

  it("stops between two timers when the budget is spent", function()
    for _ = 1, 50 do loop:spawn(loop.sleep, loop, 0) end
    loop:step(0)
    assert.equal(50, loop.engine.timers.n)
    busy(0.001)
    loop:step(0, 0)
    assert.equal(49, loop.engine.timers.n)
    loop:run()
  end)

  it("serves all alike, however small the budget", function()
    local counts = {}
    for i = 1, 64 do
      counts[i] = 0
      loop:spawn(function()
        while counts[i] < 100 do
          counts[i] = counts[i] + 1
          if counts[i] % 3 == 0 then loop:sleep(0) else coroutine.yield() end
        end
      end)
    end
    repeat
      local left = loop:step(0, 0.0001)
      local least, most = math.huge, 0
      for _, count in ipairs(counts) do
        least, most = math.min(least, count), math.max(most, count)
      end
      -- Who sleeps may wait for one more turn than who yields.
      assert.is_true(most - least <= 3)
    until left == 0
  end)

  it("refuses values that are no time", function()
    for _, bad in ipairs { -1, 0 / 0, "1", {}, false } do
      raises("step takes seconds", loop.step, loop, bad)
      raises("step takes seconds", loop.step, loop, 0, bad)
      raises("sleep takes a number of seconds", loop.sleep, loop, bad)
    end
    raises("step takes seconds", loop.step, loop)
  end)
end)

describe("timeout", function()
  it("tells after how many seconds there is work", function()
    local ready = loop:spawn(function() loop:sleep(3600) end)
    assert.equal(0, loop:timeout())
    loop:step(0)
    assert.is_true(loop:timeout() > 3000 and loop:timeout() <= 3600)
    loop:spawn(loop.sleep, loop, 100)
    loop:step(0)
    assert.is_true(loop:timeout() > 50 and loop:timeout() <= 100)
    ready:cancel()
    assert.equal(0, loop:timeout())
  end)

  it("forgets tasks that no longer sleep", function()
    loop:spawn(loop.sleep, loop, 3600):timeout(7200)
    loop:step(0)
    loop:spawn(loop.sleep, loop, 1800):cancel()
    loop:spawn(function() end):timeout(900)
    loop:step(0)
    assert.is_true(loop:timeout() > 1800)
  end)
end)

describe("an error that a task raises", function()
  it("comes from run, once all have ended, with the task's traceback", function()
    local done
    local function culprit() error "first" end
    loop:spawn(function() culprit() end)
    loop:spawn(function() loop:sleep(0.001); done = true end)
    local message = raises("loop_spec.lua", loop.run, loop)
    assert.truthy(message:find("first\nstack traceback:", 1, true))
    assert.truthy(message:find("culprit", 1, true))
    assert.is_true(done)
    loop:run()
  end)

  it("comes from step, without harm to the others", function()
    local count = 0
    for i = 1, 3 do
      loop:spawn(function()
        if i == 2 then error("second", 0) end
        loop:sleep(0)
        count = count + 1
      end)
    end
    raises("second", loop.step, loop, 0)
    loop:run()
    assert.equal(2, count)
  end)

  it("is reported once for each task", function()
    for i = 1, 3 do
      loop:spawn(function() error(tostring(i), 0) end)
    end
    for i = 1, 3 do raises(tostring(i), loop.run, loop) end
    loop:run()
  end)

  it("is raised as it is unless it is a text", function()
    local odd = setmetatable({}, { __tostring = function() error "no text" end })
    for _, err in ipairs { odd, { code = 1 }, false } do
      loop:spawn(function() error(err) end)
      local ok, raised = pcall(loop.run, loop)
      assert.is_false(ok)
      assert.is_true(rawequal(err, raised))
    end
    loop:spawn(function() error() end)
    local _, raised = pcall(loop.run, loop)
    local _, nothing = pcall(error) -- a text in Lua 5.5
    if nothing then
      assert.equal(1, raised:find(nothing, 1, true))
    else
      assert.is_nil(raised)
    end
  end)

  it("is raised where the task is awaited, and then nowhere else", function()
    local failing = loop:spawn(function() error { code = 1 } end)
    local ok, err = pcall(failing.await, failing)
    assert.is_false(ok)
    assert.same({ code = 1 }, err)
    assert.equal("failed", failing:status())
    assert.is_false(pcall(failing.await, failing)) -- whoever asks, and as often as he does
    loop:run()
  end)

  it("is not raised by run once it was raised where the task is awaited, be it long after", function()
    local tasks = {}
    for i = 1, 3 do tasks[i] = loop:spawn(function() error(tostring(i), 0) end) end
    raises("1", loop.step, loop, 0)
    raises("2", tasks[2].await, tasks[2])
    raises("3", loop.run, loop)
    loop:run()
  end)

  it("is raised in a task that awaits it", function()
    local failing = loop:spawn(function() loop:sleep(0.001); error("told", 0) end)
    local waiting = loop:spawn(function() failing:await() end)
    loop:step(0)
    raises("told", loop.run, loop) -- the waiting one's failure, which nobody awaits
    assert.equal("failed", waiting:status())
    loop:run()
  end)

  it("is not raised in an awaiting task that was cancelled meanwhile", function()
    local failing = loop:spawn(function() loop:sleep(0.002); error("nobody hears", 0) end)
    local waiting = loop:spawn(function() failing:await() end)
    loop:step(0)
    waiting:cancel()
    raises("nobody hears", loop.run, loop)
  end)

  -- Ctrl-C in an interpreter raises like that. Once, no one heard of the failure that followed.
  it("is raised by run after an await that was broken off", function()
    local failing = loop:spawn(function() loop:sleep(0.001); error("told", 0) end)
    function loop.engine.turn_or_raise() error("interrupted!", 0) end
    raises("interrupted!", failing.await, failing)
    loop.engine.turn_or_raise = nil
    raises("told", loop.run, loop)
  end)

  it("goes to on_error instead, with the task", function()
    local told = {}
    loop:close()
    loop = cognito.loop { on_error = function(err, task) told[#told + 1] = { err, task } end }
    local a = loop:spawn(function() error("a", 0) end)
    local b = loop:spawn(function() error("b", 0) end)
    raises("b", b.await, b)
    loop:run()
    assert.equal(1, #told)
    assert.equal("a", told[1][1])
    assert.equal(a, told[1][2])
  end)

  it("and what on_error raises comes from run and step", function()
    loop:close()
    loop = cognito.loop { on_error = function(err) error(err .. " again", 0) end }
    loop:spawn(function() error("a", 0) end)
    loop:spawn(function() loop:sleep(0.001); error("b", 0) end)
    raises("a again", loop.step, loop, 0)
    raises("b again", loop.run, loop)
  end)

  it("does not keep on_error from closing the loop", function()
    loop:close()
    loop = cognito.loop { on_error = function() loop:close() end }
    for _ = 1, 3 do loop:spawn(loop.sleep, loop, 3600) end
    loop:spawn(function() error "a" end)
    loop:spawn(function() error "never begins" end)
    loop:run()
    raises("closed", loop.step, loop, 0)
  end)
end)

describe("await", function()
  it("suspends any number of tasks, and turns the loop outside of them", function()
    local worker = loop:spawn(function() loop:sleep(0.005); return "a", nil, "c" end)
    local seen = {}
    for i = 1, 5 do
      loop:spawn(function() seen[i] = { worker:await() } end)
    end
    assert.equal(3, select("#", worker:await()))
    loop:run()
    for i = 1, 5 do assert.same({ "a", nil, "c" }, seen[i]) end
    assert.equal("a", (worker:await())) -- it has ended
  end)

  it("raises when tasks would await each other for ever", function()
    local a, b, c
    a = loop:spawn(function() return b:await() end)
    b = loop:spawn(function() return c:await() end)
    c = loop:spawn(function() return a:await() end)
    raises("tasks cannot await each other in a circle", loop.run, loop)
    for _, task in ipairs { a, b, c } do assert.equal("failed", task:status()) end
  end)

  it("raises when a task awaits itself", function()
    local a
    a = loop:spawn(function() return a:await() end)
    raises("a task cannot await itself", loop.run, loop)
    a = loop:spawn(function() return coroutine.wrap(function() return a:await() end)() end)
    raises("a task cannot await itself", loop.run, loop)
  end)

  it("lets tasks await each other that do so no more", function()
    local a, b
    a = loop:spawn(function()
      b:await()
      loop:spawn(function() end)
      return "a"
    end)
    b = loop:spawn(function()
      a:cancel()
      return a:await()
    end)
    assert.equal("a", (b:await()))
  end)

  it("waits for long chains", function()
    local last = loop:spawn(function() loop:sleep(0.001); return 1 end)
    for _ = 1, 200 do
      local before = last
      last = loop:spawn(function() return before:await() + 1 end)
    end
    assert.equal(201, last:await())
  end)
end)

describe("a program is wrong that", function()
  it("spawns a value that is no function", function()
    raises("spawn takes a function, not a table", loop.spawn, loop, {})
    raises("spawn takes a function, not a nil", loop.spawn, loop)
  end)

  it("turns or closes the loop in a task, or in a coroutine of one", function()
    for _, name in ipairs { "run", "step", "close" } do
      loop:spawn(function() loop[name](loop, 0) end)
      raises(("a task cannot call %s: it would wait for itself"):format(name), loop.run, loop)
      loop:spawn(coroutine.wrap(function() loop[name](loop, 0) end))
      raises(("a task cannot call %s"):format(name), loop.run, loop)
    end
  end)

  it("gives a loop an unknown option", function()
    raises("loop_spec.lua", function() local _ = cognito.loop { concurency = 1 } end)
    raises("unknown option 'concurency'; did you mean 'concurrency'?", cognito.loop, { concurency = 1 })
    raises("option 'concurrency' must be a whole number above 0", cognito.loop, { concurrency = 0 })
    raises("option 'on_error' must be a function", cognito.loop, { on_error = "print" })
    raises("cognito.loop takes a table of options, not a string", cognito.loop, "x")
  end)

  it("calls a method with a dot", function()
    local function raises_here(words, method)
      local message = raises(words, function() method() end)
      assert.matches("loop_spec%.lua:%d+: ", message)
    end
    for name in ("spawn run step sleep pollfd events timeout stats close"):gmatch "%a+" do
      raises_here("call it with a colon, on a loop: loop:run()", loop[name])
    end
    local task = loop:spawn(function() end)
    for name in ("await cancel timeout status"):gmatch "%a+" do
      raises_here(("call it with a colon, on a task: task:%s()"):format(name), task[name])
    end
    raises("call it with a colon", loop.spawn, function() end)
    loop:run()
  end)

  it("uses a loop that is closed", function()
    loop:close()
    loop:close()
    assert.equal("cognito loop (closed)", tostring(loop))
    for name in ("spawn run step sleep pollfd events timeout stats send admit"):gmatch "%a+" do
      raises("the loop is closed", loop[name], loop, function() end)
    end
  end)
end)

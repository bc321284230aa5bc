--- Cancelling a task, by whom it may be, and timeouts of tasks.
local new_pool = require("spec.support.loop_pool").new
local record = require "cognito.runtime.loop.record"
local scene = require "spec.support.loop_scene"

-- Lua 5.1 cannot suspend a task within pcall.
local can_catch = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil

local NAME, raises = scene.NAME, scene.raises
local loop, server

local call, finish = scene.of(function() return loop, server end)

before_each(function() loop, server = scene.open() end)
after_each(function() scene.close(loop, server) end)

describe("cancelling a task", function()
  it("that has not begun keeps it from doing so", function()
    local begun
    local task = loop:spawn(function() begun = true end)
    assert.is_true(task:cancel "enough")
    assert.equal("cancelled", task:status())
    assert.equal(0, loop:stats().tasks)
    loop:run()
    assert.is_nil(begun)
    local result, err = task:await()
    assert.is_nil(result)
    assert.equal("aborted", err.code)
    assert.equal("enough", err.message)
    assert.is_false(err.ambiguous)
  end)

  -- As a finalizer may do there.
  it("whose coroutine is just being made keeps it from beginning", function()
    local task, thread = {}, coroutine.create(function() end)
    record.spawn(task, 1, function() end, { n = 0 })
    record.settle(task, "cancelled", { n = 0 })
    assert.is_nil(record.begin(task, thread))
    assert.same({ "cancelled", nil }, { task.state, task.thread })
  end)

  it("ends its sleep, which tells so", function()
    local task = loop:spawn(function()
      local slept, err = loop:sleep(3600)
      return "cleaned up", slept, err
    end)
    loop:step(0)
    assert.is_true(task:cancel())
    loop:run()
    local result, slept, err = task:await()
    assert.same({ "cleaned up", nil }, { result, slept })
    assert.same({ "aborted", "the task was cancelled", false, true, false },
      { err.code, err.message, err.sent, err.retryable, err.ambiguous })
    assert.equal("done", task:status())
    assert.is_nil(loop:timeout())
  end)

  it("ends its awaiting, and leaves alone whom it awaits", function()
    local other = loop:spawn(function() loop:sleep(0.01); return "other" end)
    local task = loop:spawn(function() return other:await() end)
    loop:step(0)
    task:cancel "enough"
    local result, err = task:await()
    assert.is_nil(result)
    assert.equal("enough", err.message)
    assert.equal("running", other:status())
    assert.equal("other", (other:await()))
  end)

  -- Once, a task that never ended held every task that had ever awaited it.
  it("leaves nothing of it with the one that it awaited", function()
    local other, kept, seen = loop:spawn(loop.sleep, loop, 3600), setmetatable({}, { __mode = "k" }), 0
    local function await(n)
      for _ = 1, n do
        local task = loop:spawn(other.await, other)
        kept[task] = true
        loop:step(0)
        task:cancel()
        loop:step(0)
        assert.equal("done", task:status())
      end
    end
    local patient = {}
    for i = 1, 20 do patient[i] = loop:spawn(function() return "told", other:await() end) end
    await(200)
    collectgarbage()
    collectgarbage()
    for _ in pairs(kept) do seen = seen + 1 end
    assert.is_true(seen <= 40, seen .. " tasks")
    other:cancel "enough"
    for i = 1, 20 do
      local told, _, err = patient[i]:await()
      assert.same({ "told", "enough" }, { told, err.message })
    end
  end)

  it("lets it wait no more: the next wait raises", function()
    for _, wait in ipairs {
      function() loop:sleep(0) end,
      function() loop:spawn(function() end):await() end,
      function() new_pool(loop, server:url()):forgot_password(NAME) end,
      function() assert(new_pool(loop, server:url()):connect()) end,
      function() coroutine.wrap(function() loop:sleep(0) end)() end,
    } do
      local task = loop:spawn(function()
        loop:sleep(3600)
        wait()
        error "waited"
      end)
      loop:step(0)
      task:cancel "enough"
      loop:run()
      assert.equal("cancelled", task:status())
      local result, err = task:await()
      assert.is_nil(result)
      assert.equal("aborted", err.code)
      assert.equal("enough", err.message)
    end
    assert.equal(0, server.accepted)
  end)

  it("is no failure when it raises the given reason", function()
    local task = loop:spawn(function() error(select(2, loop:sleep(3600))) end)
    local other = loop:spawn(function() loop:sleep(3600); error "of its own" end)
    loop:step(0)
    task:cancel "enough"
    other:cancel()
    raises("of its own", loop.run, loop)
    assert.equal("cancelled", task:status())
    assert.equal("enough", select(2, task:await()).message)
    assert.equal("failed", other:status())
  end)

  it("twice keeps the first reason, and once it has ended does nothing", function()
    local task = loop:spawn(function() return (select(2, loop:sleep(3600))) end)
    loop:step(0)
    assert.is_true(task:cancel "enough")
    assert.is_true(task:cancel "too late")
    assert.equal("enough", task:await().message)
    assert.is_false(task:cancel "much too late")
    assert.equal("enough", task:await().message)
    assert.equal("done", task:status())
  end)

  it("is something it can do itself", function()
    local task
    task = loop:spawn(function()
      assert.is_true(task:cancel "enough")
      loop:sleep(3600)
    end)
    loop:run()
    assert.equal("cancelled", task:status())
  end)

  it("that was woken already does not change its result", function()
    local slept
    local task = loop:spawn(function()
      slept = loop:sleep(0)
      coroutine.yield()
      loop:sleep(0)
    end)
    loop:step(0)
    local spoiler = loop:spawn(function() task:cancel() end)
    loop:step(0.1)
    loop:run()
    assert.is_true(slept)
    assert.equal("done", spoiler:status())
    assert.equal("cancelled", task:status())
  end)

  it("that will not give up lets the others go on", function()
    if not can_catch then return end
    local tries = 0
    local task = loop:spawn(function()
      repeat pcall(loop.sleep, loop, 3600); tries = tries + 1 until tries == 1000
    end)
    loop:step(0)
    task:cancel()
    assert.is_true(loop:spawn(function() return loop:sleep(0.001) end):await())
    assert.is_true(tries < 1000)
    loop:run()
    assert.equal("done", task:status())
  end)
end)

describe("a timeout of a task", function()
  it("cancels a task that has not ended by then", function()
    local task = loop:spawn(function() return loop:sleep(3600) end)
    assert.equal(task, task:timeout(0.01))
    local slept, err = task:await()
    assert.is_nil(slept)
    assert.equal("aborted", err.code)
    assert.equal("the task's timeout of 0.01 s has passed", err.message)
  end)

  it("cuts a call short, whatever the call's own time-outs", function()
    server.script = function(peer) peer:request(); peer:stall() end
    local outcome = call(new_pool(loop, server:url()))
    outcome.task:timeout(0.05)
    finish()
    assert.equal("aborted", outcome.err.code)
    assert.is_true(outcome.err.ambiguous)
  end)

  it("holds before the task has begun", function()
    local task = loop:spawn(function() error "begun" end):timeout(0)
    loop:run()
    assert.equal("cancelled", task:status())
  end)

  it("is replaced by the next one, and none any more when the task has ended", function()
    local task = loop:spawn(function() return loop:sleep(0.03) end):timeout(0.01):timeout(3600)
    assert.is_true(task:await())
    task:timeout(0)
    loop:run()
    assert.is_nil(loop:timeout())
    assert.is_true(task:await())
  end)

  it("is a number of seconds", function()
    local task = loop:spawn(function() end)
    for _, bad in ipairs { -1, 0 / 0, "1", {} } do
      raises("timeout takes a number of seconds", task.timeout, task, bad)
    end
  end)
end)

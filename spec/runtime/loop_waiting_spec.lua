--- The waits of tasks and calls, with a scheduler, a network and slots that only
-- note each request.
local waiting = require "cognito.runtime.loop.waiting"

describe("waiting", function()
  local engine, owner, waiter, log, slot_wait

  local function noted(name, result)
    return function(_, what)
      log[#log + 1] = { name, what }
      return result
    end
  end

  before_each(function()
    log, owner, waiter, slot_wait = {}, nil, nil, nil
    engine = {
      scheduler = { who = function() return owner, waiter end, owner = function() return owner end,
        wake = noted "wake", wait = noted "wait", drop = noted "drop" },
      network = { cancel = noted "cancel" },
      timers = { remove = noted "remove" },
      slots = { take = function() return slot_wait end, give_back = noted "give_back" },
      revoke = noted "revoke", expire_after = noted "expire_after",
    }
  end)

  it("does not begin in a call of a cancelled task", function()
    owner = { cancelled = "enough", calls = 1 }
    for name, wait in pairs {
      sleep = function() return waiting.sleep(engine, 1) end,
      send = function() return waiting.send(engine, {}, {}) end,
      carry = function() return waiting.carry(engine, {}, 1, 1) end,
      admit = function() return waiting.admit(engine) end,
    } do
      local result, err = wait()
      assert.same({ nil, "aborted", "enough", false, true }, { result, err.code, err.message, err.sent, err.retryable },
        name)
    end
    owner.calls = 0
    local ok, err = pcall(waiting.sleep, engine, 1)
    assert.same({ false, "aborted" }, { ok, err.code })
    assert.same({}, log)
  end)

  it("ends at once where a finalizer has cancelled the task since", function()
    owner = { calls = 1 }
    engine.expire_after = function() owner.cancelled = "enough" end
    local result, err = waiting.sleep(engine, 1)
    assert.same({ nil, "enough" }, { result, err.message })
    assert.same({ "remove", "wake", "wait" }, { log[1][1], log[2][1], log[3][1] })
    assert.equal(log[1][2], log[2][2])
    log, owner.cancelled = {}, nil
    engine.network.launch = function(_, wait)
      assert.is_false(wait.done)
      wait.id, wait.err, owner.cancelled = 1, { code = "aborted", message = "it was cancelled" }, "enough"
      return true
    end
    result, err = waiting.carry(engine, {}, 1, 1)
    assert.same({ nil, "enough" }, { result, err.message })
    assert.same({ "cancel", "wait" }, { log[1][1], log[2][1] })
    log = {}
    waiting.interrupt(engine, { state = "running", wait = { done = true } })
    waiting.interrupt(engine, { state = "running", wait = false })
    assert.same({}, log)
  end)

  it("of requests reports what they ended with; an abort with the task's reason, if there is one", function()
    local function send(err)
      engine.network.start = function(_, wait)
        wait.response, wait.err = not err and "response" or nil, err
        return true
      end
      return waiting.send(engine, {}, {})
    end
    assert.same({ "response" }, { send() })
    assert.same({ nil, "no answer" }, { nil, select(2, send { code = "timeout", message = "no answer" }).message })
    assert.equal("given up", select(2, send { code = "aborted", message = "given up" }).message)
    owner = { calls = 1 }
    assert.equal("given up", select(2, send { code = "aborted", message = "given up" }).message)
    engine.network.start = function() return nil, "refused" end
    log = {}
    assert.same({ nil, "refused" }, { waiting.send(engine, {}, {}) })
    engine.network.launch = engine.network.start
    assert.same({ nil, "refused" }, { waiting.carry(engine, {}, 1, 1) })
    assert.same({}, log)
  end)

  it("for a slot is for a task's outermost call, and what is cancelled there has begun no call", function()
    assert.is_false(waiting.admit(engine, "x"))
    owner = { calls = 0 }
    waiter = owner
    assert.is_true(waiting.admit(engine, "x"))
    slot_wait = { interrupted = true }
    assert.is_true(waiting.admit(engine, "x"))
    assert.same({ 2, 0 }, { owner.calls, #log })
    owner.slot = {}
    waiting.release(engine)
    assert.same({ 1, 0 }, { owner.calls, #log })
    waiting.release(engine)
    assert.same({ 0, "give_back" }, { owner.calls, log[1][1] })
    local result, err = waiting.admit(engine, "x")
    assert.same({ nil, "aborted", 0 }, { result, err.code, owner.calls })
    slot_wait = {}
    assert.is_true(waiting.admit(engine))
    assert.equal(1, owner.calls)
    owner.slot, log = false, {}
    waiting.release(engine)
    owner = nil
    waiting.release(engine)
    assert.same({}, log)
  end)

  it("of a task that has ended leaves nothing behind", function()
    local due, next_in_line, task = {}, {}, { wait = { id = 1 } }
    task.due, task.wait.task = due, task
    engine.slots.give_back = noted("give_back", next_in_line)
    local wait = task.wait
    waiting.clean_up(engine, task)
    assert.same({ "give_back", "wake", "revoke", "revoke", "cancel" },
      { log[1][1], log[2][1], log[3][1], log[4][1], log[5][1] })
    assert.same({ true, true, true, true }, { log[2][2] == next_in_line, log[3][2] == due, log[4][2] == wait,
      log[5][2] == wait })
    assert.same({ nil, true, "aborted", "the task has ended" }, { wait.task, wait.done, wait.err.code,
      wait.err.message })
    local err = { code = "timeout" }
    wait = { id = 2, err = err }
    waiting.clean_up(engine, { wait = wait })
    assert.equal(err, wait.err)
    log, wait = {}, {}
    engine.slots.give_back = noted "give_back"
    waiting.clean_up(engine, { wait = wait })
    assert.same({ 3, true, nil }, { #log, wait.done, wait.err })
    waiting.clean_up(engine, { wait = false })
    assert.equal(6, #log)
  end)
end)

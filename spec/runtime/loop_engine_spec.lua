--- The engine of a loop and its requests, with a network of the spec's own that answers when it is told to: how
-- long a turn waits, what it does within its budget, and what closing leaves.
local native = require "cognito.native"

local clock, sleep, http = native.clock, native.sleep, native.http
local engines = require "cognito.runtime.loop.engine"
local tasks = require "cognito.runtime.loop.task"
local waiting = require "cognito.runtime.loop.waiting"

local now, slept, steps, net, engine, questions

-- A turn without an end asks for ever.
local function count_question()
  questions = questions + 1
  assert(questions < 5000, "a turn without an end")
end

-- A network whose requests land in the order in which the spec answers them.
local function new_http()
  local fake = { started = 0, ready = {}, due = nil, closed = 0, cancelled = {} }

  function fake:start()
    if self.err then return nil, self.err end
    self.started = self.started + 1
    return self.started
  end

  function fake:answer(id, response, err)
    self.ready[#self.ready + 1] = { id = id, response = response, err = err }
  end

  function fake:cancel(id)
    self.cancelled[#self.cancelled + 1] = id
    for _, each in ipairs(self.ready) do
      if each.id == id then return false end
    end
    self:answer(id, nil, { code = "aborted", message = "given up" })
    return true
  end

  function fake:step(seconds, budget)
    count_question()
    steps[#steps + 1] = { seconds, budget }
    if not self.ready[1] then now = now + seconds end
    return #self.ready, budget
  end

  function fake:land(waits)
    count_question()
    local each = table.remove(self.ready, 1)
    if not each then return nil end
    local wait = waits[each.id]
    waits[each.id] = nil
    return wait, each.response, each.err
  end

  function fake:timeout() return self.due end
  function fake:stats() return { connections = 7 } end -- luacheck: no self
  function fake:pollfd() return 5 end -- luacheck: no self
  function fake:events() return "r" end -- luacheck: no self
  function fake:close() self.closed = self.closed + 1 end
  return fake
end

before_each(function()
  now, slept, steps, questions = 1000, {}, {}, 0
  native.clock = function()
    count_question()
    return now
  end
  native.sleep = function(seconds)
    slept[#slept + 1] = seconds
    now = now + seconds
  end
  native.http = function()
    net = new_http()
    return net
  end
  engine = engines.new { concurrency = 2, http = {} }
end)

after_each(function() native.clock, native.sleep, native.http = clock, sleep, http end)

local function spawn(f)
  return engine.scheduler:spawn(tasks.new(engine), f)
end

local function send()
  return waiting.send(engine, {}, {})
end

describe("the time until there is work", function()
  it("is none while a task is runnable or an answer is there", function()
    assert.is_nil(engine:timeout())
    spawn(function() waiting.sleep(engine, 50) end)
    assert.equal(0, engine:timeout())
    engine:turn(0)
    assert.equal(50, engine:timeout())
    now = now + 60
    assert.equal(0, engine:timeout())
    engine.network.outcomes = 1
    now = now - 60
    assert.equal(0, engine:timeout())
  end)

  it("is that of the network while requests are in flight, or of what is due before", function()
    net.due = 3
    assert.is_nil(engine:timeout())
    spawn(send)
    engine:turn(0)
    assert.equal(3, engine:timeout())
    spawn(function() waiting.sleep(engine, 2) end)
    engine:turn(0)
    assert.equal(2, engine:timeout())
    net.due = 1
    assert.equal(1, engine:timeout())
    net.due = nil
    assert.equal(2, engine:timeout())
  end)
end)

describe("a turn", function()
  it("sleeps until what is due where nothing is in flight, and looks at the network without waiting", function()
    spawn(function() waiting.sleep(engine, 5) end)
    engine:turn(9)
    assert.same({ {}, { { 0, nil } } }, { slept, steps })
    engine:turn(2)
    engine:turn(9)
    assert.same({ 2, 3 }, slept)
    assert.equal(0, engine.scheduler.alive)
    engine:turn(9)
    assert.same({ 2, 3 }, slept)
    assert.same({ 0 }, { steps[4][1] })
    spawn(function() waiting.sleep(engine, 0.5) end)
    engine:turn(0)
    engine:turn(9)
    assert.same({ 2, 3, 0.5 }, slept)
  end)

  it("leaves tasks that begin meanwhile to the next one, whatever else there is", function()
    local order = {}
    for _ = 1, 2 do
      spawn(function()
        send()
        order[#order + 1] = "answer"
      end)
    end
    engine:turn(0)
    spawn(function()
      order[#order + 1] = "task"
      spawn(function() order[#order + 1] = "its child" end)
    end)
    net:answer(1, {})
    net:answer(2, {})
    engine:turn(0)
    assert.same({ "task", "answer", "answer" }, order)
    engine:turn(0)
    assert.same({ "task", "answer", "answer", "its child" }, order)
  end)

  it("waits on the network while requests are in flight, a day at most, and for what is due", function()
    spawn(send)
    engine:turn(0)
    engine:turn(1e9)
    engine:turn(7)
    spawn(function() waiting.sleep(engine, 5) end)
    engine:turn(0)
    engine:turn(7, 0.5)
    local seconds = {}
    for i, step in ipairs(steps) do seconds[i] = step[1] end
    assert.same({ 0, 86400, 7, 0, 5 }, seconds)
    assert.equal(0.5, steps[5][2])
    assert.same({}, slept)
  end)

  it("does one thing at least, and stops when its budget is spent", function()
    local order = {}
    for i = 1, 3 do
      spawn(function()
        order[#order + 1] = i
        now = now + 1
      end)
    end
    engine:turn(0, 2)
    assert.same({ 1, 2 }, order)
    engine:turn(0, 0)
    assert.same({ 1, 2, 3 }, order)
  end)

  it("lets a timer go that is due when it begins, and one at a time within its budget", function()
    local expired = {}
    for i = 1, 3 do
      engine:expire_after(1, { expire = function()
        expired[#expired + 1] = i
        now = now + 1
      end })
    end
    engine:expire_after(2, { expire = function() expired[#expired + 1] = "later" end })
    now = now + 1
    engine:turn(0, 2)
    assert.same({ 1, 2 }, expired)
    engine:turn(0, 0)
    assert.same({ 1, 2, 3 }, expired)
    engine:turn(0)
    assert.same({ 1, 2, 3, "later" }, expired)
  end)

  it("serves tasks and answers by turns", function()
    local order = {}
    for i = 1, 2 do
      spawn(function()
        send()
        order[#order + 1] = "answer " .. i
        now = now + 1
      end)
    end
    engine:turn(0)
    for i = 1, 2 do
      spawn(function()
        order[#order + 1] = "task " .. i
        now = now + 1
      end)
      net:answer(i, { status = 200 })
    end
    engine:turn(0, 2)
    assert.same({ "task 1", "answer 1" }, order)
    engine:turn(0, 0)
    assert.same({ "task 1", "answer 1", "task 2", "answer 2" }, order)
  end)

  it("raises where nothing will ever happen, and in a loop that was closed meanwhile", function()
    local ok, err = pcall(engine.turn_or_raise, engine)
    assert.same({ false, "the loop has nothing to wait for: its tasks await each other" }, { ok, err })
    spawn(send)
    engine:turn(0)
    net:answer(1, { status = 200 })
    engine:turn_or_raise()
    engine:close()
    ok, err = pcall(engine.turn_or_raise, engine)
    assert.same({ false, "the loop was closed" }, { ok, err })
  end)
end)

describe("requests in flight", function()
  it("are counted until their answer is taken, and each gets its own", function()
    local got = {}
    for i = 1, 2 do spawn(function() got[i] = { send() } end) end
    engine:turn(0)
    assert.equal(2, engine.network.in_flight)
    net:answer(2, { status = 202 })
    engine:turn(0)
    assert.same({ nil, { { status = 202 } } }, got)
    assert.equal(1, engine.network.in_flight)
    net:answer(1, nil, { code = "timeout" })
    engine:turn(0)
    assert.same({ nil, { code = "timeout" } }, got[1])
    assert.same({ 0, 0 }, { engine.network.in_flight, engine.network.outcomes })
    assert.is_nil(next(engine.network.waits))
  end)

  it("have as many answers as the network says, until it has none", function()
    local waits = { { id = false }, { id = false } }
    for i = 1, 2 do
      engine.network:start(waits[i], {}, {})
      net:answer(i, {})
    end
    engine.network:step(0)
    assert.same({ 2, waits[1] }, { engine.network.outcomes, engine.network:take() })
    assert.equal(1, engine.network.outcomes)
    table.remove(net.ready) -- a finalizer took it
    assert.is_nil(engine.network:take())
    assert.equal(0, engine.network.outcomes)
  end)

  it("that could not begin are no requests", function()
    net.err = { code = "connect" }
    local result, err = send()
    assert.same({ nil, { code = "connect" }, 0 }, { result, err, engine.network.in_flight })
  end)

  it("are given up once, when their task is cancelled, and the answer is there at once", function()
    local got
    local task = spawn(function() got = { send() } end)
    engine:turn(0)
    task:cancel "enough"
    task:cancel "again"
    assert.same({ { 1 }, 1, 0 }, { net.cancelled, engine.network.outcomes, engine:timeout() })
    engine:turn(100)
    assert.same({ nil, { code = "aborted", message = "enough" } }, got)
    engine.network:cancel { id = 1 }
    assert.same({ 1 }, net.cancelled)
    assert.equal(0, engine.network.outcomes)
  end)

  it("that have their answer already are not given up", function()
    local got
    local task = spawn(function() got = { send() } end)
    engine:turn(0)
    net:answer(1, { status = 200 })
    task:cancel()
    assert.equal(0, engine.network.outcomes)
    engine:turn(0)
    assert.same({ { status = 200 } }, got)
  end)

  it("are looked at by what the network says", function()
    assert.same({ 5, "r", 7 }, { engine.network:pollfd(), engine.network:events(), engine.network:connections() })
  end)
end)

describe("closing an engine", function()
  it("ends all tasks and requests, in the order of their making, and closes the network once", function()
    local ended = {}
    for i = 1, 3 do
      spawn(function()
        local _, err = send()
        ended[#ended + 1] = { i, err.message }
      end)
    end
    engine:turn(0)
    engine:close()
    assert.same({ { 1, "the loop was closed" }, { 2, "the loop was closed" }, { 3, "the loop was closed" } }, ended)
    assert.same({ 0, 0, 1, {} }, { engine.scheduler.alive, engine.network.in_flight, net.closed, slept })
    assert.is_true(engine.closed)
  end)

  it("ends requests of which no task is left", function()
    engine.network:start({ id = false }, {}, {})
    engine:close()
    assert.same({ { 1 }, 0, 0, 1 }, { net.cancelled, engine.network.in_flight, engine.network.outcomes, net.closed })
  end)

  it("looks for the answers of requests that cannot be given up a hundred times, without waiting", function()
    net.cancel = function() return false end
    engine.network:start({ id = false }, {}, {})
    engine:close()
    assert.same({ 100, 1000, 1, 0 }, { #steps, now, net.closed, engine.network.in_flight })
  end)

  it("leaves a task that goes on for ever after a hundred turns", function()
    local turns = 0
    local task = spawn(function()
      while true do
        turns = turns + 1
        coroutine.yield()
      end
    end)
    engine:turn(0)
    engine:close()
    assert.equal(101, turns)
    assert.same({ "cancelled", 0, true }, { task:status(), engine.scheduler.alive, engine.closed })
    assert.equal("the loop was closed", select(2, task:await()).message)
  end)
end)

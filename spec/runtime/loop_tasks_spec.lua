--- Tasks of a loop at the edges of their lives: awaited in a cancelled call, ended while another begins to wait,
-- dropped while they fail, waiting where they cannot be suspended. A clock of the spec's own moves when a turn sleeps.
local native = require "cognito.native"

local clock, sleep, traceback = native.clock, native.sleep, debug.traceback
local cognito = require "cognito"
local engines = require "cognito.runtime.loop.engine"
local errors = require "cognito.errors"
local tasks = require "cognito.runtime.loop.task"
local waiting = require "cognito.runtime.loop.waiting"

local prepare = waiting.prepare
local now, engine, reported

before_each(function()
  now, reported = 1000, {}
  native.clock = function() return now end
  native.sleep = function(seconds) now = now + seconds end
  engine = engines.new { concurrency = 2, http = {}, on_error = function(err)
    reported[#reported + 1] = err or "nothing"
  end }
end)

after_each(function()
  engine:close()
  native.clock, native.sleep, waiting.prepare, debug.traceback = clock, sleep, prepare, traceback -- luacheck: ignore
end)

local function spawn(f, ...)
  return engine.scheduler:spawn(tasks.new(engine), f, ...)
end

local function turn(n)
  for _ = 1, n do engine:turn(0) end
end

describe("a task", function()
  it("begins with any function, be it one in C, and with its arguments", function()
    assert.equal("aaa", spawn(string.rep, "a", 3):await())
    assert.equal("b", spawn(function(_, b) return b end, "a", "b"):await())
  end)

  it("that is cancelled in a call awaits no other one, and the call gets the reason", function()
    local other, result = spawn(function() waiting.sleep(engine, 3600) end), nil
    local task = spawn(function()
      waiting.admit(engine, "a host")
      coroutine.yield()
      result = { other:await() }
      waiting.release(engine)
    end)
    turn(1)
    task:cancel "enough"
    turn(3)
    assert.same({ nil, "aborted", "enough" }, { result[1], result[2].code, result[2].message })
    assert.same({ "done", "running" }, { task:status(), other:status() })
  end)

  it("is awaited no longer that ends while another begins to wait for it", function()
    local task = spawn(function() return "done", "meanwhile" end)
    waiting.prepare = function(...) -- a finalizer may turn the loop there
      turn(1)
      return prepare(...)
    end
    assert.same({ "done", "meanwhile" }, { task:await() })
  end)

  it("that is dropped while it fails has been cancelled, and its failure is reported no more", function()
    local task
    task = spawn(function() error("too late", 0) end)
    debug.traceback = function() -- luacheck: ignore
      engine.scheduler:drop(task, errors.new { code = "aborted", message = "dropped" })
    end
    turn(1)
    assert.same({ "cancelled", 0, {} }, { task:status(), engine.scheduler.alive, reported })
    assert.equal("dropped", select(2, task:await()).message)
  end)

  it("is cancelled where it cannot be suspended, too", function()
    local result
    local task = spawn(function()
      coroutine.wrap(function() result = { waiting.sleep(engine, 3600) } end)()
    end)
    spawn(function() task:cancel "enough" end)
    turn(1)
    assert.same({ "done", 1000 }, { task:status(), now })
    assert.same({ nil, "aborted", "enough" }, { result[1], result[2].code, result[2].message })
  end)

  it("waits there on top of nineteen others, but not of more, which the C stack might not hold", function()
    local ended = 0
    for _ = 1, 22 do
      spawn(function()
        local ok, err = coroutine.resume(coroutine.create(waiting.sleep), engine, 1) -- wrap puts a place before it
        if not ok then error(err, 0) end
        ended = ended + 1
      end)
    end
    repeat turn(1) until engine.scheduler.alive == 0
    assert.same({ 20, 2 }, { ended, #reported })
    local words = "too many calls wait where a task cannot be suspended"
    for i = 1, 2 do assert.equal(words, (reported[i] or ""):sub(1, #words)) end
  end)

  it("still runs where it turned the loop, and that raised half-way through the beginning of another one", function()
    local ok, owner
    local task = spawn(function()
      ok = coroutine.resume(coroutine.create(waiting.sleep), engine, 1)
      coroutine.wrap(function() owner = engine.scheduler:owner() end)()
    end)
    spawn(function() end).arguments.n = 1e8 -- more than the stack holds
    turn(1)
    assert.same({ false, true, "done" }, { ok, owner == task, task:status() })
  end)
end)

describe("the program", function()
  local loop

  before_each(function() loop = cognito.loop() end)
  after_each(function() loop:close() end)

  it("gets a failure from run as it was raised, before its traceback", function()
    loop:spawn(function() error("boom", 0) end)
    local _, message = pcall(loop.run, loop)
    assert.equal("boom\nstack traceback:", message:match "^[^\n]*\n[^\n]*")
  end)

  it("is blamed where a task begins another one while the loop is being closed", function()
    local mistake = function() loop:spawn(print) end -- one line, which the error has to name
    local task = loop:spawn(function()
      loop:sleep(3600)
      mistake()
    end)
    loop:step(0)
    loop:close()
    local _, message = pcall(task.await, task)
    local made_at = debug.getinfo(mistake, "S")
    assert.equal(("%s:%d: the loop is being closed"):format(made_at.short_src, made_at.linedefined), message)
  end)
end)

--- Calls at places where their task cannot be suspended, or not by the loop:
-- in functions that C calls, in coroutines of the task's own, in coroutines
-- that somebody else resumes. There the call turns the loop itself; where it
-- cannot do that either it raises, and leaves nothing in flight.
local cognito = require "cognito"
local new_pool = require("spec.support.loop_pool").new
local start_server = require("spec.support.server").start

-- PUC Lua 5.1: pcall, metamethods and iterators are places like table.sort,
-- and a call at such a place raises.
local is_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

local NAME = { username = "ada" }

local server, loop, pool

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)

before_each(function()
  loop = cognito.loop()
  pool = new_pool(loop, server:url "/later/")
end)

after_each(function() loop:close() end)

local function call()
  local result, err = pool:forgot_password(NAME)
  if not result then error(tostring(err), 0) end
  return result
end

-- Runs a function in a task, while another task counts how often it went on.
local function in_task(fn)
  local over, others = false, 0
  local task = loop:spawn(function() fn(); over = true end)
  loop:spawn(function()
    while not over and task:status() ~= "failed" do
      others = others + 1
      loop:sleep(0.001)
    end
  end)
  local ok, err = pcall(loop.run, loop)
  return ok, err, others
end

local function works(fn)
  local ok, err, others = in_task(fn)
  assert.is_true(ok, err)
  assert.is_true(others > 1)
  assert.same({ tasks = 0, requests = 0, connections = loop:stats().connections }, loop:stats())
end

-- What does not work raises, ends the task, and leaves nothing in flight.
local function fails(fn, message)
  local ok, err = in_task(fn)
  assert.is_false(ok)
  assert.truthy(tostring(err):find(message, 1, true), err)
  loop:step(0)
  assert.equal(0, loop:stats().requests)
  assert.is_table(pool:forgot_password(NAME))
end

-- `lua51` is what Lua 5.1 says, unless it works there, too.
local function place(name, lua51, fn)
  it(name, function()
    if lua51 and is_5_1 then fails(fn, lua51) else works(fn) end
  end)
end

local CLEAR = "Lua 5.1 cannot suspend a task inside pcall, table.sort or another function in C"
local OWN = "attempt to yield across metamethod/C-call boundary"

describe("in a task a call works in", function()
  place("a function for table.sort", CLEAR, function()
    local list, calls = { 3, 1, 2 }, 0
    table.sort(list, function(a, b)
      calls = calls + 1
      call()
      return a < b
    end)
    assert.same({ 1, 2, 3 }, list)
    assert.is_true(calls > 1)
  end)

  place("a function for string.gsub", CLEAR, function()
    assert.equal("x-x-", (("ab"):gsub(".", function() return call() and "x-" end)))
  end)

  place("a metamethod", OWN, function()
    local object = setmetatable({}, {
      __index = function() return call() and 1 end,
      __add = function() return call() and 2 end,
      __eq = function() call(); return true end,
    })
    assert.equal(1, object.field)
    assert.equal(2, object + 1)
    assert.is_true(object == setmetatable({}, getmetatable(object)))
  end)

  place("tostring", CLEAR, function()
    assert.equal("x", tostring(setmetatable({}, { __tostring = function() return call() and "x" end })))
  end)

  place("an iterator", OWN, function()
    local n = 0
    for i in function(_, i) call(); return i < 3 and i + 1 or nil end, nil, 0 do n = n + i end
    assert.equal(6, n)
  end)

  place("pcall", CLEAR, function()
    assert.is_table(select(2, assert(pcall(call))))
    local ok, err = pcall(function() call(); error("own", 0) end)
    assert.is_false(ok)
    assert.equal("own", err)
  end)

  place("xpcall", CLEAR, function()
    assert.is_table(select(2, assert(xpcall(call, debug.traceback))))
  end)

  place("a coroutine of its own", nil, function()
    assert.is_table(coroutine.wrap(call)())
    local co = coroutine.create(function()
      call()
      coroutine.yield "first"
      call()
      return "second"
    end)
    assert.same({ true, "first" }, { coroutine.resume(co) })
    assert.same({ true, "second" }, { coroutine.resume(co) })
  end)

  place("a generator", nil, function()
    local n = 0
    for i in coroutine.wrap(function() for i = 1, 3 do call(); coroutine.yield(i) end end) do n = n + i end
    assert.equal(6, n)
  end)

  place("a chunk being loaded", CLEAR, function()
    local pieces = { "return ", "1" }
    assert.equal(1, assert(load(function() call(); return table.remove(pieces, 1) end))())
  end)
end)

describe("in Lua 5.1", function()
  it("code that catches an error of that kind leaves nothing behind", function()
    if not is_5_1 then return end
    loop:close()
    loop = cognito.loop { concurrency = 1 }
    pool = new_pool(loop, server:url "/later/")
    for _, wait in ipairs {
      call,
      function() loop:sleep(3600) end,
      function() loop:spawn(function() end):await() end,
      function() loop:send({ method = "GET", url = server:url() }, {}) end,
      function() pool:connect() end,
    } do
      local task = loop:spawn(function()
        local _, message = pcall(wait)
        assert.truthy(message:find(CLEAR, 1, true))
        assert.equal(0, loop:stats().requests)
        return call() -- a slot is free
      end)
      assert.is_table(task:await())
      loop:run()
      assert.is_nil(loop:timeout())
    end
  end)

  it("a task that ends in line takes no turn with it", function()
    if not is_5_1 then return end
    loop:close()
    loop = cognito.loop { concurrency = 1 }
    pool = new_pool(loop, server:url "/later/")
    local first = loop:spawn(call)
    local failing = loop:spawn(function() return setmetatable({}, { __index = call }).field end)
    local third = loop:spawn(call)
    local ok, message = pcall(failing.await, failing)
    assert.is_false(ok)
    assert.truthy(message:find(OWN, 1, true))
    assert.is_table(first:await())
    assert.is_table(third:await())
  end)
end)

describe("calls that turn the loop", function()
  it("outside of tasks let the tasks go on", function()
    local count = 0
    local task = loop:spawn(function() repeat count = count + 1; loop:sleep(0.001) until count == 5 end)
    while task:status() ~= "done" do call() end
    assert.equal(5, count)
  end)

  it("on top of each other end one after the other", function()
    local ended = {}
    for i = 1, 5 do
      loop:spawn(function()
        coroutine.wrap(call)()
        ended[#ended + 1] = i
      end)
    end
    loop:run()
    table.sort(ended)
    assert.same({ 1, 2, 3, 4, 5 }, ended)
  end)

  it("on top of each other in large numbers raise, and the others go on", function()
    local done, refused = 0, 0
    for _ = 1, 100 do
      loop:spawn(function()
        local ok, err = coroutine.resume(coroutine.create(call))
        if ok then
          done = done + 1
        else
          assert.truthy(tostring(err):find("too many calls wait where a task cannot be suspended", 1, true))
          refused = refused + 1
        end
      end)
    end
    loop:run()
    assert.equal(100, done + refused)
    assert.is_true(done >= 20)
    assert.equal(0, loop:stats().requests)
    assert.is_table(call())
  end)

  it("take no slot, and wait for none", function()
    loop:close()
    loop = cognito.loop { concurrency = 1, max_connections = 10 }
    pool = new_pool(loop, server:url "/later/")
    local ended = 0
    for i = 1, 10 do
      loop:spawn(function()
        if i % 2 == 0 then call() else coroutine.wrap(call)() end
        ended = ended + 1
      end)
    end
    loop:run()
    assert.equal(10, ended)
    assert.is_nil(next(loop.engine.slots.lines))
  end)

  it("raise when there is nothing to wait for", function()
    -- The one that is on top waits for the one below it.
    local below
    below = loop:spawn(function()
      coroutine.wrap(function() loop:sleep(0.01) end)()
    end)
    local ok, message
    loop:spawn(function()
      ok, message = coroutine.resume(coroutine.create(function() below:await() end))
    end)
    loop:run()
    assert.is_false(ok)
    assert.truthy(message:find("the loop has nothing to wait for", 1, true))
    assert.equal("done", below:status())
  end)
end)

describe("a task's coroutine that other code resumes", function()
  it("waits nevertheless until its result is there", function()
    local thread, result
    loop:spawn(function()
      thread = coroutine.running()
      result = call()
    end)
    loop:step(0)
    for _ = 1, 10 do
      assert.is_true(coroutine.resume(thread, "what goes in", "goes nowhere"))
      assert.is_nil(result)
    end
    local foreign = loop:spawn(function() for _ = 1, 5 do coroutine.resume(thread); loop:sleep(0) end end)
    loop:run()
    assert.is_table(result)
    assert.equal("done", foreign:status())
  end)

  it("may be resumed in the middle of its turns", function()
    local thread, result
    loop:spawn(function()
      thread = coroutine.running()
      coroutine.yield()
      result = call() -- begun by somebody else
    end)
    loop:step(0)
    assert.is_true(coroutine.resume(thread))
    loop:run()
    assert.is_table(result)
  end)

  it("may turn the loop meanwhile", function()
    if is_5_1 then return end
    local thread, over
    loop:spawn(function()
      thread = coroutine.running()
      coroutine.yield()
      table.sort({ 2, 1 }, function(a, b) call(); return a < b end)
      coroutine.yield()
      over = true
    end)
    loop:step(0)
    assert.is_true(coroutine.resume(thread))
    assert.is_nil(over)
    loop:run()
    assert.is_true(over)
  end)

  it("and brings to its end ends with an error", function()
    local thread
    local task = loop:spawn(function()
      thread = coroutine.running()
      coroutine.yield()
      return "lost"
    end)
    loop:step(0)
    assert.same({ true, "lost" }, { coroutine.resume(thread) })
    local ok, message = pcall(task.await, task)
    assert.is_false(ok)
    assert.truthy(message:find "dead coroutine")
  end)

  it("and closes, where Lua can, ends with an error", function()
    local close = rawget(coroutine, "close")
    if not close then return end
    local thread
    local task = loop:spawn(function()
      thread = coroutine.running()
      call()
    end)
    loop:step(0)
    close(thread)
    assert.is_false((pcall(task.await, task)))
    loop:run()
    assert.equal(0, loop:stats().requests)
  end)
end)

--- Cancelling a task, by whom and at what moment it may be; deadlines; closing
-- the loop in every state. The server is the spec's own, so that it is known
-- how far a request has come.
local child = require "spec.support.child"
local cognito = require "cognito"
local descriptors = require("spec.support.proc").descriptors
local hostile = require "spec.support.hostile_server"
local new_pool = require("spec.support.loop_pool").new
local socket = require "socket"

-- Lua 5.1 cannot suspend a task within pcall.
local can_catch = _VERSION ~= "Lua 5.1" or rawget(_G, "jit") ~= nil

local NAME = { username = "ada" }

local loop, server

before_each(function()
  loop = cognito.loop()
  server = hostile.listen()
end)

after_each(function()
  loop:close()
  server:stop()
end)

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(message):find(pattern, 1, true), message)
end

-- A task that makes one call and keeps what came of it.
local function call(pool, operation)
  local outcome = {}
  outcome.task = loop:spawn(function()
    outcome.result, outcome.err, outcome.meta = pool[operation or "forgot_password"](pool, NAME)
    return outcome.result, outcome.err
  end)
  return outcome
end

-- Plays on until all tasks have ended.
local function finish()
  server:play(loop, function() return loop:stats().tasks == 0 or nil end)
end

-- The call ended as a cancelled one does, and awaiting its task tells the same.
local function check_aborted(outcome, attempts, ambiguous)
  local err = outcome.err
  assert.is_nil(outcome.result)
  assert.is_true(cognito.is_error(err))
  assert.equal("aborted", err.code)
  assert.equal("enough", err.message)
  assert.equal(ambiguous, err.ambiguous)
  assert.equal(attempts, err.attempts)
  assert.equal(attempts, outcome.meta.attempts)
  assert.equal("done", outcome.task:status())
  assert.equal(err, select(2, outcome.task:await()))
end

local function reply(peer, status, body)
  peer:send(("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"):format(status, #body, body))
end

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

  it("ends its sleep, which tells so", function()
    local task = loop:spawn(function()
      local slept, err = loop:sleep(3600)
      return "cleaned up", slept, err.code, err.message
    end)
    loop:step(0)
    assert.is_true(task:cancel())
    loop:run()
    assert.same({ "cleaned up", nil, "aborted", "the task was cancelled" }, { task:await() })
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

describe("cancelling a call", function()
  -- Plays on until the condition holds.
  local function play_until(condition)
    server:play(loop, function() return condition() or nil end)
  end

  local function was_accepted()
    return server.accepted == 1
  end

  it("that waits in line for its turn: it was never begun", function()
    loop:close()
    loop = cognito.loop { concurrency = 1 }
    local read = 0
    server.script = function(peer) peer:request(); read = read + 1; peer:stall() end
    local pool = new_pool(loop, server:url())
    local first, second, third = call(pool), call(pool), call(pool)
    play_until(function() return read == 1 end)
    second.task:cancel "enough"
    play_until(function() return second.err end)
    check_aborted(second, 0, false)
    first.task:cancel "enough"
    play_until(function() return read == 2 end) -- the third's
    third.task:cancel "enough"
    finish()
    check_aborted(first, 1, true)
    check_aborted(third, 1, true)
  end)

  it("during connect: nothing was sent", function()
    -- Who is not accepted fills the queue of those who want to be.
    local full, others = assert(socket.bind("127.0.0.1", 0, 0)), {}
    local _, port = full:getsockname()
    for i = 1, 4 do
      others[i] = socket.tcp()
      others[i]:settimeout(0)
      others[i]:connect("127.0.0.1", port)
    end
    local outcome = call(new_pool(loop, "http://127.0.0.1:" .. port))
    for _ = 1, 5 do loop:step(0.01) end
    assert.equal(1, loop:stats().requests)
    outcome.task:cancel "enough"
    loop:run()
    check_aborted(outcome, 1, false)
    for _, other in ipairs(others) do other:close() end
    full:close()
  end)

  it("during the TLS handshake: nothing was sent", function()
    local greeted
    server.script = function(peer) peer:await(1); greeted = true; peer:stall() end
    local outcome = call(new_pool(loop, server:url "https"))
    play_until(function() return greeted end)
    outcome.task:cancel "enough"
    finish()
    check_aborted(outcome, 1, false)
  end)

  it("whose request is half sent: it may be carried out", function()
    server.script = function(peer) peer:await(1); peer:stall() end
    local pool = new_pool(loop, server:url())
    local outcome = {}
    outcome.task = loop:spawn(function()
      outcome.result, outcome.err, outcome.meta = pool:forgot_password {
        username = "ada", client_metadata = { long = ("x"):rep(4000000) },
      }
      return outcome.result, outcome.err
    end)
    play_until(was_accepted)
    for _ = 1, 20 do server:turn({ getfd = function() return loop:pollfd() end }, 0.01); loop:step(0) end
    outcome.task:cancel "enough"
    finish()
    check_aborted(outcome, 1, true)
  end)

  it("that waits for its reply: it may be carried out", function()
    local read
    server.script = function(peer) peer:request(); read = true; peer:stall() end
    local outcome = call(new_pool(loop, server:url()))
    play_until(function() return read end)
    outcome.task:cancel "enough"
    finish()
    check_aborted(outcome, 1, true)
  end)

  it("whose reply has begun: it may be carried out", function()
    server.script = function(peer)
      peer:request()
      peer:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
      peer:stall()
    end
    local outcome = call(new_pool(loop, server:url()))
    play_until(was_accepted)
    for _ = 1, 5 do server:turn({ getfd = function() return loop:pollfd() end }, 0.01); loop:step(0) end
    outcome.task:cancel "enough"
    finish()
    check_aborted(outcome, 1, true)
  end)

  it("whose reply is there already changes nothing", function()
    server.script = function(peer) peer:request(); reply(peer, "200 OK", "{}") end
    local outcome = call(new_pool(loop, server:url()))
    play_until(was_accepted)
    -- What is taken in a step is told before anybody else goes on.
    local spoiler = loop:spawn(function()
      while not outcome.result do coroutine.yield() end
      return outcome.task:cancel()
    end)
    finish()
    assert.same({}, outcome.result)
    assert.is_false(spoiler:await())
  end)

  -- The first attempt fails; the second one would be made after a while.
  local function in_back_off(script, operation, by)
    local waiting
    server.script = script
    local outcome
    outcome = call(new_pool(loop, server:url(), {
      on_attempt = function(attempt)
        waiting = attempt.delay
        if by == "itself" then outcome.task:cancel "enough" end
      end,
    }), operation)
    play_until(function() return waiting end)
    if by ~= "itself" then
      assert.equal("running", outcome.task:status())
      outcome.task:cancel "enough"
    end
    finish()
    assert.equal(1, server.accepted)
    return outcome
  end

  local function throttle(peer)
    peer:request()
    reply(peer, "400 Bad Request", '{"__type":"TooManyRequestsException","message":"Rate exceeded"}')
  end

  local function hang_up(peer)
    peer:request()
    peer:close()
  end

  it("between two attempts, where nothing was carried out, says so", function()
    check_aborted(in_back_off(throttle), 1, false)
    assert.is_true(loop:timeout() == nil)
  end)

  it("between two attempts, of which the first may have been carried out, says so", function()
    check_aborted(in_back_off(hang_up, "admin_get_user"), 1, true)
  end)

  it("just before it would wait between two attempts does the same", function()
    check_aborted(in_back_off(throttle, nil, "itself"), 1, false)
  end)

  it("is never answered by trying again", function()
    local read = 0
    server.script = function(peer) peer:request(); read = read + 1; peer:stall() end
    local outcome = call(new_pool(loop, server:url(), { max_attempts = 9, retry_ambiguous = true }), "admin_get_user")
    play_until(function() return read == 1 end)
    outcome.task:cancel "enough"
    finish()
    check_aborted(outcome, 1, true)
    assert.equal(1, read)
  end)

  it("that warms a connection ends it", function()
    loop:close()
    loop = cognito.loop { ca_path = "spec" } -- not the machine's certificates, which may be missing
    server.script = function(peer) peer:await(1); peer:stall() end
    local pool = new_pool(loop, server:url "https")
    local task = loop:spawn(pool.connect, pool)
    play_until(was_accepted)
    task:cancel "enough"
    finish()
    local result, err = task:await()
    assert.is_nil(result)
    assert.equal("aborted", err.code)
    assert.equal("connect", err.operation)
    assert.equal("enough", err.message)
  end)

  it("in a coroutine of the task's own ends it, too", function()
    local read
    server.script = function(peer) peer:request(); read = true; peer:stall() end
    local pool = new_pool(loop, server:url())
    local task = loop:spawn(function()
      return coroutine.wrap(function() return pool:forgot_password(NAME) end)()
    end)
    -- The task turns the loop itself: only another task can cancel it.
    loop:spawn(function()
      while not read do server:turn({ getfd = function() return loop:pollfd() end }, 0); loop:sleep(0.001) end
      task:cancel "enough"
    end)
    loop:run()
    assert.equal("enough", select(2, task:await()).message)
    assert.is_true(select(2, task:await()).ambiguous)
  end)

  it("that looks a name up does not wait for the answer", function()
    local status, printed, seconds = child.run([[
      local cognito = require "cognito"
      local loop = cognito.loop()
      local pool = require("spec.support.loop_pool").new(loop, "https://service.slow")
      local task = loop:spawn(function() return pool:forgot_password { username = "ada" } end)
      loop:step(0.05)
      task:cancel "enough"
      local _, err = task:await()
      print(err.code, err.message, err.ambiguous, err.attempts, loop:stats().requests)
      loop:close()
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.slow_dns"), SLOW_DNS = 30000 })
    assert.equal("aborted\tenough\tfalse\t1\t0\n", printed)
    assert.equal(0, status)
    assert.is_true(seconds < 15)
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

describe("closing a loop", function()
  -- Tasks in every state there is, by its name.
  local function in_every_state()
    loop:close()
    loop = cognito.loop { concurrency = 1, max_connections = 4 } -- libcurl takes both servers for one host
    server.script = function(peer)
      peer:await(1)
      if peer.input:find "^POST" then
        peer:request()
        peer:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
      end
      peer:stall()
    end
    local closed = assert(socket.bind("127.0.0.1", 0))
    local _, nobody = closed:getsockname()
    closed:close()
    local backing_off
    local plain, tls = new_pool(loop, server:url()), new_pool(loop, server:url "https")
    local refused = new_pool(loop, "http://127.0.0.1:" .. nobody, {
      on_attempt = function() backing_off = true end, random = function() return 500 end,
    })
    local tasks = {
      done = loop:spawn(function() return "done" end),
      asleep = loop:spawn(loop.sleep, loop, 3600),
      in_flight = loop:spawn(plain.forgot_password, plain, NAME),
      in_line = loop:spawn(plain.forgot_password, plain, NAME),
      handshake = loop:spawn(tls.forgot_password, tls, NAME),
      back_off = loop:spawn(refused.forgot_password, refused, NAME),
      yielding = loop:spawn(function() while true do coroutine.yield() end end),
      failing = loop:spawn(function() loop:sleep(3600); error "never" end),
    }
    tasks.awaiting = loop:spawn(function() return tasks.asleep:await() end)
    server:play(loop, function() return server.accepted == 2 and backing_off or nil end)
    tasks.new = loop:spawn(function() end)
    return tasks
  end

  it("ends every task in whatever state, each with a reason", function()
    local tasks = in_every_state()
    loop:close()
    assert.equal("done", (tasks.done:await()))
    tasks.done = nil
    for name, task in pairs(tasks) do
      local ok, result, err = pcall(task.await, task)
      if name == "failing" then
        assert.is_false(ok)
        assert.truthy(result:find "never")
      else
        assert.is_nil(result, name)
        assert.equal("aborted", err.code, name)
        assert.equal("the loop was closed", err.message, name)
        assert.equal(name == "in_flight", err.ambiguous, name)
      end
    end
  end)

  it("leaves no descriptor and no memory behind", function()
    local function run()
      in_every_state()
      loop:close()
      server:stop()
      server = hostile.listen()
      collectgarbage()
      collectgarbage()
    end
    for _ = 1, 3 do run() end
    local open, kilobytes = descriptors(), collectgarbage "count"
    for _ = 1, 40 do run() end
    assert.equal(open, descriptors())
    assert.is_true(collectgarbage "count" - kilobytes < 500) -- LuaJIT's compiled code takes most of it
  end)

  it("is done by the garbage collector, in any state", function()
    for _ = 1, 3 do
      in_every_state()
      loop = cognito.loop()
      server:stop()
      server = hostile.listen()
    end
    collectgarbage()
    collectgarbage()
    local open = descriptors()
    for _ = 1, 5 do
      in_every_state()
      loop = cognito.loop()
      server:stop()
      server = hostile.listen()
    end
    collectgarbage()
    collectgarbage()
    assert.equal(open, descriptors())
  end)

  it("lets tasks clean up, but begin nothing", function()
    local seen = {}
    loop:spawn(function()
      loop:sleep(3600)
      seen.cleaned = true
      coroutine.yield()
      seen.yielded = true
      loop:spawn(function() end)
    end)
    loop:step(0)
    loop:close()
    assert.same({ cleaned = true, yielded = true }, seen)
  end)

  it("leaves a task where it is that would go on for ever", function()
    local task = loop:spawn(function() while true do coroutine.yield() end end)
    loop:step(0)
    loop:close()
    assert.equal("cancelled", task:status())
    assert.equal("aborted", select(2, task:await()).code)
  end)

  it("closes the variables of such a task, where Lua has such variables", function()
    local load_text = loadstring or load -- luacheck: ignore
    local chunk = load_text [[
      local loop, seen = ...
      loop:spawn(function()
        local variable <close> = setmetatable({}, { __close = function() seen.closed = true end })
        while true do coroutine.yield() end
      end)
      loop:step(0)
      loop:close()
    ]]
    local seen = { closed = not chunk }
    if chunk then chunk(loop, seen) end
    assert.is_true(seen.closed)
  end)

  it("is done at the end of a block, where Lua has such variables", function()
    local load_text = loadstring or load -- luacheck: ignore
    local chunk = load_text [[
      local cognito = ...
      local task
      do
        local loop <close> = cognito.loop()
        task = loop:spawn(loop.sleep, loop, 3600)
        loop:step(0)
      end
      return task:status()
    ]]
    assert.equal("done", chunk and chunk(cognito) or "done")
  end)

  it("returns an error to code that turns it from outside", function()
    loop:close()
    loop = cognito.loop { on_error = function() loop:close() end }
    loop:spawn(function() loop:sleep(0.01); error "closes it" end)
    server.script = function(peer) peer:stall() end
    local result, err = new_pool(loop, server:url()):forgot_password(NAME)
    assert.is_nil(result)
    assert.equal("aborted", err.code)
    assert.is_true(err.ambiguous)
    loop = cognito.loop { on_error = function() loop:close() end }
    loop:spawn(function() loop:sleep(0.01); error "closes it" end)
    raises("the loop was closed", loop.sleep, loop, 3600)
  end)
end)

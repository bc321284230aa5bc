--- Cancelling a call at every moment of it. The server is the spec's own, so
-- that it is known how far a request has come.
local child = require "spec.support.child"
local cognito = require "cognito"
local new_pool = require("spec.support.loop_pool").new
local scene = require "spec.support.loop_scene"
local socket = require "socket"

local NAME, check_aborted, reply = scene.NAME, scene.check_aborted, scene.reply
local loop, server

local call, finish = scene.of(function() return loop, server end)

before_each(function() loop, server = scene.open() end)
after_each(function() scene.close(loop, server) end)

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
    -- Connections that are not accepted fill the listen queue.
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
    -- The step reports all replies before another task goes on.
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

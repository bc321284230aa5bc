--- A loop inside another one: what `pollfd`, `events` and `timeout` say is
-- enough to drive it, and nobody has to look when there is nothing to do.
if not require("spec.support.optional").has(pending, "luv") then return end

local cognito = require "cognito"
local core = require "cognito.core"
local descriptors = require("spec.support.proc").descriptors
local new_pool = require("spec.support.loop_pool").new
local socket = require "socket"
local start_server = require("spec.support.server").start
local uv = require "luv"

local NAME = { username = "ada" }

local server, loop

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)
before_each(function() loop = cognito.loop() end)
after_each(function() loop:close() end)

-- Drives a loop from libuv's until all tasks have ended. Returns how often it
-- was stepped.
local function drive()
  local poll, timer, steps = uv.new_poll(loop:pollfd()), uv.new_timer(), 0
  local function step()
    steps = steps + 1
    uv.timer_stop(timer)
    if loop:step(0) == 0 then
      uv.poll_stop(poll)
      uv.close(poll)
      uv.close(timer)
      return
    end
    local seconds = loop:timeout()
    if seconds then
      uv.timer_start(timer, math.ceil(seconds * 1000), 0, step)
    end
  end
  uv.poll_start(poll, loop:events(), step)
  step()
  uv.run()
  return steps
end

describe("in libuv's loop", function()
  it("calls and sleeps go on, and steps are few", function()
    local ended, ticks, ticker = 0, 0, uv.new_timer()
    local pool = new_pool(loop, server:url "/later/")
    for i = 1, 40 do
      loop:spawn(function()
        for _ = 1, 5 do assert.is_table(pool:forgot_password(NAME)) end
        loop:sleep(i / 1000)
        ended = ended + 1
      end)
    end
    uv.timer_start(ticker, 1, 1, function() ticks = ticks + 1 end) -- the host's own business
    uv.unref(ticker)
    local steps = drive()
    uv.close(ticker)
    uv.run()
    assert.equal(40, ended)
    assert.is_true(ticks > 10)
    -- 200 answers, 40 sleeps, 40 connections: some steps serve many of them.
    assert.is_true(steps < 400, steps .. " steps")
  end)

  it("nothing happens while all tasks wait", function()
    local pool = new_pool(loop, server:url(), { attempt_timeout = 60 })
    local mute = assert(socket.bind("127.0.0.1", 0)) -- accepted by the system, and no more
    local _, port = mute:getsockname()
    local silent = new_pool(loop, "http://127.0.0.1:" .. port, { attempt_timeout = 60 })
    assert.is_table(pool:forgot_password(NAME)) -- and a connection at rest
    for _ = 1, 10 do loop:spawn(silent.forgot_password, silent, NAME):timeout(0.3) end
    loop:spawn(function() loop:sleep(0.3) end)
    local begun, cpu = core.clock(), os.clock()
    local steps = drive()
    assert.is_true(core.clock() - begun >= 0.3)
    assert.is_true(os.clock() - cpu < 0.2)
    assert.is_true(steps < 60, steps .. " steps") -- libcurl looks after a new connection by itself
    mute:close()
  end)

  it("a server that closes an idle connection causes no endless work", function()
    local last = { method = "GET", url = server:url "/last" } -- answers and hangs up
    local task = loop:spawn(function()
      assert(loop:send(last, {}))
      loop:sleep(0.2)
      assert(loop:send(last, {}))
    end)
    assert.is_true(drive() < 60)
    assert.equal("done", task:status())
    assert.equal(2, loop:stats().connections)
  end)

  it("time-outs come in time", function()
    local seen = {}
    loop:spawn(function()
      for i = 1, 3 do
        local _, err = loop:send({ method = "GET", url = server:url "/hang" }, { timeout = 0.05 })
        seen[i] = err.code
      end
    end)
    local begun = core.clock()
    assert.is_true(drive() < 60)
    assert.same({ "timeout", "timeout", "timeout" }, seen)
    assert.is_true(core.clock() - begun < 10)
  end)
end)

describe("select", function()
  it("is enough, too", function()
    local client = { getfd = function() return loop:pollfd() end, dirty = function() return false end }
    local pool, steps = new_pool(loop, server:url "/later/"), 0
    for _ = 1, 10 do loop:spawn(function() assert.is_table(pool:forgot_password(NAME)) end) end
    while loop:step(0) > 0 do
      steps = steps + 1
      socket.select({ client }, nil, loop:timeout())
    end
    assert.is_true(steps < 100)
  end)
end)

describe("pollfd", function()
  it("is one descriptor, however many connections there are", function()
    local before = loop:pollfd()
    local open = descriptors()
    local pool = new_pool(loop, server:url "/later/")
    for _ = 1, 20 do loop:spawn(pool.forgot_password, pool, NAME) end
    loop:run()
    assert.equal(before, loop:pollfd())
    assert.is_true(descriptors() <= open + 20 + 4)
  end)
end)

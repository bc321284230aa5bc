--- The budget of a step, in seconds of work: what it lets a step do, and what counts towards it.
local child = require "spec.support.child"
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"

local N = 3
local MUCH = 1000 -- more than any step takes

describe("a budget", function()
  local server, http

  before_each(function()
    server, http = hostile_server.listen(), core.http { timeout = MUCH }
  end)
  after_each(function()
    http:close()
    server:stop()
  end)

  local function start()
    return assert(http:start { method = "GET", url = server:url() })
  end

  -- N requests, to each of which a reply has come that no step has read.
  local function answered()
    local read, answers, sent = 0, false, 0
    server.script = function(peer)
      peer:request()
      read = read + 1
      repeat peer:pause(0.002) until answers
      peer:send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
      sent = sent + 1
      peer:stall()
    end
    for _ = 1, N do start() end
    server:play(http, function() return read == N or nil end)
    answers = true
    local idle = { getfd = function() return -1 end, dirty = function() return false end }
    repeat server:turn(idle, 0.01) until sent == N
  end

  it("that is ample lets one step serve all sockets", function()
    answered()
    assert.equal(N, (http:step(0, MUCH)))
  end)

  it("that is spent lets each step serve one", function()
    answered()
    for n = 1, N do assert.equal(n, (http:step(0, 0))) end
  end)

  -- The machine may be busy, but not each time.
  it("is not spent by waiting", function()
    server.script = function(peer) peer:stall() end
    start()
    http:step(0)
    local waited = 0.1
    for _ = 1, 50 do
      local done, left = http:step(waited, MUCH)
      assert.equal(0, done)
      if left > MUCH - waited / 2 then return end
    end
    error "each wait counts as work"
  end)

  -- A connection that is begun goes on at once, as far as it can, or all of them would be
  -- begun before the time that they take is counted.
  it("is spent by the connections that a step begins", function()
    server.script = function(peer) peer:stall() end
    local status, printed = child.run([[
      local core, url = require "cognito.core", ...
      local descriptors = require("spec.support.proc").descriptors
      local http = core.http()
      http:step(0)
      for _ = 1, 4 do assert(http:start { method = "GET", url = url }) end
      for n = 1, 4 do
        local before = descriptors()
        http:step(0, 0.02)
        print(n, descriptors() - before)
      end
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.slow_sockets"), SLOW_SOCKETS = 50 }, server:url())
    assert.equal(0, status, printed)
    assert.equal("1\t1\n2\t1\n3\t1\n4\t1\n", printed)
  end)
end)

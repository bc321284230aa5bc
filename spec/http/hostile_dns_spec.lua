-- A name server that does not answer. libcurl asks on a thread of its own,
-- which cannot be stopped: neither a timeout nor the end of a Lua state may wait
-- for it, and it must find its code still there when it wakes up.

local child = require "spec.support.child"
local start_server = require("spec.support.server").start

local server

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)

-- Every name that ends in .slow takes so many seconds.
local function run(seconds, code)
  return child.run(code, {
    LD_PRELOAD = child.preloading(child.library "spec.c.slow_dns"),
    SLOW_DNS = seconds * 1000,
  }, server:url())
end

describe("a name server that does not answer", function()
  it("costs a call its connect_timeout and no more", function()
    local status, printed, seconds = run(30, [[
      local http = require("cognito.core").http { connect_timeout = 0.1 }
      local _, err = http:send { method = "GET", url = "https://service.slow/" }
      print(err.code, err.sent)
      http:close()
    ]])
    assert.equal("timeout\tfalse\n", printed)
    assert.equal(0, status)
    assert.is_true(seconds < 15)
  end)

  it("holds up no other call", function()
    local _, printed, seconds = run(30, [[
      local http = require("cognito.core").http { timeout = 20, connect_timeout = 20 }
      for _ = 1, 5 do assert(http:start { method = "GET", url = "https://service.slow/" }) end
      http:step(0.1)
      print(http:send({ method = "GET", url = (...) }).status, http:stats().in_flight)
    ]])
    assert.equal("200\t5\n", printed)
    assert.is_true(seconds < 15)
  end)

  -- From libcurl 8.20 on all look-ups of an http object shared 20 threads.
  it("holds up no look-up of another name, though two hundred of them hang", function()
    local _, printed, seconds = run(30, [[
      local http = require("cognito.core").http { timeout = 20, connect_timeout = 20, allow_http = true }
      for i = 1, 200 do assert(http:start { method = "GET", url = ("https://service%d.slow/"):format(i) }) end
      http:step(0.1)
      local url = (...):gsub("127.0.0.1", "service.quick")
      print(http:send({ method = "GET", url = url }).status, http:stats().in_flight)
    ]])
    assert.equal("200\t200\n", printed)
    assert.is_true(seconds < 15)
  end)

  it("and says at last that there is no such name is a dns fault", function()
    local _, printed = run(0.1, [[
      local http = require("cognito.core").http()
      local _, err = http:send { method = "GET", url = "https://service.slow/" }
      print(err.code, err.sent)
    ]])
    assert.equal("dns\tfalse\n", printed)
  end)

  it("holds up neither close nor the end of the Lua state", function()
    local status, printed, seconds = run(30, [[
      local core = require "cognito.core"
      for _ = 1, 3 do
        local http = core.http()
        for _ = 1, 5 do http:start { method = "GET", url = "https://service.slow/" } end
        http:step(0.05)
        http:close()
      end
      kept = core.http()
      kept:start { method = "GET", url = "https://service.slow/" }
      kept:step(0.05)
      io.write "done"
    ]])
    assert.equal("done", printed)
    assert.equal(0, status)
    assert.is_true(seconds < 15)
  end)

  it("answers a Lua state that is gone, and the process lives on", function()
    local status, printed = run(0.3, [[
      local threads, socket = require "spec.c.threads", require "socket"
      local results = threads.run(4, [=[
        local http = require("cognito.core").http { timeout = 0.05 }
        for _ = 1, 3 do http:start { method = "GET", url = "https://service.slow/" } end
        http:step(1)
        return http:take() and "left"
      ]=], "")
      socket.sleep(1)
      print(table.concat(results, " "))
    ]])
    assert.equal("left left left left\n", printed)
    assert.equal(0, status)
  end)

  it("answers a forked child nothing, and its parent", function()
    local status, printed = run(0.3, [[
      local forker = require "spec.c.forker"
      local http = require("cognito.core").http()
      http:start { method = "GET", url = "https://service.slow/" }
      http:step(0.05)
      local pid = forker.fork()
      if pid == 0 then
        local _, _, err = http:take()
        local response = http:send { method = "GET", url = (...) }
        forker.exit(err.code == "aborted" and response.status == 200 and 7 or 8)
      end
      http:step(5)
      print(forker.wait(pid), (select(3, http:take()).code))
    ]])
    assert.equal("7\tdns\n", printed)
    assert.equal(0, status)
  end)
end)

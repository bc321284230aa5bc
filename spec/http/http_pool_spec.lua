--- How many connections are open, counted for each host and for all: a connection that
-- was closed counts no more.
local core = require "cognito.core"
local descriptors = require("spec.support.proc").descriptors
local scripted = require "spec.support.scripted"
local start_server = require("spec.support.server").start

local ENDED = scripted.path("ended", { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}" })

describe("an http object that closed many connections", function()
  local server, http

  setup(function() server = start_server "http" end)
  teardown(function() server:stop() end)
  after_each(function() http:close() end)

  local function use_up(n)
    for _ = 1, n do assert(http:send { method = "GET", url = server:url(ENDED) }) end
  end

  it("keeps the next one open", function()
    http = core.http { timeout = 20 }
    use_up(20)
    assert.equal(20, http:stats().connections)
    for _ = 1, 3 do assert(http:send { method = "GET", url = server:url() }) end
    assert.equal(21, http:stats().connections)
  end)

  it("opens as many as max_connections allows", function()
    http = core.http { timeout = 5, max_connections = 1 }
    use_up(3)
    assert.equal(3, http:stats().connections)
  end)

  -- Each multi handle of libcurl, which holds some of them, has descriptors of its own.
  it("has as many descriptors as before", function()
    http = core.http { timeout = 60 }
    assert(http:send { method = "GET", url = server:url() })
    local before = descriptors()
    local ids = {}
    for i = 1, 70 do ids[i] = assert(http:start { method = "GET", url = server:url "/hang" }) end
    http:step(0)
    assert.is_true(descriptors() > before)
    for _, id in ipairs(ids) do http:cancel(id) end
    assert(http:send { method = "GET", url = server:url() })
    assert.equal(before, descriptors())
  end)

  it("opens others after those that ended while they were in use", function()
    http = core.http { timeout = 5, max_connections = 1 }
    for _ = 1, 3 do assert.is_nil((http:send { method = "GET", url = server:url "/silent" })) end
    use_up(1)
    assert.equal(4, http:stats().connections)
  end)
end)

-- A call that could send a message uses no connection that was idle for long, because the
-- server may have closed it. Where all that may be open were idle for too long for it, the call
-- waited for them until its time was over.
describe("an http object with as many connections as it may have, all of them idle", function()
  local server, http

  setup(function() server = start_server "http" end)
  teardown(function() server:stop() end)
  after_each(function() http:close() end)

  local function start(n, options)
    for _ = 1, n do assert(http:start({ method = "GET", url = server:url() }, options)) end
  end

  local function take(n)
    while n > 0 do
      http:step(20)
      local id, response, err = http:take()
      assert.truthy(response, err and err.message)
      n = n - (id and 1 or 0)
    end
  end

  it("closes one for a request that may not use it", function()
    http = core.http { timeout = 20, max_connections = 1 }
    for i = 1, 3 do
      assert(http:send({ method = "GET", url = server:url() }, { max_idle = 0 }))
      assert.equal(i, http:stats().connections)
    end
  end)

  it("closes one for each, and keeps the others", function()
    http = core.http { timeout = 20, max_connections = 3 }
    start(3)
    take(3)
    start(2, { max_idle = 0 })
    take(2)
    assert.equal(5, http:stats().connections)
    start(3)
    take(3)
    assert.equal(5, http:stats().connections)
  end)

  it("closes one that a request before has left, for the next in line", function()
    http = core.http { timeout = 20, max_connections = 1 }
    start(3, { max_idle = 0 })
    take(3)
    assert.equal(3, http:stats().connections)
  end)
end)

-- Each spelling of an address is a host of its own.
describe("an http object that talks to many hosts, one after another", function()
  local SPELLINGS = { "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f.1", "0177.1", "127.0.0.0x1", "0x7f000001",
    "017700000001" }
  local server, http

  setup(function() server = start_server "http" end)
  teardown(function() server:stop() end)
  before_each(function() http = core.http { timeout = 20, allow_http = true } end)
  after_each(function() http:close() end)

  local function ask(spelling)
    assert(http:send { method = "GET", url = (server:url():gsub("127%.0%.0%.1", spelling)) })
    return http:stats().connections
  end

  it("keeps eight connections open, those that were used last", function()
    for i, spelling in ipairs(SPELLINGS) do assert.equal(i, ask(spelling)) end
    for i = #SPELLINGS, 2, -1 do assert.equal(9, ask(SPELLINGS[i])) end
    assert.equal(10, ask(SPELLINGS[1]))
    for i = 2, #SPELLINGS - 1 do assert.equal(10, ask(SPELLINGS[i])) end
    assert.equal(11, ask(SPELLINGS[9]))
  end)

  it("keeps as many open as were busy at once", function()
    for i = 1, #SPELLINGS do
      assert(http:start { method = "GET", url = (server:url():gsub("127%.0%.0%.1", SPELLINGS[i])) })
    end
    local taken = 0
    while taken < #SPELLINGS do
      http:step(20)
      local id, response = http:take()
      assert.truthy(response)
      taken = taken + (id and 1 or 0)
    end
    for _, spelling in ipairs(SPELLINGS) do assert.equal(9, ask(spelling)) end
  end)
end)

--- How many connections are open, counted for each host and for all: a connection that
-- was closed counts no more.
local core = require "cognito.core"
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

  it("opens others after those that ended while they were in use", function()
    http = core.http { timeout = 5, max_connections = 1 }
    for _ = 1, 3 do assert.is_nil((http:send { method = "GET", url = server:url "/silent" })) end
    use_up(1)
    assert.equal(4, http:stats().connections)
  end)
end)

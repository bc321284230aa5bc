--- A program that closed the descriptor of http:pollfd, which is the http object's: all that
-- is in flight ends, and the object goes on with another.
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"
local socket = require "socket"

describe("an http object whose descriptor was closed", function()
  local server, http, read

  local function silent(peer)
    peer:request()
    read = read + 1
    peer:stall()
  end

  local function well_behaved(peer)
    repeat
      peer:request()
      peer:reply("200 OK", nil, "{}")
    until false
  end

  before_each(function()
    server, http, read = hostile_server.listen(), core.http { timeout = 60, max_connections = 2 }, 0
    server.script = well_behaved
  end)
  after_each(function()
    http:close()
    server:stop()
  end)

  local function ask()
    assert.equal(200, assert(server:exchange(http, { method = "GET", url = server:url() })).status)
  end

  local function close_descriptor()
    local other = socket.tcp()
    other:setfd(http:pollfd())
    other:close()
  end

  it("gives up what is in flight and in line, and goes on", function()
    server.script = silent
    local ids = {}
    for i = 1, 3 do ids[i] = assert(http:start { method = "GET", url = server:url() }) end
    server:play(http, function() return read == 2 or nil end)
    close_descriptor()
    assert.equal(3, (http:step(10)))
    for i = 1, 3 do
      local id, response, err = http:take()
      assert.is_nil(response)
      assert.same({ ids[i], "aborted", i < 3 }, { id, err.code, err.sent })
      assert.matches(": the system refuses to watch the sockets$", err.message)
    end
    server.script = well_behaved
    for _ = 1, 2 do ask() end
    assert.equal(3, http:stats().connections)
  end)

  it("closes idle connections, and goes on", function()
    ask()
    close_descriptor()
    assert.equal(0, (http:step(0)))
    ask()
    assert.equal(2, http:stats().connections)
  end)
end)

--- libcurl 7.88 closes a socket that never got connected without a call to the
-- function it was given for that, and says afterwards that it waits for nothing
-- there. Taken for an idle connection, the number was hung up on as soon as it
-- could be read, although another file had it by then: another http object's
-- connection, whose call was lost after it had been carried out, or a socket of
-- the program's own. Watched as such, it made the whole object start over.
local core = require "cognito.core"
local detours = require "spec.support.send_detours"
local requests = require "spec.support.requests"
local socket = require "socket"
local start_server = require("spec.support.server").start

local server, http

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)
before_each(function() http = core.http() end)
after_each(function() http:close() end)

-- A connection that comes to nothing.
local function unconnected()
  return { method = "GET", url = detours.find("full").url }, { timeout = 0.05, connect_timeout = 0.05 }
end

local get = requests.to(function() return server end)

describe("after a connection that could not be made in time", function()
  it("a foreign socket is not taken for the http object's", function()
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    assert.equal("timeout", select(2, http:send(unconnected())).code)
    local pairs_of_ours = {}
    for i = 1, 8 do -- one of them gets the number
      local client = assert(socket.connect("127.0.0.1", port))
      pairs_of_ours[i] = { client, assert(listener:accept()) }
      assert(pairs_of_ours[i][2]:send "hello\n") -- it can be read
      client:settimeout(5)
    end
    for _ = 1, 3 do assert.equal("{}", assert(http:send(get "/")).body) end
    for _, pair in ipairs(pairs_of_ours) do
      assert.equal("hello", (pair[1]:receive "*l"))
      assert(pair[1]:send "still there")
      pair[1]:close()
      pair[2]:close()
    end
    listener:close()
  end)

  it("the other requests go on", function()
    local fd = http:pollfd()
    local slow = assert(http:start(get "/slow"))
    assert(http:start(unconnected()))
    local outcomes = {}
    for _ = 1, 2 do
      while http:step(5) == 0 do assert(http:stats().in_flight > 0) end
      local id, response, err = http:take()
      outcomes[id] = { response, err }
    end
    assert.is_nil(outcomes[slow][2])
    assert.equal("slow", outcomes[slow][1].body)
    assert.equal(fd, http:pollfd())
  end)
end)

--- Requests in line for one of `max_connections`: the next goes over the
-- connection that becomes free, or over a new one in place of one that closed.
local core = require "cognito.core"
local start_server = require("spec.support.server").start

local server, other, http

local function get(path, from)
  return { method = "GET", url = (from or server):url(path) }
end

-- Steps until this one has its outcome; gives those of others up.
local function outcome_of(wanted)
  for _ = 1, 100 do
    for id, response, err in http.take, http do
      if id == wanted then return response, err end
    end
    http:step(1)
  end
  error "no outcome"
end

describe("a request in line for a connection", function()
  setup(function() server, other = start_server "http", start_server "http" end)
  teardown(function()
    server:stop()
    other:stop()
  end)

  local hung

  before_each(function()
    http = core.http { timeout = 30, max_connections = 1 }
    hung = assert(http:start(get "/hang"))
    http:step(0)
  end)
  after_each(function() http:close() end)

  it("is not sent when its time is over", function()
    local _, err = outcome_of(assert(http:start(get(), { timeout = 0.05 })))
    assert.same({ "timeout", false }, { err.code, err.sent })
    assert.equal(1, http:stats().in_flight)
  end)

  it("can be cancelled, with nothing sent", function()
    local id = assert(http:start(get()))
    http:step(0)
    assert.is_true(http:cancel(id))
    local _, err = outcome_of(id)
    assert.same({ "aborted", false }, { err.code, err.sent })
  end)

  it("takes the place of one that was cancelled, over a new connection", function()
    local first, second = assert(http:start(get())), assert(http:start(get()))
    http:step(0)
    assert.is_true(http:cancel(hung))
    assert.equal(200, assert(outcome_of(first)).status)
    assert.equal(200, assert(outcome_of(second)).status)
    assert.equal(2, http:stats().connections)
  end)

  -- The last connection to its host was closed, and another host's was made: the host that
  -- it waits for was forgotten, and it crashed or went to the other host.
  it("keeps its host while another one is asked", function()
    local waits = assert(http:start(get "/echo"))
    http:step(0)
    assert.is_true(http:cancel(hung))
    assert(http:start(get("/", other)))
    local body = assert(outcome_of(waits)).body
    assert.equal("127.0.0.1:" .. server.port, body:match "\r\nHost: ([^\r]*)")
  end)

  it("takes the place of one whose time is over", function()
    http:cancel(hung)
    local short, long = assert(http:start(get "/hang", { timeout = 0.1 })), assert(http:start(get()))
    assert.equal(200, assert(outcome_of(long)).status)
    assert.is_false(http:cancel(short))
  end)

  it("does not hold up requests to another host, behind it", function()
    local waits, passes = assert(http:start(get())), assert(http:start(get("/", other)))
    assert.equal(200, assert(outcome_of(passes)).status)
    assert.is_true(http:cancel(waits))
  end)

  it("may be a send, which ends with its time", function()
    assert(http:start(get()))
    local _, err = http:send(get(), { timeout = 0.05 })
    assert.same({ "timeout", false }, { err.code, err.sent })
    assert.equal(2, http:stats().in_flight)
  end)

  it("fails with the connection that cannot be made, and the next one tries", function()
    local gone = start_server "http"
    gone:stop()
    local ids = {}
    for i = 1, 5 do ids[i] = assert(http:start(get("/", gone))) end
    for i = 1, 5 do
      local _, err = outcome_of(ids[i])
      assert.same({ "connect", false }, { err.code, err.sent })
    end
  end)
end)

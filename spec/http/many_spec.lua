local core = require "cognito.core"
local descriptors = require("spec.support.proc").descriptors
local in_child = require("spec.support.fork").in_child
local requests = require "spec.support.requests"
local socket = require "socket"
local start_server = require("spec.support.server").start

local server, http

local get, post = requests.to(function() return server end)

-- Steps until nothing is in flight; id -> { response, err }.
local function finish()
  local outcomes = {}
  local until_time = core.clock() + 10
  repeat
    http:step(1)
    local id, response, err = http:take()
    while id do
      outcomes[id] = { response, err }
      id, response, err = http:take()
    end
    assert(core.clock() < until_time, "transfers do not finish")
  until http:stats().in_flight == 0
  return outcomes
end

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)

before_each(function() http = core.http { timeout = 60 } end)
after_each(function() http:close() end)

describe("many at once", function()
  it("that are cancelled before they begin have outcomes, all of them", function()
    local ids = {}
    for i = 1, 400 do ids[i] = http:start(get "/slow") end
    for _, id in ipairs(ids) do assert.is_true(http:cancel(id)) end
    for _, id in ipairs(ids) do
      local taken, _, err = http:take()
      assert.equal(id, taken)
      assert.equal("aborted", err.code)
      assert.is_false(err.sent)
    end
    assert.same({ 0, 0, 400 }, { http:stats().in_flight, http:stats().connections, http:stats().transfers })
  end)

  it("take no longer than one", function()
    local begin = core.clock()
    local ids = {}
    for i = 1, 20 do ids[i] = http:start(get "/slow") end
    assert.equal(20, http:stats().in_flight)
    local outcomes = finish()
    for _, id in ipairs(ids) do assert.equal("slow", outcomes[id][1].body) end
    assert.is_true(core.clock() - begin < 2)
    for _ = 1, 20 do http:start(get "/slow") end
    finish()
    assert.equal(20, http:stats().connections)
  end)

  it("stay within max_connections", function()
    http:close()
    http = core.http { max_connections = 2 }
    for _ = 1, 6 do http:start(get "/slow") end
    for _, outcome in pairs(finish()) do assert.equal("slow", outcome[1].body) end
    assert.equal(2, http:stats().connections)
  end)

  it("keep apart what belongs to whom", function()
    local expected = {}
    for i = 1, 20 do expected[http:start(post("/echo", "body " .. i))] = "body " .. i end
    for id, outcome in pairs(finish()) do assert.truthy(outcome[1].body:find(expected[id] .. "$")) end
  end)

  it("go on during a send, whose outcome take does not see", function()
    local id = http:start(get())
    assert.equal("slow", http:send(get "/slow").body)
    local taken, response = http:take()
    assert.equal(id, taken)
    assert.equal(200, response.status)
    assert.is_nil(http:take())
  end)

  it("make send wait, not spin, while outcomes are not taken", function()
    http:start(get())
    assert(http:send(get "/slow"))
    local before = os.clock()
    assert(http:send(get "/slow"))
    assert.is_true(os.clock() - before < 0.1)
  end)

  it("report faults through take", function()
    local id = http:start(get "/truncated")
    local outcome = finish()[id]
    assert.is_nil(outcome[1])
    assert.equal("connection_lost", outcome[2].code)
  end)

  it("refuse a bad request at once", function()
    local id, err = http:start { method = "GET", url = "x" }
    assert.is_nil(id)
    assert.equal("invalid_parameter", err.code)
  end)

  it("never wait in step(0) and stop when the budget is spent", function()
    for _ = 1, 20 do http:start(get "/hang") end
    local begin = core.clock()
    for _ = 1, 20 do assert.equal(0, http:step(0, 0)) end
    assert.is_true(core.clock() - begin < 0.5)
  end)

  -- How many connections each step opens, until all are open.
  local function opened_by_steps(n, budget)
    for _ = 1, n do http:start(get "/hang") end
    local opened, all = {}, 0
    while all < n do
      local before = descriptors()
      http:step(0, budget)
      opened[#opened + 1] = descriptors() - before
      all = all + opened[#opened]
      assert(#opened <= n, "a step opens no connection")
    end
    return opened
  end

  -- A process that stood still: its caller has given the call up, and may have
  -- handed it to another. The server may still be reading what other tests gave up,
  -- so this test counts at a server of its own.
  it("are not sent when their time was over before they were begun", function()
    local shared = server
    server = start_server "http"
    finally(function()
      server:stop()
      server = shared
    end)
    local before = assert(http:send(get "/stats")).body
    local late = http:start(post(), { timeout = 0.05 })
    local other = http:start(get "/stats")
    core.sleep(0.2)
    local outcomes = finish()
    local response, err = outcomes[late][1], outcomes[late][2]
    assert.is_nil(response)
    assert.same({ "timeout", "network", false }, { err.code, err.kind, err.sent })
    local read = tonumber(before:match "%d+ (%d+)")
    assert.equal(read, tonumber(outcomes[other][1].body:match "%d+ (%d+)"))
  end)

  it("are begun so many new connections at a time", function()
    http:close()
    http = core.http { new_connections = 2 }
    http:step(0)
    assert.same({ 2, 2, 1 }, opened_by_steps(5))
  end)

  it("are begun one after the other when the budget is spent", function()
    http:step(0)
    assert.same({ 1, 1, 1, 1 }, opened_by_steps(4, 0))
    http:cancel(http:start(get()))
    assert.is_false(select(3, http:take()).sent)
  end)

  it("are served one socket after the other when the budget is spent", function()
    local listener = assert(socket.bind("127.0.0.1", 0))
    listener:settimeout(0)
    local url, peers = ("http://127.0.0.1:%d/"):format(select(2, listener:getsockname())), {}
    for _ = 1, 3 do assert(http:start { method = "GET", url = url }) end
    while #peers < 3 do
      http:step(0.01)
      peers[#peers + 1] = listener:accept()
    end
    for _, peer in ipairs(peers) do
      peer:settimeout(0)
      repeat
        http:step(0.01)
      until peer:receive() == "" -- the end of the head
    end
    for _, peer in ipairs(peers) do assert(peer:send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") end
    for n = 1, 3 do assert.equal(n, (http:step(0, 0))) end
    for _, peer in ipairs(peers) do peer:close() end
    listener:close()
  end)

  it("let step wait no longer than it should", function()
    http:start(get "/hang")
    local begin = core.clock()
    assert.equal(0, http:step(0.05))
    assert.is_true(core.clock() - begin >= 0.05)
  end)

  it("make step return at once when nothing is in flight", function()
    local begin = core.clock()
    assert.equal(0, http:step(5))
    assert.is_true(core.clock() - begin < 1)
  end)

  it("fit into another event loop", function()
    local descriptor = { getfd = function() return http:pollfd() end, dirty = function() return false end }
    http:start(get "/slow")
    local outcome, waits = nil, 0
    while not outcome do
      assert.equal("r", http:events())
      socket.select({ descriptor }, nil, http:timeout())
      http:step(0)
      outcome = select(2, http:take())
      waits = waits + 1
    end
    assert.equal("slow", outcome.body)
    assert.is_true(waits < 50)
    assert.is_nil(http:timeout())
  end)
end)

describe("an idle connection that the server closes", function()
  local function readable(seconds)
    local descriptor = { getfd = function() return http:pollfd() end, dirty = function() return false end }
    return socket.select({ descriptor }, nil, seconds)[1] ~= nil
  end

  -- Or a host that polls the descriptor would turn for ever.
  it("is work for one step", function()
    assert(http:send(get "/last"))
    assert.is_true(readable(5))
    assert.equal(0, http:step(0))
    assert.is_false(readable(0))
    assert(http:send(get()))
    assert.equal(2, http:stats().connections)
    assert.is_false(readable(0))
  end)

  it("does not hold up the others", function()
    for _ = 1, 100 do http:start(get "/last") end
    local kept = http:start(get "/slow")
    local outcomes = finish()
    assert.equal("slow", outcomes[kept][1].body)
    for _ = 1, 100 do http:start(get()) end
    for _, outcome in pairs(finish()) do assert.equal(200, outcome[1].status) end
  end)
end)

describe("cancel", function()
  it("ends a request, and take tells", function()
    local id = http:start(get "/hang")
    http:step(0.05)
    assert.is_true(http:cancel(id))
    assert.equal(0, http:timeout())
    local taken, response, err = http:take()
    assert.equal(id, taken)
    assert.is_nil(response)
    assert.equal("aborted", err.code)
    assert.is_true(err.sent)
    assert.is_false(http:cancel(id))
  end)

  it("knows that nothing was sent yet", function()
    http:cancel(http:start(get()))
    assert.is_false(select(3, http:take()).sent)
  end)

  it("knows no strangers", function()
    for _, none in ipairs { 99, 0, -1, 1e300, -1e300, 1 / 0, -1 / 0, 2 ^ 63 } do assert.is_false(http:cancel(none)) end
    assert.is_false(http:cancel(0 / 0))
  end)

  it("leaves the others alone", function()
    local lost, kept = http:start(get "/hang"), http:start(get "/slow")
    http:cancel(lost)
    assert.equal("slow", finish()[kept][1].body)
  end)
end)

describe("closing", function()
  it("gives up requests in flight and leaves no descriptor", function()
    http:close()
    collectgarbage()
    collectgarbage()
    local before = descriptors()
    for _ = 1, 5 do
      local other = core.http()
      assert(other:send(get()))
      for _ = 1, 5 do other:start(get "/hang") end
      other:step(0.01)
      other:close()
    end
    assert.equal(before, descriptors())
  end)

  it("is done by the garbage collector", function()
    http:close()
    collectgarbage()
    collectgarbage()
    local before = descriptors()
    for _ = 1, 5 do
      local other = core.http()
      for _ = 1, 5 do other:start(get "/hang") end
      other:step(0.01)
    end
    collectgarbage()
    collectgarbage()
    assert.equal(before, descriptors())
  end)

  it("is done at the end of a block, where Lua has such variables", function()
    local load_text = loadstring or load -- luacheck: ignore
    local chunk = load_text [[
      local core = ...
      local kept
      do
        local http <close> = core.http()
        kept = http
      end
      return tostring(kept)
    ]]
    assert.equal("cognito.http (closed)", chunk and chunk(core) or "cognito.http (closed)")
  end)

  it("may happen in a finalizer while an outcome is being read", function()
    -- Filling in 200 headers makes the collector run; on Lua 5.1 tables have
    -- no finalizers, and nothing special happens.
    local target
    for _ = 1, 50 do
      target = core.http()
      setmetatable({}, { __gc = function() target:close() end })
      local response = target:send(get "/repeated", { all_headers = true })
      assert.equal("a, b", response.headers["x-amzn-requestid"])
      target:close()
    end
  end)
end)

describe("after a fork", function()
  it("the child starts over and the parent's connection lives", function()
    assert(http:send(get()))
    assert.equal(2, in_child(function()
      assert(http:send(get()))
      local connections = http:stats().connections
      http:close()
      return connections
    end))
    assert(http:send(get()))
    assert.equal(1, http:stats().connections)
  end)

  it("the child's descriptor does not tell of the parent's connections", function()
    local function is_readable()
      local descriptor = { getfd = function() return http:pollfd() end, dirty = function() return false end }
      return socket.select({ descriptor }, nil, 0)[1] ~= nil
    end
    assert(http:send(get "/last"))
    while not is_readable() do core.sleep(0.002) end
    assert.equal(3, in_child(function() return is_readable() and 4 or 3 end))
    assert.is_true(is_readable())
  end)

  it("a request in flight is aborted in the child and continues in the parent", function()
    local id = http:start(get "/slow")
    http:step(0.01)
    assert.equal(7, in_child(function()
      local taken, _, err = http:take()
      assert(http:stats().in_flight == 0)
      return taken == id and err.code == "aborted" and err.sent and 7 or 8
    end))
    assert.equal("slow", finish()[id][1].body)
  end)

  it("requests in flight and in line are aborted in the child, and continue in the parent", function()
    http:close()
    http = core.http { timeout = 60, max_connections = 1 }
    local ids = { http:start(get "/slow"), http:start(get "/slow") }
    http:step(0.01)
    assert.equal(2, in_child(function()
      local aborted = 0
      for _ = 1, 2 do
        local _, _, err = http:take()
        aborted = aborted + (err.code == "aborted" and 1 or 0)
      end
      return http:stats().in_flight == 0 and aborted or 9
    end))
    local outcomes = finish()
    for _, id in ipairs(ids) do assert.equal("slow", outcomes[id][1].body) end
  end)

  it("a child that only collects garbage disturbs no one", function()
    local id = http:start(get "/slow")
    http:step(0.01)
    assert.equal(0, in_child(function()
      http = nil
      collectgarbage()
      collectgarbage()
      return 0
    end))
    assert.equal("slow", finish()[id][1].body)
  end)
end)

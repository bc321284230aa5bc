-- Events of the process around the library: fork, signals, the end of a Lua
-- state, threads, coroutines and objects that are given up half-way.

local certificates = require("spec.support.certificates").get()
local child = require "spec.support.child"
local cognito = require "cognito"
local core = require "cognito.core"
local fork = require "spec.support.fork"
local forker = require "spec.c.forker"
local proc = require "spec.support.proc"
local socket = require "socket"
local start_server = require("spec.support.server").start

local server, secure, watcher, http

local function get(path)
  return { method = "GET", url = server:url(path) }
end

local function get_secure(path)
  return { method = "GET", url = ("https://127.0.0.1:%d%s"):format(secure.port, path or "/") }
end

-- Connections accepted so far, asked over one that stays open.
local function accepted()
  return tonumber(assert(watcher:send(get "/stats")).body:match "%d+")
end

local function collect()
  collectgarbage()
  collectgarbage()
end

-- Steps until nothing is in flight; returns the outcomes by id.
local function finish(object)
  local outcomes = {}
  repeat
    object:step(5)
    for id, response, err in object.take, object do outcomes[id] = { response, err } end
  until object:stats().in_flight == 0
  return outcomes
end

setup(function()
  server = start_server "http"
  secure = start_server("https", certificates.good[1], certificates.good[2])
  watcher = core.http()
end)

teardown(function()
  watcher:close()
  secure:stop()
  server:stop()
end)

before_each(function() http = core.http { timeout = 10, ca_file = certificates.ca } end)

after_each(function()
  http:close()
  collect()
end)

describe("a fork", function()
  local function send(n, request)
    for _ = 1, n do assert(http:send(request)) end
  end

  it("before the first use gives parent and child a connection each", function()
    local before = accepted()
    local pid = fork.start(function() send(20, get()) end)
    send(20, get())
    assert.equal(0, fork.wait(pid))
    assert.equal(2, accepted() - before)
  end)

  it("between calls leaves the parent its connection; the child opens one", function()
    local before = accepted()
    send(1, get())
    local pid = fork.start(function() send(20, get()) end)
    send(20, get())
    assert.equal(0, fork.wait(pid))
    assert.equal(2, accepted() - before)
  end)

  it("leaves the parent its TLS connection, whatever the child does with its copy", function()
    send(1, get_secure())
    assert.equal(0, fork.in_child(function()
      send(2, get_secure())
      http:close()
      collect()
    end))
    assert.equal(0, fork.in_child(function()
      http:close()
      collect()
    end))
    send(20, get_secure())
    assert.equal(1, http:stats().connections)
  end)

  it("of a fork works as well", function()
    local before = accepted()
    send(1, get())
    assert.equal(0, fork.in_child(function()
      send(1, get())
      local status = fork.in_child(function() send(2, get()) end)
      send(1, get())
      return status
    end))
    send(1, get())
    assert.equal(3, accepted() - before)
  end)

  it("with many in flight aborts the child's copies and not the parent's", function()
    local ids = {}
    for i = 1, 20 do ids[i] = http:start(get "/slow") end
    http:step(0.01)
    local pid = fork.start(function()
      local outcomes = finish(http)
      for _, id in ipairs(ids) do
        assert(outcomes[id][2].code == "aborted" and outcomes[id][2].sent)
      end
      send(5, get())
    end)
    local outcomes = finish(http)
    for _, id in ipairs(ids) do assert.equal("slow", outcomes[id][1].body) end
    assert.equal(0, fork.wait(pid))
  end)

  it("suits a client, too", function()
    local pool = cognito.new { endpoint = server:url "", user_pool_id = "eu-west-1_Ab12Cd34E",
      client_id = "3n4b5urk1ft4fl3mg5e62d9ado" }
    local function ask(n)
      for _ = 1, n do assert(pool:forgot_password { username = "ada" }) end
    end
    ask(1)
    local before = accepted()
    local pid = fork.start(function() ask(10) end)
    ask(10)
    assert.equal(0, fork.wait(pid))
    assert.equal(1, accepted() - before)
  end)

  it("that becomes another program hands it no connection", function()
    local function inherited()
      local pipe = assert(io.popen "ls -l /proc/self/fd")
      local _, sockets = pipe:read("*a"):gsub("socket:", "")
      pipe:close()
      return sockets
    end
    local before = inherited()
    for _ = 1, 5 do http:start(get "/slow") end
    send(1, get_secure())
    assert.equal(before, inherited())
    assert.equal(5, http:stats().in_flight)
  end)
end)

describe("SIGPIPE at its default action", function()
  local big = ("x"):rep(8000000)

  -- Takes in some of the request, then resets.
  local function resetting_server()
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    return port, function()
      local peer = assert(listener:accept())
      assert(peer:receive(100000))
      peer:setoption("linger", { on = true, timeout = 0 })
      peer:close()
      listener:close()
    end
  end

  it("ends a process that writes to a closed connection by other means", function()
    local status, signal = fork.in_child(function()
      forker.default_sigpipe()
      local pipe = io.popen("exec true", "w")
      core.sleep(0.2)
      pipe:write(big)
      pipe:close()
    end)
    assert.is_nil(status)
    assert.equal(13, signal)
  end)

  it("does not come from a reset within the request", function()
    local port, reset = resetting_server()
    local pid = fork.start(function()
      forker.default_sigpipe()
      local _, err = http:send { method = "POST", url = "http://127.0.0.1:" .. port .. "/", body = big }
      return err.code == "connection_lost" and err.sent and 7 or 8
    end)
    reset()
    assert.equal(7, fork.wait(pid))
  end)

  it("does not come from TLS, neither from writing nor from saying good-bye", function()
    local pid = fork.start(function()
      forker.default_sigpipe()
      local mine = start_server("https", certificates.good[1], certificates.good[2])
      local url = "https://127.0.0.1:" .. mine.port .. "/"
      for _ = 1, 4 do http:start { method = "GET", url = url } end
      finish(http)
      http:start { method = "POST", url = url, body = big }
      http:step(0.01)
      mine:stop()
      finish(http)
      http:send { method = "POST", url = url, body = big }
      http:close()
      return 7
    end)
    assert.equal(7, fork.wait(pid))
  end)
end)

describe("the end of a Lua state", function()
  it("with calls in flight is orderly and takes no time", function()
    local status, printed, seconds = child.run([[
      local core = require "cognito.core"
      local plain, tls, ca_file = ...
      local kept = {}
      for i = 1, 5 do
        local http = core.http { ca_file = ca_file }
        for j = 1, 10 do
          http:start { method = "GET", url = plain .. "hang" }
          http:start { method = "GET", url = tls .. "hang" }
        end
        http:step(0.01)
        kept[i] = http
      end
      io.write "done"
    ]], nil, server:url(), get_secure().url, certificates.ca)
    assert.equal("done", printed)
    assert.equal(0, status)
    assert.is_true(seconds < 8)
  end)

  it("in the middle of a call is orderly", function()
    local status, printed = child.run([[
      local core = require "cognito.core"
      local http = core.http()
      http:start { method = "GET", url = (...) .. "hang" }
      coroutine.wrap(function()
        http:step(0.01)
        io.write "done"
        io.flush()
        os.exit(3, true)
      end)()
    ]], nil, server:url())
    assert.equal("done", printed)
    assert.equal(3, status)
  end)
end)

describe("an exchange that is given up half-way", function()
  it("is closed: a coroutine that dies with calls in flight", function()
    http:close()
    collect()
    local before = proc.descriptors()
    for i = 1, 20 do
      local co = coroutine.create(function()
        local mine = core.http()
        for _ = 1, 3 do mine:start(get "/hang") end
        mine:step(0.01)
        if i % 2 == 0 then error "dies" end
        coroutine.yield()
      end)
      coroutine.resume(co)
    end
    collect()
    assert.equal(before, proc.descriptors())
  end)

  it("leaves the others alone: a coroutine that dies with a call in flight", function()
    local lost
    coroutine.resume(coroutine.create(function()
      lost = http:start(get "/slow")
      error "dies"
    end))
    local kept = http:start(get "/slow")
    collect()
    local outcomes = finish(http)
    assert.equal("slow", outcomes[kept][1].body)
    assert.equal("slow", outcomes[lost][1].body)
  end)

  it("finishes its call: a client of which only the call is left", function()
    local pool
    pool = cognito.new { endpoint = server:url "", user_pool_id = "eu-west-1_Ab12Cd34E",
      client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
      client_secret = function()
        pool = nil
        collect()
        return "secret"
      end }
    assert(pool:forgot_password { username = "ada" })
    assert.is_nil(pool)
    collect()
  end)

  it("is closed: a client collected in the middle of its call", function()
    collect()
    local before = proc.descriptors()
    for _ = 1, 10 do
      local co = coroutine.create(function()
        local mine = core.http()
        local pool = cognito.new { endpoint = server:url "", user_pool_id = "eu-west-1_Ab12Cd34E",
          client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
          runtime = {
            send = function(_, request)
              mine:start(request)
              mine:step(0)
              coroutine.yield()
            end,
            sleep = function() end,
          } }
        pool:forgot_password { username = "ada" }
      end)
      assert(coroutine.resume(co))
    end
    collect()
    assert.equal(before, proc.descriptors())
  end)
end)

describe("after many", function()
  -- The first ones fill what is kept for the next.
  local function flat(n, work)
    work(math.floor(n / 10))
    collect()
    local memory, descriptors = proc.memory(), proc.descriptors()
    work(n)
    collect()
    assert.is_true(proc.memory() - memory < proc.margin() / 4)
    assert.equal(descriptors, proc.descriptors())
  end

  it("calls memory and descriptors are what they were", function()
    flat(5000, function(n)
      for _ = 1, n do assert(http:send(get())) end
    end)
  end)

  it("failed TLS handshakes memory and descriptors are what they were", function()
    http:close()
    http = core.http { ca_file = certificates.stranger }
    flat(1000, function(n)
      for _ = 1, n do assert.equal("tls", select(2, http:send(get_secure())).code) end
    end)
  end)

  it("http objects memory and descriptors are what they were", function()
    flat(500, function(n)
      for _ = 1, n do
        local mine = core.http()
        mine:start(get())
        mine:start(get "/hang")
        mine:step(1)
        mine:close()
      end
    end)
  end)
end)

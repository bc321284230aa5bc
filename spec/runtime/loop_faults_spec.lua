--- What a loop does when the world around it goes wrong: servers that hang,
-- lie, restart or never end, too few descriptors, a fork. No task is lost, and
-- each ends once.
local certificates = require("spec.support.certificates").get()
local child = require "spec.support.child"
local cognito = require "cognito"
local descriptors = require("spec.support.proc").descriptors
local in_child = require("spec.support.fork").in_child
local new_pool = require("spec.support.loop_pool").new
local scene = require "spec.support.loop_scene"
local start_server = require("spec.support.server").start

local NAME = scene.NAME

local loop, server

before_each(function() loop, server = scene.open { ca_file = certificates.ca } end)
after_each(function() scene.close(loop, server) end)

local function reply(peer)
  peer:send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
end

local function answer_for_ever(peer)
  while true do
    peer:request()
    reply(peer)
  end
end

-- So many calls at once, each in a task of its own; how they ended.
local function calls(n, pool, counts)
  counts = counts or {}
  for _ = 1, n do
    loop:spawn(function()
      local result, err, meta = pool:forgot_password(NAME)
      local how = result and "done" or err.code .. (err.ambiguous and ", ambiguous" or "")
      counts[how] = (counts[how] or 0) + 1
      counts.attempts = (counts.attempts or 0) + meta.attempts
    end)
  end
  return counts
end

local function finish()
  server:play(loop, function() return loop:stats().tasks == 0 or nil end)
  assert.equal(0, loop:stats().requests)
end

describe("a server that", function()
  -- What each of 20 calls comes to, while 20 others to a decent one succeed.
  local function each_ends(name, how, attempts, script, settings)
    it(name, function()
      local decent = start_server "http"
      server.script = script
      local fine = calls(20, new_pool(loop, decent:url()))
      local counts = calls(20, new_pool(loop, server:url(), settings))
      finish()
      decent:stop()
      assert.same({ done = 20, attempts = 20 }, fine)
      assert.same({ [how] = 20, attempts = 20 * attempts }, counts)
    end)
  end

  each_ends("accepts and never answers times out", "timeout, ambiguous", 1, function(peer)
    peer:request()
    peer:stall()
  end, { attempt_timeout = 0.2 })

  each_ends("does not even read times out", "timeout, ambiguous", 1, function(peer)
    peer:stall()
  end, { attempt_timeout = 0.2 })

  each_ends("begins its reply and falls silent times out", "timeout, ambiguous", 1, function(peer)
    peer:request()
    peer:send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"
    peer:stall()
  end, { attempt_timeout = 0.2 })

  each_ends("sends a body that never ends is cut off", "too_large, ambiguous", 1, function(peer)
    peer:request()
    peer:send "HTTP/1.1 200 OK\r\n\r\n"
    peer:send_forever(("x"):rep(65536))
  end)

  each_ends("sends chunks that never end is cut off", "too_large, ambiguous", 1, function(peer)
    peer:request()
    peer:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    peer:send_forever("1000\r\n" .. ("x"):rep(4096) .. "\r\n")
  end)

  each_ends("lies about the size of a chunk is not believed", "malformed_response, ambiguous", 1, function(peer)
    peer:request()
    peer:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n"
    peer:stall()
  end)

  each_ends("ends within a chunk is not believed", "connection_lost, ambiguous", 1, function(peer)
    peer:request()
    peer:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"
    peer:close()
  end)

  each_ends("hangs up before it has read anything is tried no more", "connection_lost, ambiguous", 1, function(peer)
    peer:request()
    peer:reset()
  end)
end)

describe("a server that was restarted", function()
  for _, scheme in ipairs { "http", "https" } do
    it("costs no call anything, over " .. scheme, function()
      server.script = function(peer)
        if scheme == "https" then peer:handshake(certificates.good) end
        answer_for_ever(peer)
      end
      local pool = new_pool(loop, server:url(scheme))
      calls(30, pool)
      finish()
      local before = server.accepted
      assert.is_true(before >= 20)
      server.peers:drop()
      local counts = calls(30, pool)
      finish()
      assert.same({ done = 30, attempts = 30 }, counts)
      assert.is_true(server.accepted - before <= 30)
    end)
  end

  it("while calls wait for it leaves them ambiguous, and serves the next", function()
    local read = 0
    server.script = function(peer) peer:request(); read = read + 1; peer:stall() end
    local pool = new_pool(loop, server:url())
    local lost = calls(10, pool)
    server:play(loop, function() return read == 10 or nil end)
    server.peers:drop "reset"
    server.script = answer_for_ever
    finish()
    assert.same({ ["connection_lost, ambiguous"] = 10, attempts = 10 }, lost)
    local counts = calls(10, pool)
    finish()
    assert.same({ done = 10, attempts = 10 }, counts)
  end)

  it("refuses connections meanwhile: unsent requests are tried again", function()
    local pool = new_pool(loop, server:url())
    server.listener:close()
    local counts = calls(10, pool)
    loop:run()
    assert.same({ connect = 10, attempts = 30 }, counts)
  end)
end)

describe("new_connections", function()
  -- The most that one step opens for so many calls.
  local function most_opened(n, pool)
    local client = { getfd = function() return loop:pollfd() end, dirty = function() return false end }
    local counts, most = calls(n, pool), 0
    repeat
      local before = descriptors()
      local left = loop:step(0)
      most = math.max(most, descriptors() - before)
      server:turn(client, math.min(loop:timeout() or 1, 0.05))
    until left == 0
    assert.same({ done = n, attempts = n }, counts)
    return most
  end

  for _, scheme in ipairs { "http", "https" } do
    it("is how many a step begins at most, also after a restart, over " .. scheme, function()
      for limit = 1, 3 do
        loop:close()
        loop = cognito.loop { ca_file = certificates.ca, new_connections = limit }
        server.script = function(peer)
          if scheme == "https" then peer:handshake(certificates.good) end
          while true do
            peer:request()
            peer:pause(0.02) -- so that others need connections, too
            reply(peer)
          end
        end
        local pool = new_pool(loop, server:url(scheme))
        assert.equal(limit, most_opened(15, pool))
        server.peers:drop()
        assert.is_true(most_opened(15, pool) <= limit)
      end
    end)
  end

  it("does not hold up calls that need none", function()
    loop:close()
    loop = cognito.loop { new_connections = 1 }
    local read = 0
    server.script = function(peer)
      while true do
        peer:request()
        read = read + 1
        peer:pause(0.02)
        reply(peer)
      end
    end
    local pool = new_pool(loop, server:url())
    for _ = 1, 10 do loop:spawn(pool.connect, pool) end
    finish()
    local opened = loop:stats().connections
    assert.is_true(opened > 5)
    read = 0
    local counts = calls(opened, pool)
    loop:step(0) -- they are started
    loop:step(0) -- and all of them sent
    for _ = 1, 3 * opened do server:turn({ getfd = function() return loop:pollfd() end }, 0) end
    assert.equal(opened, read)
    finish()
    assert.same({ done = opened, attempts = opened }, counts)
    assert.equal(opened, loop:stats().connections)
  end)

  it("counts for each host alike", function()
    loop:close()
    loop = cognito.loop { new_connections = 1 }
    server.script = answer_for_ever
    local pool = new_pool(loop, server:url())
    for _ = 1, 10 do loop:spawn(pool.connect, pool) end
    finish() -- connections at rest that are of no use to the next
    local other = start_server "http"
    assert.is_true(most_opened(15, new_pool(loop, other:url "/later/")) <= 1)
    other:stop()
  end)
end)

describe("with too few descriptors", function()
  it("every task ends once, with a hint", function()
    local other = start_server("https", certificates.good[1], certificates.good[2])
    for _, trust in ipairs { "ca_file", "ca_path" } do
      local status, printed = child.run_with_few_descriptors(24, [[
        local url, trust, certificates = ...
        local cognito = require "cognito"
        local new_pool = require("spec.support.loop_pool").new
local scene = require "spec.support.loop_scene"
        local loop = cognito.loop { concurrency = 64, [trust] = certificates }
        local pool = new_pool(loop, url, { max_attempts = 1 })
        local ended, done, told = 0, 0, 0
        for _ = 1, 200 do
          loop:spawn(function()
            local result, err = pool:forgot_password { username = "ada" }
            ended = ended + 1
            if result then
              done = done + 1
            else
              assert(err.code == "connect" and err.reason == "no_descriptors" and not err.ambiguous, tostring(err))
              assert(err.message:find("ulimit -n", 1, true) and err.hint:find("ulimit -n", 1, true))
              told = told + 1
            end
          end)
        end
        loop:run()
        assert(ended == 200 and done + told == 200 and done > 0 and told > 0, ("%d %d %d"):format(ended, done, told))
        -- What has one connection has enough for all that follow.
        assert(pool:forgot_password { username = "ada" })
        loop:close()
        print "good"
      ]], ("https://127.0.0.1:%d"):format(other.port), trust,
        trust == "ca_file" and certificates.ca or certificates.hashed)
      assert.equal("good\n", printed)
      assert.equal(0, status)
    end
    other:stop()
  end)

  -- Its end frees the one that was missing.
  it("a call that takes the last one, and has none for its certificates, gets a hint", function()
    local other = start_server("https", certificates.good[1], certificates.good[2])
    local status, printed = child.run_with_few_descriptors(24, [[
      local url, ca_path = ...
      local core = require "cognito.core"
      local http = core.http { ca_path = ca_path }
      local files, file = {}, io.open "/dev/null"
      while file do files[#files + 1], file = file, io.open "/dev/null" end
      local function send() return http:send { method = "POST", url = url, body = "{}" } end
      local _, err = send()
      print(err.code, err.sent, err.message:find("ulimit -n", 1, true) ~= nil)
      files[#files]:close()
      _, err = send()
      print(err.code, err.sent, err.message:find("ulimit -n", 1, true) ~= nil)
      for i = 1, #files - 1 do files[i]:close() end
      print(assert(send()).status)
    ]], ("https://127.0.0.1:%d"):format(other.port), certificates.hashed)
    other:stop()
    assert.equal("connect\tfalse\ttrue\nconnect\tfalse\ttrue\n200\n", printed)
    assert.equal(0, status)
  end)

  it("a forked child has nothing to watch, and says why", function()
    local status, printed = child.run_with_few_descriptors(20, [[
      local core = require "cognito.core"
      local fork = require "spec.support.fork"
      local http = core.http {}
      print(fork.in_child(function()
        http:stats() -- here the child lets go of what it shared
        local files, file = {}, io.open "/dev/null"
        while file do files[#files + 1], file = file, io.open "/dev/null" end
        local ok, message = pcall(http.pollfd, http)
        assert(not ok and message == "not enough memory or descriptors", message)
        for i = 1, 3 do files[i]:close() end
        assert(http:pollfd() >= 0)
      end))
    ]])
    assert.equal("0\n", printed)
    assert.equal(0, status)
  end)

  it("a loop is not made at all, and says why", function()
    local _, printed = child.run_with_few_descriptors(20, [[
      local cognito = require "cognito"
      cognito.loop():close()
      local files
      files, file = {}, io.open "/dev/null"
      while file do files[#files + 1], file = file, io.open "/dev/null" end
      print(select(2, pcall(cognito.loop)))
    ]])
    assert.truthy(printed:find("not enough memory or descriptors", 1, true), printed)
  end)
end)

describe("a fork in the middle", function()
  it("ends requests in flight in the child, and changes nothing for the parent", function()
    local other = start_server "http"
    local pool = new_pool(loop, other:url "/later/")
    local counts = calls(20, pool)
    local slept
    loop:spawn(function() slept = loop:sleep(0.01) end)
    loop:step(0)
    loop:step(0)
    assert.equal(20, loop:stats().requests)
    local function check(expected)
      loop:run()
      assert.is_true(slept)
      assert.same(expected, counts)
      assert.is_table(pool:forgot_password(NAME))
      loop:close()
    end
    assert.equal(7, in_child(function()
      check { ["aborted, ambiguous"] = 20, attempts = 20 }
      return 7
    end))
    check { done = 20, attempts = 20 }
    other:stop()
  end)

  it("sends nothing twice that was just about to be sent", function()
    local other = start_server "http"
    local pool = new_pool(loop, other:url())
    local counts = calls(20, pool)
    loop:step(0) -- they are started, not begun
    local code = in_child(function()
      loop:run()
      return counts.aborted == 20 and 7 or 8
    end)
    assert.equal(7, code)
    loop:run()
    assert.same({ done = 20, attempts = 20 }, counts)
    local stats = assert(loop:send({ method = "GET", url = other:url "/stats" }, {}))
    assert.equal("20", stats.body:match " (%d+)$")
    other:stop()
  end)

  it("lets a child close the loop, or forget it, without harm to the parent's connections", function()
    server.script = answer_for_ever
    local pool = new_pool(loop, server:url())
    calls(5, pool)
    finish()
    local before = server.accepted
    assert.equal(7, in_child(function() loop:close(); return 7 end))
    assert.equal(7, in_child(function() loop = nil; collectgarbage(); collectgarbage(); return 7 end))
    local counts = calls(before, pool)
    finish()
    assert.same({ done = before, attempts = before }, counts)
    assert.equal(before, server.accepted)
  end)
end)

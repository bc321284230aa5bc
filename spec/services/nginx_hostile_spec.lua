--- Servers that break off, crawl, never end or lie, and nginx between them and
-- the call. The reading of replies has specs of its own, spec/runtime/http1_spec.lua.
--
-- Each row runs as the first reply of a connection, as the second one of a kept
-- connection, and on a new connection after a reply on another one.

local certificates = require("spec.support.certificates").get()
local cjson = require "cjson"
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"
local nginx = require "spec.support.nginx"
local servers = require "spec.support.server"

local OK = "HTTP/1.1 200 OK\r\n"
local CHUNKED = OK .. "Transfer-Encoding: chunked\r\n\r\n"
local IDLE = "max_idle=5" -- seconds: one pool of kept connections for the row and for the call after it

local HTTP = [[
  init_by_lua_block {
    in_nginx = require "spec.support.in_nginx"
    runtime = require("cognito.place").runtime { allow_http = true }
  }
  resolver 127.0.0.1:%d ipv6=off;
  lua_ssl_trusted_certificate %s;
  lua_socket_log_errors off;
]]

-- The second place lets no other request have a turn until a file is there.
local SERVER = [[
  location = /send { content_by_lua_block { in_nginx.send(runtime) } }
  location = /late { content_by_lua_block { in_nginx.busy(ngx.var.arg_until) in_nginx.send(runtime) } }
]]

local dns, server, upstream

setup(function()
  dns = servers.start_script "spec/support/dns_server.lua"
  server = nginx.start { http = HTTP:format(dns.port, nginx.path(certificates.ca)), server = SERVER }
end)

teardown(function()
  if server then server:stop() end
  dns:stop()
end)

before_each(function() upstream = hostile_server.listen() end)
after_each(function() upstream:stop() end)

local function path(query, scheme)
  local url = upstream:url(scheme)
  return ("/send?%s&url=%s"):format(query or "", scheme and url:gsub("127.0.0.1", "localhost") or url)
end

-- One request through nginx while the upstream plays its part.
local function exchange(where)
  local response = assert(upstream:exchange(server.http, { method = "GET", url = server:url(where) }))
  assert.equal(200, response.status)
  return cjson.decode(response.body)
end

local function play(script, query, scheme)
  upstream.script = script
  return exchange(path(query, scheme))
end

-- ---- what has come before the row's reply ----

local ways = {
  { name = "" },
  { name = ", after a reply on the same connection", before = "kept" },
  { name = ", after a reply on another connection", before = "closed" },
}

-- A reply of the usual kind.
local function first(peer, scheme)
  if scheme then peer:handshake(certificates.good) end
  peer:request()
  peer:send(OK .. "X-Request-Number: 1\r\nContent-Length: 5\r\n\r\nfirst")
end

local function first_and_last(scheme)
  return function(peer)
    first(peer, scheme)
    peer:close()
  end
end

-- The second request's first byte is waited for, or the server would turn
-- hostile while there is no request.
local function first_of_two(script)
  return function(peer)
    first(peer)
    peer:await(1)
    script(peer)
  end
end

-- The same after what the way begins with.
local function play_after(way, script, query, scheme)
  query = query .. "&" .. IDLE
  if not way.before then
    return play(script, query, scheme)
  end
  local kept = way.before == "kept"
  assert.equal("first", play(kept and first_of_two(script) or first_and_last(scheme), IDLE, scheme).result.body)
  local before = upstream.accepted
  if not kept then upstream.script = script end
  local told = exchange(path(query, scheme))
  assert.equal(before + (kept and 0 or 1), upstream.accepted)
  return told
end

local function assert_fault(code, sent, told)
  assert.is_nil(told.result)
  assert.equal(code, told.err.code, told.err.message)
  assert.equal("network", told.err.kind)
  assert.equal(sent, told.err.sent)
end

local function assert_usable(scheme)
  local before = upstream.accepted
  local told = play(function(peer)
    if scheme then peer:handshake(certificates.good) end
    peer:request()
    peer:send(OK .. "Content-Length: 4\r\n\r\ngood")
    peer:stall()
  end, IDLE, scheme)
  assert.equal("good", told.result.body)
  assert.equal(before + 1, upstream.accepted)
end

local function says(text, ending)
  return function(peer)
    peer:request()
    peer:send(text)
    peer[ending](peer)
  end
end

describe("a server", function()
  local function faulty(name, code, script, query)
    for _, way in ipairs(ways) do
      it(name .. way.name, function()
        local begin = core.clock()
        assert_fault(code, true, play_after(way, script, query or "timeout=10"))
        assert.is_true(core.clock() - begin < 15)
        assert_usable()
      end)
    end
  end

  local stages = {
    { "after the request", "" }, { "within the status line", "HTTP/1.1 2" }, { "within the headers", OK .. "Con" },
    { "before the body", OK .. "Content-Length: 9\r\n\r\n" }, { "within a chunk", CHUNKED .. "9\r\n{}" },
    { "after an interim reply", "HTTP/1.1 100 Continue\r\n\r\n" }, { "before the trailers' end", CHUNKED .. "0\r\n" },
  }
  for _, row in ipairs(stages) do
    faulty("that closes " .. row[1], "connection_lost", says(row[2], "close"))
    faulty("that resets " .. row[1], "connection_lost", says(row[2], "reset"))
    faulty("that stalls " .. row[1], "timeout", says(row[2], "stall"), "timeout=0.1")
  end

  -- Each byte comes in time, all of them do not.
  local function crawls(what, text, rest)
    faulty("that crawls through " .. what, "timeout", function(peer)
      peer:request()
      peer:send(text)
      peer:trickle(rest:rep(1000))
    end, "timeout=0.2")
  end

  crawls("the status line", "HTTP/1.1 200 ", "O")
  crawls("the headers", OK, "X-A: 1\r\n")
  crawls("the body", OK .. "Content-Length: 99999\r\n\r\n", "x")
  crawls("chunks", CHUNKED, "1\r\nx\r\n")

  local function endless(what, text, rest)
    faulty("that never ends " .. what, "too_large", function(peer)
      peer:request()
      peer:send(text)
      peer:send_forever(rest:rep(math.ceil(8192 / #rest)))
    end)
  end

  endless("its headers", OK, "X-A: 1\r\n")
  endless("its body", OK .. "\r\n", "x")
  endless("its chunks", CHUNKED, "1\r\nx\r\n")

  faulty("whose chunks lie", "malformed_response", says(CHUNKED .. "2\r\n{}}\r\n0\r\n\r\n", "stall"))
  faulty("whose chunks are no numbers", "malformed_response", says(CHUNKED .. "zz\r\n{}\r\n0\r\n\r\n", "stall"))
  faulty("whose lengths contradict each other", "malformed_response",
    says(OK .. "Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}", "stall"))
  faulty("that speaks no HTTP", "malformed_response", says("hello\r\n", "stall"))
  faulty("that speaks TLS", "malformed_response", says("\21\3\1\0\2\2\40", "close"))

  faulty("whose first header line continues another", "malformed_response", says(OK .. " f: 1\r\n\r\n", "stall"))
  faulty("that never reads a large request", "timeout", function(peer) peer:stall() end, "timeout=1&size=8000000")
end)

describe("an unsolicited reply is not the next one's:", function()
  local REPLY = OK .. "Content-Length: 2\r\n\r\n{}"
  local EVIL = OK .. "Content-Length: 4\r\n\r\nevil"

  local function unasked(name, script)
    for _, way in ipairs(ways) do
      it(name .. way.name, function()
        assert.equal("{}", play_after(way, script, "timeout=10").result.body)
        assert_usable()
      end)
    end
  end

  unasked("together with the first", says(REPLY .. EVIL, "stall"))
  unasked("after the first", function(peer)
    peer:request()
    peer:send(REPLY)
    peer:pause(0)
    peer:send(EVIL)
    peer:stall()
  end)
end)

describe("a server of TLS", function()
  local half_hello = "\22\3\3\0\122\2\0\0\118\3\3"

  -- None on a kept connection, which shakes hands no more.
  local function breaks(name, code, query, script)
    for _, way in ipairs { ways[1], ways[3] } do
      it("that " .. name .. way.name, function()
        assert_fault(code, false, play_after(way, script, query, "https"))
        assert_usable "https"
      end)
    end
  end

  breaks("closes at once", "tls", "", function(peer) peer:close() end)
  breaks("closes before the handshake", "tls", "", function(peer) peer:await(1) peer:close() end)
  breaks("resets before the handshake", "tls", "", function(peer) peer:await(1) peer:reset() end)
  breaks("closes within the handshake", "tls", "", function(peer) peer:await(1) peer:send(half_hello) peer:close() end)
  breaks("refuses the handshake", "tls", "", function(peer) peer:await(1) peer:send "\21\3\3\0\2\2\40" peer:stall() end)
  breaks("speaks plain HTTP", "tls", "", function(peer) peer:await(1) peer:send(OK .. "\r\n") peer:stall() end)
  breaks("stalls before the handshake", "timeout", "connect_timeout=0.1", function(peer) peer:stall() end)
  breaks("stalls within the handshake", "timeout", "timeout=0.1", function(peer)
    peer:await(1)
    peer:send(half_hello)
    peer:stall()
  end)
  breaks("crawls through the handshake", "timeout", "connect_timeout=0.2", function(peer)
    peer:await(1)
    peer:trickle(half_hello .. ("\1"):rep(100))
  end)

  for _, way in ipairs { ways[1], ways[3] } do
    it("that closes after the handshake may have had the request" .. way.name, function()
      assert_fault("connection_lost", true, play_after(way, function(peer)
        peer:handshake(certificates.good)
        peer:more()
        peer:close()
      end, "", "https"))
      assert_usable "https"
    end)
  end
end)

describe("a server that restarts", function()
  local requests

  -- Answers, and counts every request that comes in whole.
  local function counting(peer)
    while true do
      peer:request()
      requests = requests + 1
      peer:send(OK .. "Content-Length: 2\r\n\r\n{}")
    end
  end

  before_each(function()
    requests = 0
    upstream.script = counting
  end)

  local function ask(many, where)
    local outcomes = {}
    for _ = 1, many do
      assert(server.http:start { method = "GET", url = server:url(where) })
    end
    upstream:play(server.http, function()
      for _, response in server.http.take, server.http do
        outcomes[#outcomes + 1] = cjson.decode(response.body)
      end
      return #outcomes == many or nil
    end)
    return outcomes
  end

  -- Ends every connection that there is.
  local function restart(ending)
    upstream.peers:drop(ending)
  end

  for _, ending in ipairs { "close", "reset" } do
    it("leaves dead connections (" .. ending .. "), and every call goes through once", function()
      for round = 1, 3 do
        for _, told in ipairs(ask(20, path "max_idle=5")) do
          assert.equal("{}", told.result and told.result.body, told.err and told.err.message)
        end
        assert.equal(20 * round, requests)
        restart(ending)
      end
    end)
  end

  -- nginx had no time to notice: sending fails, and that is the time when the
  -- runtime itself opens another connection.
  it("unnoticed, costs no call either", function()
    ask(5, path "max_idle=5")
    assert.equal(5, requests)
    local go = os.tmpname()
    os.remove(go)
    local id = assert(server.http:start {
      method = "GET", url = server:url((path("max_idle=5&until=" .. go):gsub("/send", "/late"))),
    })
    server:await("the request is late", function()
      server.http:step(0.01)
      local began = io.open(go .. ".began")
      if began then began:close() end
      return began
    end)
    restart "reset"
    io.open(go, "w"):close()
    local told = upstream:play(server.http, function()
      local taken, response = server.http:take()
      return taken == id and cjson.decode(response.body) or nil
    end)
    os.remove(go)
    os.remove(go .. ".began")
    assert.equal("{}", told.result and told.result.body, told.err and told.err.message)
    assert.equal(6, requests)
  end)
end)

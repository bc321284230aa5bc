-- Servers that must not be trusted, or that break TLS; spec/http/tls_spec.lua has
-- the usual ones. Each row runs with a new http object and with one
-- that has had a reply of a good server before, and so has a TLS session to
-- resume.

local certificates = require("spec.support.certificates").get()
local child = require "spec.support.child"
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"
local start_server = require("spec.support.server").start

local OK = "HTTP/1.1 200 OK\r\n"

local http

after_each(function() http:close() end)

local function new_http(options)
  options = options or {}
  options.ca_file = certificates.ca
  options.timeout = options.timeout or 10
  http = core.http(options)
end

local function assert_fault(code, sent, response, err)
  assert.is_nil(response)
  assert.equal(code, err.code, err.message)
  assert.equal(sent, err.sent)
end

local function get(port)
  return { method = "GET", url = ("https://127.0.0.1:%d/"):format(port) }
end

describe("a certificate", function()
  local function assert_refused(pair)
    local server = start_server("https", pair[1], pair[2])
    local before = http:stats().connections
    for n = 1, 2 do
      assert_fault("tls", false, http:send(get(server.port)))
      assert.equal(before + n, http:stats().connections)
    end
    server:stop()
  end

  local function is_refused(what, pair)
    it("that is " .. what .. " is refused, and so is the next connection", function()
      new_http()
      assert_refused(pair)
    end)

    it("that is " .. what .. " is refused after a good one, too", function()
      local good = start_server("https", certificates.good[1], certificates.good[2])
      new_http()
      assert(http:send(get(good.port)))
      good:stop()
      assert_refused(pair)
    end)
  end

  is_refused("expired", certificates.expired)
  is_refused("not yet valid", certificates.future)
  is_refused("self-signed", certificates.self)
  is_refused("another host's", certificates.elsewhere)
  is_refused("sent without its intermediate authority", certificates.leaf)

  it("sent with its intermediate authority is trusted", function()
    local server = start_server("https", certificates.chain[1], certificates.chain[2])
    new_http()
    assert(http:send(get(server.port)))
    server:stop()
  end)
end)

describe("TLS 1.1", function()
  -- Most systems forbid it. A policy that allows it shows that
  -- the refusal is the library's.
  local function lax_policy()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write [[
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
]]
    file:close()
    return path
  end

  it("is refused where the system would allow it", function()
    local server = start_server("https", certificates.good[1], certificates.good[2], "tlsv1_1")
    local policy = lax_policy()
    new_http()
    local status, printed = child.run([[
      local port, ca_file = ...
      local plain = assert(require("socket").connect("127.0.0.1", port))
      local other = assert(require("ssl").wrap(plain, { mode = "client", protocol = "any" }))
      print(other:dohandshake() and other:info("protocol"))
      local core = require "cognito.core"
      local _, err = core.http { ca_file = ca_file }:send { method = "GET", url = "https://127.0.0.1:" .. port }
      print(err and err.code, err and err.sent)
    ]], { OPENSSL_CONF = policy }, server.port, certificates.ca)
    os.remove(policy)
    server:stop()
    assert.equal("TLSv1.1\ntls\tfalse\n", printed)
    assert.equal(0, status)
  end)
end)

describe("a server", function()
  local server

  before_each(function() server = hostile_server.listen() end)
  after_each(function() server:stop() end)

  local function request()
    return { method = "POST", url = server:url "https", headers = {}, body = "{}" }
  end

  local function well_behaved(peer)
    peer:handshake(certificates.good)
    peer:request()
    peer:send(OK .. "Content-Length: 4\r\n\r\ngood")
    peer:pause(60)
  end

  local function assert_usable()
    local before = server.accepted
    server.script = well_behaved
    assert.equal("good", assert(server:exchange(http, request())).body)
    assert.equal(before + 1, server.accepted)
  end

  local function first(peer)
    peer:handshake(certificates.good)
    peer:request()
    peer:send(OK .. "Content-Length: 5\r\n\r\nfirst")
  end

  local function have_one_reply(ends)
    server.script = function(peer)
      first(peer)
      ends(peer)
    end
    assert.equal("first", assert(server:exchange(http, request())).body)
  end

  local function assert_broken(code, timeout, script)
    server.script = script
    local begin = core.clock()
    assert_fault(code, false, server:exchange(http, request()))
    assert.is_true(core.clock() - begin < timeout + 5)
    assert_usable()
  end

  local function breaks(name, code, timeout, script)
    it("that " .. name, function()
      new_http { timeout = timeout, connect_timeout = timeout }
      assert_broken(code, timeout, script)
    end)

    -- The good handshake needs its time.
    it("that " .. name .. ", after a reply on another connection", function()
      new_http()
      have_one_reply(function(peer) peer:close() end)
      local send = { timeout = timeout, connect_timeout = timeout }
      local exchange = server.exchange
      function server:exchange(object, what) return exchange(self, object, what, send) end
      assert_broken(code, timeout, script)
    end)
  end

  -- The beginning of a ServerHello, and one that never ends.
  local half_hello = "\22\3\3\0\122\2\0\0\118\3\3"
  local alert = "\21\3\3\0\2\2\40"

  breaks("closes before the handshake", "tls", 10, function(peer)
    peer:await(1)
    peer:close()
  end)
  breaks("resets before the handshake", "tls", 10, function(peer)
    peer:await(1)
    peer:reset()
  end)
  breaks("closes within the handshake", "tls", 10, function(peer)
    peer:await(1)
    peer:send(half_hello)
    peer:close()
  end)
  breaks("resets within the handshake", "tls", 10, function(peer)
    peer:await(1)
    peer:send(half_hello)
    peer:reset()
  end)
  breaks("refuses the handshake", "tls", 10, function(peer)
    peer:await(1)
    peer:send(alert)
    peer:stall()
  end)
  breaks("speaks plain HTTP", "tls", 10, function(peer)
    peer:await(1)
    peer:send "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    peer:stall()
  end)
  breaks("speaks first, and no TLS", "tls", 10, function(peer)
    peer:send "220 mail.example ESMTP\r\n"
    peer:stall()
  end)
  breaks("says hello without end", "tls", 10, function(peer)
    peer:await(1)
    peer:send "\22\3\3\64\0\2\255\255\255"
    peer:send_forever(("\0"):rep(8192))
  end)
  breaks("stalls before the handshake", "timeout", 0.3, function(peer) peer:stall() end)
  breaks("stalls within the handshake", "timeout", 0.3, function(peer)
    peer:await(1)
    peer:send(half_hello)
    peer:stall()
  end)
  breaks("crawls through the handshake", "timeout", 0.3, function(peer)
    peer:await(1)
    peer:trickle(half_hello .. ("\1"):rep(100))
  end)

  it("with TLS on a plain port is reported", function()
    server.script = well_behaved
    new_http()
    local plain = { method = "GET", url = server:url "http" }
    local response, err = server:exchange(http, plain)
    assert_fault("connection_lost", true, response, err)
  end)

  -- libcurl 7.88 took the good-bye of an idle connection for a sign of life:
  -- every call after a pause was lost, and reported as ambiguous.
  it("that closes an idle connection costs no call", function()
    new_http()
    for n = 1, 3 do
      server.script = function(peer)
        peer:handshake(certificates.good)
        peer:request()
        peer:send(OK .. "Content-Length: 4\r\n\r\ngood")
        peer:close()
      end
      assert.equal("good", assert(server:exchange(http, request())).body)
      assert.equal(n, server.accepted)
    end
  end)

  -- An attacker who can close a connection could cut a reply off where it still reads well.
  -- To libcurl 7.88, and to OpenSSL 1.1.1, that was an end like any other.
  it("that ends the connection, but not TLS, within a body without a length has cut it off", function()
    new_http()
    local function answer(how)
      return function(peer)
        peer:handshake(certificates.good)
        peer:request()
        peer:send(OK .. "\r\n{}")
        peer[how](peer)
        if how == "cut" then peer:hang() end
      end
    end
    server.script = answer "cut"
    assert_fault("connection_lost", true, server:exchange(http, request()))
    server.script = answer "close"
    assert.equal("{}", assert(server:exchange(http, request())).body)
  end)

  -- libcurl 7.83 to 8.0 freed twice when an easy handle was used again.
  for _, way in ipairs { "the same", "another" } do
    it("that begins with a folded line, after a reply on " .. way .. " connection, is reported", function()
      local function evil(peer)
        peer:request()
        peer:send(OK .. " f: " .. ("F"):rep(200) .. "\r\nContent-Length: 2\r\n\r\n{}")
        peer:stall()
      end
      new_http()
      have_one_reply(way == "another" and function(peer) peer:close() end or evil)
      if way == "another" then
        server.script = function(peer)
          peer:handshake(certificates.good)
          evil(peer)
        end
      end
      assert_fault("malformed_response", true, server:exchange(http, request()))
      assert_usable()
    end)
  end

  it("cannot slip in an unsolicited reply", function()
    new_http()
    server.script = function(peer)
      peer:handshake(certificates.good)
      peer:request()
      peer:send(OK .. "Content-Length: 4\r\n\r\ngood")
      peer:pause(0)
      peer:send(OK .. "Content-Length: 4\r\n\r\nevil")
      peer:pause(60)
    end
    assert(server:exchange(http, request()))
    assert_usable()
  end)
end)

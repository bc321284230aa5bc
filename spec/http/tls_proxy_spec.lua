--- A proxy that is spoken to over TLS, with TLS to the service inside of it.
local certificates = require("spec.support.certificates").get()
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"
local peers = require "spec.support.peers"
local socket = require "socket"

local PIECES = 100 -- more than a transfer reads in one turn

describe("a proxy over TLS", function()
  local server, http, service, gathers, relayed

  before_each(function()
    server, service, gathers, relayed = hostile_server.listen(), nil, false, false
    http = core.http { proxy = server:url "https", ca_file = certificates.ca, timeout = 20 }
  end)
  after_each(function()
    http:close()
    if service then service:close() end
    server:stop()
  end)

  -- All that has come, and whether more may.
  local function received(from)
    local text, err, partial = from:receive(65536)
    return text or partial or "", err ~= "closed"
  end

  local function relay(peer)
    local kept, open = "", true
    while open do
      service:send((received(peer.socket)))
      local text
      text, open = received(service)
      kept = kept .. text
      if kept ~= "" and not (gathers and open) then
        peer:send(kept)
        kept = ""
      end
      peers.sleep(0.002)
    end
  end

  -- The tunnel leads to the same server, whose next connection the service answers.
  local function tunnel_to(answer)
    return function(peer)
      server.script = answer
      peer:handshake(certificates.good)
      assert(peer:request().bytes:find "^CONNECT ")
      peer:send "HTTP/1.1 200 OK\r\n\r\n"
      service = assert(socket.connect("127.0.0.1", server.port))
      service:settimeout(0)
      relay(peer)
      relayed = true
      peer:stall()
    end
  end

  -- Each piece is a record of the service's TLS, and all of them together one record of the
  -- proxy's: once it is read, the socket has nothing more to say.
  it("has a reply read to its end, without a wait, although all of it has left the socket", function()
    server.script = tunnel_to(function(peer)
      peer:handshake(certificates.good)
      peer:request()
      gathers = true
      peer:send(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"):format(PIECES))
      for _ = 1, PIECES do peer:send "x" end
      peer:close()
    end)
    assert(http:start { method = "GET", url = "https://127.0.0.1/" })
    server:play(http, function() return relayed or nil end)
    while http:stats().in_flight > 0 do http:step(60) end
    local _, response, err = http:take()
    assert.equal(("x"):rep(PIECES), response and response.body, err and err.message)
  end)

  for name, words in pairs { elsewhere = "is another host's", expired = "has expired" } do
    it("whose certificate " .. words .. " is not trusted, and nothing was sent", function()
      server.script = function(peer)
        peer:handshake(certificates[name])
        peer:stall()
      end
      local _, err = server:exchange(http, { method = "GET", url = "https://127.0.0.1/" })
      assert.same({ "tls", false }, { err.code, err.sent })
    end)
  end

  it("that another authority vouches for is not trusted either", function()
    http:close()
    http = core.http { proxy = server:url "https", ca_file = certificates.stranger, timeout = 20 }
    server.script = function(peer)
      peer:handshake(certificates.good)
      peer:stall()
    end
    local _, err = server:exchange(http, { method = "GET", url = "https://127.0.0.1/" })
    assert.same({ "tls", false }, { err.code, err.sent })
  end)
end)

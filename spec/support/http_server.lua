--- A server that misbehaves as asked, on a port of 127.0.0.1 that it prints. It
-- ends with its standard input.
--
--     lua http_server.lua http
--     lua http_server.lua https certificate key [protocol]
--     lua http_server.lua proxy certificate key      (https after a CONNECT)
--
-- The path of a request names the route, see `routes`, or is the route itself,
-- see scripted.lua. `/stats` tells how many connections were accepted and how
-- many requests were read, itself left out.

local peers = require "spec.support.peers"
local scripted = require "spec.support.scripted"
local socket = require "socket"

local mode, certificate, key, protocol = arg[1], arg[2], arg[3], arg[4]

local stats = { connections = 0, requests = 0 }
local clients = peers.new()
local sleep = peers.sleep

-- ---- routes: true keeps the connection open ----

local routes = {}

routes["/"] = function(c)
  c:reply("200 OK", "Content-Type: application/x-amz-json-1.1\r\nX-Amzn-RequestId: r-1\r\nX-Private: 1\r\n", "{}")
  return true
end

routes["/echo"] = function(c, request)
  c:reply("200 OK", nil, request.bytes)
  return true
end

routes["/body/"] = function(c, request)
  c:reply("200 OK", nil, request.bytes:match "\r\n\r\n(.*)")
  return true
end

routes["/a/../echo"] = routes["/echo"] -- as no client should write it

routes["/stats"] = function(c)
  stats.requests = stats.requests - 1
  c:reply("200 OK", nil, ("%d %d"):format(stats.connections, stats.requests))
  return true
end

routes["/slow"] = function(c)
  sleep(0.2)
  c:reply("200 OK", nil, "slow")
  return true
end

routes["/soon"] = function(c)
  sleep(0.02)
  c:reply("200 OK", nil, "soon")
  return true
end

-- As an endpoint: an empty reply, a little later.
routes["/later/"] = function(c)
  sleep(0.02)
  c:reply("200 OK", nil, "{}")
  return true
end

routes["/much-later/"] = function(c)
  sleep(0.2)
  c:reply("200 OK", nil, "{}")
  return true
end

routes["/silent"] = function() end -- not a byte of reply

routes["/hang"] = function(c) c:hang() end
routes["/hang/"] = routes["/hang"] -- as an endpoint

routes["/half"] = function(c)
  c:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
  c:hang()
end

routes["/truncated"] = function(c)
  c:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntruncated"
end

routes["/big-body"] = function(c)
  c:send "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
  for _ = 1, 64 do c:send(("x"):rep(32768)) end
end

routes["/big-length"] = function(c)
  c:send "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"
  c:hang()
end

routes["/big-headers"] = function(c)
  c:send "HTTP/1.1 200 OK\r\n"
  for i = 1, 200 do c:send(("X-%d: %s\r\n"):format(i, ("x"):rep(8192))) end
  c:send "Content-Length: 0\r\n\r\n"
end

routes["/many-headers"] = function(c)
  c:send("HTTP/1.1 200 OK\r\n" .. ("X-A: 1\r\n"):rep(300) .. "Content-Length: 0\r\n\r\n")
end

routes["/endless-header"] = function(c)
  c:send("HTTP/1.1 200 OK\r\nX-A: " .. ("x"):rep(200000) .. "\r\nContent-Length: 0\r\n\r\n")
end

routes["/chunked"] = function(c)
  c:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"
  c:send "6\r\nchunk-\r\n"
  sleep(0.01)
  c:send "2\r\ned\r\n0\r\nX-Late: 1\r\n\r\n"
  return true
end

routes["/bad-chunk"] = function(c)
  c:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nchunk-\r\nzz\r\n"
end

routes["/continue"] = function(c)
  c:send "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
  c:send "HTTP/1.1 103 Early Hints\r\nX-Early: 2\r\n\r\n"
  c:reply("200 OK", "X-Final: 1\r\n", "final")
  return true
end

routes["/redirect"] = function(c)
  c:reply("302 Found", "Location: /echo\r\n", "")
  return true
end

routes["/repeated"] = function(c)
  c:reply("200 OK", "X-Amzn-RequestId: a\r\nx-amzn-requestid: b\r\nX-Folded: one\r\n  two\r\nX-Empty:\r\n", "")
  return true
end

routes["/not-http"] = function(c) c:send "hello\r\n" end
routes["/nul-header"] = function(c) c:send "HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n" end
routes["/bad-length"] = function(c) c:send "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" end

routes["/gzip"] = function(c)
  c:reply("200 OK", "Content-Encoding: gzip\r\n", "not really gzip")
  return true
end

-- Answers, and closes the kept-alive connection before the next request.
routes["/last"] = function(c)
  c:reply("200 OK", nil, "last")
end

-- Answers once sixty connections have been open together.
local sixty = {}
routes["/one-of-sixty"] = function(c)
  while not sixty.complete do
    sixty.complete = clients.count >= 60
    sleep(0.005)
  end
  sixty[#sixty + 1] = c
  c:reply("200 OK", nil, "one")
  return true
end

-- Closes them; the second resets them.
routes["/close-sixty"] = function(c, _, reset)
  for i = 1, #sixty do
    sixty[i][reset and "reset" or "close"](sixty[i])
  end
  c:reply("200 OK", nil, "closed")
end

routes["/reset-sixty"] = function(c, request)
  routes["/close-sixty"](c, request, true)
end

-- ---- the loop ----

-- The tunnel leads to this very server.
local function open_tunnel(c)
  if not c:request().bytes:find "^CONNECT " then return false end
  c:send "HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n"
  return true
end

local function answer(c, request)
  if not request.path then return c:reply("403 Forbidden", nil, "") end -- a CONNECT
  stats.requests = stats.requests + 1
  local keep = scripted.answer(c, request, sleep)
  if keep ~= nil then return keep end
  return (routes[request.path] or routes["/"])(c, request)
end

local function serve(c)
  stats.connections = stats.connections + 1
  c.number = stats.connections
  if mode == "proxy" and not open_tunnel(c) then return c:close() end
  if mode ~= "http" then
    c:handshake({ certificate, key }, { protocol = protocol, ciphers = protocol and "DEFAULT@SECLEVEL=0" })
  end
  repeat until not answer(c, c:request())
  c:close()
end

local stdin = peers.descriptor(function() return 0 end)

local function run(listener)
  while true do
    local readable, writable = clients:select({ listener, stdin }, 1)
    if readable[stdin] then return end
    if readable[listener] then clients:accept(listener, serve) end
    clients:go_on(readable, writable)
  end
end

local listener = assert(socket.bind("127.0.0.1", 0, 1024))
listener:settimeout(0)
local _, port = listener:getsockname()
io.stdout:write(port, "\n")
io.stdout:flush()
run(listener)

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

local c_locale = require "cognito.c_locale"
local scripted = require "spec.support.scripted"
local socket = require "socket"

local mode, certificate, key, protocol = arg[1], arg[2], arg[3], arg[4]

local stats = { connections = 0, requests = 0, open = 0 }

-- ---- connections: one coroutine each ----

local waiting = {} -- coroutine -> { socket =, want = "read" or "write", at = }

local function wait(connection, want, seconds)
  coroutine.yield { socket = connection, want = want, at = seconds and socket.gettime() + seconds }
end

local function sleep(seconds)
  wait(nil, nil, seconds)
end

local function wanted(err)
  if err == "timeout" or err == "wantread" then return "read" end
  if err == "wantwrite" then return "write" end
end

local Connection = {}
Connection.__index = Connection

function Connection:send(text)
  local from = 1
  while from <= #text do
    local last, err, partial = self.socket:send(text, from)
    if not last and not wanted(err) then error("closed", 0) end
    from = (last or partial or from - 1) + 1
    if not last then wait(self.socket, err == "wantread" and "read" or "write") end
  end
end

-- More bytes into self.input; false at the end of the stream.
function Connection:more()
  local text, err, partial = self.socket:receive(8192)
  text = text or partial
  if text and text ~= "" then
    self.input = self.input .. text
    return true
  end
  local want = wanted(err)
  if not want then return false end
  wait(self.socket, want)
  return true
end

-- One request: { path =, bytes = }, or nil at the end of the stream.
function Connection:request()
  local head, length
  while true do
    local _, head_end = self.input:find("\r\n\r\n", 1, true)
    if head_end then
      head = self.input:sub(1, head_end)
      length = tonumber(c_locale.lower(head):match "\r\ncontent%-length: *(%d+)") or 0
      break
    end
    if not self:more() then return nil end
  end
  while #self.input < #head + length do
    if not self:more() then return nil end
  end
  local bytes = self.input:sub(1, #head + length)
  self.input = self.input:sub(#bytes + 1)
  return { path = bytes:match "^%S+ (/[^%s?]*)", bytes = bytes, body = bytes:sub(#head + 1) }
end

function Connection:reply(status, headers, body)
  self:send(("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s"):format(status, headers or "", #body, body))
end

-- Until the client has had enough.
function Connection:hang()
  repeat until not self:more()
end

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

routes["/silent"] = function() end -- not a byte of reply

routes["/hang"] = function(c) c:hang() end

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
    sixty.complete = stats.open >= 60
    sleep(0.005)
  end
  sixty[#sixty + 1] = c.socket
  c:reply("200 OK", nil, "one")
  return true
end

-- Closes them; the second resets them.
routes["/close-sixty"] = function(c, _, reset)
  for i = 1, #sixty do
    if reset then sixty[i]:setoption("linger", { on = true, timeout = 0 }) end
    sixty[i]:close()
  end
  c:reply("200 OK", nil, "closed")
end

routes["/reset-sixty"] = function(c, request)
  routes["/close-sixty"](c, request, true)
end

-- ---- the loop ----

local function handshake(plain)
  local ssl = require "ssl"
  local connection = assert(ssl.wrap(plain, {
    mode = "server", certificate = certificate, key = key, protocol = protocol or "any",
    ciphers = protocol and "DEFAULT@SECLEVEL=0" or nil,
  }))
  connection:settimeout(0)
  while true do
    local ok, err = connection:dohandshake()
    if ok then return connection end
    if not wanted(err) then return nil end
    wait(connection, wanted(err))
  end
end

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

local function serve(plain)
  local c = setmetatable({ socket = plain, input = "", number = stats.connections }, Connection)
  if mode == "proxy" and not open_tunnel(c) then return plain:close() end
  if mode ~= "http" then c.socket = handshake(plain) end
  if not c.socket then return plain:close() end
  local request = c:request()
  while request and answer(c, request) do request = c:request() end
  c.socket:close()
end

local function resume(co, ...)
  local _, request = coroutine.resume(co, ...)
  waiting[co] = coroutine.status(co) == "suspended" and request or nil
end

local stdin = {
  getfd = function() return 0 end,
  dirty = function() return false end,
}

local function ready_sets(listener)
  local readers, writers, nearest = { listener, stdin }, {}, 1
  for _, w in pairs(waiting) do
    if w.want == "read" then readers[#readers + 1] = w.socket end
    if w.want == "write" then writers[#writers + 1] = w.socket end
    if w.at then nearest = math.max(0, math.min(nearest, w.at - socket.gettime())) end
  end
  return readers, writers, nearest
end

local function accept(listener)
  local plain = listener:accept()
  if not plain then return end
  stats.connections = stats.connections + 1
  plain:settimeout(0)
  plain:setoption("tcp-nodelay", true)
  stats.open = stats.open + 1
  resume(coroutine.create(function()
    serve(plain)
    stats.open = stats.open - 1
  end))
end

local function due(w, readable, writable)
  if w.at then return socket.gettime() >= w.at end
  return w.want == "read" and readable[w.socket] or w.want == "write" and writable[w.socket]
end

local function run(listener)
  while true do
    local readable, writable = socket.select(ready_sets(listener))
    if readable[stdin] then return end
    if readable[listener] then accept(listener) end
    local runnable = {}
    for co, w in pairs(waiting) do
      if due(w, readable, writable) then runnable[#runnable + 1] = co end
    end
    for _, co in ipairs(runnable) do resume(co) end
  end
end

local listener = assert(socket.bind("127.0.0.1", 0, 1024))
listener:settimeout(0)
local _, port = listener:getsockname()
io.stdout:write(port, "\n")
io.stdout:flush()
run(listener)

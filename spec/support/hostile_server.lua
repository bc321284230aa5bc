--- A server inside the spec's own process: a script says byte by byte what a
-- connection gets to see. It and the http object take turns, so what happens
-- in which order is the spec's to decide.

local core = require "cognito.core"
local socket = require "socket"

local M = {}

local LIMIT = 20 -- seconds after which an exchange has hung

-- ---- what a script can do: it runs in a coroutine ----

local Peer = {}
Peer.__index = Peer

local function wait(want, seconds)
  coroutine.yield { want = want, at = seconds and core.clock() + seconds }
end

local function wanted(err)
  if err == "timeout" or err == "wantread" then return "read" end
  if err == "wantwrite" then return "write" end
end

local function gone()
  error({ gone = true }, 0)
end

--- Sends all of it, however slowly the client reads.
function Peer:send(text)
  local from = 1
  while from <= #text do
    local last, err, partial = self.socket:send(text, from)
    if not last and not wanted(err) then gone() end
    from = (last or partial) + 1
    if not last then wait(err == "wantread" and "read" or "write") end
  end
end

--- Sends the same text until the client has had enough.
function Peer:send_forever(text)
  while true do
    self:send(text)
    wait "write"
  end
end

--- Sends one byte at a time.
function Peer:trickle(text)
  for byte in text:gmatch "." do
    self:send(byte)
    wait(nil, 0.02)
  end
end

function Peer:pause(seconds)
  wait(nil, seconds)
end

-- More bytes into self.input.
function Peer:more()
  local text, err, partial = self.socket:receive(8192)
  text = text or partial or ""
  self.input = self.input .. text
  if text ~= "" then return end
  if not wanted(err) then gone() end
  wait(wanted(err))
end

--- Waits until so many bytes have come.
function Peer:await(bytes)
  while #self.input < bytes do self:more() end
end

--- One request with all of its body.
function Peer:request()
  local head
  repeat
    head = self.input:match "^.-\r\n\r\n"
    if not head then self:more() end
  until head
  self:await(#head + (tonumber(head:match "Content%-Length: (%d+)") or 0))
  self.input = ""
  return head
end

--- Neither reads nor answers any more.
function Peer:stall()
  wait(nil, 3600)
end

function Peer:close()
  self.socket:close()
end

--- From here on TLS.
-- @tparam table pair certificate and key
function Peer:handshake(pair)
  local ssl = require "ssl"
  self.socket = assert(ssl.wrap(self.socket, {
    mode = "server", protocol = "any", certificate = pair[1], key = pair[2],
  }))
  self.socket:settimeout(0)
  local ok, err = self.socket:dohandshake()
  while not ok do
    if not wanted(err) then gone() end
    wait(wanted(err))
    ok, err = self.socket:dohandshake()
  end
end

--- Closes with a reset instead of an orderly end.
function Peer:reset()
  self.socket:setoption("linger", { on = true, timeout = 0 })
  self.socket:close()
end

-- ---- the server ----

local Server = {}
Server.__index = Server

--- Listens on a port that the system picks.
-- @treturn table server: `port`, `accepted` (connections so far), `script`
--   (what the connections to come get, a function of the peer)
function M.listen()
  local listener = assert(socket.bind("127.0.0.1", 0, 64))
  listener:settimeout(0)
  local _, port = listener:getsockname()
  return setmetatable({ listener = listener, port = port, accepted = 0, peers = {} }, Server)
end

function Server:url(scheme)
  return ("%s://127.0.0.1:%d/"):format(scheme or "http", self.port)
end

local function resume(peer)
  local ok, request = coroutine.resume(peer.co, peer)
  if not ok then
    if type(request) ~= "table" or not request.gone then error(request, 0) end
    peer.socket:close()
  end
  peer.waits = coroutine.status(peer.co) == "suspended" and request or nil
end

function Server:accept()
  local connection = self.listener:accept()
  if not connection then return end
  self.accepted = self.accepted + 1
  connection:settimeout(0)
  connection:setoption("tcp-nodelay", true)
  local peer = setmetatable({ socket = connection, input = "", co = coroutine.create(self.script) }, Peer)
  self.peers[peer] = true
  resume(peer)
end

local function due(peer, readable, writable)
  local waits = peer.waits
  if waits.at then return core.clock() >= waits.at end
  return waits.want == "read" and readable[peer.socket] or waits.want == "write" and writable[peer.socket]
end

-- What to wait for: the listener, the client and whatever scripts wait for.
function Server:select(client, seconds)
  local readers, writers = { self.listener, client }, {}
  for peer in pairs(self.peers) do
    local waits = peer.waits
    if waits.want == "read" then readers[#readers + 1] = peer.socket end
    if waits.want == "write" then writers[#writers + 1] = peer.socket end
    if waits.at then seconds = math.max(0, math.min(seconds, waits.at - core.clock())) end
  end
  return socket.select(readers, writers, seconds)
end

function Server:turn(client, seconds)
  local readable, writable = self:select(client, seconds)
  local runnable = {}
  for peer in pairs(self.peers) do
    if due(peer, readable, writable) then runnable[#runnable + 1] = peer end
  end
  for _, peer in ipairs(runnable) do resume(peer) end
  if readable[self.listener] then self:accept() end
  for peer in pairs(self.peers) do
    if not peer.waits then self.peers[peer] = nil end
  end
end

--- Plays on, together with an http object, until `finished` returns a value
-- that is not nil.
-- @treturn any that value
function Server:play(http, finished)
  local deadline = core.clock() + LIMIT
  local client = { getfd = function() return http:pollfd() end, dirty = function() return false end }
  repeat
    self:turn(client, math.min(http:timeout() or 1, 1))
    http:step(0)
    local value = finished()
    if value ~= nil then return value end
  until core.clock() > deadline
  error "the exchange hung"
end

--- One request of an http object, while the server plays its part.
-- @treturn table|nil response
-- @treturn nil|table error
function Server:exchange(http, request, options)
  local id = assert(http:start(request, options))
  local outcome = self:play(http, function()
    local taken, response, err = http:take()
    return taken == id and { response, err } or nil
  end)
  return outcome[1], outcome[2]
end

function Server:stop()
  for peer in pairs(self.peers) do peer.socket:close() end
  self.peers = {}
  self.listener:close()
end

return M

--- Connections that servers of specs answer without blocking. The script of
-- each runs in a coroutine, which is suspended while its connection is not
-- ready; a set of them takes turns with whatever else the server waits for.

local c_locale = require "cognito.c_locale"
local socket = require "socket"

local M = {}

local GONE = {} -- the error of a script whose client has hung up

-- ---- what a script can do with its connection ----

local Peer = {}
Peer.__index = Peer

-- Suspends a script until its connection can be read or written, or for a time.
local function wait(want, seconds)
  coroutine.yield { want = want, at = seconds and socket.gettime() + seconds }
end

local function wanted(err)
  if err == "timeout" or err == "wantread" then return "read" end
  if err == "wantwrite" then return "write" end
  error(GONE, 0)
end

--- Suspends a script.
-- @tparam number seconds
function M.sleep(seconds)
  wait(nil, seconds)
end

--- Sends all of it, however slowly the client reads.
-- @tparam string text
function Peer:send(text)
  local from = 1
  while from <= #text do
    local last, err, partial = self.socket:send(text, from)
    from = (last or partial or from - 1) + 1
    if not last then wait(err == "timeout" and "write" or wanted(err)) end
  end
end

--- Sends the same text until the client has had enough.
-- @tparam string text
function Peer:send_forever(text)
  while true do
    self:send(text)
    wait "write"
  end
end

--- Sends one byte at a time.
-- @tparam string text
function Peer:trickle(text)
  for byte in text:gmatch "." do
    self:send(byte)
    wait(nil, 0.02)
  end
end

--- Sends a whole reply.
-- @tparam string status with its reason
-- @tparam ?string headers lines
-- @tparam string body
function Peer:reply(status, headers, body)
  self:send(("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s"):format(status, headers or "", #body, body))
end

--- Does nothing for a time.
-- @tparam number seconds
function Peer:pause(seconds)
  wait(nil, seconds)
end

--- Neither reads nor answers any more.
function Peer:stall()
  wait(nil, 3600)
end

-- More bytes, once there are any.
local function more(peer)
  while true do
    local text, err, partial = peer.socket:receive(65536)
    text = text or partial or ""
    if text ~= "" then return text end
    wait(wanted(err))
  end
end

--- More bytes into `input`.
function Peer:more()
  self.input = self.input .. more(self)
end

--- Waits until so many bytes have come. They are joined once: a request of
-- megabytes comes in hundreds of pieces.
-- @tparam integer bytes
function Peer:await(bytes)
  local parts, length = { self.input }, #self.input
  while length < bytes do
    parts[#parts + 1] = more(self)
    length = length + #parts[#parts]
  end
  self.input = table.concat(parts)
end

--- Reads until the client has had enough.
function Peer:hang()
  while true do self:more() end
end

--- One request with all of its body.
-- @treturn table `path`, `head` (with the empty line), `body`, `bytes` (both)
function Peer:request()
  local head
  repeat
    head = self.input:match "^.-\r\n\r\n"
    if not head then self:more() end
  until head
  local length = #head + (tonumber(c_locale.lower(head):match "\r\ncontent%-length: *(%d+)") or 0)
  self:await(length)
  local bytes = self.input:sub(1, length)
  self.input = self.input:sub(length + 1)
  local line = bytes:gsub("^(%S+) http://[^/%s]*", "%1 ", 1) -- as a proxy gets it
  return { path = line:match "^%S+ (/[^%s?]*)", head = head, body = bytes:sub(#head + 1), bytes = bytes }
end

--- From here on TLS.
-- @tparam {string,string} pair certificate and key
-- @tparam[opt] table options of LuaSec: `protocol`, `ciphers`
function Peer:handshake(pair, options)
  local ssl = require "ssl"
  self.below = self.socket
  self.socket = assert(ssl.wrap(self.socket, {
    mode = "server", certificate = pair[1], key = pair[2], protocol = options and options.protocol or "any",
    ciphers = options and options.ciphers,
  }))
  self.socket:settimeout(0)
  local ok, err = self.socket:dohandshake()
  while not ok do
    wait(wanted(err))
    ok, err = self.socket:dohandshake()
  end
end

function Peer:close()
  self.socket:close()
end

--- Ends the connection below TLS, whose own end is not sent.
function Peer:cut()
  self.below:setfd(self.socket:getfd())
  self.below:shutdown "send"
  self.below:setfd(-1)
end

--- Makes the end of the connection, whenever it comes, a reset.
function Peer:reset_at_end()
  self.socket:setoption("linger", { on = true, timeout = 0 })
end

--- Closes with a reset instead of an orderly end.
function Peer:reset()
  self:reset_at_end()
  self.socket:close()
end

-- ---- sets ----

local Set = {}
Set.__index = Set

--- A set of connections.
-- @treturn table set: `count` (those whose script has not ended)
function M.new()
  return setmetatable({ members = {}, count = 0 }, Set)
end

local function end_of(self, peer)
  if self.members[peer] then self.count = self.count - 1 end
  self.members[peer] = nil
end

-- An error of a script is raised, unless it says that the client has gone.
local function resume(self, peer)
  local ok, request = coroutine.resume(peer.co, peer)
  if ok and coroutine.status(peer.co) == "suspended" then
    peer.waits = request
    return
  end
  end_of(self, peer)
  if ok then return end
  peer.socket:close()
  if request == GONE then return end
  error(type(request) == "string" and debug.traceback(peer.co, request) or request, 0)
end

--- Accepts a connection, if one has come, and begins its script.
-- @param listener of LuaSocket
-- @tparam function script takes the peer
function Set:accept(listener, script)
  local connection = listener:accept()
  if not connection then return end
  connection:settimeout(0)
  connection:setoption("tcp-nodelay", true)
  local peer = setmetatable({ socket = connection, input = "", co = coroutine.create(script) }, Peer)
  self.members[peer], self.count = true, self.count + 1
  resume(self, peer)
end

--- Waits until a connection or something else is ready.
-- @tparam table readers what else to read from; the set adds to it
-- @tparam number seconds at most
-- @treturn table what can be read
-- @treturn table what can be written
function Set:select(readers, seconds)
  local writers = {}
  for peer in pairs(self.members) do
    local waits = peer.waits
    if waits.want == "read" then readers[#readers + 1] = peer.socket end
    if waits.want == "write" then writers[#writers + 1] = peer.socket end
    if waits.at then seconds = math.max(0, math.min(seconds, waits.at - socket.gettime())) end
  end
  return socket.select(readers, writers, seconds)
end

local function is_due(peer, readable, writable)
  local waits = peer.waits
  if waits.at then return socket.gettime() >= waits.at end
  return waits.want == "read" and readable[peer.socket] or waits.want == "write" and writable[peer.socket]
end

--- Resumes the scripts whose connections are ready, or whose time has come.
-- @tparam table readable
-- @tparam table writable
function Set:go_on(readable, writable)
  local due = {}
  for peer in pairs(self.members) do
    if is_due(peer, readable, writable) then due[#due + 1] = peer end
  end
  for _, peer in ipairs(due) do resume(self, peer) end
end

--- Ends all connections and forgets their scripts.
-- @tparam[opt="close"] string how, or "reset"
function Set:drop(how)
  for peer in pairs(self.members) do peer[how or "close"](peer) end
  self.members, self.count = {}, 0
end

--- A descriptor, as LuaSocket's select wants one.
-- @tparam function getfd returns its number
-- @treturn table
function M.descriptor(getfd)
  return { getfd = getfd, dirty = function() return false end }
end

return M

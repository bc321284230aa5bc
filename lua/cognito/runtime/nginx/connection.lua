--- One connection inside nginx: a cosocket, given up in time.
--
-- Where an operation fails it returns nil and a fault, `{ code, words, sent }`.
-- @module cognito.runtime.nginx.connection

local dial = require "cognito.runtime.nginx.dial"

local M = {}

local ngx = rawget(_G, "ngx")

local POOL_SIZE = 64 -- idle connections of a worker, in one pool
local PIECE = 8192 -- bytes to ask for at once

-- A single write of so many bytes goes out whole or not at all: an idle socket
-- has room for at least this. So when sending it fails, nothing has left.
local ONE_WRITE = 4096 -- bytes

-- Milliseconds on nginx's own clock that only goes forward. It stands still
-- while Lua runs, and goes on whenever nginx waited for something.
local function find_clock()
  local found, time = pcall(require, "resty.core.time")
  return found and time.monotonic_time or ngx.now
end

M.clock = find_clock()

local clock = M.clock

local connection = {}
local connection_mt = { __index = connection }

local function fault(code, words, sent)
  return nil, { code = code, words = words or "nginx does not say why", sent = sent }
end

-- Sets how long the next operation may take; false when there is no time left.
local function set_time(self, deadline)
  local left = deadline - clock()
  if left ~= self.time then
    self.time = left
    local milliseconds = math.max(math.ceil(left * 1000), 1)
    self.socket:settimeouts(milliseconds, milliseconds, milliseconds)
  end
  return left > 0
end

-- ---- opening ----

-- A socket of its own, or the one that reached an address of a name.
local function find_socket(self, target, pool)
  if not target.is_address then
    return dial.connect(target, pool, self.connect_by, clock)
  end
  self.socket = ngx.socket.tcp()
  set_time(self, self.connect_by)
  local ok, err = self.socket:connect(target.host, target.port, pool)
  if not ok and err == "timeout" then
    return nil, "it could not be reached in time", "timeout"
  end
  return ok and self.socket, err, "connect"
end

local function connect(self, target, pool)
  local socket, err, code = find_socket(self, target, pool)
  if not socket then
    return fault(code, err, false)
  end
  if socket ~= self.socket then
    self.socket, self.time = socket, nil
  end
  self.is_reused = socket:getreusedtimes() > 0
  return true
end

-- The name is always given and always checked. nginx may raise where the
-- certificate is another's.
local function shake_hands(self, target)
  if not set_time(self, self.connect_by) then
    return fault("timeout", "there was no time for a handshake", false)
  end
  local called, session, err = pcall(self.socket.sslhandshake, self.socket, nil, target.host, true)
  if called and session then
    self.is_new_tls = true
    return true
  elseif called and err == "timeout" then
    return fault("timeout", "the handshake took too long", false)
  end
  return fault("tls", called and err or tostring(session), false)
end

-- The idle time is part of the name, because a pool does not tell how long a
-- connection has been in it: no connection of this one has been for longer.
local function pool_of(target, max_idle)
  local pool = target.pools[max_idle]
  if not pool then
    pool = { pool = ("cognito %s://%s:%d sni=%s verify=on idle=%.14g"):format(
      target.scheme, target.host, target.port, target.host, max_idle) }
    target.pools[max_idle] = pool
  end
  return pool
end

--- Opens a connection, or takes an idle one.
-- @tparam table target see `cognito.core.request_url`
-- @tparam table limits `connect_by` and `deadline` on `M.clock`; `max_idle`,
--   the seconds that a connection may have been idle
-- @treturn[1] table connection: `is_reused`, and the methods below
-- @treturn[2] nil
-- @treturn[2] table fault
function M.open(target, limits)
  local self = setmetatable({
    connect_by = limits.connect_by, deadline = limits.deadline, max_idle = limits.max_idle,
  }, connection_mt)
  if self.connect_by <= clock() then
    return fault("timeout", "there was no time to connect", false)
  end
  local good, err = connect(self, target, pool_of(target, limits.max_idle))
  self.connected_at = clock()
  if good and target.scheme == "https" and not self.is_reused then
    good, err = shake_hands(self, target)
    self.secured_at = clock()
  end
  if not good then
    self:close()
    return nil, err
  end
  return self
end

-- ---- using ----

--- Sends a request.
-- @tparam {string,string} bytes all of it, one after the other
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table fault
function connection:send(bytes)
  if not set_time(self, self.deadline) then
    return fault("timeout", "there was no time to send the request", false)
  end
  local sent, err = self.socket:send(bytes)
  if sent then
    return true
  elseif err == "timeout" then
    return fault("timeout", "the request could not be sent in time", true)
  end
  -- nginx has been seen to call a handshake done on a connection that was
  -- closed in it.
  return fault(self.is_new_tls and "tls" or "connection_lost", err, #bytes[1] + #bytes[2] > ONE_WRITE)
end

--- The next bytes that come in.
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] table fault, with `ended` where the other side closed
function connection:more()
  if not set_time(self, self.deadline) then
    return fault("timeout", "the reply is not complete", true)
  end
  local bytes, err = self.socket:receiveany(PIECE)
  self.first_byte_at = self.first_byte_at or clock()
  if bytes then
    return bytes
  elseif err == "timeout" then
    return fault("timeout", "the reply is not complete", true)
  end
  return nil, { code = "connection_lost", words = err, sent = true, ended = err == "closed" }
end

--- Puts the connection to rest, for others to use; closes it where that
-- cannot be.
function connection:rest()
  if self.max_idle == 0 or not self.socket:setkeepalive(self.max_idle * 1000, POOL_SIZE) then
    self:close()
  end
end

--- Closes the connection.
function connection:close()
  if self.socket then
    self.socket:close()
  end
end

return M

--- The sandbox over HTTP: one thread, select, several connections at once.
--
-- For development on one machine: it listens on loopback only, and a request
-- must name loopback in its Host header, so that no page in a browser can
-- reach it through a name of its own (DNS rebinding).
--
-- @module cognito.sandbox.server
local socket = require "socket"
local connection = require "cognito.sandbox.connection"
local control = require "cognito.sandbox.control"

local M = {}

-- select() takes no descriptor beyond 1023.
local MAX_CONNECTIONS = 200
local MAX_IDLE = 60 -- seconds
local LONGEST_WAIT = 3600 -- seconds; select refuses what no clock can count

local Server = {}
Server.__index = Server

local function listen(host, port)
  local listener = assert(host:find ":" and socket.tcp6() or socket.tcp4())
  assert(listener:setoption("reuseaddr", true))
  local ok, err = listener:bind(host, port)
  if ok then
    ok, err = listener:listen(1024)
  end
  if not ok then
    listener:close()
    return nil, err
  end
  listener:settimeout(0)
  return listener
end

-- An address that means all of this machine's own is reached by loopback here.
local here = { ["0.0.0.0"] = "127.0.0.1", ["::"] = "::1" }

local function url_of(host, port)
  host = here[host] or host
  return ("http://%s:%d"):format(host:find ":" and "[" .. host .. "]" or host,
    port)
end

--- Opens a sandbox to HTTP.
-- @tparam table box from `cognito.sandbox`
-- @tparam table options `host` (a loopback address), `port` (0: the system
--   picks), `report` (called with a line when something is wrong with us),
--   `lifeline` (an object with `getfd`; the server stops when it ends),
--   `max_idle` (60: seconds after which a silent connection is closed),
--   `remote` (true: any address, and any name in the Host header)
-- @treturn table|nil server
-- @treturn string|nil why not
function M.open(box, options)
  local host = options.host == "localhost" and "127.0.0.1" or options.host
  if not options.remote and not control.is_loopback(host) then
    return nil, "the sandbox listens on loopback only, not on " .. host
  end
  local listener, err = listen(host, options.port)
  if not listener then
    return nil, err
  end
  local _, port = listener:getsockname()
  return setmetatable({ box = box, listener = listener, connections = {},
    report = options.report, lifeline = options.lifeline,
    max_idle = options.max_idle or MAX_IDLE,
    remote = options.remote, url = url_of(host, port) }, Server)
end

-- Room for one more: the connection that has been idle for longest has to go, as with any
-- server that keeps connections open.
function Server:make_room()
  local longest, since
  for i, each in ipairs(self.connections) do
    local rests_since = each:rests_since()
    if rests_since and (not since or rests_since < since) then
      longest, since = i, rests_since
    end
  end
  if longest then
    table.remove(self.connections, longest):close()
  end
  return longest ~= nil
end

function Server:accept()
  local client = self.listener:accept()
  if not client then
    return
  end
  if #self.connections >= MAX_CONNECTIONS and not self:make_room() then
    client:close()
    return
  end
  self.connections[#self.connections + 1] = connection.new(client, self)
end

-- The sockets that select watches, and for how long at most.
function Server:interests()
  local readers, writers = { self.listener, self.lifeline }, {}
  local due = math.huge
  for _, each in ipairs(self.connections) do
    if each:wants_to_read() then
      readers[#readers + 1] = each.client
    end
    if each:wants_to_write() then
      writers[#writers + 1] = each.client
    end
    due = math.min(due, each:due())
  end
  local limit = math.max(0, due - socket.gettime())
  return readers, writers, math.min(limit, LONGEST_WAIT)
end

function Server:sweep()
  local kept = {}
  for _, each in ipairs(self.connections) do
    if each:over() then
      each:close()
    else
      kept[#kept + 1] = each
    end
  end
  self.connections = kept
end

--- Serves what is ready, or waits for something to be.
-- @tparam[opt] number timeout seconds at most; for ever when left out
-- @treturn boolean false once the lifeline has ended
function Server:step(timeout)
  local readers, writers, limit = self:interests()
  limit = math.min(limit, timeout or limit)
  local readable = socket.select(readers, writers, limit)
  if self.lifeline and readable[self.lifeline]
    and not self.lifeline:alive() then
    return false
  end
  if readable[self.listener] then
    self:accept()
  end
  for _, each in ipairs(self.connections) do
    each:serve(readable[each.client])
  end
  self:sweep()
  return true
end

--- Serves until the lifeline ends; for ever without one.
function Server:run()
  while self:step() do end -- luacheck: ignore 542
  self:close()
end

--- Closes every connection and the listener.
function Server:close()
  for _, each in ipairs(self.connections) do
    each:close()
  end
  self.connections = {}
  self.listener:close()
end

return M

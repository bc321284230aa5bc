--- A server inside the spec's own process: a script says byte by byte what a
-- connection gets to see. It and the http object take turns, so what happens
-- in which order is the spec's to decide.

local core = require "cognito.core"
local peers = require "spec.support.peers"
local socket = require "socket"

local M = {}

local LIMIT = 60 -- seconds after which an exchange has hung

local Server = {}
Server.__index = Server

--- Listens on a port that the system picks.
-- @treturn table server: `port`, `accepted` (connections so far), `script`
--   (what the connections to come get, a function of the peer)
function M.listen()
  local listener = assert(socket.bind("127.0.0.1", 0, 1024))
  listener:settimeout(0)
  local _, port = listener:getsockname()
  return setmetatable({ listener = listener, port = port, accepted = 0, peers = peers.new() }, Server)
end

function Server:url(scheme)
  return ("%s://127.0.0.1:%d/"):format(scheme or "http", self.port)
end

--- One turn: waits until the client or a connection is ready, or for so many
-- seconds.
-- @param client as LuaSocket's select wants it
-- @tparam number seconds
function Server:turn(client, seconds)
  local readable, writable = self.peers:select({ self.listener, client }, seconds)
  self.peers:go_on(readable, writable)
  if not readable[self.listener] then return end
  self.peers:accept(self.listener, function(peer)
    self.accepted = self.accepted + 1
    self.script(peer)
  end)
end

--- Plays on, together with an http object, until `finished` returns a value
-- that is not nil.
-- @treturn any that value
function Server:play(http, finished)
  local deadline = core.clock() + LIMIT
  local client = peers.descriptor(function() return http:pollfd() end)
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
  self.peers:drop()
  self.listener:close()
end

return M

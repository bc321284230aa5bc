--- Detours of the matrix of sends: where the first attempt cannot succeed.
local socket = require "socket"

local M = {}

-- Listeners that no process accepts from. The queue of `full` is full: a client
-- that connects waits. Connections to `mute` stand, and stay silent.
local function listener(queue)
  local server = assert(socket.tcp())
  assert(server:bind("127.0.0.1", 0))
  assert(server:listen(queue))
  return { server = server, port = select(2, server:getsockname()) }
end

local function fill(full)
  full.waiting = {}
  for i = 1, 4 do
    full.waiting[i] = socket.tcp()
    full.waiting[i]:settimeout(0)
    full.waiting[i]:connect("127.0.0.1", full.port)
  end
  return full
end

-- Kept by the module: a held port belongs to no other process.
local held = {}

local function port_of(name, make)
  held[name] = held[name] or make()
  return held[name].port
end

local function refusing()
  local one = assert(socket.tcp())
  assert(one:bind("127.0.0.1", 0)) -- and never listens
  return { server = one, port = select(2, one:getsockname()) }
end

local detours = {}

function detours.refused()
  return { url = ("http://127.0.0.1:%d/"):format(port_of("refused", refusing)) }
end

-- No label is that long (RFC 1035, section 2.3.4): no server is asked for it.
local UNKNOWN = "https://" .. ("x"):rep(64) .. ".invalid/"

function detours.unknown()
  return { url = UNKNOWN }
end

function detours.https(endpoint)
  return { url = endpoint:gsub("^http:", "https:") .. "/" }
end

function detours.full()
  return { url = ("http://127.0.0.1:%d/"):format(port_of("full", function() return fill(listener(0)) end)) }
end

function detours.mute()
  return { url = ("https://127.0.0.1:%d/"):format(port_of("mute", function() return listener(128) end)) }
end

function detours.proxy()
  return { url = UNKNOWN, proxy = ("http://127.0.0.1:%d"):format(port_of("refused", refusing)) }
end

--- Where a detour leads.
-- @tparam string name
-- @tparam string endpoint where the way would have led
-- @treturn table `url`, and `proxy` where one is to be used
function M.find(name, endpoint)
  return detours[name](endpoint)
end

return M

--- Starts and stops a server of spec/support as a process of its own.

local core = require "cognito.core"

local M = {}

-- The interpreter that runs the specs: the first word of its command line.
local function interpreter()
  local first = 0
  while arg[first - 1] do first = first - 1 end
  return arg[first]
end

local function read_port(path)
  local file = assert(io.open(path))
  local port = file:read("*a"):match "^(%d+)\n"
  file:close()
  return tonumber(port)
end

local function await_port(path)
  for _ = 1, 1000 do
    local port = read_port(path)
    if port then return port end
    core.sleep(0.005)
  end
  error "the test server did not start"
end

local Server = {}
Server.__index = Server

-- A shell ends the server when its own input does, whatever the server is at:
-- LuaSec 1.3 can loop for ever in a handshake that was refused. The server may
-- watch the same input.
local KEEPER = "exec 3<&0; %s <&3 3<&- >%s & exec 3<&- 2>/dev/null; read _; kill $!; wait $!"

--- Starts a server that prints its port. It outlives neither `stop` nor this
-- process.
-- @tparam string script
-- @tparam string ... its arguments
-- @treturn table server: `port`, and `stop()`
function M.start_script(script, ...)
  local path = os.tmpname()
  local words = { interpreter(), script, ... }
  local pipe = assert(io.popen(KEEPER:format(table.concat(words, " "), path), "w"))
  local port = await_port(path)
  os.remove(path)
  return setmetatable({ pipe = pipe, port = port }, Server)
end

--- Starts http_server.lua.
-- @tparam string ... mode, certificate, key, protocol
-- @treturn table server
function M.start(...)
  return M.start_script("spec/support/http_server.lua", ...)
end

--- The URL of a route without TLS.
-- @tparam[opt="/"] string path
-- @treturn string
function Server:url(path)
  return ("http://127.0.0.1:%d%s"):format(self.port, path or "/")
end

--- Ends the process and waits for it.
function Server:stop()
  self.pipe:close()
end

return M

--- Starts and stops a server of spec/support as a process of its own.

local process = require "spec.support.process"

local M = {}

local Server = {}
Server.__index = Server

--- Starts a server that prints its port. It outlives neither `stop` nor this
-- process.
-- @tparam string script
-- @tparam string ... its arguments
-- @treturn table server: `port`, and `stop()`
function M.start_script(script, ...)
  local running = process.start(process.words { process.interpreter(), script, ... })
  return setmetatable({ process = running, port = tonumber(running:await("^(%d+)\n", "the test server")) }, Server)
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
  self.process:stop()
end

return M

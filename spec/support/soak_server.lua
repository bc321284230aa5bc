--- Starts and stops spec/c/soak_server.c.

local child = require "spec.support.child"
local core = require "cognito.core"
local process = require "spec.support.process"

local M = {}

local Server = {}
Server.__index = Server

--- Starts one. It outlives neither `stop` nor this process.
-- @tparam integer calls that it counts
-- @tparam[opt=10] integer chance of each fault, among a thousand requests
-- @tparam[opt] integer port one that the system picks unless given
-- @treturn table server: `url` (without a path), `port`
function M.start(calls, chance, port)
  local program = child.library("spec.c.forker"):gsub("forker%.so$", "soak_server")
  local running = process.start(process.words { program, calls, chance or 10, port or 0 }, { ends = true })
  local taken = tonumber(running:await("^(%d+)\n", "the server of the soak"))
  return setmetatable({ process = running, port = taken, url = "http://127.0.0.1:" .. taken }, Server)
end

--- The server's other counts.
-- @treturn table `connections` that are open, `requests`, `executions`, `faults` (how many
--   happened), `never` (names of those that did not)
function Server:stats()
  local http, body = core.http { timeout = 10 }, nil
  while not body do -- it may break off
    local response = http:send { method = "GET", url = self.url .. "/faults" }
    body = response and response.body
  end
  http:close()
  local stats = { faults = 0, never = {} }
  stats.connections, stats.requests, stats.executions = body:match "^(%d+) (%d+) (%d+)\n"
  for name, text in pairs(stats) do stats[name] = tonumber(text) or text end
  for count, name in body:gmatch "\n(%d+) ([^\n]+)" do
    stats.faults = stats.faults + tonumber(count)
    if count == "0" then stats.never[#stats.never + 1] = name end
  end
  return stats
end

--- Ends it and waits for that.
function Server:stop()
  self.process:stop()
end

return M

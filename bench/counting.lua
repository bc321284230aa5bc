--- Counts the instructions of one call: those of many less those of few, so
-- that a process's start and end do not count.

local programs = require "bench.programs"
local same = require "bench.same"

local M = {}

-- Calls. With many in flight, all connections have to be there when counting
-- begins.
local ALONE = { 20, 120 }
local TOGETHER = { 200, 2200 }

local function difference(few, many, calls)
  return math.floor((programs.instructions(many) - programs.instructions(few)) / calls / 100 + 0.5) * 100
end

--- Work without I/O.
-- @tparam string name in bench/work.lua
-- @treturn number
function M.of_work(name)
  local function command(n)
    return programs.in_lua(("work.lua '%s' %d count"):format(name, n))
  end
  return difference(command(ALONE[1]), command(ALONE[2]), ALONE[2] - ALONE[1])
end

-- Programs that talk to a server make a tenth more calls, to warm up.
local function of_network(in_flight, command)
  local few, many = ALONE[1], ALONE[2]
  if in_flight then
    few, many = TOGETHER[1], TOGETHER[2]
  end
  return difference(command(few), command(many), (many - few) * 1.1)
end

--- Calls of ours over the network.
-- @tparam table server
-- @tparam string program in bench/calls.lua
-- @tparam string operation
-- @tparam[opt] number in_flight
-- @treturn number
function M.of_calls(server, program, operation, in_flight)
  return of_network(in_flight, function(n)
    return programs.in_lua("calls.lua " .. program .. programs.arguments(server, n, operation, in_flight))
  end)
end

--- Calls of the C loop.
-- @tparam table server
-- @tparam string operation
-- @treturn number
function M.of_c(server, operation)
  local headers = same.client_headers(server, operation)
  return of_network(nil, function(n)
    return programs.in_c "easy" .. programs.arguments(server, n, operation, "", headers)
  end)
end

return M

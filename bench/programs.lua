--- The programs of the bench: how they are called, and their numbers.

local M = {}

--- The folder of the C programs, the command of Lua, the number of rounds.
M.directory, M.lua, M.rounds = nil, nil, 1

--- The output of a command.
-- @tparam string command
-- @treturn string
function M.capture(command)
  local pipe = assert(io.popen(command))
  local output = pipe:read "*a"
  pipe:close()
  return output
end

--- The numbers that a program prints.
-- @tparam string command
-- @treturn {number,...}
function M.numbers(command)
  local found = {}
  for number in M.capture(command):gmatch "[%d.]+" do
    found[#found + 1] = tonumber(number)
  end
  assert(found[2], "failed: " .. command)
  return found
end

--- The instructions of a program, all its libraries' included.
-- @tparam string command
-- @treturn number
-- @raise without callgrind, and when the program fails
function M.instructions(command)
  local output = M.capture("(valgrind --tool=callgrind --callgrind-out-file=/dev/null " .. command
    .. "; echo status $?) 2>&1")
  assert(output:find "status 0", output)
  return assert(tonumber(output:match "Collected : (%d+)"), output)
end

--- Runs all commands in turns.
-- @tparam table commands by name
-- @treturn table each one's numbers of all rounds, by name and position
function M.in_turns(commands)
  local all = {}
  for _ = 1, M.rounds do
    for name, command in pairs(commands) do
      all[name] = all[name] or {}
      for position, number in ipairs(M.numbers(command)) do
        local list = all[name][position] or {}
        all[name][position] = list
        list[#list + 1] = number
      end
    end
  end
  return all
end

-- Which of the three that `process` prints.
local columns = { "cpu", "wall", "memory" }

--- Whole processes, in turns.
-- @tparam number runs of each in one turn
-- @tparam table commands by name
-- @treturn table by name the lists `cpu` and `wall`, microseconds, and `memory`,
--   KiB at most
function M.processes(runs, commands)
  local measuring = {}
  for name, command in pairs(commands) do
    measuring[name] = ("%s %d %s"):format(M.in_c "process", runs, command)
  end
  local gathered = {}
  for name, positions in pairs(M.in_turns(measuring)) do
    local program = { cpu = {}, wall = {}, memory = {} }
    for position, list in ipairs(positions) do
      local column = program[columns[(position - 1) % 3 + 1]]
      for _, number in ipairs(list) do
        column[#column + 1] = number
      end
    end
    gathered[name] = program
  end
  return gathered
end

--- A command on a given CPU; client and server have theirs, or the scheduler's
-- choices would be measured.
-- @tparam number cpu
-- @tparam string command
-- @treturn string
function M.on_cpu(cpu, command)
  return ("taskset -c %d %s"):format(cpu, command)
end

--- A program in C.
-- @tparam string program
-- @treturn string
function M.in_c(program)
  return M.directory .. "/" .. program
end

--- A program in Lua.
-- @tparam string program
-- @treturn string
function M.in_lua(program)
  return ("%s bench/%s"):format(M.lua, program)
end

--- The words after a program's name.
-- @tparam table server
-- @tparam number n calls
-- @tparam string operation
-- @tparam[opt] string|number mode
-- @tparam[opt] string headers
-- @treturn string
function M.arguments(server, n, operation, mode, headers)
  return (" %s %s %d %s '%s' '%s'"):format(server.url, server.ca_path, n, operation, mode or "", headers or "")
end

return M

--- Runs the bench and prints its report:
--
--     run.lua DIRECTORY [quick]
--
-- DIRECTORY holds the C programs; the servers work below it. What is to be
-- compared is run in turns, round after round. "quick" runs everything once
-- and briefly: that it runs, and that all send the same bytes.

local cognito = require "cognito"
local example = require "bench.example"
local figures = require "bench.figures"
local nginx = require "bench.nginx"

local directory, quick = arg[1], arg[2] == "quick"
local lua = arg[-1]

figures.judging = not quick

local rounds = quick and 1 or 9
local scale = quick and 0.005 or 1

local UNSIGNED, SIGNED = "forgot_password", "admin_reset_user_password"

local function calls(n)
  return math.max(math.floor(n * scale), 2)
end

-- ---- running ----

local function capture(command)
  local pipe = assert(io.popen(command))
  local output = pipe:read "*a"
  pipe:close()
  return output
end

-- A program's numbers: { first, second, … }.
local function numbers(command)
  local found = {}
  for number in capture(command):gmatch "[%d.]+" do
    found[#found + 1] = tonumber(number)
  end
  assert(found[2], "failed: " .. command)
  return found
end

-- All commands in turns; each one's numbers of all rounds, by position.
local function in_turns(commands)
  local all = {}
  for _ = 1, rounds do
    for name, command in pairs(commands) do
      all[name] = all[name] or {}
      for position, number in ipairs(numbers(command)) do
        local list = all[name][position] or {}
        all[name][position] = list
        list[#list + 1] = number
      end
    end
  end
  return all
end

-- Client and server on given CPUs, or the scheduler's choices would be
-- measured.
local function on_cpu(cpu, command)
  return ("taskset -c %d %s"):format(cpu, command)
end

local function in_c(program)
  return directory .. "/" .. program
end

local function in_lua(program)
  return ("%s bench/%s"):format(lua, program)
end

local function arguments(server, n, operation, mode, headers)
  return (" %s %s %d %s '%s' '%s'"):format(server.url, server.ca_path, n, operation, mode or "", headers or "")
end

-- ---- the same bytes ----

-- What the client sends besides what core.build makes, for the C programs to
-- send it, too.
local function client_headers(server)
  local sent
  local runtime = {
    send = function(_, request)
      sent = request
      return nil, { code = "aborted", kind = "network", message = "never sent", sent = false }
    end,
    sleep = function() end,
  }
  local pool = cognito.new(example.with { endpoint = server.url, runtime = runtime })
  pool[UNSIGNED](pool, example.params)
  local lines = {}
  for i = 3, #sent.headers do
    lines[#lines + 1] = table.concat(sent.headers[i], ": ")
  end
  return table.concat(lines, "\n")
end

local function check_bytes(server)
  local logged = setmetatable({ url = server.url .. "logged/" }, { __index = server })
  local function check(operation, program, headers)
    capture(in_c "easy" .. arguments(logged, 1, operation, "", headers))
    local expected = server:sent()
    assert(expected ~= "", "nothing arrived")
    capture(in_lua("calls.lua " .. program) .. arguments(logged, 1, operation))
    for line in server:sent():gmatch "[^\n]+" do
      assert(line .. "\n" == expected, program .. " does not send what the C loop sends: " .. line)
    end
  end
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    check(operation, "send")
    check(operation, "core")
    check(operation, "client", client_headers(server))
  end
end

-- ---- the parts of the report ----

local work_programs = {
  { "build, unsigned" }, { "build, signed" }, { "parse" },
  { "build and parse, unsigned", 2.5 }, { "build and parse, signed", 4 },
  { "core.sign", 2 }, { "core.uuid" }, { "pool:forgot_password, nothing sent" },
}

local function work()
  local commands = {}
  for _, row in ipairs(work_programs) do
    commands[row[1]] = on_cpu(1, in_lua(("work.lua '%s' %d"):format(row[1], calls(200000))))
  end
  local all = in_turns(commands)
  figures.print_head "without I/O, CPU us"
  for _, row in ipairs(work_programs) do
    figures.print_row { name = row[1], ours = all[row[1]][1], format = "%.2f", goal = row[2] }
  end
  local sign = in_turns { c = on_cpu(1, in_c "sign" .. (" https://-/ - %d %s"):format(calls(200000), SIGNED)) }
  figures.print_row { name = "a signature in C", c = sign.c[1], format = "%.2f" }
  figures.print_head "garbage of it, bytes"
  for _, row in ipairs(work_programs) do
    figures.print_row { name = row[1], ours = all[row[1]][2], format = "%.0f" }
  end
end

-- Instructions of one call: of many less those of few.
local function instructions(program)
  local counts = {}
  for i, n in ipairs { 10, 110 } do
    local output = capture(("valgrind --tool=callgrind --callgrind-out-file=/dev/null %s 2>&1")
      :format(in_lua(("work.lua '%s' %d count"):format(program, n))))
    counts[i] = tonumber(output:match "Collected : (%d+)")
  end
  return counts[2] and (counts[2] - counts[1]) / 100
end

local function work_instructions()
  if capture "command -v valgrind" == "" then
    return
  end
  figures.print_head "without I/O, instructions (callgrind)"
  for _, row in ipairs(work_programs) do
    figures.print_row { name = row[1], ours = { instructions(row[1]) }, format = "%.0f" }
  end
end

local function one_after_another(server)
  figures.print_head "one after another, CPU us a call"
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    local rest = arguments(server, calls(20000), operation)
    local as_client = arguments(server, calls(20000), operation, "", client_headers(server))
    local all = in_turns {
      tls = on_cpu(0, in_c "tls" .. rest),
      easy = on_cpu(0, in_c "easy" .. rest),
      easy_as_client = on_cpu(0, in_c "easy" .. as_client),
      send = on_cpu(0, in_lua "calls.lua send" .. rest),
      core = on_cpu(0, in_lua "calls.lua core" .. rest),
      client = on_cpu(0, in_lua "calls.lua client" .. rest),
    }
    local kind = operation == SIGNED and ", signed" or ", unsigned"
    figures.print_row { name = "TLS socket" .. kind, c = all.tls[1], format = "%.1f" }
    figures.print_row { name = "http:send" .. kind, ours = all.send[1], c = all.easy[1], format = "%.1f" }
    figures.print_row { name = "core." .. operation, ours = all.core[1], c = all.easy[1], format = "%.1f" }
    figures.print_row {
      name = "pool:" .. operation, ours = all.client[1], c = all.easy_as_client[1], format = "%.1f", goal = 1.2,
    }
  end
end

local function per_second(list)
  local inverse = {}
  for i, microseconds in ipairs(list) do
    inverse[i] = 1e6 / microseconds
  end
  return inverse
end

local function many(server)
  figures.print_head "many at once, calls/s"
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    for _, in_flight in ipairs { 1, 16, 64 } do
      local rest = arguments(server, calls(20000), operation, in_flight)
      local all = in_turns {
        c = on_cpu(1, in_c "multi" .. rest),
        ours = on_cpu(1, in_lua "calls.lua many" .. rest),
      }
      figures.print_row {
        name = ("%d in flight, %s"):format(in_flight, operation == SIGNED and "signed" or "unsigned"),
        ours = per_second(all.ours[2]), c = per_second(all.c[2]), format = "%.0f",
        goal = in_flight > 1 and 0.85 or nil, at_least = true,
      }
    end
  end
end

local function connections(server)
  local rest = arguments(server, calls(500), UNSIGNED, "fresh")
  local all = in_turns {
    c = on_cpu(1, in_c "easy" .. rest),
    ours = on_cpu(1, in_lua "calls.lua fresh" .. rest),
  }
  figures.print_head "a new connection for each call"
  figures.print_row { name = "CPU us a call", ours = all.ours[1], c = all.c[1], format = "%.0f" }
  figures.print_row { name = "the same, to its goal", ours = all.ours[1], format = "%.0f", goal = 700 }
end

local function process(server)
  local each = in_c "process" .. " " .. (quick and 1 or 5) .. " "
  local all = in_turns {
    c = each .. in_c "easy" .. arguments(server, 1, UNSIGNED, "", client_headers(server)),
    ours = each .. in_lua "once.lua" .. (" %s %s %s"):format(server.url, server.ca_path, UNSIGNED),
  }
  -- Every third number of all rounds: CPU, wall, memory.
  local function column(program, position, unit)
    local list = {}
    for i = position, #all[program], 3 do
      for _, number in ipairs(all[program][i]) do
        list[#list + 1] = number / unit
      end
    end
    return list
  end
  local function row(name, position, unit, goal)
    figures.print_row {
      name = name, ours = column("ours", position, unit), c = column("c", position, unit),
      format = "%.1f", goal = goal,
    }
  end
  figures.print_head "a process that makes one call"
  row("wall ms", 2, 1000, 1.3)
  row("CPU ms", 1, 1000)
  row("peak memory MiB", 3, 1024)
  figures.print_row { name = "the same, to its goal", ours = column("ours", 3, 1024), format = "%.1f", goal = 13 }
end

-- ---- all of it ----

local function with_server(name, cpu, parts)
  local server = nginx.start(directory .. "/" .. name, cpu)
  local ok, message = xpcall(function() -- an interrupt, too, ends here
    for _, part in ipairs(parts) do
      part(server)
    end
  end, debug.traceback)
  server:stop()
  if not ok then
    error(message, 0)
  end
end

work()
work_instructions()
with_server("same", 0, { check_bytes, one_after_another })
with_server("other", 0, { many, connections, process })

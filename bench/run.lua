--- Runs the bench and prints its report:
--
--     run.lua DIRECTORY [quick|plots]
--
-- DIRECTORY holds the C programs; the servers work below it. What is to be
-- compared is run in turns, round after round. "quick" runs everything once
-- and briefly: that it runs, and that all send the same bytes. "plots" only
-- draws, into docs/images; "quick" draws below DIRECTORY. nginx loads the
-- library from build/luajit, or from where LUAJIT_BUILD says.

local counting = require "bench.counting"
local figures = require "bench.figures"
local goals = require "bench.goals"
local nginx_runtime = require "bench.nginx_runtime"
local plots = require "bench.plots"
local programs = require "bench.programs"
local same = require "bench.same"

local quick = arg[2] == "quick"

figures.judging = not quick
programs.directory, programs.lua, programs.rounds = arg[1], arg[-1], quick and 1 or 9

local arguments, capture, in_c, in_lua, in_turns, on_cpu = programs.arguments, programs.capture, programs.in_c,
  programs.in_lua, programs.in_turns, programs.on_cpu

local UNSIGNED, SIGNED = "forgot_password", "admin_reset_user_password"

local function kind(operation)
  return operation == SIGNED and "signed" or "unsigned"
end

local function calls(n)
  return math.max(math.floor(n * (quick and 0.005 or 1)), 2)
end

-- ---- the same bytes ----

local function check_bytes(server)
  local runs = 0

  -- Runs a command against a path that no other run uses; all paths have the same
  -- length. Returns the requests that arrived there.
  local function sent(command, operation, ...)
    runs = runs + 1
    local name = ("%03d"):format(runs)
    local there = setmetatable({ url = ("%slogged/%s/"):format(server.url, name) }, { __index = server })
    capture(command .. arguments(there, 1, operation, ...))
    return server:sent(name)
  end

  local function check(operation, program, headers)
    local expected = sent(in_c "easy", operation, "", headers)[1]
    for _, line in ipairs(sent(in_lua("calls.lua " .. program), operation, 1)) do
      assert(line == expected, ("%s sends %s, and the C loop %s"):format(program, line, expected))
    end
  end

  for _, operation in ipairs { UNSIGNED, SIGNED } do
    check(operation, "send")
    check(operation, "core")
    check(operation, "client", same.client_headers(server, operation))
    check(operation, "tasks", same.client_headers(server, operation))
  end
end

-- ---- the parts of the report ----

local work_programs = {
  { "build, unsigned" }, { "build, signed" }, { "parse" },
  { "build and parse, unsigned", "build and parse, unsigned, us" },
  { "build and parse, signed", "build and parse, signed, us" },
  { "core.sign", "core.sign, us" }, { "core.uuid" }, { "pool:forgot_password, nothing sent" },
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

-- `make bench-instructions` counts the rest.
local function instructions(server)
  if quick or capture "command -v valgrind" == "" then
    return
  end
  figures.print_head "instructions (callgrind)"
  for _, row in ipairs(work_programs) do
    figures.print_row { name = row[1], ours = { counting.of_work(row[1]) }, format = "%.0f" }
  end
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    figures.print_row {
      name = "pool:" .. operation, ours = { counting.of_calls(server, "client", operation) }, format = "%.0f",
      goal = "user instructions a call, " .. kind(operation),
    }
  end
end

local function garbage(server)
  figures.print_head "garbage of a call over the network, bytes"
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    local bytes = programs.numbers(in_lua "calls.lua garbage" .. arguments(server, calls(2000), operation))
    figures.print_row {
      name = "pool:" .. operation, ours = { bytes[1] }, format = "%.0f",
      goal = operation == UNSIGNED and "garbage a call, bytes" or nil,
    }
  end
end

local function one_after_another(server)
  figures.print_head "one after another, CPU us a call"
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    local rest = arguments(server, calls(20000), operation)
    local as_client = arguments(server, calls(20000), operation, "", same.client_headers(server, operation))
    local all = in_turns {
      tls = on_cpu(0, in_c "tls" .. rest),
      easy = on_cpu(0, in_c "easy" .. rest),
      easy_as_client = on_cpu(0, in_c "easy" .. as_client),
      send = on_cpu(0, in_lua "calls.lua send" .. rest),
      core = on_cpu(0, in_lua "calls.lua core" .. rest),
      client = on_cpu(0, in_lua "calls.lua client" .. rest),
    }
    figures.print_row { name = "TLS socket, " .. kind(operation), c = all.tls[1], format = "%.1f" }
    figures.print_row { name = "http:send, " .. kind(operation), ours = all.send[1], c = all.easy[1], format = "%.1f" }
    figures.print_row { name = "core." .. operation, ours = all.core[1], c = all.easy[1], format = "%.1f" }
    figures.print_row {
      name = "pool:" .. operation, ours = all.client[1], c = all.easy_as_client[1], format = "%.1f",
      goal = ("blocking call, %s, CPU against C"):format(kind(operation)),
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

-- The C loop, the http object, the client in a loop's tasks.
local function many_programs(server, operation, in_flight)
  local rest = arguments(server, calls(10000), operation, in_flight)
  local as_client = arguments(server, calls(10000), operation, in_flight, same.client_headers(server, operation))
  return {
    c = on_cpu(1, in_c "multi" .. rest),
    c_as_client = on_cpu(1, in_c "multi" .. as_client),
    http = on_cpu(1, in_lua "calls.lua many" .. rest),
    client = on_cpu(1, in_lua "calls.lua tasks" .. rest),
  }
end

local function many(server)
  local measured = {}
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    for _, in_flight in ipairs { 1, 16, 64, 1000 } do
      local all = in_turns(many_programs(server, operation, in_flight))
      all.name = ("%d, %s"):format(in_flight, kind(operation))
      all.goal = in_flight > 1 and ("%d in flight, %s, calls/s against C"):format(in_flight, kind(operation)) or nil
      measured[#measured + 1] = all
    end
  end
  local function table_of(title, position, format, convert)
    figures.print_head(title)
    for _, all in ipairs(measured) do
      for _, row in ipairs { { "http", "c" }, { "client", "c_as_client" } } do
        figures.print_row {
          name = ("%s: %s"):format(all.name, row[1]), format = format,
          ours = convert(all[row[1]][position]), c = convert(all[row[2]][position]),
          goal = convert == per_second and row[1] == "client" and all.goal or nil,
        }
      end
    end
  end
  table_of("many in flight, calls/s", 2, "%.0f", per_second)
  table_of("the same, CPU us a call", 1, "%.1f", function(list) return list end)
end

-- A worker's own CPU time for a call, on the server's CPU and on another.
local function inside_nginx(cpu, title, goal_of)
  return function(server)
    local measured, names = {}, {}
    for _ = 1, programs.rounds do
      for name, both in pairs(nginx_runtime.measure(server, {
        directory = programs.directory .. "/inside", cpu = cpu, calls = calls(10000), build = os.getenv "LUAJIT_BUILD",
      })) do
        if not measured[name] then
          measured[name] = { client = {}, socket = {} }
          names[#names + 1] = name
        end
        table.insert(measured[name].client, both.client)
        table.insert(measured[name].socket, both.socket)
      end
    end
    table.sort(names)
    figures.print_head("inside nginx, CPU us, " .. title, "ours", "bare socket")
    for _, name in ipairs(names) do
      figures.print_row { name = name, ours = measured[name].client, c = measured[name].socket, format = "%.1f" }
      if goal_of[name] then
        figures.print_row { name = "the same, to its goal", ours = measured[name].client, format = "%.1f",
          goal = goal_of[name] }
      end
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
  figures.print_row {
    name = "the same, to its goal", ours = all.ours[1], format = "%.0f", goal = "a new connection, CPU us",
  }
end

local function process_row(name, all, what, unit, goal)
  figures.print_row {
    name = name, ours = figures.divided(all.ours[what], unit), c = figures.divided(all.c[what], unit),
    format = "%.1f", goal = goal,
  }
end

local function process(server)
  local all = programs.processes(quick and 1 or 5, {
    c = in_c "easy" .. arguments(server, 1, UNSIGNED, "", same.client_headers(server, UNSIGNED)),
    ours = in_lua "once.lua" .. (" %s %s %s"):format(server.url, server.ca_path, UNSIGNED),
  })
  figures.print_head "a process that makes one call"
  process_row("wall ms", all, "wall", 1000, "one call and exit, wall against C")
  process_row("CPU ms", all, "cpu", 1000)
  process_row("peak memory MiB", all, "memory", 1024)
  figures.print_row {
    name = "the same, to its goal", ours = figures.divided(all.ours.memory, 1024), format = "%.1f",
    goal = "one call and exit, peak memory, MiB",
  }
end

local function memory(server)
  local in_flight = 1000
  figures.print_head "peak memory, 1,000 in flight, MiB"
  for _, operation in ipairs { UNSIGNED, SIGNED } do
    local n = math.max(calls(5000), in_flight)
    local all = programs.processes(1, {
      c = on_cpu(1, in_c "multi" .. arguments(server, n, operation, in_flight, same.client_headers(server, operation))),
      ours = on_cpu(1, in_lua "calls.lua tasks" .. arguments(server, n, operation, in_flight)),
    })
    process_row(kind(operation), all, "memory", 1024,
      ("memory, 1000 in flight, %s, against C"):format(kind(operation)))
  end
  local n = calls(1000000)
  local kib = programs.numbers(on_cpu(1, in_lua "calls.lua memory" .. arguments(server, n, UNSIGNED, 64)))
  figures.print_head(("memory of %d calls, 64 in flight, MiB"):format(n))
  figures.print_row { name = "after a tenth", ours = { kib[1] / 1024 }, format = "%.1f" }
  figures.print_row { name = "after all", ours = { kib[2] / 1024 }, format = "%.1f" }
  figures.print_row { name = "at most", ours = { kib[3] / 1024 }, format = "%.1f" }
end

local function draw(server)
  plots.draw(server, quick and programs.directory or "docs/images", calls)
end

-- ---- all of it ----

local function with_server(name, cpu, parts)
  same.with_server(programs.directory .. "/" .. name, cpu, function(server)
    for _, part in ipairs(parts) do
      part(server)
    end
  end)
end

if arg[2] == "plots" then
  with_server("other", 0, { draw })
  return
end

work()
with_server("same", 0, {
  check_bytes, garbage, instructions, one_after_another,
  inside_nginx(0, "one CPU", { ["16 in flight, signed"] = "nginx, 16 in flight, one CPU, signed, us" }),
})
with_server("other", 0, { many, inside_nginx(1, "a CPU each", {}), memory, connections, process, draw })
print("\n" .. goals.report("bench", not quick))

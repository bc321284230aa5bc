--- Counts the instructions of whole calls and of their parts, and prints them
-- beside those of the C loop:
--
--     instructions.lua DIRECTORY FILE [record]
--
-- DIRECTORY holds the C programs. FILE holds the figures of an earlier run;
-- with the same Lua, libraries and processor, growth by more than a twentieth
-- fails, and "record" writes the figures of this run there. Instructions, unlike
-- times, hardly depend on what else the machine does.

local core = require "cognito.core"
local counting = require "bench.counting"
local programs = require "bench.programs"
local same = require "bench.same"

local TOLERANCE = 1.05

local file, recording = arg[2], arg[3] == "record"

programs.directory, programs.lua = arg[1], arg[-1]

-- ---- the rows ----

local function whole_calls(server)
  local rows = {}
  for _, operation in ipairs { "forgot_password", "admin_reset_user_password" } do
    rows[#rows + 1] = {
      "pool:" .. operation, counting.of_calls(server, "client", operation), counting.of_c(server, operation),
    }
    rows[#rows + 1] = { "core." .. operation, counting.of_calls(server, "core", operation) }
  end
  rows[#rows + 1] = {
    "16 in flight, pool:forgot_password", counting.of_calls(server, "tasks", "forgot_password", 16),
    varies = true, -- how many outcomes come at once is chance
  }
  return rows
end

local function parts()
  local rows = {}
  for _, name in ipairs {
    "build, unsigned", "build, signed", "prepare, unsigned", "prepare, signed", "parse", "core.sign",
    "pool:forgot_password, nothing sent",
  } do
    rows[#rows + 1] = { name, counting.of_work(name) }
  end
  return rows
end

-- ---- the figures of an earlier run ----

-- OpenSSL and the C library have code of their own for each kind of processor.
local function processor()
  local file_of_it = io.open "/proc/cpuinfo"
  local text = file_of_it and "\n" .. file_of_it:read "*a" or ""
  if file_of_it then
    file_of_it:close()
  end
  local words = {}
  for _, name in ipairs { "model name", "cpu family", "model", "stepping" } do
    words[#words + 1] = text:match("\n" .. name .. "%s*:%s*([^\n]+)")
  end
  return table.concat(words, " ")
end

local function versions()
  local info = core.info()
  return ("%s, libcurl %s, %s, %s"):format(info.lua, info.libcurl, info.openssl, processor())
end

local function read_figures()
  local figures, of = {}, nil
  for line in io.lines(file) do
    local name, ours = line:match "^(.-)%s%s+(%d+)"
    of = of or line
    if name then
      figures[name] = tonumber(ours)
    end
  end
  return of == versions() and figures or {}
end

local function write_figures(rows)
  local out = assert(io.open(file, "w"))
  out:write(versions(), "\n")
  for _, row in ipairs(rows) do
    out:write(("%-38s %9d\n"):format(row[1], row[2]))
  end
  assert(out:close())
end

-- ---- the report ----

local function print_rows(rows, before)
  local grown = 0
  print(("%-38s %9s %9s %6s %9s"):format("user instructions a call", "ours", "C", "ratio", "before"))
  for _, row in ipairs(rows) do
    local name, ours, c = row[1], row[2], row[3]
    local worse = not row.varies and before[name] and ours > before[name] * TOLERANCE
    print((("%-38s %9d %9s %6s %9s%s"):format(name, ours, c or "", c and ("%.2f"):format(ours / c) or "",
      before[name] or "", worse and "  GREW" or ""):gsub("%s+$", "")))
    grown = grown + (worse and 1 or 0)
  end
  return grown
end

local rows
same.with_server(programs.directory .. "/counted", 0, function(server)
  rows = whole_calls(server)
end)
for _, row in ipairs(parts()) do
  rows[#rows + 1] = row
end
if recording then
  print_rows(rows, {})
  write_figures(rows)
elseif print_rows(rows, read_figures()) > 0 then
  io.stderr:write("more than a twentieth over the figures in ", file,
    ": make it cheaper, or record the new figures with `make bench-instructions RECORD=record`\n")
  os.exit(1)
end

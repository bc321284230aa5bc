-- platforms.lua DOCUMENT LOG...: writes what the runs of scripts/compat said
-- into the tables of docs/platforms.md. Systems without a log keep their rows.
-- Of two logs of one system the later one counts where both say something.

local read, write = require("scripts.system").read, require("scripts.system").write

local NAMES = {
  { "libcurl", "^libcurl4" }, { "OpenSSL", "^libssl3" }, { "nginx", "^nginx$" },
  { "ngx_lua", "^libnginx%-mod%-http%-lua$" }, { "LuaSQL", "^lua%-sql%-sqlite3$" }, { "gcc", "^gcc$" },
  { "Lua", "^lua5%.[45]$" }, { "LuaJIT", "^luajit" },
}

local STEPS = {
  demo = "`make demo`, on the bare system",
  ["check-rock"] = "`luarocks make`",
  ["spec-c"] = "specs of the C core",
  ["spec-bulk"] = "bulk jobs on SQLite",
  ["spec-nginx-behaviour"] = "nginx, one list of behaviour",
  warnings = "compile, warnings as errors",
  ["check-install"] = "`make install`, `luarocks make`",
  ["spec-nginx"] = "nginx, all its specs",
  ["spec-postgres"] = "bulk jobs on PostgreSQL",
  ["spec-bulk-newer"] = "bulk jobs as over LuaSQL 2.8",
  lint = "`make lint`, musl too",
  sanitize = "the specs under ASan, UBSan and LSan",
  ["sanitize-threads"] = "threads under TSan",
  ["valgrind-quick"] = "the C core under valgrind",
  ["gc-stress"] = "the C core, garbage collected everywhere",
  ["reentry-quick"] = "finalizers in the core's functions",
  ["torture-quick"] = "refused memory",
  ["test-signer"] = "signatures beside botocore's",
}

-- Building and checking the sources says little of the machine.
local LEFT_OUT = { ["build-tests"] = true, ["build-specs"] = true, ["check-generated"] = true, docs = true,
  ["check-symbols"] = true }

-- "8.14.1-2+deb13u2" and "1:2.6.0-3" as their projects number them; LuaJIT's
-- versions are dates, "2.1.0+openresty20250117-2".
local function upstream(version)
  local number = version:gsub("^%d+:", ""):gsub("[-+~].*", "")
  local date = version:match "20%d%d%d%d%d%d"
  return date and number .. " of " .. date or number
end

-- A step's name here.
local function step_title(step)
  local lua = step:match "^spec%-(lua.+)$"
  return STEPS[step] or lua and "specs on " .. lua:gsub("^luajit$", "LuaJIT"):gsub("^lua(%d)", "Lua %1") or
    "`make " .. step .. "`"
end

local function with_commas(number)
  local left
  repeat number, left = number:gsub("^(%d+)(%d%d%d)", "%1,%2") until left == 0
  return number
end

local function result(passed, failed)
  if failed ~= "0" then return with_commas(passed) .. " passed, **" .. with_commas(failed) .. " failed**" end
  return passed == "1" and "passes" or with_commas(passed) .. " passed"
end

-- A release keeps its rows over its point releases.
local function system(version)
  local major = version:match "^%d+"
  return major and "Debian " .. major or "Debian unstable", version
end

-- parse(text): system, release, date, versions by name, and steps with their
-- results, from what scripts/compat and scripts/test print.
local function parse(text)
  local run = { steps = {}, versions = {} }
  for whole in text:gmatch "[^\n]+" do
    local line = whole:gsub("^%l+: ", "")
    if line:find "^system Debian " then run.system, run.release = system(line:match "^system Debian (.+)") end
    run.date = line:match "^date (%S+)" or run.date
    local step, passed, failed = line:match "^(%l[%w.-]*) +(%d+) passed, (%d+) failed"
    if step and not LEFT_OUT[step] then
      run.steps[#run.steps + 1] = { title = step_title(step), result = result(passed, failed) }
    end
    local package, version = line:match "^package (%S+) (%S+)"
    for _, name in ipairs(NAMES) do
      if package and package:find(name[2]) then run.versions[name[1]] = upstream(version) end
    end
  end
  return run
end

local function row(cells) return "| " .. table.concat(cells, " | ") .. " |" end

local function versions(run)
  local cells = { run.system, run.release }
  for _, name in ipairs(NAMES) do cells[#cells + 1] = run.versions[name[1]] or "" end
  return { row(cells) }
end

local function results(run)
  local rows = {}
  for i, step in ipairs(run.steps) do rows[i] = row { run.system, step.title, step.result, step.date } end
  return rows
end

-- merge(out, rows, runs, make): appends a table's rows, those of these runs
-- replaced, sorted by system.
local function merge(out, rows, runs, make)
  local by_system, names = {}, {}
  local function add(name, line)
    if not by_system[name] then
      by_system[name] = {}
      names[#names + 1] = name
    end
    table.insert(by_system[name], line)
  end
  for _, line in ipairs(rows) do
    local name = line:match "^| (.-) |"
    if not runs[name] then add(name, line) end
  end
  for name, run in pairs(runs) do
    for _, line in ipairs(make(run)) do add(name, line) end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    for _, line in ipairs(by_system[name]) do out[#out + 1] = line end
  end
end

local TABLES = { ["<!-- versions -->"] = versions, ["<!-- results -->"] = results }

-- fill(document, runs): the document, its tables below these comments filled.
local function fill(document, runs)
  local out, rows, make, head = {}, {}, nil, 0
  for line in document:gmatch "([^\n]*)\n" do
    if make and head == 0 and not line:find "^|" then
      merge(out, rows, runs, make)
      rows, make = {}, nil
    end
    if make and head == 0 then
      rows[#rows + 1] = line
    else
      out[#out + 1] = line
      if make and line:find "^|" then head = head - 1 end
    end
    if TABLES[line] then make, head = TABLES[line], 2 end
  end
  return table.concat(out, "\n") .. "\n"
end

-- add(runs, run): by system; a step that an earlier log has is replaced.
local function add(runs, run)
  local before = runs[run.system] or { steps = {} }
  local at = {}
  for i, step in ipairs(before.steps) do at[step.title] = i end
  for _, step in ipairs(run.steps) do
    step.date = run.date
    before.steps[at[step.title] or #before.steps + 1] = step
  end
  run.steps, runs[run.system] = before.steps, run
end

local runs = {}
for i = 2, #arg do
  local run = parse(assert(read(arg[i]), arg[i]))
  -- A run that was stopped names no system.
  if run.system and run.date then
    add(runs, run)
  else
    io.stderr:write(arg[i], ": the run did not end, left out\n")
  end
end
local document = fill(assert(read(arg[1]), arg[1]), runs)
write(arg[1], document)

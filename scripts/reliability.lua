-- reliability.lua [--check]: takes over what the logs of the last runs say (build/log), prints
-- what was tried, how often, and what failed, and writes docs/reliability.md. It is made of
-- spec/reliability.md, where each body of tests has a row, and spec/reliability.txt, the
-- results, which this program keeps. --check only says whether the page is what they make.

local lfs = require "lfs"
local system = require "scripts.system"

local read = system.read

local ROWS, RESULTS, PAGE, LOGS = "spec/reliability.md", "spec/reliability.txt", "docs/reliability.md", "build/log"

local function matching(pattern) return (system.lines_of("ls " .. pattern .. " 2>/dev/null")) end

local function with_commas(number)
  local text = ("%d"):format(number):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (text:gsub("^,", ""))
end

-- ---- results: by name of a spec or target, `passed`, `failed`, `date`, `commit` ----

local function read_results()
  local results = {}
  for name, passed, failed, date, commit in (read(RESULTS) or ""):gmatch "(%S+) (%d+) (%d+) (%S+) (%S+)\n" do
    results[name] = { passed = tonumber(passed), failed = tonumber(failed), date = date, commit = commit }
  end
  return results
end

-- Files of specs name themselves (spec/support/tap.lua), and scripts/test names its targets.
local function read_log(path, found)
  for name, passed, failed in ("\n" .. assert(read(path), path)):gmatch "\n# (%S+): (%d+) passed, (%d+) failed" do
    local sum = found[name] or { passed = 0, failed = 0 }
    found[name] = sum
    sum.passed, sum.failed = sum.passed + passed, sum.failed + failed
    sum.date = math.max(sum.date or 0, lfs.attributes(path, "modification"))
  end
end

local commits = {} -- by time: one log has hundreds of names

-- The commit that was the newest then.
local function commit_at(time)
  local commit = commits[time]
    or system.output_of(("git log -1 --format=%%h --before=@%d 2>/dev/null"):format(time)):match "%x+" or "-"
  commits[time] = commit
  return commit
end

-- Soaks and fuzzers run for as long as one likes.
local function is_of_any_length(name)
  return name:find "^soak%-" or name:find "^spec/fuzz/" and not name:find "_spec%.lua$"
end

local function says_less(sum, known)
  return known and known.failed == 0 and sum.failed == 0 and sum.passed < known.passed
end

-- A name that was run replaces what was known of it, but a short form says nothing that a long one has not said.
local function take_over(results)
  local found = {}
  for _, path in ipairs(matching(LOGS .. "/*.log")) do read_log(path, found) end
  for name, sum in pairs(found) do
    sum.date, sum.commit = os.date("!%Y-%m-%d", sum.date), commit_at(sum.date)
    if not (is_of_any_length(name) and says_less(sum, results[name])) then results[name] = sum end
  end
end

local function write_results(results)
  local lines = {}
  for name, sum in pairs(results) do
    lines[#lines + 1] = ("%s %d %d %s %s\n"):format(name, sum.passed, sum.failed, sum.date, sum.commit)
  end
  table.sort(lines)
  system.write(RESULTS, table.concat(lines))
end

-- ---- rows: `what`, `cases`, `held` (as written), `names` ----

local faults = {}

local function complain(...)
  faults[#faults + 1] = string.format(...)
end

local function read_targets()
  local found = {}
  for line in ("\n" .. system.output_of "cat Makefile mk/*.mk"):gmatch "\n([%w%%_ -]+):" do
    for target in line:gmatch "%S+" do found[target] = true end
  end
  return found
end

local targets = read_targets()

-- By name, or as % stands for a part of it.
local function is_target(name)
  if targets[name] then return true end
  for target in pairs(targets) do
    local pattern = target:gsub("[%%-]", { ["%"] = ".+", ["-"] = "%-" })
    if name:find("^" .. pattern .. "$") then return true end
  end
  return false
end

-- Specs, all of them in a folder, and targets of make.
local function names_of(row)
  local names = {}
  for path in row.held:gmatch "%f[%w]spec/[%w_/.*-]+" do
    local pattern = path:gsub("%.$", ""):gsub("/$", "/*_spec.lua")
    local paths = matching(pattern)
    if #paths == 0 then complain("there is no %s: %s", path, row.what) end
    for _, found in ipairs(paths) do names[#names + 1] = found end
  end
  for command in row.held:gmatch "`[^`]*make ([%w_-]+)[^`]*`" do
    if not is_target(command) then complain("there is no `make %s`: %s", command, row.what) end
    names[#names + 1] = command
  end
  if #names == 0 then complain("no spec and no target of make: %s", row.what) end
  return names
end

local seen = {}

local function read_row(line)
  local what, cases, held = line:match "^| (.-) | (.-) | (.-) |$"
  if not what then return complain("no row of three cells: %s", line) end
  if seen[what] then complain("twice: %s", what) end
  seen[what] = line
  local row = { what = what, cases = cases, held = held }
  row.names = names_of(row)
  return row
end

-- ---- the page, and what is printed ----

-- The results of a name, or those of its parts: soak-loop and others of soak. A target with a rule of its own,
-- as sanitize-threads, is no part.
local function results_of(name, results)
  if results[name] then return { [name] = true } end
  local parts = {}
  for other in pairs(results) do
    if other:sub(1, #name + 1) == name .. "-" and not targets[other] then parts[other] = true end
  end
  return parts
end

local function sum_of(row, results)
  local passed, failed, counted = 0, 0, {}
  for _, name in ipairs(row.names) do
    for part in pairs(results_of(name, results)) do counted[part] = true end
  end
  for name in pairs(counted) do
    passed, failed = passed + results[name].passed, failed + results[name].failed
  end
  return next(counted) and passed, failed
end

local function told(passed, failed)
  if not passed then return "" end
  return failed > 0 and ("%s, **%s failed**"):format(with_commas(passed), with_commas(failed)) or with_commas(passed)
end

local MADE = "<!-- Made by `make reliability` of spec/reliability.md and the logs of the last runs. Add rows there. -->"
local HEAD = "| test | cases | held by | passed |\n|---|---|---|--:|\n"

local function make_page(results)
  local parts, in_table, rows = {}, false, {}
  local text = assert(read(ROWS), ROWS):gsub("^<!%-%-.-%-%->", MADE)
  for line in text:gmatch "([^\n]*)\n" do
    local row = line:find "^|" and read_row(line)
    if row then
      rows[#rows + 1] = row
      parts[#parts + 1] = in_table and "" or HEAD
      parts[#parts + 1] = ("| %s | %s | %s | %s |\n"):format(row.what, row.cases, row.held, told(sum_of(row, results)))
    else
      parts[#parts + 1] = line .. "\n"
    end
    in_table = row and true or false
  end
  return (table.concat(parts):gsub("\n+$", "\n")), rows
end

local function print_line(passed, failed, what)
  print(("%12s %6s  %s"):format(passed, failed, #what > 100 and what:sub(1, 97) .. "..." or what))
end

local function print_table(rows, results)
  print_line("passed", "failed", "what")
  for _, row in ipairs(rows) do
    local passed, failed = sum_of(row, results)
    print_line(passed and with_commas(passed) or "-", passed and with_commas(failed) or "-", row.what)
  end
end

-- Rows that were written or changed in the page itself would be lost.
local function look_for_strays()
  for line in (read(PAGE) or ""):gmatch "[^\n]+" do
    local what, results = line:match "^| (.-) | .- | .- |([^|]*)"
    if what and what ~= "test" and results == "" and seen[what] ~= line then
      complain("%s is made: move this row to %s: %s", PAGE, ROWS, line)
    end
  end
end

local checking = arg[1] == "--check"
local results = read_results()
if not checking then take_over(results) end
local page, rows = make_page(results)
look_for_strays()
if checking and #faults == 0 and page ~= read(PAGE) then
  complain("%s is not what %s makes: run make reliability", PAGE, ROWS)
end
if #faults > 0 then
  io.stderr:write("reliability: ", table.concat(faults, "\nreliability: "), "\n")
  os.exit(1)
end
if not checking then
  write_results(results)
  system.write(PAGE, page)
  print_table(rows, results)
end

--- The specs that run a line, by what `make coverage` left: the one with the name
-- of the source first, then those that noticed changes last, then the fastest.

local system = require "scripts.system"

local M = {}

local read = system.read

-- ---- the runs ----

-- `first` and `count` by the path of a source.
local function index(folder)
  local found, first = {}, 0
  for line in io.lines(folder .. "/index") do
    local count, path = line:match "^(%d+) (.*)$"
    found[path] = { first = first, count = tonumber(count) }
    first = first + tonumber(count)
  end
  return found
end

local function runs(folder)
  local found = {}
  for place in system.output_of(("ls -d '%s'/run/*_spec.lua"):format(folder)):gmatch "[^\n]+" do
    local spec = place:match "[^/]*$":gsub("%+", "/")
    local seconds = tonumber(read(place .. "/seconds") or "")
    if seconds and read(spec) then found[#found + 1] = { spec = spec, place = place, seconds = seconds, rank = 0 } end
  end
  return found
end

-- ---- lines of C, read once ----

local function counters(run, modules)
  local path = run.place .. "/c.lcov"
  if not read(path) then
    os.execute(([[cd '%s' && ls *.profraw >/dev/null 2>&1 && llvm-profdata merge --sparse -o c.profdata *.profraw &&
      llvm-cov export --format=lcov --skip-functions --instr-profile=c.profdata '%s' --object '%s' 2>/dev/null |
      grep -E '^SF:|^DA:[0-9]+,[1-9]' >c.lcov || : >c.lcov]]):format(run.place, modules[1], modules[2]))
  end
  return read(path)
end

-- By source: the lines that ran.
local function c_lines(run, modules)
  local files, path = {}, nil
  for text in counters(run, modules):gmatch "[^\n]+" do
    local line = tonumber(text:match "^DA:(%d+)")
    if not line then path = text:match "(src/[%w_]+%.[ch])$" end
    if path then files[path] = files[path] or {} end
    if line and path then files[path][line] = true end
  end
  return files
end

-- ---- questions ----

local Specs = {}
Specs.__index = Specs

function Specs:lines_of(run, path)
  if path:match "%.lua$" then
    run.marks = run.marks or read(run.place .. "/lines")
    local source = self.index[path] or { first = 0, count = 0 } -- newer than the runs
    return function(line) return line <= source.count and run.marks:byte(source.first + line) == 1 end
  end
  run.c = run.c or c_lines(run, self.modules)
  local lines = run.c[path] or {}
  return function(line) return lines[line] end
end

-- A spec of the same name knows most of a source.
local function is_namesake(run, path)
  return run.spec:match "([%w_]+)_spec" == path:match "([%w_]+)%.%w+$"
end

local function is_before(a, b)
  if a.rank ~= b.rank then return a.rank > b.rank end
  return a.seconds < b.seconds
end

--- Those that were given, whatever they ran, because they may be newer; or those
-- that run a line, or the closest one above it, because a statement is marked
-- where it begins.
-- @treturn {table,...} with `spec` and `seconds`
function Specs:of(path, line)
  if self.given[1] then return self.given end
  local found = {}
  for at = line, math.max(1, line - 8), -1 do
    for _, run in ipairs(self.runs) do
      if self:lines_of(run, path)(at) then found[#found + 1] = run end
    end
    if found[1] then break end
  end
  table.sort(found, is_before)
  return found
end

--- Whether some of them run lines of a source, as far as that was measured.
-- @treturn boolean
function Specs:reach(path)
  if self.given[1] then return true end
  local _, count = read(path):gsub("\n", "")
  for _, run in ipairs(self.runs) do
    local runs_line = self:lines_of(run, path)
    for line = 1, count do
      if runs_line(line) then return true end
    end
  end
  return false
end

--- This one noticed a change.
function Specs:credit(run)
  self.credits = self.credits + 1
  run.rank = math.max(run.rank, self.credits)
end

--- Another source: earlier credits say nothing of it.
function Specs:forget(path)
  for _, run in ipairs(self.runs) do run.rank = is_namesake(run, path) and math.huge or 0 end
end

-- A spec that `make coverage` has not run may take its time.
function Specs:give(spec)
  for _, run in ipairs(self.runs) do
    if run.spec == spec then
      self.given[#self.given + 1] = run
      return
    end
  end
  self.given[#self.given + 1] = { spec = spec, seconds = 5, rank = 0 }
end

--- @tparam string folder of `make coverage`
-- @tparam {string,...} modules as they were built for that
-- @tparam string given specs to run instead, between blanks
function M.new(folder, modules, given)
  local is_measured = read(folder .. "/index") ~= nil
  if not is_measured and not given:find "%S" then
    error("make coverage comes first: it says which specs run which lines; or name the specs, SPEC='...'", 0)
  end
  local self = setmetatable({ index = is_measured and index(folder), runs = is_measured and runs(folder) or {},
    modules = modules, credits = 0, given = {} }, Specs)
  for spec in given:gmatch "%S+" do self:give(spec) end
  return self
end

return M

-- Lines and branches of src/ that ran, by the counters of clang.
--
-- A comment `/* unreachable: REASON */` excuses the line on which it begins and
-- the rest of that statement.

local cjson = require "cjson"
local system = require "scripts.system"

local function lines_of(path)
  local found = {}
  for line in io.lines(path) do found[#found + 1] = line end
  return found
end

-- ---- marks in the source ----

-- The statement goes on until a line ends with `;` or `}`.
local function excused_in(path)
  local excused, text = {}, lines_of(path)
  for first, line in ipairs(text) do
    if line:find("/* unreachable: ", 1, true) then
      local last = first
      while not text[last]:gsub("%s*/%*.-%*/%s*$", ""):match "[;}]%s*$" and text[last + 1] do last = last + 1 end
      for number = first, last do excused[number] = first end
    end
  end
  return excused
end

-- ---- counters ----

local function output_of(command)
  local text, ok = system.output_of(command)
  assert(ok, command)
  return text
end

local function merge(folder)
  output_of(("find '%s/run' -name '*.profraw' >'%s/counters'"):format(folder, folder))
  output_of(("llvm-profdata merge --sparse -o '%s/all.profdata' -f '%s/counters'"):format(folder, folder))
end

local function export(folder, modules, form)
  return output_of(("llvm-cov export %s --skip-functions --instr-profile='%s/all.profdata' '%s' --object '%s'"):format(
    form, folder, modules[1], modules[2]))
end

local function ours(path)
  return path:match "/(src/[%w_]+%.[ch])$"
end

local function new_file(path)
  return { path = path, lines = 0, of_lines = 0, branches = 0, of_branches = 0, missing = {}, stale = {},
    excused = excused_in(path), used = {} }
end

-- A place that did not run: a fault of the specs, or excused.
local function miss(file, line, text)
  local mark = file.excused[line]
  if mark then
    file.used[mark] = true
    return false
  end
  file.missing[#file.missing + 1] = ("%s:%d%s"):format(file.path, line, text)
  return true
end

local function add(file, what, ran, line, text)
  if not ran and not miss(file, line, text) then return end
  file["of_" .. what] = file["of_" .. what] + 1
  if ran then file[what] = file[what] + 1 end
end

-- Where code goes on behind a macro, llvm-cov counts the gap in between for the
-- line. Lines by file and number that begin with code that ran, as "path:line".
local function began(listed)
  local found = {}
  for _, file in ipairs(listed) do
    local path = ours(file.filename)
    local text = path and lines_of(path)
    for _, segment in ipairs(path and file.segments or {}) do
      local line, column, ran, counts, is_gap = segment[1], segment[2], segment[3] > 0, segment[4], segment[6]
      if counts and ran and not is_gap and text[line] and column == #text[line]:match "^%s*" + 1 then
        found[("%s:%d"):format(path, line)] = true
      end
    end
  end
  return found
end

local function add_lines(files, text, ran)
  local file
  for line in text:gmatch "[^\n]+" do
    local path = line:match "^SF:(.*)"
    if path then
      path = ours(path)
      file = path and new_file(path)
      if file then files[#files + 1], files[path] = file, file end
    end
    local number, runs = line:match "^DA:(%d+),(%d+)"
    if file and number then
      add(file, "lines", runs ~= "0" or ran[file.path .. ":" .. number], tonumber(number), "")
    end
  end
end

-- A condition in a header is there once for each source that has the header.
local function conditions_of(listed)
  local found = {}
  for _, branch in ipairs(listed) do
    local line, column = branch[1], branch[2]
    local key = ("%d:%d"):format(line, column)
    local one = found[key] or { line = line, column = column, yes = 0, no = 0 }
    if not found[key] then found[#found + 1], found[key] = one, one end
    one.yes, one.no = one.yes + branch[5], one.no + branch[6]
  end
  return found
end

local function add_branches(files, all)
  for _, listed in ipairs(all) do
    local file = files[ours(listed.filename) or ""]
    for _, one in ipairs(file and conditions_of(listed.branches) or {}) do
      add(file, "branches", one.yes > 0, one.line, (":%d: never true"):format(one.column))
      add(file, "branches", one.no > 0, one.line, (":%d: never false"):format(one.column))
    end
  end
end

local function finish(file)
  local known = {}
  for _, mark in pairs(file.excused) do
    if not file.used[mark] and not known[mark] then
      file.stale[#file.stale + 1] = ("%s:%d"):format(file.path, mark)
    end
    known[mark] = true
  end
end

return function(folder, modules)
  local files = {}
  merge(folder)
  local all = cjson.decode(export(folder, modules, "--format=text --skip-expansions")).data[1].files
  add_lines(files, export(folder, modules, "--format=lcov"), began(all))
  add_branches(files, all)
  for _, file in ipairs(files) do finish(file) end
  return files
end

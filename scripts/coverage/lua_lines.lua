-- Lines of lua/ that ran, by the marks of spec/c/lines.c.

local system = require "scripts.system"

-- ---- lines with code in them, as the compiler has them ----

-- A function's last instruction is a return that follows whatever it returns
-- itself, and the main chunk's first one is none of the source.
local function code_of(path)
  local has, pending = {}, nil
  local pipe = assert(io.popen(("luac5.4 -l -l -p '%s'"):format(path)))
  for text in pipe:lines() do
    local line, operation = text:match "^\t%d+\t%[(%d+)%]\t(%u+)"
    if text:match "^%a+ <" then pending = nil end
    if line then
      if pending then has[pending] = true end
      pending = operation ~= "VARARGPREP" and tonumber(line) or nil
    end
  end
  pipe:close()
  return has
end

-- ---- marks ----

-- Annotations alone: no program loads them.
local function is_code(path)
  return not system.read(path):find "^%-%-%-@meta"
end

-- The sources, and where their marks are.
local function sources(folder)
  local found, first = {}, 0
  for line in io.lines(folder .. "/index") do
    local count, path = line:match "^(%d+) (.*)$"
    if is_code(path) then found[#found + 1] = { path = path, first = first, count = tonumber(count) } end
    first = first + tonumber(count)
  end
  return found
end

local function marks(folder)
  local found = {}
  local paths = system.lines_of(("find '%s/run' -name lines"):format(folder))
  for i, path in ipairs(paths) do found[i] = system.read(path) end
  return found
end

local function ran(all, place)
  for _, text in ipairs(all) do
    if text:byte(place) == 1 then return true end
  end
  return false
end

local function count(source, all)
  local file = { path = source.path, lines = 0, of_lines = 0, branches = 0, of_branches = 0, missing = {} }
  local code = code_of(source.path)
  for line = 1, source.count do
    if code[line] then
      file.of_lines = file.of_lines + 1
      if ran(all, source.first + line) then
        file.lines = file.lines + 1
      else
        file.missing[#file.missing + 1] = ("%s:%d"):format(source.path, line)
      end
    end
  end
  return file
end

return function(folder)
  local files, all = {}, marks(folder)
  for _, source in ipairs(sources(folder)) do
    local file = count(source, all)
    if file.of_lines > 0 then files[#files + 1] = file end
  end
  return files
end

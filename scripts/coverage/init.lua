-- LUA_INIT of `make coverage`: every interpreter that the specs start marks the
-- lines that it runs (spec/c/lines.c). COVERAGE_LINES is the file of the marks,
-- and COVERAGE_FOLDER has the list of the sources.
local folder, marks = os.getenv "COVERAGE_FOLDER", os.getenv "COVERAGE_LINES"
local name = jit and "luajit" or _VERSION:gsub("^Lua ", "lua")
local open = folder and marks and package.loadlib(("%s/lines-%s.so"):format(folder, name), "luaopen_lines")
if not open then return end

if jit then jit.off() end -- compiled code calls no hook
local lines, first = open(), 0
for line in io.lines(folder .. "/index") do
  local count, path = line:match "^(%d+) (.*)$"
  lines.file(path, first, tonumber(count))
  first = first + tonumber(count)
end
lines.start(marks)

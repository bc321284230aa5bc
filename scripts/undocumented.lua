-- undocumented.lua FILE...: names every public function without a docstring.
--
-- ldoc passes over what has no comment, so it cannot tell. Public is, in Lua,
-- what a module's table or a class holds (not `local function`), in C what a
-- luaL_Reg names; a name that begins with an underscore is not.

local found = 0

local function report(path, line, name)
  found = found + 1
  io.stderr:write(("%s:%d: %s has no docstring\n"):format(path, line, name))
end

local function definition(text)
  return text:match "^function [%w_]+[.:]([%w_]+)%s*%(" or text:match "^M%.([%w_]+) = function"
end

local function check_lua(path, lines)
  local documented = false
  for i, text in ipairs(lines) do
    local name = definition(text)
    if name and not documented and name:sub(1, 1) ~= "_" then
      report(path, i, name)
    end
    -- A docstring begins with three dashes and goes on with two.
    documented = text:find "^%-%-%-" ~= nil or documented and text:find "^%-%-" ~= nil
  end
end

local function check_c(path, lines, functions)
  local registered = false
  for i, text in ipairs(lines) do
    registered = registered or text:find "luaL_Reg" ~= nil
    for name in text:gmatch '{%s*"(%a[%w_]*)",' do
      if registered and not functions[name] then report(path, i, name) end
    end
    registered = registered and not text:find ";"
  end
end

local files, functions = {}, {}
for _, path in ipairs(arg) do
  local lines = {}
  for text in io.lines(path) do
    lines[#lines + 1] = text
    local name = text:match "@function%s+[%w_.:]-([%w_]+)%s*$"
    if name then functions[name] = true end
  end
  files[#files + 1] = { path = path, lines = lines }
end

for _, file in ipairs(files) do
  local check = file.path:find "%.c$" and check_c or check_lua
  check(file.path, file.lines, functions)
end
os.exit(found == 0)

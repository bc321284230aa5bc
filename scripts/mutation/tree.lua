--- A copy of the working tree, in which one source at a time is changed, built and
-- tried.

local M = {}

local Tree = {}
Tree.__index = Tree

local function quote(word)
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

local function run(command)
  local ok, _, status = os.execute(command)
  return ok and 0 or status
end

function M.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

--- @tparam string folder where it is to be
function M.new(folder)
  local copy = ([[rm -rf %s && mkdir -p %s/build && git ls-files -co --exclude-standard -z |
    xargs -0 cp --parents -t %s && for part in lua5.4 luajit locale certificates; do
    [ ! -d build/$part ] || cp -a build/$part %s/build; done]]):gsub("%%s", function() return quote(folder) end)
  assert(run(copy) == 0, "the working tree cannot be copied")
  return setmetatable({ folder = folder }, Tree)
end

-- ---- compilers ----

-- The bytes that a compiler makes of it, or nil.
local function lua_code(text)
  local chunk = load(text, "=mutant")
  return chunk and string.dump(chunk, true)
end

function Tree:object(path)
  local object = self.folder .. "/object.o"
  os.remove(object)
  local status = run(("cd %s && $COMPILE_C -O2 -g0 -w -c -o object.o %s 2>/dev/null"):format(quote(self.folder), path))
  return status == 0 and M.read(object) or nil
end

--- @treturn ?string "same" where the compiler makes the same of both, "broken"
--   where it makes nothing
function Tree:compare(path, text)
  local code = path:match "%.lua$" and lua_code(text) or self:object(path)
  if not code then return "broken" end
  return code == self.code and "same" or nil
end

-- ---- changing it ----

local MAKE = "make -s --no-print-directory build spec-libs LUA=lua5.4 CFLAGS=-O1 WARNINGS=-w >build/mutant.log 2>&1"

function Tree:build(path)
  return path:match "%.lua$" or run(("cd %s && %s"):format(quote(self.folder), MAKE)) == 0
end

--- The source as it is.
function Tree:take(path)
  self.original = M.read(path)
  self:put(path, self.original)
  self.code = path:match "%.lua$" and lua_code(self.original) or self:object(path)
  assert(self:build(path), "the tree cannot be built: " .. self.folder .. "/build/mutant.log")
end

function Tree:put(path, text)
  write(self.folder .. "/" .. path, text)
end

-- ---- trying it ----

local BUSTED = [[cd %s && ulimit -v 6000000 && LOCPATH="$PWD/build/locale" \
  LUA_PATH="$PWD/lua/?.lua;$PWD/lua/?/init.lua;$PWD/?.lua;;" LUA_CPATH="$PWD/build/lua5.4/?.so;;" \
  timeout --kill-after=5 %d scripts/calm "$(command -v lua5.4)" scripts/busted.lua --no-keep-going --output=TAP %s \
  </dev/null >build/spec.log 2>&1]]

--- Whether a spec passes. One that takes far longer than it did has noticed.
function Tree:passes(spec, seconds)
  return run(BUSTED:format(quote(self.folder), math.ceil(30 + 6 * seconds), spec)) == 0
end

return M

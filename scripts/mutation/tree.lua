--- A copy of the working tree, in which one source at a time is changed, built and
-- tried.

local system = require "scripts.system"

local M = {}

local quote = system.quote

local Tree = {}
Tree.__index = Tree

local function run(command)
  local ok, _, status = os.execute(command)
  return ok and 0 or status
end

local function is_of(folder, run_id)
  return system.read(folder .. "/run-id") == run_id
end

--- Copies the working tree, once for a run of several files.
-- @tparam string folder where it is to be
-- @tparam string run_id
function M.new(folder, run_id)
  local self = setmetatable({ folder = folder }, Tree)
  if is_of(folder, run_id) then return self end
  local copy = ([[rm -rf %s && mkdir -p %s/build && git ls-files -co --exclude-standard -z |
    xargs -0 cp --parents -t %s && for part in lua5.4 luajit locale certificates; do
    [ ! -d build/$part ] || cp -a build/$part %s/build; done]]):gsub("%%s", function() return quote(folder) end)
  assert(run(copy) == 0, "the working tree cannot be copied")
  system.write(folder .. "/run-id", run_id)
  return self
end

-- ---- compilers ----

-- The bytes that a compiler makes of it, or nil.
local function lua_code(text)
  local chunk = load(text, "=mutant")
  return chunk and string.dump(chunk, true)
end

local function object_of(path)
  return ("build/lua5.4/obj/%s.o"):format(path:match "([%w_]+)%.c$")
end

-- Without what a debugger reads, in which line numbers differ.
function Tree:object(path)
  local object = object_of(path)
  os.remove(self.folder .. "/" .. object)
  local status = run(("cd %s && $COMPILE_C -O1 -g0 -w -c -o %s %s 2>/dev/null")
    :format(quote(self.folder), object, path))
  return status == 0 and system.read(self.folder .. "/" .. object) or nil
end

-- Of the text that the tree holds.
function Tree:compiled(path, text)
  if path:match "%.lua$" then return lua_code(text) end
  return self:object(path)
end

-- ---- changing it ----

-- The rest of the tree stays as it is: `make` would look at all of it.
local LINK = [[cd %s && for link in "$LINK_CORE" "$LINK_WIRE" "$LINK_STEPS" "$LINK_INSIDE"; do
  case " $link " in *" %s "*) eval "$link" || exit 1 ;; esac; done >/dev/null 2>&1]]

function Tree:link(path)
  return run(LINK:format(quote(self.folder), object_of(path))) == 0
end

--- Makes the tree that of a source's text.
-- @treturn boolean whether it could
function Tree:build(path, text)
  system.write(self.folder .. "/" .. path, text)
  return path:match "%.lua$" or self:object(path) and self:link(path)
end

--- Makes the tree that of a changed source.
-- @treturn ?string "same" where the compiler makes the same of both, "broken"
--   where it makes nothing
function Tree:change(path, text)
  system.write(self.folder .. "/" .. path, text)
  local code = self:compiled(path, text)
  if not code then return "broken" end
  if code == self.code then return "same" end
  return not path:match "%.lua$" and not self:link(path) and "broken" or nil
end

--- The source as it is.
function Tree:take(path)
  self.original = system.read(path)
  system.write(self.folder .. "/" .. path, self.original)
  self.code = self:compiled(path, self.original)
  assert(self:build(path, self.original), "the tree cannot be built: " .. self.folder)
end

-- ---- trying it ----

-- Bounds for a change that computes, fills memory or writes without end.
local BUSTED = [[cd %s && ulimit -v 4000000 && ulimit -t %d && ulimit -f 200000 && LOCPATH="$PWD/build/locale" \
  LUA_PATH="$PWD/lua/?.lua;$PWD/lua/?/init.lua;$PWD/?.lua;;" LUA_CPATH="$PWD/build/lua5.4/?.so;;" \
  timeout --kill-after=5 %d env -u SPEC -u MAKEFLAGS -u MAKEOVERRIDES scripts/calm "$(command -v lua5.4)" \
  scripts/busted.lua --no-keep-going --output=TAP %s \
  </dev/null >build/spec.log 2>&1]]

--- Whether a spec passes. One that takes far longer than it did has noticed: its own
-- time says so soon, and that of a busy machine later.
function Tree:passes(spec, seconds)
  return run(BUSTED:format(quote(self.folder), math.ceil(10 + 2 * seconds), math.ceil(60 + 20 * seconds), spec)) == 0
end

return M

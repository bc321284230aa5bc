-- rockspec.lua [--check]: writes the rockspec of this version from that of the
-- newest sources, lua-cognito-scm-1.rockspec, with the tag in place of the branch.
-- --check compares instead. A version in the making ("1.1.0-dev") has no rockspec.

package.path = "lua/?.lua;" .. package.path
local system = require "scripts.system"
local version = require "cognito.version"

-- Exactly one place, or the two files would part unnoticed.
local function replaced(text, pattern, replacement)
  local result, count = text:gsub(pattern, replacement)
  assert(count == 1, ("lua-cognito-scm-1.rockspec: %s is there %d times"):format(pattern, count))
  return result
end

local function made()
  local text = assert(system.read "lua-cognito-scm-1.rockspec")
  text = replaced(text, 'version = "scm%-1"', ('version = "%s-1"'):format(version))
  return replaced(text, 'branch = "main"', ('tag = "v%s"'):format(version))
end

if not version:find "^%d+%.%d+%.%d+$" then
  print(("version %s has no rockspec"):format(version))
  return
end

local path = ("lua-cognito-%s-1.rockspec"):format(version)
if arg[1] == "--check" then
  if system.read(path) ~= made() then
    io.stderr:write(path, " differs from lua-cognito-scm-1.rockspec: run lua5.4 scripts/rockspec.lua\n")
    os.exit(false)
  end
else
  system.write(path, made())
end

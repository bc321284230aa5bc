--- Libraries of other people that are not made for every Lua.

local M = {}

-- Anywhere else a library that is missing is a mistake of the machine's.
local NOT_MADE_FOR = { cqueues = "Lua 5.5", luv = "Lua 5.5" }

--- Whether there is a library. Where it is not made for this Lua, a pending
-- spec says so; elsewhere the spec requires it itself, which raises. It is not
-- loaded here: luv in particular bears no second loading into one state, and
-- the specs' runner forgets the modules of one file before the next.
-- @tparam function pending busted's
-- @tparam string name
-- @treturn boolean
function M.has(pending, name)
  local searchpath = rawget(package, "searchpath") -- there is one in that Lua
  if _VERSION ~= NOT_MADE_FOR[name] or searchpath(name, package.path .. ";" .. package.cpath) then
    return true
  end
  pending(("needs %s, which is not made for %s"):format(name, _VERSION))
  return false
end

return M

--- Libraries of other people that are not made for every Lua.

local M = {}

-- Anywhere else a library that is missing is a mistake of the machine's.
local NOT_MADE_FOR = { cqueues = "Lua 5.5", luv = "Lua 5.5" }

--- Whether there is a library. Where it is not made for this Lua, a pending
-- spec says so; elsewhere it is required, and raises.
-- @tparam function pending busted's
-- @tparam string name
-- @treturn boolean
function M.has(pending, name)
  if _VERSION ~= NOT_MADE_FOR[name] then return require(name) and true end
  if pcall(require, name) then return true end
  pending(("needs %s, which is not made for %s"):format(name, _VERSION))
  return false
end

return M

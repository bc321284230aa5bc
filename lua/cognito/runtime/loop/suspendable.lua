--- Whether the running coroutine can be suspended at the place where it is.
--
-- Lua 5.3 and newer tell, and so does LuaJIT. In Lua 5.1 and 5.2 a C function
-- on the way from the coroutine's beginning to this place forbids it; in 5.2
-- all but the two that catch errors. A finalizer forbids it as well and cannot
-- be seen on the stack: Lua 5.2 tries a yield, which the scheduler answers by
-- going on with the same coroutine. What forbids it in 5.1 besides
-- (metamethods, iterators, finalizers) cannot be seen: there the yield itself
-- raises.
-- @module cognito.runtime.loop.suspendable

local dialect = require "cognito.dialect"

local M = {}

--- What a coroutine yields that only tries whether it can.
M.PROBE = {}

local isyieldable = rawget(coroutine, "isyieldable")
if isyieldable then
  M.here = isyieldable
  return M
end

local may_yield = dialect.is_5_1 and {} or { [pcall] = true, [xpcall] = true }

-- A function without a current line is one in C, or a mark of a tail call.
local function forbids(level)
  local info = debug.getinfo(level + 1, "Sf")
  return info.what == "C" and not may_yield[info.func]
end

--- @treturn boolean
-- @raise in Lua 5.1, within `pcall` and other C functions: to turn the loop
--   there, one task on top of the other, would be too deep for the C stack
--   with a few hundred of them
function M.here()
  local level = 2
  local info = debug.getinfo(level, "l")
  while info do
    if info.currentline == -1 and forbids(level) then
      if dialect.is_5_1 then
        error("Lua 5.1 cannot suspend a task inside pcall, table.sort or another function in C: "
          .. "wait outside of it, or use LuaJIT or a newer Lua", 0)
      end
      return false
    end
    level = level + 1
    info = debug.getinfo(level, "l")
  end
  return dialect.is_5_1 or (pcall(coroutine.yield, M.PROBE))
end

return M

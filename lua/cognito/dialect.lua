--- What Lua 5.1 cannot do, and LuaJIT and newer Luas can.
-- @module cognito.dialect

local M = {}

--- Whether this is Lua 5.1 itself. It cannot suspend a task within pcall and
-- other functions in C, and a coroutine cannot begin with one of those.
M.is_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

local function unprotected(f, ...)
  return true, f(...)
end

--- `pcall`, within which a task can be suspended. In Lua 5.1 an error passes:
-- it ends the task.
-- @tparam function f
-- @param ... its arguments
-- @treturn boolean whether it raised nothing
-- @return its results, or what it raised
M.pcall = M.is_5_1 and unprotected or pcall

return M

--- Children of this process, as copies of it.

local forker = require "spec.c.forker"

local M = {}

--- Runs a function in a child, which ends with what it returns as its exit
-- status (0 for nothing, 99 when it raises).
-- @tparam function f
-- @treturn integer the child's process id
function M.start(f)
  local pid = forker.fork()
  if pid > 0 then return pid end
  local ok, status = pcall(f)
  if not ok then io.stderr:write("in the child: ", tostring(status), "\n") end
  forker.exit(ok and (status or 0) or 99)
end

--- Waits for a child.
-- @tparam integer pid
-- @treturn[1] integer exit status
-- @treturn[2] nil
-- @treturn[2] integer the signal that ended it
function M.wait(pid)
  return forker.wait(pid)
end

--- Both of them.
-- @tparam function f
-- @treturn integer exit status, or nil and a signal
function M.in_child(f)
  return M.wait(M.start(f))
end

return M

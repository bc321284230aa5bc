--- The account of a long run: lines with the time, and what was expected of it.
local M = {}

--- How many expectations were not met.
M.broken = 0

--- Prints a line.
-- @tparam string format
-- @param ... as for `string.format`
function M.say(...)
  print(os.date "!%H:%M:%S " .. string.format(...))
  io.stdout:flush()
end

--- Prints what was expected, and whether it came.
-- @tparam string what
-- @param ok
function M.expect(what, ok)
  M.say("%s: %s", ok and "ok" or "NOT OK", what)
  M.broken = M.broken + (ok and 0 or 1)
end

return M

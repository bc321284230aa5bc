--- The faults that a check finds: printed one by one, and counted.

local faults = { count = 0 }

--- Reports one.
-- @tparam string format as of string.format
-- @param ... values for it
function faults.report(format, ...)
  faults.count = faults.count + 1
  io.stderr:write(format:format(...), "\n")
end

return faults

--- Assertions for where busted is not: inside nginx.
local M = {}

--- Raises unless two values are equal.
-- @param want
-- @param got
-- @tparam[opt] string what they are
function M.equal(want, got, what)
  if want ~= got then
    error(("%sexpected %s, got %s"):format(what and what .. ": " or "", tostring(want), tostring(got)), 2)
  end
end

--- Raises unless a call returned a result.
-- @param result
-- @param err
-- @treturn table result
-- @return further values
function M.success(result, err, ...)
  if not result then
    error("failed: " .. tostring(err), 2)
  end
  return result, ...
end

--- Raises unless a call failed, and as it should.
-- @tparam table fields what its error must have
-- @param result
-- @param err
-- @param meta
-- @treturn table err
-- @treturn table meta
function M.failure(fields, result, err, meta)
  if result then
    error("succeeded, and should have failed", 2)
  end
  for name, want in pairs(fields) do
    if err[name] ~= want then
      error(("%s: expected %s, got %s: %s"):format(name, tostring(want), tostring(err[name]), tostring(err)), 2)
    end
  end
  return err, meta
end

return M

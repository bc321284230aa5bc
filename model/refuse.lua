--- Refuses what a published model may hold and the generator cannot carry:
-- generated from it, calls would be wrong without a word.
-- @module model.refuse

-- The types that src/model.h knows.
local known = {
  structure = true, list = true, map = true, string = true, blob = true,
  boolean = true, integer = true, long = true, timestamp = true,
}

local M = {}

--- Stops unless the generator knows a type.
-- @tparam string type as botocore's format names it
-- @tparam string name of the shape
-- @treturn string the type
-- @raise a sentence that names shape and type
function M.unless_known(type, name)
  if not known[type] then
    M(name, "the type " .. tostring(type))
  end
  return type
end

--- Stops.
-- @function refuse
-- @tparam string name of the operation, shape or member
-- @tparam string what it has that cannot be carried
-- @raise a sentence that names both
return setmetatable(M, {
  __call = function(_, name, what)
    error(("a model that the generator cannot carry yet: %s has %s"):format(name, what), 0)
  end,
})

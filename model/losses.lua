--- What an import would take away: an older model of the service lacks
-- operations and members that the facts at hand have, and what is generated
-- without them breaks programs that use them.
-- @module model.losses
local c_locale = require "cognito.c_locale"

local M = {}

local function sorted(list)
  table.sort(list, c_locale.before)
  return list
end

local function lost_operations(old, new)
  local lost = {}
  for name in pairs(old.operations or {}) do
    lost[#lost + 1] = not (new.operations or {})[name] and name or nil
  end
  return sorted(lost)
end

-- Members of structures that both have; a structure that goes, goes with its
-- operations.
local function lost_members(old, new)
  local lost = {}
  for name, shape in pairs(old.shapes or {}) do
    local now = (new.shapes or {})[name]
    for member in pairs(now and shape.members or {}) do
      lost[#lost + 1] = not (now.members or {})[member] and name .. "." .. member or nil
    end
  end
  return sorted(lost)
end

--- Says what new facts lack that the old ones have.
-- @tparam table old facts
-- @tparam table new facts
-- @treturn ?string operations and members by name; nil: nothing is lost
function M.between(old, new)
  local parts = {}
  for _, pair in ipairs {
    { "the operations ", lost_operations(old, new) }, { "the members ", lost_members(old, new) },
  } do
    parts[#parts + 1] = pair[2][1] and pair[1] .. table.concat(pair[2], ", ") or nil
  end
  return parts[1] and table.concat(parts, " and ")
end

return M

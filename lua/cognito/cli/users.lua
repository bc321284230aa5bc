--- What is shown of a user.
-- @module cognito.cli.users

local clock = require "cognito.clock"

local M = {}

--- A moment as people read it.
-- @tparam ?number time epoch seconds
-- @treturn ?string RFC 3339, in UTC
function M.date(time)
  return time and clock.format_rfc3339(time)
end

--- The attributes of a user by name.
-- @tparam ?table list `{ { name, value }, … }`
-- @treturn table
function M.attributes(list)
  local values = {}
  for _, attribute in ipairs(list or {}) do
    values[attribute.name] = attribute.value or ""
  end
  return values
end

--- Whether a user is enabled, in a word.
-- @tparam ?boolean enabled
-- @treturn string
function M.enabled(enabled)
  return enabled == false and "disabled" or enabled and "enabled" or "unknown"
end

return M

--- What is shown of a user.
-- @module cognito.cli.users

local attributes = require "cognito.attributes"
local c_locale = require "cognito.c_locale"
local clock = require "cognito.clock"

local M = {}

local YEAR_10000 = 253402300800 -- epoch seconds

--- A moment as people read it.
-- @param time epoch seconds; what is no such number is shown as it is
-- @treturn ?string RFC 3339, in UTC
function M.date(time)
  if type(time) ~= "number" then
    return time ~= nil and tostring(time) or nil
  elseif time >= 0 and time < YEAR_10000 then
    return clock.format_rfc3339(time)
  end
  return c_locale.format("%.0f", time)
end

--- The attributes of a user by name.
-- @tparam ?table list `{ { name, value }, … }`
-- @treturn table
function M.attributes(list)
  return attributes.values(list)
end

--- Whether a user is enabled, in a word.
-- @param enabled a boolean; anything else tells nothing
-- @treturn string
function M.enabled(enabled)
  return enabled == false and "disabled" or enabled == true and "enabled" or "unknown"
end

return M

--- Users as the service shows them.
-- @module cognito.sandbox.views
local attributes = require "cognito.sandbox.attributes"

local M = {}

--- UserType, or the same with its attributes under another name.
-- @tparam table user
-- @tparam string attributes_as `Attributes` or `UserAttributes`
-- @treturn table
function M.user(user, attributes_as)
  return {
    Username = user.username,
    UserStatus = user.status,
    Enabled = user.enabled,
    UserCreateDate = user.created,
    UserLastModifiedDate = user.modified,
    [attributes_as] = attributes.to_list(user.attributes),
  }
end

return M

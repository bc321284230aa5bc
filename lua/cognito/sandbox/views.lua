--- Users as the service shows them.
-- @module cognito.sandbox.views
local attributes = require "cognito.sandbox.attributes"
local second_factor = require "cognito.sandbox.second_factor"

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

--- The same with second factors, as AdminGetUser has them.
-- @tparam table user
-- @treturn table
function M.with_factors(user)
  local view, list = M.user(user, "UserAttributes"), second_factor.list(user)
  view.UserMFASettingList = list[1] and list or nil
  view.PreferredMfaSetting = second_factor.preferred(user)
  return view
end

return M

--- Users from another system: the user migration trigger.
-- @module cognito.sandbox.migration
local errors = require "cognito.sandbox.errors"

local M = {}

-- A function that fails leaves the user unknown: assumed.
local function ask(pool, source, name, params, password)
  local ok, response = pcall(pool.triggers.run, pool.triggers,
    "user_migration", "UserMigration_" .. source, name, { password = password,
      clientMetadata = params.ClientMetadata })
  if ok then
    return response
  end
  if not errors.is_refusal(response) then
    error(response, 0)
  end
end

local function attributes_of(response)
  local attributes = {}
  for name, value in pairs(response.userAttributes) do
    if name ~= "username" then
      attributes[name] = tostring(value)
    end
  end
  return attributes
end

--- The user that a name means, brought in by the trigger where the pool has
-- none. Without `finalUserStatus` a user has to reset the password.
-- @tparam table pool
-- @tparam string source `Authentication` or `ForgotPassword`
-- @tparam string name as the request has it
-- @tparam table params of the request
-- @tparam[opt] string password that was typed; the user's own from now on
-- @treturn ?table user
function M.find(pool, source, name, params, password)
  local user = pool.users:find(name)
  if user then
    return user
  end
  local response = ask(pool, source, name, params, password)
  if not response or type(response.userAttributes) ~= "table" then
    return nil
  end
  user = pool.users:add { username = response.userAttributes.username or name,
    status = response.finalUserStatus or "RESET_REQUIRED",
    attributes = attributes_of(response) }
  if password then
    pool.users:set_password(user, password)
  end
  return user
end

return M

--- Credentials from the AWS environment variables.
-- @module cognito.credentials.environment

local failure = require "cognito.credentials.failure"

local M = {}

local SOURCE = "the environment"

--- Reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and
-- AWS_ACCOUNT_ID; blank ones count as unset.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error, when a key id has no secret among others
function M.load(world)
  local id = world:variable "AWS_ACCESS_KEY_ID"
  local secret = world:variable "AWS_SECRET_ACCESS_KEY"
  if not id then
    return failure.absent "AWS_ACCESS_KEY_ID is not set"
  elseif not secret then
    return failure.broken(SOURCE, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
      "Set both, or neither")
  end
  return {
    access_key_id = id,
    secret_access_key = secret,
    session_token = world:variable "AWS_SECURITY_TOKEN" or world:variable "AWS_SESSION_TOKEN", -- in botocore's order
    account_id = world:variable "AWS_ACCOUNT_ID",
    source = SOURCE,
  }
end

return M

--- A role for a token in a file, as EKS service accounts and CI jobs get it.
-- @module cognito.credentials.web_identity

local failure = require "cognito.credentials.failure"
local metrics = require "cognito.credentials.metrics"
local sts = require "cognito.credentials.sts"

local M = {}

local LARGEST = 65536 -- bytes

--- Assumes a role with the token in a file, which is read each time: its
-- writer replaces it before it runs out.
-- @tparam table world
-- @tparam string source that wants it
-- @tparam string token_file path
-- @tparam table role `arn`, and optionally `session_name`
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.assume(world, source, token_file, role)
  local token, message = world.read_file(token_file)
  if not token then
    return failure.broken(source, ("the token file %s cannot be read: %s"):format(token_file, message))
  elseif token == "" then
    return failure.broken(source, ("the token file %s is empty"):format(token_file))
  elseif #token > LARGEST or token:find "[%z\128-\255]" then
    return failure.broken(source, ("the token file %s holds something else than a token"):format(token_file))
  end
  return sts.assume_role_with_web_identity(world, source, role, token)
end

--- Reads AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world)
  local token_file = world:variable "AWS_WEB_IDENTITY_TOKEN_FILE"
  if not token_file then
    return failure.absent "AWS_WEB_IDENTITY_TOKEN_FILE is not set"
  end
  local arn = world:variable "AWS_ROLE_ARN"
  if not arn then
    return failure.broken("web identity", "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not",
      "Set both, or neither")
  end
  local found, err = M.assume(world, ("web identity (role %s)"):format(arn), token_file,
    { arn = arn, session_name = world:variable "AWS_ROLE_SESSION_NAME" })
  return metrics.add(found, "environment_web_identity", "web_identity"), err
end

return M

--- Credentials from the AWS environment variables.
-- @module cognito.credentials.environment

local clock = require "cognito.clock"
local failure = require "cognito.credentials.failure"
local metrics = require "cognito.credentials.metrics"

local M = {}

local SOURCE = "the environment"

-- The moment at which the keys end, nil where none is set, or nil and an error.
local function find_end(world)
  local text = world:variable "AWS_CREDENTIAL_EXPIRATION"
  local ends = text and clock.parse_rfc3339(text)
  if text and not ends then
    return failure.broken(SOURCE, "AWS_CREDENTIAL_EXPIRATION is not a date like 2026-11-21T07:49:51Z",
      "Correct or unset it")
  elseif ends and ends <= world.now() then
    return failure.broken(SOURCE, "the keys have expired, says AWS_CREDENTIAL_EXPIRATION",
      "Get new ones, and set all variables that belong to them")
  end
  return ends
end

--- Reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
-- AWS_CREDENTIAL_EXPIRATION and AWS_ACCOUNT_ID; blank ones count as unset.
-- @tparam table world
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error, when a key id has no secret or has expired, among
--   others
function M.load(world)
  local id = world:variable "AWS_ACCESS_KEY_ID"
  local secret = world:variable "AWS_SECRET_ACCESS_KEY"
  if not id then
    return failure.absent "AWS_ACCESS_KEY_ID is not set"
  elseif not secret then
    return failure.broken(SOURCE, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
      "Set both, or neither")
  end
  local ends, err = find_end(world)
  if err then
    return nil, err
  end
  return metrics.add({
    access_key_id = id,
    secret_access_key = secret,
    session_token = world:variable "AWS_SECURITY_TOKEN" or world:variable "AWS_SESSION_TOKEN", -- in botocore's order
    expires_at = ends,
    account_id = world:variable "AWS_ACCOUNT_ID",
    source = SOURCE,
  }, "environment")
end

return M

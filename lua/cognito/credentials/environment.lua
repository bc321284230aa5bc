--- Credentials from the AWS environment variables.
-- @module cognito.credentials.environment

local M = {}

local function value_of(env, name)
  local value = env(name)
  return value and value:find "%S" and value or nil
end

--- Reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN;
-- blank ones count as unset.
-- @tparam function env like `os.getenv`
-- @treturn[1] table credentials
-- @treturn[2] nil when the variables are not set
-- @treturn[3] nil
-- @treturn[3] table error when a key id has no secret
function M.read(env)
  local id, secret = value_of(env, "AWS_ACCESS_KEY_ID"), value_of(env, "AWS_SECRET_ACCESS_KEY")
  if not id then
    return nil
  end
  if not secret then
    return nil, {
      code = "no_credentials", kind = "credentials",
      message = "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
    }
  end
  return { access_key_id = id, secret_access_key = secret, session_token = value_of(env, "AWS_SESSION_TOKEN") }
end

return M

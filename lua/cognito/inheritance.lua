--- The variables that programs started by this library do not inherit: secrets
-- that were given to this process and not to them.
-- @module cognito.inheritance

local M = {}

local OURS = "COGNITO_PASSWORD COGNITO_NEW_PASSWORD COGNITO_CODE COGNITO_MFA_CODE COGNITO_CLIENT_SECRET"
  .. " COGNITO_BULK_JOURNAL PGPASSWORD"

--- For programs that give out AWS credentials: they may need some themselves.
-- A list of names as `core.run` takes it.
M.SECRETS = OURS

--- For all others.
M.SECRETS_AND_KEYS = OURS .. " AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN"
  .. " AWS_CONTAINER_AUTHORIZATION_TOKEN"

return M

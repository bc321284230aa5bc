--- Where the credentials of signed operations come from: what the program
-- gives (a table, or a function that is asked before each call), else the
-- environment.
-- @module cognito.credentials

local environment = require "cognito.credentials.environment"

local M = {}

local function refused(message)
  return nil, { code = "no_credentials", kind = "credentials", message = message }
end

local function asked(provider)
  return function()
    local given, err = provider()
    if type(given) == "table" then
      return given
    end
    return refused("the credentials function returned no table"
      .. (err ~= nil and ": " .. tostring(err) or ""))
  end
end

--- Makes a source of credentials.
-- @tparam ?table|function given `{ access_key_id, secret_access_key,
--   session_token }`, or a function that returns one or `nil, err`
-- @tparam function env like `os.getenv`
-- @treturn function returns credentials, or nil and an error
function M.source(given, env)
  if type(given) == "function" then
    return asked(given)
  end
  local found, err = given, nil
  if not found then
    found, err = environment.read(env)
  end
  return function()
    if found then
      return found
    end
    if err then
      return nil, { code = err.code, kind = err.kind, message = err.message }
    end
    return refused("there are no credentials to sign with")
  end
end

return M

--- The app client's secrets, two at most, and tokens for the client itself.
-- @module cognito.sandbox.operations.client_secrets
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local secret_hash = require "cognito.sandbox.secret_hash"
local tokens = require "cognito.sandbox.tokens"

local M = {}

local MOST = 2

local function view(secret)
  return { ClientSecretId = secret.id, ClientSecretCreateDate = secret.created }
end

-- A client without a secret stays one.
local function secrets_of(pool)
  if not pool.client_secrets[1] then
    errors.refuse("no_secrets", pool.options.client_id)
  end
  return pool.client_secrets
end

--- AddUserPoolClientSecret.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.add_user_pool_client_secret(pool, params)
  local list = secrets_of(pool)
  if #list >= MOST then
    errors.refuse "secret_limit"
  end
  local secret = pool:new_client_secret(params.ClientSecret or pool.random:secret())
  local shown = view(secret)
  shown.ClientSecretValue = not params.ClientSecret and secret.value or nil
  list[#list + 1] = secret
  return { ClientSecretDescriptor = shown }
end

--- ListUserPoolClientSecrets: all on one page, without their values.
-- @tparam table pool
-- @treturn table
function M.list_user_pool_client_secrets(pool)
  local found = json.list {}
  for i, secret in ipairs(pool.client_secrets) do
    found[i] = view(secret)
  end
  return { ClientSecrets = found }
end

--- DeleteUserPoolClientSecret: the last one stays.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.delete_user_pool_client_secret(pool, params)
  local list = secrets_of(pool)
  for i, secret in ipairs(list) do
    if secret.id == params.ClientSecretId then
      if #list == 1 then
        errors.refuse "last_secret"
      end
      table.remove(list, i)
      return {}
    end
  end
  errors.refuse "no_such_secret"
end

--- GetClientToken.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.get_client_token(pool, params)
  secret_hash.check_secret(pool, params.Secret)
  return { ClientAuthenticationResult = tokens.client(pool, params.Scopes) }
end

return M

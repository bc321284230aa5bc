--- The settings of pools and app clients as replies have them. A stand-in for
-- the service may leave members out, or give scalars another type than the
-- model's; lists and objects have the model's form, or the reply is an error.
-- @module cognito.pool_settings

local c_locale = require "cognito.c_locale"
local errors = require "cognito.errors"
local failure = require "cognito.failure"

local M = {}

--- The medium of a message to each kind of contact.
M.mediums = { email = "EMAIL", phone_number = "SMS" }

-- LuaJIT's tonumber reads "nan" and "inf", which no order and no format knows.
local function number_of(value)
  local number = c_locale.tonumber(value)
  return number and number == number and math.abs(number) ~= math.huge and number or 0
end

local function member_of(reply, operation, name, wire_name)
  if type(reply[name]) == "table" then
    return reply[name]
  end
  return nil, errors.new(failure.network("malformed_response", "the answer has no " .. wire_name,
    { operation = operation }))
end

--- The pool in a reply.
-- @tparam table reply of DescribeUserPool
-- @treturn[1] table user_pool
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function M.user_pool(reply)
  return member_of(reply, "describe_user_pool", "user_pool", "UserPool")
end

--- The app client in a reply.
-- @tparam table reply of DescribeUserPoolClient
-- @treturn[1] table user_pool_client
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function M.app_client(reply)
  return member_of(reply, "describe_user_pool_client", "user_pool_client", "UserPoolClient")
end

--- The secrets of an app client in a reply.
-- @tparam table reply of ListUserPoolClientSecrets
-- @treturn[1] table client_secrets
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function M.client_secrets(reply)
  return member_of(reply, "list_user_pool_client_secrets", "client_secrets", "ClientSecrets")
end

--- How a pool recovers accounts.
-- @tparam table user_pool
-- @treturn ?{string,...} names of mechanisms, the most preferred first; nil: a
--   pool without the setting, which is of the old kind
function M.recovery_mechanisms(user_pool)
  local setting = user_pool.account_recovery_setting
  if not setting then
    return nil
  end
  local mechanisms, names = {}, {}
  for i, mechanism in ipairs(setting.recovery_mechanisms or {}) do
    mechanisms[i] = { name = mechanism.name or "unknown", priority = number_of(mechanism.priority), at = i }
  end
  table.sort(mechanisms, function(a, b)
    return a.priority < b.priority or a.priority == b.priority and a.at < b.at
  end)
  for i, mechanism in ipairs(mechanisms) do
    names[i] = mechanism.name
  end
  return names
end

--- Whether only administrators recover accounts of a pool.
-- @tparam table user_pool
-- @treturn boolean
function M.is_admin_only(user_pool)
  for _, name in ipairs(M.recovery_mechanisms(user_pool) or {}) do
    if name == "admin_only" then
      return true
    end
  end
  return false
end

--- Who sends a pool's mail.
-- @tparam table user_pool
-- @treturn ?string COGNITO_DEFAULT, or DEVELOPER for every other word; nil: the
--   reply does not say
function M.mail_sender(user_pool)
  local account = (user_pool.email_configuration or {}).email_sending_account
  if type(account) ~= "string" then
    return nil
  end
  return account == "COGNITO_DEFAULT" and account or "DEVELOPER"
end

--- How many users a pool has, about.
-- @tparam table user_pool
-- @treturn number 0 where the reply gives no number
function M.users(user_pool)
  return number_of(user_pool.estimated_number_of_users)
end

return M

--- What is looked at before anything is sent.
-- @module cognito.bulk.preflight

local c_locale = require "cognito.c_locale"
local clients = require "cognito.client"
local errors = require "cognito.errors"
local failure = require "cognito.bulk.failure"
local pool_settings = require "cognito.pool_settings"

local M = {}

--- Messages a day of the built-in sender.
M.BUILTIN_MAIL = 50
local BUILTIN_MAIL = M.BUILTIN_MAIL

--- Refuses an endpoint that the program did not name: a forgotten variable
-- must not send two million calls somewhere else.
-- @tparam cognito.Client pool
-- @raise a cognito.Error
function M.endpoint(pool)
  local endpoint = pool:describe().settings.endpoint
  if endpoint and endpoint.source ~= "settings" and endpoint.source ~= "default" then
    failure.raise("endpoint_from_environment", ("the endpoint %s comes from %s"):format(
      tostring(endpoint.value), endpoint.source))
  end
end

--- The pool's own settings.
-- @tparam cognito.Client pool
-- @treturn table as DescribeUserPool tells
-- @raise a cognito.Error
function M.describe(pool)
  local described, err = pool:describe_user_pool {}
  local user_pool
  if described then
    user_pool, err = pool_settings.user_pool(described)
  end
  return user_pool or error(err, 0)
end

--- Refuses an action that the pool's settings make senseless.
-- @tparam table action
-- @tparam table user_pool
-- @raise a cognito.Error
function M.action(action, user_pool)
  if action.becomes == "RESET_REQUIRED" and pool_settings.is_admin_only(user_pool) then
    failure.raise("admin_only", "in this pool only administrators recover users: the service refuses every reset")
  end
end

--- Refuses more messages than the pool can send, or the operator wants.
-- @tparam table action
-- @tparam table user_pool
-- @tparam table facts about the job: `mails` and `texts`, how many are planned
-- @tparam table options `builtin_mail`, `daily_limit`, `max_sms`
-- @raise a cognito.Error
function M.messages(action, user_pool, facts, options)
  if not action.sends then
    return
  end
  local mails, texts = c_locale.tonumber(facts.mails), c_locale.tonumber(facts.texts)
  local sender = pool_settings.mail_sender(user_pool) or "COGNITO_DEFAULT"
  local is_spread = options.daily_limit and options.daily_limit > 0 and options.daily_limit <= BUILTIN_MAIL
  if sender == "COGNITO_DEFAULT" and mails > BUILTIN_MAIL and not options.builtin_mail and not is_spread then
    failure.raise("builtin_mail", ("%d mails are planned, and the pool's built-in sender sends about %d a day")
      :format(mails, BUILTIN_MAIL))
  end
  if options.max_sms and texts > options.max_sms then
    failure.raise("max_sms", ("%d SMS %s planned, at most %d are allowed"):format(texts,
      texts == 1 and "is" or "are", options.max_sms))
  end
end

--- The caller: where the credentials come from, the account where it is known,
-- and the end of the access key's id. Not STS GetCallerIdentity: its answer
-- would cost a call to another service that may be out of reach here, and the
-- access key leads to the same person in CloudTrail.
-- @tparam cognito.Client pool
-- @treturn string
-- @raise a cognito.Error
function M.caller(pool)
  local credentials, err = clients.credentials(pool)
  if not credentials then
    error(errors.new(err), 0)
  end
  local facts = pool:describe().credentials
  local account = facts.account_id and " of account " .. facts.account_id or ""
  return ("access key …%s%s (%s)"):format(credentials.access_key_id:sub(-4), account,
    tostring(facts.source or "unknown source"))
end

return M

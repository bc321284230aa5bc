--- What the service says: whether it knows the caller, the pool and the app
-- client. Two signed calls that only look.
-- @module cognito.cli.doctor.service

local client = require "cognito.cli.client"
local pool_settings = require "cognito.pool_settings"

local M = {}

-- The signature was good: AWS knows who called before it says what they may.
local function is_denied(err)
  return err.code == "AccessDeniedException"
end

local function tell_failure(report, check, err, action)
  if is_denied(err) then
    report:note(check, ("the credentials are good, but have no permission to look at it (%s)"):format(action),
      "This is no fault: every other call has its own permission")
  else
    report:wrong(check, ("%s: %s"):format(err.code, err.message), client.adapt(err).hint)
  end
end

local function tell_pool(report, pool)
  local users = pool_settings.users(pool)
  report:ok("pool", ("known to the service: %s, about %.0f %s"):format(pool.name or "without a name", users,
    users == 1 and "user" or "users"))
  if pool_settings.is_admin_only(pool) then
    report:note("pool", "only administrators recover accounts here: forgot-password is refused",
      "Use admin-set-user-password, or change the pool's account recovery setting")
  end
  if pool_settings.mail_sender(pool) == "COGNITO_DEFAULT" then
    report:note("pool", "mail goes by the built-in sender: about 50 messages a day for the whole account",
      "Configure Amazon SES for the pool before sending more")
  end
end

local function tell_client(report, app, given)
  if app.client_secret and not given then
    report:wrong("app client", "has a secret, and none is given: its calls will be refused",
      "Set COGNITO_CLIENT_SECRET, or use --client-secret-fd")
  elseif given and not app.client_secret then
    report:wrong("app client", "has no secret, but one is given: its calls will be refused",
      "Unset COGNITO_CLIENT_SECRET")
  elseif given and given ~= app.client_secret then
    report:note("app client", "has a secret, and the one given is another: right only if the app client has two",
      "Compare COGNITO_CLIENT_SECRET with the app client's page")
  else
    report:ok("app client", given and "known to the service, and the secret is its own"
      or "known to the service, and has no secret")
  end
end

local function ask(pool, operation, read)
  local answer, err = pool[operation](pool, {})
  if not answer then
    return nil, err
  end
  return read(answer)
end

--- Asks the service.
-- @tparam table report
-- @tparam table patient
function M.check(report, patient)
  local settings = patient.described.settings
  if not (patient.has_credentials and patient.is_reached and settings.user_pool_id) then
    return
  end
  local pool, err = ask(patient.pool, "describe_user_pool", pool_settings.user_pool)
  if pool then
    tell_pool(report, pool)
  else
    tell_failure(report, "pool", err, "cognito-idp:DescribeUserPool")
  end
  if not settings.client_id or not pool and not is_denied(err) then
    return
  end
  local app
  app, err = ask(patient.pool, "describe_user_pool_client", pool_settings.app_client)
  if app then
    tell_client(report, app, patient.given.client_secret)
  else
    tell_failure(report, "app client", err, "cognito-idp:DescribeUserPoolClient")
  end
end

return M

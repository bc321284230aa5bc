--- What the service says: whether it knows the caller, the pool and the app
-- client, and which secrets that has. Three signed calls that only look.
-- @module cognito.cli.doctor.service

local client = require "cognito.cli.client"
local date = require("cognito.cli.users").date
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

local function is_among(given, secret)
  return given == secret or type(given) == "table" and (given[1] == secret or given[2] == secret)
end

-- Of two secrets given, one may be deleted already, or not added yet. Of two
-- that the client has, the service shows one only.
local function tell_client(report, app, given, count)
  if app.client_secret and not given then
    report:wrong("app client", "has a secret, and none is given: its calls will be refused",
      "Set COGNITO_CLIENT_SECRET, or use --client-secret-fd")
  elseif given and not app.client_secret then
    report:wrong("app client", "has no secret, but one is given: its calls will be refused",
      "Unset COGNITO_CLIENT_SECRET")
  elseif not given then
    report:ok("app client", "known to the service, and has no secret")
  elseif is_among(given, app.client_secret) then
    report:ok("app client", ("known to the service, and %s is its own"):format(type(given) == "table"
      and "one of the two secrets" or "the secret"))
  elseif count == 1 then
    report:wrong("app client", ("has one secret, and %s: its calls will be refused"):format(type(given) == "table"
      and "it is neither of the two given" or "the one given is another"),
      "Compare COGNITO_CLIENT_SECRET with the app client's page")
  else
    report:note("app client", "has a secret, and the one given is another: right only if the app client has two",
      "Compare COGNITO_CLIENT_SECRET with the app client's page")
  end
end

-- ---- two secrets ----

local function description(secret)
  local added = date(secret.client_secret_create_date)
  return tostring(secret.client_secret_id) .. (added and " of " .. added or "")
end

-- The service says no order; the dates do, where it sends both.
local function by_age(secrets)
  local first, second = secrets[1], secrets[2]
  local began, later = first.client_secret_create_date, second.client_secret_create_date
  if type(began) ~= "number" or type(later) ~= "number" or began == later then
    return nil
  elseif began > later then
    first, second = second, first
  end
  return first, second
end

local function tell_two(report, secrets, given)
  local older, newer = by_age(secrets)
  local more = type(given) == "table" and "" or "; until then, give both: COGNITO_CLIENT_SECRET='NEWEST OLDER'"
  if not older then
    return report:note("app client", ("has two secrets, and takes both: %s, %s"):format(description(secrets[1]),
      description(secrets[2])), "When every program has the one that stays, delete the other one" .. more)
  end
  report:note("app client", ("has two secrets: %s, and %s, which is older and still taken"):format(description(newer),
    description(older)), ("When every program has the newer one: cognito call delete-user-pool-client-secret --param"
    .. " client_secret_id=%s, or go on with cognito rotate-secret%s"):format(tostring(older.client_secret_id), more))
end

local function tell_secrets(report, secrets, given)
  if #secrets == 2 then
    tell_two(report, secrets, given)
  elseif #secrets == 1 and type(given) == "table" then
    report:note("app client", ("has one secret, %s, and two are given: the other is refused each time"):format(
      description(secrets[1])), "Leave the other one out of COGNITO_CLIENT_SECRET, if no rotation is under way")
  elseif #secrets == 1 then
    report:ok("app client", ("has one secret, %s"):format(description(secrets[1])))
  end
end

local function ask(pool, operation, read)
  local answer, err = pool[operation](pool, {})
  if not answer then
    return nil, err
  end
  return read(answer)
end

-- What the list would say is no condition of any call.
local function tell_unlisted(report, err)
  if is_denied(err) then
    return tell_failure(report, "app client", err, "cognito-idp:ListUserPoolClientSecrets")
  end
  report:note("app client", ("its secrets cannot be listed: %s: %s"):format(err.code, err.message),
    client.adapt(err).hint)
end

-- A client without a secret has none to list.
local function check_secrets(report, patient, app)
  local given, secrets, err = patient.given.client_secret, nil, nil
  if app.client_secret then
    secrets, err = ask(patient.pool, "list_user_pool_client_secrets", pool_settings.client_secrets)
  end
  tell_client(report, app, given, secrets and #secrets)
  if secrets then
    tell_secrets(report, secrets, given)
  elseif err then
    tell_unlisted(report, err)
  end
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
    check_secrets(report, patient, app)
  else
    tell_failure(report, "app client", err, "cognito-idp:DescribeUserPoolClient")
  end
end

return M

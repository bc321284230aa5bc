--- A role of IAM Identity Center, after `aws sso login`.
-- @module cognito.credentials.sso

local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local fetch = require "cognito.credentials.fetch"
local metrics = require "cognito.credentials.metrics"
local services = require "cognito.credentials.services"
local sso_token = require "cognito.credentials.sso_token"
local token_file = require "cognito.credentials.token_file"

local M = {}

local keys = { "sso_account_id", "sso_role_name", "sso_region", "sso_start_url", "sso_session" }

--- Whether a profile has any SSO setting.
-- @tparam table settings of the profile
-- @treturn boolean
function M.is_configured(settings)
  for _, key in ipairs(keys) do
    if settings[key] then
      return true
    end
  end
  return false
end

-- ---- what the profile says ----

-- A setting may stand in both places as long as both say the same.
local function find_difference(settings, session)
  for _, key in ipairs { "sso_region", "sso_start_url" } do
    if settings[key] and session[key] and settings[key] ~= session[key] then
      return key
    end
  end
end

-- Where one logs in: of the session, or in older profiles their own.
local function find_login(files, source, settings)
  local name = settings.sso_session
  if not name then
    return { region = settings.sso_region, start_url = settings.sso_start_url, cache_key = settings.sso_start_url }
  end
  local session = files.sso_sessions[name]
  if not session then
    return failure.broken(source, ("it names an sso_session, but %s has no section [sso-session %s]")
      :format(files.config, name), "Run: aws configure sso")
  elseif files.faults.sso_sessions[name] then
    return failure.broken(source, files.faults.sso_sessions[name])
  end
  local key = find_difference(settings, session)
  if key then
    return failure.broken(source, ("its %s differs from that of the section [sso-session %s] in %s")
      :format(key, name, files.config), ("Remove %s from the profile: the session's counts"):format(key))
  end
  return { region = session.sso_region, start_url = session.sso_start_url, cache_key = name, renewable = true }
end

local function find_missing(settings, login)
  local wanted = {
    { "sso_account_id", settings.sso_account_id }, { "sso_role_name", settings.sso_role_name },
    { "sso_region", login.region }, { "sso_start_url", login.start_url },
  }
  for _, pair in ipairs(wanted) do
    if type(pair[2]) ~= "string" or pair[2] == "" then
      return pair[1]
    end
  end
end

-- ---- the role's credentials ----

local function again(response)
  return not response or response.status >= 500 or response.status == 429
end

local function refusal(source, login, response)
  if response.status == 401 then
    return failure.broken(source, "the SSO token is no longer accepted", login.hint)
  end
  local text = ("the SSO service answered %d"):format(response.status)
  if again(response) then
    return failure.temporary(source, text)
  end
  return failure.broken(source, text, "See whether the user may use sso_role_name in sso_account_id")
end

-- Its times are milliseconds, and its names are not those of other documents.
local function read_reply(source, body)
  local reply = (document.read(body, true) or {}).roleCredentials
  local found = type(reply) == "table" and {
    access_key_id = reply.accessKeyId,
    secret_access_key = reply.secretAccessKey,
    session_token = reply.sessionToken,
  }
  for _, name in ipairs { "access_key_id", "secret_access_key", "session_token" } do
    if not found or type(found[name]) ~= "string" or found[name] == "" then
      return failure.broken(source, "the SSO service answered no credentials")
    end
  end
  if type(reply.expiration) ~= "number" then
    return failure.broken(source, "the SSO service did not say when its credentials end")
  end
  found.expires_at = reply.expiration / 1000
  return found
end

local function get_role_credentials(world, source, login, role)
  local url, err = services.find(world, source, "sso", login.region)
  if not url then
    return nil, err
  end
  local query = fetch.form { { "role_name", role.name }, { "account_id", role.account_id } }
  local response, message, cause = fetch.send(world, {
    runtime = world:runtime(), again = again,
    request = {
      method = "GET", url = ("%s/federation/credentials?%s"):format(url, query),
      headers = { { "x-amz-sso_bearer_token", role.token } },
    },
  })
  if not response then
    return fetch.failed(source, "the SSO service does not answer: " .. message, cause)
  elseif response.status ~= 200 then
    return refusal(source, login, response)
  end
  return read_reply(source, response.body or "")
end

--- Fetches the credentials of a profile's SSO role.
-- @tparam table world
-- @tparam table files
-- @tparam string profile_name
-- @tparam table settings of the profile
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world, files, profile_name, settings)
  local source = ("profile '%s' (SSO)"):format(profile_name)
  local login, err = find_login(files, source, settings)
  if not login then
    return nil, err
  elseif settings.sso_session and not settings.sso_account_id and not settings.sso_role_name then
    return failure.absent(("profile '%s' logs in through SSO, but for no role"):format(profile_name))
  end
  local missing = find_missing(settings, login)
  if missing then
    return failure.broken(source, missing .. " is missing", "Run: aws configure sso")
  end
  login.source, login.hint = source, token_file.hint("aws sso login", profile_name)
  local token
  token, err = sso_token.find(world, login)
  if not token then
    return nil, err
  end
  local found
  found, err = get_role_credentials(world, source, login,
    { name = settings.sso_role_name, account_id = settings.sso_account_id, token = token })
  if not found then
    return nil, err
  end
  found.account_id = settings.sso_account_id
  found.source = ("profile '%s' (SSO role %s in %s)"):format(profile_name, settings.sso_role_name,
    settings.sso_account_id)
  if settings.sso_session then
    return metrics.add(found, "profile_sso", "sso")
  end
  return metrics.add(found, "profile_sso_legacy", "sso_legacy")
end

return M

--- The session of `aws login`: its keys, which last a
-- quarter of an hour, and are renewed with what its file holds.
-- @module cognito.credentials.login

local clock = require "cognito.clock"
local failure = require "cognito.credentials.failure"
local json_object = require "cognito.credentials.json_object"
local login_renewal = require "cognito.credentials.login_renewal"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"
local token_file = require "cognito.credentials.token_file"

local M = {}

-- ---- the file ----

local function folder_of(world)
  local given, home = world:variable "AWS_LOGIN_CACHE_DIRECTORY", token_file.home(world)
  if given then
    local rest = given:match "^~[/\\](.*)$"
    return rest and home and home .. "/" .. rest or given
  end
  return home and home .. "/.aws/login/cache"
end

-- What an object says, nil when that is no session: the object itself, its
-- token, and when that ends.
local function session_in(members)
  local token = members and members:inner "accessToken"
  local ends = token and clock.parse_rfc3339(token:get "expiresAt")
  for _, name in ipairs(login_renewal.KEYS) do
    ends = ends and token_file.is_text(token:get(name)) and ends
  end
  return ends and { members = members, token = token, ends = ends } or nil
end

local function read(world, session)
  local text, message = world.read_file(session.path)
  if not text then
    return failure.broken(session.source, ("there is no session of aws login in %s (%s)"):format(session.path, message),
      session.hint)
  end
  local found = session_in(json_object.read(text))
  if not found then
    return failure.broken(session.source, session.path .. " holds no session of aws login", session.hint)
  end
  return found
end

local function credentials_of(found, session)
  local token = found.token
  local account = token:get "accountId"
  return {
    access_key_id = token:get "accessKeyId", secret_access_key = token:get "secretAccessKey",
    session_token = token:get "sessionToken", account_id = token_file.is_text(account) and account or nil,
    expires_at = found.ends, source = session.source,
  }
end

-- ---- renewing ----

local function left_of(world, found)
  return found.ends - world.now()
end

local function renew(world, session)
  return token_file.locked(world, session.path, function()
    local found, err = read(world, session)
    if not found or left_of(world, found) > token_file.EARLY then
      return found, err
    end
    local renewed
    renewed, err = login_renewal.ask(world, session, found.members)
    if not renewed then
      return nil, err
    end
    token_file.store(world, session.path, renewed)
    return session_in(renewed)
  end)
end

local function find(world, session)
  local found, err = read(world, session)
  if not found then
    return nil, err
  end
  local left = left_of(world, found)
  if left <= token_file.EARLY and (left <= 0 or not token_file.tried_lately(world, session.path)) then
    local renewed
    renewed, err = renew(world, session)
    if renewed or left <= 0 then
      return renewed, err
    end
  end
  return found -- what is left of it serves until the next try
end

--- Finds the keys of a profile's session.
-- @tparam table world
-- @tparam string profile_name
-- @tparam table settings of the profile
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function M.load(world, profile_name, settings)
  local session = {
    source = ("profile '%s' (aws login)"):format(profile_name), region = settings.region,
    hint = token_file.hint("aws login", profile_name),
  }
  local folder = folder_of(world)
  if not folder then
    return failure.broken(session.source, "there is no home folder to look for its session in", "Set HOME")
  end
  session.path = folder .. "/" .. token_file.name(native.sha256(settings.login_session))
  local found, err = find(world, session)
  if not found then
    return nil, err
  end
  return metrics.add(credentials_of(found, session), "profile_login", "login")
end

return M

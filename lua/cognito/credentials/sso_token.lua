--- The token that `aws sso login` leaves in a file: read, and renewed where
-- the file holds what that takes.
-- @module cognito.credentials.sso_token

local clock = require "cognito.clock"
local failure = require "cognito.credentials.failure"
local json_object = require "cognito.credentials.json_object"
local native = require "cognito.native"
local token_exchange = require "cognito.credentials.token_exchange"
local token_file = require "cognito.credentials.token_file"

local M = {}

local is_token = token_file.is_token

local function path_of(world, login)
  local home = token_file.home(world)
  return home and ("%s/.aws/sso/cache/%s"):format(home, token_file.name(native.sha1(login.cache_key)))
end

local function read(world, login)
  local text, message = world.read_file(login.path)
  if not text then
    return failure.broken(login.source, ("no SSO token in %s (%s)"):format(login.path, message), login.hint)
  end
  local found = json_object.read(text)
  local ends = found and clock.parse_rfc3339(found:get "expiresAt")
  local value = found and found:get "accessToken"
  if not ends or not is_token(value) then
    return failure.broken(login.source, ("%s holds no SSO token"):format(login.path), login.hint)
  end
  return { members = found, value = value, expires_at = ends }
end

local function can_renew(world, token)
  local members = token.members
  local registered_until = clock.parse_rfc3339(members:get "registrationExpiresAt")
  return is_token(members:get "refreshToken") and is_token(members:get "clientId")
    and is_token(members:get "clientSecret") and registered_until and registered_until > world.now()
end

-- ---- renewing ----

local function ask(world, login, members)
  local response, err = token_exchange.send(world, login.source, {
    what = "the SSO token", service = "oidc", region = login.region, path = "/token",
    members = {
      clientId = members:get "clientId", clientSecret = members:get "clientSecret",
      grantType = "refresh_token", refreshToken = members:get "refreshToken",
    },
  })
  if response and response.status ~= 200 then
    return failure.broken(login.source, ("the SSO token cannot be renewed: the service answered %d")
      :format(response.status), login.hint)
  end
  return response, err
end

-- The reply's part of the file's members.
local function read_reply(world, login, response)
  local reply = token_exchange.read(response)
  local value, seconds, refresh_token = reply:get "accessToken", reply:get "expiresIn", reply:get "refreshToken"
  if not is_token(value) or type(seconds) ~= "number" or seconds <= 0 or seconds > 1e9 then
    return failure.broken(login.source, "the SSO token cannot be renewed: the service answered nonsense", login.hint)
  end
  return {
    accessToken = value,
    expiresAt = clock.format_rfc3339(world.now() + seconds),
    refreshToken = is_token(refresh_token) and refresh_token or nil,
  }
end

local function renew(world, login, token)
  local response, err = ask(world, login, token.members)
  if not response then
    return nil, err
  end
  local changes
  changes, err = read_reply(world, login, response)
  if not changes then
    return nil, err
  end
  token_file.store(world, login.path, token.members:with(changes))
  return { value = changes.accessToken, expires_at = clock.parse_rfc3339(changes.expiresAt) }
end

local function renew_locked(world, login)
  return token_file.locked(world, login.path, function()
    local token, err = read(world, login)
    if token and token.expires_at - world.now() <= token_file.EARLY then
      return renew(world, login, token)
    end
    return token, err
  end)
end

local function expired(login)
  return failure.broken(login.source, "the SSO token has expired", login.hint)
end

--- Finds a token, renewed when it ends soon and can be.
-- @tparam table world
-- @tparam table login `source`, `hint`, `cache_key` (what names the file),
--   `region`, and `renewable`
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] table error
function M.find(world, login)
  if not native.write_private then -- cognito.wire has no files
    return failure.broken(login.source, "SSO tokens cannot be read in this host")
  end
  login.path = path_of(world, login)
  if not login.path then
    return failure.broken(login.source, "there is no home folder to look for an SSO token in", "Set HOME")
  end
  local token, err = read(world, login)
  if not token then
    return nil, err
  end
  local left = token.expires_at - world.now()
  if login.renewable and left <= token_file.EARLY and can_renew(world, token)
    and not token_file.tried_lately(world, login.path) then
    local renewed
    renewed, err = renew_locked(world, login)
    if renewed or left <= 0 then
      return renewed and renewed.value, err
    end
  end
  if left <= 0 then
    return expired(login)
  end
  return token.value
end

return M

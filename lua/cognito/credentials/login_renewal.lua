--- The exchange that renews a session of `aws login`: a refresh token, and a
-- proof that its file's key is at hand (DPoP, RFC 9449).
-- @module cognito.credentials.login_renewal

local clock = require "cognito.clock"
local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local native = require "cognito.native"
local token_exchange = require "cognito.credentials.token_exchange"
local token_file = require "cognito.credentials.token_file"

local M = {}

local is_text, is_token = token_file.is_text, token_file.is_token

local USUAL, LONGEST = 900, 43200 -- seconds that keys last

-- ---- the request ----

-- What keeps a session from being renewed, in words, or nil.
local function find_fault(members)
  for _, name in ipairs { "clientId", "refreshToken" } do
    if not is_token(members:get(name)) then
      return "its file holds no " .. name
    end
  end
  local key = members:get "dpopKey"
  if not is_text(key) then
    return "its file holds no dpopKey"
  elseif not native.dpop_proof then -- cognito.wire writes no files
    return "it cannot be renewed in this host, which writes no files"
  end
  local _, message = native.dpop_proof(key, "{}")
  return message and "the dpopKey in its file is unusable: " .. message
end

-- The server takes a proof only once: every try has its own.
local function prove(world, key, url)
  return (assert(native.dpop_proof(key, document.write {
    jti = native.uuid(), htm = "POST", htu = url, iat = math.floor(world.now()),
  })))
end

-- The Region in which the login was; the profile's counts before that of the
-- program, which is the pool's.
local function region_of(world, session, members)
  local own = members:get "signInRegion"
  return is_text(own) and own or session.region or world:settings().region
end

-- ---- the reply ----

local function again(response)
  return not response or response.status >= 500 or response.status == 429
end

local refusals = {
  TOKEN_EXPIRED = "the session has expired",
  USER_CREDENTIALS_CHANGED = "the user's password has been changed since the login",
}

local function refusal(session, response)
  local code = token_exchange.read(response):get "error"
  code = type(code) == "string" and code:find "^[%w_]+$" and code or nil
  local text = ("the session cannot be renewed: the sign-in answered %d%s"):format(response.status,
    code and " " .. code or "")
  if refusals[code] then
    return failure.broken(session.source, refusals[code], session.hint)
  elseif code == "INSUFFICIENT_PERMISSIONS" then
    return failure.broken(session.source, text, "The user needs the permission signin:CreateOAuth2Token")
  elseif again(response) then
    return failure.temporary(session.source, text)
  end
  return failure.broken(session.source, text, session.hint .. "; where that does not help, check this machine's clock")
end

--- The members of a session's token that make credentials.
M.KEYS = { "accessKeyId", "secretAccessKey", "sessionToken" }

-- The reply's keys, when all are fit to sign with.
local function keys_of(reply)
  local token, keys = reply:inner "accessToken", {}
  for _, name in ipairs(M.KEYS) do
    keys[name] = token and token:get(name)
    if not is_token(keys[name]) or keys[name]:find " " then
      return nil
    end
  end
  return keys
end

-- The reply's part of the file's members. What the file's token holds besides
-- the keys stays.
local function read_reply(world, session, members, response)
  local reply = token_exchange.read(response)
  local keys, seconds, refresh_token = keys_of(reply), reply:get "expiresIn", reply:get "refreshToken"
  seconds = seconds == nil and USUAL or seconds
  if not keys or not is_token(refresh_token) or type(seconds) ~= "number" or seconds <= 0 or seconds > LONGEST then
    return failure.broken(session.source, "the session cannot be renewed: the sign-in answered nonsense", session.hint)
  end
  keys.expiresAt = clock.format_rfc3339(world.now() + seconds)
  local id_token = reply:get "idToken"
  return members:with {
    accessToken = members:inner "accessToken":with(keys), refreshToken = refresh_token,
    idToken = is_token(id_token) and id_token or nil,
  }
end

--- Asks for a session's next keys.
-- @tparam table world
-- @tparam table session `source`, `hint`, and `region` where the profile has
--   one
-- @tparam table members the object in its file
-- @treturn[1] table the object that is to be in its file
-- @treturn[2] nil
-- @treturn[2] table error
function M.ask(world, session, members)
  local fault = find_fault(members)
  if fault then
    return failure.broken(session.source, fault, session.hint)
  end
  local response, err = token_exchange.send(world, session.source, {
    what = "the session", service = "signin", region = region_of(world, session, members), path = "/v1/token",
    members = {
      clientId = members:get "clientId", grantType = "refresh_token", refreshToken = members:get "refreshToken",
    },
    again = again, proof = function(url) return prove(world, members:get "dpopKey", url) end,
  })
  if not response then
    return nil, err
  elseif response.status ~= 200 then
    return refusal(session, response)
  end
  return read_reply(world, session, members, response)
end

return M

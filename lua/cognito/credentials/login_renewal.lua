--- The exchange that renews a session of `aws login`: a refresh token, and a
-- proof that its file's key is at hand (DPoP, RFC 9449).
-- @module cognito.credentials.login_renewal

local clock = require "cognito.clock"
local document = require "cognito.credentials.document"
local failure = require "cognito.credentials.failure"
local fetch = require "cognito.credentials.fetch"
local native = require "cognito.native"
local services = require "cognito.credentials.services"
local token_file = require "cognito.credentials.token_file"

local M = {}

local is_text = token_file.is_text

local ATTEMPTS = 3
local TIMEOUT, CONNECT_TIMEOUT = 5, 3.1 -- seconds
local USUAL, LONGEST = 900, 43200 -- seconds that keys last

-- ---- the request ----

-- Whoever checks a proof takes each only once: every try has its own.
local function make_request(world, url, members)
  local proof = assert(native.dpop_proof(members.dpopKey, document.write {
    jti = native.uuid(), htm = "POST", htu = url, iat = math.floor(world.now()),
  }))
  return {
    method = "POST", url = url, headers = { { "Content-Type", "application/json" }, { "DPoP", proof } },
    body = document.write {
      clientId = members.clientId, grantType = "refresh_token", refreshToken = members.refreshToken,
    },
  }
end

-- What keeps a session from being renewed, in words, or nil.
local function find_fault(members)
  for _, name in ipairs { "clientId", "refreshToken", "dpopKey" } do
    if not is_text(members[name]) then
      return "its file holds no " .. name
    end
  end
  if not native.dpop_proof then -- cognito.wire writes no files
    return "it cannot be renewed in this host, which writes no files"
  end
  local _, message = native.dpop_proof(members.dpopKey, "{}")
  return message and "the dpopKey in its file is unusable: " .. message
end

-- The Region in which the login was; the profile's counts before that of the
-- program, which is the pool's.
local function region_of(world, session, members)
  return is_text(members.signInRegion) and members.signInRegion or session.region or world:settings().region
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
  local code = (document.read(response.body or "", true) or {}).error
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

local function is_fit(token)
  for _, name in ipairs { "accessKeyId", "secretAccessKey", "sessionToken" } do
    if type(token) ~= "table" or not is_text(token[name]) or token[name]:find "[^!-~]" then
      return false
    end
  end
  return true
end

-- The reply's part of the file's members. What the file's token holds besides
-- the keys stays.
local function read_reply(world, session, members, response)
  local reply = document.read(response.body or "", true) or {}
  local seconds = reply.expiresIn == nil and USUAL or reply.expiresIn
  if not is_fit(reply.accessToken) or not is_text(reply.refreshToken) or type(seconds) ~= "number" or seconds <= 0
    or seconds > LONGEST then
    return failure.broken(session.source, "the session cannot be renewed: the sign-in answered nonsense", session.hint)
  end
  local token = {}
  for _, values in ipairs { members.accessToken, reply.accessToken } do
    for name, value in pairs(values) do
      token[name] = value
    end
  end
  token.expiresAt = clock.format_rfc3339(world.now() + seconds)
  return {
    accessToken = token, refreshToken = reply.refreshToken, idToken = is_text(reply.idToken) and reply.idToken or nil,
  }
end

--- Asks for a session's next keys.
-- @tparam table world
-- @tparam table session `source`, `hint`, and `region` where the profile has
--   one
-- @tparam table members of its file
-- @treturn[1] table the members that change
-- @treturn[2] nil
-- @treturn[2] table error
function M.ask(world, session, members)
  local fault = find_fault(members)
  if fault then
    return failure.broken(session.source, fault, session.hint)
  end
  local url, err = services.find(world, session.source, "signin", region_of(world, session, members))
  if not url then
    return nil, err
  end
  local response, message, cause = fetch.send(world, {
    runtime = world:runtime(), attempts = ATTEMPTS, again = again, timeout = TIMEOUT, connect_timeout = CONNECT_TIMEOUT,
    request = function() return make_request(world, url .. "/v1/token", members) end,
  })
  if not response then
    return fetch.failed(session.source, "the session cannot be renewed: " .. message, cause)
  elseif response.status ~= 200 then
    return refusal(session, response)
  end
  return read_reply(world, session, members, response)
end

return M

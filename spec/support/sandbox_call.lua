--- Requests to a sandbox made by hand, so that each part can be spoiled.
local c_locale = require "cognito.c_locale"
local cjson = require "cjson"
local native = require "cognito.native"

local M = {}

local HOST = "127.0.0.1:9229"
local PREFIX = "AWSCognitoIdentityProviderService."

-- Facts that the sandbox gets separately: signed, and carrying the user's name.
local function is_signed(operation)
  return operation:find("^Admin") or operation:find("^List")
    or operation:find("^Describe")
end

local function copy(t)
  local result = {}
  for key, value in pairs(t or {}) do result[key] = value end
  return result
end

-- The members every client would fill in.
local function complete(settings, operation, given)
  local members = copy(given)
  if is_signed(operation) then
    members.UserPoolId = members.UserPoolId or settings.user_pool_id
    return members
  end
  members.ClientId = members.ClientId or settings.client_id
  if settings.client_secret and members.Username then
    members.SecretHash = members.SecretHash or native.secret_hash(
      members.Username, settings.client_id, settings.client_secret)
  end
  return members
end

local function header_list(operation)
  return {
    { "content-type", "application/x-amz-json-1.1" },
    { "x-amz-target", PREFIX .. operation },
    { "host", HOST },
  }
end

local function sign(settings, headers, body, given)
  return assert(native.sign(
    { method = "POST", url = "http://" .. HOST .. "/", headers = headers,
      body = body },
    { credentials = given.credentials or settings.credentials,
      region = given.region or settings.region,
      service = given.service or "cognito-idp", time = given.time }))
end

--- A request as `box:handle` takes it.
-- @param given `body`, `sign` (false: do not), and what `sign` takes
function M.request(box, operation, members, given)
  given = given or {}
  local settings = box:settings()
  local body = given.body
    or cjson.encode(complete(settings, operation, members))
  local headers = header_list(operation)
  if is_signed(operation) and given.sign ~= false then
    given.time = given.time or box:now()
    headers = sign(settings, headers, body, given)
  end
  local map = { host = HOST }
  for _, pair in ipairs(headers) do map[c_locale.lower(pair[1])] = pair[2] end
  return { method = "POST", path = "/", headers = map, body = body }
end

--- Carries an operation out.
-- @return what the body says, and the whole reply
function M.call(box, operation, members, given)
  local reply = box:handle(M.request(box, operation, members, given))
  return cjson.decode(reply.body), reply
end

--- Carries an operation out that must succeed.
function M.must(box, operation, members, given)
  local result, reply = M.call(box, operation, members, given)
  assert(reply.status == 200, reply.body)
  return result, reply
end

--- The code and text an operation is refused with.
function M.refusal(box, operation, members, given)
  local result, reply = M.call(box, operation, members, given)
  assert(reply.status == 400, reply.body)
  return result.__type, result.message, reply
end

return M

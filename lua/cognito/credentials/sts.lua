--- The Security Token Service: temporary credentials of a role.
--
-- Its protocol is AWS's old one, a form out and XML back (STS API reference,
-- "AssumeRole" and "AssumeRoleWithWebIdentity").
-- @module cognito.credentials.sts

local clock = require "cognito.clock"
local failure = require "cognito.credentials.failure"
local fetch = require "cognito.credentials.fetch"
local native = require "cognito.native"
local services = require "cognito.credentials.services"

local M = {}

local VERSION = "2011-06-15"

-- ---- XML ----

local entities = { lt = "<", gt = ">", quot = '"', apos = "'", amp = "&" }

local function unescape(text)
  return (text:gsub("&(%a+);", entities))
end

-- What stands between an element's tags; the first such element.
local function inside(text, name)
  return text:match("<" .. name .. ">(.-)</" .. name .. ">")
end

local function text_in(text, name)
  local found = text and inside(text, name)
  found = found and not found:find "<" and unescape(found)
  return found and found:find "%S" and found or nil
end

-- Comments, character data and document types: nothing that STS sends, and
-- the places where tags could hide that are none.
local function is_plain(body)
  return not body:find("<!", 1, true)
end

-- ---- answers ----

local function account_of(reply)
  local arn = text_in(inside(reply, "AssumedRoleUser"), "Arn")
  return arn and arn:match "^arn:[^:]*:[^:]*:[^:]*:(%d+):"
end

local function read_reply(body, action)
  local reply = is_plain(body) and body:match("<" .. action .. "Response[%s>].*$")
  local credentials = reply and inside(reply, "Credentials")
  local found = credentials and {
    access_key_id = text_in(credentials, "AccessKeyId"),
    secret_access_key = text_in(credentials, "SecretAccessKey"),
    session_token = text_in(credentials, "SessionToken"),
    expires_at = clock.parse_rfc3339(text_in(credentials, "Expiration")),
    account_id = account_of(reply),
  }
  return found and found.access_key_id and found.secret_access_key and found.session_token and found.expires_at
    and found
end

local function error_code(response)
  local body = response.body or ""
  return is_plain(body) and text_in(inside(body, "Error"), "Code") or nil
end

local again_codes = {
  IDPCommunicationError = true, Throttling = true, ThrottlingException = true, ThrottledException = true,
  RequestThrottled = true, RequestThrottledException = true, TooManyRequestsException = true,
  RequestLimitExceeded = true, SlowDown = true, RequestTimeout = true, RequestTimeoutException = true,
  PriorRequestNotComplete = true,
}

local function again(response)
  return not response or response.status >= 500 or response.status == 429
    or (response.status ~= 200 and again_codes[error_code(response)]) or false
end

local hints = {
  AccessDenied = "See whether the role's trust policy names the caller, and whether the caller may assume the role",
  ExpiredToken = "The credentials or the token that the role is assumed with ran out: renew them",
  ExpiredTokenException = "The credentials or the token that the role is assumed with ran out: renew them",
  InvalidIdentityToken = "See whether the token file holds a token of the role's identity provider",
  InvalidClientTokenId = "The access key that the role is assumed with is unknown to AWS",
  SignatureDoesNotMatch = "Check the secret access key, and this machine's clock",
  RegionDisabledException = "STS is switched off in this region for the account: set another region",
  ValidationError = "See whether the role accepts role_arn, role_session_name, external_id and duration_seconds",
}

local MFA_HINT = "Enter the code that the device shows now: each code is good once"

-- STS repeats values that it refuses.
local function without_code(text, fields)
  for _, field in ipairs(fields) do
    if field[1] == "TokenCode" then
      text = text:gsub(field[2], ("*"):rep(#field[2]))
    end
  end
  return text
end

local function refusal(source, response, fields)
  local code = error_code(response)
  local message = code and text_in(inside(response.body, "Error"), "Message")
  message = message and without_code(message, fields)
  local text = ("STS answered %d%s%s"):format(response.status, code and " " .. code or "",
    message and ": " .. message or "")
  if again(response) then
    return failure.temporary(source, text)
  end
  return failure.broken(source, text, code == "AccessDenied" and text:find("invalid MFA", 1, true) and MFA_HINT
    or hints[code])
end

-- ---- calls ----

local function session_name(world)
  return ("lua-cognito-%.0f"):format(world.now() * 1000)
end

local function make_request(url, action, fields)
  local form = { { "Action", action }, { "Version", VERSION } }
  for _, field in ipairs(fields) do
    form[#form + 1] = field
  end
  return {
    method = "POST",
    url = url .. "/",
    headers = {
      { "Content-Type", "application/x-www-form-urlencoded; charset=utf-8" },
      { "Accept", "text/xml" },
    },
    body = fetch.form(form),
  }
end

local function sign(world, source, request, credentials, region)
  local headers, err = native.sign(request, {
    credentials = credentials, region = region, service = "sts", time = world.now(),
  })
  if not headers then
    return failure.broken(source, err.message)
  end
  request.headers = headers
  return request
end

local function carry_out(world, source, action, fields, credentials)
  local url, region = services.find(world, source, "sts", world:settings().region)
  if not url then
    return nil, region
  end
  local request = make_request(url, action, fields)
  if credentials then
    local signed, err = sign(world, source, request, credentials, region)
    if not signed then
      return nil, err
    end
  end
  local response, message, cause = fetch.send(world, {
    runtime = world:runtime(), request = request, again = again,
  })
  if not response then
    return fetch.failed(source, "STS does not answer: " .. message, cause)
  elseif response.status ~= 200 then
    return refusal(source, response, fields)
  end
  local found = read_reply(response.body or "", action)
  if not found then
    return failure.broken(source, "STS's reply is none to " .. action,
      "See whether the endpoint is really STS")
  end
  found.source = source
  return found
end

--- Assumes a role with credentials.
-- @tparam table world
-- @tparam string source that wants it, for errors and descriptions
-- @tparam table role `arn`, and optionally `session_name`, `external_id`,
--   `duration` (seconds, in digits), and `mfa_serial` with `mfa_code`
-- @tparam table credentials to sign with
-- @treturn[1] table credentials of the role
-- @treturn[2] nil
-- @treturn[2] table error
function M.assume_role(world, source, role, credentials)
  local fields = { { "RoleArn", role.arn }, { "RoleSessionName", role.session_name or session_name(world) } }
  for _, field in ipairs {
    { "ExternalId", role.external_id }, { "DurationSeconds", role.duration },
    { "SerialNumber", role.mfa_serial }, { "TokenCode", role.mfa_code },
  } do
    fields[#fields + 1] = field[2] and field or nil
  end
  return carry_out(world, source, "AssumeRole", fields, credentials)
end

--- Assumes a role with a token of an issuer that the role trusts, unsigned.
-- @tparam table world
-- @tparam string source
-- @tparam table role `arn`, and optionally `session_name`
-- @tparam string token
-- @treturn[1] table credentials of the role
-- @treturn[2] nil
-- @treturn[2] table error
function M.assume_role_with_web_identity(world, source, role, token)
  return carry_out(world, source, "AssumeRoleWithWebIdentity", {
    { "RoleArn", role.arn },
    { "RoleSessionName", role.session_name or session_name(world) },
    { "WebIdentityToken", token },
  })
end

return M

--- The token endpoint of a pool's domain, for app clients themselves: the grant
-- of RFC 6749, section 4.4. The real one has another host than the pool.
-- @module cognito.sandbox.oauth
local c_locale = require "cognito.c_locale"
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local secret_hash = require "cognito.sandbox.secret_hash"
local tokens = require "cognito.sandbox.tokens"

local M = {}

M.PATH = "/oauth2/token"

local TYPE = "application/x-www-form-urlencoded"

-- RFC 6749, section 5.2.
local function refuse(word)
  error(setmetatable({ word = word }, M), 0)
end

local function unescape(text)
  return (text:gsub("%+", " "):gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

-- A parameter that stands twice is refused (section 3.2).
local function read_form(body)
  local form = {}
  for escaped, value in body:gmatch "([^&=]+)=([^&]*)" do
    local name = unescape(escaped)
    if form[name] then
      refuse "invalid_request"
    end
    form[name] = unescape(value)
  end
  return form
end

-- The id and the secret come in a header or in the form, never in both
-- (section 2.3).
local function read_client(headers, form)
  local given = headers["authorization"]
  if not given then
    return form.client_id, form.client_secret
  end
  local scheme, code = given:match "^(%a+) +(%S+)$"
  local pair = scheme and c_locale.lower(scheme) == "basic" and encoding.from_base64(code)
  local id, secret = (pair or ""):match "^([^:]*):(.*)$"
  if not id or form.client_secret then
    refuse "invalid_request"
  end
  return unescape(id), unescape(secret)
end

local function check_client(pool, id, secret)
  if id ~= pool.options.client_id or not pool.client_secrets[1]
    or not pcall(secret_hash.check_secret, pool, secret) then
    refuse "invalid_client"
  end
end

local function scopes_of(text)
  local list = {}
  for scope in (text or ""):gmatch "%S+" do
    list[#list + 1] = scope
  end
  return list
end

local function grant(pool, request)
  local kind = (request.headers["content-type"] or ""):match "^[^;]*"
  if c_locale.lower(kind) ~= TYPE then
    refuse "invalid_request"
  end
  local form = read_form(request.body or "")
  if form.grant_type ~= "client_credentials" then
    refuse(form.grant_type and "unsupported_grant_type" or "invalid_request")
  end
  check_client(pool, read_client(request.headers, form))
  local found, result = pcall(tokens.client, pool, scopes_of(form.scope))
  if not found then
    if errors.is_refusal(result) then
      refuse "invalid_scope"
    end
    error(result, 0)
  end
  pool:count "token_endpoint"
  return { access_token = result.AccessToken, token_type = result.TokenType,
    expires_in = result.ExpiresIn }
end

local function reply(status, value)
  return { status = status, body = json.encode(value),
    headers = { ["content-type"] = "application/json",
      ["cache-control"] = "no-store" } }
end

--- Answers a request for a token.
-- @tparam table pool
-- @tparam table request `{ headers, body }`
-- @treturn table reply
function M.answer(pool, request)
  local ok, result = pcall(grant, pool, request)
  if ok then
    return reply(200, result)
  elseif getmetatable(result) == M then
    return reply(400, { error = result.word })
  end
  error(result, 0)
end

return M

--- JSON web tokens, signed RS256. Each names an issuer that is a sandbox, and
-- says so in a claim of its own.
-- @module cognito.sandbox.jwt
local encoding = require "cognito.sandbox.encoding"
local json = require "cognito.sandbox.json"
local signing = require "cognito.sandbox.signing"

local M = {}

local function common(pool, sign_in, use)
  local now = math.floor(pool.clock.now())
  return {
    sub = sign_in.user.attributes.sub,
    iss = M.issuer(pool),
    token_use = use,
    jti = pool.random:uuid(),
    origin_jti = sign_in.id,
    auth_time = math.floor(sign_in.began),
    iat = now,
    exp = now + pool.options.lifetimes.token,
    ["cognito:groups"] = pool.groups:names_of(sign_in.user),
    sandbox = true,
  }
end

local booleans = { email_verified = true, phone_number_verified = true }

local function id_claims(pool, sign_in)
  local claims = common(pool, sign_in, "id")
  for name, value in pairs(sign_in.user.attributes) do
    if booleans[name] then
      value = value == "true"
    end
    if claims[name] == nil then
      claims[name] = value
    end
  end
  claims["cognito:username"] = sign_in.user.username
  claims.aud = pool.options.client_id
  return claims
end

local function ask_trigger(pool, sign_in)
  local user = sign_in.user
  local response = pool.triggers:run("pre_token_generation",
    sign_in.renewed and "TokenGeneration_RefreshTokens"
    or "TokenGeneration_Authentication", user.username, {
      userAttributes = user.attributes,
      groupConfiguration = { groupsToOverride = pool.groups:names_of(user) },
    }) or {}
  return response.claimsOverrideDetails or {}
end

-- The first version of the trigger's event: it changes the id token.
local function changed_by_trigger(pool, sign_in, claims)
  local details = ask_trigger(pool, sign_in)
  for name, value in pairs(details.claimsToAddOrOverride or {}) do
    claims[name] = value
  end
  for _, name in ipairs(details.claimsToSuppress or {}) do
    claims[name] = nil
  end
  local groups = (details.groupOverrideDetails or {}).groupsToOverride
  if groups then
    claims["cognito:groups"] = json.list(groups)
  end
  return claims
end

local function access_claims(pool, sign_in)
  local claims = common(pool, sign_in, "access")
  claims.username = sign_in.user.username
  claims.client_id = pool.options.client_id
  claims.scope = "aws.cognito.signin.user.admin"
  return claims
end

local function client_claims(pool, scopes)
  local now = math.floor(pool.clock.now())
  return {
    sub = pool.options.client_id,
    client_id = pool.options.client_id,
    iss = M.issuer(pool),
    token_use = "access",
    scope = scopes and scopes[1] and table.concat(scopes, " ") or nil,
    version = 2,
    jti = pool.random:uuid(),
    auth_time = now,
    iat = now,
    exp = now + pool.options.lifetimes.token,
    sandbox = true,
  }
end

local function part(value)
  return encoding.base64url(json.encode(value))
end

-- Where there is no key to sign with (in nginx), each part says so.
local function unsigned(claims)
  return table.concat({ part { alg = "none", kid = "sandbox" }, part(claims),
    encoding.base64url "sandbox: not signed" }, ".")
end

local function token(claims)
  local id = signing.id()
  if not id then
    return unsigned(claims)
  end
  local text = part { alg = "RS256", kid = id } .. "." .. part(claims)
  return text .. "." .. encoding.base64url(signing.sign(text))
end

--- The issuer of the tokens: the address of the pool, or a name that cannot
-- exist.
-- @tparam table pool
-- @treturn string
function M.issuer(pool)
  return pool.options.issuer
    or (pool.url or "https://cognito-sandbox.invalid") .. "/"
    .. pool.options.user_pool_id
end

--- The access token of the app client itself, which names no user.
-- @tparam table pool
-- @tparam ?table scopes
-- @treturn string
function M.client(pool, scopes)
  return token(client_claims(pool, scopes))
end

--- The tokens of a sign-in.
-- @tparam table pool
-- @tparam table sign_in
-- @treturn string access token
-- @treturn string id token
function M.pair(pool, sign_in)
  local id = changed_by_trigger(pool, sign_in, id_claims(pool, sign_in))
  return token(access_claims(pool, sign_in)), token(id)
end

return M

--- Sign-ins and their tokens. The pool knows a token by its text: what it
-- never gave out is invalid, whatever it says.
-- @module cognito.sandbox.tokens
local errors = require "cognito.sandbox.errors"
local jwt = require "cognito.sandbox.jwt"

local M = {}

local function keep(pool, text, use, sign_in, lifetime)
  pool.tokens[text] = { use = use, sign_in = sign_in,
    expires = pool.clock.now() + lifetime }
  return text
end

local function issue(pool, sign_in)
  local lifetime = pool.options.lifetimes.token
  local access, id = jwt.pair(pool, sign_in)
  return {
    AccessToken = keep(pool, access, "access", sign_in, lifetime),
    IdToken = id,
    TokenType = "Bearer",
    ExpiresIn = lifetime,
  }
end

--- Signs a user in.
-- @tparam table pool
-- @tparam table user
-- @treturn table AuthenticationResult
-- @treturn table the sign-in
function M.sign_in(pool, user)
  local now = pool.clock.now()
  local sign_in = { id = pool.random:uuid(), user = user, began = now,
    active = now }
  user.sign_ins[#user.sign_ins + 1] = sign_in
  local result = issue(pool, sign_in)
  result.RefreshToken = keep(pool, "sandbox-refresh-" .. pool.random:token(),
    "refresh", sign_in, pool.options.lifetimes.refresh_token)
  return result, sign_in
end

-- A token as it is good for something.
local function find(pool, text, use)
  local token = pool.tokens[text]
  if not token or token.use ~= use then
    errors.refuse("invalid_" .. use)
  end
  if token.sign_in.revoked then
    errors.refuse("revoked_" .. use)
  end
  if pool.clock.now() >= token.expires then
    errors.refuse("expired_" .. use)
  end
  local user = token.sign_in.user
  if pool.users:find(user.username) ~= user then
    errors.refuse "no_such_user"
  end
  if not user.enabled then
    errors.refuse "user_disabled"
  end
  pool.story:about(user.username)
  return user, token.sign_in, token
end

-- The pool takes a client's token nowhere: it is for resource servers.
--- A token of the app client itself.
-- @tparam table pool
-- @tparam ?table scopes; each names a resource server
-- @treturn table ClientAuthenticationResult
-- @raise a refusal
function M.client(pool, scopes)
  for _, scope in ipairs(scopes or {}) do
    if not scope:find "^[!-.0-~]+/[!-~]+$" then
      errors.refuse "bad_scope"
    end
  end
  return { AccessToken = jwt.client(pool, scopes), TokenType = "Bearer",
    ExpiresIn = pool.options.lifetimes.token }
end

--- The user of an access token.
-- @tparam table pool
-- @tparam string text
-- @treturn table user
-- @treturn table the sign-in
-- @raise a refusal
function M.user(pool, text)
  local user, sign_in = find(pool, text, "access")
  return user, sign_in
end

--- The user of a refresh token. A sign-in whose device has a name is renewed
-- from that device only: reported, and a wrong or missing key is not named.
-- @tparam table pool
-- @tparam string text
-- @tparam[opt] string device_key
-- @treturn table user
-- @treturn table the sign-in
-- @treturn table the token
-- @raise a refusal
function M.refreshed_user(pool, text, device_key)
  local user, sign_in, token = find(pool, text, "refresh")
  if sign_in.device_key ~= nil and sign_in.device_key ~= device_key then
    errors.refuse "invalid_refresh"
  end
  local rotated = token.rotated
  if rotated and pool.clock.now() >= rotated + pool.options.lifetimes.rotation_grace then
    errors.refuse "refresh_reuse"
  end
  return user, sign_in, token
end

--- Puts another refresh token in the place of one, which is good for a while
-- yet. Documented: the new one lives no longer than the first would have.
-- @tparam table pool
-- @tparam table token
-- @treturn string
function M.rotate(pool, token)
  local now = pool.clock.now()
  token.rotated = token.rotated or now
  return keep(pool, "sandbox-refresh-" .. pool.random:token(), "refresh", token.sign_in, token.expires - now)
end

--- New access and id tokens of a sign-in.
-- @tparam table pool
-- @tparam table sign_in
-- @treturn table AuthenticationResult without a refresh token
function M.refresh(pool, sign_in)
  sign_in.active, sign_in.renewed = pool.clock.now(), true
  return issue(pool, sign_in)
end

--- Ends a sign-in: the pool takes its tokens no more.
-- @tparam table sign_in
function M.revoke(sign_in)
  sign_in.revoked = true
  local list = sign_in.user.sign_ins
  for i = #list, 1, -1 do
    if list[i] == sign_in then
      table.remove(list, i)
    end
  end
end

--- Ends all of a user's sign-ins.
-- @tparam table user
function M.revoke_all(user)
  for i = #user.sign_ins, 1, -1 do
    M.revoke(user.sign_ins[i])
  end
end

--- Ends the sign-in of a refresh token, where there is one.
-- @tparam table pool
-- @tparam string text
function M.revoke_token(pool, text)
  local token = pool.tokens[text]
  if token and token.use ~= "refresh" then
    errors.refuse "not_revocable"
  end
  if token then
    M.revoke(token.sign_in)
  end
end

return M

--- Checks the SecretHash of a request.
--
-- The rule is on the page "Signing up and confirming user accounts" of the
-- Cognito developer guide, "Computing secret hash values": base64 of the
-- HMAC-SHA256 over the user name and the client id, keyed by the secret.
-- Compared with `==` for the reason given in sigv4.lua.
--
-- @module cognito.sandbox.secret_hash
local native = require "cognito.native"
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"

local M = {}

local function hash(secret, username, client_id)
  return encoding.base64(native.hmac_sha256(secret, username .. client_id))
end

-- Two wordings are reported: one names the client.
local function refuse(options, key)
  if options.answers.secret_texts == "general" then
    errors.refuse(key .. "_general")
  end
  errors.refuse(key, options.client_id)
end

--- Checks the hash, or that there is none where none belongs. It may be made
-- with any of the client's secrets.
-- @tparam table pool
-- @tparam string username the very bytes of the request
-- @tparam string|nil given the hash of the request
-- @raise a refusal
function M.check(pool, username, given)
  local options, secrets = pool.options, pool.client_secrets
  local client_id = options.client_id
  if not secrets[1] then
    if given then
      refuse(options, "secret_unexpected")
    end
    return
  end
  if not given then
    refuse(options, "secret_missing")
  end
  for _, secret in ipairs(secrets) do
    if given == hash(secret.value, username, client_id) then
      return
    end
  end
  errors.refuse("secret_wrong", client_id)
end

--- Checks the secret itself, which some operations take instead.
-- @tparam table pool
-- @tparam string|nil given
-- @raise a refusal
function M.check_secret(pool, given)
  local client_id = pool.options.client_id
  if not pool.client_secrets[1] then
    if given then
      errors.refuse("secret_unexpected", client_id)
    end
    return
  elseif not given then
    errors.refuse("secret_missing", client_id)
  end
  for _, secret in ipairs(pool.client_secrets) do
    if given == secret.value then
      return
    end
  end
  errors.refuse("client_secret_wrong", client_id)
end

return M

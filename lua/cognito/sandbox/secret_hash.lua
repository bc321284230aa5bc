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

--- Checks the hash, or that there is none where none belongs.
-- @tparam table options complete options
-- @tparam string username the very bytes of the request
-- @tparam string|nil given the hash of the request
-- @raise a refusal
function M.check(options, username, given)
  local secret, client_id = options.client_secret, options.client_id
  if not secret then
    if given then
      refuse(options, "secret_unexpected")
    end
    return
  end
  if not given then
    refuse(options, "secret_missing")
  end
  if given == hash(secret, username, client_id) then
    return
  end
  local other = options.other_client_secret
  if other and given == hash(other, username, client_id) then
    return
  end
  errors.refuse("secret_wrong", client_id)
end

--- Checks the secret itself, which some operations take instead.
-- @tparam table options complete options
-- @tparam string|nil given
-- @raise a refusal
function M.check_secret(options, given)
  local secret, client_id = options.client_secret, options.client_id
  if not secret then
    if given then
      errors.refuse("secret_unexpected", client_id)
    end
  elseif not given then
    errors.refuse("secret_missing", client_id)
  elseif given ~= secret and given ~= options.other_client_secret then
    errors.refuse("client_secret_wrong", client_id)
  end
end

return M

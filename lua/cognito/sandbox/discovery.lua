--- The documents that an OpenID client reads below the issuer: its keys, and where they
-- are.
-- @module cognito.sandbox.discovery
local json = require "cognito.sandbox.json"
local jwt = require "cognito.sandbox.jwt"
local signing = require "cognito.sandbox.signing"

local M = {}

local KEYS = "/.well-known/jwks.json"
local CONFIGURATION = "/.well-known/openid-configuration"

--- The keys that tokens are signed with (RFC 7517).
-- @treturn table
function M.keys()
  return { keys = json.list { signing.jwk() } }
end

-- There are no hosted pages, so no addresses of them.
local function configuration(pool)
  local issuer = jwt.issuer(pool)
  return {
    issuer = issuer,
    jwks_uri = issuer .. KEYS,
    token_endpoint = pool.url and pool.url .. "/oauth2/token" or nil,
    id_token_signing_alg_values_supported = json.list { "RS256" },
    response_types_supported = json.list { "code", "token" },
    subject_types_supported = json.list { "public" },
    scopes_supported = json.list { "openid", "email", "phone", "profile" },
  }
end

--- The document at a path.
-- @tparam table pool
-- @tparam string path
-- @treturn ?table a document; nil: nothing
function M.get(pool, path)
  local base = "/" .. pool.options.user_pool_id
  if path == base .. KEYS then
    return M.keys()
  end
  if path == base .. CONFIGURATION then
    return configuration(pool)
  end
end

return M

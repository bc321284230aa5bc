--- A request to sign, as specs change it, and what of a signature they look at.
--
-- `M.GOLDEN` is the signature of `M.request()` with `M.options()`, on which
-- three independent signers agree.
local assert = require "luassert"
local c_locale = require "cognito.c_locale"
local core = require "cognito.core"

local M = {}

M.TIME = 1795247391 -- 2026-11-21T07:49:51Z
M.TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22w"
M.GOLDEN = "cc9441692820c080c2c9e33cce7e7139c10d15ff95c8045414f0f483b0bf00fc"

--- Credentials of AWS's examples, with changes; `false` takes one away.
function M.credentials(changes)
  local c = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
  for k, v in pairs(changes or {}) do c[k] = v or nil end
  return c
end

--- Options of `core.sign`, with changes.
function M.options(changes)
  local o = { credentials = M.credentials(), region = "us-east-1", time = M.TIME }
  for k, v in pairs(changes or {}) do o[k] = v end
  return o
end

--- The request whose signature is known.
function M.request()
  return {
    method = "POST",
    url = "https://cognito-idp.us-east-1.amazonaws.com/",
    headers = {
      { "Content-Type", "application/x-amz-json-1.1" },
      { "X-Amz-Target", "AWSCognitoIdentityProviderService.AdminResetUserPassword" },
    },
    body = '{"UserPoolId":"us-east-1_AbCdEfGhI","Username":"alice@example.com"}',
  }
end

--- The value of a header that stands once, or nil.
-- @tparam table headers pairs of name and value
-- @tparam string name in lower case
function M.find(headers, name)
  local found = {}
  for _, pair in ipairs(headers) do
    if c_locale.lower(pair[1]) == name then found[#found + 1] = pair[2] end
  end
  assert(#found <= 1, name .. " stands more than once")
  return found[1]
end

--- Signs a request.
-- @tparam[opt] table changes to the options
-- @tparam[opt] table request
-- @return signature, headers, steps
function M.signature(changes, request)
  local headers, steps = core.sign(request or M.request(), M.options(changes))
  assert.is_table(headers, not headers and steps.message)
  return steps.signature, headers, steps
end

--- The lines of a GET request's canonical request.
function M.canonical(url, headers, changes)
  local _, _, steps = M.signature(changes, { method = "GET", url = url, headers = headers })
  local lines = {}
  for line in (steps.canonical_request .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  return lines
end

return M

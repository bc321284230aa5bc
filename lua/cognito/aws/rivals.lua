--- Two that may be meant to sign: the variables' credentials and a profile's.
-- The AWS tools differ in which of them they take.
-- @module cognito.aws.rivals

local config = require "cognito.aws.config"
local profiles = require "cognito.aws.files"

local M = {}

local KEYS = { "aws_access_key_id", "credential_process", "sso_account_id", "login_session", "credential_source" }

local function has_credentials(values)
  for _, key in ipairs(KEYS) do
    if values[key] and values[key] ~= "" then
      return true
    end
  end
  return false
end

--- Says which of them signs, where there are two.
-- @tparam function env like `os.getenv`
-- @tparam table profile that is meant: `name`, `values`
-- @tparam ?string variable that names the profile; nil: nothing does
-- @treturn ?string a sentence
function M.warning(env, profile, variable)
  if config.variable(env, "AWS_ACCESS_KEY_ID") then
    return variable and ("%s and AWS_ACCESS_KEY_ID are both set: the keys sign, not profile '%s'; the SDK for "
      .. "JavaScript takes the profile"):format(variable, profile.name) or nil
  elseif not config.variable(env, "AWS_WEB_IDENTITY_TOKEN_FILE") then
    return nil
  elseif profiles.has_role(profile.values) then
    return ("AWS_WEB_IDENTITY_TOKEN_FILE is set, and profile '%s' has a role: the profile's role signs; the SDKs for "
      .. "Java and Go take the web identity"):format(profile.name)
  elseif has_credentials(profile.values) then
    return ("AWS_WEB_IDENTITY_TOKEN_FILE is set, and profile '%s' has credentials: the web identity signs; the SDKs "
      .. "for Rust and JavaScript take the profile"):format(profile.name)
  end
end

return M

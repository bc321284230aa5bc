--- The operations the sandbox carries out, by the wire's name.
--
-- A row: `name` in snake_case, `run(pool, params)`, `signed`, and where the
-- operation takes the SecretHash (`member`, or in the `map` of parameters or
-- responses), if it does.
--
-- @module cognito.sandbox.operations
local admin = require "cognito.sandbox.operations.admin"
local c_locale = require "cognito.c_locale"
local client_secrets = require "cognito.sandbox.operations.client_secrets"
local describe = require "cognito.sandbox.operations.describe"
local devices = require "cognito.sandbox.operations.devices"
local factors = require "cognito.sandbox.operations.factors"
local groups = require "cognito.sandbox.operations.groups"
local list_users = require "cognito.sandbox.operations.list_users"
local own = require "cognito.sandbox.operations.own"
local profile = require "cognito.sandbox.operations.profile"
local recovery = require "cognito.sandbox.operations.recovery"
local respond = require "cognito.sandbox.operations.respond"
local sessions = require "cognito.sandbox.operations.sessions"
local sign_in = require "cognito.sandbox.operations.sign_in"
local sign_up = require "cognito.sandbox.operations.sign_up"

local M = {}

-- MFA is one word.
local function snake_case(wire)
  wire = wire:gsub("MFA", "Mfa")
  return (wire:gsub("(%u)", function(letter)
    return "_" .. c_locale.lower(letter)
  end):sub(2))
end

local function add(wire, family, traits)
  local name = snake_case(wire)
  M[wire] = { name = name, run = family[name], signed = traits.signed,
    secret = traits.secret }
end

local by_hash = { secret = "member" }
local signed = { signed = true }

add("SignUp", sign_up, by_hash)
add("ConfirmSignUp", sign_up, by_hash)
add("ResendConfirmationCode", sign_up, by_hash)
add("AdminConfirmSignUp", sign_up, signed)

add("ForgotPassword", recovery, by_hash)
add("ConfirmForgotPassword", recovery, by_hash)
add("AdminResetUserPassword", recovery, signed)

add("InitiateAuth", sign_in, { secret = "map" })
add("AdminInitiateAuth", sign_in, { signed = true, secret = "map" })
add("RespondToAuthChallenge", respond, { secret = "map" })
add("AdminRespondToAuthChallenge", respond, { signed = true, secret = "map" })
add("AdminUserGlobalSignOut", sign_in, signed)

add("AdminCreateUser", admin, signed)
add("AdminGetUser", admin, signed)
add("AdminSetUserPassword", admin, signed)
add("AdminEnableUser", admin, signed)
add("AdminDisableUser", admin, signed)
add("AdminDeleteUser", admin, signed)

add("ListUsers", list_users, signed)
add("DescribeUserPool", describe, signed)
add("DescribeUserPoolClient", describe, signed)
add("ListUserPoolReplicas", describe, signed)

add("AddUserPoolClientSecret", client_secrets, signed)
add("ListUserPoolClientSecrets", client_secrets, signed)
add("DeleteUserPoolClientSecret", client_secrets, signed)
add("GetClientToken", client_secrets, {})

-- By an access token, or the token that is the matter: no secret hash.
local by_token = {}

add("GetUser", own, by_token)
add("DeleteUser", own, by_token)
add("ChangePassword", own, by_token)
add("GlobalSignOut", own, by_token)
add("RevokeToken", own, by_token)
add("GetTokensFromRefreshToken", own, by_token)

add("UpdateUserAttributes", profile, by_token)
add("DeleteUserAttributes", profile, by_token)
add("GetUserAttributeVerificationCode", profile, by_token)
add("VerifyUserAttribute", profile, by_token)
add("AdminUpdateUserAttributes", profile, signed)
add("AdminDeleteUserAttributes", profile, signed)

add("AssociateSoftwareToken", factors, by_token)
add("VerifySoftwareToken", factors, by_token)
add("SetUserMFAPreference", factors, by_token)
add("AdminSetUserMFAPreference", factors, signed)
add("AdminDeleteSoftwareToken", factors, signed)
add("AdminGetUserAuthFactors", factors, signed)
add("GetUserAuthFactors", factors, by_token)

for _, wire in ipairs { "CreateGroup", "UpdateGroup", "GetGroup",
  "DeleteGroup", "ListGroups", "ListUsersInGroup", "AdminAddUserToGroup",
  "AdminRemoveUserFromGroup", "AdminListGroupsForUser" } do
  add(wire, groups, signed)
end

for _, wire in ipairs { "AdminListUserSessions", "AdminRevokeUserSession",
  "AdminListUserAuthEvents" } do
  add(wire, sessions, signed)
end
for _, wire in ipairs { "ListUserSessions", "RevokeUserSession" } do
  add(wire, sessions, by_token)
end

for _, wire in ipairs { "AdminListDevices", "AdminGetDevice",
  "AdminForgetDevice", "AdminUpdateDeviceStatus" } do
  add(wire, devices, signed)
end
for _, wire in ipairs { "ConfirmDevice", "ListDevices", "GetDevice",
  "ForgetDevice", "UpdateDeviceStatus" } do
  add(wire, devices, by_token)
end

return M

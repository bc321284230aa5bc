--- The input of each operation.
--
-- Written down here a second time, apart from the client's model: a sandbox
-- that read the same table would agree with the client's mistakes. Lengths
-- are in characters. Members that are not listed are ignored, as the service
-- ignores them.
--
-- @module cognito.sandbox.inputs

local tables = require "cognito.tables"

local function text(min, max, pattern, regex)
  return { type = "string", min = min, max = max, pattern = pattern,
    regex = regex }
end

local function enum(...)
  return { type = "string", enum = { ... } }
end

local function required(shape)
  return tables.add({ required = true }, shape)
end

local function list(element)
  return { type = "list", element = element }
end

local function structure(members)
  return { type = "object", members = members }
end

local any_text = text(nil, 131072)
local string_map = { type = "object", value = any_text }
local flag = { type = "boolean" }
local solid = "^%S+$"

local username = required(text(1, 128, "^[^%s%c]+$",
  [[[\p{L}\p{M}\p{S}\p{N}\p{P}]+]]))
local client_id = required(text(1, 128, "^[%w_+]+$", [[[\w+]+]]))
local user_pool_id = required(text(1, 55, "^[%w_-]+_%w+$",
  [[[\w-]+_[0-9a-zA-Z]+]]))
local secret_hash = text(1, 128, "^[%w_+=/]+$", [[[\w+=/]+]])
-- The live service's pattern; the published model forbids blanks inside, too.
local password = text(nil, 256, "^%S.*%S$", [[^[\S]+.*[\S]+$]])
local code = required(text(1, 2048, solid, [[[\S]+]]))
local attribute_name = text(1, 32)
local attributes = list(structure {
  Name = required(attribute_name), Value = text(nil, 2048) })
local analytics = structure { AnalyticsEndpointId = any_text }
local user_context = structure {
  EncodedData = any_text, IpAddress = any_text }
local session = text(20, 2048)
local auth_flow = required(enum("USER_SRP_AUTH", "REFRESH_TOKEN_AUTH",
  "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH",
  "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH"))

local challenge_name = required(enum("SMS_MFA", "EMAIL_OTP",
  "SOFTWARE_TOKEN_MFA", "SELECT_MFA_TYPE", "MFA_SETUP", "PASSWORD_VERIFIER",
  "CUSTOM_CHALLENGE", "SELECT_CHALLENGE", "DEVICE_SRP_AUTH",
  "DEVICE_PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH", "NEW_PASSWORD_REQUIRED",
  "SMS_OTP", "PASSWORD", "WEB_AUTHN", "PASSWORD_SRP"))

-- The members that every public operation on a user takes.
local function public(members)
  members.ClientId = client_id
  members.AnalyticsMetadata = analytics
  members.ClientMetadata = string_map
  members.UserContextData = user_context
  return structure(members)
end

-- The members of an operation on one user, by an administrator.
local function on_user(members)
  members.UserPoolId = user_pool_id
  members.Username = username
  return structure(members)
end

-- The members of an operation on oneself, by an access token.
local token = text(nil, nil, "^[%w%-_=.]+$", [[[A-Za-z0-9-_=.]+]])
local function on_oneself(members)
  members.AccessToken = required(token)
  return structure(members)
end

local page_key = text(1, 131072, solid, [[[\S]+]])
local count = { type = "number", min = 0, max = 60 }
local group_name = required(text(1, 128, "^[^%s%c]+$",
  [[[\p{L}\p{M}\p{S}\p{N}\p{P}]+]]))
local digits = required(text(6, 6, "^%d+$", [[[0-9]+]]))
local factor = structure { Enabled = flag, PreferredMfa = flag }

local function factors(members)
  members.SMSMfaSettings, members.SoftwareTokenMfaSettings = factor, factor
  members.EmailMfaSettings = factor
  return members
end

local device_key = text(1, 55, "^[%w_-]+_[0-9a-f-]+$",
  [[[\w-]+_[0-9a-f-]+]])
local remembered = enum("remembered", "not_remembered")

local function in_pool(members)
  members.UserPoolId = user_pool_id
  return structure(members)
end

local function group(members)
  members.GroupName = group_name
  members.Description = text(nil, 2048)
  members.Precedence = { type = "number", min = 0 }
  members.RoleArn = text(20, 2048)
  return in_pool(members)
end

local context_data = structure {
  EncodedData = any_text,
  HttpHeaders = required(list(structure {
    headerName = any_text, headerValue = any_text })),
  IpAddress = required(any_text),
  ServerName = required(any_text),
  ServerPath = required(any_text),
}

local by_operation = {
  SignUp = public { Username = username, Password = password,
    SecretHash = secret_hash, UserAttributes = attributes,
    ValidationData = attributes },
  ConfirmSignUp = public { Username = username, SecretHash = secret_hash,
    ConfirmationCode = code, ForceAliasCreation = flag, Session = session },
  ResendConfirmationCode = public { Username = username,
    SecretHash = secret_hash },
  ForgotPassword = public { Username = username, SecretHash = secret_hash },
  ConfirmForgotPassword = public { Username = username,
    SecretHash = secret_hash, ConfirmationCode = code,
    Password = required(password) },
  InitiateAuth = public { AuthFlow = auth_flow, AuthParameters = string_map,
    Session = session },
  AdminInitiateAuth = structure { UserPoolId = user_pool_id,
    ClientId = client_id, AuthFlow = auth_flow, AuthParameters = string_map,
    ClientMetadata = string_map, AnalyticsMetadata = analytics,
    ContextData = context_data, Session = session },
  RespondToAuthChallenge = public { ChallengeName = challenge_name,
    ChallengeResponses = string_map, Session = session },
  AdminRespondToAuthChallenge = structure { UserPoolId = user_pool_id,
    ClientId = client_id, ChallengeName = challenge_name,
    ChallengeResponses = string_map, ClientMetadata = string_map,
    AnalyticsMetadata = analytics, ContextData = context_data,
    Session = session },
  AdminCreateUser = on_user { ClientMetadata = string_map,
    DesiredDeliveryMediums = list(enum("SMS", "EMAIL")),
    ForceAliasCreation = flag, MessageAction = enum("RESEND", "SUPPRESS"),
    TemporaryPassword = password, UserAttributes = attributes,
    ValidationData = attributes },
  AdminGetUser = on_user {},
  AdminConfirmSignUp = on_user { ClientMetadata = string_map },
  AdminResetUserPassword = on_user { ClientMetadata = string_map },
  AdminSetUserPassword = on_user { Password = required(password),
    Permanent = flag },
  AdminEnableUser = on_user {},
  AdminDisableUser = on_user {},
  AdminUserGlobalSignOut = on_user {},
  AdminDeleteUser = on_user {},
  ListUsers = structure { UserPoolId = user_pool_id,
    AttributesToGet = list(attribute_name), Filter = text(nil, 256),
    Limit = { type = "number", min = 0, max = 60 },
    PaginationToken = text(1, nil, solid, [[[\S]+]]) },
  DescribeUserPool = structure { UserPoolId = user_pool_id },
  DescribeUserPoolClient = structure { UserPoolId = user_pool_id,
    ClientId = client_id },
  ListUserPoolReplicas = structure { UserPoolId = user_pool_id,
    NextToken = page_key },
  AddUserPoolClientSecret = structure { UserPoolId = user_pool_id,
    ClientId = client_id, ClientSecret = text(24, 64, "^[%w_+]+$",
      [[[\w+]+]]) },
  ListUserPoolClientSecrets = structure { UserPoolId = user_pool_id,
    ClientId = client_id, NextToken = page_key },
  DeleteUserPoolClientSecret = structure { UserPoolId = user_pool_id,
    ClientId = client_id, ClientSecretId = required(text(1, 128)) },
  GetClientToken = structure { ClientId = client_id,
    Secret = required(any_text), Scopes = list(any_text),
    ClientMetadata = string_map },

  AdminUpdateUserAttributes = on_user { ClientMetadata = string_map,
    UserAttributes = required(attributes) },
  AdminDeleteUserAttributes = on_user {
    UserAttributeNames = required(list(attribute_name)) },
  GetUser = on_oneself {},
  DeleteUser = on_oneself {},
  UpdateUserAttributes = on_oneself { ClientMetadata = string_map,
    UserAttributes = required(attributes) },
  DeleteUserAttributes = on_oneself {
    UserAttributeNames = required(list(attribute_name)) },
  GetUserAttributeVerificationCode = on_oneself {
    AttributeName = required(attribute_name), ClientMetadata = string_map },
  VerifyUserAttribute = on_oneself {
    AttributeName = required(attribute_name), Code = code },
  ChangePassword = on_oneself { PreviousPassword = password,
    ProposedPassword = required(password) },
  GlobalSignOut = on_oneself {},
  GetTokensFromRefreshToken = structure { ClientId = client_id,
    ClientSecret = text(1, 64), RefreshToken = required(token),
    DeviceKey = device_key, ClientMetadata = string_map },
  RevokeToken = structure { ClientId = client_id,
    ClientSecret = text(1, 64), Token = required(token) },

  AssociateSoftwareToken = structure { AccessToken = token,
    Session = session },
  VerifySoftwareToken = structure { AccessToken = token, Session = session,
    UserCode = digits, FriendlyDeviceName = any_text },
  SetUserMFAPreference = on_oneself(factors {}),
  AdminSetUserMFAPreference = on_user(factors {}),
  AdminDeleteSoftwareToken = on_user {},
  AdminGetUserAuthFactors = on_user {},
  GetUserAuthFactors = on_oneself {},

  CreateGroup = group {},
  UpdateGroup = group {},
  GetGroup = in_pool { GroupName = group_name },
  DeleteGroup = in_pool { GroupName = group_name },
  ListGroups = in_pool { Limit = count, NextToken = page_key },
  ListUsersInGroup = in_pool { GroupName = group_name, Limit = count,
    NextToken = page_key },
  AdminAddUserToGroup = on_user { GroupName = group_name },
  AdminRemoveUserFromGroup = on_user { GroupName = group_name },
  AdminListGroupsForUser = on_user { Limit = count, NextToken = page_key },

  AdminListUserSessions = on_user { NextToken = page_key },
  AdminRevokeUserSession = on_user { SessionId = required(any_text),
    RevokeAssociatedSessions = any_text },
  ListUserSessions = on_oneself { NextToken = page_key },
  RevokeUserSession = on_oneself { SessionId = required(any_text),
    RevokeAssociatedSessions = any_text },
  AdminListDevices = on_user { Limit = count, PaginationToken = page_key },
  AdminGetDevice = on_user { DeviceKey = required(device_key) },
  AdminForgetDevice = on_user { DeviceKey = required(device_key) },
  AdminUpdateDeviceStatus = on_user { DeviceKey = required(device_key),
    DeviceRememberedStatus = remembered },
  ConfirmDevice = on_oneself { DeviceKey = required(device_key),
    DeviceName = text(1, 1024), DeviceSecretVerifierConfig = structure {
      PasswordVerifier = any_text, Salt = any_text } },
  GetDevice = structure { AccessToken = token,
    DeviceKey = required(device_key) },
  ForgetDevice = structure { AccessToken = token,
    DeviceKey = required(device_key) },
  UpdateDeviceStatus = on_oneself { DeviceKey = required(device_key),
    DeviceRememberedStatus = remembered },
  AdminListUserAuthEvents = on_user { MaxResults = count,
    NextToken = page_key },
  ListDevices = on_oneself { Limit = count, PaginationToken = page_key },
}

return by_operation

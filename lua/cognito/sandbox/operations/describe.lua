--- Descriptions of the pool and its app client.
-- @module cognito.sandbox.operations.describe
local json = require "cognito.sandbox.json"
local policy = require "cognito.sandbox.policy"

local M = {}

local mechanisms = {
  verified_phone_first = { "verified_phone_number", "verified_email" },
  verified_email_first = { "verified_email", "verified_phone_number" },
  verified_phone_number = { "verified_phone_number" },
  verified_email = { "verified_email" },
  admin_only = { "admin_only" },
}

-- Nil for `legacy`: such a pool has no AccountRecoverySetting.
local function recovery_setting(recovery)
  local names = mechanisms[recovery]
  if not names then
    return nil
  end
  local list = json.list {}
  for priority, name in ipairs(names) do
    list[priority] = { Name = name, Priority = priority }
  end
  return { RecoveryMechanisms = list }
end

-- The service leaves out what was not set.
local function names(list)
  if not list[1] then
    return nil
  end
  local copy = json.list {}
  for i, name in ipairs(list) do
    copy[i] = name
  end
  return copy
end

-- The service leaves it out where devices are not followed.
local function device_configuration(options)
  if options.device_tracking == "off" then
    return nil
  end
  return { ChallengeRequiredOnNewDevice = true,
    DeviceOnlyRememberedOnUserPrompt = options.device_tracking == "user_opt_in" }
end

local function arn(pool, region)
  return ("arn:aws:cognito-idp:%s:000000000000:userpool/%s"):format(region,
    pool.options.user_pool_id)
end

--- DescribeUserPool.
-- @tparam table pool
-- @treturn table
function M.describe_user_pool(pool)
  local options = pool.options
  return { UserPool = {
    Id = options.user_pool_id,
    Name = "sandbox",
    Arn = arn(pool, options.region),
    AccountRecoverySetting = recovery_setting(options.recovery),
    AdminCreateUserConfig = { AllowAdminCreateUserOnly = false },
    AliasAttributes = names(options.alias_attributes),
    AutoVerifiedAttributes = names(options.auto_verified_attributes),
    EmailConfiguration = { EmailSendingAccount = options.email_sender },
    EstimatedNumberOfUsers = #pool.users.list,
    DeviceConfiguration = device_configuration(options),
    MfaConfiguration = options.mfa,
    Policies = { PasswordPolicy = policy.describe(options),
      SignInPolicy = options.first_factors and { AllowedFirstAuthFactors = names(options.first_factors) } or nil },
    UsernameAttributes = names(options.username_attributes),
    UsernameConfiguration = { CaseSensitive = options.case_sensitive },
    CreationDate = pool.created,
    LastModifiedDate = pool.created,
  } }
end

local function replica(pool, region, role)
  return { RegionName = region, Role = role, Status = "ACTIVE",
    UserPoolArn = arn(pool, region) }
end

--- ListUserPoolReplicas. A pool whose Region is not the one that its id names
-- is a secondary replica.
-- @tparam table pool
-- @treturn table
function M.list_user_pool_replicas(pool)
  local options = pool.options
  local list = json.list { replica(pool, options.primary_region, "PRIMARY") }
  if options.is_replica then
    list[2] = replica(pool, options.region, "SECONDARY")
  end
  return { UserPoolReplicas = list }
end

--- DescribeUserPoolClient.
-- @tparam table pool
-- @treturn table
function M.describe_user_pool_client(pool)
  local options = pool.options
  return { UserPoolClient = {
    UserPoolId = options.user_pool_id,
    ClientId = options.client_id,
    ClientName = "sandbox",
    ClientSecret = (pool.client_secrets[1] or {}).value,
    ExplicitAuthFlows = json.list { "ALLOW_ADMIN_USER_PASSWORD_AUTH",
      "ALLOW_USER_PASSWORD_AUTH" },
    PreventUserExistenceErrors = options.prevent_user_existence_errors,
    AccessTokenValidity = options.lifetimes.token,
    IdTokenValidity = options.lifetimes.token,
    RefreshTokenValidity = options.lifetimes.refresh_token,
    TokenValidityUnits = { AccessToken = "seconds", IdToken = "seconds",
      RefreshToken = "seconds" },
    RefreshTokenRotation = options.refresh_token_rotation and { Feature = "ENABLED",
      RetryGracePeriodSeconds = options.lifetimes.rotation_grace } or nil,
    CreationDate = pool.created,
    LastModifiedDate = pool.created,
  } }
end

return M

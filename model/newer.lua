--- What the service's published model says by now and model/cognito_idp.lua
-- does not: read off @aws-sdk/client-cognito-identity-provider 3.1169.0, whose
-- schemas lack limits and so cannot be imported whole. Generation stops at a
-- line that a newer import has made superfluous, and
-- spec/services/model_npm_spec.lua compares the result with the newest package.
-- @module model.newer
local c_locale = require "cognito.c_locale"

local M = {}

--- Sets of words, and the members that hold one of them.
M.enums = {
  ClientTypeType = {
    values = { "DCR", "REGULAR" },
    { "ListUserPoolClientsRequest", "ClientType" },
    { "UserPoolClientType", "ClientType" },
  },
  ResourceServerManagedByType = {
    values = { "COGNITO" },
    { "ResourceServerType", "ManagedBy" },
  },
  RevokeAssociatedSessionsType = {
    values = { "LINKED", "NONE" },
    { "AdminRevokeUserSessionRequest", "RevokeAssociatedSessions" },
    { "RevokeTokenRequest", "RevokeAssociatedSessions" },
    { "RevokeUserSessionRequest", "RevokeAssociatedSessions" },
  },
  SessionTypeType = {
    values = { "SSO", "TOKEN" },
    { "SessionDescriptionType", "SessionType" },
  },
  UserSessionTrackingType = {
    values = { "DISABLED", "ENABLED" },
    { "GetUserPoolSessionConfigurationResponse", "UserSessionTracking" },
    { "SetUserPoolSessionConfigurationRequest", "UserSessionTracking" },
    { "SetUserPoolSessionConfigurationResponse", "UserSessionTracking" },
  },
}

local of_user = { "PasswordResetRequiredException", "UserNotConfirmedException", "UserNotFoundException" }
local of_settings = { "ConcurrentModificationException", "FeatureUnavailableInTierException" }
local forbidden = { "ForbiddenException" } -- only public operations meet the firewall

--- Errors that an operation can answer, and those that it cannot.
M.errors = {
  AdminDeleteSoftwareToken = {
    add = { "UserNotConfirmedException", "UserNotFoundException" }, remove = forbidden,
  },
  AdminInitiateAuth = { add = { "FeatureUnavailableInTierException" }, remove = {} },
  AdminListUserSessions = { add = { "UserNotFoundException" }, remove = forbidden },
  AdminRevokeUserSession = { add = { "UserNotFoundException" }, remove = forbidden },
  DescribeTermsByClient = { add = {}, remove = forbidden },
  GetUserPoolClientSessionConfiguration = { add = {}, remove = forbidden },
  GetUserPoolSessionConfiguration = { add = {}, remove = forbidden },
  InitiateAuth = { add = { "FeatureUnavailableInTierException" }, remove = {} },
  ListUserSessions = { add = of_user, remove = {} },
  RevokeUserSession = { add = of_user, remove = {} },
  SetUserPoolClientSessionConfiguration = { add = of_settings, remove = forbidden },
  SetUserPoolSessionConfiguration = { add = of_settings, remove = forbidden },
}

local function stale(...)
  error(("model/newer.lua: %s: the imported model says so, take the line out"):format(string.format(...)), 0)
end

local function add_enum(shapes, name, enum)
  if shapes[name] then
    stale("shape '%s'", name)
  end
  shapes[name] = { type = "string", enum = enum.values }
  for _, place in ipairs(enum) do
    local structure = shapes[place[1]] or error("model/newer.lua names '" .. place[1] .. "', which the model lacks", 0)
    local member = structure.members[place[2]]
      or error(("model/newer.lua names '%s.%s', which the model lacks"):format(place[1], place[2]), 0)
    member.shape = name
  end
end

local function positions(list)
  local at = {}
  for i, name in ipairs(list) do
    at[name] = i
  end
  return at
end

local function amend(operation, name, change)
  local at = positions(operation.errors)
  for _, one in ipairs(change.remove) do
    table.remove(operation.errors, at[one] or stale("%s without %s", name, one))
    at = positions(operation.errors)
  end
  for _, one in ipairs(change.add) do
    if at[one] then
      stale("%s with %s", name, one)
    end
    table.insert(operation.errors, one)
  end
  table.sort(operation.errors, c_locale.before)
end

--- Brings imported facts up to date, in place.
-- @tparam table facts as model/import.lua writes them
-- @treturn table the same
-- @raise a sentence that names the line which is no longer needed
function M.apply(facts)
  for name, enum in pairs(M.enums) do
    add_enum(facts.shapes, name, enum)
  end
  for name, change in pairs(M.errors) do
    local operation = facts.operations[name]
      or error("model/newer.lua names the operation '" .. name .. "', which the model lacks", 0)
    amend(operation, name, change)
  end
  return facts
end

return M

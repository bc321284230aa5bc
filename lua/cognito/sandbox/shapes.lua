--- What each operation takes, and the refusal of anything else.
--
-- Written down here a second time, apart from the client's model: a sandbox
-- that read the same table would agree with the client's mistakes. Lengths
-- are in characters. Members that are not listed are ignored, as the service
-- ignores them.
--
-- @module cognito.sandbox.shapes
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local utf8 = require "cognito.sandbox.utf8"

local M = {}

-- Shapes --------------------------------------------------------------------

local function text(min, max, pattern, regex)
  return { type = "string", min = min, max = max, pattern = pattern,
    regex = regex }
end

local function enum(...)
  return { type = "string", enum = { ... } }
end

local function required(shape)
  local copy = { required = true }
  for key, value in pairs(shape) do copy[key] = value end
  return copy
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
local password = text(nil, 256, solid, [[[\S]+]])
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

local context_data = structure {
  EncodedData = any_text,
  HttpHeaders = required(list(structure {
    headerName = any_text, headerValue = any_text })),
  IpAddress = required(any_text),
  ServerName = required(any_text),
  ServerPath = required(any_text),
}

--- Inputs by the wire's name of the operation.
M.inputs = {
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
}

-- Types: the service cannot even read what fails here -----------------------

local token_of = {
  string = "STRING_VALUE", number = "NUMBER_VALUE", object = "START_OBJECT",
  list = "START_ARRAY", null = "NULL_VALUE",
}

local target_of = { string = "String", number = "Integer",
  boolean = "Boolean" }

local function mistyped(value, shape)
  local found = json.type(value)
  if shape.type == "object" or shape.type == "list" then
    errors.refuse("not_json", "Unexpected field type: "
      .. (shape.type == "list" and "a list" or "a structure or map")
      .. " was expected")
  end
  if found == "object" or found == "list" then
    errors.refuse("not_json", "Start of "
      .. (found == "list" and "list" or "structure or map")
      .. " found where not expected.")
  end
  local token = token_of[found] or tostring(value):upper() .. "_VALUE"
  errors.refuse("not_json", ("%s can not be converted to %s %s"):format(token,
    shape.type == "number" and "an" or "a", target_of[shape.type]))
end

local check_types

local function check_members_types(value, members)
  for name, member in pairs(members) do
    if value[name] ~= nil then check_types(value[name], member) end
  end
end

function check_types(value, shape)
  if json.type(value) ~= shape.type then mistyped(value, shape) end
  if shape.type == "number" and value % 1 ~= 0 then mistyped("", shape) end
  if shape.members then check_members_types(value, shape.members) end
  local inner = shape.element or shape.value
  if inner then
    for _, each in pairs(value) do check_types(each, inner) end
  end
end

-- Constraints: all that fail are told at once -------------------------------

local check_constraints

local function lower_first(name)
  return name:sub(1, 1):lower() .. name:sub(2)
end

local function contains(values, wanted)
  for _, value in ipairs(values) do
    if value == wanted then return true end
  end
  return false
end

-- What a text or number breaks, or nil. Values are never repeated: they are
-- names, passwords and codes.
local function broken_rule(value, shape)
  local size, what = value, "value"
  if shape.type == "string" then size, what = utf8.length(value), "length" end
  if shape.min and size < shape.min then
    return ("have %s greater than or equal to %d"):format(what, shape.min)
  end
  if shape.max and size > shape.max then
    return ("have %s less than or equal to %d"):format(what, shape.max)
  end
  if shape.enum and not contains(shape.enum, value) then
    return ("satisfy enum value set: [%s]"):format(
      table.concat(shape.enum, ", "))
  end
  if shape.pattern and not value:find(shape.pattern) then
    return "satisfy regular expression pattern: " .. shape.regex
  end
end

local function check_structure(value, shape, path, found)
  for name, member in pairs(shape.members) do
    local at = path .. lower_first(name)
    if value[name] ~= nil then
      check_constraints(value[name], member, at, found)
    elseif member.required then
      found[#found + 1] = ("Value null at '%s' failed to satisfy constraint:"
        .. " Member must not be null"):format(at)
    end
  end
end

function check_constraints(value, shape, path, found)
  if shape.members then
    local prefix = path == "" and "" or path .. "."
    return check_structure(value, shape, prefix, found)
  end
  if shape.element then
    for i, each in ipairs(value) do
      check_constraints(each, shape.element, ("%s.%d.member"):format(path, i),
        found)
    end
  elseif shape.type == "string" or shape.type == "number" then
    local rule = broken_rule(value, shape)
    if rule then
      found[#found + 1] = ("Value at '%s' failed to satisfy constraint:"
        .. " Member must %s"):format(path, rule)
    end
  end
end

local function report(found)
  table.sort(found)
  errors.refuse("validation", ("%d validation error%s detected: %s"):format(
    #found, #found == 1 and "" or "s", table.concat(found, "; ")))
end

--- Reads a request's body as the input of an operation.
-- @tparam string operation the wire's name
-- @tparam string body
-- @treturn table the members, under the wire's names
-- @raise a refusal that names the member, never its value
function M.read(operation, body)
  local input, problem = json.decode(body)
  if problem then errors.refuse("not_json", problem) end
  local shape = M.inputs[operation]
  check_types(input, shape)
  local found = {}
  check_constraints(input, shape, "", found)
  if #found > 0 then report(found) end
  return input
end

return M

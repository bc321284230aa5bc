--- Lambda triggers as Lua functions. Each gets an event in the form of the
-- developer guide, "Customizing user pool workflows with Lambda triggers", and
-- fills in its `response`; it may return the event, or nothing.
-- @module cognito.sandbox.triggers
local errors = require "cognito.sandbox.errors"
local tables = require "cognito.tables"

local M = {}

-- Their names in the service's texts.
local titles = {
  pre_sign_up = "PreSignUp",
  post_confirmation = "PostConfirmation",
  pre_authentication = "PreAuthentication",
  post_authentication = "PostAuthentication",
  pre_token_generation = "PreTokenGeneration",
  custom_message = "CustomMessage",
  user_migration = "UserMigration",
  define_auth_challenge = "DefineAuthChallenge",
  create_auth_challenge = "CreateAuthChallenge",
  verify_auth_challenge_response = "VerifyAuthChallengeResponse",
}

-- Codes that a function may raise in a table, besides the usual one.
local codes = {
  UserLambdaValidationException = true,
  UnexpectedLambdaException = true,
  InvalidLambdaResponseException = true,
}

local Triggers = {}
Triggers.__index = Triggers

--- Triggers of a pool.
-- @tparam table options complete options; `triggers` are there from the start
-- @treturn table
function M.new(options)
  local self = setmetatable({ options = options, functions = {} }, Triggers)
  for name, fn in pairs(options.triggers) do
    self:on(name, fn)
  end
  return self
end

--- Sets a trigger.
-- @tparam string name
-- @tparam ?function fn nil takes it away
-- @raise a sentence that names what is wrong
function Triggers:on(name, fn)
  if not titles[name] then
    error(("cognito.sandbox: there is no trigger '%s'"):format(tostring(name)),
      0)
  elseif fn ~= nil and type(fn) ~= "function" then
    error(("cognito.sandbox: the trigger %s must be a function"):format(name),
      0)
  end
  self.functions[name] = fn
end

local function event_of(self, source, username, request)
  return {
    version = "1",
    triggerSource = source,
    region = self.options.region,
    userPoolId = self.options.user_pool_id,
    userName = username,
    callerContext = { awsSdkVersion = "cognito.sandbox",
      clientId = self.options.client_id },
    request = request,
    response = {},
  }
end

-- Where in a file an error was raised is of no interest to an app client.
local function text_of(err)
  return (tostring(err):gsub("^[^\n:]+:%d+: ", "", 1))
end

local function refuse(name, err)
  if type(err) == "table" and codes[err.code] then
    errors.refuse_as(err.code, tostring(err.message))
  end
  errors.refuse("trigger_failed", titles[name], text_of(err))
end

--- Runs a trigger, where there is one.
-- @tparam string name
-- @tparam string source as the event names it
-- @tparam string username
-- @tparam table request of the event; its tables are copied
-- @treturn ?table the event's response; nil where there is no such trigger
-- @raise a refusal, where the function raises or returns nonsense
function Triggers:run(name, source, username, request)
  local fn = self.functions[name]
  if not fn then
    return nil
  end
  for key, value in pairs(request) do
    if type(value) == "table" then
      request[key] = tables.copy(value)
    end
  end
  local event = event_of(self, source, username, request)
  local ok, result = pcall(fn, event)
  if not ok then
    refuse(name, result)
  end
  if result == nil then
    result = event
  end
  if type(result) ~= "table" or type(result.response) ~= "table" then
    errors.refuse "trigger_output"
  end
  return result.response
end

return M

--- Everything one sandbox holds, as the operations see it.
-- @module cognito.sandbox.pool
local answers = require "cognito.sandbox.answers"
local contacts = require "cognito.sandbox.contacts"
local errors = require "cognito.sandbox.errors"
local faults = require "cognito.sandbox.faults"
local groups = require "cognito.sandbox.groups"
local messages = require "cognito.sandbox.messages"
local outbox = require "cognito.sandbox.outbox"
local random = require "cognito.sandbox.random"
local rules = require "cognito.recovery.rules"
local story = require "cognito.sandbox.story"
local triggers = require "cognito.sandbox.triggers"
local users = require "cognito.sandbox.users"

local M = {}

local Pool = {}
Pool.__index = Pool

-- A clock that can be put forward and never waits.
local function new_clock(now)
  local ahead = 0
  return {
    now = function() return now() + ahead end,
    advance = function(seconds) ahead = ahead + seconds end,
    reset = function() ahead = 0 end,
  }
end

--- A pool without users.
-- @tparam table options complete options
-- @treturn table
function M.new(options)
  local clock = new_clock(options.now)
  local self = setmetatable({ options = options, clock = clock }, Pool)
  self.outbox = outbox.new(clock, function(message, user)
    messages.compose(self, message, user)
  end)
  self.outbox.on_place = function(place) self.story:sends(place) end
  self:reset()
  return self
end

--- Makes it as it was when it was new.
function Pool:reset()
  self.clock.reset()
  self.outbox:clear()
  self.random = random.new(self.options.seed)
  self.users = users.new(self.options, self.clock, self.random)
  self.faults = faults.new(self.random)
  self.groups = groups.new()
  self.triggers = triggers.new(self.options)
  self.tokens = {}     -- by their text: tokens.lua
  self.attempts = {}   -- times by operation and user: codes.lua
  self.failures = {}   -- wrong passwords, by name: lockout.lua
  self.sessions = {}   -- challenges that wait for a response: steps.lua
  self.claims = {}     -- sign-ins by SRP, by their blocks: srp_steps.lua
  self.new_devices = {} -- by key, until they are confirmed: devices.lua
  self.asked = {}      -- how often about a name, by operation and name
  self.executions = {} -- how often carried out, by operation and user
  self.story = story.new "none"
  self.created = self.clock.now()
  self.client_secrets, self.secrets_made = {}, 0 -- oldest first: secret_hash.lua
  for _, value in ipairs { self.options.client_secret or nil, self.options.other_client_secret or nil } do
    table.insert(self.client_secrets, self:new_client_secret(value))
  end
end

--- A secret of the app client, which the pool does not take yet.
-- @tparam string value
-- @treturn table `{ id, value, created }`
function Pool:new_client_secret(value)
  self.secrets_made = self.secrets_made + 1
  return { id = ("client-secret-%d"):format(self.secrets_made), value = value,
    created = self.clock.now() }
end

--- Reports a request's outcome as a line, if there is a log.
-- @tparam string line
function Pool:tell(line)
  if self.options.log then
    self.options.log(line)
  end
end

--- The state of a user as answers.lua names it.
-- @tparam table|nil user
-- @treturn string
function Pool:state(user)
  if not user then
    return "unknown"
  end
  if not user.enabled then
    return "disabled"
  end
  local recoverable = user.status == "CONFIRMED"
    or user.status == "RESET_REQUIRED"
  if recoverable and not contacts.for_recovery(self.options, user) then
    return "no_contact"
  end
  return user.status
end

-- Counts questions about a name: some answers are given in turn.
local function turn(self, operation, name)
  local key = operation .. ":" .. name
  self.asked[key] = (self.asked[key] or 0) + 1
  return self.asked[key]
end

--- An operation's answer about a user, from the table of answers.
-- @tparam string operation in snake_case
-- @tparam table|nil user
-- @tparam string name as the request has it
-- @treturn string `accepted`, `simulated` or the key of a refusal
function Pool:answer(operation, user, name)
  if rules.refused_by_replicas[operation] and self.options.is_replica then
    return "secondary_replica"
  end
  local state = self:state(user)
  local answer = answers.find(self.options, operation, state,
    turn(self, operation, name), user and user.status)
  self.story:judged(state, answer)
  return answer
end

--- The same, where refusals are raised.
-- @tparam string operation in snake_case
-- @tparam table|nil user
-- @tparam string name as the request has it
-- @treturn string `accepted` or `simulated`
-- @raise the refusal that the table of answers asks for
function Pool:judge(operation, user, name)
  local answer = self:answer(operation, user, name)
  if answer == "accepted" or answer == "simulated" then
    return answer
  end
  errors.refuse(answer, name)
end

--- The user an administrator means.
-- @tparam string name
-- @treturn table
-- @raise a refusal
function Pool:user(name)
  local user = self.users:find(name)
  if not user then
    errors.refuse("no_such_user")
  end
  return user
end

--- Runs the trigger after a confirmation. Its refusal is reported, but the
-- user stays confirmed, as on the live service.
-- @tparam table user
-- @tparam string source `ConfirmSignUp` or `ConfirmForgotPassword`
-- @tparam table params of the request
-- @raise a refusal
function Pool:confirmed(user, source, params)
  self.triggers:run("post_confirmation", "PostConfirmation_" .. source,
    user.username, { userAttributes = user.attributes,
      clientMetadata = params.ClientMetadata })
end

--- Takes a user away.
-- @tparam table user
function Pool:remove(user)
  self.users:remove(user)
  self.groups:forget(user)
end

local function canonical(self, name)
  local user = self.users:find(name)
  return user and user.username or name
end

--- Notes that an operation was carried out.
-- @tparam string operation in snake_case
-- @tparam[opt] string name the user it was about
function Pool:count(operation, name)
  local counts = self.executions[operation] or { count = 0, users = {} }
  self.executions[operation] = counts
  counts.count = counts.count + 1
  if name then
    local key = canonical(self, name)
    counts.users[key] = (counts.users[key] or 0) + 1
  end
end

--- How often an operation was carried out.
-- @tparam string operation in snake_case
-- @tparam[opt] string name of a user
-- @treturn integer
function Pool:counted(operation, name)
  local counts = self.executions[operation]
  if not counts then
    return 0
  end
  if not name then
    return counts.count
  end
  return counts.users[canonical(self, name)] or 0
end

--- How often each operation was carried out, and for whom.
-- @treturn table a copy: `{ count, users = { [name] = count } }` by operation
function Pool:all_counted()
  local all = {}
  for operation, counts in pairs(self.executions) do
    local by_name = {}
    for name, count in pairs(counts.users) do
      by_name[name] = count
    end
    all[operation] = { count = counts.count, users = by_name }
  end
  return all
end

return M

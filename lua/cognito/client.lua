--- Clients: settings once, then one method per operation of the service.
-- @module cognito.client

local call = require "cognito.call"
local connect = require "cognito.connect"
local connections = require "cognito.connections"
local describe = require "cognito.describe"
local endpoint = require "cognito.aws.endpoints"
local errors = require "cognito.errors"
local native = require "cognito.native"
local operations = require "cognito.operations"
local passed_on = require "cognito.credentials.passed_on"
local pages = require "cognito.pages"
local place = require "cognito.place"
local requests = require "cognito.request"
local retry = require "cognito.retry"
local runtimes = require "cognito.runtime"
local sdk_headers = require "cognito.sdk_headers"
local settings = require "cognito.settings"
local tables = require "cognito.tables"

local M = {}

-- What a client knows, secrets among it, stays out of the table that
-- programs hold, print and serialise.
local states = setmetatable({}, { __mode = "k" })

local none = {}

-- Arguments of methods, where they are not an operation's.
local LISTING = '("list_users", { … })'
local arguments = { each = LISTING, pages = LISTING, build = LISTING, connect = "()", describe = "()" }

local function state_of(client, method, level)
  local state = states[client]
  if not state then
    error(("call it with a colon, on a client: pool:%s%s"):format(method, arguments[method] or "{ … }"), level + 1)
  end
  return state
end

--- Whether a value is a client.
-- @param value
-- @treturn boolean
function M.is_client(value)
  return states[value] ~= nil
end

local function check_arguments(method, params, options, level)
  if type(params) ~= "table" then
    error(("%s takes a table of parameters, not a %s"):format(method, type(params)), level + 1)
  end
  if options == nil then
    return none
  elseif type(options) ~= "table" then
    error(("the options of %s must be a table, not a %s"):format(method, type(options)), level + 1)
  end
  settings.check_options(options, level + 1)
  return options
end

local methods = {}

--- A client with other defaults, which shares connections and the rest.
-- @tparam table changes settings that replace this client's
-- @treturn cognito.Client
-- @raise for an unknown or mistyped setting
function methods:with(changes)
  local state = state_of(self, "with", 2)
  if type(changes) ~= "table" then
    error("with takes a table of settings, not a " .. type(changes), 2)
  end
  local given = tables.add(tables.copy(state.given), changes)
  return (M.new(given, 2, state)) -- no tail call: errors count the levels
end

--- Builds the request that a call would send, with defaults and secret hash,
-- and sends nothing. It holds whatever the parameters hold: show it through
-- `cognito.redact`.
-- @tparam string operation
-- @tparam table params
-- @tparam[opt] table options of the call
-- @treturn[1] table `{ method, url, headers, body }`
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @raise for an unknown operation
function methods:build(operation, params, options)
  local state = state_of(self, "build", 2)
  operations.describe(operation, "build", 2)
  options = check_arguments("build", params, options, 2)
  local request, err = requests.build(state, operation, params, options)
  if not request then
    err.operation = operation
    err.attempts = 0
    return nil, errors.new(err)
  end
  return request
end

-- The pages of an operation for two methods, and how it pages.
local function listing(self, method, operation, params, options)
  local state = state_of(self, method, 3)
  operations.describe(operation, method, 3)
  local paging = pages.of(operation)
  if not paging then
    error(("%s gives no pages: call pool:%s"):format(operation, operation), 3)
  end
  options = check_arguments(method, params, options, 3)
  return pages.pages(operation, paging, params, function(own)
    return call.run(state, operation, own, options)
  end), paging
end

--- The pages of an operation that lists, for a `for` statement, where an error
-- is raised: a loop that just ended would look like a complete list. The
-- method `next` of what this returns gives the next page, nil after the last,
-- or nil and an error; tasks on Lua 5.1 need it, which cannot suspend in an
-- iterator.
-- @tparam string operation like "list_users"
-- @tparam table params
-- @tparam[opt] table options of each call
-- @treturn cognito.Pages
-- @raise for an operation that is unknown or has no pages
-- @usage
-- for page in pool:pages("list_users", { limit = 60 }) do print(#page.users) end
function methods:pages(operation, params, options)
  return (listing(self, "pages", operation, params, options))
end

--- The items of all pages of an operation that lists, one after the other; see
-- `pages`.
-- @tparam string operation
-- @tparam table params
-- @tparam[opt] table options of each call
-- @treturn cognito.Items
-- @raise for an operation that is unknown or has no pages
-- @usage
-- for user in pool:each("list_users", { filter = 'status = "Enabled"' }) do print(user.username) end
-- local users = pool:each("list_users", {})
-- local user, err = users:next()
function methods:each(operation, params, options)
  return pages.items(listing(self, "each", operation, params, options))
end

--- Opens a connection ahead of the first call, so that name look-up and TLS
-- handshake do not count towards that call. The connection stays usable for
-- as long as the service keeps it open.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function methods:connect()
  local state = state_of(self, "connect", 2)
  return connect(state)
end

--- What the client works with, and where each value came from. Secrets are
-- not in it.
-- @treturn table `settings` (from name to `{ value, source }`), `url`,
--   `credentials` (`{ source, expires_at }` of those in use, once any are),
--   `clock_offset` (seconds that this machine's clock is behind), `quota`
--   (tokens left for retries, of 500), `warnings`, and `problem` where a value
--   cannot be used
-- @raise for an argument: operations are described by `cognito.describe`
function methods:describe(...)
  local state = state_of(self, "describe", 2)
  if select("#", ...) > 0 then
    error("pool:describe describes the client and takes nothing; cognito.describe describes an operation", 2)
  end
  return describe(state)
end

local function operation_method(name)
  return function(self, params, options)
    local state = states[self] or state_of(self, name, 2)
    options = check_arguments(name, params, options, 2)
    return call.run(state, name, params, options)
  end
end

-- Methods of operations are made when they are first called: most programs
-- use three of the 140.
setmetatable(methods, {
  __index = function(_, name)
    if type(name) ~= "string" then
      return nil
    end
    if native.describe(name) then
      methods[name] = operation_method(name)
      return methods[name]
    end
    local message, nearest = operations.unknown(name)
    if nearest then
      error(message, 2)
    end
    return nil -- a field that is looked for, no misspelt method
  end,
})

local client_mt = {
  __index = methods,
  __name = "cognito.Client",
  __tostring = function(self)
    local given = states[self].settings
    return ("cognito client (%s)"):format(given.user_pool_id or given.region or "no region")
  end,
}

-- Loaded with the first signed call: many programs make none. At once where
-- nothing may wait for a disk later. Returns what finds credentials, and
-- what describes those in use.
local function credentials_source(complete, sources)
  local source, description
  if place.is_eager then
    return require("cognito.credentials").source(complete, sources)
  end
  local function find(refused)
    if not source then
      source, description = require("cognito.credentials").source(complete, sources)
    end
    return source(refused)
  end
  return find, function()
    return description and description() or {}
  end
end

local OF_LOOK_UPS = { { "credentials", "runtime" }, passed_on.to_chain, passed_on.to_look_ups }

-- Whether two clients' credentials come from the same place, on the same way.
local function same_caller(a, b)
  for _, names in ipairs(OF_LOOK_UPS) do
    for _, name in ipairs(names) do
      if a[name] ~= b[name] then
        return false
      end
    end
  end
  return true
end

-- FIPS and dual stack choose among the service's own endpoints: one that is
-- set needs neither. A runtime of the program's has certificates of its own.
local function find_endpoint(complete, facts)
  local problems = facts.problems
  local problem = not complete.runtime and problems.ca_file
    or not complete.endpoint and (problems.use_fips or problems.use_dualstack)
  if problem then
    return nil, problem
  end
  local url, err = endpoint.resolve(complete)
  if err and err.code == "no_region" and facts.file_fault then
    err.message = err.message .. "; " .. facts.file_fault
  elseif err and facts.origins[err.field] then
    err.message = ("%s; it comes from %s"):format(err.message, facts.origins[err.field])
  end
  return url, err
end

--- Makes a client; see `cognito.new`.
-- @tparam table given settings
-- @tparam number level whom to blame for a wrong setting, as in `error`
-- @tparam[opt] table base state of the client that this one is made from
-- @treturn cognito.Client
-- @local
function M.new(given, level, base)
  if type(given) ~= "table" then
    error("cognito.new takes a table of settings, not a " .. type(given), level + 1)
  end
  local complete, facts = settings.complete(given, level + 1)
  complete.runtime = runtimes.of(complete, facts, level + 1)
  complete.headers = complete.headers and tables.copy(complete.headers)
  local url, err = find_endpoint(complete, facts)
  local find, description
  if base and same_caller(base.given, given) then
    find, description = base.credentials, base.describe_credentials
  else
    find, description = credentials_source(complete, facts.sources)
  end
  local client = setmetatable({}, client_mt)
  states[client] = {
    given = given,
    settings = complete,
    facts = facts,
    user_agent = sdk_headers.user_agent(complete.env, {
      app_id = complete.app_id, own_endpoint = complete.endpoint ~= nil,
    }),
    in_lambda = sdk_headers.in_lambda(complete.env),
    compiled = {}, -- what is the same for every request, by the source of its keys
    exchanges = {}, -- idle
    keys = nil, -- the program's own table of them, once a call has been signed with it
    secrets = base and base.given.client_secret == given.client_secret and base.secrets or {}, -- which worked
    endpoint = url,
    endpoint_error = err,
    clock_offset = base and base.clock_offset or 0,
    policy = base and base.policy or retry.new { random = complete.random },
    credentials = find,
    describe_credentials = description,
    runtime = complete.runtime or place.runtime(complete),
  }
  return client
end

--- The transport of a client, for code that needs more of the same.
-- @tparam cognito.Client client
-- @treturn table `runtime`, where the client was given one, and the settings
--   of its connections
-- @local
function M.transport(client)
  local state = state_of(client, "transport", 2)
  local transport = connections.options(state.settings)
  transport.runtime = state.given.runtime and state.settings.runtime
  return transport
end

--- The credentials that a signed call of a client would have.
-- @tparam cognito.Client client
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table fields of an error
-- @local
function M.credentials(client)
  return state_of(client, "credentials", 2).credentials()
end

--- The time by the service's clock, which a client's signed calls are dated by.
-- @tparam cognito.Client client
-- @treturn number epoch seconds
-- @local
function M.time(client)
  return requests.time(state_of(client, "time", 2))
end

--- This machine's time, as a client knows it.
-- @tparam cognito.Client client
-- @treturn number epoch seconds
-- @local
function M.now(client)
  return requests.now(state_of(client, "now", 2))
end

--- The runtime of a client.
-- @tparam cognito.Client client
-- @treturn table runtime
-- @local
function M.runtime(client)
  return state_of(client, "runtime", 2).runtime
end

--- Carries an operation out with a request that bears a certain date. The
-- service takes it for five minutes from then on, however long it is on its way,
-- and however long this process stands still before it is sent.
-- @tparam cognito.Client client
-- @tparam string operation
-- @tparam table params
-- @tparam number date as `time` returns it
-- @return as from the operation's method
-- @local
function M.call_dated(client, operation, params, date)
  return call.run(state_of(client, "call_dated", 2), operation, params, { date = date })
end

--- Carries an operation out; `learn_clock` among the options takes the time by
-- the service's clock from its replies, as signed calls do.
-- @tparam cognito.Client client
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call
-- @return as from the operation's method
-- @local
function M.call(client, operation, params, options)
  return call.run(state_of(client, "call", 2), operation, params, options)
end

--- Whether a client has a secret, whose hash its calls carry.
-- @tparam cognito.Client client
-- @treturn boolean
-- @local
function M.has_secret(client)
  return state_of(client, "has_secret", 2).settings.client_secret ~= nil
end

--- The id of a client's user pool.
-- @tparam cognito.Client client
-- @treturn ?string
-- @local
function M.user_pool_id(client)
  return state_of(client, "user_pool_id", 2).settings.user_pool_id
end

--- The id of a client's app client.
-- @tparam cognito.Client client
-- @treturn ?string
-- @local
function M.client_id(client)
  return state_of(client, "client_id", 2).settings.client_id
end

--- Makes a copy of a client that also calls an observer after every attempt.
-- @tparam cognito.Client client
-- @tparam function observer given what `on_attempt` is given
-- @treturn cognito.Client
-- @local
function M.observed(client, observer)
  local state = state_of(client, "observed", 2)
  local given, of_program = tables.copy(state.given), state.given.on_attempt
  given.on_attempt = function(attempt)
    observer(attempt)
    if of_program then
      of_program(attempt)
    end
  end
  return (M.new(given, 2, state))
end

--- A client like another one on a runtime that was made for it.
-- @tparam cognito.Client client
-- @tparam table runtime
-- @tparam table changes further settings
-- @treturn cognito.Client
-- @local
function M.on(client, runtime, changes)
  local state = state_of(client, "on", 2)
  local given = tables.copy(state.given)
  for _, name in ipairs(connections.names) do
    given[name] = nil
  end
  tables.add(given, changes)
  given.runtime = runtime
  return (M.new(given, 2, state))
end

return M

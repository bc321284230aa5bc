--- What goes into the requests of a call: secrets, credentials, headers.
-- @module cognito.request

local failure = require "cognito.failure"
local headers = require "cognito.headers"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"
local operations = require "cognito.operations"
local sdk_headers = require "cognito.sdk_headers"

local M = {}

local NOTHING = {}

--- An option of a call, or else the client's setting of that name.
-- @tparam table options of the call
-- @tparam table settings of the client
-- @tparam string name
-- @return value
function M.option(options, settings, name)
  if options[name] ~= nil then
    return options[name]
  end
  return settings[name]
end

local function resolve_secret(secret, refused)
  if type(secret) ~= "function" then
    return secret
  end
  local value, err = secret(refused)
  if type(value) == "string" and value ~= "" then
    return value
  elseif type(err) == "table" and err.code == "aborted" then -- while it waited
    return nil, failure.own(err)
  end
  return nil, failure.credentials("the client_secret function returned no string"
    .. (err ~= nil and ": " .. tostring(err) or ""))
end

--- This machine's time, by the clock that the program set.
-- @tparam table state of the client
-- @treturn number epoch seconds
function M.now(state)
  local now = state.settings.now
  if now then
    return now()
  end
  return state.runtime:now()
end

--- The time by the service's clock, as far as a client has learnt how far its
-- own is off: the date of its signed calls.
-- @tparam table state of the client
-- @treturn number epoch seconds
function M.time(state)
  return M.now(state) + state.clock_offset
end

-- The secret and the credentials of an operation, or an error.
local function find_secrets(state, facts, options, record)
  local secret, credentials, err
  if facts.secret then
    secret, err = resolve_secret(M.option(options, state.settings, "client_secret"), record.refused_secret)
  end
  if facts.signed and not err then
    credentials, err = state.credentials(record.refused_credentials)
  end
  return secret, credentials, err
end

--- Writes the request.
-- @tparam table state of the client
-- @param exchange of the core
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call
-- @tparam table record of the call: `refused_secret` and `refused_credentials`
--   are not used again
-- @treturn[1] number the time that it is signed with; 0 where nothing is
-- @treturn[1] ?string the client's secret
-- @treturn[1] ?table credentials
-- @treturn[2] nil
-- @treturn[2] table fields of an error
function M.prepare(state, exchange, operation, params, options, record)
  local facts = operations.facts[operation]
  local problem = state.endpoint_error or facts.signed and state.facts.problems.correct_clock
  if problem then
    return nil, failure.own(problem)
  end
  local secret, credentials, err = find_secrets(state, facts, options, record)
  if err then
    return nil, err
  end
  local time = facts.signed and M.now(state) + state.clock_offset or 0
  local ready
  ready, err = exchange:prepare(operation, params, state.caller, secret, options.secret_hash_username,
    credentials, time)
  if not ready then
    return nil, err
  end
  return time, secret, credentials
end

-- The caller; of a signed request, with the source of its keys.
local function agent_of(state, credentials)
  if not credentials then
    return state.user_agent
  end
  local letters = metrics.of(credentials)
  local agent = state.agents[letters]
  if not agent then
    agent = sdk_headers.signed_with(state.user_agent, letters)
    state.agents[letters] = agent
  end
  return agent
end

-- The program's headers. Returns the set of their names in lower case.
local function add_own_headers(exchange, of_client, of_call)
  if not of_client and not of_call then
    return NOTHING
  end
  local list = {}
  local taken, err = headers.append(list, of_client, of_call)
  if err then
    return nil, err
  end
  for _, header in ipairs(list) do
    exchange:header(header[1], header[2])
  end
  return taken
end

--- Adds the caller, and which attempt of which call this is; headers that the
-- program set stay. None of it is signed.
-- @tparam table state of the client
-- @param exchange of the core, prepared
-- @tparam table options of the call
-- @tparam ?table credentials
-- @tparam[opt] integer attempt from 1
-- @tparam[opt] integer max_attempts
-- @treturn ?table fields of an error
function M.add_headers(state, exchange, options, credentials, attempt, max_attempts)
  local taken, err = add_own_headers(exchange, state.settings.headers, options.headers)
  if not taken then
    return err
  end
  if not taken["user-agent"] then
    exchange:header("User-Agent", agent_of(state, credentials))
  end
  local trace_id = state.in_lambda and not taken["x-amzn-trace-id"] and sdk_headers.trace_id(state.settings.env)
  if trace_id then
    exchange:header("X-Amzn-Trace-Id", trace_id)
  end
  if attempt then
    exchange:attempt(attempt, max_attempts, taken["amz-sdk-invocation-id"], taken["amz-sdk-request"])
  end
  return nil
end

--- Builds the request that a call would send.
-- @tparam table state of the client
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call
-- @treturn[1] table request
-- @treturn[2] nil
-- @treturn[2] table fields of an error
function M.build(state, operation, params, options)
  local exchange = native.exchange()
  local time, problem, credentials = M.prepare(state, exchange, operation, params, options, NOTHING)
  if not time then
    return nil, problem
  end
  local err = M.add_headers(state, exchange, options, credentials)
  if err then
    return nil, err
  end
  local request = exchange:request()
  exchange:clear()
  return request
end

return M

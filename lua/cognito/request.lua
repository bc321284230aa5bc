--- What goes into the requests of a call: secrets, credentials, headers.
-- @module cognito.request

local client_secrets = require "cognito.client_secrets"
local failure = require "cognito.failure"
local headers = require "cognito.headers"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"
local on_request = require "cognito.on_request"
local operations = require "cognito.operations"
local sdk_headers = require "cognito.sdk_headers"

local M = {}

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

-- Two secrets are one at a time; the record notes that there was a choice.
local function choose_secret(state, list, record)
  local chosen = client_secrets.choose(state.secrets, list, record and record.refused_secret)
  if record then
    record.chosen_secret = chosen
  end
  return chosen
end

local SECRET_HINT = "Look at the function client_secret of cognito.new: it returns a string, or nil and the reason"

local function resolve_secret(state, secret, record)
  if type(secret) == "table" then
    return choose_secret(state, secret, record)
  elseif type(secret) ~= "function" then
    return secret
  end
  local value, err = secret(record and record.refused_secret)
  if type(value) == "string" and value ~= "" then
    return value
  elseif client_secrets.is_list(value) then
    return choose_secret(state, value, record)
  elseif type(err) == "table" and err.code == "aborted" then -- while it waited
    return nil, failure.own(err)
  end
  return nil, failure.credentials("the client_secret function returned neither a string nor one or two in a table"
    .. (err ~= nil and ": " .. failure.words(err) or ""), SECRET_HINT)
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

-- ---- what is the same for every request ----

-- The caller; of a signed request, with the source of its keys.
local function agent_of(state, letters)
  return letters and sdk_headers.signed_with(state.user_agent, letters) or state.user_agent
end

-- Compiles it: `caller`, and whether Lambda's trace goes with it; or `problem`,
-- of the program's headers.
local function compile(state, letters, of_call)
  local settings, list = state.settings, {}
  local taken, err = headers.append(list, settings.headers, of_call)
  if err then
    return { problem = err }
  end
  headers.add(list, "User-Agent", agent_of(state, letters), taken)
  return {
    caller = native.caller {
      endpoint = state.endpoint, region = settings.region, client_id = settings.client_id,
      user_pool_id = settings.user_pool_id, analytics_metadata = settings.analytics_metadata, headers = list,
    },
    is_traced = state.in_lambda and not (taken and taken["x-amzn-trace-id"]),
  }
end

-- Compiled once for a client and each source of keys, and for a call that has
-- headers of its own.
local function compiled_for(state, credentials, of_call)
  local letters = credentials and metrics.of(credentials)
  if of_call then
    return compile(state, letters, of_call)
  end
  local compiled = state.compiled[letters or ""]
  if not compiled then
    compiled = compile(state, letters)
    state.compiled[letters or ""] = compiled
  end
  return compiled
end

-- ---- what the program adds ----

-- Asked about a request that can be sent, which is then written and signed
-- again. Returns the seconds that it took, the time that the request is signed
-- with, and what it was compiled of; or nil and an error.
local function ask_program(state, exchange, operation, params, options, record, attempt, max_attempts, secret,
  credentials)
  local facts, begun = operations.facts[operation], state.runtime:clock()
  local added = on_request.headers(state, operation, params, facts, record, attempt)
  local spent = state.runtime:clock() - begun
  local compiled = compiled_for(state, credentials, on_request.merged(options.headers, added))
  local time = facts.signed and (options.date or M.time(state)) or 0
  local ready, err = exchange:prepare(operation, params, compiled.caller, secret, options.secret_hash_username,
    credentials, time, attempt, max_attempts)
  if not ready then
    return nil, err
  end
  return spent, time, compiled
end

-- ---- what is not ----

-- A table of keys is what it is; a function, a provider or the chain may have
-- others by the next attempt.
local function find_credentials(state, record)
  local credentials, err = state.credentials(record and record.refused_credentials)
  if credentials and rawequal(credentials, state.settings.credentials) then
    state.keys = credentials
  end
  return credentials, err
end

-- The secret and the credentials of an operation, or an error; and the seconds
-- that they took.
local function find_secrets(state, facts, options, record)
  local secret = facts.secret and M.option(options, state.settings, "client_secret")
  local credentials = facts.signed and state.keys or nil
  local kind = type(secret)
  if kind ~= "function" and kind ~= "table" and (credentials or not facts.signed) then
    return secret, credentials, nil, 0
  end
  local begun = state.runtime:clock()
  local resolved, err = resolve_secret(state, secret, record)
  if facts.signed and not err then
    credentials, err = find_credentials(state, record)
  end
  return resolved, credentials, err, state.runtime:clock() - begun
end

--- Writes the request: the parameters, who calls, and which attempt of which
-- call this is. Headers that the program set stay, and none of them is signed.
-- @tparam table state of the client
-- @param exchange of the core
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call; `date`, which no program sets: epoch
--   seconds that the request is signed with
-- @tparam ?table record of the call: `refused_secret` and `refused_credentials`
--   are not used again; it is given `chosen_secret`, where there were two
-- @tparam[opt] integer attempt from 1
-- @tparam[opt] integer max_attempts
-- @treturn[1] number the seconds that finding secrets took
-- @treturn[1] number the time that it is signed with; 0 where nothing is
-- @treturn[1] ?string the client's secret
-- @treturn[1] ?table credentials
-- @treturn[2] nil
-- @treturn[2] table fields of an error
function M.prepare(state, exchange, operation, params, options, record, attempt, max_attempts)
  local facts = operations.facts[operation]
  local problem = state.endpoint_error or facts.signed and state.facts.problems.correct_clock
  if problem then
    return nil, failure.own(problem)
  end
  local secret, credentials, err, spent = find_secrets(state, facts, options, record)
  if err then
    return nil, err
  end
  local compiled = compiled_for(state, credentials, options.headers)
  if compiled.problem then
    return nil, failure.own(compiled.problem)
  end
  local time, ready = facts.signed and (options.date or M.time(state)) or 0
  ready, err = exchange:prepare(operation, params, compiled.caller, secret, options.secret_hash_username, credentials,
    time, attempt, max_attempts)
  if not ready then
    return nil, err
  end
  if state.settings.on_request and attempt then
    local asked
    asked, time, compiled = ask_program(state, exchange, operation, params, options, record, attempt, max_attempts,
      secret, credentials)
    if not asked then
      return nil, time
    end
    spent = spent + asked
  end
  local trace_id = compiled.is_traced and sdk_headers.trace_id(state.settings.env)
  if trace_id then
    exchange:header("X-Amzn-Trace-Id", trace_id)
  end
  return spent, time, secret, credentials
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
  local ready, err = M.prepare(state, exchange, operation, params, options)
  if not ready then
    return nil, err
  end
  local request = exchange:request()
  exchange:clear()
  return request
end

return M

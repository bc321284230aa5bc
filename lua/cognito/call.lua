--- One call of an operation: its attempts, from parameters to result.
--
-- Straight-line code that does not know what it waits on: `state.runtime`
-- sends and sleeps. What cannot be sent is refused before the first attempt.
-- @module cognito.call

local clock = require "cognito.clock"
local connections = require "cognito.connections"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local headers = require "cognito.headers"
local metrics = require "cognito.credentials.metrics"
local native = require "cognito.native"
local retry = require "cognito.retry"
local sdk_headers = require "cognito.sdk_headers"
local tables = require "cognito.tables"

local M = {}

-- The service's window is five minutes; a smaller difference is left alone.
local SKEW = 240 -- seconds

-- Twice is as good as once.
local harmless = { read = true, ["repeat"] = true }

local skew_codes = { RequestExpired = true, RequestInTheFuture = true, RequestTimeTooSkewed = true }

-- What the model says of an operation, asked for once.
local facts_of = setmetatable({}, {
  __index = function(known, operation)
    local described = native.describe(operation)
    known[operation] = {
      signed = described.signed,
      secret = described.secret,
      effect = not described.rules[1] and described.effect, -- else the parameters decide
    }
    return known[operation]
  end,
})

local function choose(options, settings, name)
  if options[name] ~= nil then
    return options[name]
  end
  return settings[name]
end

-- A runtime's error, made ours: what it returned stays as it is.
local function own(err)
  if type(err) ~= "table" then
    return failure.network("connection_lost", tostring(err))
  end
  return tables.copy(err)
end

-- ---- what goes into a request ----

local function resolve_secret(secret, refused)
  if type(secret) ~= "function" then
    return secret
  end
  local value, err = secret(refused)
  if type(value) == "string" and value ~= "" then
    return value
  elseif type(err) == "table" and err.code == "aborted" then -- while it waited
    return nil, own(err)
  end
  return nil, failure.credentials("the client_secret function returned no string"
    .. (err ~= nil and ": " .. tostring(err) or ""))
end

local function seconds_now(state)
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
  return seconds_now(state) + state.clock_offset
end

-- Seconds on a clock that only goes forward, where the runtime has one.
local function clock_of(state)
  return state.runtime:clock()
end

-- A context that no other call is using. The client has one to spare, which
-- goes back after each use: code that comes in between, a finalizer or a hook,
-- finds none and makes another.
local function take_context(state)
  local context, settings = state.spare_context, state.settings
  state.spare_context = nil
  return context or {
    endpoint = state.endpoint,
    region = settings.region,
    client_id = settings.client_id,
    user_pool_id = settings.user_pool_id,
    analytics_metadata = settings.analytics_metadata,
  }
end

-- The secret and the credentials of an operation, or an error.
local function find_secrets(state, facts, options, call)
  local secret, credentials, err
  if facts.secret then
    secret, err = resolve_secret(choose(options, state.settings, "client_secret"), call.refused_secret)
  end
  if facts.signed and not err then
    credentials, err = state.credentials(call.refused_credentials)
  end
  return secret, credentials, err
end

local no_call = {}

-- The plain values that build works with. The time that finding secrets takes
-- is not the call's: a person may have been asked for the code of a device.
local function fill_context(state, operation, options, call)
  local facts = facts_of[operation]
  local begun = call and clock_of(state)
  local secret, credentials, err = find_secrets(state, facts, options, call or no_call)
  if err then
    return nil, err
  end
  local time = facts.signed and M.time(state) or nil
  if call then
    call.secret, call.credentials, call.time = secret, credentials, time
    call.deadline = call.deadline + (clock_of(state) - begun)
  end
  local context = take_context(state)
  context.client_secret, context.secret_hash_username = secret, options.secret_hash_username
  context.credentials, context.time = credentials, time
  return context
end

-- The caller, and which attempt of which call this is; headers that the program
-- set stay. None of it is signed.
local function add_headers(request, state, options, call, credentials)
  local list = request.headers
  local taken, err = headers.append(list, state.settings.headers, options.headers)
  if err then
    return nil, err
  end
  local agent = state.user_agent
  agent = credentials and sdk_headers.signed_with(agent, metrics.of(credentials)) or agent
  headers.add(list, "User-Agent", agent, taken)
  headers.add(list, "X-Amzn-Trace-Id", sdk_headers.trace_id(state.settings.env), taken)
  if call then
    headers.add(list, "amz-sdk-invocation-id", call.id, taken)
    headers.add(list, "amz-sdk-request", "attempt=" .. call.attempts + 1 .. "; max=" .. call.max_attempts, taken)
  end
  return request
end

--- Builds the request of one attempt.
-- @tparam table state of the client
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call
-- @tparam[opt] table call that the attempt belongs to: `id`, `attempts` made
--   so far, `max_attempts`, `refused_secret` and `refused_credentials` (by the
--   service); it gets `secret`, `credentials` and `time` of the request
-- @treturn[1] table request
-- @treturn[2] nil
-- @treturn[2] table fields of an error
function M.build(state, operation, params, options, call)
  local problem = state.endpoint_error or facts_of[operation].signed and state.facts.problems.correct_clock
  if problem then
    return nil, own(problem)
  end
  local context, err = fill_context(state, operation, options, call)
  if not context then
    return nil, err
  end
  local request
  request, err = native.build(operation, params, context)
  state.spare_context = context
  if not request then
    return nil, err
  end
  return add_headers(request, state, options, call, context.credentials)
end

-- ---- what comes back ----

-- Learns how far this machine's clock is off. Dates that a cache stored say
-- nothing about now. Returns whether the request's own date was wrong: other
-- calls may have corrected the client's clock since it was signed.
local function learn_clock(call, reply_headers)
  local state = call.state
  local date = not reply_headers.age and clock.parse_http_date(reply_headers.date)
  if not date or not state.settings.correct_clock then
    return false
  end
  local offset = date - seconds_now(state)
  if math.abs(offset) < SKEW then
    offset = 0
  end
  if math.abs(offset - state.clock_offset) >= SKEW then
    state.clock_offset = offset
  end
  return math.abs(date - call.time) >= SKEW
end

local function send(call, request)
  local state = call.state
  local left = math.max(call.deadline - clock_of(state), 0.001)
  local timeout = math.min(call.options.attempt_timeout or state.settings.attempt_timeout, left)
  return state.runtime:send(request, {
    timeout = timeout,
    connect_timeout = math.min(state.settings.connect_timeout, timeout),
    max_idle = not harmless[call.effect] and connections.MAX_IDLE or nil,
    timings = state.settings.timings,
  })
end

-- One attempt. Returns result, error fields, meta, response.
local function attempt(call, request)
  local response, err = send(call, request)
  if not response then
    err = own(err)
    return nil, err, { timings = err.timings }, nil
  end
  local result, meta
  result, err, meta = native.parse(call.operation, response)
  meta.timings = response.timings
  return result, err, meta, response
end

-- A table of keys is what it is; a function, a provider or the chain may have
-- others by now.
local function fixed_credentials(given)
  return type(given) == "table" and rawget(given, "access_key_id") ~= nil
end

-- The faults that a second attempt with fresh input may mend: each once.
local function wants_fresh_input(call, err, skewed)
  local what
  if skewed and (skew_codes[err.code] or errors.reason(err) == "clock_skew") then
    what = "clock"
  elseif err.code == "ExpiredTokenException" and not fixed_credentials(call.state.settings.credentials) then
    what = "token"
    call.refused_credentials = call.credentials
  elseif errors.reason(err) == "secret_hash"
    and type(choose(call.options, call.state.settings, "client_secret")) == "function" then
    what = "secret"
    call.refused_secret = call.secret
  end
  local refreshed = call.refreshed or {}
  if not what or refreshed[what] then
    return false
  end
  refreshed[what] = true
  call.refreshed = refreshed
  return true
end

-- Seconds to wait before the next attempt, or nil: it is over.
local function next_delay(call, err, response, skewed)
  local max_attempts = call.max_attempts
  if wants_fresh_input(call, err, skewed) and call.attempts < max_attempts then
    return 0
  end
  local delay, _, cost = call.state.policy:next(err, {
    attempt = call.attempts,
    max_attempts = max_attempts,
    effect = call.effect,
    retry_ambiguous = choose(call.options, call.state.settings, "retry_ambiguous"),
    headers = response and response.headers,
  })
  if not delay or clock_of(call.state) + delay >= call.deadline then
    return nil
  end
  call.cost = cost
  return delay
end

-- Observers must not break a call that may have sent a message.
local function tell(call, err, meta, delay)
  local observer = call.state.settings.on_attempt
  if not observer then
    return
  end
  local ok, message = pcall(observer, {
    operation = call.operation,
    attempt = call.attempts,
    status = meta.status,
    code = err and err.code,
    request_id = meta.request_id,
    delay = delay,
    elapsed = clock_of(call.state) - call.begun,
    timings = meta.timings,
  })
  if not ok then
    call.hook_error = tostring(message)
  end
end

local function finish(call, err, meta)
  meta = meta or {}
  meta.operation = call.operation
  meta.attempts = call.attempts
  meta.elapsed = clock_of(call.state) - call.begun
  meta.hook_error = call.hook_error
  if not err then
    call.state.policy:succeeded(call.cost)
    return meta
  end
  local outcome = retry.outcome(err)
  err.operation = call.operation
  err.attempts = call.attempts
  err.ambiguous = call.ambiguous or false
  err.retryable = outcome ~= "answered" and (harmless[call.effect] or not call.ambiguous)
  err.sent, err.timings = nil, nil
  return meta, errors.new(err)
end

local function run(call)
  while true do
    local request, err = M.build(call.state, call.operation, call.params, call.options, call)
    if not request then
      return nil, err
    end
    call.attempts = call.attempts + 1
    local result, meta, response
    result, err, meta, response = attempt(call, request)
    if result then
      tell(call, nil, meta)
      return result, nil, meta
    end
    local skewed = response and facts_of[call.operation].signed and learn_clock(call, response.headers or {})
    if retry.outcome(err) == "unknown" then
      call.ambiguous = true
    end
    local delay = next_delay(call, err, response, skewed)
    tell(call, err, meta, delay)
    if not delay then
      return nil, err, meta
    end
    local refusal = delay > 0 and select(2, call.state.runtime:sleep(delay))
    if refusal then
      return nil, own(refusal), meta
    end
  end
end

local function carry_out(state, operation, params, options, refusal)
  local begun = clock_of(state)
  local call = {
    state = state,
    operation = operation,
    params = params,
    options = options,
    effect = facts_of[operation].effect or native.effect(operation, params),
    id = sdk_headers.invocation_id(),
    attempts = 0,
    max_attempts = options.max_attempts or state.settings.max_attempts,
    begun = begun,
    deadline = begun + (options.timeout or state.settings.timeout),
  }
  local result, err, meta
  if refusal then
    err = own(refusal)
  else
    result, err, meta = run(call)
  end
  meta, err = finish(call, err, meta)
  return result, err, meta
end

-- Lua 5.1 cannot suspend within pcall. There a call that raises gives back
-- what it took when its task ends.
local protected = pcall
if _VERSION == "Lua 5.1" and not rawget(_G, "jit") then
  protected = function(f, ...) return true, f(...) end
end

-- A function of the program's may have raised: a secret, a provider of keys.
local function release(runtime, ok, ...)
  runtime:release()
  if not ok then
    error((...), 0)
  end
  return ...
end

--- Carries out an operation.
-- @tparam table state of the client
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call
-- @treturn[1] table result
-- @treturn[1] nil
-- @treturn[1] table meta `{ operation, status, request_id, attempts, elapsed }`
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @treturn[2] table meta
function M.run(state, operation, params, options)
  local runtime = state.runtime
  local admitted, refusal = nil, not options.max_attempts and state.facts.problems.max_attempts
  if not refusal then
    admitted, refusal = runtime:admit(state.endpoint)
  end
  if refusal or admitted == false then
    return carry_out(state, operation, params, options, refusal)
  end
  return release(runtime, protected(carry_out, state, operation, params, options))
end

return M

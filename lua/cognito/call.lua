--- One call of an operation: its attempts, from parameters to result.
--
-- Straight-line code that does not know what it waits on: `state.runtime`
-- sends and sleeps. What cannot be sent is refused before the first attempt.
-- @module cognito.call

local clock = require "cognito.clock"
local errors = require "cognito.errors"
local headers = require "cognito.headers"
local native = require "cognito.native"
local retry = require "cognito.retry"
local sdk_headers = require "cognito.sdk_headers"

local M = {}

-- A repeated request on a connection that the other side is about to close
-- is the commonest way of not knowing what happened: what must not be
-- repeated uses only connections that were busy a moment ago.
local MAX_IDLE = 5 -- seconds

-- The service's window is five minutes; a smaller difference is left alone.
local SKEW = 240 -- seconds

local skew_codes = { RequestExpired = true, RequestInTheFuture = true, RequestTimeTooSkewed = true }

-- What the model says of an operation, asked for once.
local facts_of = setmetatable({}, {
  __index = function(known, operation)
    local described = native.describe(operation)
    known[operation] = { signed = described.signed, secret = described.secret }
    return known[operation]
  end,
})

local function choose(options, settings, name)
  if options[name] ~= nil then
    return options[name]
  end
  return settings[name]
end

local function failure(code, kind, message)
  return { code = code, kind = kind, message = message }
end

-- ---- what goes into a request ----

local function resolve_secret(secret, refused)
  if type(secret) ~= "function" then
    return secret
  end
  local value, err = secret(refused)
  if type(value) == "string" and value ~= "" then
    return value
  end
  return nil, failure("no_credentials", "credentials", "the client_secret function returned no string"
    .. (err ~= nil and ": " .. tostring(err) or ""))
end

local function seconds_now(state)
  local settings, runtime = state.settings, state.runtime
  if settings.now then
    return settings.now()
  end
  return runtime.now and runtime:now() or os.time()
end

-- The plain values that build works with; functions are asked here, because
-- what they do may wait.
local function make_context(call)
  local state, options = call.state, call.options
  local settings = state.settings
  local context = {
    endpoint = state.endpoint,
    region = settings.region,
    client_id = settings.client_id,
    user_pool_id = settings.user_pool_id,
    analytics_metadata = settings.analytics_metadata,
    secret_hash_username = options.secret_hash_username,
  }
  if call.facts.secret then
    local err
    context.client_secret, err = resolve_secret(choose(options, settings, "client_secret"), call.secret_refused)
    if err then
      return nil, err
    end
  end
  if call.facts.signed then
    local err
    context.credentials, err = state.credentials()
    if err then
      return nil, err
    end
    context.time = seconds_now(state) + state.clock_offset
  end
  return context
end

local function add(list, name, value, taken)
  if value and not taken[name:lower()] then
    list[#list + 1] = { name, value }
  end
end

-- Who calls, and which attempt of which call this is; what the program set
-- itself stays. None of it is signed.
local function add_headers(request, state, options, attempt)
  local list, first = request.headers, #request.headers + 1
  local added, err = headers.append(list, state.settings.headers)
  if added then
    added, err = headers.append(list, options.headers)
  end
  if not added then
    return nil, err
  end
  local taken = {}
  for i = first, #list do
    taken[list[i][1]:lower()] = true
  end
  add(list, "User-Agent", state.user_agent, taken)
  add(list, "X-Amzn-Trace-Id", sdk_headers.trace_id(state.settings.env), taken)
  if attempt then
    add(list, "amz-sdk-invocation-id", attempt.id, taken)
    add(list, "amz-sdk-request", ("attempt=%d; max=%d"):format(attempt.number, attempt.max), taken)
  end
  return request
end

--- Builds the request of one attempt.
-- @tparam table state of the client
-- @tparam string operation
-- @tparam table params
-- @tparam table options of the call
-- @tparam[opt] boolean secret_refused the service refused the last secret
-- @tparam[opt] table attempt `{ id, number, max }`
-- @treturn[1] table request
-- @treturn[2] nil
-- @treturn[2] table fields of an error
function M.build(state, operation, params, options, secret_refused, attempt)
  if not state.endpoint then
    local err = state.endpoint_error
    return nil, { code = err.code, kind = err.kind, message = err.message, field = err.field }
  end
  local context, err = make_context {
    state = state, options = options, facts = facts_of[operation], secret_refused = secret_refused,
  }
  if not context then
    return nil, err
  end
  local request
  request, err = native.build(operation, params, context)
  if not request then
    return nil, err
  end
  return add_headers(request, state, options, attempt)
end

-- ---- what comes back ----

-- Learns how far this machine's clock is off. Dates that a cache stored say
-- nothing about now.
local function learn_clock(state, reply_headers)
  if not state.settings.correct_clock then
    return false
  end
  local date = not reply_headers.age and clock.parse_http_date(reply_headers.date)
  if not date then
    return false
  end
  local offset = date - seconds_now(state)
  if math.abs(offset) < SKEW then
    offset = 0
  end
  local changed = math.abs(offset - state.clock_offset) >= SKEW
  if changed then
    state.clock_offset = offset
  end
  return changed
end

-- A runtime's error, made ours: what it returned stays as it is.
local function own(err)
  if type(err) ~= "table" then
    return failure("connection_lost", "network", tostring(err))
  end
  local copy = {}
  for name, value in pairs(err) do
    copy[name] = value
  end
  return copy
end

local function send(call, request)
  local state = call.state
  local left = math.max(call.deadline - call.clock(), 0.001)
  local timeout = math.min(choose(call.options, state.settings, "timeout"), left)
  return state.runtime:send(request, {
    timeout = timeout,
    connect_timeout = math.min(state.settings.connect_timeout, timeout),
    max_idle = not call.harmless and MAX_IDLE or nil,
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

-- The faults that a second attempt with fresh input may mend: each once.
local function wants_fresh_input(call, err, skewed)
  local what
  if skewed and (skew_codes[err.code] or errors.reason(err) == "clock_skew") then
    what = "clock"
  elseif err.code == "ExpiredTokenException" and type(call.state.settings.credentials) == "function" then
    what = "token"
  elseif errors.reason(err) == "secret_hash"
    and type(choose(call.options, call.state.settings, "client_secret")) == "function" then
    what = "secret"
    call.secret_refused = true
  end
  if not what or call.refreshed[what] then
    return false
  end
  call.refreshed[what] = true
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
  if not delay or call.clock() + delay >= call.deadline then
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
    elapsed = call.clock() - call.begun,
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
  meta.elapsed = call.clock() - call.begun
  meta.hook_error = call.hook_error
  if not err then
    call.state.policy:succeeded(call.cost)
    return meta
  end
  local outcome = retry.outcome(err)
  err.operation = call.operation
  err.attempts = call.attempts
  err.ambiguous = call.ambiguous
  err.retryable = outcome ~= "answered" and (call.harmless or not call.ambiguous)
  err.sent, err.timings = nil, nil
  return meta, errors.new(err)
end

local function run(call)
  while true do
    local request, err = M.build(call.state, call.operation, call.params, call.options, call.secret_refused,
      { id = call.id, number = call.attempts + 1, max = call.max_attempts })
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
    local skewed = response and call.facts.signed and learn_clock(call.state, response.headers or {})
    if retry.outcome(err) == "unknown" then
      call.ambiguous = true
    end
    local delay = next_delay(call, err, response, skewed)
    tell(call, err, meta, delay)
    if not delay then
      return nil, err, meta
    end
    if delay > 0 then
      call.state.runtime:sleep(delay)
    end
  end
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
  local function time()
    return runtime.clock and runtime:clock() or seconds_now(state)
  end
  local effect = native.effect(operation, params)
  local call = {
    state = state,
    operation = operation,
    params = params,
    options = options,
    facts = facts_of[operation],
    effect = effect,
    harmless = effect == "read" or effect == "repeat", -- twice is as good as once
    id = sdk_headers.invocation_id(),
    max_attempts = choose(options, state.settings, "max_attempts"),
    attempts = 0,
    ambiguous = false,
    refreshed = {},
    clock = time,
    begun = time(),
  }
  call.deadline = call.begun + choose(options, state.settings, "deadline")
  local result, err, meta = run(call)
  meta, err = finish(call, err, meta)
  return result, err, meta
end

return M

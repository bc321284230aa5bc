--- One call of an operation: its attempts, from parameters to result.
--
-- Straight-line code that does not know what it waits on: `state.runtime`
-- sends and sleeps. What cannot be sent is refused before the first attempt.
-- `cognito.request` writes the requests.
-- @module cognito.call

local carriers = require "cognito.runtime.carriers"
local clock = require "cognito.clock"
local connections = require "cognito.connections"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local native = require "cognito.native"
local operations = require "cognito.operations"
local request = require "cognito.request"
local retry = require "cognito.retry"

local M = {}

local max, min, remove = math.max, math.min, table.remove
local choose, facts_of, own = request.option, operations.facts, failure.own

local MOST_IDLE = 64 -- exchanges that a client keeps

-- The service's window is five minutes; a smaller difference is left alone.
local SKEW = 240 -- seconds

-- Twice is as good as once.
local harmless = { read = true, ["repeat"] = true }

local skew_codes = { RequestExpired = true, RequestInTheFuture = true, RequestTimeTooSkewed = true }

-- ---- what comes back ----

-- Learns how far this machine's clock is off. Dates that a cache stored say
-- nothing about now. Returns whether the request's own date was wrong: other
-- calls may have corrected the client's clock since it was signed.
local function learn_clock(state, time, reply_headers)
  local date = not reply_headers.age and clock.parse_http_date(reply_headers.date)
  if not date or not state.settings.correct_clock then
    return false
  end
  local offset = date - request.now(state)
  if math.abs(offset) < SKEW then
    offset = 0
  end
  if math.abs(offset - state.clock_offset) >= SKEW then
    state.clock_offset = offset
  end
  return math.abs(date - time) >= SKEW
end

-- For a runtime that takes requests and gives responses as tables.
local function carry_tables(runtime, exchange, timeout, connect_timeout, max_idle, timings)
  local response, err = runtime:send(exchange:request(), {
    timeout = timeout, connect_timeout = connect_timeout, max_idle = max_idle, timings = timings,
  })
  if not response then
    return nil, err
  end
  exchange:respond(response)
  return true
end

-- One attempt. Returns result, error fields, meta, and whether there was an
-- answer.
local function attempt(state, exchange, effect, options, left)
  local settings, runtime = state.settings, state.runtime
  local timeout = min(options.attempt_timeout or settings.attempt_timeout, max(left, 0.001))
  local carry = carriers[runtime.send] or carry_tables
  local carried, err = carry(runtime, exchange, timeout, min(settings.connect_timeout, timeout),
    not harmless[effect] and connections.MAX_IDLE or nil, settings.timings)
  if not carried then
    err = own(err)
    return nil, err, { timings = err.timings }, false
  end
  local result, meta
  result, err, meta = exchange:parse()
  return result, err, meta, true
end

-- A table of keys is what it is; a function, a provider or the chain may have
-- others by now.
local function fixed_credentials(given)
  return type(given) == "table" and rawget(given, "access_key_id") ~= nil
end

-- The faults that a second attempt with fresh input may mend: each once.
local function wants_fresh_input(state, options, record, err, skewed, secret, credentials)
  local what
  if skewed and (skew_codes[err.code] or errors.reason(err) == "clock_skew") then
    what = "clock"
  elseif err.code == "ExpiredTokenException" and not fixed_credentials(state.settings.credentials) then
    what = "token"
    record.refused_credentials = credentials
  elseif errors.reason(err) == "secret_hash"
    and type(choose(options, state.settings, "client_secret")) == "function" then
    what = "secret"
    record.refused_secret = secret
  end
  local refreshed = record.refreshed or {}
  if not what or refreshed[what] then
    return false
  end
  refreshed[what] = true
  record.refreshed = refreshed
  return true
end

-- Seconds to wait before the next attempt, or nil: it is over.
local function next_delay(state, options, record, err, reply_headers)
  local delay, _, cost = state.policy:next(err, {
    attempt = record.attempts,
    max_attempts = record.max_attempts,
    effect = record.effect,
    retry_ambiguous = choose(options, state.settings, "retry_ambiguous"),
    headers = reply_headers,
  })
  if not delay or state.runtime:clock() + delay >= record.deadline then
    return nil
  end
  record.cost = cost
  return delay
end

-- Observers must not break a call that may have sent a message.
local function tell(state, record, err, meta, delay)
  local observer = state.settings.on_attempt
  if not observer then
    return
  end
  local ok, message = pcall(observer, {
    operation = record.operation,
    attempt = record.attempts,
    status = meta.status,
    code = err and err.code,
    request_id = meta.request_id,
    delay = delay,
    elapsed = state.runtime:clock() - record.begun,
    timings = meta.timings,
  })
  if not ok then
    record.hook_error = tostring(message)
  end
end

local function finish(state, record, err, meta)
  meta.operation = record.operation
  meta.attempts = record.attempts
  meta.elapsed = state.runtime:clock() - record.begun
  meta.hook_error = record.hook_error
  if not err then
    state.policy:succeeded(record.cost)
    return meta
  end
  local outcome = retry.outcome(err)
  err.operation = record.operation
  err.attempts = record.attempts
  err.ambiguous = record.ambiguous or false
  err.retryable = outcome ~= "answered" and (harmless[record.effect] or not record.ambiguous)
  err.sent, err.timings = nil, nil
  return meta, errors.new(err)
end

-- What follows a failed attempt: seconds to wait before the next one, or nil.
local function judge(state, options, record, err, answered, exchange, time, secret, credentials)
  local reply_headers = answered and exchange:headers() or nil
  exchange:clear()
  local skewed = answered and facts_of[record.operation].signed and learn_clock(state, time, reply_headers)
  if retry.outcome(err) == "unknown" then
    record.ambiguous = true
  end
  if wants_fresh_input(state, options, record, err, skewed, secret, credentials)
    and record.attempts < record.max_attempts then
    return 0
  end
  return next_delay(state, options, record, err, reply_headers)
end

-- All attempts. The time that finding secrets takes is not the call's: a person
-- may have been asked for the code of a device.
local function run(state, exchange, params, options, record)
  local runtime = state.runtime
  while true do
    local before = runtime:clock()
    local time, secret, credentials = request.prepare(state, exchange, record.operation, params, options, record)
    if not time then
      return nil, secret, {}
    end
    local err = request.add_headers(state, exchange, options, credentials, record.attempts + 1, record.max_attempts)
    if err then
      return nil, err, {}
    end
    record.attempts = record.attempts + 1
    local now = runtime:clock()
    record.deadline = record.deadline + (now - before)
    local result, meta, answered
    result, err, meta, answered = attempt(state, exchange, record.effect, options, record.deadline - now)
    if result then
      tell(state, record, nil, meta)
      return result, nil, meta
    end
    local delay = judge(state, options, record, err, answered, exchange, time, secret, credentials)
    tell(state, record, err, meta, delay)
    if not delay then
      return nil, err, meta
    end
    local refusal = delay > 0 and select(2, runtime:sleep(delay))
    if refusal then
      return nil, own(refusal), meta
    end
  end
end

-- The client keeps some exchanges for later calls. A call that raises leaves
-- its own to the collector. table.remove takes one in a single step: neither a
-- finalizer nor a hook can take the same one in between.
local function give_back(state, exchange)
  local idle = state.exchanges
  if #idle < MOST_IDLE then
    exchange:clear()
    idle[#idle + 1] = exchange
  end
end

local function carry_out(state, operation, params, options, refusal)
  local settings, begun = state.settings, state.runtime:clock()
  local record = {
    operation = operation,
    effect = facts_of[operation].effect or native.effect(operation, params),
    attempts = 0,
    max_attempts = options.max_attempts or settings.max_attempts,
    begun = begun,
    deadline = begun + (options.timeout or settings.timeout),
  }
  local result, err, meta
  if refusal then
    err, meta = own(refusal), {}
  else
    local exchange = remove(state.exchanges) or native.exchange()
    result, err, meta = run(state, exchange, params, options, record)
    give_back(state, exchange)
  end
  meta, err = finish(state, record, err, meta)
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

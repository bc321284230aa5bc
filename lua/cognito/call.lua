--- One call of an operation: its attempts, from parameters to result.
--
-- Straight-line code that does not know what it waits on: `state.runtime`
-- sends and sleeps. What cannot be sent is refused before the first attempt.
-- `cognito.request` writes the requests.
-- @module cognito.call

local carriers = require "cognito.runtime.carriers"
local client_secrets = require "cognito.client_secrets"
local clock = require "cognito.clock"
local connections = require "cognito.connections"
local dialect = require "cognito.dialect"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local native = require "cognito.native"
local operations = require "cognito.operations"
local request = require "cognito.request"
local retry = require "cognito.retry"

local M = {}

local remove = table.remove
local choose, facts_of, own = request.option, operations.facts, failure.own

local MOST_IDLE = 64 -- exchanges that a client keeps

-- The service's window is five minutes; a smaller difference is left alone.
local SKEW = 240 -- seconds

-- Requests bear a date of the years 1970 to 9999. A client that believed another
-- one, or one about to end those years, could sign nothing any more.
local FIRST_DATE, LAST_DATE = 86400, 253370764799 -- epoch seconds: 2 January 1970, the end of 9998

local SHORTEST = 0.001 -- seconds for an attempt whose call has none left

-- Twice is as good as once.
local harmless = { read = true, ["repeat"] = true }

local skew_codes = { RequestExpired = true, RequestInTheFuture = true, RequestTimeTooSkewed = true }

-- ---- one attempt ----

-- Learns how far this machine's clock is off. Dates that a cache stored say
-- nothing about now, nor do dates that no request can bear. Returns whether the request's own date was wrong: other
-- calls may have corrected the client's clock since it was signed.
local function learn_clock(state, time, reply_headers)
  local date = not reply_headers.age and clock.parse_http_date(reply_headers.date)
  if not date or date < FIRST_DATE or date > LAST_DATE or not state.settings.correct_clock then
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

-- Within so many seconds. Returns result, error fields, meta, and whether there
-- was an answer.
local function attempt(state, exchange, effect, options, left)
  local settings, runtime = state.settings, state.runtime
  local timeout, connect_timeout = options.attempt_timeout or settings.attempt_timeout, settings.connect_timeout
  timeout = left < timeout and left or timeout
  timeout = timeout > SHORTEST and timeout or SHORTEST
  connect_timeout = timeout < connect_timeout and timeout or connect_timeout
  local carry = carriers[runtime.send] or carry_tables
  local carried, err = carry(runtime, exchange, timeout, connect_timeout,
    not harmless[effect] and connections.MAX_IDLE or nil, settings.timings)
  if not carried then
    err = own(err)
    return nil, err, { timings = err.timings }, false
  end
  local reply_headers = options.learn_clock and exchange:headers()
  local result, meta
  result, err, meta = exchange:parse()
  if result and reply_headers then
    learn_clock(state, 0, reply_headers)
  end
  return result, err, meta, true
end

-- ---- what follows a failed one ----

-- The faults that a second attempt with fresh input may mend: each once. A
-- refused secret costs no attempt: where one alone is allowed, as in bulk jobs,
-- no call would ever find out that the other one works.
local function wants_fresh_input(state, options, record, err, skewed, secret, credentials)
  local what
  if skewed and (skew_codes[err.code] or errors.reason(err) == "clock_skew") then
    what = "clock"
  elseif err.code == "ExpiredTokenException" and not state.keys then
    what = "token"
  elseif client_secrets.is_refusal(err) and client_secrets.has_another(facts_of[record.operation], record.params,
    state.settings.client_id, choose(options, state.settings, "client_secret"), secret) then
    what = "secret"
  end
  local refreshed = record.refreshed or {}
  if not what or refreshed[what] then
    return false
  end
  refreshed[what] = true
  record.refreshed = refreshed
  if what == "token" then
    record.refused_credentials = credentials
  elseif what == "secret" then
    record.refused_secret = secret
    record.max_attempts = record.max_attempts + 1
  end
  return record.attempts < record.max_attempts
end

-- A strategy of the program's own says when to try again what the rules allow.
-- One that fails, or says nothing of use, ends the call.
local function ask_strategy(state, record, err, facts)
  local strategy = state.settings.retry
  if not retry.allows(err, facts) then
    return nil
  end
  local ok, delay = pcall(strategy.delay, strategy, {
    operation = record.operation, attempt = facts.attempt, max_attempts = facts.max_attempts, effect = record.effect,
    code = err.code, kind = err.kind, reason = errors.reason(err), status = err.status, outcome = retry.outcome(err),
    hint = retry.hint(facts.headers), elapsed = state.runtime:clock() - record.begun,
  })
  if ok and (not delay or type(delay) == "number" and delay >= 0 and delay < math.huge) then
    return delay
  end
  record.hook_error = ok and "retry: delay returned no number of seconds" or failure.words(delay)
  return nil
end

-- Seconds to wait before the next attempt, or nil: it is over.
local function next_delay(state, options, record, err, reply_headers)
  local facts = {
    attempt = record.attempts,
    max_attempts = record.max_attempts,
    effect = record.effect,
    retry_ambiguous = choose(options, state.settings, "retry_ambiguous"),
    headers = reply_headers,
  }
  local delay, cost, _
  if state.settings.retry then
    delay = ask_strategy(state, record, err, facts)
  else
    delay, _, cost = state.policy:next(err, facts)
  end
  if not delay or state.runtime:clock() + delay >= record.deadline then
    return nil
  end
  record.cost = cost
  return delay
end

-- The delay after a failed attempt: seconds to wait before the next one, or nil.
local function judge(state, options, record, err, answered, exchange, time, secret, credentials)
  local reply_headers = answered and exchange:headers() or nil
  exchange:clear()
  local skewed = answered and facts_of[record.operation].signed and learn_clock(state, time, reply_headers)
  if retry.outcome(err) == "unknown" then
    record.ambiguous = true
  end
  if wants_fresh_input(state, options, record, err, skewed, secret, credentials) then
    return 0
  end
  return next_delay(state, options, record, err, reply_headers)
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
    kind = err and err.kind,
    request_id = meta.request_id,
    delay = delay,
    elapsed = state.runtime:clock() - record.begun,
    timings = meta.timings,
    call = record.call,
  })
  if not ok then
    record.hook_error = failure.words(message)
  end
end

-- The error that ends the call, as its caller gets it.
local function conclude(err, operation, effect, attempts, ambiguous)
  local outcome = retry.outcome(err)
  err.operation, err.attempts, err.ambiguous = operation, attempts, ambiguous or false
  err.retryable = outcome ~= "answered" and (harmless[effect] or not ambiguous)
  err.sent, err.timings = nil, nil
  return errors.new(err)
end

-- ---- all attempts ----

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

local function new_record(operation, params, effect, most, begun)
  return { operation = operation, params = params, effect = effect, max_attempts = most, begun = begun }
end

-- The time that finding secrets takes is not the call's: a person may have been
-- asked for the code of a device. Most calls succeed at once and make no record.
-- Returns result, error fields, meta, the number of attempts, and the record.
local function run(state, exchange, operation, params, options, effect, begun)
  local settings, runtime = state.settings, state.runtime
  local now, deadline = begun, begun + (options.timeout or settings.timeout)
  local attempts, most, record = 0, options.max_attempts or settings.max_attempts, nil
  if settings.on_request then
    record = new_record(operation, params, effect, most, begun)
  end
  while true do
    local spent, time, secret, credentials = request.prepare(state, exchange, operation, params, options, record,
      attempts + 1, most)
    if not spent then
      return nil, time, {}, attempts, record
    end
    attempts, now, deadline = attempts + 1, now + spent, deadline + spent
    local result, err, meta, answered = attempt(state, exchange, effect, options, deadline - now)
    if result and not settings.on_attempt then
      return result, nil, meta, attempts, record
    end
    record = record or new_record(operation, params, effect, most, begun)
    record.attempts, record.deadline = attempts, deadline
    local delay = err and judge(state, options, record, err, answered, exchange, time, secret, credentials)
    most = record.max_attempts
    tell(state, record, err, meta, delay)
    if not delay then
      return result, err, meta, attempts, record
    end
    local refusal = delay > 0 and select(2, runtime:sleep(delay))
    if refusal then
      return nil, own(refusal), meta, attempts, record
    end
    now = runtime:clock()
    if now >= deadline then -- the answer was late, or the process stood still
      return nil, err, meta, attempts, record
    end
  end
end

local BOTH_REFUSED = "The service takes neither of the two secrets in client_secret: list_user_pool_client_secrets"
  .. " tells how many the app client has, and when each was added"

-- Of two secrets, the one that worked after the other was refused serves the
-- client's next calls. A success alone proves it.
local function learn_secret(state, record, result, err)
  if not record.refused_secret or not record.chosen_secret then
    return
  elseif result then
    state.secrets.worked = record.chosen_secret
  elseif record.chosen_secret ~= record.refused_secret and client_secrets.is_refusal(err) then
    err.hint = BOTH_REFUSED
  end
end

local function carry_out(state, operation, params, options)
  local runtime = state.runtime
  local effect = facts_of[operation].effect or native.effect(operation, params)
  local begun, exchange = runtime:clock(), remove(state.exchanges) or native.exchange()
  local result, err, meta, attempts, record = run(state, exchange, operation, params, options, effect, begun)
  give_back(state, exchange)
  meta.operation, meta.attempts, meta.elapsed = operation, attempts, runtime:clock() - begun
  if record then
    meta.hook_error = record.hook_error
    learn_secret(state, record, result, err)
  end
  if result then
    state.policy:succeeded(record and record.cost)
    return result, nil, meta
  end
  return nil, conclude(err, operation, effect, attempts, record and record.ambiguous), meta
end

-- A call that the runtime, or a setting, does not let begin: it has no effect.
local function refuse(operation, refusal)
  return nil, conclude(own(refusal), operation, nil, 0), { operation = operation, attempts = 0, elapsed = 0 }
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
  if refusal then
    return refuse(operation, refusal)
  elseif admitted == false then
    return carry_out(state, operation, params, options)
  end
  -- In Lua 5.1 a call that raises gives back what it took when its task ends.
  return release(runtime, dialect.pcall(carry_out, state, operation, params, options))
end

return M

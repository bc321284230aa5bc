--- Whether to try again, and when.
--
-- The standard mode of the AWS SDKs as of 2026 (three attempts, full jitter,
-- a token bucket), seen through what carrying the operation out twice would
-- do: nothing is repeated that could send a person two messages. A pure
-- object: it sends nothing, waits for nothing, and takes its random numbers
-- from outside.
-- @module cognito.retry

local c_locale = require "cognito.c_locale"
local clock = require "cognito.clock"
local native = require "cognito.native"

local M = {}

local CAPACITY = 500 -- tokens
local LONGEST = 20 -- seconds
local HINT_SLACK = 5 -- seconds that a hint may add to our own delay

-- By what happened: the first delay in seconds, the price of trying again.
local transient = { base = 0.05, cost = 14 }
local throttled = { base = 1, cost = 5 }

-- What the service, or a server in between, says while it does not know.
local server_faults = { [408] = true, [500] = true, [502] = true, [503] = true, [504] = true }

-- The service, or a gateway before it, has waited too long for the request or
-- for itself, as the SDKs read these names.
local timeouts = { RequestTimeout = true, RequestTimeoutException = true }

-- The service names its errors. Any other 4xx or 5xx comes from a server in
-- between, which may have made it of the service's reply, or for want of one.
local function is_unnamed(failure)
  return (failure.status or 0) >= 400 and (failure.code or ""):find "^http_%d" ~= nil
end

local policy = {}
local policy_mt = { __index = policy, __name = "cognito.retry" }

--- What an attempt came to.
-- @tparam table failure the attempt's error: `kind`, `code`, `status`, `sent`
-- @treturn string "unsent" (no byte of the request left), "throttled",
--   "unknown" (it may have been carried out) or "answered"
function M.outcome(failure)
  if failure.kind == "throttle" then
    return "throttled"
  elseif failure.kind == "network" then
    return failure.sent == false and "unsent" or "unknown"
  elseif server_faults[failure.status] or timeouts[failure.code] or is_unnamed(failure) then
    return "unknown"
  end
  return "answered"
end

--- A policy; one per client, as its bucket is.
-- @tparam[opt] table options
-- @tparam[opt] function options.random a number in [0, 1)
-- @treturn table policy
function M.new(options)
  options = options or {}
  return setmetatable({ tokens = CAPACITY, random = options.random or native.random }, policy_mt)
end

-- Whether the outcome may be tried again at all.
local function allowed(outcome, effect, retry_ambiguous)
  if outcome == "unknown" then
    return retry_ambiguous or effect == "read" or effect == "repeat"
  end
  return outcome == "unsent" or outcome == "throttled"
end

-- Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3); a
-- date is counted from the reply's own.
local function retry_after(headers)
  local text = headers["retry-after"]
  local from, to = clock.parse_http_date(headers.date), clock.parse_http_date(text)
  return c_locale.tonumber(text) or (from and to and to - from)
end

-- What the service asks for, in seconds. It lengthens a delay, never makes
-- an answer one that is worth retrying.
local function hinted(headers)
  local milliseconds = c_locale.tonumber(headers["x-amz-retry-after"])
  local seconds = milliseconds and milliseconds / 1000 or retry_after(headers)
  return seconds and seconds >= 0 and seconds < math.huge and seconds or nil
end

--- The delay that the service asks for, or a server in between.
-- @tparam ?table headers of the reply, names in lower case
-- @treturn ?number seconds
function M.hint(headers)
  return headers and hinted(headers)
end

--- Whether a failed attempt may be followed by another one at all: the rule that
-- no strategy changes.
-- @tparam table failure the attempt's error
-- @tparam table facts as for `next`
-- @treturn boolean
-- @treturn ?string why not: "final" or "attempts"
function M.allows(failure, facts)
  if failure.code == "aborted" or failure.code == "wrong_phase"
    or not allowed(M.outcome(failure), facts.effect, facts.retry_ambiguous) then
    return false, "final"
  elseif facts.attempt >= facts.max_attempts then
    return false, "attempts"
  end
  return true
end

--- Decides after a failed attempt.
-- @tparam table failure the attempt's error
-- @tparam table facts
-- @tparam number facts.attempt counted from 1
-- @tparam number facts.max_attempts all attempts together
-- @tparam string facts.effect "read", "repeat", "once" or "message"
-- @tparam[opt] boolean facts.retry_ambiguous repeat what may have been
--   carried out, as the AWS SDKs do
-- @tparam[opt] table facts.headers the reply's, names in lower case
-- @treturn[1] number seconds to wait before the next attempt
-- @treturn[2] nil stop
-- @treturn[2] string why: "final", "attempts" or "quota"
function policy:next(failure, facts)
  local may, why = M.allows(failure, facts)
  if not may then
    return nil, why
  end
  local class = M.outcome(failure) == "throttled" and throttled or transient
  if self.tokens < class.cost then
    return nil, "quota"
  end
  self.tokens = self.tokens - class.cost
  local delay = self.random() * math.min(class.base * 2 ^ (facts.attempt - 1), LONGEST)
  local hint = M.hint(facts.headers)
  if hint then
    delay = math.max(delay, math.min(hint, delay + HINT_SLACK))
  end
  return delay, nil, class.cost
end

--- Gives back after a success: what the last retry of the call cost, or one
-- token when it needed none.
-- @tparam ?number cost the third value of the last `next`
function policy:succeeded(cost)
  local tokens = self.tokens + (cost or 1)
  self.tokens = tokens < CAPACITY and tokens or CAPACITY
end

--- Tokens left in the bucket, of 500.
-- @treturn number
function policy:quota()
  return self.tokens
end

return M

--- The challenges of a sign-in by SRP: of the password and of a device. The
-- block says which sign-in it is, and is good once; there is no session.
-- @module cognito.sandbox.srp_steps
local claim_time = require "cognito.sandbox.claim_time"
local errors = require "cognito.sandbox.errors"
local lockout = require "cognito.sandbox.lockout"
local secret_hash = require "cognito.sandbox.secret_hash"
local srp = require "cognito.sandbox.srp"
local steps = require "cognito.sandbox.steps"

local M = {}

-- How far a client's clock may be off: assumed, as for signatures.
local WINDOW = 300

--- The number that a sign-in begins with.
-- @tparam table parameters
-- @treturn string
-- @raise a refusal
function M.public(parameters)
  return srp.read_public(parameters.SRP_A) or errors.refuse "wrong_srp_a"
end

local function ask(pool, name, claim, kept, public)
  local exchange = srp.begin(pool.random, kept, public)
  claim.exchange, claim.challenge = exchange, name
  claim.expires = pool.clock.now() + pool.options.lifetimes.session
  pool.claims[exchange.block] = claim
  return { ChallengeName = name, ChallengeParameters = {
    SALT = exchange.salt, SRP_B = exchange.b, SECRET_BLOCK = exchange.block } }
end

--- Asks for the proof of the password. Documented for clients that hide who
-- exists: "Managing error responses" of the developer guide. The challenge of
-- an unknown user has to look like any.
-- @tparam table pool
-- @tparam table progress without a user where there is none
-- @tparam string name as the request has it
-- @tparam string public of `public`
-- @treturn table
function M.password(pool, progress, name, public)
  local user = progress.user
  local identity = user and user.password and user.password.identity
  local own = user and user.username or name
  local result = ask(pool, "PASSWORD_VERIFIER", { progress = progress, name = name, known = identity ~= nil,
    who = srp.pool_name(pool.options) .. own }, srp.kept(pool.random, identity or pool.random:bytes()), public)
  result.ChallengeParameters.USER_ID_FOR_SRP, result.ChallengeParameters.USERNAME = own, own
  return result
end

--- Asks for the proof of a device's password.
-- @tparam table pool
-- @tparam table user
-- @tparam table progress
-- @tparam table responses
-- @treturn table
function M.device(pool, user, progress, responses)
  local device = progress.offered
  if responses.DEVICE_KEY ~= device.id then
    errors.refuse "no_device"
  end
  local result = ask(pool, "DEVICE_PASSWORD_VERIFIER", { progress = progress, known = true,
    who = device.group .. device.id }, device.kept, M.public(responses))
  result.ChallengeParameters.DEVICE_KEY, result.ChallengeParameters.USERNAME = device.id, user.username
  return result
end

local function check_timestamp(now, text)
  local time = claim_time.parse(text)
  if not time then
    errors.refuse "wrong_timestamp"
  end
  if math.abs(time - now) > WINDOW then
    errors.refuse "old_timestamp"
  end
end

-- The hash is over the pool's own name of the user, as later challenges have
-- it: clients that sent an alias were refused.
local function check_user(pool, user, responses)
  if user then
    secret_hash.check(pool, user.username, responses.SECRET_HASH)
    if not user.enabled then
      errors.refuse "user_disabled"
    end
  end
end

-- Returns the claim and its user, and whether the proof is right.
local function check(pool, params, now, ...)
  local responses = params.ChallengeResponses or {}
  steps.check_parameters(responses, "USERNAME", "PASSWORD_CLAIM_SIGNATURE",
    "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP", ...)
  local claim = pool.claims[responses.PASSWORD_CLAIM_SECRET_BLOCK]
  local user = claim and claim.progress.user
  check_user(pool, user, responses)
  check_timestamp(now, responses.TIMESTAMP)
  if not claim or claim.challenge ~= params.ChallengeName or pool.clock.now() >= claim.expires then
    errors.refuse "bad_session"
  end
  local right = user and pool.users:find(responses.USERNAME) == user and claim.known
    and responses.PASSWORD_CLAIM_SIGNATURE == srp.signature(claim.exchange, claim.who, responses.TIMESTAMP)
  return claim, user, right or false, responses
end

--- The answer to PASSWORD_VERIFIER. One with a device that the pool does not
-- know leaves the claim as it was: clients answer again without it.
-- @tparam table pool
-- @tparam table params
-- @tparam number now by the service's clock
-- @treturn table
function M.password_verifier(pool, params, now)
  local claim, user, right, responses = check(pool, params, now)
  if right then
    steps.offer_device(claim.progress, responses.DEVICE_KEY)
  end
  pool.claims[responses.PASSWORD_CLAIM_SECRET_BLOCK] = nil
  if not user then
    lockout.failed(pool, claim.name)
    errors.refuse "bad_password"
  end
  return steps.with_password(pool, claim.progress, params, right, responses.DEVICE_KEY)
end

--- The answer to DEVICE_PASSWORD_VERIFIER.
-- @tparam table pool
-- @tparam table params
-- @tparam number now by the service's clock
-- @treturn table
function M.device_verifier(pool, params, now)
  local claim, _, right, responses = check(pool, params, now, "DEVICE_KEY")
  pool.claims[responses.PASSWORD_CLAIM_SECRET_BLOCK] = nil
  if not right or responses.DEVICE_KEY ~= claim.progress.offered.id then
    errors.refuse "bad_password"
  end
  claim.progress.device = claim.progress.offered
  return steps.after_password(pool, claim.progress, params)
end

return M

--- Codes that were sent out: issuing them, checking them, and how often an
-- hour one may try.
-- @module cognito.sandbox.codes
local errors = require "cognito.sandbox.errors"

local M = {}

local HOUR = 3600

--- Makes a code for a user.
-- @tparam table pool
-- @tparam table user
-- @tparam string purpose `sign_up` or `forgot_password`
-- @tparam table place where it goes
-- @treturn string
function M.issue(pool, user, purpose, place)
  local code = {
    text = pool.options.code or pool.random:digits(6),
    attribute = place.attribute,
    expires = pool.clock.now() + pool.options.lifetimes[purpose .. "_code"],
  }
  local kept = user.codes[purpose]
  if not kept or pool.options.answers.valid_code == "latest" then
    kept = {}
  end
  kept[#kept + 1] = code
  user.codes[purpose] = kept
  return code.text
end

--- Forgets a user's codes.
-- @tparam table user
-- @tparam string purpose
function M.spend(user, purpose)
  user.codes[purpose] = nil
end

--- Checks a code without spending it.
-- @tparam table pool
-- @tparam table user
-- @tparam string purpose
-- @tparam string text what the person typed
-- @treturn table the code
-- @raise a refusal: wrong, or none is valid (never sent, used, too old)
function M.check(pool, user, purpose, text)
  local some_valid = false
  for _, code in ipairs(user.codes[purpose] or {}) do
    if pool.clock.now() < code.expires then
      if code.text == text then return code end
      some_valid = true
    end
  end
  errors.refuse(some_valid and "wrong_code" or "expired_code")
end

-- Forgets what is an hour old.
local function recent(times, now)
  local kept = {}
  for _, time in ipairs(times or {}) do
    if now - time < HOUR then kept[#kept + 1] = time end
  end
  return kept
end

--- Counts an attempt. Names nobody has are counted like any other: a limit
-- that only real users reach would tell who is real.
-- @tparam table pool
-- @tparam string operation
-- @tparam table|nil user
-- @tparam string name as the request has it
-- @raise a refusal when the hour's attempts are used up
function M.count_attempt(pool, operation, user, name)
  local key = operation .. ":" .. (user and user.username or name)
  local now = pool.clock.now()
  local times = recent(pool.attempts[key], now)
  pool.attempts[key] = times
  if #times >= pool.options.limits[operation] then
    errors.refuse("attempt_limit")
  end
  times[#times + 1] = now
end

return M

--- Codes that were sent out: issuing them, checking them, and how often an
-- hour one may try.
-- @module cognito.sandbox.codes
local errors = require "cognito.sandbox.errors"

local M = {}

local HOUR = 3600

-- Codes are kept by purpose, and where each address has its own by that.
local function key_of(purpose, attribute)
  return attribute and purpose .. ":" .. attribute or purpose
end

--- Makes a code for a user.
-- @tparam table pool
-- @tparam table user
-- @tparam string purpose `sign_up`, `forgot_password`, `attribute`, `sms_mfa`
-- @tparam table place where it goes
-- @tparam[opt] string attribute where codes of several are valid at once
-- @treturn string
function M.issue(pool, user, purpose, place, attribute)
  local key = key_of(purpose, attribute)
  local code = {
    text = pool.options.code or pool.random:digits(6),
    attribute = place.attribute,
    expires = pool.clock.now() + pool.options.lifetimes[purpose .. "_code"],
  }
  local kept = user.codes[key]
  if not kept or pool.options.answers.valid_code == "latest" then
    kept = {}
  end
  kept[#kept + 1] = code
  user.codes[key] = kept
  return code.text
end

--- Forgets a user's codes.
-- @tparam table user
-- @tparam string purpose
-- @tparam[opt] string attribute
function M.spend(user, purpose, attribute)
  user.codes[key_of(purpose, attribute)] = nil
end

--- Looks for a code that is valid.
-- @tparam table pool
-- @tparam table user
-- @tparam string purpose
-- @tparam string text what the person typed
-- @tparam[opt] string attribute
-- @treturn ?table the code
-- @treturn boolean whether another one is valid
function M.find(pool, user, purpose, text, attribute)
  local some_valid = false
  for _, code in ipairs(user.codes[key_of(purpose, attribute)] or {}) do
    if pool.clock.now() < code.expires then
      if code.text == text then
        return code, true
      end
      some_valid = true
    end
  end
  return nil, some_valid
end

--- Checks a code without spending it.
-- @tparam table pool
-- @tparam table user
-- @tparam string purpose
-- @tparam string text what the person typed
-- @tparam[opt] string attribute
-- @treturn table the code
-- @raise a refusal: wrong, or none is valid (never sent, used, too old)
function M.check(pool, user, purpose, text, attribute)
  local code, some_valid = M.find(pool, user, purpose, text, attribute)
  return code or errors.refuse(some_valid and "wrong_code" or "expired_code")
end

-- Forgets what is an hour old.
local function recent(times, now)
  local kept = {}
  for _, time in ipairs(times or {}) do
    if now - time < HOUR then
      kept[#kept + 1] = time
    end
  end
  return kept
end

--- Counts an attempt. Unknown names are counted like any other: a limit
-- that only real users reach would reveal who is real.
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

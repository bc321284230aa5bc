--- Wrong passwords lock a user out for a while: developer guide, "Lockout
-- behavior for failed sign-in attempts". After n of them, five or more, that
-- is 2^(n-5) seconds, at most a quarter of an hour. Attempts meanwhile do not
-- count. Unknown names are counted like any other: assumed.
-- @module cognito.sandbox.lockout
local errors = require "cognito.sandbox.errors"

local M = {}

local FREE = 4 -- failures that cost nothing
local LONGEST = 900 -- seconds; as long without an attempt forgets them

local function failures(pool, key)
  local kept = pool.failures[key]
  if kept and pool.clock.now() - kept.last < LONGEST then
    return kept
  end
  return { count = 0, ends = 0 }
end

--- Refuses an attempt while a name is locked out.
-- @tparam table pool
-- @tparam string key the user's name, or that of the request
-- @raise a refusal
function M.check(pool, key)
  if pool.clock.now() < failures(pool, key).ends then
    errors.refuse "password_attempts"
  end
end

--- Counts a wrong password.
-- @tparam table pool
-- @tparam string key
function M.failed(pool, key)
  local kept, now = failures(pool, key), pool.clock.now()
  kept.count, kept.last = kept.count + 1, now
  if kept.count > FREE then
    kept.ends = now + math.min(2 ^ (kept.count - FREE - 1), LONGEST)
  end
  pool.failures[key] = kept
end

--- Forgets what was wrong, after a right password.
-- @tparam table pool
-- @tparam string key
function M.passed(pool, key)
  pool.failures[key] = nil
end

return M

--- The times that the promise of one message counts on, and how long a lease,
-- a timeout and the wait before a look have to be for that.
-- @module cognito.bulk.times

local failure = require "cognito.bulk.failure"
local native = require "cognito.native"

local M = {}

--- Seconds after its claim that a call is not made any more.
M.LATE = 30

-- Seconds after its date that the service may take a request: five minutes by
-- its own clock, from which ours is at most four minutes away.
local SIGNED = 540

-- Seconds after it was first sent that the system stops sending a request.
local SENT = 30

-- The rules are about Amazon's service and the way to it. A stand-in on this
-- machine, or one that no name leads to (RFC 2606), is for tests, which do not
-- wait.
local function is_stand_in(url)
  local read = native.read_url(url)
  return read ~= nil and (read.is_loopback or read.host:find "%.invalid$" ~= nil)
end

local function check_lease(lease, timeout)
  local least = SIGNED + M.LATE
  if lease < least then
    failure.raise("lease_too_short", ("the lease of %.6g s ends while the service still takes a request that its worker"
      .. " has signed: at least %d s"):format(lease, least))
  elseif timeout + M.LATE > lease then
    failure.raise("lease_too_short", ("a call may take %.6g s (attempt_timeout), and the lease of %.6g s would end"
      .. " meanwhile"):format(timeout, lease))
  end
end

--- Refuses times with which a user could be sent a second message. They matter
-- where a call with an unknown outcome may be made again, and the lease where
-- several workers share a journal.
-- @tparam table action
-- @tparam table given `url` (that is called), `is_shared` (whether other workers
--   may use the journal), `lease`, `settle` and `timeout` (seconds)
-- @raise a cognito.Error
function M.check(action, given)
  if action.unknown ~= "look" or is_stand_in(given.url) then
    return
  elseif given.is_shared then
    check_lease(given.lease, given.timeout)
  end
  if given.settle < SENT then
    failure.raise("settle_too_short", ("a request may still be on its way %d s after its timeout, and the look-up is to"
      .. " come %.6g s after it"):format(SENT, given.settle))
  end
end

return M

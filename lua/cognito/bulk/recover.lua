--- Waiting for a journal that does not answer.
-- @module cognito.bulk.recover

local M = {}

local FIRST_DELAY, LONGEST_DELAY = 0.25, 8 -- seconds between two attempts to reach it

--- Tries until it works, or until there is no point in trying.
-- @tparam function try returns true, or nil and a cognito.Error
-- @tparam cognito.Error err why it is needed: is `temporary`
-- @tparam table given functions: `clock` (monotonic seconds), `patience`
--   (seconds of trying, asked each time), `wait` (with the seconds to wait and
--   the error of the attempt)
-- @raise a cognito.Error when it is in vain
function M.keep_trying(try, err, given)
  local begun, delay = given.clock(), FIRST_DELAY
  while err.temporary and given.clock() - begun < given.patience() do
    given.wait(delay, err)
    delay = math.min(delay * 2, LONGEST_DELAY)
    local back
    back, err = try()
    if back then
      return
    end
  end
  error(err, 0)
end

return M

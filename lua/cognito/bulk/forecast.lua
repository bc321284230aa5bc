--- How long a job takes, and how many calls it makes.
--
-- A user takes one slot of the pace, whatever calls are made for them: the look
-- before a message and the sign-out follow in the same slot. Sign-outs that are
-- tried again take slots of their own, and so does each step of an action that
-- has several.
-- @module cognito.bulk.forecast

local M = {}

local DAY = 86400 -- seconds

--- The slots of the pace that a user takes.
-- @tparam table action
-- @treturn number
function M.slots(action)
  return action.steps and #action.steps or 1
end

--- The calls for a user, if all goes well.
-- @tparam table action one of `cognito.bulk.actions`
-- @tparam table facts `sign_out`, `sessions`, `recheck`
-- @treturn number at least so many, where a step ends what it finds
function M.calls(action, facts)
  if action.steps then
    return #action.steps
  end
  local signs_out = facts.sign_out and not action.ends_tokens
  return 1 + (signs_out and 1 or 0) + (facts.sessions and 1 or 0) + (facts.recheck and action.sends and 1 or 0)
end

-- The daily limit lets so many messages out at once, and as many again every
-- day: the seconds until the last day begins.
local function waiting(users, limit, sent)
  local over = users - math.max(0, limit - sent)
  return over > 0 and math.ceil(over / limit) * DAY or 0
end

--- The time that is left at the full rate, and within the daily limit.
-- @tparam table counts `planned`, `started` and `sign_outs`
-- @tparam number rate users per second
-- @tparam[opt=0] number daily_limit messages; 0: any number
-- @tparam[opt=0] number sent messages of the last 24 hours
-- @tparam[opt=1] number slots_each of a user
-- @tparam[opt=0] number over slots of these users that are behind them
-- @treturn[1] number seconds
-- @treturn[1] boolean whether the daily limit makes most of it
-- @treturn[2] nil where nothing is left, or nothing goes on
function M.left(counts, rate, daily_limit, sent, slots_each, over)
  local slots = (counts.planned + counts.started) * (slots_each or 1) - (over or 0) + counts.sign_outs
  if slots == 0 or rate <= 0 then
    return nil
  end
  local seconds = slots / rate
  local wait = (daily_limit or 0) > 0 and waiting(counts.planned, daily_limit, sent or 0) or 0
  return math.max(seconds, wait), wait > seconds
end

return M

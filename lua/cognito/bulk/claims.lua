--- What a worker takes on next, as far as limits allow.
-- @module cognito.bulk.claims

local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"

local M = {}

-- How many users may still be acted on, and what keeps them from being more.
local function allowed(journal, limits, now, action)
  local most, why = math.huge, nil
  if limits.users then
    most, why = limits.users, "limit"
  end
  if (limits.daily_limit or 0) > 0 and action.sends then
    local left = limits.daily_limit - rows.sent_in_a_day(journal, now)
    if left < most then
      most, why = left, "daily_limit"
    end
  end
  return most, why
end

local function add(work, kind, claimed)
  for _, row in ipairs(claimed) do
    work[#work + 1] = { kind = kind, row = row }
  end
end

-- Users who have a step behind them go on before others begin, and no limit of
-- users counts them again. Returns how many more rows are wanted.
local function take_begun(journal, n, clock, whose, work)
  if not whose.action.steps then
    return n
  end
  local begun = rows.claim(journal, whose.worker, n, clock.now, whose.action, true)
  add(work, "action", begun)
  return n - #begun
end

local function take_new(journal, limits, n, clock, whose, work)
  local most, why = allowed(journal, limits, clock.now, whose.action)
  if most > 0 then
    local begun = whose.action.steps and false or nil
    add(work, "action", rows.claim(journal, whose.worker, math.min(n, most), clock.now, whose.action, begun))
  else
    work.exhausted = why
  end
end

local function take_actions(journal, limits, n, clock, whose, work)
  local left = take_begun(journal, n, clock, whose, work)
  if left > 0 then
    take_new(journal, limits, left, clock, whose, work)
  end
end

--- Takes on work, within a transaction. What was begun comes first.
-- @tparam table journal
-- @tparam table limits `rows`: at most so many; `users`: at most so many of
--   them to act on, nil: any number; `daily_limit`: messages within 24 hours
-- @tparam table clock `now` (epoch seconds), `clock` (the job's), and `due` on
--   the job's clock: when a look that is taken on now must have come to a
--   judgement
-- @tparam table whose `worker` (its name), `action`
-- @treturn table list of `{ kind, row }`; `exhausted`: the limit that was
--   reached
function M.take(journal, limits, clock, whose)
  local work, n = {}, limits.rows
  add(work, "look", rows.claim_looks(journal, n, clock.clock, clock.due))
  if n > #work then
    add(work, "sign_out", sign_outs.claim(journal, whose.worker, n - #work, clock.clock))
  end
  if n > #work then
    take_actions(journal, limits, n - #work, clock, whose, work)
  end
  return work
end

return M

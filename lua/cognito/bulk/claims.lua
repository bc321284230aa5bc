--- What a worker takes on next, as far as limits allow.
-- @module cognito.bulk.claims

local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"

local M = {}

-- How many users may still be acted on, and what keeps them from being more.
local function allowed(runner)
  local options, most, why = runner.options, math.huge, nil
  if options.limit then
    most, why = options.limit - runner.claimed, "limit"
  end
  if (options.daily_limit or 0) > 0 and runner.job.action.sends then
    local left = options.daily_limit - rows.sent_in_a_day(runner.journal, runner.time)
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

local function take_actions(runner, n, work)
  local most, why = allowed(runner)
  if most > 0 then
    add(work, "action",
      rows.claim(runner.journal, runner.worker, math.min(n, most), runner.time, runner.job.action))
  else
    work.exhausted = why
  end
end

--- Takes on work, within a transaction. What was begun comes first.
-- @tparam table runner
-- @tparam number n how much at most
-- @tparam number due on the job's clock: when a look that is taken on now must
--   have come to a judgement
-- @treturn table list of `{ kind, row }`; `exhausted`: the limit that was
--   reached
function M.take(runner, n, due)
  local work = {}
  add(work, "look", rows.claim_looks(runner.journal, n, runner.clock, due))
  if n > #work then
    add(work, "sign_out", sign_outs.claim(runner.journal, runner.worker, n - #work, runner.clock))
  end
  if n > #work then
    take_actions(runner, n - #work, work)
  end
  return work
end

return M

--- Signing users out, as a row's second step: `sign_out` is due, started, done
-- or failed. It sends nothing and does no harm twice, so the argument of
-- `cognito.bulk.rows` does not need it.
-- @module cognito.bulk.sign_outs

local claimed = require "cognito.bulk.claimed"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

-- In the very words of the index that finds them.
local not_done = "sign_out IN ('due', 'started', 'failed')"

--- A condition: of users who are still to be signed out.
M.open = "sign_out IN ('due', 'started') AND " .. not_done

--- Gives back the claims of workers.
-- @tparam table journal
-- @tparam string whose a condition about the worker
-- @param ... its values
function M.give_back(journal, whose, ...)
  journal:run("UPDATE users SET sign_out = 'due', worker = NULL WHERE sign_out = 'started' AND " .. M.open
    .. " AND " .. whose, ...)
end

--- Claims users who are still to be signed out.
-- @tparam table journal
-- @tparam string worker
-- @tparam number n how many at most
-- @tparam number clock the job's: a failed try is not repeated at once
-- @treturn table list of rows
function M.claim(journal, worker, n, clock)
  local rows = journal:hold_free_rows(([[SELECT %s FROM users WHERE sign_out = 'due' AND %s AND plan = 'act'
    AND (look_at IS NULL OR look_at <= ?) ORDER BY id LIMIT ?]])
    :format(claimed.columns, M.open), clock, n)
  if rows[1] then
    journal:run("UPDATE users SET sign_out = 'started', look_at = NULL, worker = ? WHERE id IN ?", worker,
      claimed.ids(rows))
  end
  return rows
end

-- Waits for one more `wait` after each try without an answer.
local function sign_out_later(journal, row, outcome, clock, wait)
  local lost = outcome.state == "unknown" and 1 or 0
  journal:run([[UPDATE users SET sign_out = 'due', sign_out_code = ?, worker = NULL, tries = tries + ?,
    look_at = ? + ? * (tries + 1 + ?) WHERE id = ? AND sign_out = 'started']],
    outcome.code, lost, clock, wait, lost, row.id)
end

local function end_sign_out(journal, row, outcome, result, least_tries)
  return journal:run([[UPDATE users SET sign_out = ?, sign_out_code = ?, worker = NULL
    WHERE id = ? AND sign_out = 'started' AND tries >= ?]], result, outcome.code, row.id, least_tries) == 1
end

--- Records what became of a sign-out. It does no harm twice.
-- @tparam table journal
-- @tparam table row
-- @tparam table outcome `state`: accepted, failed, planned or unknown; `code`
-- @tparam number clock the job's
-- @tparam number wait seconds before the second try; more before later ones
-- @treturn ?string `still_signed_in`, when it was given up
function M.record(journal, row, outcome, clock, wait)
  local state = outcome.state
  if state == "accepted" then
    end_sign_out(journal, row, outcome, "done", 0)
  elseif state == "failed" or state == "unknown" then
    if end_sign_out(journal, row, outcome, "failed", state == "unknown" and claimed.MOST_TRIES - 1 or 0) then
      return "still_signed_in"
    end
  end
  sign_out_later(journal, row, outcome, clock, wait)
end

--- Lets failed sign-outs be tried again.
-- @tparam table journal
-- @treturn number how many
function M.try_again(journal)
  return journal:run("UPDATE users SET sign_out = 'due', tries = 0, look_at = NULL WHERE sign_out = 'failed' AND "
    .. not_done)
end

--- How many are in each state.
-- @tparam table journal
-- @treturn table `due`, `started` and `failed`
function M.counts(journal)
  local counts = { due = 0, started = 0, failed = 0 }
  for _, row in ipairs(journal:rows("SELECT sign_out, count(*) AS n FROM users WHERE " .. not_done
      .. " GROUP BY sign_out")) do
    counts[row.sign_out] = tonumber(row.n)
  end
  return counts
end

return M

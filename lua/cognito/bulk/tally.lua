--- How many users of a job are in which state, and what the reader of a row is
-- shown of it.
-- @module cognito.bulk.tally

local sign_outs = require "cognito.bulk.sign_outs"
local sound = require "cognito.bulk.journal.sound"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

--- What a user's row can say, each user in one.
M.outcomes = { "planned", "started", "accepted", "still_signed_in", "failed", "skipped", "uncertain" }

local read_state, read_code = sound.reader("users", "state"), sound.reader("users", "code")

--- How many rows are in each state.
-- @tparam table journal
-- @treturn table from state to number, `still_signed_in` among them (not part
--   of `accepted`); `sign_outs`: how many are still open
-- @raise a cognito.Error for a state that does not exist
function M.counts(journal)
  local counts = { planned = 0, started = 0, accepted = 0, failed = 0, skipped = 0, uncertain = 0 }
  for _, row in ipairs(journal:rows "SELECT state, count(*) AS n FROM users GROUP BY state") do
    counts[read_state(row).state] = tonumber(row.n)
  end
  local open = sign_outs.counts(journal)
  counts.sign_outs, counts.still_signed_in = open.due + open.started, open.failed
  counts.accepted = counts.accepted - open.failed
  return counts
end

--- How many users failed, by code.
-- @tparam table journal
-- @treturn table from code to number
function M.failed_by_code(journal)
  local counts = {}
  for _, row in ipairs(journal:rows "SELECT code, count(*) AS n FROM users WHERE state = 'failed' GROUP BY code") do
    counts[read_code(row).code or "unknown"] = tonumber(row.n)
  end
  return counts
end

--- The state that the reader of a row is shown.
-- @tparam table row `state` and `sign_out` count
-- @treturn string
function M.outcome(row)
  return row.state == "accepted" and row.sign_out == "failed" and "still_signed_in" or row.state
end

return M

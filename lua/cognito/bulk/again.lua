--- Going on with a job, and with what failed in it. One transaction: an order
-- that the job's state refuses has changed nothing.
-- @module cognito.bulk.again

local failure = require "cognito.bulk.failure"
local history = require "cognito.bulk.history"
local pace = require "cognito.bulk.pace"
local preflight = require "cognito.bulk.preflight"
local refusals = require "cognito.bulk.refusals"
local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"
local states = require "cognito.bulk.states"
local steps = require "cognito.bulk.steps"
local tally = require "cognito.bulk.tally"

local M = {}

local function listed(counts)
  local words = {}
  for code, n in pairs(counts) do
    words[#words + 1] = ("%s %d"):format(code, n)
  end
  table.sort(words)
  return words[1] and table.concat(words, ", ") or "none"
end

local function refuse_failed(journal)
  failure.raise("nothing_to_repeat", ("no failed user can be tried again; failures by code: %s")
    :format(listed(tally.failed_by_code(journal))))
end

local function note(job, given, outcome, n)
  if n > 0 then
    history.add(job.journal, { at = job.now(), outcome = outcome, code = given.code, users = n, by = given.by })
  end
end

-- Of an action that has several steps only those that are to blame.
local function repeat_steps(job, users, states_of_steps)
  if users > 0 and job.action.steps then
    steps.repeat_those(job.journal, states_of_steps)
  end
end

-- Returns how many users there are to do again.
local function prepare(job, given, codes)
  local failed, uncertain = 0, 0
  if given.failed then
    failed = rows.repeat_failed(job.journal, codes, given.code)
    repeat_steps(job, failed, { "failed" })
    note(job, given, "failed", failed)
  end
  if given.uncertain then
    uncertain = rows.repeat_uncertain(job.journal)
    repeat_steps(job, uncertain, { "failed", "unknown" })
    note(job, { by = given.by }, "uncertain", uncertain)
  end
  return failed, failed + uncertain + sign_outs.try_again(job.journal)
end

local function change(job, given, codes)
  pace.hold(job.journal)
  local state = states.check(job.journal, "resume")
  local failed, all = prepare(job, given, codes)
  if given.failed and failed == 0 then
    refuse_failed(job.journal)
  elseif state == "done" and all == 0 then
    states.refuse(state)
  end
  job.journal:set("state", "approved")
  return true
end

--- Lets a job be run again; see `cognito.BulkJob:resume`.
-- @tparam cognito.BulkJob job
-- @tparam table given complete options
-- @treturn boolean true
-- @raise a cognito.Error
function M.resume(job, given)
  local user_pool = given.failed and job.action.sends and job.pool and preflight.describe(job.pool) or nil
  local codes = given.failed and refusals.repeatable(job.action, user_pool)
  return job.journal:transaction(change, job, given, codes)
end

return M

--- The call, or calls, of one step of an action that has several.
-- @module cognito.bulk.stepwise

local actions = require "cognito.bulk.actions"
local outcomes = require "cognito.bulk.outcome"
local shared = require "cognito.recovery.steps"

local M = {}

-- The pool has no such thing: the step is over, and nothing failed.
local function heed_lack(outcome, err)
  if err and shared.lacking[err.code] then
    return { state = "accepted", step_state = "unavailable", code = outcome.code, request_id = outcome.request_id }
  end
  return outcome
end

-- Nothing is left to be removed.
local function heed_removal(outcome, err)
  return shared.was_removed(err) and { state = "accepted", request_id = outcome.request_id } or outcome
end

-- A user who is gone has nothing left to be secured: no further step would find
-- anyone.
local function heed_absence(outcome)
  outcome.is_last = outcome.code == "UserNotFoundException" or nil
  return outcome
end

--- The outcome of a step that is one call.
-- @param result of the call; nil: it failed
-- @tparam ?cognito.Error err
-- @tparam ?table meta
-- @treturn table outcome; `step_state`, where it is not done; `is_last`: no
--   further step can succeed
function M.of(result, err, meta)
  return heed_absence(heed_removal(heed_lack(outcomes.of(result, err, meta), err), err))
end

-- To go on would only throttle more.
local function goes_on(err)
  local outcome = outcomes.of(nil, err)
  return outcome.state ~= "planned" and not outcome.unreachable
end

--- Lists and ends all of a kind.
-- @tparam cognito.Client client that tries once
-- @tparam table row
-- @tparam table kind
-- @treturn table outcome; `found` and `ended`: how many
function M.end_all(client, row, kind)
  local username = actions.person(row)
  local found, err, meta = shared.list(client, username, kind)
  if err then
    return M.of(nil, err, meta)
  end
  local ended = shared.end_all(client, username, kind, found, goes_on)
  local outcome = heed_absence(ended.err and outcomes.of(nil, ended.err, ended.meta) or { state = "accepted" })
  outcome.found, outcome.ended = #found, ended.done
  return outcome
end

return M

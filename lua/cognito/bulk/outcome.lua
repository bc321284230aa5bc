--- What a call's result means for the row it was made for, and for the job.
-- @module cognito.bulk.outcome

local failure = require "cognito.bulk.failure"
local text = require "cognito.bulk.text"

local M = {}

-- Refusals that have nothing to do with the user: the next one would be
-- refused alike. Nothing was carried out, and the job stops.
local for_everybody = {
  AccessDeniedException = true,
  UnrecognizedClientException = true,
  InvalidSignatureException = true,
  IncompleteSignatureException = true,
  MissingAuthenticationTokenException = true,
  MissingAuthenticationToken = true,
  InvalidClientTokenId = true,
  ExpiredTokenException = true,
  ExpiredToken = true,
  ForbiddenException = true,
  ResourceNotFoundException = true,
  OperationNotEnabledException = true,
  UnknownOperationException = true,
  InvalidSmsRoleAccessPolicyException = true,
  InvalidSmsRoleTrustRelationshipException = true,
  InvalidEmailRoleAccessPolicyException = true,
}

-- A refusal because of this machine's clock has told the client how far it is
-- off: the next attempt is dated right.
local function is_for_everybody(err)
  return for_everybody[err.code] and err.reason ~= "clock_skew" or err.reason == "daily_email_limit"
    or err.reason == "secret_hash" or err.kind == "credentials"
end

local function classify(err)
  if err.ambiguous then
    return "unknown", err.code ~= "aborted"
  elseif err.kind == "throttle" or err.kind == "network" or err.reason == "clock_skew" then
    return "planned", true
  elseif is_for_everybody(err) then
    return "planned", false, err.reason == "daily_email_limit" and err.reason or err.code
  end
  return "failed"
end

--- What became of a call.
-- @param result of the call; nil: it failed
-- @tparam ?cognito.Error err
-- @tparam ?table meta
-- @treturn table `state`: accepted, failed, planned (nothing was carried out)
--   or unknown; `code`, `detail` and `request_id`; `slow`: the job should slow
--   down; `stop`: why it should stop; `unreachable`: no answer; `err` itself
function M.of(result, err, meta)
  if result then
    return { state = "accepted", request_id = text.word(meta and meta.request_id) }
  end
  local state, slow, stop = classify(err)
  return {
    state = state, slow = slow, stop = stop, err = err,
    unreachable = err.kind == "network",
    code = text.word(err.code), detail = text.word(err.reason), request_id = text.word(err.request_id),
  }
end

--- What became of a user for whom no call could be made.
-- @tparam string code
-- @tparam ?string fault why no other user's can be made either: the job stops
-- @treturn table as `of` returns it
function M.without_call(code, fault)
  if fault then
    return { state = "planned", code = code, stop = "no_passwords", err = failure.new("no_passwords", fault) }
  end
  return { state = "failed", code = code }
end

return M

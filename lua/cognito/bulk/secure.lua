--- The action `secure`: what `cognito.recovery.secure` does for one user, as steps
-- of a job. Each step is claimed, carried out and recorded by itself, so a job
-- that was killed goes on with the step that it was at.
--
-- A step has a `name`; `operation` and `params(row)` where it is one call, else
-- the `kind` of what is listed and ended; `once`: it is never repeated on its
-- own, because a second one could remove what the user has set up since.
-- @module cognito.bulk.secure

local failure = require "cognito.bulk.failure"
local random_password = require "cognito.random_password"
local shared = require "cognito.recovery.steps"
local tables = require "cognito.tables"

local M = {}

--- The factors that an administrator can remove.
M.factors = tables.sorted_keys(shared.removals, function(_, removal) return removal end)

local function disable(person)
  return {
    name = "disable", operation = "admin_disable_user",
    params = function(row) return { username = person(row) } end,
  }
end

local function lock(person)
  return {
    name = "lock", operation = "admin_set_user_password",
    params = function(row) return { username = person(row), password = random_password(), permanent = true } end,
  }
end

local function sign_out(person)
  return {
    name = "sign_out", operation = "admin_user_global_sign_out",
    params = function(row) return { username = person(row) } end,
  }
end

local function remove_factor(person, factor)
  local removal = shared.removals[factor]
  return {
    name = "remove_factor:" .. factor, operation = removal.operation, once = true,
    params = function(row) return tables.add({ username = person(row) }, removal.params) end,
  }
end

--- The steps, in their order: the account is closed before it is tidied.
-- @tparam function person a row's name for a call
-- @tparam boolean locks a random password instead of disabling
-- @tparam table factors list of those to remove
-- @treturn table list
function M.steps(person, locks, factors)
  local steps = {
    (locks and lock or disable)(person), sign_out(person), { name = "sessions", kind = shared.kinds.sessions },
    { name = "devices", kind = shared.kinds.devices },
  }
  for _, factor in ipairs(factors) do
    steps[#steps + 1] = remove_factor(person, factor)
  end
  return steps
end

local function check(given)
  if given.action == "secure" then
    return
  end
  for _, name in ipairs { "lock", "factors" } do
    if given[name] then
      failure.raise("invalid_input", ("the option %s goes with the action secure"):format(name))
    end
  end
end

--- A plan's options for the steps, as facts about the job.
-- @tparam table given `action`, `lock`, `factors`
-- @treturn table `close` and `factors`; of other actions nothing
-- @raise a cognito.Error
function M.facts(given)
  check(given)
  local wanted, list = {}, {}
  for _, factor in ipairs(given.factors or {}) do
    if not shared.removals[factor] then
      failure.raise("invalid_input", "secure removes these factors: " .. table.concat(M.factors, ", "))
    end
    wanted[factor] = true
  end
  for _, factor in ipairs(M.factors) do
    list[#list + 1] = wanted[factor] and factor or nil
  end
  return given.action == "secure"
    and { close = given.lock and "lock" or "disable", factors = list[1] and table.concat(list, " ") or nil } or {}
end

--- Until when access tokens may live that were issued before, at most: for a
-- user who gets no new ones.
-- @tparam table steps of a row, as `cognito.bulk.steps.of` returns them
-- @treturn ?number epoch seconds
function M.tokens_until_at_most(steps)
  local done = {}
  for _, step in ipairs(steps) do
    done[step.step] = step.state == "done" and step.finished_at or nil
  end
  local closed_at = done.disable
  if done.lock and done.sign_out and done.sessions then
    closed_at = math.max(done.lock, done.sign_out, done.sessions)
  end
  return closed_at and closed_at + shared.LONGEST_TOKEN
end

return M

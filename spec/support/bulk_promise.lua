--- The promise of a bulk job, checked against the sandbox's own count.

local M = {}

local operations = {
  reset = "admin_reset_user_password",
  resend = "resend_confirmation_code",
  invite = "admin_create_user",
  lock = "admin_set_user_password",
  disable = "admin_disable_user",
  enable = "admin_enable_user",
  ["sign-out"] = "admin_user_global_sign_out",
}

-- Actions that are as good twice.
local repeated = { lock = true, disable = true, enable = true, ["sign-out"] = true }

-- The calls that the sandbox may have carried out for a user whose row says this.
local once = {
  accepted = { 1, 1 }, failed = { 0, 0 }, skipped = { 0, 0 }, planned = { 0, 0 }, uncertain = { 0, 1 },
  started = { 0, 1 }, still_signed_in = { 1, 1 },
}
local at_least_once = {
  accepted = { 1, 9 }, failed = { 0, 9 }, skipped = { 0, 0 }, planned = { 0, 9 }, uncertain = { 0, 9 },
  started = { 0, 9 }, still_signed_in = { 1, 9 },
}

--- Compares a job's rows with what a sandbox has carried out.
-- @tparam string action
-- @tparam function rows iterator over the job's rows
-- @tparam table executions by operation, as `box:executions()` gives them
-- @treturn table list of sentences about rows that disagree
-- @treturn table numbers of rows by outcome
function M.check(action, rows, executions)
  local counts = (executions[operations[action]] or { users = {} }).users
  local signed_out = (executions.admin_user_global_sign_out or { users = {} }).users
  local wrong, outcomes = {}, {}
  for row in rows do
    local n, range = counts[row.username] or 0, (repeated[action] and at_least_once or once)[row.outcome]
    outcomes[row.outcome] = (outcomes[row.outcome] or 0) + 1
    if n < range[1] or n > range[2] then
      wrong[#wrong + 1] = ("%s is %s, and was done %d times"):format(row.username, row.outcome, n)
    end
    if row.sign_out == "done" and not signed_out[row.username] then
      wrong[#wrong + 1] = row.username .. " was not signed out"
    end
    counts[row.username] = nil
  end
  for name, n in pairs(counts) do
    wrong[#wrong + 1] = ("%s is in no row, and was done %d times"):format(name, n)
  end
  return wrong, outcomes
end

return M

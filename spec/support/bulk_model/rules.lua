--- The rules by which the code keeps the promise, and its assumptions: a switch for
-- each. With all of them on, the model is the code; with one of them off, it is
-- a code that lacks it, for which the checker has to find a sequence of steps
-- that breaks an invariant.

local M = {}

--- The rules by name, each with what it says.
M.all = {
  -- of the code
  claim_first = "a call is made after its claim's commit was confirmed, and not else",
  one_claim = "a row that is claimed is not claimed by others",
  attempt_named = "a write about a call names the attempt, and changes no later one",
  look_before_repeat = "a call with an unknown outcome is looked up before it is repeated",
  dates_compared = "a user who was changed since the attempt does not pass for unchanged",
  late_check = "no call is made half a minute after its claim",
  dated_at_check = "a request bears the time of the check that it is not late",
  membership = "a worker that was given up claims nothing under its old name",
  calls_end_first = "claims are given back once the worker's calls have ended and are recorded",
  step_named = "a write about a step names the step, and moves the row on once",
  once_unknown = "a step that may not be repeated ends as unknown where its outcome is",
  lock = "one process at a time works on a journal in a file",
  order_in_claim = "a claim reads the job's state in its own transaction",
  counted_in_claim = "a claim counts its messages in its own transaction",
  over_at_end = "a job is done only if nothing is left when its run ends",
  leftovers = "what a cancelled job leaves open is uncertain once no process is left; cancel can be repeated",
  home = "a journal is worked on in its own place only",
  one_row = "one person is one row, under whatever names they are listed",
  -- of the world
  settles = "a request arrives before timeout and settle are over, or never",
  signature_ends = "the service takes no request whose signature is older than the lease",
}

--- A set of rules.
-- @tparam[opt] string off the one that is switched off
-- @treturn table set of names
function M.without(off)
  assert(not off or M.all[off], off)
  local rules = {}
  for name in pairs(M.all) do
    rules[name] = name ~= off or nil
  end
  return rules
end

return M

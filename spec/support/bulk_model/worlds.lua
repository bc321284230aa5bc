--- The worlds in which the model is explored: small ones in the spec, larger ones
-- in `make check-model`; and for each rule one that shows what happens without it.

local M = {}

--- A second each, or less.
M.small = {
  { "a journal in a file, two faults", { exclusive = true, faults = 2 } },
  { "a shared journal, a fault, two calls at once", { faults = 1 } },
  { "a shared journal, a fault, users who change", { faults = 1, most = 1, recheck = true, people_change = true } },
  { "an action that leaves no trace", { faults = 1, most = 1, unknown = "uncertain" } },
  { "an action that is as good twice", { faults = 1, most = 1, unknown = "repeat" } },
  { "two steps, the second not to be repeated, in a file",
    { exclusive = true, faults = 2, most = 1, unknown = "repeat", steps = { "repeat", "once" } } },
  { "two steps, the first not to be repeated, a shared journal",
    { faults = 1, most = 1, unknown = "repeat", steps = { "once", "repeat" } } },
  { "two users, two steps, one user a run, then a hold",
    { users = 2, exclusive = true, faults = 1, most = 1, limit = 1, hold = true, unknown = "repeat",
      steps = { "repeat", "once" } } },
  { "two users in a file, a fault", { users = 2, exclusive = true, faults = 1, most = 1 } },
  { "two users, one message a day", { users = 2, exclusive = true, faults = 1, most = 1, daily_limit = 1 } },
  { "two users, one a run, then a hold",
    { users = 2, exclusive = true, faults = 1, most = 1, limit = 1, hold = true } },
  { "copies of the journal", { exclusive = true, faults = 2, most = 1, copies = true } },
}

--- Minutes in all.
M.large = {
  { "a journal in a file, any number of faults", { exclusive = true } },
  { "a journal in a file, any number of faults, users who change",
    { exclusive = true, most = 1, recheck = true, people_change = true } },
  { "a journal in a file, any number of faults, an action that is as good twice",
    { exclusive = true, unknown = "repeat" } },
  { "a journal in a file, any number of faults, an action that leaves no trace",
    { exclusive = true, unknown = "uncertain" } },
  { "three steps, any number of faults, in a file",
    { exclusive = true, most = 1, unknown = "repeat", steps = { "repeat", "once", "repeat" } } },
  { "two steps, two faults, two calls at once, a shared journal",
    { faults = 2, unknown = "repeat", steps = { "repeat", "once" } } },
  { "two users, two steps, a fault, a shared journal",
    { users = 2, faults = 1, most = 1, unknown = "repeat", steps = { "repeat", "once" } } },
  { "a shared journal, three faults", { faults = 3, most = 1 } },
  { "a shared journal, two faults, two calls at once", { faults = 2 } },
  { "a shared journal, two faults, users who change", { faults = 2, most = 1, recheck = true, people_change = true } },
  { "two users in a file, two faults", { users = 2, exclusive = true, faults = 2, most = 1 } },
  { "two users, two faults, one message a day",
    { users = 2, exclusive = true, faults = 2, most = 1, daily_limit = 1 } },
  { "two users, a shared journal, a fault", { users = 2, faults = 1, most = 1 } },
  { "two users, a shared journal, a fault, one message a day", { users = 2, faults = 1, most = 1, daily_limit = 1 } },
}

--- From a rule to the world, and to the invariant that is broken there without
-- it. Several rules break more than one.
M.without = {
  claim_first = { "one message", { exclusive = true, faults = 2, most = 1 } },
  one_claim = { "one message", { faults = 1, most = 1 } },
  attempt_named = { "one call", { faults = 2, most = 1 } },
  look_before_repeat = { "one message", { exclusive = true, faults = 1, most = 1 } },
  dates_compared = { "one message", { exclusive = true, faults = 2, most = 1, people_change = true } },
  late_check = { "one message", { faults = 1, most = 1 } },
  dated_at_check = { "one message", { faults = 1, most = 1 } },
  membership = { "one message", { faults = 1, most = 1 } },
  calls_end_first = { "one message", { exclusive = true, faults = 2, most = 1 } },
  step_named = { "true rows",
    { exclusive = true, faults = 2, most = 1, unknown = "repeat", steps = { "repeat", "once" } } },
  once_unknown = { "one message",
    { exclusive = true, faults = 2, most = 1, unknown = "repeat", steps = { "repeat", "once" } } },
  lock = { "one call", { exclusive = true, faults = 1, most = 1 } },
  order_in_claim = { "orders hold", { exclusive = true, faults = 1, most = 1 } },
  counted_in_claim = { "limits kept", { users = 2, exclusive = true, faults = 1, daily_limit = 1 } },
  over_at_end = { "nobody lost", { exclusive = true, faults = 2, most = 1 } },
  leftovers = { "an end in reach", { exclusive = true, faults = 2, most = 1 } },
  home = { "one message", { exclusive = true, faults = 2, most = 1, copies = true } },
  one_row = { "one message", { users = 2, exclusive = true, faults = 1, most = 1 } },
  settles = { "one message", { exclusive = true, faults = 1, most = 1 } },
  signature_ends = { "one message", { faults = 1, most = 1 } },
}

return M

--- The one writer of a run: all that a run writes to its journal, each method a
-- transaction, from the worker's entry to its last word. What a row can undergo
-- stands in `cognito.bulk.rows`.
--
-- It alone knows the worker's name, which changes when a journal was away, and
-- the times of the last transaction. It sends nothing and waits for nothing but
-- the journal.
-- @module cognito.bulk.writer

local claims = require "cognito.bulk.claims"
local failure = require "cognito.bulk.failure"
local limits = require "cognito.bulk.limits"
local pace = require "cognito.bulk.pace"
local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"
local states = require "cognito.bulk.states"
local tally = require "cognito.bulk.tally"
local workers = require "cognito.bulk.workers"

local M = {}

local writer = {}
local writer_mt = { __index = writer }

-- Takes the pace, and with it the time: `now` by the service's clock, and the
-- job's clock, which moves no faster than workers look at it.
local function take_pace(self)
  self.now = self.service_time()
  local p = pace.take(self.journal, self.machine_time())
  self.clock = p.clock
  return p
end

-- On the job's clock: when a call that is made now cannot be under way any
-- more, and what it did shows.
local function settled(self)
  return self.clock + self.timeout + self.settle
end

-- Seconds between two looks at a user, and at least between two sign-outs.
local function pause(self)
  return self.settle / 6
end

local function enter(self)
  return workers.enter(self.journal, {
    caller = self.caller, endpoint = self.endpoint, now = self.now, alive_until = self.clock + self.lease,
  })
end

-- ---- the beginning ----

local function set_rate(self, p, rate, by)
  if rate and rate ~= p.base then
    if self.journal:get "started_at" then
      limits.note(self.journal, { name = "rate", was = ("%.4g"):format(p.base), became = ("%.4g"):format(rate),
        at = self.now, by = by })
    end
    p:set(rate)
  end
end

-- With the lock of a journal for one process, all earlier workers are gone.
local function begin(self, order)
  local journal, p = self.journal, take_pace(self)
  states.check(journal, "run") -- now that no order can come in between
  limits.keep(journal, order.limits, { at = self.now, by = order.by, endpoint = self.endpoint })
  set_rate(self, p, order.rate, order.by)
  p:save()
  if journal:is_exclusive() then
    workers.expire_all(journal, self.now)
  end
  journal:set("state", "running")
  journal:set("why", nil)
  if not journal:get "started_at" then
    journal:set("started_at", self.now)
  end
  return enter(self)
end

--- Begins the run: the job is running, and the worker is entered.
-- @tparam table order `limits` (those that were given for this run), `rate`
--   (users per second; nil: as it is), `by`
-- @raise a cognito.Error
function writer:begin(order)
  self.worker = self.journal:transaction(begin, self, order)
end

-- ---- a turn ----

-- Each returns the row's new state, where the outcome has changed it.

local function record_action(self, row, outcome)
  return rows.record(self.journal, row, outcome, self.action, { now = self.now, due = settled(self) })
end

local function record_look(self, row, outcome)
  return rows.judge(self.journal, row, outcome.verdict, self.action, {
    now = self.now, look_again = self.clock + pause(self), sign_out = self.sign_out and "due" or nil,
  })
end

local function record_sign_out(self, row, outcome)
  return sign_outs.record(self.journal, row, outcome, self.clock, pause(self))
end

local recorders = { action = record_action, look = record_look, sign_out = record_sign_out }

-- Records what has ended. To record it twice does no harm: the first commit may
-- hold though its confirmation was lost. Returns the states that rows have now.
local function record(self, ended)
  local changes = {}
  for _, each in ipairs(ended) do
    changes[#changes + 1] = recorders[each.kind](self, each.row, each.outcome)
  end
  return changes
end

local function is_slow(ended)
  for _, each in ipairs(ended) do
    if each.outcome.slow then
      return true
    end
  end
  return false
end

-- Claims for the slot that has come, unless the job was ordered to stop. The
-- order is read while the pace is held: it cannot come in between. By a
-- statement of its own, because one that waits for the lock sees the state from
-- before it.
local function use_slot(self, p, wish, done)
  if wish.slot and p:is_due(wish.slot.at) then
    local state = self.journal:get "state"
    if states.stopped[state] then
      done.order = state
      return
    end
    done.work = claims.take(self.journal,
      { rows = wish.slot.n, users = wish.users, daily_limit = wish.daily_limit },
      { now = self.now, clock = self.clock, due = settled(self) }, { worker = self.worker, action = self.action })
    done.used = true
    done.idle = not done.work[1]
    self.at "claimed"
  end
end

-- Takes the next slot, where there may be more to do.
local function next_slot(p, wish, done)
  local free = wish.free - #done.work
  if done.idle then
    return nil
  elseif wish.slot and not done.used then
    return wish.slot
  elseif free > 0 then
    local n, at = p:reserve(free)
    return { n = n, at = at }
  end
end

local function look_around(self)
  workers.expire(self.journal, self.clock, self.now)
  rows.take_over(self.journal, self.action, settled(self), self.now)
  return {
    state = self.journal:get "state", over = rows.is_over(self.journal), limits = limits.of(self.journal),
  }
end

local function turn(self, ended, wish)
  local p = take_pace(self)
  local done = { changes = record(self, ended), work = {}, clock = self.clock }
  self.at "recorded"
  if is_slow(ended) then
    p:slow()
  end
  done.is_member = workers.renew(self.journal, self.worker, self.clock + self.lease)
  if done.is_member and wish.free > 0 then
    use_slot(self, p, wish, done)
    done.slot = next_slot(p, wish, done)
  end
  if wish.look or done.idle then
    done.seen = look_around(self)
  end
  done.rate = p:current()
  p:save()
  return done
end

--- A turn: records what has ended, renews the lease, and claims what is due.
-- Only after this has returned may the calls of what it claimed be made.
-- @tparam table ended list of `{ kind, row, outcome }`
-- @tparam table wish `free` (how many rows can be begun; 0: none are wanted),
--   `slot` (as the last turn gave it), `users` and `daily_limit` (as
--   `claims.take` has them), `look` (whether to look at what others do and order)
-- @treturn table `changes` (states that rows have now), `work` (as `claims.take`
--   returns it), `idle` (there was a slot, and nothing to do), `slot` (else the
--   next one: `n`, and `at` on the job's clock), `clock` (the job's), `rate`,
--   `order` (the state that keeps it from claiming), `is_member` (false: the
--   worker was given up, and has claimed nothing), `seen` (`state`, `over`,
--   `limits`)
-- @raise a cognito.Error
function writer:turn(ended, wish)
  return self.journal:transaction(turn, self, ended, wish)
end

--- Notes, beside the journal, that users were taken on: after the commit,
-- before their calls.
-- @tparam number n how many
function writer:note_claims(n)
  self.journal:note_claims(n)
end

--- Enters the worker again that was given up: it and its calls go on under
-- another name.
-- @treturn boolean true
-- @raise a cognito.Error
function writer:enter_again()
  self.worker = self.journal:transaction(enter, self)
  return true
end

--- Counts the rows.
-- @treturn table as `tally.counts` returns it
-- @raise a cognito.Error
function writer:count()
  return self.journal:transaction(tally.counts, self.journal)
end

-- ---- after a failure ----

-- A URL may name several servers, or a name may lead to another one now.
local function rejoin(self, ended)
  self.journal:check_home()
  local p = take_pace(self)
  local changes = record(self, ended)
  rows.give_back(self.journal, self.worker, self.action)
  workers.leave(self.journal, self.worker, self.now, "journal_lost")
  local worker = enter(self)
  p:save()
  return { worker = worker, changes = changes }
end

--- Goes on after a transaction that failed: connects again, records what has
-- ended, and gives back claims of which no call was made. All calls must have
-- ended. A commit of the old connection may still come to hold: under another
-- name its claims are those of a worker that is gone.
-- @tparam table ended list of `{ kind, row, outcome }`
-- @treturn[1] {string,...} states that rows have now
-- @treturn[2] nil
-- @treturn[2] cognito.Error
function writer:rejoin(ended)
  local connected, err = self.journal:reconnect()
  if not connected then
    return nil, err
  end
  local done
  done, err = failure.catch(self.journal.transaction, self.journal, rejoin, self, ended)
  if not done then
    return nil, err
  end
  self.worker = done.worker
  return done.changes
end

-- ---- the end ----

-- Reasons that concern all workers of the job.
local for_all = { daily_email_limit = true, daily_limit = true, max_failures = true, limit = true }

-- An order that came before the end stands.
local function state_after(state, why, hold, is_alone)
  if state == "cancelled" then
    return nil
  elseif why == "done" then
    return "done"
  elseif state ~= "running" then
    return nil
  elseif why == "limit" and hold then
    return "held"
  elseif for_all[why] or is_alone then
    return "paused"
  end
end

local function finish(self, why, hold)
  local journal, now = self.journal, self.service_time()
  pace.hold(journal)
  if why == "done" and not rows.is_over(journal) then
    return false
  end
  workers.leave(journal, self.worker, now, why)
  local is_alone = workers.alive(journal) == 0
  local state = state_after(journal:get "state", why, hold, is_alone)
  if state then
    journal:set("state", state)
    journal:set("why", why)
  end
  -- A job that is done has ended, although a killed worker's lease goes on.
  if is_alone or state == "done" then
    journal:set("ended_at", now)
  end
  return true
end

--- Ends the run.
-- @tparam string why done, or what stopped it
-- @tparam ?boolean hold whether a run that reached its limit holds the job
-- @treturn boolean false: it has not ended, because an operator has users tried
--   again since it found nothing left
-- @raise a cognito.Error
function writer:finish(why, hold)
  return self.journal:transaction(finish, self, why, hold)
end

--- Makes the writer of a run.
-- @tparam table given `journal`, `action`, `sign_out` (whether sessions are
--   ended), `caller`, `endpoint`; `timeout` (seconds that a call may take),
--   `settle` and `lease` (seconds); `machine_time` and `service_time` (functions:
--   epoch seconds); `at` (called with the name of each step)
-- @treturn table writer
function M.new(given)
  return setmetatable({
    journal = given.journal, action = given.action, sign_out = given.sign_out,
    caller = given.caller, endpoint = given.endpoint,
    timeout = given.timeout, settle = given.settle, lease = given.lease,
    machine_time = given.machine_time, service_time = given.service_time, at = given.at,
  }, writer_mt)
end

return M

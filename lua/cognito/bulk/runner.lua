--- Works on a job: claims rows as the pace allows, makes their calls, records
-- what came of them. What a row can undergo stands in `cognito.bulk.rows`.
--
-- All writing is done in one place, a turn's transaction: it records what has
-- come back, renews the lease, and claims what is due. Only when it has been
-- committed are calls made for what it claimed.
-- @module cognito.bulk.runner

local calls = require "cognito.bulk.calls"
local claims = require "cognito.bulk.claims"
local clients = require "cognito.client"
local limits = require "cognito.bulk.limits"
local pace = require "cognito.bulk.pace"
local progress = require "cognito.bulk.progress"
local recover = require "cognito.bulk.recover"
local rows = require "cognito.bulk.rows"
local sign_outs = require "cognito.bulk.sign_outs"
local states = require "cognito.bulk.states"
local workers = require "cognito.bulk.workers"

local M = {}

local LOOK = 1 -- seconds between two looks at what others do and order

local MOMENT = 0.001 -- seconds that are not worth waiting for
local GROUP = 0.02 -- seconds within which outcomes share a transaction: a disk can be slow

local runner = {}
local runner_mt = { __index = runner }

--- The time that calls are dated by, which is the service's.
-- @treturn number epoch seconds
function runner:now()
  return clients.time(self.pool)
end

-- On the job's clock: when a call that is made now cannot be under way any
-- more, and what it did shows.
local function settled(self)
  return self.clock + self.timeout + self.options.settle
end

-- ---- a turn's transaction ----

-- Seconds between two looks at a user, and at least between two sign-outs.
local function pause(self)
  return self.options.settle / 6
end

-- Each returns the row's new state, where the outcome has changed it.

local function record_action(self, outcome)
  return rows.record(self.journal, outcome.row, outcome, self.job.action, settled(self))
end

local function record_look(self, outcome)
  return rows.judge(self.journal, outcome.row, outcome.verdict, self.job.action, {
    now = self.time, look_again = self.clock + pause(self), sign_out = self.job.sign_out and "due" or nil,
  })
end

local function record_sign_out(self, outcome)
  return sign_outs.record(self.journal, outcome.row, outcome, self.clock, pause(self))
end

local recorders = { action = record_action, look = record_look, sign_out = record_sign_out }

--- Records all outcomes, within a transaction. To record one twice does no
-- harm: the first commit may hold though its confirmation was lost.
-- @treturn table list of the states that rows have now
function runner:record_all()
  local new_states = {}
  for _, outcome in ipairs(self.outcomes) do
    outcome.now = self.time
    new_states[#new_states + 1] = recorders[outcome.kind](self, outcome)
  end
  return new_states
end

local function wants_work(self)
  return not self.stopping and self.in_flight < self.engine.most
end

-- Claims for the slot that has come, unless it was ordered to stop. The order
-- is read while the pace is held: it cannot come in between. By a statement of
-- its own, because one that waits for the lock sees what was before.
local function use_slot(self, done)
  if self.slot and self.clock >= self.slot.at - MOMENT then
    local state = self.journal:get "state"
    if states.stopped[state] then
      done.order = state
      return
    end
    done.work = claims.take(self, self.slot.n, settled(self))
    done.used = true
    done.idle = not done.work[1]
    self.at "claimed"
  end
end

-- Takes the next slot. Where there is nothing to do there is no hurry.
local function next_slot(self, p, done)
  local free = self.engine.most - self.in_flight - #done.work
  if done.idle then
    return { n = 1, at = self.clock + LOOK }
  elseif self.slot and not done.used then
    return self.slot
  elseif free > 0 then
    local n, at = p:reserve(free)
    return { n = n, at = at }
  end
end

local function look_around(self)
  workers.expire(self.journal, self.clock, self.time)
  rows.take_over(self.journal, self.job.action, settled(self), self.time)
  return {
    state = self.journal:get "state", over = rows.is_over(self.journal), limits = limits.of(self.journal),
  }
end

local function is_slow(outcomes)
  for _, outcome in ipairs(outcomes) do
    if outcome.slow then
      return true
    end
  end
  return false
end

-- Returns what is to be done once it holds.
local function transact(self)
  self.time, self.turned_at = self:now(), self.engine:clock()
  local p = pace.take(self.journal, self.engine:now())
  self.clock = p.clock
  local done = { states = self:record_all(), work = {} }
  self.at "recorded"
  if is_slow(self.outcomes) then
    p:slow()
  end
  done.is_member = workers.renew(self.journal, self.worker, p.clock + self.options.lease)
  if done.is_member and wants_work(self) then
    use_slot(self, done)
    done.slot = next_slot(self, p, done)
  end
  if self.turned_at >= self.next_look - MOMENT or done.idle then
    done.seen = look_around(self)
  end
  done.rate = p:current()
  p:save()
  return done
end

-- ---- what follows from it ----

local failures = { failed = true, uncertain = true, still_signed_in = true }

local function heed_states(self, new_states)
  for _, state in ipairs(new_states) do
    self.progress:change(state == "still_signed_in" and "accepted" or "started", state)
    if failures[state] then
      self.failures = self.failures + 1
    end
  end
  local most = self.options.max_failures
  if most > 0 and self.failures >= most then
    self:stop "max_failures"
  end
end

-- A network that is down for long is nothing to wait for all night.
local function watch_network(self, outcome)
  local clock = self.engine:clock()
  if not outcome.unreachable then
    self.unreachable_since = nil
  elseif clock - (self.unreachable_since or clock) > self.options.patience then
    self:stop(outcome.err.code, outcome.err)
  else
    self.unreachable_since = self.unreachable_since or clock
  end
  self.trouble = outcome.slow and outcome.err and outcome.err.code or nil
end

-- Users who do not count towards the limit: nothing was done to them.
local not_begun = { planned = true, skipped = true }

local function heed_outcomes(self)
  for _, outcome in ipairs(self.outcomes) do
    if outcome.stop then
      self:stop(outcome.stop, outcome.err)
    end
    if outcome.kind == "action" and not_begun[outcome.state] then
      self.claimed = self.claimed - 1
    end
    watch_network(self, outcome)
  end
  self.outcomes = {}
end

local function heed_others(self, seen)
  self.next_look = self.turned_at + LOOK
  self.is_over = seen.over
  -- Another worker may have been started with others: they are the job's.
  self.options.daily_limit, self.options.max_failures = seen.limits.daily_limit, seen.limits.max_failures
  if states.stopped[seen.state] then
    self:stop(seen.state)
  end
end

local function launch(self, kind, row)
  self.in_flight = self.in_flight + 1
  self.engine:start(function()
    calls[kind](self, row)
    self.in_flight = self.in_flight - 1
  end)
end

local function begin_work(self, work)
  local actions = 0
  for _, each in ipairs(work) do
    each.row.claimed_at = self.turned_at
    if each.kind == "action" then
      actions = actions + 1
      self.progress:change("planned", "started")
    end
  end
  self.claimed = self.claimed + actions
  if actions > 0 then
    self.journal:note_claims(actions)
  end
  for _, each in ipairs(work) do
    launch(self, each.kind, each.row)
  end
  if work.exhausted and self.in_flight == 0 and not self.outcomes[1] then
    self:stop(work.exhausted)
  end
end

local function turn(self)
  local done = recover.transaction(self, transact)
  if not done then
    return
  end
  self.at "committed"
  self.rate, self.slot = done.rate, done.slot
  heed_outcomes(self)
  heed_states(self, done.states)
  if done.order then
    self:stop(done.order)
  end
  if done.seen then
    heed_others(self, done.seen)
  end
  if not done.is_member then
    recover.enter_again(self)
  end
  begin_work(self, done.work)
end

-- ---- the run ----

local function is_done(self)
  return self.in_flight == 0 and not self.outcomes[1] and (self.stopping or self.is_over)
end

-- Seconds until there is something to do, or to see.
local function seconds_left(self)
  local due = self.next_look
  if is_done(self) then
    return 0
  elseif self.outcomes[1] then
    due = math.min(due, self.turned_at + (self.engine.most > 1 and GROUP or 0))
  end
  if self.slot and wants_work(self) then
    due = math.min(due, self.turned_at + self.slot.at - self.clock)
  end
  return due - self.engine:clock()
end

local function wait(self)
  local seconds = seconds_left(self)
  while seconds > MOMENT / 2 do -- well before the moment that counts
    self.engine:wait(seconds)
    seconds = seconds_left(self)
  end
end

--- Counts the rows again.
function runner:count()
  self.progress:count(self.journal)
  return true
end

--- How it goes.
-- @treturn table numbers of users by state; `rate` (users per second at
--   present), `elapsed` and `seconds_left`, `in_flight`, `claimed` (users that
--   this run has begun), `trouble` (the code of the last answer that slowed it
--   down, if it was the last one), `stopping` (why)
function runner:snapshot()
  return self.progress:snapshot {
    rate = self.rate, in_flight = self.in_flight, claimed = self.claimed, trouble = self.trouble,
    stopping = self.stopping,
  }
end

--- Tells the program how it goes, once a second.
-- @tparam[opt] boolean now whether or not a second has passed
function runner:tell(now)
  if self.options.on_progress and (self.progress:is_due() or now) then
    self.options.on_progress(self:snapshot())
  end
end

--- Stops: what is in flight is finished, nothing more is begun.
-- @tparam string why
-- @tparam[opt] cognito.Error err what it was that made it stop
function runner:stop(why, err)
  if not self.stopping then
    self.stopping, self.stopped_by = why, err
  end
end

--- Works until there is nothing left, or until it is stopped.
-- @treturn string why it ended: done, or what stopped it
-- @raise a cognito.Error when the journal cannot be reached any more
function runner:run()
  self:count()
  repeat
    turn(self)
    if self.progress:is_stale() then
      recover.transaction(self, runner.count)
    end
    self:tell()
    wait(self)
  until is_done(self)
  self:tell(true)
  return self.stopping or "done"
end

--- Makes a runner.
-- @tparam table job `action`, `sign_out`
-- @tparam table given `journal`, `pool` (a client that tries once), `engine`,
--   `options`, `timeout` (seconds that a call may take), `recheck` (what tells
--   whether a user has changed), `worker` (its name)
--   and `facts` about it
-- @treturn table runner
function M.new(job, given)
  local engine = given.engine
  local self = {
    job = job, outcomes = {}, in_flight = 0, claimed = 0, failures = 0, rate = 0,
    at = given.options.at or function() end,
    progress = progress.new(function() return engine:clock() end),
    next_look = engine:clock(),
  }
  for name, value in pairs(given) do
    self[name] = value
  end
  return setmetatable(self, runner_mt)
end

return M

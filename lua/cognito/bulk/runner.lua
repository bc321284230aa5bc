--- Works on a job, turn by turn: lets the writer record what has ended and claim
-- what is due, has the calls of it made, and waits until there is more to do.
-- The writer alone writes to the journal, and the calls alone send.
-- @module cognito.bulk.runner

local failure = require "cognito.bulk.failure"
local progress = require "cognito.bulk.progress"
local recover = require "cognito.bulk.recover"
local states = require "cognito.bulk.states"

local M = {}

local LOOK = 1 -- seconds between two looks at what others do and order, or for work where there was none
local MOMENT = 0.001 -- seconds that are not worth waiting for
local GROUP = 0.02 -- seconds within which outcomes share a transaction: a disk can be slow
local IMPATIENCE = 10 -- seconds that the journal may be away when the run is to stop anyway

local runner = {}
local runner_mt = { __index = runner }

local function is_full(self)
  return self.in_flight >= self.engine.most
end

local function wants_work(self)
  return not self.stopping and not is_full(self)
end

-- ---- what follows from outcomes ----

local failures = { failed = true, uncertain = true, still_signed_in = true }

local function heed_changes(self, changes)
  for _, state in ipairs(changes) do
    self.progress:change(state == "still_signed_in" and "accepted" or "started", state)
    if failures[state] then
      self.failures = self.failures + 1
    end
  end
  local most = self.limits.max_failures
  if most > 0 and self.failures >= most then
    self:stop "max_failures"
  end
end

-- A network that is down for long is nothing to wait for all night.
local function watch_network(self, outcome)
  local clock = self.engine:clock()
  if not outcome.unreachable then
    self.unreachable_since = nil
  elseif clock - (self.unreachable_since or clock) > self.patience then
    self:stop(outcome.err.code, outcome.err)
  else
    self.unreachable_since = self.unreachable_since or clock
  end
  self.trouble = outcome.slow and outcome.err and outcome.err.code or nil
end

-- Users who do not count towards the limit: nothing was done to them.
local not_begun = { planned = true, skipped = true }

-- Of an action's later steps the users have been counted.
local function is_first(row)
  return row.step == 1
end

local function heed_ended(self)
  for _, each in ipairs(self.ended) do
    local outcome = each.outcome
    if outcome.stop then
      self:stop(outcome.stop, outcome.err)
    end
    if each.kind == "action" and not_begun[outcome.state] and is_first(each.row) then
      self.claimed = self.claimed - 1
    end
    watch_network(self, outcome)
  end
  self.ended = {}
end

-- ---- a journal that does not answer ----

-- Waits for the calls in flight. Claims without an outcome are then known to be
-- without a call, those of a commit whose confirmation was lost among them.
local function drain(self)
  while self.in_flight > 0 do
    self.engine:wait(1)
  end
end

local function count(self)
  self.progress:count(function() return self.writer:count() end)
  return true
end

local function rejoin(self)
  local changes, err = self.writer:rejoin(self.ended)
  if not changes then
    return nil, err
  end
  heed_ended(self)
  heed_changes(self, changes)
  self.slot = nil
  return failure.catch(count, self)
end

local function keep_trying(self, err)
  recover.keep_trying(function() return rejoin(self) end, err, {
    clock = function() return self.engine:clock() end,
    patience = function() return self.stopping and IMPATIENCE or self.patience end,
    wait = function(seconds, problem)
      self.trouble = problem.code
      self:tell()
      self.engine:wait(seconds)
    end,
  })
end

-- Calls a function that writes. When the journal does not answer, waits until it
-- does: nothing is sent meanwhile, nothing that was sent is forgotten. Returns
-- nil where it did not hold: the worker has a new name then. Raises a
-- cognito.Error when waiting was in vain.
local function persist(self, f, ...)
  local done, err = failure.catch(f, ...)
  if not err then
    return done
  end
  drain(self)
  if not err.temporary then
    rejoin(self) -- there may be room again, to keep what is known
    error(err, 0)
  end
  keep_trying(self, err)
end

-- ---- calls ----

local function leave(self, kind, row, outcome)
  self.ended[#self.ended + 1] = { kind = kind, row = row, outcome = outcome }
end

-- Each outcome is left for the next turn at once: the action's can be recorded
-- while the sessions are being ended.
local function carry_out(self, kind, row, claimed_at)
  local outcome = self.calls:make(kind, row, claimed_at)
  leave(self, kind, row, outcome)
  if outcome.sign_out == "started" then
    leave(self, "sign_out", row, self.calls:make("sign_out", row, claimed_at))
  end
end

local function launch(self, kind, row)
  local claimed_at = self.turned_at
  self.in_flight = self.in_flight + 1
  self.engine:start(function()
    carry_out(self, kind, row, claimed_at)
    self.in_flight = self.in_flight - 1
  end)
end

local function note_claims(self, work)
  local actions = 0
  for _, each in ipairs(work) do
    if each.kind == "action" then
      actions = actions + 1
      self.claimed = self.claimed + (is_first(each.row) and 1 or 0)
      self.progress:change("planned", "started")
    end
  end
  if actions > 0 then
    self.writer:note_claims(actions)
  end
end

local function begin_work(self, work)
  note_claims(self, work)
  for _, each in ipairs(work) do
    launch(self, each.kind, each.row)
  end
  if work.exhausted and self.in_flight == 0 and not self.ended[1] then
    self:stop(work.exhausted)
  end
end

-- ---- a turn ----

-- The work that the run would take on.
local function wish_of(self)
  local limits = self.limits
  return {
    free = wants_work(self) and self.engine.most - self.in_flight or 0, slot = self.slot,
    users = limits.limit and limits.limit - self.claimed, daily_limit = limits.daily_limit,
    look = self.turned_at >= self.next_look - MOMENT,
  }
end

local function heed_others(self, seen)
  self.next_look = self.turned_at + LOOK
  self.is_over = seen.over
  -- Another worker may have been started with others: they are the job's.
  self.limits.daily_limit, self.limits.max_failures = seen.limits.daily_limit, seen.limits.max_failures
  if states.stopped[seen.state] then
    self:stop(seen.state)
  end
end

local function turn(self)
  self.turned_at = self.engine:clock()
  local done = persist(self, self.writer.turn, self.writer, self.ended, wish_of(self))
  if not done then
    return
  end
  self.at "committed"
  self.rate, self.clock = done.rate, done.clock
  -- Where there is nothing to do there is no hurry.
  self.slot = done.idle and { n = 1, at = done.clock + LOOK } or done.slot
  heed_ended(self)
  heed_changes(self, done.changes)
  if done.order then
    self:stop(done.order)
  end
  if done.seen then
    heed_others(self, done.seen)
  end
  if not done.is_member and persist(self, self.writer.enter_again, self.writer) then
    self.slot = nil
  end
  begin_work(self, done.work)
end

-- ---- the run ----

local function is_done(self)
  return self.in_flight == 0 and not self.ended[1] and (self.stopping or self.is_over)
end

-- Seconds until there is something to do, or to see.
local function seconds_left(self)
  local due = self.next_look
  if is_done(self) then
    return 0
  elseif self.ended[1] then
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

--- Reports to the program how it goes, once a second.
-- @tparam[opt] boolean now whether or not a second has passed
function runner:tell(now)
  if self.on_progress and (self.progress:is_due() or now) then
    self.on_progress(self:snapshot())
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
-- @treturn ?cognito.Error the error that stopped it
-- @raise a cognito.Error when the journal cannot be reached any more
function runner:run()
  self.is_over = false
  persist(self, count, self)
  repeat
    turn(self)
    if self.progress:is_stale() then
      persist(self, count, self)
    end
    self:tell()
    wait(self)
  until is_done(self)
  self:tell(true)
  return self.stopping or "done", self.stopped_by
end

--- Ends the run; waits for a journal that is away, as its turns do.
-- @tparam string why done, or what stopped it
-- @tparam ?boolean hold whether a run that reached its limit holds the job
-- @treturn boolean false: it has not ended, and `run` is to go on
-- @raise a cognito.Error when the journal cannot be reached any more
function runner:finish(why, hold)
  local ended
  repeat
    ended = persist(self, self.writer.finish, self.writer, why, hold)
  until ended ~= nil
  return ended
end

--- Makes a runner.
-- @tparam table given `writer`, `calls`, `engine`; `limits` (`limit`,
--   `daily_limit`, `max_failures`), `patience` (seconds that the journal or the
--   network may be away), `on_progress`, `at` (called with the name of each step),
--   `slots` (of the pace, that a user takes)
-- @treturn table runner
function M.new(given)
  local engine = given.engine
  return setmetatable({
    writer = given.writer, calls = given.calls, engine = engine, limits = given.limits,
    patience = given.patience, on_progress = given.on_progress, at = given.at,
    ended = {}, in_flight = 0, claimed = 0, failures = 0, rate = 0, next_look = engine:clock(),
    progress = progress.new(function() return engine:clock() end, given.slots),
  }, runner_mt)
end

return M

--- How fast the job goes: one pace for all workers, kept in the journal.
--
-- Slots lie evenly on the job's clock, `1 / rate` apart; taking one moves
-- the next one on, within a transaction. Missed slots are not made up for,
-- except for the blink that a machine may be late. The rate is halved when the
-- service throttles, and comes back within a minute.
-- @module cognito.bulk.pace

local c_locale = require "cognito.c_locale"
local sound = require "cognito.bulk.journal.sound"

local M = {}

local LONGEST_STEP = 2 -- seconds that the clock moves at most between two looks
local LATE = 0.05 -- seconds that a slot may have passed
local MOMENT = 0.001 -- seconds that are not worth waiting for
local RATE = 5 -- slots per second, unless set
local RECOVERY = 60 -- seconds from a standstill to full speed

local columns = "clock, seen, next_at, base, rate, changed_at"
local read_all = sound.reader("pace", columns)

local function read(row)
  return read_all(row or sound.refuse("the table pace", "single row"))
end

--- The pace as the journal has it.
-- @tparam table journal
-- @treturn table `base`, the full rate, and `rate`, to which it was slowed down
--   (slots per second), and more
-- @raise a cognito.Error where it is damaged
function M.look(journal)
  return read(journal:row("SELECT " .. columns .. " FROM pace"))
end

--- The full rate of a job, whether or not it was slowed down.
-- @tparam table journal
-- @treturn number slots per second
-- @raise a cognito.Error where it is damaged
function M.full_rate(journal)
  return M.look(journal).base
end

local pace = {}
local pace_mt = { __index = pace }

--- Begins a job's pace.
-- @tparam table journal
-- @tparam number now epoch seconds
function M.create(journal, now)
  journal:run(("INSERT INTO pace (clock, seen, next_at, base, rate, changed_at) VALUES (0, %s, 0, ?, ?, 0)")
    :format(journal:now_expression(now)), RATE, RATE)
end

--- Keeps all others from the pace to the end of the transaction, and so from
-- claims: the job's state changes between two claims.
-- @tparam table journal
function M.hold(journal)
  journal:hold_row "SELECT clock FROM pace"
end

--- Reads the pace and, to the end of the transaction, keeps others from it.
-- The clock moves on.
-- @tparam table journal
-- @tparam number now epoch seconds
-- @treturn table pace: `clock`, and the methods below
function M.take(journal, now)
  local self = read(journal:hold_row(("SELECT %s, %s AS now FROM pace"):format(columns, journal:now_expression(now))))
  self.journal, self.now = journal, c_locale.tonumber(self.now)
  -- Set back, it stands still; set forward, it goes on from there.
  self.clock = self.clock + math.max(0, math.min(self.now - self.seen, LONGEST_STEP))
  return setmetatable(self, pace_mt)
end

--- The rate as it is now.
-- @treturn number slots per second
function pace:current()
  return math.min(self.base, self.rate + self.base * (self.clock - self.changed_at) / RECOVERY)
end

--- Whether a slot has come.
-- @tparam number at on the job's clock
-- @treturn boolean
function pace:is_due(at)
  return self.clock >= at - MOMENT
end

--- Sets the full rate.
-- @tparam number rate slots per second
function pace:set(rate)
  self.base, self.rate, self.changed_at = rate, rate, self.clock
end

--- Slows down, once a second at most: throttled calls come in bunches. A second
-- brings back a sixtieth of the full rate, below which no slowing down leads.
function pace:slow()
  if self.clock - self.changed_at >= 1 or self.rate == self.base then
    self.rate, self.changed_at = self:current() / 2, self.clock
  end
end

--- Takes slots. At high rates they are taken by the handful.
-- @tparam number most how many at most
-- @treturn number how many
-- @treturn number on the job's clock: when the first of them is
function pace:reserve(most)
  local rate = self:current()
  local n = math.max(1, math.min(most, math.floor(rate / 50)))
  local at = math.max(self.next_at, self.clock - LATE)
  self.next_at = at + n / rate
  return n, at
end

--- Writes the pace back.
function pace:save()
  self.journal:run(("UPDATE pace SET clock = ?, seen = %s, next_at = ?, base = ?, rate = ?, changed_at = ?")
    :format(self.journal:now_expression(self.now)), self.clock, self.next_at, self.base, self.rate, self.changed_at)
end

return M

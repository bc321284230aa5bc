--- How a run goes: counted while it goes, because to count the rows of a large
-- journal every second would cost more than the run.
-- @module cognito.bulk.progress

local tables = require "cognito.tables"

local M = {}

local SECOND = 1 -- between two reports to the program
local RECOUNT = 10 -- seconds, at least, until the rows are counted again
local SHARE = 50 -- counting takes at most one in so many seconds

local progress = {}
local progress_mt = { __index = progress }

--- Counts the rows. Other workers change them, too: so this is done now and
-- then, and the less often the longer it takes.
-- @tparam function count returns the numbers, as `tally.counts` does
function progress:count(count)
  local begun = self.clock()
  self.counts = count()
  local ended = self.clock()
  self.next_count = ended + math.max(RECOUNT, SHARE * (ended - begun))
end

--- Whether the rows should be counted again.
-- @treturn boolean
function progress:is_stale()
  return self.clock() >= self.next_count
end

--- Notes that a row has changed its state.
-- @tparam string from
-- @tparam string to
function progress:change(from, to)
  self.counts[from] = self.counts[from] - 1
  self.counts[to] = self.counts[to] + 1
end

--- A report to the program.
-- @tparam table facts that the runner adds
-- @treturn table
function progress:snapshot(facts)
  tables.add(facts, self.counts)
  facts.elapsed = self.clock() - self.begun
  facts.seconds_left = facts.rate > 0 and (facts.planned + facts.started) * self.slots / facts.rate or nil
  return facts
end

--- Whether it is time to report to the program.
-- @treturn boolean false until the rows have been counted
function progress:is_due()
  if not self.counts or self.clock() < self.next_telling then
    return false
  end
  self.next_telling = self.clock() + SECOND
  return true
end

--- Begins.
-- @tparam function clock returns seconds
-- @tparam[opt=1] number slots of the pace, that a user takes
-- @treturn table
function M.new(clock, slots)
  return setmetatable({
    clock = clock, slots = slots or 1, begun = clock(), next_telling = clock(), next_count = clock(),
  }, progress_mt)
end

return M

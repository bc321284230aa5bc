--- How fast a plan looks users up: at its own rate, which shares the account's
-- quota with people who sign in now. When the service throttles, the rate is
-- halved; it comes back within a minute. A run has the pace of its journal.
-- @module cognito.bulk.reading

local clients = require "cognito.client"
local native = require "cognito.native"

local M = {}

local RECOVERY = 60 -- seconds from a standstill to full speed

local reading = {}
local reading_mt = { __index = reading }

-- Look-ups a second, as it is now.
local function current(self)
  return math.min(self.base, self.rate + self.base * (self.clock() - self.changed_at) / RECOVERY)
end

-- Once a second at most: the attempts of one call come together. A second brings
-- back a sixtieth of the full rate, below which no slowing down leads.
local function slow(self)
  local now = self.clock()
  if now - self.changed_at >= 1 or self.rate == self.base then
    self.rate, self.changed_at = current(self) / 2, now
  end
end

--- Waits until the next look-up may be made.
function reading:wait()
  local wait = self.next_at - self.clock()
  if wait > 0 then
    self.sleep(wait)
  end
  self.next_at = math.max(self.next_at, self.clock()) + 1 / current(self)
end

--- Begins.
-- @tparam cognito.Client pool
-- @tparam number rate look-ups per second
-- @treturn table reading: its `pool` is the client for the look-ups
function M.new(pool, rate)
  local runtime = clients.transport(pool).runtime
  local self = setmetatable({ base = rate, rate = rate, next_at = 0 }, reading_mt)
  self.clock = runtime and function() return runtime:clock() end or native.clock
  self.sleep = runtime and function(seconds) runtime:sleep(seconds) end or native.sleep
  self.changed_at = self.clock()
  self.pool = clients.observed(pool, function(attempt)
    if attempt.kind == "throttle" then
      slow(self)
    end
  end)
  return self
end

return M

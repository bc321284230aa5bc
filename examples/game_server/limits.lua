--- How often something may be done: a bucket of tokens for each key.

local M = {}

local limits = {}
local limits_mt = { __index = limits }

local function filled(self, bucket, now)
  return math.min(self.burst, bucket.tokens + (now - bucket.time) / self.interval)
end

--- Takes a token, if there is one.
-- @tparam string key
-- @tparam number now seconds
-- @treturn boolean
function limits:take(key, now)
  local bucket = self.buckets[key]
  local tokens = bucket and filled(self, bucket, now) or self.burst
  if tokens < 1 then
    return false
  end
  self.buckets[key] = { tokens = tokens - 1, time = now }
  return true
end

--- Forgets the keys whose buckets are full again.
-- @tparam number now seconds
function limits:sweep(now)
  for key, bucket in pairs(self.buckets) do
    if filled(self, bucket, now) >= self.burst then
      self.buckets[key] = nil
    end
  end
end

--- Makes limits.
-- @tparam number burst how many times at once
-- @tparam number interval seconds until one more
-- @treturn table
function M.new(burst, interval)
  return setmetatable({ burst = burst, interval = interval, buckets = {} }, limits_mt)
end

return M

--- Samples and their percentiles, to one per cent, in little memory however
-- many there are.
--
-- A long list of them would be more exact, and would have to be looked through
-- by the collector of garbage, within some tick.

local M = {}

local SMALLEST = 1e-6
local LARGEST = 100
local RATIO = 1.02 -- from one class to the next

local CLASSES = math.ceil(math.log(LARGEST / SMALLEST) / math.log(RATIO))

local samples = {}
local samples_mt = { __index = samples }

local function class_of(value)
  local class = math.ceil(math.log(math.max(value, SMALLEST) / SMALLEST) / math.log(RATIO))
  return math.max(1, math.min(class, CLASSES))
end

local function middle_of(class)
  return SMALLEST * RATIO ^ (class - 0.5)
end

--- Adds a sample.
-- @tparam number value
function samples:add(value)
  local class = class_of(value)
  self.classes[class] = self.classes[class] + 1
  self.count = self.count + 1
  self.max = math.max(self.max, value)
end

--- The value that so many per cent of the samples are not above.
-- @tparam number percent
-- @treturn number 0 where there are no samples
function samples:percentile(percent)
  local rank, seen = math.max(1, math.ceil(self.count * percent / 100)), 0
  for class, count in ipairs(self.classes) do
    seen = seen + count
    if seen >= rank and rank < self.count then
      return math.min(middle_of(class), self.max)
    end
  end
  return self.max
end

--- Makes an empty set of samples, between a millionth and a hundred.
-- @treturn table `count` and `max` are exact
function M.new()
  local classes = {}
  for class = 1, CLASSES do
    classes[class] = 0
  end
  return setmetatable({ classes = classes, count = 0, max = 0 }, samples_mt)
end

return M

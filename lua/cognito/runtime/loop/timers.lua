--- What is due when: a binary heap whose entries know their places, so that
-- any of them can be taken back.
-- @module cognito.runtime.loop.timers

local M = {}

local timers = {}
local timers_mt = { __index = timers }

-- Timers that are due at the same time run in the order in which they were set.
-- Lua 5.2 runs finalizers at any call of a function, and these may set timers:
-- none is called while the heap is out of order.

-- Adds an entry, or without one takes `out` back. Returns whether `out` was there.
local function change(self, entry, out)
  local heap, n = self.heap, self.n
  local i
  if entry then
    n = n + 1
    i, self.n = n, n
  else
    entry, i = heap[n], out.place
    if not i then
      return false
    end
    heap[n], out.place = nil, nil
    n = n - 1
    self.n = n
    if entry == out then
      return true
    end
  end
  local time, number = entry.time, entry.number
  while i > 1 do -- rises
    local above = (i - i % 2) / 2
    local parent = heap[above]
    if parent.time < time or (parent.time == time and parent.number < number) then
      break
    end
    heap[i], parent.place, i = parent, i, above
  end
  while 2 * i <= n do -- or sinks
    local below = 2 * i
    local child, other = heap[below], heap[below + 1]
    if other and (other.time < child.time or (other.time == child.time and other.number < child.number)) then
      child, below = other, below + 1
    end
    if time < child.time or (time == child.time and number < child.number) then
      break
    end
    heap[i], child.place, i = child, i, below
  end
  heap[i], entry.place = entry, i
  return true
end

--- Adds an entry.
-- @tparam number time in seconds, on the clock that `take` is asked by
-- @tparam table entry a table of the caller's; gets the fields `time`,
--   `number` and `place`
function timers:add(time, entry)
  self.added = self.added + 1
  entry.time, entry.number = time, self.added
  change(self, entry)
end

--- Takes an entry back. One that is not there does no harm.
-- @tparam table entry
function timers:remove(entry)
  change(self, nil, entry)
end

--- When the next one is due.
-- @treturn[1] number seconds
-- @treturn[2] nil when there is none
function timers:next()
  local first = self.heap[1]
  return first and first.time
end

--- Takes the earliest of those that are due.
-- @tparam number time in seconds, what it is now
-- @treturn ?table entry
function timers:take(time)
  local first = self.heap[1]
  if first and first.time <= time and change(self, nil, first) then
    return first
  end
end

--- Makes an empty heap.
-- @treturn table timers
function M.new()
  return setmetatable({ heap = {}, n = 0, added = 0 }, timers_mt)
end

return M

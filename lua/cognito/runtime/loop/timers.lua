--- What is due when: a binary heap whose entries know their places, so that
-- any of them can be taken back.
-- @module cognito.runtime.loop.timers

local M = {}

local timers = {}
local timers_mt = { __index = timers }

-- Timers that are due at the same time run in the order in which they were set.
local function before(a, b)
  return a.time < b.time or (a.time == b.time and a.number < b.number)
end

local function put(heap, i, entry)
  heap[i] = entry
  entry.place = i
end

local function rise(heap, i, entry)
  while i > 1 do
    local parent = math.floor(i / 2)
    if not before(entry, heap[parent]) then
      break
    end
    put(heap, i, heap[parent])
    i = parent
  end
  put(heap, i, entry)
end

local function sink(heap, i, entry, n)
  while 2 * i <= n do
    local child = 2 * i
    if child < n and before(heap[child + 1], heap[child]) then
      child = child + 1
    end
    if not before(heap[child], entry) then
      break
    end
    put(heap, i, heap[child])
    i = child
  end
  put(heap, i, entry)
end

--- Adds an entry.
-- @tparam number time in seconds, on the clock that `take` is asked by
-- @tparam table entry a table of the caller's; gets the fields `time`,
--   `number` and `place`
function timers:add(time, entry)
  self.added, self.n = self.added + 1, self.n + 1
  entry.time, entry.number = time, self.added
  rise(self.heap, self.n, entry)
end

--- Takes an entry back. One that is not there does no harm.
-- @tparam table entry
function timers:remove(entry)
  local heap, i, n = self.heap, entry.place, self.n
  if not i then
    return
  end
  local last = heap[n]
  heap[n], entry.place, self.n = nil, nil, n - 1
  if last == entry then
    return
  elseif before(last, entry) then
    rise(heap, i, last)
  else
    sink(heap, i, last, n - 1)
  end
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
  if first and first.time <= time then
    self:remove(first)
    return first
  end
end

--- Makes an empty heap.
-- @treturn table timers
function M.new()
  return setmetatable({ heap = {}, n = 0, added = 0 }, timers_mt)
end

return M

--- What is due when: a binary heap.
-- @module cognito.runtime.loop.timers

local M = {}

local timers = {}
local timers_mt = { __index = timers }

local function before(a, b)
  return a.time < b.time
end

local function rise(heap, i)
  local entry = heap[i]
  while i > 1 do
    local parent = math.floor(i / 2)
    if not before(entry, heap[parent]) then
      break
    end
    heap[i], i = heap[parent], parent
  end
  heap[i] = entry
end

local function sink(heap, n)
  local i, entry = 1, heap[1]
  while 2 * i <= n do
    local child = 2 * i
    if child < n and before(heap[child + 1], heap[child]) then
      child = child + 1
    end
    if not before(heap[child], entry) then
      break
    end
    heap[i], i = heap[child], child
  end
  heap[i] = entry
end

--- Adds what is to happen.
-- @tparam number time in seconds, on the clock that `due` is asked by
-- @tparam function action called when it is due
function timers:add(time, action)
  self.n = self.n + 1
  self[self.n] = { time = time, action = action }
  rise(self, self.n)
end

--- When the next one is due.
-- @treturn[1] number seconds
-- @treturn[2] nil when there is none
function timers:next()
  return self[1] and self[1].time
end

--- Calls what is due, the earliest first.
-- @tparam number time seconds
function timers:expire(time)
  while self[1] and self[1].time <= time do
    local action, n = self[1].action, self.n
    self[1], self[n], self.n = self[n], nil, n - 1
    if n > 2 then
      sink(self, n - 1)
    end
    action()
  end
end

--- Makes an empty heap.
-- @treturn table timers
function M.new()
  return setmetatable({ n = 0 }, timers_mt)
end

return M

--- At most so many calls at once. Who comes later waits in line, and its
-- call's deadline begins when its turn comes.
--
-- Tasks take slots; a call that a task makes within a call (a function that
-- fetches a secret, say) goes by the slot that the task has already, so that
-- nobody waits for himself.
-- @module cognito.runtime.loop.slots

local M = {}

local slots = {}
local slots_mt = { __index = slots }

--- Takes a slot for a task, or tells what to wait for.
-- @tparam table task
-- @treturn ?table wait, done when the task has its slot
function slots:take(task)
  task.depth = (task.depth or 0) + 1
  if task.depth > 1 or task.admitted then
    return nil
  elseif self.free > 0 then
    self.free = self.free - 1
    task.admitted = true
    return nil
  end
  local wait = { task = task }
  self.last = self.last + 1
  self.line[self.last] = wait
  return wait
end

-- Those that were cancelled in line are done waiting.
local function next_in_line(self)
  while self.first <= self.last do
    local wait = self.line[self.first]
    self.line[self.first] = nil
    self.first = self.first + 1
    if not wait.done then
      return wait
    end
  end
end

local function give_back(self, task)
  if not task.admitted then
    return
  end
  task.admitted = nil
  local wait = next_in_line(self)
  if wait then
    wait.task.admitted = true
    self.wake(wait)
  else
    self.free = self.free + 1
  end
end

--- Gives a task's slot back when its outermost call has ended.
-- @tparam table task
function slots:release(task)
  task.depth = task.depth - 1
  if task.depth == 0 then
    give_back(self, task)
  end
end

--- Gives back what a task holds that has ended, perhaps within a call.
-- @tparam table task
function slots:clear(task)
  task.depth = 0
  give_back(self, task)
end

--- Makes slots.
-- @tparam number n how many
-- @tparam function wake called with the wait whose task has a slot now
-- @treturn table slots
function M.new(n, wake)
  return setmetatable({ free = n, line = {}, first = 1, last = 0, wake = wake }, slots_mt)
end

return M

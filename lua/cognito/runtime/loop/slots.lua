--- At most so many calls at once to each host. Later calls wait in line, and a
-- call's time begins with its turn; a host that does not answer holds up only
-- the calls to it.
-- @module cognito.runtime.loop.slots

local M = {}

local slots = {}
local slots_mt = { __index = slots }

-- A finalizer that runs where a table is made may turn the loop: others take and
-- give back slots there, so the line of a host is looked up afterwards.
local function line_of(self, host)
  local line = self.lines[host]
  if line then
    return line
  end
  local made = { host = host, free = self.most, first = 1, last = 0 }
  line = self.lines[host] or made
  self.lines[host] = line
  return line
end

--- Takes a slot for a task, or tells what to wait for.
-- @tparam table task
-- @tparam string host any name of it
-- @treturn ?table wait, done when the task has its slot
function slots:take(task, host)
  local line, wait = line_of(self, host), nil
  if line.free == 0 then
    wait = { taker = task }
    line = line_of(self, host)
  end
  local free = line.free
  if free > 0 then
    line.free, task.slot = free - 1, line
    return nil
  end
  line.last = line.last + 1
  line[line.last] = wait
  return wait
end

-- Passes over waits that were cancelled in line.
local function next_in(line)
  while line.first <= line.last do
    local wait = line[line.first]
    line[line.first] = nil
    line.first = line.first + 1
    if not wait.done then
      return wait
    end
  end
end

--- Gives a task's slot back, if it has one.
-- @tparam table task
-- @treturn ?table wait of the next in line, whose slot it is now
function slots:give_back(task)
  local line = task.slot
  if not line then
    return nil
  end
  task.slot = false
  local wait = next_in(line)
  if wait then
    wait.taker.slot = line
    return wait
  end
  line.free = line.free + 1
  if line.free == self.most then
    self.lines[line.host] = nil
  end
end

--- Makes slots.
-- @tparam number most for each host
-- @treturn table slots
function M.new(most)
  return setmetatable({ most = most, lines = {} }, slots_mt)
end

return M

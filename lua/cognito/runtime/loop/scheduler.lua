--- Tasks: functions in coroutines of their own, and what they wait for.
--
-- A task that waits has a *wait*, a table that somebody marks as `done`; then
-- it goes on in its turn. Code that runs in no task, or at a place where it
-- cannot be suspended, waits by turning the loop itself until its wait is
-- done. Nothing here knows the network.
-- @module cognito.runtime.loop.scheduler

local errors = require "cognito.errors"
local timers = require "cognito.runtime.loop.timers"

local M = {}

local unpack = rawget(_G, "unpack") or table.unpack

-- Lua 5.1 and 5.2 cannot tell; there the yield itself complains.
local is_yieldable = rawget(coroutine, "isyieldable") or function() return true end

local scheduler = {}

--- The task whose code is running, where it can be suspended.
-- @treturn ?table task
function scheduler:current()
  local thread = coroutine.running()
  local task = thread and self.tasks[thread]
  return task and is_yieldable() and task or nil
end

-- ---- going on ----

local function enqueue(self, task)
  self.last = self.last + 1
  self.ready[self.last] = task
end

--- Whether a task could go on at once.
-- @treturn boolean
function scheduler:is_busy()
  return self.first <= self.last
end

local function dequeue(self)
  local task = self.ready[self.first]
  if task then
    self.ready[self.first] = nil
    self.first = self.first + 1
  end
  return task
end

--- Marks a wait as done; who waits goes on in its turn.
-- @tparam table wait
function scheduler:wake(wait)
  if not wait.done then
    wait.done = true
    if wait.task then
      enqueue(self, wait.task)
    end
  end
end

local function report(self, task)
  if self.on_error then
    task.seen = true
    self.on_error(task.results[1], task)
  else
    self.failures[#self.failures + 1] = task
  end
end

local function pack(...)
  return { n = select("#", ...), ... }
end

-- Returns whether anybody awaited it.
local function settle(self, task, state, results)
  local awaited, told = task.awaited, false
  if task.thread then
    self.tasks[task.thread] = nil
  end
  task.state, task.results = state, results
  task.fn, task.arguments, task.thread, task.awaited = nil, nil, nil, nil
  self.all[task] = nil
  self.alive = self.alive - 1
  self.ended(task)
  for i = 1, #awaited do
    told = told or not awaited[i].done
    self:wake(awaited[i])
  end
  return told
end

-- A cancelled task ends well, too, by raising what it was answered.
local function gave_up(task, err)
  return task.cancelled and errors.is_error(err) and err.code == "aborted"
end

local function finish(self, task, ok, ...)
  if ok then
    settle(self, task, "done", pack(...))
  elseif gave_up(task, (...)) then
    settle(self, task, "cancelled", pack())
  else
    task.traceback = debug.traceback(task.thread, tostring((...)))
    if not settle(self, task, "failed", pack(...)) then
      report(self, task)
    end
  end
end

-- A task that yields by itself lets the others go first.
local function after(self, task, ok, ...)
  if coroutine.status(task.thread) == "dead" then
    finish(self, task, ok, ...)
  elseif not task.wait then
    enqueue(self, task)
  end
end

local function begin(self, task)
  local thread = coroutine.create(task.fn)
  local arguments = task.arguments
  task.state, task.thread, task.fn, task.arguments = "running", thread, nil, nil
  self.tasks[thread] = task
  after(self, task, coroutine.resume(thread, unpack(arguments, 1, arguments.n)))
end

local function resume(self, task)
  if task.state == "new" then
    begin(self, task)
  elseif task.thread then
    after(self, task, coroutine.resume(task.thread))
  end
end

--- Marks a wait as done and lets who waits go on now.
-- @tparam table wait
function scheduler:continue(wait)
  wait.done = true
  if wait.task then
    resume(self, wait.task)
  end
end

--- How many could go on now.
-- @treturn number
function scheduler:count_ready()
  return self.last - self.first + 1
end

--- Lets the first of those go on that can.
function scheduler:resume_next()
  local task = dequeue(self)
  if task then
    resume(self, task)
  end
end

-- ---- waiting ----

--- Waits until a wait is done.
-- @tparam table wait
-- @tparam function turn called until then where no task can be suspended
function scheduler:wait(wait, turn)
  local task = self:current()
  if not task then
    while not wait.done do
      turn()
    end
    return
  end
  wait.task, task.wait = task, wait
  repeat
    coroutine.yield()
  until wait.done -- somebody else may resume our coroutine
  task.wait = nil
end

--- Wakes somebody at a time.
-- @tparam number time seconds, on the clock that the loop goes by
-- @tparam table wait
function scheduler:wake_at(time, wait)
  self.timers:add(time, function() self:wake(wait) end)
end

-- ---- life ----

--- Makes a task that begins in its turn.
-- @tparam table task what it is to be; fields are added
-- @tparam function fn
-- @param ... its arguments
-- @treturn table task
function scheduler:spawn(task, fn, ...)
  task.state, task.fn, task.arguments, task.awaited = "new", fn, pack(...), {}
  self.all[task] = true
  self.alive = self.alive + 1
  enqueue(self, task)
  return task
end

--- Ends a task that has not begun, or that does not come to an end.
-- @tparam table task
function scheduler:drop(task)
  local thread = task.thread
  if not self.all[task] then
    return
  end
  settle(self, task, "cancelled", { n = 0 })
  local close = rawget(coroutine, "close")
  if thread and close and coroutine.status(thread) == "suspended" then
    close(thread)
  end
end

--- Those that have not ended.
-- @treturn table list of tasks
function scheduler:list()
  local list = {}
  for task in pairs(self.all) do
    list[#list + 1] = task
  end
  return list
end

--- The first failure that nobody has been told of, which counts as told now.
-- @treturn ?table task
function scheduler:next_failure()
  while self.failures[1] do
    local task = table.remove(self.failures, 1)
    if not task.seen then
      task.seen = true
      return task
    end
  end
end

local scheduler_mt = { __index = scheduler }

--- Makes a scheduler.
-- @tparam table hooks `ended(task)` is called when a task has ended;
--   optional `on_error(err, task)` when one raised that nobody awaits
-- @treturn table scheduler
function M.new(hooks)
  return setmetatable({
    ready = {}, first = 1, last = 0, -- a queue of tasks
    tasks = {}, -- by coroutine, those that have begun
    all = {}, -- a set
    alive = 0,
    timers = timers.new(),
    failures = {},
    ended = hooks.ended,
    on_error = hooks.on_error,
  }, scheduler_mt)
end

return M

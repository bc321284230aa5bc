--- Tasks in coroutines of their own: which one runs, which are runnable, which
-- are suspended.
--
-- A suspended task holds a *wait*, a table; marking it `done` makes the task
-- runnable. Code outside of tasks, or where its task cannot be suspended, waits
-- by turning the loop until its wait is done. Nothing here knows the network or
-- the time.
-- @module cognito.runtime.loop.scheduler

local dialect = require "cognito.dialect"
local errors = require "cognito.errors"
local failures = require "cognito.runtime.loop.failures"
local record = require "cognito.runtime.loop.record"
local suspendable = require "cognito.runtime.loop.suspendable"

local M = {}

local unpack = rawget(_G, "unpack") or table.unpack
local running, status, yield, go_on = coroutine.running, coroutine.status, coroutine.yield, coroutine.resume
local is_suspendable, PROBE = suspendable.here, suspendable.PROBE

-- How many waits may turn the loop on top of each other; each takes some of the
-- C stack, which holds some forty of them in Lua 5.4.
local DEEPEST = 20

local scheduler = {}

-- ---- the running task ----

--- The task whose code is running, be it in a coroutine that it made.
-- @treturn ?table task
function scheduler:owner()
  return self.tasks[running()] or self.running
end

--- The same, and which task a wait here suspends.
-- @treturn ?table task whose code is running
-- @treturn ?table the same task where it can be suspended; nil: a wait here has
--   to turn the loop
-- @raise where neither can be
function scheduler:who()
  local task = self.tasks[running()]
  if task and is_suspendable() then
    return task, task
  elseif self.driving == DEEPEST then
    error("too many calls wait where a task cannot be suspended: in table.sort, string.gsub, coroutines of its own", 0)
  end
  return task or self.running
end

-- ---- ends ----

local function pack(...)
  return { n = select("#", ...), ... }
end

-- Returns whether it was awaited. A finalizer may have dropped the task while its
-- results were packed.
local function settle(self, task, state, results)
  if not self.all[task] then
    return true
  end
  local told, awaited, thread = false, record.settle(task, state, results)
  if thread then
    self.tasks[thread] = nil
  end
  self.all[task] = nil
  self.alive = self.alive - 1
  self.ended(task)
  for i = 1, #awaited do
    told = told or not awaited[i].done
    self:wake(awaited[i])
  end
  return told
end

-- A cancelled task may also end by raising the error that its wait returned.
local function gave_up(task, err)
  return task.cancelled and errors.is_error(err) and err.code == "aborted"
end

local function finish(self, task, ok, ...)
  if ok then
    settle(self, task, "done", pack(...))
  elseif gave_up(task, (...)) then
    settle(self, task, "cancelled", pack(nil, ...))
  else
    local err = ...
    record.failed(task, type(err) == "string" and debug.traceback(task.thread, err) or nil)
    if not settle(self, task, "failed", pack(err)) then
      self.failures:tell(task)
    end
  end
end

-- ---- going on ----

local function enqueue(self, task)
  self.last = self.last + 1
  self.ready[self.last] = task
end

local function dequeue(self)
  local task = self.ready[self.first]
  if task then
    self.ready[self.first] = nil
    self.first = self.first + 1
  end
  return task
end

-- A task that yields lets the others go first, and so does one that could not be
-- resumed just now (another resumes it, or the C stack is full).
local function suspended(self, task, before, ok, ...)
  local thread = task.thread
  if (...) == PROBE and thread then
    return suspended(self, task, before, go_on(thread))
  end
  self.running = before
  if not thread then -- dropped while it ran
    return
  elseif status(thread) == "dead" then
    finish(self, task, ok, ...)
  elseif not ok or not task.wait then
    enqueue(self, task)
  end
end

-- Nothing below the task's function holds its arguments: a client among them
-- would stay, and its loop with it, for as long as the task does not go on. Lua
-- 5.1 and LuaJIT have no tables whose values count only while their keys do.
local create = coroutine.create
if dialect.is_5_1 then
  -- There a coroutine cannot begin with a function in C.
  local function of_c(fn)
    return function(...)
      return fn(...)
    end
  end

  function create(fn)
    return coroutine.create(debug.getinfo(fn, "S").what == "C" and of_c(fn) or fn)
  end
end

local function begin(self, task)
  local before, thread = self.running, create(task.fn)
  local arguments = record.begin(task, thread)
  if not arguments then
    return
  end
  self.tasks[thread] = task
  self.running = task
  suspended(self, task, before, go_on(thread, unpack(arguments, 1, arguments.n)))
end

local function resume(self, task)
  local before, thread = self.running, task.thread
  if thread then
    self.running = task
    suspended(self, task, before, go_on(thread))
  elseif task.state == "new" then
    begin(self, task)
  end
end

--- How many tasks are runnable.
-- @treturn number
function scheduler:count_ready()
  return self.last - self.first + 1
end

--- Resumes the first runnable task.
function scheduler:resume_next()
  local task = dequeue(self)
  if task then
    resume(self, task)
  end
end

-- ---- waiting ----

--- Marks a wait as done; its task goes on in its turn.
-- @tparam table wait
function scheduler:wake(wait)
  if not wait.done then
    wait.done = true
    if wait.task then
      enqueue(self, wait.task)
    end
  end
end

--- Marks a wait as done; its task goes on now.
-- @tparam table wait
function scheduler:continue(wait)
  local task = wait.task
  wait.done = true
  if task then
    resume(self, task)
  end
end

local function turn_until_done(wait, turn)
  while not wait.done do
    turn()
  end
end

--- Calls a function that turns the loop. Where it raises half-way, for want of
-- memory, say, no task counts as running that did not before.
-- @tparam function f
-- @param ... its arguments
-- @raise what it raises
function scheduler:guard(f, ...)
  local before = self.running
  local ok, err = pcall(f, ...)
  if not ok then
    self.running = before
    error(err, 0)
  end
end

local function drive(self, wait)
  local owner = self:owner()
  local before, in_task = owner and owner.wait, self.running
  if owner then
    owner.wait = wait
  end
  self.driving = self.driving + 1
  local ok, err = pcall(turn_until_done, wait, self.turn)
  self.driving = self.driving - 1
  if owner then
    owner.wait = before
  end
  if not ok then
    self.running = in_task
    wait.done = true -- the code that waited does not any more
    error(err, 0)
  end
end

--- Waits until a wait is done.
-- @tparam table wait
-- @tparam ?table task that can be suspended here, see `who`
function scheduler:wait(wait, task)
  if not task then
    return drive(self, wait)
  end
  wait.task, task.wait = task, wait
  while not wait.done do -- the program may resume our coroutine
    yield()
  end
  task.wait = false
end

-- ---- life ----

--- Makes a task that begins in its turn.
-- @tparam table task what it is to be; fields are added
-- @tparam function fn
-- @param ... its arguments
-- @treturn table task
function scheduler:spawn(task, fn, ...)
  self.spawned = self.spawned + 1
  record.spawn(task, self.spawned, fn, pack(...))
  self.all[task] = true
  self.alive = self.alive + 1
  enqueue(self, task)
  return task
end

--- Ends a task that has not begun, or that does not come to an end.
-- @tparam table task
-- @tparam cognito.Error err what awaiting it returns
function scheduler:drop(task, err)
  local thread = task.thread
  if not self.all[task] then
    return
  end
  settle(self, task, "cancelled", pack(nil, err))
  local close = rawget(coroutine, "close")
  if thread and close and status(thread) == "suspended" then
    close(thread)
  end
end

--- What the first task raised that failed and was not awaited, unless it was
-- reported already.
-- @treturn boolean whether there is one
-- @return what it raised; a text with its traceback
function scheduler:take_failure()
  return self.failures:take()
end

--- The tasks that have not ended, the oldest first.
-- @treturn table list of tasks
function scheduler:list()
  local list = {}
  for task in pairs(self.all) do
    list[#list + 1] = task
  end
  table.sort(list, function(a, b) return a.number < b.number end)
  return list
end

local scheduler_mt = { __index = scheduler }

--- Makes a scheduler.
-- @tparam table hooks `ended(task)` is called when a task has ended; `turn()`
--   turns the loop once; optional `on_error(err, task)` is called when one
--   raised that is not awaited
-- @treturn table scheduler
function M.new(hooks)
  return setmetatable({
    ready = {}, first = 1, last = 0, -- a queue of tasks
    tasks = {}, -- by coroutine, those that have begun
    all = {}, -- a set
    spawned = 0, alive = 0,
    running = nil, -- a task
    driving = 0, -- how many turn the loop on top of each other
    failures = failures.new(hooks.on_error),
    ended = hooks.ended,
    turn = hooks.turn,
  }, scheduler_mt)
end

return M

--- What tasks and calls wait by: for a time, for a response, for their turn,
-- for another task; and how cancelling a task ends that.
-- @module cognito.runtime.loop.waiting

local errors = require "cognito.errors"
local failure = require "cognito.failure"

local M = {}

-- ---- cancelled tasks ----

--- The error that a cancelled task gets from its calls and waits.
-- @tparam table task
-- @treturn cognito.Error
function M.aborted(task)
  return errors.new(failure.network("aborted", task.cancelled, { sent = false, retryable = true }))
end

-- Cancelling ended the first wait of the task; another one does not begin. A
-- call under way returns the error; anything else raises it. Others go first,
-- so that a task which tries for ever holds up no other.
local function refuse(task, waiter)
  if waiter then
    coroutine.yield()
  end
  if task.calls == 0 then
    error(M.aborted(task), 0)
  end
  return M.aborted(task)
end

--- Checks whether a wait may begin; to be called before its cause does.
-- @tparam table engine
-- @treturn ?cognito.Error why it may not: the task was cancelled
-- @treturn ?table task that waits; nil: the loop is turned here
-- @raise that error outside of calls; where there can be no waiting at all
function M.prepare(engine)
  local owner, waiter = engine.scheduler:who()
  if owner and owner.cancelled then
    return refuse(owner, waiter)
  end
  return nil, waiter
end

local function end_wait(engine, wait)
  if wait.id then
    engine.network:cancel(wait)
  elseif not wait.done then
    wait.interrupted = true
    engine.timers:remove(wait)
    engine.scheduler:wake(wait)
  end
end

--- Ends what a cancelled task waits for.
-- @tparam table engine
-- @tparam table task
function M.interrupt(engine, task)
  if task.state == "new" then
    engine.scheduler:drop(task, M.aborted(task))
  elseif task.wait then
    end_wait(engine, task.wait)
  end
end

-- ---- waiting ----

-- A finalizer may have cancelled the task since `prepare` looked.
local function wait_until_done(engine, wait, waiter)
  local task = waiter or engine.scheduler:owner()
  if task and task.cancelled then
    end_wait(engine, wait)
  end
  engine.scheduler:wait(wait, waiter)
end

--- Waits until a wait is done.
-- @tparam table engine
-- @tparam table wait
-- @tparam ?table waiter what `prepare` returned
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error when the task is cancelled that waits
function M.wait(engine, wait, waiter)
  wait_until_done(engine, wait, waiter)
  if wait.interrupted then
    return nil, M.aborted(engine.scheduler:owner())
  end
  return true
end

local function wake(engine, wait)
  engine.scheduler:wake(wait)
end

--- Waits for some time.
-- @tparam table engine
-- @tparam number seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] cognito.Error when the task is cancelled that waits
function M.sleep(engine, seconds)
  local err, waiter = M.prepare(engine)
  if err then
    return nil, err
  end
  local wait = { expire = wake }
  engine:expire_after(seconds, wait)
  return M.wait(engine, wait, waiter)
end

-- The error that a request ended with: of a cancelled task with the reason.
local function explained(engine, err)
  if err.code == "aborted" then
    local owner = engine.scheduler:owner()
    err.message = owner and owner.cancelled or err.message
  end
  return err
end

--- Waits for a response.
-- @tparam table engine
-- @tparam table request
-- @tparam table options
-- @treturn[1] table response
-- @treturn[2] nil
-- @treturn[2] table error
function M.send(engine, request, options)
  local refusal, waiter = M.prepare(engine)
  if refusal then
    return nil, refusal
  end
  local wait = { id = false }
  local started, err = engine.network:start(wait, request, options)
  if not started then
    return nil, err
  end
  wait_until_done(engine, wait, waiter)
  return wait.response, wait.err and explained(engine, wait.err)
end

--- Waits until an exchange has its reply.
-- @tparam table engine
-- @param exchange of the core, prepared
-- @tparam number timeout
-- @tparam number connect_timeout
-- @tparam ?number max_idle
-- @tparam ?boolean timings
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error
function M.carry(engine, exchange, timeout, connect_timeout, max_idle, timings)
  local refusal, waiter = M.prepare(engine)
  if refusal then
    return nil, refusal
  end
  local wait = { id = false, exchange = exchange, task = waiter, done = false }
  local launched, err = engine.network:launch(wait, timeout, connect_timeout, max_idle, timings)
  if not launched then
    return nil, err
  end
  wait_until_done(engine, wait, waiter)
  err = wait.err
  if err then
    return nil, explained(engine, err)
  end
  return true
end

-- ---- calls ----

--- A call begins: waits until one more may go to its host. A call within a
-- call (a function that fetches a secret, say) uses the slot that its task has
-- already, so no task waits for itself.
-- @tparam table engine
-- @tparam ?string host
-- @treturn[1] boolean true; false outside of tasks, where nothing is to be
--   released
-- @treturn[2] nil
-- @treturn[2] cognito.Error when the task is cancelled that waits
function M.admit(engine, host)
  local owner, waiter = engine.scheduler:who()
  if not owner then
    return false
  end
  if owner.cancelled then
    return nil, refuse(owner, waiter)
  end
  local wait = waiter and waiter.calls == 0 and engine.slots:take(waiter, host or "")
  if wait then
    local ok, err = M.wait(engine, wait, waiter)
    if not ok then
      return nil, err
    end
  end
  owner.calls = owner.calls + 1
  return true
end

--- Hands a task's slot, if it has one, to the next in line.
-- @tparam table engine
-- @tparam table task
function M.hand_on_slot(engine, task)
  local wait = engine.slots:give_back(task)
  if wait then
    engine.scheduler:wake(wait)
  end
end

--- A call has ended.
-- @tparam table engine
function M.release(engine)
  local owner = engine.scheduler:owner()
  if not owner then
    return
  end
  owner.calls = owner.calls - 1
  if owner.calls == 0 and owner.slot then
    M.hand_on_slot(engine, owner)
  end
end

--- Ends what a task has left behind that ended within a call or a wait (Lua
-- 5.1 cannot suspend it everywhere), or that was dropped.
-- @tparam table engine
-- @tparam table task
function M.clean_up(engine, task)
  local wait = task.wait
  M.hand_on_slot(engine, task)
  engine:revoke(task.due)
  engine:revoke(wait)
  if wait then
    wait.task, wait.done = nil, true
  end
  if wait and wait.id then
    wait.err = wait.err or failure.network("aborted", "the task has ended") -- code that turns the loop may read it
    engine.network:cancel(wait)
  end
end

return M

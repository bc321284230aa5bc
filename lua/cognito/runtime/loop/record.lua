--- The record of a task: its fields, and the changes of its state. Other modules
-- of the loop read the fields and change them through these functions alone, but
-- for three that change with every call, each of which belongs to one module.
--
-- | field | |
-- |---|---|
-- | `engine` | of its loop |
-- | `number` | in the order of spawning |
-- | `state` | "new", "running", "done", "failed" or "cancelled" |
-- | `fn`, `arguments` | until it begins |
-- | `thread` | its coroutine, from then on until it ends |
-- | `awaited` | the waits of those that await it; nil once it has ended |
-- | `room` | at how many of these the ones are taken out that have ended before the task |
-- | `results` | a packed list, once it has ended |
-- | `wait` | what it waits for, or false; the scheduler's |
-- | `calls` | how many calls are under way in it, one within the other; `waiting`'s |
-- | `slot` | the line of the host whose slot it has, or false; that of `slots` |
-- | `due` | the entry of its timeout |
-- | `cancelled` | the reason, once it was cancelled |
-- | `traceback` | of a text that it raised |
-- | `seen` | whether what it raised was reported |
-- @module cognito.runtime.loop.record

local M = {}

local ROOM = 8

--- Makes a task's record new.
-- @tparam table task
-- @tparam integer number
-- @tparam function fn
-- @tparam table arguments packed
function M.spawn(task, number, fn, arguments)
  task.number, task.state, task.fn, task.arguments, task.awaited = number, "new", fn, arguments, {}
  task.calls, task.wait, task.slot, task.room = 0, false, false, ROOM
end

--- Notes that a task has begun.
-- @tparam table task
-- @tparam thread thread its coroutine
-- @treturn ?table the arguments of its function, packed; nil when a finalizer
--   has cancelled the task while its coroutine was made
function M.begin(task, thread)
  local arguments = task.arguments
  if not arguments then
    return nil
  end
  task.state, task.thread, task.fn, task.arguments = "running", thread, nil, nil
  return arguments
end

--- Notes that a task has ended.
-- @tparam table task
-- @tparam string state
-- @tparam table results packed
-- @treturn {table,...} the waits of those that await it
-- @treturn ?thread its coroutine, if it had begun
function M.settle(task, state, results)
  local awaited, thread = task.awaited, task.thread
  task.state, task.results = state, results
  task.fn, task.arguments, task.thread, task.awaited = nil, nil, nil, nil
  return awaited, thread
end

--- Notes where a task raised a text.
-- @tparam table task
-- @tparam ?string traceback
function M.failed(task, traceback)
  task.traceback = traceback
end

--- Notes that what a task raised was reported.
-- @tparam table task
-- @treturn boolean whether it had not been
function M.see(task)
  local fresh = not task.seen
  task.seen = true
  return fresh
end

-- A task that runs for long may be awaited by any number that are cancelled
-- meanwhile. No function is called and no table made while the list has holes,
-- because a finalizer would see them. Returns how many are left.
local function take_out_ended(awaited, n)
  local kept = 0
  for i = 1, n do
    local wait = awaited[i]
    awaited[i] = nil
    if not wait.done then
      kept = kept + 1
      awaited[kept] = wait
    end
  end
  return kept
end

--- Notes that another task, or code outside of tasks, awaits this one.
-- @tparam table task
-- @tparam table wait of that one
function M.await(task, wait)
  local awaited, n = task.awaited, #task.awaited
  if n >= task.room then
    n = take_out_ended(awaited, n)
    task.room = n < ROOM and ROOM or 2 * n
  end
  awaited[n + 1] = wait
end

--- Notes when a task is cancelled unless it has ended.
-- @tparam table task
-- @tparam table entry of the timers
function M.set_due(task, entry)
  task.due = entry
end

--- Notes that a task is cancelled.
-- @tparam table task
-- @tparam string reason
-- @treturn boolean whether it was not yet
function M.cancel(task, reason)
  local fresh = not task.cancelled
  task.cancelled = task.cancelled or reason
  return fresh
end

return M

--- Tasks of a loop, and a finalizer that acts at one place of the loop's code
-- after the other. Each place costs as many collections of the whole heap as
-- there are places, so this wants a process with little in its heap.
local cognito = require "cognito"
local points = require "spec.reentry.points"
local record = require "cognito.runtime.loop.record"

local M = {}

local TASKS = 3
local LONG = 1000 -- seconds that no spec waits for
local TURNS = 200 -- more than any scenario takes

-- ---- what tasks do ----

--- By name, functions of a loop.
local scenarios = {}
M.scenarios = scenarios

function scenarios.calls(loop)
  local ok = loop:admit "host"
  if ok then
    loop:sleep(0)
    loop:release()
  end
end

function scenarios.sleeps(loop)
  loop:sleep(0)
end

function scenarios.awaits(loop)
  local task = loop:spawn(function() loop:sleep(0) end)
  task:await()
end

-- Waits that have ended are taken out of the list, which is full.
scenarios["awaits behind many"] = function(loop)
  local task, ended = loop:spawn(function() loop:sleep(0) end), { done = true }
  while task.awaited and #task.awaited < task.room do record.await(task, ended) end
  task:await()
end

function scenarios.timeouts(loop)
  loop:spawn(function() loop:sleep(0) end):timeout(LONG)
end

function scenarios.cancels(loop)
  local task = loop:spawn(function() loop:sleep(LONG) end)
  pcall(loop.sleep, loop, 0) -- it may have been cancelled, too
  task:cancel()
end

-- Ends only when a finalizer cancels it.
local function waits(loop)
  loop:sleep(LONG)
end

-- ---- what a finalizer does ----

--- By name, functions of a loop and its tasks.
local acts = {}
M.acts = acts

function acts.turns(loop)
  loop:sleep(0)
end

-- Until all others have ended that can.
acts["turns and turns"] = function(loop)
  for _ = 1, 10 do acts.turns(loop) end
end

function acts.cancels(_, tasks)
  for _, task in ipairs(tasks) do task:cancel() end
end

-- Not within a task, and the loop says so.
function acts.closes(loop)
  loop:close()
end

acts["spawns and awaits"] = function(loop)
  loop:spawn(function() loop:sleep(0) end):await()
end

local ENDS = { done = true, cancelled = true }

-- Returns what is wrong with the tasks at the end.
local function look_at(loop, tasks)
  for _, task in ipairs(tasks) do
    if not ENDS[task:status()] then return task:status() end
  end
  return next(loop.engine.slots.lines) and not loop.closed and "a slot is still taken"
end

local function spawn(loop, tasks, scenario)
  for i = 1, TASKS do tasks[i] = loop:spawn(scenario, loop) end
end

local function turn(loop)
  for _ = 1, TURNS do
    if loop.closed or loop:step(0) == 0 then return end
  end
end

-- Runs a scenario in some tasks until all have ended.
local function run(loop, tasks, scenario)
  if scenario ~= waits then spawn(loop, tasks, scenario) end
  turn(loop)
end

-- One scenario with the act at the k-th place. Returns how many places there
-- were, and what was wrong.
local function try(scenario, act, k)
  local loop, tasks, acted = cognito.loop { concurrency = 1 }, {}, false
  local function do_it()
    pcall(act, loop, tasks) -- what it waits for may be cancelled
    acted = true
  end
  if scenario == waits then spawn(loop, tasks, scenario) end -- all are there to be cancelled
  local places, ok, err = points.run(k, do_it, run, loop, tasks, scenario)
  turn(loop) -- after an act in the last place
  local wrong = not ok and not (loop.closed and tostring(err):find "closed") and tostring(err)
    or (acted or scenario ~= waits) and look_at(loop, tasks)
  pcall(loop.close, loop)
  return places, wrong
end

--- Tries a scenario with an act at each place.
-- @tparam string act
-- @tparam string scenario; another name: tasks that wait until they are cancelled
-- @treturn number how many places there were
-- @treturn {string,...} what was wrong, and at which place
function M.try(act, scenario)
  if rawget(_G, "jit") then
    jit.off() -- compiled code takes other ways from run to run
  end
  local k, wrong = 0, {}
  repeat
    local places, what = try(scenarios[scenario] or waits, acts[act], k)
    if what then wrong[#wrong + 1] = ("place %d: %s"):format(k, what) end
    k = k + 1
  until places < k - 1
  return k, wrong
end

return M

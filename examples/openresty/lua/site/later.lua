--- Work that is done after the answer: a queue of calls, and timers that make
-- them. Both are bounded, for a timer too many would be dropped without a word.

local log = require "site.log"

local later = {}

local MOST_WAITING = 500
local MOST_RUNNING = 50 -- at once, in each worker; well below lua_max_running_timers

local waiting, first, last = {}, 1, 0
local running = 0

local work

-- One job a timer: what a job leaves in memory goes with its timer.
local function start()
  local started, err = ngx.timer.at(0, work)
  if started then
    running = running + 1
  end
  return started, err
end

-- Nil when another timer was quicker.
local function next_job()
  local job = waiting[first]
  if job then
    waiting[first], first = nil, first + 1
  end
  return job
end

-- When nginx stops or reloads, timers are called early. What a visitor was
-- promised is done all the same: the old worker waits for it.
function work()
  local job = next_job()
  local ok, err = pcall(job or function() end)
  running = running - 1
  if first <= last then
    start()
  end
  if not ok then
    log("-", tostring(err))
  end
end

--- Does a job soon.
-- @tparam function job
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why it is not done
function later.run(job)
  if last - first + 1 >= MOST_WAITING then
    return nil, "too much is waiting"
  end
  last = last + 1
  waiting[last] = job
  if running >= MOST_RUNNING then
    return true -- the next timer that ends begins another
  end
  local started, err = start()
  if not started and running == 0 then
    waiting[last], last = nil, last - 1
    return nil, err
  end
  return true
end

return later

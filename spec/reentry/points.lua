--- Runs a function with a full collection at every place where Lua may
-- collect garbage, and a finalizer of our choice at one of these places.
--
-- With a pause of 0 a cycle begins where the last one ended, and with steps
-- that are large enough each step is a whole cycle. A finalizer that leaves
-- garbage with itself as its finalizer therefore runs at each such place, and
-- counts them. Lua does not collect while a finalizer runs.
local M = {}

local current = 0 -- the run under way; garbage of an earlier one counts no more
local count, target, act

local function new_garbage(finalizer)
  if rawget(_G, "newproxy") then
    getmetatable(_G.newproxy(true)).__gc = finalizer
  else
    setmetatable({}, { __gc = finalizer })
  end
end

-- Deep in the stack, where no frame of the call under test has a register that
-- still refers to it.
local function leave_garbage(finalizer, depth)
  if depth > 0 then
    return (leave_garbage(finalizer, depth - 1))
  end
  new_garbage(finalizer)
end

local function counter(run)
  local function on_cycle()
    if run ~= current then
      return
    end
    leave_garbage(on_cycle, 10)
    count = count + 1
    if count == target then
      act()
    end
  end
  return on_cycle
end

local function everywhere_4()
  collectgarbage("setpause", 0)
  collectgarbage("incremental", 0, 1000, 63) -- 0 leaves the pause; steps have a size, too
end

local function as_usual_4()
  collectgarbage("incremental", 200, 100, 13)
end

-- Steps without a size are as long as a cycle, and due at once.
local function everywhere_5()
  collectgarbage "incremental"
  collectgarbage("param", "pause", 0)
  collectgarbage("param", "stepsize", 0)
end

local function as_usual_5()
  collectgarbage("param", "pause", 250)
  collectgarbage("param", "stepsize", 9600)
end

local function everywhere_older()
  collectgarbage("setpause", 0)
  collectgarbage("setstepmul", 10000000)
end

local function as_usual_older()
  collectgarbage("setpause", 200)
  collectgarbage("setstepmul", 200)
end

-- Each Lua has parameters of its own.
local everywhere = _VERSION == "Lua 5.5" and everywhere_5 or _VERSION == "Lua 5.4" and everywhere_4 or everywhere_older
local as_usual = _VERSION == "Lua 5.5" and as_usual_5 or _VERSION == "Lua 5.4" and as_usual_4 or as_usual_older

local function collect_everywhere()
  everywhere()
  collectgarbage()
end

local function collect_as_usual()
  as_usual()
  collectgarbage("restart")
end

local function finish(...)
  local places = count
  current = current + 1
  collect_as_usual()
  return places, ...
end

--- Calls `f(...)` once, and `action` within it at the k-th place.
-- @return how many places there were, and what pcall returned
function M.run(k, action, f, ...)
  target, act = nil, action
  count, current = 0, current + 1
  collect_everywhere()
  leave_garbage(counter(current), 10)
  repeat
    collectgarbage()
  until count > 0
  target, count = k, 0
  return finish(pcall(f, ...))
end

return M

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

-- Lua 5.4 has a size of steps besides.
local has_step_size = _VERSION == "Lua 5.4"

local function set(pause, stepmul, size)
  collectgarbage("setpause", pause)
  if has_step_size then
    collectgarbage("incremental", pause, size and 1000 or stepmul, size or 13)
  else
    collectgarbage("setstepmul", stepmul)
  end
end

local function collect_everywhere()
  set(0, 10000000, 63)
  collectgarbage()
end

local function collect_as_usual()
  set(200, has_step_size and 100 or 200)
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

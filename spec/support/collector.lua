--- The garbage collector's parameters, which Lua 5.5 gave another function.

local M = {}

local is_new = not pcall(collectgarbage, "setpause", 200)

local function set(name, value)
  if is_new then return collectgarbage("param", name, value) end
  return collectgarbage("set" .. name, value)
end

--- Sets how soon a cycle begins after the last one, and how far a step goes.
-- @tparam number pause in percent of the memory in use
-- @tparam[opt] number stepmul in percent
-- @treturn function that sets both to what they were
function M.set(pause, stepmul)
  local old_pause, old_step = set("pause", pause), stepmul and set("stepmul", stepmul)
  return function()
    set("pause", old_pause)
    if stepmul then set("stepmul", old_step) end
  end
end

return M

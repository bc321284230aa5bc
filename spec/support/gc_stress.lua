-- For busted --helper: the garbage collector never rests, and everything that
-- is garbage goes every so many instructions. Memory that C code or a finalizer
-- still points to without owning it is gone before it is used.
local INSTRUCTIONS = tonumber(os.getenv "GC_STRESS") or 500

require("spec.support.collector").set(0, 1000) -- the next cycle begins where the last one ended
if jit then jit.off() end -- compiled code calls no hook

local function stress()
  debug.sethook(function() collectgarbage() end, "", INSTRUCTIONS)
end

-- A hook is one coroutine's.
local create, wrap = coroutine.create, coroutine.wrap

local function stressed(f)
  return function(...)
    stress()
    return f(...)
  end
end

coroutine.create = function(f) return create(stressed(f)) end -- luacheck: ignore
coroutine.wrap = function(f) return wrap(stressed(f)) end -- luacheck: ignore

stress()

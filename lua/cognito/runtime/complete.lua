--- A whole runtime from what a program gives: a table of its own may leave
-- methods out (docs/runtimes.md, "Your own"), and its users ask for none.
--
-- Of a whole runtime `admit` returns false where there is nothing to release.
-- @module cognito.runtime.complete

local REQUIRED = { "send", "sleep" }
local OPTIONAL = { "now", "clock", "admit", "release", "detach" }

local function check(given, level)
  for _, name in ipairs(REQUIRED) do
    if type(given[name]) ~= "function" then
      error(("the runtime has no method '%s': docs/runtimes.md, \"Your own\", lists those that it"
        .. " needs"):format(name),
        level + 1)
    end
  end
end

local function is_whole(given)
  for _, name in ipairs(OPTIONAL) do
    if not given[name] then
      return false
    end
  end
  return true
end

local function defaults(now)
  return {
    now = function() return now() end,
    clock = function(self) return self:now() end,
    admit = function() return false end,
    release = function() end,
    detach = function() return false end,
  }
end

-- A runtime that keeps something in itself is called with itself.
local function delegate(whole, given, name)
  whole[name] = function(_, ...)
    return given[name](given, ...)
  end
end

--- Completes a runtime.
-- @tparam table given
-- @tparam ?function now epoch seconds, for a runtime that knows no time;
--   `os.time` without it
-- @tparam number level whom to blame, as in `error`
-- @treturn table runtime: the very one where it lacks nothing
-- @raise for one that cannot send or sleep
return function(given, now, level)
  check(given, level + 1)
  if is_whole(given) then
    return given
  end
  local whole, default = {}, defaults(now or os.time)
  for _, name in ipairs(REQUIRED) do
    delegate(whole, given, name)
  end
  for _, name in ipairs(OPTIONAL) do
    if given[name] then
      delegate(whole, given, name)
    else
      whole[name] = default[name]
    end
  end
  return setmetatable(whole, { __index = given, __name = "cognito.runtime.complete" })
end

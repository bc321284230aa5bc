--- JSON of any form for the readers that there are: the core's, the sandbox's,
-- and the one that keeps what others wrote.

local check = require "spec.fuzz.support.check"
local core = require "cognito.core"
local json_object = require "cognito.credentials.json_object"
local sandbox = require "cognito.sandbox.json"

-- The sandbox's value as the core has it: it drops null members.
local function converted(value)
  if value == sandbox.null then
    return core.null
  elseif type(value) ~= "table" then
    return value
  end
  local copy = {}
  for key, inner in pairs(value) do copy[key] = converted(inner) end
  return sandbox.type(value) == "list" and core.list(copy) or copy
end

local function without_nulls(value)
  if type(value) ~= "table" then return value end
  local is_list, copy = getmetatable(value) ~= nil, {}
  for key, inner in pairs(value) do
    if is_list or inner ~= core.null then copy[key] = without_nulls(inner) end
  end
  return copy
end

-- As floats are: the sandbox has no other numbers before Lua 5.3.
local function close(a, b)
  if type(a) == "number" and type(b) == "number" then
    return a == b or math.abs(a - b) <= 1e-15 * math.max(math.abs(a), math.abs(b)) or a + 0.0 == b + 0.0
  elseif type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, inner in pairs(a) do
    if not close(inner, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

-- The sandbox refuses some that the core reads, names that stand twice and deeper nesting among them.
local function compare(text, value, at)
  local other, fault = sandbox.decode(text)
  if other ~= nil and fault == nil then
    assert(at == nil, "the sandbox reads what the core does not")
    assert(close(without_nulls(value), without_nulls(converted(other))), "they read it differently")
  end
end

local function check_write(value)
  local text, why = core.write_json(value)
  if text then
    assert(check.same(core.read_json(text), value), "written and read it is another value")
  else
    assert(type(why) == "string", "no reason")
  end
end

local function check_object(text, value)
  local object = json_object.read(text)
  if type(value) == "table" and not getmetatable(value) then
    assert(object, "an object that is refused")
    for name, member in pairs(value) do
      local got = object:get(name)
      assert(check.same(got, member) or member == false and got == nil, "another member")
    end
  end
  local changed = object and object:with { added = "x", ["a b"] = "\195\164" }
  if changed then
    assert(changed:get "added" == "x" and changed:get "a b" == "\195\164", "the change is lost")
  end
end

return function(text)
  local value, at = core.read_json(text)
  if at then
    assert(at >= 1 and at <= #text + 1, "a place outside")
  else
    check_write(value)
  end
  compare(text, value, at)
  check_object(text, at == nil and value or nil)
end

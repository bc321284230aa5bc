--- Functions of the core without a row in the matrix.
local core = require "cognito.core"
local wire = require "cognito.wire"

local function add_functions(names, prefix, t)
  for name, value in pairs(t) do
    if type(value) == "function" then
      names[prefix .. name] = true
    end
  end
end

-- Every operation is one C function with another index: three stand for all.
local function drop_operations(names)
  for _, name in ipairs(core.operations()) do
    assert(names[name], name)
    names[name] = nil
  end
end

-- The methods of an object, and its metamethods.
local function add_object(names, name, object)
  local metatable = getmetatable(object)
  add_functions(names, name .. ".", metatable)
  add_functions(names, name .. ":", metatable.__index)
end

local function all()
  local names = {}
  add_functions(names, "", core)
  drop_operations(names)
  add_functions(names, "", wire)
  add_object(names, "http", core.http())
  add_object(names, "exchange", core.exchange())
  add_object(names, "http1", core.http1(100))
  add_object(names, "rsa_key", core.rsa_key())
  add_object(names, "srp", core.srp())
  add_object(names, "child", assert(core.start { "/bin/true" }))
  return names
end

--- Names of functions that no row calls, sorted.
return function(rows)
  local names = all()
  for _, row in pairs(rows) do
    names[row.of] = nil
  end
  local missing = {}
  for name in pairs(names) do
    missing[#missing + 1] = name
  end
  table.sort(missing)
  return missing
end

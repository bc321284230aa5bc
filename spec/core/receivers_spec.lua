--- Methods and finalizers of the core's objects that are called with another
-- receiver. Programs reach all of them through the metatable.
--
-- A fuzzer found the finalizer of the sandbox's key, which took any receiver for
-- its own.

local core = require "cognito.core"

local function objects()
  return {
    http = core.http(), exchange = core.exchange(), caller = core.caller {}, srp = core.srp(), key = core.rsa_key(),
    http1 = core.http1(1000), child = assert(core.start { "/bin/true" }),
  }
end

-- `name` to function, of a metatable and the methods in it.
local function functions_of(object)
  local found, metatable = {}, getmetatable(object)
  for name, f in pairs(metatable) do
    if type(f) == "function" then found[name] = f end
  end
  for name, f in pairs(type(metatable.__index) == "table" and metatable.__index or {}) do
    found[":" .. name] = f
  end
  return found
end

describe("an object of the core", function()
  local kinds = { "http", "exchange", "srp", "key", "http1", "child" }

  for _, kind in ipairs(kinds) do
    it("is asked for by every function of its own: " .. kind, function()
      local all = objects()
      local wrong, names = { "x", 1, {}, true, io.stdout, print, coroutine.create(function() end) }, 0
      local upvalueid = rawget(debug, "upvalueid")
      if upvalueid then wrong[#wrong + 1] = upvalueid(objects, 1) end -- light userdata
      for other, object in pairs(all) do
        wrong[#wrong + 1] = other ~= kind and object or nil
      end
      for name, f in pairs(functions_of(all[kind])) do
        names = names + 1
        assert.is_false((pcall(f)), name)
        assert.is_false((pcall(f, nil)), name)
        for _, receiver in ipairs(wrong) do
          local ok, message = pcall(f, receiver, 1, 2)
          assert.is_false(ok, name)
          assert.matches("expected", message)
        end
      end
      assert.is_true(names > 1)
      repeat core.sleep(0.001) until all.child:result()
    end)
  end
end)

--- Chance, and ids made of it.

local core = require "cognito.core"
local fork = require "spec.support.fork"

local FORM = "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"

describe("uuid", function()
  it("is a UUID of version 4, and never the same", function()
    local seen = {}
    for _ = 1, 1000 do
      local id = core.uuid()
      assert.truthy(id:find(FORM))
      assert.is_nil(seen[id])
      seen[id] = true
    end
  end)

  -- Ids are made of a supply of random bytes, which a child inherits.
  it("is another one in a child than in its parent", function()
    core.uuid()
    local path = os.tmpname()
    assert.equal(0, fork.in_child(function()
      local file = assert(io.open(path, "w"))
      for _ = 1, 100 do assert(file:write(core.uuid(), "\n")) end
      assert(file:close())
    end))
    local mine = {}
    for _ = 1, 100 do mine[core.uuid()] = true end
    local n = 0
    for id in io.lines(path) do
      n = n + 1
      assert.is_nil(mine[id])
    end
    os.remove(path)
    assert.equal(100, n)
  end)
end)

describe("random_bytes", function()
  it("are as many as were asked for", function()
    assert.equal(1, #core.random_bytes(1))
    assert.equal(1024, #core.random_bytes(1024))
    assert.is_true(core.random_bytes(16) ~= core.random_bytes(16))
  end)

  it("are refused in other numbers", function()
    for _, n in ipairs { 0, -1, 1025, 0 / 0 } do
      assert.has_error(function() core.random_bytes(n) end)
    end
  end)
end)

describe("random", function()
  it("is at least 0 and less than 1", function()
    local sum = 0
    for _ = 1, 1000 do
      local n = core.random()
      assert.is_true(n >= 0 and n < 1)
      sum = sum + n
    end
    assert.is_true(sum > 400 and sum < 600)
  end)
end)

local cognito = require "cognito"

describe("a loop", function()
  local loop
  before_each(function() loop = cognito.loop() end)
  after_each(function() loop:close() end)

  it("runs tasks by turns and hands on what they return", function()
    local order = {}
    local function count(name)
      for i = 1, 2 do
        order[#order + 1] = name .. i
        loop:sleep(0)
      end
      return name, nil, 3
    end
    local a, b = loop:spawn(count, "a"), loop:spawn(count, "b")
    assert.equal("new", a:status())
    loop:run()
    assert.same({ "a1", "b1", "a2", "b2" }, order)
    assert.equal(3, select("#", b:await()))
    assert.equal("a", (a:await()))
    assert.equal("done", a:status())
  end)

  it("raises from run what nobody awaits, once all have ended", function()
    local done
    loop:spawn(function() error("first", 0) end)
    loop:spawn(function() loop:sleep(0.001); done = true end)
    local ok, message = pcall(loop.run, loop)
    assert.is_false(ok)
    assert.truthy(message:find("first", 1, true))
    assert.is_true(done)
    loop:run()
  end)

  it("raises from await what the task raised, and then nowhere else", function()
    local failing = loop:spawn(function() error { code = 1 } end)
    local waiting = loop:spawn(function() return pcall(failing.await, failing) end)
    loop:run()
    assert.equal("failed", failing:status())
    if _VERSION ~= "Lua 5.1" or rawget(_G, "jit") then -- whose pcall cannot be yielded across
      local ok, err = waiting:await()
      assert.is_false(ok)
      assert.same({ code = 1 }, err)
    end
  end)
end)

local core = require "cognito.core"

describe("time", function()
  it("has fractions and moves on", function()
    assert.is_true(math.abs(core.now() - os.time()) < 2)
    local begin = core.clock()
    core.sleep(0.01)
    assert.is_true(core.clock() - begin >= 0.01)
    core.sleep(0)
  end)

  it("refuses nonsense", function()
    assert.is_false(pcall(core.sleep, -1))
    assert.is_false(pcall(core.sleep, 0 / 0))
    assert.is_false(pcall(core.sleep, {}))
  end)
end)

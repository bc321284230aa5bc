--- What many tasks take, and what they leave behind.
local cognito = require "cognito"

local loop

before_each(function() loop = cognito.loop() end)
after_each(function() loop:close() end)

describe("many tasks", function()
  local function kilobytes()
    collectgarbage()
    collectgarbage()
    return collectgarbage "count"
  end

  it("at once take a few kilobytes each, and give them back", function()
    local before, ended = kilobytes(), 0
    for _ = 1, 10000 do
      loop:spawn(function()
        loop:sleep(0.01)
        ended = ended + 1
      end):timeout(3600)
    end
    loop:step(0) -- all of them sleep now
    assert.equal(20000, loop.engine.timers.n)
    assert.is_true(kilobytes() - before < 10000 * 4)
    loop:run()
    assert.equal(10000, ended)
    assert.is_true(kilobytes() - before < 10000 * 0.4) -- tables that grew stay as large
  end)

  it("one after the other leave nothing behind", function()
    local function wave(n)
      for _ = 1, n do
        loop:spawn(function() loop:sleep(0) end):timeout(3600)
        local late = loop:spawn(loop.sleep, loop, 3600)
        loop:step(0)
        late:cancel()
      end
      loop:run()
    end
    wave(1000)
    local before = kilobytes()
    wave(50000)
    assert.is_true(kilobytes() - before < 200)
    assert.equal(0, loop.engine.timers.n)
  end)
end)

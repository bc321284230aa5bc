--- The slots of a loop by themselves: who gets one, who waits, and what is kept.
local slots = require "cognito.runtime.loop.slots"

describe("slots", function()
  local all, a, b, c

  before_each(function() all, a, b, c = slots.new(2), {}, {}, {} end)

  it("are as many for each host as they are made for", function()
    assert.is_nil(all:take(a, "x"))
    assert.is_nil(all:take(b, "x"))
    assert.is_table(all:take(c, "x"))
    assert.is_nil(all:take(c, "y"))
  end)

  it("stay as many while some are in use and others are given back", function()
    all:take(a, "x")
    all:take(b, "x")
    assert.is_nil(all:give_back(a))
    assert.is_false(a.slot)
    assert.is_nil(all:take(c, "x"))
    assert.is_table(all:take(a, "x"))
  end)

  it("go to the first in line that still waits", function()
    all:take(a, "x")
    all:take(b, "x")
    local tasks, waits = {}, {}
    for i = 1, 5 do
      tasks[i] = {}
      waits[i] = all:take(tasks[i], "x")
    end
    waits[1].done, waits[3].done = true, true -- cancelled
    assert.equal(waits[2], all:give_back(a))
    assert.equal(b.slot, tasks[2].slot)
    assert.equal(waits[4], all:give_back(b))
    assert.equal(waits[5], all:give_back(tasks[2]))
    assert.is_nil(all:give_back(tasks[4]))
    assert.is_nil(all:give_back(tasks[5]))
    assert.is_nil(tasks[3].slot)
  end)

  -- A finalizer may run where `take` makes a wait. Lines of code stand for that place.
  local function with_a_finalizer(finalize, take, ...)
    local function on_line()
      for i = 1, 10 do
        local name, value = debug.getlocal(2, i)
        if name == "wait" and value then
          debug.sethook()
          return finalize()
        end
      end
    end
    if rawget(_G, "jit") then require("jit").off(take) end
    debug.sethook(on_line, "l")
    local wait = take(...)
    debug.sethook()
    return wait
  end

  it("that a finalizer gives back while another task asks are that task's, and count", function()
    all:take(a, "x")
    all:take(b, "x")
    local ran
    assert.is_nil(with_a_finalizer(function()
      ran = true
      all:give_back(a)
      all:give_back(b)
    end, all.take, all, c, "x"))
    assert.is_true(ran)
    assert.equal(all.lines.x, c.slot)
    assert.equal(1, c.slot.free)
  end)

  it("of a task that has none are not given back", function()
    a.slot = false
    assert.is_nil(all:give_back(a))
    for _, task in ipairs { b, c } do assert.is_nil(all:take(task, "x")) end
    assert.is_table(all:take(a, "x"))
  end)

  it("keep no host whose slots are all free, and no wait that had its turn", function()
    all:take(a, "x")
    all:take(b, "x")
    local kept = setmetatable({ all:take(c, "x") }, { __mode = "v" })
    assert.is_table(all:give_back(a))
    collectgarbage()
    collectgarbage()
    assert.is_nil(kept[1])
    all:give_back(b)
    assert.is_table(all.lines.x)
    all:give_back(c)
    assert.is_nil(next(all.lines))
  end)
end)

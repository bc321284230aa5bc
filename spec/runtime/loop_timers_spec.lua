--- The heap of timers against a list that is sorted anew each time.
local timers = require "cognito.runtime.loop.timers"

-- Numbers that are the same in every run.
local function random_numbers(seed)
  local state = seed
  return function(most)
    state = (state * 16807) % 2147483647
    return state % most + 1
  end
end

local function before(a, b)
  return a.time < b.time or (a.time == b.time and a.number < b.number)
end

local function check_heap(heap)
  local list = heap.heap
  for i = 1, heap.n do
    assert.equal(i, list[i].place)
    local parent = list[math.floor(i / 2)]
    assert.is_true(parent == nil or before(parent, list[i]))
  end
  assert.is_nil(list[heap.n + 1])
end

-- What the heap should hold: by time, at the same time by when it was added.
local function sort(list)
  table.sort(list, before)
end

describe("timers", function()
  it("begin empty", function()
    local heap = timers.new()
    assert.is_nil(heap:next())
    assert.is_nil(heap:take(math.huge))
  end)

  it("return timers that are due, the earliest first, at the same time by their order", function()
    local heap, entries = timers.new(), {}
    for i, time in ipairs { 5, 3, 5, 1, 3, 5, 0 } do
      entries[i] = {}
      heap:add(time, entries[i])
    end
    assert.equal(0, heap:next())
    for _, i in ipairs { 7, 4, 2, 5 } do assert.equal(entries[i], heap:take(4)) end
    assert.is_nil(heap:take(4))
    for _, i in ipairs { 1, 3, 6 } do assert.equal(entries[i], heap:take(5)) end
    assert.is_nil(heap:next())
  end)

  it("remove a timer that is not due yet, once and no other", function()
    local heap, a, b = timers.new(), {}, {}
    heap:add(1, a)
    heap:add(2, b)
    heap:remove {}
    heap:remove(a)
    heap:remove(a)
    assert.equal(2, heap:next())
    assert.equal(b, heap:take(2))
    heap:remove(b)
    heap:add(3, a) -- once more
    assert.equal(a, heap:take(3))
  end)

  it("stay a heap whatever is added, taken and taken back", function()
    for seed = 1, 30 do
      local number = random_numbers(seed)
      local heap, list, now = timers.new(), {}, 0
      local times = seed % 2 == 0 and 20 or 3 -- many at the same time
      for _ = 1, 300 do
        local what = number(10)
        if what <= 5 then
          local entry = {}
          heap:add(now + number(times), entry)
          list[#list + 1] = entry
        elseif what <= 7 and #list > 0 then
          heap:remove(table.remove(list, number(#list)))
        else
          now = now + number(5)
          sort(list)
          for entry in function() return heap:take(now) end do
            assert.equal(table.remove(list, 1), entry)
          end
          assert.is_true(not list[1] or list[1].time > now)
        end
        assert.equal(#list, heap.n)
        check_heap(heap)
      end
    end
  end)
end)

-- How long credentials are kept, and who fetches new ones.

local cache = require "cognito.credentials.cache"
local errors = require "cognito.errors"

local world

-- A provider over a script of what its source finds.
local function provider(script, detach)
  world = { time = 1000, loads = 0, slept = 0 }
  return cache.new {
    detach = detach,
    load = function()
      world.loads = world.loads + 1
      local answer = script[world.loads] or script[#script]
      if type(answer) == "function" then answer = answer() end
      if answer.code then return nil, answer end
      return answer
    end,
    now = function() return world.time end,
    random = function() return world.random or 0 end,
    sleep = function(seconds)
      if world.cannot_wait then return nil, { code = "wrong_phase", kind = "network", message = "log" } end
      world.slept = world.slept + 1
      world.time = world.time + seconds
      if world.in_task then coroutine.yield() end
    end,
  }
end

local function keys(id, expires_at)
  return { access_key_id = id, secret_access_key = "hunter2", expires_at = expires_at, source = "test" }
end

local FAILURE = { code = "no_credentials", message = "broken" }

describe("kept credentials", function()
  it("serve until ten to five seconds before their end", function()
    for _, row in ipairs { { 0, 1090 }, { 0.999999, 1095 } } do
      local p = provider { keys("a", 1100), keys("b", 9999) }
      world.random = row[1]
      assert.equal("a", p:get().access_key_id)
      world.time = row[2] - 0.01
      assert.equal("a", p:get().access_key_id)
      world.time = row[2] + 0.01
      assert.equal("b", p:get().access_key_id)
      assert.equal(2, world.loads)
    end
  end)

  it("are looked up again after 15 minutes when they have no end", function()
    local p = provider { keys "a", keys "b" }
    p:get()
    world.time = 1899
    assert.equal("a", p:get().access_key_id)
    world.time = 1900
    assert.equal("b", p:get().access_key_id)
  end)

  it("serve on while they are good and no others can be had, asked for not too often", function()
    local p = provider { keys("a", 1100), FAILURE, FAILURE, FAILURE, keys("b", 9999) }
    p:get()
    world.time = 1095
    assert.equal("a", p:get().access_key_id)
    assert.equal("a", p:get().access_key_id)
    assert.equal(2, world.loads)
    world.time = 1099
    assert.equal("a", p:get().access_key_id)
    assert.equal(3, world.loads)
    world.time = 1100 -- neither good any more nor waiting for the next try
    local found, err = p:get()
    assert.is_nil(found)
    assert.equal("broken", err.message)
    assert.are_not.equal(FAILURE, err) -- whoever gets it adds to it
    assert.is_true(errors.is_error(err))
    assert.truthy(tostring(err):find("broken", 1, true))
    assert.is_string(err.hint)
    assert.is_false(err.ambiguous)
    assert.equal(4, world.loads)
    assert.equal("b", p:get().access_key_id)
  end)

  it("serve on without an end", function()
    local p = provider { keys "a", FAILURE, keys "b" }
    p:get()
    world.time = 2000
    assert.equal("a", p:get().access_key_id)
    assert.equal("a", p:get().access_key_id)
    world.time = 2002
    assert.equal("b", p:get().access_key_id)
  end)

  it("are handed out though they expired on arrival", function()
    local p = provider { keys("a", 900), keys("b", 900) }
    assert.equal("a", p:get().access_key_id)
    assert.equal("b", p:get().access_key_id)
  end)

  it("are replaced when the service refused them", function()
    local p = provider { keys("a", 9999), keys("b", 9999), FAILURE }
    local first = p:get()
    local second = p:refresh(first)
    assert.equal("b", second.access_key_id)
    assert.equal(second, p:refresh(first)) -- somebody has done it already
    assert.equal(2, world.loads)
    local found, err = p:refresh(second)
    assert.is_nil(found)
    assert.equal("broken", err.message)
    assert.is_true(errors.is_error(err))
    assert.equal("b", p:get().access_key_id)
  end)

  it("stay out of sight", function()
    local p = provider { keys("a", 9999) }
    assert.same({}, p:describe())
    assert.equal("cognito credentials (not asked yet)", tostring(p))
    p:get()
    assert.same({ source = "test", expires_at = 9999 }, p:describe())
    assert.equal("cognito credentials (test)", tostring(p))
    assert.is_nil(next(p))
  end)
end)

describe("tasks that want credentials at once", function()
  local function tasks(p, n, got)
    world.in_task = true
    local list = {}
    for i = 1, n do
      list[i] = coroutine.create(function() got[i] = { p:get() } end)
    end
    return list
  end

  local function run(list)
    for _ = 1, 10 do
      for _, task in ipairs(list) do
        if coroutine.status(task) == "suspended" then assert(coroutine.resume(task)) end
      end
    end
  end

  it("wait for the task that fetches them", function()
    local p = provider { function()
      coroutine.yield()
      coroutine.yield()
      return keys("a", 9999)
    end }
    local got = {}
    run(tasks(p, 5, got))
    assert.equal(1, world.loads)
    for i = 1, 5 do assert.equal("a", got[i][1].access_key_id) end
    assert.is_true(world.slept > 0)
  end)

  it("share its failure, too", function()
    local p = provider { function()
      coroutine.yield()
      return FAILURE
    end }
    local got = {}
    run(tasks(p, 5, got))
    assert.equal(1, world.loads)
    for i = 1, 5 do
      assert.is_nil(got[i][1])
      assert.equal("broken", got[i][2].message)
    end
  end)

  it("do not wait for one that died", function()
    local p = provider { function() error "a bug" end, keys("b", 9999) }
    world.in_task = true
    assert.is_false(coroutine.resume(coroutine.create(function() p:get() end)))
    local got = {}
    run(tasks(p, 1, got))
    assert.equal("b", got[1][1].access_key_id)
  end)

  -- Once, they waited two minutes for a task that did something else by then. Lua 5.1
  -- cannot suspend a task within pcall.
  if _VERSION ~= "Lua 5.1" or rawget(_G, "jit") then
    it("do not wait for one whose look-up raised, and that lives on", function()
      local p = provider { function()
        coroutine.yield()
        error({ "a bug" }, 0)
      end, keys("b", 9999) }
      world.in_task = true
      local raised
      local first = coroutine.create(function()
        raised = select(2, pcall(p.get, p))
        coroutine.yield()
      end)
      coroutine.resume(first)
      local got = {}
      local waiting = tasks(p, 2, got)
      for _, task in ipairs(waiting) do coroutine.resume(task) end
      coroutine.resume(first)
      assert.same({ "suspended", { "a bug" } }, { coroutine.status(first), raised })
      run(waiting)
      for i = 1, 2 do assert.same({ nil, "no_credentials" }, { got[i][1], got[i][2].code }) end
      assert.equal("b", p:get().access_key_id)
      assert.is_true(world.slept < 10)
    end)
  end

  it("of a look-up that counts as abandoned wait for the next one, whatever that one ends with", function()
    for _, late in ipairs { FAILURE, keys("late", 9999) } do
      local p = provider { function()
        coroutine.yield()
        return late
      end, function()
        coroutine.yield()
        return keys("b", 9999)
      end, keys("c", 9999) }
      world.in_task = true
      local got = {}
      local all = tasks(p, 3, got)
      coroutine.resume(all[1])
      world.time = world.time + 121
      coroutine.resume(all[2])
      coroutine.resume(all[3])
      coroutine.resume(all[1]) -- the first ends, while the second looks
      coroutine.resume(all[3])
      assert.equal(2, world.loads)
      run { all[2], all[3] }
      assert.same({ "b", "b" }, { got[2][1].access_key_id, got[3][1].access_key_id })
      assert.equal("b", p:get().access_key_id)
      assert.equal(2, world.loads)
    end
  end)

  it("do not wait for ever for one that is never resumed", function()
    local p = provider { function() coroutine.yield() end, keys("b", 9999) }
    world.in_task = true
    assert.is_true(coroutine.resume(coroutine.create(function() p:get() end)))
    world.time = world.time + 121
    local got = {}
    run(tasks(p, 1, got))
    assert.equal("b", got[1][1].access_key_id)
  end)
end)

-- In nginx any of the calls may be ended half-way, so none of them renews.
describe("renewed by a task apart", function()
  local pending

  -- What is detached runs when the spec says so.
  local function detached(script)
    pending = {}
    return provider(script, function(f)
      pending[#pending + 1] = f
      return 1
    end)
  end

  local function start(p)
    local task = { co = coroutine.create(function(self) self.got, self.err = p:get() end) }
    coroutine.resume(task.co, task)
    return task
  end

  it("they are fetched once for all that wait", function()
    local p = detached { keys("a", 9999) }
    world.in_task = true
    local tasks = {}
    for i = 1, 50 do tasks[i] = start(p) end
    assert.equal(1, #pending)
    assert.equal(0, world.loads)
    pending[1]()
    for _, task in ipairs(tasks) do
      coroutine.resume(task.co)
      assert.equal("a", task.got.access_key_id)
    end
    assert.equal(1, world.loads)
  end)

  it("they arrive even when no call that wanted them is left", function()
    local p = detached { keys("a", 9999) }
    world.in_task = true
    start(p) -- and is never resumed
    collectgarbage()
    pending[1]()
    world.in_task = false
    assert.equal("a", p:get().access_key_id)
    assert.equal(1, world.loads)
  end)

  -- Else a call waits as long as others come: each of them begins a try of its own.
  it("a call waits for one try alone where all of them fail", function()
    local p = detached { FAILURE }
    world.in_task = true
    local first = start(p)
    for n = 1, 2 do
      pending[n]()
      start(p)
    end
    coroutine.resume(first.co)
    assert.equal("dead", coroutine.status(first.co))
    assert.equal("broken", first.err.message)
    assert.equal(3, #pending)
  end)

  it("the old ones serve on as long as they are good", function()
    local p = detached { keys("a", 1100), keys("b", 9999) }
    world.in_task = true
    local first = start(p)
    pending[1]()
    coroutine.resume(first.co)
    world.in_task = false
    world.time = 1095
    for _ = 1, 3 do assert.equal("a", p:get().access_key_id) end
    assert.equal(2, #pending)
    pending[2]()
    assert.equal("b", p:get().access_key_id)
    assert.equal(2, #pending)
  end)

  it("an error raised there is an error here", function()
    local p = detached { function() error("a mistake", 0) end, keys("a", 9999) }
    world.in_task = true
    local task = start(p)
    pending[1]()
    coroutine.resume(task.co)
    assert.equal("no_credentials", task.err.code)
    assert.equal("a mistake", task.err.message)
    local again = start(p)
    pending[2]()
    coroutine.resume(again.co)
    assert.equal("a", again.got.access_key_id)
  end)

  it("where none can be had the call does it itself", function()
    local p = provider({ keys("a", 1100), keys("b", 9999) }, function() return nil, "process exiting" end)
    assert.equal("a", p:get().access_key_id)
    world.time = 1095
    assert.equal("b", p:get().access_key_id)
    assert.equal(0, world.slept)
  end)

  it("where nothing can wait the call gets an error that says so", function()
    local p = detached { keys("a", 9999) }
    world.cannot_wait = true
    local got, err = p:get()
    assert.is_nil(got)
    assert.equal("wrong_phase", err.code)
    got, err = p:refresh()
    assert.is_nil(got)
    assert.equal("wrong_phase", err.code)
    pending[1]()
    assert.equal("a", p:get().access_key_id)
  end)
end)

-- A finalizer may make calls of its own wherever memory is allocated, over the
-- same loop: every call ends, and each with its own answer.
local cognito = require "cognito"
local collector = require "spec.support.collector"
local sandbox = require "spec.support.sandbox_process"

local TASKS, CALLS = 20, 100 -- CALLS: of finalizers, at most

-- Runs `act` in one finalizer after the other, and tells how to stop.
local function renewing(act)
  local on, arm = true, nil
  local function collected()
    if on then
      act()
      arm()
    end
  end
  function arm()
    local proxy = rawget(_G, "newproxy")
    if proxy then
      getmetatable(proxy(true)).__gc = collected
    else
      setmetatable({}, { __gc = collected })
    end
  end
  arm()
  return function() on = false end
end

describe("finalizers that make calls over the same loop", function()
  local process, stop, as_before

  setup(function() process = sandbox.start() end)

  -- However it ends: other specs are slow with such a collector.
  after_each(function()
    if stop then stop() end
    if as_before then as_before() end
  end)

  teardown(function() process:stop() end)

  -- Lua 5.1 cannot suspend a task there, and says so.
  local in_51 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

  it("lose no call, and mix none up", function()
    if in_51 then return end
    local loop = cognito.loop { concurrency = 8 }
    local pool = cognito.new {
      runtime = loop, env = function(name) return process.settings[name] end,
      user_pool_id = process.settings.COGNITO_USER_POOL_ID, client_id = process.settings.COGNITO_CLIENT_ID,
      client_secret = process.settings.COGNITO_CLIENT_SECRET,
    }
    local made, within, wrong = 0, false, {}
    local function check(name)
      local user, err = pool:admin_get_user { username = name }
      if not user and err.code ~= "UserNotFoundException" or user and user.username ~= name then
        wrong[#wrong + 1] = name .. ": " .. tostring(err or user.username)
      end
    end
    for i = 1, TASKS do
      assert(pool:admin_create_user { username = "user-" .. i, message_action = "SUPPRESS" })
    end
    as_before = collector.set(0, 10000)
    stop = renewing(function()
      if within or made == CALLS then return end
      within, made = true, made + 1
      check("user-" .. made % TASKS + 1)
      within = false
    end)
    local ended = 0
    for i = 1, TASKS do
      loop:spawn(function()
        for n = 0, 4 do
          check("user-" .. (i + n) % TASKS + 1)
          -- A whole cycle in the first round: in a large heap steps end none.
          collectgarbage(n == 0 and "collect" or "step")
        end
        ended = ended + 1
      end)
    end
    loop:run()
    stop()
    assert.same({}, wrong)
    assert.equal(TASKS, ended)
    assert.is_true(made > 0)
    assert.equal(0, loop:stats().requests)
    loop:close()
  end)
end)

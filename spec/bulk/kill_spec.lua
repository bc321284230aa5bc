-- Death at every place. Between any two steps of a run it dies, is started
-- again, and what the journal says afterwards is compared with what the
-- sandbox has carried out.
local bulk = require "cognito.bulk"
local child = require "spec.support.child"
local failure = require "cognito.bulk.failure"
local helper = require "spec.support.bulk"
local process = require "spec.support.sandbox_process"
local promise = require "spec.support.bulk_promise"

local USERS = 3
local KILLED_USERS = 60

local worlds = {
  reset = function() return helper.world(USERS) end,
  lock = function() return helper.world(USERS) end,
  disable = function() return helper.world(USERS) end,
  ["sign-out"] = function() return helper.world(USERS) end,
  enable = function()
    local box, pool = helper.world()
    for i = 1, USERS do
      box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), enabled = false }
    end
    return box, pool
  end,
  resend = function()
    local box, pool = helper.world()
    for i = 1, USERS do
      box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), status = "UNCONFIRMED" }
    end
    return box, pool
  end,
  invite = function()
    local box, pool = helper.world()
    for i = 1, USERS do
      box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), status = "FORCE_CHANGE_PASSWORD" }
    end
    return box, pool
  end,
}

-- Raises at the nth step. What raises in the middle of a run leaves the journal
-- as a killed process does: the open transaction does not hold.
local function die_at(n)
  local steps = 0
  return function(step)
    steps = steps + 1
    if steps == n then
      error("died at " .. step, 0)
    end
  end
end

local function run(path, pool, at)
  return helper.run_until_death(path, pool:with { attempt_timeout = 1 }, at, 1)
end

local signs_out = { reset = true, lock = true, disable = true }

local function check(action, box, path)
  local job = assert(bulk.open { journal = path })
  local wrong, outcomes = promise.check(action, job:rows(), box:executions())
  for row in job:rows() do
    if row.outcome == "accepted" and signs_out[action] then
      assert.equal("done", row.sign_out)
    end
  end
  job:close()
  return wrong, outcomes
end

local operations = {
  reset = "admin_reset_user_password", lock = "admin_set_user_password", resend = "resend_confirmation_code",
  invite = "admin_create_user", disable = "admin_disable_user", enable = "admin_enable_user",
  ["sign-out"] = "admin_user_global_sign_out",
}

-- Actions that leave no trace, and are not as good twice.
local uncertain = { resend = true, invite = true }

-- One reply is lost, one call fails, one is throttled; the first sign-out, too.
local function misbehave(box, operation)
  box:misbehave { operation = "admin_user_global_sign_out", phase = "before", what = "status_500" }
  box:misbehave { operation = operation, phase = "after", what = "drop" }
  box:misbehave { operation = operation, phase = "before", what = "status_500" }
  box:misbehave { operation = operation, what = "throttle" }
end

describe("a run that dies between two steps", function()
  setup(helper.setup)
  teardown(helper.teardown)

  for action, operation in pairs(operations) do
    it(("of %s keeps the promise wherever it dies"):format(action), function()
      local n, died, seen = 0, nil, {} -- luacheck: no unused
      repeat
        n = n + 1
        local box, pool = worlds[action]()
        local job = helper.plan(pool, { action = action })
        local path = helper.path_of(job)
        job:close()
        misbehave(box, operation)
        died = run(path, pool, die_at(n))
        if died then
          seen[died] = true
          assert.is_nil(run(path, pool))
        end
        local wrong, outcomes = check(action, box, path)
        assert.same({}, wrong, ("step %d: %s"):format(n, tostring(died)))
        assert.is_nil(outcomes.planned or outcomes.started or outcomes.failed)
        assert.is_true((outcomes.uncertain or 0) <= (uncertain[action] and 3 or 0), n)
      until not died
      assert.is_true(n > 20)
      for _, step in ipairs { "recorded", "claimed", "committed", "call", "called" } do
        assert.is_true(seen["died at " .. step], step)
      end
    end)
  end

  it("keeps it when it dies again and again", function()
    for n = 1, 8 do
      local box, pool = helper.world(6)
      misbehave(box, operations.reset)
      local job = helper.plan(pool)
      local path = helper.path_of(job)
      job:close()
      local deaths = 0
      while run(path, pool, die_at(n + deaths * 7)) do deaths = deaths + 1 end
      assert.is_true(deaths > 0)
      local wrong, outcomes = check("reset", box, path)
      assert.same({}, wrong)
      assert.same({ accepted = 6 }, outcomes)
    end
  end)
end)

-- The journal's answer is lost: the transaction holds, and no reply says so; or
-- it does not hold.
describe("a run whose commit is not confirmed", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function lose_commit(journal, n, holds)
    local commits, commit = 0, journal.commit
    function journal.commit(self)
      commits = commits + 1
      if holds or commits ~= n then
        commit(self)
      end
      if commits == n then
        failure.raise("journal_away", "lost", { temporary = true })
      end
    end
    return function() return commits < n end
  end

  for _, holds in ipairs { true, false } do
    for _, action in ipairs { "reset", "resend" } do
      local operation = operations[action]
      it(("keeps the promise: %s, and the commit %s"):format(action, holds and "holds" or "does not hold"), function()
        local n, came_through = 0, nil -- luacheck: no unused
        repeat
          n = n + 1
          local box, pool = worlds[action]()
          local job = helper.plan(pool:with { attempt_timeout = 1 }, { action = action })
          assert(job:approve {})
          box:misbehave { operation = operation, what = "throttle" }
          came_through = lose_commit(job.journal, n, holds)
          local given = { rate = 1000, settle = 1 }
          local status, err = job:run(given)
          if not status then -- the run's very first or last word
            assert.equal("journal_away", err.code)
            status = assert(job:status())
            status = status.state == "done" and status or assert(job:run(given))
          end
          assert.equal("done", status.state)
          local wrong, outcomes = promise.check(action, job:rows(), box:executions())
          assert.same({}, wrong, n)
          assert.same({ accepted = USERS }, outcomes, n)
          assert.equal(USERS, box:executions(operation), n)
          job:close()
        until came_through()
        assert.is_true(n > 8, n)
      end)
    end
  end
end)

-- The same by kill -9, of a process of its own with calls in flight.
describe("a process that is killed", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local code = [[
    local bulk, cognito, core = require "cognito.bulk", require "cognito", require "cognito.core"
    local path, url, id, client, key, secret, step, nth = unpack(arg or {})
    local pool = cognito.new { endpoint = url, user_pool_id = id, client_id = client,
      credentials = { access_key_id = key, secret_access_key = secret }, attempt_timeout = 0.5 }
    local job = assert(bulk.open { journal = path, pool = pool })
    local left = tonumber(nth)
    assert(job:run { rate = 1000, yes = true, settle = 0.2, builtin_mail = true, at = function(at)
      left = at == step and left - 1 or left
      if left == 0 then core.run { "sh", "-c", "kill -9 $PPID" } end
    end })
  ]]

  it("has done no user twice, whichever step it was at", function()
    local server = process.start()
    finally(function() server:stop() end)
    local settings = server.settings
    local pool = require("cognito").new {
      endpoint = settings.url, user_pool_id = settings.COGNITO_USER_POOL_ID, client_id = settings.COGNITO_CLIENT_ID,
      credentials = {
        access_key_id = settings.AWS_ACCESS_KEY_ID, secret_access_key = settings.AWS_SECRET_ACCESS_KEY,
      },
    }
    for i = 1, KILLED_USERS do server:post("/users", { username = "u" .. i, email = ("u%d@example.com"):format(i) }) end
    local job = helper.plan(pool)
    local path = helper.path_of(job)
    local function start(step, nth)
      return child.run("local unpack = unpack or table.unpack\n" .. code, nil, path, settings.url,
        settings.COGNITO_USER_POOL_ID, settings.COGNITO_CLIENT_ID, settings.AWS_ACCESS_KEY_ID,
        settings.AWS_SECRET_ACCESS_KEY, step, nth)
    end
    -- Looks come last: on a slow machine, all others are done by the time of the first look.
    for _, step in ipairs { "claimed", "committed", "call", "called", "recorded", "sign_out", "look" } do
      local status, printed = start(step, (step == "look" or step == "sign_out") and 1 or 3)
      assert.equal(137, status, step .. ": " .. printed)
    end
    local status, printed = start("none", 1)
    assert.same({ 0, "" }, { status, printed })
    local wrong, outcomes = promise.check("reset", job:rows(), server:get "/executions")
    assert.same({}, wrong)
    assert.same({ accepted = KILLED_USERS }, outcomes)
    assert.is_true(#job:status().runs >= 7)
    assert.equal("killed", job:status().runs[1].why)
  end)
end)

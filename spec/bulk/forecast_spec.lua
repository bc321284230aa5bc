-- How long a job takes and how many calls it makes: what its plan and its
-- status say, and whether a run keeps to it.
local forecast = require "cognito.bulk.forecast"
local helper = require "spec.support.bulk"

describe("the time that is left", function()
  local function left(counts, ...)
    return forecast.left({ planned = counts[1], started = counts[2] or 0, sign_outs = counts[3] or 0 }, ...)
  end

  it("is that of all users, and of sign-outs that are tried again, at the rate", function()
    assert.equal(20, (left({ 90, 10 }, 5)))
    assert.equal(4, (left({ 0, 0, 20 }, 5)))
    assert.is_nil(left({ 0 }, 5))
    assert.is_nil(left({ 10 }, 0))
  end)

  it("is that of each slot of a user that is not behind them", function()
    assert.equal(7, (left({ 8, 2 }, 5, 0, 0, 4, 5)))
    assert.equal(8, (left({ 10 }, 5, nil, nil, 4)))
  end)

  it("waits for the daily limit", function()
    local cases = { -- users, rate, limit, sent today, seconds, whether the limit makes most of it
      { 100, 5, 0, 0, 20, false }, { 100, 5, 100, 0, 20, false }, { 101, 5, 100, 0, 86400, true },
      { 100, 5, 100, 100, 86400, true }, { 100, 5, 100, 1, 86400, true }, { 250, 5, 100, 0, 2 * 86400, true },
      { 250, 5, 100, 50, 2 * 86400, true }, { 251, 5, 100, 50, 3 * 86400, true }, { 10, 5, 100, 500, 86400, true },
      { 200000, 1, 100000, 0, 200000, false }, { 2, 5, 1, 0, 86400, true }, { 1, 5, 1, 0, 0.2, false },
      { 1, 5, 0, 7, 0.2, false },
    }
    for _, case in ipairs(cases) do
      assert.same({ case[5], case[6] }, { left({ case[1] }, case[2], case[3], case[4]) })
    end
  end)
end)

describe("a job", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local operations = { "admin_reset_user_password", "admin_set_user_password", "resend_confirmation_code",
    "admin_create_user", "admin_user_global_sign_out", "admin_list_user_sessions", "list_users" }

  local function calls_of(box)
    local calls = 0
    for _, name in ipairs(operations) do calls = calls + box:executions(name) end
    return calls
  end

  -- A listing of the pool counted when it was over: until then 0 calls were reported.
  it("is reported as it is planned, call by call: by the pool, by many names, and by a few", function()
    local box, pool = helper.world(250)
    local many = {}
    for i = 1, 200 do many[i] = "u" .. i end
    for _, users in ipairs { { filter = "" }, many, { "u1", "u2" } } do
      local before, reported, counted = calls_of(box), {}, {}
      local job = helper.plan(pool, { users = users, on_progress = function(calls)
        reported[#reported + 1] = calls.list_users + calls.admin_get_user
        counted[#counted + 1] = calls_of(box) - before
      end })
      assert.same(counted, reported)
      assert.is_true(#reported >= 2)
      job:close()
    end
  end)

  local per_user = { -- action, options, status, calls for each user
    { "reset", {}, nil, 3 }, { "reset", { sign_out = false }, nil, 2 }, { "reset", { recheck = false }, nil, 2 },
    { "lock", {}, nil, 2 }, { "lock", { sign_out = false }, nil, 1 }, { "resend", {}, "UNCONFIRMED", 2 },
    { "lock", { sign_out = "sessions" }, nil, 3 }, { "sign-out", {}, nil, 1 },
    { "sign-out", { sign_out = "sessions" }, nil, 2 },
    { "invite", { recheck = false }, "FORCE_CHANGE_PASSWORD", 1 },
  }
  for i, case in ipairs(per_user) do
    it(("makes the calls that its plan tells: %s, %d"):format(case[1], i), function()
      local box, pool = helper.world()
      for k = 1, 10 do
        box:add_user { username = "u" .. k, email = ("u%d@example.com"):format(k), status = case[3] }
      end
      case[2].action = case[1]
      local job = helper.plan(pool, case[2])
      local summary = job:summary()
      assert.same({ 10, 5, 2, case[4] }, { summary.act, summary.rate, summary.seconds, summary.calls_per_user })
      local before = calls_of(box)
      helper.run(job)
      assert.equal(10 * case[4], calls_of(box) - before)
    end)
  end

  it("says how much time is left, at the full rate and within its daily limit", function()
    local _, pool = helper.world(30)
    local job = helper.plan(pool)
    assert.equal(6, job:status().seconds_left)
    local status = helper.run(job, { limit = 10, daily_limit = 15 })
    assert.same({ "limit", 86400, true }, { status.why, status.seconds_left, status.waits_for_days })
    assert(job:resume())
    status = helper.run(job, { daily_limit = 0 })
    assert.same({ "done" }, { status.state, status.seconds_left })
    local other = helper.plan(pool, { action = "lock" })
    assert(other:cancel())
    assert.is_nil(other:status().seconds_left)
  end)
end)

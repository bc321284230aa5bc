-- The action secure: several steps for each user, each claimed, carried out and
-- recorded by itself. The journal's account of each step agrees with the
-- sandbox's own.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local json = require "cognito.json"

local FACTOR = "SOFTWARE_TOKEN_MFA"
local DELETE = "admin_delete_software_token"

local function words(row)
  local list = {}
  for _, step in ipairs(row.steps) do
    list[#list + 1] = step.step .. "=" .. step.state
  end
  return table.concat(list, " ")
end

local ALL_DONE = "disable=done sign_out=done sessions=done devices=done"
local FACTOR_DONE = ALL_DONE .. " remove_factor:" .. FACTOR .. "=done"

describe("a bulk job that secures users", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function world(n, given)
    local box, pool = helper.world()
    for i = 1, n do
      local user = { username = "u" .. i, email = ("u%d@example.com"):format(i), totp_secret = "JBSWY3DPEHPK3PXP",
        devices = 2, managed_logins = 3 }
      for name, value in pairs(given or {}) do user[name] = value end
      box:add_user(user)
    end
    return box, pool:with { attempt_timeout = 1 }
  end

  local function plan(pool, given)
    local options = { action = "secure", factors = { FACTOR } }
    for name, value in pairs(given or {}) do options[name] = value end
    return helper.plan(pool, options)
  end

  it("takes every step for each of them", function()
    local box, pool = world(3)
    local job = plan(pool)
    local summary = assert(job:summary())
    assert.same({ "disable", "sign_out", "sessions", "devices", "remove_factor:" .. FACTOR }, summary.steps)
    assert.same({ 5, 3, 3 }, { summary.calls_per_user, summary.seconds, summary.no_way_back })
    local status = helper.run(job)
    assert.same({ "done", 3 }, { status.state, status.accepted })
    for row in job:rows() do
      assert.same({ "accepted", FACTOR_DONE, 5 }, { row.outcome, words(row), row.attempts })
      assert.same({ 3, 3, 2, 2 }, { row.steps[3].found, row.steps[3].ended, row.steps[4].found, row.steps[4].ended })
      assert.equal(row.steps[1].finished_at + 86400, row.tokens_until_at_most)
      local user = box:user(row.username)
      assert.same({ false, 0, 0, 0 }, { user.enabled, user.sessions, user.devices, user.managed_logins })
    end
    assert.equal(3, box:executions(DELETE))
    assert.same({ step = "devices", done = 3, failed = 0, unknown = 0, unavailable = 0 }, status.steps[4])
  end)

  it("has nothing to remove from users who lack the factor", function()
    local box, pool = helper.world()
    for _, name in ipairs { "u1", "u2" } do
      box:add_user { username = name, email = name .. "@example.com" }
    end
    local job = plan(pool)
    local status = helper.run(job)
    assert.same({ "done", 2, 0 }, { status.state, status.accepted, status.failed })
    for row in job:rows() do
      assert.equal(FACTOR_DONE, words(row))
      assert.is_nil(row.code)
    end
    assert.equal(0, box:executions(DELETE))
  end)

  it("locks them instead, so that they can recover, and skips those whom a password would change", function()
    local box, pool = world(1)
    box:add_user { username = "new", email = "new@example.com", status = "UNCONFIRMED" }
    box:add_user { username = "google_7", email = "g@example.com", status = "EXTERNAL_PROVIDER" }
    local job = plan(pool, { lock = true })
    assert.same({ u1 = "planned", new = "unconfirmed", google_7 = "external_provider" }, helper.outcomes(job))
    helper.run(job)
    local row = helper.rows(job).u1
    assert.matches("^lock=done sign_out=done sessions=done", words(row))
    assert.is_number(row.tokens_until_at_most)
    assert.is_true(box:user "u1".enabled)
    assert(pool:forgot_password { username = "u1" })
  end)

  it("takes users of any status, disabled ones, too", function()
    local box, pool = world(1, { enabled = false })
    box:add_user { username = "google_7", email = "g@example.com", status = "EXTERNAL_PROVIDER" }
    local status = helper.run(plan(pool, { factors = {} }))
    assert.same({ "done", 2 }, { status.state, status.accepted })
    assert.same({ 0, 0 }, { box:user "u1".devices, box:user "u1".managed_logins })
    assert.is_false(box:user "google_7".enabled)
  end)

  it("counts users and not steps towards its limit, and goes on with them first", function()
    local box, pool = world(5)
    local job = plan(pool)
    local status = helper.run(job, { limit = 2, hold = true })
    assert.same({ "held", 2, 3 }, { status.state, status.accepted, status.planned })
    assert.equal(2, box:executions "admin_disable_user")
    assert(job:resume())
    assert.equal(5, helper.run(job).accepted)
    for i = 1, 5 do
      assert.equal(1, box:executions(DELETE, "u" .. i))
    end
  end)

  it("goes on after a step that is refused, and tries that step alone again when told to", function()
    local box, pool = world(2)
    box:misbehave { operation = "admin_revoke_user_session", what = "error", code = "InternalRefusalException" }
    local job = plan(pool)
    local status = helper.run(job)
    assert.same({ "done", 1, 1 }, { status.state, status.failed, status.accepted })
    assert.same({ InternalRefusalException = 1 }, status.failed_by_code)
    local failed
    for row in job:rows() do failed = row.outcome == "failed" and row or failed end
    assert.equal((FACTOR_DONE:gsub("sessions=done", "sessions=failed")), words(failed))
    assert.equal("sessions", failed.detail)
    assert.equal(1, box:user(failed.username).managed_logins)
    assert(job:resume { failed = true })
    status = helper.run(job)
    assert.same({ "done", 2, 0 }, { status.state, status.accepted, status.failed })
    assert.same({ 2, 2 }, { box:executions(DELETE), box:executions "admin_disable_user" })
    assert.equal(0, box:user(failed.username).managed_logins)
    local row = helper.rows(job)[failed.username]
    assert.same({ FACTOR_DONE, 3 }, { words(row), row.steps[3].ended })
  end)

  it("repeats no removal of a factor whose reply was lost, and says so", function()
    for phase, done in pairs { before = 0, after = 1 } do
      local box, pool = world(1)
      box:misbehave { operation = DELETE, what = "reset", phase = phase }
      local job = plan(pool)
      local status = helper.run(job, { settle = 0 })
      assert.same({ "done", 1 }, { status.state, status.uncertain })
      assert.same({ ALL_DONE .. " remove_factor:" .. FACTOR .. "=unknown", "remove_factor:" .. FACTOR },
        { words(helper.rows(job).u1), helper.rows(job).u1.detail })
      assert.equal(done, box:executions(DELETE))
      assert(job:resume { uncertain = true }) -- an operator's decision
      helper.run(job)
      assert.equal(1, box:executions(DELETE))
    end
  end)

  it("repeats every other step whose reply was lost", function()
    for index, operation in ipairs { "admin_disable_user", "admin_user_global_sign_out", "admin_list_user_sessions",
      "admin_revoke_user_session", "admin_list_devices", "admin_forget_device" } do
      for _, phase in ipairs { "before", "after" } do
        local box, pool = world(2)
        box:misbehave { operation = operation, what = "reset", phase = phase }
        local job = plan(pool)
        local status = helper.run(job, { settle = 0 })
        assert.same({ "done", 2 }, { status.state, status.accepted }, operation .. index)
        for row in job:rows() do
          assert.equal(FACTOR_DONE, words(row))
          local user = box:user(row.username)
          assert.same({ false, 0, 0 }, { user.enabled, user.devices, user.managed_logins })
          assert.equal(1, box:executions(DELETE, row.username))
        end
      end
    end
  end)

  it("says of what the pool does not have that it is not available", function()
    local box, pool = world(1)
    box:misbehave { operation = "admin_list_devices", what = "error", code = "InvalidUserPoolConfigurationException" }
    local job = plan(pool)
    assert.equal(1, helper.run(job).accepted)
    assert.equal((FACTOR_DONE:gsub("devices=done", "devices=unavailable")), words(helper.rows(job).u1))
  end)

  it("takes no further step for a user who is gone", function()
    local box, pool = world(1)
    local job = plan(pool)
    assert(pool:admin_delete_user { username = "u1" })
    local status = helper.run(job)
    assert.same({ 1, 1 }, { status.failed, status.failed_by_code.UserNotFoundException })
    assert.equal("disable=failed", words(helper.rows(job).u1))
    assert.equal(0, box:executions "admin_user_global_sign_out")
  end)

  it("stops for what concerns all users, with the step still to do", function()
    local box, pool = world(2)
    box:misbehave { operation = "admin_list_devices", what = "error", code = "AccessDeniedException", times = 9 }
    local job = plan(pool)
    local status = helper.run(job, { concurrency = 1 })
    assert.same({ "paused", "AccessDeniedException" }, { status.state, status.why })
    box:behave()
    assert(job:resume())
    assert.equal(2, helper.run(job).accepted)
    assert.equal(2, box:executions "admin_disable_user")
  end)

  it("makes a step uncertain that was open when it was cancelled", function()
    local _, pool = world(1)
    local job = plan(pool)
    local path = helper.path_of(job)
    assert(job:approve {})
    pcall(job.run, job, { rate = 1000, at = function(step) if step == "called" then error "died" end end })
    job:close()
    job = assert(bulk.open { journal = path, pool = pool })
    assert(job:cancel())
    local row = helper.rows(job).u1
    assert.same({ "uncertain", "disable=unknown" }, { row.outcome, words(row) })
  end)

  it("reports each step, as CSV and as JSON", function()
    local _, pool = world(1)
    local job = plan(pool)
    helper.run(job)
    local texts = {}
    for _, format in ipairs { "csv", "jsonl" } do
      local text = {}
      assert(job:report(function(piece) text[#text + 1] = piece end, { format = format }))
      texts[format] = table.concat(text)
    end
    assert.truthy(texts.csv:find("# close=disable\n", 1, true), texts.csv)
    assert.truthy(texts.csv:find("# factors=" .. FACTOR .. "\n", 1, true))
    assert.truthy(texts.csv:find("disable=done sign_out=done sessions=done(3 of 3) devices=done(2 of 2) remove_factor:"
      .. FACTOR .. "=done", 1, true), texts.csv)
    local row = json.decode(texts.jsonl:match "\n(.-)\n")
    assert.same({ "disable", "done", 5 }, { row.steps[1].step, row.steps[1].state, #row.steps })
    assert.matches("^%d%d%d%d%-", row.tokens_until_at_most)
  end)

  it("refuses factors that no administrator removes, and options of another action", function()
    local _, pool = world(1)
    for message, given in pairs {
      ["secure removes these factors: EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA"] = { factors = { "WEB_AUTHN" } },
      ["the option lock goes with the action secure"] = { action = "lock", lock = true, factors = false },
      ["the option factors goes with the action secure"] = { action = "disable" },
      ["secure signs users out: sessions cannot be kept"] = { sign_out = 0 },
      ["sign-out signs users out: sessions cannot be kept"] = { action = "sign-out", factors = false, sign_out = 0 },
    } do
      local options = { pool = pool, journal = helper.path(), action = "secure", users = { filter = "" },
        factors = { FACTOR } }
      for name, value in pairs(given) do options[name] = value or nil end
      options.sign_out = options.sign_out ~= 0
      local job, err = bulk.plan(options)
      assert.is_nil(job)
      assert.same({ "invalid_input", message }, { err.code, err.message })
    end
  end)

  it("has a plan whose hash covers the steps", function()
    local _, pool = world(1)
    local job = plan(pool)
    job.journal:set("factors", "SMS_MFA")
    local _, err = job:approve {}
    assert.equal("plan_changed", err.code)
    job.journal:set("factors", FACTOR)
    job.journal:set("close", "lock")
    _, err = job:approve {}
    assert.equal("plan_changed", err.code)
  end)
end)

-- Death at every place, as for the other actions: whatever was recorded when it
-- died, the rest is done, and no factor is removed twice.
describe("a job that secures users and dies between two steps", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function run(path, pool, at) return helper.run_until_death(path, pool, at, 0) end

  -- The states of a row's steps beside the sandbox's count.
  local function disagreement(box, row)
    local user, deleted = box:user(row.username), box:executions(DELETE, row.username)
    local last = row.steps[5].state
    if user.enabled or user.devices ~= 0 or user.managed_logins ~= 0 then
      return "something is left"
    elseif words(row) ~= (FACTOR_DONE:gsub("=done$", "=" .. last)) then
      return words(row)
    elseif deleted > 1 or last == "done" and deleted ~= 1 or last ~= "done" and last ~= "unknown" then
      return ("the factor is %s, and was removed %d times"):format(last, deleted)
    elseif (row.outcome == "accepted") ~= (last == "done") then
      return row.outcome
    end
  end

  it("has all of them taken in the end, and none twice that may not be", function()
    local n, died, seen, unknown = 0, nil, {}, 0 -- luacheck: no unused
    repeat
      n = n + 1
      local box, pool = helper.world()
      for i = 1, 2 do
        box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), devices = 1, managed_logins = 2,
          totp_secret = "JBSWY3DPEHPK3PXP" }
      end
      pool = pool:with { attempt_timeout = 0.2 }
      local job = helper.plan(pool, { action = "secure", factors = { FACTOR } })
      local path = helper.path_of(job)
      job:close()
      box:misbehave { operation = "admin_revoke_user_session", phase = "after", what = "drop" }
      box:misbehave { operation = "admin_disable_user", what = "throttle" }
      local steps = 0
      died = run(path, pool, function(step)
        steps = steps + 1
        if steps == n then error("died at " .. step, 0) end
      end)
      if died then
        seen[died] = true
        assert.is_nil(run(path, pool))
      end
      job = assert(bulk.open { journal = path })
      for row in job:rows() do
        assert.is_nil(disagreement(box, row), ("step %d, %s, %s"):format(n, tostring(died), row.username))
        unknown = unknown + (row.outcome == "uncertain" and 1 or 0)
      end
      job:close()
    until not died
    assert.is_true(n > 40, n)
    assert.is_true(unknown > 0)
    for _, step in ipairs { "recorded", "claimed", "committed", "call", "called" } do
      assert.is_true(seen["died at " .. step], step)
    end
  end)
end)

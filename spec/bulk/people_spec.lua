-- The person, not the name: who is acted on is who was planned, as the plan
-- found them, whatever happens to the name, the state or the address meanwhile.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"

local plan, rows = helper.plan, helper.rows

local function run(job, given)
  given = given or {}
  given.rate, given.yes = 1000, true
  return assert(job:run(given))
end

local status_for = { resend = "UNCONFIRMED", invite = "FORCE_CHANGE_PASSWORD" }

local operations = {
  reset = "admin_reset_user_password", lock = "admin_set_user_password", ["set-password"] = "admin_set_user_password",
  resend = "resend_confirmation_code", invite = "admin_create_user",
}

-- Another person takes the name that a user has left.
local function replace(box, pool, name, status)
  pool:admin_delete_user { username = name }
  return box:add_user { username = name, email = "stranger@example.com", status = status, password = "Old-pass1" }
end

local function password() return "New-pass-1" end

-- The sandbox knows no AdminUpdateUserAttributes.
local function change_attributes(box, name, attributes)
  for key, value in pairs(attributes) do
    box.pool.users:find(name).attributes[key] = value
  end
end

describe("a user deleted and created again by another person", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function is_not_acted_on(action, operation, recheck)
    local status = status_for[action]
    local box, pool = helper.world()
    box:add_user { username = "ada", email = "ada@example.com", status = status }
    local job = plan(pool, { action = action, recheck = recheck })
    local stranger = replace(box, pool, "ada", status)
    run(job, { password = action == "set-password" and password or nil })
    assert.equal(0, box:executions(operation, "ada"))
    assert.equal(0, box:executions "admin_user_global_sign_out")
    assert.equal(0, #box.outbox)
    assert.equal(stranger.attributes.sub, box:user("ada").attributes.sub)
    return rows(job).ada
  end

  for action, operation in pairs(operations) do
    it("is not acted on: " .. action, function()
      local row = is_not_acted_on(action, operation, true)
      if action == "lock" or action == "set-password" then
        assert.same({ "failed", "UserNotFoundException" }, { row.outcome, row.code })
      else
        assert.same({ "skipped", "changed_since_plan", "sub" }, { row.outcome, row.reason, row.detail })
      end
    end)
  end

  -- AdminCreateUser goes by name: there nothing but the look can tell.
  it("is not acted on without a look either: reset, resend", function()
    local row = is_not_acted_on("reset", operations.reset, false)
    assert.same({ "failed", "UserNotFoundException" }, { row.outcome, row.code })
    row = is_not_acted_on("resend", operations.resend, false)
    assert.equal("accepted", row.outcome) -- the service does not say that a user is unknown
  end)

  it("is not signed out, nor taken for the one whose call was lost", function()
    local box, pool = helper.world()
    box:add_user { username = "ada", email = "ada@example.com" }
    box:misbehave { operation = operations.reset, what = "drop" }
    local job = plan(pool)
    local done
    run(job, { at = function(step)
      if step == "called" and not done then
        done = true
        replace(box, pool, "ada", "RESET_REQUIRED")
      end
    end })
    local row = rows(job).ada
    assert.same({ "uncertain", 1 }, { row.outcome, row.attempts })
    assert.equal(0, box:executions "admin_user_global_sign_out")
  end)
end)

describe("a user who has changed since the plan", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local changes = {
    address = function(box) change_attributes(box, "u2", { email = "mallory@example.com" }) end,
    status = function(_, pool) pool:admin_disable_user { username = "u2" } end,
    sub = function(_, pool) pool:admin_delete_user { username = "u2" } end,
  }

  for detail, change in pairs(changes) do
    for _, action in ipairs { "reset", "resend", "invite" } do
      it(("is skipped: %s, %s"):format(detail, action), function()
        local box, pool = helper.world()
        for i = 1, 3 do
          box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), status = status_for[action] }
        end
        local job = plan(pool, { action = action })
        change(box, pool)
        local status = run(job, { daily_limit = 100 })
        assert.same({ 2, 1, 0 }, { status.accepted, status.skipped, status.failed })
        local row = rows(job).u2
        assert.same({ "skipped", "changed_since_plan", detail }, { row.outcome, row.reason, row.detail })
        assert.equal(2, #box.outbox)
        assert.equal(2, tonumber(job.journal:row "SELECT sum(n) AS n FROM sends".n))
        assert.equal("done", status.state)
      end)
    end
  end

  it("is skipped where the message would go another way, and where the state is another one", function()
    local box, pool = helper.world()
    box:add_user { username = "a", email = "a@example.com" }
    box:add_user { username = "b", email = "b@example.com", phone_number = "+4930", phone_number_verified = false }
    box:add_user { username = "c", email = "c@example.com" }
    local job = plan(pool)
    change_attributes(box, "b", { phone_number_verified = "true" })
    pool:admin_reset_user_password { username = "c" }
    local before = #box.outbox
    run(job)
    assert.same({ "accepted", "address", "status" },
      { rows(job).a.outcome, rows(job).b.detail, rows(job).c.detail })
    assert.equal(before + 1, #box.outbox)
  end)

  it("has another address, not another spelling of it, nor another phone that gets no message", function()
    local box, pool = helper.world(0, { recovery = "verified_email" })
    box:add_user { username = "ada", email = "Ada@Example.com" }
    local job = plan(pool)
    change_attributes(box, "ada", { email = "ada@example.COM", phone_number = "+4940" })
    assert.equal(1, run(job).accepted)
    assert.equal(1, #box.outbox)
  end)

  it("is no part of the plan that was touched: the job goes on after a stop", function()
    local box, pool = helper.world(5)
    local job = plan(pool)
    pool:admin_disable_user { username = "u1" }
    assert.same({ "limit", 1 }, { run(job, { limit = 2 }).why, assert(job:status()).skipped })
    assert(job:resume {})
    local status = run(job)
    assert.same({ "done", 4, 1 }, { status.why, status.accepted, status.skipped })
    assert.equal(4, #box.outbox)
  end)

  it("does not count towards the limit", function()
    local _, pool = helper.world(5)
    local job = plan(pool)
    for i = 1, 3 do pool:admin_disable_user { username = "u" .. i } end
    local status = run(job, { limit = 2 })
    assert.same({ 2, 3 }, { status.accepted, status.skipped })
  end)

  it("after an attempt whose end is unknown is uncertain", function()
    local box, pool = helper.world(1)
    local job = plan(pool)
    box:misbehave { operation = operations.reset, phase = "before", what = "drop" }
    local attempts = 0
    run(job, { at = function(step)
      attempts = attempts + (step == "recheck" and 1 or 0)
      if step == "recheck" and attempts == 2 then
        pool:admin_reset_user_password { username = "u1" } -- the first one came late
      end
    end })
    local row = rows(job).u1
    assert.same({ "uncertain", "changed_since_plan", "status", 2 },
      { row.outcome, row.code, row.detail, row.attempts })
    assert.equal(1, #box.outbox)
  end)

  it("is not one who was reset by the attempt that an operator repeats", function()
    local box, pool = helper.world(1)
    local job = plan(pool)
    job.journal:run "UPDATE users SET attempts = 1"
    assert(job:approve {})
    pool:admin_reset_user_password { username = "u1" }
    job.journal:run "UPDATE users SET state = 'uncertain'"
    job.journal:run "UPDATE meta SET value = 'done' WHERE key = 'state'"
    assert(job:resume { uncertain = true })
    assert.equal(1, assert(job:run { rate = 1000 }).accepted)
    assert.equal(2, #box.outbox)
  end)
end)

describe("the look before a message", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("is one call a user, which the plan announces and can leave out", function()
    local box, pool = helper.world(4)
    local job = plan(pool)
    assert.is_true(assert(job:summary()).recheck)
    local before = box:executions "list_users"
    run(job)
    assert.equal(before + 4, box:executions "list_users")
    assert.equal(0, box:executions "admin_get_user")
    job = plan(pool, { again = true, recheck = false })
    before = box:executions "list_users"
    run(job)
    assert.equal(before, box:executions "list_users")
    for _, action in ipairs { "lock", "set-password" } do
      assert.is_false(assert(plan(pool, { action = action }):summary()).recheck)
    end
  end)

  for name, fault in pairs {
    throttled = { what = "throttle", times = 3 }, unreachable = { what = "unreachable", times = 3 },
    ["a lost answer"] = { what = "drop", times = 2 }, ["a fault"] = { what = "status_500", times = 2 },
  } do
    it("that goes wrong is repeated, and so is nothing else: " .. name, function()
      local box, pool = helper.world(3)
      local job = plan(pool)
      fault.operation = "list_users"
      box:misbehave(fault)
      assert.equal(3, run(job).accepted)
      assert.equal(3, box:executions(operations.reset))
      assert.equal(3, #box.outbox)
    end)
  end

  it("that is refused for all users stops the job before any call", function()
    local box, pool = helper.world(3)
    local job = plan(pool)
    box:misbehave { operation = "list_users", what = "error", code = "AccessDeniedException", times = 10 }
    local status = run(job)
    assert.same({ "AccessDeniedException", 3 }, { status.why, status.planned })
    assert.equal(0, #box.outbox)
  end)

  it("is part of the approved plan", function()
    local _, pool = helper.world(2)
    local job = plan(pool)
    assert(job:approve {})
    job.journal:set("recheck", "false")
    assert.equal("plan_changed", select(2, job:run {}).code)
    job.journal:set("recheck", "true")
    job.journal:run "UPDATE users SET contact_before = NULL WHERE id = 1"
    assert.equal("plan_changed", select(2, job:run {}).code)
  end)

  it("keeps no address in the journal", function()
    local _, pool = helper.world(2)
    local job = plan(pool)
    for _, row in ipairs(job.journal:rows "SELECT contact_before FROM users") do
      assert.matches("^%x+$", row.contact_before)
      assert.equal(64, #row.contact_before)
    end
  end)
end)

describe("a lock", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function breached()
    return helper.file("breached.csv",
      "username,mail\nu1,u1@example.com\nu2,was@example.com\nmute,mute@example.com\noff,was@example.com\n")
  end

  it("locks whose address is another one than expected, and notes it", function()
    local box, pool = helper.world(2)
    box:add_user { username = "mute" }
    box:add_user { username = "off", email = "off@example.com", enabled = false }
    local job = plan(pool, { action = "lock", users = breached(), expect_email = "mail" })
    local summary = assert(job:summary())
    assert.same({ 3, 1 }, { summary.act, summary.skip })
    assert.same({ email_changed = 2, no_verified_contact = 1 }, summary.by_note)
    assert.same({ disabled = 1 }, summary.by_reason)
    assert.equal(1, summary.no_way_back)
    assert.equal(3, run(job).accepted)
    for _, name in ipairs { "u1", "u2", "mute" } do
      assert.equal(1, box:executions("admin_set_user_password", name))
    end
    local found = rows(job)
    assert.same({ "email_changed", "email_changed no_verified_contact" }, { found.u2.note, found.mute.note })
    assert.is_nil(found.u1.note)
    assert.equal(0, #box.outbox)
  end)

  it("is the only action that does: a code would go to that address", function()
    local _, pool = helper.world(2)
    for _, action in ipairs { "reset", "set-password" } do
      local job = plan(pool, { action = action, expect_email = "mail", allow_unmatched = true,
        users = helper.file("b.csv", "username,mail\nu1,u1@example.com\nu2,was@example.com\n") })
      assert.same({ u1 = "planned", u2 = "email_changed" }, helper.outcomes(job))
    end
  end)

  it("names beforehand the users who will have no way back", function()
    local function told(options, user)
      local box, pool = helper.world(0, options)
      user.username = "ada"
      box:add_user(user)
      local summary = assert(plan(pool, { action = "lock" }):summary())
      return summary.no_way_back, (next(summary.by_note))
    end
    local mail = "ada@example.com"
    assert.same({ 0 }, { told({}, { email = mail }) })
    assert.same({ 1, "no_verified_contact" }, { told({}, { email = mail, email_verified = false }) })
    assert.same({ 1, "no_verified_contact" }, { told({}, {}) })
    assert.same({ 1, "admin_only" }, { told({ recovery = "admin_only" }, { email = mail }) })
    assert.same({ 1, "no_verified_contact" }, { told({ recovery = "verified_phone_number" }, { email = mail }) })
    assert.same({ 0 }, { told({ recovery = "verified_phone_number" }, { phone_number = "+4930" }) })
    assert.same({ 1, "no_verified_contact" },
      { told({}, { email = mail, email_verified = false, status = "FORCE_CHANGE_PASSWORD" }) })
    assert.same({ 0 }, { told({}, { email = mail, enabled = false }) }) -- is not locked
  end)

  it("notes in the report who was locked with another address", function()
    local _, pool = helper.world(2)
    local job = plan(pool, { action = "lock", expect_email = "mail",
      users = helper.file("b.csv", "username,mail\nu1,u1@example.com\nu2,was@example.com\n") })
    run(job)
    local parts = {}
    assert(job:report(function(text) parts[#parts + 1] = text end))
    local text = table.concat(parts)
    assert.matches("\nu2,[^\n]*,email_changed\n", text)
    assert.matches("\nu1,[^\n]*,\n", text)
    assert(bulk.open { journal = helper.path_of(job) }):close()
  end)
end)

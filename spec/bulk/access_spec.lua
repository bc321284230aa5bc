-- Actions that need neither a password nor a message: disable, enable, sign-out.
-- Each skips what is done already, so a job that is planned again does nothing
-- twice, and none minds a call that is repeated.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"

local operations = {
  disable = "admin_disable_user", enable = "admin_enable_user", ["sign-out"] = "admin_user_global_sign_out",
}

describe("a bulk job that", function()
  setup(helper.setup)
  teardown(helper.teardown)

  -- Users of every kind: on, off, from another provider, not confirmed, invited.
  local function world()
    local box, pool = helper.world()
    box:add_user { username = "on", email = "on@example.com" }
    box:add_user { username = "off", email = "off@example.com", enabled = false }
    box:add_user { username = "google_7", email = "seven@example.com", status = "EXTERNAL_PROVIDER" }
    box:add_user { username = "new", email = "new@example.com", status = "UNCONFIRMED" }
    box:add_user { username = "guest", email = "guest@example.com", status = "FORCE_CHANGE_PASSWORD" }
    return box, pool
  end

  local function is_enabled(box)
    local enabled = {}
    for _, name in ipairs { "on", "off", "google_7", "new", "guest" } do
      enabled[#enabled + 1] = tostring(box:user(name).enabled)
    end
    return table.concat(enabled, " ")
  end

  it("disables users skips those who are disabled, and ends the sessions of all others", function()
    local box, pool = world()
    local job = helper.plan(pool, { action = "disable" })
    assert.same({ on = "planned", off = "already_disabled", google_7 = "planned", new = "planned", guest = "planned" },
      helper.outcomes(job))
    local summary = assert(job:summary())
    assert.same({ 4, true, true, 2 }, { summary.no_way_back, summary.disables, summary.sign_out,
      summary.calls_per_user })
    assert.equal(4, helper.run(job).accepted)
    assert.equal("false false false false false", is_enabled(box))
    assert.same({ 4, 4 }, { box:executions "admin_disable_user", box:executions "admin_user_global_sign_out" })
    assert.equal(0, #box.outbox)
  end)

  it("enables users skips those who are enabled, and ends no session", function()
    local box, pool = world()
    local job = helper.plan(pool, { action = "enable" })
    assert.same({ on = "already_enabled", off = "planned", google_7 = "already_enabled", new = "already_enabled",
      guest = "already_enabled" }, helper.outcomes(job))
    assert.is_false(assert(job:summary()).sign_out)
    assert.equal(1, helper.run(job).accepted)
    assert.equal("true true true true true", is_enabled(box))
    assert.equal(0, box:executions "admin_user_global_sign_out")
  end)

  it("signs users out skips only those who cannot have signed in", function()
    local box, pool = world()
    local job = helper.plan(pool, { action = "sign-out" })
    assert.same({ on = "planned", off = "planned", google_7 = "planned", new = "unconfirmed", guest = "planned" },
      helper.outcomes(job))
    assert.equal(4, helper.run(job).accepted)
    assert.equal(4, box:executions "admin_user_global_sign_out")
    for row in job:rows() do
      assert.is_nil(row.sign_out)
    end
  end)

  it("is planned again finds nothing left to do", function()
    for _, action in ipairs { "disable", "enable" } do
      local box, pool = world()
      helper.run(helper.plan(pool, { action = action }))
      local done = box:executions(operations[action])
      local job = helper.plan(pool, { action = action })
      assert.equal(0, assert(job:summary()).act)
      helper.run(job)
      assert.equal(done, box:executions(operations[action]))
    end
  end)

  it("calls a user of another provider by name, and all others by sub", function()
    local _, pool = world()
    local names = {}
    local job = helper.plan(pool, { action = "disable" })
    for row in job:rows() do
      names[row.username] = require("cognito.bulk.actions").person(row)
    end
    assert.equal("google_7", names.google_7)
    assert.matches("^%x+%-%x+%-%x+%-%x+%-%x+$", names.on)
  end)

  it("keeps an attacker out does not skip a user whose address was changed, and notes it", function()
    for action, outcome in pairs { disable = "planned", ["sign-out"] = "planned", enable = "email_changed" } do
      local _, pool = helper.world(1)
      if action == "enable" then
        assert(pool:admin_disable_user { username = "u1" })
      end
      local path = helper.file("u.csv", "username,mail\nu1,another@example.com\n")
      local job = helper.plan(pool, { action = action, users = { file = path }, expect_email = "mail" })
      assert.same({ u1 = outcome }, helper.outcomes(job))
      local row = helper.rows(job).u1
      assert.equal(action ~= "enable" and "email_changed" or nil, row.note)
    end
  end)

  for action, operation in pairs(operations) do
    it(("repeats a call whose reply was lost: %s"):format(action), function()
      for _, phase in ipairs { "before", "after" } do
        local box, pool = world()
        box:misbehave { operation = operation, what = "reset", phase = phase, times = 1 }
        local job = helper.plan(pool:with { attempt_timeout = 1 }, { action = action })
        local status = helper.run(job, { settle = 0 })
        local act = assert(job:summary()).act
        assert.same({ "done", act, 0 }, { status.state, status.accepted, status.uncertain })
        assert.equal(act + (phase == "after" and 1 or 0), box:executions(operation))
      end
    end)
  end

  it("takes a status that no other action is for", function()
    local _, pool = world()
    local job = assert(bulk.plan { pool = pool, journal = helper.path(), action = "disable", users = { filter = "" },
      status = { "EXTERNAL_PROVIDER", "UNCONFIRMED" } })
    assert.equal(2, assert(job:summary()).act)
  end)

  -- ---- sessions of the managed login ----

  local function signed_in(given)
    local box, pool = helper.world()
    local user = { username = "u1", email = "u1@example.com", managed_logins = 61 }
    for name, value in pairs(given or {}) do user[name] = value end
    box:add_user(user)
    return box, pool
  end

  it("signs users out leaves the sessions of the managed login, unless told to end them", function()
    for _, action in ipairs { "lock", "reset", "disable", "sign-out" } do
      for sign_out, left in pairs { [true] = 61, sessions = 0 } do
        local box, pool = signed_in()
        local job = helper.plan(pool, { action = action, sign_out = sign_out })
        assert.equal(sign_out == "sessions", assert(job:summary()).sessions)
        assert.equal(1, helper.run(job).accepted)
        assert.equal(left, box:user "u1".managed_logins, action)
        assert.equal(sign_out == "sessions" and "done" or (action ~= "sign-out" and "done" or nil),
          helper.rows(job).u1.sign_out)
      end
    end
  end)

  it("ends sessions tries again those of which it has no answer, and says who is still signed in", function()
    local box, pool = signed_in { managed_logins = 3 }
    box:misbehave { operation = "admin_revoke_user_session", what = "reset", phase = "before" }
    local job = helper.plan(pool:with { attempt_timeout = 1 }, { action = "lock", sign_out = "sessions" })
    assert.equal(1, helper.run(job, { settle = 0 }).accepted)
    assert.equal(0, box:user "u1".managed_logins)

    box, pool = signed_in { managed_logins = 3 }
    box:misbehave { operation = "admin_revoke_user_session", what = "error", code = "SomeRefusal", times = 1 }
    job = helper.plan(pool, { action = "lock", sign_out = "sessions" })
    assert.equal(1, helper.run(job).still_signed_in)
    assert.equal("SomeRefusal", helper.rows(job).u1.sign_out_code)
    assert.equal(1, box:user "u1".managed_logins)
    assert(job:resume())
    assert.equal(1, helper.run(job).accepted)
    assert.equal(0, box:user "u1".managed_logins)
  end)

  it("ends no session takes no word about it", function()
    for action, message in pairs { enable = "goes with lock, reset", resend = "goes with lock, reset",
      lock = 'must be true, false or "sessions"' } do
      local _, pool = helper.world(1)
      local job, err = bulk.plan { pool = pool, journal = helper.path(), action = action, users = { filter = "" },
        sign_out = action == "lock" and "all" or "sessions" }
      assert.is_nil(job)
      assert.equal("invalid_input", err.code)
      assert.truthy(err.message:find(message, 1, true), err.message)
    end
  end)
end)

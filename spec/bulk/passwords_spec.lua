-- Where set-password gets its passwords: what a user lacks is that user's
-- failure, what all lack stops the job before anybody fails for it.
local helper = require "spec.support.bulk"

local plan, rows = helper.plan, helper.rows

local SET = "admin_set_user_password"

local function run(job, password, options)
  local given = { rate = 1000, yes = true, password = password }
  for name, value in pairs(options or {}) do given[name] = value end
  return job:run(given)
end

describe("the passwords of a job", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function planned(n)
    local box, pool = helper.world(n)
    return plan(pool, { action = "set-password", sign_out = false }), box
  end

  it("that cannot be had for any user keep it from starting: nothing is claimed", function()
    local job, box = planned(5)
    local status, err = run(job, function() return nil, "secret", "the source is not there" end)
    assert.is_nil(status)
    assert.same({ "no_passwords", "the source is not there" }, { err.code, err.message })
    assert.is_string(err.hint)
    assert.equal(5, job:status().planned)
    assert.same({}, job:status().runs)
    assert.equal(0, rows(job).u1.attempts)
    assert.equal(5, assert(run(job, function() return "New-pass-1" end)).accepted)
    assert.equal(5, box:executions(SET))
  end)

  it("are asked for once a user, the first one too", function()
    local job = planned(5)
    local asked = {}
    assert.equal(5, assert(run(job, function(row)
      asked[row.username] = (asked[row.username] or 0) + 1
      assert.is_string(row.sub)
      return "New-pass-1"
    end)).accepted)
    assert.same({ u1 = 1, u2 = 1, u3 = 1, u4 = 1, u5 = 1 }, asked)
  end)

  it("that one user lacks are that user's failure", function()
    for _, name in ipairs { "u1", "u3" } do
      local job = planned(5)
      local status = assert(run(job, function(row) return row.username ~= name and "New-pass-1" or nil end))
      assert.same({ "done", 4, 1 }, { status.state, status.accepted, status.failed })
      assert.equal("no_password", rows(job)[name].code)
      assert(job:resume { failed = true, code = "no_password" })
      assert.equal(5, assert(run(job, function() return "New-pass-1" end)).accepted)
    end
  end)

  it("that are gone in between stop it, and fail no user", function()
    local job = planned(10)
    local status = assert(run(job, function(row)
      if tonumber(row.username:sub(2)) > 4 then return nil, nil, "the source is gone" end
      return "New-pass-1"
    end, { concurrency = 3 }))
    assert.same({ "paused", "no_passwords", 4, 0, 6 },
      { status.state, status.why, status.accepted, status.failed, status.planned })
    assert.same({ "no_passwords", "the source is gone" }, { status.stopped_by.code, status.stopped_by.message })
    assert(job:resume())
    assert.equal(10, assert(run(job, function() return "New-pass-1" end)).accepted)
  end)
end)

-- What is decided holds: a plan that was touched is refused (an edited state
-- once mailed two users who were excluded), and after `cancel` no user is begun
-- with (a second's worth of them once were).
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local rows = require "cognito.bulk.rows"

local RESET = "admin_reset_user_password"

describe("a plan that was touched", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function planned(given)
    local box, pool = helper.world(6)
    given = given or { exclude = { "u2", "u4" } }
    local job = helper.plan(pool, given)
    assert(job:approve {})
    return job, box
  end

  local function refused(job)
    local status, err = job:run { rate = 1000 }
    assert.is_nil(status)
    assert.equal("plan_changed", err.code)
    assert.matches("the plan was changed", err.message)
  end

  it("is refused, whatever was edited that decides", function()
    for _, edit in ipairs {
      "UPDATE users SET state = 'planned' WHERE username = 'u2'", "UPDATE users SET state = 'started' WHERE id = 2",
      "UPDATE users SET state = 'failed' WHERE id = 4", "UPDATE users SET plan = 'act' WHERE id = 2",
      "UPDATE users SET plan = 'act', state = 'planned' WHERE id = 2", "UPDATE users SET line = 99 WHERE id = 1",
      "UPDATE users SET reason = NULL WHERE id = 2", "UPDATE users SET username = 'u2' WHERE id = 1",
      "UPDATE users SET sub = NULL WHERE id = 1", "UPDATE users SET medium = 'SMS' WHERE id = 1",
      "UPDATE users SET status_before = 'RESET_REQUIRED' WHERE id = 1", "DELETE FROM users WHERE id = 2",
      "INSERT INTO users (id, username, plan, state) VALUES (7, 'u2', 'act', 'planned')",
      "UPDATE meta SET value = 'lock' WHERE key = 'action'", "UPDATE meta SET value = 'false' WHERE key = 'sign_out'",
    } do
      local job, box = planned()
      job.journal:run(edit)
      refused(job)
      assert.equal(0, #box.outbox)
      job:close()
    end
  end)

  it("is refused in the middle of the job, too, but not because of the job's own writes", function()
    local job, box = planned()
    assert(job:run { rate = 1000, limit = 2 })
    assert(job:resume())
    assert(job:run { rate = 1000, limit = 1 })
    assert(job:resume())
    job.journal:run "UPDATE users SET state = 'planned' WHERE username = 'u4'"
    refused(job)
    assert.equal(3, #box.outbox)
    job:close()
  end)

  it("while the job runs is not acted on: a claim asks for the plan", function()
    local job, box = planned()
    local edited
    local status = assert(job:run { rate = 1000, at = function(step)
      if step == "called" and not edited then
        edited = true
        job.journal:run [[UPDATE users SET state = 'planned', sign_out = 'due' WHERE plan = 'skip']]
      end
    end })
    assert.equal("done", status.why)
    assert.equal(0, box:executions(RESET, "u2"))
    assert.equal(0, box:executions("admin_user_global_sign_out", "u4"))
    assert.is_nil(rows.first_planned(job.journal))
    job:close()
  end)
end)

describe("an order to stop", function()
  setup(helper.setup)
  teardown(helper.teardown)

  for order, state in pairs { cancel = "cancelled", pause = "paused" } do
    it(("(%s) holds from the next user on"):format(order), function()
      local box, pool = helper.world(300)
      local job = helper.plan(pool)
      assert(job:approve {})
      local other = assert(bulk.open { journal = helper.path_of(job) })
      local left
      local status = assert(job:run { rate = 100, at = function(step)
        if step == "called" and #box.outbox == 20 and not left then
          assert(other[order](other))
          left = assert(other:status()).planned
        end
      end })
      other:close()
      assert.same({ state, left, 0 }, { status.state, status.planned, status.started })
      assert.equal(300 - left, #box.outbox)
      job:close()
    end)
  end

  it("stands when calls in flight reach a limit", function()
    local box, pool = helper.world(30)
    local job = helper.plan(pool)
    assert(job:approve {})
    local other = assert(bulk.open { journal = helper.path_of(job) })
    box:misbehave { operation = RESET, what = "error", code = "LimitExceededException", times = 1,
      message = "Exceeded daily email limit for the operation or the account." }
    local ordered
    local status = assert(job:run { rate = 100, at = function(step)
      if step == "call" and not ordered then
        ordered = true
        assert(other:cancel())
      end
    end })
    assert.equal("daily_email_limit", status.why)
    assert.equal("cancelled", status.state)
    assert.equal("job_over", select(2, job:resume()).code)
    other:close()
    job:close()
  end)
end)

-- Both were found by the model: users were left open for good.
describe("no user is lost", function()
  setup(helper.setup)
  teardown(helper.teardown)

  it("where a cancelled job's last worker dies before it has cleared up: cancel can be repeated", function()
    local _, pool = helper.world(2)
    local job = helper.plan(pool)
    assert(job:approve {})
    local path = helper.path_of(job)
    local other = assert(bulk.open { journal = path })
    assert.is_false(pcall(job.run, job, { rate = 1000, at = function(step)
      if step == "call" then
        assert(other:cancel())
        error("killed", 0)
      end
    end }))
    job:close()
    assert.same({ "cancelled", 1 }, { other:status().state, other:status().started })
    assert.is_true(other:cancel())
    assert.same({ "cancelled", 0, 1 }, { other:status().state, other:status().started, other:status().uncertain })
    assert.equal("job_over", select(2, other:pause()).code)
    other:close()
  end)

  it("where users are tried again between a run's last look and its end: it goes on with them", function()
    local box, pool = helper.world(3)
    local job = helper.plan(pool)
    assert(job:approve {})
    box:misbehave { operation = RESET, what = "error", code = "NotAuthorizedException" }
    local other = assert(bulk.open { journal = helper.path_of(job), pool = pool })
    local again
    local status = assert(job:run { rate = 1000, on_progress = function(progress)
      if progress.accepted == 2 and progress.failed == 1 and not again then
        again = assert(other:resume { failed = true })
      end
    end })
    assert.same({ true, "done", "done", 3, 0 },
      { again, status.state, status.why, status.accepted, status.planned })
    assert.equal(3, #box.outbox)
    other:close()
    job:close()
  end)
end)

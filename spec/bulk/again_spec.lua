-- What failed can be tried again: sign-outs by a plain resume, refusals that
-- sent nothing by `resume { failed = true }`.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"

local plan, rows = helper.plan, helper.rows

local RESET, SIGN_OUT = "admin_reset_user_password", "admin_user_global_sign_out"

local function run(job, options)
  local given = { rate = 1000, yes = true }
  for name, value in pairs(options or {}) do given[name] = value end
  return assert(job:run(given))
end

local function report(job, options)
  local parts = {}
  assert(job:report(function(piece) parts[#parts + 1] = piece end, options))
  return table.concat(parts)
end

-- A client that notes when each call of an operation was made.
local function watched(pool, box, operation)
  local times = {}
  return pool:with { runtime = box, on_attempt = function(attempt)
    if attempt.operation == operation then times[#times + 1] = box:now() end
  end }, times
end

describe("a sign-out that failed", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function failing(n)
    local box, pool = helper.world(n)
    box:misbehave { operation = SIGN_OUT, what = "error", code = "InvalidParameterException" }
    local job = plan(pool, { action = "lock" })
    return job, box, run(job), pool
  end

  it("is a state of its own, in status and report", function()
    local job, _, status = failing(4)
    assert.same({ "done", 3, 0, 1, 4 },
      { status.state, status.accepted, status.failed, status.still_signed_in, status.total })
    local row = rows(job).u1
    assert.same({ "still_signed_in", "failed", "InvalidParameterException" },
      { row.outcome, row.sign_out, row.sign_out_code })
    assert.truthy(report(job):find(",still_signed_in,,failed,InvalidParameterException,", 1, true), report(job))
    assert.truthy(report(job, { format = "jsonl" }):find('"outcome":"still_signed_in"', 1, true))
  end)

  it("is repeated by a plain resume, and nothing else is", function()
    local job, box = failing(4)
    assert(job:resume())
    local status = run(job)
    assert.same({ "done", 4, 0 }, { status.state, status.accepted, status.still_signed_in })
    assert.equal("done", rows(job).u1.sign_out)
    assert.equal(1, box:executions(SIGN_OUT, "u1"))
    assert.equal(4, box:executions "admin_set_user_password")
    assert.equal("job_over", select(2, job:resume()).code)
  end)

  it("is not repeated in a job that was cancelled", function()
    local box, pool = helper.world(4)
    box:misbehave { operation = SIGN_OUT, what = "error", code = "InvalidParameterException" }
    local job = plan(pool, { action = "lock" })
    run(job, { limit = 2 })
    assert(job:cancel())
    assert.equal("job_over", select(2, job:resume()).code)
    assert.equal(1, job:status().still_signed_in)
  end)

  it("counts as a failure: the run stops after so many", function()
    local box, pool = helper.world(10)
    box:misbehave { operation = SIGN_OUT, what = "error", code = "InvalidParameterException", times = 10 }
    local status = run(plan(pool, { action = "lock" }), { max_failures = 3 })
    assert.same({ "paused", "max_failures", 3, 7 },
      { status.state, status.why, status.still_signed_in, status.planned })
  end)

  it("is none where the user has gone meanwhile: there is no session left", function()
    local box, pool = helper.world(1)
    box:misbehave { operation = SIGN_OUT, what = "error", code = "UserNotFoundException" }
    local job = plan(pool)
    local status = run(job)
    assert.same({ "done", 1, 0 }, { status.state, status.accepted, status.still_signed_in })
    assert.same({ "done", "UserNotFoundException" }, { rows(job).u1.sign_out, rows(job).u1.sign_out_code })
  end)

  it("waits between its tries, longer each time", function()
    local box, pool = helper.world(1)
    box:misbehave { operation = SIGN_OUT, what = "status_500", times = 2 }
    local client, times = watched(pool, box, SIGN_OUT)
    local job = plan(client)
    run(job, { settle = 30 })
    assert.equal("done", rows(job).u1.sign_out)
    assert.equal(3, #times)
    assert.is_true(times[2] - times[1] >= 10, times[2] - times[1])
    assert.is_true(times[3] - times[2] >= 15, times[3] - times[2])
  end)

  it("waits when it is throttled, too", function()
    local box, pool = helper.world(1)
    box:misbehave { operation = SIGN_OUT, what = "throttle", times = 4 }
    local client, times = watched(pool, box, SIGN_OUT)
    local job = plan(client)
    run(job, { settle = 30 })
    assert.equal("done", rows(job).u1.sign_out)
    assert.equal(5, #times)
    for i = 2, #times do assert.is_true(times[i] - times[i - 1] >= 5, times[i] - times[i - 1]) end
  end)
end)

describe("a failed user", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function refusing(code, n, action, operation)
    local box, pool = helper.world(n or 3)
    box:misbehave { operation = operation or RESET, what = "error", code = code }
    local job = plan(pool, { action = action or "reset" })
    local status = run(job)
    assert.equal(1, status.failed)
    return job, box, pool, status
  end

  it("is counted by code", function()
    local box, pool = helper.world(6)
    for _, code in ipairs { "NotAuthorizedException", "NotAuthorizedException", "InvalidParameterException" } do
      box:misbehave { operation = RESET, what = "error", code = code }
    end
    local status = run(plan(pool))
    assert.same({ NotAuthorizedException = 2, InvalidParameterException = 1 }, status.failed_by_code)
    assert.same({}, assert(plan(pool, { users = { "u4" }, again = true }):status()).failed_by_code)
  end)

  it("is tried again when that is asked for, once", function()
    local job, box = refusing "NotAuthorizedException"
    assert.equal("job_over", select(2, job:resume()).code)
    assert(job:resume { failed = true, by = "grace" })
    local status = run(job)
    assert.same({ "done", 3, 0 }, { status.state, status.accepted, status.failed })
    assert.equal(2, rows(job).u1.attempts)
    assert.equal(3, #box.outbox)
    assert.equal("nothing_to_repeat", select(2, job:resume { failed = true }).code)
    assert.equal("done", job:status().state)
  end)

  it("may be chosen by the code", function()
    local box, pool = helper.world(6)
    for _, code in ipairs { "NotAuthorizedException", "InvalidParameterException", "InvalidParameterException" } do
      box:misbehave { operation = RESET, what = "error", code = code }
    end
    local job = plan(pool)
    run(job)
    local _, err = job:resume { failed = true, code = "UserNotFoundException" }
    assert.equal("nothing_to_repeat", err.code)
    assert.matches("InvalidParameterException 2, NotAuthorizedException 1", err.message, 1, true)
    assert(job:resume { failed = true, code = "InvalidParameterException" })
    local status = run(job)
    assert.same({ 5, 1 }, { status.accepted, status.failed })
    assert.same({ NotAuthorizedException = 1 }, status.failed_by_code)
    assert.error_matches(function() job:resume { code = "x" } end, "code goes with failed")
  end)

  -- A trigger runs whatever its author wrote, a custom sender above all: it may
  -- have sent the message before it failed. Nor does a code prove anything that
  -- this version does not know.
  for _, code in ipairs { "UserLambdaValidationException", "UnexpectedLambdaException",
    "InvalidLambdaResponseException", "SomethingNewException" } do
    it(("with %s is not tried again where a message may have gone out"):format(code), function()
      local job, box = refusing(code)
      local _, err = job:resume { failed = true }
      assert.equal("nothing_to_repeat", err.code)
      assert.truthy(err.message:find(code, 1, true), err.message)
      assert.equal("nothing_to_repeat", select(2, job:resume { failed = true, code = code }).code)
      assert.same({ "done", 1 }, { job:status().state, job:status().failed })
      assert.equal(2, #box.outbox)
    end)

    it(("with %s is tried again where the action sends none"):format(code), function()
      local job, box = refusing(code, 3, "lock", "admin_set_user_password")
      assert(job:resume { failed = true })
      assert.equal(3, run(job).accepted)
      assert.equal(0, #box.outbox)
    end)
  end

  -- The pool itself knows that it could not hand the message over; a custom
  -- sender may have failed after it had sent it.
  describe("because the message could not be handed over", function()
    local DELIVERY = "CodeDeliveryFailureException"

    it("is tried again where the pool hands messages over itself", function()
      local job, box = refusing(DELIVERY)
      assert(job:resume { failed = true, code = DELIVERY })
      assert.equal(3, run(job).accepted)
      assert.equal(3, #box.outbox)
    end)

    it("is not tried again where a custom sender does, or where the pool is not asked", function()
      for _, triggers in ipairs { { custom_email_sender = {} }, { custom_sms_sender = {} }, false } do
        local job, box, pool = refusing(DELIVERY)
        job.pool = triggers and setmetatable({ describe_user_pool = function()
          return { user_pool = { lambda_config = triggers } }
        end }, { __index = pool }) or nil
        assert.equal("nothing_to_repeat", select(2, job:resume { failed = true }).code)
        assert.equal(2, #box.outbox)
      end
    end)

    -- Such a reset may have changed the user all the same.
    it("is uncertain when the next answer is lost: the first call may have left the trace", function()
      for _, phase in ipairs { "before", "after" } do
        local job, box, pool = refusing(DELIVERY)
        assert(pool:admin_reset_user_password { username = "u1" })
        assert(job:resume { failed = true })
        box:misbehave { operation = RESET, what = "drop", phase = phase }
        run(job)
        assert.equal("uncertain", rows(job).u1.outcome)
      end
    end)

    it("is looked for and repeated when the user is as the plan found them", function()
      local job, box = refusing(DELIVERY)
      assert(job:resume { failed = true })
      box:misbehave { operation = RESET, what = "drop" }
      assert.equal(3, run(job).accepted)
      assert.equal(3, #box.outbox)
    end)
  end)

  it("is tried again after three lost calls that looks found not carried out", function()
    local box, pool = helper.world(2)
    box:misbehave { operation = RESET, what = "status_500", times = 6 }
    local job = plan(pool)
    assert.equal(2, run(job).failed)
    assert(job:resume { failed = true, code = "InternalErrorException" })
    assert.equal(2, run(job).accepted)
    assert.equal(2, #box.outbox)
  end)

  it("is not mixed up with uncertain users", function()
    local box, pool = helper.world()
    for i = 1, 3 do
      box:add_user { username = "n" .. i, email = ("n%d@example.com"):format(i), status = "FORCE_CHANGE_PASSWORD" }
    end
    box:misbehave { operation = "admin_create_user", what = "drop", phase = "after" }
    box:misbehave { operation = "admin_create_user", what = "error", code = "InvalidParameterException" }
    local job = plan(pool, { action = "invite" })
    run(job)
    assert(job:resume { failed = true })
    local status = run(job)
    assert.same({ 2, 1, 0 }, { status.accepted, status.uncertain, status.failed })
    assert.equal(3, #box.outbox)
  end)

  it("is not tried again in a cancelled job, nor is an uncertain one", function()
    for _, what in ipairs { "failed", "uncertain" } do
      local box, pool = helper.world(4)
      box:misbehave { operation = RESET, what = "error", code = "NotAuthorizedException" }
      local job = plan(pool)
      run(job, { limit = 2 })
      job.journal:run "UPDATE users SET state = 'uncertain' WHERE username = 'u2'"
      assert(job:cancel())
      assert.equal("job_over", select(2, job:resume { [what] = true }).code)
      local status = job:status()
      assert.same({ 1, 1, 2 }, { status.failed, status.uncertain, status.planned })
    end
  end)

  it("and an uncertain one: the journal says who ordered it, and when", function()
    local job = refusing "NotAuthorizedException"
    assert(job:resume { failed = true, code = "NotAuthorizedException", by = "Grace\nHopper" })
    assert.matches('\n"# repeated: at=%d%d%d%d%-[%d%-T:]+Z, outcome=failed, code=NotAuthorizedException, users=1, '
      .. 'by=Grace.Hopper"\n', report(job))
    local head = require("cjson").decode((report(job, { format = "jsonl" }):match "^[^\n]+"))
    assert.same({ "failed", 1, "Grace\nHopper" },
      { head.audit.repeated[1].outcome, head.audit.repeated[1].users, head.audit.repeated[1].by })
    local path = helper.path_of(job)
    job:close()
    job = assert(bulk.open { journal = path })
    assert.truthy(report(job):find("# repeated: ", 1, true))
    job:close()
  end)
end)

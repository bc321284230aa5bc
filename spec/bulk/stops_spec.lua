-- The causes for which a run stops, so that it can go on.
local bulk = require "cognito.bulk"
local cognito = require "cognito"
local failure = require "cognito.bulk.failure"
local helper = require "spec.support.bulk"
local pace = require "cognito.bulk.pace"
local sandbox = require "cognito.sandbox"

local plan, run = helper.plan, helper.run

local RESET = "admin_reset_user_password"

describe("a run", function()
  setup(helper.setup)
  teardown(helper.teardown)

  -- A call of a run has one attempt, so its client never used the older one.
  it("goes on with the older of two client secrets where the newest is not known yet", function()
    local box = sandbox.new { email_sender = "DEVELOPER" }
    for i = 1, 3 do box:add_user { username = "u" .. i, email = "u@example.com", status = "UNCONFIRMED" } end
    local settings = box:settings()
    settings.client_secret = { "the-next-one", settings.client_secret }
    local status = run(plan(cognito.new(settings), { action = "resend" }))
    assert.same({ "done", 3 }, { status.state, status.accepted })
    assert.equal(3, box:executions "resend_confirmation_code")
  end)

  describe("stops at once, and can go on,", function()
    for name, fault in pairs {
      daily_email_limit = { code = "LimitExceededException", message = "Exceeded daily email limit for the operation" },
      ExpiredTokenException = { code = "ExpiredTokenException" },
      AccessDeniedException = { code = "AccessDeniedException" },
      InvalidSmsRoleAccessPolicyException = { code = "InvalidSmsRoleAccessPolicyException" },
      ResourceNotFoundException = { code = "ResourceNotFoundException" },
    } do
      it("on " .. name, function()
        local box, pool = helper.world(5)
        local job = plan(pool)
        run(job, { limit = 2 })
        assert(job:resume())
        box:misbehave { operation = RESET, what = "error", code = fault.code, message = fault.message }
        local status = run(job)
        assert.same({ "paused", name, 2, 3 }, { status.state, status.why, status.accepted, status.planned })
        assert.equal(fault.code, status.stopped_by.code)
        local _, err = job:run {}
        assert.equal("not_running", err.code)
        assert(job:resume())
        assert.equal(5, run(job).accepted)
        assert.equal(5, #box.outbox)
      end)
    end

    it("after so many failures", function()
      local box, pool = helper.world(10)
      box:misbehave { operation = RESET, what = "error", code = "UserLambdaValidationException", times = 10 }
      local status = run(plan(pool), { max_failures = 3 })
      assert.same({ "paused", "max_failures", 3, 7 }, { status.state, status.why, status.failed, status.planned })
    end)

    -- Those that were recorded together with the reconnection were not counted.
    it("after so many failures, while the journal is away, too", function()
      local box, pool = helper.world(10)
      box:misbehave { operation = RESET, what = "error", code = "UserLambdaValidationException", times = 10 }
      local called, away = false, 0
      local status = run(plan(pool), { max_failures = 1, at = function(step)
        called = called or step == "called"
        if called and step == "recorded" and away == 0 then
          away = 1
          error(failure.new("journal_away", "away", { temporary = true }), 0)
        end
      end })
      assert.same({ "max_failures", 1, 9, 1 }, { status.why, status.failed, status.planned, away })
    end)

    it("after so many users, until it is resumed", function()
      local box, pool = helper.world(10)
      local job = plan(pool)
      box:misbehave { operation = RESET, what = "throttle", times = 2 }
      local status = run(job, { limit = 4, hold = true })
      assert.same({ "held", "limit", 4 }, { status.state, status.why, status.accepted })
      local _, err = job:run {}
      assert.equal("not_running", err.code)
      assert(job:resume())
      assert.equal(10, run(job).accepted)
    end)

    -- The run ended with the error, and the job ran on: the next run, from cron, say, went
    -- on with users whom the canary was to protect.
    it("after so many users, although the journal is away at its end, before or after the commit", function()
      for _, when in ipairs { "before", "after" } do
        local _, pool = helper.world(10)
        local job, hold, away, begun = plan(pool), pace.hold, 0, false
        local function leave()
          away = away + 1
          error(failure.new("journal_away", "away", { temporary = true }), 0)
        end
        function pace.hold(journal)
          hold(journal)
          if not begun then return end -- the approval's
          pace.hold = hold
          if when == "before" then leave() end
          local commit = journal.commit
          function journal.commit(self)
            self.commit = nil
            commit(self)
            leave()
          end
        end
        local status = run(job, { limit = 4, hold = true, at = function() begun = true end })
        pace.hold = hold
        assert.same({ "held", "limit", 4, 1 }, { status.state, status.why, status.accepted, away }, when)
        local open = 0
        for _, each in ipairs(status.runs) do open = open + (each.ended_at and 0 or 1) end
        assert.equal(0, open)
      end
    end)

    it("when the day's messages are used up", function()
      local box, pool = helper.world(7)
      local job = plan(pool)
      box:misbehave { operation = RESET, what = "throttle", times = 2 }
      for _, accepted in ipairs { 3, 6, 7 } do
        local status = run(job, { daily_limit = 3 })
        assert.equal(accepted, status.accepted)
        if accepted < 7 then
          assert.same({ "paused", "daily_limit" }, { status.state, status.why })
          assert(job:resume())
          box:advance(12 * 3600)
          assert.equal("daily_limit", run(job, { daily_limit = 3 }).why)
          assert(job:resume())
          box:advance(14 * 3600)
        end
      end
    end)

    it("when another process pauses it, or its own hook", function()
      for order, state in pairs { pause = "paused", cancel = "cancelled", stop = "paused" } do
        local _, pool = helper.world(50)
        local job = plan(pool)
        local other = assert(bulk.open { journal = helper.path_of(job) })
        local status = run(job, { rate = 5, on_progress = function(progress)
          if progress.accepted >= 10 and not progress.stopping then
            if order == "stop" then job:stop() else other[order](other) end
          end
        end })
        assert.equal(state, status.state)
        assert.is_true(status.accepted >= 10 and status.accepted < 30, status.accepted)
        assert.equal(50, status.accepted + status.planned)
        assert.equal(order == "stop" and "interrupted" or state, status.why)
        local resumed, err = job:resume()
        if state == "cancelled" then
          assert.equal("job_over", err.code)
        else
          assert.is_true(resumed)
          assert.equal(50, run(job).accepted)
        end
        other:close()
      end
    end)

    it("when the network is away for too long", function()
      local box, pool = helper.world(3)
      box:misbehave { operation = RESET, what = "unreachable", times = 1e6 }
      local begun = box:now()
      local status = run(plan(pool), { patience = 120, rate = 5 })
      assert.same({ "paused", "connect", 3 }, { status.state, status.why, status.planned })
      assert.is_true(box:now() - begun >= 120)
    end)
  end)
end)

-- A run whose calls were throttled, never sent, or never answered:
-- it repeats what was not carried out, and finds out what was.
local helper = require "spec.support.bulk"

local plan, rows, run = helper.plan, helper.rows, helper.run

local RESET = "admin_reset_user_password"

describe("a run", function()
  setup(helper.setup)
  teardown(helper.teardown)

  describe("repeats calls that were not carried out:", function()
    for name, fault in pairs {
      throttled = { what = "throttle", times = 3 },
      ["throttled without a type"] = { what = "rate_exceeded", times = 2 },
      ["not sent"] = { what = "unreachable", times = 4 },
      ["refused for the clock"] = { what = "skew", seconds = 3600, times = 1 },
    } do
      it(name, function()
        local box, pool = helper.world(3)
        fault.operation = RESET
        box:misbehave(fault)
        local job = plan(pool)
        local status = run(job)
        assert.equal(3, status.accepted, status.why)
        assert.equal(3, box:executions(RESET))
        assert.equal(3, #box.outbox)
        assert.is_true(rows(job).u1.attempts > 1)
        assert.equal(0, box:executions "admin_get_user")
        assert.equal(0, box:behave())
      end)
    end

    it("throttled at any rate, for minutes", function()
      local box, pool = helper.world(5)
      box:misbehave { operation = RESET, what = "throttle", chance = 0.9, times = 100000 }
      local status = run(plan(pool), { rate = 50 })
      assert.equal(5, status.accepted)
      assert.equal(5, #box.outbox)
    end)
  end)

  describe("finds the outcome of an unanswered call:", function()
    local lost = {
      ["a dropped reply"] = { what = "drop" },
      ["a reset connection"] = { what = "reset" },
      ["a reply that never came"] = { what = "stall" },
      ["half a reply"] = { what = "drop", cut = "body" },
      ["a reply that is no JSON"] = { what = "malformed" },
      ["a reply that is too large"] = { what = "oversized" },
      ["a fault of the service"] = { what = "status_500" },
      ["a fault of a proxy"] = { what = "status_502" },
      ["a gateway's timeout"] = { what = "status_504" },
      ["a proxy's 408"] = { what = "status_408" },
      ["a proxy's 524"] = { what = "status_524" },
    }

    for name, fault in pairs(lost) do
      it(name .. ", after it was carried out", function()
        local box, pool = helper.world(3)
        box:misbehave { operation = RESET, phase = "after", what = fault.what, cut = fault.cut }
        local job = plan(pool)
        local status = run(job)
        assert.equal(3, status.accepted)
        assert.equal(3, #box.outbox)
        local row = rows(job).u1
        assert.same({ 1, "looked_up", "done" }, { row.attempts, row.detail, row.sign_out })
        assert.equal(1, box:executions "admin_get_user")
      end)

      if not fault.cut then
        it(name .. ", before it was", function()
          local box, pool = helper.world(3)
          box:misbehave { operation = RESET, phase = "before", what = fault.what }
          local job = plan(pool)
          assert.equal(3, run(job).accepted)
          assert.equal(3, #box.outbox)
          assert.same({ 2, "done" }, { rows(job).u1.attempts, rows(job).u1.sign_out })
          assert.equal(2, box:executions "admin_get_user")
        end)
      end
    end

    it("not before the timeout and half a minute have passed, and twice, some seconds apart", function()
      local box, pool = helper.world(1)
      local seen = {}
      local watched = pool:with { runtime = box, on_attempt = function(attempt)
        seen[#seen + 1] = { attempt.operation, box:now() }
      end }
      box:misbehave { operation = RESET, what = "drop" }
      run(plan(watched))
      local sent, first, second, again
      for _, each in ipairs(seen) do
        if each[1] == "admin_get_user" then
          first, second = first or each[2], first and each[2]
        elseif each[1] == RESET then
          sent, again = sent or each[2], each[2]
        end
      end
      assert.is_true(first - sent >= 40, first - sent)
      assert.is_true(second - first >= 5, second - first)
      assert.is_true(again >= second)
    end)

    -- What happens to the user between the lost call and the look, and what it
    -- must come to.
    for name, case in pairs {
      ["who has recovered meanwhile: nobody knows by which code"] = { "uncertain", function(box, pool)
        pool:confirm_forgot_password { username = "u1", confirmation_code = box:code "u1", password = "New-pass1" }
      end },
      ["who was changed meanwhile"] = { "uncertain", function(box, pool)
        box:advance(1)
        pool:admin_set_user_password { username = "u1", password = "New-pass1", permanent = true }
      end, "before" },
      ["who was deleted meanwhile"] = { "uncertain", function(_, pool) pool:admin_delete_user { username = "u1" } end },
      ["who was disabled meanwhile, after the reset"] = { "accepted", function(_, pool)
        pool:admin_disable_user { username = "u1" }
      end },
    } do
      it("of a user " .. name, function()
        local box, pool = helper.world(2)
        box:advance(3600)
        box:misbehave { operation = RESET, phase = case[3] or "after", what = "drop" }
        local job, done = plan(pool), false
        local executed = case[3] and 1 or 2
        run(job, { on_progress = function(progress)
          if not done and progress.accepted == 1 then
            done = true
            case[2](box, pool)
          end
        end })
        assert.is_true(done)
        assert.equal(case[1], rows(job).u1.outcome)
        assert.equal("accepted", rows(job).u2.outcome)
        assert.equal(executed, box:executions(RESET))
      end)
    end

    it("looks again when the look itself goes wrong", function()
      local box, pool = helper.world(1)
      box:misbehave { operation = RESET, phase = "after", what = "drop" }
      box:misbehave { operation = "admin_get_user", what = "throttle", times = 2 }
      box:misbehave { operation = "admin_get_user", what = "status_500" }
      box:misbehave { operation = "admin_get_user", what = "drop" }
      assert.equal(1, run(plan(pool)).accepted)
      assert.equal(1, #box.outbox)
    end)

    it("gives up after three calls that were not carried out", function()
      local box, pool = helper.world(2)
      box:misbehave { operation = RESET, what = "status_500", times = 6 }
      local job = plan(pool)
      local status = run(job)
      assert.same({ "done", 2 }, { status.state, status.failed })
      assert.same({ 3, "InternalErrorException", "looked_up" },
        { rows(job).u1.attempts, rows(job).u1.code, rows(job).u1.detail })
    end)

    it("never of a reset of a user who was reset before", function()
      for _, phase in ipairs { "before", "after" } do
        local box, pool = helper.world()
        box:add_user { username = "ada", email = "ada@example.com", status = "RESET_REQUIRED" }
        box:misbehave { operation = RESET, phase = phase, what = "drop" }
        local job = plan(pool, { again = true })
        run(job)
        assert.equal("uncertain", rows(job).ada.outcome)
        assert.is_true(box:executions(RESET) <= 1)
      end
    end)

    for action, operation in pairs { resend = "resend_confirmation_code", invite = "admin_create_user" } do
      for _, phase in ipairs { "before", "after" } do
        it(("never of %s, lost %s it was carried out"):format(action, phase), function()
          local box, pool = helper.world()
          for i = 1, 3 do
            box:add_user { username = "n" .. i, email = ("n%d@example.com"):format(i),
              status = action == "resend" and "UNCONFIRMED" or "FORCE_CHANGE_PASSWORD" }
          end
          box:misbehave { operation = operation, phase = phase, what = "drop" }
          local job = plan(pool, { action = action })
          local status = run(job)
          assert.same({ "done", 2, 1 }, { status.state, status.accepted, status.uncertain })
          assert.equal(phase == "after" and 3 or 2, #box.outbox)
          assert.same({ "uncertain", "connection_lost" }, { rows(job).n1.outcome, rows(job).n1.code })
          assert.equal(0, box:executions "admin_get_user")
          local _, err = job:run { yes = true }
          assert.equal("job_over", err.code)
          assert(job:resume { uncertain = true })
          assert.equal(3, run(job).accepted)
          assert.equal(phase == "after" and 4 or 3, #box.outbox)
        end)
      end
    end

    it("simply repeats a lock", function()
      for _, phase in ipairs { "before", "after" } do
        local box, pool = helper.world(3)
        box:misbehave { operation = "admin_set_user_password", phase = phase, what = "drop" }
        local status = run(plan(pool, { action = "lock" }))
        assert.equal(3, status.accepted)
        assert.equal(0, box:executions "admin_get_user")
        assert.equal(phase == "after" and 4 or 3, box:executions "admin_set_user_password")
      end
    end)

    it("simply repeats a sign-out, three times at most", function()
      local box, pool = helper.world(3)
      box:misbehave { operation = "admin_user_global_sign_out", phase = "after", what = "drop" }
      box:misbehave { operation = "admin_user_global_sign_out", what = "throttle" }
      local job = plan(pool)
      run(job)
      for _, row in pairs(rows(job)) do assert.equal("done", row.sign_out) end
      assert.equal(3, #box.outbox)

      box, pool = helper.world(1)
      box:misbehave { operation = "admin_user_global_sign_out", what = "status_500", times = 100 }
      job = plan(pool)
      local status = run(job)
      assert.same({ "done", 0, 1 }, { status.state, status.sign_outs, status.still_signed_in })
      assert.same({ "still_signed_in", "failed", "InternalErrorException" },
        { rows(job).u1.outcome, rows(job).u1.sign_out, rows(job).u1.sign_out_code })
    end)
  end)
end)

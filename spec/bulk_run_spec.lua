-- A run within the process: what is done to whom, how often, and what the
-- journal says of it afterwards. Time is the sandbox's own and passes by itself.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"

local plan, rows = helper.plan, helper.rows

local RESET = "admin_reset_user_password"

local function run(job, options)
  local given = { rate = 1000, yes = true }
  for name, value in pairs(options or {}) do given[name] = value end
  return assert(job:run(given))
end

local function signs_in(pool, name, password)
  local result, err = pool:admin_initiate_auth {
    auth_flow = "ADMIN_USER_PASSWORD_AUTH", auth_parameters = { USERNAME = name, PASSWORD = password },
  }
  return result ~= nil, err and err.code
end

describe("a run", function()
  setup(helper.setup)
  teardown(helper.teardown)

  describe("of the action", function()
    it("reset sends everybody one code, and ends the sessions", function()
      local box, pool = helper.world(20)
      local status = run(plan(pool))
      assert.same({ "done", 20, 0 }, { status.state, status.accepted, status.planned })
      assert.equal(20, #box.outbox)
      for i = 1, 20 do
        assert.equal(1, box:executions(RESET, "u" .. i))
        assert.equal(1, box:executions("admin_user_global_sign_out", "u" .. i))
        assert.equal("RESET_REQUIRED", box:user("u" .. i).status)
      end
    end)

    it("reset leaves the sessions when it is told to", function()
      local box, pool = helper.world(2)
      local job = plan(pool, { sign_out = false })
      run(job)
      assert.equal(0, box:executions "admin_user_global_sign_out")
      assert.is_nil(rows(job).u1.sign_out)
    end)

    it("lock leaves a password that nobody has, and sends nothing", function()
      local box, pool = helper.world(1)
      box:add_user { username = "ada", password = "Old-pass1", email = "ada@example.com" }
      assert.is_true(signs_in(pool, "ada", "Old-pass1"))
      local sent = {}
      local listening = pool:with { runtime = {
        send = function(_, request, options)
          sent[#sent + 1] = request.body
          return box:send(request, options)
        end,
        sleep = function(_, seconds) box:sleep(seconds) end,
        now = function() return box:now() end,
        clock = function() return box:clock() end,
      } }
      local job = plan(listening, { action = "lock" })
      local status = run(job)
      assert.equal(2, status.accepted)
      assert.same({ false, "NotAuthorizedException" }, { signs_in(pool, "ada", "Old-pass1") })
      assert.equal("CONFIRMED", box:user("ada").status)
      assert.equal(0, box:user("ada").sessions)
      assert.equal(0, #box.outbox)
      local passwords = {}
      for _, body in ipairs(sent) do
        passwords[#passwords + 1] = body:match '"Password":"([^"]*)"'
      end
      assert.equal(2, #passwords)
      assert.not_equal(passwords[1], passwords[2])
      for _, password in ipairs(passwords) do
        assert.is_true(#password == 99 and password:find "%u" and password:find "%l" and password:find "%d"
          and password:find "[^%w]" and true)
      end
    end)

    it("set-password takes them from the program", function()
      local box, pool = helper.world(3)
      local job = plan(pool, { action = "set-password", sign_out = false, permanent = false })
      assert.error_matches(function() job:run { yes = true } end, "needs the function password")
      local status = run(job, { password = function(row)
        if row.username == "u3" then return nil, "secret-in-a-message" end
        return "New-pass-" .. row.username
      end })
      assert.same({ 2, 1 }, { status.accepted, status.failed })
      assert.equal("FORCE_CHANGE_PASSWORD", box:user("u1").status)
      assert.is_true((signs_in(pool, "u1", "New-pass-u1")))
      assert.equal("no_password", rows(job).u3.code)
    end)

    it("resend sends sign-up codes, signed by nobody", function()
      local box, pool = helper.world()
      box:add_user { username = "new", status = "UNCONFIRMED", email = "new@example.com" }
      local status = run(plan(pool, { action = "resend" }), { client_metadata = { why = "again" } })
      assert.equal(1, status.accepted)
      assert.same({ "resend_confirmation_code", "again" },
        { box.outbox[1].operation, box.outbox[1].client_metadata.why })
    end)

    it("invite sends invitations, by the medium that there is", function()
      local box, pool = helper.world()
      box:add_user { username = "a", status = "FORCE_CHANGE_PASSWORD", email = "a@example.com" }
      box:add_user { username = "b", status = "FORCE_CHANGE_PASSWORD", phone_number = "+4930" }
      assert.equal(2, run(plan(pool, { action = "invite" })).accepted)
      assert.same({ "EMAIL", "SMS" }, { box.outbox[1].medium, box.outbox[2].medium })
    end)
  end)

  describe("repeats what was not carried out:", function()
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

  describe("finds out what became of a call that nobody answered:", function()
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

    it("never of a reset of who was reset before", function()
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

  it("notes a refusal as that user's", function()
    local box, pool = helper.world(4)
    local job = plan(pool, { recheck = false })
    pool:admin_disable_user { username = "u1" }
    pool:admin_delete_user { username = "u2" }
    box:misbehave { operation = RESET, what = "error", code = "CodeDeliveryFailureException" }
    local status = run(job)
    assert.same({ "done", 2, 2 }, { status.state, status.accepted, status.failed })
    local found = rows(job)
    assert.equal("CodeDeliveryFailureException", found.u1.code)
    assert.equal("UserNotFoundException", found.u2.code)
    assert.matches("^%x+%-%x+%-", found.u2.request_id)
    job = plan(pool, { users = { "u3" }, again = true, recheck = false })
    pool:admin_disable_user { username = "u3" }
    run(job)
    assert.same({ "NotAuthorizedException", "user_disabled" }, { rows(job).u3.code, rows(job).u3.detail })
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

    it("after so many users, until somebody has looked", function()
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

    it("when it is told to by another process, or by its own hook", function()
      for order, state in pairs { pause = "paused", cancel = "cancelled", stop = "paused" } do
        local _, pool = helper.world(50)
        local job = plan(pool)
        local other = assert(bulk.open { journal = job.journal.db.path })
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

  it("is refused before the plan was approved, and after the job is over", function()
    local _, pool = helper.world(1)
    local job = plan(pool)
    local _, err = job:run {}
    assert.equal("not_approved", err.code)
    assert(job:approve { by = "ada" })
    assert(job:run {})
    _, err = job:run {}
    assert.equal("job_over", err.code)
    _, err = job:pause()
    assert.equal("job_over", err.code)
    assert.error_matches(function() job:run { rates = 5 } end, "did you mean 'rate'")
    assert.error_matches(function() job:run { rate = 0 } end, "above 0")
  end)

  it("is refused with more mails than the built-in sender sends, or more SMS than are wanted", function()
    local box, pool = helper.world(51, { email_sender = "COGNITO_DEFAULT" })
    local job = plan(pool)
    local _, err = job:run { yes = true }
    assert.equal("builtin_mail", err.code)
    assert.equal(0, #box.outbox)
    assert.equal(50, run(job, { daily_limit = 50 }).accepted)
    assert(job:resume())
    assert.equal(51, run(job, { builtin_mail = true, daily_limit = 0 }).accepted)
    box, pool = helper.world()
    for i = 1, 3 do box:add_user { username = "p" .. i, phone_number = "+493" .. i } end
    job = plan(pool)
    _, err = job:run { yes = true, max_sms = 2 }
    assert.equal("max_sms", err.code)
    assert.equal(3, run(job, { max_sms = 3 }).accepted)
    assert.equal(51, run(plan((select(2, helper.world(51))), { action = "lock" })).accepted)
  end)

  it("looks at the pool's settings again", function()
    local box, pool = helper.world(1)
    local job = plan(pool)
    box.pool.options.recovery = "admin_only"
    local _, err = job:run { yes = true }
    assert.equal("admin_only", err.code)
  end)

  it("tells how it goes, once a second and at the end", function()
    local _, pool = helper.world(30)
    local told = {}
    run(plan(pool), { rate = 5, on_progress = function(progress) told[#told + 1] = progress end })
    assert.is_true(#told >= 6 and #told <= 9, #told)
    local first, last = told[1], told[#told]
    assert.equal(30, first.planned + first.started + first.accepted)
    assert.is_true(first.seconds_left > 4)
    assert.same({ 30, 0, 0, 0, 0 }, { last.accepted, last.planned, last.started, last.failed, last.uncertain })
    assert.equal(5, last.rate)
    assert.is_true(last.elapsed >= 5.5 and last.elapsed < 8, last.elapsed)
  end)

  it("writes no password, code, address or credential into the journal", function()
    local box, pool = helper.world(5)
    local job = plan(pool, { action = "set-password" })
    run(job, { password = function() return "Keep-this-1-secret" end })
    job:close()
    local file = assert(io.open(job.journal.db.path, "rb"))
    local bytes = file:read "*a"
    file:close()
    local settings = box:settings()
    for _, secret in ipairs { "Keep-this-1-secret", "@example.com", settings.client_secret,
      settings.credentials.secret_access_key, settings.credentials.access_key_id } do
      assert.is_nil(bytes:find(secret, 1, true))
    end
  end)
end)

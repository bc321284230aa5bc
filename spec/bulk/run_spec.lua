-- A run within the process: what is done to whom, how often, and what the
-- journal says of it afterwards. Time is the sandbox's own, and passes without waiting.
local helper = require "spec.support.bulk"

local plan, rows, run = helper.plan, helper.rows, helper.run

local RESET = "admin_reset_user_password"

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
    it("reset sends every user one code, and ends the sessions", function()
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

    it("reset leaves the sessions when it is set so", function()
      local box, pool = helper.world(2)
      local job = plan(pool, { sign_out = false })
      run(job)
      assert.equal(0, box:executions "admin_user_global_sign_out")
      assert.is_nil(rows(job).u1.sign_out)
    end)

    it("lock leaves an unknown password, and sends nothing", function()
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

    it("resend sends sign-up codes, by unsigned calls", function()
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

  it("dates users by the clock that its calls are signed by, and paces by the machine's", function()
    local box, pool = helper.world(3)
    local stopped = box:now() + 200 -- a program's clock may stand still
    local job = plan(pool:with { now = function() return stopped end })
    run(job)
    for _, row in pairs(rows(job)) do
      assert.same({ "accepted", stopped }, { row.outcome, row.started_at })
    end
  end)

  it("writes no password, code, address or credential into the journal", function()
    local box, pool = helper.world(5)
    local job = plan(pool, { action = "set-password" })
    run(job, { password = function() return "Keep-this-1-secret" end })
    local path = helper.path_of(job)
    job:close()
    local file = assert(io.open(path, "rb"))
    local bytes = file:read "*a"
    file:close()
    local settings = box:settings()
    for _, secret in ipairs { "Keep-this-1-secret", "@example.com", settings.client_secret,
      settings.credentials.secret_access_key, settings.credentials.access_key_id } do
      assert.is_nil(bytes:find(secret, 1, true))
    end
  end)
end)

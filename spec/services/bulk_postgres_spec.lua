-- The journal in PostgreSQL: a real server, in a folder of its own. Several
-- workers on one job, one that stands still, a server that goes away.
local bulk = require "cognito.bulk"
local child = require "spec.support.child"
local cognito = require "cognito"
local command = require "spec.support.command"
local core = require "cognito.core"
local fork = require "spec.support.fork"
local helper = require "spec.support.bulk"
local json = require "cognito.json"
local process = require "spec.support.sandbox_process"
local promise = require "spec.support.bulk_promise"
local shared = require "spec.support.bulk_postgres"
local soaks = require "spec.support.bulk_soak"
local troubles = require "spec.support.bulk_troubles"
local workers = require "cognito.bulk.workers"

local planned, new_url, kept = shared.planned, shared.url, shared.kept

describe("a journal in PostgreSQL", function()
  local server

  setup(function() server = shared.setup() end)
  teardown(shared.teardown)

  local function run_quick(job, given)
    given.lease = 2
    return shared.run(job, given)
  end

  it("leaves users out, notes and looks again as one in a file does", function()
    local job, box, pool = planned(5, { exclude = { "u1", "U2", "u3@example.com" }, allow_unmatched = true })
    assert.same({ 1, "U2 (line 2)" }, { assert(job:summary()).unmatched, assert(job:summary()).unmatched_names })
    pool:admin_disable_user { username = "u4" }
    local status = assert(run_quick(job, { rate = 1000, yes = true }))
    assert.same({ "done", 2, 3 }, { status.why, status.accepted, status.skipped })
    assert.equal(2, #box.outbox)
    local found = helper.rows(job)
    assert.same({ "excluded", "changed_since_plan", "status" }, { found.u3.reason, found.u4.reason, found.u4.detail })
    job = planned(2, { action = "lock", expect_email = "mail", users = {
      { username = "u1", mail = "was@example.com" }, { username = "u2", mail = "u2@example.com" } } })
    assert.same({ email_changed = 1 }, assert(job:summary()).by_note)
  end)

  it("does what one in a file does", function()
    local job, box, pool, url = planned(150)
    box:misbehave { operation = "admin_reset_user_password", phase = "after", what = "drop" }
    box:misbehave { operation = "admin_reset_user_password", what = "status_500" }
    box:misbehave { operation = "admin_reset_user_password", what = "throttle" }
    local summary = assert(job:summary())
    assert.same({ 150, 150, 0 }, { summary.total, summary.act, summary.duplicates })
    assert(job:approve { plan = summary.plan, by = "ada" })
    assert.equal("held", assert(run_quick(job, { rate = 1000, limit = 10, hold = true })).state)
    job:close()
    job = assert(bulk.open { journal = url, pool = pool })
    assert.equal("not_running", select(2, run_quick(job, {})).code)
    assert(job:resume())
    local status = assert(run_quick(job, { rate = 1000 }))
    assert.same({ "done", 150, 0 }, { status.state, status.accepted, status.sign_outs })
    assert.same({ accepted = 150 }, kept(job, box))
    local lines = 0
    assert(job:report(function(text) lines = lines + select(2, text:gsub("\n", "")) end, { format = "jsonl" }))
    assert.equal(151, lines)
    local ends = {}
    for _, run in ipairs(job:status().runs) do ends[run.why] = true end -- both within a second
    assert.same({ limit = true, done = true }, ends)
    job:close()
  end)

  it("tries again what failed, and gives its users to a second job, as one in a file does", function()
    local job, box, pool, url = planned(6)
    box:misbehave { operation = "admin_user_global_sign_out", what = "error", code = "InvalidParameterException" }
    box:misbehave { operation = "admin_user_global_sign_out", what = "status_500" }
    for _, code in ipairs { "NotAuthorizedException", "UserLambdaValidationException" } do
      box:misbehave { operation = "admin_reset_user_password", what = "error", code = code }
    end
    local status = assert(run_quick(job, { rate = 1000, yes = true }))
    assert.same({ 3, 1, 2 }, { status.accepted, status.still_signed_in, status.failed })
    assert.same({ NotAuthorizedException = 1, UserLambdaValidationException = 1 }, status.failed_by_code)
    local refused = { failed = true, code = "UserLambdaValidationException" }
    assert.equal("nothing_to_repeat", select(2, job:resume(refused)).code)
    assert(job:resume { failed = true, by = "grace" })
    status = assert(run_quick(job, { rate = 1000 }))
    assert.same({ "done", 5, 0, 1 }, { status.state, status.accepted, status.still_signed_in, status.failed })
    kept(job, box)
    local second = helper.plan(pool, { journal = new_url(), action = "lock",
      users = { journal = url, outcome = { "failed" } } })
    assert.equal(1, second:summary().act)
    second:close()
    job:close()
  end)

  it("secures users step by step, again where a step failed, as one in a file does", function()
    local box, pool = helper.world()
    for i = 1, 30 do
      box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), devices = 1, managed_logins = 2,
        totp_secret = "JBSWY3DPEHPK3PXP" }
    end
    local job = helper.plan(pool:with { attempt_timeout = 0.2 }, { action = "secure", journal = new_url(),
      factors = { "SOFTWARE_TOKEN_MFA" } })
    box:misbehave { operation = "admin_forget_device", what = "error", code = "SomeRefusal", times = 2 }
    box:misbehave { operation = "admin_revoke_user_session", phase = "after", what = "drop" }
    box:misbehave { operation = "admin_delete_software_token", phase = "after", what = "drop" }
    local status = assert(run_quick(job, { rate = 1000, yes = true, concurrency = 1 })) -- one user after the other
    assert.same({ "done", 28, 1, 1 }, { status.state, status.accepted, status.failed, status.uncertain })
    assert.same({ step = "devices", done = 28, failed = 2, unknown = 0, unavailable = 0 }, status.steps[4])
    assert(job:resume { failed = true })
    status = assert(run_quick(job, { rate = 1000 }))
    assert.same({ 29, 0, 1 }, { status.accepted, status.failed, status.uncertain })
    assert(job:resume { uncertain = true }) -- whose devices failed, too; the factor is gone, as it should be
    status = assert(run_quick(job, { rate = 1000 }))
    assert.same({ 30, 0, 0 }, { status.accepted, status.failed, status.uncertain })
    for i = 1, 30 do
      local user = box:user("u" .. i)
      assert.same({ false, 0, 0 }, { user.enabled, user.devices, user.managed_logins })
      assert.equal(1, box:executions("admin_delete_software_token", "u" .. i))
    end
    for row in job:rows() do assert.equal(5, #row.steps) end
    job:close()
  end)

  it("makes a step unknown that is open when the job is cancelled", function()
    local _, pool = helper.world(1)
    local url = new_url()
    local job = helper.plan(pool, { action = "secure", journal = url })
    assert(job:approve {})
    pcall(run_quick, job, { rate = 1000, at = function(step) if step == "called" then error "died" end end })
    job.journal:run "UPDATE runs SET alive_until = -1"
    assert(job:cancel())
    assert.same({ "uncertain", "unknown" }, { helper.rows(job).u1.outcome, helper.rows(job).u1.steps[1].state })
    job:close()
  end)

  it("goes on with a plan whose making was killed", function()
    local sandboxed = process.start()
    finally(function() sandboxed:stop() end)
    local settings, url = sandboxed.settings, new_url()
    for i = 1, 70 do sandboxed:post("/users", { username = "u" .. i, email = ("u%d@example.com"):format(i) }) end
    local status = child.run([[
      local unpack = unpack or table.unpack
      local bulk, cognito, core = require "cognito.bulk", require "cognito", require "cognito.core"
      local where, url, id, client, key, secret = unpack(arg)
      bulk.plan { journal = where, action = "lock", users = { filter = "" }, look_up_rate = 1000,
        pool = cognito.new { endpoint = url, user_pool_id = id, client_id = client,
          credentials = { access_key_id = key, secret_access_key = secret } },
        on_progress = function() core.run { "sh", "-c", "kill -9 $PPID" } end }
    ]], nil, url, settings.url, settings.COGNITO_USER_POOL_ID, settings.COGNITO_CLIENT_ID, settings.AWS_ACCESS_KEY_ID,
      settings.AWS_SECRET_ACCESS_KEY)
    assert.equal(137, status)
    local job = helper.plan(cognito.new {
      endpoint = settings.url, user_pool_id = settings.COGNITO_USER_POOL_ID, client_id = settings.COGNITO_CLIENT_ID,
      credentials = {
        access_key_id = settings.AWS_ACCESS_KEY_ID, secret_access_key = settings.AWS_SECRET_ACCESS_KEY,
      },
    }, { journal = url, action = "lock" })
    local summary = assert(job:summary())
    assert.same({ true, 70, 70, 0, 2 }, { summary.resumed, summary.total, summary.act, summary.duplicates,
      summary.calls.list_users })
    assert(job:approve { plan = summary.plan })
    job:close()
  end)

  it("is one of those that a database lists", function()
    local job, _, _, url = planned(3, { action = "lock" })
    local listed = {}
    local function list()
      for _, each in ipairs(assert(bulk.jobs { journal = url })) do listed[each.job] = each end
      return listed[url:match("job=([^&]*)"):gsub("-", "_")]
    end
    local before = list()
    assert.same({ "lock", "planned", 3, 0, 0 }, { before.action, before.state, before.total, before.over,
      before.workers })
    assert.is_number(before.planned_at)
    assert(run_quick(job, { rate = 1000, yes = true }))
    assert.same({ "done", 3 }, { list().state, list().over })
    local bare = url:gsub("job=[^&]*&?", "")
    assert.is_table(assert(bulk.jobs { journal = bare })[1])
    job.journal:set("schema_version", 99)
    assert.same({ "other_version" }, { list().state })
    local _, err = bulk.jobs { journal = "/tmp/x.db" }
    assert.equal("invalid_input", err.code)
    local result = command.run({ "bulk", "list", "--journal", bare, "--json" }, {})
    assert.equal(0, result.status, result.err)
    for line in result.out:gmatch "[^\n]+" do assert.is_string(json.decode(line).job) end
    assert.truthy(result.out:find('"action":"lock"', 1, true), result.out)
    result = command.run({ "bulk", "list", "--journal", bare }, {})
    assert.truthy(result.out:find("lock         other_version", 1, true), result.out)
    job:close()
  end)

  -- Its lease may go on, and nothing looks at it any more.
  it("has ended, and no worker, when it is done although a killed worker's lease goes on", function()
    local job, _, _, url = planned(3, { action = "lock" })
    workers.enter(job.journal, { now = 1, alive_until = 1e6 })
    assert.equal("done", assert(run_quick(job, { rate = 1000, yes = true })).state)
    assert.is_string(job.journal:get "ended_at")
    for _, each in ipairs(assert(bulk.jobs { journal = url })) do
      if url:find("job=" .. each.job:gsub("_", "-"), 1, true) then assert.equal(0, each.workers) end
    end
    job:close()
  end)

  it("finds names, excludes and compares as one in a file does", function()
    local box, pool = helper.world(200)
    for i, name in ipairs { "o'brien", "back\\slash", '"q"', "%s", "?", "E'\\'", "\195\164\240\159\152\128" } do
      box:add_user { username = name, email = ("n%d@example.com"):format(i) }
    end
    local path = helper.file("users.csv", 'username,mail\no\'brien,N1@example.com\nback\\slash,x@example.com\n'
      .. '"""q""",n3@example.com\n%s,n4@example.com\n?,n5@example.com\nE\'\\\',n6@example.com\n'
      .. "\195\164\240\159\152\128,n7@example.com\nnobody,\nu1,u1@example.com\nu1@example.com,u1@example.com\n")
    local given = { users = path, expect_email = "mail", exclude = { "n5@example.com" } }
    local in_file = helper.plan(pool, given)
    given.journal = new_url()
    local in_postgres = helper.plan(pool, given)
    assert.same(helper.outcomes(in_file), helper.outcomes(in_postgres))
    assert.equal("email_changed", helper.outcomes(in_postgres)["back\\slash"])
    assert.equal(1, in_postgres:summary().duplicates)
    assert.equal(6, assert(run_quick(in_postgres, { rate = 1000, yes = true })).accepted)
    for i = 1, 150 do given.users = given.users == path and {} or given.users; given.users[i] = "u" .. i end
    given.expect_email, given.exclude, given.journal = nil, nil, new_url()
    assert.equal(150, helper.plan(pool, given):summary().total)
    in_postgres:close()
  end)

  it("is refused when it is another's, or cannot be written", function()
    local job, _, _, url = planned(2)
    local _, other = helper.world(1, { user_pool_id = "eu-west-1_Other0001" })
    assert.equal("journal_other_pool", select(2, bulk.open { journal = url, pool = other }).code)
    assert.equal("journal_missing", select(2, bulk.open { journal = server:url "nobody" }).code)
    assert.equal("journal_exists", select(2, bulk.plan {
      pool = job.pool, journal = url, action = "lock", users = { "u1" } }).code)
    assert.equal("journal_read_only", select(2, bulk.open {
      journal = url .. "&options=-cdefault_transaction_read_only%3Don" }).code)
    job.journal:set("schema_version", 99)
    assert.equal("journal_newer", select(2, bulk.open { journal = url }).code)
    job:close()
  end)

  it("of an older version is upgraded when it is opened, while no worker of that version is at it", function()
    local schema, upgrade = require "cognito.bulk.journal.schema", require "cognito.bulk.journal.upgrade"
    local job, _, _, url = planned(2)
    local pool = job.pool
    job.journal:run "ALTER TABLE changes DROP COLUMN became"
    job.journal:set("schema_version", schema.version - 1)
    job:close()
    assert.equal("journal_older", select(2, bulk.open { journal = url }).code)
    upgrade.steps[schema.version - 1] = { "ALTER TABLE changes ADD COLUMN became TEXT",
      "CREATE TABLE more (id $ID PRIMARY KEY)" }
    finally(function() upgrade.steps[schema.version - 1] = nil end)
    local worker = require("cognito.bulk.journal.postgres").open(url)
    assert.is_true(worker:lock "shared")
    assert.equal("journal_in_use", select(2, bulk.open { journal = url }).code)
    worker:close()
    job = assert(bulk.open { journal = url, pool = pool })
    assert.equal(2, assert(run_quick(job, { rate = 1000, yes = true })).accepted)
    assert.equal(0, #job.journal:rows "SELECT id FROM more")
    job:close()
    assert(bulk.open { journal = url }):close()
  end)

  it("is named by a job, and no password is shown", function()
    for _, wrong in ipairs { "postgres://h/d", "postgres://h/d?job=", "postgres://h/d?job=A'", "postgres://h/d?job=" ..
      ("x"):rep(41) } do
      assert.equal("invalid_input", select(2, bulk.open { journal = wrong }).code)
    end
    local _, err = bulk.open { journal = "postgres://ada:pass-word@127.0.0.1:1/x?job=a&connect_timeout=2" }
    assert.equal("journal_away", err.code)
    assert.is_nil(tostring(err):find("pass-word", 1, true))
  end)

  it("is removed by purge, but not while a process uses it", function()
    local job, _, pool, url = planned(20)
    local other = assert(bulk.open { journal = url, pool = pool })
    local purged
    assert(run_quick(job, { rate = 10, yes = true, on_progress = function(progress)
      if not purged and progress.accepted > 2 then
        assert.is_true(other:status().is_worked_on)
        purged = select(2, other:purge())
      end
    end }))
    assert.equal("still_running", purged.code)
    assert.is_false(other:status().is_worked_on)
    local count = ("SELECT count(*) FROM information_schema.schemata WHERE schema_name = '%s'")
      :format(shared.schema_of(url))
    assert.equal("1", server:psql(count))
    assert(other:purge())
    job:close()
    assert.equal("0", server:psql(count))
  end)

  -- Between a worker's look at the orders and its claim: the order has to wait
  -- for the claim, and holds for the next one.
  it("is cancelled between two claims, not in the middle of one", function()
    local job, box, _, url = planned(60)
    assert(job:approve {})
    local script, told = helper.file("cancel.lua", ([[
      local job = assert(require("cognito.bulk").open { journal = %q })
      assert(job:cancel())
      local file = assert(io.open(arg[1] .. ".new", "w"))
      file:write(("%%d"):format(assert(job:status()).planned))
      file:close()
      os.rename(arg[1] .. ".new", arg[1])
    ]]):format(url)), helper.path "planned.txt"
    local function answer()
      local file = io.open(told)
      local text = file and file:read "*a"
      if file then file:close() end
      return text
    end
    local function wait_for(condition)
      local deadline = core.clock() + 30
      while not condition() do
        assert(core.clock() < deadline)
        core.sleep(0.02)
      end
    end
    local begun
    local status = assert(run_quick(job, { rate = 1000, at = function(step)
      if step == "recorded" and #box.outbox == 20 and not begun then
        begun = true
        core.run { "sh", "-c", '"$1" "$2" "$3" >/dev/null 2>&1 &', "sh", command.interpreter(), script, told }
        wait_for(function()
          return answer() or server:psql "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'" ~= "0"
        end)
      end
    end }))
    wait_for(answer)
    assert.same({ "cancelled", tonumber(answer()) }, { status.state, job:status().planned })
    assert.equal(60 - job:status().planned, #box.outbox)
    job:close()
  end)

  describe("whose server goes away", function()
    for name, signal in pairs { ["in order"] = "INT", ["at once"] = "QUIT" } do
      it(name .. " is waited for; nothing is sent meanwhile, nothing is forgotten", function()
        local job, box = planned(60)
        assert(job:approve {})
        server:stop()
        server:start(signal)
        job.journal:reconnect()
        local calls, away = 0, nil
        local status = assert(run_quick(job, { rate = 20, at = function(step)
          if step == "called" then
            calls = calls + 1
            if calls % 25 == 0 then
              server:stop()
              away = { since = box:now(), sent = #box.outbox }
            end
          end
        end, on_progress = function()
          if away and box:now() - away.since > 60 then
            assert.equal(away.sent, #box.outbox)
            away = nil
            server:start(signal)
          end
        end }))
        assert.same({ "done", 60 }, { status.state, status.accepted })
        assert.same({ accepted = 60 }, kept(job, box))
        local ends = {}
        for _, run in ipairs(status.runs) do ends[#ends + 1] = run.why end
        assert.same({ "journal_lost", "journal_lost", "done" }, ends)
        job:close()
      end)
    end

    it("for longer than patience lasts ends the run", function()
      local job, box, pool, url = planned(20)
      assert(job:approve {})
      local _, err = run_quick(job, { rate = 20, patience = 30, at = function(step)
        if step == "called" and #box.outbox == 5 then server:stop() end
      end })
      assert.equal("journal_away", err.code)
      job:close()
      assert.equal("journal_away", select(2, bulk.open { journal = url }).code)
      server:start()
      job = assert(bulk.open { journal = url, pool = pool })
      assert.equal("done", assert(run_quick(job, { rate = 100 })).state)
      assert.same({ accepted = 20 }, kept(job, box))
      job:close()
    end)
  end)

  -- In processes of their own, with a sandbox over HTTP.
  describe("with several workers", function()
    local sandbox

    before_each(function() sandbox = process.start() end)
    after_each(function() sandbox:stop() end)

    local function plan(n)
      for i = 1, n do
        sandbox:post("/users", { username = "u" .. i, email = ("u%d@example.com"):format(i) })
      end
      local url = new_url()
      local job = assert(bulk.plan { pool = soaks.client(sandbox), journal = url, action = "reset",
        users = { filter = "" }, look_up_rate = 1000 })
      assert(job:approve {})
      job:close()
      return url
    end

    local function start(url, options)
      return fork.start(function()
        local job = assert(bulk.open { journal = url, pool = soaks.client(sandbox) })
        -- A call that was under way when its worker stood still may reach a
        -- busy server late: within the timeout and what is allowed beside it.
        local given = { settle = 3, lease = 2, builtin_mail = true }
        for name, value in pairs(options) do given[name] = value end
        assert(job:run(given))
        job:close()
      end)
    end

    local function finish(url)
      local job = assert(bulk.open { journal = url })
      local wrong, outcomes = promise.check("reset", job:rows(), sandbox:get "/executions")
      local status = assert(job:status())
      job:close()
      assert.same({}, wrong)
      return outcomes, status
    end

    it("has one pace for all of them, and gives each its share", function()
      local url = plan(120)
      local begun, pids = core.clock(), {}
      for i = 1, 3 do pids[i] = start(url, { rate = 30 }) end
      for _, pid in ipairs(pids) do assert.equal(0, (fork.wait(pid))) end
      assert.is_true(core.clock() - begun >= 3.5)
      local outcomes, status = finish(url)
      assert.same({ accepted = 120 }, outcomes)
      assert.equal("done", status.state)
      local least, most = math.huge, 0
      for _, run in ipairs(status.runs) do
        assert.equal("done", run.why)
      end
      local seconds = {}
      for _, message in ipairs(sandbox:get "/outbox") do seconds[message.time] = (seconds[message.time] or 0) + 1 end
      for _, n in pairs(seconds) do least, most = math.min(least, n), math.max(most, n) end
      assert.is_true(most <= 34, most)
    end)

    it("stops them all when one of them is stopped", function()
      local url = plan(300)
      local pids = { start(url, { rate = 20 }), start(url, {}) }
      local job = assert(bulk.open { journal = url })
      while job:status().accepted < 20 do core.sleep(0.05) end
      assert(job:pause())
      for _, pid in ipairs(pids) do assert.equal(0, (fork.wait(pid))) end
      local status = job:status()
      assert.same({ "paused", 0, false }, { status.state, status.started, status.is_worked_on })
      assert.is_true(status.planned > 200)
      job:close()
      assert.equal(300, finish(url).accepted + finish(url).planned)
    end)

    -- At "call" it has claimed a user and is about to call; at "claimed" it
    -- keeps everybody from the pace, until the server ends its session.
    for _, step in ipairs { "call", "claimed" } do
      it(("takes over from one that stands still (%s), and bears that it comes back"):format(step), function()
        local url = plan(150)
        local calls = 0
        local still = start(url, { rate = 50, at = function(at)
          calls = at == step and calls + 1 or calls
          if at == step and calls == 20 then
            calls = 1000
            core.run { "sh", "-c", "kill -STOP $PPID" }
          end
        end })
        local other = start(url, {})
        local deadline = core.clock() + 30
        repeat
          core.sleep(0.1)
          local done = sandbox:get "/executions".admin_reset_user_password
        until (done and done.count == 150) or core.clock() > deadline
        core.run { "kill", "-CONT", ("%d"):format(still) }
        assert.equal(0, (fork.wait(still)))
        assert.equal(0, (fork.wait(other)))
        local outcomes, status = finish(url)
        assert.same({ accepted = 150 }, outcomes)
        local ends = {}
        for _, run in ipairs(status.runs) do ends[run.why] = (ends[run.why] or 0) + 1 end
        assert.same({ 1, 2 }, { (ends.lost or 0) + (ends.journal_lost or 0), ends.done })
      end)
    end
  end)

  describe("under everything at once", function()
    local function soak(given)
      given.journal, given.users = new_url(), given.users or 1500
      given.workers, given.rate = 3, given.rate or 20000
      given.shortest, given.longest = 0.2, 0.8
      local ended = soaks.run(given)
      assert.same({}, ended.wrong)
      assert.same({ "done", given.times, 0 }, { ended.status.state, ended.hits, ended.failed })
      assert.is_nil(ended.outcomes.planned or ended.outcomes.started or ended.outcomes.uncertain)
      assert.equal(ended.summary.skip, ended.outcomes.skipped)
      return ended
    end

    it("keeps its promise with workers that are killed", function()
      soak { times = 3 }
    end)

    -- A commit that the server has not written to its disk is no commit.
    it("keeps its promise with a server that is killed, whose commits are asynchronous by default", function()
      server:forget_quickly()
      soak { users = 800, times = 3, rate = 1000, trouble = troubles.kill_database, database = server }
    end)

    it("keeps its promise with workers that stand still for longer than their lease", function()
      soak { users = 800, times = 1, rate = 300, trouble = troubles.stand_still }
    end)
  end)
end)

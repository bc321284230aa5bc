-- `cognito bulk`, as processes: a job from its plan to its end, and what is
-- refused. What a journal promises is tried in the specs of the library.

local cjson = require "cjson"
local command = require "spec.support.command"
local here = require "spec.support.cli_bulk"

local done, executions, names = here.done, here.executions, here.names
local plan, run, status = here.plan, here.run, here.status

local RESET = "admin_reset_user_password"

setup(here.setup)
teardown(here.teardown)
before_each(here.before_each)
after_each(here.after_each)

describe("a job", function()
  it("goes from its plan over a canary to its report", function()
    local out, err = done("plan", { "reset", "-" }, { stdin = names() .. "nobody\n" })
    assert.truthy(out:find("users     13: 12 will be acted on, 1 will be skipped\n", 1, true), out)
    assert.truthy(out:find("skipped   unknown_user 1\n", 1, true), out)
    assert.truthy(out:find("takes     3 s at 5 users a second: 36 calls, up to 15 a second\n", 1, true), out)
    assert.truthy(done("status"):find("left      3 s of work at this pace\n", 1, true))
    assert.equal(("next: cognito bulk approve --journal %s\n"):format(here.journal), err)
    local hash = out:match "^plan      (%x+)\n"
    assert.equal(0, executions(RESET))

    assert.equal("approved: 12 users\n", (done("approve", { "--plan", hash })))
    out = done("run", { "--limit", "5", "--hold", "--rate", "1000" })
    assert.truthy(out:find("5 accepted, 0 failed, 1 skipped, 0 uncertain, 7 to do", 1, true), out)
    assert.equal("held", status().state)
    assert.equal(2, run("run").status) -- somebody has to look first
    assert.equal(5, executions(RESET))

    done "resume"
    assert.equal("done", status().state)
    assert.equal(12, executions(RESET))
    assert.equal(12, executions "admin_user_global_sign_out")

    out = done "report"
    assert.truthy(out:find("\n# plan_sha256=" .. hash .. "\n", 1, true), out)
    assert.truthy(out:find("\n# approved_by=grace\n", 1, true), out)
    assert.equal(12, select(2, out:gsub(",accepted,", "")))
    assert.is_nil(done("report", { "--redact" }):find("j" .. here.number .. "-1", 1, true))
    assert.equal(2, run("purge").status)
    done("purge", { "--yes" })
    assert.equal(2, run("status").status)
  end)

  it("that is done answers run and resume with its end: a script may order them again", function()
    plan "lock"
    done("run", { "--yes", "--limit", "100", "--hold", "--rate", "1000" }) -- a canary for whom the job is too small
    assert.equal("done", status().state)
    for _, order in ipairs { { "resume" }, { "resume", "--uncertain" }, { "resume", "--only" }, { "run", "--yes" } } do
      local out, err = done(order[1], { order[2] })
      assert.truthy(out:find("state     done", 1, true), out)
      assert.equal(("the job is done: nothing was left to do\nnext: cognito bulk report --journal %s\n")
        :format(here.journal), err)
      assert.equal("done", status().state)
    end
    local out, err = done("run", { "--json" })
    assert.equal("done", cjson.decode(out).state)
    assert.equal("", err)
    assert.equal(12, executions "admin_set_user_password")
    for _, order in ipairs { "pause", "cancel" } do
      local result = run(order)
      assert.equal(2, result.status)
      assert.truthy(result.err:find("job_over: the job is done\ncognito bulk report says", 1, true), result.err)
    end
  end)

  it("in which no one will be acted on says why, and does not pass for one that is done", function()
    local result = run("plan", { "reset", "-" }, { stdin = "nobody\nno-one\n" })
    assert.equal(4, result.status)
    assert.truthy(result.out:find("users     2: 0 will be acted on, 2 will be skipped\n", 1, true), result.out)
    assert.truthy(result.err:find("no_one_to_act_on: no user is left to act on: all 2 are skipped "
      .. "(unknown_user 2)\nAre these names of users, and is it their pool? The report gives", 1, true), result.err)
    assert.is_nil(result.err:find("next:", 1, true))
    assert.equal(2, select(2, done("report"):gsub(",unknown_user,", "")))
    done("purge", { "--yes" })
    result = run("plan", { "resend", "-", "--json" }, { stdin = names() .. "nobody\n" })
    assert.equal(4, result.status)
    assert.same({ 0, 13 }, { cjson.decode(result.out).act, cjson.decode(result.out).skip })
    local err = cjson.decode(result.err).error
    assert.equal("no_one_to_act_on", err.code)
    assert.truthy(err.message:find("(confirmed 12, unknown_user 1)", 1, true), err.message)
    assert.is_nil(err.hint:find("Are these names", 1, true))
  end)

  it("of small size is run at once", function()
    plan "lock"
    local out = done("run", { "--yes", "--rate", "1000", "--json" })
    local ended = cjson.decode(out)
    assert.equal("done", ended.state)
    assert.equal(12, ended.accepted)
    assert.equal(12, executions "admin_set_user_password")
  end)

  it("takes its users from the pool, and leaves some out", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(("j%d-1\n"):format(here.number))
    file:close()
    local filter = ('username ^= "j%d-"'):format(here.number)
    local summary = cjson.decode((done("plan", { "reset", "--filter", filter, "--exclude", path, "--json",
      "--no-sign-out" })))
    os.remove(path)
    assert.equal(12, summary.total)
    assert.same({ excluded = 1 }, summary.by_reason)
    assert.is_false(summary.sign_out)
  end)

  it("is not planned while a name to leave out matches no user", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(("j%d-1\njj%d-2\n"):format(here.number, here.number))
    file:close()
    local result = run("plan", { "reset", "-", "--exclude", path }, { stdin = names() })
    assert.equal(2, result.status)
    assert.truthy(result.err:find(("1 matches no user: jj%d-2 (line 2)"):format(here.number), 1, true), result.err)
    assert.truthy(result.err:find("give --allow-unmatched", 1, true), result.err)
    local out = done("plan", { "reset", "-", "--exclude", path, "--allow-unmatched" }, { stdin = names() })
    os.remove(path)
    assert.truthy(out:find("1 name of a user to leave out matches no user: jj", 1, true), out)
    assert.truthy(out:find("excluded 1", 1, true), out)
  end)

  it("takes its users from an earlier job: its journal, or its report", function()
    plan()
    here.process:post("/misbehave", { operation = RESET, what = "error", code = "UserLambdaValidationException",
      times = 2 })
    assert.equal(3, run("run", { "--yes", "--rate", "1000" }).status)
    local earlier, reports = here.journal, {}
    for format, name in pairs { csv = ".report.csv", jsonl = ".report.jsonl" } do
      reports[#reports + 1] = earlier .. name
      local file = assert(io.open(earlier .. name, "w"))
      file:write((done("report", { "--format", format })))
      file:close()
    end
    here.journal = earlier .. ".next"
    local out, err = done("plan", { "reset", "--from-journal", earlier, "--outcome", "failed,uncertain" })
    assert.truthy(out:find("users     2: 2 will be acted on", 1, true), out)
    assert.truthy(err:find("note: users who are failed there may have received a message", 1, true), err)
    for i, path in ipairs(reports) do
      here.journal = earlier .. ".next" .. i
      local summary = cjson.decode((done("plan", { "lock", path, "--outcome", "failed", "--json" })))
      assert.same({ 2, 2 }, { summary.total, summary.act })
    end
    for _, wrong in ipairs { { "--from-journal", earlier }, { "--from-journal", earlier, "--outcome", "fialed" },
      { "--all", "--outcome", "failed" }, { "--from-journal", earlier, "--outcome", "failed", "--all" },
      { "--from-journal", "postgres://a:b@127.0.0.1/x?job=y", "--outcome", "failed" } } do
      here.journal = earlier .. ".wrong"
      local result = run("plan", { "lock", (table.unpack or unpack)(wrong) })
      assert.equal(2, result.status, result.err)
      assert.is_nil(io.open(here.journal))
    end
    here.journal = earlier
  end)

  it("compares addresses", function()
    local csv = ("username,mail\njN-1,jN-1@example.com\njN-2,old@example.com\n"):gsub("N", here.number)
    assert.same({ email_changed = 1 }, plan("reset", { "--format", "csv", "--expect-email", "mail" }, csv).by_reason)
  end)

  it("has partly failed when a user has failed", function()
    plan()
    here.process:post("/misbehave", { operation = RESET, what = "error", code = "InvalidParameterException",
      message = "no\27[31m" })
    local result = run("run", { "--yes", "--rate", "1000" })
    assert.equal(3, result.status)
    assert.truthy(result.out:find("11 accepted, 1 failed", 1, true), result.out)
  end)

  it("has partly failed when a user is still signed in", function()
    plan()
    here.process:post("/misbehave", { operation = "admin_user_global_sign_out", what = "error",
      code = "InvalidParameterException", message = "no" })
    local result = run("run", { "--yes", "--rate", "1000" })
    assert.equal(3, result.status, result.out)
    assert.truthy(result.out:find("11 accepted, 0 failed", 1, true), result.out)
    assert.truthy(result.out:find("\nsessions  1 user is still signed in", 1, true), result.out)
    assert.matches("next: cognito bulk resume %-%-journal %S+  # tries the sign%-outs again", result.err)
    assert.equal(1, status().still_signed_in)
    result = run "resume"
    assert.equal(0, result.status, result.out .. result.err)
    assert.truthy(result.out:find("12 accepted, 0 failed", 1, true), result.out)
    assert.equal(12, executions "admin_user_global_sign_out")
  end)

  it("tries failed users again, and says when it may not", function()
    plan()
    for _, code in ipairs { "InvalidParameterException", "UserLambdaValidationException" } do
      here.process:post("/misbehave", { operation = RESET, what = "error", code = code })
    end
    local result = run("run", { "--yes", "--rate", "1000" })
    assert.equal(3, result.status)
    assert.truthy(result.out:find("failed    InvalidParameterException 1, UserLambdaValidationException 1\n", 1, true),
      result.out)
    assert.truthy(result.err:find("resume --failed tries them again", 1, true), result.err)
    result = run "resume"
    assert.equal(3, result.status) -- as at the job's end
    assert.truthy(result.err:find("nothing was left to do\nnext: cognito bulk report", 1, true), result.err)
    assert.truthy(result.err:find("resume --failed tries them again", 1, true), result.err)
    assert.equal(2, run("resume", { "--code", "InvalidParameterException" }).status)
    result = run("resume", { "--failed", "--code", "UserLambdaValidationException" })
    assert.equal(2, result.status, result.err)
    assert.truthy(result.err:find("plan ACTION --from-journal JOURNAL --outcome failed", 1, true), result.err)
    result = run("resume", { "--failed", "--code", "InvalidParameterException" })
    assert.equal(3, result.status)
    assert.truthy(result.out:find("11 accepted, 1 failed", 1, true), result.out)
    assert.equal(11, executions(RESET))
    assert.truthy(done("report"):find("outcome=failed, code=InvalidParameterException, users=1, by=grace", 1, true))
  end)

  it("stops for faults that concern all users, with a hint", function()
    plan()
    here.process:post("/misbehave", { operation = RESET, what = "error", code = "LimitExceededException",
      message = "Exceeded daily email limit for the operation or the account." })
    local result = run("run", { "--yes", "--concurrency", "1" })
    assert.equal(3, result.status)
    assert.truthy(result.err:find("stopped: daily_email_limit\n", 1, true), result.err)
    assert.truthy(result.err:find("next: cognito bulk resume --journal ", 1, true), result.err)
    assert.equal("paused", status().state)
  end)

  it("is paused and cancelled from elsewhere", function()
    plan()
    done("approve", { "--plan", status().plan })
    done "pause"
    assert.equal("paused", status().state)
    assert.equal("resumed\n", (done("resume", { "--only" })))
    assert.equal("approved", status().state)
    assert.equal("cancelled: 0 users were acted on, 12 never will be\n", (done "cancel"))
    assert.equal(2, run("run").status)
    assert.equal(0, executions(RESET))
  end)
end)

describe("a fault of a command line", function()
  local function refused(subcommand, args, expected)
    local result = run(subcommand, args)
    assert.equal(2, result.status, result.err)
    assert.equal("", result.out)
    assert.truthy(result.err:find(expected, 1, true), result.err)
  end

  it("is said before anything is done", function()
    refused("plan", { "reset" }, "name the users by one of these: a file, --filter, --all or --from-journal")
    refused("plan", { "reset", "-", "--all" }, "by one of these")
    refused("plan", { "reset", "--all", "--filter", "x" }, "by one of these")
    refused("plan", { "unlock", "-" }, "must be one of 'reset', 'lock', 'set-password', 'resend', 'invite'")
    refused("plan", { "reset", "/no/such/file" }, "No such file or directory")
    refused("status", {}, "cognito bulk plan")
    refused("list", {}, "Name the database")
    refused("run", { "--rate", "0" }, "it must be a number above 0")
    refused("run", { "--max-failures", "-1" }, "option")
    assert.equal(2, command.run({ "bulk" }).status)
    assert.truthy(command.run({ "bulk", "pln" }).err:find("did you mean 'plan'?", 1, true))
    assert.truthy(command.run({ "bulk", "status" }).err:find("set COGNITO_BULK_JOURNAL", 1, true))
  end)

  it("may be a password in it", function()
    local result = command.run { "bulk", "status", "--journal", "postgres://ada:hunter2@127.0.0.1/db?job=x" }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the database's password is not taken as an argument", 1, true), result.err)
    assert.is_nil(result.err:find("hunter2", 1, true))
  end)

  it("may be an endpoint that only the environment names", function()
    local result = command.run({ "bulk", "plan", "reset", "-", "--journal", here.journal },
      { env = command.into(here.process), stdin = names() })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("\nGive --endpoint, if", 1, true), result.err)
  end)

  it("may be a plan without approval, or another one", function()
    plan()
    refused("run", {}, "cognito bulk approve")
    refused("approve", { "--plan", "0000000000" }, "this is not the plan's hash: nothing is approved")
    refused("approve", { "--plan", status().plan:sub(1, 7) }, "this is not the plan's hash")
    assert.truthy(run("approve").err:find("cannot ask", 1, true))
    assert.equal("planned", status().state)
  end)

  it("helps, with examples, for every subcommand", function()
    for _, entry in ipairs(require("cognito.cli.command.bulk").commands) do
      local result = command.run { "bulk", entry.name, "--help" }
      assert.equal(0, result.status)
      assert.truthy(result.out:find("Examples:\n  ", 1, true), entry.name)
      for line in result.out:match("Examples:\n.*"):gmatch "\n  ([^\n]*)" do
        assert.truthy(line:lower():find("cognito", 1, true), "a shell would run this half of a line: " .. line)
      end
      assert.truthy(result.out:find("--journal JOURNAL", 1, true), entry.name)
      assert.same(result, command.run { "help", "bulk", entry.name })
    end
  end)
end)

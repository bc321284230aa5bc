-- `cognito bulk`, as processes: a job from its plan to its end, signals on the
-- way, and what is refused. What a journal promises is tried in the specs of
-- the library.

local cjson = require "cjson"
local command = require "spec.support.command"
local core = require "cognito.core"
local sandbox_process = require "spec.support.sandbox_process"
local text = require "cognito.cli.text"

local process, env, journal, count
local jobs = 0

setup(function()
  process = sandbox_process.start "--existence-errors LEGACY --code 135790"
  env = command.into(process, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = false, LOGNAME = "grace" })
end)

teardown(function() process:stop() end)

-- Every test has users and a journal of its own.
before_each(function()
  jobs = jobs + 1
  count = 12
  journal = os.tmpname()
  os.remove(journal)
  for i = 1, count do
    process:post("/users", { username = ("j%d-%d"):format(jobs, i), password = "Old-Passw0rd",
      email = ("j%d-%d@example.com"):format(jobs, i) })
  end
end)

after_each(function()
  process:post("/behave", {})
  core.run { "sh", "-c", 'rm -f "$1"*', "sh", journal }
end)

local function words(subcommand, args)
  local all = { "bulk", subcommand, "--journal", journal }
  if subcommand == "plan" or subcommand == "run" or subcommand == "resume" then
    table.insert(all, "--endpoint")
    table.insert(all, process.settings.url)
  end
  for _, word in ipairs(args or {}) do table.insert(all, word) end
  return all
end

local function run(subcommand, args, options)
  options = options or {}
  options.env = options.env or env
  return command.run(words(subcommand, args), options)
end

local function done(subcommand, args, options)
  local result = run(subcommand, args, options)
  assert.equal(0, result.status, result.out .. result.err)
  return result.out, result.err
end

local function names()
  local list = {}
  for i = 1, count do list[i] = ("j%d-%d"):format(jobs, i) end
  return table.concat(list, "\n") .. "\n"
end

local function plan(action, args, stdin)
  local all = { action or "reset", "-", "--json" }
  for _, word in ipairs(args or {}) do table.insert(all, word) end
  return cjson.decode((done("plan", all, { stdin = stdin or names() })))
end

local function status()
  return cjson.decode((done("status", { "--json" })))
end

-- How often an operation was carried out, by user of this job.
local function executions(operation)
  local users, total = (process:get("/executions")[operation] or { users = {} }).users, 0
  for name, n in pairs(users) do
    if name:match "^j(%d+)%-" == tostring(jobs) then
      assert.is_true(n <= 1, name .. " more than once")
      total = total + n
    end
  end
  return total
end

local RESET = "admin_reset_user_password"

describe("a job", function()
  it("goes from its plan over a canary to its report", function()
    local out, err = done("plan", { "reset", "-" }, { stdin = names() .. "nobody\n" })
    assert.truthy(out:find("users     13: 12 will be acted on, 1 will be skipped\n", 1, true), out)
    assert.truthy(out:find("skipped   unknown_user 1\n", 1, true), out)
    assert.equal(("next: cognito bulk approve --journal %s\n"):format(journal), err)
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
    assert.is_nil(done("report", { "--redact" }):find("j" .. jobs .. "-1", 1, true))
    assert.equal(2, run("purge").status)
    done("purge", { "--yes" })
    assert.equal(2, run("status").status)
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
    file:write(("j%d-1\n"):format(jobs))
    file:close()
    local filter = ('username ^= "j%d-"'):format(jobs)
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
    file:write(("j%d-1\njj%d-2\n"):format(jobs, jobs))
    file:close()
    local result = run("plan", { "reset", "-", "--exclude", path }, { stdin = names() })
    assert.equal(2, result.status)
    assert.truthy(result.err:find(("1 match no user: jj%d-2 (line 2)"):format(jobs), 1, true), result.err)
    assert.truthy(result.err:find("give --allow-unmatched", 1, true), result.err)
    local out = done("plan", { "reset", "-", "--exclude", path, "--allow-unmatched" }, { stdin = names() })
    os.remove(path)
    assert.truthy(out:find("1 names of users to leave out match no user: jj", 1, true), out)
    assert.truthy(out:find("excluded 1", 1, true), out)
  end)

  it("takes its users from an earlier job: its journal, or its report", function()
    plan()
    process:post("/misbehave", { operation = RESET, what = "error", code = "UserLambdaValidationException", times = 2 })
    assert.equal(3, run("run", { "--yes", "--rate", "1000" }).status)
    local earlier, reports = journal, {}
    for format, name in pairs { csv = ".report.csv", jsonl = ".report.jsonl" } do
      reports[#reports + 1] = earlier .. name
      local file = assert(io.open(earlier .. name, "w"))
      file:write((done("report", { "--format", format })))
      file:close()
    end
    journal = earlier .. ".next"
    local out, err = done("plan", { "reset", "--from-journal", earlier, "--outcome", "failed,uncertain" })
    assert.truthy(out:find("users     2: 2 will be acted on", 1, true), out)
    assert.truthy(err:find("note: users who are failed there may have got a message", 1, true), err)
    for i, path in ipairs(reports) do
      journal = earlier .. ".next" .. i
      local summary = cjson.decode((done("plan", { "lock", path, "--outcome", "failed", "--json" })))
      assert.same({ 2, 2 }, { summary.total, summary.act })
    end
    for _, wrong in ipairs { { "--from-journal", earlier }, { "--from-journal", earlier, "--outcome", "fialed" },
      { "--all", "--outcome", "failed" }, { "--from-journal", earlier, "--outcome", "failed", "--all" },
      { "--from-journal", "postgres://a:b@127.0.0.1/x?job=y", "--outcome", "failed" } } do
      journal = earlier .. ".wrong"
      local result = run("plan", { "lock", (table.unpack or unpack)(wrong) })
      assert.equal(2, result.status, result.err)
      assert.is_nil(io.open(journal))
    end
    journal = earlier
  end)

  it("compares addresses", function()
    local csv = ("username,mail\nj%d-1,j%d-1@example.com\nj%d-2,old@example.com\n"):format(jobs, jobs, jobs)
    assert.same({ email_changed = 1 }, plan("reset", { "--format", "csv", "--expect-email", "mail" }, csv).by_reason)
  end)

  it("sets passwords from a file or by a program, and keeps none", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write "password,username\n"
    for i = 1, count - 1 do file:write(("S3cret-Pass-%d,j%d-%d\n"):format(i, jobs, i)) end
    file:close()
    plan "set-password"
    local refused = run("run", { "--yes" })
    assert.equal(2, refused.status)
    assert.truthy(refused.err:find("--password-command", 1, true), refused.err)
    local result = run("run", { "--yes", "--rate", "1000", "--passwords", path })
    os.remove(path)
    assert.equal(3, result.status) -- one has none
    assert.truthy(done("report"):find(",failed,,,,no_password,", 1, true))
    local kept = core.run { "grep", "-c", "S3cret-Pass", journal }
    assert.equal("0\n", kept.stdout)
  end)

  it("asks a program for passwords", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write '#!/bin/sh\nshift\necho "S3cret-Pass-of-$1"\n'
    file:close()
    core.run { "chmod", "+x", path }
    plan("set-password", {}, ("j%d-1\n"):format(jobs))
    done("run", { "--yes", "--password-command", path })
    os.remove(path)
    local name = ("j%d-1"):format(jobs)
    local params = { AuthFlow = "ADMIN_USER_PASSWORD_AUTH", AuthParameters = {
      USERNAME = name, PASSWORD = "S3cret-Pass-of-" .. name } }
    local signed_in = command.run({ "call", "admin-initiate-auth", "--params", "-", "--endpoint",
      process.settings.url }, { env = env, stdin = cjson.encode(params) })
    assert.equal(0, signed_in.status, signed_in.err)
  end)

  describe("whose program for passwords", function()
    local program

    local function write(script, mode)
      program = os.tmpname()
      local file = assert(io.open(program, "w"))
      file:write(script)
      file:close()
      core.run { "chmod", mode or "700", program }
      return program
    end

    after_each(function()
      if program then os.remove(program) end
      program = nil
    end)

    local function set(path)
      return run("run", { "--yes", "--rate", "1000", "--password-command", path })
    end

    for name, path in pairs {
      ["is not there"] = function() return "/no/such/program" end,
      ["is in no folder of PATH"] = function() return "no-such-program-of-cognito" end,
      ["is a folder"] = function() return "/" end,
      ["is not executable"] = function() return write("#!/bin/sh\necho S3cret-Pass-1\n", "600") end,
      ["has no interpreter"] = function() return write "#!/no/such/interpreter\n" end,
      ["has an interpreter that is not found"] = function() return write "#!/usr/bin/env no-such-interpreter\n" end,
      ["runs nothing"] = function() return write "#!/bin/sh\nexec no-such-program-of-cognito\n" end,
    } do
      it(name .. " does not start, and fails no user", function()
        plan "set-password"
        local result = set(path())
        assert.equal(2, result.status, result.out .. result.err)
        assert.truthy(result.err:find("--password-command", 1, true), result.err)
        assert.same({ 12, 0 }, { status().planned, status().failed })
        assert.equal(0, executions "admin_set_user_password")
      end)
    end

    it("fails for one user fails that user only", function()
      plan "set-password"
      local result = set(write(('#!/bin/sh\nfor name; do :; done\n[ "$name" != j%d-3 ] && echo S3cret-Pass-1\n')
        :format(jobs)))
      assert.equal(3, result.status, result.err)
      assert.same({ 11, 1 }, { status().accepted, status().failed })
      assert.truthy(result.out:find("\nfailed    no_password 1\n", 1, true), result.out)
    end)

    it("fails for ten in a row stops the job", function()
      plan "set-password"
      local result = set(write "#!/bin/sh\nexit 1\n")
      assert.equal(3, result.status, result.err)
      assert.same({ "paused", "no_passwords", 0, 9, 3 },
        { status().state, status().why, status().accepted, status().failed, status().planned })
      local next_line = result.err:match "\nnext: cognito bulk (.-)  #"
      assert.equal(("resume --failed --code no_password --password-command %s --journal %s"):format(program, journal),
        next_line:match "^(.-) %(" or next_line)
      write "#!/bin/sh\necho S3cret-Pass-1\n"
      result = run("resume", { "--failed", "--code", "no_password", "--password-command", program })
      assert.equal(0, result.status, result.out .. result.err)
      assert.equal(12, status().accepted)
    end)

    it("breaks in between stops the job", function()
      plan "set-password"
      local result = set(write '#!/bin/sh\nfor name; do :; done\nrm "$0"\necho S3cret-Pass-1\n')
      assert.equal(3, result.status, result.err)
      assert.same({ "no_passwords", 1, 0, 11 },
        { status().why, status().accepted, status().failed, status().planned })
      assert.truthy(result.err:find("next: cognito bulk resume --password-command ", 1, true), result.err)
    end)
  end)

  it("has partly failed when somebody has failed", function()
    plan()
    process:post("/misbehave", { operation = RESET, what = "error", code = "InvalidParameterException",
      message = "no\27[31m" })
    local result = run("run", { "--yes", "--rate", "1000" })
    assert.equal(3, result.status)
    assert.truthy(result.out:find("11 accepted, 1 failed", 1, true), result.out)
  end)

  it("has partly failed when somebody's sessions go on", function()
    plan()
    process:post("/misbehave", { operation = "admin_user_global_sign_out", what = "error",
      code = "InvalidParameterException", message = "no" })
    local result = run("run", { "--yes", "--rate", "1000" })
    assert.equal(3, result.status, result.out)
    assert.truthy(result.out:find("11 accepted, 0 failed", 1, true), result.out)
    assert.truthy(result.out:find("\nsessions  1 users are still signed in", 1, true), result.out)
    assert.matches("next: cognito bulk resume %-%-journal %S+  # tries the sign%-outs again", result.err)
    assert.equal(1, status().still_signed_in)
    result = run "resume"
    assert.equal(0, result.status, result.out .. result.err)
    assert.truthy(result.out:find("12 accepted, 0 failed", 1, true), result.out)
    assert.equal(12, executions "admin_user_global_sign_out")
  end)

  it("tries users again who failed, and says when it may not", function()
    plan()
    for _, code in ipairs { "InvalidParameterException", "UserLambdaValidationException" } do
      process:post("/misbehave", { operation = RESET, what = "error", code = code })
    end
    local result = run("run", { "--yes", "--rate", "1000" })
    assert.equal(3, result.status)
    assert.truthy(result.out:find("failed    InvalidParameterException 1, UserLambdaValidationException 1\n", 1, true),
      result.out)
    assert.truthy(result.err:find("resume --failed tries them again", 1, true), result.err)
    assert.equal(2, run("resume").status)
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

  it("stops for what concerns everybody, and says what to do", function()
    plan()
    process:post("/misbehave", { operation = RESET, what = "error", code = "LimitExceededException",
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

describe("what is wrong with a command line", function()
  local function refused(subcommand, args, expected)
    local result = run(subcommand, args)
    assert.equal(2, result.status, result.err)
    assert.equal("", result.out)
    assert.truthy(result.err:find(expected, 1, true), result.err)
  end

  it("is said before anything is done", function()
    refused("plan", { "reset" }, "say whom: a file, --filter, --all, or --from-journal; one of them")
    refused("plan", { "reset", "-", "--all" }, "one of them")
    refused("plan", { "reset", "--all", "--filter", "x" }, "one of them")
    refused("plan", { "unlock", "-" }, "must be one of 'reset', 'lock', 'set-password', 'resend', 'invite'")
    refused("plan", { "reset", "/no/such/file" }, "No such file or directory")
    refused("status", {}, "cognito bulk plan")
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
    local result = command.run({ "bulk", "plan", "reset", "-", "--journal", journal },
      { env = command.into(process), stdin = names() })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("\nGive --endpoint, if", 1, true), result.err)
  end)

  it("may be a plan that nobody approved, or another one", function()
    plan()
    refused("run", {}, "cognito bulk approve")
    refused("approve", { "--plan", "0000000000" }, "this is not the plan's hash: nothing is approved")
    refused("approve", { "--plan", status().plan:sub(1, 7) }, "this is not the plan's hash")
    assert.truthy(run("approve").err:find("nobody can be asked", 1, true))
    assert.equal("planned", status().state)
  end)

  it("helps, with examples, for every subcommand", function()
    for _, entry in ipairs(require("cognito.cli.command.bulk").commands) do
      local result = command.run { "bulk", entry.name, "--help" }
      assert.equal(0, result.status)
      assert.truthy(result.out:find("Examples:\n  ", 1, true), entry.name)
      assert.truthy(result.out:find("--journal JOURNAL", 1, true), entry.name)
      assert.same(result, command.run { "help", "bulk", entry.name })
    end
  end)
end)

describe("on a terminal", function()
  local function on_terminal(subcommand, args, options)
    options = options or {}
    options.env = options.env or env
    local result = command.on_terminal(words(subcommand, args), options)
    assert.is_false(result.hung, result.screen)
    assert.equal(cjson.null, result.missed, result.screen)
    return result
  end

  it("approve shows the plan and asks for its hash", function()
    local hash = plan().plan
    local result = on_terminal("approve", {}, { steps = { { "expect", "to approve: " }, { "type", "yes\n" } } })
    assert.equal(2, result.status)
    assert.truthy(result.screen:find("12 will be acted on", 1, true), result.screen)
    assert.equal("planned", status().state)
    result = on_terminal("approve", {}, { steps = { { "expect", "to approve: " }, { "type", "\3" } } })
    assert.equal(130, result.status)
    result = on_terminal("approve", {}, { steps = { { "expect", "to approve: " },
      { "type", hash:sub(1, 8) .. "\n" } } })
    assert.equal(0, result.status)
    assert.equal("approved", status().state)
  end)

  it("a bar moves, whatever the width", function()
    for _, columns in ipairs { 1, 30, 120 } do
      journal = journal .. columns
      plan("lock", {}, ("j%d-1\n"):format(jobs))
      local result = on_terminal("run", { "--yes", "--rate", "1000" }, { columns = columns })
      assert.equal(0, result.status, result.screen)
            local bar = result.screen:find("[####################] 100%", 1, true)
      assert.equal(columns >= 100, bar ~= nil, result.screen)
      for line in result.screen:gmatch "\r([^\r\n]*)\27%[K" do
        assert.is_true(text.width(line) < columns, line)
      end
    end
  end)

  it("^C ends a plan, and nothing is left of it", function()
    process:post("/misbehave", { operation = "list_users", what = "stall", phase = "after" })
    local looked = (process:get("/executions").list_users or { count = 0 }).count
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(names())
    file:close()
    local result = on_terminal("plan", { "reset", path }, { steps = { { "page", process.settings.url .. "/executions",
      ('"list_users":{"count":%d'):format(looked + 1) }, { "type", "\3" } } })
    os.remove(path)
    assert.equal(130, result.status)
    assert.equal(2, run("status").status)
    assert.is_nil(io.open(journal))
  end)

  it("^C finishes what is in flight and stops; resume goes on; nobody is done twice", function()
    plan()
    local result = on_terminal("run", { "--yes", "--rate", "4", "--concurrency", "2" }, { steps = {
      { "page", process.settings.url .. "/executions", ('"j%d-2":1'):format(jobs) }, { "type", "\3" } } })
    assert.equal(130, result.status)
    assert.truthy(result.screen:find("stopping: what is in flight is finished", 1, true), result.screen)
    local after = status()
    assert.equal("paused", after.state)
    assert.equal("interrupted", after.why)
    assert.equal(0, after.started)
    assert.equal(after.accepted, executions(RESET))
    assert.is_true(after.planned > 0)
    done("resume", { "--rate", "1000" })
    assert.equal(12, executions(RESET))
  end)

  it("a second ^C ends it at once; nobody is done twice afterwards", function()
    plan()
    process:post("/misbehave", { operation = RESET, what = "stall", phase = "after" })
    local first = ('"%s":{"count"'):format(RESET)
    local result = on_terminal("run", { "--yes", "--concurrency", "1", "--timeout", "20" }, { steps = {
      { "page", process.settings.url .. "/executions", first }, { "page", process.settings.url .. "/executions",
        ('"j%d-1":1'):format(jobs) }, { "type", "\3" }, { "expect", "ends it at once" }, { "type", "\3" } } })
    assert.equal(130, result.status)
    assert.equal(1, status().started)
    local resumed = run("resume", { "--rate", "1000", "--timeout", "1", "--settle", "0" })
    assert.equal(0, resumed.status, resumed.out .. resumed.err)
    assert.equal(12, executions(RESET))
    assert.equal(12, status().accepted)
  end)

  it("purge asks first", function()
    plan()
    local result = on_terminal("purge", {}, { steps = { { "expect", "to remove it: " }, { "type", "no\n" } } })
    assert.equal(2, result.status)
    assert.equal("planned", status().state)
    result = on_terminal("purge", {}, { steps = { { "expect", "to remove it: " }, { "type", "purge\n" } } })
    assert.equal(0, result.status)
  end)
end)

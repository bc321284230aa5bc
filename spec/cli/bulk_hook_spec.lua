-- `cognito bulk run --hook`: the program that learns of the end of a run.

local core = require "cognito.core"
local here = require "spec.support.cli_bulk"
local process = require "spec.support.process"

local done, plan, run = here.done, here.plan, here.run

setup(here.setup)
teardown(here.teardown)
before_each(here.before_each)
after_each(here.after_each)

describe("the program of --hook", function()
  local program, log

  local function write(script)
    local file = assert(io.open(program, "w"))
    file:write(("#!/bin/sh\n%s\n"):format(script:gsub("LOG", log)))
    file:close()
    core.run { "chmod", "700", program }
  end

  local function logged()
    local file = io.open(log)
    local text = file and file:read "*a"
    if file then file:close() end
    return text or ""
  end

  before_each(function()
    program, log = os.tmpname(), os.tmpname()
    write 'echo "$@" >>LOG'
  end)

  after_each(function()
    os.remove(program)
    os.remove(log)
  end)

  it("learns of a hold, a stop and the end, once each", function()
    plan "lock"
    local _, err = done("run", { "--yes", "--limit", "3", "--hold", "--rate", "1000", "--hook", program })
    assert.equal(("held limit %s\n"):format(here.journal), logged())
    assert.truthy(err:find(("next: cognito bulk resume --hook %s --journal"):format(program), 1, true), err)
    done("resume", { "--limit", "2", "--hook", program })
    assert.equal(("held limit %s\npaused limit %s\n"):format(here.journal, here.journal), logged())
    done("resume", { "--hook", program })
    assert.truthy(logged():find(("\ndone done %s\n$"):format(here.journal:gsub("%W", "%%%0"))), logged())
    local before = logged()
    done("run", { "--hook", program })
    assert.equal(("%sdone done %s\n"):format(before, here.journal), logged())
  end)

  it("learns of a run that ends with an error", function()
    plan "lock"
    assert.equal(2, run("run", { "--hook", program }).status)
    assert.equal(("error not_approved %s\n"):format(here.journal), logged())
  end)

  -- A disk that is full and a database that is away show when the journal is opened.
  it("learns of a run that cannot begin, once, and of no wrong command line", function()
    local missing = os.tmpname()
    os.remove(missing)
    for _, word in ipairs { "run", "resume" } do
      local result = run(word, { "--hook", program, "--journal", missing })
      assert.equal(2, result.status, result.err)
    end
    assert.equal(("error journal_missing %s\n"):format(missing):rep(2), logged())
    plan "lock"
    assert.equal(2, run("resume", { "--hook", program }).status)
    assert.equal(("error not_approved %s\n"):format(here.journal), logged():match "[^\n]*\n$")
    local before = logged()
    assert.equal(2, run("run", { "--yes", "--hook", program, "--metrics", "." }).status)
    assert.equal(before, logged())
  end)

  it("gets no secrets, and cannot make the job fail", function()
    plan("lock", {}, ("j%d-1\n"):format(here.number))
    write 'env >>LOG; exit 7'
    local env = {}
    for name, value in pairs(here.env) do env[name] = value end
    env.COGNITO_PASSWORD, env.PGPASSWORD = "S3cret-1", "S3cret-2"
    local result = run("run", { "--yes", "--rate", "1000", "--hook", program }, { env = env })
    assert.equal(0, result.status, result.err)
    assert.truthy(result.err:find(("note: the program %s of --hook ended with status 7\n"):format(program), 1, true),
      result.err)
    assert.truthy(logged():find("PATH=", 1, true))
    assert.truthy(env.AWS_SECRET_ACCESS_KEY and env.COGNITO_CLIENT_SECRET)
    for _, secret in ipairs { "S3cret", env.AWS_SECRET_ACCESS_KEY, env.COGNITO_CLIENT_SECRET } do
      assert.is_nil(logged():find(secret, 1, true))
    end
  end)

  it("is looked at before the run begins", function()
    plan("lock", {}, ("j%d-1\n"):format(here.number))
    local plain = os.tmpname() -- not executable
    for name, fault in pairs {
      ["/no/such/program"] = "cannot be found: No such file or directory", [plain] = "is not executable",
      ["/usr"] = "is no file", ["no-such-program"] = "is not found in PATH",
    } do
      for _, subcommand in ipairs { "run", "resume" } do
        local result = run(subcommand, { "--rate", "1000", "--hook", name })
        assert.equal(2, result.status, result.err)
        assert.truthy(result.err:find(("the program %s of --hook %s"):format(name, fault), 1, true), result.err)
      end
    end
    os.remove(plain)
    assert.equal(2, run("run", { "--hook-timeout", "5" }).status)
    assert.equal(0, here.executions "admin_set_user_password")
    assert.equal("planned", here.status().state)
  end)

  it("may be a name in PATH", function()
    plan("lock", {}, ("j%d-1\n"):format(here.number))
    local _, err = done("run", { "--yes", "--rate", "1000", "--hook", "true" })
    assert.is_nil(err:find("--hook", 1, true), err)
  end)

  it("is ended when it hangs, and the run ends as it would have", function()
    plan("lock", {}, ("j%d-1\n"):format(here.number))
    write 'echo begun >>LOG; exec sleep 600'
    local result = run("run", { "--yes", "--rate", "1000", "--hook", program, "--hook-timeout", "0.5" })
    assert.equal(0, result.status, result.err)
    assert.equal("begun\n", logged())
    assert.truthy(result.err:find(("note: the program %s of --hook did not run to its end: it took too long and was"
      .. " ended"):format(program), 1, true), result.err)
    assert.equal(1, here.executions "admin_set_user_password")
    assert.equal("done", here.status().state)
  end)

  -- They went on for ever.
  it("is ended with what it has started", function()
    plan("lock", {}, ("j%d-1\n"):format(here.number))
    write 'sleep 600 & echo $! >>LOG; wait'
    assert.equal(0, run("run", { "--yes", "--rate", "1000", "--hook", program, "--hook-timeout", "1" }).status)
    process.wait_for_end(tonumber(logged()))
  end)

  it("keeps its bound in the command that comes next", function()
    plan "lock"
    local _, err = done("run", { "--yes", "--limit", "1", "--rate", "1000", "--hook", program, "--hook-timeout", "5" })
    assert.truthy(err:find(("next: cognito bulk resume --hook %s --hook-timeout 5 --journal"):format(program), 1, true),
      err)
  end)

  it("that is gone by the end is reported after the run", function()
    plan("lock", {}, ("j%d-1\n"):format(here.number))
    write 'exit 0'
    local file = assert(io.open(program, "w"))
    file:write "#!/no/such/interpreter\n"
    file:close()
    local result = run("run", { "--yes", "--rate", "1000", "--hook", program })
    assert.equal(0, result.status, result.err)
    assert.truthy(result.err:find(("note: the program %s of --hook "):format(program), 1, true), result.err)
  end)
end)

-- Each `next:` line of `cognito bulk` as it is printed: by a shell, in another
-- folder, without the variables that named the pool and the journal. After a
-- stop at --daily-limit the line once led to a job without a limit.

local cjson = require "cjson"
local command = require "spec.support.command"
local core = require "cognito.core"
local lfs = require "lfs"
local sandbox_process = require "spec.support.sandbox_process"

describe("a next line of cognito bulk", function()
  local process, folder, env
  local root = lfs.currentdir()
  local users = 8

  setup(function()
    process = sandbox_process.start "--existence-errors LEGACY"
    folder = os.tmpname()
    os.remove(folder)
    assert(lfs.mkdir(folder))
    assert(lfs.mkdir(folder .. "/bin"))
    assert(lfs.mkdir(folder .. "/it's here"))
    local file = assert(io.open(folder .. "/bin/cognito", "w"))
    file:write(("#!/bin/sh\nexec '%s' '%s/bin/cognito' \"$@\"\n"):format(command.interpreter(), root))
    file:close()
    core.run { "chmod", "+x", folder .. "/bin/cognito" }
    env = command.into(process, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = false, COGNITO_USER_POOL_ID = false })
    for i = 1, users do
      process:post("/users", { username = "n" .. i, password = "Old-Passw0rd", email = ("n%d@example.com"):format(i) })
    end
    file = assert(io.open(folder .. "/it's here/users.txt", "w"))
    for i = 1, users do file:write("n" .. i .. "\n") end
    file:close()
  end)

  teardown(function()
    process:stop()
    core.run { "rm", "-rf", folder }
  end)

  -- Returns what it printed on standard output, and the line that comes next.
  local function sh(where, line, status)
    local script, words = folder .. "/script", {}
    for name, value in pairs(env) do words[#words + 1] = ("export %s='%s'"):format(name, value) end
    local file = assert(io.open(script, "w"))
    file:write("unset COGNITO_BULK_JOURNAL COGNITO_USER_POOL_ID\n", table.concat(words, "\n"),
      ("\nPATH='%s/bin':$PATH\ncd \"$1\" || exit 99\n"):format(folder), line, "\n")
    file:close()
    local run = assert(core.run({ "setsid", "-w", "sh", script, where }, 60))
    assert.equal(status or 0, run.status, line .. "\n" .. run.stdout .. run.stderr)
    return run.stdout, run.stderr:match "next: ([^\n]*)", run.stderr
  end

  local function executions()
    return (process:get("/executions").admin_reset_user_password or { count = 0 }).count
  end

  it("works as printed, all the way through a job", function()
    local here, elsewhere = folder .. "/it's here", "/"
    local out, next_line = sh(here, ("COGNITO_BULK_JOURNAL='re set.db' cognito bulk plan reset users.txt "
      .. "--endpoint %s --user-pool-id %s"):format(process.settings.url, process.settings.COGNITO_USER_POOL_ID))
    local hash = out:match "plan%s+(%x+)"
    local _, _, err = sh(elsewhere, next_line, 2) -- there is no terminal to ask on: the job was found
    assert.truthy(err:find("cannot ask", 1, true) or err:find("--plan", 1, true), err)
    _, next_line = sh(elsewhere, next_line .. " --plan " .. hash)
    assert.truthy(next_line:find("run --limit 100 --hold", 1, true), next_line)

    -- The limit is said once, and holds for every line that follows.
    _, next_line = sh(elsewhere, next_line .. " --daily-limit 3 --rate 1000", 3)
    assert.equal(3, executions())
    local tomorrow = next_line
    assert.truthy(tomorrow:find("resume", 1, true), tomorrow)
    _, next_line = sh(elsewhere, tomorrow, 3)
    assert.equal(3, executions())
    assert.equal(tomorrow, next_line)
    local journal = tomorrow:match "%-%-journal (.-)  #"
    assert.truthy(sh(elsewhere, "cognito bulk status --journal " .. journal):find("3 messages a day", 1, true))

    _, next_line = sh(elsewhere, ("cognito bulk resume --only --journal %s"):format(journal))
    assert.truthy(next_line:find("cognito bulk run", 1, true), next_line)
    sh(elsewhere, next_line, 3)
    assert.equal(3, executions())
    _, next_line = sh(elsewhere, ("cognito bulk resume --daily-limit 0 --limit 2 --journal %s"):format(journal))
    assert.equal(5, executions())
    _, next_line = sh(elsewhere, next_line)
    assert.equal(users, executions())
    out = sh(elsewhere, next_line)
    assert.truthy(out:find("name=daily_limit, was=3, became=0", 1, true), out)
  end)

  it("works after pause and cancel, too", function()
    local here, journal = folder .. "/it's here", "other.db"
    local out = sh(here, ("cognito bulk plan lock users.txt --json --endpoint %s --user-pool-id %s --journal %s")
      :format(process.settings.url, process.settings.COGNITO_USER_POOL_ID, journal))
    sh(here, ("cognito bulk approve --journal %s --plan %s"):format(journal, cjson.decode(out).plan))
    local _, next_line = sh(here, "cognito bulk pause --journal " .. journal)
    _, next_line = sh("/", next_line .. " --limit 2")
    assert.truthy(next_line:find("cognito bulk resume", 1, true), next_line)
    _, next_line = sh(here, "cognito bulk cancel --journal " .. journal)
    assert.truthy(sh("/", next_line):find("lock", 1, true))
  end)
end)

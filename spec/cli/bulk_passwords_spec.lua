-- Where `cognito bulk run` takes passwords from: a file, or a program.

local cjson = require "cjson"
local command = require "spec.support.command"
local core = require "cognito.core"
local here = require "spec.support.cli_bulk"

local done, executions, plan, run, status = here.done, here.executions, here.plan, here.run, here.status

setup(here.setup)
teardown(here.teardown)
before_each(here.before_each)
after_each(here.after_each)

describe("a job", function()
  it("sets passwords from a file or by a program, and keeps none", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write "password,username\n"
    for i = 1, here.count - 1 do file:write(("S3cret-Pass-%d,j%d-%d\n"):format(i, here.number, i)) end
    file:close()
    plan "set-password"
    local refused = run("run", { "--yes" })
    assert.equal(2, refused.status)
    assert.truthy(refused.err:find("--password-command", 1, true), refused.err)
    local result = run("run", { "--yes", "--rate", "1000", "--passwords", path })
    os.remove(path)
    assert.equal(3, result.status) -- one has none
    assert.truthy(done("report"):find(",failed,,,,no_password,", 1, true))
    local kept = core.run { "grep", "-c", "S3cret-Pass", here.journal }
    assert.equal("0\n", kept.stdout)
  end)

  it("refuses a file that holds no passwords, by its kind", function()
    plan("set-password", {}, ("j%d-1\n"):format(here.number))
    local path = os.tmpname()
    for text, message in pairs {
      ["PK\3\4xl/"] = "line 1: this is an Excel workbook (.xlsx): save the sheet as CSV",
      [""] = "line 1: there is no header",
      ["username,password\nada\n"] = "line 2: there are 1 fields", ["username,password\nada,p\228\n"] = "is not UTF-8",
      ["username,username,password\n"] = "there are several columns username",
      ["username\nada\n"] = "no column password",
    } do
      local file = assert(io.open(path, "wb"))
      file:write(text)
      file:close()
      local result = run("run", { "--yes", "--passwords", path })
      assert.equal(2, result.status, result.err)
      assert.truthy(result.err:find(message, 1, true), result.err)
      assert.truthy(result.err:find(path, 1, true), result.err)
      assert.is_nil(result.err:find("please report", 1, true))
    end
    os.remove(path)
    local result = run("run", { "--yes", "--passwords", "/" })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the passwords cannot be read: /, Is a directory", 1, true), result.err)
  end)

  it("finds the passwords of names with blanks around them, and keeps blanks within passwords", function()
    plan("set-password", {}, ("j%d-1\nj%d-2\n"):format(here.number, here.number))
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(("Password;Username\r\nN3w Passw0rd-;\194\160j%d-1 \r\nN3w-Passw0rd;j%d-2\r\n"):format(here.number,
      here.number))
    file:close()
    done("run", { "--yes", "--rate", "1000", "--passwords", path })
    os.remove(path)
    local params = { AuthFlow = "ADMIN_USER_PASSWORD_AUTH", AuthParameters = {
      USERNAME = ("j%d-1"):format(here.number), PASSWORD = "N3w Passw0rd-" } }
    local signed_in = command.run({ "call", "admin-initiate-auth", "--params", "-", "--endpoint",
      here.process.settings.url }, { env = here.env, stdin = cjson.encode(params) })
    assert.equal(0, signed_in.status, signed_in.err)
  end)

  it("asks a program for passwords", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write '#!/bin/sh\nshift\necho "S3cret-Pass-of-$1"\n'
    file:close()
    core.run { "chmod", "+x", path }
    plan("set-password", {}, ("j%d-1\n"):format(here.number))
    done("run", { "--yes", "--password-command", path })
    os.remove(path)
    local name = ("j%d-1"):format(here.number)
    local params = { AuthFlow = "ADMIN_USER_PASSWORD_AUTH", AuthParameters = {
      USERNAME = name, PASSWORD = "S3cret-Pass-of-" .. name } }
    local signed_in = command.run({ "call", "admin-initiate-auth", "--params", "-", "--endpoint",
      here.process.settings.url }, { env = here.env, stdin = cjson.encode(params) })
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

    -- It was found out when the first user's turn came: after the approval, and after calls to the service.
    it("is looked at before the job is opened, like that of --hook", function()
      plan "set-password"
      local calls = executions "describe_user_pool"
      for path, fault in pairs {
        ["/no/such/program"] = "cannot be found: No such file or directory", ["/"] = "is no file",
        ["no-such-program-of-cognito"] = "is not found in PATH", [write("#!/bin/sh\n", "600")] = "is not executable",
      } do
        for _, subcommand in ipairs { "run", "resume" } do
          local result = run(subcommand, { "--rate", "1000", "--password-command", path })
          assert.equal(2, result.status, result.err)
          local words = ("the program %s of --password-command %s\nNothing was begun"):format(path, fault)
          assert.truthy(result.err:find(words, 1, true), result.err)
        end
      end
      assert.equal(calls, executions "describe_user_pool")
      assert.equal("planned", status().state)
    end)

    it("fails for one user fails that user only", function()
      plan "set-password"
      local result = set(write(('#!/bin/sh\nfor name; do :; done\n[ "$name" != j%d-3 ] && echo S3cret-Pass-1\n')
        :format(here.number)))
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
      assert.equal(("resume --failed --code no_password --password-command %s --journal %s")
        :format(program, here.journal), next_line:match "^(.-) %(" or next_line)
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
end)

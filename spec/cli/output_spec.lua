-- Where output goes and what it looks like: terminals of any width, pipes that
-- no program reads, full disks, colours, hostile texts, long lists.

local cjson = require "cjson"
local command = require "spec.support.command"
local proc = require "spec.support.proc"
local sandbox_process = require "spec.support.sandbox_process"

local USERS = 130 -- more than two pages

local process

setup(function()
  process = sandbox_process.start "--existence-errors LEGACY"
  for i = 1, USERS do
    process:post("/users", { username = ("user%03d"):format(i), email = ("u%d@example.com"):format(i) })
  end
  process:post("/users", { username = "evil\27[2J\194\155\226\128\174", email = "e\27]0;pwned\7@example.com",
    attributes = { name = "Zoë 山田" } })
  process:post("/users", { username = "mallory", email = "e\27]0;pwned\7@example.com" })
end)

teardown(function() process:stop() end)

local function run(args, options)
  options = options or {}
  options.env = command.into(process, options.env)
  return command.run(args, options)
end

local function on_terminal(args, options)
  options = options or {}
  options.env = command.into(process, options.env)
  local result = command.on_terminal(args, options)
  assert.is_false(result.hung)
  return result
end

local function count_lines(shown)
  return select(2, shown:gsub("\n", ""))
end

describe("cognito list-users", function()
  it("reads every page, tab-separated for programs", function()
    local result = run { "list-users" }
    assert.equal(0, result.status, result.err)
    assert.equal(USERS + 2, count_lines(result.out))
    assert.matches("^user001\tCONFIRMED\tenabled\t%d+%-%d%d%-%d%dT[%d:]+Z\tu1@example.com\n", result.out)
  end)

  it("prints a user a line as JSON", function()
    local names = {}
    for line in run({ "list-users", "--json" }).out:gmatch "[^\n]+" do
      names[cjson.decode(line).username] = true
    end
    for i = 1, USERS do assert.is_true(names[("user%03d"):format(i)]) end
    assert.is_true(names["evil\27[2J\194\155\226\128\174"])
  end)

  it("stops at its limit, and asks for no more than that", function()
    assert.equal(61, count_lines(run({ "list-users", "--limit", "61" }).out))
    local result = run { "list-users", "--limit", "3", "--verbose" }
    assert.equal(3, count_lines(result.out))
    assert.equal(1, count_lines(result.err))
  end)

  it("filters, and shows the attributes that it is asked for", function()
    assert.equal("user007\tCONFIRMED\tenabled\tu7@example.com\ttrue\n", (run { "list-users", "--filter",
      'username = "user007"', "--attributes", "email, email_verified,nickname" }.out:gsub("\t%d%d%d%d[^\t]+", "", 1)
      :gsub("\t\n", "\n")))
    local one = cjson.decode(run({ "list-users", "--json", "--limit", "1", "--attributes", "email" }).out)
    assert.same({ { name = "email", value = "u1@example.com" } }, one.attributes)
    local result = run { "list-users", "--attributes", "nickname" } -- that no user has
    assert.equal(0, result.status, result.err)
    assert.equal(USERS + 2, count_lines(result.out))
    local wrong = run { "list-users", "--filter", "nonsense" }
    assert.equal(1, wrong.status)
    assert.truthy(wrong.err:find("InvalidParameterException", 1, true), wrong.err)
  end)

  it("keeps the printed pages when a later one fails", function()
    process:post("/misbehave", { operation = "list_users", what = "delay", seconds = 0 })
    process:post("/misbehave", { operation = "list_users", what = "error", code = "AccessDeniedException",
      message = "no" })
    local result = run { "list-users" }
    assert.equal(1, result.status)
    assert.equal(60, count_lines(result.out))
    assert.truthy(result.err:find("AccessDeniedException", 1, true), result.err)
  end)

  it("takes no more memory for more users", function()
    local function peak(limit)
      local result = run({ "list-users", "--json", "--limit", tostring(limit) }, { peak = true })
      assert.equal(0, result.status, result.err)
      return result.peak
    end
    peak(1)
    for i = USERS + 1, 3000 do process:post("/users", { username = ("user%04d"):format(i) }) end
    local few, many = peak(120), peak(3000)
    assert.is_true((many - few) * 1024 < proc.margin() / 8, ("%d KiB for 120 users, %d KiB for 3000"):format(few, many))
  end)
end)

describe("a terminal", function()
  it("shows a table with its titles", function()
    local screen = on_terminal({ "list-users", "--limit", "2" }, { env = { NO_COLOR = "1" } }).screen
    assert.matches("^USERNAME  STATUS     ENABLED  CREATED               EMAIL\nuser001   CONFIRMED  enabled  ", screen)
  end)

  it("is never written beyond its width, unless nothing would be left", function()
    for _, columns in ipairs { 60, 64, 70, 200 } do
      local order = { columns = columns, env = { NO_COLOR = "1" } }
      local screen = on_terminal({ "list-users", "--limit", "3" }, order).screen
      assert.equal(4, count_lines(screen))
      for line in screen:gmatch "[^\n]+" do
        assert.is_true(require("cognito.cli.text").width(line) <= columns, line)
      end
    end
  end)

  it("may be one column wide", function()
    for _, args in ipairs { { "list-users", "--limit", "3" }, { "admin-get-user", "user001" }, { "--help" },
      { "list-users", "--help" }, { "advise", "user001" }, { "doctor" } } do
      local result = on_terminal(args, { columns = 1 })
      assert.equal(0, result.status, result.screen)
      assert.is_true(#result.screen > 20)
    end
  end)

  it("gets colours, and no other output does", function()
    assert.truthy(on_terminal({ "list-users", "--limit", "1" }).screen:find("\27[1mUSERNAME", 1, true))
    assert.truthy(on_terminal({ "admin-get-user", "nobody" }).screen:find("\27[1;31mcognito:\27[0m", 1, true))
    assert.is_nil(run({ "admin-get-user", "nobody" }).err:find "\27")
    local piped = on_terminal({ "list-users", "--limit", "1" }, { stdout = "pipe" })
    assert.is_nil((piped.stdout .. piped.screen):find "\27")
  end)

  it("gets none where they are not wanted", function()
    for _, without in ipairs { { env = { NO_COLOR = "1" } }, { env = { TERM = "dumb" } }, { flag = "--no-color" } } do
      local args = { "admin-get-user", "nobody", without.flag }
      local result = on_terminal(args, { env = without.env })
      assert.equal(1, result.status)
      assert.is_nil(result.screen:find "\27")
    end
  end)

  it("obeys nothing that the service says", function()
    for _, args in ipairs { { "list-users", "--filter", 'username ^= "evil"', "--attributes", "email,name" },
      { "list-users", "--filter", 'username ^= "evil"', "--json" },
      { "admin-get-user", "mallory" }, { "admin-get-user", "--json", "mallory" },
      { "call", "list-users", "--params", [[{"filter":"username ^= \"evil\""}]] } } do
      local result = on_terminal(args, { env = { NO_COLOR = "1" } })
      assert.equal(0, result.status, result.screen)
      assert.is_nil(result.screen:gsub("\n", ""):find "%c", result.screen)
      assert.is_nil(result.screen:find "\194[\128-\159]")
    end
  end)

  it("obeys nothing that an error says", function()
    process:post("/misbehave", { operation = "admin_get_user", what = "error", code = "UserLambdaValidationException",
      message = "no\27[31m\r\n\194\155x\226\128\174" })
    local err = run({ "admin-get-user", "user001" }).err
    assert.truthy(err:find("UserLambdaValidationException: no?[31m???x?", 1, true), err)
  end)
end)

describe("standard output", function()
  it("that is closed ends the command quietly", function()
    local result = on_terminal({ "list-users", "--json" }, { stdout = "pipe", steps = { { "close", "stdout" } } })
    assert.equal(0, result.status)
    assert.equal("", result.screen)
    -- The same where SIGPIPE is ignored, as under many a parent.
    local piped = require("cognito.core").run { "sh", "-c", [[trap '' PIPE
      { "$0" bin/cognito --help; echo "status $?" >&2; } | true]], command.interpreter() }
    assert.equal("status 0\n", piped.stderr)
    -- It stops there, and does not go on reading what no one will see.
    local before = process:get("/executions").list_users.count
    on_terminal({ "list-users", "--json" }, { stdout = "pipe", steps = { { "close", "stdout" } } })
    assert.equal(before + 1, process:get("/executions").list_users.count)
  end)

  it("that is full is an error", function()
    for _, args in ipairs { { "list-users" }, { "list-users", "--json" }, { "--help" }, { "completion", "bash" } } do
      local result = run(args, { stdout = "/dev/full" })
      assert.equal(1, result.status)
      assert.truthy(result.err:find("the output cannot be written: No space left on device", 1, true), result.err)
    end
  end)

  it("that is closed is an error", function()
    assert.equal(1, run({ "list-users" }, { stdout = "&-" }).status)
  end)
end)

-- docs/admin.md, typed word for word: what the page tells people to type works
-- in the order in which it tells them, and does what the page says.
local command = require "spec.support.command"
local lfs = require "lfs"
local page_commands = require "spec.support.page_commands"
local read = require("spec.support.process").read
local sandbox_process = require "spec.support.sandbox_process"

local PAGE = "docs/admin.md"
local USERS = 104 -- more than the canary

local blocks, inline = page_commands.of(PAGE)
local process, shell

local function start(env)
  process = sandbox_process.start "--existence-errors LEGACY --mail developer --user-pool-id eu-west-1_Ab12Cd34E"
  shell = page_commands.shell(process, env)
end

local function add(user)
  assert.equal(user.username, process:post("/users", user).username)
end

local function name_of(i)
  return ("user%03d"):format(i)
end

-- The pool's users, and a file of them with the addresses that they should
-- have.
local function add_users(file, others)
  local lines = { "username,email" }
  for i = 1, USERS do
    local name = name_of(i)
    add { username = name, email = (others or {})[name] or name .. "@example.com", password = "Old-Passw0rd" }
    lines[#lines + 1] = ("%s,%s@example.com"):format(name, name)
  end
  shell:write(file, table.concat(lines, "\n") .. "\n")
end

local function type_all(section)
  local screens = {}
  for i, line in ipairs(blocks[section]) do
    local screen, status = shell:run(line)
    assert.equal(0, status, line .. "\n" .. screen)
    screens[i] = screen
  end
  return screens
end

-- How often an operation was carried out for each user.
local function executions(operation)
  return (process:get("/executions")[operation] or { users = {} }).users
end

local function everybody(but)
  local users = {}
  for i = 1, USERS do
    if not but[name_of(i)] then users[name_of(i)] = 1 end
  end
  return users
end

describe(PAGE, function()
  after_each(function()
    if process then
      process:stop()
      shell:close()
      process = nil
    end
  end)

  it("has commands in the sections that are tried here, and in no others", function()
    local titles = {}
    for title in pairs(blocks) do titles[#titles + 1] = title end
    table.sort(titles) -- the last one is typed in spec/services
    assert.same({ "A breach, start to finish", "A migration", "A second job for some users of the first",
      "Accounts that were taken over", "Many users at once", "Several workers" }, titles)
    assert.is_true(#inline >= 6)
  end)

  it("resets many users", function()
    start { COGNITO_BULK_JOURNAL = "job.db" }
    add_users "users.csv"
    type_all "Many users at once"
    assert.same(everybody {}, executions "admin_reset_user_password")
    assert.equal(USERS, select(2, shell:read("report.csv"):gsub(",accepted,", "")))
  end)

  it("tries a job against a local pool first", function()
    start()
    shell:write("users.csv", "username,email\nada,ada@example.com\nbob,bob@example.com\n")
    shell:write("bin/cognito", ('#!/bin/sh\nexec %q %q "$@"\n'):format(command.interpreter(),
      lfs.currentdir() .. "/bin/cognito"), "755")
    local trial = assert(read(PAGE):match "\n```sh\n(cognito sandbox.-)\n```\n")
    local screen, status = shell:run(trial)
    assert.equal(0, status, screen)
    for _, name in ipairs { "ada", "bob" } do
      assert.truthy(screen:find(("to %s by EMAIL (%s@example.com)"):format(name, name), 1, true), screen)
    end
    assert.same({}, executions "admin_reset_user_password")
  end)

  it("gets through a breach: all are locked once, all are written to once, and no one else is", function()
    start { COGNITO_USER_POOL_ID = false }
    add_users("breached.csv", { user007 = "attacker@example.net" })
    add { username = "bystander", email = "bystander@example.com" }
    shell:write("staff.txt", "user001\nuser002@example.com\n")
    local screens = table.concat(type_all "A breach, start to finish")
    local staff = { user001 = true, user002 = true }
    assert.same(everybody(staff), executions "admin_set_user_password")
    assert.truthy(screens:find("1 user has another one than expected", 1, true))
    staff.user007 = true
    assert.same(everybody(staff), executions "admin_reset_user_password")
    local report = shell:read "lock.csv"
    assert.matches("\nuser001,[^\n]*,skipped,excluded,", report)
    assert.matches("\nuser007,[^\n]*,accepted,[^\n]*,email_changed\n", report)
    assert.is_nil(shell:read "lock.db")
    assert.truthy(shell:read "reset.db")
  end)

  it("makes accounts safe after a takeover", function()
    start()
    add_users "taken.csv"
    type_all "Accounts that were taken over"
    assert.same(everybody {}, executions "admin_disable_user")
    assert.same(everybody {}, executions "admin_user_global_sign_out")
    assert.equal(USERS, select(2, shell:read("secure.csv"):gsub(",accepted,", "")))
  end)

  it("sets the passwords of a migration", function()
    start()
    add_users "users.csv"
    shell:write("password-of", "#!/bin/sh\necho Pass-of-the-old-system-1\n", "755")
    type_all "A migration"
    assert.same(everybody {}, executions "admin_set_user_password")
    assert.same({}, executions "admin_user_global_sign_out")
  end)

  it("plans a second job", function()
    start()
    add_users "users.csv"
    assert.equal(0, select(2, shell:run "cognito bulk plan reset users.csv --journal reset.db"))
    process:post("/misbehave", { operation = "admin_reset_user_password", what = "error", times = 2,
      code = "InvalidParameterException" })
    assert.equal(3, select(2, shell:run "cognito bulk run --yes --journal reset.db"))
    assert.equal(0, select(2, shell:run "cognito bulk report --journal reset.db >reset-report.csv"))
    for _, screen in ipairs(type_all "A second job for some users of the first") do
      assert.truthy(screen:find("2: 2 will be acted on", 1, true), screen)
    end
  end)

  it("names commands in its text that there are, with options that they take", function()
    start()
    for _, line in ipairs(inline) do
      local screen, status = shell:run(line:gsub("COMMAND", "run") .. " --help")
      assert.equal(0, status, line .. "\n" .. screen)
    end
  end)
end)

-- Passwords, codes and secrets: never from arguments, never on a screen, never
-- in a core dump; and what signals do meanwhile.

local cjson = require "cjson"
local command = require "spec.support.command"
local sandbox_process = require "spec.support.sandbox_process"

local process, env, user
local users = 0

setup(function()
  process = sandbox_process.start "--existence-errors LEGACY --code 135790"
  env = command.into(process)
end)

teardown(function() process:stop() end)

-- Another user each time: one may ask for only so many codes in an hour.
before_each(function()
  users = users + 1
  user = "ada" .. users
  process:post("/users", { username = user, password = "Old-Passw0rd", email = "ada@example.com" })
end)

local function ask_for_code()
  assert.equal(0, command.run({ "forgot-password", user }, { env = env }).status)
end

local SECRETS = { "135790", "N3w%-Passw0rd", "hunter2" }

local function assert_hidden(text)
  for _, secret in ipairs(SECRETS) do
    assert.is_nil(text:find(secret), "a secret is shown")
  end
end

local function on_terminal(args, steps, options)
  local order = { env = env, steps = steps }
  for name, value in pairs(options or {}) do order[name] = value end
  local result = command.on_terminal(args, order)
  assert.is_false(result.hung)
  assert.equal(cjson.null, result.missed, result.screen) -- no step was
  assert_hidden(result.screen)
  return result
end

local function reset()
  return { "confirm-forgot-password", user }
end

describe("an argument that holds a secret", function()
  local function refused(args, what)
    local result = command.run(args, { env = env })
    assert.equal(2, result.status)
    assert.truthy(result.err:find(what .. " is not taken as an argument: other users of this machine", 1, true),
      result.err)
    assert_hidden(result.out .. result.err)
  end

  it("is refused, with the reason, and not repeated", function()
    refused({ "confirm-forgot-password", "--password", "hunter2", "ada" }, "the password")
    refused({ "confirm-forgot-password", "ada", "--password=hunter2" }, "the password")
    refused({ "confirm-forgot-password", "ada", "--code", "135790" }, "the code")
    refused({ "confirm-forgot-password", "ada", "135790", "hunter2" }, "a code or password")
    refused({ "confirm-sign-up", "ada", "135790" }, "a code or password")
    refused({ "admin-set-user-password", "ada", "hunter2" }, "a code or password")
    refused({ "forgot-password", "--client-secret", "hunter2", "ada" }, "the client secret")
    refused({ "secret-hash", "--client-secret=hunter2", "ada" }, "the client secret")
  end)

  it("is refused among the parameters of a call", function()
    refused({ "call", "confirm-forgot-password", "--param", "password=hunter2" }, "'password'")
    refused({ "call", "confirm-forgot-password", "--param", "ConfirmationCode=135790" }, "'confirmation_code'")
    refused({ "call", "confirm-forgot-password", "--params", '{"Password":"hunter2"}' }, "'password'")
    refused({ "call", "initiate-auth", "--param", "auth_parameters.PASSWORD=hunter2" }, "'auth_parameters'")
    refused({ "call", "initiate-auth", "--params", '{"auth_parameters":{"PASSWORD":"hunter2"}}' }, "'auth_parameters'")
    refused({ "call", "admin-create-user", "--param", "temporary_password=hunter2" }, "'temporary_password'")
    refused({ "call", "create-identity-provider", "--params", '{"ProviderDetails":{"client_secret":"hunter2"}}' },
      "'provider_details'")
  end)
end)

describe("a secret", function()
  it("is asked for without echo, and a new password twice", function()
    ask_for_code()
    local result = on_terminal(reset(), { { "expect", "Code: " }, { "type", "135790\n" },
      { "expect", "New password of " .. user .. ": " }, { "type", "N3w-Passw0rd\n" },
      { "expect", "The same again: " }, { "type", "N3w-Passw0rd\n" } })
    assert.equal(0, result.status)
    assert.equal(("Code: \nNew password of %s: \nThe same again: \ndone: %s has a new password\n"):format(user, user),
      result.screen)
    assert.is_true(result.echo)
  end)

  it("that is a code may be typed as messages show it, for a name with blanks around it", function()
    ask_for_code()
    local result = on_terminal({ "confirm-forgot-password", " " .. user .. " " }, {
      { "expect", "Code: " }, { "type", " 135 790 \n" }, { "expect", "New password of " .. user .. ": " },
      { "type", "N3w-Passw0rd\n" }, { "expect", "again: " }, { "type", "N3w-Passw0rd\n" } })
    assert.equal(0, result.status)
  end)

  it("that is a code may hold blanks in the environment, too", function()
    ask_for_code()
    local given = command.into(process, { COGNITO_CODE = "135 790\t", COGNITO_PASSWORD = "N3w-Passw0rd" })
    assert.equal(0, command.run({ "confirm-forgot-password", user }, { env = given }).status)
  end)

  it("that is a code may hold what copied text brings along, and so may the name", function()
    local NBSP, ZERO_WIDTH, MARK = "\194\160", "\226\128\139", "\239\187\191"
    ask_for_code()
    local given = command.into(process, { COGNITO_CODE = MARK .. "135" .. NBSP .. "790" .. ZERO_WIDTH,
      COGNITO_PASSWORD = "N3w-Passw0rd" })
    local result = command.run({ "confirm-forgot-password", ZERO_WIDTH .. user .. NBSP }, { env = given })
    assert.equal(0, result.status, result.err)
  end)

  it("is asked for on the terminal, whatever the three descriptors are", function()
    ask_for_code()
    local result = on_terminal(reset(), { { "expect", "Code: " }, { "type", "135790\n" },
      { "expect", "password of " .. user .. ": " }, { "type", "N3w-Passw0rd\n" }, { "expect", "again: " },
      { "type", "N3w-Passw0rd\n" } }, { stdin = "null", stdout = "pipe", stderr = "pipe" })
    assert.equal(0, result.status)
    assert.equal("done: " .. user .. " has a new password\n", result.stdout)
    assert.equal("", result.stderr)
  end)

  -- A set of select holds no descriptor above 1,023.
  it("is asked for where more than a thousand descriptors are open", function()
    ask_for_code()
    local result = on_terminal(reset(), { { "expect", "Code: " }, { "type", "135790\n" },
      { "expect", "password of " .. user .. ": " }, { "type", "N3w-Passw0rd\n" }, { "expect", "again: " },
      { "type", "N3w-Passw0rd\n" } }, { command = { "sh", "-c",
        [[ulimit -n 4096 && code=$1 && shift && exec "$0" -e "$code" bin/cognito "$@"]], command.interpreter(),
        [[opened = {} for i = 1, 1100 do opened[i] = assert(io.open "/dev/null") end]] } })
    assert.equal(0, result.status)
    assert.truthy(result.screen:find("done: " .. user, 1, true))
  end)

  it("is asked for again when the two differ", function()
    local steps = {}
    for _ = 1, 3 do
      for _, step in ipairs { { "expect", "New password of " .. user .. ": " }, { "type", "N3w-Passw0rd\n" },
        { "expect", "The same again: " }, { "type", "hunter2\n" }, { "expect", "The two differ." } } do
        table.insert(steps, step)
      end
    end
    local result = on_terminal({ "admin-set-user-password", user }, steps)
    assert.equal(2, result.status)
    assert.truthy(result.screen:find("no password: the two differed every time", 1, true), result.screen)
  end)

  it("that is not entered ends the command before anything is sent", function()
    local before = process:get "/executions"
    for _, typed in ipairs { "\n", "\4" } do
      local result = on_terminal(reset(), { { "expect", "Code: " }, { "type", typed } })
      assert.equal(2, result.status)
      assert.truthy(result.screen:find("no code: nothing was entered", 1, true), result.screen)
      assert.is_true(result.echo)
    end
    assert.same(before, process:get "/executions")
  end)

  it("without a terminal comes from elsewhere, and the command says from where", function()
    local result = command.run(reset(), { env = env })
    assert.equal(2, result.status)
    assert.equal("cognito: no code: there is no terminal to ask on\nUse --code-fd FD or the variable COGNITO_CODE\n",
      result.err)
  end)

  it("comes from a descriptor that is there", function()
    local function failure(args, fds)
      local result = command.run(args, { env = env, fds = fds })
      assert.equal(2, result.status)
      return result.err
    end
    local from_three = { "confirm-sign-up", "--code-fd", "3", user }
    assert.matches("descriptor 3 is not open: open it for the command, as in 3<FILE", failure(from_three))
    assert.matches("the code cannot be read from descriptor 3: nothing was entered", failure(from_three, { [3] = "" }))
    assert.matches("the code from descriptor 3 is empty", failure(from_three, { [3] = "\n135790\n" }))
    assert.matches("the code cannot be read from descriptor 3: it is longer than 4096 bytes",
      failure(from_three, { [3] = ("x"):rep(4097) }))
  end)

  it("of a call is asked for", function()
    ask_for_code()
    local result = on_terminal({ "call", "confirm-forgot-password", "--param", "username=" .. user, "--ask",
      "confirmation_code", "--ask", "password" }, { { "expect", "confirmation_code: " }, { "type", "135790\n" },
      { "expect", "password: " }, { "type", "N3w-Passw0rd\n" } })
    assert.equal(0, result.status, result.screen)
  end)
end)

describe("a signal at the prompt", function()
  it("ends the command, and the terminal echoes again", function()
    for signal, status in pairs { INT = 130, TERM = 143, HUP = 129 } do
      local result = on_terminal(reset(), { { "expect", "Code: " }, { "signal", signal } })
      assert.equal(status, result.status)
      assert.is_true(result.echo)
      assert.equal("Code: \n", result.screen)
    end
    local result = on_terminal(reset(), { { "expect", "Code: " }, { "type", "\3" } }) -- the key
    assert.equal(130, result.status)
    assert.is_true(result.echo)
  end)

  it("that stops it gives the terminal back; then it asks again", function()
    local result = on_terminal({ "confirm-sign-up", user }, { { "expect", "Code: " }, { "type", "13\26" },
      { "stopped" }, { "signal", "CONT" }, { "expect", "Code: " }, { "type", "135790\n" } })
    assert.equal(1, result.status)
    assert.truthy(result.screen:find("Current status is CONFIRMED", 1, true), result.screen)
    assert.is_true(result.echo)
  end)

  it("leaves no core dump", function()
    for _, signal in ipairs { "ABRT", "QUIT" } do
      -- Whatever this machine's limit is, the command's own is what counts.
      local result = on_terminal({}, { { "expect", "Code: " }, { "signal", signal } }, {
        command = { "sh", "-c", 'ulimit -c unlimited 2>/dev/null; exec "$@"', "sh", command.interpreter(),
          "bin/cognito", "confirm-sign-up", user } })
      assert.is_true(result.status < 0, result.screen)
      assert.is_false(result.dumped)
    end
  end)
end)

describe("a signal during a call", function()
  local function executions()
    return (process:get("/executions").admin_reset_user_password or { count = 0 }).count
  end

  -- Presses ^C once the service has carried the call out and goes silent.
  local function interrupt(args)
    process:post("/misbehave", { operation = "admin_reset_user_password", what = "stall", phase = "after" })
    return on_terminal(args, {
      { "page", process.settings.url .. "/executions",
        ('"admin_reset_user_password":{"count":%d'):format(executions() + 1) },
      { "type", "\3" } }, { stdout = "pipe" })
  end

  it("ends it, and it says what may have happened", function()
    local result = interrupt { "admin-reset-user-password", "--sign-out", user }
    assert.equal(130, result.status)
    assert.equal("", result.stdout)
    assert.truthy(result.screen:find("a signal interrupted it (it may have been carried out)", 1, true),
      result.screen)
    assert.is_nil(process:get("/executions").admin_user_global_sign_out)
  end)

  it("is not taken for a reason to try again", function()
    process:post("/misbehave", { operation = "list_users", what = "throttle", times = 100 })
    local result = on_terminal({ "list-users", "--verbose" },
      { { "expect", "attempt 1: TooManyRequestsException" }, { "signal", "INT" } })
    assert.equal(130, result.status)
    process:post("/behave", {})
  end)
end)

-- Every subcommand that calls the service, as a process against the local user
-- pool: what it prints, for people and as JSON, and its exit status.

local cjson = require "cjson"
local command = require "spec.support.command"
local sandbox_process = require "spec.support.sandbox_process"

local process, env

setup(function()
  process = sandbox_process.start "--existence-errors LEGACY --code 135790"
  env = command.into(process)
  for _, name in ipairs { "ada", "ben", "eve" } do
    process:post("/users", { username = name, password = "Old-Passw0rd", email = name .. "@example.com" })
  end
  process:post("/users", { username = "new", password = "Old-Passw0rd", email = "new@example.com",
    status = "UNCONFIRMED" })
  process:post("/users", { username = "fay", email = "fay@example.com", status = "FORCE_CHANGE_PASSWORD" })
end)

teardown(function() process:stop() end)

local function run(args, options)
  options = options or {}
  options.env = options.env or env
  return command.run(args, options)
end

local function done(args, options)
  local result = run(args, options)
  assert.equal(0, result.status, result.err)
  return result.out, result.err
end

local function done_json(args, options)
  table.insert(args, 2, "--json")
  local out, err = done(args, options)
  assert.equal("", err)
  assert.equal(1, select(2, out:gsub("\n", "")))
  return cjson.decode(out)
end

local function failed(status, args, options)
  local result = run(args, options)
  assert.equal(status, result.status, result.out .. result.err)
  assert.equal("", result.out)
  return result.err
end

local function user(name)
  return done_json { "admin-get-user", name }
end

describe("cognito forgot-password", function()
  it("says where the code goes", function()
    local out, err = done { "forgot-password", "ada" }
    assert.equal("accepted: a code goes by EMAIL to a***@e***.com\n", out)
    assert.equal("next: cognito confirm-forgot-password ada\n", err)
  end)

  it("prints the reply", function()
    assert.same({ code_delivery_details = { attribute_name = "email", delivery_medium = "EMAIL",
      destination = "b***@e***.com" } }, done_json { "forgot-password", "ben" })
  end)

  it("hands metadata to the triggers", function()
    done { "forgot-password", "--client-metadata", "locale=de", "--client-metadata", "a=b=c", "eve" }
    local outbox = process:get "/outbox"
    assert.same({ locale = "de", a = "b=c" }, outbox[#outbox].client_metadata)
  end)

  it("tells an error, then what to do", function()
    local err = failed(1, { "forgot-password", "nobody" })
    assert.matches("^cognito: UserNotFoundException: Username/client id combination not found%. %(HTTP 400, "
      .. "request id [%x-]+%)\nNo such user in this pool\n$", err)
  end)

  it("tells it in JSON", function()
    local err = cjson.decode(failed(1, { "forgot-password", "--json", "nobody" })).error
    assert.equal("UserNotFoundException", err.code)
    assert.equal("forgot_password", err.operation)
    assert.equal(400, err.status)
    assert.is_false(err.ambiguous)
    assert.is_string(err.request_id)
  end)

  it("asks for the client secret where the app client has one", function()
    local without = command.into(process, { COGNITO_CLIENT_SECRET = false })
    local err = failed(1, { "forgot-password", "ada" }, { env = without })
    assert.truthy(err:find("set COGNITO_CLIENT_SECRET", 1, true), err)
  end)

  it("says when it may have been carried out", function()
    process:post("/misbehave", { operation = "forgot_password", what = "drop", phase = "after" })
    local err = failed(1, { "forgot-password", "ada" })
    assert.truthy(err:find("it may have been carried out", 1, true), err)
    assert.truthy(err:find("a second call may send a second message", 1, true), err)
  end)

  it("takes as long as its option allows", function()
    process:post("/misbehave", { operation = "forgot_password", what = "stall", phase = "before" })
    local err = failed(1, { "forgot-password", "--timeout", "0.2", "ada" })
    assert.truthy(err:find("timeout: ", 1, true), err)
  end)

  it("tells of every attempt when asked to", function()
    process:post("/misbehave", { operation = "forgot_password", what = "throttle" })
    local _, err = done { "forgot-password", "--verbose", "ada" }
    assert.matches("forgot_password, attempt 1: TooManyRequestsException, request id [%x-]+, %d+ ms, again in", err)
    assert.matches("\nforgot_password, attempt 2: 200, request id [%x-]+, %d+ ms\n", err)
  end)

  it("takes its settings from options, before or behind its name", function()
    local settings = process.settings
    local options = { "--user-pool-id", settings.COGNITO_USER_POOL_ID, "--client-id=" .. settings.COGNITO_CLIENT_ID,
      "--endpoint", settings.url }
    local bare = { COGNITO_CLIENT_SECRET = settings.COGNITO_CLIENT_SECRET }
    local behind = { "forgot-password", "ben" }
    for _, word in ipairs(options) do table.insert(behind, word) end
    done(behind, { env = bare })
    table.insert(options, "--json")
    table.insert(options, "forgot-password")
    table.insert(options, "ben")
    assert.truthy(cjson.decode((done(options, { env = bare }))).code_delivery_details)
  end)
end)

describe("cognito confirm-forgot-password", function()
  it("sets a new password", function()
    process:post("/advance", { seconds = 3600 })
    done { "forgot-password", "ada" }
    local out = done({ "confirm-forgot-password", "ada", "--code-fd", "3", "--password-fd", "3" },
      { fds = { [3] = "135790\nN3w-Passw0rd\n" } })
    assert.equal("done: ada has a new password\n", out)
    assert.equal("CONFIRMED", user("ada").user_status)
  end)

  it("tells a wrong code", function()
    done { "forgot-password", "ada" }
    local secrets = command.into(process, { COGNITO_CODE = "000000", COGNITO_PASSWORD = "N3w-Passw0rd" })
    local err = failed(1, { "confirm-forgot-password", "ada" }, { env = secrets })
    assert.truthy(err:find("CodeMismatchException", 1, true), err)
    assert.is_nil(err:find("000000", 1, true))
    assert.is_nil(err:find("N3w-Passw0rd", 1, true))
  end)
end)

describe("cognito resend-confirmation-code and confirm-sign-up", function()
  it("confirm a sign-up", function()
    local out, err = done { "resend-confirmation-code", "new" }
    assert.equal("accepted: a code goes by EMAIL to n***@e***.com\n", out)
    assert.equal("next: cognito confirm-sign-up new\n", err)
    assert.equal("done: new is confirmed\n", (done({ "confirm-sign-up", "--code-fd", "0", "new" },
      { stdin = "135790\n" })))
    assert.equal("CONFIRMED", user("new").user_status)
  end)

  it("recognize a user who needs none", function()
    local err = failed(1, { "resend-confirmation-code", "ada" })
    assert.truthy(err:find("\nThe user is confirmed already", 1, true), err)
  end)
end)

describe("cognito admin-reset-user-password", function()
  it("locks a user out and says that sessions go on", function()
    local out, err = done { "admin-reset-user-password", "ben" }
    assert.equal("accepted: ben is locked out until a new password is set\n", out)
    assert.equal("sessions go on: --sign-out ends them\n", err)
    assert.equal("RESET_REQUIRED", user("ben").user_status)
  end)

  it("ends the sessions, too", function()
    assert.same({}, done_json { "admin-reset-user-password", "--sign-out", "eve" })
    assert.equal(1, process:get("/executions").admin_user_global_sign_out.users.eve)
  end)

  it("has half done it when they cannot be ended", function()
    process:post("/misbehave", { operation = "admin_user_global_sign_out", what = "error",
      code = "AccessDeniedException", message = "no" })
    local err = failed(3, { "admin-reset-user-password", "--sign-out", "eve" })
    assert.truthy(err:find("the password is reset, but the sessions were not ended", 1, true), err)
  end)
end)

describe("cognito admin-set-user-password", function()
  it("sets one that has to be changed, or one that stays", function()
    local out = done({ "admin-set-user-password", "--password-fd", "0", "ben" }, { stdin = "Temp0rary-Pass" })
    assert.equal("done: ben has a temporary password\n", out)
    assert.equal("FORCE_CHANGE_PASSWORD", user("ben").user_status)
    out = done({ "admin-set-user-password", "--permanent", "--password-fd", "0", "ben" },
      { stdin = "Perm4nent-Pass\r\n" })
    assert.equal("done: ben has a permanent password\n", out)
    assert.equal("CONFIRMED", user("ben").user_status)
  end)
end)

describe("cognito admin-get-user", function()
  it("shows a user", function()
    local out = done { "admin-get-user", "ada" }
    assert.matches("^username        ada\nstatus          CONFIRMED\naccount         enabled\ncreated         "
      .. "%d%d%d%d%-%d%d%-%d%dT", out)
    assert.truthy(out:find("\n  email           ada@example.com\n", 1, true), out)
  end)

  it("prints the reply", function()
    local shown = user "ada"
    assert.equal("ada", shown.username)
    assert.equal("email", shown.user_attributes[1].name)
  end)
end)

describe("cognito advise", function()
  it("says which call helps, and with which command it is made", function()
    local out, err = done { "advise", "ada" }
    assert.truthy(out:find("ada: CONFIRMED, enabled, verified: email\n", 1, true), out)
    assert.equal("rule: forgot_password.CONFIRMED (API reference: ForgotPassword)\n"
      .. "next: cognito forgot-password ada\n", err)
    out, err = done { "advise", "fay" }
    assert.truthy(out:find("fay: FORCE_CHANGE_PASSWORD", 1, true), out)
    assert.truthy(err:find("next: cognito call admin-create-user --params '{", 1, true), err)
  end)

  it("gives a command that works", function()
    local _, err = done { "advise", "fay" }
    local params = err:match "%-%-params '(.*)'\n$"
    done { "call", "admin-create-user", "--params", params }
    local outbox = process:get "/outbox"
    assert.equal("fay", outbox[#outbox].username)
    assert.equal("admin_create_user", outbox[#outbox].operation)
  end)

  it("knows the way around a lost factor", function()
    process:post("/users", { username = "tot", password = "Old-pass1", email = "tot@example.com",
      totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" })
    local out, err = done { "advise", "tot", "--lost", "SOFTWARE_TOKEN_MFA" }
    assert.truthy(out:find("The authenticator app is lost", 1, true), out)
    assert.truthy(err:find("rule: lost_software_token (API reference: AdminDeleteSoftwareToken)\n", 1, true), err)
    local params = err:match "next: cognito call admin%-delete%-software%-token %-%-params '(.*)'\n$"
    done { "call", "admin-delete-software-token", "--params", params }
    assert.equal("no_such_factor", done_json({ "advise", "tot", "--lost", "SOFTWARE_TOKEN_MFA" }).reason)
  end)

  it("says why none does", function()
    local out, err = done { "advise", "nobody" }
    assert.equal("nobody: unknown_user\nThere is no such user in this pool.\n", out)
    assert.equal("rule: forgot_password.unknown (developer guide: Managing user existence error responses)\n", err)
    assert.equal("unknown_user", done_json({ "advise", "nobody" }).reason)
  end)

  it("does without the pool's settings where it may not see them", function()
    process:post("/misbehave", { operation = "describe_user_pool", what = "error",
      code = "AccessDeniedException", message = "no" })
    local out, err = done { "advise", "ada" }
    assert.truthy(out:find("ada: CONFIRMED", 1, true), out)
    assert.truthy(err:find("the pool's own settings are not known (AccessDeniedException)", 1, true), err)
  end)
end)

describe("cognito secret-hash", function()
  local expected = "bGk3hmp8DpXWOgaOoOGMKDV9Oc9rC/a4W9axGez46/4="
  local args = { "secret-hash", "--client-id", "3n4b5urk1ft4fl3mg5e62d9ado", "user@example.com" }
  local secret = "c2VjcmV0LWtleS1mb3ItdGVzdA"

  it("is the service's, whichever way the secret comes", function()
    assert.same({ status = 0, out = expected .. "\n", err = "" }, command.run(args, { stdin = secret .. "\n" }))
    assert.equal(expected .. "\n", command.run(args, { env = { COGNITO_CLIENT_SECRET = secret } }).out)
    local with_fd = { "--client-secret-fd", "4" }
    for i, word in ipairs(args) do table.insert(with_fd, i, word) end
    assert.equal(expected .. "\n", command.run(with_fd, { fds = { [4] = secret } }).out)
  end)

  it("leaves standard input alone when the variable is set", function()
    local out = command.run(args, { env = { COGNITO_CLIENT_SECRET = secret }, stdin = "a list of users\n" }).out
    assert.equal(expected .. "\n", out)
  end)

  it("wants a secret, a client id and a user", function()
    local result = command.run(args)
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the client secret cannot be read from standard input: nothing", 1, true), result.err)
    result = command.run(args, { stdin = "\n" })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the client secret from standard input is empty\nUse --client-secret-fd FD",
      1, true), result.err)
    assert.equal(2, command.run({ "secret-hash", "ada" }, { stdin = secret }).status)
    assert.equal(2, command.run({ "secret-hash", "--client-id", "x", "" }, { stdin = secret }).status)
  end)

  it("refuses a secret with a line break or blanks, and says where it comes from", function()
    for _, case in ipairs {
      { { env = { COGNITO_CLIENT_SECRET = secret .. "\n" } }, "from COGNITO_CLIENT_SECRET" },
      { { env = { COGNITO_CLIENT_SECRET = " " .. secret } }, "from COGNITO_CLIENT_SECRET" },
      { { stdin = secret .. " \r\n" }, "from standard input" },
    } do
      local result = command.run(args, case[1])
      assert.same({ 2, "" }, { result.status, result.out })
      assert.truthy(result.err:find("the client secret " .. case[2] .. " holds white space", 1, true), result.err)
      assert.is_nil(result.err:find(secret, 1, true))
    end
  end)

  it("prints JSON", function()
    local result = command.run({ "--json", (unpack or table.unpack)(args) }, { stdin = secret })
    assert.equal('{"secret_hash":"' .. expected .. '"}\n', result.out)
  end)
end)

-- cognito sign-in, as a process against the local user pool.

local cjson = require "cjson"
local command = require "spec.support.command"
local core = require "cognito.core"
local support = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local PASSWORD, NEW = "Old-Passw0rd", "N3w-Passw0rd"

local process, env

setup(function()
  process = sandbox_process.start "--code 135790"
  env = command.into(process)
  process:post("/users", { username = "ada", password = PASSWORD, email = "ada@example.com" })
  process:post("/users", { username = "eve", password = PASSWORD, phone_number = "+491511234567", sms_mfa = true })
  process:post("/users", { username = "gil", password = PASSWORD, phone_number = "+491511234568", sms_mfa = true,
    totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" })
  process:post("/users", { username = "fay", password = PASSWORD, email = "fay@example.com",
    status = "FORCE_CHANGE_PASSWORD" })
end)

teardown(function() process:stop() end)

local function sign_in(args, options)
  options = options or {}
  options.env = options.env or env
  table.insert(args, 1, "sign-in")
  local result = command.run(args, options)
  assert.is_nil(result.err:find("Passw0rd", 1, true), result.err)
  return result
end

describe("cognito sign-in", function()
  it("signs in and prints no token", function()
    local result = sign_in({ "--password-fd", "0", "ada" }, { stdin = PASSWORD .. "\n" })
    assert.same({ 0, "signed in: ada, for 3600 seconds\n", "" }, { result.status, result.out, result.err })
  end)

  it("prints the tokens as JSON when told so", function()
    local result = sign_in({ "--json", "--password-fd", "0", "ada" }, { stdin = PASSWORD .. "\n" })
    assert.equal(0, result.status, result.err)
    local tokens = cjson.decode(result.out)
    assert.equal("Bearer", tokens.token_type or tokens.TokenType)
    assert.matches("^[%w_-]+%.[%w_-]+%.[%w_-]+$", tokens.access_token or tokens.AccessToken)
  end)

  it("says what a wrong password is", function()
    local result = sign_in({ "--password-fd", "0", "ada" }, { stdin = "Wrong-Passw0rd\n" })
    assert.equal(1, result.status)
    assert.truthy(result.err:find("NotAuthorizedException", 1, true), result.err)
    assert.equal("", result.out)
  end)

  it("takes the code of a second factor behind the password", function()
    local result = sign_in({ "--password-fd", "0", "--code-fd", "0", "eve" }, { stdin = PASSWORD .. "\n135790\n" })
    assert.same({ 0, "signed in: eve, for 3600 seconds\n" }, { result.status, result.out }, result.err)
  end)

  it("names the factors that a user can choose from, and takes the one with --choose", function()
    for _, extra in ipairs { {}, { "--choose", "WEB_AUTHN" } } do
      local args = { "--password-fd", "0", "gil" }
      for _, word in ipairs(extra) do table.insert(args, word) end
      local result = sign_in(args, { stdin = PASSWORD .. "\n" })
      assert.equal(3, result.status)
      for _, part in ipairs { "the service lets the user choose", "SMS_MFA", "SOFTWARE_TOKEN_MFA", "--choose" } do
        assert.truthy(result.err:find(part, 1, true), result.err)
      end
      assert.equal(extra[2] and true, result.err:find("; 'WEB_AUTHN' is none of them\n", 1, true) and true)
    end
    local result
    result = sign_in({ "--password-fd", "0", "--code-fd", "0", "--choose", "SMS_MFA", "gil" },
      { stdin = PASSWORD .. "\n135790\n" })
    assert.same({ 0, "signed in: gil, for 3600 seconds\n" }, { result.status, result.out }, result.err)
  end)

  -- Status 2 would say that nothing was sent.
  it("says that a code was sent where it cannot ask for it, and how to go on", function()
    local sent = #process:get "/outbox"
    local result = sign_in({ "--password-fd", "0", "eve" }, { stdin = PASSWORD .. "\n" })
    assert.equal(sent + 1, #process:get "/outbox")
    assert.same({ 3, "" }, { result.status, result.out })
    for _, part in ipairs { "challenge_unanswered", "the sign-in has begun and sent a code by SMS to +",
      "but ends at SMS_MFA: no code: ", "another run sends another one", "--session FILE" } do
      assert.truthy(result.err:find(part, 1, true), result.err)
    end
    result = sign_in({ "--json", "--password-fd", "0", "--code-fd", "0", "eve" }, { stdin = PASSWORD .. "\n" })
    assert.equal(3, result.status)
    local err = cjson.decode(result.err).error
    assert.same({ "challenge_unanswered", "respond_to_auth_challenge" }, { err.code, err.operation })
    assert.truthy(err.message:find("the code cannot be read from standard input", 1, true), err.message)
  end)

  it("waits for a code that a pipe brings once it has come", function()
    local fifo = os.tmpname()
    os.remove(fifo)
    assert.equal(0, core.run({ "mkfifo", fifo }).status)
    local sent = #process:get "/outbox"
    local password = support.write(PASSWORD .. "\n")
    local running = command.start({ "sign-in", "--password-fd", "0", "--code-fd", "3", "eve" },
      ("<'%s' 3<>'%s'"):format(password, fifo), env)
    support.wait_for(function() return #process:get "/outbox" > sent end, "the code")
    support.write("135790\n", fifo)
    running:await("signed in: eve, for 3600 seconds\n", "the sign-in")
    running:stop()
    os.remove(password)
    os.remove(fifo)
    assert.equal(sent + 1, #process:get "/outbox")
  end)

  it("says that a new password is missing, and no mistake of the command line", function()
    process:post("/users", { username = "hal", password = PASSWORD, email = "hal@example.com",
      status = "FORCE_CHANGE_PASSWORD" })
    local result = sign_in({ "--password-fd", "0", "hal" }, { stdin = PASSWORD .. "\n" })
    assert.equal(3, result.status)
    assert.truthy(result.err:find("the sign-in has begun, but ends at NEW_PASSWORD_REQUIRED: no new password: ", 1,
      true), result.err)
    assert.is_nil(result.err:find("on_challenge", 1, true))
  end)

  it("sets the new password that the user needs", function()
    local variables = command.into(process, { COGNITO_PASSWORD = PASSWORD, COGNITO_NEW_PASSWORD = NEW })
    assert.same({ 0, "signed in: fay, for 3600 seconds\n" },
      { (function(result) return result.status, result.out end)(sign_in({ "fay" }, { env = variables })) })
    local result = sign_in({ "--password-fd", "0", "fay" }, { stdin = NEW .. "\n" })
    assert.equal(0, result.status, result.err)
  end)

  it("asks a person for what is missing", function()
    local result = command.on_terminal({ "sign-in", "eve" }, { env = env, steps = {
      { "expect", "Password of eve: " }, { "type", PASSWORD .. "\n" },
      { "expect", "Code of " }, { "type", "135 790\n" },
    } })
    assert.is_false(result.hung)
    assert.equal(0, result.status, result.screen)
    assert.is_nil(result.screen:find("135", 1, true), result.screen)
    assert.is_nil(result.screen:find("Passw0rd", 1, true), result.screen)
    assert.truthy(result.screen:find("signed in: eve, for 3600 seconds", 1, true), result.screen)
  end)

  it("takes no password as an argument", function()
    local result = sign_in { "ada", PASSWORD }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("is not taken as an argument", 1, true), result.err)
  end)
end)

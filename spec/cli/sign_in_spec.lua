-- cognito sign-in, as a process against the local user pool.

local cjson = require "cjson"
local command = require "spec.support.command"
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
    local result = sign_in({ "--password-fd", "0", "gil" }, { stdin = PASSWORD .. "\n" })
    assert.equal(2, result.status)
    for _, part in ipairs { "the service lets the user choose", "SMS_MFA", "SOFTWARE_TOKEN_MFA", "--choose" } do
      assert.truthy(result.err:find(part, 1, true), result.err)
    end
    result = sign_in({ "--password-fd", "0", "--code-fd", "0", "--choose", "SMS_MFA", "gil" },
      { stdin = PASSWORD .. "\n135790\n" })
    assert.same({ 0, "signed in: gil, for 3600 seconds\n" }, { result.status, result.out }, result.err)
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

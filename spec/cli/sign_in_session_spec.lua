-- cognito sign-in --session: a sign-in that goes on in another run, against the
-- local user pool.

local cjson = require "cjson"
local command = require "spec.support.command"
local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local PASSWORD, CODE, NEW = "Old-Passw0rd", "135790", "N3w-Passw0rd"

local server, env, folder, path

setup(function()
  server = sandbox_process.start("--devices always --code " .. CODE)
  env = command.into(server)
end)

teardown(function() server:stop() end)

before_each(function()
  server:post("/reset", { all = true })
  for i, name in ipairs { "eve", "bob" } do
    server:post("/users", { username = name, password = PASSWORD, phone_number = "+49151123456" .. i, sms_mfa = true })
  end
  folder = process.output_of "mktemp -d":match "%C+"
  path = folder .. "/begun"
end)

after_each(function() process.output_of("rm -r '" .. folder .. "'") end)

local function sign_in(name, args, stdin, options)
  options = options or {}
  local words = { "sign-in", "--session", path }
  for _, word in ipairs(args) do words[#words + 1] = word end
  words[#words + 1] = name
  local result = command.run(words, { env = options.env or env, stdin = stdin })
  local session = (process.read(path) or ""):match '"session":"([^"]+)"'
  assert.is_nil(session and (result.out .. result.err):find(session, 1, true))
  return result
end

local function begin(name, args)
  local words = { "--password-fd", "0" }
  for _, word in ipairs(args or {}) do words[#words + 1] = word end
  return sign_in(name or "eve", words, PASSWORD .. "\n")
end

local function go_on(code, name, options)
  return sign_in(name or "eve", { "--code-fd", "0" }, code .. "\n", options)
end

local function says(status, result, ...)
  assert.equal(status, result.status, result.out .. result.err)
  for _, part in ipairs { ... } do
    assert.truthy(result.err:find(part, 1, true), result.err)
  end
  return result
end

local function signs_in(name, result)
  assert.same({ 0, ("signed in: %s, for 3600 seconds\n"):format(name), "" },
    { result.status, result.out, result.err })
  assert.is_nil(process.read(path))
end

local function executed(operation) return (server:get "/executions"[operation] or { count = 0 }).count end

-- A run that is refused before anything is sent.
local function sends_nothing(result, ...)
  says(2, result, ...)
  assert.same({}, server:get "/executions")
end

describe("cognito sign-in --session", function()
  it("takes the code in a later run, without the password, and sends none twice", function()
    says(3, begin(), "challenge_unanswered", "sent a code by SMS to +", "The sign-in is kept: the same command with"
      .. " --code-fd FD, or on a terminal, goes on where it ended, for 3 minutes")
    assert.equal("600", process.output_of("stat -c %a '" .. path .. "'"):match "%d+")
    local file = process.read(path)
    assert.is_nil(file:find("Passw0rd", 1, true))
    assert.equal(1, #server:get "/outbox")
    local begun = executed "initiate_auth"
    signs_in("eve", go_on(CODE))
    assert.same({ 1, begun }, { #server:get "/outbox", executed "initiate_auth" })
  end)

  it("takes the code behind the password's line, which the second run does not need", function()
    begin()
    signs_in("eve", sign_in("eve", { "--password-fd", "0", "--code-fd", "0" }, PASSWORD .. "\n" .. CODE .. "\n"))
  end)

  it("is at its end after a sign-in that lacked nothing", function()
    signs_in("eve", sign_in("eve", { "--password-fd", "0", "--code-fd", "0" }, PASSWORD .. "\n" .. CODE .. "\n"))
  end)

  it("goes on after a wrong code, in either run", function()
    says(1, sign_in("eve", { "--password-fd", "0", "--code-fd", "0" }, PASSWORD .. "\n111111\n"),
      "CodeMismatchException", "with the right one the sign-in in " .. path .. " goes on")
    says(1, go_on "222222", "CodeMismatchException", "goes on")
    signs_in("eve", go_on(CODE))
    assert.equal(1, #server:get "/outbox")
  end)

  it("says again what is missing, and sends nothing for it", function()
    begin()
    local file = cjson.decode(process.read(path))
    server:post("/reset", {})
    says(3, sign_in("eve", {}, ""), "ends at SMS_MFA: no code", "The sign-in is kept")
    assert.same(file, cjson.decode(process.read(path)))
    assert.same({}, server:get "/executions")
  end)

  it("begins another one after the service has ended it", function()
    begin()
    server:post("/advance", { seconds = 200 })
    says(1, go_on(CODE), "session is expired", "The sign-in of " .. path .. " has ended: run it again")
    assert.is_nil(process.read(path))
    says(3, begin(), "The sign-in is kept")
  end)

  it("leaves one out that is older than any can be", function()
    begin()
    process.write(process.read(path):gsub('"at":([%d.]+)', '"at":1'), path)
    says(3, begin(), "note: the sign-in in " .. path .. " began more than 15 minutes ago", "The sign-in is kept")
    assert.equal(2, #server:get "/outbox")
    signs_in("eve", go_on(CODE))
  end)

  it("is one user's, pool's and app client's, and sends nothing for another", function()
    begin()
    local file = process.read(path)
    server:post("/reset", {})
    sends_nothing(go_on(CODE, "bob"), "keeps a sign-in of eve in " .. env.COGNITO_USER_POOL_ID, "Name another file")
    for name, value in pairs { COGNITO_USER_POOL_ID = "eu-west-1_Other", COGNITO_CLIENT_ID = "another" } do
      sends_nothing(go_on(CODE, "eve", { env = command.into(server, { [name] = value }) }), "keeps a sign-in of eve")
    end
    assert.equal(file, process.read(path))
  end)

  it("takes no file that others may read, and none that holds something else", function()
    begin()
    server:post("/reset", {})
    process.output_of(("chmod 640 '%s'"):format(path))
    sends_nothing(go_on(CODE), "the file " .. path .. " of --session is not taken: others may read it")
    local damaged = process.read(path):gsub('"parameters":{', '"parameters":3,"x":{')
    for _, text in ipairs { "no session", '{"name":"SMS_MFA"}', "[1]", damaged } do
      process.write(text, path)
      process.output_of(("chmod 600 '%s'"):format(path))
      sends_nothing(go_on(CODE), "the file " .. path .. " of --session holds no sign-in", "remove it")
      assert.equal(text, process.read(path))
    end
    path = folder .. "/none/begun"
    sends_nothing(begin(), "of --session cannot be written")
  end)

  it("leaves no file where the password is wrong, or missing", function()
    says(1, sign_in("eve", { "--password-fd", "0" }, "Wr0ng-Passw0rd\n"), "NotAuthorizedException", "SRP hashes")
    assert.is_nil(process.read(path))
    says(2, sign_in("eve", {}, ""), "no password")
    assert.is_nil(process.read(path))
  end)

  it("takes a choice, a new password and the device of the run that ends it", function()
    server:post("/users", { username = "gil", password = PASSWORD, phone_number = "+491511234569", sms_mfa = true,
      totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" })
    says(3, begin "gil", "ends at SELECT_MFA_TYPE", "--choose")
    says(3, sign_in("gil", { "--choose", "SMS_MFA" }, ""), "ends at SMS_MFA", "--code-fd FD")
    local device = folder .. "/laptop"
    signs_in("gil", sign_in("gil", { "--code-fd", "0", "--device", device, "--remember-device" }, CODE .. "\n"))
    assert.equal("gil", cjson.decode(process.read(device)).username)
    server:post("/users", { username = "fay", password = PASSWORD, email = "fay@example.com",
      status = "FORCE_CHANGE_PASSWORD" })
    says(3, begin "fay", "ends at NEW_PASSWORD_REQUIRED", "with --new-password-fd FD")
    assert.is_nil(process.read(path):find("fay@example.com", 1, true))
    signs_in("fay", sign_in("fay", { "--new-password-fd", "0" }, NEW .. "\n"))
  end)

  it("goes on on a terminal", function()
    begin()
    local result = command.on_terminal({ "sign-in", "--session", path, "eve" }, { env = env, steps = {
      { "expect", "Code of +" }, { "type", CODE .. "\n" } } })
    assert.equal(0, result.status, result.screen)
    assert.is_nil(result.screen:find("Password", 1, true), result.screen)
  end)
end)

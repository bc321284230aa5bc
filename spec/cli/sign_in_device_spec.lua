-- cognito sign-in with a device that the service remembers, as a process against
-- the local user pool.

local cjson = require "cjson"
local command = require "spec.support.command"
local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local PASSWORD, CODE = "Old-Passw0rd", "135790"

local server, env, folder, path

setup(function()
  server = sandbox_process.start("--devices user_opt_in --code " .. CODE)
  env = command.into(server)
end)

teardown(function() server:stop() end)

before_each(function()
  server:post("/reset", { all = true })
  for i, name in ipairs { "eve", "bob" } do
    server:post("/users", { username = name, password = PASSWORD, phone_number = "+49151123456" .. i, sms_mfa = true })
  end
  folder = process.output_of "mktemp -d":match "%C+"
  path = folder .. "/laptop"
end)

after_each(function() process.output_of("rm -r '" .. folder .. "'") end)

-- Signs in without a terminal; `code`: the second factor is at hand.
local function sign_in(name, args, options)
  options = options or {}
  -- On a machine that is busy with other things, a call may take its time.
  local words = { "sign-in", "--password-fd", "0", "--timeout", "55", "--attempt-timeout", "50" }
  if options.code then
    words[#words + 1], words[#words + 2] = "--code-fd", "0"
  end
  for _, word in ipairs(args) do words[#words + 1] = word end
  words[#words + 1] = name
  local result = command.run(words, { env = options.env or env,
    stdin = PASSWORD .. "\n" .. (options.code and CODE .. "\n" or "") })
  local file = process.read(path) or ""
  local secret = file:match '"password":"(%x+)"'
  if secret then
    assert.is_nil((result.out .. result.err):find(secret, 1, true))
  end
  return result
end

local function remember(name, more, options)
  local args = { "--device", path, "--remember-device" }
  for _, word in ipairs(more or {}) do args[#args + 1] = word end
  options = options or {}
  options.code = true
  return sign_in(name, args, options)
end

local function signs_in(name, result)
  assert.same({ 0, ("signed in: %s, for 3600 seconds\n"):format(name) }, { result.status, result.out }, result.err)
  return result
end

local function refused(result, ...)
  assert.equal(2, result.status, result.out)
  for _, part in ipairs { ... } do
    assert.truthy(result.err:find(part, 1, true), result.err)
  end
  assert.same({}, server:get "/executions")
  return result
end

local function executed(operation) return (server:get "/executions"[operation] or { count = 0 }).count end

local function kept() return cjson.decode(process.read(path)) end

local function forget(name)
  assert.equal(0, command.run({ "call", "admin-forget-device", "--param", "username=" .. name, "--param",
    "device_key=" .. kept().key }, { env = env }).status)
end

describe("cognito sign-in with --device", function()
  it("has the device remembered when asked to, and the next run needs no second factor", function()
    signs_in("eve", remember("eve", { "--device-name", "Eve's laptop" }))
    assert.same({ 1, 1 }, { executed "confirm_device", executed "update_device_status" })
    assert.equal("600", process.output_of("stat -c %a '" .. path .. "'"):match "%d+")
    local device, before = kept(), #server:get "/outbox"
    assert.same({ "eve", env.COGNITO_USER_POOL_ID }, { device.username, device.user_pool_id })
    local again = signs_in("eve", sign_in("eve", { "--device", path }))
    assert.equal("", again.err)
    assert.equal(before, #server:get "/outbox")
    signs_in("eve", sign_in("eve", { "--device", path, "--remember-device" }))
    assert.same({ device, 1 }, { kept(), executed "confirm_device" })
  end)

  it("goes the usual way while there is no file, and writes none", function()
    signs_in("eve", sign_in("eve", { "--device", path }, { code = true }))
    assert.is_nil(process.read(path))
    assert.equal(0, executed "confirm_device")
  end)

  it("prints no device beside the tokens", function()
    local result = remember("eve", { "--json" })
    assert.equal(0, result.status, result.err)
    local tokens = cjson.decode(result.out)
    assert.is_string(tokens.access_token)
    assert.is_nil(tokens.device)
  end)

  it("goes the usual way when the service has forgotten the device, and replaces it when asked to", function()
    remember "eve"
    forget "eve"
    local old = kept()
    local result = signs_in("eve", sign_in("eve", { "--device", path }, { code = true }))
    assert.truthy(result.err:find("does not know the device", 1, true), result.err)
    assert.same(old, kept())
    signs_in("eve", remember "eve")
    assert.is_false(old.key == kept().key)
    signs_in("eve", sign_in("eve", { "--device", path }))
  end)

  it("leaves another user's device out, sends nothing of it, and does not overwrite it", function()
    remember "eve"
    local device = kept()
    local result = signs_in("bob", sign_in("bob", { "--device", path }, { code = true }))
    assert.truthy(result.err:find("keeps the device of eve", 1, true), result.err)
    server:post("/reset", {})
    refused(remember "bob", "keeps the device of eve", "Name another file")
    assert.same(device, kept())
  end)

  it("leaves a device of another pool out, and says what to do with one whose password is another", function()
    remember "eve"
    local text = process.read(path)
    process.write(text:gsub('"user_pool_id":"[^"]+"', '"user_pool_id":"eu-west-1_Other"'), path)
    local result = signs_in("eve", sign_in("eve", { "--device", path }, { code = true }))
    assert.truthy(result.err:find("keeps the device of eve in eu-west-1_Other, and is left out", 1, true), result.err)
    process.write(text:gsub('"password":"%x+"', '"password":"0badc0de0badc0de"'), path)
    result = sign_in("eve", { "--device", path })
    assert.equal(1, result.status)
    local hint = ("remembers the device in %s with another password: remove that file"):format(path)
    assert.truthy(result.err:find(hint, 1, true), result.err)
  end)

  it("takes no file that others may read, and sends nothing", function()
    remember "eve"
    server:post("/reset", {})
    for _, mode in ipairs { "640", "604", "610" } do
      process.output_of(("chmod %s '%s'"):format(mode, path))
      refused(sign_in("eve", { "--device", path }), "others may read it", "chmod 600")
    end
  end)

  it("refuses what is no device, and a place that cannot be written, before anything is sent", function()
    server:post("/reset", {})
    process.write("no device", path)
    process.output_of(("chmod 600 '%s'"):format(path))
    refused(remember "eve", "holds no device")
    assert.equal("no device", process.read(path))
    process.write('{"key":"k","password":5}', path)
    refused(remember "eve", "holds no device")
    refused(sign_in("eve", { "--device", folder }), "it is not a regular file")
    refused(sign_in("eve", { "--device", folder .. "/none/x", "--remember-device" }), "cannot be written")
    refused(sign_in("eve", { "--remember-device" }), "--device FILE")
    refused(sign_in("eve", { "--device", path, "--device-name", "x" }), "--remember-device")
  end)

  it("says when the device is not remembered, or may not be, after a sign-in that went well", function()
    server:post("/misbehave", { operation = "confirm_device", what = "error", code = "InternalErrorException" })
    local result = remember "eve"
    assert.same({ 3, "signed in: eve, for 3600 seconds\n" }, { result.status, result.out }, result.err)
    assert.is_nil(process.read(path))
    server:post("/misbehave", { operation = "confirm_device", what = "drop", phase = "after" })
    result = remember "bob"
    assert.same({ 3, "signed in: bob, for 3600 seconds\n" }, { result.status, result.out }, result.err)
    assert.truthy(result.err:find("signed in, but the service may not remember", 1, true), result.err)
    assert.equal("bob", kept().username)
  end)

  it("leaves no file where the sign-in ended", function()
    local result = sign_in("eve", { "--device", path, "--remember-device" })
    assert.equal(3, result.status)
    assert.is_nil(process.read(path))
    server:post("/users", { username = "fay", password = "An0ther-Passw0rd", email = "fay@example.com" })
    assert.equal(1, remember("fay").status)
    assert.is_nil(process.read(path))
  end)

  it("leaves no file where no password is given, or the person gives up", function()
    local args = { "sign-in", "--device", path, "--remember-device", "eve" }
    local result = command.run(args, { env = env })
    assert.equal(2, result.status, result.err)
    assert.is_nil(process.read(path))
    result = command.on_terminal(args, { env = env, steps = { { "expect", "Password of eve: " }, { "type", "\3" } } })
    assert.equal(130, result.status, result.screen)
    assert.is_nil(process.read(path))
  end)

  it("leaves the device that another run has written to the same place", function()
    local password = folder .. "/password"
    process.output_of("mkfifo '" .. password .. "'")
    local running = command.start({ "sign-in", "--password-fd", "0", "--device", path, "--remember-device", "eve" },
      ("0<>'%s'"):format(password), env)
    process.wait_for(function() return process.read(path) == "" end, "the file")
    process.write("of the other run", path)
    process.write("Wr0ng-Passw0rd\n", password)
    running:await("NotAuthorizedException(.*)$", "the refusal")
    running:stop()
    assert.equal("of the other run", process.read(path))
  end)

  -- Both had a device confirmed; the file kept one, and the service the other for no one.
  it("is refused while another run remembers a device in the same file, and sends nothing", function()
    local password = folder .. "/password"
    process.output_of("mkfifo '" .. password .. "'")
    local running = command.start({ "sign-in", "--password-fd", "0", "--code-fd", "0", "--device", path,
      "--remember-device", "eve" }, ("0<>'%s'"):format(password), env)
    process.wait_for(function() return process.read(path) == "" end, "the file")
    refused(remember "eve", "another sign-in with --remember-device is about to write the file " .. path,
      "Run it again once that one has ended")
    assert.equal("", process.read(path))
    signs_in("eve", sign_in("eve", { "--device", path }, { code = true }))
    process.write(PASSWORD .. "\n" .. CODE .. "\n", password)
    running:await("signed in: eve, for 3600 seconds\n", "the sign-in")
    running:stop()
    assert.equal(1, executed "confirm_device")
    assert.is_nil(process.read(path .. ".lock"))
    signs_in("eve", remember "eve")
    assert.equal("laptop\npassword\n", (process.output_of("ls '" .. folder .. "'")))
  end)

  -- Tokens that are longer than a buffer fail when they are printed, not at the end.
  it("keeps the device where the tokens cannot be printed", function()
    server:post("/users", { username = "ida", password = PASSWORD, email = "ida@example.com",
      attributes = { name = ("i"):rep(2000), address = ("d"):rep(2000), profile = ("a"):rep(2000) } })
    local password = process.write(PASSWORD .. "\n")
    local running = command.start({ "--json", "sign-in", "--password-fd", "0", "--device", path, "--remember-device",
      "ida" }, ("<'%s' >/dev/full"):format(password), env)
    running:await("(the output cannot be written: No space left on device)", "the refusal")
    running:stop()
    os.remove(password)
    assert.is_string(kept().key)
  end)
end)

describe("cognito sign-in with --remember-device at a pool that follows none", function()
  it("says so after the sign-in, and leaves no file", function()
    local plain = sandbox_process.start ""
    plain:post("/users", { username = "eve", password = PASSWORD, email = "eve@example.com" })
    local result = sign_in("eve", { "--device", path, "--remember-device" }, { env = command.into(plain) })
    plain:stop()
    assert.same({ 3, "signed in: eve, for 3600 seconds\n" }, { result.status, result.out }, result.err)
    assert.truthy(result.err:find("the service named no device to remember", 1, true), result.err)
    assert.is_nil(process.read(path))
  end)
end)

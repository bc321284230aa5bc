-- The command and roles that take the code of an MFA device: where the code
-- comes from, how often it is asked for, and that nothing shows it.
local command = require "spec.support.command"
local core = require "cognito.core"
local servers = require "spec.support.server"

local SERIAL = "arn:aws:iam::1:mfa/ada"
local CONFIG = ([[
[profile admin]
role_arn = arn:aws:iam::1:role/mfa
source_profile = base
mfa_serial = %s
duration_seconds = 7200
region = eu-west-1
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = base-secret
]]):format(SERIAL)
local GET = { "admin-get-user", "--user-pool-id", "eu-west-1_Ab12Cd34E", "ada" }

local server, config, env

before_each(function()
  server = servers.start_script("spec/support/credentials_server.lua", "ASIALIVE", "live/secret+1", "live-token")
  config = os.tmpname()
  assert(core.write_private(config, CONFIG))
  env = { AWS_CONFIG_FILE = config, AWS_PROFILE = "admin", AWS_ENDPOINT_URL = server:url "" }
end)

after_each(function()
  server:stop()
  os.remove(config)
end)

local function with(variables)
  local all = {}
  for _, each in ipairs { env, variables or {} } do
    for name, value in pairs(each) do all[name] = value end
  end
  return all
end

local function words(...)
  local all = { (unpack or table.unpack)(GET) }
  for _, word in ipairs { ... } do all[#all + 1] = word end
  return all
end

local function on_terminal(steps, more)
  local options = { env = env, steps = steps }
  for name, value in pairs(more or {}) do options[name] = value end
  return command.on_terminal(GET, options)
end

describe("the code of an MFA device", function()
  it("is asked for on the terminal, without echo, whatever the three descriptors are", function()
    local result = on_terminal({ { "expect", "MFA code of " .. SERIAL .. ": " }, { "type", "135 790\n" } },
      { stdin = "null", stdout = "pipe", stderr = "pipe" })
    assert.equal(0, result.status)
    assert.equal("", result.stderr)
    assert.truthy(result.stdout:find("CONFIRMED", 1, true), result.stdout)
    assert.is_nil(result.screen:find("135", 1, true), result.screen)
    assert.is_true(result.echo)
  end)

  it("comes from a descriptor or a variable before anyone is asked", function()
    assert.equal(0, command.run(words("--mfa-code-fd", "3"), { env = env, fds = { [3] = "135790\n" } }).status)
    assert.equal(0, command.run(GET, { env = with { COGNITO_MFA_CODE = " 024 680" } }).status)
  end)

  it("is not taken as an argument", function()
    local result = command.run(words "--mfa-code=135790", { env = env })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the MFA code is not taken as an argument", 1, true), result.err)
    assert.is_nil(result.err:find("135790", 1, true))
  end)

  it("without a terminal comes from elsewhere, and the command says from where", function()
    local result = command.run(GET, { env = env })
    assert.equal(1, result.status)
    assert.truthy(result.err:find("no MFA code: there is no terminal to ask on", 1, true), result.err)
    assert.truthy(result.err:find("Use --mfa-code-fd FD or the variable COGNITO_MFA_CODE", 1, true), result.err)
  end)

  it("that is refused ends the command, which shows it nowhere", function()
    for _, code in ipairs { "975310", "97531", "hunter2" } do
      local result = command.run(words "--verbose", { env = with { COGNITO_MFA_CODE = code } })
      assert.equal(1, result.status)
      assert.is_nil((result.out .. result.err):find(code, 1, true), result.err)
      assert.truthy(result.err:find("Enter the code that the device shows now", 1, true), result.err)
    end
  end)

  it("is not waited for once the person has had enough", function()
    local result = on_terminal { { "expect", "MFA code of " }, { "signal", "INT" } }
    assert.equal(130, result.status)
    assert.is_nil(result.screen:find("please report", 1, true), result.screen)
    assert.is_true(result.echo)
  end)

  it("is asked for once by doctor, too", function()
    local result = command.on_terminal({ "doctor", "--user-pool-id", "eu-west-1_Ab12Cd34E" },
      { env = env, steps = { { "expect", "MFA code of " .. SERIAL .. ": " }, { "type", "135790\n" } } })
    assert.truthy(result.screen:find("key …LIVE, from profile 'admin' (role arn:aws:iam::1:role/mfa)", 1, true),
      result.screen)
    assert.equal(1, select(2, result.screen:gsub("MFA code of", "")))
    assert.is_nil(result.screen:find("mfa_code", 1, true), result.screen)
  end)

  it("is asked for once while its session lasts, which the aws command's files keep", function()
    local home = core.run({ "mktemp", "-d" }).stdout:match "[^\n]+"
    finally(function() core.run { "rm", "-r", home } end)
    local variables = with { HOME = home, COGNITO_MFA_CODE = "135790" }
    assert.equal(0, command.run(GET, { env = variables }).status)
    local files = core.run({ "sh", "-c", "cd \"$1\" && find . -type f -exec ls -l {} +", "sh", home }).stdout
    assert.matches("^%-rw%-%-%-%-%-%-%- [^\n]+ %./%.aws/cli/cache/%x+%.json\n$", files)
    variables.COGNITO_MFA_CODE = nil
    local result = command.run(GET, { env = variables })
    assert.equal(0, result.status, result.err)
    result = command.run({ "doctor", "--user-pool-id", "eu-west-1_Ab12Cd34E" }, { env = variables })
    assert.truthy(result.out:find("role arn:aws:iam::1:role/mfa, kept in " .. home, 1, true), result.out)
    assert.is_nil(result.out:find("role_cache", 1, true), result.out)
  end)

  it("is no concern of unsigned calls", function()
    local result = command.run({ "forgot-password", "--help" }, { env = env })
    assert.is_nil(result.out:find("mfa", 1, true))
    assert.truthy(command.run({ "list-users", "--help" }, { env = env }).out:find("--mfa-code-fd", 1, true))
  end)
end)

describe("cognito.cli.mfa", function()
  local asker = require("cognito.cli.mfa").asker

  it("asks for one code of each device: a prompt would hold up calls in flight", function()
    local ask = asker({}, function(name) return name == "COGNITO_MFA_CODE" and "135790" or nil end)
    assert.equal("135790", ask "one")
    local code, err = ask "one"
    assert.is_nil(code)
    assert.same({ "no_credentials", "credentials" }, { err.code, err.kind })
    assert.truthy(err.message:find("MFA device one: the session has ended", 1, true), err.message)
    assert.truthy(err.hint:find("duration_seconds", 1, true), err.hint)
  end)
end)

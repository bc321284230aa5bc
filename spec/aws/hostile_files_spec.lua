--- Files that are none: a FIFO that hangs its reader, a device without end, a
-- folder, a file of a size that no configuration has. Wherever this library
-- reads a small file, it says so at once, with the path and the reason.
local json = require "cognito.json"
local cognito = require "cognito"
local command = require "spec.support.command"
local core = require "cognito.core"
local credentials = require "cognito.credentials"
local fake = require "spec.support.fake_runtime"

local folder

setup(function()
  folder = os.tmpname()
  os.remove(folder)
  core.run { "mkdir", "-p", folder .. "/home/.aws/sso/cache", folder .. "/d" }
  core.run { "mkfifo", folder .. "/fifo" }
  core.run { "ln", "-s", folder .. "/fifo", folder .. "/link" }
  local file = assert(io.open(folder .. "/large", "wb"))
  file:write(("#"):rep(1024 * 1024 + 1))
  file:close()
end)

teardown(function() core.run { "rm", "-r", folder } end)

local function files()
  return {
    [folder .. "/fifo"] = "it is not a regular file", [folder .. "/link"] = "it is not a regular file",
    [folder .. "/d"] = "it is not a regular file", ["/dev/zero"] = "it is not a regular file",
    [folder .. "/large"] = "it is larger than 1 MiB",
  }
end

local function env_of(variables)
  variables.AWS_EC2_METADATA_DISABLED = "true"
  return function(name) return variables[name] end
end

-- A call that needs nothing of the file goes on.
local function warning_of(variables)
  local pool = cognito.new { client_id = "c", region = "eu-west-1", env = env_of(variables),
    runtime = fake.new { fake.ok() } }
  assert.is_table((pool:forgot_password { username = "ada" }))
  return pool:describe().warnings[1]
end

local function credentials_of(variables)
  local found, err = credentials.chain({ env = env_of(variables) }):get()
  assert.is_nil(found)
  return err.message
end

local SSO = "[default]\nsso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_start_url = https://x\n"

local function sso_of(path)
  local name = ("%s/home/.aws/sso/cache/%s.json"):format(folder,
    (core.sha1 "https://x":gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
  os.remove(name)
  core.run { "ln", "-s", path, name }
  core.write_private(folder .. "/config", SSO)
  local message = credentials_of { HOME = folder .. "/home", AWS_CONFIG_FILE = folder .. "/config" }
  return message, name
end

-- Each returns a message, and the path in it if it is another.
local readers = {
  ["the config file, for settings"] = function(path) return warning_of { AWS_CONFIG_FILE = path } end,
  ["the credentials file, for settings"] = function(path) return warning_of { AWS_SHARED_CREDENTIALS_FILE = path } end,
  ["the config file, for credentials"] = function(path) return credentials_of { AWS_CONFIG_FILE = path } end,
  ["the credentials file, for credentials"] = function(path)
    return credentials_of { AWS_SHARED_CREDENTIALS_FILE = path }
  end,
  ["the token of a web identity"] = function(path)
    return credentials_of { AWS_WEB_IDENTITY_TOKEN_FILE = path, AWS_ROLE_ARN = "arn:x" }
  end,
  ["the token of a container"] = function(path)
    return credentials_of { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = path }
  end,
  ["the token of SSO"] = sso_of,
}

describe("a file that is none", function()
  for name, read in pairs(readers) do
    it("is refused at once, with its path and why: " .. name, function()
      for path, reason in pairs(files()) do
        local message, other = read(path)
        assert.truthy(message:find(reason, 1, true), message)
        assert.truthy(message:find(other or path, 1, true), message)
      end
    end)
  end

  it("does not stop the command, nor the completion of names", function()
    for path in pairs(files()) do
      local shown = command.run({ "forgot-password", "ada", "--client-id", "c", "--region", "eu-west-1",
        "--endpoint", "http://127.0.0.1:1", "--json" },
        { env = { AWS_CONFIG_FILE = path } })
      assert.equal("connect", json.decode(shown.err).error.code)
      assert.equal(0, command.run({ "__complete", "--profile", "" }, { env = { AWS_CONFIG_FILE = path } }).status)
    end
  end)

  it("is not waited for as a file of certificates", function()
    for _, path in ipairs { folder .. "/fifo", folder .. "/link", folder .. "/d", "/dev/zero" } do
      local http = core.http { ca_file = path }
      local response, err = http:send { method = "GET", url = "https://127.0.0.1:1/" }
      http:close()
      assert.is_nil(response)
      assert.same({ "tls", false }, { err.code, err.sent }, path)
      assert.truthy(err.message:find("ca_file", 1, true))
    end
  end)

  it("is not one that people name for an empty file", function()
    assert.equal("", core.read_file "/dev/null")
    local pool = cognito.new { client_id = "c", region = "eu-west-1", env = env_of { AWS_CONFIG_FILE = "/dev/null" } }
    assert.is_nil(pool:describe().problem)
  end)

  it("is not one of exactly 1 MiB, nor one that is not there", function()
    local path = folder .. "/full"
    assert(core.write_private(path, ("#"):rep(1024 * 1024)))
    assert.equal(1024 * 1024, #core.read_file(path))
    for _, absent in ipairs { folder .. "/absent", path .. "\0", folder .. "/no/such", path .. "/below" } do
      local text, message, is_refused, is_there = core.read_file(absent)
      assert.same({ false, false }, { is_refused, is_there }, absent)
      assert.is_nil(text)
      assert.matches("^No[ t]", message)
    end
  end)

  it("is a warning where it is there and cannot be opened, and empty to all calls that need nothing of it", function()
    local path = folder .. "/loop"
    assert.equal(0, core.run({ "ln", "-s", path, path }).status)
    assert.is_true(select(4, core.read_file(path)))
    local pool = cognito.new { client_id = "c", region = "eu-west-1", env = env_of { AWS_CONFIG_FILE = path } }
    assert.same({ ("the config file %s cannot be read (Too many levels of symbolic links): its settings are missing")
      :format(path) }, pool:describe().warnings)
    assert.is_nil(pool:describe().problem)
    local shown = command.run({ "doctor", "--json", "--region", "eu-west-1" }, { env = { AWS_CONFIG_FILE = path } })
    assert.truthy(shown.out:find(path .. " cannot be read (Too many levels", 1, true), shown.out)
  end)

  it("and each of the two files counts on its own", function()
    local function denied(path) return nil, "Permission denied", false, path:find "credentials$" ~= nil end
    local described = cognito.new { client_id = "c", region = "eu-west-1", read_file = denied,
      env = env_of { HOME = "/h/ada" } }:describe()
    assert.same({ "the credentials file /h/ada/.aws/credentials cannot be read (Permission denied): "
      .. "its settings are missing" }, described.warnings)
  end)

  it("is read whole, with any bytes", function()
    local path = folder .. "/bytes"
    assert(core.write_private(path, "a\0b\255\n"))
    assert.equal("a\0b\255\n", core.read_file(path))
    assert(core.write_private(path, ""))
    assert.equal("", core.read_file(path))
  end)

  it("leaves no descriptor open", function()
    local function descriptors() return tonumber(core.run({ "sh", "-c", "ls /proc/$PPID/fd | wc -l" }).stdout) end
    local before, count = descriptors(), 0
    for _ = 1, 300 do
      for path in pairs(files()) do
        count = count + (core.read_file(path) and 1 or 0)
      end
    end
    assert.equal(0, count)
    -- One for each of the 1,500 reads would be left; some come and go with what other tests have left behind.
    assert.is_true(descriptors() - before < 100)
  end)
end)

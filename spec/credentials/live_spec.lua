-- Every source for real: files, programs and a server on loopback, and with
-- what it yields a signed call, whose signature the sandbox checks.

local cognito = require "cognito"
local core = require "cognito.core"
local credentials = require "cognito.credentials"
local document = require "cognito.credentials.document"
local dpop = require "spec.support.dpop"
local interpreter = require("spec.support.command").interpreter
local sandbox = require "cognito.sandbox"
local socket = require "socket"
local start_script = require("spec.support.server").start_script

local YIELDS = { access_key_id = "ASIALIVE", secret_access_key = "live/secret+1", session_token = "live-token==" }
local LONG_LIVED = { access_key_id = "AKIALIVE", secret_access_key = "live/secret+1" }
local BASE = "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n"
local ROLE = "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\n"

local server, home

local function write(path, text)
  local file = assert(io.open(home .. path, "wb"))
  file:write(text)
  file:close()
end

local function read(path)
  local file = assert(io.open(home .. path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function permissions(path)
  return core.run({ "ls", "-l", home .. path }).stdout:sub(1, 10)
end

setup(function()
  server = start_script("spec/support/credentials_server.lua", YIELDS.access_key_id, YIELDS.secret_access_key,
    YIELDS.session_token)
end)

teardown(function() server:stop() end)

before_each(function()
  home = os.tmpname()
  os.remove(home)
  assert.equal(0, core.run({ "mkdir", "-p", home .. "/.aws/sso/cache" }).status)
end)

after_each(function() core.run { "rm", "-r", home } end)

-- What the environment of a machine without anything would hold, and more.
local function chain(env, config, credentials_file, more)
  if config then write("/.aws/config", config) end
  if credentials_file then write("/.aws/credentials", credentials_file) end
  env.HOME = home
  env.AWS_ENDPOINT_URL = server:url ""
  local options = { env = function(name) return env[name] end }
  for name, value in pairs(more or {}) do options[name] = value end
  return credentials.chain(options)
end

local function call_with(provider, yields)
  local box = sandbox.new { credentials = yields }
  box:add_user { username = "ada", email = "ada@example.com" }
  local settings = box:settings()
  settings.credentials = function() return provider:get() end
  return cognito.new(settings):admin_get_user { username = "ada" }
end

local function assert_signs(provider, yields)
  local user, err = call_with(provider, yields)
  assert.is_nil(err and tostring(err))
  assert.equal("ada", user.username)
end

describe("a call is signed with credentials", function()
  it("of the environment", function()
    assert_signs(chain({ AWS_ACCESS_KEY_ID = "ASIALIVE", AWS_SECRET_ACCESS_KEY = "live/secret+1",
      AWS_SESSION_TOKEN = "live-token==" }), YIELDS)
  end)

  it("of the credentials file", function()
    assert_signs(chain({ AWS_PROFILE = "me" }, nil,
      "[me]\naws_access_key_id = AKIALIVE\naws_secret_access_key = live/secret+1\n"), LONG_LIVED)
  end)

  it("of a role", function()
    assert_signs(chain({}, ROLE .. "source_profile = base\n" .. BASE), YIELDS)
  end)

  it("of a role that takes the code of a device, and lasts for as long as the profile says", function()
    local asked = {}
    local provider = chain({}, ROLE:gsub("role/r", "role/mfa") .. "source_profile = base\nduration_seconds = 7200\n"
      .. "mfa_serial = arn:aws:iam::1:mfa/ada\n" .. BASE, nil, { mfa_code = function(serial)
        asked[#asked + 1] = serial
        return "135 790"
      end })
    assert_signs(provider, YIELDS)
    assert_signs(provider, YIELDS)
    assert.same({ "arn:aws:iam::1:mfa/ada" }, asked)
  end)

  it("of a web identity", function()
    write("/token", "web+token")
    assert_signs(chain { AWS_WEB_IDENTITY_TOKEN_FILE = home .. "/token", AWS_ROLE_ARN = "arn:aws:iam::1:role/r",
      AWS_REGION = "eu-west-1" }, YIELDS)
  end)

  it("of a program", function()
    write("/.aws/out", document.write { Version = 1, AccessKeyId = YIELDS.access_key_id,
      SecretAccessKey = YIELDS.secret_access_key, SessionToken = YIELDS.session_token })
    assert_signs(chain({}, "[default]\ncredential_process = cat '" .. home .. "/.aws/out'\n"), YIELDS)
  end)

  it("of a container", function()
    write("/pod", "pod-token")
    assert_signs(chain { AWS_CONTAINER_CREDENTIALS_FULL_URI = server:url "/container",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = home .. "/pod" }, YIELDS)
  end)

  it("of an instance", function()
    local provider = chain { AWS_EC2_METADATA_SERVICE_ENDPOINT = server:url "" }
    assert_signs(provider, YIELDS)
    assert.equal("012345678901", provider:describe().account_id)
    provider = chain { AWS_EC2_METADATA_SERVICE_ENDPOINT = server:url "/old" } -- without the newer path
    assert_signs(provider, YIELDS)
    assert.is_nil(provider:describe().account_id)
    assert_signs(chain { AWS_EC2_METADATA_SERVICE_ENDPOINT = server:url "", AWS_EC2_INSTANCE_PROFILE_NAME = "role" },
      YIELDS)
  end)

  it("of an SSO role, whose token is renewed", function()
    local path = "/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"
    write(path, document.write { accessToken = "sso-token", expiresAt = "2020-11-21T07:49:51Z", clientId = "c",
      clientSecret = "s", refreshToken = "refresh", registrationExpiresAt = "2099-01-01T00:00:00Z" })
    assert_signs(chain({}, "[default]\nsso_session = dev\nsso_account_id = 1\nsso_role_name = Role\n"
      .. "[sso-session dev]\nsso_region = eu-west-1\nsso_start_url = https://x\n"), YIELDS)
    local kept = document.read(read(path), true)
    assert.equal("renewed-token", kept.accessToken)
    assert.equal("refresh", kept.refreshToken)
    assert.equal("-rw-------", permissions(path))
    assert.equal(path:match "[^/]+$" .. "\n", core.run({ "ls", home .. "/.aws/sso/cache" }).stdout)
  end)
end)

describe("a session of aws login", function()
  local CONFIG = "[default]\nlogin_session = arn:aws:iam::1:user/ada\nregion = eu-west-1\n"
  local PATH, key, live

  before_each(function()
    core.run { "mkdir", "-p", home .. "/.aws/login/cache" }
    PATH = "/.aws/login/cache/" .. core.run({ "sh", "-c", "printf arn:aws:iam::1:user/ada | sha256sum" }).stdout
      :match "^%x+" .. ".json"
    key = dpop.key()
    live = start_script("spec/support/credentials_server.lua", YIELDS.access_key_id, YIELDS.secret_access_key,
      YIELDS.session_token)
  end)
  after_each(function() live:stop() end)

  local function leave_session(expires_at, refresh_token)
    local thumbprint = dpop.read(core.dpop_proof(key, "{}")).thumbprint
    write(PATH, ('{"accessToken":{"accessKeyId":"ASIAOLD","secretAccessKey":"old-secret","sessionToken":"old",'
      .. '"accountId":"123456789012","expiresAt":"%s","more":[]},'
      .. '"tokenType":"aws_sigv4","refreshToken":"%s","idToken":"id",'
      .. '"clientId":"arn:aws:signin:::devtools/same-device","dpopKey":%s,"unknown":{"list":[],"object":{},"null":null,'
      .. '"number":1234567890123456}}'):format(expires_at, refresh_token or "refresh-" .. thumbprint .. "-0",
      core.write_json(key)))
  end

  local function provider()
    return chain({ AWS_ENDPOINT_URL_SIGNIN = live:url "" }, CONFIG)
  end

  it("is renewed with a proof that OpenSSL verifies, and its file is written back whole", function()
    leave_session "2020-11-21T07:49:51Z"
    core.run { "chmod", "644", home .. PATH }
    local before = read(PATH)
    assert_signs(provider(), YIELDS)
    local kept = core.read_json(read(PATH))
    local token = kept.accessToken
    assert.same({ "ASIALIVE", "live/secret+1", "live-token==", "123456789012" },
      { token.accessKeyId, token.secretAccessKey, token.sessionToken, token.accountId })
    assert.truthy(token.expiresAt:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$")
    assert.truthy(kept.refreshToken:find "%-1$")
    assert.truthy(read(PATH):find('"list":[]', 1, true))
    local old = core.read_json(before)
    for _, each in ipairs { kept, old } do
      each.refreshToken, each.accessToken = nil, { more = each.accessToken.more }
    end
    assert.same(old, kept)
    assert.equal("-rw-------", permissions(PATH))
    assert.equal(PATH:match "[^/]+$" .. "\n", core.run({ "ls", home .. "/.aws/login/cache" }).stdout)
  end)

  it("goes on with the next refresh token", function()
    leave_session "2020-11-21T07:49:51Z"
    assert_signs(provider(), YIELDS)
    write(PATH, (read(PATH):gsub('"expiresAt":"[^"]*"', '"expiresAt":"2020-11-21T07:49:51Z"')))
    assert_signs(provider(), YIELDS)
    assert.truthy(core.read_json(read(PATH)).refreshToken:find "%-2$")
  end)

  -- The second renewal would be refused: its refresh token is the old one.
  it("is renewed once for all processes that want it at once", function()
    leave_session "2020-11-21T07:49:51Z"
    write("/.aws/config", CONFIG)
    write("/ask.lua", [[
      local home, url = ...
      local env = { HOME = home, AWS_ENDPOINT_URL_SIGNIN = url }
      local found, err = require("cognito.credentials").chain { env = function(name) return env[name] end }:get()
      print(found and found.access_key_id or err.message)
    ]])
    local pipes = {}
    for i = 1, 6 do
      pipes[i] = assert(io.popen(("%s %s/ask.lua %s %s"):format(interpreter(), home, home, live:url "")))
    end
    for _, pipe in ipairs(pipes) do
      assert.equal("ASIALIVE\n", pipe:read "*a")
      pipe:close()
    end
    assert.truthy(core.read_json(read(PATH)).refreshToken:find "%-1$")
  end)

  it("of which another key is at hand cannot be renewed, and says how to log in", function()
    leave_session("2020-11-21T07:49:51Z", "refresh-" .. dpop.read(core.dpop_proof(dpop.key(), "{}")).thumbprint .. "-0")
    local found, err = provider():get()
    assert.is_nil(found)
    assert.equal("profile 'default' (aws login): the session has expired", err.message)
    assert.equal("Run: aws login --profile default", err.hint)
  end)
end)

describe("a call is not signed", function()
  it("with a role that was asked for with a wrong secret", function()
    local provider = chain({}, ROLE .. "source_profile = base\n" .. BASE:gsub("base%-secret", "wrong"))
    local user, err = call_with(provider, YIELDS)
    assert.is_nil(user)
    assert.equal("no_credentials", err.code)
    assert.truthy(err.message:find("SignatureDoesNotMatch", 1, true), err.message)
    assert.truthy(tostring(err):find("clock", 1, true))
  end)

  it("when the metadata service hangs, and says so in bounded time", function()
    local silent = assert(socket.bind("127.0.0.1", 0)) -- takes connections, says nothing
    local _, port = silent:getsockname()
    finally(function() silent:close() end)
    silent:settimeout(0)
    for tries, variable in ipairs { "AWS_EC2_METADATA_DISABLED", "AWS_METADATA_SERVICE_NUM_ATTEMPTS" } do
      local provider = chain { AWS_EC2_METADATA_SERVICE_ENDPOINT = "http://127.0.0.1:" .. port,
        AWS_METADATA_SERVICE_TIMEOUT = "0.05", [variable] = tostring(tries) }
      local user, err = call_with(provider, YIELDS)
      assert.is_nil(user)
      local words = ("http://127.0.0.1:%d takes requests, but no answer comes back"):format(port)
      assert.truthy(err.message:find(words, 1, true), err.message)
      assert.truthy(err.hint:find("hop limit of the instance's metadata options must be 2", 1, true), err.hint)
      for _ = 1, tries do assert(silent:accept()):close() end
      assert.is_nil((silent:accept()))
    end
  end)

  it("when a file cannot be one", function()
    core.run { "mkdir", home .. "/folder" }
    local _, err = chain { AWS_WEB_IDENTITY_TOKEN_FILE = home .. "/folder", AWS_ROLE_ARN = "arn:x" }:get()
    assert.truthy(err.message:find("cannot be read: it is not a regular file", 1, true), err.message)
    write("/.aws/config", ("#"):rep(10000000))
    _, err = chain({}):get()
    assert.truthy(err.message:find("larger than 1 MiB", 1, true), err.message)
  end)
end)

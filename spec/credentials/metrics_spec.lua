-- How the user agent names the source of credentials: in the letters of the
-- AWS SDKs' metrics. The letters are those of botocore 1.43 and of the SDK for
-- JavaScript 3.975; of a role they are in the order in which it was found.

local cognito = require "cognito"
local core = require "cognito.core"
local document = require "cognito.credentials.document"
local fake = require "spec.support.fake_runtime"
local replay = require "spec.support.replay"

local ARN = "arn:aws:iam::123456789012:role/"
local KEYS = "aws_access_key_id = AKIAFILE\naws_secret_access_key = hunter2\n"
local ENV_KEYS = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "hunter2" }
local SSO = "sso_account_id = 1\nsso_role_name = r\n"
local SSO_WHERE = "sso_region = eu-west-1\nsso_start_url = https://x\n"
local LOGIN = "arn:aws:iam::123456789012:user/ada"

-- ---- what services answer ----

local function assumed(action)
  return { "POST https://sts.eu-west-1.amazonaws.com/", 200, replay.sts_reply(action or "AssumeRole") }
end

local CONTAINER = { "GET http://169.254.170.2/creds", 200, replay.document }

local IMDS = "http://169.254.169.254/latest/"
local ROLES = IMDS .. "meta-data/iam/security-credentials-extended/"

local function instance()
  return { "PUT " .. IMDS .. "api/token", 200, "imds-token" }, { "GET " .. ROLES, 200, "box" },
    { "GET " .. ROLES .. "box", 200, replay.document }
end

local PORTAL = { "GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=r&account_id=1", 200,
  [[{"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"s","sessionToken":"t","expiration":1795250991000}}]] }

-- ---- files ----

local function hashed(program, text)
  return core.run({ "sh", "-c", ("printf '%%s' '%s' | %s"):format(text, program) }).stdout:match "^%x+"
end

local function sso_token(key)
  return { ["/ada/.aws/sso/cache/" .. hashed("sha1sum", key) .. ".json"] = document.write {
    startUrl = "https://x", region = "eu-west-1", accessToken = "token", expiresAt = "2026-11-21T15:49:51Z",
  } }
end

local function login_session()
  return { ["/ada/.aws/login/cache/" .. hashed("sha256sum", LOGIN) .. ".json"] = document.write {
    accessToken = { accessKeyId = "A", secretAccessKey = "s", sessionToken = "t", accountId = "1",
      expiresAt = "2026-11-21T08:04:51Z" },
    tokenType = "aws_sigv4", refreshToken = "r", idToken = "i", clientId = "c", dpopKey = "k",
  } }
end

local function printed()
  return { status = 0, stdout = '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"}', stderr = "" }
end

local function work(text)
  return "[profile work]\nregion = eu-west-1\n" .. text
end

local function role(text)
  return work("role_arn = " .. ARN .. "r\n" .. text)
end

-- ---- the table ----

local BASE = "source_profile = base\n[profile base]\n"

local sources = {
  { "variables", "g", { env = ENV_KEYS } },
  { "a web identity of variables", "h,k", { files = { ["/token"] = "t" },
    traffic = { assumed "AssumeRoleWithWebIdentity" },
    env = { AWS_WEB_IDENTITY_TOKEN_FILE = "/token", AWS_ROLE_ARN = ARN .. "r", AWS_REGION = "eu-west-1" } } },
  { "a container", "z", { env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/creds" }, traffic = { CONTAINER } } },
  { "an instance", "0", { traffic = { instance() } } },
  { "keys of a profile", "n", { config = work(KEYS) } },
  { "keys of the credentials file", "n", { credentials = "[work]\n" .. KEYS } },
  { "a web identity of a profile", "q,k", { config = role "web_identity_token_file = /token\n",
    files = { ["/token"] = "t" }, traffic = { assumed "AssumeRoleWithWebIdentity" } } },
  { "a program", "v,w", { config = work "credential_process = /opt/creds\n", run = printed } },
  { "SSO with a session", "r,s", { config = work("sso_session = dev\n" .. SSO .. "[sso-session dev]\n" .. SSO_WHERE),
    files = sso_token "dev", traffic = { PORTAL } } },
  { "SSO without a session", "t,u", { config = work(SSO .. SSO_WHERE), files = sso_token "https://x",
    traffic = { PORTAL } } },
  { "aws login", "AC,AD", { config = work("login_session = " .. LOGIN .. "\n"), files = login_session() } },
  { "a profile of variables without a role", "g,p", { config = work "credential_source = Environment\n",
    env = ENV_KEYS, options = { profile = "work" } } },
  { "a role by a profile's keys", "n,o,i", { config = role(BASE .. KEYS), traffic = { assumed() } } },
  { "a role by the keys beside it", "n,o,i", { config = role("source_profile = work\n" .. KEYS),
    traffic = { assumed() } } },
  { "a role by a program", "v,w,o,i", { config = role(BASE .. "credential_process = /opt/creds\n"), run = printed,
    traffic = { assumed() } } },
  { "a role by SSO", "t,u,o,i", { config = role(BASE .. SSO .. SSO_WHERE), files = sso_token "https://x",
    traffic = { PORTAL, assumed() } } },
  { "a role by aws login", "AC,AD,o,i", { config = role(BASE .. "login_session = " .. LOGIN .. "\n"),
    files = login_session(), traffic = { assumed() } } },
  { "a role by a web identity", "q,k,o,i", { files = { ["/token"] = "t" },
    config = role(BASE .. "web_identity_token_file = /token\nrole_arn = " .. ARN .. "b\nregion = eu-west-1\n"),
    traffic = { assumed "AssumeRoleWithWebIdentity", assumed() } } },
  { "a role by variables", "g,p,i", { config = role "credential_source = Environment\n", env = ENV_KEYS,
    options = { profile = "work" }, traffic = { assumed() } } },
  { "a role by a container", "z,p,i", { config = role "credential_source = EcsContainer\n",
    env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/creds" }, traffic = { CONTAINER, assumed() } } },
  { "a role by an instance", "0,p,i", { config = role "credential_source = Ec2InstanceMetadata\n",
    traffic = (function()
      local put, list, get = instance()
      return { put, list, get, assumed() }
    end)() } },
  { "a role by a role", "n,o,i", { traffic = { assumed(), assumed() }, config = role("source_profile = mid\n"
    .. "[profile mid]\nrole_arn = " .. ARN .. "m\nregion = eu-west-1\n" .. BASE .. KEYS) } },
}

-- Expects nothing of the environment that the world does not say.
local function world_of(given)
  local env = { AWS_PROFILE = given.config and "work" or given.credentials and "work" or nil }
  for name, value in pairs(given.env or {}) do env[name] = value end
  local copy = {}
  for name, value in pairs(given) do copy[name] = value end
  copy.env = env
  return replay.new(copy)
end

local function agent_of(given, operation)
  local runtime = fake.new { fake.ok '{"Username":"ada"}' }
  local pool = cognito.new { user_pool_id = "eu-west-1_x", client_id = "c", runtime = runtime, credentials = given,
    env = function() end, now = function() return replay.NOW end }
  assert(pool[operation or "admin_get_user"](pool, { username = "ada" }))
  return fake.header(runtime:request(), "User-Agent"), pool
end

local function letters(agent)
  return agent:match " m/E,?(%S*)"
end

describe("the user agent of a signed call", function()
  for _, row in ipairs(sources) do
    it("names " .. row[1] .. " as " .. row[2], function()
      local case = world_of(row[3])
      assert.equal(row[2], letters(agent_of(case:provider())))
      case:exchanges()
    end)
  end

  it("names keys of the program, its function's too", function()
    local given = { access_key_id = "AK", secret_access_key = "s" }
    assert.equal("e", letters(agent_of(given)))
    assert.equal("e", letters(agent_of(function() return given end)))
  end)

  it("names what a function of the program asked", function()
    local case = world_of { config = work(KEYS) }
    assert.equal("n", letters(agent_of(function() return case:get() end)))
  end)

  it("names an instance's keys still when it has stopped answering", function()
    local put, list, get = instance()
    local traffic = { put, list, get }
    for _ = 1, 9 do traffic[#traffic + 1] = { put[1], 500 } end
    local case = world_of { traffic = traffic }
    local held = case:get()
    case.time = held.expires_at
    assert.equal("0", letters(agent_of(case:provider())))
  end)

  it("has its letters between those of the client and its application", function()
    local runtime = fake.new { fake.ok() }
    local pool = cognito.new { user_pool_id = "eu-west-1_x", client_id = "c", runtime = runtime, app_id = "m/Z",
      endpoint = "https://box.example", credentials = { access_key_id = "AK", secret_access_key = "s" } }
    assert(pool:admin_get_user { username = "ada" })
    assert.truthy(fake.header(runtime:request(), "User-Agent"):find " m/E,N,e app/m%-Z$")
  end)

  it("is reported by `request`, too", function()
    local pool = cognito.new { user_pool_id = "eu-west-1_x", client_id = "c",
      credentials = { access_key_id = "AK", secret_access_key = "s" } }
    assert.equal("e", letters(fake.header(assert(pool:build("admin_get_user", { username = "ada" })), "User-Agent")))
  end)
end)

describe("the user agent of a public call", function()
  it("names no source of credentials, also after a signed call", function()
    local agent, pool = agent_of({ access_key_id = "AK", secret_access_key = "s" }, "forgot_password")
    assert.equal("", letters(agent))
    assert(pool:build("admin_get_user", { username = "ada" }))
    assert.equal("", letters(fake.header(assert(pool:build("forgot_password", { username = "ada" })), "User-Agent")))
  end)
end)

describe("a chain of credentials", function()
  it("gives no letters away", function()
    for name in pairs(world_of({ config = work(KEYS) }):get()) do
      assert.truthy(({ access_key_id = 1, secret_access_key = 1, source = 1 })[name], name)
    end
  end)
end)

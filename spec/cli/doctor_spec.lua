-- `cognito doctor`: what it finds right and wrong, in plain words, and what it
-- says to do.

local certificates = require("spec.support.certificates").get()
local cjson = require "cjson"
local command = require "spec.support.command"
local sandbox_process = require "spec.support.sandbox_process"
local servers = require "spec.support.server"

local start_script, start_server = servers.start_script, servers.start

local process

setup(function() process = sandbox_process.start "--existence-errors LEGACY" end)
teardown(function() process:stop() end)

local grave = { ok = 1, note = 2, wrong = 3 }

-- Runs it; returns by what was looked at the worst state and all that was said,
-- and a list of what is wrong.
local function examine(env, args)
  local words = { "doctor", "--json" }
  for _, word in ipairs(args or {}) do table.insert(words, word) end
  local result = command.run(words, { env = env })
  local found, wrong = {}, {}
  for line in result.out:gmatch "[^\n]+" do
    local finding = cjson.decode(line)
    local known = found[finding.check] or { state = "ok", said = "" }
    if grave[finding.state] > grave[known.state] then known.state = finding.state end
    known.said = ("%s%s\n%s\n"):format(known.said, finding.text, finding.next or "")
    found[finding.check] = known
    if finding.state == "wrong" then wrong[#wrong + 1] = finding.check end
  end
  assert.equal(#wrong > 0 and 1 or 0, result.status, result.out .. result.err)
  return found, wrong, result.out
end

local function said(finding, words)
  assert.truthy(finding.said:find(words, 1, true), finding.said)
end

-- The environment in which a module cannot be loaded, with the reason why.
local function without(module, reason)
  return command.into(process, { LUA_INIT = ([[table.insert(package.searchers or package.loaders, 1, function(name)
    if name == %q then error(%q, 0) end
  end)]]):format(module, reason) })
end

describe("cognito doctor", function()
  it("finds nothing wrong where nothing is, and says where each thing came from", function()
    local found, wrong, out = examine(command.into(process))
    assert.same({}, wrong)
    local info = require("cognito.core").info()
    said(found.version, "libcurl " .. info.libcurl)
    for _, fault in ipairs(info.libcurl_faults) do said(found.libcurl, fault.what) end
    said(found.region, "eu-west-1, from the pool's id")
    said(found.secret, "from COGNITO_CLIENT_SECRET")
    said(found.endpoint, "from AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
    said(found.credentials, "key …DBOX, from the environment")
    said(found.network, "plain http to this machine")
    said(found.clock, "agrees with the service's")
    assert.truthy(out:find(process.settings.COGNITO_USER_POOL_ID .. ", from COGNITO_USER_POOL_ID", 1, true))
    assert.truthy(out:find("known to the service, and the secret is its own", 1, true))
  end)

  it("lists optional parts, and says how to install what is missing", function()
    local whole = examine(command.into(process))
    for part, module in pairs { ["LuaSocket"] = "socket", ["LuaSQL for SQLite"] = "luasql.sqlite3" } do
      local is_here, loaded = pcall(require, module)
      said(whole.part, is_here and ("%s %s, for"):format(part, loaded._VERSION:match "^%a+ (%d[%d.]*)"
        or "of an unknown version") or part .. " is missing")
    end
    local version = _VERSION:match "%d+%.%d+"
    for module, words in pairs {
      ["socket"] = { "LuaSocket", "cognito sandbox", "lua-socket", "luasocket" },
      ["luasql.sqlite3"] = { "LuaSQL for SQLite", "cognito bulk with a journal in a file", "lua-sql-sqlite3",
        "luasql-sqlite3" },
      ["luasql.postgres"] = { "LuaSQL for PostgreSQL", "cognito bulk with a journal in PostgreSQL",
        "lua-sql-postgres", "luasql-postgres" },
    } do
      local found = examine(without(module, ("module '%s' not found:\n\tno file"):format(module)))
      assert.equal("note", found.part.state)
      said(found.part, ("%s is missing: only %s needs it\napt install %s, or luarocks --lua-version=%s install %s\n")
        :format(words[1], words[2], words[3], version, words[4]))
      found = examine(without(module, "libpart.so.5: cannot open shared object file\nand more"))
      assert.equal("note", found.part.state)
      said(found.part, ("%s cannot be loaded: libpart.so.5: cannot open shared object file\nIf it was built for"
        .. " another Lua, apt install %s,"):format(words[1], words[3]))
    end
  end)

  -- As LuaSQL 2.8.1 has it.
  it("takes the version of Lua for no version of a part's", function()
    local found = examine(command.into(process, { LUA_INIT = [[package.preload["luasql.sqlite3"] = function()
      return { _VERSION = "LuaSQL KG_VERSION (for Lua 5.4)" }
    end]] }))
    said(found.part, "LuaSQL for SQLite of an unknown version, for cognito bulk")
  end)

  it("counts users", function()
    said(examine(command.into(process)).pool, "about 0 users")
    process:post("/users", { username = "ada" })
    said(examine(command.into(process)).pool, "about 1 user\n")
    process:post("/reset", {})
  end)

  it("says it to people in lines", function()
    local result = command.run({ "doctor" }, { env = command.into(process) })
    assert.equal(0, result.status)
    assert.matches("\nok    region      eu%-west%-1, from the pool's id\n", result.out)
    assert.matches("\nnote  endpoint    [^\n]+\n      next: ", result.out)
  end)

  it("shows no secret", function()
    local _, _, out = examine(command.into(process, { https_proxy = "http://user:proxy-password@127.0.0.1:1" }))
    assert.is_nil(out:find(process.settings.COGNITO_CLIENT_SECRET, 1, true))
    assert.is_nil(out:find(process.settings.AWS_SECRET_ACCESS_KEY, 1, true))
    assert.is_nil(out:find("proxy-password", 1, true))
    assert.truthy(out:find("https_proxy is set", 1, true))
  end)

  it("tells options from variables and profiles", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write("[profile work]\nregion = eu-west-3\nmax_attempts = 7\naws_access_key_id = AKIDWORK\n",
      "aws_secret_access_key = x\n[profile broken]\naws_access_key_id = AKIDBROKEN\n")
    file:close()
    local found = examine({ AWS_CONFIG_FILE = path }, { "--profile", "work", "--endpoint", "http://127.0.0.1:1" })
    said(found.region, "eu-west-3, from region of profile 'work'")
    said(found.credentials, "key …WORK, from profile 'work'")
    said(found.setting, "profile = work, from --profile")
    found = examine({ AWS_CONFIG_FILE = path, AWS_PROFILE = "broken" })
    assert.equal("wrong", found.credentials.state)
    os.remove(path)
  end)

  it("finds a named profile that does not exist", function()
    local keys = { AWS_ACCESS_KEY_ID = "AKIDENV", AWS_SECRET_ACCESS_KEY = "x" }
    for _, found in ipairs {
      (examine(keys, { "--profile", "typo", "--endpoint", "http://127.0.0.1:1" })),
      (examine({ AWS_PROFILE = "typo", AWS_ACCESS_KEY_ID = "AKIDENV", AWS_SECRET_ACCESS_KEY = "x" })),
    } do
      assert.equal("wrong", found.credentials.state)
      said(found.credentials, "profile 'typo'")
    end
  end)

  -- It looked for them on a way of its own, with other certificates and no region.
  it("finds the credentials that calls would have, by the same certificates and region", function()
    local giver = start_script("spec/support/credentials_server.lua", "ASIALIVE", "live", "token",
      certificates.good[1], certificates.good[2])
    finally(function() giver:stop() end)
    local url, token = ("https://127.0.0.1:%d"):format(giver.port), os.tmpname()
    local file = assert(io.open(token, "w"))
    file:write "web+token"
    file:close()
    for ca, state in pairs { [certificates.ca] = "ok", [certificates.stranger] = "wrong" } do
      for _, env in ipairs {
        { AWS_CONTAINER_CREDENTIALS_FULL_URI = url .. "/container", AWS_CONTAINER_AUTHORIZATION_TOKEN = "pod-token" },
        { AWS_WEB_IDENTITY_TOKEN_FILE = token, AWS_ROLE_ARN = "arn:aws:iam::1:role/r", AWS_ENDPOINT_URL_STS = url },
      } do
        env.AWS_CA_BUNDLE, env.COGNITO_USER_POOL_ID = ca, "eu-west-1_Ab12Cd34E"
        local found = examine(env, { "--endpoint", "http://127.0.0.1:1" })
        assert.equal(state, found.credentials.state, found.credentials.said)
        said(found.credentials, state == "ok" and "key …LIVE" or "does not answer: ")
      end
    end
    os.remove(token)
  end)

  it("shows faults of the configuration files, by file and line", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write("[default]\nregion = eu-west-1\n[profile broken]\nnonsense s3cret\n[profile My Corp]\nregion = x\n")
    file:close()
    local found, wrong, out = examine({ AWS_CONFIG_FILE = path }, { "--endpoint", "http://127.0.0.1:1" })
    assert.same({ "network" }, wrong)
    said(found.setting, ("line 4 of the config file %s: expected key = value"):format(path))
    said(found.setting, ("line 5 of the config file %s: [profile My Corp] is no profile"):format(path))
    assert.equal("note", found.setting.state)
    assert.is_nil(out:find("s3cret", 1, true))
    os.remove(path)
  end)

  it("shows values that cannot be read, by file and line: what all calls need is wrong, the rest noted", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write("[default]\nuse_fips_endpoint = maybe\ndisable_clock_skew_correction = s3cret\nmax_attempts = 0\n")
    file:close()
    local function place(line) return ("(line %d of the config file %s) must be"):format(line, path) end
    for state, args in pairs { note = { "--endpoint", "http://127.0.0.1:1" }, wrong = { "--region", "eu-west-1" } } do
      local found, _, out = examine({ AWS_CONFIG_FILE = path, AWS_MAX_ATTEMPTS = "1" }, args)
      said(state == "note" and found.setting or found.endpoint, "use_fips_endpoint of profile 'default' " .. place(2))
      said(found.setting, "disable_clock_skew_correction of profile 'default' " .. place(3))
      assert.equal(state, found.endpoint.state)
      assert.equal("note", found.setting.state)
      assert.is_nil(out:find("s3cret", 1, true))
    end
    local found = examine({ AWS_CONFIG_FILE = path }, { "--endpoint", "http://127.0.0.1:1" })
    assert.equal("wrong", found.setting.state)
    said(found.setting, "max_attempts of profile 'default' " .. place(4))
    os.remove(path)
  end)

  it("names missing settings", function()
    local found, wrong = examine {}
    assert.same({ "region" }, wrong)
    said(found.region, "Give --user-pool-id, which begins with it")
    said(found.pool, "COGNITO_USER_POOL_ID")
    said(found["app client"], "COGNITO_CLIENT_ID")
    assert.equal("note", found.credentials.state)
    said(found.credentials, "AWS_ACCESS_KEY_ID is not set")
    said(found.network, "not tried")
  end)

  it("finds what cannot be right", function()
    local found, wrong = examine({ COGNITO_USER_POOL_ID = "Ab12Cd34E", AWS_REGION = "eu-west-1" },
      { "--endpoint", "http://example.com" })
    assert.same({ "pool", "endpoint" }, wrong)
    said(found.pool, "does not look like a pool's id")
    said(found.endpoint, "plain http")
  end)

  it("finds a region that is none, with an endpoint of its own and without", function()
    for _, args in ipairs { {}, { "--endpoint", "http://127.0.0.1:1" } } do
      local found = examine({ AWS_REGION = "eu west" }, args)
      assert.equal("wrong", found.region.state)
      said(found.region, "eu west, from AWS_REGION, does not look like a region")
    end
  end)

  it("finds the region that is not the pool's", function()
    local found = examine(command.into(process), { "--region", "us-east-1" })
    said(found.setting, "the pool's id names eu-west-1")
  end)

  it("finds an endpoint that does not answer", function()
    local found, wrong = examine({}, { "--endpoint", "http://127.0.0.1:1", "--region", "eu-west-1" })
    assert.same({ "network" }, wrong)
    said(found.network, "http://127.0.0.1:1 cannot be reached: connect")
  end)

  it("reports an untrusted certificate, and accepts a good one", function()
    local secure = start_server("https", certificates.good[1], certificates.good[2])
    local url = ("https://127.0.0.1:%d"):format(secure.port)
    local found, wrong = examine({ AWS_CA_BUNDLE = certificates.stranger }, { "--endpoint", url, "--region", "x" })
    assert.same({ "network" }, wrong)
    said(found.network, "cannot be reached: tls")
    found, wrong = examine({ AWS_CA_BUNDLE = certificates.ca }, { "--endpoint", url, "--region", "x" })
    assert.same({}, wrong)
    said(found.network, "TLS verified in")
    secure:stop()
  end)

  it("finds the clock that is wrong", function()
    for seconds, state in pairs { [60] = "note", [-60] = "note", [1000] = "wrong", [-1000] = "wrong" } do
      process:post("/misbehave", { what = "skew", seconds = seconds })
      local found = examine(command.into(process))
      assert.equal(state, found.clock.state)
      said(found.clock, seconds > 0 and "seconds behind" or "seconds ahead")
    end
  end)

  it("finds credentials that AWS does not take", function()
    local found, wrong = examine(command.into(process, { AWS_SECRET_ACCESS_KEY = "wrong" }))
    assert.same({ "pool" }, wrong)
    said(found.pool, "InvalidSignatureException")
    found, wrong = examine(command.into(process, { AWS_ACCESS_KEY_ID = "AKIDUNKNOWN" }))
    assert.same({ "pool" }, wrong)
    said(found.pool, "UnrecognizedClientException")
  end)

  it("finds a pool and an app client that there are not", function()
    local found = examine(command.into(process, { COGNITO_USER_POOL_ID = "eu-west-1_Nowhere01" }))
    said(found.pool, "ResourceNotFoundException")
    found = examine(command.into(process, { COGNITO_CLIENT_ID = "nobody" }))
    said(found["app client"], "ResourceNotFoundException")
  end)

  it("finds a secret too few, too many, and another", function()
    local found = examine(command.into(process, { COGNITO_CLIENT_SECRET = false }))
    said(found["app client"], "has a secret, and none is given")
    found = examine(command.into(process, { COGNITO_CLIENT_SECRET = "another" }))
    said(found["app client"], "the one given is another")
    local public = sandbox_process.start "--public-client"
    found = examine(command.into(public, { COGNITO_CLIENT_SECRET = "any" }))
    said(found["app client"], "has no secret, but one is given")
    found = examine(command.into(public))
    said(found["app client"], "has no secret")
    public:stop()
  end)

  it("lists the app client's secrets, and says when an older one is still taken", function()
    local secret = process.settings.COGNITO_CLIENT_SECRET
    local found, wrong = examine(command.into(process))
    assert.same({}, wrong)
    said(found["app client"], "has one secret, client-secret-1 of 2")
    found, wrong = examine(command.into(process, { COGNITO_CLIENT_SECRET = "another " .. secret }))
    assert.same({}, wrong)
    said(found.secret, "two client secrets, the newest first, from COGNITO_CLIENT_SECRET")
    said(found["app client"], "one of the two secrets is its own")
    said(found["app client"], "has one secret, client-secret-1 of 2")
    said(found["app client"], "and two are given")
    found, wrong = examine(command.into(process, { COGNITO_CLIENT_SECRET = "another third" }))
    assert.same({ "app client" }, wrong)
    said(found["app client"], "it is neither of the two given")

    process:post("/advance", { seconds = 60 })
    local env = command.into(process)
    local added = command.run({ "call", "add-user-pool-client-secret", "--params", "-" }, { env = env,
      stdin = '{"client_secret":"Fresh123456789012345678901"}' })
    assert.equal(0, added.status, added.err)
    local out
    found, wrong, out = examine(env)
    assert.same({}, wrong)
    said(found["app client"], "has two secrets: client-secret-2 of 2")
    assert.matches("and client%-secret%-1 of 2[^,]+, which is older and still taken", found["app client"].said)
    said(found["app client"], "--param client_secret_id=client-secret-1")
    said(found["app client"], "COGNITO_CLIENT_SECRET='NEWEST OLDER'")
    for _, value in ipairs { secret, "Fresh123456789012345678901" } do
      assert.is_nil(out:find(value, 1, true))
    end
    found = examine(command.into(process, { COGNITO_CLIENT_SECRET = "Fresh123456789012345678901 " .. secret }))
    assert.is_nil(found["app client"].said:find("NEWEST OLDER", 1, true))
    assert.equal(0, command.run({ "call", "delete-user-pool-client-secret", "--param",
      "client_secret_id=client-secret-2" }, { env = env }).status)
  end)

  it("accepts credentials that may not list secrets, and a stand-in that has no such list", function()
    process:post("/misbehave", { operation = "list_user_pool_client_secrets", what = "error",
      code = "AccessDeniedException", message = "no" })
    local found, wrong = examine(command.into(process))
    assert.same({}, wrong)
    said(found["app client"], "cognito-idp:ListUserPoolClientSecrets")
    process:post("/misbehave", { operation = "list_user_pool_client_secrets", what = "error",
      code = "UnknownOperationException", message = "no" })
    found, wrong = examine(command.into(process))
    assert.same({}, wrong)
    said(found["app client"], "its secrets cannot be listed: UnknownOperationException")
  end)

  it("accepts credentials that may not look at pools", function()
    for _ = 1, 2 do
      process:post("/misbehave", { operation = "describe_user_pool", what = "error", code = "AccessDeniedException",
        message = "no" })
    end
    local found, wrong = examine(command.into(process))
    assert.same({}, wrong)
    said(found.pool, "cognito-idp:DescribeUserPool")
    process:post("/behave", {})
  end)

  it("tells of a pool that only administrators recover", function()
    local strict = sandbox_process.start "--recovery admin_only"
    local _, _, out = examine(command.into(strict))
    assert.truthy(out:find("only administrators recover accounts here", 1, true), out)
    strict:stop()
  end)
end)

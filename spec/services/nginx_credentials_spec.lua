--- Credentials inside a real nginx: read when the client is made, fetched
-- through nginx's own sockets, once for all calls of a worker.

local certificates = require("spec.support.certificates").get()
local cjson = require "cjson"
local core = require "cognito.core"
local hostile_server = require "spec.support.hostile_server"
local nginx = require "spec.support.nginx"
local servers = require "spec.support.server"

local OK = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"

local CLIENT = [[
  function make()
    return require("cognito").new {
      user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "3n4b5urk1ft4fl3mg5e62d9ado", endpoint = "%s",
      %s
    }
  end
]]

local SERVER = [[
  location = /call { content_by_lua_block { in_nginx.call(pool, "admin_get_user") } }
  location = /worker { content_by_lua_block { in_nginx.call(make(), "admin_get_user") } }
  location = /describe { content_by_lua_block { ngx.print(in_nginx.told(pool:describe())) } }
]]

local server, service, home
local dns, secure

setup(function()
  dns = servers.start_script "spec/support/dns_server.lua"
  secure = servers.start_script("spec/support/credentials_server.lua", "ASIALIVE", "secret", "token",
    certificates.elsewhere[1], certificates.elsewhere[2])
end)

teardown(function()
  dns:stop()
  secure:stop()
end)

-- ---- the service, which notes who signed, and a container's endpoint ----

local signed_by, fetches, lifetimes, hold

local function document(n)
  local lifetime = lifetimes[n] or 3600
  return ('{"AccessKeyId":"ASIA%d","SecretAccessKey":"secret","Token":"token","Expiration":"%s"}')
    :format(n, os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + lifetime))
end

local function serve(peer)
  while true do
    local head = peer:request().head
    local body = '{"Username":"ada"}'
    if head:find "^GET /container" then
      fetches = fetches + 1
      body = document(fetches)
      while hold do peer:pause(0.01) end
    else
      signed_by[#signed_by + 1] = head:match "Credential=(%w+)/" or "nobody"
    end
    peer:send(OK:format(#body, body))
  end
end

before_each(function()
  signed_by, fetches, lifetimes, hold = {}, 0, {}, false
  service = hostile_server.listen()
  service.script = serve
  home = os.tmpname()
  os.remove(home)
  assert.equal(0, core.run({ "mkdir", "-p", home .. "/.aws" }).status)
end)

after_each(function()
  if server then server:stop() end
  server = nil
  service:stop()
  core.run { "rm", "-r", home }
end)

local function write(name, text)
  local file = assert(io.open(home .. "/.aws/" .. name, "w"))
  file:write(text)
  file:close()
end

-- `given`: env, main, settings (Lua text), http.
local function start(given)
  local env = { HOME = home }
  for name, value in pairs(given.env or {}) do env[name] = value end
  server = nginx.start {
    env = env, main = given.main, server = SERVER,
    http = (given.http or "") .. ([[ init_by_lua_block {
      in_nginx = require "spec.support.in_nginx"
      %s
      pool = make()
    } ]]):format(CLIENT:format(service:url(), given.settings or "")),
  }
end

local function container()
  return { AWS_CONTAINER_CREDENTIALS_FULL_URI = service:url() .. "container" }
end

local function begin(where)
  return assert(server.http:start { method = "GET", url = server:url(where) })
end

-- Lets all have their turn until so many answers are there.
local function answers(many)
  local told = {}
  service:play(server.http, function()
    for _, response, err in server.http.take, server.http do
      if response then told[#told + 1] = cjson.decode(response.body) else assert.equal("aborted", err.code) end
    end
    return #told >= many or nil
  end)
  return told
end

local function call(where)
  begin(where or "/call")
  return answers(1)[1]
end

local function assert_signed_by(key_id, told)
  assert.equal("ada", told.result and told.result.username, told.err and told.err.message)
  assert.equal(key_id, signed_by[#signed_by])
end

local function play_until(condition)
  service:play(server.http, function() return condition() or nil end)
end

describe("credentials of a container", function()
  it("are fetched once for fifty calls at once", function()
    start { env = container() }
    for _ = 1, 50 do begin "/call" end
    for _, told in ipairs(answers(50)) do assert_signed_by("ASIA1", told) end
    assert.equal(50, #signed_by)
    assert.equal(1, fetches)
    assert_signed_by("ASIA1", call())
    assert.equal(1, fetches)
  end)

  it("are renewed while the old ones stay in use, and no call waits", function()
    lifetimes[1] = 4 -- seconds: they are good, and time to renew them
    start { env = container() }
    assert_signed_by("ASIA1", call())
    hold = true
    for _ = 1, 10 do assert_signed_by("ASIA1", call()) end
    play_until(function() return fetches == 2 end)
    hold = false
    play_until(function()
      assert.equal("ada", call().result.username)
      return signed_by[#signed_by] == "ASIA2"
    end)
    assert.equal(2, fetches)
  end)

  -- The request that asks for them first may end at any moment.
  it("arrive when the request that wanted them is ended", function()
    hold = true
    start { env = container(), http = "lua_check_client_abort on;" }
    local first = begin "/call"
    play_until(function() return fetches == 1 end)
    server.http:cancel(first)
    play_until(function() return server:log():find("prematurely closed", 1, true) end)
    for _ = 1, 10 do begin "/call" end
    hold = false
    for _, told in ipairs(answers(10)) do assert_signed_by("ASIA1", told) end
    assert.equal(1, fetches)
  end)

  it("that are not to be had fail all calls, and are asked for again by the next", function()
    local good = serve
    service.script = function(peer)
      peer:request()
      fetches = fetches + 1
      peer:send "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}"
      peer:close()
    end
    start { env = container() }
    for _ = 1, 20 do begin "/call" end
    for _, told in ipairs(answers(20)) do assert.equal("no_credentials", told.err.code) end
    assert.is_true(fetches < 20)
    fetches, service.script = 0, good
    assert_signed_by("ASIA1", call())
  end)
end)

describe("credentials of", function()
  local giver

  before_each(function()
    giver = servers.start_script("spec/support/credentials_server.lua", "ASIALIVE", "secret", "token")
  end)
  after_each(function() giver:stop() end)

  it("the instance are fetched through nginx", function()
    start { env = { AWS_EC2_METADATA_DISABLED = "false", AWS_EC2_METADATA_SERVICE_ENDPOINT = giver:url "" } }
    assert_signed_by("ASIALIVE", call())
    assert.equal("instance metadata (role role)", call("/describe").result.credentials.source)
  end)

  it("a role are fetched through nginx", function()
    write("config", "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
      .. "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n")
    start { env = { AWS_ENDPOINT_URL = giver:url "" } }
    assert_signed_by("ASIALIVE", call())
  end)

  it("the instance are fetched from an address that is not this machine's", function()
    start { env = { AWS_EC2_METADATA_DISABLED = "false",
      AWS_EC2_METADATA_SERVICE_ENDPOINT = giver:url(""):gsub("127%.0%.0%.1", "0.0.0.0") } }
    assert_signed_by("ASIALIVE", call())
  end)

  it("the instance are none where the answer does not come back, and the hint names the hop limit", function()
    service.script = function(peer)
      peer:request()
      while true do peer:pause(0.01) end
    end
    start { env = { AWS_EC2_METADATA_DISABLED = "false", AWS_METADATA_SERVICE_TIMEOUT = "0.05",
      AWS_EC2_METADATA_SERVICE_ENDPOINT = service:url() } }
    local told = call()
    assert.truthy(told.err.message:find("takes requests, but no answer comes back", 1, true), told.err.message)
    assert.truthy(told.err.hint:find("hop limit of the instance's metadata options must be 2", 1, true), told.err.hint)
  end)

  it("a container are fetched over TLS, with the certificates that nginx trusts", function()
    local env = { AWS_CONTAINER_AUTHORIZATION_TOKEN = "pod-token",
      AWS_CONTAINER_CREDENTIALS_FULL_URI = ("https://elsewhere.example:%d/container"):format(secure.port) }
    for ca, key_id in pairs { [certificates.ca] = "ASIALIVE", [certificates.stranger] = false } do
      start { env = env, http = ("resolver 127.0.0.1:%d ipv6=off; lua_ssl_trusted_certificate %s;"):format(dns.port,
        nginx.path(ca)) }
      local told = call()
      if key_id then
        assert_signed_by(key_id, told)
      else
        assert.truthy(told.err.message:find("does not answer: no trusted TLS connection", 1, true), told.err.message)
      end
      server:stop()
      server = nil
    end
  end)

  it("a web identity are fetched in the client's region, by a chain of the program's own as well", function()
    write("token", "web+token")
    for _, settings in ipairs { "", [[credentials = require("cognito.credentials").chain {}]] } do
      start { settings = settings, env = {
        AWS_ENDPOINT_URL = giver:url "", AWS_ROLE_ARN = "arn:aws:iam::1:role/r",
        AWS_WEB_IDENTITY_TOKEN_FILE = home .. "/.aws/token",
      } }
      assert_signed_by("ASIALIVE", call())
      server:stop()
      server = nil
    end
  end)

  it("a role take the code of a device from a function, which may wait", function()
    write("config", "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/mfa\nsource_profile = base\n"
      .. "mfa_serial = arn:aws:iam::1:mfa/ada\nduration_seconds = 7200\n"
      .. "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n")
    start { env = { AWS_ENDPOINT_URL = giver:url "" }, settings = [[mfa_code = function(serial)
      ngx.sleep(0.001)
      return serial == "arn:aws:iam::1:mfa/ada" and "135 790" or nil, "another device"
    end]] }
    for _ = 1, 10 do begin "/call" end
    for _, told in ipairs(answers(10)) do assert_signed_by("ASIALIVE", told) end
  end)

  it("a web identity are fetched through nginx", function()
    write("token", "web+token")
    start { env = {
      AWS_ENDPOINT_URL = giver:url "", AWS_REGION = "eu-west-1", AWS_ROLE_ARN = "arn:aws:iam::1:role/r",
      AWS_WEB_IDENTITY_TOKEN_FILE = home .. "/.aws/token",
    } }
    assert_signed_by("ASIALIVE", call())
  end)
end)

it("a chain takes no settings that count for nothing inside nginx", function()
  server = nginx.start {
    http = [[init_by_lua_block { in_nginx = require "spec.support.in_nginx" }]],
    server = [[location = /call {
      content_by_lua_block {
        local _, message = pcall(function() require("cognito.credentials").chain { ca_file = "/x" } end)
        ngx.print(message)
      }
    }]],
  }
  local message = server:get "/call"
  assert.truthy(message:find("the setting 'ca_file' counts for nothing inside nginx", 1, true), message)
end)

describe("credentials", function()
  local KEYS = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "secret" }
  local FILE = "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = secret\n"

  it("of the environment need no env lines where the client is made in init_by_lua", function()
    start { env = KEYS }
    assert_signed_by("AKIAENV", call())
  end)

  it("of the environment need env lines where a worker makes the client", function()
    start { env = KEYS, main = "env HOME;" }
    local told = call "/worker"
    assert.equal("no_credentials", told.err.code)
    assert.truthy(told.err.message:find("AWS_ACCESS_KEY_ID is not set", 1, true))
    assert.truthy(told.err.hint:find("env AWS_ACCESS_KEY_ID;", 1, true))
    server:stop()
    start { env = KEYS, main = "env AWS_ACCESS_KEY_ID; env AWS_SECRET_ACCESS_KEY;" }
    assert_signed_by("AKIAENV", call "/worker")
  end)

  it("of a file are read when the client is made, and not again", function()
    write("credentials", FILE)
    start {}
    os.remove(home .. "/.aws/credentials")
    for _ = 1, 3 do assert_signed_by("AKIAFILE", call()) end
  end)

  it("of a function of the program are asked for by each call", function()
    start { settings = [[credentials = function()
      asked = (asked or 0) + 1
      ngx.sleep(0.001) -- it may wait, as calls may
      return { access_key_id = "AKIAFUNCTION" .. asked, secret_access_key = "secret" }
    end]] }
    assert_signed_by("AKIAFUNCTION1", call())
    assert_signed_by("AKIAFUNCTION2", call())
  end)

  it("of a provider of the program are shared as well", function()
    start { env = container(), settings = [[credentials = require("cognito.credentials").chain()]] }
    for _ = 1, 20 do begin "/call" end
    for _, told in ipairs(answers(20)) do assert_signed_by("ASIA1", told) end
    assert.equal(1, fetches)
  end)

  -- Nothing here writes a file: others renew the session.
  it("of aws login serve while they last", function()
    local cache = home .. "/.aws/login/cache"
    assert.equal(0, core.run({ "mkdir", "-p", cache }).status)
    write("config", "[default]\nlogin_session = arn:x\n")
    local name = core.run({ "sh", "-c", "printf arn:x | sha256sum" }).stdout:match "^%x+"
    local function leave(offset)
      write("login/cache/" .. name .. ".json", ('{"accessToken":{"accessKeyId":"ASIALOGIN","secretAccessKey":"s",'
        .. '"sessionToken":"t","expiresAt":"%s"}}'):format(os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + offset)))
    end
    for _, left in ipairs { 3600, 200 } do
      leave(left)
      start {}
      assert_signed_by("ASIALOGIN", call())
      server:stop()
    end
    leave(-1)
    start {}
    local told = call()
    assert.equal("no_credentials", told.err.code)
    assert.truthy(told.err.hint:find("Run: aws login --profile default", 1, true), told.err.hint)
  end)

  it("of a program are none: nothing here may wait for one", function()
    write("config", "[default]\ncredential_process = echo secret\n")
    start {}
    local told = call()
    assert.equal("no_credentials", told.err.code)
    assert.truthy(told.err.message:find("(credential_process): the program has no result: programs cannot be run here",
      1, true), told.err.message)
    assert.is_nil(told.err.message:find("echo", 1, true))
  end)
end)

it("a client without a region gets a hint with the env line", function()
  server = nginx.start {
    http = [[init_by_lua_block { in_nginx = require "spec.support.in_nginx" }]],
    server = [[location = /call {
      content_by_lua_block { in_nginx.call(require("cognito").new { client_id = "c" }, "forgot_password") }
    }]],
  }
  local told = cjson.decode(server:get "/call")
  assert.equal("no_region", told.err.code)
  assert.truthy(told.err.hint:find("env AWS_REGION;", 1, true))
end)

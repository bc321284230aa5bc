local c_locale = require "cognito.c_locale"
local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local CONFIG = [[
[default]
region = ap-south-1

[profile work]
region = eu-central-1
max_attempts = 5
sdk_ua_app_id = recovery desk
services = local

[services local]
cognito_identity_provider =
  endpoint_url = http://127.0.0.1:9229
]]

local function client(given, env, files)
  if given.runtime == nil then given.runtime = fake.new { fake.ok() } end
  given.client_id = given.client_id or "c"
  env = env or {}
  env.HOME = env.HOME or "/h/ada"
  files = files or { ["/h/ada/.aws/config"] = CONFIG }
  given.env = function(name) return env[name] end
  given.read_file = function(path) return files[path] end
  given.runtime = given.runtime or nil -- false: the library's own
  return cognito.new(given), given.runtime
end

local function url(...)
  local request, err = client(...):build("forgot_password", { username = "u" })
  return request and request.url or err.message
end

describe("settings", function()
  it("come from the profile that is meant", function()
    assert.equal("https://cognito-idp.ap-south-1.amazonaws.com/", url({}))
    assert.equal("http://127.0.0.1:9229/", url({ profile = "work" }))
    assert.equal("http://127.0.0.1:9229/", url({}, { AWS_PROFILE = "work" }))
    assert.equal("https://cognito-idp.ap-south-1.amazonaws.com/",
      url({ profile = "default" }, { AWS_PROFILE = "work" }))
  end)

  it("yield to the environment, and that to the program", function()
    assert.equal("https://cognito-idp.eu-west-3.amazonaws.com/", url({}, { AWS_REGION = "eu-west-3" }))
    assert.equal("https://cognito-idp.eu-west-2.amazonaws.com/",
      url({ region = "eu-west-2" }, { AWS_REGION = "eu-west-3" }))
    assert.equal("https://own.example/", url({ endpoint = "https://own.example" },
      { AWS_PROFILE = "work", AWS_ENDPOINT_URL = "https://any.example" }))
    assert.equal("https://any.example/", url({}, { AWS_ENDPOINT_URL = "https://any.example" }))
  end)

  it("take a pool's region over the machine's", function()
    local pool = client({ user_pool_id = "eu-west-1_Ab12Cd34E" }, { AWS_REGION = "eu-west-3" })
    local described = pool:describe()
    assert.same({ value = "eu-west-1", source = "user_pool_id" }, described.settings.region)
    assert.same({}, described.warnings)
  end)

  it("warn of a region that contradicts the pool", function()
    local described = client({ user_pool_id = "eu-west-1_Ab12Cd34E", region = "us-east-1" }):describe()
    assert.same({ "the region is set to us-east-1, but the pool's id names eu-west-1" }, described.warnings)
    assert.equal("https://cognito-idp.us-east-1.amazonaws.com", described.url)
  end)

  it("know FIPS and dual-stack, by setting and by the region's old name", function()
    assert.equal("https://cognito-idp-fips.us-east-1.amazonaws.com/", url({ region = "us-east-1", use_fips = true }))
    assert.equal("https://cognito-idp-fips.us-east-1.amazonaws.com/", url({ region = "fips-us-east-1" }))
    assert.equal("https://cognito-idp.us-gov-west-1.api.aws/",
      url({ region = "us-gov-west-1" }, { AWS_USE_DUALSTACK_ENDPOINT = "true" }))
  end)

  it("sign for the region behind an old name", function()
    local pool = client { region = "us-east-1-fips", user_pool_id = "p",
      credentials = { access_key_id = "AK", secret_access_key = "s" } }
    local request = assert(pool:build("admin_get_user", { username = "u" }))
    assert.truthy(fake.header(request, "Authorization"):find("/us-east-1/cognito-idp/", 1, true))
  end)

  it("never take plain http to another machine from outside the program", function()
    assert.truthy(url({}, { AWS_ENDPOINT_URL = "http://example.com" }):find("plain http", 1, true))
    assert.equal("http://example.com/",
      url({ allow_http = true, region = "r" }, { AWS_ENDPOINT_URL = "http://example.com" }))
  end)

  -- Where a value cannot be read, and the calls that go on without it.
  local KEYS = { access_key_id = "AK", secret_access_key = "s" }
  local POOL = "eu-west-1_Ab12Cd34E"
  local OWN = { endpoint = "https://own.example", user_pool_id = POOL }
  local unreadable = {
    { "use_fips", "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", "maybe", "must be true or false",
      goes = { OWN, { region = "eu-west-1", use_fips = false } } },
    { "use_dualstack", "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", "1", "must be true or false",
      goes = { OWN, { user_pool_id = POOL, use_dualstack = false } } },
    { "max_attempts", "AWS_MAX_ATTEMPTS", "max_attempts", "many", "must be a whole number above 0",
      goes = { { user_pool_id = POOL, max_attempts = 2 } }, option = true },
    { "correct_clock", "AWS_DISABLE_CLOCK_SKEW_CORRECTION", "disable_clock_skew_correction", "1",
      "must be true or false",
      goes = { { user_pool_id = POOL } }, signed = { { user_pool_id = POOL, correct_clock = true }, OWN } },
    { "endpoint", "AWS_ENDPOINT_URL", "endpoint_url", "nonsense", "the endpoint must be a URL", goes = { OWN } },
    { "ca_file", "AWS_CA_BUNDLE", "ca_bundle", "a\0b", "must be a path, which holds no NUL",
      needs = { user_pool_id = POOL, runtime = false }, goes = { { user_pool_id = POOL } } },
    { "region", "AWS_REGION", "region", "eu west", "the region must be letters",
      goes = { OWN, { user_pool_id = POOL } } },
  }
  for _, row in ipairs(unreadable) do
    local name, variable, key, text = row[1], row[2], row[3], row[4]
    local config = { ["/h/ada/.aws/config"] = "[default]\n\n" .. key .. " = " .. text .. "\n" }
    local places = {
      { { [variable] = text }, {}, variable },
      { {}, config, ("%s of profile 'default' (line 3 of the config file /h/ada/.aws/config)"):format(key) },
    }
    local function call(given, place, operation, options)
      local copy = { credentials = KEYS }
      for setting, value in pairs(given) do copy[setting] = value end
      local pool, runtime = client(copy, place[1], place[2])
      local result, err = pool[operation](pool, { username = "u" }, options)
      if runtime then assert.equal(result and 1 or 0, runtime:count()) end
      return pool, result, err
    end
    local function refused(given, place, operation)
      local pool, _, err = call(given, place, operation)
      assert.equal("invalid_parameter", err and err.code)
      assert.equal(name, err.field)
      assert.truthy(err.message:find(row[5], 1, true), err.message)
      assert.truthy(err.message:find(place[3], 1, true), err.message)
      return pool, err
    end

    it("that cannot be read are an error of the calls that need them, with the place: " .. name, function()
      for _, place in ipairs(places) do
        local needs = row.needs or row.signed and OWN or name == "region" and {} or { user_pool_id = POOL }
        local pool, err = refused(needs, place, row.signed and "list_users" or "forgot_password")
        local described = pool:describe()
        if row.signed then
          assert.same({ err.message }, described.warnings)
          assert.is_nil(described.problem)
        else
          assert.same({ code = "invalid_parameter", field = name, message = err.message }, described.problem)
          assert.same({}, described.warnings)
        end
      end
    end)

    it("that cannot be read are a warning to all other calls: " .. name, function()
      for _, place in ipairs(places) do
        for _, given in ipairs(row.goes) do
          local pool, result, err = call(given, place, "forgot_password")
          assert.is_table(result, err and err.message)
          local described = pool:describe()
          assert.is_nil(described.problem)
          local is_read = given[name] == nil and row[5]:find "^must"
          assert.equal(is_read and 1 or 0, #described.warnings, described.warnings[1])
          if is_read then assert.truthy(described.warnings[1]:find(place[3], 1, true)) end
        end
        if row.option then
          assert.is_table(select(2, call({ user_pool_id = POOL }, place, "forgot_password", { max_attempts = 1 })))
          assert.is_table((client({ user_pool_id = POOL }, place[1], place[2]):build("forgot_password",
            { username = "u" })))
        end
      end
    end)
  end

  it("of a services section that cannot be read are named with their line", function()
    local _, err = client({ region = "eu-west-1" }, {}, { ["/h/ada/.aws/config"] = "[default]\nservices = l\n"
      .. "[services l]\ncognito_identity_provider =\n  endpoint_url = ftp://x\n" }):forgot_password { username = "u" }
    assert.truthy(err.message:find("services section 'l' (line 4 of the config file /h/ada/.aws/config)", 1, true),
      err.message)
    assert.is_nil(err.message:find("ftp", 1, true))
  end)

  -- A call that was refused because another profile was indented.
  it("of a faulty file keep no call from working that needs nothing of it", function()
    local keys = { access_key_id = "AK", secret_access_key = "s" }
    for _, case in ipairs {
      { "[default]\nnonsense", "line 2 of the config file /h/ada/.aws/config: expected key = value" },
      { "[profile other]\nnonsense", "line 2 of the config file /h/ada/.aws/config: expected key = value" },
      { "[default]\nk = \255", "the config file /h/ada/.aws/config is not UTF-8" },
      { ("x"):rep(1e7), "larger than 1 MiB" },
    } do
      local files = { ["/h/ada/.aws/config"] = case[1] }
      local pool, runtime = client({ user_pool_id = "eu-west-1_x", client_secret = "s" }, {}, files)
      assert.is_table((pool:forgot_password { username = "u" }))
      assert.truthy(pool:describe().warnings[1]:find(case[2], 1, true))
      assert.is_nil(pool:describe().problem)
      pool = pool:with { credentials = keys }
      assert.is_table((pool:admin_get_user { username = "u" }))
      assert.equal(2, runtime:count())
    end
  end)

  it("of a faulty file are missed by name", function()
    local files = { ["/h/ada/.aws/config"] = "[default]\nregion eu-west-1\n" }
    local pool, runtime = client({ user_pool_id = "p" }, {}, files)
    local _, err = pool:forgot_password { username = "u" }
    assert.equal("no_region", err.code)
    assert.truthy(err.message:find("line 2 of the config file /h/ada/.aws/config", 1, true), err.message)
    _, err = client({ user_pool_id = "eu-west-1_x" }, {}, files):admin_get_user { username = "u" }
    assert.equal("no_credentials", err.code)
    assert.truthy(err.message:find("line 2 of the config file /h/ada/.aws/config", 1, true), err.message)
    assert.equal(0, runtime:count())
  end)

  it("refuse a client secret with what no secret has, without showing it", function()
    local remedy = ", which no client secret has: remove it where the secret is read"
    for part, secrets in pairs {
      ["white space or a line break"] = { "hunter2\n", " hunter2", "hunter2\r\n", "hun ter2", "\thunter2" },
      ["a control character"] = { "hunter2\0", "\27hunter2", "hunter2\127" },
      ["the mark that Windows puts before a text (U+FEFF)"] = { "\239\187\191hunter2" },
      ["a no-break space (U+00A0)"] = { "hunter2\194\160", "\194\160hunter2" },
      ["a character that is not ASCII"] = { "hunter2\226\128\139", "h\195\188nter2", "hunter2\255" },
    } do
      for _, secret in ipairs(secrets) do
        local ok, message = pcall(client, { client_secret = secret })
        assert.is_false(ok)
        assert.truthy(message:find("'client_secret' holds " .. part .. remedy, 1, true), message)
        assert.truthy(message:find("settings_spec", 1, true), message)
        assert.is_nil(message:find "ter2")
      end
    end
    assert.is_table(client { client_secret = "Ab12+_" })
    assert.is_table(client { client_secret = "a-b/c=" }) -- a stand-in's
  end)

  it("of the environment lose white space around them", function()
    assert.equal("https://cognito-idp.eu-west-3.amazonaws.com/", url({}, { AWS_REGION = " eu-west-3\n" }))
    local settings = client({}, { AWS_CA_BUNDLE = "/bundle.pem\r\n" }):describe().settings
    assert.equal("/bundle.pem", settings.ca_file.value)
  end)

  it("read no file again for a call", function()
    local reads = 0
    local pool = cognito.new { region = "r", client_id = "c", runtime = fake.new { fake.ok() },
      env = function(name) return name == "HOME" and "/h" or nil end,
      read_file = function() reads = reads + 1; return nil end }
    assert.equal(2, reads)
    pool:forgot_password { username = "u" }
    assert.equal(2, reads)
  end)

  it("trust no others than those that the program names", function()
    local env = { AWS_CA_BUNDLE = "/bundle.pem" }
    local function ca_file(given)
      given.env = function(name) return env[name] end
      return cognito.new(given):describe().settings.ca_file
    end
    assert.equal("/bundle.pem", ca_file({}).value)
    assert.is_nil(ca_file { ca_path = "/certs" })
    assert.equal("/own.pem", ca_file({ ca_file = "/own.pem" }).value)
  end)

  it("of connections belong to a runtime of the program's own", function()
    for name, value in pairs { ca_file = "/a", ca_path = "/a", proxy = "http://p:1", max_response = 1000 } do
      local ok, message = pcall(client, { [name] = value })
      assert.is_false(ok)
      assert.truthy(message:find("'" .. name .. "'", 1, true))
      assert.truthy(message:find("give it to the runtime", 1, true))
    end
    assert.is_table(client({}, { AWS_CA_BUNDLE = "/bundle.pem" })) -- nobody's mistake
  end)

  it("bound the attempts", function()
    local pool, runtime = client({ profile = "work", runtime = fake.new { fake.fault("connect", false) } })
    pool:forgot_password { username = "u" }
    assert.equal(5, runtime:count())
  end)

  it("can switch the correction of the clock off", function()
    local expired = fake.failure(400, "InvalidSignatureException", "Signature expired: x",
      { date = "Sat, 21 Nov 2026 08:49:51 GMT" })
    local given = { user_pool_id = "eu-west-1_x", correct_clock = false, runtime = fake.new { expired, fake.ok() },
      credentials = { access_key_id = "AK", secret_access_key = "s" } }
    local pool, runtime = client(given)
    assert.equal("clock_skew", select(2, pool:admin_get_user { username = "u" }).reason)
    assert.equal(1, runtime:count())
    assert.equal(0, pool:describe().clock_offset)
    given = { user_pool_id = "eu-west-1_x", runtime = fake.new { expired, fake.ok() }, credentials = given.credentials }
    pool = client(given)
    assert.is_table((pool:admin_get_user { username = "u" }))
    assert.equal(3600, pool:describe().clock_offset)
  end)
end)

describe("a description", function()
  it("says where each value came from, and shows no secret", function()
    local pool = client({
      profile = "work", client_secret = "hunter2",
      credentials = { access_key_id = "AK", secret_access_key = "hunter3" },
      headers = { ["X-Token"] = "hunter4" },
    }, { AWS_SDK_UA_APP_ID = "app" })
    local described = pool:describe()
    assert.same({ value = 5, source = "max_attempts of profile 'work'" }, described.settings.max_attempts)
    assert.same({ value = "app", source = "AWS_SDK_UA_APP_ID" }, described.settings.app_id)
    assert.same({ value = "http://127.0.0.1:9229", source = "services section 'local'" }, described.settings.endpoint)
    assert.same({ value = 30, source = "default" }, described.settings.timeout)
    assert.same({ value = 10, source = "default" }, described.settings.attempt_timeout)
    assert.same({ value = "[redacted]", source = "settings" }, described.settings.client_secret)
    assert.equal(500, described.quota)
    assert.same({}, described.credentials)
    pool:admin_get_user { username = "u", user_pool_id = "p" }
    assert.same({ source = "settings" }, pool:describe().credentials)
    assert.is_nil(described.problem)
    local function search(value)
      if type(value) == "table" then
        for key, inner in pairs(value) do
          search(key)
          search(inner)
        end
      else
        assert.is_nil(tostring(value):find "hunter")
      end
    end
    search(described)
    search(cognito.new({ client_secret = "hunter2", proxy = "http://user:hunter5@proxy:1" }):describe())
  end)
end)

describe("credentials", function()
  it("come from the profile, and are asked for by signed calls alone", function()
    local reads = {}
    local pool, runtime = client({ profile = "work", user_pool_id = "eu-west-1_x" }, {}, setmetatable({}, {
      __index = function(_, path)
        reads[#reads + 1] = path
        return path:find "credentials$" and "[work]\naws_access_key_id = AKWORK\naws_secret_access_key = s\n" or nil
      end,
    }))
    local before = #reads
    pool:forgot_password { username = "u" }
    assert.equal(before, #reads)
    pool:admin_get_user { username = "u" }
    assert.truthy(fake.header(runtime:request(), "Authorization"):find("Credential=AKWORK/", 1, true))
    assert.truthy(pool:describe().credentials.source:find("work", 1, true))
  end)
end)

describe("a named profile that does not exist", function()
  for name, place in pairs {
    ["the program"] = { { profile = "wrok" }, {} }, AWS_PROFILE = { {}, { AWS_PROFILE = "wrok" } },
  } do
    it("fails signed calls alone, and is a warning: " .. name, function()
      local given, env = place[1], place[2]
      given.user_pool_id = "eu-west-1_x"
      env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY = "AKIAENV", "s"
      local pool, runtime = client(given, env)
      assert.is_table((pool:forgot_password { username = "u" }))
      local result, err, meta = pool:admin_get_user { username = "u" }
      assert.is_nil(result)
      assert.equal("no_credentials", err.code)
      assert.truthy(err.message:find("'wrok'", 1, true))
      assert.equal(0, meta.attempts)
      assert.equal(1, runtime:count())
      assert.same({ "there is no profile 'wrok': its settings are missing" }, pool:describe().warnings)
    end)
  end

  it("is no concern of the default one, or of keys that the program gives", function()
    assert.same({}, client({ user_pool_id = "eu-west-1_x" }, {}, {}):describe().warnings)
    local pool = client { user_pool_id = "eu-west-1_x", profile = "wrok",
      credentials = { access_key_id = "AK", secret_access_key = "s" } }
    assert.is_table((pool:admin_get_user { username = "u" }))
  end)
end)

describe("the headers of a request", function()
  it("name the caller and the attempt", function()
    local pool, runtime = client({ profile = "work", runtime = fake.new { fake.fault("connect", false), fake.ok() } })
    pool:forgot_password { username = "u" }
    local first, second = runtime:request(1), runtime:request(2)
    assert.truthy(fake.header(first, "User-Agent"):find("^lua%-cognito/.* m/E,N app/recovery%-desk$"))
    assert.equal("attempt=1; max=5", fake.header(first, "amz-sdk-request"))
    assert.equal("attempt=2; max=5", fake.header(second, "amz-sdk-request"))
    assert.equal(fake.header(first, "amz-sdk-invocation-id"), fake.header(second, "amz-sdk-invocation-id"))
    pool:forgot_password { username = "u" }
    assert.not_equal(fake.header(first, "amz-sdk-invocation-id"),
      fake.header(runtime:request(3), "amz-sdk-invocation-id"))
  end)

  it("carry Lambda's trace, but not into the signature", function()
    local pool, runtime = client({ user_pool_id = "eu-west-1_x",
      credentials = { access_key_id = "AK", secret_access_key = "s" } },
      { AWS_LAMBDA_FUNCTION_NAME = "f", _X_AMZN_TRACE_ID = "Root=1-2" })
    pool:admin_get_user { username = "u" }
    assert.equal("Root=1-2", fake.header(runtime:request(), "X-Amzn-Trace-Id"))
    assert.truthy(fake.header(runtime:request(), "Authorization"):find(
      "SignedHeaders=content-type;host;x-amz-date;x-amz-target,", 1, true))
  end)

  it("are read once, when the client is created", function()
    local own = { ["X-Name"] = "first" }
    local pool, runtime = client { headers = own }
    own["X-Name"], own["X-Other"] = "second", "other"
    assert(pool:forgot_password { username = "u" })
    assert(pool:with({}):forgot_password { username = "u" })
    assert.equal("first", fake.header(runtime:request(1), "X-Name"))
    assert.is_nil(fake.header(runtime:request(1), "X-Other"))
    assert.equal("second", fake.header(runtime:request(2), "X-Name"))
  end)

  it("of a call stand for that call alone", function()
    local pool, runtime = client { headers = { ["X-Name"] = "client", ["X-Kept"] = "kept" } }
    assert(pool:forgot_password { username = "u" })
    assert(pool:forgot_password({ username = "u" }, { headers = { ["x-name"] = "call" } }))
    assert(pool:forgot_password { username = "u" })
    for n, value in ipairs { "client", "call", "client" } do
      local request = runtime:request(n)
      assert.equal(value, fake.header(request, n == 2 and "x-name" or "X-Name"))
      assert.equal("kept", fake.header(request, "X-Kept"))
    end
  end)

  it("that are none refuse every call, each with an error of its own", function()
    local pool, runtime = client { headers = { Host = "elsewhere" } }
    local _, first = pool:forgot_password { username = "u" }
    local _, second = pool:forgot_password { username = "u" }
    assert.equal("headers.Host", first.field)
    assert.equal("headers.Host", second.field)
    assert.are_not_equal(first, second)
    assert.equal(0, runtime:count())
  end)

  it("leave the program's own alone", function()
    local pool, runtime = client({ headers = { ["user-agent"] = "mine" } },
      { AWS_LAMBDA_FUNCTION_NAME = "f", _X_AMZN_TRACE_ID = "Root=1-2" })
    pool:forgot_password({ username = "u" }, { headers = { ["X-AMZN-Trace-ID"] = "own" } })
    local found = {}
    for _, pair in ipairs(runtime:request().headers) do
      local name = c_locale.lower(pair[1])
      assert.is_nil(found[name], name)
      found[name] = pair[2]
    end
    assert.equal("mine", found["user-agent"])
    assert.equal("own", found["x-amzn-trace-id"])
  end)
end)

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local CREDENTIALS = { access_key_id = "AKIDEXAMPLE", secret_access_key = "s3cr3t-key" }

local function settings(script, more)
  local given = {
    user_pool_id = "eu-west-1_Ab12Cd34E",
    client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
    credentials = CREDENTIALS,
    runtime = fake.new(script or { fake.ok() }),
    env = function() return nil end,
  }
  for name, value in pairs(more or {}) do
    given[name] = value
  end
  return given
end

local function client(script, more)
  local given = settings(script, more)
  return cognito.new(given), given.runtime
end

describe("a client", function()
  it("sends a recovery code", function()
    local pool, runtime = client({ fake.ok '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL","Destination":"a***"}}' },
      { client_secret = "c2VjcmV0LWtleS1mb3ItdGVzdA" })
    local sent, err, meta = pool:forgot_password { username = "ada" }
    assert.is_nil(err)
    assert.equal("EMAIL", sent.code_delivery_details.delivery_medium)
    assert.equal(200, meta.status)
    assert.equal("id-ok", meta.request_id)
    assert.equal(1, meta.attempts)
    assert.equal(0, meta.elapsed)
    local request = runtime:request()
    assert.equal("https://cognito-idp.eu-west-1.amazonaws.com/", request.url)
    assert.truthy(request.body:find('"SecretHash":"' .. cognito.secret_hash("ada", "3n4b5urk1ft4fl3mg5e62d9ado",
      "c2VjcmV0LWtleS1mb3ItdGVzdA") .. '"', 1, true))
    assert.is_nil(fake.header(request, "Authorization"))
  end)

  it("has a method for every operation", function()
    local pool = client()
    for _, name in ipairs { "forgot_password", "admin_reset_user_password", "resend_confirmation_code",
      "list_user_pools", "set_user_mfa_preference", "verify_user_attribute" } do
      assert.is_function(pool[name])
      assert.equal(pool[name], pool[name])
    end
    assert.is_nil(pool.zzzzzz)
    assert.has_error(function() return pool.forgot_pasword end,
      "no operation 'forgot_pasword'; did you mean 'forgot_password'?")
  end)

  it("signs signed operations, with a time of its own", function()
    local pool, runtime = client(nil, { now = function() return 1795247391 end })
    assert.same({}, (pool:admin_reset_user_password { username = "ada" }))
    assert.equal("20261121T074951Z", fake.header(runtime:request(), "X-Amz-Date"))
    assert.truthy(fake.header(runtime:request(), "Authorization"):find("/eu-west-1/cognito-idp/aws4_request", 1, true))
  end)

  it("never looks for credentials where none are needed", function()
    local pool = client(nil, { credentials = function() error "asked" end })
    assert.is_table((pool:forgot_password { username = "ada" }))
    assert.has_error(function() pool:admin_get_user { username = "ada" } end)
  end)

  describe("finds its region", function()
    local function url(given)
      given.runtime = fake.new { fake.ok() }
      given.client_id = "c"
      given.env = given.env or function() return nil end
      local request, err = cognito.new(given):build("forgot_password", { username = "u" })
      return request and request.url or err.code
    end

    local function env(region)
      return function(name) return name == "AWS_REGION" and region or nil end
    end

    it("in the settings, the pool's id, the environment", function()
      assert.equal("https://cognito-idp.eu-west-1.amazonaws.com/", url { user_pool_id = "eu-west-1_Ab12Cd34E" })
      assert.equal("https://cognito-idp.us-east-2.amazonaws.com/",
        url { user_pool_id = "eu-west-1_Ab12Cd34E", region = "us-east-2" })
      assert.equal("https://cognito-idp.ap-south-1.amazonaws.com/", url { env = env "ap-south-1" })
      -- A pool lives where its id says, whatever the machine's own region is.
      assert.equal("https://cognito-idp.eu-west-1.amazonaws.com/",
        url { user_pool_id = "eu-west-1_Ab12Cd34E", env = env "ap-south-1" })
      assert.equal("no_region", url { env = env " " })
    end)

    it("and the partition's suffix with it", function()
      assert.equal("https://cognito-idp.cn-north-1.amazonaws.com.cn/", url { region = "cn-north-1" })
      assert.equal("https://cognito-idp.us-gov-west-1.amazonaws.com/", url { region = "us-gov-west-1" })
      assert.equal("https://cognito-idp.eusc-de-east-1.amazonaws.eu/", url { region = "eusc-de-east-1" })
      assert.equal("https://cognito-idp.us-isob-east-1.sc2s.sgov.gov/", url { region = "us-isob-east-1" })
    end)

    it("or names its fault", function()
      assert.equal("invalid_parameter", url { region = "eu west" })
      assert.equal("invalid_parameter", url { endpoint = "host" })
      assert.equal("invalid_parameter", url { endpoint = "http://example.com" })
      assert.equal("invalid_parameter", url { endpoint = "http://localhost:1" })
      assert.equal("invalid_parameter", url { endpoint = "http://127.0.0.1.example.com:1" })
      assert.equal("http://127.0.0.1:1/", url { endpoint = "http://127.0.0.1:1", region = "r" })
      assert.equal("http://[::1]:1/", url { endpoint = "http://[::1]:1", region = "r" })
      assert.equal("http://example.com/", url { endpoint = "http://example.com", region = "r", allow_http = true })
    end)
  end)

  describe("takes credentials", function()
    local function id_of(given)
      given.user_pool_id = "eu-west-1_x"
      given.runtime = fake.new { fake.ok() }
      local request, err = cognito.new(given):build("admin_get_user", { username = "u" })
      return request and fake.header(request, "Authorization"):match "Credential=(%w+)/" or err
    end

    -- No machine is asked who it is.
    local function env(values)
      values.AWS_EC2_METADATA_DISABLED = "true"
      return function(name) return values[name] end
    end

    it("from a table, a function, the environment", function()
      assert.equal("AKIDEXAMPLE", id_of { credentials = CREDENTIALS })
      assert.equal("AKIDEXAMPLE", id_of { credentials = function() return CREDENTIALS end })
      assert.equal("AKENV", id_of { env = env { AWS_ACCESS_KEY_ID = "AKENV", AWS_SECRET_ACCESS_KEY = "s" } })
    end)

    it("with the session token", function()
      local pool = cognito.new { user_pool_id = "eu-west-1_x", runtime = fake.new { fake.ok() }, env = env {
        AWS_ACCESS_KEY_ID = "AKENV", AWS_SECRET_ACCESS_KEY = "s", AWS_SESSION_TOKEN = "token",
      } }
      assert.equal("token", fake.header(pool:build("admin_get_user", { username = "u" }), "X-Amz-Security-Token"))
    end)

    it("or names the missing setting", function()
      local err = id_of { env = env {} }
      assert.equal("no_credentials", err.code)
      assert.equal("credentials", err.kind)
      assert.truthy(err.hint)
      err = id_of { env = env { AWS_ACCESS_KEY_ID = "AKENV" } }
      assert.truthy(err.message:find("AWS_SECRET_ACCESS_KEY", 1, true), err.message)
      err = id_of { credentials = { access_key_id = "AK" } }
      assert.equal("no_credentials", err.code)
      err = id_of { credentials = function() return nil, "vault is sealed" end }
      assert.truthy(err.message:find("vault is sealed", 1, true))
      assert.equal("no_credentials", err.code)
      err = id_of { credentials = function() end }
      assert.same({ "no_credentials", "the credentials function returned no table" }, { err.code, err.message })
      err = id_of { credentials = function() return nil, { code = "timeout" } end }
      assert.equal("no_credentials", err.code)
    end)
  end)

  it("refuses keys with a line break or blanks at their ends before anything is sent", function()
    for _, field in ipairs { "access_key_id", "secret_access_key", "session_token" } do
      for _, value in ipairs { "hunter2\n", " hunter2", "hunter2 ", "hunter2\r\n" } do
        local keys = { access_key_id = "AKIDEXAMPLE", secret_access_key = "s3cr3t-key", session_token = "token" }
        keys[field] = value
        for _, credentials in ipairs { keys, function() return keys end } do
          local pool, runtime = client(nil, { credentials = credentials })
          local _, err = pool:admin_get_user { username = "ada" }
          assert.equal("credentials." .. field, err and err.field)
          assert.truthy(err.message:find(field, 1, true), err.message)
          assert.is_nil(tostring(err):find "hunter2")
          assert.equal(0, runtime:count())
        end
      end
    end
  end)

  describe("takes a secret", function()
    it("from a function, asked before each call that needs it", function()
      local asked = 0
      local pool, runtime = client(nil, { client_secret = function() asked = asked + 1; return "secret" end })
      pool:forgot_password { username = "ada" }
      pool:get_user { access_token = "t" }
      assert.equal(1, asked)
      assert.truthy(runtime:request(1).body:find("SecretHash", 1, true))
    end)

    it("and says so when the function has none", function()
      local pool, runtime = client(nil, { client_secret = function() return nil, "no such parameter" end })
      local _, err = pool:forgot_password { username = "ada" }
      assert.equal("no_credentials", err.code)
      assert.truthy(err.message:find("no such parameter", 1, true))
      assert.equal(0, runtime:count())
    end)

    it("and refuses one with a line break or blanks at its ends before anything is sent", function()
      for _, secret in ipairs { "hunter2\n", " hunter2", "hunter2 ", "hunter2\r\n" } do
        local pool, runtime = client(nil, { client_secret = function() return secret end })
        for _, options in ipairs { {}, { client_secret = secret }, { client_secret = function() return secret end } } do
          local _, err = pool:forgot_password({ username = "ada" }, options)
          assert.same({ "invalid_parameter", "client_secret" }, { err.code, err.field })
          assert.truthy(err.message:find("holds white space", 1, true), err.message)
          assert.is_nil(tostring(err):find "hunter2")
        end
        assert.equal(0, runtime:count())
      end
    end)

    it("of one call", function()
      local pool, runtime = client()
      pool:forgot_password({ username = "ada" }, { client_secret = "other" })
      local hash = cognito.secret_hash("ada", "3n4b5urk1ft4fl3mg5e62d9ado", "other")
      assert.truthy(runtime:request().body:find(hash, 1, true))
    end)
  end)

  describe("raises", function()
    local pool = client()
    local cases = {
      { "params that are no table", function() pool:forgot_password "ada" end,
        "takes a table of parameters, not a string" },
      { "no params", function() pool:forgot_password() end, "takes a table of parameters, not a nil" },
      { "a dot for a colon", function() pool.forgot_password { username = "ada" } end, "call it with a colon" },
      { "options that are no table", function() pool:forgot_password({}, 5) end, "must be a table" },
      { "an unknown option", function() pool:forgot_password({}, { timout = 5 }) end, "did you mean 'timeout'" },
      { "a mistyped option", function() pool:forgot_password({}, { attempt_timeout = "5" }) end,
        "must be a number of seconds above 0, not a string" },
      { "a timeout of zero", function() pool:forgot_password({}, { attempt_timeout = 0 }) end, "above 0" },
      { "an unknown setting", function() cognito.new { client_ID = "x" } end, "did you mean 'client_id'" },
      { "a mistyped setting", function() cognito.new { client_id = 5 } end, "must be a string that is not empty" },
      { "half an attempt", function() cognito.new { max_attempts = 1.5 } end, "whole number" },
      { "an endless timeout", function() cognito.new { timeout = 1 / 0 } end, "number of seconds" },
      { "settings that are no table", function() cognito.new "x" end, "takes a table of settings" },
      { "no settings", function() cognito.new() end, "takes a table of settings" },
      { "an unknown operation", function() pool:build("forgot_pass", {}) end, "no operation 'forgot_pass'" },
      { "with nothing", function() pool:with() end, "takes a table of settings" },
    }
    for _, case in ipairs(cases) do
      it(case[1], function()
        local ok, message = pcall(case[2])
        assert.is_false(ok)
        assert.truthy(message:find(case[3], 1, true), message)
        -- The blame lies with who called, not with the library.
        assert.truthy(message:find("client_spec", 1, true) or message:find("bad argument", 1, true), message)
      end)
    end

    it("and keeps secrets out of its description", function()
      local ok, message = pcall(cognito.new, { client_secret = { { "hunter2" } } })
      assert.is_false(ok)
      assert.is_nil(message:find "hunter2")
    end)
  end)

  it("returns faults in the contents of params", function()
    local pool, runtime = client()
    local result, err, meta = pool:forgot_password { usrname = "ada" }
    assert.is_nil(result)
    assert.equal("invalid_parameter", err.code)
    assert.equal("validation", err.kind)
    assert.equal("forgot_password", err.operation)
    assert.equal(0, err.attempts)
    assert.is_false(err.ambiguous)
    assert.is_table(meta)
    assert.equal(0, runtime:count())
    assert.is_true(cognito.is_error(err))
  end)

  local function values(request, name)
    local found = {}
    for _, pair in ipairs(request.headers) do
      if pair[1]:lower() == name:lower() then found[#found + 1] = pair[2] end
    end
    return found
  end

  it("has a call's header in place of the client's, in whatever case of letters", function()
    local pool, runtime = client(nil, { headers = {
      ["X-Trace"] = "client", Traceparent = "00-a", ["user-agent"] = "mine", ["X-Kept"] = "kept",
    } })
    pool:forgot_password({ username = "u" }, { headers = {
      ["x-trace"] = "call", traceparent = "00-b", ["X-Amzn-Trace-Id"] = "Root=1", ["User-Agent"] = "ours",
    } })
    for name, value in pairs {
      ["X-Trace"] = "call", traceparent = "00-b", ["User-Agent"] = "ours", ["X-Kept"] = "kept",
      ["X-Amzn-Trace-Id"] = "Root=1", ["amz-sdk-request"] = "attempt=1; max=3",
    } do
      assert.same({ value }, values(runtime:request(), name))
    end
    pool:forgot_password { username = "u" } -- the call's are gone with it
    assert.same({ "client" }, values(runtime:request(), "X-Trace"))
    assert.same({ "mine" }, values(runtime:request(), "User-Agent"))
  end)

  it("refuses one header under two spellings", function()
    local pool, runtime = client()
    for _, of in ipairs { "client", "call" } do
      local twice = { headers = { ["X-Trace"] = "a", ["x-trace"] = "b" } }
      local from = of == "client" and pool:with(twice) or pool
      local _, err = from:forgot_password({ username = "u" }, of == "call" and twice or nil)
      assert.equal("invalid_parameter", err.code)
      assert.equal("headers.x-trace", err.field:lower())
      assert.truthy(err.message:find("stands twice", 1, true), err.message)
    end
    assert.equal(0, runtime:count())
  end)

  it("adds headers and refuses bad ones", function()
    local pool, runtime = client(nil, { headers = { ["X-Trace"] = "a" } })
    pool:forgot_password({ username = "u" }, { headers = { ["X-Call"] = "b" } })
    assert.equal("a", fake.header(runtime:request(), "X-Trace"))
    assert.equal("b", fake.header(runtime:request(), "X-Call"))
    for name, value in pairs {
      ["X-A"] = "a\r\nB: c", ["X-B"] = "a\0", ["X C"] = "d", ["Authorization"] = "x", ["host"] = "x",
      ["X-D"] = 5, [""] = "x",
    } do
      local _, err = pool:forgot_password({ username = "u" }, { headers = { [name] = value } })
      assert.equal("invalid_parameter", err.code, name)
      assert.equal(1, runtime:count())
    end
  end)

  describe("with other defaults", function()
    it("shares the rest", function()
      local pool, runtime = client()
      local other = pool:with { client_id = "other", attempt_timeout = 2 }
      other:forgot_password { username = "u" }
      assert.equal('{"ClientId":"other","Username":"u"}', runtime:request().body)
      assert.equal(2, runtime.sent[1].options.timeout)
      pool:forgot_password { username = "u" }
      assert.equal('{"ClientId":"3n4b5urk1ft4fl3mg5e62d9ado","Username":"u"}', runtime:request().body)
      assert.equal(10, runtime.sent[2].options.timeout)
    end)
  end)

  it("shows a request without sending it", function()
    local pool, runtime = client()
    local request = assert(pool:build("forgot_password", { username = "u" }))
    assert.equal('{"ClientId":"3n4b5urk1ft4fl3mg5e62d9ado","Username":"u"}', request.body)
    local none, err = pool:build("forgot_password", {})
    assert.is_nil(none)
    assert.equal("username", err.field)
    assert.equal(0, runtime:count())
  end)

  it("keeps its secrets to itself", function()
    local pool = client(nil, { client_secret = "hunter2-hunter2" })
    assert.is_nil(next(pool))
    assert.equal("cognito client (eu-west-1_Ab12Cd34E)", tostring(pool))
    assert.is_nil(getmetatable(pool).secret)
  end)
end)

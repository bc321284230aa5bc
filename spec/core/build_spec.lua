local c_locale = require "cognito.c_locale"
local core = require "cognito.core"

local CONTEXT = { region = "us-east-1", client_id = "1example23456789" }
local SECRET = { region = "us-east-1", client_id = "1example23456789", client_secret = "9ebexamplesecret" }
local ADMIN = {
  region = "us-east-1",
  user_pool_id = "us-east-1_AbCdEfGhI",
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  time = 1795247391, -- 2026-11-21 07:49:51 UTC
}

local function body(operation, params, context)
  local request, err = core.build(operation, params, context or CONTEXT)
  assert.is_nil(err and err.message)
  return request.body
end

local function refusal(operation, params, context)
  local request, err = core.build(operation, params, context or CONTEXT)
  assert.is_nil(request)
  return err
end

local function header(request, name)
  for _, pair in ipairs(request.headers) do
    if c_locale.lower(pair[1]) == name then return pair[2] end
  end
end

describe("core.build", function()
  it("writes an unsigned request", function()
    local request = core.build("forgot_password", { username = "alice" }, CONTEXT)
    assert.same({
      method = "POST",
      url = "https://cognito-idp.us-east-1.amazonaws.com/",
      headers = {
        { "Content-Type", "application/x-amz-json-1.1" },
        { "X-Amz-Target", "AWSCognitoIdentityProviderService.ForgotPassword" },
      },
      body = '{"ClientId":"1example23456789","Username":"alice"}',
    }, request)
  end)

  it("signs signed operations: three independent signers agree on this one", function()
    local request = core.build("admin_reset_user_password", { username = "alice@example.com" }, ADMIN)
    assert.equal('{"UserPoolId":"us-east-1_AbCdEfGhI","Username":"alice@example.com"}', request.body)
    assert.equal("20261121T074951Z", header(request, "x-amz-date"))
    assert.equal("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/cognito-idp/aws4_request, "
      .. "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
      .. "Signature=cc9441692820c080c2c9e33cce7e7139c10d15ff95c8045414f0f483b0bf00fc", header(request, "authorization"))
  end)

  it("signs without a token where it is empty", function()
    local from = {}
    for name, value in pairs(ADMIN) do from[name] = value end
    from.credentials = { access_key_id = "AK", secret_access_key = "s", session_token = "" }
    local request = core.build("admin_get_user", { username = "alice" }, from)
    assert.is_nil(header(request, "x-amz-security-token"))
    assert.is_nil(header(request, "authorization"):find("token", 1, true))
  end)

  it("agrees with core.sign on path, port and token", function()
    local context = {
      region = "eu-west-1", user_pool_id = "eu-west-1_x", time = 1795247391,
      endpoint = "HTTPS://Host.Example:8443/a%20b",
      credentials = { access_key_id = "AK", secret_access_key = "secret", session_token = "token==" },
    }
    local request = core.build("admin_get_user", { username = "ada" }, context)
    assert.equal("https://host.example:8443/a%20b/", request.url)
    local signed = core.sign(request, { credentials = context.credentials, region = "eu-west-1", time = context.time })
    assert.equal(header({ headers = signed }, "authorization"), header(request, "authorization"))
    assert.equal("token==", header(request, "x-amz-security-token"))
  end)

  it("puts one comma between the entries of a map", function()
    local written = body("forgot_password", { username = "u", client_metadata = { a = "1", b = "2" } })
    local metadata = written:match '"ClientMetadata":(%b{})'
    assert.is_true(metadata == '{"a":"1","b":"2"}' or metadata == '{"b":"2","a":"1"}', metadata)
  end)

  it("ends the URL with one slash", function()
    for given, written in pairs {
      ["https://h"] = "https://h/", ["https://h/"] = "https://h/", ["https://h/a"] = "https://h/a/",
      ["https://h/a/"] = "https://h/a/",
    } do
      local context = { region = "eu-west-1", client_id = "c", endpoint = given }
      assert.equal(written, core.build("forgot_password", { username = "u" }, context).url)
    end
  end)

  it("agrees with core.sign on the path, whether it ends in a slash or not", function()
    for given, written in pairs {
      ["https://h"] = "https://h/", ["https://h/"] = "https://h/", ["https://h/a"] = "https://h/a/",
      ["https://h/a/"] = "https://h/a/", ["https://h/a/b"] = "https://h/a/b/",
    } do
      local context = {
        region = "eu-west-1", user_pool_id = "eu-west-1_x", time = 1795247391, endpoint = given,
        credentials = ADMIN.credentials,
      }
      local request = core.build("admin_get_user", { username = "ada" }, context)
      assert.equal(written, request.url)
      local options = { credentials = ADMIN.credentials, region = "eu-west-1", time = context.time }
      local signed = core.sign(request, options)
      assert.equal(header({ headers = signed }, "authorization"), header(request, "authorization"))
    end
  end)

  it("has every member of the three main operations", function()
    assert.equal('{"AnalyticsMetadata":{"AnalyticsEndpointId":"e"},"ClientId":"c","ClientMetadata":{"k":"v"},'
      .. '"SecretHash":"h","UserContextData":{"EncodedData":"d","IpAddress":"192.0.2.1"},"Username":"u"}',
      body("forgot_password", {
        analytics_metadata = { analytics_endpoint_id = "e" }, client_id = "c", client_metadata = { k = "v" },
        secret_hash = "h", user_context_data = { encoded_data = "d", ip_address = "192.0.2.1" }, username = "u",
      }))
    assert.equal('{"AnalyticsMetadata":{"AnalyticsEndpointId":"e"},"ClientId":"c","ClientMetadata":{"k":"v"},'
      .. '"SecretHash":"h","UserContextData":{"EncodedData":"d","IpAddress":"192.0.2.1"},"Username":"u"}',
      body("resend_confirmation_code", {
        analytics_metadata = { analytics_endpoint_id = "e" }, client_id = "c", client_metadata = { k = "v" },
        secret_hash = "h", user_context_data = { encoded_data = "d", ip_address = "192.0.2.1" }, username = "u",
      }))
    assert.equal('{"ClientMetadata":{"k":"v"},"UserPoolId":"p","Username":"u"}',
      body("admin_reset_user_password", { user_pool_id = "p", username = "u", client_metadata = { k = "v" } }, ADMIN))
  end)

  describe("JSON", function()
    it("escapes what JSON escapes and copies the rest", function()
      assert.equal([[{"ClientId":"1example23456789","Username":"a\"b\\c\b\f\n\r\t\u0001\u001f]]
        .. "\127é€😀" .. '"}',
        body("forgot_password", { username = "a\"b\\c\b\f\n\r\t\1\31\127é€😀" }))
    end)

    it("writes empty lists and maps as what they are", function()
      assert.equal('{"ClientId":"1example23456789","ClientMetadata":{},"Password":"p","UserAttributes":[],'
        .. '"Username":"u"}',
        body("sign_up", { username = "u", password = "p", user_attributes = {}, client_metadata = {} }))
    end)

    it("writes whole numbers exactly and in no locale", function()
      for given, wanted in pairs { [60] = "60", [0] = "0", [2 ^ 31 - 1] = "2147483647" } do
        assert.equal(('{"Limit":%s,"UserPoolId":"us-east-1_AbCdEfGhI"}'):format(wanted),
          body("list_users", { limit = given }, ADMIN))
      end
    end)

    it("keeps false and empty strings where they may stand", function()
      assert.equal('{"UserAttributes":[{"Name":"n","Value":""}],"UserPoolId":"us-east-1_AbCdEfGhI","Username":"u"}',
        body("admin_update_user_attributes",
          { username = "u", user_attributes = { { name = "n", value = "" } } }, ADMIN))
      assert.equal('{"Password":"p","Permanent":false,"UserPoolId":"us-east-1_AbCdEfGhI","Username":"u"}',
        body("admin_set_user_password", { username = "u", password = "p", permanent = false }, ADMIN))
    end)

    it("writes bytes as base64 and free documents as they are", function()
      assert.equal('{"Assets":[{"Bytes":"AP8=","Category":"c","ColorMode":"m","Extension":"e"}],"ClientId":"c",'
        .. '"Settings":{"a":[1,2.5,true,{}]},"UserPoolId":"us-east-1_AbCdEfGhI"}',
        body("create_managed_login_branding", {
          client_id = "c",
          settings = { a = { 1, 2.5, true, {} } },
          assets = { { bytes = "\0\255", category = "c", color_mode = "m", extension = "e" } },
        }, ADMIN))
    end)
  end)

  describe("fills in", function()
    it("ids where they are required, and the caller's value wins", function()
      assert.equal('{"ClientId":"mine","Username":"u"}',
        body("forgot_password", { username = "u", client_id = "mine" }))
      assert.equal('{"UserPoolId":"us-east-1_AbCdEfGhI","Username":"u"}',
        body("admin_get_user", { username = "u" }, ADMIN))
    end)

    it("no id where leaving it out means something", function()
      local context = { region = "us-east-1", client_id = "c", user_pool_id = "p", credentials = ADMIN.credentials }
      assert.equal('{"UserPoolId":"p"}', body("describe_risk_configuration", {}, context))
    end)

    it("analytics, unless the caller says false", function()
      local context = { region = "us-east-1", client_id = "c", analytics_metadata = { analytics_endpoint_id = "e" } }
      assert.equal('{"AnalyticsMetadata":{"AnalyticsEndpointId":"e"},"ClientId":"c","Username":"u"}',
        body("forgot_password", { username = "u" }, context))
      assert.equal('{"ClientId":"c","Username":"u"}',
        body("forgot_password", { username = "u", analytics_metadata = false }, context))
      assert.equal('{"AccessToken":"t"}', body("get_user", { access_token = "t" }, context))
    end)

    it("leaves the caller's table as it was", function()
      local params = { auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "alice", PASSWORD = "p" } }
      body("initiate_auth", params, SECRET)
      assert.same({
        auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "alice", PASSWORD = "p" },
      }, params)
    end)
  end)

  describe("the secret hash", function()
    local HASH = '"6MtwlQyD2orFGJZkKq41Fvqk4yhjLJAYdq4Jpb/0OAA="'

    it("goes where the service takes one, and nowhere else", function()
      local takers = {
        forgot_password = {},
        resend_confirmation_code = {},
        confirm_forgot_password = { confirmation_code = "1", password = "p" },
        sign_up = { password = "p" },
        confirm_sign_up = { confirmation_code = "1" },
      }
      for operation, params in pairs(takers) do
        params.username = "alice"
        assert.truthy(body(operation, params, SECRET):find('"SecretHash":' .. HASH, 1, true), operation)
      end
      local without = {}
      for _, operation in ipairs(core.operations()) do
        local described = core.describe(operation)
        for _, member in ipairs(described.input) do
          if member.wire_name == "SecretHash" and not takers[operation] then
            without[#without + 1] = operation
          end
        end
      end
      assert.same({}, without)
    end)

    it("goes into the maps of the authentication calls", function()
      assert.truthy(body("initiate_auth", {
        auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "alice", PASSWORD = "p" },
      }, SECRET):find('"SECRET_HASH":' .. HASH, 1, true))
      assert.truthy(body("respond_to_auth_challenge", {
        challenge_name = "NEW_PASSWORD_REQUIRED", challenge_responses = { USERNAME = "alice", NEW_PASSWORD = "p" },
      }, SECRET):find('"SECRET_HASH":' .. HASH, 1, true))
    end)

    it("goes into none of their other maps", function()
      for operation, params in pairs {
        initiate_auth = { auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "alice", PASSWORD = "p" } },
        respond_to_auth_challenge = { challenge_name = "SMS_MFA", challenge_responses = { USERNAME = "alice" } },
      } do
        params.client_metadata = { USERNAME = "alice" }
        local text = body(operation, params, SECRET)
        assert.equal(1, select(2, text:gsub("SECRET_HASH", "")))
        assert.truthy(text:find('"ClientMetadata":{"USERNAME":"alice"}', 1, true))
      end
    end)

    it("takes the pool's own name of the user where the call has none", function()
      local refresh = { auth_flow = "REFRESH_TOKEN_AUTH", auth_parameters = { REFRESH_TOKEN = "t" } }
      assert.truthy(refusal("initiate_auth", refresh, SECRET).message:find("secret_hash_username", 1, true))
      local context = { secret_hash_username = "alice" }
      for name, value in pairs(SECRET) do context[name] = value end
      assert.truthy(body("initiate_auth", refresh, context):find('"SECRET_HASH":' .. HASH, 1, true))
    end)

    it("covers the very bytes that are sent", function()
      local name = "Zoë\n\"quoted\""
      local hash = core.secret_hash(name, "1example23456789", "9ebexamplesecret")
      assert.truthy(body("forgot_password", { username = name }, SECRET):find(hash, 1, true))
    end)

    it("is the caller's where the caller has one, and left out for false", function()
      assert.equal('{"ClientId":"1example23456789","SecretHash":"mine","Username":"alice"}',
        body("forgot_password", { username = "alice", secret_hash = "mine" }, SECRET))
      assert.equal('{"ClientId":"1example23456789","Username":"alice"}',
        body("forgot_password", { username = "alice", secret_hash = false }, SECRET))
      assert.is_nil(body("initiate_auth", {
        auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "alice", PASSWORD = "p", SECRET_HASH = false },
      }, SECRET):find "SECRET_HASH")
    end)

    it("is not made for another app client", function()
      assert.equal('{"ClientId":"another","Username":"alice"}',
        body("forgot_password", { username = "alice", client_id = "another" }, SECRET))
    end)

    it("is the secret itself for the three operations that want it", function()
      local long = ("s"):rep(24)
      local context = { region = "us-east-1", client_id = "c", client_secret = long }
      assert.equal(('{"ClientId":"c","ClientSecret":"%s","Token":"t"}'):format(long),
        body("revoke_token", { token = "t" }, context))
      assert.equal(('{"ClientId":"c","Secret":"%s"}'):format(long), body("get_client_token", {}, context))
      assert.equal('{"ClientId":"another","Secret":"own"}',
        body("get_client_token", { client_id = "another", secret = "own" }, context))
      assert.equal('{"ClientName":"n","UserPoolId":"p"}', body("create_user_pool_client",
        { client_name = "n", user_pool_id = "p" },
        { region = "us-east-1", client_secret = long, credentials = ADMIN.credentials }))
    end)
  end)

  describe("refuses", function()
    local cycle, many = {}, {}
    cycle.self = cycle
    for i = 1, 4194305 do many[i] = true end
    -- One that is not NULL, as cjson.null is; Lua 5.1 has none.
    local upvalueid = rawget(debug, "upvalueid")
    local light_userdata = upvalueid and upvalueid(function() return cycle end, 1) or io.stdout

    local cases = {
      { "a missing username", "forgot_password", {}, "username is required" },
      { "a misspelt parameter", "forgot_password", { usrname = "u" }, "did you mean 'username'" },
      { "a name that goes on behind a NUL", "forgot_password", { username = "u", ["username\0x"] = "v" },
        "(a key that does not print) is not a parameter" },
      { "the first one misspelt", "forgot_password", { username = "u", analytics_metadat = {} },
        "did you mean 'analytics_metadata'" },
      { "the service's spelling", "forgot_password", { Username = "u" }, "did you mean 'username'" },
      { "a parameter too many", "forgot_password", { username = "u", colour = "red" }, "colour is not a parameter" },
      { "a number for a string", "forgot_password", { username = 12 }, "username must be a string, not a number" },
      { "a boolean for a string", "forgot_password", { username = true }, "username must be a string, not a boolean" },
      { "false for what is not filled in", "forgot_password", { username = false }, "must be a string, not a boolean" },
      { "an empty username", "forgot_password", { username = "" }, "username must not be empty" },
      { "a text with fewer characters than the least", "create_user_pool",
        { pool_name = "p", email_verification_message = "\195\164\195\164\195\164\195\164\195\164" },
        "email_verification_message must have at least 6 characters" },
      { "a NUL byte", "forgot_password", { username = "a\0b" }, "username must not contain a NUL byte" },
      { "10 MB of username", "forgot_password", { username = ("x"):rep(1e7) }, "username makes the request larger" },
      { "overlong UTF-8", "forgot_password", { username = "\192\175" }, "valid UTF-8" },
      { "a surrogate", "forgot_password", { username = "\237\160\128" }, "valid UTF-8" },
      { "half a character", "forgot_password", { username = "a\226\130" }, "valid UTF-8" },
      { "a character beyond Unicode", "forgot_password", { username = "\244\144\128\128" }, "valid UTF-8" },
      { "a key that is no UTF-8", "forgot_password", { username = "u", client_metadata = { ["\255"] = "x" } },
        "valid UTF-8" },
      { "a map with a number as value", "forgot_password", { username = "u", client_metadata = { k = 1 } },
        "client_metadata.k must be a string" },
      { "a map with a number as key", "forgot_password", { username = "u", client_metadata = { "v" } },
        "every key must be a string" },
      { "a parameter without a name", "forgot_password", { username = "u", "x" }, "must have names as keys" },
      { "a member without a name", "sign_up", { username = "u", password = "p",
        user_attributes = { { name = "n", 1 } } }, "user_attributes[1] must have names as keys" },
      { "an empty list where one entry is the least", "add_custom_attributes", { custom_attributes = {} },
        "custom_attributes must not be empty" },
      { "an empty map where one entry is the least", "create_terms", { enforcement = "NONE", terms_name = "n",
        terms_source = "LINK", links = {} }, "links must not be empty" },
      { "a word for a flag", "admin_create_user", { username = "u", force_alias_creation = "yes" },
        "force_alias_creation must be true or false, not a string" },
      { "a number for bytes", "set_ui_customization", { image_file = 7 },
        "image_file must be a string of bytes, not a number" },
      { "8 MB of bytes", "set_ui_customization", { image_file = ("x"):rep(8e6) },
        "image_file makes the request larger" },
      { "a function in a free document", "create_managed_login_branding", { settings = { f = print } },
        "settings.f must be a value that JSON knows, not a function" },
      { "a value that a host program owns in a free document", "create_managed_login_branding",
        { settings = { u = light_userdata } }, "settings.u must be a value that JSON knows, not a" },
      { "true for the secret hash", "initiate_auth", { auth_flow = "USER_PASSWORD_AUTH",
        auth_parameters = { USERNAME = "u", SECRET_HASH = true } }, "SECRET_HASH must be a string, not a boolean" },
      { "4 MiB of escapes before the next value", "sign_up", { username = "u", password = ("\1"):rep(1e6),
        user_attributes = { { name = "n" } } }, "user_attributes makes the request larger" },
      { "more entries than a request has bytes", "admin_update_user_attributes",
        { username = "u", user_pool_id = "p", user_attributes = many }, "user_attributes makes the request larger" },
      { "a string for a map", "forgot_password", { username = "u", client_metadata = "x" }, "must be a map" },
      { "a table that holds itself", "forgot_password", { username = "u", client_metadata = cycle },
        "client_metadata.self must be a string" },
      { "a list with a hole", "sign_up", { username = "u", password = "p",
        user_attributes = { { name = "a" }, nil, { name = "b" } } }, "user_attributes must be a list" },
      { "a list with a name in it", "sign_up", { username = "u", password = "p",
        user_attributes = { { name = "a" }, email = "b" } }, "user_attributes must be a list" },
      { "a missing member inside", "sign_up", { username = "u", password = "p", user_attributes = { { value = "v" } } },
        "user_attributes[1].name is required" },
      { "a misspelt member inside", "sign_up", { username = "u", password = "p",
        user_attributes = { { name = "n", valeu = "v" } } },
        "user_attributes[1].valeu is not a parameter; did you mean 'value'" },
    }
    for _, case in ipairs(cases) do
      it(case[1], function()
        local err = refusal(case[2], case[3])
        assert.equal("invalid_parameter", err.code)
        assert.equal("validation", err.kind)
        assert.equal(case[2], err.operation)
        assert.truthy(err.message:find(case[4], 1, true), err.message)
      end)
    end

    it("a missing client id and pool id, and says where they can come from", function()
      local err = refusal("forgot_password", { username = "u" }, { region = "us-east-1" })
      assert.equal("client_id is required: pass it, or give it to cognito.new once", err.message)
      assert.equal("client_id", err.field)
      err = refusal("admin_get_user", { username = "u" }, { region = "us-east-1" })
      assert.truthy(err.message:find("user_pool_id is required", 1, true))
    end)

    it("a secret hash with no client id", function()
      local err = refusal("forgot_password", { username = "u", secret_hash = "h" }, { region = "us-east-1" })
      assert.equal("client_id", err.field)
      err = refusal("forgot_password", { username = "u" }, { region = "us-east-1", client_secret = "s" })
      assert.equal("client_id", err.field)
    end)

    it("a client secret with a line break or blanks, where it is used", function()
      local with = { client_id = "c", region = "us-east-1", user_pool_id = "p", credentials = ADMIN.credentials }
      for _, secret in ipairs { "hunter2\n", " hunter2", "hunter2 ", "hunter2\r\n", "hun\tter2" } do
        with.client_secret = ("x"):rep(24) .. secret
        for operation, params in pairs {
          forgot_password = { username = "u" },
          admin_initiate_auth = { auth_flow = "ADMIN_NO_SRP_AUTH", auth_parameters = { USERNAME = "u" } },
          get_tokens_from_refresh_token = { refresh_token = "r" },
        } do
          local err = refusal(operation, params, with)
          assert.equal("client_secret", err.field)
          assert.truthy(err.message:find("the client_secret holds white space", 1, true), err.message)
          assert.is_nil(err.message:find "ter2")
        end
        assert(core.build("get_user", { access_token = "t" }, with)) -- nothing of it is sent
      end
    end)

    it("numbers that are no whole numbers, too small or too large", function()
      for value, wanted in pairs {
        [0 / 1 - 1] = "at least", [1.5] = "whole number", [2 ^ 40] = "32 bits", [1 / 0] = "whole number",
      } do
        local err = refusal("list_users", { limit = value }, ADMIN)
        assert.truthy(err.message:find(wanted, 1, true), err.message)
      end
      assert.truthy(refusal("list_users", { limit = 0 / 0 }, ADMIN).message:find("whole number", 1, true))
      assert.truthy(refusal("list_users", { limit = "5" }, ADMIN).message:find("not a string", 1, true))
    end)

    it("a document that holds itself", function()
      local err = refusal("create_managed_login_branding", { client_id = "c", settings = cycle }, ADMIN)
      assert.truthy(err.message:find("refers to itself", 1, true))
    end)

    it("a region that is no host label", function()
      for _, region in ipairs { "eu west", "eu/west", "-eu", "eu-", "", "a.b", "é", ("a"):rep(64), "a\nb" } do
        local err = refusal("forgot_password", { username = "u" }, { region = region, client_id = "c" })
        assert.equal("region", err.field)
      end
    end)

    it("an endpoint that is no URL", function()
      for _, url in ipairs {
        "", "host", "ftp://host", "https://", "https:///path", "https://user@host", "https://host:", "https://host:0",
        "https://host:65536", "https://host:x", "https://ho st", "https://host/a b", "https://host/?q",
        "https://host/#f",
        "https://host\r\nX: y", "https://host\0", "https://[::1", "https://[::g]",
      } do
        local err = refusal("forgot_password", { username = "u" }, { region = "r", endpoint = url, client_id = "c" })
        assert.equal("endpoint", err.field, url)
      end
    end)

    it("to sign without region or credentials", function()
      local function admin(credentials)
        return refusal("admin_get_user", { username = "u" },
          { region = "us-east-1", user_pool_id = "p", credentials = credentials })
      end
      assert.equal("no_credentials", admin(nil).code)
      assert.equal("credentials", admin(nil).kind)
      assert.truthy(admin({ access_key_id = "AK" }).message:find("no secret_access_key", 1, true))
      assert.truthy(admin({ secret_access_key = "s" }).message:find("no access_key_id", 1, true))
      assert.truthy(admin({ access_key_id = "", secret_access_key = "s" }).message:find("no access_key_id", 1, true))
      assert.truthy(admin({ access_key_id = "AK", secret_access_key = "" }).message
        :find("no secret_access_key", 1, true))
      assert.equal("credentials.access_key_id", admin({ access_key_id = "A\nK", secret_access_key = "s" }).field)
      assert.equal("credentials.session_token",
        admin({ access_key_id = "AK", secret_access_key = "s", session_token = "a\r\nb" }).field)
      for _, secret in ipairs { "s\n", " s", "s ", "s\r\n", "\ts", "s\0", "s\194\160" } do
        assert.equal("credentials.secret_access_key",
          admin({ access_key_id = "AK", secret_access_key = secret }).field)
      end
      assert.equal("no_region", refusal("forgot_password", { username = "u" }, { client_id = "c" }).code)
      assert.equal("https://h/", core.build("forgot_password", { username = "u" },
        { client_id = "c", endpoint = "https://h" }).url)
      assert.equal("no_region", refusal("admin_get_user", { username = "u" },
        { user_pool_id = "p", endpoint = "https://h", credentials = ADMIN.credentials }).code)
    end)

    it("without ever showing a value", function()
      local err = refusal("confirm_forgot_password",
        { username = "u", confirmation_code = "c0de\0", password = "pa55word" })
      assert.is_nil(err.message:find "c0de")
      err = refusal("forgot_password", { username = "u", client_metadata = { ["k\27[31m"] = 1 } })
      assert.is_nil(err.message:find "\27")
    end)
  end)

  it("raises for what only the program can be wrong about", function()
    assert.has_error(function() core.build("forgot_password", "ada") end)
    assert.has_error(function() core.build("forgot_password", nil) end)
    assert.has_error(function() core.build("forgot_password", {}, "context") end)
    assert.has_error(function() core.build("forgot_password", {}, { region = 1 }) end)
    assert.has_error(function() core.build(7, {}) end)
    local ok, message = pcall(core.build, "forgot_pasword", {})
    assert.is_false(ok)
    assert.truthy(message:find("did you mean 'forgot_password'", 1, true))
  end)

  it("reads tables raw", function()
    local params = setmetatable({ username = "u" }, { __index = function() error "asked" end })
    assert.equal('{"ClientId":"1example23456789","Username":"u"}', body("forgot_password", params))
  end)

  it("works for every operation of the model", function()
    local function sample(member)
      local kind = member.type
      if kind == "structure" then
        local value = {}
        for _, inner in ipairs(member.members) do value[inner.name] = sample(inner) end
        return value
      elseif kind == "list" then
        return { sample(member.element) }
      elseif kind == "map" then
        return { key = sample(member.value) }
      elseif kind == "boolean" then
        return true
      elseif kind == "string" or kind == "blob" then
        return ("x"):rep(math.max(member.min or 1, 1))
      elseif kind == "document" then
        return { a = 1 }
      end
      return math.max(member.min or 0, 1)
    end
    for _, operation in ipairs(core.operations()) do
      local described, params = core.describe(operation), {}
      for _, member in ipairs(described.input) do
        params[member.name] = sample(member)
      end
      local request, err = core.build(operation, params, ADMIN)
      assert.is_nil(err and operation .. ": " .. err.message)
      local decoded = require("cognito.json").decode(request.body)
      for _, member in ipairs(described.input) do
        assert.is_not_nil(decoded[member.wire_name], operation .. "." .. member.name)
      end
      assert.equal(described.signed, header(request, "authorization") ~= nil, operation)
    end
  end)
end)

local core = require "cognito.core"
local wire = require "cognito.wire"
local sandbox_process = require "spec.support.sandbox_process"

describe("cognito.core", function()
  local process, http, context

  setup(function()
    process = sandbox_process.start "--code 123456"
    http = core.http()
    context = {
      http = http,
      endpoint = process.settings.url,
      region = process.settings.AWS_REGION,
      user_pool_id = process.settings.COGNITO_USER_POOL_ID,
      client_id = process.settings.COGNITO_CLIENT_ID,
      client_secret = process.settings.COGNITO_CLIENT_SECRET,
      credentials = {
        access_key_id = process.settings.AWS_ACCESS_KEY_ID,
        secret_access_key = process.settings.AWS_SECRET_ACCESS_KEY,
      },
    }
  end)

  teardown(function()
    http:close()
    process:stop()
  end)

  it("has a C function for every operation", function()
    assert.equal(140, #core.operations())
    for _, name in ipairs(core.operations()) do
      assert.is_function(core[name])
    end
  end)

  local function by_hand(operation, params)
    local request, err = core.build(operation, params, context)
    if not request then
      return nil, err, {}
    end
    local response
    response, err = http:send(request)
    if not response then
      return nil, err, {}
    end
    return core.parse(operation, response)
  end

  -- What differs from call to call by nature.
  local function comparable(result, err, meta)
    meta.request_id = meta.request_id and "id"
    if err then err.request_id = err.request_id and "id" end
    return { result = result, err = err, meta = meta }
  end

  local calls = {
    { "admin_create_user", { username = "ada", message_action = "SUPPRESS",
      user_attributes = { { name = "email", value = "ada@example.com" },
        { name = "email_verified", value = "true" } } } },
    { "admin_set_user_password", { username = "ada", password = "Passw0rd!", permanent = true } },
    { "forgot_password", { username = "ada" } },
    { "resend_confirmation_code", { username = "ada" } },
    { "admin_reset_user_password", { username = "ada" } },
    { "admin_get_user", { username = "nobody" } },
    { "confirm_forgot_password", { username = "ada", confirmation_code = "0", password = "Passw0rd!" } },
    { "forgot_password", { usrname = "ada" } },
    { "list_users", { limit = 5 } },
  }

  it("does in one what build, send and parse do in three", function()
    for i, call in ipairs(calls) do
      local operation, params = call[1], call[2]
      if i == 1 then
        assert.is_table((core[operation](params, context)))
      else
        local together = comparable(core[operation](params, context))
        local apart = comparable(by_hand(operation, params))
        assert.same(apart, together, operation)
      end
    end
  end)

  it("reports the network's faults", function()
    local dead = { http = http, endpoint = "http://127.0.0.1:1", region = "eu-west-1", client_id = "c" }
    local result, err, meta = core.forgot_password({ username = "ada" }, dead)
    assert.is_nil(result)
    assert.equal("connect", err.code)
    assert.equal("network", err.kind)
    assert.is_false(err.sent)
    assert.equal("forgot_password", err.operation)
    assert.same({}, meta)
  end)

  it("raises for what only the program can be wrong about", function()
    assert.has_error(function() core.forgot_password("ada", context) end)
    assert.has_error(function() core.forgot_password({ username = "ada" }) end)
    assert.has_error(function() core.forgot_password({ username = "ada" }, { region = "r", client_id = "c" }) end)
    for _, imposter in ipairs { io.stdout, {}, "http", core.forgot_password } do
      assert.has_error(function()
        core.forgot_password({ username = "ada" }, { http = imposter, region = "r", client_id = "c" })
      end)
    end
  end)

  it("reports the versions that it runs with", function()
    local info = core.info()
    assert.equal(rawget(_G, "jit") and "LuaJIT" or _VERSION, info.lua)
    assert.equal(info.lua, wire.info().lua)
    assert.truthy(info.openssl:find "^OpenSSL")
    assert.truthy(info.libcurl)
    assert.is_nil(wire.info().libcurl)
  end)
end)

describe("core.effect", function()
  it("is that of a call without parameters where there are none", function()
    assert.equal(core.effect("admin_create_user", {}), core.effect "admin_create_user")
    assert.equal("message", core.effect "admin_create_user")
    assert.equal("read", core.effect("admin_get_user", false))
  end)

  it("follows from parameters where they decide it", function()
    assert.not_equal("message", core.effect("admin_create_user", { message_action = "SUPPRESS" }))
  end)
end)

describe("cognito.wire", function()
  it("is the core without HTTP", function()
    for _, name in ipairs { "build", "parse", "sign", "secret_hash", "describe", "effect", "operations", "nearest",
      "list" } do
      assert.is_function(wire[name])
    end
    assert.is_nil(wire.http)
    assert.is_nil(wire.forgot_password)
  end)

  it("builds the same bytes", function()
    local context = {
      region = "us-east-1", user_pool_id = "us-east-1_AbCdEfGhI", time = 1795247391,
      credentials = { access_key_id = "AK", secret_access_key = "s", session_token = "t" },
    }
    for _, operation in ipairs { "admin_get_user", "admin_reset_user_password" } do
      assert.same(core.build(operation, { username = "ada" }, context),
        (wire.build(operation, { username = "ada" }, context)))
    end
  end)
end)

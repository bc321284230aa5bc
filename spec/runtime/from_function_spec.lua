-- A function of the program's as runtime.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local function client(send, more)
  local settings = {
    user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "3n4b5urk1ft4fl3mg5e62d9ado", runtime = send,
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "s3cr3t-key" },
    env = function() return nil end, random = function() return 0 end,
  }
  for name, value in pairs(more or {}) do settings[name] = value end
  return cognito.new(settings)
end

local DELIVERED = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL","Destination":"a***"}}'

describe("a function as runtime", function()
  it("is given request and options, and its response is the reply", function()
    local asked
    local pool = client(function(request, options)
      asked = { request = request, options = options }
      return { status = 200, headers = {}, body = DELIVERED }
    end, { timeout = 7 })
    local sent = assert(pool:forgot_password { username = "ada" })
    assert.equal("EMAIL", sent.code_delivery_details.delivery_medium)
    assert.equal("https://cognito-idp.eu-west-1.amazonaws.com/", asked.request.url)
    assert.equal("POST", asked.request.method)
    assert.equal("application/x-amz-json-1.1", fake.header(asked.request, "Content-Type"))
    assert.is_true(asked.options.timeout > 0 and asked.options.timeout <= 7) -- the rest of it
    assert.equal(5, asked.options.max_idle)
  end)

  it("may spell headers as it likes, and give lists of repeated ones", function()
    local pool = client(function()
      return {
        status = 400, body = "{}",
        headers = { ["X-Amzn-ErrorType"] = "UserNotFoundException:", ["x-amzn-RequestId"] = { "a", "b" }, Age = 1 },
      }
    end)
    local _, err = pool:forgot_password { username = "ada" }
    assert.equal("UserNotFoundException", err.code)
    assert.equal("a, b", err.request_id)
  end)

  it("may leave headers and body out", function()
    local pool = client(function() return { status = 200 } end)
    assert.same({}, (pool:admin_reset_user_password { username = "ada" }))
  end)

  it("whose error is a text, or does not say whether bytes were sent, makes calls ambiguous", function()
    for _, fault in ipairs { "connection refused", { message = "gone" }, { code = "timeout", message = "slow" } } do
      local calls = 0
      local _, err = client(function()
        calls = calls + 1
        return nil, fault
      end):forgot_password { username = "ada" }
      assert.equal(1, calls)
      assert.is_true(err.ambiguous)
      assert.equal("network", err.kind)
      assert.equal(fault.code or "connection_lost", err.code)
      assert.equal(fault.message or fault, err.message)
    end
  end)

  it("is asked again where it promises that nothing was sent", function()
    local fault = { code = "connect", message = "refused", sent = false }
    local calls = 0
    local sent = assert(client(function()
      calls = calls + 1
      if calls < 3 then return nil, fault end
      return { status = 200, body = DELIVERED }
    end):forgot_password { username = "ada" })
    assert.equal("EMAIL", sent.code_delivery_details.delivery_medium)
    assert.equal(3, calls)
    assert.same({ code = "connect", message = "refused", sent = false }, fault) -- it stays the function's own
  end)

  it("that returns something else gets an error that says so", function()
    local function complains(value, about)
      local ok, message = pcall(function()
        return client(function() return value end):forgot_password { username = "ada" }
      end)
      assert.is_false(ok)
      assert.truthy(tostring(message):find(about, 1, true), message)
    end
    complains("200", "a table with a status")
    complains({}, "a table with a status")
    complains({ status = 200, headers = "x" }, "headers as a table")
    complains({ status = 200, body = {} }, "the body as a string")
  end)

  it("that returns nothing loses the connection, and the error says why", function()
    local none = "the runtime's function returned neither a response nor an error"
    local function lost(runtime, about)
      local pool = client(runtime)
      local _, err = pool:forgot_password { username = "ada" }
      assert.same({ "connection_lost", true, about }, { err.code, err.ambiguous, err.message })
      _, err = pool:connect()
      assert.same({ "connection_lost", about }, { err.code, err.message })
    end
    lost(function() end, none)
    lost(function() return false end, none)
    local mute = { send = function() end, sleep = function() end }
    lost(mute, "the runtime returned neither a response nor an error")
    local _, err = cognito.new({
      user_pool_id = "eu-west-1_Ab12Cd34E", runtime = mute,
      env = function(name)
        return name == "AWS_CONTAINER_CREDENTIALS_FULL_URI" and "http://127.0.0.1:1/keys" or nil
      end,
    }):admin_get_user { username = "ada" }
    assert.equal("no_credentials", err.code)
    assert.matches("neither a response nor an error", err.message)
  end)

  it("carries the look-up of credentials, too", function()
    local urls = {}
    local pool = cognito.new {
      user_pool_id = "eu-west-1_Ab12Cd34E",
      env = function(name)
        return name == "AWS_CONTAINER_CREDENTIALS_FULL_URI" and "http://127.0.0.1:1/keys" or nil
      end,
      runtime = function(request)
        urls[#urls + 1] = request.url
        return { status = 200, body = request.url:find "^https:" and '{"Username":"ada"}'
          or '{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2999-01-01T00:00:00Z"}' }
      end,
    }
    assert.equal("ada", assert(pool:admin_get_user { username = "ada" }).username)
    assert.same({ "http://127.0.0.1:1/keys", "https://cognito-idp.eu-west-1.amazonaws.com/" }, urls)
  end)
end)

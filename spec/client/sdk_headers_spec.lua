local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local native = require "cognito.core"
local sdk_headers = require "cognito.sdk_headers"

local function env(values)
  return function(name) return values[name] end
end

describe("the user agent", function()
  it("names the caller", function()
    local agent = sdk_headers.user_agent(env {})
    assert.truthy(agent:find("^lua%-cognito/[%w.-]+ ua/2%.1 api/cognito%-identity%-provider#[%w.-]+ os/%a+ "
      .. "lang/lua%a*#[%w.-]+ m/E$"), agent)
  end)

  it("names the version of the client for the service's API", function()
    local client, api = sdk_headers.user_agent(env {}):match "^lua%-cognito/(%S+) .*api/[%l-]+#(%S+)"
    assert.equal(client, api)
  end)

  it("says where, and for whom", function()
    local agent = sdk_headers.user_agent(env { AWS_EXECUTION_ENV = "AWS_Lambda_provided.al2023" },
      { app_id = "my app (ü)\r\nX: y", own_endpoint = true })
    assert.truthy(agent:find(" exec-env/AWS_Lambda_provided.al2023 ", 1, true), agent)
    assert.truthy(agent:find(" m/E,N app/my-app----", 1, true), agent)
    assert.is_nil(agent:find "[%c]")
  end)

  it("keeps the application's name short", function()
    assert.equal(50, #sdk_headers.user_agent(env {}, { app_id = ("x"):rep(99) }):match "app/(.*)$")
  end)
end)

describe("an invocation id", function()
  it("is a UUID of version 4, and another one each time", function()
    local seen = {}
    for _ = 1, 200 do
      local id = native.uuid()
      assert.truthy(id:find "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$", id)
      assert.is_nil(seen[id])
      seen[id] = true
    end
  end)
end)

describe("the trace id", function()
  it("is Lambda's, and only there", function()
    assert.equal("Root=1", sdk_headers.trace_id(env { AWS_LAMBDA_FUNCTION_NAME = "f", _X_AMZN_TRACE_ID = "Root=1" }))
    assert.is_nil(sdk_headers.trace_id(env { _X_AMZN_TRACE_ID = "Root=1" }))
    assert.is_nil(sdk_headers.trace_id(env { AWS_LAMBDA_FUNCTION_NAME = "f" }))
    assert.is_nil(sdk_headers.trace_id(env { AWS_LAMBDA_FUNCTION_NAME = "f", _X_AMZN_TRACE_ID = " " }))
  end)
end)

describe("a trace id that is no header's value", function()
  it("is encoded, and no call fails for it", function()
    local lambda = { AWS_LAMBDA_FUNCTION_NAME = "f", _X_AMZN_TRACE_ID = "Root=1-a;Parent=b;Lineage=c:0\r\nX: é" }
    assert.equal("Root=1-a;Parent=b;Lineage=c:0%0D%0AX: %C3%A9", sdk_headers.trace_id(env(lambda)))
    local pool = cognito.new { user_pool_id = "eu-west-1_x", client_id = "c", env = env(lambda),
      runtime = fake.new { fake.ok() } }
    assert.is_table(pool:forgot_password { username = "ada" })
  end)

  it("stays as it is where it can", function()
    local id = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1|68fd508:5"
    assert.equal(id, sdk_headers.trace_id(env { AWS_LAMBDA_FUNCTION_NAME = "f", _X_AMZN_TRACE_ID = id }))
  end)
end)

describe("chance", function()
  it("covers the range evenly enough", function()
    local low, high, sum = 1, 0, 0
    for _ = 1, 4000 do
      local n = native.random()
      assert.is_true(n >= 0 and n < 1)
      low, high, sum = math.min(low, n), math.max(high, n), sum + n
    end
    -- Five standard deviations of the mean are 0.023.
    assert.is_true(low < 0.01 and high > 0.99 and math.abs(sum / 4000 - 0.5) < 0.03)
  end)

  it("has as many bytes as are asked for", function()
    assert.equal(16, #native.random_bytes(16))
    assert.not_equal(native.random_bytes(16), native.random_bytes(16))
    for _, wrong in ipairs { 0, -1, 1025, 1 / 0 } do
      assert.has_error(function() native.random_bytes(wrong) end)
    end
    assert.has_error(function() native.random_bytes "x" end)
  end)
end)

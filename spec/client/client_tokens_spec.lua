--- Access tokens for the app client itself: kept, renewed, shared. Calls at the
-- same time, on every runtime, are spec/support/behaviour/many.lua's.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local sandbox = require "cognito.sandbox"

local REPLY = '{"ClientAuthenticationResult":{"AccessToken":"token-%d","ExpiresIn":3600,"TokenType":"Bearer"}}'

-- A runtime with a clock that only goes forward beside the time of day.
local function scene(answer)
  local n = 0
  local runtime = fake.new { function(request)
    n = n + 1
    return answer and answer(n, request) or fake.ok(REPLY:format(n))
  end }
  runtime.uptime = 100
  function runtime:clock() return self.uptime end
  function runtime:pass(seconds) self.uptime, self.time = self.uptime + seconds, self.time + seconds end
  local pool = cognito.new { region = "eu-west-1", client_id = "c", client_secret = "a-secret", runtime = runtime,
    env = function() end, max_attempts = 1, credentials = function() error "no credentials are asked for" end }
  return pool, runtime
end

local function text(tokens)
  local token, err = tokens:get()
  return token and token.access_token, err
end

describe("tokens of an app client", function()
  it("are asked for with the client's secret and scopes, and kept", function()
    local pool, runtime = scene()
    local tokens = cognito.client_tokens(pool, { scopes = { "orders/read" }, client_metadata = { a = "b" } })
    local token = assert(tokens:get())
    assert.same({ access_token = "token-1", token_type = "Bearer", expires_at = runtime.time + 3600 }, token)
    assert.equal("token-1", text(tokens))
    assert.equal(1, runtime:count())
    local body = runtime:request(1).body
    assert.truthy(body:find('"Secret":"a-secret"', 1, true) and body:find('"Scopes":["orders/read"]', 1, true))
    assert.is_nil(fake.header(runtime:request(1), "Authorization"))
  end)

  it("are renewed before their end, at most a minute, and never after it", function()
    local pool, runtime = scene()
    local tokens = cognito.client_tokens(pool)
    assert.equal("token-1", text(tokens))
    runtime:pass(3600 - 61)
    assert.equal("token-1", text(tokens))
    runtime:pass(31)
    assert.equal("token-2", text(tokens))
    assert.equal(2, runtime:count())
  end)

  it("serve on while they last when the renewal fails, and errors are not kept", function()
    local fails = false
    local pool, runtime = scene(function() return fails and fake.failure(400, "TooManyRequestsException") or nil end)
    local tokens = cognito.client_tokens(pool)
    assert.equal("token-1", text(tokens))
    fails = true
    runtime:pass(3600 - 20)
    assert.equal("token-1", text(tokens))
    runtime:pass(20)
    for _ = 1, 2 do
      local token, err = tokens:get()
      assert.is_nil(token)
      assert.same({ "TooManyRequestsException", "get_client_token" }, { err.code, err.operation })
      assert.is_true(cognito.is_error(err))
    end
    fails = false
    assert.equal("token-5", text(tokens))
  end)

  it("end at their time, whatever becomes of the machine's clock", function()
    local pool, runtime = scene()
    local tokens = cognito.client_tokens(pool)
    assert.equal("token-1", text(tokens))
    runtime.time = runtime.time - 7200 -- set back
    runtime.uptime = runtime.uptime + 3600
    assert.equal("token-2", text(tokens))
    runtime.time = runtime.time + 7200 -- a machine that slept, or a clock set forward
    local third = assert(tokens:get())
    assert.equal("token-3", third.access_token)
    runtime.time = third.expires_at - 1
    assert.equal("token-3", text(tokens))
    runtime.time = third.expires_at
    assert.equal("token-4", text(tokens))
  end)

  it("are replaced when a server refuses them, once for all", function()
    local pool, runtime = scene()
    local tokens = cognito.client_tokens(pool)
    local first = assert(tokens:get())
    assert.equal("token-2", assert(tokens:refresh(first)).access_token)
    assert.equal("token-2", assert(tokens:refresh(first)).access_token)
    assert.equal(2, runtime:count())
    assert.has_error(function() tokens:refresh "token-2" end,
      "refresh takes the token that was refused, as get returned it")
  end)

  it("are the caller's own table", function()
    local tokens = cognito.client_tokens((scene()))
    assert(tokens:get()).access_token = "changed"
    assert.equal("token-1", text(tokens))
  end)

  it("are asked for with the scopes of the beginning", function()
    local pool, runtime = scene()
    local scopes = { "orders/read" }
    local tokens = cognito.client_tokens(pool, { scopes = scopes })
    scopes[1] = "orders/write"
    assert.equal("token-1", text(tokens))
    assert.truthy(runtime:request(1).body:find('"Scopes":["orders/read"]', 1, true))
  end)

  it("are not kept without an end, and none where the reply has none", function()
    local reply = '{"ClientAuthenticationResult":{"AccessToken":"t"}}'
    local pool, runtime = scene(function() return fake.ok(reply) end)
    local tokens = cognito.client_tokens(pool)
    assert.equal("t", text(tokens))
    assert.equal("t", text(tokens))
    assert.is_true(runtime:count() >= 2)
    reply = "{}"
    local _, err = tokens:get()
    assert.equal("malformed_response", err.code)
  end)

  it("are asked for with the other secret where the first is refused", function()
    local box = sandbox.new()
    local settings = box:settings()
    settings.client_secret = { "the-next-one", settings.client_secret }
    local tokens = cognito.client_tokens(cognito.new(settings))
    assert.is_string(text(tokens))
    assert.equal(1, box:executions "get_client_token")
  end)

  it("are not shown by the object that keeps them", function()
    local tokens = cognito.client_tokens((scene()))
    assert.equal("token-1", text(tokens))
    assert.equal("cognito client tokens", tostring(tokens))
    assert.is_nil(next(tokens))
  end)

  it("want a client and known options", function()
    local pool = scene()
    for _, call in ipairs {
      function() cognito.client_tokens { client_id = "c" } end,
      function() cognito.client_tokens(pool, { scope = { "a/b" } }) end,
      function() cognito.client_tokens(pool, { scopes = "a/b" }) end,
      function() cognito.client_tokens(pool, { scopes = { 5 } }) end,
      function() cognito.client_tokens(pool, "a/b") end,
      function() cognito.client_tokens(pool).get() end,
    } do
      local ok, message = pcall(call)
      assert.is_false(ok)
      assert.truthy(message:find("client_tokens_spec", 1, true), message)
    end
  end)
end)

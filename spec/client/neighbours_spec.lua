--- Calls of one client that run at the same time, or in the middle of each other:
-- each keeps its own secret, keys and time.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local native = require "cognito.native"

describe("calls of one client", function()
  local function hash(runtime, n)
    return runtime:request(n).body:match '"SecretHash":"([^"]+)"'
  end

  it("do not take each other's secrets while one waits for its own", function()
    local runtime = fake.new { fake.ok() }
    local pool = cognito.new { region = "eu-west-1", client_id = "c", runtime = runtime }
    assert(pool:forgot_password({ username = "outer" }, {
      client_secret = function()
        assert(pool:forgot_password({ username = "inner" }, { client_secret = "its-own" }))
        return "another"
      end,
    }))
    assert.equal(cognito.secret_hash("inner", "c", "its-own"), hash(runtime, 1))
    assert.equal(cognito.secret_hash("outer", "c", "another"), hash(runtime, 2))
  end)

  -- Another call's reply arrives between this call's request and its refusal.
  local function with_neighbour(script, neighbour, settings)
    local runtime
    local first = script[1]
    script[1] = function()
      script[1] = first
      runtime.sent[1].neighbour = neighbour()
      return first
    end
    runtime = fake.new(script)
    settings.runtime, settings.user_pool_id, settings.client_id = runtime, "eu-west-1_x", "c"
    return cognito.new(settings), runtime
  end

  it("compare the service's clock with the date that they were signed with", function()
    for _, date in ipairs { "Sat, 21 Nov 2026 08:09:51 GMT", "Sat, 21 Nov 2026 07:29:51 GMT",
      "Sat, 21 Nov 2026 07:54:52 GMT", "Sat, 21 Nov 2026 07:44:50 GMT" } do
      local pool, runtime
      local refusal = fake.failure(400, "InvalidSignatureException", "Signature expired: x", { date = date })
      pool, runtime = with_neighbour({ refusal, refusal, fake.ok() }, function()
        assert(pool:admin_get_user { username = "neighbour" })
      end, { credentials = { access_key_id = "AK", secret_access_key = "s" } })
      local result, err, meta = pool:admin_get_user { username = "u" }
      assert.is_table(result, tostring(err))
      assert.equal(2, meta.attempts)
      assert.equal(4, runtime:count())
      assert.equal(fake.header(runtime:request(3), "X-Amz-Date"), fake.header(runtime:request(4), "X-Amz-Date"))
    end
  end)

  it("pass a function the secret that was refused, so that it can tell whether it has another", function()
    local refused = fake.failure(400, "NotAuthorizedException", "Unable to verify secret hash for client c")
    local current, fetched = "first", 0
    local pool, runtime
    pool, runtime = with_neighbour({ refused, refused, fake.ok() }, function()
      assert(pool:forgot_password { username = "neighbour" })
    end, { client_secret = function(old)
      if old == current then
        fetched, current = fetched + 1, "second"
      end
      return current
    end })
    assert(pool:forgot_password { username = "u" })
    assert.equal(1, fetched)
    assert.equal(cognito.secret_hash("neighbour", "c", "second"), hash(runtime, 3))
    assert.equal(cognito.secret_hash("u", "c", "second"), hash(runtime, 4))
  end)

  it("pass a function the credentials that were refused", function()
    local expired = fake.failure(400, "ExpiredTokenException", "The security token included in the request is expired")
    local current, fetched = { access_key_id = "AK1", secret_access_key = "s" }, 0
    local pool, runtime
    pool, runtime = with_neighbour({ expired, expired, fake.ok() }, function()
      assert(pool:admin_get_user { username = "neighbour" })
    end, { credentials = function(old)
      if old == current then
        fetched, current = fetched + 1, { access_key_id = "AK2", secret_access_key = "s" }
      end
      return current
    end })
    assert(pool:admin_get_user { username = "u" })
    assert.equal(1, fetched)
    assert.truthy(fake.header(runtime:request(4), "Authorization"):find("AK2", 1, true))
  end)

  it("do not inherit the secret of the last one", function()
    local runtime = fake.new { fake.ok() }
    local pool = cognito.new { region = "eu-west-1", client_id = "c", runtime = runtime }
    assert(pool:forgot_password({ username = "u" }, { client_secret = "s" }))
    assert(pool:forgot_password { username = "u" })
    assert.is_nil(hash(runtime, 2))
  end)
end)

-- A finalizer may run in the middle of everything. All calls of a client once
-- filled the same context: 60 of 60 signed calls failed.
describe("a call that comes in between", function()
  local exchange = getmetatable(native.exchange()).__index
  local prepare = exchange.prepare
  after_each(function() exchange.prepare = prepare end)

  -- Makes another call of the client each time a request is to be built.
  local function interrupt(other)
    local inside
    exchange.prepare = function(...)
      if not inside then
        inside = true
        other()
        inside = false
      end
      return prepare(...)
    end
  end

  local function signed(runtime, n)
    return fake.header(runtime:request(n), "Authorization")
  end

  it("leaves the first one its keys, time and secret", function()
    local runtime = fake.new { fake.ok() }
    local now = 1795247391
    local pool = cognito.new {
      user_pool_id = "eu-west-1_x", client_id = "c", client_secret = "s",
      runtime = runtime, now = function() return now end,
      credentials = { access_key_id = "AK", secret_access_key = "s" },
    }
    assert(pool:admin_get_user { username = "u" })
    assert(pool:forgot_password { username = "u" })
    for _ = 1, 3 do
      interrupt(function() assert(pool:forgot_password({ username = "v" }, { client_secret = "other" })) end)
      assert(pool:admin_get_user { username = "u" })
      interrupt(function() assert(pool:admin_get_user { username = "v" }) end)
      assert(pool:forgot_password { username = "u" })
    end
    for n = 3, runtime:count(), 4 do
      assert.equal(signed(runtime, 1), signed(runtime, n + 1))
      assert.equal(runtime:request(2).body, runtime:request(n + 3).body)
    end
  end)
end)

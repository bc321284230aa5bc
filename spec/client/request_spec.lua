--- The parts of a call's requests: secrets, keys, and the part that is the same for
-- all of a client's requests.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local native = require "cognito.native"

local KEYS = { access_key_id = "AK", secret_access_key = "s" }

local function new_pool(settings)
  settings.user_pool_id, settings.client_id, settings.runtime = "eu-west-1_x", "c", fake.new { fake.ok() }
  return cognito.new(settings), settings.runtime
end

describe("a signed call that needs the client's secret, too", function()
  it("has both, in the first call and in later ones, wherever they come from", function()
    for _, secret in ipairs { "s", function() return "s" end } do
      for _, keys in ipairs { KEYS, function() return KEYS end } do
        local pool, runtime = new_pool { client_secret = secret, credentials = keys }
        for n = 1, 2 do
          assert(pool:admin_initiate_auth { auth_flow = "ADMIN_USER_PASSWORD_AUTH",
            auth_parameters = { USERNAME = "u", PASSWORD = "p" } })
          local request = runtime:request(n)
          assert.truthy(request.body:find(cognito.secret_hash("u", "c", "s"), 1, true))
          assert.truthy(fake.header(request, "Authorization"):find("AK/", 1, true))
        end
      end
    end
  end)
end)

describe("a client_secret function that returns none", function()
  local function refused(...)
    local values, n = { ... }, select("#", ...)
    local pool, runtime = new_pool { client_secret = function() return (table.unpack or unpack)(values, 1, n) end }
    local result, err = pool:forgot_password { username = "u" }
    assert.is_nil(result)
    assert.equal(0, runtime:count())
    return err
  end

  it("ends the call with its error where it was given up", function()
    local err = refused(nil, { code = "aborted", kind = "network", message = "the task was cancelled" })
    assert.same({ "aborted", "the task was cancelled", "forgot_password" }, { err.code, err.message, err.operation })
  end)

  it("is named with its reason, of whatever type that is", function()
    local shown = setmetatable({ code = "another" }, { __tostring = function() return "the vault is shut" end })
    for text, reason in pairs { ["the vault is shut"] = shown, ["shut"] = "shut", ["42"] = 42, ["true"] = true } do
      local err = refused(nil, reason)
      assert.same({ "no_credentials",
        "the client_secret function returned neither a string nor one or two in a table: " .. text },
        { err.code, err.message })
      assert.matches("^Look at the function client_secret", err.hint)
    end
    for _, value in ipairs { "", 7, true } do
      assert.equal("the client_secret function returned neither a string nor one or two in a table",
        refused(value).message)
    end
  end)
end)

describe("what is the same for all requests of a client", function()
  local caller = native.caller
  after_each(function() native.caller = caller end)

  it("is made once, and once more for a call with headers of its own", function()
    local made = 0
    native.caller = function(...)
      made = made + 1
      return caller(...)
    end
    local pool, runtime = new_pool { credentials = KEYS, headers = { ["x-own"] = "1" } }
    for _ = 1, 3 do
      assert(pool:forgot_password { username = "u" })
      assert.equal("1", fake.header(runtime:request(), "x-own"))
    end
    assert.equal(1, made)
    for _ = 1, 3 do assert(pool:admin_get_user { username = "u" }) end
    assert.equal(2, made) -- signed ones name the source of their keys
    assert(pool:forgot_password({ username = "u" }, { headers = { ["x-own"] = "2" } }))
    assert.same({ 3, "2" }, { made, fake.header(runtime:request(), "x-own") })
    assert(pool:forgot_password { username = "u" })
    assert.same({ 3, "1" }, { made, fake.header(runtime:request(), "x-own") })
  end)
end)

-- An exchange holds the request, with the secrets in it, and the reply.
describe("the exchanges of a client", function()
  local exchange = native.exchange
  local made

  before_each(function()
    made = {}
    native.exchange = function()
      made[#made + 1] = exchange()
      return made[#made]
    end
  end)
  after_each(function() native.exchange = exchange end)

  local function holds_a_request()
    for _, one in ipairs(made) do
      if pcall(one.request, one) then return true end
    end
    return false
  end

  it("serve one call after the other, and those that come in between", function()
    local pool, runtime = new_pool {}
    for _ = 1, 3 do assert(pool:forgot_password { username = "u" }) end
    assert.equal(1, #made)
    for _ = 1, 2 do
      runtime.script = { function()
        runtime.script = { fake.ok() }
        assert(pool:forgot_password { username = "inner" })
        return fake.ok()
      end }
      assert(pool:forgot_password { username = "outer" })
      assert.equal(2, #made)
    end
    for _ = 1, 3 do assert(pool:forgot_password { username = "u" }) end
    assert.equal(2, #made)
  end)

  it("hold nothing of a call that is over", function()
    for _, reply in ipairs { fake.ok(), fake.failure(400, "UserNotFoundException"), fake.fault("timeout", true) } do
      local pool, runtime = new_pool {}
      runtime.script = { function()
        assert.is_true(holds_a_request())
        return reply
      end }
      pool:forgot_password { username = "u" }
      assert.is_false(holds_a_request())
    end
  end)

  it("hold nothing while a call waits for its next attempt", function()
    local pool, runtime = new_pool {}
    runtime.script = { fake.failure(400, "TooManyRequestsException"), fake.fault("connect", false), fake.ok() }
    local waits = 0
    local sleep = runtime.sleep
    function runtime:sleep(seconds)
      waits = waits + 1
      assert.is_false(holds_a_request())
      return sleep(self, seconds)
    end
    assert(pool:forgot_password { username = "u" })
    assert.same({ 2, 1 }, { waits, #made })
  end)
end)

--- How a client learns from refusals of signed calls that its clock is off, and
-- when it goes by that.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local KEYS = { access_key_id = "AK", secret_access_key = "s" }
local NOON = 1795262400 -- Sat, 21 Nov 2026 12:00:00 GMT

-- Up to eleven hours before or after noon.
local function dated(seconds)
  local of_day = 43200 + seconds
  return ("Sat, 21 Nov 2026 %02d:%02d:%02d GMT"):format(math.floor(of_day / 3600), math.floor(of_day / 60) % 60,
    of_day % 60)
end

-- This machine's clock stands at noon; the service's is ahead by so much.
local function refusal(ahead, code, message)
  return fake.failure(400, code or "UserNotFoundException", message or "", { date = dated(ahead) })
end

local function new_pool(script, more)
  local settings = { user_pool_id = "eu-west-1_x", credentials = KEYS, runtime = fake.new(script),
    random = function() return 0 end }
  settings.runtime.time = NOON
  for name, value in pairs(more or {}) do settings[name] = value end
  return cognito.new(settings), settings.runtime
end

describe("a client's clock", function()
  -- The clock offset that the client learns from refusals with these differences.
  local function learnt(...)
    local pool, runtime = new_pool {}
    for i, ahead in ipairs { ... } do
      runtime.script[i] = refusal(ahead)
      pool:admin_get_user { username = "u" }
      runtime.time = NOON
    end
    return pool:describe().clock_offset
  end

  it("is left alone where it is off by less than four minutes", function()
    for ahead, offset in pairs { [0] = 0, [239] = 0, [-239] = 0, [240] = 240, [-240] = -240, [7200] = 7200 } do
      assert.equal(offset, learnt(ahead), ahead)
    end
  end)

  it("is corrected again where the difference is another one by four minutes", function()
    assert.equal(3600, learnt(3600, 3600 + 239))
    assert.equal(3600 + 240, learnt(3600, 3600 + 240))
    assert.equal(3600 - 240, learnt(3600, 3600 - 240))
    assert.equal(-3600, learnt(3600, -3600))
    assert.equal(-250, learnt(300, -250))
  end)

  it("is right again once the machine's was set", function()
    assert.equal(0, learnt(3600, 5))
  end)

  it("is not set by a date that no request can bear", function()
    for _, date in ipairs { "Mon, 01 Jan 0001 00:00:00 GMT", "Wed, 31 Dec 1969 23:59:59 GMT",
      "Thu, 01 Jan 1970 23:59:59 GMT", "Fri, 01 Jan 9999 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT" } do
      local pool, runtime = new_pool { fake.failure(400, "RequestTimeTooSkewed", "", { date = date }), fake.ok() }
      assert.is_nil((pool:admin_get_user { username = "u" }))
      assert.same({ 0, 1 }, { pool:describe().clock_offset, runtime:count() }, date)
      assert(pool:admin_get_user { username = "u" })
    end
    for date, time in pairs { ["Fri, 02 Jan 1970 00:00:00 GMT"] = 86400,
      ["Thu, 31 Dec 9998 23:59:59 GMT"] = 253370764799 } do
      local pool = new_pool { fake.failure(400, "RequestTimeTooSkewed", "", { date = date }), fake.ok() }
      assert(pool:admin_get_user { username = "u" })
      assert.equal(time - NOON, pool:describe().clock_offset)
    end
  end)

  it("is what the program says it is, where it switches that off", function()
    local pool, runtime = new_pool({ refusal(3600, "RequestExpired"), fake.ok() }, { correct_clock = false })
    assert.is_nil(pool:admin_get_user { username = "u" })
    assert.same({ 0, 1 }, { pool:describe().clock_offset, runtime:count() })
  end)
end)

describe("a signed call that is refused for its date", function()
  local function sends(...)
    local pool, runtime = new_pool { refusal(...), fake.ok() }
    pool:admin_get_user { username = "u" }
    return runtime:count()
  end

  for code, message in pairs { RequestExpired = "", RequestInTheFuture = "", RequestTimeTooSkewed = "",
    InvalidSignatureException = "Signature expired: x", AccessDeniedException = "" } do
    it("is sent again only where the date was off by four minutes: " .. code, function()
      local again = code == "AccessDeniedException" and 1 or 2
      for ahead, count in pairs { [0] = 1, [239] = 1, [-239] = 1, [240] = again, [-240] = again } do
        assert.equal(count, sends(ahead, code, message), ahead)
      end
    end)
  end

  it("waits for nothing, and bears the right date", function()
    local pool, runtime = new_pool { refusal(-600, "RequestInTheFuture"), fake.ok() }
    assert(pool:admin_get_user { username = "u" })
    assert.same({}, runtime.slept)
    assert.equal("20261121T115000Z", fake.header(runtime:request(2), "X-Amz-Date"))
  end)
end)

-- The attempts of one call: what is tried again, what is not, and what the
-- caller hears. One row of the table in docs/design.md per block.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

-- An operation of each class, with parameters that put it there.
local classes = {
  read = { "admin_get_user", { username = "u" } },
  ["repeat"] = { "admin_enable_user", { username = "u" } },
  once = { "admin_confirm_sign_up", { username = "u" } },
  message = { "forgot_password", { username = "u" } },
}
local HARMLESS = { read = true, ["repeat"] = true }

local function call(class, script, more, options)
  local given = {
    user_pool_id = "eu-west-1_x",
    client_id = "c",
    credentials = { access_key_id = "AK", secret_access_key = "s" },
    runtime = fake.new(script),
    random = function() return 1 end,
  }
  for name, value in pairs(more or {}) do given[name] = value end
  local operation = classes[class] or class
  local pool = cognito.new(given)
  local result, err, meta = pool[operation[1]](pool, operation[2], options)
  return { result = result, err = err, meta = meta, runtime = given.runtime, sends = given.runtime:count() }
end

for class in pairs(classes) do
  describe("a call of class " .. class, function()
    for _, code in ipairs { "dns", "connect", "tls", "timeout", "connection_lost" } do
      it("is tried again when nothing left the machine: " .. code, function()
        local done = call(class, { fake.fault(code, false), fake.fault(code, false), fake.ok() })
        assert.is_table(done.result)
        assert.equal(3, done.meta.attempts)
        assert.same({ 0.05, 0.1 }, done.runtime.slept)
        done = call(class, { fake.fault(code, false) })
        assert.equal(3, done.sends)
        assert.equal(code, done.err.code)
        assert.is_false(done.err.ambiguous)
        assert.is_true(done.err.retryable)
      end)
    end

    for _, code in ipairs { "timeout", "connection_lost", "too_large", "malformed_response" } do
      it("that may have been carried out: " .. code, function()
        local done = call(class, { fake.fault(code, true), fake.ok() })
        assert.equal(HARMLESS[class] and 2 or 1, done.sends)
        if not HARMLESS[class] then
          assert.equal(code, done.err.code)
          assert.is_true(done.err.ambiguous)
          assert.is_false(done.err.retryable)
        end
      end)
    end

    it("treats a fault that does not say whether it left as one that did", function()
      assert.equal(HARMLESS[class] and 2 or 1, call(class, { fake.fault "connection_lost", fake.ok() }).sends)
    end)

    for _, status in ipairs { 500, 502, 503, 504 } do
      it("answered with " .. status, function()
        local done = call(class, { fake.failure(status, "InternalErrorException"), fake.ok() })
        assert.equal(HARMLESS[class] and 2 or 1, done.sends)
        if not HARMLESS[class] then
          assert.is_true(done.err.ambiguous)
          assert.is_false(done.err.retryable)
        else
          done = call(class, { fake.failure(status, "InternalErrorException") })
          assert.equal(3, done.sends)
          assert.is_true(done.err.retryable)
        end
      end)
    end

    it("answered with 200 and half a body", function()
      local done = call(class, { fake.ok '{"Code', fake.ok() })
      assert.equal(HARMLESS[class] and 2 or 1, done.sends)
      if not HARMLESS[class] then
        assert.equal("malformed_response", done.err.code)
        assert.is_true(done.err.ambiguous)
      end
    end)

    it("waits longer when throttled", function()
      local busy = fake.failure(400, "TooManyRequestsException")
      local done = call(class, { busy, fake.failure(503, "SlowDown"), fake.ok() })
      assert.is_table(done.result)
      assert.same({ 1, 2 }, done.runtime.slept)
      done = call(class, { fake.failure(400, "TooManyRequestsException") })
      assert.equal(3, done.sends)
      assert.equal("throttle", done.err.kind)
      assert.is_false(done.err.ambiguous)
    end)

    for _, code in ipairs { "LimitExceededException", "NotAuthorizedException", "UserNotFoundException",
      "InvalidParameterException" } do
      it("stops at " .. code, function()
        local done = call(class, { fake.failure(400, code), fake.ok() })
        assert.equal(1, done.sends)
        assert.equal(code, done.err.code)
        assert.is_false(done.err.ambiguous)
        assert.is_false(done.err.retryable)
      end)
    end

    for _, status in ipairs { 403, 408, 501, 524, 999, 0 / 0 } do
      it(("answered with %s and no name"):format(status), function()
        local done = call(class, { { status = status, headers = {}, body = "<html></html>" }, fake.ok() })
        assert.equal(HARMLESS[class] and 2 or 1, done.sends)
        assert.equal(not HARMLESS[class] or nil, done.err and done.err.ambiguous)
      end)
    end

    it("stops at a redirect", function()
      assert.equal(1, call(class, { { status = 302, headers = {}, body = "" }, fake.ok() }).sends)
    end)

    it("is repeated in any case when set so", function()
      local lost = fake.fault("timeout", true)
      local done = call(class, { lost, fake.failure(500, "X"), fake.ok() }, { retry_ambiguous = true })
      assert.is_table(done.result)
      assert.equal(3, done.sends)
      done = call(class, { fake.fault("timeout", true), fake.ok() }, nil, { retry_ambiguous = true })
      assert.equal(2, done.sends)
    end)

    it("remembers that it may have been carried out", function()
      local lost, refused = fake.fault("timeout", true), fake.fault("connect", false)
      local done = call(class, { lost, refused }, { retry_ambiguous = true })
      assert.equal("connect", done.err.code)
      assert.is_true(done.err.ambiguous)
      assert.equal(HARMLESS[class] or false, done.err.retryable)
    end)
  end)
end

describe("an operation whose parameters decide", function()
  it("is careful with an invitation and with a silent one alike", function()
    local noisy = { "admin_create_user", { username = "u" } }
    local quiet = { "admin_create_user", { username = "u", message_action = "SUPPRESS" } }
    assert.equal(1, call(noisy, { fake.fault("timeout", true), fake.ok() }).sends)
    assert.equal(1, call(quiet, { fake.fault("timeout", true), fake.ok() }).sends)
  end)
end)

describe("fresh input", function()
  it("corrects a clock that is off, once", function()
    local expired = fake.failure(400, "InvalidSignatureException", "Signature expired: … (… - 5 min.)",
      { date = "Sat, 21 Nov 2026 08:49:51 GMT" }) -- an hour ahead of the fake clock
    local done = call("message", { expired }, nil)
    assert.equal(1, done.sends) -- unsigned: no clock to correct
    done = call({ "admin_reset_user_password", { username = "u" } }, { expired, fake.ok() })
    assert.is_table(done.result)
    assert.equal("20261121T074951Z", fake.header(done.runtime:request(1), "X-Amz-Date"))
    assert.equal("20261121T084951Z", fake.header(done.runtime:request(2), "X-Amz-Date"))
    done = call({ "admin_reset_user_password", { username = "u" } }, { expired })
    assert.equal(2, done.sends)
    assert.equal("clock_skew", done.err.reason)
  end)

  it("does not trust a stored date", function()
    local expired = fake.failure(400, "InvalidSignatureException", "Signature expired: x",
      { date = "Sat, 21 Nov 2026 08:49:51 GMT", age = "5" })
    assert.equal(1, call({ "admin_get_user", { username = "u" } }, { expired, fake.ok() }).sends)
  end)

  it("asks a function for another secret, once", function()
    local refused = fake.failure(400, "NotAuthorizedException", "Unable to verify secret hash for client c")
    local told = {}
    local function secret(was_refused)
      told[#told + 1] = was_refused or false
      return was_refused and "new" or "old"
    end
    local done = call("message", { refused, fake.ok() }, { client_secret = secret })
    assert.is_table(done.result)
    assert.same({ false, "old" }, told)
    assert.truthy(done.runtime:request(2).body:find(cognito.secret_hash("u", "c", "new"), 1, true))
    assert.equal(2, call("message", { refused }, { client_secret = secret }).sends)
    assert.equal(1, call("message", { refused, fake.ok() }, { client_secret = "fixed" }).sends)
  end)

  it("asks a function for other credentials, once", function()
    local expired = fake.failure(400, "ExpiredTokenException", "The security token included in the request is expired")
    local n = 0
    local function credentials()
      n = n + 1
      return { access_key_id = "AK" .. n, secret_access_key = "s" }
    end
    local done = call("read", { expired, fake.ok() }, { credentials = credentials })
    assert.is_table(done.result)
    assert.truthy(fake.header(done.runtime:request(2), "Authorization"):find("AK2", 1, true))
    assert.equal(2, call("read", { expired }, { credentials = credentials }).sends)
    assert.equal(1, call("read", { expired, fake.ok() }).sends)
  end)

  it("counts as an attempt, but for another secret", function()
    local expired = fake.failure(400, "ExpiredTokenException", "The security token included in the request is expired")
    local function credentials() return { access_key_id = "AK", secret_access_key = "s" } end
    assert.equal(1, call("read", { expired, fake.ok() }, { credentials = credentials, max_attempts = 1 }).sends)
    local refused = fake.failure(400, "NotAuthorizedException", "Unable to verify secret hash for client c")
    assert.equal(2, call("message", { refused }, { client_secret = function() return "s" end, max_attempts = 1 }).sends)
  end)
end)

describe("time", function()
  it("is bounded for one attempt and for all together", function()
    local done = call("read", { fake.fault("connect", false) }, { attempt_timeout = 4, timeout = 5 })
    assert.equal(4, done.runtime.sent[1].options.timeout)
    local runtime = fake.new { fake.fault("connect", false) }
    runtime.spends = 3
    done = call("read", {}, { runtime = runtime, attempt_timeout = 4, timeout = 5 })
    assert.equal(2, done.sends)
    assert.is_true(math.abs(runtime.sent[2].options.timeout - 1.95) < 1e-6)
  end)

  it("of the deadline ends the call before a wait that would pass it", function()
    local done = call("read", { fake.failure(400, "TooManyRequestsException") }, { timeout = 2 })
    assert.equal(2, done.sends)
    assert.same({ 1 }, done.runtime.slept)
  end)

  it("of the deadline itself is too late for another attempt", function()
    local busy = fake.failure(400, "TooManyRequestsException")
    for class in pairs(classes) do
      assert.equal(1, call(class, { busy }, { timeout = 1 }).sends, class)
      assert.equal(2, call(class, { busy }, { timeout = 1.001 }).sends, class)
    end
  end)

  it("of an attempt is a moment at least", function()
    local options = call("read", { fake.ok() }, { timeout = 0.0001 }).runtime.sent[1].options
    assert.same({ 0.001, 0.001 }, { options.timeout, options.connect_timeout })
  end)

  -- A process that stood still sent a message nevertheless, and gave up its answer at once:
  -- ambiguous, where the attempt before had done nothing.
  it("that is over while the process stands still, or with an answer, begins no other attempt", function()
    local refused = fake.failure(400, "NotAuthorizedException", "Unable to verify secret hash for client c")
    for class in pairs(classes) do
      local runtime = fake.new { fake.fault("connect", false), fake.ok() }
      local sleep = runtime.sleep
      runtime.sleep = function(self) return sleep(self, 60) end
      local done = call(class, {}, { runtime = runtime })
      assert.same({ 1, "connect", false, true }, { done.sends, done.err.code, done.err.ambiguous, done.err.retryable })
    end
    for spends, sends in pairs { [29.9] = 2, [30] = 1 } do
      local runtime = fake.new { refused, fake.ok() }
      runtime.spends = spends
      local done = call("message", {}, { runtime = runtime, client_secret = { "a", "b" } })
      assert.equal(sends, done.sends)
      assert.equal(sends == 1 and "NotAuthorizedException" or nil, done.err and done.err.code)
    end
  end)

  it("for a connection is no longer than that for the attempt", function()
    local function sent(settings) return call("read", { fake.ok() }, settings).runtime.sent[1].options end
    assert.equal(2, sent { connect_timeout = 3, attempt_timeout = 2 }.connect_timeout)
    assert.equal(3, sent { connect_timeout = 3, attempt_timeout = 4 }.connect_timeout)
  end)

  it("that the service asks for is granted, up to five seconds more", function()
    local function slept(headers)
      return call("read", { fake.failure(400, "TooManyRequestsException", "", headers), fake.ok() }).runtime.slept[1]
    end
    assert.equal(3, slept { ["x-amz-retry-after"] = "3000" })
    assert.equal(1, slept { ["x-amz-retry-after"] = "10" })
    assert.equal(6, slept { ["x-amz-retry-after"] = "60000" })
    assert.equal(2, slept { ["retry-after"] = "2" })
    assert.equal(1, slept { ["retry-after"] = "soon" })
    assert.equal(4, slept { ["retry-after"] = "Sat, 21 Nov 2026 07:49:55 GMT", date = "Sat, 21 Nov 2026 07:49:51 GMT" })
    assert.equal(1, slept { ["retry-after"] = "Sat, 21 Nov 2026 07:49:55 GMT" })
    assert.equal(1, slept { ["retry-after"] = "Sat, 21 Nov 2026 07:49:50 GMT", date = "Sat, 21 Nov 2026 07:49:51 GMT" })
    assert.equal(1, slept { ["x-amz-retry-after"] = "-1" })
  end)

  it("on an idle connection is short for what must not be repeated", function()
    assert.equal(5, call("message", { fake.ok() }).runtime.sent[1].options.max_idle)
    assert.equal(5, call("once", { fake.ok() }).runtime.sent[1].options.max_idle)
    assert.is_nil(call("read", { fake.ok() }).runtime.sent[1].options.max_idle)
  end)
end)

describe("attempts", function()
  it("can be one", function()
    assert.equal(1, call("read", { fake.fault("connect", false), fake.ok() }, { max_attempts = 1 }).sends)
    assert.equal(5, call("read", { fake.fault("connect", false) }, nil, { max_attempts = 5 }).sends)
  end)

  it("are reported to a hook, with nothing secret", function()
    local told = {}
    local done = call("message", { fake.failure(400, "TooManyRequestsException"), fake.ok() }, {
      client_secret = "hunter2", on_attempt = function(event) told[#told + 1] = event end,
    })
    assert.is_table(done.result)
    assert.same({
      { operation = "forgot_password", attempt = 1, status = 400, code = "TooManyRequestsException", kind = "throttle",
        request_id = "id-failure", delay = 1, elapsed = 0 },
      { operation = "forgot_password", attempt = 2, status = 200, request_id = "id-ok", elapsed = 1 },
    }, told)
  end)

  it("survive a hook that raises", function()
    local done = call("message", { fake.ok() }, { on_attempt = function() error("broken hook", 0) end })
    assert.is_table(done.result)
    assert.equal("broken hook", done.meta.hook_error)
  end)

  it("end when the bucket is empty", function()
    local runtime = fake.new { fake.fault("connect", false) }
    local pool = cognito.new {
      region = "eu-west-1", client_id = "c", runtime = runtime, random = function() return 0 end,
    }
    for _ = 1, 40 do
      pool:forgot_password { username = "u" }
    end
    -- 500 tokens at 14 a retry are 35 retries.
    assert.equal(40 + 35, runtime:count())
  end)

  it("that succeed give back to the bucket what the last retry cost, or one token", function()
    local lost = fake.fault("connect", false)
    local runtime = fake.new { lost, lost, fake.ok(), fake.ok(), lost, fake.ok() }
    local pool = cognito.new { region = "eu-west-1", client_id = "c", runtime = runtime }
    for _, quota in ipairs { 500 - 14, 500 - 13, 500 - 13 } do
      assert(pool:forgot_password { username = "u" })
      assert.equal(quota, pool:describe().quota)
    end
  end)

  it("are numbered in a header, with how many there may be", function()
    local lost = fake.fault("connect", false)
    local done = call("message", { lost, lost, fake.ok() }, { max_attempts = 4 })
    for i = 1, 3 do
      assert.equal(("attempt=%d; max=4"):format(i), fake.header(done.runtime:request(i), "amz-sdk-request"))
    end
  end)
end)

-- A person who types the code of an MFA device takes his time, and so does a
-- credential_process that asks one: the call that came of it timed out at once.
describe("the time that goes by before a request is built", function()
  local function slow(runtime, seconds, value)
    return function()
      runtime:sleep(seconds)
      return value
    end
  end

  it("is no part of the deadline", function()
    for operation, setting in pairs { admin_get_user = "credentials", forgot_password = "client_secret" } do
      local runtime = fake.new { fake.fault("connect", false), fake.ok() }
      local value = setting == "client_secret" and "s" or { access_key_id = "AK", secret_access_key = "s" }
      local done = call({ operation, { username = "u" } }, {},
        { runtime = runtime, [setting] = slow(runtime, 60, value) })
      assert.is_table(done.result)
      assert.equal(2, done.sends)
      assert.same({ 10, 10 }, { runtime.sent[1].options.timeout, runtime.sent[2].options.timeout })
    end
  end)

  it("leaves what attempts and waits take a part of it", function()
    local runtime = fake.new { fake.fault("connect", false), fake.ok() }
    runtime.spends = 4
    local done = call("read", {}, { runtime = runtime, credentials = slow(runtime, 60,
      { access_key_id = "AK", secret_access_key = "s" }) }, { timeout = 7 })
    assert.is_table(done.result)
    assert.equal(7, runtime.sent[1].options.timeout)
    assert.near(2.95, runtime.sent[2].options.timeout, 0.001)
  end)
end)

describe("a function of the program's that raises", function()
  -- Lua 5.1 gives the turn back when the task ends.
  local gives_back = _VERSION ~= "Lua 5.1" or jit ~= nil

  it("ends the call with what it raised, and leaves its turn to the next call", function()
    for _, raised in ipairs { "the vault is shut", { "a table" } } do
      local turns, runtime = 0, fake.new { fake.ok() }
      function runtime.admit() turns = turns + 1 return true end
      function runtime.release() turns = turns - 1 end
      local pool = cognito.new { region = "eu-west-1", client_id = "c", runtime = runtime }
      local ok, got = pcall(pool.forgot_password, pool, { username = "u" },
        { client_secret = function() error(raised, 0) end })
      assert.is_false(ok)
      assert.equal(raised, got)
      assert.equal(gives_back and 0 or 1, turns)
      assert(pool:forgot_password { username = "u" })
      assert.equal(gives_back and 0 or 1, turns)
    end
  end)
end)

describe("a runtime of the user's own", function()
  it("may refuse to wait for another attempt, which ends the call with that error", function()
    local sends = 0
    local done = call("message", {}, { runtime = {
      count = function() return sends end,
      send = function()
        sends = sends + 1
        return nil, { code = "connect", kind = "network", message = "m", sent = false }
      end,
      sleep = function() return nil, { code = "aborted", kind = "network", message = "given up", sent = false } end,
    } })
    assert.same({ "aborted", "given up", 1, 1, false },
      { done.err.code, done.err.message, done.err.attempts, done.sends, done.err.ambiguous })
  end)

  it("may return nothing", function()
    local done = call("message", {}, { runtime = {
      count = function() return 0 end, send = function() end, sleep = function() end,
    } })
    assert.same({ "connection_lost", "the runtime returned neither a response nor an error", true },
      { done.err.code, done.err.message, done.err.ambiguous })
  end)

  it("may return a plain string", function()
    local done = call("message", {}, { runtime = {
      count = function() return 0 end, send = function() return nil, "socket closed" end, sleep = function() end,
    } })
    assert.equal("connection_lost", done.err.code)
    assert.equal("socket closed", done.err.message)
    assert.is_true(done.err.ambiguous)
  end)
end)

--- The hooks of a call: `on_request`, beside `on_attempt`, and a
-- strategy of its own for trying again. On every runtime:
-- spec/support/behaviour/hooks.lua.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local planted = require "spec.support.planted"

local KEYS = { access_key_id = "AK", secret_access_key = "s" }

local function call(script, more, options, operation, params)
  local settings = { user_pool_id = "eu-west-1_x", client_id = "c", credentials = KEYS, env = function() end,
    runtime = fake.new(script), random = function() return 1 end }
  for name, value in pairs(more or {}) do settings[name] = value end
  local pool = cognito.new(settings)
  operation = operation or "forgot_password"
  local result, err, meta = pool[operation](pool, params or { username = "u" }, options)
  return { result = result, err = err, meta = meta, runtime = settings.runtime, sends = settings.runtime:count(),
    pool = pool }
end

local throttle = fake.failure(400, "TooManyRequestsException")

describe("on_request", function()
  it("adds headers to an attempt, which are not signed", function()
    local n = 0
    local done = call({ throttle, fake.ok() }, { on_request = function()
      n = n + 1
      return { traceparent = "span-" .. n }
    end }, nil, "admin_get_user")
    assert.is_table(done.result)
    for i = 1, 2 do
      assert.equal("span-" .. i, fake.header(done.runtime:request(i), "traceparent"))
      assert.is_nil(fake.header(done.runtime:request(i), "Authorization"):find "traceparent")
      assert.equal(("attempt=%d; max=3"):format(i), fake.header(done.runtime:request(i), "amz-sdk-request"))
    end
    assert.equal(fake.header(done.runtime:request(1), "amz-sdk-invocation-id"),
      fake.header(done.runtime:request(2), "amz-sdk-invocation-id"))
    assert.is_nil(done.meta.hook_error)
  end)

  it("is told what is asked for, of whom, and which attempt it is", function()
    local told
    call({ fake.ok() }, { on_request = function(request) told = request end, max_attempts = 2 }, nil,
      "resend_confirmation_code", { username = "u", client_metadata = { a = "b" } })
    assert.same({
      operation = "resend_confirmation_code", attempt = 1, max_attempts = 2, signed = false, effect = "message",
      url = "https://cognito-idp.eu-west-1.amazonaws.com", call = {},
      params = { username = "[redacted]", client_metadata = "[redacted]" },
    }, told)
  end)

  it("shares a table with on_attempt for the length of a call", function()
    local seen = {}
    local settings = {
      on_request = function(request) request.call.count = (request.call.count or 0) + 1 end,
      on_attempt = function(attempt) seen[#seen + 1] = attempt.call.count end,
    }
    call({ throttle, fake.ok() }, settings)
    call({ fake.ok() }, settings)
    assert.same({ 1, 2, 1 }, seen)
  end)

  it("is passed no secret of any operation, and what it changes changes no request", function()
    for _, name in ipairs(require("cognito.native").operations()) do
      local told
      local params = planted.fill(cognito.describe(name).input, function(path) return planted.secret(path) end)
      local done = call({ fake.ok() }, { client_secret = planted.secret "setting", on_request = function(request)
        told = planted.dump(request)
        request.operation, request.url, request.attempt = "delete_user_pool", "https://elsewhere.example/", 9
        for key in pairs(request.params) do request.params[key] = nil end
      end }, nil, name, params)
      assert.truthy(told, name .. ": " .. tostring(done.err))
      assert.is_nil(planted.found(told), name)
      local plain = call({ fake.ok() }, { client_secret = planted.secret "setting" }, nil, name, params)
      assert.equal(plain.runtime:request(1).body, done.runtime:request(1).body, name)
      assert.equal(plain.runtime:request(1).url, done.runtime:request(1).url, name)
    end
  end)

  it("is not asked about what cannot be sent, nor by build", function()
    local n = 0
    local function count() n = n + 1 end
    local done = call({ fake.ok() }, { on_request = count }, nil, "forgot_password", { user_name = "u" })
    assert.equal("invalid_parameter", done.err.code)
    assert.is_table(done.pool:build("forgot_password", { username = "u" }))
    call({ fake.ok() }, { on_request = count, credentials = function() return nil, "none" end }, nil, "admin_get_user")
    assert.equal(0, n)
  end)

  for name, settings in pairs {
    on_request = function(f) return { on_request = f } end,
    on_attempt = function(f) return { on_attempt = f } end,
    retry = function(f) return { retry = { delay = f } } end,
  } do
    it("is told of where it raises an object that cannot be shown: " .. name, function()
      local raised = setmetatable({}, { __tostring = function() error "broken, too" end })
      local done = call({ name == "retry" and throttle or fake.ok() }, settings(function() error(raised) end))
      assert.equal("a table that cannot be shown", done.meta.hook_error)
      assert.equal(1, done.sends)
    end)
  end

  for story, given in pairs {
    ["raises"] = { function() error("broken hook", 0) end, "broken hook" },
    ["raises a table"] = { function() error(setmetatable({}, { __tostring = function() return "odd" end })) end,
      "odd" },
    ["returns a text"] = { function() return "traceparent" end, "on_request returned a string" },
    ["returns false"] = { function() return false end, "on_request returned a boolean" },
    ["returns a list"] = { function() return { "traceparent" } end, "has a name that is not a string" },
    ["returns a number"] = { function() return { traceparent = 5 } end, "must be a string, not a number" },
    ["sets what the library sets"] = { function() return { Authorization = "mine" } end,
      "'Authorization' is set by the library itself" },
    ["sets where the request goes"] = { function() return { hOsT = "elsewhere" } end, "is set by the library itself" },
    ["frames the body anew"] = { function() return { ["Content-Length"] = "0" } end, "header 'Content-Length'" },
    ["breaks the line"] = { function() return { traceparent = "a\r\nX: b" } end, "header 'traceparent'" },
    ["names a header twice"] = { function() return { A = "1", a = "2" } end, "stands twice" },
  } do
    it("ends no call where it " .. story, function()
      local done = call({ fake.ok() }, { on_request = given[1] })
      assert.is_table(done.result, tostring(done.err))
      assert.truthy(done.meta.hook_error:find(given[2], 1, true), done.meta.hook_error)
      assert.equal(#call({ fake.ok() }).runtime:request(1).headers, #done.runtime:request(1).headers)
    end)
  end

  it("is read raw", function()
    local done = call({ fake.ok() }, { on_request = function()
      return setmetatable({ traceparent = "a" }, { __pairs = function() error "no" end, __index = error })
    end })
    assert.equal("a", fake.header(done.runtime:request(1), "traceparent"))
  end)

  it("counts for more than the headers of the call and of the client", function()
    local done = call({ fake.ok() }, { headers = { traceparent = "client", other = "client" },
      on_request = function() return { TraceParent = "hook" } end },
      { headers = { tRaceparent = "call", third = "call" } })
    local request, found = done.runtime:request(1), {}
    for _, header in ipairs(request.headers) do
      if header[1]:lower() == "traceparent" then found[#found + 1] = header[2] end
    end
    assert.same({ "hook" }, found)
    assert.same({ "client", "call" }, { fake.header(request, "other"), fake.header(request, "third") })
  end)

  it("takes no part of the call's time, and the request is signed after it", function()
    local runtime = fake.new { fake.fault("connect", false), fake.ok() }
    local done = call({}, { runtime = runtime, on_request = function() runtime:sleep(120) end }, { timeout = 7 },
      "admin_get_user")
    assert.is_table(done.result)
    assert.near(7, runtime.sent[1].options.timeout, 0.001)
    assert.near(6.95, runtime.sent[2].options.timeout, 0.001)
    local begun = 1795247391
    for i, spent in ipairs { 120, 240.05 } do
      assert.equal(os.date("!%Y%m%dT%H%M%SZ", math.floor(begun + spent)), fake.header(runtime:request(i), "X-Amz-Date"))
    end
  end)

  it("may make calls of its own", function()
    local inner = cognito.new { region = "eu-west-1", client_id = "c", runtime = fake.new { fake.ok() },
      env = function() end }
    local done = call({ fake.ok() }, { on_request = function()
      assert(inner:forgot_password { username = "v" })
      return { traceparent = "a" }
    end })
    assert.is_nil(done.meta.hook_error)
    assert.truthy(done.runtime:request(1).body:find('"Username":"u"', 1, true))
  end)

  it("is a function", function()
    assert.has_error(function() cognito.new { on_request = { traceparent = "a" } } end,
      "setting 'on_request' must be a function, not a table")
  end)
end)

describe("a strategy of one's own for retries", function()
  local function strategy(fn)
    return { told = {}, delay = function(self, attempt)
      self.told[#self.told + 1] = attempt
      return fn(attempt)
    end }
  end

  it("says how long to wait, and is told why", function()
    local own = strategy(function(attempt) return attempt.attempt * 3 end)
    local done = call({ throttle, fake.failure(503, "ServiceUnavailable", "", { ["retry-after"] = "2" }), fake.ok() },
      { retry = own, max_attempts = 4 }, nil, "admin_get_user")
    assert.is_table(done.result)
    assert.same({ 3, 6 }, done.runtime.slept)
    assert.same({ operation = "admin_get_user", attempt = 1, max_attempts = 4, effect = "read", elapsed = 0,
      code = "TooManyRequestsException", kind = "throttle", status = 400, outcome = "throttled" }, own.told[1])
    assert.same({ "unknown", 2, 3 }, { own.told[2].outcome, own.told[2].hint, own.told[2].elapsed })
  end)

  it("is told the effect that the call has with its parameters", function()
    for action, effect in pairs { SUPPRESS = "once", RESEND = "message" } do
      local own = strategy(function() return nil end)
      call({ throttle }, { retry = own }, nil, "admin_create_user", { username = "u", message_action = action })
      assert.equal(effect, own.told[1].effect)
    end
  end)

  it("ends the call by nil or false, and the tries end where max_attempts says", function()
    for _, nothing in ipairs { false, 0 } do
      local own = strategy(function() return nothing ~= 0 and nothing or nil end)
      local done = call({ throttle, fake.ok() }, { retry = own })
      assert.same({ 1, "TooManyRequestsException" }, { done.sends, done.err.code })
      assert.is_nil(done.meta.hook_error)
    end
    local eager = strategy(function() return 0 end)
    assert.equal(3, call({ throttle }, { retry = eager }).sends)
    assert.equal(2, #eager.told)
  end)

  it("repeats nothing that could send two messages, unless retry_ambiguous is set", function()
    local lost = fake.fault("connection_lost", true)
    for _, fault in ipairs { lost, fake.failure(500, "InternalErrorException"), fake.failure(502, ""),
      fake.fault("timeout", true), fake.fault("aborted", false),
      fake.failure(400, "LimitExceededException"), fake.failure(400, "CodeMismatchException") } do
      local eager = strategy(function() return 0 end)
      local done = call({ fault, fake.ok() }, { retry = eager })
      assert.same({ 1, 0 }, { done.sends, #eager.told })
    end
    local eager = strategy(function() return 0 end)
    assert.equal(2, call({ lost, fake.ok() }, { retry = eager, retry_ambiguous = true }).sends)
    assert.equal(2, call({ lost, fake.ok() }, { retry = eager }, { retry_ambiguous = true }).sends)
    assert.equal(2, call({ lost, fake.ok() }, { retry = eager }, nil, "admin_get_user").sends)
    assert.equal(2, call({ fake.fault("connection_lost", false), fake.ok() }, { retry = eager }).sends)
  end)

  it("begins no wait that would pass the deadline", function()
    local done = call({ throttle, fake.ok() }, { retry = strategy(function() return 31 end) })
    assert.same({ 1, 0 }, { done.sends, #done.runtime.slept })
  end)

  it("ends the call where it raises or returns nonsense", function()
    for _, given in ipairs {
      { function() error("broken", 0) end, "broken" }, { function() return "3" end, "no number" },
      { function() return -1 end, "no number" }, { function() return 0 / 0 end, "no number" },
      { function() return math.huge end, "no number" }, { function() return {} end, "no number" },
    } do
      local done = call({ throttle, fake.ok() }, { retry = strategy(given[1]) })
      assert.same({ 1, "TooManyRequestsException" }, { done.sends, done.err.code })
      assert.truthy(done.meta.hook_error:find(given[2], 1, true), done.meta.hook_error)
    end
  end)

  it("may come from a class, and has a method", function()
    local Own = { delay = function(self) return self.seconds end }
    local own = setmetatable({ seconds = 2 }, { __index = Own })
    assert.same({ 2 }, call({ throttle, fake.ok() }, { retry = own }).runtime.slept)
    for _, bad in ipairs { {}, { delay = 5 }, "standard", function() end } do
      local ok, message = pcall(cognito.new, { retry = bad })
      assert.is_false(ok)
      assert.truthy(message:find("setting 'retry' must be a table with a function 'delay'", 1, true), message)
    end
  end)
end)

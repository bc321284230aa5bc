--- `pool:connect()`: a connection ahead of the first call.
local certificates = require("spec.support.certificates").get()
local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"
local hostile = require "spec.support.hostile_server"
local sandbox = require "cognito.sandbox"
local start_server = require("spec.support.server").start

local NAME = { username = "ada" }

local server, secure

setup(function()
  server = start_server "http"
  secure = start_server("https", certificates.good[1], certificates.good[2])
end)

teardown(function()
  secure:stop()
  server:stop()
end)

local function new(settings)
  settings.region, settings.client_id, settings.env = "eu-west-1", "a", function() end
  return cognito.new(settings)
end

local function secure_url()
  return "https://127.0.0.1:" .. secure.port
end

local function check_error(code, pool)
  local connected, err = pool:connect()
  assert.is_nil(connected)
  assert.is_true(cognito.is_error(err))
  assert.equal(code, err.code)
  assert.equal("connect", err.operation)
  assert.is_false(err.ambiguous)
  return err
end

describe("connect", function()
  it("opens the connection that the calls to come use", function()
    for _, url in ipairs { server:url(), secure_url() } do
      local loop = cognito.loop { ca_file = certificates.ca }
      local pool = new { endpoint = url, runtime = loop }
      assert.is_true(pool:connect())
      assert.equal(1, loop:stats().connections)
      for _ = 1, 3 do assert.is_table(pool:forgot_password(NAME)) end
      assert.is_true(pool:connect())
      assert.equal(1, loop:stats().connections)
      loop:close()
    end
  end)

  it("sends the client's headers, and refuses bad ones", function()
    local runtime = fake.new { fake.ok() }
    local pool = new { runtime = runtime, headers = { ["user-agent"] = "mine", ["X-Gate"] = "open" } }
    assert.is_true(pool:connect())
    local request = runtime:request()
    assert.equal(2, #request.headers)
    assert.equal("mine", fake.header(request, "User-Agent"))
    assert.equal("open", fake.header(request, "X-Gate"))
    check_error("invalid_parameter", new { runtime = runtime, headers = { Host = "x" } })
    assert.equal(1, runtime:count())
  end)

  it("opens as many as are asked for at once", function()
    local loop = cognito.loop()
    local pool = new { endpoint = server:url "/later/", runtime = loop }
    local function all(method)
      for _ = 1, 8 do
        loop:spawn(function() assert.is_truthy(pool[method](pool, NAME)) end)
      end
      loop:run()
    end
    all "connect"
    assert.equal(8, loop:stats().connections)
    all "forgot_password"
    assert.equal(8, loop:stats().connections)
    loop:close()
  end)

  it("works where a client has no runtime of its own", function()
    local pool = new { endpoint = secure_url(), ca_file = certificates.ca }
    assert.is_true(pool:connect())
    local timings
    pool = pool:with { timings = true, on_attempt = function(attempt) timings = attempt.timings end }
    assert.is_table(pool:forgot_password(NAME))
    assert.equal(0, timings.tls) -- the handshake was made before
  end)

  it("accepts any answer", function()
    local runtime = fake.new {
      { status = 400, headers = {}, body = "" }, { status = 503, headers = {}, body = "<html>" },
    }
    local pool = new { runtime = runtime }
    assert.is_true(pool:connect())
    assert.is_true(pool:connect())
    local request, options = runtime:request(1), runtime.sent[1].options
    assert.equal("GET", request.method)
    assert.equal("https://cognito-idp.eu-west-1.amazonaws.com/", request.url)
    assert.is_nil(request.body)
    assert.truthy(fake.header(request, "User-Agent"))
    assert.equal(10, options.timeout)
    assert.equal(3.1, options.connect_timeout)
  end)

  it("works over the sandbox, which carries nothing out", function()
    local box = sandbox.new()
    assert.is_true(cognito.new(box:settings()):connect())
    assert.is_nil(next(box:executions()))
  end)

  it("tells why it could not", function()
    assert.equal("network", check_error("connect", new { endpoint = "http://127.0.0.1:1" }).kind)
    check_error("tls", new { endpoint = secure_url(), ca_file = certificates.stranger })
    local mute = hostile.listen() -- accepted by the system, and no more
    assert.is_true(check_error("timeout", new {
      endpoint = mute:url "https", attempt_timeout = 0.05, ca_file = certificates.ca,
    }).retryable)
    mute:stop()
    check_error("no_region", cognito.new { client_id = "a", env = function() end })
    local function send() return nil, "no such thing" end
    assert.is_true(check_error("connection_lost", new { runtime = { send = send, sleep = print } }).retryable)
    local err = check_error("dns", new { runtime = fake.new { fake.fault("dns", false) } })
    assert.truthy(err.hint)
  end)

  it("is a method of clients", function()
    local ok, message = pcall(function() return (new { endpoint = server:url() }.connect()) end)
    assert.is_false(ok)
    assert.truthy(message:find("call it with a colon", 1, true))
  end)
end)

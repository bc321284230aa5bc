-- A run with calls in flight: on a loop of its own, against a sandbox that is
-- a process of its own.
local bulk = require "cognito.bulk"
local clients = require "cognito.client"
local cognito = require "cognito"
local engines = require "cognito.bulk.engine"
local helper = require "spec.support.bulk"
local lfs = require "lfs"
local process = require "spec.support.sandbox_process"
local promise = require "spec.support.bulk_promise"

describe("a run over the network", function()
  local server, settings

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    server = process.start()
    local printed = server.settings
    settings = {
      endpoint = printed.url, user_pool_id = printed.COGNITO_USER_POOL_ID, client_id = printed.COGNITO_CLIENT_ID,
      client_secret = printed.COGNITO_CLIENT_SECRET, attempt_timeout = 2,
      credentials = {
        access_key_id = printed.AWS_ACCESS_KEY_ID, secret_access_key = printed.AWS_SECRET_ACCESS_KEY,
      },
    }
    for i = 1, 40 do server:post("/users", { username = "u" .. i, email = ("u%d@example.com"):format(i) }) end
  end)

  after_each(function() server:stop() end)

  local function run(pool, given)
    local job = helper.plan(pool)
    local options = { rate = 1000, yes = true, builtin_mail = true, settle = 0.5 }
    for name, value in pairs(given or {}) do options[name] = value end
    return job, assert(job:run(options))
  end

  local function kept(job)
    local wrong, outcomes = promise.check("reset", job:rows(), server:get "/executions")
    assert.same({}, wrong)
    return outcomes
  end

  it("has so many calls in flight, and no more", function()
    server:post("/misbehave", { operation = "admin_reset_user_password", what = "delay", seconds = 0.3, times = 8 })
    local most, in_flight = 0, 0
    local job = run(cognito.new(settings), { concurrency = 4, at = function(step)
      in_flight = in_flight + (step == "call" and 1 or step == "called" and -1 or 0)
      most = math.max(most, in_flight)
    end })
    assert.equal(4, most)
    assert.same({ accepted = 40 }, kept(job))
  end)

  it("finishes calls in flight when it is stopped", function()
    server:post("/misbehave", { operation = "admin_reset_user_password", what = "delay", seconds = 0.5, times = 100 })
    local calls, job = 0, helper.plan(cognito.new(settings))
    local status = assert(job:run { rate = 1000, concurrency = 8, yes = true, builtin_mail = true,
      at = function(step)
        calls = calls + (step == "call" and 1 or 0)
        if calls == 6 then job:stop() end
      end })
    assert.same({ "paused", "interrupted", 0, 0 }, { status.state, status.why, status.started, status.uncertain })
    assert.is_true(status.accepted >= 6 and status.accepted <= 8, status.accepted)
    assert.equal(status.accepted, kept(job).accepted)
  end)

  it("finds out what became of calls that took too long", function()
    for _, phase in ipairs { "before", "after" } do
      server:post("/misbehave",
        { operation = "admin_reset_user_password", what = "delay", seconds = 5, phase = phase, times = 2 })
    end
    settings.timeout = 0.3
    local job = run(cognito.new(settings))
    assert.same({ accepted = 40 }, kept(job))
  end)

  it("goes on on the loop that the client has", function()
    local loop = cognito.loop()
    settings.runtime = loop
    local other = 0
    loop:spawn(function()
      for _ = 1, 5 do
        loop:sleep(0.001)
        other = other + 1
      end
    end)
    local job = run(cognito.new(settings))
    assert.same({ accepted = 40 }, kept(job))
    loop:run()
    assert.equal(5, other)
    loop:close()
  end)

  it("sends as the client does, whatever connections are made with", function()
    settings.ca_file, settings.max_response = "spec/fixtures/no-such.pem", 200000
    settings.headers = { ["X-Spec"] = "yes" }
    local pool = cognito.new(settings)
    local transport = clients.transport(pool)
    assert.same({ "spec/fixtures/no-such.pem", 200000 }, { transport.ca_file, transport.max_response })
    local engine = engines.new(transport, 3)
    local client = clients.on(pool, engine.runtime, { max_attempts = 1 })
    assert.equal(1, client:describe().settings.max_attempts.value)
    assert.not_equal("settings", (client:describe().settings.ca_file or {}).source)
    assert.equal("u7", assert(client:admin_get_user { username = "u7" }).username)
    engine:close()
  end)

  -- The system must not send a request again that its caller has given up: half
  -- a minute after its timeout a job looks whether it was carried out.
  local found, ffi = pcall(require, "ffi")
  if found and ffi.os == "Linux" then
    it("leaves no request behind for longer than half a minute", function()
      local pool = cognito.new(settings)
      assert(pool:admin_get_user { username = "u7" })
      ffi.cdef "int getsockopt(int, int, int, void *, unsigned *);"
      local value, size, sockets = ffi.new "unsigned[1]", ffi.new "unsigned[1]", 0
      for name in lfs.dir "/proc/self/fd" do
        size[0] = 4
        -- IPPROTO_TCP, TCP_USER_TIMEOUT
        if tonumber(name) and ffi.C.getsockopt(tonumber(name), 6, 18, value, size) == 0 and value[0] == 30000 then
          sockets = sockets + 1
        end
      end
      assert.is_true(sockets > 0)
    end)
  end

  it("lists users, and stops when the service refuses", function()
    local n = 0
    for user in bulk.users(cognito.new(settings), { filter = 'username ^= "u1"' }) do
      assert.matches("^u1", user.username)
      n = n + 1
    end
    assert.equal(11, n)
    local ok, err = pcall(function() return bulk.users(cognito.new(settings), { filter = "x" })() end)
    assert.is_false(ok)
    assert.equal("InvalidParameterException", err.code)
  end)
end)

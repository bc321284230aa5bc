--- Clients that are made of others, and what the library's other parts ask of a client.
local clients = require "cognito.client"
local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local KEYS = { AWS_ACCESS_KEY_ID = "AK", AWS_SECRET_ACCESS_KEY = "s" }

local function new_pool(more, script)
  local settings = { user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "c",
    read_file = function() end, runtime = fake.new(script or { fake.ok() }),
    env = function(name) return KEYS[name] end }
  for name, value in pairs(more or {}) do settings[name] = value end
  return cognito.new(settings), settings.runtime
end

local function get(pool) return assert(pool:admin_get_user { username = "u" }) end

describe("a client made of another", function()
  it("finds credentials together with it, unless it would find others", function()
    local function source(pool) return (pool:describe().credentials or {}).source end
    local pool = new_pool()
    get(pool)
    assert.is_string(source(pool))
    assert.equal(source(pool), source(pool:with {}))
    assert.equal(source(pool), source(pool:with { timeout = 3, user_pool_id = "eu-west-1_Other" }))
    for name, value in pairs { read_file = function() end, region = "eu-west-2", runtime = fake.new { fake.ok() } } do
      assert.is_nil(source(pool:with { [name] = value }), name)
    end
  end)

  it("is watched beside the program's own observer, which sees the same", function()
    local seen = {}
    local function observer(name)
      return function(attempt) seen[#seen + 1] = { name, attempt.operation, attempt.code } end
    end
    local pool = new_pool({ on_attempt = observer "program" },
      { fake.failure(400, "UserNotFoundException"), fake.ok() })
    clients.observed(pool, observer "library"):admin_get_user { username = "u" }
    assert.same({ { "library", "admin_get_user", "UserNotFoundException" },
      { "program", "admin_get_user", "UserNotFoundException" } }, seen)
    get(clients.observed((new_pool()), observer "alone"))
    assert.same({ "alone", "admin_get_user" }, seen[3])
    get(pool)
    assert.same({ "program", 4 }, { seen[4][1], #seen })
  end)

  it("on another runtime has that one's connections", function()
    local pool = cognito.new { region = "eu-west-1", client_id = "c", proxy = "http://127.0.0.1:9" }
    local other = fake.new { fake.ok() }
    local moved = clients.on(pool, other, { max_attempts = 1 })
    assert(moved:forgot_password { username = "u" })
    assert.equal("attempt=1; max=1", fake.header(other:request(1), "amz-sdk-request"))
    assert.equal(other.time, clients.runtime(moved):now())
    assert.is_nil(moved:describe().settings.proxy)
  end)
end)

describe("what the library asks of a client", function()
  it("is how it sends, who it is, and what time it is for the service", function()
    local pool, runtime = new_pool()
    assert.same({ runtime = clients.runtime(pool) }, clients.transport(pool))
    assert.same({ max_response = 4096 }, clients.transport(cognito.new { region = "eu-west-1", max_response = 4096 }))
    assert.same({ "eu-west-1_Ab12Cd34E", "c", false, runtime.time, runtime.time }, { clients.user_pool_id(pool),
      clients.client_id(pool), clients.has_secret(pool), clients.time(pool), clients.now(pool) })
    assert.is_true(clients.has_secret(pool:with { client_secret = "abc" }))
    assert.equal("AK", clients.credentials(pool).access_key_id)
    assert(clients.call_dated(pool, "admin_get_user", { username = "u" }, 86400))
    assert.equal("19700102T000000Z", fake.header(runtime:request(1), "X-Amz-Date"))
  end)

  it("is refused at the line that asks where there is none", function()
    local none = {}
    local questions = {
      function() clients.transport(none) end, function() clients.credentials(none) end,
      function() clients.time(none) end, function() clients.now(none) end, function() clients.runtime(none) end,
      function() clients.call_dated(none, "list_users", {}, 0) end,
      function() clients.call(none, "list_users", {}, {}) end, function() clients.has_secret(none) end,
      function() clients.user_pool_id(none) end, function() clients.client_id(none) end,
      function() clients.observed(none, print) end, function() clients.on(none, {}, {}) end,
    }
    for i, question in ipairs(questions) do
      local made_at = debug.getinfo(question, "S")
      local _, message = pcall(question)
      local line = ("%s:%d: call it with a colon"):format(made_at.short_src, made_at.linedefined)
      assert.equal(line, message:sub(1, #line), i)
    end
  end)

  it("is a request that is only built, and whose error names the operation", function()
    for _, pool in ipairs { (new_pool()), (cognito.new { env = function() end, read_file = function() end }) } do
      local request, err = pool:build("admin_get_user", { username = 5 })
      assert.same({ nil, "admin_get_user", 0 }, { request, err.operation, err.attempts })
    end
  end)
end)

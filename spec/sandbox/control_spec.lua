--- The box around the pool, over HTTP: orders and counts for tests in other
-- processes.
local cjson = require "cjson"
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"
local bytes = require "spec.support.sandbox_bytes"
local process = require "spec.support.sandbox_process"

describe("the box over HTTP", function()
  local box, face, client

  before_each(function()
    box = sandbox.new { client_secret = false }
    face = bytes.open(box)
    client = face:connect()
  end)

  after_each(function()
    client:close()
    face:close()
  end)

  local function ask(request)
    client:send(request)
    assert.is_true(face:serve(client))
    client:settimeout(10)
    local reply = bytes.read_reply(client)
    client:settimeout(0)
    return reply
  end

  local function order(path, body, kind, host)
    return ask(bytes.order(host or "127.0.0.1", path, body, kind))
  end

  it("takes orders, and takes them back", function()
    assert.equal(200, order("/misbehave",
      '{"what":"throttle","times":2,"operation":"sign_up"}').status)
    assert.equal("TooManyRequestsException:", ask(bytes.post("127.0.0.1",
      "SignUp", "{}")).headers["x-amzn-errortype"])
    assert.equal('{"left":1}', order("/behave", "{}").body)
    assert.equal(0, box:behave())
  end)

  it("adds users and puts the clock forward", function()
    local before = box:now()
    local user = cjson.decode(order("/users",
      '{"username":"ada","email":"a@example.com","status":"UNCONFIRMED"}').body)
    assert.equal("UNCONFIRMED", user.status)
    assert.equal("UNCONFIRMED", box:user "ada".status)
    assert.equal(200, order("/advance", '{"seconds":3600}').status)
    assert.is_true(box:now() - before >= 3600)
  end)

  it("complains as the box does, and obeys nothing else", function()
    local wrong = {
      { "/misbehave", '{"what":"explode"}', "there is no 'explode'" },
      { "/misbehave", '{"what":null}', "there is no 'nil'" },
      { "/misbehave", '[]', "must be a JSON object" },
      { "/misbehave", '{"what"', "" },
      { "/users", '{"name":"x"}', "add_user: name is unknown" },
      { "/advance", '{"seconds":"1"}', "seconds must be a number" },
    }
    for _, row in ipairs(wrong) do
      local reply = order(row[1], row[2])
      assert.equal(400, reply.status)
      assert.matches(row[3], reply.body, 1, true)
    end
    assert.equal(0, box:behave())
  end)

  it("is closed to the pages of a browser", function()
    for _, kind in ipairs { "text/plain", "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x" } do
      assert.equal(415, order("/misbehave", '{"what":"drop"}', kind).status)
    end
    assert.equal(403, order("/misbehave", '{"what":"drop"}', nil,
      "evil.example").status)
    assert.equal(0, box:behave())
  end)

  it("misbehaves towards the pool only", function()
    box:misbehave { what = "drop", times = 9 }
    box:misbehave { what = "drop", times = 9, phase = "head" }
    assert.equal(200, order("/advance", '{"seconds":1}').status)
    assert.equal(2, box:behave())
  end)
end)

describe("GET /executions", function()
  local box, pool

  setup(function()
    box = process.start()
    local settings = box.settings
    pool = cognito.new { endpoint = settings.url, client_id = settings.COGNITO_CLIENT_ID,
      client_secret = settings.COGNITO_CLIENT_SECRET, user_pool_id = settings.COGNITO_USER_POOL_ID,
      env = function() return nil end }
  end)

  teardown(function() box:stop() end)

  it("counts the calls that were carried out, whatever the answer", function()
    box:post("/users", { username = "ada", email = "ada@example.com" })
    box:post("/misbehave", { what = "drop", phase = "after", operation = "forgot_password" })
    box:post("/misbehave", { what = "status_500", operation = "forgot_password" })
    for i = 1, 3 do
      local sent, err = pool:forgot_password { username = "ada" }
      assert.equal(i == 3, sent ~= nil)
      assert.equal(i < 3, err ~= nil and err.ambiguous)
    end
    assert.is_table((pool:forgot_password { username = "nobody" }))
    assert.is_nil((pool:confirm_forgot_password { username = "ada", confirmation_code = "0", password = "x" }))
    assert.same({ forgot_password = { count = 3, users = { ada = 2, nobody = 1 } } }, box:get "/executions")
    assert.equal(2, #box:get "/outbox")
  end)
end)

--- Misbehaviour on order: over a socket, where it has to be real, and within
-- the process, where it has to come to the same.
local cjson = require "cjson"
local native = require "cognito.core"
local sandbox = require "cognito.sandbox"
local bytes = require "spec.support.sandbox_bytes"
local call = require "spec.support.sandbox_call"
local process = require "spec.support.sandbox_process"
local socket = require "socket"

local function new_box()
  local box = sandbox.new { client_secret = false }
  box:add_user { username = "ada", email = "ada@example.com" }
  return box
end

describe("an order to misbehave", function()
  it("is refused when it makes no sense", function()
    local box = new_box()
    local wrong = {
      { { what = "drop", phase = "after", cut = "head" }, "cut must be" },
      { { what = "drop", phase = "after", cut = 0.5 }, "whole number" },
      { { what = "drop", cut = 1 }, "cut goes with drop, reset or stall and" },
      { { what = "throttle", phase = "after", cut = 1 }, "cut goes with" },
      { { what = "delay", seconds = 1, phase = "head" }, "whole request" },
      { { what = "hang_up", phase = "connect" }, "whole request" },
      { { what = "drop", phase = "connect", operation = "sign_up" },
        "the operation is not known yet" },
      { { what = "trickle" }, "trickle needs seconds" },
      { { what = "oversized", bytes = 1e9 }, "at most 67108864" },
      { { what = "oversized", bytes = 1.5 }, "whole number" },
      { { what = "throttle", chance = 0 }, "chance must be" },
      { { what = "throttle", chance = 1.5 }, "chance must be" },
      { "drop", "a table was expected" },
    }
    for _, row in ipairs(wrong) do
      assert.error_matches(function() box:misbehave(row[1]) end, row[2])
    end
  end)

  it("can be taken back", function()
    local box = new_box()
    box:misbehave { what = "drop", times = 5 }
    box:misbehave { what = "throttle" }
    assert.equal(2, box:behave())
    call.must(box, "ForgotPassword", { Username = "ada" })
    assert.equal(0, box:behave())
  end)
end)

describe("an order with a chance", function()
  it("hits some requests and lets others pass, alike for a seed", function()
    local function hits()
      local box, n = sandbox.new { client_secret = false, seed = "x", limits = { forgot_password = 1000 } }, 0
      box:add_user { username = "ada", email = "ada@example.com" }
      box:misbehave { what = "throttle", chance = 0.25, times = 1000 }
      for _ = 1, 200 do
        local _, reply = call.call(box, "ForgotPassword", { Username = "ada" })
        if reply.status ~= 200 then n = n + 1 end
      end
      return n
    end
    local n = hits()
    assert.is_true(n > 20 and n < 80, n)
    assert.equal(n, hits())
  end)
end)

describe("a sandbox that misbehaves within the process", function()
  local box

  before_each(function() box = new_box() end)

  local function send(timeout)
    local made = call.request(box, "ForgotPassword", { Username = "ada" })
    local headers = {}
    for name, value in pairs(made.headers) do
      headers[#headers + 1] = { name, value }
    end
    return box:send({ method = "POST", url = "https://127.0.0.1:9229/",
      headers = headers, body = made.body }, { timeout = timeout or 10 })
  end

  local function fails(fault, code, count)
    box:misbehave(fault)
    local response, err = send()
    assert.is_nil(response)
    assert.same({ code, "network", true }, { err.code, err.kind, err.sent })
    assert.equal(count, box:executions "forgot_password")
    assert.equal(0, box:behave())
  end

  it("ends the connection at every stage", function()
    for _, what in ipairs { "drop", "reset" } do
      for _, phase in ipairs { "connect", "first_byte", "head", "before" } do
        fails({ what = what, phase = phase }, "connection_lost", 0)
      end
    end
    fails({ what = "drop", phase = "after" }, "connection_lost", 1)
    fails({ what = "reset", phase = "after", cut = "body" },
      "connection_lost", 2)
  end)

  it("falls silent at every stage, for as long as one waits", function()
    local before = box:now()
    for _, phase in ipairs { "connect", "first_byte", "head", "before" } do
      fails({ what = "stall", phase = phase }, "timeout", 0)
    end
    fails({ what = "stall", phase = "after", cut = "headers" }, "timeout", 1)
    assert.is_true(box:now() - before >= 50)
  end)

  it("answers before it has heard all", function()
    box:misbehave { what = "status_503", phase = "first_byte" }
    box:misbehave { what = "throttle", phase = "head",
      operation = "forgot_password" }
    assert.equal(503, send().status)
    assert.equal(400, send().status)
    assert.equal(0, box:executions "forgot_password")
    assert.equal(200, send().status)
  end)

  it("waits for the operation that was ordered", function()
    box:misbehave { what = "drop", phase = "head", operation = "sign_up" }
    assert.equal(200, send().status)
    assert.equal(1, box:behave())
  end)

  it("answers too much, or just as much as is read", function()
    fails({ what = "oversized" }, "too_large", 0)
    box:misbehave { what = "oversized", bytes = 1000, phase = "after" }
    assert.equal(1000, #cjson.decode(send().body).Padding)
    assert.equal(1, box:executions "forgot_password")
  end)

  it("answers byte by byte", function()
    local before = box:now()
    box:misbehave { what = "trickle", seconds = 1, times = 2 }
    assert.equal(200, send(3600).status)
    assert.is_true(box:now() - before > 100)
    assert.equal("timeout", select(2, send(10)).code)
    assert.equal(2, box:executions "forgot_password")
  end)

  it("speaks as a proxy does", function()
    for _, status in ipairs { 502, 503, 504 } do
      box:misbehave { what = "status_" .. status }
      local response = send()
      assert.equal(status, response.status)
      assert.equal("text/html", response.headers["content-type"])
    end
  end)
end)

describe("a sandbox that misbehaves over HTTP", function()
  local box, face, client

  before_each(function()
    box = new_box()
    face = bytes.open(box)
    client = face:connect()
  end)

  after_each(function()
    client:close()
    face:close()
  end)

  local function again()
    client:close()
    client = face:connect()
  end

  local function request()
    return bytes.post("127.0.0.1", "ForgotPassword", cjson.encode {
      ClientId = box:settings().client_id, Username = "ada" })
  end

  local function reply()
    assert.is_true(face:serve(client))
    client:settimeout(10)
    return bytes.read_reply(client)
  end

  it("ends without a byte, before or after", function()
    for count, phase in ipairs { "before", "after" } do
      for _, what in ipairs { "drop", "reset" } do
        box:misbehave { what = what, phase = phase }
        client:send(request())
        assert.equal("", face:all(client))
        again()
      end
      assert.equal((count - 1) * 2, box:executions "forgot_password")
    end
  end)

  it("cuts the reply where it was ordered", function()
    box:misbehave { what = "drop", phase = "after", cut = 17 }
    client:send(request())
    assert.equal("HTTP/1.1 200 OK\r\n", face:all(client))
    again()
    box:misbehave { what = "drop", phase = "after", cut = "headers" }
    client:send(request())
    local cut = face:all(client)
    assert.matches("^HTTP/1%.1 200 OK\r\n.", cut)
    assert.is_nil(cut:find("\r\n\r\n", 1, true))
    again()
    box:misbehave { what = "drop", phase = "after", cut = "body" }
    client:send(request())
    cut = face:all(client)
    local body = cut:match("\r\n\r\n(.+)$")
    assert.equal(math.floor(cut:match("content%-length: (%d+)") / 2), #body)
    assert.equal(3, box:executions "forgot_password")
  end)

  it("falls silent until the client leaves", function()
    box:misbehave { what = "stall", phase = "after", cut = 5 }
    client:send(request())
    assert.is_true(face:serve(client))
    assert.equal("HTTP/", (client:receive(5)))
    assert.is_false(face:serve(client, 0.1))
    client:close()
    face.server:step(1)
    assert.equal(0, #face.server.connections)
  end)

  it("ends before it has read anything", function()
    face.server:step(1) -- accepts the connection that every test has
    box:misbehave { what = "drop", phase = "connect" }
    again()
    assert.equal("", face:all(client))
    again()
    client:send(request())
    assert.equal(200, reply().status)
  end)

  it("answers the first byte, or a head without its body", function()
    face.server:step(1)
    box:misbehave { what = "status_503", phase = "first_byte" }
    client:send "P"
    assert.equal(503, reply().status)
    again()
    box:misbehave { what = "throttle", phase = "head",
      operation = "forgot_password" }
    client:send((request():gsub("{.*", "")))
    assert.equal("TooManyRequestsException:",
      reply().headers["x-amzn-errortype"])
    assert.equal("", face:all(client))
    assert.equal(0, box:executions "forgot_password")
  end)

  it("reads nothing more once it has broken in", function()
    box:misbehave { what = "stall", phase = "head" }
    client:send(request())
    client:send(request())
    assert.is_false(face:serve(client, 0.1))
    assert.equal(0, box:executions "forgot_password")
    assert.equal(1, #face.server.connections)
    face.server.max_idle = 0
    face.server:step(1)
    assert.equal(0, #face.server.connections)
  end)

  it("hangs up on a connection it said it would keep", function()
    box:misbehave { what = "hang_up" }
    client:send(request())
    local text = face:all(client)
    assert.matches("\r\nconnection: keep-alive\r\n", text, 1, true)
    assert.matches('"CodeDeliveryDetails"', text, 1, true)
  end)

  it("answers byte by byte, and then goes on", function()
    box:misbehave { what = "trickle", seconds = 0.001 }
    local started = socket.gettime()
    client:send(request())
    client:send(request())
    local text = ""
    repeat
      assert.is_true(face:serve(client))
      text = text .. select(3, client:receive(65536))
    until select(2, text:gsub("HTTP/1.1 200 OK", "")) == 2
    assert.is_true(socket.gettime() - started > 0.1)
  end)

  it("answers late", function()
    box:misbehave { what = "delay", seconds = 0.15 }
    local started = socket.gettime()
    client:send(request())
    assert.equal(200, reply().status)
    assert.is_true(socket.gettime() - started >= 0.15)
  end)

  it("does not serve a client that hung up before a late answer", function()
    box:misbehave { what = "delay", seconds = 0.1 }
    client:send(request())
    face.server:step(1) -- accepts
    face.server:step(1) -- reads
    client:close()
    local deadline = socket.gettime() + 0.2
    repeat face.server:step(0.02) until socket.gettime() > deadline
    assert.equal(0, #box.outbox)
    assert.equal(0, #face.server.connections)
  end)
end)

-- Only libcurl tells an end from a reset: to luasocket both are "closed".
describe("a reset", function()
  local box, http

  setup(function()
    box, http = process.start "--public-client", native.http()
  end)

  teardown(function()
    http:close()
    box:stop()
  end)

  for _, phase in ipairs { "head", "before", "after" } do
    it("is one (RST), " .. phase, function()
      local function lost(what)
        box:post("/misbehave", { what = what, phase = phase })
        local _, err = http:send { method = "POST", body = "{}",
          url = box.settings.url .. "/", headers = {
            { "X-Amz-Target",
              "AWSCognitoIdentityProviderService.ForgotPassword" } } }
        return err.message
      end
      assert.matches("reset by peer", lost "reset")
      assert.is_nil(lost "drop":find "reset by peer")
    end)
  end
end)

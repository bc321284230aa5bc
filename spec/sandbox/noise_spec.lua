--- No input ends a server: noise at the sandbox's socket, at its pool and at
-- the orders to the box. The seeds are fixed and stand in the names.
local sandbox = require "cognito.sandbox"
local socket = require "socket"
local bytes = require "spec.support.sandbox_bytes"
local noise = require "spec.support.noise"
local process = require "spec.support.sandbox_process"

local ROUNDS = 60 -- of each seed

local function ask(client)
  client:settimeout(10)
  assert(client:send(bytes.head { "GET / HTTP/1.1", "Host: 127.0.0.1" }))
  return bytes.read_reply(client)
end

describe("noise at the sandbox", function()
  -- One that ended the process: a bare line feed before the first CRLF.
  local lines = {
    "A\nB\r\n\r\n", "\n\r\n\r\n", "\r\n\r\n", "\r\r\n\r\n", "\0\r\n\r\n", "GET\n / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\n\r\n\r\n", "GET / HTTP/1.1\r\nA:\nb\r\n\r\n", ("\n"):rep(20000), ("x"):rep(20000),
    "GET / HTTP/1.1\r\nContent-Length: " .. ("9"):rep(400) .. "\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1e3\r\n\r\n",
  }

  for i, line in ipairs(lines) do
    it(("does not end the process: request line %d that is none"):format(i), function()
      local box = process.start "--public-client"
      finally(function() box:stop() end)
      local client = box:connect()
      assert(client:send(line))
      client:shutdown "send"
      local reply = client:receive "*a"
      client:close()
      assert.matches("^HTTP/1%.1 4%d%d ", reply)
      assert.equal(200, ask(box:connect()).status)
      assert.is_nil(box:printed():find("bug:", 1, true))
    end)
  end

  local box, face, reports

  before_each(function()
    reports = {}
    box = sandbox.new { client_secret = false }
    box:add_user { username = "ada", email = "ada@example.com" }
    face = bytes.open(box, { report = function(line) reports[#reports + 1] = line end })
  end)

  after_each(function() face:close() end)

  -- Sends in pieces, and serves until the other side has had enough.
  local function throw(text)
    local client = face:connect()
    local from = 1
    while from and from <= #text do
      local sent, err, last = client:send(text, from, from + 4095)
      from = err ~= "closed" and (sent or last or from) + 1 or nil
      face.server:step(0)
    end
    client:shutdown "send"
    for _ = 1, 3 do face.server:step(0) end
    client:close()
  end

  local function assert_alive(what)
    box:behave()
    local client = face:connect()
    client:send(bytes.head { "GET / HTTP/1.1", "Host: 127.0.0.1" })
    assert(face:serve(client), what)
    client:settimeout(10)
    assert.equal(200, bytes.read_reply(client).status, what)
    client:close()
    assert.same({}, reports, what)
  end

  for _, kind in ipairs(noise.kinds) do
    for _, seed in ipairs { 1, 2, 3 } do
      it(("is answered or refused: %s, seed %d"):format(kind, seed), function()
        local source = noise.new(seed)
        for round = 1, ROUNDS do
          local text = source[kind](source)
          throw(text)
          assert_alive(("seed %d, round %d: %q"):format(seed, round, text:sub(1, 400)))
        end
      end)
    end
  end

  it("is not read without bound while an answer is late", function()
    box:misbehave { what = "delay", seconds = 3600, operation = "forgot_password" }
    local client = face:connect()
    client:send(bytes.post("127.0.0.1", "ForgotPassword", "{}"))
    local piece, sent = ("x"):rep(65536), 0
    for _ = 1, 400 do
      local all, _, last = client:send(piece)
      sent = sent + (all or last or 0)
      face.server:step(0)
    end
    assert.is_true(#face.server.connections[1].input < 2 * 1024 * 1024)
    assert.is_true(sent < 400 * #piece)
    client:close()
    assert_alive "after a flood"
  end)

  it("does not fill memory with answers that are not read", function()
    local client = face:connect()
    local request = bytes.head { "GET / HTTP/1.1", "Host: 127.0.0.1" }
    local many = request:rep(500)
    for _ = 1, 200 do
      client:send(many)
      face.server:step(0)
    end
    assert.is_true(#face.server.connections[1].output < 2 * 1024 * 1024)
    client:close()
    assert_alive "after a flood"
  end)

  it("ends one connection at most where the server itself fails", function()
    local working = face:connect()
    working:send(bytes.head { "GET / HTTP/1.1", "Host: 127.0.0.1" })
    assert(face:serve(working))
    local broken = face:connect()
    face.server:step(0)
    local it_fails = face.server.connections[2]
    it_fails.work = function(self)
      self.work = nil
      error "out of order"
    end
    broken:send "GET"
    local said = face:all(broken)
    assert.matches("^HTTP/1%.1 500 ", said)
    assert.equal(1, #reports)
    assert.matches("out of order", reports[1], 1, true)
    reports = {}
    assert_alive "after a mistake of ours"
    working:close()
  end)

  it("finds the system's limits no reason to end", function()
    local select = socket.select
    finally(function() socket.select = select end)
    box:misbehave { what = "delay", seconds = 1e9 }
    throw(bytes.post("127.0.0.1", "SignUp", "{}"))
    local longest = 0
    socket.select = function(readers, writers, limit)
      longest = math.max(longest, limit or 0)
      return select(readers, writers, 0)
    end
    face.server:step()
    assert.is_true(longest <= 3600)
  end)
end)

--- Functions of the C core in states that Lua code cannot bring about
-- (spec/c/inside.c): most buffers raise where there is no memory, and libcurl
-- seldom gives most of its results.
local core = require "cognito.core"
local inside = require "spec.c.inside"
local socket = require "socket"

-- A writer's output into just enough room. In less the writer says that there is no
-- room; bytes that are written behind the buffer raise.
local function whole(write)
  local room = 0
  while true do
    local written, text = write(room)
    if written then return text end
    room = room + 1
    assert.is_true(room < 10000, "never enough")
  end
end

describe("a buffer without room", function()
  it("stops a signature, at every byte", function()
    local plenty = 5000
    for _, query in ipairs { "b=1&a=%20&c", "" } do -- to sort one takes room that all the rest then has
      for _, normalize in ipairs { true, false } do
        local function header(scratch, out) return inside.signature(scratch, out, normalize, query) end
        local text = whole(function(room) return header(plenty, room) end)
        assert.matches("^AWS4%-HMAC%-SHA256 Credential=AKIDEXAMPLE/19700101/eu%-west%-1/service/"
          .. "aws4_request, "
          .. "SignedHeaders=host;x%-a;x%-a%-c;x%-b, Signature=%x+$", text)
        assert.equal(text, whole(function(room) return header(room, plenty) end))
      end
    end
  end)

  it("stops the head of a request, at every byte", function()
    local head = whole(function(room) return inside.head(room) end)
    assert.equal("POST http://h.example:81/a?b HTTP/1.1\r\nHost: h.example:81\r\nP: x\r\n"
      .. "Connection: close\r\nA: 1\r\nB:\r\nContent-Length: 2\r\n\r\n", head)
    assert.matches("\r\nHost: own\r\n", (whole(function(room) return inside.head(room, true) end)))
    local long = "P: " .. ("x"):rep(200) -- longer than all that follows it
    assert.truthy((whole(function(room) return inside.head(room, false, long) end)):find(long, 1, true))
  end)

  it("stops what is kept of a request, at every byte", function()
    assert.equal("POST\0http://h/\0A: 1\0B;\0C: 3\0", whole(inside.request))
  end)

  it("stops a URL, at every byte", function()
    assert.equal("https://h.example:81/a/", whole(function(room) return inside.url(room, "HTTPS://H.example:81/a") end))
    assert.equal("http://127.0.0.1/", whole(function(room) return inside.url(room, "http://127.1/") end))
  end)

  it("is what an endless query finds", function()
    assert.is_true(inside.endless_query())
  end)
end)

describe("a signature", function()
  for _, name in ipairs { "access_key_id", "secret_access_key", "region", "service" } do
    it("is refused without " .. name, function() assert.is_true(inside.refused(name)) end)
  end
end)

describe("a signer", function()
  it("keeps one key for each secret of a day, up to eight", function()
    assert.equal(1, inside.kept_keys(0, "a"))
    assert.equal(1, inside.kept_keys(0, "a", 86399, "a"))
    assert.equal(2, inside.kept_keys(0, "a", 0, "b", 0, "a"))
    local nine = {}
    for i = 1, 9 do nine[2 * i - 1], nine[2 * i] = 0, "secret" .. i end
    assert.equal(8, inside.kept_keys((table.unpack or unpack)(nine)))
  end)

  it("keeps no key of another day", function()
    assert.equal(1, inside.kept_keys(0, "a", 0, "b", 86400, "a"))
  end)

  it("makes no signature without a key", function() assert.is_true(inside.without_hmac()) end)
end)

describe("a result of libcurl", function()
  local codes = { -- CURLE_*
    [""] = { 0 },
    dns = { 5, 6 },
    tls = { 35, 53, 54, 58, 59, 60, 66, 77, 82, 83, 90, 91 },
    timeout = { 28 },
    aborted = { 27, 42 },
    invalid_parameter = { 1, 3, 43 },
    connect = { 7, 45, 52, 56, 95, 97, 999 },
  }
  for code, numbers in pairs(codes) do
    for _, number in ipairs(numbers) do
      it(("%d is %s"):format(number, code == "" and "no error" or code), function()
        assert.equal(code, inside.fault(number))
      end)
    end
  end
end)

describe("libcurl's words in a message", function()
  local function said(words)
    return inside.message(words):match "^no connection: (.*); check the endpoint, the network and the proxy$"
  end

  it("keep no control character, and nothing that looks like one", function()
    assert.equal("a? b? c", said "a\1 b\127 c")
    assert.equal("what is not ASCII?", said "what is not ASCII\194\155")
  end)

  it("keep nothing of a URL's user and query", function()
    assert.equal("cannot read http://h/p? at all", said "cannot read http://user:secret@h/p?secret=1 at all")
    assert.equal("? (h)", said "?secret (user@h)")
  end)

  it("quote no proxy that is not supported", function()
    assert.equal("Unsupported proxy scheme for ''", said "Unsupported proxy scheme for 'foo://u:secret@h'")
    assert.equal("Unsupported proxy 'cut off", "Unsupported proxy 'cut off")
    assert.equal("Unsupported proxy ''", said "Unsupported proxy 'foo://u:secret")
    assert.equal("Unsupported proxy", said "Unsupported proxy")
  end)
end)

describe("an error that others left in OpenSSL's queue", function()
  it("stays there, and alone, while the core signs in by SRP", function()
    local srp = core.srp()
    local challenge = { pool_name = "p", user_id = "u", password = "p", salt = "1", srp_b = "2",
      secret_block = "QQ==", time = 0 }
    local wrong = { pool_name = "p", user_id = "u", password = "p", salt = "1", srp_b = "0",
      secret_block = "QQ==", time = 0 }
    for _, call in ipairs {
      function() end,
      function() core.srp() end,
      function() srp:public() end,
      function() assert(srp:answer(challenge)) end,
      function() assert(not srp:answer(wrong)) end,
      function() core.srp_verifier { pool_name = "g", user_id = "k", password = "p" } end,
      function() core.sha256 "x" end,
      function() core.hmac_sha256("k", "x") end,
      function() core.random(8) end,
    } do
      assert.equal(1, inside.errors_left(call))
    end
  end)
end)

describe("the poller", function()
  it("returns at once for what is there, however long it may wait", function()
    for _, seconds in ipairs { -1, 0, 1, 1e12 } do assert.equal(1, inside.wait(seconds)) end
  end)

  it("watches more sockets than it began with room for", function()
    for _, n in ipairs { 1, 2, 8, 9, 17, 64 } do assert.is_true(inside.watch(n)) end
  end)
end)

-- The connection is used again, so it is watched for replies already.
describe("a connection that cannot be watched for room to write", function()
  it("ends its call, which may have been carried out", function()
    local listener, http = assert(socket.bind("127.0.0.1", 0)), core.http()
    local url = ("http://127.0.0.1:%d/"):format(select(2, listener:getsockname()))
    http:start { method = "GET", url = url }
    listener:settimeout(0)
    local client, taken
    repeat
      http:step(0.01)
      client = listener:accept()
    until client
    client:send "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    repeat
      http:step(0.01)
      taken = http:take()
    until taken
    inside.spoil(http:pollfd())
    http:start { method = "POST", url = url, body = ("x"):rep(2 ^ 24) }
    http:step(0)
    local _, response, err = http:take()
    assert.is_nil(response)
    assert.same({ "aborted", true }, { err.code, err.sent })
    assert.matches("refuses to watch a socket", err.message)
    http:close()
    client:close()
    listener:close()
  end)
end)

-- No proxy is asked for these.
describe("this machine", function()
  it("is each name and spelling of a loopback address", function()
    for name in ("localhost LOCALHOST localhost. .localhost a.localhost A.b.LocalHost. 127.0.0.1 127.0.0.1. 127.1 "
      .. "127.255.255.255 0x7f.1 017700000001 2130706433 [::1] [0:0::1] [::ffff:127.0.0.1] "
      .. "[::ffff:7fff:1]"):gmatch "%S+" do
      assert.is_true(inside.is_here(name), name)
    end
  end)

  it("is no other", function()
    assert.is_false(inside.is_here "")
    for name in (". localhos localhostt ocalhost alocalhost -localhost a-localhost localhost.a a.localhos localhost.. "
      .. "126.255.255.255 128.0.0.1 0.0.0.127 127.0.0.1.1 [::] [::2] [::7f00:1] [::ffff:128.0.0.1] "
      .. "[::fffe:127.0.0.1]"):gmatch "%S+" do
      assert.is_false(inside.is_here(name), name)
    end
  end)
end)

-- An id went on beyond the last one that http:cancel takes, so that of a client that had sent
-- as many no task could be cancelled.
describe("the id of a request", function()
  it("is one more than the last, and 1 after 2147483647", function()
    assert.equal(1, inside.next_id(0))
    assert.equal(2147483647, inside.next_id(2147483646))
    assert.equal(1, inside.next_id(2147483647))
  end)
end)

describe("core.sleep", function()
  it("goes on after signals of others, until its time is over", function()
    local begun = core.clock()
    assert.is_true(inside.sleep(core.sleep, 0.05) > 0)
    assert.is_true(core.clock() - begun >= 0.05)
  end)
end)

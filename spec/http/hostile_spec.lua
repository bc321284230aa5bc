-- Servers that break off, crawl, never end, lie, or do not speak HTTP. Each
-- row of the tables is a spec: the right code, in bounded time and memory, and
-- the connection is not used again.
--
-- Each row runs three times: as the first reply of all, as the second one of a
-- kept connection, and as the first of a new connection whose http object has
-- had a reply before. libcurl 7.83 to 8.0 freed twice when an easy handle had
-- had a reply and the next one began with a folded line; the rows ran on fresh
-- handles only, and did not see it.

local core = require "cognito.core"
local cognito = require "cognito"
local hostile_server = require "spec.support.hostile_server"
local proc = require "spec.support.proc"

local SHORT = 1 -- seconds: the timeout of what only time ends
local LONG = 30 -- the timeout of what must end before it
local OK = "HTTP/1.1 200 OK\r\n"
local CHUNKED = OK .. "Transfer-Encoding: chunked\r\n\r\n"

local server, http

before_each(function() server = hostile_server.listen() end)

after_each(function()
  server:stop()
  http:close()
end)

-- What has come before the row's reply. The second request's first byte is
-- waited for, or the server would turn hostile while nobody asks.
local ways = {
  { name = "" },
  { name = ", after a reply on the same connection", kept = true },
  { name = ", after a reply on another connection" },
}
local way

local function describe_ways(name, rows)
  for i, each in ipairs(ways) do
    describe(name .. each.name, function()
      before_each(function() way = each end)
      rows(i == 1)
    end)
  end
end

local function post(body)
  return { method = "POST", url = server:url(), headers = {}, body = body or "{}" }
end

local function well_behaved(peer)
  peer:request()
  peer:send(OK .. "Content-Length: 4\r\n\r\ngood")
  peer:stall()
end

-- Over a connection of its own the next call is none the worse.
local function assert_usable()
  local before = server.accepted
  server.script = well_behaved
  local response = assert(server:exchange(http, post()))
  assert.equal("good", response.body)
  if not way.kept then -- else libcurl may have opened one in vain
    assert.equal(before + 1, server.accepted)
  end
end

-- A reply of the usual kind.
local function first(peer)
  peer:request()
  peer:send(OK .. "X-Request-Number: 1\r\nContent-Length: 5\r\n\r\nfirst")
end

local function first_of_two(script)
  return function(peer)
    first(peer)
    peer:await(1)
    script(peer)
  end
end

local function first_and_last(peer)
  first(peer)
  peer:close()
end

-- What the way begins with; the script is for what comes then.
local function go(script)
  if way == ways[1] then
    server.script = script
    return
  end
  server.script = way.kept and first_of_two(script) or first_and_last
  assert.equal("first", assert(server:exchange(http, post())).body)
  server.script = way.kept and server.script or script
end

-- One request while the server plays the script. Bounded: in time by the
-- timeout (the server gives up long after it), in memory by max_response, of
-- which this is many times.
local function play(script, timeout, request)
  http = core.http { timeout = timeout }
  go(script)
  local memory = proc.memory()
  local response, err = server:exchange(http, request or post(), { all_headers = true })
  assert.is_true(proc.memory() - memory < proc.margin())
  return response, err
end

local function assert_fault(code, sent, response, err)
  assert.is_nil(response)
  assert.equal(code, err.code, err.message)
  assert.equal("network", err.kind)
  assert.equal(sent, err.sent)
end

-- A script that reads the request, sends the text and ends so.
local function says(text, ending)
  return function(peer)
    peer:request()
    peer:send(text)
    peer[ending](peer)
  end
end

describe_ways("a server that breaks off", function()
  local big = ("x"):rep(4000000) -- more than the sockets hold

  local stages = {
    { "having accepted", function(peer) peer:pause(0.01) end },
    { "within the request", function(peer) peer:await(100000) end, big },
    { "after the request", function(peer) peer:request() end },
    { "after an interim reply", "HTTP/1.1 100 Continue\r\n\r\n" },
    { "within an interim reply", "HTTP/1.1 100 Continue\r\nX-A: 1" },
    { "within the status line", "HTTP/1.1 2" },
    { "after the status line", OK },
    { "within the headers", OK .. "Content-Le" },
    { "after a header", OK .. "Content-Length: 9\r\n" },
    { "before the body", OK .. "Content-Length: 9\r\n\r\n" },
    { "within the body", OK .. "Content-Length: 9\r\n\r\n{}" },
    { "within a chunk's size", CHUNKED .. "1" },
    { "within a chunk", CHUNKED .. "9\r\n{}" },
    { "between chunks", CHUNKED .. "2\r\n{}\r\n" },
    { "before the trailers' end", CHUNKED .. "2\r\n{}\r\n0\r\nX-A: 1\r\n" },
  }

  local function reach(peer, stage)
    if type(stage) == "function" then return stage(peer) end
    peer:request()
    peer:send(stage)
  end

  local function ends(ending)
    for _, row in ipairs(stages) do
      local name, stage, body = row[1], row[2], row[3]
      it(("with a %s, %s"):format(ending, name), function()
        local function script(peer)
          reach(peer, stage)
          peer[ending](peer)
        end
        assert_fault("connection_lost", true, play(script, LONG, post(body)))
        assert_usable()
      end)
    end
  end

  ends "close"
  ends "reset"

  local crawling = {
    { "status line", "HTTP/1.1 200 ", "O" },
    { "headers", OK, "X-A: 1\r\n" },
    { "body", OK .. "Content-Length: 99999\r\n\r\n", "x" },
    { "chunks", CHUNKED, "1\r\nx\r\n" },
    { "interim replies", "", "HTTP/1.1 102 Processing\r\n\r\n" },
  }

  -- Only time ends these, so they run at once.
  local function scripts()
    local all = {}
    for i, row in ipairs(stages) do
      all[i] = { body = row[3], play = function(peer)
        reach(peer, row[2])
        peer:stall()
      end }
    end
    for _, row in ipairs(crawling) do
      all[#all + 1] = { play = function(peer)
        reach(peer, row[2])
        peer:trickle(row[3]:rep(1000))
      end }
    end
    return all
  end

  -- A connection each: all are begun in one step.
  local function start_all(all, script_of, options)
    local n = 0
    server.script = function(peer)
      n = n + 1
      script_of(all[n])(peer)
    end
    for _, each in ipairs(all) do assert(http:start(post(each.body), options)) end
  end

  local function take_all(check)
    local taken = 0
    server:play(http, function()
      for _, response, err in http.take, http do
        check(response, err)
        taken = taken + 1
      end
      return http:stats().in_flight == 0 or nil
    end)
    return taken
  end

  local function begin_ways(all)
    if way == ways[1] then return end
    start_all(all, function(each) return way.kept and first_of_two(each.play) or first_and_last end,
      { timeout = LONG })
    assert.equal(#all, take_all(function(response, err) assert.equal("first", assert(response, err).body) end))
  end

  it("or stalls or crawls at any of these points is left in time", function()
    http = core.http { timeout = SHORT }
    local all = scripts()
    begin_ways(all)
    local connections = way == ways[3] and 2 * #all or #all
    start_all(all, function(each) return each.play end)
    assert.equal(#all, take_all(function(response, err) assert_fault("timeout", true, response, err) end))
    assert.equal(connections, server.accepted)
    assert_usable()
  end)
end)

describe_ways("a reply without end is cut off", function()
  local function endless(name, code, head, rest)
    it(name, function()
      local function script(peer)
        peer:request()
        peer:send(head)
        peer:send_forever(rest:rep(math.ceil(8192 / #rest)))
      end
      assert_fault(code, true, play(script, code == "timeout" and 0.5 or LONG))
      assert_usable()
    end)
  end

  endless("status line", "too_large", "HTTP/1.1 200 ", "O")
  endless("headers", "too_large", OK, "X-A: 1\r\n")
  endless("large headers", "too_large", OK, "X-A: " .. ("x"):rep(8000) .. "\r\n")
  endless("one header", "too_large", OK .. "X-A: ", "x")
  endless("one folded header", "too_large", OK .. "X-A: 1\r\n", " x\r\n")
  endless("body", "too_large", OK .. "\r\n", "x")
  endless("chunks", "too_large", CHUNKED, "1\r\nx\r\n")
  endless("chunk size", "malformed_response", CHUNKED, "0")
  -- Nothing of it is kept, so only time ends it.
  endless("chunk extension", "timeout", CHUNKED .. "1;", "x")
  endless("trailers", "too_large", CHUNKED .. "0\r\n", "X-A: 1\r\n")
  endless("one trailer", "too_large", CHUNKED .. "0\r\nX-A: ", "x")
  endless("100 Continue", "too_large", "", "HTTP/1.1 100 Continue\r\n\r\n")
  endless("103 Early Hints", "too_large", "", "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n")
  endless("empty lines", "malformed_response", "", "\r\n")
  endless("noise", "malformed_response", "", "\0\255")
  -- Zeros under gzip, a thousandth of their size: libcurl 7.88 unpacks them.
  endless("bomb", "malformed_response", OK .. "Transfer-Encoding: gzip\r\n\r\n\31\139\8\0\0\0\0\0\0\3\99\24",
    "\5\163\96\20\140\130\81\48\10\70\193\40\24")
end)

describe_ways("a reply that is no HTTP is reported", function()
  local function told(name, code, text)
    it(name, function()
      assert_fault(code, true, play(says(text, "close"), LONG))
      assert_usable()
    end)
  end

  local function length(name, code, value)
    told("Content-Length " .. name, code, OK .. "Content-Length: " .. value .. "\r\n\r\n{}")
  end

  length("too long", "connection_lost", "9")
  length("negative", "malformed_response", "-2")
  length("signed", "malformed_response", "+2")
  length("empty", "malformed_response", "")
  length("with a unit", "malformed_response", "2 bytes")
  length("as a list", "malformed_response", "2, 2")
  length("twice, growing", "malformed_response", "2\r\nContent-Length: 4")
  length("twice, shrinking", "malformed_response", "4\r\ncontent-length: 2")
  length("folded", "malformed_response", "2\r\n 2") -- 22, 2, or 2 2
  length("beyond max_response", "too_large", "1073741824")
  length("beyond 64 bits", "too_large", "99999999999999999999999")

  local function chunks(name, code, text)
    told("chunk " .. name, code, CHUNKED .. text)
  end

  chunks("size missing", "malformed_response", "\r\n{}\r\n0\r\n\r\n")
  chunks("size no number", "malformed_response", "zz\r\n{}\r\n0\r\n\r\n")
  chunks("size negative", "malformed_response", "-2\r\n{}\r\n0\r\n\r\n")
  chunks("size in C's notation", "malformed_response", "0x2\r\n{}\r\n0\r\n\r\n")
  chunks("size of 64 bits", "malformed_response", "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")
  chunks("size of 63 bits", "connection_lost", "7FFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")
  chunks("size of 68 bits", "malformed_response", "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")
  chunks("longer than its size", "malformed_response", "2\r\n{}}\r\n0\r\n\r\n")
  chunks("without a line break", "malformed_response", "2\r\n{}0\r\n\r\n")

  local function line(name, text)
    told(name, "malformed_response", text .. "\r\nContent-Length: 2\r\n\r\n{}")
  end

  line("a web page without a head (HTTP/0.9)", "<html></html>")
  line("status without digits", "HTTP/1.1 abc")
  line("status of two digits", "HTTP/1.1 99 X")
  line("status of four digits", "HTTP/1.1 2000 X")
  line("status zero", "HTTP/1.1 000 X")
  line("status negative", "HTTP/1.1 -200 X")
  line("status missing", "HTTP/1.1")
  line("status line of HTTP/1.2", "HTTP/1.2 200 OK")
  line("status line of HTTP/3", "HTTP/3 200 OK")
  line("status line of HTTP/9.9", "HTTP/9.9 200 OK")
  line("status line of HTTP/2", "HTTP/2 200 OK")
  line("status line of HTTP/2, negative", "HTTP/2 -05")
  line("status line of HTTP/1", "HTTP/1 200 OK")
  line("status above 599", "HTTP/1.1 600 X")
  line("status of 999", "HTTP/1.1 999 Request denied")
  line("status of 099", "HTTP/1.1 099 X")
  line("status signed", "HTTP/1.1 +20 X")
  line("status in hexadecimal", "HTTP/1.1 0x1 X")
  line("status with a fraction", "HTTP/1.1 200.5 X")
  line("status beyond 32 bits", "HTTP/1.1 4294967496 X")
  line("status after two blanks", "HTTP/1.1  200 X")
  line("status after a tab", "HTTP/1.1\t200 X")
  line("status with letters after it", "HTTP/1.1 200OK")
  line("status line in small letters", "http/1.1 200 OK")
  line("unrequested status of another protocol", "HTTP/1.1 101 Switching Protocols")
  line("status line of RTSP", "RTSP/1.0 200 OK")
  line("status line of a radio station", "ICY 200 OK")
  line("status line after an empty one", "\r\nHTTP/1.1 200 OK")
  line("NUL in the status line", "HTTP/1.1 200 O\0K")
  line("NUL in a header's name", OK .. "X-\0A: 1")
  line("header without a colon", OK .. "nonsense")
  line("folded line before any header", OK .. " f: " .. ("F"):rep(200))
  line("folded line after a tab before any header", OK .. "\tf: " .. ("F"):rep(2000))
  line("folded line after an interim reply", "HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\n" .. OK .. " f: F")

  told("another status line among the headers", "malformed_response",
    OK .. "Content-Length: 2\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")
  told("another status line as a trailer", "malformed_response", CHUNKED .. "0\r\nHTTP/1.1 404 Not Found\r\n\r\n")
  told("HTTP/2's preface", "malformed_response", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")
  told("HTTP/2's settings", "malformed_response", "\0\0\0\4\0\0\0\0\0")
  told("TLS's refusal of plain text", "malformed_response", "\21\3\1\0\2\2\40")
  told("a body that is not packed as it says", "malformed_response",
    OK .. "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
  told("a body that is packed and in chunks", "malformed_response",
    OK .. "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
  told("a body in chunks twice", "malformed_response",
    CHUNKED:sub(1, -3) .. "Transfer-Encoding: chunked\r\n\r\n5\r\n2\r\n{}\r\n0\r\n\r\n")
  told("a body in chunks of an unknown encoding", "malformed_response",
    OK .. "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
end)

describe_ways("odd but clear replies are taken as they are", function()
  local function taken(name, text, check)
    it(name, function()
      local response = assert(play(says(text, "stall"), LONG))
      check(response)
    end)
  end

  local function body_is(expected)
    return function(response) assert.equal(expected, response.body) end
  end

  taken("duplicate headers, joined", OK .. "Content-Type: a\r\nContent-Length: 2\r\ncontent-type: b\r\n\r\n{}",
    function(response) assert.equal("a, b", response.headers["content-type"]) end)
  taken("the same length twice", OK .. "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", body_is "{}")
  taken("chunks, in another spelling", OK .. "TRANSFER-ENCODING: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", body_is "{}")
  taken("a length and chunks", OK .. "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    body_is "{}")
  taken("lines that end without a return", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", body_is "{}")
  taken("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", body_is "{}")
  taken("an unknown status", "HTTP/1.1 599 X\r\nContent-Length: 2\r\n\r\n{}",
    function(response) assert.equal(599, response.status) end)
  taken("a status without a reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", body_is "{}")
  taken("an interim reply before it",
    "HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n" .. OK .. "Content-Length: 2\r\n\r\n{}", body_is "{}")
  taken("no body where none may be", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", body_is "")
  -- It looked like a header, for no body had come before it.
  taken("trailers of an empty body", CHUNKED .. "0\r\nX-Late: 1\r\n\r\n",
    function(response) assert.is_nil(response.headers["x-late"]) end)

  it("a body that ends with the connection", function()
    assert.equal("{}", assert(play(says(OK .. "\r\n{}", "close"), LONG)).body)
    assert_usable()
  end)

  it("a refusal before the request is complete", function()
    local function script(peer)
      peer:await(1000)
      peer:send "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\n\r\n{}"
      peer:pause(LONG)
    end
    assert.equal(413, assert(play(script, LONG, post(("x"):rep(4000000)))).status)
    assert_usable()
  end)
end)

describe_ways("an unsolicited reply", function()
  local REPLY = OK .. "Content-Length: 2\r\n\r\n{}"
  local EVIL = OK .. "Content-Length: 4\r\n\r\nevil"

  -- libcurl 7.88 used a connection on which bytes were waiting. What came
  -- unasked was taken for the next request's reply, that one's for the one
  -- after it, and so on.
  local function not_taken(name, script)
    it(name, function()
      assert.equal("{}", assert(play(script, LONG)).body)
      assert_usable()
    end)
  end

  not_taken("is not the next one's reply, together with the first", says(REPLY .. EVIL, "stall"))

  not_taken("is not the next one's reply, after the first", function(peer)
    peer:request()
    peer:send(REPLY)
    peer:pause(0)
    peer:send(EVIL)
    peer:stall()
  end)

  -- As load balancers do with connections that have been idle for long.
  not_taken("is not the next one's reply, followed by the end", function(peer)
    peer:request()
    peer:send(REPLY)
    peer:pause(0)
    peer:send "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    peer:close()
  end)
end)

describe("a proxy", function()
  -- Nothing of the request may have left, whatever it does.
  local function proxy(name, code, timeout, script)
    it(name, function()
      server.script = script
      http = core.http { proxy = server:url(), timeout = timeout }
      local memory = proc.memory()
      local request = { method = "POST", url = "https://service.invalid/", headers = {}, body = "{}" }
      assert_fault(code, false, server:exchange(http, request))
          assert.is_true(proc.memory() - memory < proc.margin())
      local before = server.accepted
      assert_fault(code, false, server:exchange(http, request))
      assert.equal(before + 1, server.accepted)
    end)
  end

  local established = "HTTP/1.1 200 Connection established\r\n\r\n"

  proxy("that wants a password", "connect", LONG, says("HTTP/1.1 407 Proxy Authentication Required\r\n"
    .. "Proxy-Authenticate: Basic realm=x\r\nContent-Length: 2\r\n\r\nno", "stall"))
  proxy("that refuses", "connect", LONG, says("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "stall"))
  proxy("that redirects", "connect", LONG, says("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "stall"))
  proxy("that cannot reach the host", "connect", LONG, says("HTTP/1.1 502 Bad Gateway\r\n\r\n", "close"))
  proxy("that closes", "connect", LONG, says("", "close"))
  proxy("that resets", "connect", LONG, says("", "reset"))
  proxy("that stalls", "timeout", 0.3, says("", "stall"))
  proxy("that breaks off", "connect", LONG, says("HTTP/1.1 200 Conn", "close"))
  proxy("that speaks no HTTP", "connect", LONG, says("hello\r\n\r\n", "close"))
  proxy("whose headers do not end", "connect", LONG, function(peer)
    peer:request()
    peer:send(OK)
    peer:send_forever(("X-A: 1\r\n"):rep(1000))
  end)
  proxy("whose tunnel ends at once", "tls", LONG, says(established, "close"))
  proxy("whose tunnel leads to no TLS", "tls", LONG, says(established .. "hello, this is plain text\r\n", "stall"))
end)

describe("a client", function()
  -- The usual runtime waits inside C; this one lets the server have its turn.
  local function ask(text)
    http = core.http { timeout = LONG }
    server.script = says(text, "stall")
    local pool = cognito.new {
      endpoint = server:url(), user_pool_id = "eu-west-1_Ab12Cd34E", client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
      runtime = {
        send = function(_, request) return server:exchange(http, request) end,
        sleep = function() end,
      },
    }
    return pool:forgot_password { username = "ada" }
  end

  local function page(content_type, body)
    return ("%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"):format(OK, content_type, #body, body)
  end

  local rows = {
    { "a web page", page("text/html", "<html>Please sign in to the network</html>") },
    { "a web page that calls itself JSON", page("application/x-amz-json-1.1", "<html></html>") },
    { "JSON that is no object", page("application/x-amz-json-1.1", "[1]") },
    { "JSON that is cut off", page("application/x-amz-json-1.1", '{"CodeDeliveryDetails":{"Destin') },
  }

  for _, row in ipairs(rows) do
    it("does not take " .. row[1] .. " for a reply, and does not ask again", function()
      local result, err = ask(row[2])
      assert.is_nil(result)
      assert.equal("malformed_response", err.code)
      assert.is_true(err.ambiguous)
      assert.equal(1, server.accepted)
    end)
  end

  it("takes a reply of a wrong content type that is one", function()
    local body = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL"}}'
    assert.equal("EMAIL", assert(ask(page("text/plain", body))).code_delivery_details.delivery_medium)
  end)
end)

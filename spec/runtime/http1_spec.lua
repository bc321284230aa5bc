-- HTTP/1.1 without a network: requests as bytes, replies from sources that
-- give all at once, byte by byte, or break off anywhere; each as the first reply
-- of its source and as one that comes after another. The C core writes and reads.

local core = require "cognito.core"
local http1 = require "spec.support.http1"
local parse = require("cognito.wire").request_url

local read, write = http1.read, http1.write

local OK = "HTTP/1.1 200 OK\r\n"
local CHUNKED = OK .. "Transfer-Encoding: chunked\r\n\r\n"

-- ---- sources ----

-- Gives the text in pieces of a size, and then ends in a fault.
local function source(text, size, fault)
  local at = 1
  return {
    more = function()
      if at > #text then return nil, fault end
      at = at + size
      return text:sub(at - size, at - 1)
    end,
  }
end

local CLOSED = { code = "connection_lost", words = "closed", ended = true }
local RESET = { code = "connection_lost", words = "connection reset by peer" }
local SILENT = { code = "timeout", words = "timeout" }

local function options(more)
  local given = { method = "POST", max_response = 1048576, all_headers = true }
  for name, value in pairs(more or {}) do given[name] = value end
  return given
end

-- Replies of the usual kinds that leave their connection for another one.
local earlier = {
  OK .. "X-Request-Number: 1\r\nContent-Length: 5\r\n\r\nfirst",
  CHUNKED .. "5\r\nfirst\r\n0\r\nX-Late: 1\r\n\r\n",
}

-- Gives an earlier reply and then the text, as a kept connection does.
local function used_source(before, text, size, fault)
  local now, after = source(before, size, SILENT), source(text, size, fault)
  local used = { more = function() return now.more() end }
  local response, reusable = read(used, options())
  assert.equal("first", response.body)
  assert.is_true(reusable)
  now = after
  return used
end

local function assert_same_outcome(response, reusable, other, other_reusable)
  assert.same(response, other)
  if response then
    assert.equal(reusable, other_reusable)
  else
    assert.equal(reusable.code, other_reusable.code)
  end
end

-- What comes of a text however it is cut, and whatever came before it on its
-- connection, which must be the same.
local function read_in_pieces(text, fault, more)
  local response, reusable = read(source(text, #text, fault), options(more))
  for size = 1, math.min(#text, 40) do
    assert_same_outcome(response, reusable, read(source(text, size, fault), options(more)))
    for _, before in ipairs(earlier) do
      assert_same_outcome(response, reusable, read(used_source(before, text, size, fault), options(more)))
    end
  end
  return response, reusable
end

describe("a reply", function()
  -- name, text, body, and what else must be so
  local replies = {
    { "with a length", OK .. "Content-Length: 4\r\n\r\n{\n}\n", "{\n}\n" },
    { "with a body of one byte", OK .. "Content-Length: 1\r\n\r\n1", "1" },
    { "with a body of one byte, in a chunk", CHUNKED .. "1\r\n1\r\n0\r\n\r\n", "1" },
    { "with an empty body", OK .. "Content-Length: 0\r\n\r\n", "" },
    { "in chunks", CHUNKED .. "1\r\n{\r\n02\r\n\r\n\r\n1\r\n}\r\n0\r\n\r\n", "{\r\n}" },
    { "in chunks of capital sizes", CHUNKED .. "A\r\n0123456789\r\n0\r\n\r\n", "0123456789" },
    { "in chunks of sizes with several digits",
      CHUNKED .. "1a\r\n" .. ("x"):rep(26) .. "\r\n00102\r\n" .. ("y"):rep(258) .. "\r\n000\r\n\r\n",
      ("x"):rep(26) .. ("y"):rep(258) },
    { "in chunks with extensions", CHUNKED .. "2;a=b;c=\"d\"\r\n{}\r\n0;z\r\n\r\n", "{}" },
    { "in chunks with blanks", CHUNKED .. "2 \t\r\n{}\r\n0 ; z\r\n\r\n", "{}" },
    { "in chunks with trailers", CHUNKED .. "2\r\n{}\r\n0\r\nX-Late: 1\r\nX-Later: 2\r\n\r\n", "{}",
      check = function(response) assert.same({ ["transfer-encoding"] = "chunked" }, response.headers) end },
    { "in no chunks but trailers", CHUNKED .. "0\r\nX-Late: 1\r\n\r\n", "" },
    { "in chunks, whatever its case", OK .. "TRANSFER-ENCODING: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}" },
    { "with a length and chunks", OK .. "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      "{}", ends = true },
    { "with no length and chunks", OK .. "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
      "1", ends = true },
    { "with the same length twice", OK .. "Content-Length: 2\r\ncontent-length: 02\r\n\r\n{}", "{}" },
    { "with lines that end without a return", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", "{}" },
    { "without a reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", "{}" },
    { "of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", "{}", ends = true },
    { "that says close", OK .. "Connection: close\r\nContent-Length: 2\r\n\r\n{}", "{}", ends = true },
    { "that says close among others", OK .. "Connection: keep-alive, Close\r\nContent-Length: 2\r\n\r\n{}", "{}",
      ends = true },
    { "that says keep-alive", OK .. "Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}", "{}" },
    { "after interim ones", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n" .. OK
      .. "X-B: 2\r\nContent-Length: 2\r\n\r\n{}", "{}",
      check = function(response) assert.same({ ["x-b"] = "2", ["content-length"] = "2" }, response.headers) end },
    { "without content", "HTTP/1.1 204 No Content\r\n\r\n", "", status = 204 },
    { "without content, with no length", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", "", status = 204 },
    { "without content, with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", "", status = 204,
      ends = true },
    { "without content, with the least length", "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\n", "",
      status = 204, ends = true },
    { "without content, in chunks", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "", status = 204,
      ends = true },
    { "of HTTP/1.0 that says keep-alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}",
      "{}", ends = true },
    { "after an interim one that says close", "HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" .. OK
      .. "Content-Length: 2\r\n\r\n{}", "{}" },
    { "after an interim one that has a length", "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n" .. OK
      .. "Content-Length: 2\r\n\r\n{}", "{}" },
    { "to HEAD, in chunks", OK .. "Transfer-Encoding: chunked\r\n\r\n", "", options = { method = "HEAD" } },
    { "in chunks that end without a return", CHUNKED .. "2\n{}\n0\n\n", "{}" },
    { "in chunks with folded trailers", CHUNKED .. "0\r\nX-Late: 1\r\n 2\r\n\r\n", "" },
    { "not modified, with the length of what it was", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "",
      status = 304 },
    { "to HEAD", OK .. "Content-Length: 9\r\n\r\n", "", options = { method = "HEAD" } },
    { "with an unknown status", "HTTP/1.1 599 Denied\r\nContent-Length: 2\r\n\r\n{}", "{}", status = 599 },
    { "that redirects", "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "", status = 302 },
    { "with odd headers", OK .. "X-A:a\r\nx-a:\t b \t\r\nX-Fold: one\r\n  two \r\n\tthree\r\nX-Empty:\r\n"
      .. "X-Colon: a:b\r\nX-8bit: \195\164\r\nContent-Length: 2\r\n\r\n{}", "{}",
      check = function(response)
        assert.same({
          ["x-a"] = "a, b", ["x-fold"] = "one two three", ["x-empty"] = "", ["x-colon"] = "a:b",
          ["x-8bit"] = "\195\164", ["content-length"] = "2",
        }, response.headers)
      end },
  }

  for _, row in ipairs(replies) do
    local name, text, body = row[1], row[2], row[3]

    it(name .. " is read, however it comes, and not a byte more is waited for", function()
      local response, reusable = read_in_pieces(text, SILENT, row.options)
      assert.equal(row.status or 200, response.status)
      assert.equal(body, response.body)
      assert.equal(not row.ends, reusable)
      if row.check then row.check(response) end
    end)

    it(name .. " with something after it leaves a connection that is not used again", function()
      local response, reusable = read(source(text .. "H", #text + 1, SILENT), options(row.options))
      assert.equal(body, response.body)
      assert.is_false(reusable)
    end)

    it(name .. " cut off anywhere is lost", function()
      for stop = 0, #text - 1 do
        for _, fault in ipairs { CLOSED, RESET, SILENT } do
          local response, got = read(source(text:sub(1, stop), 7, fault), options(row.options))
          assert.is_nil(response, stop)
          assert.equal(fault, got)
        end
      end
    end)
  end

  it("may have as long a head after an interim one as without", function()
    local lines = ("X-A: " .. ("x"):rep(1000) .. "\r\n"):rep(50)
    local text = OK .. lines .. "Content-Length: 2\r\n\r\n{}"
    local hints = "HTTP/1.1 103 Early Hints\r\n" .. lines .. "\r\n"
    for _, before in ipairs { "", "HTTP/1.1 100 Continue\r\n\r\n", hints } do
      assert.equal("{}", (read(source(before .. text, 1000, SILENT), options())).body)
    end
  end)

  it("without a length ends with the connection, and only so", function()
    local text = OK .. "\r\n{}"
    local response, reusable = read_in_pieces(text, CLOSED)
    assert.equal("{}", response.body)
    assert.is_false(reusable)
    for _, fault in ipairs { RESET, SILENT } do
      local none, got = read_in_pieces(text, fault)
      assert.is_nil(none)
      assert.equal(fault, got)
    end
  end)

  it("gives the headers that the client reads, unless all are wanted", function()
    local text = OK .. "x-amzn-RequestId: r\r\nX-Private: 1\r\nContent-Type: a\r\nContent-Length: 0\r\n\r\n"
    local response = read_in_pieces(text, SILENT, { all_headers = false })
    assert.same({ ["x-amzn-requestid"] = "r", ["content-type"] = "a" }, response.headers)
  end)

  it("may be exactly as large as max_response", function()
    local text = OK .. "Content-Length: 4\r\n\r\nslow"
    assert.equal("slow", read_in_pieces(text, SILENT, { max_response = #text }).body)
    local response, fault = read_in_pieces(text, SILENT, { max_response = #text - 1 })
    assert.is_nil(response)
    assert.equal("too_large", fault.code)
  end)
end)

describe("a reply that is cut off", function()
  it("says where", function()
    local sized = OK .. "Content-Length: 4\r\n\r\n"
    for text, where in pairs {
      [""] = "without a reply", H = "within the headers", [OK] = "within the headers",
      [sized] = "within the body", [sized .. "x"] = "within the body", [CHUNKED .. "0\r\n"] = "within the body",
    } do
      local one = core.http1(1000)
      assert(one:write { method = "GET", url = "https://h.example/" })
      if text ~= "" then assert.is_false(one:feed(text)) end
      local done, code, words = one:finish(true)
      assert.same({ nil, "connection_lost", "it was closed " .. where }, { done, code, words })
    end
  end)
end)

describe("a reply that makes no sense is refused:", function()
  local function refused(name, code, text)
    it(name, function()
      local response, fault = read_in_pieces(text, CLOSED)
      assert.is_nil(response)
      assert.equal(code, fault.code)
    end)
  end

  local function malformed(name, text)
    refused(name, "malformed_response", text)
  end

  for name, value in pairs {
    negative = "-2", signed = "+2", empty = "", hexadecimal = "0x2", broken = "2.0", ["with a unit"] = "2 bytes",
    ["as a list"] = "2, 2", ["twice, growing"] = "2\r\nContent-Length: 4",
    ["twice, shrinking"] = "4\r\ncontent-length: 2", folded = "2\r\n 2",
  } do
    malformed("Content-Length " .. name, OK .. "Content-Length: " .. value .. "\r\n\r\n{}")
  end
  refused("more header lines than 256", "too_large", OK .. ("X: 1\r\n"):rep(257) .. "\r\n")
  refused("Content-Length too long", "connection_lost", OK .. "Content-Length: 9\r\n\r\n{}")
  refused("Content-Length beyond max_response", "too_large", OK .. "Content-Length: 1048577\r\n\r\n{}")
  refused("Content-Length beyond 64 bits", "too_large", OK .. "Content-Length: 99999999999999999999999\r\n\r\n{}")

  for name, text in pairs {
    ["size missing"] = "\r\n{}\r\n0\r\n\r\n", ["size no number"] = "zz\r\n{}\r\n0\r\n\r\n",
    ["size negative"] = "-2\r\n{}\r\n0\r\n\r\n", ["size in C's notation"] = "0x2\r\n{}\r\n0\r\n\r\n",
    ["size after a blank"] = " 2\r\n{}\r\n0\r\n\r\n", ["size and more"] = "2 3\r\n{}\r\n0\r\n\r\n",
    ["size of 68 bits"] = "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
    ["size without end"] = ("0"):rep(5000), ["extension without end"] = "2;" .. ("x"):rep(5000),
    ["size of seventeen digits"] = "00000000000000002\r\n{}\r\n0\r\n\r\n",
    ["extension with a return"] = "2;a\rb\r\n{}\r\n0\r\n\r\n", ["extension with a NUL"] = "2;a\0\r\n{}\r\n0\r\n\r\n",
    ["followed by two returns"] = "2\r\n{}\r\r\n0\r\n\r\n", ["followed by a return alone"] = "2\r\n{}\r0\r\n\r\n",
    ["trailer without a colon"] = "0\r\nHTTP/1.1 200 OK\r\n\r\n", ["trailer with a return"] = "0\r\nX-A: a\rb\r\n\r\n",
    ["longer than its size"] = "2\r\n{}}\r\n0\r\n\r\n", ["without a line break"] = "2\r\n{}0\r\n\r\n",
  } do
    malformed("chunk " .. name, CHUNKED .. text)
  end
  for name, size in pairs {
    ["64 bits"] = "FFFFFFFFFFFFFFFF", ["63 bits"] = "7FFFFFFFFFFFFFFF", ["53 bits and one"] = "20000000000001",
    ["a byte more than max_response"] = "100001",
  } do
    refused("chunk size of " .. name, "too_large", CHUNKED .. size .. "\r\n{}\r\n0\r\n\r\n")
  end

  for name, line in pairs {
    ["a web page without a head (HTTP/0.9)"] = "<html></html>", ["status without digits"] = "HTTP/1.1 abc",
    ["status of two digits"] = "HTTP/1.1 99 X", ["status of four digits"] = "HTTP/1.1 2000 X",
    ["status zero"] = "HTTP/1.1 000 X", ["status negative"] = "HTTP/1.1 -200 X", ["status missing"] = "HTTP/1.1",
    ["status line of HTTP/1.2"] = "HTTP/1.2 200 OK", ["status line of HTTP/3"] = "HTTP/3 200 OK",
    ["status line of RTSP"] = "RTSP/1.0 200 OK", ["status line in small letters"] = "http/1.1 200 OK",
    ["status line after an empty one"] = "\r\nHTTP/1.1 200 OK", ["status line of HTTP/11"] = "HTTP/11 200 OK",
    ["a return in the status line"] = "HTTP/1.1 200 O\rK",
    ["NUL in the status line"] = "HTTP/1.1 200 O\0K", ["a header of a NUL"] = OK .. "\0",
    ["NUL in a header's name"] = OK .. "X-\0A: 1",
    ["NUL in a header's value"] = OK .. "X-A: a\0b", ["a return in a header's value"] = OK .. "X-A: a\rb",
    ["a blank before the colon"] = OK .. "X-A : 1", ["a header without a name"] = OK .. ": 1",
    ["a header without a colon"] = OK .. "nonsense", ["a continuation of nothing"] = OK .. " X-A: 1",
    ["status line among the headers"] = OK .. "HTTP/1.1 200 OK",
    ["a coding folded"] = OK .. "Transfer-Encoding: chunked\r\n ", ["a coding folded from nothing"] =
    OK .. "Transfer-Encoding:\r\n chunked", ["Connection folded"] = OK .. "Connection: keep-alive,\r\n close",
    ["another coding"] = OK .. "Transfer-Encoding: gzip", ["two codings"] = OK .. "Transfer-Encoding: gzip, chunked",
    ["the coding twice"] = OK .. "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ["another protocol"] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x",
    ["HTTP/2's preface"] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    ["HTTP/2's settings"] = "\0\0\0\4\0\0\0\0\0", ["TLS's refusal of plain text"] = "\21\3\1\0\2\2\40",
  } do
    malformed(name, line .. "\r\nContent-Length: 2\r\n\r\n{}")
  end
end)

describe("a reply without end is cut off:", function()
  -- Gives the head and then the same for ever; counts what it gave.
  local function endless(name, code, head, rest, bound)
    it(name, function()
      local given, first = 0, true
      local response, fault = read({
        more = function()
          local piece = first and head ~= "" and head or rest:rep(math.ceil(4096 / #rest))
          first, given = false, given + #piece
          return piece
        end,
      }, options { max_response = 1048576 })
      assert.is_nil(response)
      assert.equal(code, fault.code)
      assert.is_true(given <= (bound or 1048576) + 8192)
    end)
  end

  endless("status line", "too_large", "HTTP/1.1 200 ", "O", 65536)
  endless("headers", "too_large", OK, "X-A: 1\r\n", 65536)
  endless("one header", "too_large", OK .. "X-A: ", "x", 65536)
  endless("one folded header", "too_large", OK .. "X-A: 1\r\n", " x\r\n", 65536)
  endless("body", "too_large", OK .. "\r\n", "x")
  endless("chunks", "too_large", CHUNKED, "1\r\nx\r\n")
  endless("empty extensions", "too_large", CHUNKED, "1;" .. ("x"):rep(4000) .. "\r\nx\r\n")
  endless("trailers", "too_large", CHUNKED .. "0\r\n", "X-A: 1\r\n", 65536)
  endless("100 Continue", "too_large", "", "HTTP/1.1 100 Continue\r\n\r\n")
  endless("empty lines", "malformed_response", "", "\r\n", 0)
  endless("noise", "malformed_response", "", "\0\255", 0)
  endless("noise after an interim one", "malformed_response", "HTTP/1.1 100 Continue\r\n\r\n", "\0\255", 0)
end)

-- Any bytes are a response or a known fault; nothing is raised.
it("a reply of noise, or with bytes changed, raises nothing", function()
  local state = 42
  local function random(n) -- the same on every Lua
    state = (state * 16807) % 2147483647
    return state % n
  end
  local texts = {
    OK .. "Content-Length: 4\r\n\r\n{\n}\n", CHUNKED .. "2;a\r\n{}\r\n1\r\n \r\n0\r\nX: 1\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n" .. OK .. "X-A: 1\r\n b\r\nConnection: close\r\n\r\n{}",
  }
  local known = { connection_lost = true, malformed_response = true, too_large = true }
  local alphabet = "\r\n\t :;,0129aAfFzHTP/\0\255-"
  for _ = 1, 20000 do
    local text = texts[random(#texts) + 1]
    for _ = 0, random(3) do
      local at, with = random(#text) + 1, random(#alphabet) + 1
      text = text:sub(1, at - 1) .. alphabet:sub(with, with) .. text:sub(at + random(2))
    end
    local response, fault = read(source(text, random(30) + 1, CLOSED), options { max_response = 4096 })
    assert.is_true(response ~= nil or known[fault.code] or false)
  end
end)

-- Uses in the wrong order, which must not reach C, are named.
for name, native in pairs { core = require "cognito.core", wire = require "cognito.wire" } do
  describe("an object of cognito." .. name .. " that reads and writes", function()
    local GET = { method = "GET", url = "https://h.example/" }

    it("hands the reply to its exchange, with the times it is told and a repeated id", function()
      local object, exchange = native.http1(4096), native.exchange()
      assert(exchange:prepare("forgot_password", { username = "ada" },
        native.caller { region = "eu-west-1", client_id = "client" }))
      object:load(exchange)
      assert.is_true(object:feed("HTTP/1.1 200 OK\r\nX-Amzn-RequestId: a\r\nX-Amzn-RequestId: b\r\n"
        .. "Content-Length: 2\r\n\r\n{}"))
      object:answer(exchange, 1, 2, 3, 4)
      local _, _, meta = exchange:parse()
      assert.equal("a, b", meta.request_id)
      assert.same({ 1, 2, 3, 4 }, { meta.timings.connect, meta.timings.tls, meta.timings.first_byte,
        meta.timings.total })
    end)

    -- LuaJIT compares a new string with all that have its length and a few bytes in common.
    it("cuts requests that are alike at other places", function()
      local object, lengths, count = native.http1(100), {}, 0
      local whole = table.concat((object:write(GET)))
      for _ = 1, #whole do
        local pieces = object:write(GET)
        assert.equal(whole, table.concat(pieces))
        count = count + (lengths[#pieces[1]] and 0 or 1)
        lengths[#pieces[1]] = true
      end
      assert.equal(#whole, count)
    end)

    it("reads nothing before it has written", function()
      local object = native.http1(100)
      for _, method in ipairs { "feed", "finish" } do
        assert.error_matches(function() object[method](object, "x") end, "has written no request")
      end
      assert.is_false(object:keeps())
      assert.error_matches(function() object:response() end, "has no reply")
      assert.error_matches(function() object:answer(native.exchange()) end, "has no reply")
      assert.error_matches(function() object:load(native.exchange()) end, "the exchange is empty")
      assert.error_matches(function() object.feed(native.exchange(), "x") end, "http1 object expected")
      assert.error_matches(function() object:load(object) end, "exchange expected")
      assert.error_matches(function() native.http1(2 ^ 31) end, "max_response")
    end)

    it("gives a reply once, and goes on to the next", function()
      local object = native.http1(100)
      for n = 1, 3 do
        assert(object:write(GET))
        assert.is_true(object:feed(OK .. "Content-Length: 1\r\n\r\n" .. n))
        assert.is_true(object:keeps())
        assert.equal(tostring(n), object:response().body)
        assert.error_matches(function() object:response() end, "has no reply")
        assert.error_matches(function() object:feed "x" end, "has written no request")
      end
    end)

    it("forgets a reply that was not read to its end", function()
      local object = native.http1(100)
      for _, part in ipairs {
        "", "HTTP/1.1 2", OK .. "X-", OK .. "Content-Length: 9\r\n\r\nx", "nonsense", CHUNKED .. "9",
      } do
        assert(object:write(GET))
        object:feed(part)
        assert(object:write(GET))
        assert.is_true(object:feed(OK .. "Content-Length: 2\r\n\r\n{}"))
        assert.same({ status = 200, headers = {}, body = "{}" }, object:response())
      end
    end)

    it("says once more what has become of the reply", function()
      local object = native.http1(100)
      assert(object:write(GET))
      for _ = 1, 2 do assert.equal("malformed_response", select(2, object:feed "x")) end
      assert.equal("malformed_response", select(2, object:finish(true)))
      assert(object:write(GET))
      object:feed(OK .. "\r\n")
      assert.is_true(object:finish(true))
      assert.is_false(object:keeps())
    end)
  end)
end

describe("a request", function()
  it("has the given headers and body, Host and Content-Length, and nothing else", function()
    assert.equal(table.concat({
      "POST /a/../b?c=d HTTP/1.1", "Host: h.example:8443", "X-Amz-Target: Service.Operation", "X-Empty:",
      "Content-Length: 3", "", "a\0b",
    }, "\r\n"), write {
      method = "POST", url = "https://H.Example:8443/a/../b?c=d",
      headers = { { "X-Amz-Target", "Service.Operation" }, { "X-Empty", "" } }, body = "a\0b",
    })
  end)

  it("says how long a body is where one is expected", function()
    assert.equal("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n", write { method = "GET" })
    assert.equal("GET / HTTP/1.1\r\nHost: h.example\r\nContent-Length: 1\r\n\r\nx",
      write { method = "GET", body = "x" })
    for _, method in ipairs { "POST", "PUT", "DELETE", "OPTIONS", "get" } do
      assert.equal(method .. " / HTTP/1.1\r\nHost: h.example\r\nContent-Length: 0\r\n\r\n",
        write { method = method, body = "" })
    end
    assert.equal("HEAD / HTTP/1.1\r\nHost: h.example\r\n\r\n", write { method = "HEAD" })
  end)

  it("asks for the connection's end where it is the only one", function()
    assert.truthy(write({ method = "GET" }, true):find("\r\nConnection: close\r\n", 1, true))
  end)

  it("has one Host, the given one, and the first of two", function()
    assert.equal("GET / HTTP/1.1\r\nhost: other.example\r\nx-a: 1\r\n\r\n",
      write { method = "GET", headers = { { "x-a", "1" }, { "host", "other.example" }, { "HOST", "h.example" } } })
  end)

  it("is refused with headers that break lines or framing, without showing values", function()
    for _, header in ipairs {
      { "x-a", "secret\r\nX: 1" }, { "x-a", "secret\n" }, { "x-a", "secret\0" }, { "x-a", "secret\r" },
      { "", "secret" }, { "x a", "secret" }, { "x\n", "secret" }, { "x:", "secret" },
      { "Content-Length", "3" }, { "transfer-encoding", "chunked" }, { "Expect", "100-continue" },
    } do
      local bytes, words = write { method = "POST", headers = { { "x-ok", "1" }, header }, body = "" }
      assert.is_nil(bytes)
      assert.truthy(words:find("request.headers[2]", 1, true))
      assert.is_nil(words:find("secret", 1, true))
    end
    assert.truthy(write { method = "GET", headers = { { "x_!#$%&'*+.^`|~-", "a\tb \255" } } })
  end)

  it("is refused with a method that is none, and a HEAD with a body", function()
    assert.is_nil((write { method = "" }))
    assert.is_nil((write { method = "GET / HTTP/1.1\r\nX" }))
    assert.is_nil((write { method = "HEAD", body = "x" }))
  end)
end)

describe("a URL", function()
  it("is taken apart", function()
    local target = parse "https://Cognito-IDP.eu-west-1.amazonaws.com/"
    assert.same({
      scheme = "https", host = "cognito-idp.eu-west-1.amazonaws.com", port = 443,
      authority = "cognito-idp.eu-west-1.amazonaws.com", path = "/", query = "",
      is_address = false, is_loopback = false,
    }, target)
    assert.equal("h:8080", parse("http://h:8080", true).authority)
    assert.equal("h", parse("http://h:80?x", true).authority)
    assert.equal("/", parse("http://h:80?x", true).path)
    assert.equal("?x", parse("http://h:80?x", true).query)
    assert.is_true(parse("https://[::1]:8443/a").is_address)
    assert.is_true(parse("https://127.0.0.1/a").is_address)
  end)

  it("that is none is refused, without showing it", function()
    for _, bad in ipairs {
      "", "x", "ftp://127.0.0.1/", "https://", "https:///x", "https://a b/", "https://a\0b/", "https://a/\r\nX: 1",
      "https://user@a/", "https://user:secret@a/", "https://a/#f", "https://a:0/", "https://a:99999/", "https://a:x/",
      "https://a/?b c", "https://a/?b\n", "https://\195\164/", "https://a\\b/", "https://[::1/", "https://[x]/",
      "https://a:0000443/", "https://" .. ("a"):rep(254) .. "/",
    } do
      local target, words = parse(bad)
      assert.is_nil(target, bad)
      assert.is_nil(words:find("secret", 1, true))
    end
  end)

  it("without TLS is for literal loopback addresses, unless it may go anywhere", function()
    for _, host in ipairs {
      "example.com", "localhost", "127.0.0.1.example.com", "128.0.0.1", "127.1", "10.0.0.1", "127.0.0.256", "[::2]",
    } do
      assert.is_nil((parse("http://" .. host .. "/")), host)
      assert.truthy(parse("http://" .. host .. "/", true))
    end
    assert.truthy(parse "http://127.255.0.1:80/")
    assert.truthy(parse "http://[::1]/")
  end)
end)

--- Replies byte by byte: those that HTTP allows, and those that no client
-- should fall for; and what a request looks like.
local c_locale = require "cognito.c_locale"
local expect = require "spec.support.expect"

local equal, success, failure = expect.equal, expect.success, expect.failure

local BODY = '{"CodeDeliveryDetails":{"DeliveryMedium":"EMAIL","Destination":"a***@e***"}}'
local HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: r-1\r\n"
local CHUNKED = HEAD .. "Transfer-Encoding: chunked\r\n\r\n"

local SHORT = 0.2 -- seconds

local cases = {}

local function add(name, check)
  cases[#cases + 1] = { name, { "sockets" }, check }
end

local function chunk(text)
  return ("%x\r\n%s\r\n"):format(#text, text)
end

-- Calls a server that gives these replies. Returns what the call returns, and
-- what the server has received.
local function call(world, replies, options, more)
  local script = world:script(replies)
  local pool = world:client(more or {}):with { endpoint = script.url }
  local result, err, meta = pool:forgot_password({ username = "ada" }, options)
  return { result = result, err = err, meta = meta, requests = world:received(script) }
end

-- ---- replies that are as good as any ----

local function good(name, reply)
  add(name, function(world)
    local done = call(world, { reply })
    success(done.result, done.err)
    equal("EMAIL", done.result.code_delivery_details.delivery_medium)
    equal("r-1", done.meta.request_id)
    equal(200, done.meta.status)
    equal(1, #done.requests)
  end)
end

local LENGTH = "Content-Length: " .. #BODY .. "\r\n"

good("as usual", { HEAD .. LENGTH .. "\r\n" .. BODY })
good("in pieces", { HEAD:sub(1, 9), HEAD:sub(10), LENGTH .. "\r", "\n", BODY:sub(1, 20), BODY:sub(21) })
good("in chunks", { CHUNKED .. chunk(BODY:sub(1, 1)) .. chunk(BODY:sub(2)) .. "0\r\n\r\n" })
good("in chunks, in pieces", { CHUNKED, chunk(BODY:sub(1, 30)):sub(1, 7), chunk(BODY:sub(1, 30)):sub(8),
  chunk(BODY:sub(31)) .. "0", "\r\n", "\r\n" })
good("in chunks with extensions and trailers", { CHUNKED .. ("%X;name=value\r\n%s\r\n"):format(#BODY, BODY)
  .. "0\r\nX-Late: 1\r\n\r\n" })
good("until the connection ends", { HEAD .. "Connection: close\r\n\r\n" .. BODY, ending = "close" })
good("of HTTP/1.0", { (HEAD:gsub("1%.1", "1.0")) .. "\r\n" .. BODY, ending = "close" })
good("after a 100", { "HTTP/1.1 100 Continue\r\n\r\n", HEAD .. LENGTH .. "\r\n" .. BODY })
good("after a 100 and a 103", { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n" .. HEAD
  .. LENGTH .. "\r\n" .. BODY })
good("with odd headers", { "HTTP/1.1 200\r\nX-AMZN-REQUESTID:r-1\r\nX-Empty:\r\ncontent-LENGTH:   " .. #BODY
  .. "\r\n\r\n" .. BODY })
good("that keeps no connection", { HEAD .. LENGTH .. "Connection: close\r\n\r\n" .. BODY, ending = "close" })

-- ---- replies that are none: sent once, outcome unknown ----

local function bad(name, reply, code, options)
  add(name, function(world)
    local done = call(world, { reply }, options)
    failure({ code = code, kind = "network", attempts = 1, ambiguous = true, retryable = false },
      done.result, done.err)
    equal(1, #done.requests)
  end)
end

bad("no reply", { ending = "close" }, "connection_lost")
bad("a reset", { ending = "reset" }, "connection_lost")
bad("half a status line", { "HTTP/1.1 2", ending = "close" }, "connection_lost")
bad("half the headers", { HEAD, ending = "close" }, "connection_lost")
bad("half the body", { HEAD .. LENGTH .. "\r\n" .. BODY:sub(1, 9), ending = "close" }, "connection_lost")
bad("half the body, and a reset", { HEAD .. LENGTH .. "\r\n", BODY:sub(1, 9), ending = "reset" }, "connection_lost")
bad("half the body, and silence", { HEAD .. LENGTH .. "\r\n" .. BODY:sub(1, 9), ending = "hang" }, "timeout",
  { attempt_timeout = SHORT })
bad("half a chunk", { CHUNKED .. chunk(BODY):sub(1, 12), ending = "close" }, "connection_lost")
bad("no last chunk", { CHUNKED .. chunk(BODY), ending = "close" }, "connection_lost")
bad("only an interim reply", { "HTTP/1.1 100 Continue\r\n\r\n", ending = "close" }, "connection_lost")
bad("a chunk longer than it says", { CHUNKED .. "5\r\n" .. BODY .. "\r\n0\r\n\r\n" }, "malformed_response")
bad("a chunk size that is none", { CHUNKED .. "zz\r\n" .. BODY .. "\r\n0\r\n\r\n" }, "malformed_response")
bad("a body shorter than its JSON", { HEAD .. "Content-Length: 10\r\n\r\n" .. BODY, ending = "close" },
  "malformed_response")
bad("a negative length", { HEAD .. "Content-Length: -5\r\n\r\n" .. BODY, ending = "close" }, "malformed_response")
bad("two lengths", { HEAD .. LENGTH .. "Content-Length: 7\r\n\r\n" .. BODY, ending = "close" }, "malformed_response")
bad("no HTTP", { "220 mail.example ESMTP\r\n", ending = "close" }, "malformed_response")
bad("HTML", { "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>" }, "malformed_response")
bad("a length beyond every bound", { HEAD .. "Content-Length: 99999999999\r\n\r\n" }, "too_large")
bad("a body without end", { HEAD .. "Connection: close\r\n\r\n", forever = ("x"):rep(65536) }, "too_large")
bad("chunks without end", { CHUNKED, forever = chunk(("x"):rep(65536)) }, "too_large")
bad("a header without end", { HEAD .. "X-A: ", forever = ("x"):rep(65536) }, "too_large")
bad("headers without end", { HEAD, forever = ("X-A: 1\r\n"):rep(4096) }, "too_large")

cases[#cases + 1] = { "a bound of the program's own", { "sockets", "settings" }, function(world)
  local runtime = world:runtime_with { max_response = 3000 }
  local function answered(bytes)
    return call(world, { { HEAD .. "Content-Length: " .. bytes .. "\r\n\r\n{" .. (" "):rep(bytes - 2) .. "}" } }, nil,
      { runtime = runtime })
  end
  success(answered(2000).result)
  failure({ code = "too_large", ambiguous = true }, nil, answered(20000).err)
end }

-- ---- answers of other kinds ----

add("a redirect is not followed", function(world)
  local target = world:script { world:reply(200, {}, BODY) }
  local done = call(world, { { world:reply(307, { "Location: " .. target.url }, "") } })
  failure({ code = "http_307", attempts = 1 }, done.result, done.err)
  equal(0, #world:received(target))
end)

add("the service asks for patience", function(world)
  local delays = {}
  local done = call(world, {
    world:reply(400, { "x-amz-retry-after: 150", "x-amzn-ErrorType: TooManyRequestsException" }, "{}"),
    HEAD .. LENGTH .. "\r\n" .. BODY,
  }, nil, { on_attempt = function(event) delays[#delays + 1] = event.delay end })
  success(done.result, done.err)
  equal(2, done.meta.attempts)
  equal(0.15, delays[1])
  assert(done.meta.elapsed >= 0.14, "it did not wait: " .. done.meta.elapsed)
  equal(2, #done.requests)
end)

-- ---- what is sent ----

local function header(request, name)
  return c_locale.lower(request.bytes):match("\r\n" .. c_locale.lower(name):gsub("%-", "%%-") .. ": *([^\r]*)\r\n")
end

add("a request has what it needs, and no more", function(world)
  local done = call(world, { HEAD .. LENGTH .. "\r\n" .. BODY }, { headers = { ["X-Trace"] = "call" } },
    { headers = { ["X-Tenant"] = "settings" } })
  success(done.result, done.err)
  local request = done.requests[1]
  assert(request.bytes:find "^POST /script/%x+/? HTTP/1%.1\r\n", "the request line")
  assert(header(request, "Host"):find "^127%.0%.0%.1:%d+$", "Host")
  equal("application/x-amz-json-1.1", header(request, "Content-Type"))
  equal("awscognitoidentityproviderservice.forgotpassword", header(request, "X-Amz-Target"))
  equal(#request.bytes:match "\r\n\r\n(.*)$", tonumber(header(request, "Content-Length")))
  equal("call", header(request, "X-Trace"))
  equal("settings", header(request, "X-Tenant"))
  for _, name in ipairs { "Expect", "Transfer-Encoding", "Cookie", "Accept-Encoding", "Authorization" } do
    equal(nil, header(request, name), name)
  end
end)

add("each attempt says which it is", function(world)
  local done = call(world, { world:reply(400, { "x-amzn-ErrorType: TooManyRequestsException" }, "{}"),
    HEAD .. LENGTH .. "\r\n" .. BODY })
  success(done.result, done.err)
  equal("attempt=1; max=3", header(done.requests[1], "amz-sdk-request"))
  equal("attempt=2; max=3", header(done.requests[2], "amz-sdk-request"))
  equal(header(done.requests[1], "amz-sdk-invocation-id"), header(done.requests[2], "amz-sdk-invocation-id"))
end)

-- More than fits into one write.
add("a large request arrives whole", function(world)
  local script = world:script { HEAD .. LENGTH .. "\r\n" .. BODY }
  local metadata = {}
  for i = 1, 20 do metadata["k" .. i] = (("%02d"):format(i)):rep(40000) end
  local pool = world:client { endpoint = script.url }
  success(pool:forgot_password { username = "ada", client_metadata = metadata })
  local bytes = world:received(script)[1].bytes
  for _, value in pairs(metadata) do assert(bytes:find(value, 1, true), "a part is missing") end
end)

return cases

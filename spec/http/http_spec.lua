local c_locale = require "cognito.c_locale"
local core = require "cognito.core"
local detours = require "spec.support.send_detours"
local requests = require "spec.support.requests"
local start_server = require("spec.support.server").start

local server, http

local get, post = requests.to(function() return server end)
local function fault(request, options) return requests.fault(http, request, options) end

-- Connections accepted and requests read so far, asked over a connection of
-- their own that stays open.
local watcher

local function stats()
  local body = assert(watcher:send(get "/stats")).body
  local accepted, read = body:match "(%d+) (%d+)"
  return tonumber(accepted), tonumber(read)
end

setup(function()
  server = start_server "http"
  watcher = core.http()
end)

teardown(function()
  watcher:close()
  server:stop()
end)

before_each(function() http = core.http { timeout = 60 } end)
after_each(function() http:close() end)

describe("http:send", function()
  it("returns status, headers and body", function()
    local response = assert(http:send(post()))
    assert.equal(200, response.status)
    assert.equal("{}", response.body)
    assert.same({ ["content-type"] = "application/x-amz-json-1.1", ["x-amzn-requestid"] = "r-1" }, response.headers)
  end)

  it("sends the given headers and body, Host and Content-Length, and nothing else", function()
    local echo = assert(http:send(post("/echo?a=b", "a\0b", {
      { "X-Amz-Target", "Service.Operation" },
      { "content-type", "application/x-amz-json-1.1" },
      { "X-Empty", "  " },
    })))
    assert.equal(table.concat({
      "POST /echo?a=b HTTP/1.1",
      "Host: 127.0.0.1:" .. server.port,
      "X-Amz-Target: Service.Operation",
      "content-type: application/x-amz-json-1.1",
      "X-Empty:",
      "Content-Length: 3",
      "",
      "a\0b",
    }, "\r\n"), echo.body)
  end)

  it("adds no form type to a body without a type", function()
    assert.is_nil(c_locale.lower(http:send(post "/echo").body):find("content-type", 1, true))
  end)

  it("sends Accept, User-Agent and Host when they are given", function()
    local headers = { { "accept", "*/*" }, { "user-agent", "me" }, { "host", "example.org" } }
    local echo = http:send(post("/echo", "", headers)).body
    assert.truthy(echo:find("\r\naccept: */*\r\n", 1, true))
    assert.truthy(echo:find("\r\nuser-agent: me\r\n", 1, true))
    assert.truthy(echo:find("\r\nHost: example.org\r\n", 1, true) or echo:find("\r\nhost: example.org\r\n", 1, true))
    assert.is_nil(echo:find("127.0.0.1", 1, true))
  end)

  it("sends large bodies without waiting to be asked for them", function()
    local body = ("x"):rep(1000000)
    local big = core.http { max_response = 2000000 }
    local echo = assert(big:send(post("/echo", body))).body
    big:close()
    assert.is_nil(echo:find("Expect", 1, true))
    assert.is_true(echo:sub(-#body - 4) == "\r\n\r\n" .. body)
  end)

  it("uses one handle for every method in turn", function()
    local function line(method, body)
      local echo = http:send({ method = method, url = server:url "/echo", body = body }).body
      return echo:match "^(.-)\r\n", echo:match "Content%-Length: (%d+)"
    end
    assert.same({ "PUT /echo HTTP/1.1", "0" }, { line "PUT" })
    assert.same({ "GET /echo HTTP/1.1" }, { line "GET" })
    assert.same({ "POST /echo HTTP/1.1", "2" }, { line("POST", "{}") })
    assert.equal("", assert(http:send { method = "HEAD", url = server:url "/echo" }).body)
    assert.same({ "GET /echo HTTP/1.1", "1" }, { line("GET", "x") })
    assert.same({ "DELETE /echo HTTP/1.1", "0" }, { line "DELETE" })
    assert.same({ "GET /echo HTTP/1.1" }, { line "GET" })
  end)

  it("leaves the path as it was signed", function()
    assert.truthy(http:send(get "/a/../echo?%7e").body:find("GET /a/../echo?%7e HTTP/1.1", 1, true))
  end)

  it("gives all headers when asked, repeated ones joined, folded ones unfolded", function()
    local headers = http:send(get "/repeated", { all_headers = true }).headers
    assert.equal("a, b", headers["x-amzn-requestid"])
    assert.equal("one two", headers["x-folded"])
    assert.equal("", headers["x-empty"])
    assert.equal("0", headers["content-length"])
  end)

  it("gives timings when asked, with errors too", function()
    local timings = http:send(get(), { timings = true }).timings
    assert.is_true(timings.total >= timings.first_byte and timings.first_byte > 0)
    assert.is_number(timings.name_lookup)
    assert.is_number(timings.connect)
    assert.is_number(timings.tls)
    assert.is_number(fault(get "/truncated", { timings = true }).timings.total)
    assert.is_nil(http:send(get()).timings)
  end)

  it("understands chunks and drops trailers", function()
    local response = assert(http:send(get "/chunked", { all_headers = true }))
    assert.equal("chunk-ed", response.body)
    assert.is_nil(response.headers["x-late"])
  end)

  it("skips interim replies", function()
    local response = assert(http:send(get "/continue", { all_headers = true }))
    assert.equal(200, response.status)
    assert.equal("final", response.body)
    assert.same({ ["x-final"] = "1", ["content-length"] = "5" }, response.headers)
  end)

  it("follows no redirect", function()
    assert.equal(302, http:send(get "/redirect").status)
  end)

  it("decodes nothing that was not asked for", function()
    assert.equal("not really gzip", http:send(get "/gzip").body)
  end)
end)

describe("connections", function()
  it("are kept alive between calls", function()
    local before = stats()
    for _ = 1, 5 do assert(http:send(post())) end
    assert.equal(1, stats() - before)
    assert.same({ connections = 1, transfers = 5, in_flight = 0 }, http:stats())
  end)

  it("are shared by send and start", function()
    assert(http:send(post()))
    http:start(post())
    http:step(5)
    assert.equal(1, http:stats().connections)
  end)

  it("are not reused after max_idle", function()
    assert(http:send(post()))
    assert(http:send(post(), { max_idle = 5 }))
    assert.equal(1, http:stats().connections)
    assert(http:send(post(), { max_idle = 0 }))
    assert.equal(2, http:stats().connections)
  end)

  -- A new handle's "not set yet" looked like the limit of 0, which therefore
  -- never reached libcurl.
  it("are not reused by the first call of a handle either", function()
    assert(http:send(post(), { max_idle = 0 }))
    assert(http:send(post(), { max_idle = 0 }))
    assert.equal(2, http:stats().connections)
  end)

  it("closed by the server are replaced", function()
    assert(http:send(get "/last"))
    core.sleep(0.02)
    assert(http:send(get()))
  end)
end)

describe("a request that may have been carried out", function()
  -- libcurl by itself sends it once more over a new connection, and reports
  -- success.
  it("is never sent again when a kept-alive connection dies without a reply", function()
    assert(http:send(post()))
    local _, before = stats()
    local err = fault(post "/silent")
    local _, after = stats()
    assert.equal("connection_lost", err.code)
    assert.equal("network", err.kind)
    assert.is_true(err.sent)
    assert.equal(1, after - before)
  end)

  it("is not sent again either when it has no body", function()
    assert(http:send(get()))
    local _, before = stats()
    assert.is_true(fault(get "/silent").sent)
    local _, after = stats()
    assert.equal(1, after - before)
  end)

  it("is distinguished: lost on a new connection, too", function()
    local err = fault(post "/silent")
    assert.equal("connection_lost", err.code)
    assert.is_true(err.sent)
  end)

  it("leaves the object usable", function()
    assert(http:send(post()))
    fault(post "/silent")
    assert(http:send(post()))
  end)
end)

describe("faults", function()
  local function check(code, sent, err)
    assert.equal(code, err.code)
    assert.equal("network", err.kind)
    assert.equal(sent, err.sent)
    assert.is_string(err.message)
  end

  it("dns", function()
    check("dns", false, fault { method = "GET", url = "https://name.invalid/" })
  end)

  it("connect", function()
    local other = start_server "http"
    other:stop()
    check("connect", false, fault { method = "GET", url = "http://127.0.0.1:" .. other.port .. "/" })
  end)

  it("timeout before and within the reply", function()
    check("timeout", true, fault(get "/hang", { timeout = 0.1 }))
    check("timeout", true, fault(get "/half", { timeout = 0.1 }))
  end)

  it("timeout while connecting", function()
    local other = core.http { ca_path = "spec" } -- not the system's, which may have none
    local request = { method = "GET", url = detours.find("mute").url }
    local _, err = other:send(request, { connect_timeout = 0.1 })
    check("timeout", false, err)
    other:close()
  end)

  it("connection_lost within the reply", function()
    check("connection_lost", true, fault(get "/truncated"))
  end)

  it("too_large", function()
    check("too_large", true, fault(get "/big-body"))
    check("too_large", true, fault(get "/big-length"))
    check("too_large", true, fault(get "/big-headers"))
    check("too_large", true, fault(get "/many-headers"))
    check("too_large", true, fault(get "/endless-header"))
  end)

  it("too_large counts headers and body together", function()
    local reply = #("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow")
    local exact = core.http { max_response = reply }
    local short = core.http { max_response = reply - 1 }
    assert.equal("slow", assert(exact:send(get "/slow")).body)
    check("too_large", true, select(2, short:send(get "/slow")))
    exact:close()
    short:close()
  end)

  it("malformed_response", function()
    check("malformed_response", true, fault(get "/bad-chunk"))
    check("malformed_response", true, fault(get "/not-http"))
    check("malformed_response", true, fault(get "/nul-header"))
    check("malformed_response", true, fault(get "/bad-length"))
  end)
end)

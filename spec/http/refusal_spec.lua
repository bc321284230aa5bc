local core = require "cognito.core"
local requests = require "spec.support.requests"
local start_server = require("spec.support.server").start

local server, http

local get, post = requests.to(function() return server end)
local function fault(request, options) return requests.fault(http, request, options) end

setup(function() server = start_server "http" end)
teardown(function() server:stop() end)

before_each(function() http = core.http { timeout = 60 } end)
after_each(function() http:close() end)

describe("refused before anything is sent:", function()
  local function refused(request)
    local before = http:stats().transfers
    local err = fault(request)
    assert.equal("invalid_parameter", err.code)
    assert.equal("validation", err.kind)
    assert.is_false(err.sent)
    assert.equal(before, http:stats().transfers)
    return err.message
  end

  it("URLs that are not one", function()
    for _, bad in ipairs {
      "", "x", "ftp://127.0.0.1/", "https://", "https:///x", "https://a b/", "https://a\0b/", "https://a/\r\nX: 1",
      "https://user@a/", "https://user:secret@a/", "https://a/#f", "https://a:0/", "https://a:99999/", "https://a:x/",
      "https://a/?b c", "https://a/?b\n", "https://\195\164/", "https://a\\b/", "https://[::1/", "https://[x]/",
    } do
      assert.is_nil(refused { method = "GET", url = bad }:find("secret", 1, true))
    end
  end)

  it("plain http to anything but a loopback address", function()
    for _, host in ipairs {
      "example.com", "localhost", "127.0.0.1.example.com", "128.0.0.1", "127.1", "10.0.0.1", "127.0.0.256", "[::2]",
    } do
      refused { method = "GET", url = "http://" .. host .. "/" }
    end
  end)

  it("headers with line breaks, NULs or bad names, without showing values", function()
    for _, header in ipairs {
      { "x-a", "secret\r\nX: 1" }, { "x-a", "secret\n" }, { "x-a", "secret\0" }, { "x-a", "secret\r" },
      { "", "secret" }, { "x a", "secret" }, { "x\n", "secret" }, { "x:", "secret" },
      { "Content-Length", "3" }, { "transfer-encoding", "chunked" }, { "Expect", "100-continue" },
    } do
      assert.is_nil(refused(post("/", "", { header })):find("secret", 1, true))
    end
  end)

  it("methods that are none, and a HEAD with a body", function()
    refused { method = "", url = server:url() }
    refused { method = "GET / HTTP/1.1\r\nX", url = server:url() }
    refused { method = "HEAD", url = server:url(), body = "x" }
  end)

  it("and the next request is none the worse", function()
    refused(post("/", ("x"):rep(9999), { { "x-a", "ok" }, { "x-b", "\n" } }))
    assert.is_nil(http:send(post "/echo").body:find("x-a", 1, true))
  end)
end)

describe("plain http", function()
  it("goes anywhere with allow_http", function()
    local open = core.http { allow_http = true }
    assert.equal(200, open:send({ method = "GET", url = "http://localhost:" .. server.port .. "/" }).status)
    open:close()
  end)

  it("goes to any address in 127.0.0.0/8", function()
    local _, err = http:send { method = "GET", url = "http://127.255.0.1:" .. server.port .. "/" }
    assert.equal("connect", err.code)
  end)
end)

describe("raises", function()
  local function raises(pattern, f, ...)
    local ok, message = pcall(f, ...)
    assert.is_false(ok)
    assert.truthy(message:find(pattern), message)
  end

  it("for unknown options, naming the nearest", function()
    raises("did you mean 'connect_timeout'", core.http, { connect_timout = 1 })
    raises("did you mean 'max_idle'", http.send, http, get(), { maxidle = 1 })
    raises("unknown option 'zzzzzz'$", core.http, { zzzzzz = 1 })
    raises("unknown option 'timeout", core.http, { ["timeout\0"] = 1 })
    raises("names as keys", core.http, { 1 })
  end)

  it("for values that make no sense", function()
    local function bad(name, ...)
      for i = 1, select("#", ...) do
        raises("option '" .. name .. "'", core.http, { [name] = select(i, ...) })
      end
    end
    bad("timeout", 0, -1, 0 / 0, 1 / 0, 86401, "5", true)
    bad("connect_timeout", 0, "x")
    bad("max_response", 0, 1.5, 2 ^ 40, "1")
    bad("max_connections", 0, -1, 1.5)
    bad("ca_file", "", 1, "a\0b")
    bad("ca_path", "", false)
    bad("proxy", 1, "a\0b")
    bad("allow_http", 1, "true")
  end)

  it("for requests of wrong types", function()
    raises("table expected", http.send, http, "x")
    raises("request.method", http.send, http, { url = server:url() })
    raises("request.url", http.send, http, { method = "GET" })
    raises("request.url", http.send, http, { method = "GET", url = 1 })
    local function with(field, value)
      return { method = "GET", url = server:url(), [field] = value }
    end
    raises("request.body", http.send, http, with("body", 1))
    raises("request.headers", http.send, http, with("headers", "x"))
    raises("headers%[1%]", http.send, http, with("headers", { "x" }))
    raises("headers%[2%]", http.send, http, with("headers", { { "a", "b" }, { "a", 1 } }))
    assert(http:send(get()))
  end)

  it("for a receiver that is no http object", function()
    raises("http object expected", http.send, {}, get())
    raises("http object expected", http.close, io.stdout)
    raises("http object expected", http.step)
  end)

  it("for everything but close once closed", function()
    http:close()
    http:close()
    assert.equal("cognito.http (closed)", tostring(http))
    for _, method in ipairs { "send", "start", "cancel", "step", "take", "pollfd", "events", "timeout", "stats" } do
      raises("closed", http[method], http, get())
    end
  end)

  it("for waiting times that are none", function()
    raises("seconds", http.step, http, -1)
    raises("seconds", http.step, http, 0 / 0)
    raises("seconds", http.step, http, 0, -1)
    raises("number", http.step, http)
  end)
end)

local core = require "cognito.core"
local s_server = require "spec.support.s_server"
local start_server = require("spec.support.server").start
local certificates = require("spec.support.certificates").get()

local function server_with(pair, ...)
  return start_server("https", pair[1], pair[2], ...)
end

local function get(server, host)
  return { method = "GET", url = ("https://%s:%d/"):format(host or "127.0.0.1", server.port) }
end

-- One request with an object of its own.
local function send(options, request)
  local http = core.http(options)
  local response, err = http:send(request, { timings = true })
  http:close()
  return response, err
end

local function is_tls_fault(response, err)
  assert.is_nil(response)
  assert.equal("tls", err.code)
  assert.is_false(err.sent)
end

describe("TLS", function()
  local good

  setup(function() good = server_with(certificates.good) end)
  teardown(function() good:stop() end)

  it("trusts what ca_file names", function()
    local response = assert(send({ ca_file = certificates.ca }, get(good)))
    assert.equal(200, response.status)
    assert.is_true(response.timings.tls > response.timings.connect)
  end)

  it("trusts the certificates in the directory ca_path", function()
    assert.equal(200, assert(send({ ca_path = certificates.hashed }, get(good))).status)
  end)

  it("checks the host name", function()
    assert.equal(200, assert(send({ ca_file = certificates.ca }, get(good, "localhost"))).status)
    local elsewhere = server_with(certificates.elsewhere)
    is_tls_fault(send({ ca_file = certificates.ca }, get(elsewhere)))
    elsewhere:stop()
  end)

  it("does not trust a stranger, by default, by file or by directory", function()
    is_tls_fault(send({}, get(good)))
    is_tls_fault(send({ ca_file = certificates.stranger }, get(good)))
    is_tls_fault(send({ ca_path = "/etc/ssl/certs" }, get(good)))
  end)

  it("trusts only named certificates", function()
    -- The file alone would do; the system's directory must not come in.
    is_tls_fault(send({ ca_file = certificates.stranger }, get(good)))
    is_tls_fault(send({ ca_path = "/nonexistent" }, get(good)))
    is_tls_fault(send({ ca_file = "/nonexistent" }, get(good)))
  end)

  it("does not accept an expired certificate", function()
    local expired = server_with(certificates.expired)
    is_tls_fault(send({ ca_file = certificates.ca }, get(expired)))
    expired:stop()
  end)

  it("speaks 1.2, and nothing older", function()
    local new, old = server_with(certificates.good, "tlsv1_2"), server_with(certificates.good, "tlsv1_1")
    assert.equal(200, assert(send({ ca_file = certificates.ca }, get(new))).status)
    is_tls_fault(send({ ca_file = certificates.ca }, get(old)))
    new:stop()
    old:stop()
  end)

  it("recognizes a server without TLS", function()
    local plain = start_server "http"
    -- It answers the handshake's first bytes with nothing until they look
    -- like a request, so only time ends this.
    local http = core.http { ca_file = certificates.ca }
    local _, err = http:send(get(plain), { connect_timeout = 0.1 })
    assert.equal("timeout", err.code)
    assert.is_false(err.sent)
    http:close()
    plain:stop()
  end)

  it("keeps connections alive", function()
    local http = core.http { ca_file = certificates.ca }
    for _ = 1, 5 do assert(http:send(get(good))) end
    assert.equal(1, http:stats().connections)
    http:close()
  end)

  it("never sends twice when a kept-alive connection dies without a reply", function()
    local http = core.http { ca_file = certificates.ca }
    assert(http:send(get(good)))
    local request = get(good)
    request.method, request.url, request.body = "POST", request.url .. "silent", "{}"
    local _, err = http:send(request)
    assert.equal("connection_lost", err.code)
    assert.is_true(err.sent)
    http:close()
  end)

  it("carries many at once", function()
    -- Twenty handshakes, and valgrind may be there.
    local http = core.http { ca_file = certificates.ca, connect_timeout = 60, timeout = 60 }
    for _ = 1, 20 do http:start(get(good)) end
    local finished = 0
    while http:stats().in_flight > 0 do
      http:step(1)
      for _, response, err in http.take, http do
        assert.equal(200, assert(response, err).status)
        finished = finished + 1
      end
    end
    assert.equal(20, finished)
    http:close()
  end)

  -- OpenSSL would wait for a writer.
  it("refuses a ca_file in whose place a FIFO has come since", function()
    local path = os.tmpname()
    local http = core.http { ca_file = path }
    os.remove(path)
    assert.equal(0, core.run({ "mkfifo", path }).status)
    is_tls_fault(http:send(get(good)))
    http:close()
    os.remove(path)
  end)
end)

-- libcurl keeps TLS sessions in its handles, and no handle serves twice: a new
-- connection would have begun with a full handshake.
describe("a new connection", function()
  local server

  setup(function() server = s_server.start(certificates.good[1], certificates.good[2]) end)
  teardown(function() server:stop() end)

  local function session(http, url)
    return assert(http:send { method = "GET", url = url or server.url }).body:match "(%a+), TLSv1"
  end

  it("resumes the TLS session of the one before", function()
    local http = core.http { ca_file = certificates.ca }
    assert.equal("New", session(http))
    for n = 2, 4 do
      assert.equal("Reused", session(http))
      assert.equal(n, http:stats().connections)
    end
    http:close()
  end)

  it("resumes no session of another http object", function()
    local one, other = core.http { ca_file = certificates.ca }, core.http { ca_file = certificates.ca }
    assert.equal("New", session(one))
    assert.equal("New", session(other))
    one:close()
    assert.equal("Reused", session(other))
    other:close()
  end)
end)

describe("a proxy", function()
  local proxy

  setup(function() proxy = start_server("proxy", certificates.good[1], certificates.good[2]) end)
  teardown(function() proxy:stop() end)

  local function through(options)
    options.proxy = "http://127.0.0.1:" .. proxy.port
    options.ca_file = certificates.ca
    return core.http(options)
  end

  it("passes TLS through, and its own reply is not the reply", function()
    local http = through {}
    local request = { method = "GET", url = "https://127.0.0.1/echo", headers = { { "x-secret", "1" } } }
    local response = assert(http:send(request, { all_headers = true }))
    assert.truthy(response.body:find("x-secret", 1, true))
    assert.is_nil(response.headers["x-proxy"])
    assert(http:send(request))
    assert.equal(1, http:stats().connections)
    http:close()
  end)

  it("with a wrong certificate is no trusted connection, and nothing was sent", function()
    local http = through {}
    is_tls_fault(http:send { method = "GET", url = "https://elsewhere.example/" })
    http:close()
  end)

  it("that refuses is a failed connection", function()
    local other = start_server "http"
    local _, err = send({ proxy = "http://127.0.0.1:" .. other.port }, { method = "GET", url = "https://127.0.0.1/" })
    assert.equal("connect", err.code)
    assert.is_false(err.sent)
    other:stop()
  end)

  -- It would read everything, and lead to another machine's loopback.
  it("never gets plain http to this machine, not even one named in code", function()
    local here = start_server "http"
    local http = core.http { proxy = "http://127.0.0.1:" .. proxy.port, allow_http = true }
    for _, host in ipairs { "127.0.0.1", "127.1", "localhost", "LOCALHOST" } do
      local url = ("http://%s:%d/echo"):format(host, here.port)
      local response, err = http:send { method = "POST", url = url, headers = {}, body = "{}" }
      assert.equal(200, response and response.status, host .. ": " .. tostring(err and err.message))
    end
    local _, err = http:send { method = "GET", url = "http://service.invalid/" } -- but all else
    assert.equal("connection_lost", err.code)
    http:close()
    here:stop()
  end)

  it("never gets a direct request, which may be plain http to any host", function()
    local here = start_server "http"
    local http = core.http { proxy = "http://127.0.0.1:1" }
    local request = { method = "GET", url = ("http://0.0.0.0:%d/echo"):format(here.port) }
    local _, err = http:send(request)
    assert.equal("invalid_parameter", err.code)
    assert.equal(200, assert(http:send(request, { direct = true })).status)
    _, err = http:send(request)
    assert.equal("invalid_parameter", err.code)
    http:close()
    here:stop()
  end)

  it("never gets plain http to this machine by IPv6 either", function()
    local http = core.http { proxy = "http://name.invalid:1", allow_http = true }
    for _, host in ipairs { "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]" } do
      local _, err = http:send { method = "GET", url = ("http://%s:1/"):format(host) }
      assert.equal("connect", err.code, host .. ": " .. err.message) -- dns: it asked for the proxy
    end
    http:close()
  end)

  it("that is not there is a failed connection, whose name does not resolve a dns fault", function()
    local _, err = send({ proxy = "http://127.0.0.1:1" }, { method = "GET", url = "https://127.0.0.1/" })
    assert.equal("connect", err.code)
    assert.is_false(err.sent)
    _, err = send({ proxy = "http://name.invalid:1" }, { method = "GET", url = "https://127.0.0.1/" })
    assert.equal("dns", err.code)
  end)
end)

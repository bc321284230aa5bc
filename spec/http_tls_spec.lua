local core = require "cognito.core"
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

  it("trusts what the directory ca_path holds", function()
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

  it("trusts only what is named", function()
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

  it("calls a server without TLS what it is", function()
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
    local http = core.http { ca_file = certificates.ca }
    for _ = 1, 20 do http:start(get(good)) end
    local finished = 0
    while http:stats().in_flight > 0 do
      http:step(1)
      for _, response in http.take, http do
        assert.equal(200, response.status)
        finished = finished + 1
      end
    end
    assert.equal(20, finished)
    http:close()
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

  it("whose certificate is wrong is no trusted connection, and nothing was sent", function()
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

  it("that is not there is a failed connection, whose name does not resolve a dns fault", function()
    local _, err = send({ proxy = "http://127.0.0.1:1" }, { method = "GET", url = "https://127.0.0.1/" })
    assert.equal("connect", err.code)
    assert.is_false(err.sent)
    _, err = send({ proxy = "http://name.invalid:1" }, { method = "GET", url = "https://127.0.0.1/" })
    assert.equal("dns", err.code)
  end)
end)

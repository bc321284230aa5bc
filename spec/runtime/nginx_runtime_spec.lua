-- The runtime of nginx with sockets that do as they are told: what a real
-- nginx seldom does, or never when a spec is looking. The real one is asked in
-- spec/services/nginx_*_spec.lua.

local OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

-- ---- an nginx of tables ----

local nginx, runtime, loaded

-- A socket that takes everything and answers once. A step is a function of the
-- same name in `script`, and its results are those of the method.
local function new_socket(script)
  local socket = { calls = {}, closed = 0 }
  nginx.sockets[#nginx.sockets + 1] = socket
  local usual = {
    settimeouts = function() end,
    connect = function() return 1 end,
    getreusedtimes = function() return 0 end,
    sslhandshake = function() return {} end,
    send = function(bytes) return #bytes end,
    receiveany = function() return OK end,
    setkeepalive = function() return 1 end,
    close = function() return 1 end,
  }
  for name, default in pairs(usual) do
    socket[name] = function(self, ...)
      self.calls[#self.calls + 1] = { name, ... }
      return (script[name] or default)(...)
    end
  end
  return socket
end

-- How often a method of a socket was called, and the last call.
local function calls_of(socket, name)
  local count, last = 0, nil
  for _, call in ipairs(socket.calls) do
    if call[1] == name then count, last = count + 1, call end
  end
  return count, last
end

local function is_ours(name)
  return name:find "^cognito%.runtime" or name:find "^cognito%.place"
end

before_each(function()
  nginx = {
    config = { ngx_lua_version = 10023 },
    phase = "content", time = 100, sockets = {}, scripts = {}, asked = 0, slept = {},
    get_phase = function() return nginx.phase end,
    now = function() return nginx.time end,
    sleep = function(seconds)
      nginx.slept[#nginx.slept + 1] = seconds
      nginx.time = nginx.time + seconds
    end,
    timer = { at = function(_, f) return f() or true end },
    thread = { spawn = function(f) f() end, wait = function() end, kill = function() end },
    socket = {
      tcp = function()
        nginx.asked = nginx.asked + 1
        if nginx.phase == "log" then error("API disabled in the context of log_by_lua*", 0) end
        return new_socket(nginx.scripts[#nginx.sockets + 1] or {})
      end,
    },
  }
  rawset(_G, "ngx", nginx)
  loaded = {}
  for name, module in pairs(package.loaded) do
    if is_ours(name) then loaded[name] = module end
  end
  for name in pairs(loaded) do package.loaded[name] = nil end
  runtime = require("cognito.runtime.nginx").new { max_response = 1000 }
  runtime:admit() -- asks for a socket the first time; the others are of requests
  nginx.sockets = {}
end)

after_each(function()
  rawset(_G, "ngx", nil)
  for name in pairs(package.loaded) do
    if is_ours(name) then package.loaded[name] = nil end
  end
  for name, module in pairs(loaded) do package.loaded[name] = module end
end)

local function send(url, options, body)
  return runtime:send({ method = "POST", url = url or "http://127.0.0.1:8080/", headers = {}, body = body or "{}" },
    options or {})
end

local function assert_fault(code, sent, response, err)
  assert.is_nil(response)
  assert.equal(code, err.code, err.message)
  assert.equal("network", err.kind)
  assert.equal(sent, err.sent)
  return err
end

local function fails(...)
  local results = { ... }
  return function() return nil, results[1] end
end

local function returns(value)
  return function() return value end
end

describe("a connection that was idle", function()
  local function dead(err)
    return { getreusedtimes = returns(3), send = fails(err) }
  end

  it("and refuses the request gives way to another", function()
    nginx.scripts = { dead "closed", dead "broken pipe", dead "connection reset by peer" }
    assert.equal("{}", assert(send()).body)
    assert.equal(4, #nginx.sockets)
    for i = 1, 3 do
      assert.equal(1, (calls_of(nginx.sockets[i], "close")))
      assert.equal(0, (calls_of(nginx.sockets[i], "setkeepalive")))
    end
  end)

  it("does not when it may have taken some of the request", function()
    nginx.scripts = { dead "closed" }
    assert_fault("connection_lost", true, send(nil, nil, ("x"):rep(5000)))
    assert.equal(1, #nginx.sockets)
    nginx.scripts = { nil, dead "timeout" }
    nginx.sockets = { {} }
    assert_fault("timeout", true, send())
    assert.equal(2, #nginx.sockets)
  end)

  it("does not once the request is out, whatever follows", function()
    for _, err in ipairs { "closed", "connection reset by peer" } do
      nginx.sockets, nginx.scripts = {}, { { getreusedtimes = returns(1), receiveany = fails(err) } }
      assert_fault("connection_lost", true, send())
      assert.equal(1, #nginx.sockets)
    end
  end)

  it("shakes no hands again", function()
    nginx.scripts = { { getreusedtimes = returns(1) } }
    assert(send "https://service.example/")
    assert.equal(0, (calls_of(nginx.sockets[1], "sslhandshake")))
  end)
end)

describe("a new connection", function()
  it("that refuses the request is not tried again here", function()
    nginx.scripts = { { send = fails "closed" } }
    assert_fault("connection_lost", false, send())
    assert.equal(1, #nginx.sockets)
  end)

  it("that refuses it right after the handshake had no handshake", function()
    nginx.scripts = { { send = fails "closed" } }
    assert_fault("tls", false, send "https://service.example/")
  end)

  it("whose handshake raises is no TLS connection", function()
    nginx.scripts = { { sslhandshake = function() error "assertion failed!" end } }
    assert_fault("tls", false, send "https://service.example/")
    assert.equal(1, (calls_of(nginx.sockets[1], "close")))
    assert.equal(0, (calls_of(nginx.sockets[1], "send")))
  end)

  it("whose handshake gives neither session nor error is none either", function()
    nginx.scripts = { { sslhandshake = function() end } }
    assert_fault("tls", false, send "https://service.example/")
  end)

  it("always names and verifies the host", function()
    assert(send "https://Service.Example:8443/")
    local _, handshake = calls_of(nginx.sockets[1], "sslhandshake")
    assert.same({ "sslhandshake", nil, "service.example", true }, handshake)
  end)
end)

-- Here no thread waits for another: each connection succeeds or fails at once.
describe("a name", function()
  local NAME = "https://service.example/"

  it("whose address fails is connected to again, eight times, each on a new socket", function()
    local refused = { connect = fails "connection refused" }
    nginx.scripts = { refused, refused, refused, refused, refused, refused, refused }
    assert.equal("{}", assert(send(NAME)).body)
    assert.equal(8, #nginx.sockets)
    for i = 1, 7 do assert.equal(1, (calls_of(nginx.sockets[i], "close"))) end
    nginx.sockets = {}
    nginx.scripts[8] = refused
    local err = assert_fault("connect", false, send(NAME))
    assert.equal("no connection: connection refused (8 tries among the addresses of the name)", err.message)
    assert.equal(8, #nginx.sockets)
    for i = 1, 8 do assert.equal(0, (calls_of(nginx.sockets[i], "send"))) end
  end)

  it("that is refused itself is not asked for again", function()
    for _, words in ipairs { "a.example could not be resolved (3: Host not found)", "no resolver defined" } do
      nginx.sockets, nginx.scripts = {}, { { connect = fails(words) } }
      assert_fault("dns", false, send(NAME))
      assert.equal(1, #nginx.sockets)
    end
  end)

  it("is not connected to again when the time is up", function()
    local function refuses()
      nginx.time = nginx.time + 1
      return nil, "connection refused"
    end
    nginx.scripts = { { connect = refuses }, { connect = refuses }, { connect = refuses } }
    local err = assert_fault("timeout", false, send(NAME, { connect_timeout = 2 }))
    assert.equal(2, #nginx.sockets)
    assert.truthy(err.message:find("(2 tries)", 1, true), err.message)
  end)

  it("whose connection raises is an error, not raised", function()
    local raises = { connect = function() error "bad argument" end }
    nginx.scripts = { raises, raises, raises, raises, raises, raises, raises, raises }
    local err = assert_fault("connect", false, send(NAME))
    assert.truthy(err.message:find("bad argument", 1, true), err.message)
  end)

  it("has the time that is left on the socket that won", function()
    nginx.scripts = { { connect = fails "connection refused" } }
    assert(send("https://service.example/", { timeout = 10, connect_timeout = 3 }))
    local _, last = calls_of(nginx.sockets[2], "settimeouts")
    assert.same({ "settimeouts", 10000, 10000, 10000 }, last)
    assert.equal(1, (calls_of(nginx.sockets[2], "sslhandshake")))
  end)
end)

it("no sleep is shorter than a millisecond: nginx's clock stands still in one of none", function()
  assert(runtime:sleep(0.0002))
  assert(runtime:sleep(0.5))
  assert.same({ 0.001, 0.5 }, nginx.slept)
end)

describe("a pool", function()
  local function pool(url, options)
    assert(send(url, options))
    local _, connect = calls_of(nginx.sockets[#nginx.sockets], "connect")
    return connect[4].pool
  end

  it("is named by all that makes one connection different from another", function()
    local names, count = {}, 0
    for _, url in ipairs {
      "https://a.example/", "https://a.example:8443/", "https://b.example/", "http://127.0.0.1/", "https://127.0.0.1/",
    } do
      for _, idle in ipairs { 1, 5, 60 } do
        local name = pool(url, { max_idle = idle })
        assert.is_nil(names[name])
        names[name], count = true, count + 1
        assert.equal(name, pool(url, { max_idle = idle }))
      end
    end
    assert.equal(15, count)
    assert.equal("cognito https://a.example:443 sni=a.example verify=on idle=5", pool("https://A.example/a",
      { max_idle = 5 }))
  end)

  it("keeps connections for as long as may be, and a minute where nothing is said", function()
    for idle, milliseconds in pairs { [5] = 5000, [0.25] = 250 } do
      send(nil, { max_idle = idle })
      local _, keep = calls_of(nginx.sockets[#nginx.sockets], "setkeepalive")
      assert.equal(milliseconds, keep[2])
    end
    send()
    assert.equal(60000, select(2, calls_of(nginx.sockets[#nginx.sockets], "setkeepalive"))[2])
  end)

  it("does not get what must not be used again", function()
    local function closes(script, options)
      nginx.sockets, nginx.scripts = {}, { script }
      assert(send(nil, options))
      assert.equal(1, (calls_of(nginx.sockets[1], "close")))
    end
    closes({ setkeepalive = fails "unread data in buffer" })
    closes({ receiveany = returns(OK .. "H") })
    closes({ receiveany = returns "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}" })
    closes({}, { max_idle = 0 })
  end)
end)

describe("time", function()
  -- Each step takes a second; what it may take was said right before.
  local function taking(script)
    local timed = {}
    for _, name in ipairs { "connect", "sslhandshake", "send", "receiveany" } do
      local results = script[name]
      timed[name] = function(first)
        nginx.time = nginx.time + 1
        if results then return results() end
        if name == "send" then return #first end
        return name == "receiveany" and OK or 1
      end
    end
    return timed
  end

  local function allowances()
    local list = {}
    for _, call in ipairs(nginx.sockets[1].calls) do
      if call[1] == "settimeouts" then
        assert.equal(call[2], call[3])
        assert.equal(call[2], call[4])
        list[#list + 1] = call[2]
      end
    end
    return list
  end

  it("is the rest of the whole, for each step", function()
    nginx.scripts = { taking {} }
    assert(send("https://127.0.0.1/", { timeout = 10, connect_timeout = 3 }))
    assert.same({ 3000, 2000, 8000, 7000 }, allowances())
  end)

  it("that is up ends the call before the next step", function()
    local url, sent_by = "https://127.0.0.1/", { [1] = false, [2] = false, [3] = true }
    for timeout, sent in pairs(sent_by) do
      nginx.sockets, nginx.scripts = {}, { taking {} }
      assert_fault("timeout", sent, send(url, { timeout = timeout, connect_timeout = 9 }))
      assert.equal(timeout, #allowances() - 1)
    end
  end)

  it("has bounds where none are given", function()
    assert(send())
    assert.same({ 3100, 10000 }, allowances())
  end)

  it("up within a step is a timeout", function()
    for step, sent in pairs { connect = false, sslhandshake = false, send = true, receiveany = true } do
      nginx.sockets, nginx.scripts = {}, { { [step] = fails "timeout" } }
      assert_fault("timeout", sent, send "https://127.0.0.1/")
      assert.equal(1, #nginx.sockets)
    end
  end)

  it("is reported in seconds, for the steps that were reached", function()
    nginx.scripts = { taking {}, taking { connect = fails "connection refused" } }
    assert.same({ name_lookup = 0, connect = 1, tls = 2, first_byte = 4, total = 4 },
      send("https://127.0.0.1/", { timings = true }).timings)
    local _, err = send("https://127.0.0.1/", { timings = true })
    assert.equal(0, err.timings.tls)
    assert.equal(1, err.timings.total)
  end)
end)

describe("where nothing can wait", function()
  it("nothing is sent and no task sleeps", function()
    nginx.phase = "log"
    local err = assert_fault("wrong_phase", false, send())
    assert.truthy(err.message:find("log_by_lua", 1, true))
    assert_fault("wrong_phase", false, runtime:admit())
    assert_fault("wrong_phase", false, runtime:sleep(3))
    assert.same({}, nginx.slept)
    assert.same({}, nginx.sockets)
  end)

  it("nginx is asked once for each place", function()
    local before = nginx.asked
    for _ = 1, 3 do
      for _, phase in ipairs { "log", "access", "timer" } do
        nginx.phase = phase
        runtime:admit()
      end
    end
    assert.equal(before + 3, nginx.asked)
  end)
end)

describe("a hint names what to change in nginx.conf:", function()
  local function hinted(what, script, part)
    it(what, function()
      nginx.scripts = { script }
      local _, err = send "https://service.example/"
      assert.truthy(err.hint:find(part, 1, true), err.hint)
    end)
  end

  hinted("no resolver", { connect = fails 'no resolver defined to resolve "service.example"' }, "resolver 127.0.0.53;")
  hinted("a name that is not found",
    { connect = fails "service.example could not be resolved (3: Host not found)" }, "resolver line")
  for _, words in ipairs {
    "20: unable to get local issuer certificate", "21: unable to verify the first certificate",
    "18: self-signed certificate", "19: self signed certificate in certificate chain",
  } do
    hinted(words, { sslhandshake = fails(words) }, "lua_ssl_trusted_certificate")
  end
  hinted("a long chain", { sslhandshake = fails "22: certificate chain too long" }, "lua_ssl_verify_depth")
  hinted("another name", { sslhandshake = fails "certificate host mismatch" }, "another name")
  hinted("no TLS", { sslhandshake = fails "handshake failed" }, "error log")

  it("and no other error has one of these", function()
    nginx.scripts = { { connect = fails "connection refused" }, { receiveany = fails "closed" } }
    assert.is_nil(select(2, send()).hint)
    assert.is_nil(select(2, send()).hint)
  end)
end)

describe("ngx_lua", function()
  local function check()
    require("cognito.runtime.nginx").check({}, { sources = {}, warnings = {} }, 1)
  end

  it("is new enough from 0.10.23 on", function()
    for _, version in ipairs { 10023, 10030, 11000 } do
      nginx.config.ngx_lua_version = version
      check()
    end
  end)

  it("counts its versions otherwise in a stream block", function()
    nginx.config.subsystem, nginx.config.ngx_lua_version = "stream", 14
    check()
  end)

  it("that is older is refused in a sentence", function()
    nginx.config.ngx_lua_version = 10013
    local _, message = pcall(check)
    assert.truthy(message:find("needs ngx_lua 0.10.23 or newer", 1, true), message)
    assert.truthy(message:find("this is 0.10.13", 1, true), message)
  end)
end)

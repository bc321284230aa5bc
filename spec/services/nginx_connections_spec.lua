--- Connections of the runtime inside a real nginx: name look-up, TLS, reuse.

local certificates = require("spec.support.certificates").get()
local cjson = require "cjson"
local core = require "cognito.core"
local nginx = require "spec.support.nginx"
local servers = require "spec.support.server"

local RUNTIME = [[
  init_by_lua_block {
    in_nginx = require "spec.support.in_nginx"
    runtime = require("cognito.place").runtime { allow_http = true }
  }
]]

local SERVER = [[
  location = /send { content_by_lua_block { in_nginx.send(runtime) } }
  location = /coroutine { content_by_lua_block { coroutine.wrap(in_nginx.send)(runtime) } }
  location = /thread { content_by_lua_block { ngx.thread.wait(ngx.thread.spawn(in_nginx.send, runtime)) } }
  location = /many { content_by_lua_block { in_nginx.grow(runtime) } }
  location = /timer {
    content_by_lua_block {
      local told
      ngx.timer.at(0, function(_, url)
        told = in_nginx.told(runtime:send({ method = "GET", url = url, headers = {} }, {}))
      end, ngx.var.arg_url)
      repeat ngx.sleep(0.001) until told
      ngx.print(told)
    }
  }
]]

local dns, server

-- What an nginx with these lines says of a request.
local function start(lines)
  server = nginx.start { http = RUNTIME .. (lines or ""), server = SERVER }
end

local function send(url, more)
  return cjson.decode(server:get("/send?url=" .. url:gsub(":", "%%3A") .. (more or "")))
end

local function assert_fault(code, sent, told)
  assert.is_nil(told.result)
  assert.equal(code, told.err.code, told.err.message)
  assert.equal("network", told.err.kind)
  assert.equal(sent, told.err.sent)
  return told.err
end

local function resolver()
  return ("resolver 127.0.0.1:%d ipv6=off; resolver_timeout 30s; "):format(dns.port)
end

local function trusting(path)
  return resolver() .. ("lua_ssl_trusted_certificate %s; lua_ssl_verify_depth 3;"):format(nginx.path(path))
end

setup(function() dns = servers.start_script "spec/support/dns_server.lua" end)
teardown(function() dns:stop() end)
after_each(function()
  if server then server:stop() end
  server = nil
end)

describe("a name", function()
  it("cannot be looked up without a resolver, and the hint says so", function()
    start()
    local err = assert_fault("dns", false, send "https://service.example/")
    assert.truthy(err.hint:find("resolver 127.0.0.53;", 1, true))
  end)

  it("that does not exist is a dns fault, whose hint tells whom nginx asks", function()
    start(resolver())
    local err = assert_fault("dns", false, send "https://nowhere/")
    assert.truthy(err.hint:find("/etc/hosts", 1, true))
  end)

  it("without an answer is given up in time, again and again", function()
    start(resolver())
    local before = server:descriptors()
    for _ = 1, 3 do
      local begin = core.clock()
      assert_fault("timeout", false, send("https://silent/", "&connect_timeout=0.1"))
      assert_fault("timeout", false, send("https://silent/", "&timeout=0.1"))
      assert.is_true(core.clock() - begin < 10)
    end
    assert.is_true(server:descriptors() <= before + 2) -- to the name server and to us
  end)

  it("is looked up while others are, too", function()
    local plain = servers.start "http"
    start(resolver())
    local paths = {}
    for i = 1, 50 do
      local name = i % 5 == 0 and "x" .. i .. ".silent" or "x" .. i .. ".example"
      paths[i] = ("/send?connect_timeout=0.5&url=http://%s:%d/"):format(name, plain.port)
    end
    for i, body in ipairs(server:get_all(paths)) do
      local told = cjson.decode(body)
      if i % 5 == 0 then
        assert_fault("timeout", false, told)
      else
        assert.equal("{}", told.result.body)
      end
    end
    plain:stop()
  end)
end)

it("a name is looked up in coroutines, light threads and timers, too", function()
  local plain = servers.start "http"
  start(resolver())
  for _, place in ipairs { "send", "coroutine", "thread", "timer" } do
    for _ = 1, 2 do
      local told = cjson.decode(server:get(("/%s?url=http://x.example:%d/"):format(place, plain.port)))
      assert.equal("{}", told.result and told.result.body, told.err and told.err.message)
    end
  end
  plain:stop()
end)

describe("TLS", function()
  local function with(pair, trust, check)
    local secure = servers.start("https", pair[1], pair[2])
    start(trust)
    check(send(("https://localhost:%d/echo"):format(secure.port)),
      send(("https://127.0.0.1:%d/echo"):format(secure.port)))
    secure:stop()
  end

  it("to a server that is trusted carries the request", function()
    with(certificates.good, trusting(certificates.ca), function(told)
      assert.equal(200, told.result.status)
      assert.truthy(told.result.body:find("POST /echo HTTP/1.1\r\nHost: localhost:", 1, true))
    end)
  end)

  it("takes a chain of certificates", function()
    with(certificates.chain, trusting(certificates.ca), function(told) assert.equal(200, told.result.status) end)
  end)

  local function refuses(what, pair, trust, hint)
    it("refuses a certificate " .. what, function()
      with(pair, trust, function(told)
        local err = assert_fault("tls", false, told)
        if hint then assert.truthy((err.hint or ""):find(hint, 1, true), err.message) end
      end)
    end)
  end

  local function ca() return trusting(certificates.ca) end

  refuses("of another name", certificates.elsewhere, ca(), "another name")
  refuses("that has expired", certificates.expired, ca())
  refuses("that is not yet valid", certificates.future, ca())
  refuses("that signed itself", certificates.self, ca(), "lua_ssl_trusted_certificate")
  refuses("without the authority between", certificates.leaf, ca(), "lua_ssl_trusted_certificate")
  refuses("of a stranger", certificates.good, trusting(certificates.stranger), "lua_ssl_trusted_certificate")
  refuses("where nothing is trusted", certificates.good, resolver(), "lua_ssl_trusted_certificate")
end)

describe("a connection", function()
  local plain

  before_each(function() plain = servers.start "http" end)
  after_each(function() plain:stop() end)

  -- How many the server has accepted, without the one that asks.
  local function accepted()
    local http = core.http()
    local count = http:send({ method = "GET", url = plain:url "/stats" }).body:match "^%d+"
    http:close()
    return tonumber(count)
  end

  local function opens(f)
    local before = accepted()
    f()
    return accepted() - before - 1
  end

  local function ask(path, more)
    local told = send(plain:url(path or "/"), more)
    assert.is_nil(told.err)
    return told.result
  end

  -- A function that waits until nginx has closed what it opens from now on.
  local function watch_end()
    local before = server:descriptors()
    return function()
      for _ = 1, 1000 do
        if server:descriptors() <= before then return end
        core.sleep(0.005)
      end
    end
  end

  it("is kept for the next call", function()
    start()
    assert.equal(1, opens(function()
      for _ = 1, 5 do ask() end
      for _, path in ipairs { "/chunked", "/continue", "/redirect", "/echo" } do ask(path) end
    end))
  end)

  it("that has been idle for longer is not for calls that must not be repeated", function()
    start()
    assert.equal(2, opens(function()
      for _ = 1, 3 do
        ask()
        ask("/", "&max_idle=5")
      end
    end))
    assert.equal(3, opens(function()
      for _ = 1, 3 do ask("/", "&max_idle=0") end
    end))
    assert.truthy(ask("/echo", "&max_idle=0").body:find("\r\nConnection: close\r\n", 1, true))
  end)

  it("is closed when it has been idle for so long", function()
    start()
    local await_end = watch_end()
    assert.equal(2, opens(function()
      ask("/", "&max_idle=0.05")
      await_end()
      ask("/", "&max_idle=0.05")
    end))
  end)

  it("is found for URLs without number, of which few are kept", function()
    start()
    local grown
    assert.equal(1, opens(function()
      grown = server:get("/many?n=2000&url=" .. plain:url "/":gsub(":", "%%3A"))
    end))
    assert.is_true(tonumber(grown) < 200 * 1024, grown)
  end)

  it("that the server ends is replaced", function()
    start()
    local await_end = watch_end()
    assert.equal(3, opens(function()
      for _ = 1, 3 do
        assert.equal("last", ask("/last").body)
        await_end()
      end
    end))
  end)

  it("after a fault is not used again", function()
    start()
    assert.equal(4, opens(function()
      ask()
      assert_fault("malformed_response", true, send(plain:url "/bad-chunk"))
      assert_fault("too_large", true, send(plain:url "/big-length"))
      assert_fault("timeout", true, send(plain:url "/half", "&timeout=0.05"))
      ask()
    end))
  end)

  it("that cannot be made is reported", function()
    start()
    local err = assert_fault("connect", false, send(("http://127.0.0.1:%d/"):format(nginx.free_port())))
    assert.truthy(err.message:find("refused", 1, true))
  end)

  it("tells how long it took, in seconds", function()
    start()
    local timings = ask("/slow", "&timings=1").timings
    assert.is_true(timings.first_byte >= 0.1 and timings.first_byte <= timings.total)
    assert.is_true(timings.total < 10)
    assert.is_true(timings.connect <= timings.first_byte)
    assert.equal(0, timings.tls)
    assert.is_number(send(plain:url "/truncated", "&timings=1").err.timings.total)
    assert.is_nil(ask().timings)
  end)
end)

it("a request that cannot be sent is refused, and nothing is opened", function()
  start()
  for _, url in ipairs { "ftp://127.0.0.1/", "https://user@a/", "http://127.0.0.1:0/" } do
    local told = send(url)
    assert.equal("invalid_parameter", told.err.code)
    assert.equal("validation", told.err.kind)
    assert.is_false(told.err.sent)
  end
  assert.equal("invalid_parameter", send("http://127.0.0.1/", "&method=A%20B").err.code)
end)

--- A name with several addresses, of which one is dead. nginx's sockets choose
-- one by chance and try no other: with IPv6 that led nowhere, 6 to 8 of 40
-- calls were lost after three attempts each.

local cjson = require "cjson"
local nginx = require "spec.support.nginx"
local servers = require "spec.support.server"
local socket = require "socket"

local CALLS = 40

-- A client for each name: no call finds another's connection.
local HTTP = [[
  resolver 127.0.0.1:$port $ipv6;
  init_by_lua_block {
    in_nginx = require "spec.support.in_nginx"
    runtime = require("cognito.place").runtime { allow_http = true }
    function client(endpoint)
      return require("cognito").new {
        endpoint = endpoint, allow_http = true, user_pool_id = "eu-west-1_Ab12Cd34E",
        credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "secret" },
      }
    end
  }
]]

local SERVER = [[
  location = /call { content_by_lua_block { in_nginx.call(client(ngx.var.arg_url), "admin_get_user") } }
  location = /send { content_by_lua_block { in_nginx.send(runtime) } }
]]

local dns, service, server

setup(function()
  dns = servers.start_script "spec/support/dns_server.lua"
  service = servers.start "http"
end)

teardown(function()
  dns:stop()
  service:stop()
end)

after_each(function()
  if server then server:stop() end
  server = nil
end)

local function start(ipv6)
  server = nginx.start {
    server = SERVER,
    http = HTTP:gsub("%$(%l%w*)", { port = dns.port, ipv6 = ipv6 or "ipv6=off" }),
  }
end

-- A call of each of so many names; returns the number of attempts.
local function call_names(label)
  local paths, attempts = {}, 0
  for i = 1, CALLS do
    paths[i] = ("/call?url=http://x%d.%s:%d"):format(i, label, service.port)
  end
  for _, body in ipairs(server:get_all(paths)) do
    local told = cjson.decode(body)
    assert.is_nil(told.err and told.err.message)
    attempts = attempts + told.meta.attempts
  end
  return attempts
end

local function send(url, more)
  return cjson.decode(server:get("/send?url=" .. url:gsub(":", "%%3A") .. (more or "")))
end

-- A port of an address where connections wait for ever: its queue is full.
local function fill(address, port)
  local sockets = { assert(socket.tcp4()) }
  assert(sockets[1]:bind(address, port))
  assert(sockets[1]:listen(0))
  for i = 2, 9 do
    sockets[i] = assert(socket.tcp4())
    sockets[i]:settimeout(0)
    sockets[i]:connect(address, port)
  end
  return sockets
end

local function close(sockets)
  for _, one in ipairs(sockets) do one:close() end
end

-- Eight tries: of 256 attempts at one of two addresses one fails, and the next
-- attempt follows.
local FEW = CALLS + 6

describe("of a name with two addresses", function()
  it("one that refuses does not matter", function()
    start()
    assert.is_true(call_names "half.example" <= FEW)
  end)

  it("one of IPv6 that leads nowhere does not matter", function()
    start "ipv6=on"
    assert.is_true(call_names "both.example" <= FEW)
  end)

  it("one that never answers does not matter", function()
    start()
    local hole = fill("127.0.0.2", service.port)
    assert.is_true(call_names "half.example" <= FEW)
    close(hole)
  end)

  it("nothing is left open where one never answers", function()
    start()
    local hole, before = fill("127.0.0.2", service.port), server:descriptors()
    call_names "half.example"
    -- An idle connection of each name and of each page asked for, and to the name server.
    server:await("descriptors leak", function() return server:descriptors() <= before + 2 * CALLS + 3 end)
    close(hole)
  end)

  it("both dead are reported, with the line for nginx.conf", function()
    start()
    local told = send(("http://x.half.example:%d/"):format(nginx.free_port()))
    assert.equal("connect", told.err.code)
    assert.is_false(told.err.sent)
    assert.truthy(told.err.message:find("refused (8 tries", 1, true), told.err.message)
    assert.truthy(told.err.hint:find("ipv6=off", 1, true))
  end)
end)

describe("a timeout while connecting", function()
  local function timed_out(url)
    local told = send(url, "&connect_timeout=0.3")
    assert.equal("timeout", told.err.code)
    assert.is_false(told.err.sent)
    return told.err
  end

  it("names a resolver that does not answer", function()
    start()
    local err = timed_out "http://silent:80/"
    assert.truthy(err.message:find("could not be looked up in time", 1, true), err.message)
    assert.truthy(err.hint:find("resolver line do not answer", 1, true), err.hint)
  end)

  it("names a resolver whose own time is up", function()
    start "ipv6=off; resolver_timeout 100ms"
    local told = send("http://silent:80/", "&connect_timeout=9")
    assert.equal("dns", told.err.code)
    assert.truthy(told.err.hint:find("resolver line do not answer", 1, true), told.err.message)
  end)

  it("does not where the name was found and its address is dead", function()
    start()
    local port = nginx.free_port()
    local hole = fill("127.0.0.1", port)
    local err = timed_out(("http://x.example:%d/"):format(port))
    close(hole)
    assert.truthy(err.message:find("could be reached in time", 1, true), err.message)
    assert.truthy(err.hint:find("routes and firewalls", 1, true), err.hint)
  end)
end)

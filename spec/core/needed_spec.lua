-- The oldest libraries that the promises are tested with. On libcurl 7.74 a GET
-- was sent again without a word, and a dead name server held up the end.
local child = require "spec.support.child"
local scripted = require "spec.support.scripted"
local start_server = require("spec.support.server").start
local certificates = require("spec.support.certificates").get()

local function say(module, name, version)
  local _, printed = child.run(([[print(select(2, pcall(require, %q)))]]):format(module), {
    LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"),
    [name] = version,
  })
  return printed
end

describe("a library that is older than the tested ones", function()
  for _, version in ipairs { "7.74.0", "7.87.0" } do
    it("libcurl " .. version .. " is refused when the core is opened", function()
      local said = say("cognito.core", "OLD_CURL", version)
      assert.truthy(said:find("lua-cognito needs libcurl 7.88 or newer, and this process carries libcurl "
        .. version .. ":", 1, true), said)
      assert.equal(said, say("cognito", "OLD_CURL", version)) -- in one line, whoever asks
    end)
  end

  for _, version in ipairs { "7.88.0", "8.21.3" } do
    it("is not libcurl " .. version, function()
      assert.truthy(say("cognito.core", "OLD_CURL", version):find "^table:")
    end)
  end

  it("libcurl is no business of cognito.wire", function()
    assert.truthy(say("cognito.wire", "OLD_CURL", "7.74.0"):find "^table:")
  end)

  for _, module in ipairs { "cognito.core", "cognito.wire" } do
    it("OpenSSL is refused by " .. module, function()
      local said = say(module, "OLD_OPENSSL", "1.1.0")
      assert.truthy(said:find("lua-cognito needs OpenSSL 1.1.1 or newer, and this process carries 1.1.0:", 1, true),
        said)
    end)
  end
end)

describe("the known faults of the libcurl at run time", function()
  local function faults(version)
    local _, printed = child.run([[
      for _, fault in ipairs(require("cognito.core").info().libcurl_faults) do
        assert(#fault.what > 0 and #fault.answer > 0 and fault.seen:find "^%d+%.%d+")
        print(fault.what)
      end
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), OLD_CURL = version })
    return printed
  end

  for words, versions in pairs {
    ["looks through all connections"] = { ["7.88.0"] = true, ["8.23.0"] = true },
    ["never got connected"] = { ["7.88.1"] = true, ["8.13.9"] = true, ["8.14.0"] = false },
    ["no handle is attached to"] = { ["7.88.1"] = false, ["8.0.0"] = true, ["8.23.0"] = true },
    ["more than it was asked for"] = { ["8.0.1"] = false, ["8.1.0"] = true, ["8.13.9"] = true, ["8.14.0"] = false },
    ["an orderly end of TLS"] = { ["7.88.1"] = true, ["8.13.9"] = true, ["8.14.0"] = false },
    ["20 threads"] = { ["8.19.9"] = false, ["8.20.0"] = true },
  } do
    it("are those of its version: " .. words, function()
      for version, has in pairs(versions) do
        assert.equal(has, faults(version):find(words, 1, true) ~= nil, version)
      end
    end)
  end

  it("name in their answers files that there are", function()
    local count = 0
    for line in io.lines "src/http_version.c" do
      for name in line:gmatch "%(([%w_]+%.[ch])%)" do
        count = count + 1
        assert(io.open("src/" .. name)):close()
      end
    end
    assert.is_true(count >= 5)
  end)
end)

describe("the libcurl at run time", function()
  local function run(variables, script)
    variables.LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries")
    local _, printed = child.run(script, variables)
    return printed
  end

  for words, variable in pairs {
    ["libcurl was built without TLS"] = "BARE_CURL",
    ["libcurl cannot be initialized"] = "BROKEN_CURL",
  } do
    it("is refused when an http object is made: " .. words, function()
      assert.matches(words, run({ [variable] = "1" }, [[print(select(2, pcall(require("cognito.core").http)))]]))
    end)
  end

  it("without certificates of its own trusts what libcurl trusts", function()
    local server = start_server("https", certificates.good[1], certificates.good[2])
    local printed = run({ LOST_CURL = "1" }, ([[
      local _, err = require("cognito.core").http():send { method = "GET", url = %q }
      print(err.code)
    ]]):format((server:url "/":gsub("^http:", "https:"))))
    server:stop()
    assert.equal("tls\n", printed)
  end)

  for _, version in ipairs { "8.1.0", "8.14.0", "8.23.0" } do
    it("carries exchanges as that of version " .. version, function()
      local server = start_server "http"
      local printed = run({ OLD_CURL = version }, ([[
        local http = require("cognito.core").http()
        for _ = 1, 3 do print(assert(http:send { method = "POST", url = %q, body = "{}" }).status) end
        print(http:stats().connections)
      ]]):format(server:url "/echo"))
      server:stop()
      assert.equal("200\n200\n200\n1\n", printed)
    end)
  end
end)

describe("an OpenSSL of another major version than the headers'", function()
  for _, module in ipairs { "cognito.core", "cognito.wire" } do
    it("is refused by " .. module, function()
      assert.matches("was built for OpenSSL .*, but this process carries 9%.0%.0: build it again",
        say(module, "OLD_OPENSSL", "9.0.0"))
    end)
  end
end)

describe("an OpenSSL that makes no RSA keys", function()
  it("is named where the sandbox wants one", function()
    local _, printed = child.run([[print(select(2, pcall(require("cognito.core").rsa_key)))]], {
      LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), NO_RSA = "1",
    })
    assert.matches("OpenSSL makes no RSA key", printed)
  end)
end)

-- OpenSSL is asked how a connection ended, if it is the one that libcurl has; GnuTLS
-- itself reports an end without TLS's own.
describe("a reply that its connection ends, by another TLS library of libcurl's", function()
  local path = scripted.path("to the end", { { "HTTP/1.1 200 OK\r\n\r\n{}", ending = "close" } })

  local function outcome(tls)
    local server = start_server("https", certificates.good[1], certificates.good[2])
    local _, printed = child.run([[
      local url, ca = ...
      local response, err = require("cognito.core").http { ca_file = ca }:send { method = "GET", url = url }
      print(response and response.body or err.code)
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), TLS_OF_CURL = tls },
      ("https://127.0.0.1:%d%s"):format(server.port, path), certificates.ca)
    server:stop()
    return printed
  end

  it("is whole where that reports cuts", function() assert.equal("{}\n", outcome "GnuTLS/3.7.9") end)

  for _, tls in ipairs { "OpenSSL/9.9.9", "OpenSSL/", "mbedTLS/2.28.3" } do
    it("counts as cut where it cannot be asked: " .. tls, function()
      assert.equal("connection_lost\n", outcome(tls))
    end)
  end
end)

describe("idle connections", function()
  -- A clock that runs a thousand times as fast: connections age while a test waits.
  it("that are too old are closed when another is opened", function()
    local first, second = start_server "http", start_server "http"
    local _, printed = child.run(([[
      local core = require "cognito.core"
      local http = core.http { timeout = 86400, connect_timeout = 86400 }
      local function send(url) assert(http:send { method = "GET", url = url }) end
      local function open()
        local n = 0
        for fd = 0, 100 do n = n + (core.is_open(fd) and 1 or 0) end
        return n
      end
      local before = open()
      send(%q)
      assert(open() == before + 1)
      local start = core.clock()
      while core.clock() < start + 120 do core.sleep(0.01) end
      send(%q)
      print(open() - before, http:stats().connections)
    ]]):format(first:url "/echo", second:url "/echo"), {
      LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), FAST_CLOCK = "1",
    })
    first:stop()
    second:stop()
    assert.equal("1\t2\n", printed)
  end)
end)

--- One grammar of URLs and HTTP: the C core, what it tells Lua, nginx's runtime,
-- libcurl, and the sandbox's own reader agree, text by text.

local c_locale = require "cognito.c_locale"
local core = require "cognito.core"
local control = require "cognito.sandbox.control"
local http1 = require "spec.support.http1"
local start_server = require("spec.support.server").start
local wire = require "cognito.wire"

local KEYS = { access_key_id = "AKIABOX", secret_access_key = "secret" }

local function shown(text)
  return (text:gsub("[%c\127-\255]", function(c) return ("\\%d"):format(c:byte()) end))
end

describe("the label of a host", function()
  it("has letters, digits and inner hyphens, 63 at most", function()
    for _, label in ipairs { "a", "7", "Z", "eu-west-1", "a--b", ("x"):rep(63) } do
      assert.is_true(core.is_host_label(label), label)
    end
    for _, label in ipairs { "", "-", "-a", "a-", "a.b", "a_b", "a b", "a\0", "\195\164", ("x"):rep(64) } do
      assert.is_false(core.is_host_label(label), label)
    end
  end)
end)

describe("a host", function()
  -- as spelt, as it is written and connected to, and whether that is an address
  local hosts = {
    { "example.com", "example.com", false }, { "Example.COM", "example.com", false }, { "a_b-c.d", "a_b-c.d", false },
    { "localhost", "localhost", false }, { "xn--bcher-kva.example", "xn--bcher-kva.example", false },
    { "10.0.0.1", "10.0.0.1", true }, { "10.1", "10.0.0.1", true }, { "10.0.1", "10.0.0.1", true },
    { "10.0.258", "10.0.1.2", true }, { "167772161", "10.0.0.1", true }, { "0x0A000001", "10.0.0.1", true },
    { "0XA.0x0.1", "10.0.0.1", true }, { "012.0.0.1", "10.0.0.1", true }, { "10.0.0.01", "10.0.0.1", true },
    { "10.0.0.010", "10.0.0.8", true }, { "0", "0.0.0.0", true }, { "4294967295", "255.255.255.255", true },
    -- Numbers that are no address are names, though none that there is.
    { "127.999.1.1", "127.999.1.1", false }, { "127.0.0.256", "127.0.0.256", false },
    { "10.0.0.08", "10.0.0.08", false },
    { "1.2.3.4.5", "1.2.3.4.5", false }, { "1.2.3.4.0", "1.2.3.4.0", false }, { "4294967296", "4294967296", false },
    { "10.0.65536", "10.0.65536", false },
    { "10.16777216", "10.16777216", false }, { "256.1", "256.1", false }, { "0x", "0x", false },
    { "127.0.0.1.example.com", "127.0.0.1.example.com", false }, { "10..1", "10..1", false },
    { "[fd00:ec2::254]", "[fd00:ec2::254]", true }, { "[FD00::A]", "[fd00::a]", true },
    { "[0:0::2]", "[::2]", true }, { "[0:0:0:0:0:0:0:2]", "[::2]", true }, { "[fd00:0:0:0::0001]", "[fd00::1]", true },
    { "[::ffff:10.0.0.1]", "[::ffff:10.0.0.1]", true }, { "[::ffff:a00:1]", "[::ffff:a00:1]", true },
    { "[0:0:0:0:0:ffff:10.0.0.1]", "[::ffff:10.0.0.1]", true }, { "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", true },
    { "[::2:3:4:5:6:7:8]", "[::2:3:4:5:6:7:8]", true }, { "[0:2:3:4:5:6:7:8]", "[0:2:3:4:5:6:7:8]", true },
    -- As spelt, unless another spelling is shorter.
    { "[::02]", "[::2]", true }, { "[1:0:0:2::3:4]", "[1:0:0:2::3:4]", true },
    -- This machine.
    { "[::1]", "[::1]", true, is_loopback = true },
    { "127.0.0.1", "127.0.0.1", true, is_loopback = true }, { "127.9.9.9", "127.9.9.9", true, is_loopback = true },
    { "127.255.255.255", "127.255.255.255", true, is_loopback = true },
    { "[0::1]", "[::1]", true, is_loopback = true }, { "[0:0:0:0:0:0:0:1]", "[::1]", true, is_loopback = true },
    -- Too, but other programs read them as names or as other addresses.
    { "127.1", "127.0.0.1", true }, { "2130706433", "127.0.0.1", true }, { "0x7f.1", "127.0.0.1", true },
    { "0177.0.0.1", "127.0.0.1", true }, { "127.0.0.01", "127.0.0.1", true }, { "127.0.0.010", "127.0.0.8", true },
    { "[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]", true },
    -- And what is another machine, or none.
    { "128.0.0.1", "128.0.0.1", true }, { "[::2]", "[::2]", true }, { "[::]", "[::]", true },
  }

  -- Whether libcurl goes there itself, whatever proxy there is.
  local function is_here(host)
    return host == "localhost" or host:find "^127%.%d+%.%d+%.%d+$" and host ~= "127.999.1.1" and host ~= "127.0.0.256"
      or host == "[::1]" or host == "[::ffff:127.0.0.1]"
  end

  local server

  setup(function() server = start_server "http" end)
  teardown(function() server:stop() end)

  -- The Host header that libcurl sends. Over a connection that it has used for
  -- a name, libcurl 7.88 sends an IPv6 address without its brackets.
  local function host_sent(url, proxy)
    local http = core.http { allow_http = true, proxy = proxy }
    local response = assert(http:send { method = "GET", url = url })
    http:close()
    return c_locale.lower(response.body:match "\r\nHost: ([^\r]*)\r\n")
  end

  local function url_of(host, port)
    return ("http://%s:%d/echo"):format(host, port or 8080)
  end

  for _, row in ipairs(hosts) do
    local spelt, written, is_address = row[1], row[2], row[3]

    it(spelt .. " is " .. written .. " for everything that reads it", function()
      for _, native in ipairs { core, wire } do
        local url = native.read_url(url_of(spelt))
        assert.same({ written, written .. ":8080", is_address, row.is_loopback or false },
          { url.host, url.authority, url.is_address, url.is_loopback })
        assert.equal(row.is_loopback or false, native.request_url(url_of(spelt)) ~= nil)
        assert.same(url, native.request_url(url_of(spelt), true))
      end
    end)

    it(spelt .. " is signed and sent as " .. written, function()
      local authority = written .. ":8080"
      local _, steps = core.sign({ method = "GET", url = url_of(spelt) }, { credentials = KEYS, region = "eu-west-1" })
      assert.equal(authority, steps.canonical_request:match "\nhost:([^\n]*)\n")
      local request = assert(core.build("admin_reset_user_password", { username = "ada", user_pool_id = "eu-west-1_A" },
        { endpoint = url_of(spelt), region = "eu-west-1", credentials = KEYS }))
      assert.equal("http://" .. authority .. "/echo/", request.url)
      local bytes = http1.write { method = "GET", url = url_of(spelt) }
      assert.equal(authority, bytes:match "\r\nHost: ([^\r]*)\r\n")
    end)

    it(spelt .. " is checked before plain http goes there", function()
      local _, err = core.http():send { method = "GET", url = row.is_loopback and url_of(spelt, 1) or url_of(spelt) }
      assert.equal(row.is_loopback and "connect" or "invalid_parameter", err.code)
    end)

    it(spelt .. " is judged alike by the sandbox, in the form that clients write", function()
      local is_loopback = wire.read_url(url_of(written)).is_loopback or written == "localhost"
      assert.equal(is_loopback, control.is_loopback(written))
    end)

    -- libcurl writes the address of a proxied request, too, and looks nothing up.
    if not is_here(written) then
      it(spelt .. " is " .. written .. " in libcurl's Host header", function()
        assert.equal(written .. ":8080", host_sent(url_of(spelt), "http://127.0.0.1:" .. server.port))
      end)
    elseif written == "127.0.0.1" then
      it(spelt .. " leads libcurl here", function()
        assert.equal(written .. ":" .. server.port, host_sent(url_of(spelt, server.port)))
      end)
    end
  end

  for _, host in ipairs {
    "", "[]", "[:]", "[..]", "[1]", "[::1", "::1", "[::1]x", "[1::2::3]", "[::g]", "[fe80::1%25eth0]", "[127.0.0.1]",
    "[1:2:3:4:5:6:7:8:9]", "[::256.0.0.1]", "a b", "a\0b", "a\tb", "\195\164.example", "a\228b", "a%41", "a@b", "a:b@c",
    "a\\b", "a;b", "a,b", "a*b", "a!b", "a'b", ("a"):rep(254),
  } do
    it(shown(host) .. " is none", function()
      local text = "https://" .. host .. "/"
      for _, native in ipairs { core, wire } do
        assert.is_nil(native.read_url(text))
        assert.is_nil(native.request_url(text, true))
      end
      local _, err = core.http():send { method = "GET", url = text }
      assert.equal("invalid_parameter", err.code)
      assert.is_false(err.sent)
      _, err = core.sign({ method = "GET", url = text }, { credentials = KEYS, region = "eu-west-1" })
      assert.equal("url", err.field)
    end)
  end
end)

describe("a URL", function()
  -- what follows https://h: the port, the authority, the path, the query
  local urls = {
    { "", 443, "h", "/", "" }, { "/", 443, "h", "/", "" }, { "?", 443, "h", "/", "?" },
    { "?a/b", 443, "h", "/", "?a/b" },
    { "/a/../b//c", 443, "h", "/a/../b//c", "" }, { "/a?b?c", 443, "h", "/a", "?b?c" }, { ":443", 443, "h", "/", "" },
    { ":443?x", 443, "h", "/", "?x" }, { ":0443/", 443, "h", "/", "" }, { ":8443", 8443, "h:8443", "/", "" },
    { ":08443/", 8443, "h:8443", "/", "" }, { ":00080", 80, "h:80", "/", "" }, { ":1", 1, "h:1", "/", "" },
    { ":65535", 65535, "h:65535", "/", "" }, { "/%41?%20", 443, "h", "/%41", "?%20" }, { "/'\"?\"" },
    { "/[]{}|^`?[]{}|^`\\<>\"", 443, "h", "/[]{}|^`", "?[]{}|^`\\<>\"" }, { "/:@", 443, "h", "/:@", "" },
    { ":" }, { ":0" }, { ":00000" }, { ":65536" }, { ":99999" }, { ":000443" }, { ":x" }, { ":+1" }, { ":-1" },
    { ":1x" }, { ":1 " }, { "/#" }, { "/?#" }, { "#" }, { "/a b" }, { "/?a b" }, { "/\\" }, { "/<" }, { "/>" },
    { "/\0" }, { "/?\0" }, { "/\r\n" }, { "/?\n" }, { "/\127" }, { "/?\127" }, { "/\195\164" }, { "/?\195\164" },
  }

  for _, row in ipairs(urls) do
    local text, port = "https://h" .. row[1], row[2]
    it(shown(text) .. (port and " is read in one way" or " is none"), function()
      for _, native in ipairs { core, wire } do
        local url = native.read_url(text)
        assert.same(port and { scheme = "https", host = "h", is_address = false, is_loopback = false, port = port,
          authority = row[3], path = row[4], query = row[5] }, url)
        assert.same(url, native.request_url(text))
      end
    end)
  end

  it("has a scheme in any case, and no other", function()
    assert.equal("https", wire.read_url("HttpS://h").scheme)
    assert.equal("http", wire.read_url("HTTP://h").scheme)
    for _, text in ipairs { "", "h", "//h", "://h", "https:h", "https:/h", "https:/ab", "https:xyz", "ftp://h",
      "httpss://h", "h\0ttp://h", " http://h" } do
      assert.is_nil(wire.read_url(text))
    end
  end)
end)

describe("a header", function()
  local sandbox_http = require "cognito.sandbox.http"
  local headers = require "cognito.headers"
  local scripted = require "spec.support.scripted"
  local server, http

  setup(function()
    server = start_server "http"
    http = core.http()
  end)
  teardown(function()
    http:close()
    server:stop()
  end)

  -- What reads or writes a request's header: each returns whether it takes it.
  local takers = {}

  function takers.core(name, value)
    return core.check_header(name, value) == nil
  end

  function takers.wire(name, value)
    return wire.check_header(name, value) == nil
  end

  function takers.libcurl(name, value)
    local response, err = http:send { method = "GET", url = server:url "/echo", headers = { { name, value } } }
    if not response then
      assert.equal("invalid_parameter", err.code)
    else
      assert.truthy(response.body:find("\r\n" .. name .. ": " .. value .. "\r\n", 1, true), response.body)
    end
    return response ~= nil
  end

  function takers.nginx(name, value)
    return http1.write { method = "GET", headers = { { name, value } } } ~= nil
  end

  function takers.settings(name, value)
    local list = {}
    local _, err = headers.append(list, nil, { [name] = value })
    assert.same(err and {} or { { name, value } }, list)
    return err == nil
  end

  function takers.sign(name, value)
    local list, err = core.sign({ method = "GET", url = "https://h/", headers = { { name, value } } },
      { credentials = KEYS, region = "eu-west-1" })
    assert.is_true(list ~= nil or err.field == "headers")
    return list ~= nil
  end

  function takers.sandbox(name, value)
    local head, _, status = sandbox_http.take_head("GET / HTTP/1.1\r\n" .. name .. ": " .. value .. "\r\n\r\n")
    if not head then assert.equal(400, status) end
    if head then assert.same({ [c_locale.lower(name)] = value }, head.headers) end
    return head ~= nil
  end

  local function each_takes(expected, name, value, but)
    for taker, takes in pairs(takers) do
      if taker ~= but then
        assert.equal(expected, takes(name, value), taker .. ": " .. shown(name .. ": " .. value))
      end
    end
  end

  it("has a token as its name, byte by byte", function()
    each_takes(false, "", "x")
    for byte = 0, 255 do
      local char = string.char(byte)
      local is_token = char:find "^[A-Za-z0-9]$" ~= nil or ("!#$%&'*+-.^_`|~"):find(char, 1, true) ~= nil
      -- To a reader, the first colon ends the name.
      each_takes(is_token, "x-" .. char .. "a", "x", char == ":" and "sandbox" or nil)
      assert.equal(is_token, core.is_token(char))
      assert.equal(is_token, core.check_method(char) == nil)
    end
  end)

  it("has a value without control characters but the tab, byte by byte", function()
    each_takes(true, "x-a", "a b")
    for byte = 0, 255 do
      each_takes(byte == 9 or (byte >= 32 and byte ~= 127), "x-a", "a" .. string.char(byte) .. "b")
    end
  end)

  it("does not say how the body is framed, in no case of letters, wherever it comes from", function()
    for _, name in ipairs { "Content-Length", "transfer-encoding", "EXPECT" } do
      for _, taker in ipairs { "core", "wire", "libcurl", "nginx", "settings" } do
        assert.is_false(takers[taker](name, "1"), taker .. ": " .. name)
      end
    end
  end)

  -- lines of a reply, and what they are read as
  local replies = {
    { "X-A: a", { ["x-a"] = "a" } }, { "x-a:a", { ["x-a"] = "a" } }, { "X-A: \t a b \t", { ["x-a"] = "a b" } },
    { "X-A:", { ["x-a"] = "" } }, { "X-A: a\1b\127", { ["x-a"] = "a\1b\127" } }, { "X-A: :", { ["x-a"] = ":" } },
    { "X-A: \195\164", { ["x-a"] = "\195\164" } }, { "!#$%&'*+-.^_`|~: 1", { ["!#$%&'*+-.^_`|~"] = "1" } },
    { "X-A: a\r\n\tb", { ["x-a"] = "a b" } }, { "A: 1", { a = "1" } },
    { "X-A: a\rb" }, { "X-A: a\0b" }, { "X-A : 1" }, { "X-A\t: 1" }, { ": 1" }, { "nonsense" }, { "X A: 1" },
    { "X\0A: 1" },
    { "X-\1A: 1" }, { "X-\127A: 1" }, { "X-\195\164: 1" }, { "(x): 1" }, { "X\rA: 1" }, { "X-A: a\r\n b\rc" },
    { "Content-Length : 2" }, { "Transfer-Encoding : chunked" }, { "X-A: a\r\r\nX-B: b" },
  }

  for i, row in ipairs(replies) do
    it("of a reply, " .. shown(row[1]) .. ", is " .. (row[2] and "read" or "refused") .. " alike", function()
      local bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" .. row[1] .. "\r\n\r\n{}"
      local expected = row[2] and "2" or "malformed_response"
      local url = server:url(scripted.path("header " .. i, { bytes }))
      local given = false
      local source = { more = function() if not given then given = true return bytes end end }
      for _, outcome in ipairs {
        { http:send({ method = "GET", url = url }, { all_headers = true }) },
        { http1.read(source, { method = "GET", max_response = 65536, all_headers = true }) },
      } do
        local response, err = outcome[1], outcome[2]
        assert.equal(expected, response and response.headers["content-length"] or err.code)
        if response then
          response.headers["content-length"] = nil
          assert.same(row[2], response.headers)
        end
      end
    end)
  end
end)

describe("UTF-8", function()
  local sandbox_utf8 = require "cognito.sandbox.utf8"
  local unicode = require "cognito.unicode"

  -- The code point that bytes would stand for, when that is one whose UTF-8
  -- they are; nil for all others.
  local function point_of(bytes)
    local first = bytes:byte()
    local point = #bytes == 1 and first or first % 2 ^ (7 - #bytes)
    for i = 2, #bytes do point = point * 64 + bytes:byte(i) % 64 end
    local is_good = point < 0xD800 or (point > 0xDFFF and point <= 0x10FFFF)
    return is_good and unicode.character(point) == bytes and point or nil
  end

  local function check(bytes)
    local point = point_of(bytes)
    assert.same({ point, point and #bytes or 1 }, { core.decode_utf8(bytes, 1) })
  end

  local function is_text(bytes)
    return core.write_json(bytes) ~= nil
  end

  -- Characters of one byte and up, as long as the first byte says.
  local function size_of(first)
    return first < 0xC0 and 1 or first < 0xE0 and 2 or first < 0xF0 and 3 or 4
  end

  it("is read alike by the core, Lua and the sandbox, whatever the bytes", function()
    local others = { 0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF }
    local checked = 0
    local function try(bytes, left)
      if left > 0 then
        for _, byte in ipairs(others) do try(bytes .. string.char(byte), left - 1) end
        return
      end
      local is_utf8 = core.is_utf8(bytes)
      assert.same({ is_utf8, is_utf8, is_utf8 },
        { wire.is_utf8(bytes), sandbox_utf8.length(bytes) ~= nil, is_text(bytes) }, shown(bytes))
      if #bytes == size_of(bytes:byte()) and core.decode_utf8(bytes, 1) then check(bytes) end
      assert.equal(point_of(bytes) ~= nil and #bytes == size_of(bytes:byte()),
        is_utf8 and #bytes == size_of(bytes:byte()))
      checked = checked + 1
    end
    for first = 0, 255 do try(string.char(first), size_of(first) - 1) end
    for second = 0, 255 do
      for _, first in ipairs { 0xC2, 0xDF } do try(string.char(first, second), 0) end
      for _, first in ipairs { 0xE0, 0xE1, 0xED, 0xEE } do try(string.char(first, second, 0x80), 0) end
      for _, first in ipairs { 0xF0, 0xF1, 0xF4, 0xF5 } do try(string.char(first, second, 0xBF, 0xBF), 0) end
    end
    assert.equal(192 + 32 * 10 + 16 * 100 + 16 * 1000 + 256 * 10, checked)
  end)

  it("ends where the text does", function()
    for _, bytes in ipairs { "\195", "\226", "\226\130", "\240", "\240\159", "\240\159\152" } do
      assert.same({ nil, 1 }, { core.decode_utf8(bytes, 1) })
      assert.is_false(core.is_utf8(bytes))
    end
    assert.is_true(core.is_utf8 "")
    for _, at in ipairs { 0, -1, 2 } do assert.is_false((pcall(core.decode_utf8, "a", at))) end
  end)
end)

--- A proxy's password, which stands in its URL. libcurl takes a `#` that is not
-- encoded for the end of the host, quotes what it cannot read, and its text
-- once was the error's, as `dns`, three times. A faulty URL is refused before
-- a socket is opened, once, and shown nowhere.
local child = require "spec.support.child"
local cognito = require "cognito"
local core = require "cognito.core"
local credentials = require "cognito.credentials"
local socket = require "socket"
local urls = require "spec.support.proxy_urls"

local SECRET = "S3cr"

local faulty, sound = urls.faulty, urls.sound

local function shows_nothing(text, url)
  text = tostring(text)
  assert.is_nil(text:find(SECRET, 1, true), ("%s: %s"):format(url, text))
end

local function check(err, url)
  assert.same({ "invalid_parameter", "validation", "proxy" }, { err.code, err.kind, err.field }, url)
  for name, value in pairs(err) do shows_nothing(tostring(name) .. tostring(value), url) end
  shows_nothing(err, url)
end

local REQUEST = { method = "POST", url = "https://name.invalid/", body = "{}" }

describe("a faulty proxy", function()
  it("of an http object is refused, and nothing was sent", function()
    for _, url in ipairs(faulty) do
      local http = core.http { proxy = url }
      for _ = 1, 2 do
        local response, err = http:send(REQUEST)
        assert.is_nil(response)
        check(err, url)
        assert.is_false(err.sent)
        assert.matches("^the request cannot be sent: the proxy ", err.message)
      end
      http:start(REQUEST)
      http:step(5)
      local _, _, err = http:take()
      check(err, url)
      http:close()
    end
  end)

  it("of a client is refused once, whatever the call", function()
    for _, url in ipairs(faulty) do
      local pool = cognito.new { endpoint = "https://name.invalid", client_id = "c", user_pool_id = "eu-west-1_a",
        proxy = url, credentials = { access_key_id = "a", secret_access_key = "b" }, env = function() end }
      for _, call in ipairs { { "forgot_password" }, { "admin_get_user" }, { "admin_reset_user_password" } } do
        local result, err = pool[call[1]](pool, { username = "u" })
        assert.is_nil(result)
        check(err, url)
        assert.equal(1, err.attempts)
        assert.is_false(err.ambiguous)
        assert.is_false(err.retryable)
      end
      local connected, err = pool:connect()
      assert.is_nil(connected)
      check(err, url)
    end
  end)

  it("leads to no other host", function()
    local listener = assert(socket.bind("127.0.0.1", 0))
    finally(function() listener:close() end)
    listener:settimeout(0)
    local _, port = listener:getsockname()
    for _, tail in ipairs { "#@proxy.invalid:1", "?@proxy.invalid:1", "/@proxy.invalid:1", "\\@proxy.invalid:1" } do
      local http = core.http { proxy = ("http://127.0.0.1:%d%s"):format(port, tail) }
      local _, err = http:send(REQUEST)
      check(err, tail)
      http:close()
    end
    assert.is_nil((listener:accept()))
  end)

  it("stops the sources of credentials, once", function()
    local tries = 0
    local runtime = require("cognito.runtime.from_function").new(function(request)
      tries = tries + 1
      local http = core.http { proxy = "http://user:S3cr#t@127.0.0.1:3128" }
      local response, err = http:send(request)
      http:close()
      return response, err
    end)
    local variables = { AWS_WEB_IDENTITY_TOKEN_FILE = "/t", AWS_ROLE_ARN = "arn:x", AWS_REGION = "eu-west-1",
      AWS_EC2_METADATA_DISABLED = "true" }
    local options = { env = function(name) return variables[name] end, read_file = function() return "token" end }
    options.runtime = runtime
    local found, err = credentials.chain(options):get()
    assert.is_nil(found)
    check(err, "STS")
    assert.equal(1, tries)
    local pool = cognito.new { region = "eu-west-1", user_pool_id = "eu-west-1_a",
      credentials = function() return credentials.chain(options):get() end, env = function() end }
    local _, problem = pool:admin_get_user { username = "u" }
    shows_nothing(problem, "STS")
  end)
end)

describe("a proxy's password", function()
  it("is not shown when nothing answers", function()
    for _, url in ipairs(sound) do
      local http = core.http { proxy = url, connect_timeout = 5 }
      local _, err = http:send(REQUEST)
      assert.equal("connect", err.code, url .. ": " .. err.message)
      shows_nothing(err.message, url)
      http:close()
    end
    for _, url in ipairs { "http://user:S3cret@proxy.invalid:1", "user:S3cret@proxy.invalid" } do
      local http = core.http { proxy = url }
      local _, err = http:send(REQUEST)
      assert.equal("dns", err.code)
      shows_nothing(err.message, url)
      http:close()
    end
  end)

  -- It cuts its text after 255 bytes, and a password may end its quotation.
  it("is not shown where libcurl refuses what was let pass, and quotes it", function()
    local _, printed = child.run([[
      local core = require "cognito.core"
      for _, url in ipairs(require("spec.support.proxy_urls").faulty) do
        local http = core.http { proxy = url, connect_timeout = 1 }
        local _, err = http:send { method = "POST", url = "https://name.invalid/", body = "{}" }
        print(err.message)
        http:close()
      end
    ]], { LD_PRELOAD = child.preloading(child.library "spec.c.old_libraries"), LENIENT_CURL = "1" })
    local _, lines = printed:gsub("\n", "\n")
    local _, quoting = printed:gsub("Unsupported proxy [^\n]*''", "")
    assert.equal(#faulty, lines)
    assert.equal(5, quoting, printed)
    shows_nothing(printed, "quoted")
  end)
end)

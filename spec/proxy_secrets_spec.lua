--- A proxy's password, which stands in its URL. libcurl takes a `#` that is not
-- encoded for the end of the host, quotes what it cannot read, and its text
-- once was the error's, as `dns`, three times. A faulty URL is refused before
-- a socket is opened, once, and shown nowhere.
local cjson = require "cjson"
local cognito = require "cognito"
local command = require "spec.support.command"
local core = require "cognito.core"
local credentials = require "cognito.credentials"
local socket = require "socket"

local SECRET = "S3cr"

local faulty = {
  "http://user:S3cr#t@127.0.0.1:3128", "http://user:S3cr?t@127.0.0.1:3128", "http://user:S3cr/t@127.0.0.1:3128",
  "http://user:S3cr@t@127.0.0.1:3128", "http://user:S3cr t@127.0.0.1:3128", "http://user:S3cr\\t@127.0.0.1:3128",
  "http://user:S3cr%zz@127.0.0.1:3128", "http://user:S3cr%@127.0.0.1:3128", "http://user:S3cr%0a@127.0.0.1:3128",
  "http://user:S3cret@", "http://user:S3cret@:3128", "http://user:S3cret@/", "http://user:S3cret@127.0.0.1:port",
  "http://user:S3cret@127.0.0.1:0", "http://user:S3cret@127.0.0.1:65536", "http://user:S3cret@127.0.0.1:1:2",
  "http://user:S3cret@127.0.0.1:3128#x", "http://user:S3cret@127.0.0.1?x", "http://user:S3cret@[::1", "user:S3cr#t@h:1",
  "htp://user:S3cret@127.0.0.1:3128", "ftp://user:S3cret@127.0.0.1:3128", "://user:S3cret@127.0.0.1:3128",
  "http//user:S3cret@127.0.0.1:3128", "http:///user:S3cret@h", "user:S3cret", "http://S3cret:x",
}

-- The port is one that nothing listens on.
local sound = {
  "http://127.0.0.1:1", "127.0.0.1:1", "HTTP://127.0.0.1:1", "http://user:S3cret@127.0.0.1:1/",
  "user:S3cret@127.0.0.1:1",
  "http://us%40er:S3cr%23t@127.0.0.1:1", "http://user:S3cr!$&'()*+,;=:t@127.0.0.1:1", "http://[::1]:1",
  "socks5h://user:S3cret@127.0.0.1:1", "socks4a://127.0.0.1:1", "http://user:@127.0.0.1:1",
  "http://:S3cret@127.0.0.1:1",
}

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

  local names = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" }

  local function forgot(env)
    local shown = command.run({ "forgot-password", "ada", "--client-id", "c", "--endpoint", "https://name.invalid",
      "--json" }, { env = env })
    return cjson.decode(shown.err).error, shown
  end

  it("of the environment is refused, and the variable is named", function()
    for i, url in ipairs(faulty) do
      local name = names[i % #names + 1]
      local err, shown = forgot { [name] = url }
      assert.same({ "invalid_parameter", "proxy", 2 }, { err.code, err.field, shown.status }, url)
      assert.equal(1, err.attempts or 1)
      assert.truthy(err.message:find("the proxy in " .. name .. " ", 1, true), err.message)
      shows_nothing(shown.out .. shown.err, url)
    end
  end)

  it("counts in libcurl's order of variables, and not where no_proxy names the host", function()
    local bad, good = "http://user:S3cr#t@127.0.0.1:3128", "http://127.0.0.1:1"
    assert.equal("proxy", forgot({ https_proxy = bad, HTTPS_PROXY = good, all_proxy = good }).field)
    assert.equal("connect", forgot({ https_proxy = good, HTTPS_PROXY = bad, all_proxy = bad }).code)
    assert.equal("connect", forgot({ HTTPS_PROXY = good, all_proxy = bad, ALL_PROXY = bad }).code)
    assert.equal("dns", forgot({ http_proxy = bad, HTTP_PROXY = bad }).code) -- of plain http
    for _, none in ipairs { "name.invalid", ".invalid", "*", "a,name.invalid" } do
      local err, shown = forgot { https_proxy = bad, no_proxy = none }
      assert.equal("dns", err.code, none)
      shows_nothing(shown.err, none)
    end
    assert.equal("proxy", forgot({ https_proxy = bad, no_proxy = "other.invalid" }).field)
  end)

  it("is told by doctor", function()
    for i, url in ipairs(faulty) do
      if i % 4 == 0 then
        local shown = command.run({ "doctor", "--region", "eu-west-1", "--endpoint", "https://name.invalid" },
          { env = { https_proxy = url } })
        assert.truthy(shown.out:find("the proxy in https_proxy ", 1, true), shown.out)
        shows_nothing(shown.out .. shown.err, url)
      end
    end
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

  it("is not shown by any command", function()
    for _, words in ipairs { { "doctor", "--region", "eu-west-1" }, { "forgot-password", "u", "--client-id", "c" } } do
      for _, url in ipairs { sound[4], sound[6], sound[7] } do
        words[#words + 1], words[#words + 2] = "--endpoint", "https://name.invalid"
        local shown = command.run(words, { env = { https_proxy = url } })
        shows_nothing(shown.out .. shown.err, url)
      end
    end
  end)
end)

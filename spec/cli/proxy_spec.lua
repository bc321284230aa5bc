--- A proxy's password, in the environment of the command.
local cjson = require "cjson"
local command = require "spec.support.command"
local urls = require "spec.support.proxy_urls"

local SECRET = "S3cr"

local faulty, sound = urls.faulty, urls.sound

local function shows_nothing(text, url)
  assert.is_nil(text:find(SECRET, 1, true), ("%s: %s"):format(url, text))
end

describe("a faulty proxy", function()
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

  it("is reported by doctor", function()
    for i, url in ipairs(faulty) do
      if i % 4 == 0 then
        local shown = command.run({ "doctor", "--region", "eu-west-1", "--endpoint", "https://name.invalid" },
          { env = { https_proxy = url } })
        assert.truthy(shown.out:find("the proxy in https_proxy ", 1, true), shown.out)
        shows_nothing(shown.out .. shown.err, url)
      end
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

--- A password in a URL is shown nowhere: not by errors, not by `describe`, not
-- by the command. A URL that two readers read differently goes nowhere.
local cognito = require "cognito"
local command = require "spec.support.command"
local credentials = require "cognito.credentials"
local endpoint = require "cognito.aws.endpoints"
local fake = require "spec.support.fake_runtime"

local SECRET = "S3cr"

-- Texts that a person may write where an endpoint belongs.
local urls = {
  "http://127.0.0.1:80@evil.example/", "http://127.0.0.1@evil.example/", "http://[::1]@evil.example/",
  "https://ada:S3cret@host/", "https://ada:S3cr%23t@host", "https://ada:S3cr#t@host/", "https://ada:S3cr/t@host/",
  "https://ada:S3cr?t@host/", "https://ada:S3cr t@host/", "https://S3cret@host", "https://host/?token=S3cret",
  "https://host/#S3cret", "https://host:S3cret/", "htps://ada:S3cret@host", "ada:S3cret@host", "//ada:S3cret@host",
  "https://ada:S3cret\\@host", "https://host\\@S3cret", "https://:S3cret@host", "https://ada:S3cret@", "S3cret",
}

local function dump(value, seen)
  if type(value) ~= "table" then return tostring(value) end
  local parts = { tostring(value) }
  seen = seen or {}
  if not seen[value] then
    seen[value] = true
    for key, inner in pairs(value) do
      parts[#parts + 1] = tostring(key) .. "=" .. dump(inner, seen)
    end
  end
  return table.concat(parts, " ")
end

local function env_of(variables)
  variables.AWS_EC2_METADATA_DISABLED = variables.AWS_EC2_METADATA_DISABLED or "true"
  return function(name) return variables[name] end
end

local function shows_nothing(value, url)
  local text = dump(value)
  assert.is_nil(text:find(SECRET, 1, true), ("%s: %s"):format(url, text))
end

describe("an endpoint", function()
  it("with a user, a query or a fragment is refused before anything is sent", function()
    for _, url in ipairs(urls) do
      local found, err = endpoint.resolve { endpoint = url, allow_http = true }
      assert.is_nil(found, url)
      assert.same({ "invalid_parameter", "endpoint" }, { err.code, err.field })
      shows_nothing(err, url)
    end
  end)

  it("is refused wherever it comes from, and shown nowhere", function()
    for _, url in ipairs(urls) do
      for _, given in ipairs { { endpoint = url }, { env = { AWS_ENDPOINT_URL = url } },
        { env = { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = url } } } do
        local runtime = fake.new { fake.ok() }
        local pool = cognito.new { region = "eu-west-1", client_id = "c", runtime = runtime, endpoint = given.endpoint,
          env = env_of(given.env or {}) }
        local result, err = pool:forgot_password { username = "u" }
        assert.is_nil(result)
        assert.same({ "invalid_parameter", "endpoint", 0 }, { err.code, err.field, err.attempts })
        assert.equal(0, runtime:count())
        shows_nothing(err, url)
        shows_nothing(pool:describe(), url)
        shows_nothing(pool, url)
        local connected, problem = pool:connect()
        assert.is_nil(connected)
        shows_nothing(problem, url)
      end
    end
  end)

  it("that is one is shown as it is", function()
    local pool = cognito.new { region = "r", client_id = "c", endpoint = "https://host:8443/a", runtime = fake.new {} }
    assert.equal("https://host:8443/a", pool:describe().settings.endpoint.value)
    assert.equal("https://host:8443/a", pool:describe().url)
  end)

  it("of a source of credentials is refused and not shown", function()
    local sources = {
      function(url)
        return { AWS_EC2_METADATA_SERVICE_ENDPOINT = url, AWS_EC2_METADATA_DISABLED = "false" }
      end,
      function(url) return { AWS_CONTAINER_CREDENTIALS_FULL_URI = url } end,
      function(url)
        return { AWS_ENDPOINT_URL_STS = url, AWS_REGION = "eu-west-1", AWS_ROLE_ARN = "arn:x",
          AWS_WEB_IDENTITY_TOKEN_FILE = "/token" }
      end,
    }
    for _, url in ipairs(urls) do
      for i, source in ipairs(sources) do
        if not (i == 2 and url:find("?token", 1, true)) then -- such an endpoint may have a query
          local function send() error("sent to " .. url) end
          local runtime = { send = send, sleep = function() end }
          local found, err = credentials.chain({ env = env_of(source(url)), runtime = runtime,
            metadata_runtime = runtime, read_file = function() return "token" end }):get()
          assert.is_nil(found)
          shows_nothing(err, url)
        end
      end
    end
  end)

  it("is shown by no command", function()
    for _, url in ipairs(urls) do
      for _, words in ipairs { { "doctor" }, { "doctor", "--json" }, { "forgot-password", "u", "--client-id", "c" } } do
        local shown = command.run(words, { env = { AWS_ENDPOINT_URL = url, AWS_REGION = "eu-west-1" } })
        assert.is_true(shown.status == 1 or shown.status == 2)
        shows_nothing(shown.out .. shown.err, url)
      end
    end
  end)
end)

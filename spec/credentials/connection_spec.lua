-- Look-ups of credentials go the way of the calls that they are for: with the
-- client's certificates, through its proxy and runtime, and in its region. All
-- over real sockets on loopback.

local certificates = require("spec.support.certificates").get()
local cognito = require "cognito"
local core = require "cognito.core"
local credentials = require "cognito.credentials"
local client = require "cognito.client"
local start_script = require("spec.support.server").start_script

local NOWHERE = "http://127.0.0.1:1"
local POOL = "eu-west-1_Ab12Cd34E"
local ROLE = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
  .. "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n"

local secure, plain, home

local function start(...)
  return start_script("spec/support/credentials_server.lua", "ASIALIVE", "live/secret+1", "live-token==", ...)
end

setup(function()
  secure, plain = start(certificates.good[1], certificates.good[2]), start()
end)

teardown(function()
  secure:stop()
  plain:stop()
end)

before_each(function()
  home = os.tmpname()
  os.remove(home)
  assert.equal(0, core.run({ "mkdir", "-p", home .. "/.aws" }).status)
end)

after_each(function() core.run { "rm", "-r", home } end)

local function write(path, text)
  local file = assert(io.open(home .. path, "wb"))
  file:write(text)
  file:close()
end

local function with(...)
  local all = {}
  for i = 1, select("#", ...) do
    for name, value in pairs((select(i, ...))) do all[name] = value end
  end
  return all
end

local function https(path)
  return ("https://127.0.0.1:%d%s"):format(secure.port, path)
end

-- ---- the way to a source: variables and the config file that lead there ----

local SOURCES = {
  ["a container"] = function()
    return { AWS_CONTAINER_CREDENTIALS_FULL_URI = https "/container", AWS_CONTAINER_AUTHORIZATION_TOKEN = "pod-token" }
  end,
  ["STS for a token"] = function()
    write("/token", "web+token")
    return { AWS_ENDPOINT_URL_STS = https "", AWS_WEB_IDENTITY_TOKEN_FILE = home .. "/token",
      AWS_ROLE_ARN = "arn:aws:iam::1:role/r", AWS_EC2_METADATA_DISABLED = "true" }
  end,
  ["STS for a role"] = function()
    write("/.aws/config", ROLE)
    return { AWS_ENDPOINT_URL_STS = https "" }
  end,
}

local function env_of(variables)
  variables.HOME = home
  return function(name) return variables[name] end
end

local function zero() return 0 end -- no pauses between two tries

-- What a signed call of a client would have. The pool is nowhere.
local function look_up(settings)
  return client.credentials(cognito.new(with({ user_pool_id = POOL, random = zero }, settings)))
end

local function chain(variables, options)
  return credentials.chain(with({ env = env_of(variables), random = zero }, options or {}))
end

-- Ways to say which certificates to trust: each makes of variables what is
-- looked up.
local WAYS = {
  ["a client's ca_file"] = function(variables, ca)
    return look_up { env = env_of(variables), ca_file = ca }
  end,
  ["a client's AWS_CA_BUNDLE"] = function(variables, ca)
    return look_up { env = env_of(with(variables, { AWS_CA_BUNDLE = ca })) }
  end,
  ["a client's loop"] = function(variables, ca)
    local loop = cognito.loop { ca_file = ca }
    local found, err = look_up { env = env_of(variables), runtime = loop }
    loop:close()
    return found, err
  end,
  ["a client's ca_file, for a chain of one's own"] = function(variables, ca)
    return look_up { env = env_of {}, ca_file = ca, credentials = chain(variables) }
  end,
  ["a client's loop, for a chain of one's own"] = function(variables, ca)
    local loop = cognito.loop { ca_file = ca }
    local found, err = look_up { env = env_of {}, runtime = loop,
      credentials = chain(variables) }
    loop:close()
    return found, err
  end,
  ["a chain's ca_file, whatever its client has"] = function(variables, ca)
    return look_up { env = env_of {}, ca_file = certificates.stranger,
      credentials = chain(variables, { ca_file = ca }) }
  end,
  ["a chain's AWS_CA_BUNDLE, without a client"] = function(variables, ca)
    return chain(with(variables, { AWS_CA_BUNDLE = ca, AWS_REGION = "eu-west-1" })):get()
  end,
  ["a profile's ca_bundle"] = function(variables, ca)
    local text = variables.AWS_WEB_IDENTITY_TOKEN_FILE or variables.AWS_CONTAINER_CREDENTIALS_FULL_URI
    text = text and "[default]\n" or ROLE
    text = text:gsub("^%[default%]\n", "%0region = eu-west-1\nca_bundle = " .. ca .. "\n")
    write("/.aws/config", text)
    return chain(variables):get()
  end,
}

describe("a look-up trusts", function()
  for way, ask in pairs(WAYS) do
    for source, variables in pairs(SOURCES) do
      it(("%s, asking %s"):format(way, source), function()
        local found, err = ask(variables(), certificates.ca)
        assert.equal("ASIALIVE", found and found.access_key_id, err and err.message)
        found, err = ask(variables(), certificates.stranger)
        assert.is_nil(found)
        assert.truthy(err.message:find("does not answer: ", 1, true), err.message)
      end)
    end
  end

  it("certificates that its client trusts now, where another of the same trusts another", function()
    local variables = SOURCES["a container"]()
    local pool = cognito.new { user_pool_id = POOL, env = env_of(variables), ca_file = certificates.stranger,
      random = zero }
    assert.is_nil((client.credentials(pool)))
    local found, err = client.credentials(pool:with { ca_file = certificates.ca })
    assert.equal("ASIALIVE", found and found.access_key_id, err and err.message)
  end)
end)

describe("a look-up goes through its client's proxy", function()
  local function assert_refused(settings)
    local found, err = look_up(settings)
    assert.is_nil(found)
    assert.truthy(err.message:find("STS does not answer: no connection: ", 1, true), err.message) -- and it does answer
  end

  it("to STS", function()
    local variables = SOURCES["STS for a token"]()
    assert_refused { env = env_of(variables), ca_file = certificates.ca, proxy = NOWHERE }
    assert_refused { env = env_of {}, ca_file = certificates.ca, proxy = NOWHERE,
      credentials = chain(variables) }
    assert_refused { env = env_of {}, ca_file = certificates.ca,
      credentials = chain(variables, { ca_file = certificates.ca, proxy = NOWHERE }) }
  end)

  it("but never to a container or an instance of this machine", function()
    local variables = SOURCES["a container"]()
    for _, more in ipairs { {}, { credentials = chain(variables) } } do
      local settings = with({ env = env_of(variables), ca_file = certificates.ca, proxy = NOWHERE }, more)
      assert.equal("ASIALIVE", assert(look_up(settings)).access_key_id)
    end
    for _, host in ipairs { "localhost", "0.0.0.0" } do
      local env = env_of { AWS_EC2_METADATA_SERVICE_ENDPOINT = ("http://%s:%d"):format(host, plain.port) }
      assert.equal("ASIALIVE", assert(look_up { env = env, proxy = NOWHERE }).access_key_id)
    end
  end)
end)

-- A loop sends plain http to literal loopback addresses only, and through the
-- proxy of the environment; the addresses of metadata services are others.
describe("a runtime of the program's own", function()
  local makers = {
    loop = function() return cognito.loop { proxy = NOWHERE } end,
    cqueues = function()
      local found, cqueues = pcall(require, "cognito.runtime.cqueues")
      return found and cqueues.new { proxy = NOWHERE }
    end,
  }

  for name, make in pairs(makers) do
    it("reaches container and instance nevertheless: " .. name, function()
      local runtime = make()
      if not runtime then return end -- no cqueues for this Lua
      finally(function() runtime:close() end)
      for _, variables in ipairs {
        { AWS_CONTAINER_CREDENTIALS_FULL_URI = ("http://localhost:%d/container"):format(plain.port),
          AWS_CONTAINER_AUTHORIZATION_TOKEN = "pod-token" },
        { AWS_EC2_METADATA_SERVICE_ENDPOINT = ("http://0.0.0.0:%d"):format(plain.port) },
      } do
        local found, err = look_up { env = env_of(variables), runtime = runtime }
        assert.equal("ASIALIVE", found and found.access_key_id, err and err.message)
      end
    end)
  end

  it("carries the look-ups of a chain of one's own, unless that has one", function()
    local sent = {}
    local function noting(name)
      return require("cognito.runtime.from_function").new(function(request)
        sent[#sent + 1] = name .. " " .. request.url
        return nil, { code = "connect", message = "no", sent = false }
      end)
    end
    local variables = SOURCES["STS for a token"]()
    variables.AWS_ENDPOINT_URL_STS = nil
    local STS = "https://sts.eu-west-1.amazonaws.com/"
    local settings = { env = env_of {}, runtime = noting "the client's", credentials = chain(variables) }
    look_up(settings)
    assert.equal("the client's " .. STS, sent[1])
    settings.credentials = chain(variables, { runtime = noting "the chain's" })
    look_up(settings)
    assert.equal("the chain's " .. STS, sent[#sent])
  end)
end)

describe("a look-up's region", function()
  local function asked(settings, options, variables)
    local url
    settings.runtime = require("cognito.runtime.from_function").new(function(request)
      url = request.url
      return { status = 400, headers = {}, body = "" }
    end)
    variables = with(SOURCES["STS for a token"](), variables or {})
    variables.AWS_ENDPOINT_URL_STS = nil
    settings.env = settings.env or env_of {}
    if options then
      settings.credentials = chain(variables, options)
    else
      settings.env = env_of(variables)
    end
    assert.is_nil((client.credentials(cognito.new(settings))))
    return url
  end

  it("is the chain's, else the client's, else the environment's", function()
    local function sts(region) return ("https://sts.%s.amazonaws.com/"):format(region) end
    local other = { AWS_REGION = "us-west-2" }
    assert.equal(sts "eu-west-1", asked { user_pool_id = POOL })
    assert.equal(sts "eu-west-1", asked({ user_pool_id = POOL }, nil, other))
    assert.equal(sts "eu-west-1", asked({ user_pool_id = POOL }, {}))
    assert.equal(sts "eu-west-1", asked({ user_pool_id = POOL }, {}, other))
    assert.equal(sts "ap-south-1", asked({ user_pool_id = POOL }, { region = "ap-south-1" }, other))
    assert.equal(sts "us-west-2", asked({ endpoint = NOWHERE }, {}, other))
  end)

  it("goes with FIPS and dual stack, of the same three", function()
    local variables = { AWS_USE_FIPS_ENDPOINT = "true" }
    assert.equal("https://sts-fips.eu-west-1.amazonaws.com/", asked({ user_pool_id = POOL }, {}, variables))
    assert.equal("https://sts-fips.eu-west-1.amazonaws.com/", asked({ user_pool_id = POOL, use_fips = true }, {}))
    assert.equal("https://sts.eu-west-1.amazonaws.com/",
      asked({ user_pool_id = POOL }, { use_fips = false }, variables))
    assert.equal("https://sts.eu-west-1.api.aws/", asked({ user_pool_id = POOL, use_dualstack = true }, {}))
  end)

  it("is not asked for where a setting beside it cannot be read", function()
    local variables = with(SOURCES["STS for a token"](), { AWS_REGION = "eu-west-1", AWS_USE_FIPS_ENDPOINT = "yes" })
    variables.AWS_ENDPOINT_URL_STS = nil -- which needs no FIPS
    local _, err = chain(variables):get()
    assert.truthy(err.message:find("AWS_USE_FIPS_ENDPOINT must be true or false", 1, true), err.message)
  end)
end)

describe("a chain's certificates and proxy", function()
  it("mean nothing beside a runtime of its own", function()
    for name, value in pairs { ca_file = certificates.ca, ca_path = certificates.hashed, proxy = NOWHERE } do
      local loop = cognito.loop {}
      finally(function() loop:close() end)
      local good, message = pcall(function() credentials.chain { runtime = loop, [name] = value } end)
      assert.is_false(good)
      assert.truthy(message:find(("setting '%s' means nothing"):format(name), 1, true), message)
      assert.truthy(message:find("connection_spec", 1, true), message)
    end
  end)
end)

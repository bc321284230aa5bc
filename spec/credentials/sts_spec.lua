-- STS: where it is, what it answers, and the token that needs no signature.

local replay = require "spec.support.replay"

local ARN = "arn:aws:iam::123456789012:role/r"
local ACTION = "AssumeRoleWithWebIdentity"

local function env(more)
  local all = { AWS_WEB_IDENTITY_TOKEN_FILE = "/token", AWS_ROLE_ARN = ARN, AWS_REGION = "eu-west-1" }
  for name, value in pairs(more or {}) do all[name] = value or nil end
  return all
end

local function case_of(traffic, more)
  more = more or {}
  return replay.new {
    env = env(more.env), files = more.files or { ["/token"] = "ey.J.w&=\n" }, traffic = traffic,
    options = more.options, config = more.config,
  }
end

local STS = "POST https://sts.eu-west-1.amazonaws.com/"

describe("a web identity", function()
  it("becomes a role, unsigned", function()
    local case = case_of { { STS, 200, replay.sts_reply(ACTION) } }
    assert.same({
      access_key_id = "ASIAROLE", secret_access_key = "role/secret+", session_token = "role-token==",
      expires_at = replay.NOW + 3600, account_id = "123456789012", source = "web identity (role " .. ARN .. ")",
    }, case:get())
    assert.is_nil(case:header(1, "Authorization"))
    assert.equal("application/x-www-form-urlencoded; charset=utf-8", case:header(1, "Content-Type"))
    assert.same({
      Action = ACTION, Version = "2011-06-15", RoleArn = ARN, RoleSessionName = "lua-cognito-1795247391000",
      WebIdentityToken = "ey.J.w&=\n", -- as it is: what surrounds it may count
    }, case:form(1))
  end)

  it("reads its token each time", function()
    local case = case_of { { STS, 200, replay.sts_reply(ACTION) }, { STS, 200, replay.sts_reply(ACTION) } }
    case:get()
    case.files["/token"] = "second"
    case.time = replay.NOW + 3600
    case:get()
    assert.equal("second", case:form(2).WebIdentityToken)
  end)

  it("may stand in a profile", function()
    local case = replay.new {
      config = ("[default]\nweb_identity_token_file = /t\nrole_arn = %s\nrole_session_name = me\nregion = eu-west-1\n")
        :format(ARN),
      files = { ["/t"] = "token" }, traffic = { { STS, 200, replay.sts_reply(ACTION) } },
    }
    assert.equal("profile 'default' (web identity, role " .. ARN .. ")", case:get().source)
    assert.equal("me", case:form(1).RoleSessionName)
  end)

  it("is broken without its token, and says which file", function()
    for _, row in ipairs {
      { {}, "the token file /token cannot be read: No such file" },
      { { ["/token"] = "" }, "the token file /token is empty" },
      { { ["/token"] = ("x"):rep(1e7) }, "the token file /token holds something else" },
      { { ["/token"] = "\255\254t" }, "the token file /token holds something else" },
      { { ["/token"] = "a\0b" }, "the token file /token holds something else" },
    } do
      local case = case_of({}, { files = row[1] })
      local found, err = case:get()
      assert.is_nil(found)
      assert.truthy(err.message:find(row[2], 1, true), err.message)
    end
  end)

  it("needs a region", function()
    local _, err = case_of({}, { env = { AWS_REGION = false } }):get()
    assert.truthy(err.message:find("no region is known for STS", 1, true), err.message)
  end)
end)

describe("STS", function()
  local function url_of(more)
    local case = case_of({}, more)
    local _, err = pcall(case.get, case)
    return case.sent[1] and case.sent[1].request.url or err
  end

  local places = {
    { "cn-north-1", {}, "https://sts.cn-north-1.amazonaws.com.cn/" },
    { "us-gov-west-1", {}, "https://sts.us-gov-west-1.amazonaws.com/" },
    { "us-iso-east-1", {}, "https://sts.us-iso-east-1.c2s.ic.gov/" },
    { "us-east-1", { use_fips = true }, "https://sts-fips.us-east-1.amazonaws.com/" },
    { "us-gov-west-1", { use_fips = true }, "https://sts.us-gov-west-1.amazonaws.com/" },
    { "us-east-1", { use_dualstack = true }, "https://sts.us-east-1.api.aws/" },
    { "eusc-de-east-1", { use_dualstack = true }, "https://sts.eusc-de-east-1.api.amazonwebservices.eu/" },
    { "us-west-2", { use_fips = true, use_dualstack = true }, "https://sts-fips.us-west-2.api.aws/" },
    { "fips-us-west-2", {}, "https://sts-fips.us-west-2.amazonaws.com/" },
    { "aws-global", {}, "https://sts.amazonaws.com/" },
  }
  for _, row in ipairs(places) do
    it("is found in " .. row[1] .. (row[2].use_fips and " FIPS" or "") .. (row[2].use_dualstack and " dual" or ""),
      function()
        assert.equal(row[3], url_of { env = { AWS_REGION = row[1] }, options = row[2] })
      end)
  end

  it("takes its region from the program, the environment, the profile", function()
    local config = "[default]\nregion = sa-east-1\n"
    assert.equal("https://sts.eu-north-1.amazonaws.com/", url_of { options = { region = "eu-north-1" } })
    assert.equal("https://sts.eu-west-1.amazonaws.com/",
      url_of { env = { AWS_DEFAULT_REGION = "us-west-1" }, config = config })
    assert.equal("https://sts.us-west-1.amazonaws.com/",
      url_of { env = { AWS_REGION = false, AWS_DEFAULT_REGION = "us-west-1" }, config = config })
    assert.equal("https://sts.sa-east-1.amazonaws.com/", url_of { env = { AWS_REGION = false }, config = config })
  end)

  local OWN = "https://own.example/"
  local services = "[default]\nservices = mine\n[services mine]\nsts =\n  endpoint_url = https://section.example\n"
  local endpoints = {
    { { AWS_ENDPOINT_URL_STS = "https://own.example" }, nil, OWN },
    { { AWS_ENDPOINT_URL_STS = "https://own.example/", AWS_ENDPOINT_URL = "https://all.example" }, services, OWN },
    { { AWS_ENDPOINT_URL = "https://all.example/p/" }, services, "https://all.example/p/" },
    { {}, services, "https://section.example/" },
    { {}, "[default]\nendpoint_url = https://profile.example\n", "https://profile.example/" },
    { {}, "[default]\nservices = gone\n", "https://sts.eu-west-1.amazonaws.com/" },
    { { AWS_ENDPOINT_URL_STS = "https://own.example", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = "True" }, nil,
      "https://sts.eu-west-1.amazonaws.com/" },
    { {}, services:gsub("mine\n", "mine\nignore_configured_endpoint_urls = true\n", 1),
      "https://sts.eu-west-1.amazonaws.com/" },
    { { AWS_ENDPOINT_URL_SSO = "https://own.example" }, nil, "https://sts.eu-west-1.amazonaws.com/" },
  }
  for i, row in ipairs(endpoints) do
    it("is where settings say, case " .. i, function()
      assert.equal(row[3], url_of { env = row[1], config = row[2] })
    end)
  end

  it("is not asked where it cannot be", function()
    for _, given in ipairs {
      { env = { AWS_ENDPOINT_URL_STS = "http://sts.example" } }, { env = { AWS_ENDPOINT_URL_STS = "nonsense" } },
      { env = { AWS_ENDPOINT_URL_STS = "https://x" }, options = { use_fips = true } },
      { env = { AWS_REGION = "evil.example/" } },
    } do
      local case = case_of({}, given)
      local found, err = case:get()
      assert.is_nil(found)
      local origin = given.env.AWS_ENDPOINT_URL_STS and ", from AWS_ENDPOINT_URL_STS" or ""
      assert.truthy(err.message:find("the endpoint of STS" .. origin .. ": ", 1, true), err.message)
    end
  end)

  it("is asked at an endpoint of one's own whatever FIPS and dual stack say, and nowhere else", function()
    for _, key in ipairs { "use_fips_endpoint", "use_dualstack_endpoint" } do
      local config = "[default]\nregion = eu-west-1\n\n" .. key .. " = maybe\n"
      local case = case_of({ { "POST https://sts.example/", 200, replay.sts_reply(ACTION) } },
        { config = config, env = { AWS_ENDPOINT_URL_STS = "https://sts.example" } })
      assert.equal("ASIAROLE", case:get().access_key_id)
      local found, err = case_of({}, { config = config }):get()
      assert.is_nil(found)
      assert.truthy(err.message:find(key .. " of profile 'default' (line 4 of the config file /ada/.aws/config) must "
        .. "be true or false", 1, true), err.message)
    end
  end)

  it("names file and line of an endpoint that cannot be one", function()
    local _, err = case_of({}, { config = "[default]\nregion = eu-west-1\nservices = l\nendpoint_url = https://x\n"
      .. "[services l]\nsts =\n  endpoint_url = nonsense\n" }):get()
    assert.truthy(err.message:find("the endpoint of STS, from services section 'l' (line 6 of the config file "
      .. "/ada/.aws/config): ", 1, true), err.message)
  end)

  it("is asked again when that may help", function()
    for _, first in ipairs {
      { STS, "no connection" }, { STS, 500, "" }, { STS, 503, replay.sts_error("ServiceUnavailable", "") },
      { STS, 400, replay.sts_error("IDPCommunicationError", "") }, { STS, 400, replay.sts_error("Throttling", "") },
      { STS, 429, "" },
    } do
      local case = case_of { first, { STS, 200, replay.sts_reply(ACTION) } }
      assert.equal("ASIAROLE", case:get().access_key_id)
      assert.same({ 0.5 }, case.slept)
    end
  end)

  it("is asked again for every code that says so, and for those alone", function()
    for code, again in pairs {
      IDPCommunicationError = true, Throttling = true, ThrottlingException = true, ThrottledException = true,
      RequestThrottled = true, RequestThrottledException = true, TooManyRequestsException = true,
      RequestLimitExceeded = true, SlowDown = true, RequestTimeout = true, RequestTimeoutException = true,
      PriorRequestNotComplete = true, AccessDenied = false, ExpiredTokenException = false, LimitExceeded = false,
    } do
      local case = case_of { { STS, 400, replay.sts_error(code, "") }, { STS, 200, replay.sts_reply(ACTION) } }
      local found, err = case:get()
      assert.equal(again, found ~= nil, code)
      assert.equal(again and 2 or 1, #case.sent, code)
      assert.equal(not again and code or nil, err and err.message:match "STS answered 400 (%w+)")
    end
  end)

  it("is given up after three times", function()
    local case = case_of { { STS, 500 }, { STS, "no connection" }, { STS, 502 } }
    local found, err = case:get()
    assert.is_nil(found)
    assert.is_true(err.retryable)
    assert.truthy(err.message:find("STS answered 502", 1, true))
    assert.same({ 0.5, 1 }, case.slept)
    assert.equal(3, case:exchanges())
  end)

  it("is not asked again when it refuses", function()
    local case = case_of { { STS, 400, replay.sts_error("InvalidIdentityToken", "a &lt;b&gt; &amp;lt;") } }
    local _, err = case:get()
    assert.equal("web identity (role " .. ARN .. "): STS answered 400 InvalidIdentityToken: a <b> &lt;", err.message)
    assert.is_false(err.retryable)
    case:exchanges()
  end)

  local good = replay.sts_reply(ACTION)
  local nonsense = {
    [""] = "nothing", ["{}"] = "JSON", ["<html></html>"] = "a page",
    [good:gsub("AccessKeyId", "Other")] = "no key id",
    [good:gsub("<SecretAccessKey>[^<]*", "<SecretAccessKey>")] = "an empty secret",
    [good:gsub("<SessionToken>.-</SessionToken>", "")] = "no token",
    [good:gsub("2026%-11%-21T08", "tomorrow")] = "no date",
    [good:gsub(ACTION, "AssumeRole")] = "another action",
    [good:gsub("<Credentials>", "<!-- <Credentials>")] = "a comment",
    ["<!DOCTYPE a>" .. good] = "a document type",
    [good:sub(1, 300)] = "half an answer",
    [good:gsub("role/secret%+", "<b>x</b>")] = "an element for a text",
  }
  for body, name in pairs(nonsense) do
    it("is not believed when it answers " .. name, function()
      local found, err = case_of({ { STS, 200, body } }):get()
      assert.is_nil(found)
      assert.truthy(err.message:find("STS's reply is none to " .. ACTION, 1, true), err.message)
      assert.is_nil(err.message:find("role/secret", 1, true))
    end)
  end
end)

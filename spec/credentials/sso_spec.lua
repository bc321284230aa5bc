-- SSO: the token in its file, renewed where that can be, and the role's
-- credentials for it.

local document = require "cognito.credentials.document"
local replay = require "spec.support.replay"

-- sha1 of "dev" and of the start URL, as `aws sso login` names the files.
local SESSION_FILE = "/ada/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"
local LEGACY_FILE = "/ada/.aws/sso/cache/3947de8b16688092197fa616c34e01335f21d256.json"

local START_URL = "https://x.awsapps.com/start"
local CONFIG = [[
[profile work]
sso_session = dev
sso_account_id = 123456789012
sso_role_name = Admin Role
[sso-session dev]
sso_region = eu-central-1
sso_start_url = https://x.awsapps.com/start
]]
local LEGACY = [[
[profile work]
sso_region = eu-central-1
sso_start_url = https://x.awsapps.com/start
sso_account_id = 123456789012
sso_role_name = Admin Role
]]

local PORTAL = "GET https://portal.sso.eu-central-1.amazonaws.com/federation/credentials"
  .. "?role_name=Admin%20Role&account_id=123456789012"
local OIDC = "POST https://oidc.eu-central-1.amazonaws.com/token"
local CREDENTIALS = [[{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"sso/secret",
"sessionToken":"sso-token","expiration":1795250991000}}]]
local RENEWED = [[{"accessToken":"new-token","expiresIn":28800,"refreshToken":"new-refresh","tokenType":"Bearer"}]]

local LOGIN = "Run: aws sso login --profile work"

local function token(more)
  local members = {
    startUrl = START_URL, region = "eu-central-1", accessToken = "old-token", expiresAt = "2026-11-21T15:49:51Z",
    clientId = "client", clientSecret = "client-secret", refreshToken = "old-refresh",
    registrationExpiresAt = "2027-01-21T07:49:51Z",
  }
  for name, value in pairs(more or {}) do members[name] = value or nil end
  return document.write(members)
end

local SOON = "2026-11-21T07:54:00Z"
local PAST = "2026-11-21T07:49:50Z"

local function case_of(text, traffic, more)
  more = more or {}
  local env = { AWS_PROFILE = "work" }
  for name, value in pairs(more.env or {}) do env[name] = value end
  return replay.new {
    env = env, config = more.config or CONFIG, files = { [more.path or SESSION_FILE] = text }, traffic = traffic,
    options = more.options,
  }
end

local function refused(case, part, hint)
  local found, err = case:get()
  assert.is_nil(found)
  assert.truthy(err.message:find("profile 'work' (SSO): ", 1, true), err.message)
  assert.truthy(err.message:find(part, 1, true), err.message)
  if hint then assert.equal(hint, err.hint) end
  for _, secret in ipairs { "old-token", "new-token", "old-refresh", "client-secret", "sso/secret" } do
    assert.is_nil((err.message .. err.hint):find(secret, 1, true))
  end
  case:exchanges()
  return err
end

describe("an SSO profile", function()
  it("exchanges its token for the role's credentials", function()
    for _, row in ipairs { { CONFIG, SESSION_FILE }, { LEGACY, LEGACY_FILE } } do
      local case = case_of(token(), { { PORTAL, 200, CREDENTIALS } }, { config = row[1], path = row[2] })
      assert.same({
        access_key_id = "ASIASSO", secret_access_key = "sso/secret", session_token = "sso-token",
        expires_at = replay.NOW + 3600, account_id = "123456789012",
        source = "profile 'work' (SSO role Admin Role in 123456789012)",
      }, case:get())
      assert.equal("old-token", case:header(1, "x-amz-sso_bearer_token"))
      assert.is_nil(case:header(1, "Authorization"))
    end
  end)

  it("may repeat the keys of its session", function()
    for _, more in ipairs { "sso_region = eu-central-1\n", "sso_start_url = https://x.awsapps.com/start\n",
      "sso_region = eu-central-1\nsso_start_url = https://x.awsapps.com/start\n" } do
      local case = case_of(token(), { { PORTAL, 200, CREDENTIALS } }, {
        config = CONFIG:gsub("sso_session = dev\n", "%0" .. more),
      })
      assert.equal("ASIASSO", case:get().access_key_id)
    end
  end)

  it("without a role is one of the keys beside its session", function()
    for keys, id in pairs {
      ["aws_access_key_id = AKIAFILE\naws_secret_access_key = file/secret\n"] = "AKIAFILE",
      ["credential_process = keys\n"] = "AKIAPROGRAM",
    } do
      local case = case_of(nil, {}, {
        config = "[profile work]\nsso_session = dev\n" .. keys .. CONFIG:match "%[sso.*",
        options = { run = function()
          return { status = 0, stdout = '{"Version":1,"AccessKeyId":"AKIAPROGRAM","SecretAccessKey":"s"}', stderr = "" }
        end },
      })
      local found, err = case:get()
      assert.equal(id, found and found.access_key_id, err and err.message)
    end
  end)

  it("may be what a role is assumed with", function()
    local arn = "arn:aws:iam::123456789012:role/r"
    local case = case_of(token(), {
      { PORTAL, 200, CREDENTIALS },
      { "POST https://sts.eu-west-1.amazonaws.com/", 200, replay.sts_reply "AssumeRole" },
    }, { config = CONFIG .. "[profile top]\nregion = eu-west-1\nsource_profile = work\nrole_arn = " .. arn,
      options = { profile = "top" } })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.truthy(case:header(2, "Authorization"):find("Credential=ASIASSO/", 1, true))
  end)

  it("finds its services elsewhere when set so", function()
    local case = case_of(token { expiresAt = PAST }, {
      { "POST https://oidc.example/token", 200, RENEWED },
      { PORTAL:gsub("https://.-/", "https://sso.example/p/"), 200, CREDENTIALS },
    }, { env = { AWS_ENDPOINT_URL_SSO = "https://sso.example/p", AWS_ENDPOINT_URL_SSO_OIDC = "https://oidc.example" } })
    assert.equal("ASIASSO", case:get().access_key_id)
  end)

  local WITH_SESSION = "sso_session = s\nsso_account_id = 1\nsso_role_name = R\n"
    .. "[sso-session s]\nsso_region = x\nsso_start_url = y"
  local broken = {
    { "no session section", "sso_session = gone\nsso_account_id = 1\nsso_role_name = R",
      "/ada/.aws/config has no section [sso-session gone]" },
    { "no session section, without a role", "sso_session = gone",
      "/ada/.aws/config has no section [sso-session gone]" },
    { "a session without a region, which only the profile has",
      "sso_session = s\nsso_region = x\nsso_account_id = 1\nsso_role_name = R\n[sso-session s]\nsso_start_url = y",
      "sso_region is missing" },
    { "another region than the session's", "sso_region = z\n" .. WITH_SESSION,
      "its sso_region differs from that of the section [sso-session s] in /ada/.aws/config" },
    { "another start URL than the session's", "sso_start_url = z\n" .. WITH_SESSION,
      "its sso_start_url differs from that of the section [sso-session s] in /ada/.aws/config" },
    { "another region than the session's, without a role",
      "sso_session = s\nsso_region = z\n[sso-session s]\nsso_region = x\nsso_start_url = y", "its sso_region differs" },
    { "no account", "sso_region = x\nsso_start_url = y\nsso_role_name = R", "sso_account_id is missing" },
    { "no role", "sso_session = s\nsso_account_id = 1\n[sso-session s]\nsso_region = x\nsso_start_url = y",
      "sso_role_name is missing" },
    { "no region", "sso_start_url = y\nsso_account_id = 1\nsso_role_name = R", "sso_region is missing" },
    { "no start URL", "sso_session = s\nsso_account_id = 1\nsso_role_name = R\n[sso-session s]\nsso_region = x",
      "sso_start_url is missing" },
  }
  for _, row in ipairs(broken) do
    it("is broken by " .. row[1], function()
      refused(case_of(token(), {}, { config = "[profile work]\n" .. row[2] .. "\n" }), row[3])
    end)
  end

  it("wants a login where there is no token", function()
    refused(case_of(nil, {}), "no SSO token in " .. SESSION_FILE, LOGIN)
    for _, text in ipairs { "", "{", "[]", "null", "[1]", '"x"', "{}", token { accessToken = false },
      token { expiresAt = false }, token { expiresAt = "later" }, token { accessToken = "a\r\nX-Evil: 1" },
      token { accessToken = 5 }, ("x"):rep(1e7) } do
      refused(case_of(text, {}), SESSION_FILE .. " holds no SSO token", LOGIN)
    end
  end)

  it("wants a login when the token is refused", function()
    refused(case_of(token(), { { PORTAL, 401, '{"message":"Session token not found or invalid"}' } }),
      "the SSO token is no longer accepted", LOGIN)
  end)

  it("says when the role is not the user's", function()
    local err = refused(case_of(token(), { { PORTAL, 403, '{"message":"No access"}' } }),
      "the SSO service answered 403")
    assert.truthy(err.hint:find("sso_role_name", 1, true))
  end)

  it("asks again when that may help", function()
    local case = case_of(token(), { { PORTAL, 429 }, { PORTAL, "timeout" }, { PORTAL, 200, CREDENTIALS } })
    assert.equal("ASIASSO", case:get().access_key_id)
    assert.same({ 0.5, 1 }, case.slept)
    case = case_of(token(), { { PORTAL, 429 }, { PORTAL, 429 }, { PORTAL, 429 } })
    assert.is_true(refused(case, "the SSO service answered 429").retryable)
  end)

  for name, body in pairs {
    ["no JSON"] = "<html>", nothing = "{}", ["no secret"] = CREDENTIALS:gsub('"sso/secret"', "null"),
    ["a number"] = CREDENTIALS:gsub('"ASIASSO"', "7"), ["no end"] = CREDENTIALS:gsub("expiration", "x"),
    ["a list"] = '{"roleCredentials":[]}',
  } do
    it("does not believe an answer with " .. name, function()
      refused(case_of(token(), { { PORTAL, 200, body } }), "the SSO service ")
    end)
  end
end)

describe("an SSO token that ends", function()
  it("is renewed five minutes earlier, and kept for others", function()
    local case = case_of(token { expiresAt = SOON }, { { OIDC, 200, RENEWED }, { PORTAL, 200, CREDENTIALS } })
    assert.equal("ASIASSO", case:get().access_key_id)
    assert.equal("new-token", case:header(2, "x-amz-sso_bearer_token"))
    assert.same({ clientid = "client", clientsecret = "client-secret", granttype = "refresh_token",
      refreshtoken = "old-refresh" }, document.read(case.sent[1].request.body))
    assert.same({
      startUrl = START_URL, region = "eu-central-1", accessToken = "new-token", expiresAt = "2026-11-21T15:49:51Z",
      clientId = "client", clientSecret = "client-secret", refreshToken = "new-refresh",
      registrationExpiresAt = "2027-01-21T07:49:51Z",
    }, document.read(case.files[SESSION_FILE], true))
  end)

  it("is written back with all else as it stood in the file", function()
    local deep = ("["):rep(3000) .. ("]"):rep(3000)
    local text = token { expiresAt = SOON }
      :gsub("}$", ',"id":12345678901234567890, "n":1e999,"l":[], "deep":' .. deep .. " }")
    local case = case_of(text, { { OIDC, 200, (RENEWED:gsub("}$", ',"idToken":[],"n":-1e999,"d":' .. deep .. "}")) },
      { PORTAL, 200, CREDENTIALS } })
    assert.equal("ASIASSO", case:get().access_key_id)
    assert.equal((text:gsub("old%-token", "new-token"):gsub("old%-refresh", "new-refresh")
      :gsub("T07:54:00Z", "T15:49:51Z")), case.files[SESSION_FILE])
  end)

  it("is renewed whatever the reply holds besides, and never raises", function()
    for _, refresh in ipairs { '"\255"', '"a\\nb"', '"\\u0000"', "7", "[]", "null", '""' } do
      local case = case_of(token { expiresAt = SOON }, { { OIDC, 200, (RENEWED:gsub('"new%-refresh"', refresh)) },
        { PORTAL, 200, CREDENTIALS } })
      assert.equal("ASIASSO", case:get().access_key_id)
      assert.equal("old-refresh", document.read(case.files[SESSION_FILE], true).refreshToken)
    end
    for _, name in ipairs { "clientId", "clientSecret", "refreshToken" } do -- nothing that a request could say
      refused(case_of((token { expiresAt = PAST, [name] = "@" }:gsub("@", "\255")), {}), "the SSO token has expired",
        LOGIN)
    end
  end)

  it("keeps its refresh token when it gets no other", function()
    local case = case_of(token { expiresAt = PAST }, {
      { OIDC, 200, '{"accessToken":"new-token","expiresIn":60}' }, { PORTAL, 200, CREDENTIALS } })
    case:get()
    assert.equal("old-refresh", document.read(case.files[SESSION_FILE], true).refreshToken)
  end)

  it("is not renewed before", function()
    local case = case_of(token { expiresAt = "2026-11-21T07:54:52Z" }, { { PORTAL, 200, CREDENTIALS } })
    assert.equal("ASIASSO", case:get().access_key_id)
    case:exchanges()
  end)

  it("is read once more under the lock: another process may have renewed it", function()
    local case
    local order = {}
    case = case_of(token { expiresAt = PAST }, { { PORTAL, 200, CREDENTIALS } }, { options = {
      lock_file = function(path)
        assert.equal(SESSION_FILE, path)
        order[#order + 1] = #order < 2 and "busy" or "locked"
        if #order < 3 then return nil, "Resource temporarily unavailable", true end
        case.files[path] = token { accessToken = "their-token" }
        return function() order[#order + 1] = "unlocked" end
      end,
    } })
    assert.equal("ASIASSO", case:get().access_key_id)
    assert.equal("their-token", case:header(1, "x-amz-sso_bearer_token"))
    assert.same({ "busy", "busy", "locked", "unlocked" }, order)
    assert.same({ 0.1, 0.1 }, case.slept)
  end)

  it("is renewed without a lock where there is none, and without a file that can be written", function()
    for _, is_busy in ipairs { false, true } do
      local case = case_of(token { expiresAt = PAST }, { { OIDC, 200, RENEWED }, { PORTAL, 200, CREDENTIALS } },
        { options = {
          lock_file = function() return nil, "No locks available", is_busy end,
          write_file = function() return nil, "Read-only file system" end,
        } })
      assert.equal("ASIASSO", case:get().access_key_id)
      assert.is_true(#case.slept <= 100)
    end
  end)

  it("serves on when it cannot be renewed yet, and tries again after half a minute", function()
    local case = case_of(token { expiresAt = SOON }, {
      { OIDC, 400, '{"error":"invalid_grant"}' }, { PORTAL, 200, CREDENTIALS },
      { PORTAL, 200, CREDENTIALS }, { OIDC, 200, RENEWED }, { PORTAL, 200, CREDENTIALS },
    })
    case:get()
    assert.equal("old-token", case:header(2, "x-amz-sso_bearer_token"))
    case.time = replay.NOW + 29
    case:provider():refresh()
    case.time = replay.NOW + 30
    case:provider():refresh()
    assert.equal("new-token", case:header(5, "x-amz-sso_bearer_token"))
    case:exchanges()
  end)

  it("wants a login when it cannot be renewed", function()
    refused(case_of(token { expiresAt = PAST }, { { OIDC, 400, '{"error":"invalid_grant"}' } }),
      "the service answered 400", LOGIN)
    for _, body in ipairs { "", "{}", '{"accessToken":"t"}', '{"accessToken":"t","expiresIn":"1"}',
      '{"accessToken":"t","expiresIn":1e300}', '{"accessToken":"t","expiresIn":-1}',
      '{"accessToken":"a\\nb","expiresIn":60}' } do
      refused(case_of(token { expiresAt = PAST }, { { OIDC, 200, body } }), "answered nonsense", LOGIN)
    end
    for _, more in ipairs { { refreshToken = false }, { clientId = false }, { clientSecret = false },
      { registrationExpiresAt = false }, { registrationExpiresAt = PAST } } do
      more.expiresAt = PAST
      refused(case_of(token(more), {}), "the SSO token has expired", LOGIN)
    end
    refused(case_of(token { expiresAt = PAST }, {}, { config = LEGACY, path = LEGACY_FILE }),
      "the SSO token has expired", LOGIN)
  end)

  it("may be renewed later when the service does not answer", function()
    local case = case_of(token { expiresAt = PAST }, { { OIDC, 500 }, { OIDC, "timeout" }, { OIDC, "timeout" } })
    local err = refused(case, "the SSO token cannot be renewed: timeout")
    assert.is_true(err.retryable)
  end)
end)

-- Sessions of `aws login`: their keys while they last, and their renewal.

local core = require "cognito.core"
local document = require "cognito.credentials.document"
local dpop = require "spec.support.dpop"
local replay = require "spec.support.replay"

local SESSION = "arn:aws:iam::123456789012:user/ada"
-- The SHA-256 of SESSION, as `aws login` names the file.
local NAME = core.run({ "sh", "-c", "printf " .. SESSION .. " | sha256sum" }).stdout:match "^%x+" .. ".json"
local FILE = "/ada/.aws/login/cache/" .. NAME
local CONFIG = "[profile work]\nlogin_session = " .. SESSION .. "\nregion = eu-west-1\n"
local SIGNIN = "POST https://eu-west-1.signin.aws.amazon.com/v1/token"
local LOGIN = "Run: aws login --profile work"
local CLIENT = "arn:aws:signin:::devtools/cross-device"

local LATER, SOON, PAST = "2026-11-21T07:54:52Z", "2026-11-21T07:54:51Z", "2026-11-21T07:49:51Z"

local key = dpop.key()

local RENEWED = '{"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"new/secret","sessionToken":"new-token"},'
  .. '"tokenType":"aws_sigv4","expiresIn":900,"refreshToken":"new-refresh"}'

local function session(expires_at, more, token_more)
  local token = { accessKeyId = "ASIAOLD", secretAccessKey = "old/secret", sessionToken = "old-token",
    accountId = "123456789012", expiresAt = expires_at }
  for name, value in pairs(token_more or {}) do token[name] = value or nil end
  local members = { accessToken = token, tokenType = "aws_sigv4", refreshToken = "old-refresh", idToken = "id-token",
    clientId = CLIENT, dpopKey = key }
  for name, value in pairs(more or {}) do members[name] = value or nil end
  return document.write(members)
end

local function case_of(text, traffic, more)
  more = more or {}
  local env = { AWS_PROFILE = "work" }
  for name, value in pairs(more.env or {}) do env[name] = value end
  return replay.new { env = env, config = more.config or CONFIG, files = { [more.path or FILE] = text },
    traffic = traffic, options = more.options }
end

local SECRETS = { "old/secret", "old-token", "old-refresh", "new/secret", "new-token", "new-refresh", "id-token",
  key:match "\n([^\n]+)" }

local function refused(case, part, hint)
  local found, err = case:get()
  assert.is_nil(found)
  assert.truthy(err.message:find("profile 'work' (aws login): ", 1, true), err.message)
  assert.truthy(err.message:find(part, 1, true), err.message)
  if hint then assert.truthy(err.hint:find(hint, 1, true), err.hint) end
  for _, secret in ipairs(SECRETS) do assert.is_nil((err.message .. err.hint):find(secret, 1, true)) end
  case:exchanges()
  return err
end

describe("a session of aws login", function()
  it("gives its keys while they last", function()
    local case = case_of(session(LATER))
    assert.same({ access_key_id = "ASIAOLD", secret_access_key = "old/secret", session_token = "old-token",
      account_id = "123456789012", expires_at = replay.NOW + 301, source = "profile 'work' (aws login)" }, case:get())
    assert.equal(0, case:exchanges())
  end)

  it("needs nothing else in its file for that", function()
    local case = case_of(session(LATER, { refreshToken = false, dpopKey = false, clientId = false }))
    assert.equal("ASIAOLD", case:get().access_key_id)
  end)

  it("lies in another folder when set so", function()
    for given, folder in pairs { ["/cache"] = "/cache", ["~/c"] = "/ada/c", [" /cache\n"] = "/cache" } do
      local case = case_of(session(LATER), {}, { env = { AWS_LOGIN_CACHE_DIRECTORY = given },
        path = folder .. "/" .. NAME })
      assert.equal("ASIAOLD", case:get().access_key_id)
    end
  end)

  it("may be what a role is assumed with", function()
    local case = case_of(session(LATER), {
      { "POST https://sts.eu-west-1.amazonaws.com/", 200, replay.sts_reply "AssumeRole" },
    }, { config = CONFIG .. "[profile top]\nregion = eu-west-1\nsource_profile = work\n"
      .. "role_arn = arn:aws:iam::1:role/r", options = { profile = "top" } })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.truthy(case:header(1, "Authorization"):find("Credential=ASIAOLD/", 1, true))
  end)

  local KEYS = "aws_access_key_id = AKIAFILE\naws_secret_access_key = s\n"

  it("comes after keys of the credentials file and before a program, as for the aws command", function()
    local function with(config, credentials)
      return replay.new { env = { AWS_PROFILE = "work" }, config = config, credentials = credentials,
        files = { [FILE] = session(LATER) }, run = function() return { status = 0, stdout = "{}", stderr = "" } end }
        :get().access_key_id
    end
    assert.equal("AKIAFILE", with(CONFIG, "[work]\n" .. KEYS))
    assert.equal("AKIAFILE", with("[profile work]\ncredential_process = keys\n", "[work]\n" .. KEYS))
    assert.equal("ASIAOLD", with(CONFIG .. KEYS))
    assert.equal("ASIAOLD", with(CONFIG .. "credential_process = keys\n"))
  end)

  it("wants a login where there is none", function()
    refused(case_of(nil), "there is no session of aws login in " .. FILE .. " (No such file", LOGIN)
    for _, text in ipairs { "", "{", "[]", "null", "{}", '{"accessToken":"x"}', '{"accessToken":[]}',
      session(LATER, nil, { accessKeyId = false }), session(LATER, nil, { secretAccessKey = 7 }),
      session(LATER, nil, { sessionToken = "" }), session "later", session(LATER, nil, { expiresAt = false }) } do
      refused(case_of(text), FILE .. " holds no session of aws login", LOGIN)
    end
  end)

  it("names the profile so that a shell takes it", function()
    local case = case_of(nil, {}, { config = "[profile 'Ada''s corp']\nlogin_session = x\n",
      env = { AWS_PROFILE = "Adas corp" } })
    local _, err = case:get()
    assert.equal("Run: aws login --profile 'Adas corp'", err.hint)
  end)

  it("with a line break in a key is refused in its file's name", function()
    local _, err = case_of(session(LATER, nil, { secretAccessKey = "old/secret\n" })):get()
    assert.equal("profile 'work' (aws login): its secret_access_key holds white space, control or non-ASCII characters",
      err.message)
  end)
end)

describe("a session of aws login that ends", function()
  it("is renewed five minutes earlier, with a proof, and kept for others", function()
    local case = case_of(session(SOON, { unknown = { 1, 2 }, signInRegion = "" }, { more = "kept" }),
      { { SIGNIN, 200, RENEWED } })
    assert.same({ access_key_id = "ASIANEW", secret_access_key = "new/secret", session_token = "new-token",
      account_id = "123456789012", expires_at = replay.NOW + 900, source = "profile 'work' (aws login)" }, case:get())
    assert.same({ clientId = CLIENT, grantType = "refresh_token", refreshToken = "old-refresh" },
      document.read(case.sent[1].request.body, true))
    assert.is_nil(case:header(1, "Authorization"))
    local proof = dpop.read(case:header(1, "DPoP"))
    assert.is_true(proof.verified)
    assert.equal(dpop.read(core.dpop_proof(key, "{}")).thumbprint, proof.thumbprint)
    assert.same({ htm = "POST", htu = SIGNIN:match "https.*", iat = replay.NOW, jti = proof.claims.jti }, proof.claims)
    assert.equal(36, #proof.claims.jti)
    assert.same({
      accessToken = { accessKeyId = "ASIANEW", secretAccessKey = "new/secret", sessionToken = "new-token",
        accountId = "123456789012", expiresAt = "2026-11-21T08:04:51Z", more = "kept" },
      tokenType = "aws_sigv4", refreshToken = "new-refresh", idToken = "id-token", clientId = CLIENT, dpopKey = key,
      unknown = { 1, 2 }, signInRegion = "",
    }, document.read(case.files[FILE], true))
  end)

  it("is written back with all else as it stood in the file", function()
    local deep = ("["):rep(3000) .. ("]"):rep(3000)
    local more = ',"id":12345678901234567890, "n":1e999,"l":[], "deep":' .. deep .. " }"
    local text = session(SOON):gsub("}", more):gsub("}$", more)
    local case = case_of(text, { { SIGNIN, 200, (RENEWED:gsub("}", more)) } })
    assert.equal("ASIANEW", case:get().access_key_id)
    assert.equal((text:gsub("ASIAOLD", "ASIANEW"):gsub("old([/-])", "new%1"):gsub("T07:54:51Z", "T08:04:51Z")),
      case.files[FILE])
  end)

  it("never raises because of its file's bytes or the reply's", function()
    local case = case_of(session(SOON), { { SIGNIN, 200, (RENEWED:gsub("}$", ',"idToken":"\255"}')) } })
    assert.equal("ASIANEW", case:get().access_key_id)
    assert.equal("id-token", document.read(case.files[FILE], true).idToken)
    for _, bytes in ipairs { '"\255"', '"a\\nb"', '"\\u00e9"' } do
      refused(case_of(session(PAST), { { SIGNIN, 200, (RENEWED:gsub('"new%-refresh"', bytes)) } }), "answered nonsense",
        LOGIN)
    end
    for _, name in ipairs { "clientId", "refreshToken" } do
      refused(case_of((session(PAST, { [name] = "@" }):gsub("@", "\255"))), "its file holds no " .. name, LOGIN)
    end
  end)

  it("is renewed where the login was, whatever the pool's region is", function()
    local function url_of(more, config, options)
      local case = case_of(session(PAST, more), { { false, 400 } }, { config = config, options = options,
        env = { AWS_REGION = "ap-south-1" } })
      case.traffic = setmetatable({}, { __index = function() return nil end })
      local _, err = pcall(case.get, case)
      return tostring(err):match "https://([^/]+)/v1/token$"
    end
    local bare = CONFIG:gsub("region[^\n]*", "")
    local pool = { region = "eu-north-1" }
    assert.equal("us-east-2.signin.aws.amazon.com", url_of({ signInRegion = "us-east-2" }, CONFIG, pool))
    assert.equal("eu-west-1.signin.aws.amazon.com", url_of({}, CONFIG, pool))
    assert.equal("eu-north-1.signin.aws.amazon.com", url_of({}, bare, pool))
    assert.equal("ap-south-1.signin.aws.amazon.com", url_of({}, bare))
    -- As in the published endpoint rule set.
    for _, row in ipairs {
      { "cn-north-1", "cn-north-1.signin.amazonaws.cn" },
      { "us-gov-east-1", "us-gov-east-1.signin.amazonaws-us-gov.com" },
      { "eusc-de-east-1", "eusc-de-east-1.signin.amazonaws-eusc.eu" },
      { "us-iso-east-1", "us-iso-east-1.signin.c2shome.ic.gov" },
      { "us-isob-east-1", "us-isob-east-1.signin.sc2shome.sgov.gov" },
      { "eu-isoe-west-1", "eu-isoe-west-1.signin.csphome.adc-e.uk" },
      { "us-isof-south-1", "us-isof-south-1.signin.csphome.hci.ic.gov" },
      { "us-east-1", "signin-fips.us-east-1.amazonaws.com", { use_fips = true } },
      { "us-gov-west-1", "signin-fips.amazonaws-us-gov.com", { use_fips = true } },
      { "us-gov-east-1", "us-gov-east-1.signin-fips.amazonaws-us-gov.com", { use_fips = true } },
      { "us-east-1", "signin.us-east-1.api.aws", { use_dualstack = true } },
      { "cn-north-1", "signin.cn-north-1.api.amazonwebservices.com.cn", { use_dualstack = true } },
      { "us-east-1", "signin-fips.us-east-1.api.aws", { use_fips = true, use_dualstack = true } },
    } do
      assert.equal(row[2], url_of({ signInRegion = row[1] }, CONFIG, row[3]))
    end
  end)

  it("has another proof for each try", function()
    local case = case_of(session(PAST), { { SIGNIN, 500 }, { SIGNIN, "timeout" }, { SIGNIN, 200, RENEWED } })
    assert.equal("ASIANEW", case:get().access_key_id)
    local ids = {}
    for i = 1, 3 do
      local proof = dpop.read(case:header(i, "DPoP"))
      assert.is_true(proof.verified)
      ids[proof.claims.jti] = true
      assert.equal(math.floor(replay.NOW + ({ 0, 0.5, 1.5 })[i]), proof.claims.iat)
    end
    local n = 0
    for _ in pairs(ids) do n = n + 1 end
    assert.equal(3, n)
  end)

  it("is read once more under the lock: another process may have renewed it", function()
    local case
    local order = {}
    case = case_of(session(PAST), {}, { options = { lock_file = function(path)
      assert.equal(FILE, path)
      order[#order + 1] = #order < 2 and "busy" or "locked"
      if #order < 3 then return nil, "Resource temporarily unavailable", true end
      case.files[path] = session(LATER, nil, { accessKeyId = "ASIATHEIRS", expiresAt = "2026-11-21T08:04:51Z" })
      return function() order[#order + 1] = "unlocked" end
    end } })
    assert.equal("ASIATHEIRS", case:get().access_key_id)
    assert.same({ "busy", "busy", "locked", "unlocked" }, order)
    case:exchanges()
  end)

  it("serves on while it lasts when it cannot be renewed, and is tried again after half a minute", function()
    local case = case_of(session(SOON), { { SIGNIN, 401, '{"error":"TOKEN_EXPIRED","message":"x"}' },
      { SIGNIN, 200, RENEWED } })
    assert.equal("ASIAOLD", case:get().access_key_id)
    case.time = replay.NOW + 29
    assert.equal("ASIAOLD", case:provider():refresh().access_key_id)
    assert.equal(1, #case.sent)
    case.time = replay.NOW + 30
    assert.equal("ASIANEW", case:provider():refresh().access_key_id)
    case:exchanges()
  end)

  it("without a file that can be written is renewed nevertheless", function()
    local case = case_of(session(PAST), { { SIGNIN, 200, RENEWED } }, { options = {
      lock_file = function() return nil, "No locks available" end,
      write_file = function() return nil, "Read-only file system" end,
    } })
    assert.equal("ASIANEW", case:get().access_key_id)
  end)

  it("and cannot be renewed says what to do", function()
    local function answered(status, body)
      return case_of(session(PAST), { { SIGNIN, status, body } })
    end
    refused(answered(401, '{"error":"TOKEN_EXPIRED"}'), "the session has expired", LOGIN)
    refused(answered(403, '{"error":"USER_CREDENTIALS_CHANGED"}'), "password has been changed", LOGIN)
    refused(answered(403, '{"error":"INSUFFICIENT_PERMISSIONS"}'), "403 INSUFFICIENT_PERMISSIONS",
      "signin:CreateOAuth2Token")
    refused(answered(400, '{"error":"INVALID_REQUEST","message":"old-refresh"}'), "400 INVALID_REQUEST", "clock")
    refused(answered(400, '{"error":"old-token\\n"}'), "the sign-in answered 400", LOGIN)
    refused(answered(404, "<html>"), "the sign-in answered 404", LOGIN)
    for _, body in ipairs { "", "{}", "[]", (RENEWED:gsub('"new%-refresh"', "null")), (RENEWED:gsub("900", "0")),
      (RENEWED:gsub("900", '"900"')), (RENEWED:gsub("900", "1e300")), (RENEWED:gsub('"new/secret"', "7")),
      (RENEWED:gsub("new%-token", "new\\n-token")) } do
      refused(answered(200, body), "answered nonsense", LOGIN)
    end
    for member, part in pairs { refreshToken = "holds no refreshToken", clientId = "holds no clientId",
      dpopKey = "holds no dpopKey" } do
      refused(case_of(session(PAST, { [member] = false })), part, LOGIN)
    end
    refused(case_of(session(PAST, { dpopKey = "old-token" })),
      "the dpopKey in its file is unusable: it is no private key", LOGIN)
  end)

  it("may be renewed later when the sign-in does not answer", function()
    for _, status in ipairs { 500, 429, "timeout" } do
      local case = case_of(session(PAST), { { SIGNIN, status }, { SIGNIN, status }, { SIGNIN, status } })
      assert.is_true(refused(case, "the session cannot be renewed").retryable)
    end
  end)
end)

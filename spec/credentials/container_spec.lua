-- The endpoint of a container: which one is asked, with which token, and what
-- is made of its answer.

local replay = require "spec.support.replay"

local RELATIVE, FULL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
local TOKEN, TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
local ECS = "GET http://169.254.170.2/v2/credentials/x"
local BASE = { [RELATIVE] = "/v2/credentials/x" }

local function case_of(env, traffic, files)
  return replay.new { env = env, traffic = traffic, files = files }
end

local function with(more)
  local all = { [RELATIVE] = BASE[RELATIVE] }
  for name, value in pairs(more) do all[name] = value end
  return all
end

local function refused(case, part)
  local found, err = case:get()
  assert.is_nil(found)
  assert.equal("no_credentials", err.code)
  assert.truthy(err.message:find("the container: ", 1, true), err.message)
  assert.truthy(err.message:find(part, 1, true), err.message)
  assert.is_nil((err.message .. err.hint):find("s3cret", 1, true))
  assert.is_nil((err.message .. err.hint):find("box/secret", 1, true))
  return err
end

describe("the container's endpoint", function()
  it("is asked below ECS's address", function()
    local case = case_of(with { [FULL] = "http://169.254.170.23/v1/credentials" }, { { ECS, 200, replay.document } })
    local found = case:get()
    assert.equal("the container", found.source)
    found.source = nil
    assert.same(replay.document_keys, found)
    assert.equal("metadata", case.sent[1].runtime)
    assert.equal("application/json", case:header(1, "Accept"))
    assert.is_nil(case:header(1, "Authorization"))
    assert.equal(2, case.sent[1].options.connect_timeout)
    assert.equal(5, case.sent[1].options.timeout)
  end)

  local allowed = {
    "https://creds.example/x", "http://127.0.0.1:51679/creds", "http://127.9.9.9/", "http://[::1]:8080/x",
    "http://localhost/x", "http://LOCALHOST:1/x", "http://169.254.170.2/x", "http://169.254.170.23/v1/credentials",
    "http://[fd00:ec2::23]/v1/credentials", "HTTPS://creds.example",
  }
  for _, url in ipairs(allowed) do
    it("may be " .. url, function()
      local case = case_of({ [FULL] = url }, { { "GET " .. url, 200, replay.document } })
      assert.equal("ASIABOX", case:get().access_key_id)
    end)
  end

  local not_allowed = {
    "http://creds.example/x", "http://169.254.169.254/x", "http://169.254.170.3/x", "http://10.0.0.1/x",
    "http://127.0.0.1.example.com/x", "http://127.0.0.256/x", "http://127.1/x", "http://2130706433/x",
    "http://localhost.example/x", "http://[::2]/x", "http://[::ffff:10.0.0.1]/x", "http://127.0.0.1@evil.example/x",
    "http://evil.example\\@127.0.0.1/x", "http://evil.example#@127.0.0.1/", "ftp://127.0.0.1/x", "127.0.0.1/x",
    "http:///x", "http://127.0.0.1 /x", "http://127.0.0.1\n/x", "http://127.0.0.1/a b", "http://127.0.0.1/a\nb",
    "http://127.0.0.0001/x",
  }
  for _, url in ipairs(not_allowed) do
    it("may not be " .. url:gsub("\n", "\\n"), function()
      local case = case_of({ [FULL] = url }, {})
      local found, err = case:get()
      assert.is_nil(found)
      assert.truthy(err.message:find(FULL, 1, true), err.message)
      assert.equal(0, case:exchanges())
    end)
  end

  it("is never on another host than ECS's for a path", function()
    for _, path in ipairs { ".evil.example/x", "@evil.example/x", ":80@evil.example/", "x", "/a b", "/a\\b" } do
      local case = case_of({ [RELATIVE] = path }, {})
      refused(case, RELATIVE .. " must be a path")
      assert.equal(0, case:exchanges())
    end
  end)

  it("is asked again when that may help, three times", function()
    local case = case_of(BASE, { { ECS, "timeout" }, { ECS, 500 }, { ECS, 200, replay.document } })
    assert.equal("ASIABOX", case:get().access_key_id)
    assert.same({ 0.5, 1 }, case.slept)
    case = case_of(BASE, { { ECS, 200, "{" }, { ECS, 200, replay.document } })
    assert.equal("ASIABOX", case:get().access_key_id)
    case = case_of(BASE, { { ECS, "a" }, { ECS, "b" }, { ECS, "no reply in time" } })
    assert.is_true(refused(case, "its endpoint does not answer: no reply in time").retryable)
    case = case_of(BASE, { { ECS, 200, "{" }, { ECS, 200, "[1]" }, { ECS, 200, "" } })
    refused(case, "is no JSON object")
    assert.equal(3, case:exchanges())
  end)

  it("is not asked again when it refuses", function()
    local case = case_of(BASE, { { ECS, 403, '{"code":"AccessDeniedException","message":"s3cret"}' } })
    refused(case, "its endpoint answered 403 AccessDeniedException")
    case = case_of(BASE, { { ECS, 404, "not JSON" } })
    refused(case, "its endpoint answered 404")
  end)
end)

describe("the container's token", function()
  local function sent(env, files)
    local case = case_of(with(env), { { ECS, 200, replay.document }, { ECS, 200, replay.document } }, files)
    case:get()
    return case:header(1, "Authorization"), case
  end

  it("goes into a header", function()
    assert.equal("Bearer s3cret", (sent { [TOKEN] = "Bearer s3cret" }))
    assert.is_nil((sent { [TOKEN] = " " }))
  end)

  it("comes from the file first, which is read each time", function()
    local token, case = sent({ [TOKEN] = "other", [TOKEN_FILE] = "/t" }, { ["/t"] = "s3cret" })
    assert.equal("s3cret", token)
    case.files["/t"] = "second"
    case:provider():refresh()
    assert.equal("second", case:header(2, "Authorization"))
  end)

  it("must fit into a header", function()
    local path = "the token file /t"
    for _, row in ipairs {
      { "s3cret\n", path .. " holds a line break" }, { "s3cret\r\nX-Evil: 1", path .. " holds a line break" },
      { "s3cret\r", path .. " holds a line break" }, { "s3cret\0", path .. " holds no token" },
      { "", path .. " holds no token" }, { "s3cret\255", path .. " holds no token" },
      { ("s3cret"):rep(1e6), path .. " holds no token" },
    } do
      local case = case_of(with { [TOKEN_FILE] = "/t" }, {}, { ["/t"] = row[1] })
      refused(case, row[2])
      assert.equal(0, case:exchanges())
    end
    refused(case_of(with { [TOKEN_FILE] = "/gone" }, {}), "the token file /gone cannot be read: No such file")
    refused(case_of(with { [TOKEN] = "a\nb" }, {}), TOKEN .. " holds a line break")
  end)
end)

describe("the container's answer", function()
  local function answer(body)
    return case_of(BASE, { { ECS, 200, body } })
  end

  it("may spell its names otherwise", function()
    local case = answer [[{"accesskeyid":"A","SECRETACCESSKEY":"s","SessionToken":"t",
      "ExpiresAt":"2026-11-21T09:49:51.5+01:00","AccountId":"123","RoleArn":null}]]
    assert.same({ access_key_id = "A", secret_access_key = "s", session_token = "t", account_id = "123",
      expires_at = replay.NOW + 3600.5, source = "the container" }, case:get())
  end)

  it("may have the account as a number, which has lost its zeros", function()
    for number, account in pairs { ["123456789012"] = "123456789012", ["12345678"] = "000012345678" } do
      local case = answer((replay.document:gsub("}$", ',"AccountId":' .. number .. "}")))
      assert.equal(account, case:get().account_id)
    end
  end)

  local doc = replay.document
  local bad = {
    { "no key id", doc:gsub("AccessKeyId", "X", 1), "there is no AccessKeyId" },
    { "no secret", doc:gsub('"SecretAccessKey":"[^"]*",', ""), "there is no SecretAccessKey" },
    { "an empty secret", doc:gsub('"box/secret"', '""'), "there is no SecretAccessKey" },
    { "a null for a token", doc:gsub('"box%-token"', "null"), "there is no Token" },
    { "a number for a token", doc:gsub('"box%-token"', "5"), "Token is not a string" },
    { "no end", doc:gsub('"Expiration"', '"X"'), "there is no Expiration" },
    { "an end that is no date", doc:gsub("2026%-11%-21T13[^\"]*", "later"), "Expiration is not a date" },
    { "a failure", '{"Code":"AssumeRoleUnauthorizedAccess","Message":"s3cret"}', "AssumeRoleUnauthorizedAccess" },
    { "a text in place of a code", '{"Code":"the secret is s3cret"}', "its endpoint answered a code that is none" },
    { "a line break in a key", doc:gsub("ASIABOX", "ASIA\\nBOX"), "white space, control" },
  }
  for _, row in ipairs(bad) do
    it("is refused with " .. row[1], function()
      refused(answer(row[2]), row[3])
    end)
  end
end)

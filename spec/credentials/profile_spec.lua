-- Profiles: their own keys, their roles, and what the roles are assumed with.

local replay = require "spec.support.replay"

local ARN = "arn:aws:iam::123456789012:role/"
local STS = "POST https://sts.eu-west-1.amazonaws.com/"
local KEYS = "aws_access_key_id = AKIAFILE\naws_secret_access_key = hunter2\n"

local function role(name, rest)
  return ("role_arn = %s%s\nregion = eu-west-1\n%s\n"):format(ARN, name, rest or "")
end

local function assumed(key_id)
  return { STS, 200, replay.sts_reply("AssumeRole", key_id) }
end

-- The n-th request's signer.
local function signer(case, n)
  return case:header(n, "Authorization"):match "Credential=(%w+)/20261121/eu%-west%-1/sts/aws4_request"
end

local function work(config, more)
  local given = { config = config, env = { AWS_PROFILE = "work" } }
  for name, value in pairs(more or {}) do given[name] = value end
  given.env.AWS_PROFILE = "work"
  return replay.new(given)
end

describe("a profile", function()
  it("with keys of its own gives them", function()
    local case = work("[profile work]\n" .. KEYS .. "aws_session_token = t\naws_account_id = 1\n")
    assert.same({
      access_key_id = "AKIAFILE", secret_access_key = "hunter2", session_token = "t", account_id = "1",
      source = "profile 'work'",
    }, case:get())
  end)

  it("may have its keys in the other file", function()
    local case = work("[profile work]\n" .. role("r", "source_profile = base"),
      { credentials = "[base]\n" .. KEYS, traffic = { assumed "ASIAROLE" } })
    assert.equal("ASIAROLE", case:get().access_key_id)
  end)

  it("without credentials is passed over", function()
    for _, text in ipairs { "[profile work]\nregion = x\n", "[profile work]\n",
      "[profile work]\naws_access_key_id =\naws_secret_access_key =\n",
      "[profile work]\nsso_session = s\n[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x\n" } do
      local _, err = work(text, { env = { AWS_EC2_METADATA_DISABLED = "TRUE" } }):get()
      assert.truthy(err.message:find("AWS_EC2_METADATA_DISABLED is set", 1, true), err.message)
    end
  end)

  describe("that does not exist", function()
    local container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/v2/x" }
    local environment = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "hunter2" }

    -- Keys of another source are at hand, and nothing is asked for them.
    local function refused(given, ...)
      local case = replay.new(given)
      local found, err = case:get()
      assert.is_nil(found)
      assert.equal("no_credentials", err.code)
      for _, part in ipairs { ... } do
        assert.truthy((err.message .. "\n" .. err.hint):find(part, 1, true), err.message .. "\n" .. err.hint)
      end
      assert.equal(0, case:exchanges())
    end

    local function environment_with(base, name)
      local all = { AWS_PROFILE = name }
      for variable, value in pairs(base) do all[variable] = value end
      return all
    end

    local OTHER = "[profile prod]\n" .. KEYS .. "[default]\n" .. KEYS

    it("is an error when AWS_PROFILE names it", function()
      for _, base in ipairs { container, environment } do
        refused({ env = environment_with(base, "prod-typo"), config = OTHER },
          "profile 'prod-typo': AWS_PROFILE names it", "does not exist", "not read: /ada/.aws/credentials")
      end
    end)

    it("is an error when the program names it", function()
      for _, base in ipairs { container, environment } do
        refused({ env = base, config = OTHER, options = { profile = "prod-typo" } },
          "profile 'prod-typo': the program names it", "does not exist")
      end
    end)

    it("is an error where there are no files", function()
      refused({ env = environment_with(container, "work") }, "not read: /ada/.aws/config (No such file",
        "/ada/.aws/credentials (No such file", "Add the section [profile work] to /ada/.aws/config")
    end)

    it("is an error even with the name of the default one", function()
      refused({ env = environment_with(container, "default"), config = "[profile other]\n" }, "profile 'default'")
    end)

    it("is reported with the nearest that does", function()
      refused({ env = { AWS_PROFILE = "prodd" }, config = OTHER }, "Did you mean 'prod'?")
      refused({ env = { AWS_PROFILE = "work" }, config = "[profile work]\n" .. role("r", "source_profile = prodd")
        .. OTHER }, "profile 'work': its source_profile 'prodd' does not exist", "Did you mean 'prod'?")
    end)

    it("is passed over when it was not named", function()
      local case = replay.new { env = container, config = "[profile other]\n" .. KEYS, traffic = {
        { "GET http://169.254.170.2/v2/x", 200, replay.document },
      } }
      assert.equal("ASIABOX", case:get().access_key_id)
    end)
  end)

  local broken = {
    { "a key id without a secret", "aws_access_key_id = A", "aws_secret_access_key is missing" },
    { "a secret without a key id", "aws_secret_access_key = hunter2", "aws_access_key_id is missing" },
    { "a token alone", "aws_session_token = hunter2", "aws_access_key_id is missing" },
    { "two sources of a role", role("r", "source_profile = a\ncredential_source = Environment"),
      "both source_profile and credential_source" },
    { "no source of a role", role "r", "neither source_profile nor credential_source" },
    { "an unknown source", role("r", "credential_source = Cloud"),
      "its credential_source is unknown (line 4 of the config file /ada/.aws/config)" },
    { "a source that is not there", role("r", "source_profile = gone"), "source_profile 'gone' does not exist" },
    { "a source without credentials", role("r", "source_profile = empty") .. "[profile empty]\nregion = x\n",
      "profile 'work': its source has no credentials: profile 'empty' holds no" },
    { "a role of itself without keys", role("r", "source_profile = work"), "holds no credentials" },
    { "a token file without a role", "web_identity_token_file = /t", "no role_arn" },
    { "a source that has nothing", role("r", "credential_source = EcsContainer"),
      "its credential_source EcsContainer has none: neither AWS_CONTAINER" },
    { "a role without a region", "role_arn = " .. ARN .. "r\nsource_profile = k\n[profile k]\n" .. KEYS,
      "no region is known for STS" },
  }
  for _, row in ipairs(broken) do
    it("is broken by " .. row[1], function()
      local case = work("[profile work]\n" .. row[2])
      local found, err = case:get()
      assert.is_nil(found)
      assert.equal("no_credentials", err.code)
      assert.truthy(err.message:find(row[3], 1, true), err.message)
      assert.truthy(err.message:find("profile '", 1, true), err.message)
      assert.is_string(err.hint)
      assert.is_nil((err.message .. err.hint):find "hunter2")
      assert.equal(0, case:exchanges())
    end)
  end
end)

describe("a role", function()
  it("is assumed with another profile's keys", function()
    local case = work("[profile work]\n"
      .. role("r", "source_profile = base\nrole_session_name = me\nexternal_id = x y")
      .. "[profile base]\n" .. KEYS, { traffic = { assumed "ASIAROLE" } })
    assert.same({
      access_key_id = "ASIAROLE", secret_access_key = "role/secret+", session_token = "role-token==",
      expires_at = replay.NOW + 3600, account_id = "123456789012",
      source = "profile 'work' (role " .. ARN .. "r)",
    }, case:get())
    assert.same({
      Action = "AssumeRole", Version = "2011-06-15", RoleArn = ARN .. "r", RoleSessionName = "me", ExternalId = "x y",
    }, case:form(1))
    assert.equal("AKIAFILE", signer(case, 1))
    assert.equal("network", case.sent[1].runtime)
    assert.is_true(case.sent[1].options.timeout <= 5)
  end)

  it("has a session name by default", function()
    local case = work("[profile work]\n" .. role("r", "source_profile = base") .. "[profile base]\n" .. KEYS,
      { traffic = { assumed "ASIAROLE" } })
    case:get()
    assert.equal("lua-cognito-1795247391000", case:form(1).RoleSessionName)
  end)

  it("is assumed with a role, which is assumed with a role", function()
    local case = work("[profile work]\n" .. role("last", "source_profile = middle")
      .. "[profile middle]\n" .. role("middle", "source_profile = first")
      .. "[profile first]\n" .. role("first", "source_profile = base") .. "[profile base]\n" .. KEYS,
      { traffic = { assumed "ASIAFIRST", assumed "ASIAMIDDLE", assumed "ASIALAST" } })
    assert.equal("ASIALAST", case:get().access_key_id)
    assert.same({ "AKIAFILE", "ASIAFIRST", "ASIAMIDDLE" }, { signer(case, 1), signer(case, 2), signer(case, 3) })
    assert.same({ ARN .. "first", ARN .. "middle", ARN .. "last" },
      { case:form(1).RoleArn, case:form(2).RoleArn, case:form(3).RoleArn })
    assert.equal("role-token==", case:header(2, "X-Amz-Security-Token"))
  end)

  it("may be assumed with its own profile's keys", function()
    local case = work("[profile work]\n" .. role("r", "source_profile = work") .. KEYS,
      { traffic = { assumed "ASIAROLE" } })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.equal("AKIAFILE", signer(case, 1))
  end)

  it("is not assumed where a source has keys as well", function()
    local case = work("[profile work]\n" .. role("r", "source_profile = base")
      .. "[profile base]\n" .. role("other", "source_profile = gone") .. KEYS, { traffic = { assumed "ASIAROLE" } })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.equal("AKIAFILE", signer(case, 1))
    case:exchanges()
  end)

  it("is assumed with the environment's keys", function()
    for _, spelling in ipairs { "Environment", "environment" } do
      local config = "[profile work]\n" .. role("r", "credential_source = " .. spelling)
      local env = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "s" }
      local case = work(config, { env = env, options = { profile = "work" }, traffic = { assumed "ASIAROLE" } })
      assert.equal("ASIAROLE", case:get().access_key_id)
      assert.equal("AKIAENV", signer(case, 1))
      -- As for botocore: where only a variable names the profile, the keys are used themselves.
      assert.equal("AKIAENV", work(config, { env = env }):get().access_key_id)
    end
  end)

  it("is assumed with the container's and with the instance's credentials", function()
    local case = work("[profile work]\n" .. role("r", "credential_source = EcsContainer"), {
      env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x" },
      traffic = { { "GET http://169.254.170.2/x", 200, replay.document }, assumed "ASIAROLE" },
    })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.equal("ASIABOX", signer(case, 2))
    local imds = "http://169.254.169.254/latest/"
    case = work("[profile work]\n" .. role("r", "credential_source = Ec2InstanceMetadata"), {
      traffic = {
        { "PUT " .. imds .. "api/token", 200, "token" },
        { "GET " .. imds .. "meta-data/iam/security-credentials-extended/", 200, "box" },
        { "GET " .. imds .. "meta-data/iam/security-credentials-extended/box", 200, replay.document },
        assumed "ASIAROLE",
      },
    })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.equal("ASIABOX", signer(case, 4))
  end)

  it("is found in a loop", function()
    for _, config in ipairs {
      "[profile work]\n" .. role("a", "source_profile = b") .. "[profile b]\n" .. role("b", "source_profile = work"),
      "[profile work]\n" .. role("a", "source_profile = b") .. "[profile b]\n" .. role("b", "source_profile = c")
        .. "[profile c]\n" .. role("c", "source_profile = b"),
    } do
      local case = work(config)
      local found, err = case:get()
      assert.is_nil(found)
      assert.truthy(err.message:find("profile 'work': its roles form a loop", 1, true), err.message)
      assert.equal(0, case:exchanges())
    end
  end)

  it("ends the search when it is refused", function()
    local case = work("[profile work]\n" .. role("r", "source_profile = base") .. "[profile base]\n" .. KEYS, {
      traffic = { { STS, 403, replay.sts_error("AccessDenied", "User: arn:x is not authorized") } },
    })
    local found, err = case:get()
    assert.is_nil(found)
    assert.equal("profile 'work' (role " .. ARN .. "r): STS answered 403 AccessDenied: User: arn:x is not authorized",
      err.message)
    assert.truthy(err.hint:find("trust policy", 1, true))
    case:exchanges()
  end)
end)

describe("the duration of a role's session", function()
  local BASE = "[profile base]\n" .. KEYS

  it("is sent, and left to the service where the profile says none", function()
    for text, sent in pairs { ["duration_seconds = 900"] = "900", ["duration_seconds=43200"] = "43200",
      ["duration_seconds : 7200"] = "7200", ["duration_seconds ="] = false, [""] = false } do
      local case = work("[profile work]\n" .. role("r", "source_profile = base\n" .. text) .. BASE,
        { traffic = { assumed "ASIAROLE" } })
      assert.equal("ASIAROLE", case:get().access_key_id)
      assert.equal(sent or nil, case:form(1).DurationSeconds)
    end
  end)

  it("is an error with file and line where it is none, before anything is sent", function()
    for _, text in ipairs { "899", "43201", "0", "-900", "1e4", "3600.5", "3600s", "1h", "0x384", "nan", "9_00",
      "900 ; s", ("9"):rep(400) } do
      local case = work("[profile base]\n" .. KEYS .. "[profile work]\n"
        .. role("r", "source_profile = base\nduration_seconds = " .. text))
      local found, err = case:get()
      assert.is_nil(found)
      assert.equal("no_credentials", err.code)
      assert.equal("profile 'work': its duration_seconds must be a whole number from 900 to 43200 "
        .. "(line 8 of the config file /ada/.aws/config)", err.message)
      assert.equal(0, case:exchanges())
    end
  end)

  it("is looked for in the file that counts", function()
    local case = work("[profile base]\n" .. KEYS .. "[profile work]\n"
      .. role("r", "source_profile = base\nduration_seconds = 900"), { credentials = "[work]\nduration_seconds = 1\n" })
    local _, err = case:get()
    assert.truthy(err.message:find("(line 2 of the credentials file /ada/.aws/credentials)", 1, true), err.message)
  end)

  it("does not matter to calls that need no such session", function()
    local case = work("[profile work]\n" .. KEYS .. "duration_seconds = x\n[profile other]\n"
      .. role("r", "source_profile = work\nduration_seconds = x"))
    assert.equal("AKIAFILE", case:get().access_key_id)
  end)
end)

describe("a role with an MFA device", function()
  local SERIAL = "arn:aws:iam::123456789012:mfa/ada"
  local CONFIG = "[profile work]\n" .. role("r", "source_profile = base\nmfa_serial = " .. SERIAL)
    .. "[profile base]\n" .. KEYS

  local function with(mfa_code, traffic, config)
    return work(config or CONFIG, { traffic = traffic, options = { mfa_code = mfa_code } })
  end

  local function refused(case, part, hint)
    local found, err = case:get()
    assert.is_nil(found)
    assert.equal("no_credentials", err.code)
    assert.truthy(err.message:find(part, 1, true), err.message)
    assert.truthy(err.hint:find(hint, 1, true), err.hint)
    return err
  end

  it("is assumed with the code that the program's function returns", function()
    for _, code in ipairs { "012345", "012 345", " 012345\n" } do
      local asked = {}
      local case = with(function(...)
        asked[#asked + 1] = { ... }
        return code
      end, { assumed "ASIAROLE" })
      assert.equal("ASIAROLE", case:get().access_key_id)
      assert.same({ { SERIAL } }, asked)
      assert.same({ SERIAL, "012345" }, { case:form(1).SerialNumber, case:form(1).TokenCode })
      case:get()
      assert.equal(1, #asked)
    end
  end)

  it("asks once for a look-up, however often STS is asked, and again for the next", function()
    local asked = 0
    local case = with(function()
      asked = asked + 1
      return ("00000%d"):format(asked)
    end, { { STS, 503 }, { STS, "timeout" }, assumed "ASIAROLE", assumed "ASIANEXT" })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.equal(1, asked)
    assert.equal("000001", case:form(3).TokenCode)
    case.time = replay.NOW + 3600
    assert.equal("ASIANEXT", case:get().access_key_id)
    assert.equal(2, asked)
  end)

  it("asks after the credentials are there that assume it, for each device of a chain", function()
    local asked = {}
    local case = with(function(serial)
      asked[#asked + 1] = serial
      return "123456"
    end, { assumed "ASIAFIRST", assumed "ASIALAST" }, "[profile work]\n"
      .. role("last", "source_profile = first\nmfa_serial = two") .. "[profile first]\n"
      .. role("first", "source_profile = base\nmfa_serial = one") .. "[profile base]\n" .. KEYS)
    assert.equal("ASIALAST", case:get().access_key_id)
    assert.same({ "one", "two" }, asked)
    case = with(function() error "asked" end, nil, (CONFIG:gsub("aws_secret_access_key[^\n]*", "")))
    refused(case, "aws_secret_access_key is missing", "")
  end)

  it("says what to do where nothing asks for codes", function()
    local err = refused(with(nil), "profile 'work': its role takes a code of the MFA device in mfa_serial",
      "Give cognito.new a function mfa_code")
    assert.truthy(err.hint:find("SSO", 1, true))
  end)

  it("sends no code that is none, and shows none", function()
    for _, code in ipairs { "98765", "9876543", "98765a", "", "hunter2", 987654, {}, true } do
      local case = with(function() return code end)
      local err = refused(case, "the code of the MFA device " .. SERIAL .. " must be a string of six digits", "device")
      assert.is_nil((err.message .. err.hint):find "98765")
      assert.is_nil((err.message .. err.hint):find "hunter2")
      assert.equal(0, case:exchanges())
    end
  end)

  it("reports why the function has none", function()
    refused(with(function() return nil, "the window was closed" end),
      "there is no code of the MFA device " .. SERIAL .. ": the window was closed", "device")
    refused(with(function() end), "there is no code of the MFA device " .. SERIAL, "device")
    local _, err = with(function() return nil, { code = "aborted", kind = "network", message = "gone" } end):get()
    assert.same({ "aborted", "gone" }, { err.code, err.message })
    _, err = with(function() return nil, { code = "no_credentials", kind = "credentials", message = "m" } end):get()
    assert.equal("m", err.message)
  end)

  it("whose code is refused asks for the next one, and repeats none", function()
    local err = refused(with(function() return "987654" end, { { STS, 403, replay.sts_error("AccessDenied",
      "MultiFactorAuthentication failed with invalid MFA one time pass code 987654") } }),
      "STS answered 403 AccessDenied: MultiFactorAuthentication failed", "each code is good once")
    assert.is_nil(err.message:find("987654", 1, true), err.message)
  end)

  it("asks for nothing in a profile without a role", function()
    local case = with(function() error "asked" end, nil, "[profile work]\n" .. KEYS .. "mfa_serial = x\n")
    assert.equal("AKIAFILE", case:get().access_key_id)
  end)
end)

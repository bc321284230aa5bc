-- Sessions of roles with an MFA device, kept in the files of the aws command.

local core = require "cognito.core"
local document = require "cognito.credentials.document"
local replay = require "spec.support.replay"

local ARN = "arn:aws:iam::123456789012:role/"
local SERIAL = "arn:aws:iam::123456789012:mfa/ada"
local STS = "POST https://sts.eu-west-1.amazonaws.com/"
local KEYS = "aws_access_key_id = AKIAFILE\naws_secret_access_key = hunter2\n"

local function role(name, rest)
  return ("role_arn = %s%s\nregion = eu-west-1\n%s\n"):format(ARN, name, rest)
end

local CONFIG = "[profile work]\n" .. role("r", "source_profile = base\nmfa_serial = " .. SERIAL)
  .. "[profile base]\n" .. KEYS

local function assumed(key_id)
  return { STS, 200, replay.sts_reply("AssumeRole", key_id) }
end

-- The name that awscli gives it: the SHA-1 of {"RoleArn": "…:role/r", "SerialNumber": "…:mfa/ada"}.
local function kept_path(arguments)
  local name = core.run({ "sh", "-c", "printf %s \"$1\" | sha1sum", "sh", arguments }).stdout:match "^%x+"
  return "/ada/.aws/cli/cache/" .. name .. ".json"
end
local KEPT = kept_path(('{"RoleArn": "%sr", "SerialNumber": "%s"}'):format(ARN, SERIAL))

local function kept(expiration, id)
  return ('{"Credentials": {"AccessKeyId": "%s", "SecretAccessKey": "kept/secret", "SessionToken": "kept-token", '
    .. '"Expiration": "%s", "AccountId": "123456789012"}, "AssumedRoleUser": {"Arn": "x"}, "ResponseMetadata": '
    .. '{"RetryAttempts": 0}}'):format(id or "ASIAKEPT", expiration)
end

local function never() error "asked" end

local function cached(mfa_code, text, traffic, config, more)
  local options = { mfa_code = mfa_code, role_cache = true }
  for name, value in pairs(more or {}) do options[name] = value end
  return replay.new { env = { AWS_PROFILE = "work" }, config = config or CONFIG, traffic = traffic,
    files = { [KEPT] = text }, options = options }
end

describe("a role with an MFA device and role_cache", function()
  it("takes the session that the aws command keeps, and assumes nothing", function()
    for _, expiration in ipairs { "2026-11-21T08:04:51UTC", "2026-11-21T08:04:51Z", "2026-11-21T09:04:51+01:00" } do
      assert.same({ access_key_id = "ASIAKEPT", secret_access_key = "kept/secret", session_token = "kept-token",
        expires_at = replay.NOW + 900, account_id = "123456789012",
        source = ("profile 'work' (role %sr, kept in %s)"):format(ARN, KEPT) }, cached(never, kept(expiration)):get())
    end
  end)

  it("keeps one as the aws command does, for the next process", function()
    local case = cached(function() return "123456" end, nil, { assumed "ASIAROLE" })
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.same({ Credentials = { AccessKeyId = "ASIAROLE", SecretAccessKey = "role/secret+",
      SessionToken = "role-token==", Expiration = "2026-11-21T08:49:51Z", AccountId = "123456789012" } },
      document.read(case.files[KEPT], true))
    assert.equal("ASIAROLE", cached(never, case.files[KEPT]):get().access_key_id)
  end)

  it("asks when there is none that lasts another quarter of an hour, or that can be read", function()
    for _, text in ipairs { kept "2026-11-21T08:04:50Z", kept "later", kept("2026-11-21T08:49:51Z", "A B"), "{}", "[",
      '{"Credentials": []}', kept("2026-11-21T08:49:51Z", ""), '{"Credentials": {}}' } do
      local case = cached(function() return "123456" end, text, { assumed "ASIAROLE" })
      assert.equal("ASIAROLE", case:get().access_key_id)
    end
  end)

  it("names the file by all that is asked for, as Python does", function()
    local config = "[profile work]\n" .. role("Zoë😀", "source_profile = base\nmfa_serial = s\n"
      .. 'external_id = a"b\\ \127\t€\nrole_session_name = me\nduration_seconds = 0900') .. "[profile base]\n" .. KEYS
    local case = cached(function() return "123456" end, nil, { assumed "ASIAROLE" }, config)
    case:get()
    assert.is_string(case.files[kept_path(('{"DurationSeconds": 900, "ExternalId": "a\\"b\\\\ \\u007f\\t\\u20ac", '
      .. '"RoleArn": "%sZo\\u00eb\\ud83d\\ude00", "RoleSessionName": "me", "SerialNumber": "s"}'):format(ARN))])
  end)

  it("does not take a session again that the service has refused", function()
    local case = cached(function() return "123456" end, kept "2026-11-21T10:49:51Z", { assumed "ASIAROLE" })
    local first = case:get()
    assert.equal("ASIAKEPT", first.access_key_id)
    assert.equal("ASIAROLE", case:provider():refresh(first).access_key_id)
    case:exchanges()
  end)

  it("serves in the middle of a chain of roles", function()
    local case = cached(never, kept "2026-11-21T10:49:51Z", { assumed "ASIATOP" },
      CONFIG .. "[profile top]\n" .. role("top", "source_profile = work"), { profile = "top" })
    assert.equal("ASIATOP", case:get().access_key_id)
    assert.truthy(case:header(1, "Authorization"):find("Credential=ASIAKEPT/", 1, true))
  end)

  it("keeps no other sessions, and goes on where nothing can be written", function()
    local case = cached(nil, nil, { assumed "ASIAROLE" }, (CONFIG:gsub("mfa_serial[^\n]*", "")),
      { write_file = never })
    assert.equal("ASIAROLE", case:get().access_key_id)
    case = cached(function() return "123456" end, nil, { assumed "ASIAROLE" }, nil,
      { write_file = function() return nil, "Read-only file system" end })
    assert.equal("ASIAROLE", case:get().access_key_id)
  end)

  it("takes and keeps nothing in files unless the program says so", function()
    for _, says in ipairs { "no", "nothing" } do
      local case = cached(function() return "123456" end, kept "2026-11-21T10:49:51Z", { assumed "ASIAROLE" }, nil,
        { write_file = never, role_cache = false })
      if says == "nothing" then case.options.role_cache = nil end
      assert.equal("ASIAROLE", case:get().access_key_id)
    end
  end)
end)

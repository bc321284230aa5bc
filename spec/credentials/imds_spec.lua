-- The metadata service of an instance: how it is asked, and what is done when
-- it is ill.

local replay = require "spec.support.replay"

local BASE = "http://169.254.169.254"
local ROLES = "/latest/meta-data/iam/security-credentials-extended/"
local LEGACY = "/latest/meta-data/iam/security-credentials/"
local HEADER = "x-aws-ec2-metadata-token-ttl-seconds"

local function put(status, body, headers, base)
  return { "PUT " .. (base or BASE) .. "/latest/api/token", status or 200, body or "imds-token", headers }
end

local function list(status, body, base)
  return { "GET " .. (base or BASE) .. ROLES, status or 200, body or "box-role" }
end

local function get(status, body, base)
  return { "GET " .. (base or BASE) .. ROLES .. "box-role", status or 200, body or replay.document }
end

local function old_list(status, body)
  return { "GET " .. BASE .. LEGACY, status or 200, body or "box-role" }
end

local function old_get(status, body)
  return { "GET " .. BASE .. LEGACY .. "box-role", status or 200, body or replay.document }
end

local function case_of(traffic, env, config)
  return replay.new { traffic = traffic, env = env, config = config }
end

local function refused(case, part)
  local found, err = case:get()
  assert.is_nil(found)
  assert.truthy(err.message:find(part, 1, true), err.message)
  assert.is_nil(err.message:find("box/secret", 1, true))
  case:exchanges()
  return err
end

local function document(expiration)
  return (replay.document:gsub("2026%-11%-21T13:49:51Z", expiration))
end

describe("instance metadata", function()
  it("is asked for a token, the role and its credentials", function()
    local case = case_of { put(), list(200, "box-role\n"), get() }
    local found = case:get()
    assert.equal("instance metadata (role box-role)", found.source)
    found.source = nil
    assert.same(replay.document_keys, found)
    assert.equal("21600", case:header(1, HEADER))
    assert.is_nil((case:header(1, "x-aws-ec2-metadata-token")))
    assert.equal("imds-token", case:header(2, "x-aws-ec2-metadata-token"))
    assert.equal("imds-token", case:header(3, "x-aws-ec2-metadata-token"))
    for n = 1, 3 do
      assert.equal("metadata", case.sent[n].runtime)
      assert.equal(1, case.sent[n].options.timeout)
      assert.equal(1, case.sent[n].options.connect_timeout)
      assert.is_true(case.sent[n].options.all_headers)
    end
  end)

  it("keeps the token until two minutes before its end", function()
    local case = case_of { put(200, "first", { [HEADER] = "600" }), list(), get(), list(), get(),
      put(200, "second"), list(), get() }
    case:get()
    case.time = replay.NOW + 479
    case:provider():refresh()
    assert.equal("first", case:header(5, "x-aws-ec2-metadata-token"))
    case.time = replay.NOW + 481
    case:provider():refresh()
    assert.equal("second", case:header(8, "x-aws-ec2-metadata-token"))
    case:exchanges()
  end)

  it("gets another token when one is refused", function()
    local case = case_of { put(), list(401), put(200, "second"), list(), get() }
    assert.equal("ASIABOX", case:get().access_key_id)
    assert.equal("second", case:header(5, "x-aws-ec2-metadata-token"))
    refused(case_of { put(), list(401), put(), list(401) }, "asked for the role's name, it answered 401")
  end)

  it("may be somewhere else", function()
    local file = "[default]\nec2_metadata_service_endpoint = http://127.0.0.1:2\n"
    local mode = "[default]\nec2_metadata_service_endpoint_mode = ipv6\n"
    for _, row in ipairs {
      { "http://127.0.0.1:1", { AWS_EC2_METADATA_SERVICE_ENDPOINT = "http://127.0.0.1:1/" }, file },
      { "http://127.0.0.1:2", {}, file },
      { "http://127.0.0.1:2", { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "IPv6" }, file },
      { "http://[fd00:ec2::254]", { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "IPv6" } },
      { "http://[fd00:ec2::254]", {}, mode },
      { BASE, { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "IPV4" }, mode },
    } do
      local base = row[1]
      local case = case_of({ put(nil, nil, nil, base), list(nil, nil, base), get(nil, nil, base) }, row[2], row[3])
      assert.equal("ASIABOX", case:get().access_key_id)
    end
    refused(case_of({}, { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "IPv5" }), "_ENDPOINT_MODE must be IPv4 or IPv6")
    refused(case_of({}, { AWS_EC2_METADATA_SERVICE_ENDPOINT = "nonsense" }), "_ENDPOINT is not an http or https URL")
    for _, row in ipairs { { "", "is not an http or https URL" }, { "_mode", "must be IPv4 or IPv6" } } do
      local key = "ec2_metadata_service_endpoint" .. row[1]
      refused(case_of({}, {}, ("[default]\n\n%s = nonsense\n"):format(key)),
        ("%s of profile 'default' (line 3 of the config file /ada/.aws/config) %s"):format(key, row[2]))
    end
  end)

  it("may be switched off", function()
    refused(case_of({}, { AWS_EC2_METADATA_DISABLED = "True" }), "AWS_EC2_METADATA_DISABLED is set")
    assert.equal("ASIABOX", case_of({ put(), list(), get() }, { AWS_EC2_METADATA_DISABLED = "no" }):get().access_key_id)
  end)

  it("is passed over where nothing answers, after one try", function()
    local case = case_of { put "timeout" }
    refused(case, "nothing answers at " .. BASE)
    assert.same({}, case.slept)
  end)

  it("is passed over where the instance has no role", function()
    refused(case_of { put(), list(404), old_list(404) }, "the instance has no role")
  end)

  it("tells the account where it serves the newer path, and is asked for no other then", function()
    local case = case_of { put(), list(), get(200, (replay.document:gsub("}$", ',"AccountId":"123456789012"}'))),
      list(), get(), list(404) }
    assert.equal("123456789012", case:get().account_id)
    case:provider():refresh()
    case:provider():refresh()
    case:exchanges()
  end)

  it("is asked below the older path where it serves that alone, and remembered so", function()
    for _, status in ipairs { 403, 404, 405 } do
      local case = case_of { put(), list(status), old_list(), old_get(), old_list(), old_get() }
      assert.equal("ASIABOX", case:get().access_key_id)
      assert.equal("ASIABOX", case:provider():refresh().access_key_id)
      case:exchanges()
    end
    local case = case_of { put(), list(500), list(), get() } -- trouble is no reason
    assert.equal("ASIABOX", case:get().access_key_id)
  end)

  it("is not asked for the role's name where that is set", function()
    local file = "[default]\nec2_instance_profile_name = box-role\n"
    local variables = { AWS_EC2_INSTANCE_PROFILE_NAME = "box-role" }
    for _, row in ipairs { { variables, file:gsub("box", "other") }, { {}, file } } do
      local case = case_of({ put(), get(), get() }, row[1], row[2])
      assert.equal("instance metadata (role box-role)", case:get().source)
      case:provider():refresh()
      case:exchanges()
    end
    local case = case_of({ put(), get(404), old_get(), old_get() }, variables)
    assert.equal("ASIABOX", case:get().access_key_id)
    case:provider():refresh()
    case:exchanges()
    refused(case_of({ put(), get(404), old_get(404) }, variables), "credentials of box-role, it answered 404")
    for _, name in ipairs { "a/b", "a b", "../x" } do
      refused(case_of({}, { AWS_EC2_INSTANCE_PROFILE_NAME = name }), "no name of a role")
    end
  end)

  it("is asked as long and as often as the variables of botocore say, else the profile", function()
    local file = "[default]\nmetadata_service_timeout = 4\nmetadata_service_num_attempts = 2\n"
    for _, row in ipairs {
      { 3, 3, { AWS_METADATA_SERVICE_TIMEOUT = "3", AWS_METADATA_SERVICE_NUM_ATTEMPTS = " 3 " }, file },
      { 4, 2, {}, file }, { 0.5, 1, { AWS_METADATA_SERVICE_TIMEOUT = "0.5" } },
    } do
      local traffic = {}
      for i = 1, row[2] do traffic[i] = put "timeout" end
      local case = case_of(traffic, row[3], row[4])
      refused(case, "nothing answers at " .. BASE)
      assert.equal(row[1], case.sent[1].options.timeout)
      assert.equal(row[1], case.sent[1].options.connect_timeout)
    end
    refused(case_of({ put(500) }, { AWS_METADATA_SERVICE_NUM_ATTEMPTS = "1" }), "asked for a token, it answered 500")
    for _, row in ipairs { { "TIMEOUT", "0" }, { "TIMEOUT", "1s" }, { "TIMEOUT", "." }, { "TIMEOUT", "-1" },
      { "NUM_ATTEMPTS", "0" }, { "NUM_ATTEMPTS", "1.5" }, { "NUM_ATTEMPTS", "many" }, { "NUM_ATTEMPTS", "99999" } } do
      local name = "AWS_METADATA_SERVICE_" .. row[1]
      refused(case_of({}, { [name] = row[2] }), name .. " must be ")
    end
  end)

  it("is asked four times when it fails", function()
    local case = case_of { put(500), put(503), put(500), put(), list(500), list(), get(502), get() }
    assert.equal("ASIABOX", case:get().access_key_id)
    assert.same({ 0.5, 1, 2, 0.5, 0.5 }, case.slept)
    refused(case_of { put(500), put(500), put(500), put(500) }, "asked for a token, it answered 500")
  end)

  local broken = {
    { "a refused token", { put(403) }, "asked for a token, it answered 403" },
    { "version 1 alone", { put(404) }, "asked for a token, it answered 404" },
    { "no token", { put(200, "") }, "asked for a token, it answered none" },
    { "a token with a line break", { put(200, "a\r\nX-Evil: 1") }, "asked for a token, it answered none" },
    { "a page for a role", { put(), list(200, "<html>") }, "asked for the role's name, it answered none" },
    { "two roles", { put(), list(200, "a\nb") }, "asked for the role's name, it answered none" },
    { "a role that went", { put(), list(), get(404) }, "asked for the credentials of box-role, it answered 404" },
    { "silence after the token", { put(), list "timeout" }, "it stopped answering: timeout" },
    { "an answer that is no JSON", { put(), list(), get(200, "{") }, "something else than a JSON object" },
    { "half an answer", { put(), list(), get(200, '{"AccessKeyId":"A"}') }, "there is no SecretAccessKey" },
    { "a role that does not trust it", { put(), list(), get(200, '{"Code":"AssumeRoleUnauthorizedAccess"}') },
      "it answered AssumeRoleUnauthorizedAccess" },
    { "a text in place of a code", { put(), list(), get(200, '{"Code":"the secret is s3cret"}') },
      "it answered a code that is none" },
  }
  for _, row in ipairs(broken) do
    it("is broken by " .. row[1], function()
      local err = refused(case_of(row[2]), row[3])
      assert.truthy(err.message:find("instance metadata: ", 1, true))
    end)
  end
end)

describe("credentials of an instance that cannot be renewed", function()
  it("are used for ten to fifteen minutes longer", function()
    local case = case_of { put(), list(), get(200, document "2026-11-21T07:49:00Z"), list(), get() }
    local found = case:get()
    assert.equal("ASIABOX", found.access_key_id)
    assert.equal(replay.NOW + 750, found.expires_at)
    case.time = replay.NOW + 600
    case:get()
    case.time = replay.NOW + 750
    assert.equal(replay.NOW + 6 * 3600, case:get().expires_at)
    case:exchanges()
  end)

  it("are used on when the service is gone", function()
    local case = case_of { put(), list(), get(200, document "2026-11-21T08:49:51Z"), list "timeout", list(404),
      list(), get() }
    case:get()
    case.time = replay.NOW + 3600
    assert.equal(replay.NOW + 3600 + 750, case:get().expires_at)
    case.time = replay.NOW + 3600 + 750
    assert.equal("ASIABOX", case:get().access_key_id)
    case.time = replay.NOW + 3600 + 1500
    assert.equal(replay.NOW + 6 * 3600, case:get().expires_at)
    case:exchanges()
  end)
end)

-- Sources that are asked, that are passed over, and that end the search.

local cognito = require "cognito"
local credentials = require "cognito.credentials"
local errors = require "cognito.errors"
local replay = require "spec.support.replay"

local KEYS = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "env-secret" }
local DEFAULT = "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = file-secret\n"
local WORK = "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = work-secret\n"
local IMDS = "http://169.254.169.254/latest/"
local STS = "POST https://sts.eu-west-1.amazonaws.com/"

local function with(base, more)
  local all = {}
  for name, value in pairs(base) do all[name] = value end
  for name, value in pairs(more) do all[name] = value end
  return all
end

local token_env = {
  AWS_WEB_IDENTITY_TOKEN_FILE = "/token", AWS_ROLE_ARN = "arn:aws:iam::123456789012:role/r", AWS_REGION = "eu-west-1",
}
local container_env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/v2/x" }

describe("the chain", function()
  it("asks each source in its turn", function()
    local case = replay.new { env = with(KEYS, with(token_env, container_env)), credentials = DEFAULT }
    assert.equal("AKIAENV", case:get().access_key_id)
    assert.same({}, case.read)

    case = replay.new {
      env = with(token_env, container_env), credentials = DEFAULT, files = { ["/token"] = "t" },
      traffic = { { STS, 200, replay.sts_reply "AssumeRoleWithWebIdentity" } },
    }
    assert.equal("ASIAROLE", case:get().access_key_id)

    case = replay.new { env = container_env, credentials = DEFAULT }
    assert.equal("AKIAFILE", case:get().access_key_id)

    case = replay.new {
      env = container_env, traffic = { { "GET http://169.254.170.2/v2/x", 200, replay.document } },
    }
    assert.equal("ASIABOX", case:get().access_key_id)

    case = replay.new { traffic = {
      { "PUT " .. IMDS .. "api/token", 200, "imds-token" },
      { "GET " .. IMDS .. "meta-data/iam/security-credentials-extended/", 200, "role" },
      { "GET " .. IMDS .. "meta-data/iam/security-credentials-extended/role", 200, replay.document },
    } }
    assert.equal("ASIABOX", case:get().access_key_id)
    case:exchanges()
  end)

  it("looks up apart from the call where the runtime can, so that a cancelled call ends no other's", function()
    local case, apart = replay.new { env = KEYS }, 0
    function case.options.runtime.detach(_, look_up)
      apart = apart + 1
      look_up()
      return true
    end
    assert.equal("AKIAENV", case:get().access_key_id)
    assert.equal(1, apart)
  end)

  it("takes the token's older name, and beside both that one, as botocore does", function()
    for _, case in ipairs { { "OLD", AWS_SECURITY_TOKEN = "OLD" }, { "OLD", AWS_SECURITY_TOKEN = "OLD",
      AWS_SESSION_TOKEN = "NEW" }, { "NEW", AWS_SESSION_TOKEN = "NEW" } } do
      local env = with(KEYS, case)
      assert.equal(case[1], replay.new({ env = env }):get().session_token)
      local text = DEFAULT
      for _, name in ipairs { "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN" } do
        text = text .. (case[name] and name:lower() .. " = " .. case[name] .. "\n" or "")
      end
      assert.equal(case[1], replay.new({ credentials = text }):get().session_token)
    end
  end)

  it("lets a profile that the program names beat keys and tokens of variables", function()
    for _, env in ipairs { KEYS, token_env, with(KEYS, { AWS_PROFILE = "other" }) } do
      local given = { env = env, options = { profile = "work" }, credentials = WORK }
      assert.equal("AKIAWORK", replay.new(given):get().access_key_id)
      given.credentials = "[work]\n"
      assert.is_nil((replay.new(with(given, { env = with(env, { AWS_EC2_METADATA_DISABLED = "true" }) })):get()))
    end
  end)

  it("lets keys and tokens of variables beat a profile that a variable names, which must be there", function()
    for _, variable in ipairs { "AWS_PROFILE", "AWS_DEFAULT_PROFILE" } do
      local named = { [variable] = "work" }
      assert.equal("AKIAENV", replay.new({ env = with(KEYS, named), credentials = WORK }):get().access_key_id)
      local case = replay.new {
        env = with(token_env, named), credentials = WORK, files = { ["/token"] = "t" },
        traffic = { { STS, 200, replay.sts_reply "AssumeRoleWithWebIdentity" } },
      }
      assert.equal("ASIAROLE", case:get().access_key_id)
      local _, err = replay.new({ env = with(KEYS, named), credentials = DEFAULT }):get()
      local words = ("profile 'work': %s names it, and it does not exist"):format(variable)
      assert.equal(1, (err.message:find(words, 1, true)))
      -- A file that cannot be read may hold the profile: the keys need nothing of it.
      assert.equal("AKIAENV", replay.new({ env = with(KEYS, named), config = "\255" }):get().access_key_id)
    end
  end)

  it("lets the role of a profile beat a token of variables, but not keys", function()
    local config = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
      .. "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n"
    local case = replay.new { env = token_env, config = config,
      traffic = { { STS, 200, replay.sts_reply "AssumeRole" } } }
    assert.equal("ASIAROLE", case:get().access_key_id)
    assert.equal("AKIAENV", replay.new({ env = with(KEYS, token_env), config = config }):get().access_key_id)
  end)

  it("says of each source why it has none", function()
    local case = replay.new {
      credentials = WORK,
      traffic = { { "PUT " .. IMDS .. "api/token", "no connection" } },
    }
    local found, err = case:get()
    assert.is_nil(found)
    assert.equal("no_credentials", err.code)
    assert.equal("credentials", err.kind)
    for _, part in ipairs { "there is no profile 'default'", "/ada/.aws/config (No such file",
      "AWS_WEB_IDENTITY_TOKEN_FILE is not set", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "nothing answers at http://169.254.169.254 (no connection)" } do
      assert.truthy(err.message:find(part, 1, true), part .. " is not in: " .. err.message)
    end
    assert.truthy(err.message:find("AWS_ACCESS_KEY_ID", 1, true))
  end)

  it("stops at a source that is broken", function()
    local broken = {
      { { env = { AWS_ACCESS_KEY_ID = "AKIAENV" }, credentials = DEFAULT }, "AWS_SECRET_ACCESS_KEY is not" },
      { { credentials = "nonsense", env = container_env }, "the profile files: line 1 of the credentials file" },
      { { credentials = ("x"):rep(1e7) }, "larger than 1 MiB" },
      { { config = "[default]\nregion = \255\n" }, "not UTF-8" },
      { { env = with(container_env, { AWS_WEB_IDENTITY_TOKEN_FILE = "/token" }) }, "AWS_ROLE_ARN is not" },
    }
    for _, row in ipairs(broken) do
      local case = replay.new(row[1])
      local found, err = case:get()
      assert.is_nil(found)
      assert.truthy(err.message:find(row[2], 1, true), err.message)
      assert.equal(0, case:exchanges())
    end
  end)

  it("is stopped by a fault of the profile it reads, and by no other", function()
    local case = replay.new { config = "[profile other]\nnonsense\n", credentials = DEFAULT }
    assert.equal("AKIAFILE", case:get().access_key_id)
    case = replay.new { config = "[default]\nnonsense\n", credentials = DEFAULT }
    local found, err = case:get()
    assert.is_nil(found)
    assert.equal("profile 'default': line 2 of the config file /ada/.aws/config: expected key = value", err.message)
    case = replay.new { config = "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
      .. "[sso-session s]\nnonsense\n" }
    found, err = case:get()
    assert.is_nil(found)
    assert.truthy(err.message:find("line 6 of the config file /ada/.aws/config", 1, true), err.message)
  end)

  it("hands out a new error each time", function()
    local case = replay.new { env = { AWS_ACCESS_KEY_ID = "AKIAENV" } }
    local _, first = case:get()
    first.operation = "list_users"
    local _, second = case:get()
    assert.are_not.equal(first, second)
    assert.is_true(errors.is_error(second))
    assert.is_nil(second.operation)
    assert.equal("Set both, or neither", second.hint)
  end)

  it("gives no half of credentials, and none that cannot travel", function()
    for _, text in ipairs {
      "[default]\naws_access_key_id = AKIA\n EXTRA\naws_secret_access_key = hunter2\n",
      "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hunter2 hunter2\n",
      "[default]\naws_access_key_id = AKIÄ\naws_secret_access_key = hunter2\n",
      "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hunter2\naws_session_token = a\n b\n",
    } do
      local found, err = replay.new({ credentials = text }):get()
      assert.is_nil(found)
      assert.truthy(err.message:find("profile 'default': its ", 1, true), err.message)
      assert.is_nil(err.message:find "hunter2")
    end
  end)

  it("reads the files again each time", function()
    local case = replay.new { credentials = DEFAULT }
    assert.equal("AKIAFILE", case:get().access_key_id)
    case.files["/ada/.aws/credentials"] = DEFAULT:gsub("AKIAFILE", "AKIANEW")
    assert.equal("AKIAFILE", case:get().access_key_id)
    assert.equal("AKIANEW", case:provider():refresh().access_key_id)
  end)

  it("takes no option that it does not know", function()
    assert.has_error(function() credentials.chain { profil = "x" } end,
      "unknown option 'profil'; did you mean 'profile'?")
    assert.has_error(function() credentials.chain { profile = "" } end)
    assert.has_error(function() credentials.chain { env = {} } end)
    assert.error_matches(function() credentials.chain { max_response = 1 } end, "unknown option 'max_response'")
    for name, kind in pairs {
      role_cache = "true or false", ca_path = "a string", proxy = "a string", mfa_code = "a function",
      runtime = "a table", run = "a function", now = "a function",
    } do
      assert.error_matches(function() credentials.chain { [name] = 1 } end, name .. "' must be " .. kind)
    end
  end)
end)

describe("a client's credentials", function()
  local function none() end

  it("may be a provider", function()
    local case = replay.new { env = KEYS }
    assert.equal("AKIAENV", credentials.source({ credentials = case:provider() })().access_key_id)
  end)

  it("may be missing", function()
    local pool = cognito.new { user_pool_id = "eu-west-1_x", env = none, credentials = credentials.chain {
      env = function(name) return name == "AWS_EC2_METADATA_DISABLED" and "true" or nil end,
    } }
    local result, err = pool:admin_get_user { username = "ada" }
    assert.is_nil(result)
    assert.equal("no_credentials", err.code)
    assert.truthy(tostring(err):find("AWS_ACCESS_KEY_ID is not set", 1, true))
  end)
end)

describe("the environment", function()
  it("is read trimmed, and blank ones count as unset", function()
    local case = replay.new { env = {
      AWS_ACCESS_KEY_ID = " AKIAENV\n", AWS_SECRET_ACCESS_KEY = "\tenv-secret ", AWS_SESSION_TOKEN = "  ",
      AWS_ACCOUNT_ID = "123456789012",
    } }
    assert.same({
      access_key_id = "AKIAENV", secret_access_key = "env-secret", account_id = "123456789012",
      source = "the environment",
    }, case:get())
    case = replay.new { env = with(KEYS, { AWS_SESSION_TOKEN = "tok" }) }
    assert.equal("tok", case:get().session_token)
    case = replay.new { env = { AWS_ACCESS_KEY_ID = " " }, credentials = DEFAULT }
    assert.equal("AKIAFILE", case:get().access_key_id)
  end)

  it("may say when its keys end, in the program as for a role", function()
    for text, ends in pairs { ["2026-11-21T08:49:51Z"] = 3600, ["2026-11-21T08:49:51+00:00"] = 3600,
      [" 2026-11-21T09:49:51.5+01:00\n"] = 3600.5, [""] = false } do
      local case = replay.new { env = with(KEYS, { AWS_CREDENTIAL_EXPIRATION = text }) }
      assert.equal(ends and replay.NOW + ends or nil, case:get().expires_at)
      case.time = replay.NOW + 3601
      local found, err = case:get()
      assert.equal(ends and "the environment: the keys have expired, says AWS_CREDENTIAL_EXPIRATION",
        not found and err.message)
    end
    for text, words in pairs { ["2026-11-21T07:49:51Z"] = "have expired", ["2026-11-21"] = "is not a date",
      nonsense = "is not a date" } do
      local _, err = replay.new({ env = with(KEYS, { AWS_CREDENTIAL_EXPIRATION = text }), credentials = DEFAULT }):get()
      assert.truthy(err.message:find(words, 1, true), err.message)
    end
    assert.is_nil(replay.new({ env = { AWS_CREDENTIAL_EXPIRATION = "2020-01-01T00:00:00Z" }, credentials = DEFAULT })
      :get().expires_at)
  end)

  it("needs a secret with a key id, and a key id with a secret", function()
    for _, secret in ipairs { "", "  " } do
      local _, err = replay.new({ env = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = secret } }):get()
      assert.truthy(err.message:find("AWS_SECRET_ACCESS_KEY is not", 1, true))
    end
    local case = replay.new { env = { AWS_SECRET_ACCESS_KEY = "s" }, credentials = DEFAULT }
    assert.equal("AKIAFILE", case:get().access_key_id)
  end)

  it("counts only with the prefix", function()
    local case = replay.new {
      env = { ACCESS_KEY_ID = "A", SECRET_ACCESS_KEY = "s", AWS_ACCESS_KEY_ID = "AKIAENV" }, credentials = DEFAULT,
    }
    assert.is_nil((case:get()))
  end)
end)

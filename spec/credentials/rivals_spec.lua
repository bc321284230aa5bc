-- Credentials of variables beside those of a profile: who signs, and the
-- warning that says so in `describe` and in `cognito doctor`.

local client = require "cognito.client"
local cognito = require "cognito"
local command = require "spec.support.command"

local KEYS = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "s" }
local TOKEN = { AWS_WEB_IDENTITY_TOKEN_FILE = "/token", AWS_ROLE_ARN = "arn:aws:iam::1:role/env" }
local WORK = "[profile work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n"
local DEFAULT = WORK:gsub("profile work", "default")
local ROLE = "[default]\nrole_arn = arn:aws:iam::1:role/file\nsource_profile = work\n" .. WORK

local function with(...)
  local all = {}
  for i = 1, select("#", ...) do
    for name, value in pairs((select(i, ...))) do all[name] = value end
  end
  return all
end

-- A client whose look-ups ask a runtime that notes what they ask STS for.
local function client_of(env, config, settings)
  local case = {}
  local files = { ["/ada/.aws/config"] = config, ["/token"] = "t" }
  env = with({ HOME = "/ada", AWS_EC2_METADATA_DISABLED = "true" }, env)
  case.pool = cognito.new(with({
    user_pool_id = "eu-west-1_Ab12Cd34E", random = function() return 0 end,
    env = function(name) return env[name] end,
    read_file = function(path) return files[path], "No such file or directory" end,
    runtime = function(request)
      case.asked = request.body:match "RoleArn=[^&]*%%2F(%w+)"
      return { status = 400, body = "" }
    end,
  }, settings or {}))
  return case
end

-- The signer: a key id, or the role that STS is asked for.
local function signer(case)
  local found = client.credentials(case.pool)
  return found and found.access_key_id or case.asked
end

local function warnings(case)
  return table.concat(case.pool:describe().warnings, "\n")
end

describe("credentials of variables and of a profile", function()
  local named = { AWS_PROFILE = "work" }
  local rows = {
    { "AKIAENV", with(KEYS, named), WORK,
      "AWS_PROFILE and AWS_ACCESS_KEY_ID are both set: the keys sign, not profile" },
    { "AKIAENV", with(KEYS, { AWS_DEFAULT_PROFILE = "work" }), WORK,
      "AWS_DEFAULT_PROFILE and AWS_ACCESS_KEY_ID are both set: the keys sign, not profile" },
    { "env", TOKEN, DEFAULT, "profile 'default' has credentials: the web identity signs" },
    { "env", with(TOKEN, named), WORK, "profile 'work' has credentials: the web identity signs" },
    { "file", TOKEN, ROLE, "profile 'default' has a role: the profile's role signs" },
    { "AKIAENV", with(KEYS, TOKEN), DEFAULT }, -- all tools agree on these
    { "AKIAENV", KEYS, DEFAULT },
    { "env", TOKEN, "[default]\nregion = eu-west-1\n" },
    { "AKIAWORK", named, WORK },
    { "AKIAWORK", with(KEYS, TOKEN), WORK, nil, { profile = "work" } },
  }
  for _, row in ipairs(rows) do
    it(("are those of %s: %s"):format(row[1], row[4] or "without a warning"), function()
      local case = client_of(row[2], row[3], row[5])
      assert.equal(row[1], signer(case))
      if row[4] then
        assert.truthy(warnings(case):find(row[4], 1, true), warnings(case))
      else
        assert.equal("", warnings(case))
      end
    end)
  end

  it("are no rivals where the program gives its own", function()
    local case = client_of(with(KEYS, named), WORK,
      { credentials = { access_key_id = "AKIAOWN", secret_access_key = "s" } })
    assert.equal("AKIAOWN", signer(case))
    assert.equal("", warnings(case))
  end)
end)

describe("cognito doctor", function()
  it("says which of two signs, and shows that one", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(WORK)
    file:close()
    local function examine(...)
      local env = with(KEYS, { AWS_PROFILE = "work", AWS_CONFIG_FILE = path })
      local words = { "doctor", "--endpoint", "http://127.0.0.1:1", "--region", "eu-west-1", ... }
      return command.run(words, { env = env }).out
    end
    local out = examine()
    assert.truthy(out:find("note  setting     AWS_PROFILE and AWS_ACCESS_KEY_ID are both set: the keys", 1, true), out)
    assert.truthy(out:find("key …AENV, from the environment", 1, true), out)
    out = examine("--profile", "work")
    assert.is_nil(out:find("both set", 1, true))
    assert.truthy(out:find("key …WORK, from profile 'work'", 1, true), out)
    os.remove(path)
  end)
end)

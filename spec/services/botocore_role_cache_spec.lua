--- Sessions of roles in the files of the aws command: botocore, which that is
-- made of, gives them the same names and takes what the library has written.
local json = require "cjson"
local core = require "cognito.core"
local role_cache = require "cognito.credentials.role_cache"
local token_file = require "cognito.credentials.token_file"

local TEXTS = {
  "plain", "Zoë (eu), old", 'a"b\\c', "tab\tend", "del\127", "€ 😀 \239\191\191", "a/b:c=d", "\1\31", "~ !",
}

-- Each argument with each text, and none, and all together.
local function profiles()
  local all = {}
  for i, text in ipairs(TEXTS) do
    for _, key in ipairs { "external_id", "role_session_name", "mfa_serial" } do
      all[#all + 1] = { role_arn = TEXTS[#TEXTS + 1 - i], [key] = text }
    end
    all[#all + 1] = { role_arn = text, external_id = text, role_session_name = text, mfa_serial = text,
      duration_seconds = "0900" }
  end
  return all
end

local function case_of(settings, text)
  local args = { ExternalId = settings.external_id, RoleSessionName = settings.role_session_name,
    SerialNumber = settings.mfa_serial, DurationSeconds = tonumber(settings.duration_seconds) }
  return { role_arn = settings.role_arn, extra_args = next(args) and args, text = text }
end

describe("botocore, for sessions of roles in files,", function()
  local folder

  local function ask(cases)
    local path = folder .. "/cases"
    assert(core.write_private(path, json.encode { folder = folder, cases = cases }))
    local pipe = assert(io.popen(("python3 spec/support/botocore_role_cache.py <'%s'"):format(path)))
    local text = pipe:read "*a"
    pipe:close()
    return json.decode(text)
  end

  setup(function() folder = core.run({ "mktemp", "-d" }).stdout:match "[^\n]+" end)
  teardown(function() core.run { "rm", "-r", folder } end)

  it("has the same names", function()
    local all, cases = profiles(), {}
    for i, settings in ipairs(all) do cases[i] = case_of(settings) end
    for i, said in ipairs(ask(cases)) do
      assert.equal(said.name, token_file.name(core.sha1(role_cache.key(all[i]))), role_cache.key(all[i]))
      assert.is_nil(said.found)
    end
    assert.equal(36, #all)
  end)

  it("takes kept sessions, but for the last quarter of an hour", function()
    local settings = { role_arn = "arn:aws:iam::1:role/r", mfa_serial = "arn:aws:iam::1:mfa/ada" }
    local function kept(seconds)
      local path, written = nil, nil
      local world = { role_cache = true, variable = function() return "/h" end,
        write_file = function(where, text) path, written = where, text end }
      role_cache.keep(world, { settings = settings }, { access_key_id = "ASIA", secret_access_key = "s/+",
        session_token = "t==", expires_at = os.time() + seconds, account_id = "123456789012" })
      return path:match "[^/]+$", written
    end
    for seconds, is_taken in pairs { [3600] = true, [960] = true, [840] = false } do
      local name, text = kept(seconds)
      local said = ask({ case_of(settings, text) })[1]
      assert.equal(name, said.name)
      assert.same(is_taken and { "ASIA", "s/+", "t==" } or nil, said.found)
      if is_taken then assert.is_true(math.abs(said.left - seconds) < 30, said.left) end
    end
  end)
end)

local profile = require "cognito.profile"

local function parsed(config, credentials)
  local found, message = profile.parse(config, credentials)
  assert.is_nil(message)
  return found
end

local function default_of(config, credentials)
  return parsed(config, credentials).profiles.default
end

describe("profile.parse", function()
  it("takes files that are not there for empty ones", function()
    assert.same({ profiles = {}, sso_sessions = {}, services = {} }, parsed(nil, nil))
    assert.same({ profiles = {}, sso_sessions = {}, services = {} }, parsed("", "\n\n"))
  end)

  local lines = {
    { "a setting", "key = value", { key = "value" } },
    { "no blanks", "key=value", { key = "value" } },
    { "tabs", "key\t=\tvalue\t", { key = "value" } },
    { "an equals sign in the value", "key = a=b==", { key = "a=b==" } },
    { "keys in any case", "KeY = Value", { key = "Value" } },
    { "an empty value", "key =", { key = "" } },
    { "a comment after a blank", "key = value # comment", { key = "value" } },
    { "a semicolon after a blank", "key = value ; comment", { key = "value" } },
    { "no comment without a blank", "key = value#1;2", { key = "value#1;2" } },
    { "comments on their own", "# a\n; b\nkey = value", { key = "value" } },
    { "blank lines", "\n \t\nkey = value\n\n", { key = "value" } },
    { "line ends of Windows", "key = value\r\nother = x\r\n", { key = "value", other = "x" } },
    { "the last of two", "key = a\nkey = b", { key = "b" } },
    { "a key with other characters, passed over", "a b = c\nkey = value", { key = "value" } },
    { "all characters of keys", "a-b_c.d/e%f@g:h+1 = v", { ["a-b_c.d/e%f@g:h+1"] = "v" } },
    { "a continued value", "key = a\n b\n\tc # kept", { key = "a\nb\nc # kept" } },
    { "settings under an empty value", "s3 =\n  a = b\n\n  C = d = e\n", { s3 = { a = "b", c = "d = e" } } },
    { "no byte of UTF-8 lost", "key = Zoë 😀", { key = "Zoë 😀" } },
  }
  for _, case in ipairs(lines) do
    it("reads " .. case[1], function()
      assert.same(case[3], default_of("[default]\n" .. case[2]))
    end)
  end

  local sections = {
    { "a profile", "[profile a]\nk=v", "a" },
    { "a tab after the word", "[profile\ta]\nk=v", "a" },
    { "blanks in the brackets", "[ profile  a ]\nk=v", "a" },
    { "a comment behind the bracket", "[profile a]#x\nk=v", "a" },
    { "default", "[default]\nk=v", "default" },
    { "default as a profile", "[profile default]\nk=v", "default" },
    { "a name with other characters", "[profile a-b_c.d/e@f:g+1%]\nk=v", "a-b_c.d/e@f:g+1%" },
  }
  for _, case in ipairs(sections) do
    it("knows the section of " .. case[1], function()
      assert.same({ [case[3]] = { k = "v" } }, parsed(case[2]).profiles)
    end)
  end

  it("passes over sections that are none of ours", function()
    for _, header in ipairs { "[a]", "[profile a b]", "[plugins]", "[profile é]", "[]" } do
      assert.same({}, parsed(header .. "\nk = v\n c\n").profiles, header)
    end
    assert.same({}, parsed(nil, "[profile a]\nk = v").profiles)
  end)

  it("knows sso-sessions and services", function()
    local found = parsed("[sso-session s]\nsso_region = eu-west-1\n[services l]\ncognito_identity_provider =\n"
      .. "  endpoint_url = http://127.0.0.1:1\n")
    assert.same({ s = { sso_region = "eu-west-1" } }, found.sso_sessions)
    assert.same({ l = { cognito_identity_provider = { endpoint_url = "http://127.0.0.1:1" } } }, found.services)
  end)

  it("merges a section that stands twice", function()
    assert.same({ a = "1", b = "3", c = "4" },
      parsed("[profile x]\na = 1\nb = 2\n[profile y]\n[profile x]\nb = 3\nc = 4").profiles.x)
  end)

  it("lets [profile default] replace [default]", function()
    assert.same({ b = "2" }, default_of "[default]\na = 1\n[profile default]\nb = 2")
    assert.same({ b = "2" }, default_of "[profile default]\nb = 2\n[default]\na = 1")
  end)

  it("takes the credentials file's word over the config file's", function()
    assert.same({ a = "1", b = "3" }, default_of("[default]\na = 1\nb = 2", "[default]\nb = 3"))
    assert.same({ k = "v" }, parsed(nil, "[work]\nk = v").profiles.work)
  end)

  local broken = {
    { "no equals sign", "[default]\nhunter2", "line 2 of the config file: expected key = value" },
    { "no key", "[default]\n= hunter2", "line 2 of the config file: expected key = value" },
    { "a setting before any section", "key = hunter2", "line 1 of the config file: a setting stands before" },
    { "a continuation of nothing", "[default]\n hunter2", "line 2 of the config file: an indented line" },
    { "a continuation before any section", " a", "line 1 of the config file: an indented line" },
    { "a section without an end", "[default\nk = v", "line 1 of the config file: a section must end" },
    { "a section with something behind it", "[default] x", "line 1 of the config file: a section must end" },
    { "a sub-setting without a value", "[default]\ns3 =\n  hunter2",
      "line 3 of the config file: expected an indented" },
    { "bytes that are no UTF-8", "[default]\nk = \255", "the config file is not UTF-8" },
    { "half a character", "[default]\nk = \226\130", "the config file is not UTF-8" },
    { "a NUL", "[default]\nk = a\0b", "the config file is not UTF-8" },
    { "10 MB", ("x"):rep(1e7), "the config file is larger than 1 MiB" },
  }
  for _, case in ipairs(broken) do
    it("says what is wrong with " .. case[1], function()
      local found, message = profile.parse(case[2])
      assert.is_nil(found)
      assert.truthy(message:find(case[3], 1, true), message)
      assert.is_nil(message:find "hunter2")
    end)
  end

  it("names the credentials file", function()
    assert.truthy(select(2, profile.parse("", "[a]\n\nx")):find("line 3 of the credentials file", 1, true))
  end)
end)

describe("profile.locate", function()
  local function locate(values)
    return profile.locate(function(name) return values[name] end)
  end

  it("looks below the home folder", function()
    assert.same({ config = "/h/ada/.aws/config", credentials = "/h/ada/.aws/credentials", profile = "default",
      profile_is_set = false }, locate { HOME = "/h/ada" })
    assert.equal("C:\\Users\\ada/.aws/config", locate({ USERPROFILE = "C:\\Users\\ada" }).config)
    assert.equal("C:\\Users\\ada/.aws/config", locate({ HOMEDRIVE = "C:", HOMEPATH = "\\Users\\ada" }).config)
    assert.is_nil(locate({}).config)
  end)

  it("takes what the environment names", function()
    local found = locate {
      HOME = "/h", AWS_CONFIG_FILE = "~/c", AWS_SHARED_CREDENTIALS_FILE = "/x", AWS_PROFILE = "work",
    }
    assert.same({ config = "/h/c", credentials = "/x", profile = "work", profile_is_set = true }, found)
    assert.same("/h/.aws/config", locate({ HOME = "/h", AWS_CONFIG_FILE = " ", AWS_PROFILE = "" }).config)
  end)
end)

local profile = require "cognito.aws.files"

local function parsed(config, credentials)
  local found = profile.parse(config, credentials)
  assert.is_nil(found.fault)
  for _, faults in pairs(found.faults) do assert.same({}, faults) end
  return { profiles = found.profiles, sso_sessions = found.sso_sessions, services = found.services }
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
    { "a # after a blank", "key = value # all", { key = "value # all" } },
    { "a semicolon after a blank", "key = value\t; all", { key = "value\t; all" } },
    { "one that is all", "key = # all", { key = "# all" } },
    { "neither without a blank", "key = value#1;2", { key = "value#1;2" } },
    { "comments on their own", "# a\n; b\nkey = value", { key = "value" } },
    { "blank lines", "\n \t\nkey = value\n\n", { key = "value" } },
    { "line ends of Windows", "key = value\r\nother = x\r\n", { key = "value", other = "x" } },
    { "the last of two", "key = a\nkey = b", { key = "b" } },
    { "a key with other characters", "a b = c\nkey = value", { ["a b"] = "c", key = "value" } },
    { "all characters of keys", "a-b_c.d/e%f@g+1 = v", { ["a-b_c.d/e%f@g+1"] = "v" } },
    { "a colon for the equals sign", "key: value\nurl : http://x=y", { key = "value", url = "http://x=y" } },
    { "line ends of old", "key = value\rother = x\r", { key = "value", other = "x" } },
    { "indented keys", "  key = value\n  other = x", { key = "value", other = "x" } },
    { "an indented comment, which continues nothing", "key = a\n  # b\nother = x", { key = "a", other = "x" } },
    { "an indented first key and one that is not", "  key = value\nother = x", { key = "value", other = "x" } },
    { "signs of comments inside quotes",
      "key = sh -c 'a ; b # c' \"d # e\" # f", { key = "sh -c 'a ; b # c' \"d # e\" # f" } },
    { "white space of Unicode around keys and values",
      "key\194\160=\227\128\128value\194\160x\226\128\175\28\nk\225\154\128=\226\129\159v",
      { key = "value\194\160x", k = "v" } },
    { "a value that Unicode's white space continues", "key = a\n\226\128\137b\nx = y", { key = "a\nb", x = "y" } },
    { "a column of characters, not of bytes", "\227\128\128key = a\n  b", { key = "a\nb" } },
    { "no white space in half a character", "key = \195\160\nk = \194\133\195\133",
      { key = "\195\160", k = "\195\133" } },
    { "a NUL in a value", "key = a\0b\nother = x", { key = "a\0b", other = "x" } },
    { "a blank line inside a value", "key = a\n\n b\n\nother = x", { key = "a\n\nb", other = "x" } },
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
    { "a remark behind the bracket", "[profile a] of ours\nk=v", "a" },
    { "a name with a bracket", "[profile a]b]\nk=v", "a]b" },
    { "a blank before the bracket", " [profile a]\nk=v", "a" },
    { "a profile below an indented key", "[default ]\n[profile a]\n  k=v", "a" },
    { "a name in quotes", '[profile "a"]\nk=v', "a" },
    { "a name with blanks", '[profile "My Corp"]\nk=v', "My Corp" },
    { "a name with blanks in single quotes", "[profile 'My Corp']\nk=v", "My Corp" },
    { "a name with parentheses and a comma", '[profile "dev (eu), old"]\nk=v', "dev (eu), old" },
    { "a name in other letters", "[profile Zoë]\nk=v", "Zoë" },
    { "a name with brackets", '[profile "a]b"]\nk=v', "a]b" },
    { "a first word that only begins so", "[profiles a]\nk=v", "a" },
    { "a name with other characters", "[profile a-b_c.d/e@f:g+1%]\nk=v", "a-b_c.d/e@f:g+1%" },
  }
  for _, case in ipairs(sections) do
    it("knows the section of " .. case[1], function()
      assert.same({ k = "v" }, parsed(case[2]).profiles[case[3]])
    end)
  end

  it("takes the last bracket of a header for its end, as the aws command does, and says so", function()
    for _, header in ipairs { "[default] ; c ] x", "[profile a] # see [b]" } do
      local found = profile.parse("\n" .. header .. "\nk=v\n")
      assert.same({}, found.profiles)
      assert.truthy(found.warnings[1]:find("line 2 of the config file: the line holds more than one ]", 1, true))
    end
    assert.same({}, profile.parse("[default] of ours\n").warnings)
  end)

  it("warns of a value that other SDKs cut off at a comment, without showing it", function()
    for value, sign in pairs { ["hunter2 # x"] = "#", ["hunter2\t; x"] = ";", ["# hunter2"] = "#",
      ["Bob's ;hunter2"] = ";" } do
      local warnings = profile.parse("[default]\nregion = " .. value).warnings
      assert.equal(1, #warnings)
      assert.truthy(warnings[1]:find(("line 2 of the config file: %s is part of the value of region"):format(sign), 1,
        true))
      assert.is_nil(warnings[1]:find "hunter2")
    end
    for _, value in ipairs { "a#b;c", "sh -c 'a ; b # c' \"d # e\"", "a'b # c'd" } do
      assert.same({}, profile.parse("[default]\nregion = " .. value).warnings)
    end
  end)

  it("passes over sections that are none of ours", function()
    for _, header in ipairs { "[a]", "[profile a b]", "[profile o'b]", "[plugins]", "[profile]" } do
      assert.same({}, parsed(header .. "\nk = v\n c\n").profiles, header)
    end
    assert.is_nil(parsed(nil, "[profile a]\nk = v").profiles.a)
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

  it("takes the last of [default] and [profile default], and of other spellings, whole", function()
    assert.same({ b = "2" }, default_of "[default]\na = 1\n[profile default]\nb = 2")
    assert.same({ a = "1" }, default_of "[profile default]\nb = 2\n[default]\na = 1")
    assert.same({ b = "2" }, parsed('[profile x]\na = 1\n[profile "x"]\nb = 2').profiles.x)
  end)

  it("mixes no keys of the two files", function()
    assert.same({ region = "r", aws_access_key_id = "B", aws_secret_access_key = "t" }, default_of(
      "[default]\nregion = r\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = old\n",
      "[default]\naws_access_key_id = B\naws_secret_access_key = t\n"))
  end)

  it("gives a pair of keys in the config file no half of another one", function()
    local pair = "[default]\naws_access_key_id = A\naws_secret_access_key = B\n"
    local own = { aws_access_key_id = "A", aws_secret_access_key = "B" }
    for _, half in ipairs { "aws_secret_access_key = C", "aws_session_token = T", "aws_security_token = T",
      "aws_account_id = 1" } do
      assert.same(own, default_of(pair, "[default]\n" .. half), half)
    end
    assert.same({ aws_access_key_id = "A", aws_secret_access_key = "B", region = "x" },
      default_of(pair, "[default]\naws_secret_access_key = C\nregion = x"))
    assert.same({ aws_access_key_id = "A", aws_secret_access_key = "C" },
      default_of("[default]\naws_access_key_id = A", "[default]\naws_secret_access_key = C"))
  end)

  it("warns of names and repetitions that the aws command does not take", function()
    local function warns(wanted, config, other)
      local warnings = profile.parse(config, other, { config = "/c", credentials = "/k" }).warnings
      assert.equal(1, #warnings)
      assert.truthy(warnings[1]:find(wanted, 1, true), warnings[1])
    end
    warns("line 1 of the config file /c: [profile a b] is no profile: quote its name", "[profile a b]\n")
    warns("line 2 of the credentials file /k: [profile a] must be written without", "", "\n[profile a]\n")
    warns("line 2 of the config file /c: [default] stands twice", "[default]\n[default]\n")
    warns("line 3 of the config file /c: k stands twice", "[default]\nk = 1\nk = 2\n")
    warns("line 3 of the config file /c: [profile b] is indented", "[default]\nk = 1\n [profile b]\n")
  end)

  it("takes the credentials file's word over the config file's", function()
    assert.same({ a = "1", b = "3" }, default_of("[default]\na = 1\nb = 2", "[default]\nb = 3"))
    assert.same({ k = "v" }, parsed(nil, "[work]\nk = v").profiles.work)
  end)

  describe("with a section [DEFAULT]", function()
    it("gives its settings to all sections of the file that lack them, wherever it stands", function()
      local common = "[DEFAULT]\nregion = r\ns3 =\n  a = b\n"
      local others = "[default]\noutput = json\n[profile a]\nregion = own\n[sso-session s]\nx = y\n[services v]\n"
      for _, text in ipairs { common .. others, others .. common, "[DEFAULT]\nregion = r\n" .. others
        .. "[DEFAULT]\ns3 =\n  a = b\n" } do
        assert.same({
          profiles = { default = { output = "json", region = "r", s3 = { a = "b" } },
            a = { region = "own", s3 = { a = "b" } } },
          sso_sessions = { s = { x = "y", region = "r", s3 = { a = "b" } } },
          services = { v = { region = "r", s3 = { a = "b" } } },
        }, parsed(text))
      end
    end)

    it("is no profile, and gives nothing to the other file", function()
      assert.same({ work = {} }, parsed("[profile work]\n", "[DEFAULT]\naws_access_key_id = A\n").profiles)
      assert.same({ work = { a = "1" } }, parsed("[DEFAULT]\nb = 2\n", "[work]\na = 1\n").profiles)
      assert.same({}, parsed("[DEFAULT]\na = 1\n").profiles)
    end)

    it("gives a token only where there are keys", function()
      local token = "[DEFAULT]\naws_session_token = T\n"
      assert.same({ region = "r" }, default_of(token .. "[default]\nregion = r\n"))
      assert.equal("T", default_of(token .. "[default]\naws_access_key_id = A\n").aws_session_token)
      assert.equal("T", default_of(token .. "aws_access_key_id = A\n[default]\n").aws_session_token)
    end)

    it("warns that other SDKs do not read it, and spoils all where it cannot be read", function()
      local found = profile.parse("[DEFAULT]\na = 1\n[DEFAULT]\nb = 2\n[default]\n", nil, { config = "/c" })
      assert.equal(1, #found.warnings)
      assert.truthy(found.warnings[1]:find("line 1 of the config file /c: the settings of [DEFAULT]", 1, true))
      found = profile.parse("[DEFAULT]\nnonsense\n[profile a]\n[profile b]\n")
      assert.equal("line 2 of the config file: expected key = value", found.faults.profiles.a)
      assert.equal(found.faults.profiles.a, found.faults.profiles.b)
    end)
  end)

  -- What cannot be read, and whether it spoils a profile or the file.
  local broken = {
    { "no separator", "[default]\nhunter2", "line 2 of the config file: expected key = value", true },
    { "no key", "[default]\n= hunter2", "line 2 of the config file: expected key = value", true },
    { "a setting before any section", "key = hunter2", "line 1 of the config file: a setting stands before" },
    { "an indented one", " hunter2", "line 1 of the config file: a setting stands before" },
    { "a section without an end", "[default\nk = v", "line 1 of the config file: a section must end" },
    { "a sub-setting without a value", "[default]\ns3 =\n  hunter2",
      "line 2 of the config file: an indented line below", true },
    { "bytes that are no UTF-8", "[default]\nk = \255", "the config file is not UTF-8" },
    { "a character in more bytes than it needs", "[default]\nk = \192\175", "the config file is not UTF-8" },
    { "one of three bytes in more than it needs", "[default]\nk = \224\128\175", "the config file is not UTF-8" },
    { "half a pair of UTF-16", "[default]\nk = \237\160\128", "the config file is not UTF-8" },
    { "a character beyond the last", "[default]\nk = \244\144\128\128", "the config file is not UTF-8" },
    { "half a character", "[default]\nk = \226\130", "the config file is not UTF-8" },
    { "UTF-16", "[\0d\0e\0f\0a\0u\0l\0t\0]\0\n\0k\0=\0v\0", "the config file is not UTF-8" },
    { "UTF-16 the other way", "\0[\0d\0e\0f\0a\0u\0l\0t\0]\0\n\0k\0=\0v", "the config file is not UTF-8" },
    { "10 MB", ("x"):rep(1e7), "the config file is larger than 1 MiB" },
  }
  for _, case in ipairs(broken) do
    it("names the fault of " .. case[1], function()
      local found = profile.parse(case[2])
      local fault = found.fault
      if case[4] then
        assert.is_nil(fault)
        fault = found.faults.profiles.default
      end
      assert.truthy(fault:find(case[3], 1, true), fault)
      assert.equal(fault, found.warnings[1])
      assert.is_nil(table.concat(found.warnings):find "hunter2")
    end)
  end

  it("leaves other profiles alone with a fault of one", function()
    local found = profile.parse("[profile a]\nnonsense\nk = 1\n[profile b]\nk = 2\n")
    assert.equal("line 2 of the config file: expected key = value", found.faults.profiles.a)
    assert.is_nil(found.faults.profiles.b)
    assert.same({ k = "2" }, found.profiles.b)
  end)

  it("names the credentials file", function()
    local found = profile.parse("", "[a]\n\nx", { credentials = "/k" })
    assert.equal("line 3 of the credentials file /k: expected key = value", found.faults.profiles.a)
  end)

  it("skips the mark that Windows puts before a text", function()
    assert.same({ k = "v" }, default_of "\239\187\191[default]\nk = v")
  end)
end)

describe("profile.locate", function()
  local function locate(values)
    return profile.locate(function(name) return values[name] end)
  end

  it("looks below the home folder", function()
    assert.same({ config = "/h/ada/.aws/config", credentials = "/h/ada/.aws/credentials", profile = "default" },
      locate { HOME = "/h/ada" })
    assert.equal("C:\\Users\\ada/.aws/config", locate({ USERPROFILE = "C:\\Users\\ada" }).config)
    assert.equal("C:\\Users\\ada/.aws/config", locate({ HOMEDRIVE = "C:", HOMEPATH = "\\Users\\ada" }).config)
    assert.is_nil(locate({}).config)
  end)

  it("takes the files that the environment names", function()
    local found = locate {
      HOME = "/h", AWS_CONFIG_FILE = "~/c", AWS_SHARED_CREDENTIALS_FILE = "/x", AWS_PROFILE = "work",
    }
    assert.same({ config = "/h/c", credentials = "/x", profile = "work", profile_is_set = "AWS_PROFILE" },
      found)
    assert.equal("a", locate({ AWS_DEFAULT_PROFILE = "a", AWS_PROFILE = "b" }).profile) -- in botocore's order
    assert.same("/h/.aws/config", locate({ HOME = "/h", AWS_CONFIG_FILE = " ", AWS_PROFILE = "" }).config)
  end)
end)

--- Three hundred generated pairs of configuration files, read by botocore and
-- by the library: the same profile, the same keys and token, the same region.
-- Each is put together from pieces that people write; where one has a piece
-- that the two read differently on purpose, its name is in DIFFERENCES.
local ask = require "spec.support.botocore_ask"
local json = require "cjson"
local profile = require "cognito.aws.files"
local credentials = require "cognito.credentials"

local COUNT = 300

local unpack = unpack or table.unpack -- luacheck: ignore 113

local function same(a, b)
  return require("luassert.util").deepcompare(a, b, true)
end

local HEADERS = { -- of the profile "work"
  "[profile work]", '[profile "work"]', "[profile 'work']", "[profile  work]", "[profile\twork]",
  "[profile work] of ours",
  "[profile work] # comment", "[profile work];x", "[profile wo\\rk]", "[profile work] ; c ] x", "[profile work] [b",
}
local SEPARATORS = { " = ", "=", ": ", ":", "\t=\t", " :" }
local INDENTS = { "", "", "  ", "\t" }
local ENDS = { "\n", "\n", "\r\n", "\r" }
local BETWEEN = { "", "# a = b", "; a = b", "   # comment", "\t; comment", "" }
local OTHERS = {
  "", "[plugins]\ncli = x\n", "[profile a b]\nregion = other\n", '[profile "My Corp"]\nregion = corp\n',
  "[profile Zoë (eu), old]\nregion = zoe\n", "[services l]\ns3 =\n  endpoint_url = http://x\n",
  "[DEFAULT]\nregion = inherited\n", "[DEFAULT]\n  region: a\n[profile x]\n[DEFAULT]\naws_session_token=ALL\n",
  "[profile o'b]\nregion = x\n", "[preview]\na = b\n  c\n",
}
local TOKENS = {
  {}, { "aws_session_token", "NEW" }, { "aws_security_token", "OLD" }, { "AWS_Session_Token", "Z==" },
  { "aws_security_token", "" }, { "aws_session_token", "" },
  { "aws_security_token", "", { "aws_session_token", "NEW" } },
  { "aws_session_token", "NEW", { "aws_security_token", "OLD" } },
}

-- Numbers that are the same on every machine (Park and Miller).
local seed = 20261127
local function pick(list)
  seed = seed * 16807 % 2147483647
  return list[seed % #list + 1]
end

local function section(header, settings)
  local indent, lines = pick(INDENTS), { header }
  for _, setting in ipairs(settings) do
    lines[#lines + 1] = pick(BETWEEN)
    lines[#lines + 1] = indent .. setting[1] .. pick(SEPARATORS) .. setting[2]
  end
  return table.concat(lines, "\n") .. "\n"
end

local function keys(id)
  local settings = { { "aws_access_key_id", id },
    { pick { "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY" }, "s=/+" } }
  local token = pick(TOKENS)
  settings[3] = token[1] and token
  settings[#settings + 1] = token[3]
  return settings
end

local function case_of()
  local region = { { "region", pick { "eu-west-1", "ap-south-1", "eu-west-1 # home", "eu ; x", "a#b", "# x",
    "\194\160eu-west-1\227\128\128" } }, { "x", pick { "y", "a\0b", "a ; b", "\"q # r\" # s" } } }
  local config, other = pick(OTHERS) .. section(pick(HEADERS), region), ""
  local default = section(pick { "[default]", "[profile default]" }, keys "AKIADEFAULT")
  if pick { true, false } then
    other = section("[work]", keys "AKIAOTHER")
  else
    config = config:gsub("%s*$", "\n") .. section("[profile base]", keys "AKIABASE")
  end
  config = pick { true, false } and default .. config or config .. default
  local line_end = pick(ENDS)
  return {
    config = (config:gsub("\n", line_end)), credentials = (other:gsub("\n", line_end)),
    env = { [pick { "AWS_PROFILE", "AWS_DEFAULT_PROFILE" }] =
      pick { "work", "work", "base", "default", "My Corp", "gone" } },
  }
end

-- By the name of what is read differently: a case, what botocore makes of it
-- and what the library makes of it.
local DIFFERENCES = {
  ["a section that stands twice"] = {
    "[profile work]\nregion = a\n[profile work]\naws_access_key_id = K\naws_secret_access_key = s\n",
    "error", "keys K token - region a" },
  ["a key that stands twice"] = {
    "[profile work]\nregion = a\nregion = b\naws_access_key_id = K\naws_secret_access_key = s\n",
    "error", "keys K token - region b" },
  ["a fault in another profile"] = {
    "[profile other]\nnonsense\n[profile work]\naws_access_key_id = K\naws_secret_access_key = s\n",
    "error", "keys K token - region -" },
  ["a secret with blanks in it"] = {
    "[profile work]\naws_access_key_id = K\naws_secret_access_key = s # t\nregion = a # b\n",
    "keys K token - region a # b", "error" },
  ["blanks inside the brackets"] = {
    "[ profile work ]\naws_access_key_id = K\naws_secret_access_key = s\n",
    "error", "keys K token - region -" },
  ["a header indented below a setting"] = {
    "[default]\nregion = a\n [profile work]\naws_access_key_id = K\naws_secret_access_key = s\n",
    "error", "keys K token - region -" },
}

-- ---- all values of a file ----

local NAMES = { "region", "Key", "a b", "aws_access_key_id", "k;l", "\195\164" }
local VALUES = {
  "v", "", "a # b", "a ;b", "a#b", "'q ; r' # s", "\"o", "# all", ";", "a = b : c", "100%", "%(region)s", "$HOME",
  "a\0b", "\194\160v\194\160w\194\160", "\226\128\131v\226\128\168", "v\226\128\139", "\195\160", "v\28", "\\", "[x]",
}
local BLANKS = { "", " ", "\t", "  ", "\194\160", "\227\128\128\227\128\128", "\194\133", "\226\128\137 ", "\28",
  "\f" }
local LINES = { "", " ", "\t# c", "; c", "\194\160", "  more", "\tmore # c", ("\227\128\128"):rep(3) .. "more",
  "   a = b", "   # c", "     [x]" }
local SECTIONS = {
  "[default]", "[profile a]", "[profile 'b c']", "[profile d]e]", "[profile f] # g ]", "[profile \"\"]",
  "[sso-session s]", "[services l]", "[profile h];i", "[plugins]", "[profile o'p]", "[profiles q]", "[profile-x r]",
  "[profile\194\160t]", "[servicesly u]", "[sso-sessions w]", "[profile  \194\160 x]",
}

-- Each section and each key stands once: else botocore refuses the file.
local function file_of_values()
  local lines, left = {}, { unpack(SECTIONS) }
  for _ = 1, pick { 1, 2, 3, 4 } do
    local at = 1
    for i, header in ipairs(left) do at = header == pick(left) and i or at end
    lines[#lines + 1] = (lines[1] and "" or pick { "", "", " ", "\194\160" }) .. table.remove(left, at)
    for _, name in ipairs(NAMES) do
      if pick { true, false } then
        lines[#lines + 1] = pick(BLANKS) .. name .. pick(BLANKS) .. pick { "=", ":" } .. pick(BLANKS) .. pick(VALUES)
          .. pick(BLANKS)
        lines[#lines + 1] = pick { true, false } and pick(LINES) or nil
      end
    end
  end
  return table.concat(lines, pick(ENDS)) .. "\n"
end

local function ask_library_for_values(text)
  local found = profile.parse(text, nil)
  return { profiles = found.profiles, sso_sessions = found.sso_sessions, services = found.services }, found.warnings
end

local function ask_library(case)
  local env = { HOME = "/h", AWS_EC2_METADATA_DISABLED = "true" }
  for name, value in pairs(case.env) do env[name] = value end
  local files = { ["/h/.aws/config"] = case.config, ["/h/.aws/credentials"] = case.credentials or "" }
  local function get(name) return env[name] end
  local function read(path) return files[path], "No such file or directory" end
  local found, err = credentials.chain({ env = get, read_file = read }):get()
  if not found then
    return err.message:find "^there are no credentials to sign with" and "none" or "error"
  end
  local places = profile.locate(get)
  local region = profile.load(places, read).profiles[places.profile].region
  return ("keys %s token %s region %s"):format(found.access_key_id, found.session_token or "-", region or "-")
end

describe("botocore and the library read", function()
  it(COUNT .. " generated files alike", function()
    local cases, wrong, kinds = {}, {}, {}
    for i = 1, COUNT do cases[i] = case_of() end
    for i, said in ipairs(ask(cases, "files")) do
      said = (said == "none" or said:find "^keys ") and said or "error"
      kinds[said:match "^%a+"] = true
      local own = ask_library(cases[i])
      if own ~= said then
        wrong[#wrong + 1] = ("%s, not %s: %q %q"):format(own, said, cases[i].config, cases[i].credentials)
      end
    end
    assert.equal("", table.concat(wrong, "\n"))
    assert.same({ keys = true, none = true, error = true }, kinds)
  end)

  it(COUNT .. " generated files to the same values", function()
    local cases, kinds, wrong = {}, { error = 0, values = 0 }, {}
    for i = 1, COUNT do cases[i] = { config = file_of_values() } end
    for i, said in ipairs(ask(cases, "values")) do
      local own, warnings = ask_library_for_values(cases[i].config)
      local is_error = type(said) == "string"
      own.services = said.services and own.services
      kinds[is_error and "error" or "values"] = kinds[is_error and "error" or "values"] + 1
      if is_error and not warnings[1] or not is_error and not same(said, own) then
        wrong[#wrong + 1] = ("%q: %s, not %s"):format(cases[i].config, json.encode(own), json.encode(said))
      end
    end
    assert.equal("", table.concat(wrong, "\n"))
    assert.is_true(kinds.values > COUNT / 2 and kinds.error > 0, kinds.values .. " " .. kinds.error)
  end)

  for name, row in pairs(DIFFERENCES) do
    it("differently on purpose: " .. name, function()
      local case = { config = row[1], env = { AWS_PROFILE = "work" } }
      local said = ask({ case }, "files")[1]
      assert.equal(row[2], said:find "^keys " and said or "error")
      assert.equal(row[3], ask_library(case))
    end)
  end
end)

--- What botocore, and with it the AWS command, makes of the same configuration
-- files: which profiles are an error, and whose keys are used. The table says
-- where the library differs.
local credentials = require "cognito.credentials"
local ask = require "spec.support.botocore_ask"

local KEYS = "aws_access_key_id = %s\naws_secret_access_key = s\n"
local function keys(id) return KEYS:format(id) end

local WORK = "[profile work]\n"
local SESSION = "[sso-session dev]\nsso_region = eu-central-1\nsso_start_url = https://x.example/start\n"
local ROLE = "sso_account_id = 123456789012\nsso_role_name = R\n"
local BY_ENV = { AWS_PROFILE = "work" }
local ENV_KEYS = { AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "s" }
local TOKEN = { -- for STS, which is nowhere
  AWS_WEB_IDENTITY_TOKEN_FILE = os.tmpname(), AWS_ROLE_ARN = "arn:aws:iam::123456789012:role/r",
  AWS_ENDPOINT_URL_STS = "http://127.0.0.1:1", AWS_REGION = "eu-west-1", AWS_DEFAULT_REGION = "eu-west-1",
  AWS_MAX_ATTEMPTS = "1",
}
local BOTH = { AWS_PROFILE = "work", AWS_ACCESS_KEY_ID = "AKIAENV", AWS_SECRET_ACCESS_KEY = "s" }

-- Name, case, and what both make of it: "keys ID", "none", "login" or "error".
-- A fourth value is what the library makes of it instead.
local CASES = {
  { "no files", {}, "none" },
  { "no default profile", { config = WORK .. keys "AKIAWORK" }, "none" },
  { "a default profile", { config = "[default]\n" .. keys "AKIADEFAULT" }, "keys AKIADEFAULT" },
  { "a profile that is there, by the environment",
    { config = WORK .. keys "AKIAWORK", env = BY_ENV }, "keys AKIAWORK" },
  { "a profile that is there, by the program",
    { config = WORK .. keys "AKIAWORK", profile = "work" }, "keys AKIAWORK" },
  { "a profile in the other file", { credentials = "[work]\n" .. keys "AKIAWORK", env = BY_ENV }, "keys AKIAWORK" },
  { "a profile without credentials", { config = WORK, env = BY_ENV }, "none" },
  { "a profile that is not there, by the environment", { config = "[default]\n" .. keys "A", env = BY_ENV }, "error" },
  { "a profile that is not there, by the program", { config = "[default]\n" .. keys "A", profile = "work" }, "error" },
  { "a profile that is not there, without files", { env = BY_ENV }, "error" },
  { "a profile that is not there, beside keys of the environment", { env = ENV_KEYS, profile = "work" }, "error" },
  { "the same, both by the environment", { env = BOTH }, "error" },
  { "a default profile that is named and not there", { config = WORK, profile = "default" }, "error" },
  { "a section without the word profile", { config = "[work]\n" .. keys "A", env = BY_ENV }, "error" },
  { "a profile in another case", { config = "[profile Work]\n" .. keys "A", env = BY_ENV }, "error" },
  { "a source profile that is not there",
    { config = WORK .. "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = gone\n", env = BY_ENV },
    "error" },
  -- A login and a program would be asked else, which are not there.
  { "keys of the credentials file beside a login", { config = WORK .. "login_session = arn:x\n",
    credentials = "[work]\n" .. keys "AKIAWORK", env = BY_ENV }, "keys AKIAWORK" },
  { "keys of the credentials file beside a program", { config = WORK .. "credential_process = /none\n",
    credentials = "[work]\n" .. keys "AKIAWORK", env = BY_ENV }, "keys AKIAWORK" },
  { "keys of the config file behind a program", { config = WORK .. "credential_process = /none\n"
    .. keys "AKIAWORK", env = BY_ENV }, "error" },
  { "keys of the config file behind a login", { config = WORK .. "login_session = arn:x\n"
    .. keys "AKIAWORK", env = BY_ENV }, "error" },
  { "a session", { config = WORK .. "sso_session = dev\n" .. ROLE .. SESSION, env = BY_ENV }, "login" },
  { "a session that is not there",
    { config = WORK .. "sso_session = gone\n" .. ROLE .. SESSION, env = BY_ENV }, "error" },
  { "a session and its own region once more",
    { config = WORK .. "sso_session = dev\nsso_region = eu-central-1\n" .. ROLE .. SESSION, env = BY_ENV }, "login" },
  { "a session and its own start URL once more",
    { config = WORK .. "sso_session = dev\nsso_start_url = https://x.example/start\n" .. ROLE .. SESSION,
      env = BY_ENV }, "login" },
  { "a session and another region",
    { config = WORK .. "sso_session = dev\nsso_region = eu-west-1\n" .. ROLE .. SESSION, env = BY_ENV }, "error" },
  { "a session and another start URL",
    { config = WORK .. "sso_session = dev\nsso_start_url = https://y.example/start\n" .. ROLE .. SESSION,
      env = BY_ENV }, "error" },
  { "a session without a region, which the profile has",
    { config = WORK .. "sso_session = dev\nsso_region = eu-central-1\n" .. ROLE
      .. SESSION:gsub("sso_region = eu%-central%-1\n", ""), env = BY_ENV }, "error" },
  { "a session without an account",
    { config = WORK .. "sso_session = dev\nsso_role_name = R\n" .. SESSION, env = BY_ENV },
    "error" },
  { "a session alone", { config = WORK .. "sso_session = dev\n" .. SESSION, env = BY_ENV }, "none" },
  { "a session alone, beside keys",
    { config = WORK .. "sso_session = dev\n" .. keys "AKIAWORK" .. SESSION, env = BY_ENV }, "keys AKIAWORK" },
  { "keys of variables beside a profile that one names",
    { config = WORK .. keys "AKIAWORK", env = BOTH }, "keys AKIAENV" },
  { "keys of variables beside a profile that one names, in the other file",
    { credentials = "[work]\n" .. keys "AKIAWORK", env = BOTH }, "keys AKIAENV" },
  { "keys of variables beside a role that would be assumed with them",
    { config = WORK .. "role_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Environment\n", env = BOTH },
    "keys AKIAENV" },
  { "keys of variables beside a profile that the program names",
    { config = WORK .. keys "AKIAWORK", env = ENV_KEYS, profile = "work" }, "keys AKIAWORK" },
  { "keys of variables beside a profile without any that the program names",
    { config = WORK, env = ENV_KEYS, profile = "work" }, "none" },
  { "a web identity of variables beside a default profile",
    { config = "[default]\n" .. keys "AKIADEFAULT", env = TOKEN }, "error" }, -- STS is nowhere
  { "a web identity of variables beside a profile that the program names",
    { config = WORK .. keys "AKIAWORK", env = TOKEN, profile = "work" }, "keys AKIAWORK" },
  { "a web identity of variables beside a profile without any that the program names",
    { config = WORK, env = TOKEN, profile = "work" }, "none" },
  { "a program in the config file beside keys in the other",
    { config = WORK .. "credential_process = /nonexistent\n", credentials = "[work]\n" .. keys "AKIAFILE",
      env = BY_ENV }, "keys AKIAFILE" },
  { "a program in the credentials file beside its keys",
    { credentials = "[work]\ncredential_process = /nonexistent\n" .. keys "AKIAFILE", env = BY_ENV }, "keys AKIAFILE" },
  { "a program in the config file beside its keys",
    { config = WORK .. "credential_process = /nonexistent\n" .. keys "AKIAWORK", env = BY_ENV }, "error" },
  { "keys that all sections inherit, with the section",
    { config = "[DEFAULT]\n" .. keys "AKIAALL" .. WORK, env = BY_ENV }, "keys AKIAALL" },
  { "keys that all sections inherit, behind the section",
    { config = WORK .. "[DEFAULT]\n" .. keys "AKIAALL", env = BY_ENV }, "keys AKIAALL" },
  { "keys of a section that would inherit others",
    { config = "[DEFAULT]\n" .. keys "AKIAALL" .. WORK .. keys "AKIAWORK", env = BY_ENV }, "keys AKIAWORK" },
  { "keys that all sections inherit, with no section", { config = "[DEFAULT]\n" .. keys "AKIAALL" }, "none" },
  { "the same in the credentials file", { credentials = "[DEFAULT]\n" .. keys "AKIAALL" }, "none" },
  { "keys that all sections of the other file inherit",
    { config = WORK, credentials = "[DEFAULT]\n" .. keys "AKIAALL", env = BY_ENV }, "none" },
  { "keys that all sections of the credentials file inherit",
    { credentials = "[DEFAULT]\n" .. keys "AKIAALL" .. "[work]\n", env = BY_ENV }, "keys AKIAALL" },
  { "what all inherit, named as a profile",
    { config = "[DEFAULT]\n" .. keys "AKIAALL", env = { AWS_PROFILE = "DEFAULT" } }, "error" },
  { "the same, of the credentials file",
    { credentials = "[DEFAULT]\n" .. keys "AKIAALL", env = { AWS_PROFILE = "DEFAULT" } }, "error" },
  { "a session that inherits its region",
    { config = "[DEFAULT]\nsso_region = eu-central-1\n[sso-session dev]\nsso_start_url = https://x.example/start\n"
      .. WORK .. "sso_session = dev\n" .. ROLE, env = BY_ENV }, "login" },
  -- botocore's credentials look at the session only when there is a role.
  { "a session alone that is not there", { config = WORK .. "sso_session = gone\n", env = BY_ENV }, "none", "error" },
}

local function ask_botocore()
  local cases = {}
  for i, row in ipairs(CASES) do cases[i] = row[2] end
  return ask(cases)
end

local function ask_library(case)
  local env = { HOME = "/h", AWS_EC2_METADATA_DISABLED = "true" }
  for name, value in pairs(case.env or {}) do env[name] = value end
  local files = { ["/h/.aws/config"] = case.config or "", ["/h/.aws/credentials"] = case.credentials or "" }
  files[TOKEN.AWS_WEB_IDENTITY_TOKEN_FILE] = "token"
  local found, err = credentials.chain({
    env = function(name) return env[name] end,
    read_file = function(path) return files[path], "No such file or directory" end,
    random = function() return 0 end,
    profile = case.profile,
  }):get()
  if found then
    return "keys " .. found.access_key_id
  elseif err.message:find("no SSO token in", 1, true) then
    return "login"
  end
  return err.message:find "^there are no credentials to sign with" and "none" or "error"
end

local known = { none = true, login = true }

describe("botocore and the library agree on", function()
  local botocore

  setup(function()
    local file = assert(io.open(TOKEN.AWS_WEB_IDENTITY_TOKEN_FILE, "w"))
    file:write "token"
    file:close()
    botocore = ask_botocore()
  end)
  teardown(function() os.remove(TOKEN.AWS_WEB_IDENTITY_TOKEN_FILE) end)

  for i, row in ipairs(CASES) do
    it(row[1], function()
      local said = botocore[i]
      assert.equal(row[3], (known[said] or said:find "^keys ") and said or "error", said)
      assert.equal(row[4] or row[3], ask_library(row[2]))
    end)
  end
end)

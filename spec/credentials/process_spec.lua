-- credential_process: how its command is read, and what it prints.

local core = require "cognito.core"
local split = require "cognito.aws.words"
local replay = require "spec.support.replay"

local OUTPUT = [[{"Version":1,"AccessKeyId":"AKIAPROC","SecretAccessKey":"proc/secret","SessionToken":"proc-token",
"Expiration":"2026-11-21T09:49:51+01:00"}]]

local function case_of(done, command, more)
  local given = {
    config = "[default]\ncredential_process = " .. (command or "/opt/creds --key hunter2") .. "\n" .. (more or ""),
  }
  given.run = type(done) == "function" and done or function(words, seconds)
    given.words, given.seconds = words, seconds
    if type(done) == "string" then return nil, done end
    return done
  end
  local case = replay.new(given)
  case.given = given
  return case
end

local function changed(pattern, replacement)
  return (OUTPUT:gsub(pattern, replacement, 1))
end

local function printed(text, status, stderr)
  return { status = status or 0, stdout = text, stderr = stderr or "" }
end

local function refused(case, part)
  local found, err = case:get()
  assert.is_nil(found)
  assert.truthy(err.message:find("profile 'default' (credential_process): ", 1, true), err.message)
  assert.truthy(err.message:find(part, 1, true), err.message)
  assert.is_nil((err.message .. err.hint):find("hunter2", 1, true))
  assert.is_nil((err.message .. err.hint):find("proc/secret", 1, true))
  return err
end

describe("a command", function()
  local commands = {
    { "a b  c", { "a", "b", "c" } },
    { " \ta ", { "a" } },
    { "", {} },
    { "'a b' \"c d\"", { "a b", "c d" } },
    { "a\\ b c\\\"d", { "a b", 'c"d' } },
    { [["a \" b \\ c \n"]], { [[a " b \ c \n]] } },
    { [['a \ " b']], { [[a \ " b]] } },
    { "a'b'\"c\"d", { "abcd" } },
    { "'' \"\"", { "", "" } },
    { "$HOME `x` * | ; & > y", { "$HOME", "`x`", "*", "|", ";", "&", ">", "y" } },
    { "a 'b", nil }, { 'a "b', nil }, { 'a "b\\"', nil }, { "a\\", nil },
  }
  for _, row in ipairs(commands) do
    it("is read like a shell would: " .. row[1], function()
      assert.same(row[2], split(row[1]))
    end)
  end
end)

describe("a credential process", function()
  it("prints credentials", function()
    local case = case_of(printed(OUTPUT))
    assert.same({
      access_key_id = "AKIAPROC", secret_access_key = "proc/secret", session_token = "proc-token",
      expires_at = replay.NOW + 3600, source = "profile 'default' (credential_process)",
    }, case:get())
    assert.same({ "/opt/creds", "--key", "hunter2" }, case.given.words)
    assert.equal(60, case.given.seconds)
  end)

  it("may print no token and no end, and the account or the profile tells it", function()
    local case = case_of(printed '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":null}', nil,
      "aws_account_id = 7\n")
    assert.same({ access_key_id = "A", secret_access_key = "s", account_id = "7",
      source = "profile 'default' (credential_process)" }, case:get())
    case = case_of(printed '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","AccountId":"8"}', nil,
      "aws_account_id = 7\n")
    assert.equal("8", case:get().account_id)
  end)

  it("is run again before its credentials end", function()
    local runs = 0
    local case = case_of(function()
      runs = runs + 1
      return printed(OUTPUT)
    end)
    case:get()
    case:get()
    assert.equal(1, runs)
    case.time = replay.NOW + 3595
    case:get()
    assert.equal(2, runs)
  end)

  local broken = {
    { "no JSON", printed "hunter2", "its output is not a JSON object" },
    { "nothing", printed "", "its output is not a JSON object" },
    { "a list", printed '["hunter2"]', "its output is not a JSON object" },
    { "another version", printed(changed(":1,", ":2,")), "does not say Version 1" },
    { "a version that is text", printed(changed(":1,", ':"1",')), "does not say Version 1" },
    { "no version", printed(changed('"Version":1,', "")), "does not say Version 1" },
    { "no key id", printed(changed("AccessKeyId", "X")), "there is no AccessKeyId" },
    { "no secret", printed(changed("proc/secret", "")), "there is no SecretAccessKey" },
    { "an end without a zone", printed(changed("%+01:00", "")), "Expiration is not a date" },
    { "an end that is past", printed(changed("%+01:00", "+02:00")), "have expired" },
    { "a line break in a token", printed(changed("proc%-token", "a\\nb")), "session_token holds white space" },
    { "its exit status", printed(OUTPUT, 3), "the program ended with status 3" },
    { "a signal", { signal = 9, stdout = OUTPUT, stderr = "" }, "signal 9 ended the program" },
    { "its words", printed("", 1, "no\27[31m such\n login\n"), "status 1: no [31m such login" },
    { "having no result", "it took too long and was ended", "it took too long and was ended" },
  }
  for _, row in ipairs(broken) do
    it("is broken by " .. row[1], function()
      refused(case_of(row[2]), row[3])
    end)
  end

  it("does not fill the error with its words", function()
    assert.is_true(#refused(case_of(printed("", 1, ("x"):rep(4096))), "xxx").message < 700)
  end)

  it("needs a command that can be read", function()
    refused(case_of(printed(OUTPUT), "'hunter2"), "left open")
    refused(case_of(printed(OUTPUT), "''"), "the command is empty")
    refused(case_of(printed(OUTPUT), "keys hunter2\0"), "the command holds a NUL")
  end)

  it("runs without a shell, for real", function()
    local case = case_of(core.run, [[printf '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"%s"}' "$HOME;x"]])
    assert.equal("$HOME;x", case:get().secret_access_key)
    refused(case_of(core.run, "/nonexistent hunter2"), "No such file or directory")
    refused(case_of(core.run, "sh -c 'echo sorry >&2; exit 7'"), "status 7: sorry")
  end)
end)

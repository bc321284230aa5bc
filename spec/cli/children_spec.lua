--- Programs that the command starts get no secret that was meant for it alone,
-- and no name of a user as an option; the commands that it hints at take such
-- names for names, too.
local command = require "spec.support.command"
local core = require "cognito.core"
local sandbox_process = require "spec.support.sandbox_process"

local process, folder, env

-- Names of users that programs would take for options.
local NAMES = { "--help", "-rf", "--", "-", "-n'x", "--journal=x" }

local SECRETS = {
  COGNITO_PASSWORD = "planted-1", COGNITO_CODE = "planted-2", COGNITO_MFA_CODE = "planted-6",
  COGNITO_NEW_PASSWORD = "planted-7",
  COGNITO_CLIENT_SECRET = "planted-3",
  COGNITO_BULK_JOURNAL = "postgres://a:planted-4@h/d?job=j", PGPASSWORD = "planted-5",
}

local KEYS = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" }

local function write(name, text, mode)
  local path = folder .. "/" .. name
  assert(core.write_private(path, text))
  core.run { "chmod", mode or "700", path }
  return path
end

local function with(...)
  local all = {}
  for _, variables in ipairs { ... } do
    for name, value in pairs(variables) do all[name] = value end
  end
  return all
end

setup(function()
  process = sandbox_process.start "--code 135790"
  folder = os.tmpname()
  os.remove(folder)
  core.run { "mkdir", folder }
  env = command.into(process, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = false, AWS_SESSION_TOKEN = false })
  for _, name in ipairs(NAMES) do
    process:post("/users", { username = name, password = "Old-Passw0rd", email = "a@example.com" })
  end
end)

teardown(function()
  process:stop()
  core.run { "rm", "-r", folder }
end)

describe("a program for passwords", function()
  local shown

  setup(function()
    local program = write("password-of", ('#!/bin/sh\n{ env; printf "words=%%s|" "$@"; echo; } >>%s/seen\n'
      .. "echo S3cret-Pass-1\n"):format(folder))
    local users = write("users.csv", "username\n" .. table.concat(NAMES, "\n") .. "\n", "600")
    local journal = folder .. "/set.db"
    local planned = command.run({ "bulk", "plan", "set-password", users, "--journal", journal, "--endpoint",
      process.settings.url }, { env = env })
    assert.equal(0, planned.status, planned.err)
    local result = command.run({ "bulk", "run", "--yes", "--rate", "1000", "--journal", journal, "--endpoint",
      process.settings.url, "--password-command", program }, { env = with(env, SECRETS,
      { COGNITO_CLIENT_SECRET = env.COGNITO_CLIENT_SECRET, KEPT = "yes" }) })
    assert.equal(0, result.status, result.out .. result.err)
    shown = core.read_file(folder .. "/seen")
  end)

  it("has no secret of the command's and no AWS keys in its environment", function()
    assert.truthy(shown:find("KEPT=yes", 1, true))
    assert.is_nil(shown:find("planted", 1, true))
    for name in pairs(SECRETS) do assert.is_nil(shown:find(name .. "=", 1, true), name) end
    for _, name in ipairs(KEYS) do assert.is_nil(shown:find("\n" .. name .. "=", 1, true), name) end
    assert.is_nil(shown:find(env.AWS_SECRET_ACCESS_KEY, 1, true))
  end)

  it("gets each name behind --, so that none is an option", function()
    for _, name in ipairs(NAMES) do
      assert.truthy(shown:find(("words=--|words=%s|"):format(name), 1, true), shown)
    end
  end)
end)

describe("a credential_process", function()
  it("has no secret of the command's in its environment", function()
    local program = write("keys", ("#!/bin/sh\nenv >%s/env\ncat <<E\n" .. '{"Version":1,"AccessKeyId":"%s",'
      .. '"SecretAccessKey":"%s"}\nE\n'):format(folder, env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY))
    local config = write("config", ("[default]\ncredential_process = %s\n"):format(program), "600")
    local variables = with(env, SECRETS, { AWS_CONFIG_FILE = config, KEPT = "yes" })
    for _, name in ipairs(KEYS) do variables[name] = nil end
    local result = command.run({ "list-users", "--endpoint", process.settings.url }, { env = variables })
    assert.equal(0, result.status, result.err)
    local seen = core.read_file(folder .. "/env")
    assert.truthy(seen:find("KEPT=yes", 1, true))
    assert.is_nil(seen:find("planted", 1, true))
    for name in pairs(SECRETS) do assert.is_nil(seen:find(name .. "=", 1, true), name) end
  end)
end)

describe("the command that is hinted at", function()
  it("takes a name that begins with a hyphen for a name", function()
    for _, name in ipairs(NAMES) do
      local asked = command.run({ "forgot-password", "--endpoint", process.settings.url, "--", name }, { env = env })
      assert.equal(0, asked.status, asked.err)
      local line = assert(asked.err:match "next: cognito ([^\n]*)", asked.err)
      local words = core.run { "sh", "-c", ("for word in %s; do printf '%%s\\n' \"$word\"; done"):format(line) }
      local args = { "--endpoint", process.settings.url }
      for word in words.stdout:gmatch "([^\n]*)\n" do args[#args + 1] = word end
      local secrets = { COGNITO_CODE = "135790", COGNITO_PASSWORD = "N3w-Pass!" }
      local confirmed = command.run(args, { env = with(env, secrets) })
      assert.equal(0, confirmed.status, line .. "\n" .. confirmed.err)
    end
  end)
end)

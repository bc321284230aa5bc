-- Two client secrets, the newest and the older one with a blank between: for
-- the command, and for the examples that read the same variable.

local command = require "spec.support.command"
local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

local WRONG = "Wr0ng-secret-of-another-client"

local server, secret

setup(function()
  server = sandbox_process.start ""
  secret = server.settings.COGNITO_CLIENT_SECRET
end)

teardown(function() server:stop() end)

before_each(function()
  server:post("/reset", { all = true })
  server:post("/users", { username = "ada", password = "Old-Passw0rd", email = "ada@example.com" })
end)

local function quiet(result)
  for _, each in ipairs { secret, WRONG } do
    assert.is_nil((result.out .. result.err):find(each, 1, true))
  end
  return result
end

local function sent() return #server:get "/outbox" end

describe("two client secrets", function()
  for _, given in ipairs { "%s %s", "%s   %s" } do
    it("are taken from the variable and from a descriptor: " .. given, function()
      for i, pair in ipairs { given:format(WRONG, secret), given:format(secret, WRONG) } do
        local result = quiet(command.run({ "forgot-password", "ada" },
          { env = command.into(server, { COGNITO_CLIENT_SECRET = pair }) }))
        assert.equal(0, result.status, result.err)
        assert.equal(2 * i - 1, sent())
        result = quiet(command.run({ "forgot-password", "--client-secret-fd", "3", "ada" },
          { env = command.into(server, { COGNITO_CLIENT_SECRET = false }), fds = { [3] = pair .. "\n" } }))
        assert.equal(0, result.status, result.err)
        assert.equal(2 * i, sent())
      end
    end)
  end

  it("that are both wrong end with the service's refusal, and send nothing", function()
    local result = quiet(command.run({ "forgot-password", "ada" },
      { env = command.into(server, { COGNITO_CLIENT_SECRET = WRONG .. " " .. WRONG .. "2" }) }))
    assert.equal(1, result.status)
    assert.truthy(result.err:find("NotAuthorizedException", 1, true), result.err)
    assert.truthy(result.err:find("takes neither of the two client secrets: cognito call list-user-pool-client-secrets",
      1, true), result.err)
    assert.equal(0, sent())
  end)

  it("sign in, where each step of the sign-in has a hash", function()
    local result = quiet(command.run({ "sign-in", "--password-fd", "0", "ada" }, { stdin = "Old-Passw0rd\n",
      env = command.into(server, { COGNITO_CLIENT_SECRET = WRONG .. " " .. secret }) }))
    assert.same({ 0, "signed in: ada, for 3600 seconds\n" }, { result.status, result.out }, result.err)
  end)

  it("are refused with a tab, a line break, three words, or a blank at an end, before anything is sent", function()
    for _, value in ipairs { "a1\tb2", "a1 b2 c3", " a1 b2", "a1 b2 ", "a1 b\195\1642", "a1\nb2", "a1 b\1272" } do
      local result = command.run({ "forgot-password", "ada" },
        { env = command.into(server, { COGNITO_CLIENT_SECRET = value }) })
      assert.equal(2, result.status, value)
      assert.truthy(result.err:find("holds white space, control or non-ASCII characters", 1, true), result.err)
    end
    assert.equal(0, sent())
  end)

  it("make one hash, of the newest", function()
    local function hash(value)
      local variables = command.into(server, { COGNITO_CLIENT_SECRET = value })
      return command.run({ "secret-hash", "ada" }, { env = variables }).out
    end
    assert.equal(hash(secret), hash(secret .. " " .. WRONG))
    assert.is_false(hash(secret) == hash(WRONG .. " " .. secret))
  end)
end)

describe("an example's COGNITO_CLIENT_SECRET", function()
  local ask = {
    openresty = [[package.path = "examples/openresty/lua/?.lua;lua/?.lua;lua/?/init.lua;" .. package.path
      print(require("site.settings").pool:forgot_password { username = "ada" })]],
    game_server = [[package.path = "examples/game_server/?.lua;lua/?.lua;lua/?/init.lua;" .. package.path
      print(require("cognito").new(require("options").pool()):forgot_password { username = "ada" })]],
  }

  for name, script in pairs(ask) do
    it("takes one secret, or two: " .. name, function()
      for i, value in ipairs { secret, WRONG .. " " .. secret } do
        local variables = command.into(server, { COGNITO_CLIENT_SECRET = value, COGNITO_ENDPOINT = server.settings.url,
          SITE_ORIGIN = "https://account.example.com" })
        local text, status = process.output_of(("env %s %s -e %s 2>&1"):format(process.assignments(variables),
          process.quote(process.interpreter()), process.quote(script)))
        assert.equal(0, status, text)
        assert.truthy(text:find("^table"), text)
        assert.equal(i, sent())
      end
    end)
  end
end)

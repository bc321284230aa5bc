-- AWS's SDK for JavaScript, from npm and as it is, recovers an account at the
-- running sandbox: the test of examples/any_language, and settings from the
-- environment alone.

local command = require "spec.support.command"
local npm = require "spec.support.npm"
local process = require "spec.support.process"

describe("AWS's SDK for JavaScript", function()
  local modules

  setup(function()
    local root = process.output_of "pwd":match "%C+"
    modules = ("%s/%s"):format(root, npm.sdk():match "^(.*/node_modules)/")
  end)

  local function at_sandbox(...)
    return command.run({ "sandbox", "--port", "0", "--user", "ada:ada@example.com", "--", "node", ... },
      { env = { NODE_PATH = modules } })
  end

  it("recovers an account, is refused with a wrong code, and meets the limit", function()
    local result = at_sandbox("--test", "--test-reporter=tap", "examples/any_language/recovery.test.js")
    assert.equal(0, result.status, result.out .. result.err)
    assert.truthy(result.out:find("\n# pass 3\n", 1, true), result.out)
  end)

  it("finds the sandbox by the environment alone", function()
    local script = process.write [[
      const sdk = require("@aws-sdk/client-cognito-identity-provider");
      const ada = { UserPoolId: process.env.COGNITO_USER_POOL_ID, Username: "ada" };
      new sdk.CognitoIdentityProviderClient({}).send(new sdk.AdminGetUserCommand(ada))
        .then((user) => console.log(user.UserStatus));
    ]]
    finally(function() os.remove(script) end)
    local result = at_sandbox(script)
    assert.equal(0, result.status, result.out .. result.err)
    assert.equal("CONFIRMED\n", result.out)
  end)
end)

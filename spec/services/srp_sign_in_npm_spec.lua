--- The service's own client for browsers, from npm and as it is, signs in at
-- the sandbox by SRP.

local cjson = require "cjson"
local core = require "cognito.core"
local npm = require "spec.support.npm"
local sandbox_process = require "spec.support.sandbox_process"

local PACKAGE, VERSION = "amazon-cognito-identity-js", "6.3.12"
local PASSWORD, NEW = "Old-pass1word", "Zoë's-new-pass1word"

describe("amazon-cognito-identity-js", function()
  local process, settings

  setup(function()
    process = sandbox_process.start "--public-client"
    settings = process.settings
    process:post("/users", { username = "ada", password = PASSWORD, email = "ada@example.com" })
    process:post("/users", { username = "new", password = PASSWORD, status = "FORCE_CHANGE_PASSWORD" })
  end)

  teardown(function() process:stop() end)

  local function sign_in(...)
    local done = assert(core.run({ "node", "spec/support/npm_sign_in.js", npm.folder(PACKAGE, VERSION), settings.url,
      settings.COGNITO_USER_POOL_ID, settings.COGNITO_CLIENT_ID, ... }, 120))
    assert.equal(0, done.status, done.stderr)
    return cjson.decode(done.stdout)
  end

  it("signs in at the sandbox", function()
    assert.equal("ada", sign_in("ada", PASSWORD).claims["cognito:username"])
  end)

  it("is refused with a wrong password", function()
    assert.same({ code = "NotAuthorizedException", message = "Incorrect username or password." },
      sign_in("ada", PASSWORD .. "!"))
  end)

  it("sets a new password where the sandbox asks for one", function()
    assert.equal("new", sign_in("new", PASSWORD, NEW).claims["cognito:username"])
    assert.equal("new", sign_in("new", NEW).claims["cognito:username"])
  end)
end)

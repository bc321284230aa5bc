-- The sandbox's container: every option from the environment, and a page that is true of it.
-- The images themselves: `make image-check`.
local command = require "spec.support.command"
local process = require "spec.support.process"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

-- What the container runs, with a program that ends it. Returns what that said, and the status.
local function run(variables, arguments)
  variables.COGNITO_SANDBOX_LISTEN = "127.0.0.1"
  variables.COGNITO_SANDBOX_PORT = variables.COGNITO_SANDBOX_PORT or "0"
  return process.output_of(("env %s timeout 60 %s containers/sandbox.lua %s 2>&1"):format(
    process.assignments(variables), process.quote(command.interpreter()), arguments or "-- printenv COGNITO_CLIENT_ID"))
end

describe("the sandbox's container", function()
  it("takes options from its environment", function()
    assert.equal("abc\n", (run { COGNITO_SANDBOX_CLIENT_ID = "abc", COGNITO_SANDBOX_QUIET = "true" }))
    assert.equal("sandboxclient0123456789abc\n", (run { COGNITO_SANDBOX_CLIENT_ID = "", COGNITO_SANDBOX_QUIET = "0" }))
    local said, status = run({ COGNITO_SANDBOX_PUBLIC_CLIENT = "true" }, "-- printenv COGNITO_CLIENT_SECRET")
    assert.same({ "", 1 }, { said, status })
  end)

  it("takes several users", function()
    local said = run({ COGNITO_SANDBOX_USER = "ada:ada@example.com  bob:bob@example.org",
        COGNITO_SANDBOX_QUIET = "true" },
      ("-- sh -c %s"):format(process.quote(process.quote(command.interpreter())
        .. " bin/cognito list-users 2>/dev/null | cut -f 1,2")))
    assert.equal("ada\tCONFIRMED\nbob\tCONFIRMED\n", said)
  end)

  it("prefers arguments", function()
    local said = run({ COGNITO_SANDBOX_CLIENT_ID = "abc" }, "--client-id=def -- printenv COGNITO_CLIENT_ID")
    assert.equal("def\n", said)
  end)

  it("ends with what it cannot use, before it serves", function()
    for name, expected in pairs {
      COGNITO_SANDBOX_USR = "there is no setting COGNITO_SANDBOX_USR; did you mean COGNITO_SANDBOX_USER?",
      COGNITO_SANDBOX_ALLOW_REMOTE = "there is no setting COGNITO_SANDBOX_ALLOW_REMOTE",
      COGNITO_SANDBOX_QUIET = "COGNITO_SANDBOX_QUIET is true or false, not loud",
      COGNITO_SANDBOX_MFA = "argument for option '--mfa' must be one of",
    } do
      local said, status = run { [name] = "loud" }
      assert.equal(2, status, name)
      assert.truthy(said:find(expected, 1, true), said)
    end
  end)

  it("is described as it is", function()
    local page = read "docs/sandbox_ci.md"
    local offered = command.run({ "__complete", "sandbox", "--" }).out
    local count = 0
    for name in page:gsub("`…_", "`COGNITO_SANDBOX_"):gmatch "COGNITO_SANDBOX_([%u_]+)" do
      count = count + 1
      local option = "--" .. name:lower():gsub("_", "-")
      assert.truthy(offered:find(option .. "\t", 1, true), option)
    end
    assert.is_true(count >= 12, ("%d variables"):format(count))
    local settings = require("cognito.sandbox").new():settings()
    for _, name in ipairs { "user_pool_id", "client_id", "client_secret" } do
      assert.truthy(page:find(settings[name], 1, true), name)
    end
    assert.truthy(page:find(settings.credentials.access_key_id, 1, true))
    assert.truthy(page:find(settings.credentials.secret_access_key, 1, true))
  end)

  it("has every file that its image copies", function()
    local ignored = read ".containerignore"
    for line in read("containers/Containerfile"):gmatch "\nCOPY ([%w%./ _]+) /" do
      for path in line:gmatch "%S+" do
        assert.truthy(path == "." or io.open(path), path)
        assert.truthy(path == "." or ignored:find("\n!" .. path:match "^[^/]+" .. "\n", 1, true), path)
      end
    end
  end)
end)

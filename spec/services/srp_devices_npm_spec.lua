--- Clients of the service from npm, as they are, with devices that the sandbox
-- remembers.

local cjson = require "cjson"
local core = require "cognito.core"
local npm = require "spec.support.npm"
local sandbox_process = require "spec.support.sandbox_process"

local PASSWORD = "Old-pass1word"
local SECRET = "a-client-secret-of-ours-not-real"

local function run(...)
  local done = assert(core.run({ "node", ... }, 120))
  assert.equal(0, done.status, done.stderr)
  local lines = {}
  for line in done.stdout:gmatch "[^\n]+" do lines[#lines + 1] = cjson.decode(line) end
  return lines
end

local function with_sandbox(flags, check)
  local process = sandbox_process.start("--devices always " .. flags)
  local ok, message = pcall(check, process, process.settings)
  process:stop()
  assert(ok, message)
end

describe("amazon-cognito-identity-js", function()
  it("confirms a device, proves it, refreshes with it, and goes on when it is forgotten", function()
    with_sandbox("--public-client", function(process, settings)
      process:post("/users", { username = "ada", password = PASSWORD })
      local told = run("spec/support/npm_devices.js", npm.folder("amazon-cognito-identity-js", "6.3.12"),
        settings.url, settings.COGNITO_USER_POOL_ID, settings.COGNITO_CLIENT_ID, "ada", PASSWORD)
      assert.equal(4, #told, cjson.encode(told))
      for _, line in ipairs(told) do assert.equal("ada", line.username, line.message) end
      assert.same({ told[1].device, told[1].device }, { told[2].device, told[3].device })
      assert.not_equal(told[1].device, told[4].device)
      local counts = process:get "/executions"
      assert.same({ 2, 1 }, { counts.confirm_device.count, counts.forget_device.count })
      -- each password twice, the first without the device; the device's two answers
      assert.equal(5, counts.respond_to_auth_challenge.count)
    end)
  end)
end)

describe("cognito-srp-helper", function()
  it("signs in, confirms a device, and signs in with it", function()
    with_sandbox("--client-secret " .. SECRET, function(process, settings)
      process:post("/users", { username = "ada", password = PASSWORD })
      local told = run("spec/support/npm_srp_helper.js", npm.folder("cognito-srp-helper", "2.3.4"), settings.url,
        settings.COGNITO_USER_POOL_ID, settings.COGNITO_CLIENT_ID, SECRET, "ada", PASSWORD)[1]
      assert.same({ asked = { "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER" }, token = "string", named = false }, told)
    end)
  end)
end)

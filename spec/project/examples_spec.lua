-- Every example runs, as a process of its own, against the local user pool.

local process = require "spec.support.process"
local sandbox_process = require "spec.support.sandbox_process"

describe("the example", function()
  local sandbox

  setup(function()
    sandbox = sandbox_process.start "--existence-errors LEGACY"
  end)

  teardown(function()
    sandbox:stop()
  end)

  -- Returns its output, and whether it ends well.
  local function run(name, argument, without)
    local variables = { COGNITO_ENDPOINT = sandbox.settings.url }
    for variable, value in pairs(sandbox.settings) do
      if variable:find "^[A-Z]" and variable ~= without then variables[variable] = value end
    end
    local text, status = process.output_of(("env %s %s examples/%s.lua %s 2>&1"):format(process.assignments(variables),
      process.quote(process.interpreter()), name, argument or ""))
    return text, status == 0
  end

  it("recover_account goes all the way", function()
    local text, ok = run "recover_account"
    assert.is_true(ok, text)
    for _, line in ipairs { "signed in for 3600 seconds", "refused: PasswordResetRequiredException",
      "refused: NotAuthorizedException", "refused: InvalidSignatureException" } do
      assert.truthy(text:find(line, 1, true), text)
    end
  end)

  it("forgot_password sends a code", function()
    local text, ok = run("forgot_password", "ada")
    assert.is_true(ok, text)
    assert.truthy(text:find("accepted: a code goes by EMAIL to a***@e***.com", 1, true), text)
  end)

  it("resend_confirmation_code recognizes a user who needs none", function()
    local text, ok = run("resend_confirmation_code", "ada")
    assert.is_true(ok, text)
    assert.truthy(text:find("nothing to confirm", 1, true), text)
  end)

  it("admin_reset_user_password resets and signs out", function()
    local text, ok = run("admin_reset_user_password", "ada")
    assert.is_true(ok, text)
    assert.truthy(text:find("ada is now RESET_REQUIRED", 1, true), text)
  end)

  it("advise names the call that helps, and makes it when asked", function()
    local text, ok = run("advise", "ada")
    assert.is_true(ok, text)
    assert.truthy(text:find("the call: forgot_password", 1, true), text)
    text, ok = run("advise", "ada --send")
    assert.is_true(ok, text)
    assert.truthy(text:find("forgot_password: done", 1, true), text)
    text, ok = run("advise", "nobody")
    assert.is_true(ok, text)
    assert.truthy(text:find("nobody: unknown_user", 1, true), text)
  end)

  it("names the fault, and fails", function()
    local text, ok = run("forgot_password", "nobody")
    assert.is_false(ok)
    assert.truthy(text:find("UserNotFoundException", 1, true), text)
    text, ok = run("admin_reset_user_password", "ada", "AWS_SECRET_ACCESS_KEY")
    assert.is_false(ok)
    assert.truthy(text:find("AWS_SECRET_ACCESS_KEY is not", 1, true), text)
    text, ok = run "forgot_password"
    assert.is_false(ok)
    assert.truthy(text:find("usage:", 1, true), text)
  end)
end)

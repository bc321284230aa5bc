-- cognito secure, as a process against the local user pool.

local cjson = require "cjson"
local command = require "spec.support.command"
local sandbox_process = require "spec.support.sandbox_process"

local process, env, name
local count = 0

setup(function()
  process = sandbox_process.start()
  env = command.into(process)
end)

teardown(function() process:stop() end)

before_each(function()
  count = count + 1
  name = "ada" .. count
  process:post("/users", { username = name, password = "Old-Passw0rd", email = name .. "@example.com", devices = 2,
    managed_logins = 1, totp_secret = "JBSWY3DPEHPK3PXP" })
end)

local function secure(args)
  table.insert(args, 1, "secure")
  args[#args + 1] = args.name or name
  return command.run(args, { env = env })
end

local function refuse(operation)
  process:post("/misbehave", { operation = operation, what = "error", code = "AccessDeniedException",
    message = "You may not" })
end

local function shown(of)
  local result = command.run({ "--json", "admin-get-user", of }, { env = env })
  assert.equal(0, result.status, result.err)
  return cjson.decode(result.out)
end

describe("cognito secure", function()
  it("says what became of each step, and how long tokens live", function()
    local result = secure {}
    assert.equal(0, result.status, result.err)
    for _, line in ipairs { "disable        done\n", "sign_out       done\n", "sessions       done (1 of 1)\n",
      "devices        done (2 of 2)\n", "list_factors   done (PASSWORD, SOFTWARE_TOKEN_MFA)\n",
      "remove_factor  skipped: none was named\n",
      "events         unavailable (0): ", "tokens         done\n" } do
      assert.truthy(result.out:find(line, 1, true), line .. result.out)
    end
    assert.matches("\naccess tokens that were issued before live until %d+%-%d%d%-%d%dT[%d:]+Z\n$", result.out)
    assert.equal("", result.err)
    assert.is_false(shown(name).enabled)
  end)

  -- It was said on six lines, behind the name of each step.
  it("says once that there are no AWS keys, or wrong ones, and sends nothing after that", function()
    process:post("/reset", {})
    process:post("/users", { username = name, password = "Old-Passw0rd", email = name .. "@example.com" })
    local before = env
    env = command.into(process, { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "",
      AWS_EC2_METADATA_DISABLED = "true" })
    for _, extra in ipairs { {}, { "--lock" } } do
      local result = secure(extra)
      assert.same({ 1, "" }, { result.status, result.out })
      assert.matches("^cognito: no_credentials: [^\n]+\nThis call is signed: set AWS_ACCESS_KEY_ID[^\n]+\n$",
        result.err)
    end
    assert.same({}, process:get "/executions")
    env = before
    process:post("/misbehave", { operation = "admin_disable_user", what = "error", code = "UnrecognizedClientException",
      message = "The security token included in the request is invalid." })
    local result = secure {}
    assert.same({ 1, "" }, { result.status, result.out })
    assert.truthy(result.err:find("UnrecognizedClientException", 1, true), result.err)
    assert.same({}, process:get "/executions")
  end)

  it("takes the takeover's time as a date or a span, and no other", function()
    local result = secure { "--since", "3d", "--events", "5" }
    assert.equal(0, result.status, result.err)
    assert.truthy(result.out:find("devices        done (2 of 2, 0 older kept)\n", 1, true), result.out)
    for word, message in pairs { yesterday = "it must be a date like", ["2999-01-01"] = "in the future" } do
      result = secure { "--since", word }
      assert.equal(2, result.status)
      assert.truthy(result.err:find(message, 1, true), result.err)
    end
  end)

  it("locks and removes a factor when told so", function()
    local result = secure { "--lock", "--remove-factor", "SOFTWARE_TOKEN_MFA" }
    assert.equal(0, result.status, result.err)
    assert.truthy(result.out:find("lock           done\n", 1, true), result.out)
    assert.truthy(result.out:find("remove_factor  done (SOFTWARE_TOKEN_MFA)\n", 1, true), result.out)
    local user = shown(name)
    assert.is_true(user.enabled)
    assert.same({}, user.user_mfa_setting_list or {})
  end)

  it("is partly done where a step fails, and goes on", function()
    refuse "admin_list_devices"
    local result = secure {}
    assert.equal(3, result.status)
    assert.truthy(result.out:find("devices        failed (0 of 0): AccessDeniedException: You may not\n", 1, true),
      result.out)
    assert.equal("not all of it is done: look at the steps above; it can be run again\n"
      .. "next: The caller's IAM policy does not allow this operation on this pool\n", result.err)
    refuse "admin_disable_user"
    result = secure {}
    assert.equal(3, result.status)
    assert.truthy(result.err:find("the account is still open: ", 1, true), result.err)
  end)

  it("says what to do about failed steps, once for all of them", function()
    for _, operation in ipairs { "admin_disable_user", "admin_user_global_sign_out", "admin_list_devices" } do
      refuse(operation)
    end
    local result = secure {}
    assert.equal(3, result.status, result.out)
    assert.matches("^the account is still open: [^\n]*\nnext: [^\n]*\n$", result.err)
  end)

  it("prints the steps above the words about them where both go to one file", function()
    refuse "admin_list_devices"
    local running = command.start({ "secure", name }, "</dev/null", env)
    running:await("(disable        done\n.-not all of it is done: )", "the steps, then the words")
    running:stop()
  end)

  it("prints the account as JSON, with errors in it", function()
    refuse "admin_list_devices"
    local result = secure { "--json" }
    assert.same({ 3, "" }, { result.status, result.err })
    local account = cjson.decode(result.out)
    assert.same({ true, false, name }, { account.closed, account.complete, account.username })
    assert.same({ "devices", "failed", "AccessDeniedException" },
      { account.steps[4].step, account.steps[4].state, account.steps[4].err.code })
    assert.is_number(account.tokens_until)
    assert.truthy(result.out:find('"events":[]', 1, true), result.out)
  end)

  it("ends at a signal, and says what is done and what is not", function()
    process:post("/misbehave", { operation = "admin_forget_device", what = "stall", phase = "after" })
    local before = (process:get "/executions".admin_forget_device or { count = 0 }).count
    local result = command.on_terminal({ "secure", name }, { env = env, stdout = "pipe", steps = {
      { "page", process.settings.url .. "/executions", ('"admin_forget_device":{"count":%d'):format(before + 1) },
      { "type", "\3" } } })
    assert.equal(130, result.status, result.screen)
    assert.truthy(result.stdout:find("\ndevices        unknown (0 of 2): aborted: ", 1, true),
      result.stdout)
    assert.truthy(result.stdout:find("tokens         skipped: it was given up before this step\n", 1, true),
      result.stdout)
    assert.equal(before + 1, process:get "/executions".admin_forget_device.count)
  end)

  -- How often the service carried an operation out for this user.
  local function executed(operation)
    return (process:get "/executions"[operation] or { users = {} }).users[name] or 0
  end

  -- What has to be done once for each: more would be done to something else.
  local once = { admin_revoke_user_session = 1, admin_forget_device = 2, admin_delete_software_token = 1 }

  local function check_once(story)
    for operation, n in pairs(once) do
      assert.equal(n, executed(operation), operation .. " after " .. story)
    end
    assert.is_false(shown(name).enabled)
  end

  local lost = {
    admin_revoke_user_session = "sessions       unknown (0 of 1): ",
    admin_forget_device = "devices        unknown (1 of 2): ",
    admin_delete_software_token = "remove_factor  unknown (SOFTWARE_TOKEN_MFA): ",
  }

  for operation, line in pairs(lost) do
    for phase, carried in pairs { before = 0, after = 1 } do
      it(("says unknown where a reply is lost, and does nothing twice: %s, %s it was carried out"):format(operation,
        phase), function()
        process:post("/misbehave", { operation = operation, what = "drop", phase = phase })
        local result = secure { "--remove-factor", "SOFTWARE_TOKEN_MFA" }
        assert.equal(3, result.status, result.err)
        assert.truthy(result.out:find(line, 1, true), result.out)
        assert.equal(once[operation] - 1 + carried, executed(operation))
        result = secure { "--remove-factor", "SOFTWARE_TOKEN_MFA" }
        assert.equal(0, result.status, result.out)
        check_once(operation)
      end)
    end
  end

  for _, operation in ipairs { "admin_list_user_sessions", "admin_list_devices", "admin_get_user_auth_factors",
    "admin_disable_user", "admin_user_global_sign_out" } do
    it("asks again where the reply of a call is lost that may be made again: " .. operation, function()
      process:post("/misbehave", { operation = operation, what = "drop", phase = "after" })
      local result = secure { "--remove-factor", "SOFTWARE_TOKEN_MFA" }
      assert.equal(0, result.status, result.out)
      assert.equal(2, executed(operation))
      check_once(operation)
    end)
  end

  for _, operation in ipairs { "admin_disable_user", "admin_user_global_sign_out", "admin_list_user_sessions",
    "admin_revoke_user_session", "admin_list_devices", "admin_forget_device", "admin_delete_software_token" } do
    it("does the rest, and nothing twice, after a kill -9 at " .. operation, function()
      process:post("/misbehave", { operation = operation, what = "stall", phase = "after" })
      local before = (process:get "/executions"[operation] or { count = 0 }).count
      local killed = command.on_terminal({ "secure", "--remove-factor", "SOFTWARE_TOKEN_MFA", name }, { env = env,
        stdout = "pipe", steps = {
          { "page", process.settings.url .. "/executions", ('"%s":{"count":%d'):format(operation, before + 1) },
          { "signal", "KILL" } } })
      assert.same({ -9, "" }, { killed.status, killed.stdout }) -- it prints no account that is not whole
      local result = secure { "--remove-factor", "SOFTWARE_TOKEN_MFA" }
      assert.equal(0, result.status, result.out)
      check_once(operation)
    end)
  end

  it("fails where there is no such user", function()
    local result = secure { name = "nobody" }
    assert.same({ 1, "" }, { result.status, result.out })
    assert.truthy(result.err:find("UserNotFoundException", 1, true), result.err)
  end)

  it("takes no factor that it cannot remove", function()
    local result = secure { "--remove-factor", "WEB_AUTHN" }
    assert.equal(2, result.status, result.err)
    assert.is_true(shown(name).enabled)
  end)
end)

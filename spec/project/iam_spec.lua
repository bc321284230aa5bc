-- The policies of docs/iam.md: each names operations that the service has and
-- that are signed, and no more and no fewer than the task calls.

local bulk = require "cognito.bulk"
local client = require "cognito.cli.client"
local cognito = require "cognito"
local console = require "cognito.cli.console"
local core = require "cognito.core"
local helper = require "spec.support.bulk"
local recovery = require "cognito.recovery"

local function policies()
  local file, found = assert(io.open "docs/iam.md"), {}
  local page = file:read "*a"
  file:close()
  for task, json in page:gmatch "\n## ([^\n]+)\n.-```json\n(.-)```" do
    found[task] = assert(cognito.read_json(json), task)
  end
  return found
end

-- The signed operations that a function calls, by wire name.
local function signed_calls(users, f)
  local box = helper.world(0, { case_sensitive = false })
  for _, user in ipairs(users) do box:add_user(user) end
  local settings, called = box:settings(), {}
  settings.runtime = {
    send = function(_, request, options)
      local target, signed
      for _, header in ipairs(request.headers) do
        target = target or header[2]:match "^AWSCognitoIdentityProviderService%.(%w+)$"
        signed = signed or header[1] == "Authorization"
      end
      called[target] = signed or nil
      return box:send(request, options)
    end,
    sleep = function(_, seconds) box:sleep(seconds) end,
    now = function() return box:now() end,
    clock = function() return box:clock() end,
  }
  f(cognito.new(settings))
  return called
end

local function run_command(name, pool, args)
  local new, shown = client.new, console.new({}, function() end)
  shown.write, shown.flush, shown.tell = function() end, function() end, function() end
  client.new = function() return pool end
  args.username, args.client_metadata = "ada", {}
  local ok, err = pcall(require("cognito.cli.command." .. name).run, args, shown)
  client.new = new
  assert(ok, err)
end

local function job(action, options)
  return function(pool)
    local given = { pool = pool, journal = helper.path(), action = action, users = { "ada", "Ärmel" } }
    given.look_up_rate = 1000
    for name, value in pairs(options or {}) do given[name] = value end
    local planned = assert(bulk.plan(given))
    assert.equal(1, assert(planned:run { rate = 1000, yes = true }).accepted)
    planned:close()
  end
end

local function ada(status)
  return { { username = "ada", password = "Old-pass1", email = "ada@example.com", status = status } }
end

local tasks = {
  ["advise"] = { ada(), function(pool)
    assert(recovery.advise(pool, "ada", assert(pool:describe_user_pool {}),
      { factors = true, replicas = assert(pool:list_user_pool_replicas {}) }))
  end },
  ["secure"] = { { { username = "ada", password = "Old-pass1", totp_secret = "JBSWY3DPEHPK3PXP", devices = 1,
    managed_logins = 1 } }, function(pool)
    assert(recovery.secure(pool, "ada", { factors = { "SOFTWARE_TOKEN_MFA", "SMS_MFA" } }))
  end },
  ["rotate-secret"] = { {}, function(pool)
    local path = os.tmpname()
    os.remove(path)
    assert(require("cognito.cli.rotation").new({ pool = pool, path = path, report = function() end,
      ids = { user_pool_id = "eu-west-1_Sandbox01", client_id = "sandboxclient0123456789abc" } }):run(0))
    os.remove(path)
  end },
  ["doctor"] = { ada(), function(pool)
    local function found() end
    require("cognito.cli.doctor.service").check({ ok = found, note = found, wrong = found }, {
      has_credentials = true, is_reached = true, pool = pool, given = {},
      described = { settings = { user_pool_id = { value = "x" }, client_id = { value = "x" } } },
    })
  end },
  ["support"] = { ada(), function(pool)
    run_command("admin_get_user", pool, {})
    run_command("list_users", pool, {})
    run_command("admin_reset_user_password", pool, { sign_out = true })
    assert(pool:admin_set_user_password { username = "ada", password = "New-pass1" }) -- the command asks for it
  end },
  ["bulk reset"] = { ada(), job "reset" },
  ["bulk lock"] = { ada(), job "lock" },
  ["bulk resend"] = { ada "UNCONFIRMED", job "resend" },
  ["bulk disable"] = { ada(), job "disable" },
  ["bulk enable"] = { { { username = "ada", email = "ada@example.com", enabled = false } }, job "enable" },
  ["bulk sign-out"] = { { { username = "ada", email = "ada@example.com", managed_logins = 1 } },
    job("sign-out", { sign_out = "sessions" }) },
  ["bulk secure"] = { { { username = "ada", email = "ada@example.com", totp_secret = "JBSWY3DPEHPK3PXP", devices = 1,
    managed_logins = 1 } }, job("secure", { factors = { "SOFTWARE_TOKEN_MFA", "SMS_MFA" } }) },
  ["bulk invite"] = { ada "FORCE_CHANGE_PASSWORD", job "invite" },
}

describe("a policy of docs/iam.md", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local listed, signed = policies(), {}
  for _, operation in ipairs(core.operations()) do
    local described = core.describe(operation)
    signed[described.wire_name] = described.signed
  end

  it("is there for every task, and for no other", function()
    for task in pairs(listed) do assert.truthy(tasks[task], task) end
  end)

  for task, what in pairs(tasks) do
    it("allows what " .. task .. " calls, and no more", function()
      local policy = assert(listed[task], task)
      assert.equal("2012-10-17", policy.Version)
      local statement, allowed = policy.Statement[1], {}
      assert.same({ "Allow", 1 }, { statement.Effect, #policy.Statement })
      assert.matches("^arn:aws:cognito%-idp:[%w-]+:%d+:userpool/[%w-]+_%w+$", statement.Resource)
      for _, action in ipairs(statement.Action) do
        local name = assert(action:match "^cognito%-idp:(%w+)$", action)
        assert.is_true(signed[name], name)
        allowed[name] = true
      end
      assert.same(allowed, signed_calls(what[1], what[2]))
    end)
  end
end)

-- `cognito call`: any operation, with parameters from JSON and from words.

local cjson = require "cjson"
local command = require "spec.support.command"
local native = require "cognito.native"
local params = require "cognito.cli.params"
local sandbox_process = require "spec.support.sandbox_process"
local stop = require "cognito.cli.stop"

describe("cognito call", function()
  local process, env

  setup(function()
    process = sandbox_process.start "--existence-errors LEGACY --code 135790"
    env = command.into(process)
    process:post("/users", { username = "ada", password = "Old-Passw0rd", email = "ada@example.com" })
  end)

  teardown(function() process:stop() end)

  local function run(args, options)
    options = options or {}
    options.env = env
    table.insert(args, 1, "call")
    return command.run(args, options)
  end

  it("takes an operation's name in three spellings", function()
    for _, name in ipairs { "describe-user-pool", "describe_user_pool", "DescribeUserPool" } do
      local result = run { name, "--json" }
      assert.equal(0, result.status, result.err)
      assert.equal(process.settings.COGNITO_USER_POOL_ID, cjson.decode(result.out).user_pool.id)
    end
  end)

  it("takes no other keys than those of the profile that is named", function()
    local result = run { "list-users", "--profile", "prod-typo" } -- the environment has good ones
    assert.equal(1, result.status)
    assert.truthy(result.err:find("profile 'prod-typo': the program names it", 1, true), result.err)
    assert.truthy(result.err:find("Add the section [profile prod-typo]", 1, true), result.err)
    assert.equal(0, run({ "forgot-password", "--param", "username=ada", "--profile", "prod-typo" }).status)
  end)

  it("prints the reply for people, or in one line", function()
    assert.equal('{\n  "users": []\n}\n', run({ "list-users", "--param", 'filter=username = "nobody"' }).out)
    assert.equal('{"users":[]}\n', run({ "list-users", "--param", 'filter=username = "nobody"', "--json" }).out)
    assert.equal("{}\n", run({ "admin-disable-user", "--param", "username=ada" }).out)
    assert.equal("{}\n", run({ "admin-enable-user", "--param", "username=ada" }).out)
  end)

  it("takes parameters from standard input, a file or a descriptor, secrets among them", function()
    local json = '{"Username":"ada","Password":"N3w-Passw0rd","Permanent":true}'
    assert.equal(0, run({ "admin-set-user-password", "--params", "-" }, { stdin = json }).status)
    assert.equal(0, run({ "admin-set-user-password", "--params", "@/dev/fd/3" }, { fds = { [3] = json } }).status)
  end)

  it("lets words stand over JSON", function()
    local result = run({ "admin-get-user", "--params", '{"username":"nobody"}', "--param", "username=ada", "--json" })
    assert.equal("ada", cjson.decode(result.out).username)
  end)

  it("refuses JSON that is none, without repeating it", function()
    local function refused(json, words)
      local result = run({ "admin-set-user-password", "--params", "-" }, { stdin = json })
      assert.equal(2, result.status)
      assert.truthy(result.err:find(words, 1, true), result.err)
      assert.is_nil(result.err:find("hunter2", 1, true))
    end
    refused('{"password": hunter2}', "standard input: this is no JSON")
    refused("", "standard input: this is no JSON")
    refused('["hunter2"]', "the parameters must be an object")
    refused('"hunter2"', "the parameters must be an object")
    refused('{"passwrod":"hunter2"}', "did you mean 'password'?")
    refused('{"password":["hunter2"]}', "password must be")
  end)

  it("names a file that it cannot read", function()
    local result = run { "admin-get-user", "--params", "@/no/such/file" }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the parameters cannot be read: /no/such/file: No such file", 1, true), result.err)
    result = run { "admin-get-user", "--params", "@/" }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("the parameters cannot be read: /: Is a directory", 1, true), result.err)
  end)

  it("describes an operation, without calling it", function()
    local before = process:get "/executions"
    local out = run({ "admin-reset-user-password", "--describe" }).out
    assert.truthy(out:find("admin_reset_user_password (AdminResetUserPassword): signed, may send a message\n", 1, true))
    assert.truthy(out:find("\n  username  string, required\n", 1, true), out)
    assert.equal("message", cjson.decode(run({ "admin-reset-user-password", "--describe", "--json" }).out).effect)
    assert.same(before, process:get "/executions")
  end)

  it("has half done what stands after an error", function()
    process:post("/misbehave", { operation = "admin_create_user", what = "error", code = "CodeDeliveryFailureException",
      message = "no" })
    assert.equal(3, run({ "admin-create-user", "--param", "username=bob" }).status)
  end)
end)

describe("parameters", function()
  local function read(operation, given)
    given.pairs, given.ask = given.pairs or {}, {}
    return params.read(native.describe(operation), given)
  end

  local function refused(operation, given)
    local ok, err = pcall(read, operation, given)
    assert.is_false(ok)
    assert.is_true(stop.is(err), tostring(err))
    assert.equal(stop.USAGE, err.status)
    return err.err.message
  end

  it("in JSON may have the service's names, at any depth", function()
    assert.same({ username = "ada", user_attributes = { { name = "email", value = "x" } },
      client_metadata = { UserName = "kept" }, desired_delivery_mediums = { "EMAIL" } },
      read("admin_create_user", { params = [[{"Username":"ada","UserAttributes":[{"Name":"email","value":"x"}],
        "ClientMetadata":{"UserName":"kept"},"DesiredDeliveryMediums":["EMAIL"]}]] }))
  end)

  it("that are null are left out", function()
    assert.same({ username = "ada", client_metadata = {} },
      read("admin_create_user", { params = '{"username":"ada","message_action":null,"client_metadata":{"a":null}}' }))
  end)

  it("become values of the model's types", function()
    assert.same({ limit = 5, attributes_to_get = { "email", "sub" }, filter = "a=b" },
      read("list_users", { pairs = { { "limit", "5" }, { "attributes_to_get", "email" }, { "AttributesToGet", "sub" },
        { "filter", "a=b" } } }))
    assert.same({ force_alias_creation = true, client_metadata = { ["a.b"] = "c" } },
      read("admin_create_user", { pairs = { { "force_alias_creation", "true" }, { "client_metadata.a.b", "c" } } }))
    assert.same({ user_pool_id = "x", policies = { password_policy = { minimum_length = 12 } } },
      read("update_user_pool", { pairs = { { "user_pool_id", "x" },
        { "policies.password_policy.minimum_length", "12" } } }))
  end)

  it("that cannot be made of a word are refused", function()
    assert.equal("'limit' must be a number", refused("list_users", { pairs = { { "limit", "x" } } }))
    assert.equal("'permanent' must be true or false",
      refused("admin_set_user_password", { pairs = { { "permanent", "yes" } } }))
    assert.equal("'user_attributes' is a list",
      refused("admin_create_user", { pairs = { { "user_attributes", "x" } } }))
    assert.equal("'policies' is a structure", refused("create_user_pool", { pairs = { { "policies", "x" } } }))
  end)

  it("of every operation: a sensitive one is taken as an argument only if it is no secret", function()
    local open, closed = {}, {}
    for _, name in ipairs(native.operations()) do
      for _, member in ipairs(native.describe(name).input) do
        local ok = pcall(read, name, { params = ('{"%s":null,"%s":"x"}'):format(member.name, member.name) })
        if member.sensitive then (ok and open or closed)[member.name] = true end
      end
    end
    for _, name in ipairs { "password", "previous_password", "proposed_password", "temporary_password", "code",
      "confirmation_code", "user_code", "access_token", "refresh_token", "token", "session", "client_secret", "secret",
      "secret_hash", "auth_parameters", "challenge_responses", "credential", "provider_details" } do
      assert.is_true(closed[name], name)
      assert.is_nil(open[name])
    end
    for _, name in ipairs { "username", "client_id", "filter", "client_metadata", "pagination_token" } do
      assert.is_true(open[name], name)
      assert.is_nil(closed[name])
    end
  end)
end)

--- An app client with two secrets, while one replaces the other. The runtimes'
-- half is spec/support/behaviour/retries.lua's.

local cognito = require "cognito"
local fake = require "spec.support.fake_runtime"

local NEW, OLD = "the-newest-of-two-secrets", "the-older-one-of-two-secrets"
local CLIENT = "3n4b5urk1ft4fl3mg5e62d9ado"

local function refusal(text)
  return fake.failure(400, "NotAuthorizedException", text or ("Unable to verify secret hash for client " .. CLIENT))
end

-- Answers as a service with these secrets does.
local function service(...)
  local known = {}
  for _, secret in ipairs { ... } do known[cognito.secret_hash("ada", CLIENT, secret)] = true end
  return fake.new { function(request)
    return known[request.body:match '"S[Ee][Cc][Rr][Ee][Tt]_?H[Aa][Ss][Hh]":"([^"]+)"'] and fake.ok() or refusal()
  end }
end

local function client(runtime, secret, more)
  local settings = { region = "eu-west-1", client_id = CLIENT, client_secret = secret, runtime = runtime,
    random = function() return 0 end, env = function() end }
  for name, value in pairs(more or {}) do settings[name] = value end
  return cognito.new(settings)
end

local function forgot(pool, options) return pool:forgot_password({ username = "ada" }, options) end

-- Which secret each request was made with.
local function used(runtime)
  local names = {}
  for i = 1, runtime:count() do
    local body = runtime:request(i).body
    names[i] = body:find(cognito.secret_hash("ada", CLIENT, NEW), 1, true) and "new"
      or body:find(cognito.secret_hash("ada", CLIENT, OLD), 1, true) and "old" or "none"
  end
  return table.concat(names, " ")
end

describe("two client secrets", function()
  it("are tried in their order, and the one that worked is used from then on", function()
    local runtime = service(OLD)
    local pool = client(runtime, { NEW, OLD })
    local sent, err, meta = forgot(pool)
    assert.is_table(sent, tostring(err))
    assert.equal(2, meta.attempts)
    assert.is_table(forgot(pool))
    assert.equal("new old old", used(runtime))
  end)

  it("cost nothing while the first works", function()
    local runtime = service(NEW, OLD)
    local pool = client(runtime, { NEW, OLD })
    for _ = 1, 3 do assert.is_table(forgot(pool)) end
    assert.equal("new new new", used(runtime))
  end)

  it("serve in calls of every kind that takes the hash or the secret", function()
    local seen
    local runtime = fake.new { function(request)
      seen[#seen + 1] = request.body
      return #seen == 1 and refusal() or fake.ok()
    end }
    for operation, params in pairs {
      resend_confirmation_code = { username = "ada" },
      confirm_forgot_password = { username = "ada", confirmation_code = "1", password = "x-x-x-x-1" },
      initiate_auth = { auth_flow = "USER_SRP_AUTH", auth_parameters = { USERNAME = "ada", SRP_A = "a" } },
      respond_to_auth_challenge = { challenge_name = "SMS_MFA", session = ("x"):rep(20),
        challenge_responses = { USERNAME = "ada", SMS_MFA_CODE = "1" } },
    } do
      seen = {}
      local result, err = client(runtime, { NEW, OLD })[operation](client(runtime, { NEW, OLD }), params)
      assert.is_table(result, operation .. tostring(err))
      assert.truthy(seen[1]:find(cognito.secret_hash("ada", CLIENT, NEW), 1, true), operation)
      assert.truthy(seen[2]:find(cognito.secret_hash("ada", CLIENT, OLD), 1, true), operation)
    end
    for operation, params in pairs { get_client_token = {}, revoke_token = { token = "t" },
      get_tokens_from_refresh_token = { refresh_token = "t" } } do
      seen = {}
      assert.is_table(client(runtime, { NEW, OLD })[operation](client(runtime, { NEW, OLD }), params), operation)
      assert.truthy(seen[1]:find(NEW, 1, true) and seen[2]:find(OLD, 1, true), operation)
    end
  end)

  it("end with the service's error and a hint where both are refused, and each call tries both once", function()
    local runtime = service "neither"
    local pool = client(runtime, { NEW, OLD })
    for _ = 1, 2 do
      local sent, err = forgot(pool)
      assert.is_nil(sent)
      assert.same({ "NotAuthorizedException", "secret_hash", 2, false },
        { err.code, err.reason, err.attempts, err.ambiguous })
      assert.truthy(err.hint:find("neither of the two secrets", 1, true), err.hint)
      assert.is_nil(tostring(err):find(NEW, 1, true) or tostring(err):find(OLD, 1, true))
    end
    assert.equal("new old new old", used(runtime))
  end)

  it("are not what is wrong where the second one is refused for another reason", function()
    local runtime = fake.new { refusal(), refusal "User is disabled." }
    local sent, err = forgot(client(runtime, { NEW, OLD }))
    assert.same({ nil, 2, "new old" }, { sent, err.attempts, used(runtime) })
    assert.is_nil((err.hint or ""):find("neither of the two secrets", 1, true))
  end)

  it("are not tried in turn for any other answer", function()
    for _, answer in ipairs {
      refusal "Incorrect username or password.", refusal "User is disabled.",
      refusal "Client ID is configured with secret but SECRET_HASH was not received",
      refusal("Client " .. CLIENT .. " is configured for secret but secret was not received"),
      fake.failure(400, "InvalidParameterException",
        "App client ID is not configured for secret but secret hash was received"),
      fake.failure(400, "InvalidParameterException", "Unable to verify secret hash for client"),
      fake.failure(400, "LimitExceededException", "Attempt limit exceeded"),
      fake.failure(500, "NotAuthorized", "Unable to verify secret hash for client"),
      fake.fault("connection_lost", true), fake.fault("timeout", true),
    } do
      local runtime = fake.new { answer, fake.ok() }
      assert.is_nil((forgot(client(runtime, { NEW, OLD }))))
      assert.equal("new", used(runtime))
    end
  end)

  it("are not tried in turn where the refused hash was the caller's, or another client's", function()
    for _, params in ipairs {
      { username = "ada", secret_hash = ("A"):rep(44) }, { username = "ada", secret_hash = false },
      { username = "ada", client_id = "another" },
    } do
      local runtime = fake.new { refusal(), fake.ok() }
      assert.is_nil((client(runtime, { NEW, OLD }):forgot_password(params)))
      assert.equal(1, runtime:count())
    end
    local runtime = fake.new { refusal(), fake.ok() }
    assert.is_nil((client(runtime, { NEW, OLD }):initiate_auth { auth_flow = "USER_SRP_AUTH",
      auth_parameters = { USERNAME = "ada", SRP_A = "a", SECRET_HASH = ("A"):rep(44) } }))
    assert.equal(1, runtime:count())
  end)

  it("follow the service when the older one is deleted", function()
    local answers = { [OLD] = true }
    local runtime = fake.new { function(request)
      for secret in pairs(answers) do
        if request.body:find(cognito.secret_hash("ada", CLIENT, secret), 1, true) then return fake.ok() end
      end
      return refusal()
    end }
    local pool = client(runtime, { NEW, OLD })
    assert.is_table(forgot(pool))
    answers = { [NEW] = true }
    assert.is_table(forgot(pool))
    assert.is_table(forgot(pool))
    assert.equal("new old old new new", used(runtime))
  end)

  it("keep the one that was used where a name's hash is refused with both", function()
    local runtime = fake.new { fake.ok(), refusal(), refusal(), fake.ok() }
    local pool = client(runtime, { NEW, OLD })
    assert.is_table(forgot(pool))
    assert.is_nil((forgot(pool)))
    assert.is_table(forgot(pool))
    assert.equal("new new old new", used(runtime))
  end)

  it("leave a call ambiguous whose second try was not answered", function()
    local runtime = fake.new { refusal(), fake.fault("connection_lost", true), fake.ok() }
    local sent, err = forgot(client(runtime, { NEW, OLD }))
    assert.is_nil(sent)
    assert.same({ "connection_lost", true, 2 }, { err.code, err.ambiguous, err.attempts })
    assert.equal("new old", used(runtime))
  end)

  it("are used on where the second try was throttled, and the refused one is not", function()
    local runtime = fake.new { refusal(), fake.failure(400, "TooManyRequestsException"), fake.ok(), fake.ok() }
    local pool = client(runtime, { NEW, OLD })
    assert.is_table(forgot(pool))
    assert.is_table(forgot(pool))
    assert.equal("new old old old", used(runtime))
  end)

  it("are not looked for by a metamethod of the parameters", function()
    local runtime = service(OLD)
    local params = setmetatable({ username = "ada" }, { __index = error })
    assert.is_table(client(runtime, { NEW, OLD }):forgot_password(params))
  end)

  it("take no attempt away: the other one is tried where a single attempt is allowed, and after the last", function()
    local runtime = service(OLD)
    local pool = client(runtime, { NEW, OLD })
    for attempts = 2, 1, -1 do
      local _, err, meta = forgot(pool, { max_attempts = 1 })
      assert.same({ nil, attempts }, { err, meta.attempts })
    end
    assert.equal("new old old", used(runtime))
    local numbers = {}
    for i = 1, 3 do numbers[i] = fake.header(runtime:request(i), "amz-sdk-request") end
    assert.same({ "attempt=1; max=1", "attempt=2; max=2", "attempt=1; max=1" }, numbers)
    local lost = fake.fault("connect", false)
    for most, answers in ipairs { { refusal(), lost, fake.ok() }, { lost, refusal(), lost, fake.ok() } } do
      runtime = fake.new(answers)
      assert.is_nil((forgot(client(runtime, { NEW, OLD }), { max_attempts = most })))
      assert.equal(#answers - 1, runtime:count())
    end
  end)

  it("may be one, or twice the same: then there is no second try", function()
    for _, list in ipairs { { NEW }, { NEW, NEW } } do
      local runtime = service(OLD)
      assert.is_nil((forgot(client(runtime, list))))
      assert.equal("new", used(runtime))
    end
  end)

  it("may come from a function, which is passed the refused one", function()
    local told = {}
    local runtime = service(OLD)
    local pool = client(runtime, function(refused)
      told[#told + 1] = tostring(refused)
      return { NEW, OLD }
    end)
    assert.is_table(forgot(pool))
    assert.is_table(forgot(pool))
    assert.equal("new old old", used(runtime))
    assert.same({ "nil", NEW, "nil" }, told)
  end)

  it("may come from a function that has newer ones after a refusal", function()
    local runtime = service(OLD)
    local pool = client(runtime, function(refused) return refused and { NEW, OLD } or { NEW, "gone" } end)
    assert.is_table(forgot(pool))
    assert.equal("new old", used(runtime))
  end)

  it("may be an option of a call, and are remembered by clients made with `with`", function()
    local runtime = service(OLD)
    local secrets = { NEW, OLD }
    local pool = client(runtime, "another")
    assert.is_table(forgot(pool, { client_secret = secrets }))
    assert.equal("new old", used(runtime))
    pool = client(runtime, secrets)
    assert.is_table(forgot(pool))
    assert.is_table(forgot(pool:with { timeout = 3 }))
    assert.equal("new old new old old", used(runtime))
  end)

  it("do not change with the program's table", function()
    local runtime, secrets = service(NEW), { NEW, OLD }
    local pool = client(runtime, secrets)
    secrets[1], secrets[2] = nil, nil
    assert.is_table(forgot(pool))
  end)

  it("that are none are refused before anything is sent, without being shown", function()
    for _, bad in ipairs { {}, { "hunter2", "hunter3", "hunter4" }, { "" }, { 5 }, { nil, "hunter2" },
      { a = "hunter2" }, { "hunter2", false } } do
      local ok, message = pcall(cognito.new, { client_secret = bad })
      assert.is_false(ok)
      assert.truthy(message:find("'client_secret' must be a string that is not empty, one or two of them", 1, true),
        message)
      assert.is_nil(message:find "hunter")
      local runtime = service(OLD)
      local _, err = forgot(client(runtime, function() return bad end))
      assert.same({ "no_credentials", 0 }, { err.code, runtime:count() })
    end
    for _, bad in ipairs { 5, true, "" } do
      assert.is_false((pcall(cognito.new, { client_secret = bad })))
      local runtime = service(OLD)
      local _, err = forgot(client(runtime, function() return bad end))
      assert.same({ "no_credentials", 0 }, { err.code, runtime:count() })
    end
    local ok, message = pcall(cognito.new, { client_secret = { "hunter2", "hunter3\n" } })
    assert.is_false(ok)
    assert.truthy(message:find("white space or a line break", 1, true))
  end)

  it("stay out of what shows a client", function()
    local pool = client(service(OLD), { NEW, OLD })
    assert.is_table(forgot(pool))
    assert.same({ value = "[redacted]", source = "settings" }, pool:describe().settings.client_secret)
  end)
end)

describe("of secrets that are not given any more", function()
  it("a client remembers none", function()
    local secrets, memory = require "cognito.client_secrets", { worked = OLD }
    assert.equal(OLD, secrets.choose(memory, { NEW, OLD }))
    assert.equal(OLD, memory.worked)
    assert.equal("newer", secrets.choose(memory, { "newer", NEW }))
    assert.is_nil(memory.worked)
  end)
end)

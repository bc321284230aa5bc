--- The flow against a server that is none of ours: cognito-local, an emulator
-- from npm. It checks neither signatures nor secret hashes nor limits; it does
-- reads every request with code of its own, and its replies were written by other hands.

local advise = require("cognito.recovery").advise
local cognito = require "cognito"
local cognito_local = require "spec.support.cognito_local"
local public_answer = require("cognito.recovery").public_answer

local FIRST, SECOND, THIRD = "Analytical-Engine-1837", "Difference-Engine-1822", "Bernoulli-Numbers-1843"
local ADA, GRACE = "ada", "grace@hopper.example"

describe("cognito-local", function()
  local server, pool

  setup(function()
    server = cognito_local.start()
  end)

  teardown(function()
    if server then server:stop() end
  end)

  local function ok(result, err, meta)
    assert.is_nil(err)
    assert.equal(200, meta.status)
    assert.equal(1, meta.attempts)
    return result
  end

  local function code_of(_, err)
    return err.code
  end

  local function sign_in(username, password)
    return pool:initiate_auth {
      auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = username, PASSWORD = password },
    }
  end

  local function value_of(attributes, name)
    for _, attribute in ipairs(attributes) do
      if attribute.name == name then return attribute.value end
    end
  end

  it("makes a pool and an app client with a secret", function()
    local owner = cognito.new {
      endpoint = server.url, region = "eu-west-1",
      credentials = { access_key_id = "AKIDANY", secret_access_key = "any" },
    }
    local created = ok(owner:create_user_pool { pool_name = "spec", auto_verified_attributes = { "email" } }).user_pool
    local client = ok(owner:create_user_pool_client {
      user_pool_id = created.id, client_name = "spec", generate_secret = true,
      explicit_auth_flows = { "ALLOW_USER_PASSWORD_AUTH" },
    }).user_pool_client
    assert.equal(created.id, client.user_pool_id)
    assert.is_string(client.client_secret)
    pool = owner:with {
      user_pool_id = created.id, client_id = client.client_id, client_secret = client.client_secret,
    }
    assert.equal("spec", ok(pool:describe_user_pool {}).user_pool.name)
  end)

  it("signs a user up", function()
    local signed_up = ok(pool:sign_up {
      username = ADA, password = FIRST,
      user_attributes = { { name = "email", value = "ada@example.com" } }, client_metadata = {},
    })
    assert.is_false(signed_up.user_confirmed)
    assert.equal("EMAIL", signed_up.code_delivery_details.delivery_medium)
    assert.equal("UsernameExistsException", code_of(pool:sign_up { username = ADA, password = FIRST }))
    assert.equal("UserNotConfirmedException", code_of(sign_in(ADA, FIRST)))
    assert.equal("resend_confirmation_code", assert(advise(pool, ADA)).operation)
  end)

  it("confirms the sign-up", function()
    assert.equal("CodeMismatchException", code_of(pool:confirm_sign_up { username = ADA, confirmation_code = "0" }))
    ok(pool:confirm_sign_up { username = ADA, confirmation_code = cognito_local.CODE })
    assert.is_string(ok(sign_in(ADA, FIRST)).authentication_result.access_token)
  end)

  it("recovers a forgotten password", function()
    local sent = ok(pool:forgot_password { username = ADA, client_metadata = { why = "lost" } })
    assert.equal("email", sent.code_delivery_details.attribute_name)
    local page = public_answer(pool:confirm_forgot_password {
      username = ADA, confirmation_code = "0", password = SECOND,
    })
    assert.equal("not_accepted", page.outcome)
    assert.equal("CodeMismatchException", page.log.code)
    page = public_answer(pool:confirm_forgot_password {
      username = ADA, confirmation_code = cognito_local.CODE, password = SECOND,
    })
    assert.equal("done", page.outcome)
    ok(sign_in(ADA, SECOND))
    assert.is_string(code_of(sign_in(ADA, FIRST)))
  end)

  it("knows no one else", function()
    local _, err = pool:forgot_password { username = "nobody" }
    assert.equal("UserNotFoundException", err.code)
    assert.equal(400, err.status)
    assert.equal("unknown_user", assert(advise(pool, "nobody")).reason)
    assert.equal("ResourceNotFoundException",
      code_of(pool:with { client_id = "nosuchclient" }:forgot_password { username = ADA }))
  end)

  it("lets an administrator make a user", function()
    local user = ok(pool:admin_create_user {
      username = GRACE, temporary_password = FIRST, desired_delivery_mediums = { "EMAIL" },
      user_attributes = { { name = "email", value = GRACE }, { name = "email_verified", value = "true" } },
    }).user
    assert.equal("FORCE_CHANGE_PASSWORD", user.user_status)
    user = ok(pool:admin_get_user { username = GRACE })
    assert.equal(GRACE, user.username)
    assert.equal(GRACE, value_of(user.user_attributes, "email"))
    assert.is_true(user.enabled)
    assert.is_true(os.time() - user.user_create_date < 600)
    assert.equal("NEW_PASSWORD_REQUIRED", ok(sign_in(GRACE, FIRST)).challenge_name)
    local advice = assert(advise(pool, GRACE))
    assert.equal("admin_create_user", advice.operation)
    assert.same({ email = true, phone_number = false }, advice.verified)
  end)

  it("lets an administrator set a password", function()
    assert.same({}, ok(pool:admin_set_user_password { username = GRACE, password = THIRD, permanent = true }))
    ok(sign_in(GRACE, THIRD))
    assert.equal("forgot_password", assert(advise(pool, GRACE)).operation)
  end)

  it("lists users", function()
    local names = {}
    for _, user in ipairs(ok(pool:list_users {}).users) do names[user.username] = user.user_status end
    assert.same({ [ADA] = "CONFIRMED", [GRACE] = "CONFIRMED" }, names)
    local found = ok(pool:list_users { filter = 'email = "ada@example.com"' }).users
    assert.same({ 1, ADA }, { #found, found[1].username })
  end)

  for operation, params in pairs {
    admin_reset_user_password = { username = ADA },
    resend_confirmation_code = { username = ADA },
    admin_create_user = { username = GRACE, message_action = "RESEND" },
  } do
    it("answers 500 to " .. operation .. ", which is not repeated", function()
      local result, err, meta = pool[operation](pool, params)
      assert.is_nil(result)
      assert.is_true(cognito.is_error(err))
      assert.same({ operation, "Unsupported", "service", 500, 1, true, false },
        { err.operation, err.code, err.kind, err.status, err.attempts, err.ambiguous, err.retryable })
      assert.matches("unsupported feature", err.message)
      assert.equal(500, meta.status)
    end)
  end
end)

-- The main job, from the first sign-up to the reset by an administrator, over
-- both faces of the sandbox: in process, and through libcurl and a socket.

local cognito = require "cognito"
local json = require "cjson"
local native = require "cognito.core"
local sandbox = require "cognito.sandbox"
local sandbox_process = require "spec.support.sandbox_process"

local FIRST, SECOND = "Analytical-Engine-1837", "Difference-Engine-1822"

local function in_process()
  local box = sandbox.new()
  return {
    settings = box:settings(),
    outbox = function() return box.outbox end,
    stop = function() end,
  }
end

local function over_http()
  local process = sandbox_process.start()
  local given = process.settings
  local http = native.http()
  return {
    settings = {
      endpoint = process.settings.url,
      user_pool_id = given.COGNITO_USER_POOL_ID,
      client_id = given.COGNITO_CLIENT_ID,
      client_secret = given.COGNITO_CLIENT_SECRET,
      credentials = {
        access_key_id = given.AWS_ACCESS_KEY_ID,
        secret_access_key = given.AWS_SECRET_ACCESS_KEY,
      },
    },
    outbox = function()
      local reply = assert(http:send { method = "GET", url = given.url .. "/outbox", headers = {} })
      return json.decode(reply.body)
    end,
    stop = function()
      http:close()
      process:stop()
    end,
  }
end

for name, start in pairs { ["in process"] = in_process, ["over HTTP"] = over_http } do
  describe("recovery " .. name, function()
    local pool, place

    setup(function()
      place = start()
      pool = cognito.new(place.settings)
    end)

    teardown(function()
      place.stop()
    end)

    local function message()
      local outbox = place.outbox()
      return outbox[#outbox]
    end

    local function succeed(result, err, meta)
      assert.is_nil(err)
      assert.equal(200, meta.status)
      assert.equal(1, meta.attempts)
      assert.is_string(meta.request_id)
      return result
    end

    local function sign_in(password)
      return pool:initiate_auth {
        auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "ada", PASSWORD = password },
      }
    end

    it("goes from a lost code to a reset account", function()
      local signed_up = succeed(pool:sign_up {
        username = "ada", password = FIRST, user_attributes = { { name = "email", value = "ada@example.com" } },
      })
      assert.is_false(signed_up.user_confirmed)
      assert.equal("UserNotConfirmedException", select(2, sign_in(FIRST)).code)

      local resent = succeed(pool:resend_confirmation_code { username = "ada", client_metadata = { why = "lost" } })
      assert.same({ attribute_name = "email", delivery_medium = "EMAIL", destination = "a***@e***.com" },
        resent.code_delivery_details)
      assert.same({ why = "lost" }, message().client_metadata)
      succeed(pool:confirm_sign_up { username = "ada", confirmation_code = message().code })
      assert.is_string(succeed(sign_in(FIRST)).authentication_result.access_token)

      local sent = succeed(pool:forgot_password { username = "ada" })
      assert.equal("EMAIL", sent.code_delivery_details.delivery_medium)
      local wrong = message().code == "000000" and "111111" or "000000"
      local _, err = pool:confirm_forgot_password { username = "ada", confirmation_code = wrong, password = SECOND }
      assert.equal("CodeMismatchException", err.code)
      succeed(pool:confirm_forgot_password {
        username = "ada", confirmation_code = message().code, password = SECOND,
      })
      assert.equal("NotAuthorizedException", select(2, sign_in(FIRST)).code)
      succeed(sign_in(SECOND))

      assert.same({}, succeed(pool:admin_reset_user_password { username = "ada" }))
      assert.equal("PasswordResetRequiredException", select(2, sign_in(SECOND)).code)
      assert.equal("RESET_REQUIRED", succeed(pool:admin_get_user { username = "ada" }).user_status)
      succeed(pool:confirm_forgot_password { username = "ada", confirmation_code = message().code, password = FIRST })
      succeed(sign_in(FIRST))
    end)

    it("is refused with a wrong secret, and with a wrong signing key", function()
      local before = #place.outbox()
      local _, err = pool:with { client_secret = "wrong" }:forgot_password { username = "ada" }
      assert.equal("NotAuthorizedException", err.code)
      assert.equal("secret_hash", err.reason)
      local id = place.settings.credentials.access_key_id
      _, err = pool:with { credentials = { access_key_id = id, secret_access_key = "wrong" } }
        :admin_reset_user_password { username = "ada" }
      assert.equal("InvalidSignatureException", err.code)
      _, err = pool:with { credentials = { access_key_id = "AKUNKNOWN", secret_access_key = "wrong" } }
        :admin_reset_user_password { username = "ada" }
      assert.equal("UnrecognizedClientException", err.code)
      assert.equal(before, #place.outbox())
    end)

    it("survives names and passwords in every script", function()
      local username, password = "Zoë-Ω-😀", "Pässwörd-密码-1!"
      succeed(pool:admin_create_user { username = username, message_action = "SUPPRESS",
        user_attributes = { { name = "email", value = "zoe@example.com" },
          { name = "email_verified", value = "true" } } })
      succeed(pool:admin_set_user_password { username = username, password = password, permanent = true })
      succeed(pool:forgot_password { username = username })
      assert.equal(username, message().username)
      assert.equal(username, succeed(pool:list_users { filter = 'email = "zoe@example.com"' }).users[1].username)
    end)
  end)
end

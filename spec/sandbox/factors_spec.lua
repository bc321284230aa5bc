--- Second factors in the sandbox, through the client: no sign-in without one.
local cognito = require "cognito"
local sandbox = require "cognito.sandbox"
local totp = require "cognito.sandbox.totp"

local PASSWORD = "Old-pass1word"
local SECRET = totp.base32 "12345678901234567890" -- RFC 6238's

describe("a software token's codes", function()
  it("are those of RFC 6238, appendix B", function()
    for time, code in pairs { [59] = "94287082", [1111111109] = "07081804", [1111111111] = "14050471",
      [1234567890] = "89005924", [2000000000] = "69279037", [20000000000] = "65353130" } do
      assert.equal(code, totp.code("12345678901234567890", totp.step(time), 8))
    end
  end)

  it("come from a secret in base32 (RFC 4648)", function()
    for bytes, text in pairs { [""] = "", f = "MY", fo = "MZXQ", foo = "MZXW6", foob = "MZXW6YQ", fooba = "MZXW6YTB",
      foobar = "MZXW6YTBOI" } do
      assert.equal(text, totp.base32(bytes))
      assert.equal(bytes, totp.from_base32(text))
    end
    assert.equal("foob", totp.from_base32 "mzxw6yq=")
    assert.is_nil(totp.from_base32 "MZ1")
  end)
end)

local box, pool

local function add(user)
  user.username, user.password = "ada", PASSWORD
  user.email = "ada@example.com"
  box:add_user(user)
end

local function sign_in()
  return pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH", client_metadata = { locale = "de" },
    auth_parameters = { USERNAME = "ada", PASSWORD = PASSWORD } }
end

local function respond(challenge, responses)
  responses.USERNAME = "ada"
  return pool:respond_to_auth_challenge { challenge_name = challenge.challenge_name, session = challenge.session,
    challenge_responses = responses }
end

local function code_of(result, err)
  assert.is_nil(result)
  return err.code
end

before_each(function()
  box = sandbox.new { now = function() return 1700000000 end }
  pool = cognito.new(box:settings())
end)

describe("a user with SMS as second factor", function()
  before_each(function() add { phone_number = "+491511234567", sms_mfa = true } end)

  it("does not sign in without the code that was sent", function()
    local challenge = assert(sign_in())
    assert.is_nil(challenge.authentication_result)
    assert.equal("SMS_MFA", challenge.challenge_name)
    assert.same({ CODE_DELIVERY_DELIVERY_MEDIUM = "SMS", CODE_DELIVERY_DESTINATION = "+*******4567",
      USER_ID_FOR_SRP = "ada" }, challenge.challenge_parameters)
    local message = box.outbox[1]
    assert.same({ "CustomMessage_Authentication", "initiate_auth", "de" },
      { message.trigger, message.operation, message.client_metadata.locale })
    assert.equal(0, box:user "ada".sessions)
    assert.equal("CodeMismatchException", code_of(respond(challenge, { SMS_MFA_CODE = "000000x" })))
    assert.equal("InvalidParameterException", code_of(respond(challenge, {})))
    local result = assert(respond(challenge, { SMS_MFA_CODE = box:code "ada" }))
    assert.is_string(result.authentication_result.access_token)
    assert.equal(1, box:user "ada".sessions)
    assert.equal("NotAuthorizedException", code_of(respond(challenge, { SMS_MFA_CODE = box:code "ada" })))
  end)

  it("has three minutes for it", function()
    local challenge = assert(sign_in())
    box:advance(180)
    assert.equal("NotAuthorizedException", code_of(respond(challenge, { SMS_MFA_CODE = box:code "ada" })))
  end)

  it("has one try if the box is set so", function()
    box = sandbox.new { assumptions = { wrong_answer_keeps_session = false } }
    pool = cognito.new(box:settings())
    add { phone_number = "+491511234567", sms_mfa = true }
    local challenge = assert(sign_in())
    assert.equal("CodeMismatchException", code_of(respond(challenge, { SMS_MFA_CODE = "0" })))
    assert.equal("NotAuthorizedException", code_of(respond(challenge, { SMS_MFA_CODE = box:code "ada" })))
  end)

  it("does not get by with another challenge's answer", function()
    local challenge = assert(sign_in())
    challenge.challenge_name = "NEW_PASSWORD_REQUIRED"
    assert.equal("NotAuthorizedException", code_of(respond(challenge, { NEW_PASSWORD = "New-pass1word" })))
    assert.equal(0, box:user "ada".sessions)
  end)

  it("is asked for it after a new password, too, and when an administrator signs in", function()
    assert(pool:admin_set_user_password { username = "ada", password = PASSWORD })
    local challenge = assert(pool:admin_initiate_auth { auth_flow = "ADMIN_USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = "ada", PASSWORD = PASSWORD } })
    assert.equal("NEW_PASSWORD_REQUIRED", challenge.challenge_name)
    challenge = assert(respond(challenge, { NEW_PASSWORD = "New-pass1word" }))
    assert.equal("SMS_MFA", challenge.challenge_name)
    assert.equal("respond_to_auth_challenge", box.outbox[1].operation)
    assert(respond(challenge, { SMS_MFA_CODE = box:code "ada" }))
  end)
end)

describe("a user with a software token", function()
  it("does not sign in without its code, each of which is good once", function()
    add { totp_secret = SECRET }
    local challenge = assert(sign_in())
    assert.equal("SOFTWARE_TOKEN_MFA", challenge.challenge_name)
    assert.equal(0, #box.outbox)
    assert.equal("CodeMismatchException", code_of(respond(challenge, { SOFTWARE_TOKEN_MFA_CODE = "000000" })))
    local code = box:totp "ada"
    assert.is_table(assert(respond(challenge, { SOFTWARE_TOKEN_MFA_CODE = code })).authentication_result)
    challenge = assert(sign_in())
    assert.equal("ExpiredCodeException", code_of(respond(challenge, { SOFTWARE_TOKEN_MFA_CODE = code })))
    box:advance(30)
    assert(respond(challenge, { SOFTWARE_TOKEN_MFA_CODE = box:totp "ada" }))
  end)

  it("may have a clock that is half a minute off, not more", function()
    add { totp_secret = SECRET }
    local challenge, code = assert(sign_in()), box:totp "ada"
    box:advance(90)
    assert.equal("CodeMismatchException", code_of(respond(challenge, { SOFTWARE_TOKEN_MFA_CODE = code })))
    box:advance(-60)
    assert(respond(challenge, { SOFTWARE_TOKEN_MFA_CODE = code }))
  end)

  it("chooses where there is a phone besides", function()
    add { totp_secret = SECRET, phone_number = "+491511234567", sms_mfa = true }
    local challenge = assert(sign_in())
    assert.equal("SELECT_MFA_TYPE", challenge.challenge_name)
    assert.equal('["SMS_MFA","SOFTWARE_TOKEN_MFA"]', challenge.challenge_parameters.MFAS_CAN_CHOOSE)
    assert.equal("InvalidParameterException", code_of(respond(challenge, { ANSWER = "EMAIL_OTP" })))
    challenge = assert(respond(challenge, { ANSWER = "SMS_MFA" }))
    assert.equal("SMS_MFA", challenge.challenge_name)
    assert(respond(challenge, { SMS_MFA_CODE = box:code "ada" }))
    assert(pool:admin_set_user_mfa_preference { username = "ada",
      software_token_mfa_settings = { enabled = true, preferred_mfa = true } })
    assert.equal("SOFTWARE_TOKEN_MFA", assert(sign_in()).challenge_name)
  end)

  it("sets it up by an access token, and an administrator takes it away", function()
    add {}
    local access = assert(sign_in()).authentication_result.access_token
    local settings = { enabled = true, preferred_mfa = true }
    assert.equal("InvalidParameterException", code_of(pool:set_user_mfa_preference { access_token = access,
      software_token_mfa_settings = settings }))
    local secret = assert(pool:associate_software_token { access_token = access }).secret_code
    assert.equal("EnableSoftwareTokenMFAException",
      code_of(pool:verify_software_token { access_token = access, user_code = "000000" }))
    assert.equal(totp.code(totp.from_base32(secret), totp.step(box:now())), box:totp "ada")
    assert.equal("SUCCESS", assert(pool:verify_software_token { access_token = access, user_code = box:totp "ada",
      friendly_device_name = "phone" }).status)
    assert.is_table(assert(sign_in()).authentication_result) -- not yet switched on
    assert(pool:set_user_mfa_preference { access_token = access, software_token_mfa_settings = settings })
    local user = assert(pool:admin_get_user { username = "ada" })
    assert.same({ { "SOFTWARE_TOKEN_MFA" }, "SOFTWARE_TOKEN_MFA" },
      { user.user_mfa_setting_list, user.preferred_mfa_setting })
    assert.equal("phone", assert(sign_in()).challenge_parameters.FRIENDLY_DEVICE_NAME)
    assert.same({ "PASSWORD" },
      assert(pool:admin_get_user_auth_factors { username = "ada" }).configured_user_auth_factors)
    assert(pool:admin_delete_software_token { username = "ada" })
    assert.is_table(assert(sign_in()).authentication_result)
    assert.equal("SoftwareTokenMFANotFoundException",
      code_of(pool:admin_delete_software_token { username = "ada" }))
  end)
end)

describe("a factor that the sandbox cannot check", function()
  it("is refused loudly", function()
    add {}
    for _, flow in ipairs { "CUSTOM_AUTH", "USER_AUTH" } do
      local result, err = pool:initiate_auth { auth_flow = flow, auth_parameters = { USERNAME = "ada", SRP_A = "1" } }
      assert.is_nil(result)
      assert.equal(flow .. " flow not enabled for this client", err.message)
    end
    local result, err = respond({ challenge_name = "WEB_AUTHN", session = ("x"):rep(20) }, { ANSWER = "1" })
    assert.is_nil(result)
    assert.equal("The sandbox sets no WEB_AUTHN challenge.", err.message)
    local all = { ANSWER = "1", EMAIL_OTP_CODE = "1", DEVICE_KEY = "k", SRP_A = "1", PASSWORD = "p" }
    for _, name in ipairs { "CUSTOM_CHALLENGE", "EMAIL_OTP", "MFA_SETUP", "DEVICE_SRP_AUTH", "SELECT_CHALLENGE",
      "PASSWORD", "PASSWORD_SRP" } do
      result, err = respond({ challenge_name = name, session = ("x"):rep(20) }, all)
      assert.is_nil(result)
      assert.equal("Invalid session for the user.", err.message)
    end
    assert.equal("InvalidParameterException", code_of(pool:admin_set_user_mfa_preference { username = "ada",
      email_mfa_settings = { enabled = true } }))
  end)
end)

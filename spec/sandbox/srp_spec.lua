--- Signing in by SRP at the sandbox, whose half is its own, with the core's.
local cognito = require "cognito"
local core = require "cognito.core"
local sandbox = require "cognito.sandbox"
local claim_time = require "cognito.sandbox.claim_time"

local PASSWORD = "Correct-Horse-9!"
local NEW = "New-pass1word"

describe("a sign-in by SRP", function()
  local box, pool

  local function open(options)
    box = sandbox.new(options)
    pool = cognito.new(box:settings())
    box:add_user { username = "ada", email = "ada@example.com",
      email_verified = true, password = PASSWORD }
  end

  before_each(function() open { alias_attributes = { "email" } } end)

  local function begin(name, srp, public)
    return pool:initiate_auth { auth_flow = "USER_SRP_AUTH", auth_parameters = {
      USERNAME = name, SRP_A = public or srp:public() } }
  end

  -- The program's answers, before anything in them is changed.
  local function claim(srp, challenge, password, time)
    local given = challenge.challenge_parameters
    local signature, timestamp = assert(srp:answer {
      pool_name = box:settings().user_pool_id:match "_(.+)$",
      user_id = given.USER_ID_FOR_SRP, password = password, salt = given.SALT,
      srp_b = given.SRP_B, secret_block = given.SECRET_BLOCK,
      time = time or core.now(),
    })
    return { USERNAME = given.USER_ID_FOR_SRP, TIMESTAMP = timestamp,
      PASSWORD_CLAIM_SIGNATURE = signature,
      PASSWORD_CLAIM_SECRET_BLOCK = given.SECRET_BLOCK }
  end

  local function respond(responses, session)
    return pool:respond_to_auth_challenge { challenge_responses = responses,
      challenge_name = "PASSWORD_VERIFIER", session = session }
  end

  local function sign_in(name, password, changes)
    local srp = core.srp()
    local challenge = assert(begin(name, srp))
    assert.equal("PASSWORD_VERIFIER", challenge.challenge_name)
    assert.is_nil(challenge.session)
    local responses = claim(srp, challenge, password)
    for field, value in pairs(changes or {}) do responses[field] = value end
    return respond(responses)
  end

  local function refused(code, text, ...)
    local result, err = sign_in(...)
    assert.is_nil(result)
    assert.same({ code, text }, { err.code, err.message })
  end

  it("gives tokens to who knows the password, under any name of the user",
    function()
      for _, name in ipairs { "ada", "ada@example.com",
        box:user "ada".attributes.sub } do
        local result = assert(sign_in(name, PASSWORD))
        assert.is_string(result.authentication_result.access_token)
      end
      assert.equal(3, box:user "ada".sessions)
    end)

  -- Salts, numbers and keys with zeros in front come by chance: one of 256.
  it("agrees with the core whatever the numbers are", function()
    for i = 1, 60 do
      local name = "user-" .. i
      box:add_user { username = name, password = PASSWORD .. i }
      assert(sign_in(name, PASSWORD .. i))
    end
  end)

  it("goes on with every password that the user is given", function()
    assert(pool:admin_set_user_password { username = "ada", password = NEW,
      permanent = true })
    refused("NotAuthorizedException", "Incorrect username or password.",
      "ada", PASSWORD)
    assert(sign_in("ada", NEW))
    assert(pool:admin_set_user_password { username = "ada",
      password = PASSWORD, permanent = false })
    local result = assert(sign_in("ada", PASSWORD))
    assert.equal("NEW_PASSWORD_REQUIRED", result.challenge_name)
  end)

  it("takes no wrong password, and counts it", function()
    for _ = 1, 5 do
      refused("NotAuthorizedException", "Incorrect username or password.",
        "ada", PASSWORD .. " ")
    end
    local _, err = begin("ada", core.srp())
    assert.equal("Password attempts exceeded", err.message)
  end)

  it("takes no claim that is about anything else", function()
    local wrong = "Incorrect username or password."
    refused("NotAuthorizedException", wrong, "ada", PASSWORD,
      { PASSWORD_CLAIM_SIGNATURE = ("A"):rep(43) .. "=" })
    refused("NotAuthorizedException", wrong, "ada", PASSWORD,
      { TIMESTAMP = select(2, core.srp():answer { pool_name = "p",
        user_id = "u", password = "p", salt = "1", srp_b = "1",
        secret_block = "QUJD", time = core.now() - 60 }) })
    refused("NotAuthorizedException", "Invalid session for the user.", "ada",
      PASSWORD, { PASSWORD_CLAIM_SECRET_BLOCK = "QUJD" })
  end)

  it("is answered once, and in time", function()
    local srp = core.srp()
    local challenge = assert(begin("ada", srp))
    local responses = claim(srp, challenge, PASSWORD)
    assert(respond(responses))
    local _, err = respond(responses)
    assert.equal("Invalid session for the user.", err.message)
    challenge = assert(begin("ada", srp))
    box:advance(180)
    responses = claim(srp, challenge, PASSWORD, core.now() + 180)
    _, err = respond(responses)
    assert.equal("Invalid session for the user.", err.message)
  end)

  it("has a time in the one form, within five minutes", function()
    for _, text in ipairs { "", "now", "Wed Nov 04 08:09:05 UTC 2026",
      "Mi Nov 4 08:09:05 UTC 2026", "Tue Nov 4 08:09:05 UTC 2026",
      "Wed Nov 4 08:09:05 GMT 2026", "Wed, 04 Nov 2026 08:09:05 GMT" } do
      refused("InvalidParameterException",
        "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
        "ada", PASSWORD, { TIMESTAMP = text })
    end
    local srp = core.srp()
    for _, off in ipairs { -3600, 3600 } do
      local challenge = assert(begin("ada", srp))
      local _, err = respond(claim(srp, challenge, PASSWORD, core.now() + off))
      assert.same({ "NotAuthorizedException", "Invalid TIMESTAMP." },
        { err.code, err.message })
    end
    assert.equal(1793779745, claim_time.parse "Wed Nov 4 08:09:05 UTC 2026")
  end)

  it("begins with a number that is none of the prime's multiples", function()
    local prime = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A6"
      .. "7CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14"
      .. "374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDE"
      .. "E386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA"
      .. "48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED5290"
      .. "77096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C18"
      .. "0E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956"
      .. "AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64"
      .. "ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8"
      .. "C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B"
      .. "18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE"
      .. "0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
    for _, public in ipairs { "0", "000", prime, prime:lower(), "-1", "x1",
      " 1", ("1"):rep(769) } do
      local _, err = begin("ada", nil, public)
      assert.same({ "InvalidParameterException", "Invalid SRP_A." },
        { err.code, err.message })
    end
    local _, err = pool:initiate_auth { auth_flow = "USER_SRP_AUTH",
      auth_parameters = { USERNAME = "ada" } }
    assert.equal("Missing required parameter SRP_A", err.message)
  end)

  it("wants the secret hash over the pool's own name of the user", function()
    open { alias_attributes = { "email" }, client_secret = "s3cret-of-ours" }
    local srp = core.srp()
    local challenge = assert(begin("ada@example.com", srp))
    assert.equal("ada", challenge.challenge_parameters.USER_ID_FOR_SRP)
    local responses = claim(srp, challenge, PASSWORD)
    responses.USERNAME = "ada@example.com"
    local _, err = respond(responses)
    assert.equal("secret_hash", err.reason)
    responses.USERNAME = "ada"
    assert(respond(responses))
  end)

  it("tells users and strangers apart only where the client does", function()
    open { prevent_user_existence_errors = "LEGACY" }
    local _, err = begin("nobody", core.srp())
    assert.equal("UserNotFoundException", err.code)
    open()
    local srp = core.srp()
    local known, unknown = assert(begin("ada", srp)), assert(begin("eve", srp))
    assert.equal("eve", unknown.challenge_parameters.USER_ID_FOR_SRP)
    for field, value in pairs(known.challenge_parameters) do
      local other = unknown.challenge_parameters[field]
      assert.not_nil(other, field)
      if field == "SECRET_BLOCK" then assert.equal(#value, #other) end
    end
    refused("NotAuthorizedException", "Incorrect username or password.",
      "eve", PASSWORD)
  end)

  it("judges the time by a clock that is off", function()
    open()
    box:misbehave { what = "skew", seconds = 7200,
      operation = "respond_to_auth_challenge" }
    local _, err = require("cognito.recovery").sign_in(pool,
      { username = "ada", password = PASSWORD })
    assert.equal("NotAuthorizedException", err.code)
  end)

  it("goes on to second factors, and stops where a user may not sign in",
    function()
      open { prevent_user_existence_errors = "LEGACY" }
      box:add_user { username = "new", password = PASSWORD,
        status = "UNCONFIRMED" }
      refused("UserNotConfirmedException", "User is not confirmed.", "new",
        PASSWORD)
      box:add_user { username = "reset", password = PASSWORD,
        status = "RESET_REQUIRED", email = "r@example.com" }
      local _, err = begin("reset", core.srp())
      assert.equal("PasswordResetRequiredException", err.code)
      assert(pool:admin_disable_user { username = "ada" })
      _, err = begin("ada", core.srp())
      assert.equal("User is disabled.", err.message)
    end)
end)

--- recovery.sign_in with devices that the service remembers, at the sandbox, which
-- verifies them, and with a service that a test scripts.
local cognito = require "cognito"
local core = require "cognito.core"
local json = require "cjson"
local recovery = require "cognito.recovery"
local sandbox = require "cognito.sandbox"

local PASSWORD = "Correct-Horse-9!"
local ADA = { username = "ada", password = PASSWORD }
local SECRET = "JBSWY3DPEHPK3PXP"

local function never() error "it was asked" end

local function with(device, username)
  return { username = username or "ada", password = PASSWORD, device = device }
end

describe("a device at the sandbox", function()
  local box, pool

  local function open(options, user)
    options = options or {}
    options.device_tracking = options.device_tracking or "always"
    box = sandbox.new(options)
    pool = cognito.new(box:settings())
    user = user or {}
    user.username, user.password = "ada", PASSWORD
    box:add_user(user)
  end

  local function remember(options)
    options = options or {}
    options.remember_device = "laptop"
    local tokens = assert(recovery.sign_in(pool, ADA, options))
    assert.is_nil(tokens.device_error)
    return tokens.device, tokens
  end

  local function asked_by_totp()
    return { on_challenge = function(challenge)
      assert.equal("SOFTWARE_TOKEN_MFA", challenge.name)
      return box:totp "ada"
    end }
  end

  for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH" } do
    it("is remembered where the caller says so, and stands for the second factor: " .. flow, function()
      open({ client_secret = "s3cret-of-ours", alias_attributes = { "email" } },
        { email = "ada@example.com", totp_secret = SECRET })
      local options = asked_by_totp()
      options.flow = flow
      local device = remember(options)
      assert.same({ "string", "string", "string" }, { type(device.key), type(device.group_key),
        type(device.password) })
      assert.equal(1, box:user "ada".devices)
      for _, name in ipairs { "ada", "ada@example.com" } do
        local tokens, err, meta = recovery.sign_in(pool, with(device, name), { flow = flow, on_challenge = never,
          remember_device = true })
        assert.is_nil(err)
        assert.equal("respond_to_auth_challenge", meta.operation)
        assert.equal(device, tokens.device)
        assert.is_nil(tokens.new_device_metadata)
      end
      assert.equal(1, box:user "ada".devices)
    end)
  end

  it("is remembered by a program that answered the challenges itself", function()
    for _, tracking in ipairs { "always", "user_opt_in" } do
      open({ device_tracking = tracking }, { totp_secret = SECRET })
      local begun = assert(pool:initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
        auth_parameters = { USERNAME = "ada", PASSWORD = PASSWORD } })
      local tokens = assert(pool:respond_to_auth_challenge { challenge_name = begun.challenge_name,
        session = begun.session, challenge_responses = { USERNAME = "ada", SOFTWARE_TOKEN_MFA_CODE = box:totp "ada" },
      }).authentication_result
      local device, err = recovery.remember_device(pool, tokens, "laptop")
      assert.is_nil(err)
      assert.is_nil(tokens.device)
      assert.equal(device, assert(recovery.sign_in(pool, with(device), { on_challenge = never })).device)
    end
    open { device_tracking = "off" }
    local tokens = assert(recovery.sign_in(pool, ADA))
    assert.same({}, { recovery.remember_device(pool, tokens) })
  end)

  it("has another password each time, which is not sent, and is in no text", function()
    open()
    local sent, inner = {}, pool
    pool = cognito.new(setmetatable({ runtime = function(request)
      sent[#sent + 1] = request.body
      return box:send(request)
    end }, { __index = box:settings() }))
    local settings = box:settings()
    settings.runtime = function(request)
      sent[#sent + 1] = request.body
      return box:send(request)
    end
    pool = cognito.new(settings)
    local first, second = remember(), remember()
    assert.not_equal(first.password, second.password)
    assert(recovery.sign_in(pool, with(first)))
    local all = table.concat(sent, "\n")
    assert.truthy(all:find("DEVICE_PASSWORD_VERIFIER", 1, true))
    for _, secret in ipairs { first.password, second.password, PASSWORD } do
      assert.is_nil(all:find(secret, 1, true))
    end
    assert.is_table(inner)
  end)

  it("is not confirmed where no one asked for it", function()
    open()
    local tokens = assert(recovery.sign_in(pool, ADA))
    assert.is_string(tokens.new_device_metadata.device_key)
    assert.is_nil(tokens.device)
    assert.equal(0, box:user "ada".devices)
    assert.equal(0, box:executions "confirm_device")
  end)

  it("is remembered with the user's word where the pool asks for it", function()
    open({ device_tracking = "user_opt_in" }, { totp_secret = SECRET })
    local device, tokens = remember(asked_by_totp())
    assert.equal(1, box:executions "update_device_status")
    assert(recovery.sign_in(pool, with(device), { on_challenge = never }))
    assert(pool:update_device_status { access_token = tokens.access_token, device_key = device.key,
      device_remembered_status = "not_remembered" })
    box:advance(30) -- another code of the token
    local asked = 0
    assert(recovery.sign_in(pool, with(device), { on_challenge = function()
      asked = asked + 1
      return box:totp "ada"
    end }))
    assert.equal(1, asked)
  end)

  it("is passed over where the pool does not follow devices", function()
    open { device_tracking = "off" }
    local tokens = assert(recovery.sign_in(pool, ADA, { remember_device = true }))
    assert.same({}, { tokens.device, tokens.device_error })
  end)

  it("is left out, and said, where the service has forgotten it; no try is counted", function()
    open { client_secret = "s3cret-of-ours" }
    for _, flow in ipairs { "USER_SRP_AUTH", "USER_PASSWORD_AUTH" } do
      local device = remember { flow = flow }
      assert(pool:admin_forget_device { username = "ada", device_key = device.key })
      for _ = 1, 6 do
        local tokens = assert(recovery.sign_in(pool, with(device), { flow = flow }))
        assert.is_nil(tokens.device)
        assert.equal("ResourceNotFoundException", tokens.device_error.code)
        assert.matches("^The service has forgotten this device", tokens.device_error.hint)
      end
      local tokens = assert(recovery.sign_in(pool, with(device), { flow = flow, remember_device = true }))
      assert.is_nil(tokens.device_error)
      assert.not_equal(device.key, tokens.device.key)
    end
  end)

  it("does not get in with a wrong password, and is tried once", function()
    open()
    local device = remember()
    local before = box:executions "respond_to_auth_challenge"
    local _, err = recovery.sign_in(pool, with { key = device.key, group_key = device.group_key, password = "wrong" })
    assert.same({ "NotAuthorizedException", "DEVICE_PASSWORD_VERIFIER" }, { err.code, err.challenge })
    assert.matches("sign in without the device", err.hint)
    assert.equal(before + 2, box:executions "respond_to_auth_challenge")
    _, err = recovery.sign_in(pool, with { key = device.key, group_key = "-other", password = device.password })
    assert.equal("NotAuthorizedException", err.code)
    assert(recovery.sign_in(pool, with(device)))
  end)

  it("of another user is none", function()
    open()
    box:add_user { username = "eve", password = PASSWORD }
    local tokens = assert(recovery.sign_in(pool, with(remember(), "eve")))
    assert.equal("ResourceNotFoundException", tokens.device_error.code)
  end)

  it("does not spoil the sign-in when it cannot be confirmed, and is confirmed once", function()
    open()
    box:misbehave { what = "error", code = "InvalidParameterException", message = "no", operation = "confirm_device" }
    local tokens = assert(recovery.sign_in(pool, ADA, { remember_device = true }))
    assert.is_string(tokens.access_token)
    assert.is_nil(tokens.device)
    assert.equal("InvalidParameterException", tokens.device_error.code)
    box:misbehave { what = "drop", phase = "after", operation = "confirm_device" }
    tokens = assert(recovery.sign_in(pool:with { retry_ambiguous = true }, ADA, { remember_device = true }))
    assert.is_true(tokens.device_error.ambiguous)
    assert.equal(1, box:executions "confirm_device")
    assert.equal(tokens.device, assert(recovery.sign_in(pool, with(tokens.device))).device)
  end)

  it("is listed, shown and forgotten by its user", function()
    open()
    local device, tokens = remember()
    local own = { access_token = tokens.access_token, device_key = device.key }
    local shown = assert(pool:get_device(own)).device
    assert.equal(device.key, shown.device_key)
    local names = {}
    for _, pair in ipairs(shown.device_attributes) do names[pair.name] = pair.value end
    assert.same({ "laptop", "remembered" }, { names.device_name, names["dev:device_remembered_status"] })
    assert.equal(device.key, assert(pool:list_devices { access_token = tokens.access_token }).devices[1].device_key)
    assert.equal(device.key, assert(pool:admin_get_device { username = "ada", device_key = device.key })
      .device.device_key)
    assert(pool:forget_device(own))
    assert.equal("ResourceNotFoundException", select(2, pool:get_device(own)).code)
    assert.equal("ResourceNotFoundException", select(2, pool:forget_device(own)).code)
  end)

  it("is confirmed by its user, once, with a verifier", function()
    open()
    box:add_user { username = "eve", password = PASSWORD }
    local tokens, eve = assert(recovery.sign_in(pool, ADA)), assert(recovery.sign_in(pool, with(nil, "eve")))
    local function confirm(of, config)
      return select(2, pool:confirm_device { access_token = of.access_token,
        device_key = tokens.new_device_metadata.device_key, device_secret_verifier_config = config })
    end
    local good = { salt = "QUJD", password_verifier = "QUJD" }
    assert.equal("ResourceNotFoundException", confirm(eve, good).code)
    for _, config in ipairs { {}, { salt = "QUJD" }, { salt = "?", password_verifier = "QUJD" },
      { salt = "QUJD", password_verifier = "" }, { salt = "QUJD", password_verifier = ("QUJD"):rep(200) } } do
      assert.equal("InvalidParameterException", confirm(tokens, config).code)
    end
    assert.is_nil(confirm(tokens, good))
    assert.equal("DeviceKeyExistsException", confirm(tokens, good).code)
  end)
end)

describe("a device", function()
  local sent, replies

  local function script(list, settings)
    sent, replies = {}, list
    settings = settings or {}
    settings.user_pool_id = "eu-west-1_Example"
    settings.client_id, settings.env = "abc", function() return nil end
    settings.runtime = function(request)
      sent[#sent + 1] = json.decode(request.body)
      local reply = table.remove(replies, 1)
      return { status = reply.__type and 400 or 200, headers = {}, body = json.encode(reply) }
    end
    return cognito.new(settings)
  end

  local function asks(name, parameters)
    return { ChallengeName = name, ChallengeParameters = parameters, Session = "session-of-20-characters" }
  end

  local DEVICE = { key = "eu-west-1_0a", group_key = "-group", password = "HIDDEN-device-password" }
  local numbers = { SALT = "a1", SRP_B = "b2", SECRET_BLOCK = "QUJD" }
  local tokens = { AuthenticationResult = { AccessToken = "t" } }

  local function verifier(name, changes)
    local parameters = { USERNAME = "id-1" }
    for _, from in ipairs { numbers, changes or {} } do
      for key, value in pairs(from) do parameters[key] = value or nil end
    end
    return asks(name, parameters)
  end

  it("goes with each answer that says where it comes from, with the hash over the pool's own name", function()
    local pool = script({ verifier "PASSWORD_VERIFIER", asks("DEVICE_SRP_AUTH", {}),
      verifier "DEVICE_PASSWORD_VERIFIER", asks "SMS_MFA", tokens }, { client_secret = "s3cret" })
    assert(recovery.sign_in(pool, with(DEVICE, "ada@example.com"), { on_challenge = function() return "123456" end }))
    assert.equal(DEVICE.key, sent[1].AuthParameters.DEVICE_KEY)
    for i = 2, 5 do
      local responses = sent[i].ChallengeResponses
      assert.same({ DEVICE.key, "id-1", core.secret_hash("id-1", "abc", "s3cret") },
        { responses.DEVICE_KEY, responses.USERNAME, responses.SECRET_HASH }, sent[i].ChallengeName)
    end
    assert.matches("^%x+$", sent[3].ChallengeResponses.SRP_A)
    assert.not_equal(sent[1].AuthParameters.SRP_A, sent[3].ChallengeResponses.SRP_A)
    assert.is_nil(json.encode(sent):find("HIDDEN", 1, true))
  end)

  it("goes with every answer for which the service knows it, and with no other", function()
    for name, goes in pairs { SMS_MFA = true, SOFTWARE_TOKEN_MFA = true, EMAIL_OTP = true, CUSTOM_CHALLENGE = true,
      SMS_OTP = false, SELECT_MFA_TYPE = false, NEW_PASSWORD_REQUIRED = false } do
      local pool = script { asks(name, {}), tokens }
      assert(recovery.sign_in(pool, with(DEVICE), { flow = "USER_PASSWORD_AUTH",
        on_challenge = function() return "x" end }))
      assert.equal(goes and DEVICE.key or nil, sent[2].ChallengeResponses.DEVICE_KEY, name)
    end
  end)

  it("proves itself by nothing that a service must not send", function()
    for field, wrong in pairs { SALT = "x", SRP_B = "0", SECRET_BLOCK = "?" } do
      for _, value in ipairs { wrong, false } do
        local pool = script { asks("DEVICE_SRP_AUTH", {}), verifier("DEVICE_PASSWORD_VERIFIER", { [field] = value }) }
        local result, err = recovery.sign_in(pool, with(DEVICE), { flow = "USER_PASSWORD_AUTH" })
        assert.is_nil(result)
        assert.equal("malformed_response", err.code)
        assert.matches(field, err.message)
        assert.is_nil(tostring(err):find("HIDDEN", 1, true))
        assert.equal(2, #sent)
      end
    end
    local _, err = recovery.sign_in(script { verifier "DEVICE_PASSWORD_VERIFIER" }, with(DEVICE),
      { flow = "USER_PASSWORD_AUTH" })
    assert.matches("no proof has begun", err.message)
  end)

  it("that the service calls unknown is left out once", function()
    local gone = { __type = "ResourceNotFoundException", message = "Device does not exist." }
    local pool = script { gone, gone }
    local _, err = recovery.sign_in(pool, with(DEVICE), { flow = "USER_PASSWORD_AUTH" })
    assert.equal("ResourceNotFoundException", err.code)
    assert.equal(2, #sent)
    assert.is_nil(sent[2].AuthParameters.DEVICE_KEY)
    pool = script { { __type = "ResourceNotFoundException", message = "User pool client abc does not exist." } }
    assert.is_nil((recovery.sign_in(pool, with(DEVICE), { flow = "USER_PASSWORD_AUTH" })))
    assert.equal(1, #sent)
  end)

  it("with a name that is none is an error beside the tokens", function()
    for _, metadata in ipairs { {}, { DeviceKey = "k" }, { DeviceGroupKey = "g" } } do
      local got = assert(recovery.sign_in(script { { AuthenticationResult = { AccessToken = "t",
        NewDeviceMetadata = metadata } } }, ADA, { flow = "USER_PASSWORD_AUTH", remember_device = true }))
      assert.same({ "t", "malformed_response" }, { got.access_token, got.device_error.code })
      assert.is_nil(got.device)
    end
  end)

  it("that is none is refused before anything is sent, without a word of it", function()
    local pool = script {}
    for field, device in pairs { ["device"] = "HIDDEN", ["device.key"] = { group_key = "g", password = "HIDDEN" },
      ["device.password"] = { key = "k", group_key = "g", password = { "HIDDEN" } },
      ["device.group_key"] = { key = "k", group_key = "", password = "HIDDEN" } } do
      local _, err = recovery.sign_in(pool, with(device))
      assert.same({ "invalid_parameter", field }, { err.code, err.field })
      assert.is_nil(tostring(err):find("HIDDEN", 1, true))
    end
    for _, wrong in ipairs { 1, "", {}, "P\228", "a\0", ("\195\164"):rep(1025) } do
      local _, raised = pcall(recovery.sign_in, pool, ADA, { remember_device = wrong })
      assert.matches("remember_device is true, or the device's name", raised)
    end
    assert.equal(0, #sent)
  end)
end)

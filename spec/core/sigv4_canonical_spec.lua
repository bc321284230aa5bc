--- Signature Version 4: the canonical request, as the pages AWS has on signing
-- describe it ("Create a signed AWS API request").
local signing = require "spec.support.signing"

local find = signing.find
local signature = signing.signature
local canonical = signing.canonical

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

  it("is sorted behind a NUL, too", function()
    assert.equal("a=%00a&a=%00b", query "a=%00b&a=%00a")
    assert.equal("%00a=&%00b=", query "%00b&%00a")
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

  it("reads every escape, in either case of letters", function()
    for byte = 0, 255 do
      local char = string.char(byte)
      local expected = char:find "^[A-Za-z0-9._~-]$" and char or ("%%%02X"):format(byte)
      for _, form in ipairs { "%%%02X", "%%%02x" } do
        assert.equal("a=" .. expected, query("a=" .. form:format(byte)))
      end
    end
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

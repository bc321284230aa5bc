--- Requests and options that core.sign refuses to sign, in sentences without a
-- secret.
local core = require "cognito.core"
local signing = require "spec.support.signing"

local GOLDEN = signing.GOLDEN
local options = signing.options
local golden_request = signing.request
local signature = signing.signature

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

  --- The error for a request and options changed like this.
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

  -- RFC 9112, section 5.2: a line break with a blank behind it is one blank.
  it("line breaks in a header's value, but for folds, which are signed as one blank", function()
    for _, value in ipairs { "a\rb", "a\rx b", "a\r\nb", "a\n", "a\r\n", "a\r", "a\n\n b", "a\r\r\n b", "a\r\n\r\n b",
      "a\r\n \0b", "a\n \1b", "a\r\n b\r\nc" } do
      assert.truthy(refusal({ headers = { { "X-A", value } } }).message:find("line break", 1, true), value)
    end
    for _, value in ipairs { "a b", "a\r\n b", "a\n\tb", "a\r b", "a\r\n  b", "\r\n a b", "a b\r\n " } do
      local request = golden_request()
      request.headers = { { "X-A", value } }
      local _, steps = core.sign(request, options())
      assert.truthy(steps.canonical_request:find("\nx-a:a b\n", 1, true), value)
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

  it("by an error an unknown option like none that there is, without a guess", function()
    local ok, message = pcall(refusal, nil, { colour = SECRETS[1] })
    assert.is_false(ok)
    assert.matches("unknown option 'colour'$", message)
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

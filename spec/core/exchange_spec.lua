-- Exchanges: a request and its reply, both in C. What they send and parse is
-- what build and parse do; here is how they live.
local core = require "cognito.core"
local wire = require "cognito.wire"
local scripted = require "spec.support.scripted"
local start_server = require("spec.support.server").start

local server, http

setup(function()
  server = start_server "http"
  http = core.http()
end)

teardown(function()
  http:close()
  server:stop()
end)

local context = {
  region = "eu-west-1", client_id = "client", user_pool_id = "eu-west-1_x", client_secret = "secret",
  time = 1795247391, analytics_metadata = { analytics_endpoint_id = "analytics" },
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "secret", session_token = "token" },
}

local function with(more)
  local copy = {}
  for name, value in pairs(context) do
    copy[name] = value
  end
  for name, value in pairs(more) do
    copy[name] = value
  end
  return copy
end

local function prepare(exchange, native, operation, params, from, attempt, most)
  return exchange:prepare(operation, params, native.caller(from), from.client_secret, from.secret_hash_username,
    from.credentials, from.time, attempt, most)
end

local function prepared(path)
  local exchange = core.exchange()
  assert(prepare(exchange, core, "forgot_password", { username = "ada" }, with { endpoint = server:url(path) }))
  return exchange
end

local response = { status = 200, headers = { ["x-amzn-requestid"] = "id" }, body = "{}" }

for name, native in pairs { core = core, wire = wire } do
  describe("an exchange of cognito." .. name, function()
    it("writes the request that build writes", function()
      local exchange = native.exchange()
      for _, case in ipairs {
        { "forgot_password", { username = "ada", client_metadata = { text = ("long "):rep(300) } }, {} },
        { "forgot_password", { username = "ada" }, { endpoint = "HTTPS://Example.COM:8443/a/b/", client_id = false } },
        { "admin_reset_user_password", { username = "ada" }, {} },
        { "admin_reset_user_password", { username = "ada" }, { endpoint = "https://example.com:443/a//b" } },
        { "initiate_auth", { auth_flow = "CUSTOM_AUTH", auth_parameters = { USERNAME = "ada" } },
          { secret_hash_username = "eve" } },
        { "list_users", {}, { credentials = { access_key_id = "AK", secret_access_key = "sk" } } },
      } do
        local from = with(case[3])
        from.client_id = from.client_id or nil
        local params = case[2]
        params.client_id = not from.client_id and "other" or nil
        local expected = assert(native.build(case[1], params, from))
        assert(prepare(exchange, native, case[1], params, from))
        assert.same(expected, exchange:request())
      end
    end)

    it("refuses what build refuses, and can be used again", function()
      local exchange = native.exchange()
      for _, case in ipairs {
        { "forgot_password", {}, {} },
        { "forgot_password", { username = "ada" }, { region = "eu west" } },
        { "forgot_password", { username = "ada" }, { endpoint = "ftp://example.com" } },
        { "forgot_password", { username = "ada" }, { client_secret = "s p" } },
        { "list_users", {}, { credentials = { access_key_id = "AK" } } },
      } do
        local from = with(case[3])
        local _, expected = native.build(case[1], case[2], from)
        local done, err = prepare(exchange, native, case[1], case[2], from)
        assert.is_nil(done)
        assert.same(expected, err)
        assert.error_matches(function() exchange:request() end, "the exchange is empty, not prepared")
      end
      assert(prepare(exchange, native, "list_users", {}, context))
    end)

    it("wants a region of what is signed, and of what has no endpoint", function()
      local exchange = native.exchange()
      local nowhere = { user_pool_id = "p", client_id = "c", credentials = context.credentials }
      local _, err = prepare(exchange, native, "forgot_password", { username = "a" }, nowhere)
      assert.equal("no_region", err.code)
      nowhere.endpoint = "https://example.com"
      assert(prepare(exchange, native, "forgot_password", { username = "a" }, nowhere))
      _, err = prepare(exchange, native, "list_users", {}, nowhere)
      assert.equal("no_region", err.code)
    end)

    it("adds the caller's headers, and keeps the call's id over its attempts", function()
      local exchange, seen = native.exchange(), {}
      local from = with { headers = { { "X-Empty", "" }, { "X-Name", " value " }, { "X-Long", ("v"):rep(3000) } } }
      for attempt = 1, 2 do
        assert(prepare(exchange, native, "forgot_password", { username = "ada" }, from, attempt, 12))
        exchange:header("X-Late", "late")
        local list = exchange:request().headers
        assert.same({ { "X-Empty", "" }, { "X-Name", "value" }, { "X-Long", ("v"):rep(3000) } },
          { list[3], list[4], list[5] })
        assert.equal("amz-sdk-invocation-id", list[6][1])
        assert.truthy(list[6][2]:find "^%x+%-%x+%-4%x+%-[89ab]%x+%-%x+$")
        assert.same({ "amz-sdk-request", ("attempt=%d; max=12"):format(attempt) }, list[7])
        assert.same({ "X-Late", "late" }, list[8])
        assert.equal(8, #list)
        seen[list[6][2]] = true
      end
      assert.equal(nil, (next(seen, (next(seen)))))
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context, 1, 3))
      assert.is_nil(seen[exchange:request().headers[3][2]])
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      assert.equal(2, #exchange:request().headers)
    end)

    it("leaves the program's own id and attempt as they are", function()
      local exchange = native.exchange()
      for _, case in ipairs {
        { "AMZ-SDK-Invocation-ID", "amz-sdk-request" }, { "Amz-Sdk-Request", "amz-sdk-invocation-id" },
      } do
        local from = with { headers = { { case[1], "own" } } }
        assert(prepare(exchange, native, "forgot_password", { username = "ada" }, from, 1, 3))
        local list = exchange:request().headers
        assert.same({ case[1], "own" }, list[3])
        assert.equal(case[2], list[4][1])
        assert.equal(4, #list)
      end
    end)

    it("counts attempts from one", function()
      local exchange = native.exchange()
      for _, count in ipairs { { 0, 3 }, { -1, 3 }, { 1, 0 }, { 1 }, { 2 ^ 40, 3 }, { 0 / 0, 3 } } do
        assert.has_error(function()
          prepare(exchange, native, "forgot_password", { username = "ada" }, context, count[1], count[2])
        end)
      end
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context, 1, 1))
    end)

    it("takes no line break into a header", function()
      local exchange = native.exchange()
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      for _, value in ipairs { "a\r\nX: b", "a\0b", "a\127" } do
        assert.error_matches(function() exchange:header("X-Name", value) end, "control character")
        assert(prepare(native.exchange(), native, "forgot_password", { username = "ada" }, context))
        exchange = native.exchange()
        assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      end
      assert.error_matches(function() exchange:header("Content-Length", "1") end, "set by the library")
    end)

    it("takes no line break into a caller's headers, and nothing but a list of pairs", function()
      for _, case in ipairs {
        { { { "X-Name", "a\r\nX: b" } }, "control character" },
        { { { "X-Name", "a\0b" } }, "control character" },
        { { { "X Name", "a" } }, "not a header name" },
        { { { "Content-Length", "1" } }, "set by the library" },
        { { { "X-Name", 1 } }, "a list of { name, value }" },
        { { { "X-Name" } }, "a list of { name, value }" },
        { { "X-Name" }, "table expected" },
        { "X-Name", "context.headers must be a table" },
      } do
        local ok, message = pcall(native.caller, with { headers = case[1] })
        assert.is_false(ok)
        assert.truthy(message:find(case[2], 1, true), message)
      end
    end)

    it("parses a response as parse does", function()
      local exchange = native.exchange()
      for _, given in ipairs {
        response,
        { status = 400, headers = { ["x-amzn-errortype"] = "UserNotFoundException" }, body = '{"message":"none"}' },
        { status = 200, body = "no JSON" }, { status = 0 }, { status = 502, body = "<html>" },
      } do
        assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
        exchange:respond(given)
        assert.same({ native.parse("forgot_password", given) }, { exchange:parse() })
      end
    end)

    it("keeps the headers of a failed call alone", function()
      local exchange = native.exchange()
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      exchange:respond { status = 429, headers = { ["retry-after"] = "3" }, timings = { total = 2 } }
      assert.equal(2, select(3, exchange:parse()).timings.total)
      assert.same({ ["retry-after"] = "3" }, exchange:headers())
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      exchange:respond(response)
      assert(exchange:parse())
      assert.error_matches(function() exchange:headers() end, "the exchange is empty, not answered")
    end)

    it("has no headers where the response has none", function()
      local exchange = native.exchange()
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      exchange:respond { status = 500 }
      exchange:parse()
      assert.same({}, exchange:headers())
    end)

    it("holds on to no response that it has parsed", function()
      local exchange = native.exchange()
      local weak = setmetatable({}, { __mode = "v" })
      assert(prepare(exchange, native, "forgot_password", { username = "ada" }, context))
      weak[1] = { status = 400, headers = {}, body = "{}" }
      exchange:respond(weak[1])
      exchange:parse()
      exchange:clear()
      collectgarbage()
      collectgarbage()
      assert.is_nil(weak[1])
    end)

    it("is an exchange of its own module", function()
      for _, wrong in ipairs { 1, "x", {}, io.stdout } do
        assert.error_matches(function() native.exchange().clear(wrong) end, "exchange expected")
        assert.error_matches(function()
          native.exchange():prepare("forgot_password", {}, wrong)
        end, "caller expected")
      end
    end)

    it("raises for values of a wrong type", function()
      local exchange, caller = native.exchange(), native.caller(context)
      local function fails(message, ...)
        local args, n = { ... }, select("#", ...)
        assert.error_matches(function()
          exchange:prepare("list_users", {}, caller, (unpack or table.unpack)(args, 1, n))
        end, message)
      end
      fails("context.client_secret must be a string, not a number", 1)
      fails("context.secret_hash_username must be a string, not a boolean", nil, true)
      fails("context.credentials must be a table, not a string", nil, nil, "key")
      fails("number expected", nil, nil, nil, "time")
      fails("context.time is not within", nil, nil, context.credentials, -1)
      assert.error_matches(function() native.caller { region = 1 } end, "context.region must be a string")
    end)
  end)
end

describe("http:carry", function()
  it("leaves the reply in the exchange", function()
    local exchange = prepared "/body"
    assert.is_true(http:carry(exchange))
    assert.equal("ada", assert(exchange:parse()).Username)
    assert.error_matches(function() exchange:parse() end, "the exchange is empty, not answered")
  end)

  it("takes the request's id from the first header that has one", function()
    for _, case in ipairs {
      { "id", "X-Amzn-RequestId: id" }, { "1", "X-Amzn-RequestId: \r\nX-Amzn-Request-Id: 1" },
      { "1", "X-Amz-Request-Id: 1" }, { "", "X-Amzn-RequestId: " },
    } do
      local reply = ("HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 2\r\n\r\n{}"):format(case[2])
      local exchange = prepared(scripted.path("id", { reply }))
      assert.is_true(http:carry(exchange))
      assert.equal(case[1], select(3, exchange:parse()).request_id or "")
    end
  end)

  it("gives the timings that it is asked for", function()
    local exchange = prepared "/body"
    assert(http:carry(exchange, nil, nil, nil, true))
    assert.equal("number", type(select(3, exchange:parse()).timings.total))
    exchange = prepared "/body"
    assert(http:carry(exchange))
    assert.is_nil(select(3, exchange:parse()).timings)
  end)

  it("refuses plain http to other hosts, before anything is sent", function()
    local exchange = core.exchange()
    assert(prepare(exchange, core, "forgot_password", { username = "a" }, with { endpoint = "http://example.com" }))
    local sent, err = http:carry(exchange)
    assert.is_nil(sent)
    assert.equal("invalid_parameter", err.code)
    assert.is_false(err.sent)
    assert.truthy(err.message:find("plain http", 1, true))
  end)

  it("keeps nothing of what failed", function()
    local refused = core.http { timeout = 2 }
    local exchange = core.exchange()
    assert(prepare(exchange, core, "forgot_password", { username = "a" }, with { endpoint = "https://127.0.0.1:1" }))
    local sent, err = refused:carry(exchange)
    assert.is_nil(sent)
    assert.equal("connect", err.code)
    assert.error_matches(function() exchange:request() end, "the exchange is empty, not prepared")
    refused:close()
  end)

  it("refuses an exchange that is not prepared, and times that are none", function()
    assert.error_matches(function() http:carry(core.exchange()) end, "the exchange is empty, not prepared")
    assert.error_matches(function() http:carry(prepared "/body", 0) end, "option 'timeout': seconds")
    assert.error_matches(function() http:carry(prepared "/body", 1, "x") end, "option 'connect_timeout': seconds")
    assert.error_matches(function() http:carry(prepared "/body", 1, 1, -1) end, "option 'max_idle': seconds")
    assert.error_matches(function() http:carry(prepared "/body", 1, 1, 1, 1) end, "option 'timings': true or false")
    assert.error_matches(function() http:carry {} end, "exchange expected")
    assert.error_matches(function() http:carry(wire.exchange()) end, "exchange expected")
  end)

  it("takes over no rest of a request that was refused", function()
    local own = core.http()
    local refused = { method = "POST", url = server:url "/echo", body = "left over", headers = { { "a b", "" } } }
    assert.is_nil((own:send(refused)))
    local exchange = prepared "/body"
    assert(own:carry(exchange))
    assert.equal("ada", assert(exchange:parse()).Username)
    own:close()
  end)
end)

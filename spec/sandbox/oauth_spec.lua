--- The token endpoint of the sandbox: client credentials, as programs that know
-- only OAuth ask for them (RFC 6749, section 4.4).

local cjson = require "cjson"
local control = require "cognito.sandbox.control"
local encoding = require "cognito.sandbox.encoding"
local native = require "cognito.core"
local sandbox = require "cognito.sandbox"
local sandbox_process = require "spec.support.sandbox_process"

local ID, SECRET, FORM = "sandboxclient0123456789abc", "sandbox-client-secret-not-a-real-one",
  "application/x-www-form-urlencoded"

local box

local function ask(body, headers)
  local all = { host = "127.0.0.1", ["content-type"] = FORM }
  for name, value in pairs(headers or {}) do all[name] = value or nil end
  local reply = control.answer(box, { method = "POST", path = "/oauth2/token", headers = all, body = body })
  return reply.status, cjson.decode(reply.body), reply.headers
end

local function basic(id, secret) return { authorization = "Basic " .. encoding.base64(id .. ":" .. secret) } end

local function refusal(body, headers)
  local status, said = ask(body, headers)
  assert.equal(400, status)
  return said.error
end

local GRANT = "grant_type=client_credentials"
local IN_FORM = GRANT .. "&client_id=" .. ID .. "&client_secret=" .. SECRET

describe("the sandbox's token endpoint", function()
  before_each(function() box = sandbox.new() end)

  it("takes the client from the form or from the header", function()
    for _, request in ipairs { { IN_FORM }, { GRANT, basic(ID, SECRET) },
      { GRANT .. "&client_id=" .. ID, basic(ID, SECRET) },
      { IN_FORM, { ["content-type"] = FORM .. "; charset=utf-8" } },
      { GRANT, basic(ID, (SECRET:gsub("%-", "%%2D"))) } } do
      local status, said, headers = ask(request[1], request[2])
      assert.equal(200, status, said.error)
      assert.same({ "Bearer", 3600 }, { said.token_type, said.expires_in })
      assert.is_string(said.access_token)
      assert.equal("no-store", headers["cache-control"])
    end
    assert.equal(5, box:executions "token_endpoint")
  end)

  it("names the scopes in the token", function()
    local _, said = ask(IN_FORM .. "&scope=orders%2Fread+orders%2Fwrite")
    local middle = said.access_token:match "%.([^.]+)%.":gsub("-", "+"):gsub("_", "/")
    local claims = cjson.decode(encoding.from_base64(middle .. ("="):rep(-#middle % 4)))
    assert.same({ "orders/read orders/write", ID, "access" }, { claims.scope, claims.client_id, claims.token_use })
  end)

  it("takes either of two secrets", function()
    box = sandbox.new { other_client_secret = "the-other-one" }
    assert.equal(200, (ask(GRANT, basic(ID, "the-other-one"))))
    assert.equal(200, (ask(GRANT, basic(ID, SECRET))))
  end)

  it("refuses by the words of the standard, and counts nothing", function()
    assert.equal("invalid_client", refusal(GRANT, basic(ID, "another")))
    assert.equal("invalid_client", refusal(GRANT, basic("another", SECRET)))
    assert.equal("invalid_client", refusal(GRANT))
    assert.equal("invalid_client", refusal(GRANT .. "&client_id=" .. ID))
    assert.equal("unsupported_grant_type", refusal("grant_type=password", basic(ID, SECRET)))
    assert.equal("invalid_scope", refusal(IN_FORM .. "&scope=orders"))
    for _, body in ipairs { "", "grant_type", "=&&=", IN_FORM .. "&grant_type=client_credentials" } do
      assert.equal("invalid_request", refusal(body))
    end
    assert.equal("invalid_request", refusal(IN_FORM, basic(ID, SECRET)))
    for _, header in ipairs { "Basic", "Basic !", "Bearer " .. encoding.base64(ID .. ":" .. SECRET),
      "Basic " .. encoding.base64 "no colon" } do
      assert.equal("invalid_request", refusal(GRANT, { authorization = header }))
    end
    for _, kind in ipairs { "application/json", "text/plain" } do
      assert.equal("invalid_request", refusal(IN_FORM, { ["content-type"] = kind }))
    end
    assert.equal("invalid_request", refusal(IN_FORM, { ["content-type"] = false }))
    box = sandbox.new { client_secret = false }
    assert.equal("invalid_client", refusal(GRANT .. "&client_id=" .. ID))
    assert.equal(0, box:executions "token_endpoint")
  end)

  it("is told by the configuration, and answers over HTTP", function()
    local server, http = sandbox_process.start(), native.http()
    finally(function()
      http:close()
      server:stop()
    end)
    local settings = server.settings
    local told = server:get("/" .. settings.COGNITO_USER_POOL_ID .. "/.well-known/openid-configuration")
    local reply = assert(http:send { method = "POST", url = told.token_endpoint, body = GRANT,
      headers = { { "Content-Type", FORM },
        { "Authorization", basic(settings.COGNITO_CLIENT_ID, settings.COGNITO_CLIENT_SECRET).authorization } } })
    assert.equal(200, reply.status)
    assert.is_string(cjson.decode(reply.body).access_token)
    assert.equal(1, server:get "/executions".token_endpoint.count)
  end)
end)

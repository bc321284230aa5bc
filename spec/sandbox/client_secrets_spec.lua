--- The app client's secrets in the sandbox: added, listed, deleted; and tokens
-- for the client itself.

local cjson = require "cjson"
local cognito = require "cognito"
local process = require "spec.support.process"
local sandbox = require "cognito.sandbox"

local CLIENT, NEW = "sandboxclient0123456789abc", ("n"):rep(24)

local box, pool

local function start(options)
  box = sandbox.new(options)
  box:add_user { username = "ada", email = "ada@example.com" }
  pool = cognito.new(box:settings())
end

before_each(function() start() end)

local function ids()
  local list = {}
  for i, secret in ipairs(assert(pool:list_user_pool_client_secrets { client_id = CLIENT }).client_secrets) do
    assert.is_nil(secret.client_secret_value)
    assert.is_number(secret.client_secret_create_date)
    list[i] = secret.client_secret_id
  end
  return list
end

local function add(value)
  return pool:add_user_pool_client_secret { client_id = CLIENT, client_secret = value }
end

local function delete(id)
  return pool:delete_user_pool_client_secret { client_id = CLIENT, client_secret_id = id }
end

local function refused(result, err)
  assert.is_nil(result)
  return err.code
end

describe("the sandbox's app client", function()
  it("has one secret, takes another, and either serves until it is deleted", function()
    local first = ids()[1]
    local added = assert(add(NEW)).client_secret_descriptor
    assert.same({ first, added.client_secret_id }, ids())
    local newer = pool:with { client_secret = NEW }
    assert(pool:forgot_password { username = "ada" })
    assert(newer:forgot_password { username = "ada" })
    assert(delete(first))
    assert.same({ added.client_secret_id }, ids())
    assert(newer:forgot_password { username = "ada" })
    assert.equal("NotAuthorizedException", refused(pool:forgot_password { username = "ada" }))
    assert.equal(NEW, assert(pool:describe_user_pool_client { client_id = CLIENT }).user_pool_client.client_secret)
  end)

  it("is given a secret by the service where the caller brings none", function()
    local value = assert(add()).client_secret_descriptor.client_secret_value
    assert.truthy(value:find "^[%w+_]+$" and #value >= 24)
    assert(pool:with({ client_secret = value }):forgot_password { username = "ada" })
  end)

  it("has two at most and one at least", function()
    assert.equal("InvalidParameterException", refused(delete(ids()[1])))
    assert(add(NEW))
    assert.equal("LimitExceededException", refused(add(("m"):rep(24))))
    assert.equal("ResourceNotFoundException", refused(delete "another"))
  end)

  it("stays without one where it has none", function()
    start { client_secret = false }
    assert.same({}, ids())
    assert.equal("InvalidParameterException", refused(add(NEW)))
  end)

  it("has its first secret again after a reset", function()
    assert(add(NEW))
    box:reset()
    assert.equal(1, #ids())
  end)
end)

describe("a token for the app client itself", function()
  local function claims(token)
    local text = token:match "^[^.]+%.([^.]+)%."
    return cjson.decode((process.output_of(("printf '%s' | tr -- -_ +/ | base64 -d")
      :format(text .. ("="):rep(-#text % 4)))))
  end

  it("is given for its secret, without AWS credentials", function()
    local public = pool:with { credentials = function() return nil, "none" end }
    local result = assert(public:get_client_token { scopes = { "orders/read", "orders/write" } })
    local found = result.client_authentication_result
    assert.same({ "Bearer", 3600 }, { found.token_type, found.expires_in })
    local said = claims(found.access_token)
    assert.same({ CLIENT, "access", "orders/read orders/write" }, { said.client_id, said.token_use, said.scope })
    assert.equal(3600, said.exp - said.iat)
    assert.equal(1, box:executions "get_client_token")
  end)

  it("is given for no other secret, and with no scope that is none", function()
    local err = select(2, pool:with({ client_secret = "another" }):get_client_token {})
    assert.same({ "NotAuthorizedException", "client_secret" }, { err.code, err.reason })
    assert.equal("InvalidParameterException", refused(pool:get_client_token { scopes = { "orders" } }))
  end)

  it("opens nothing of a user's", function()
    local token = assert(pool:get_client_token {}).client_authentication_result.access_token
    assert.equal("NotAuthorizedException", refused(pool:get_user { access_token = token }))
  end)
end)

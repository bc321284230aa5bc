--- The sandbox's tokens: signed, with a key that an OpenID client can look up.
local cjson = require "cjson"
local cognito = require "cognito"
local core = require "cognito.core"
local sandbox = require "cognito.sandbox"
local process = require "spec.support.process"

local function from_base64url(text)
  return (process.output_of(("printf '%s' | tr -- -_ +/ | base64 -d"):format(text .. ("="):rep(-#text % 4))))
end

local function parts(token)
  local head, body, signature = token:match "^([^.]+)%.([^.]+)%.([^.]+)$"
  return cjson.decode(from_base64url(head)), cjson.decode(from_base64url(body)), head .. "." .. body,
    from_base64url(signature)
end

-- OpenSSL's own command is the judge.
local function verifies(der, data, signature)
  local key, signed, text = process.write(der), process.write(signature), process.write(data)
  local result = core.run { "openssl", "dgst", "-sha256", "-verify", key, "-keyform", "DER", "-signature", signed,
    text }
  for _, path in ipairs { key, signed, text } do os.remove(path) end
  return result.status == 0, result
end

describe("a key for tokens", function()
  local key = core.rsa_key()

  it("signs as RS256 wants it", function()
    for _, data in ipairs { "", "a", ("x"):rep(100000), "\0\255" } do
      assert.is_true(verifies(key:public(), data, key:sign(data)))
    end
    assert.is_false((verifies(key:public(), "b", key:sign "a")))
    assert.is_false((verifies(core.rsa_key():public(), "a", key:sign "a")))
  end)

  it("is no other object", function()
    for _, wrong in ipairs { core.http(), {}, "key", io.stdout } do
      assert.error_matches(function() key.sign(wrong, "a") end, "rsa key expected")
    end
    assert.error(function() key:sign() end)
  end)
end)

describe("a token of the sandbox", function()
  local function tokens_of(options)
    local box = sandbox.new(options)
    box:add_user { username = "ada", password = "Old-pass1word", email = "ada@example.com" }
    return assert(cognito.new(box:settings()):initiate_auth { auth_flow = "USER_PASSWORD_AUTH",
      auth_parameters = { USERNAME = "ada", PASSWORD = "Old-pass1word" } }).authentication_result, box
  end

  it("is signed by the key that the box shows", function()
    local tokens, box = tokens_of()
    local head, body, text, signature = parts(tokens.access_token)
    local jwk = box:jwks().keys[1]
    assert.same({ alg = "RS256", kid = jwk.kid }, head)
    assert.equal("https://cognito-sandbox.invalid/" .. box:settings().user_pool_id, body.iss)
    assert.is_true(body.sandbox)
    assert.equal(256, #from_base64url(jwk.n))
    assert.equal("\1\0\1", from_base64url(jwk.e))
    -- The DER of such a key (RFC 3279): a fixed head, the two numbers.
    local der = ("30820122300d06092a864886f70d01010105000382010f003082010a0282010100")
      :gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
      .. from_base64url(jwk.n) .. "\2\3" .. from_base64url(jwk.e)
    assert.is_true(verifies(der, text, signature))
  end)

  it("names the issuer that was set", function()
    local tokens = tokens_of { issuer = "https://issuer.example" }
    assert.equal("https://issuer.example", select(2, parts(tokens.id_token)).iss)
  end)
end)

-- core.dpop_proof: what it makes of good keys, checked by OpenSSL's command,
-- and what it takes for none.
local core = require "cognito.core"
local dpop = require "spec.support.dpop"

local PAYLOAD = '{"jti":"1","htm":"POST","htu":"https://h/v1/token","iat":1795247391}'

local function openssl(...)
  return assert(core.run { "openssl", ... }).stdout
end

describe("core.dpop_proof", function()
  it("signs as ES256 wants it, with keys in both forms", function()
    for _, form in ipairs { "SEC1", "PKCS8" } do
      local key = dpop.key(form)
      for _, payload in ipairs { PAYLOAD, "", "{}", ("x"):rep(100000), "\0\255" } do
        local head, body, signature = assert(core.dpop_proof(key, payload)):match "^([%w_-]+)%.([%w_-]*)%.([%w_-]+)$"
        assert.equal(payload, dpop.decode(body))
        assert.equal(64, #dpop.decode(signature))
        assert.equal(0, select(2, head:gsub("=", "")))
      end
      local proof = dpop.read(core.dpop_proof(key, PAYLOAD))
      assert.is_true(proof.verified)
      assert.same({ typ = "dpop+jwt", alg = "ES256", jwk = { kty = "EC", crv = "P-256", x = proof.header.jwk.x,
        y = proof.header.jwk.y } }, proof.header)
    end
  end)

  -- A number with leading zeros is shorter in DER: one of 128 signatures.
  it("pads both numbers of the signature", function()
    local key = dpop.key()
    for _ = 1, 600 do
      assert.equal(64, #dpop.decode(core.dpop_proof(key, PAYLOAD):match "[^.]+$"))
    end
    for _ = 1, 20 do
      assert.is_true(dpop.read(core.dpop_proof(key, PAYLOAD)).verified)
    end
  end)

  it("has the key that it is given", function()
    local first, second = dpop.key(), dpop.key()
    assert.equal(dpop.read(core.dpop_proof(first, "{}")).thumbprint, dpop.read(core.dpop_proof(first, "{}")).thumbprint)
    assert.not_equal(dpop.read(core.dpop_proof(first, "{}")).thumbprint,
      dpop.read(core.dpop_proof(second, "{}")).thumbprint)
    local proof = core.dpop_proof(first, PAYLOAD)
    local forged = proof:match "^[^.]+%." .. dpop.encode "{}" .. proof:match "%.[^.]+$"
    assert.is_false(dpop.read(forged).verified) -- or the check would not be one
  end)

  it("takes CR line ends and text around the key", function()
    local key = dpop.key()
    for _, text in ipairs { (key:gsub("\n", "\r\n")), "a remark\n" .. key, (key:gsub("%s+$", "")) } do
      assert.is_true(dpop.read(core.dpop_proof(text, "{}")).verified)
    end
  end)

  it("refuses text that is no private key of P-256, asks for no passphrase, and shows nothing of it", function()
    local key = dpop.key()
    local path = os.tmpname()
    assert(core.write_private(path, key))
    local wrong = {
      "", "hunter2", "\0", key:sub(1, 100), (key:gsub("\n%w%w%w", "\nAAA", 1)), key:gsub("EC PRIVATE KEY", "HUNTER"),
      openssl("ec", "-in", path, "-pubout"), openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout"),
      openssl("ecparam", "-name", "secp256k1", "-genkey", "-noout"),
      openssl("ecparam", "-name", "prime256v1", "-param_enc", "explicit", "-genkey", "-noout"),
      openssl("genpkey", "-algorithm", "ED25519"), openssl("genrsa", "1024"),
      openssl("ec", "-in", path, "-aes128", "-passout", "pass:hunter2"), ("x"):rep(1e6),
    }
    os.remove(path)
    for i, text in ipairs(wrong) do
      local proof, message = core.dpop_proof(text, "{}")
      assert.is_nil(proof, i)
      assert.equal("it is no private key of the curve P-256 in PEM, or there is not enough memory", message)
    end
  end)

  it("raises for a value that is no text", function()
    for _, case in ipairs { {}, { "k" }, { {}, "{}" }, { "k", {} } } do
      assert.is_false((pcall(core.dpop_proof, case[1], case[2])))
    end
  end)
end)

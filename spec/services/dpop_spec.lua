--- Proofs of possession, verified by Node's own cryptography: it takes the key
-- from the proof's header, as the service does, and knows JOSE's signatures.
local core = require "cognito.core"
local dpop = require "spec.support.dpop"

local VERIFY = [[
const { createPublicKey, verify, createHash } = require("node:crypto");
const [head, payload, signature] = process.argv[1].split(".");
const { jwk } = JSON.parse(Buffer.from(head, "base64url"));
const key = createPublicKey({ key: jwk, format: "jwk" });
const ok = verify("sha256", Buffer.from(head + "." + payload), { key, dsaEncoding: "ieee-p1363" },
  Buffer.from(signature, "base64url"));
const { crv, kty, x, y } = jwk;
const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
console.log(ok, thumbprint, Buffer.from(payload, "base64url").toString());
]]

describe("Node verifies a proof", function()
  it("of a key in either form, and finds the same thumbprint", function()
    for _, form in ipairs { "SEC1", "PKCS8" } do
      local proof = assert(core.dpop_proof(dpop.key(form), '{"jti":"1"}'))
      local done = assert(core.run { "node", "-e", VERIFY, proof })
      assert.equal(("true %s {\"jti\":\"1\"}\n"):format(dpop.read(proof).thumbprint), done.stdout, done.stderr)
    end
  end)

  it("and no forged one", function()
    local head, payload, signature = assert(core.dpop_proof(dpop.key(), '{"jti":"1"}')):match "^(.+)%.(.+)%.(.+)$"
    local done = core.run { "node", "-e", VERIFY, head .. "." .. dpop.encode '{"jti":"2"}' .. "." .. signature }
    assert.truthy(done.stdout:find "^false", done.stderr)
    assert.equal('{"jti":"1"}', dpop.decode(payload))
  end)
end)

--- The secret hash, and the hashes below it.
local child = require "spec.support.child"
local core = require "cognito.core"

local function hex(s)
  return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function bytes(text)
  return (text:gsub("%x%x", function(h) return string.char(tonumber(h, 16)) end))
end

describe("core.secret_hash", function()
  -- Computed with Python: base64(hmac(secret, username + client_id, sha256)).
  it("is the base64 of an HMAC over username and client id", function()
    assert.equal("6MtwlQyD2orFGJZkKq41Fvqk4yhjLJAYdq4Jpb/0OAA=",
      core.secret_hash("alice", "1example23456789", "9ebexamplesecret"))
    assert.equal("bGk3hmp8DpXWOgaOoOGMKDV9Oc9rC/a4W9axGez46/4=",
      core.secret_hash("user@example.com", "3n4b5urk1ft4fl3mg5e62d9ado", "c2VjcmV0LWtleS1mb3ItdGVzdA"))
  end)

  it("covers bytes, whatever they mean", function()
    local plain = core.secret_hash("a", "client", "secret")
    assert.equal(44, #plain)
    for _, other in ipairs { "a\0", "\0a", "A", "a ", "\195\161", "a\n" } do
      assert.not_equal(plain, core.secret_hash(other, "client", "secret"))
    end
    assert.not_equal(plain, core.secret_hash("a", "client", "secret\0x"))
  end)

  it("takes a secret longer than a block of the hash as its hash", function()
    local long = ("x"):rep(100)
    assert.equal(core.secret_hash("a", "client", core.sha256(long)), core.secret_hash("a", "client", long))
  end)

  it("refuses values that are not strings: numbers do not become one", function()
    for position = 1, 3 do
      for _, wrong in ipairs { 12, true, {}, print } do
        local arguments = { "alice", "client", "secret" }
        arguments[position] = wrong
        local ok, message = pcall(core.secret_hash, arguments[1], arguments[2], arguments[3])
        assert.is_false(ok)
        assert.matches("#" .. position .. ".*string expected, got " .. type(wrong), message)
      end
    end
    assert.has_error(function() core.secret_hash("alice", "client") end)
  end)

  it("refuses an empty string, and names the place only", function()
    for position = 1, 3 do
      local arguments = { "alice", "client", "HIDDEN" }
      arguments[position] = ""
      local ok, message = pcall(core.secret_hash, arguments[1], arguments[2], arguments[3])
      assert.is_false(ok)
      assert.matches("#" .. position .. ".*must not be empty", message)
      assert.is_nil(message:find "HIDDEN")
    end
  end)
end)

describe("core.sha256", function()
  -- FIPS 180-4's examples; the rest is from sha256sum.
  it("is SHA-256", function()
    assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hex(core.sha256 "abc"))
    assert.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hex(core.sha256 ""))
    assert.equal("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      hex(core.sha256 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
    assert.equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      hex(core.sha256(("a"):rep(1000000))))
    assert.equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", hex(core.sha256 "\0"))
  end)

  it("refuses values that are not strings", function()
    assert.has_error(function() core.sha256(1) end)
    assert.has_error(function() core.sha256() end)
  end)
end)

describe("core.hmac_sha256", function()
  -- RFC 4231, test cases 1, 2, 3, 4, 6 and 7.
  it("is HMAC-SHA-256", function()
    for _, case in ipairs {
      { ("\11"):rep(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
      { "Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
      { ("\170"):rep(20), ("\221"):rep(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
      { bytes "0102030405060708090a0b0c0d0e0f10111213141516171819", ("\205"):rep(50),
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
      { ("\170"):rep(131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
      { ("\170"):rep(131), "This is a test using a larger than block-size key and a larger than block-size data. "
        .. "The key needs to be hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    } do
      assert.equal(case[3], hex(core.hmac_sha256(case[1], case[2])))
    end
  end)

  it("takes empty keys and messages", function()
    -- printf "" | openssl dgst -sha256 -hmac ""
    assert.equal("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", hex(core.hmac_sha256("", "")))
  end)

  it("refuses values that are not strings", function()
    assert.has_error(function() core.hmac_sha256(1, "x") end)
    assert.has_error(function() core.hmac_sha256("x", 1) end)
  end)
end)

-- Finalizers run in the order in which their objects were not made: one that is
-- older than the module finds its digests gone.
describe("hashes in the last finalizers of a Lua state", function()
  for _, name in ipairs { "sha256", "hmac_sha256", "secret_hash" } do
    it("are refused, not computed with what is freed: " .. name, function()
      local _, printed = child.run(([[
        local core
        local function last() print(select(2, pcall(core.%s, "a", "b", "c"))) end
        if newproxy then
          kept = newproxy(true)
          getmetatable(kept).__gc = last
        else
          kept = setmetatable({}, { __gc = last })
        end
        core = require "cognito.core"
      ]]):format(name), {})
      assert.matches("OpenSSL cannot compute HMAC%-SHA%-256 here", printed)
    end)
  end
end)

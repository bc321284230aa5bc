-- A sign-in by SRP: big numbers, a key, and a block that no stack buffer
-- holds.
local core = require "cognito.core"

local challenge = {
  pool_name = "pool", user_id = "ada", password = ("p"):rep(100), salt = "8f6a1dad94d7b82c",
  srp_b = ("a2be"):rep(190), secret_block = ("QUJD"):rep(500), time = 1793779745,
}

return {
  quiet = true,
  run = function()
    local srp = core.srp(("s"):rep(32))
    assert(#srp:public() > 760)
    local signature, time = srp:answer(challenge)
    if not signature then return time end
    assert(signature == "VBK/MmPEP3tKkLA8ZkCSkw6oMRh3T/jo2kJJHg9KwO0=", signature)
    assert(time == "Wed Nov 4 08:09:05 UTC 2026", time)
    srp:close()
    local base, modulus = ("b"):rep(400), ("m"):rep(384)
    assert(#core.mod_power(base, "exponent", modulus) == 384)
    assert(#core.mod_product(base, base, modulus) == 384 and #core.mod_sum(base, base, modulus) == 384)
    core.srp():close() -- of a number by chance
    local device = { pool_name = "-group", user_id = "key", password = ("p"):rep(100), salt = ("s"):rep(16) }
    local salt, verifier = core.srp_verifier(device)
    assert(salt == "c3Nzc3Nzc3Nzc3Nzc3Nzcw==" and #verifier >= 512)
    device.salt = nil -- one by chance
    assert(core.srp_verifier(device) ~= salt)
  end,
  judge = function(field) -- OpenSSL does not decode it
    return field ~= "secret_block" and field or nil
  end,
}

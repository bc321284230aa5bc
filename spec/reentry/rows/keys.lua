--- Rows of keys and of signing in.
local core = require "cognito.core"
local World = require "spec.reentry.world"

local M = {}

local long = World.long

-- ---- keys and programs ----

local key = core.rsa_key()

M.rsa_key = { shown = type, make = function() return core.rsa_key end }
M["rsa_key:sign"] = { make = function(_, tag) return key.sign, key, long(tag) end, shown = string.len }
M["rsa_key:public"] = { make = function() return key.public, key end }
M["rsa_key.__gc"] = { make = function() return getmetatable(key).__gc, core.rsa_key() end }

local proof_key = require("spec.support.dpop").key()

-- The signature is another one each time.
M.dpop_proof = { shown = function(proof) return (proof:match "^[^.]+%.[^.]+") end, make = function()
  return core.dpop_proof, proof_key, ("payload "):rep(300)
end }

M["dpop_proof (no key)"] = { of = "dpop_proof", make = function()
  return core.dpop_proof, long "key", long "payload"
end }

-- ---- signing in ----

M.srp = { shown = type, make = function() return core.srp, ("s"):rep(32) end }

M.srp_verifier = { make = function(world)
  return core.srp_verifier, world:given { pool_name = long "group", user_id = long "key", password = long "password",
    salt = ("s"):rep(16) }
end }

local function with_srp(name)
  return { make = function(world)
    local srp = core.srp(("s"):rep(32))
    return getmetatable(srp)[name] or srp[name], srp, world:given {
      pool_name = long "pool", user_id = long "ada", password = long "password", salt = ("8f"):rep(16),
      srp_b = ("a2be"):rep(190), secret_block = ("QU" .. "JD"):rep(500), time = 1793779745,
    }
  end }
end

M["srp:public"], M["srp:answer"], M["srp:close"] = with_srp "public", with_srp "answer", with_srp "close"
-- The modulus is odd. Of other numbers each time, as for the hashes.
local function modular(name)
  return { shown = function(bytes) return #bytes end, make = function(_, tag)
    return core[name], long(tag), long "exponent", ("9"):rep(100)
  end }
end

M.mod_power, M.mod_product, M.mod_sum = modular "mod_power", modular "mod_product", modular "mod_sum"

M["srp.__gc"], M["srp.__close"] = with_srp "__gc", with_srp "__close"

return M

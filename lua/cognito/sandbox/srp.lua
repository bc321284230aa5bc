--- The service's half of a sign-in by SRP, read by itself: only sums,
-- products and powers come from the core, so that a mistake of its SRP is not
-- repeated here.
--
-- RFC 5054 with the 3072-bit prime of RFC 3526 and the generator 2. A number
-- is hashed as Java's BigInteger writes it: big-endian in two's complement,
-- so with a zero byte in front where the first bit would be one.
--
-- @module cognito.sandbox.srp
local native = require "cognito.native"
local encoding = require "cognito.sandbox.encoding"

local M = {}

local function from_hex(hex)
  return (hex:gsub("%x%x", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

local PRIME = from_hex(
  "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
  .. "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
  .. "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
  .. "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
  .. "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
  .. "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
  .. "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
  .. "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
  .. "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
  .. "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
  .. "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
  .. "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF")
local GENERATOR = "\2"
local LONGEST = 2 * #PRIME -- digits
local KEY = 16 -- bytes

-- As BigInteger.toByteArray has it.
local function as_java(number)
  local shortest = number:gsub("^%z+", "")
  if shortest == "" or shortest:byte() >= 128 then
    return "\0" .. shortest
  end
  return shortest
end

local function hash(...)
  return native.sha256(table.concat { ... })
end

local function power(base, exponent)
  return native.mod_power(base, exponent, PRIME)
end

local function product(a, b)
  return native.mod_product(a, b, PRIME)
end

local MULTIPLIER = hash(as_java(PRIME), GENERATOR)

--- The pool's name as it is hashed: "eu-west-1_Example" without its region.
-- @tparam table options complete options
-- @treturn string
function M.pool_name(options)
  return options.user_pool_id:match "_(.+)$" or options.user_pool_id
end

--- What is kept of a password, to make verifiers of.
-- @tparam table options complete options
-- @tparam string username the pool's own name of the user
-- @tparam string password
-- @treturn string 32 bytes
function M.identity(options, username, password)
  return hash(M.pool_name(options), username, ":", password)
end

--- The verifier that a sign-in is proved against: of a password one of many, with a salt of
-- its own; a device brings its one along.
-- @tparam table random the sandbox's stream
-- @tparam string identity of `identity`
-- @treturn table `salt` and `verifier`, bytes
function M.kept(random, identity)
  local salt = as_java(random:bytes():sub(1, 16))
  return { salt = salt, verifier = power(GENERATOR, hash(salt, identity)) }
end

--- Reads `SRP_A`.
-- @tparam string text
-- @treturn ?string bytes; nil for what is no number, and for zero modulo the
--   prime, with which anyone would sign in
function M.read_public(text)
  if #text > LONGEST or not text:find "^%x+$" then
    return nil
  end
  local number = from_hex(#text % 2 == 1 and "0" .. text or text)
  if not power(number, "\1"):find "[^%z]" then
    return nil
  end
  return as_java(number)
end

--- Answers a sign-in that begins.
-- @tparam table random the sandbox's stream
-- @tparam table kept of `kept`
-- @tparam string public the client's number, of `read_public`
-- @treturn table what `signature` needs, and `salt`, `b` and `block` as the
--   challenge has them
function M.begin(random, kept, public)
  local salt, verifier = kept.salt, kept.verifier
  local secret = random:bytes()
  local block = random:bytes() .. random:bytes()
  local own = native.mod_sum(product(MULTIPLIER, verifier),
    power(GENERATOR, secret), PRIME)
  return {
    public = public, secret = secret, verifier = verifier, own = as_java(own),
    salt = encoding.hex(salt):gsub("^0+", ""), b = encoding.hex(own),
    block = encoding.base64(block), block_bytes = block,
  }
end

local function key_of(exchange)
  local scrambler = hash(exchange.public, exchange.own)
  local shared = power(product(exchange.public,
    power(exchange.verifier, scrambler)), exchange.secret)
  local extracted = native.hmac_sha256(as_java(scrambler), as_java(shared))
  return native.hmac_sha256(extracted, "Caldera Derived Key\1"):sub(1, KEY)
end

--- The proof that whoever knows the password sends.
-- @tparam table exchange of `begin`
-- @tparam string who the name of the pool and the pool's own name of the
--   user, or a device's group key and key
-- @tparam string time the claim's, as it was sent
-- @treturn string base64
function M.signature(exchange, who, time)
  return encoding.base64(native.hmac_sha256(key_of(exchange),
    table.concat { who, exchange.block_bytes, time }))
end

return M

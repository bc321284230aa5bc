--- Sign-ins by SRP and secret hashes, with texts and numbers of any form, checked
-- by the sandbox's half.
--
-- An input: a byte, the lines secret, user, password, salt, B, block, and the rest.

local core = require "cognito.core"
local encoding = require "cognito.sandbox.encoding"
local readers = require "spec.fuzz.support.reader"
local service = require "cognito.sandbox.srp"

local OPTIONS = { user_pool_id = "eu-west-1_Pool" }
local fields = { srp_b = true, salt = true, secret_block = true }

-- Bytes as the sandbox's stream of chance gives them.
local function stream(seed)
  return { bytes = function()
    seed = core.sha256(seed)
    return seed
  end }
end

local function check_refusal(signature, field)
  assert(signature == nil and fields[field], "neither proof nor refusal")
end

-- Of anything that a server may send.
local function answer_anything(srp, reader, user, password)
  local signature, time = srp:answer { pool_name = "Pool", user_id = user, password = password, salt = reader:line(),
    srp_b = reader:line(), secret_block = reader:line(), time = reader:byte() * 1e6 }
  if signature then
    assert(#signature == 44 and time:find "UTC", "no proof")
  else
    check_refusal(signature, time)
  end
end

-- Of what our own server sends: whoever knows the password comes in, no one else.
-- The server keeps a verifier of its own making, or one of the core's, as of a device.
local function sign_in(srp, seed, user, password)
  local random = stream(seed)
  local kept = service.kept(random, service.identity(OPTIONS, user, password))
  if #seed % 2 == 1 then
    local salt, verifier = core.srp_verifier { pool_name = "Pool", user_id = user, password = password,
      salt = core.sha256(seed):sub(1, 16) }
    kept = { salt = encoding.from_base64(salt), verifier = encoding.from_base64(verifier) }
  end
  local exchange = service.begin(random, kept, assert(service.read_public(srp:public())))
  local challenge = { pool_name = "Pool", user_id = user, password = password, salt = exchange.salt,
    srp_b = exchange.b, secret_block = exchange.block, time = 1763711391 }
  local proof, time = srp:answer(challenge)
  assert(proof == service.signature(exchange, "Pool" .. user, time), "the server does not accept the proof")
  challenge.password = password .. "x"
  assert(srp:answer(challenge) ~= proof, "another password has the same proof")
end

local function check_hash(user, client, secret)
  if user ~= "" and client ~= "" and secret ~= "" then
    assert(core.secret_hash(user, client, secret) == encoding.base64(core.hmac_sha256(secret, user .. client)), "hash")
  end
end

return function(bytes)
  local reader = readers.new(bytes)
  local is_ours, secret, user, password = reader:seldom(4), reader:line(), reader:line(), reader:line()
  local srp = core.srp(core.sha256(secret) .. secret:rep(3):sub(1, 352))
  if is_ours then
    sign_in(srp, reader:rest(), user, password)
  else
    check_hash(user, password, secret)
    answer_anything(srp, reader, user, password)
  end
  srp:close()
  srp:close()
end

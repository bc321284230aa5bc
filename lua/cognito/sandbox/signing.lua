--- The key that signs tokens: one for all boxes of a process, made when the
-- first token is, and never written down.
-- @module cognito.sandbox.signing
local native = require "cognito.native"
local encoding = require "cognito.sandbox.encoding"

local M = {}

local kept

local function key()
  if not kept and native.rsa_key then
    kept = native.rsa_key()
  end
  return kept
end

-- ---- the public half in DER: only its two numbers are of interest ----

local INTEGER, BIT_STRING, SEQUENCE = 0x02, 0x03, 0x30

-- The content of the element at a byte, and where the next one begins.
local function element(der, at, tag)
  assert(der:byte(at) == tag)
  local length, start = der:byte(at + 1), at + 2
  if length >= 0x80 then
    local octets = length - 0x80
    length, start = 0, start + octets
    for i = start - octets, start - 1 do
      length = length * 256 + der:byte(i)
    end
  end
  return der:sub(start, start + length - 1), start + length
end

-- A number is written with a leading zero where its first bit is set.
local function integer(der, at)
  local content, after = element(der, at, INTEGER)
  return content:byte(1) == 0 and content:sub(2) or content, after
end

local function numbers(der)
  local info = element(der, 1, SEQUENCE)
  local _, after = element(info, 1, SEQUENCE) -- which algorithm
  local bits = element(info, after, BIT_STRING)
  local pair = element(bits:sub(2), 1, SEQUENCE)
  local modulus, next_at = integer(pair, 1)
  return modulus, (integer(pair, next_at))
end

--- The key's id.
-- @treturn ?string nil where there is no key
function M.id()
  local signer = key()
  return signer and encoding.base64url(native.sha256(signer:public()))
end

--- Signs.
-- @tparam string text
-- @treturn string bytes
function M.sign(text)
  return key():sign(text)
end

--- The public key as a JSON web key (RFC 7517).
-- @treturn ?table nil where there is no key
function M.jwk()
  local signer = key()
  if not signer then
    return nil
  end
  local modulus, exponent = numbers(signer:public())
  return { kty = "RSA", use = "sig", alg = "RS256", kid = M.id(),
    n = encoding.base64url(modulus), e = encoding.base64url(exponent) }
end

return M

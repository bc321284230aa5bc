--- Looks through a proof of possession (RFC 9449) as its service would: by
-- OpenSSL's command, which knows nothing of the library.
local core = require "cognito.core"

local M = {}

-- ---- keys, as `aws login` writes them ----

local function openssl(...)
  local done = assert(core.run { "openssl", ... })
  assert(done.status == 0, done.stderr)
  return done.stdout
end

--- A key of P-256 in PEM.
-- @tparam[opt="SEC1"] string form or "PKCS8"
function M.key(form)
  if form == "PKCS8" then
    return openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
  end
  return openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")
end

-- ---- base64url ----

local values = {}
for i, char in ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"):gmatch "()(.)" do
  values[char] = i - 1
end

--- Decodes; fails for padding and for characters of another alphabet.
function M.decode(text)
  local bytes, bits, n = {}, 0, 0
  for char in text:gmatch "." do
    bits, n = bits * 64 + assert(values[char], "no base64url"), n + 6
    if n >= 8 then
      n = n - 8
      bytes[#bytes + 1] = string.char(math.floor(bits / 2 ^ n) % 256)
      bits = bits % 2 ^ n
    end
  end
  return table.concat(bytes)
end

--- Encodes.
function M.encode(bytes)
  return require("cognito.sandbox.encoding").base64url(bytes)
end

-- ---- DER ----

local function element(tag, content)
  return string.char(tag, #content) .. content
end

local function integer(bytes)
  bytes = bytes:gsub("^%z+", "")
  return element(0x02, (bytes:find "^[\128-\255]" or bytes == "") and "\0" .. bytes or bytes)
end

local PREFIX = "\48\89\48\19\6\7\42\134\72\206\61\2\1\6\8\42\134\72\206\61\3\1\7\3\66\0\4" -- P-256, up to the point

local function temporary(bytes)
  local path = os.tmpname()
  assert(core.write_private(path, bytes))
  return path
end

local function verifies(jwk, data, signature)
  local x, y = M.decode(jwk.x), M.decode(jwk.y)
  if #x ~= 32 or #y ~= 32 or #signature ~= 64 then return false end
  local paths = {
    temporary(PREFIX .. x .. y),
    temporary(element(0x30, integer(signature:sub(1, 32)) .. integer(signature:sub(33)))), temporary(data),
  }
  local done = core.run { "openssl", "dgst", "-sha256", "-verify", paths[1], "-keyform", "DER", "-signature", paths[2],
    paths[3] }
  for _, path in ipairs(paths) do os.remove(path) end
  return done.status == 0
end

--- Takes a proof apart.
-- @treturn table `header`, `claims`, `thumbprint` (RFC 7638), and `verified`
function M.read(proof)
  local head, payload, signature = proof:match "^([^.]+)%.([^.]+)%.([^.]+)$"
  local header, claims = core.read_json(M.decode(head)), core.read_json(M.decode(payload))
  local jwk = header.jwk
  return {
    header = header, claims = claims,
    thumbprint = M.encode(core.sha256(('{"crv":"%s","kty":"%s","x":"%s","y":"%s"}'):format(jwk.crv, jwk.kty, jwk.x,
      jwk.y))),
    verified = header.alg == "ES256" and header.typ == "dpop+jwt" and jwk.kty == "EC" and jwk.crv == "P-256"
      and jwk.d == nil and verifies(jwk, head .. "." .. payload, M.decode(signature)),
  }
end

return M

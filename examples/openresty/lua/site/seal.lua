--- What only this site can write: keyed hashes, and how to compare them.

local settings = require "site.settings"

local seal = {}

--- Base64 that may stand in cookies and forms.
function seal.encode(text)
  return (ngx.encode_base64(text, true):gsub("+", "-"):gsub("/", "_"))
end

--- The reverse; nil for what is no such text.
function seal.decode(text)
  return ngx.decode_base64((text:gsub("-", "+"):gsub("_", "/")))
end

--- A hash that needs the secret. What it is for is part of
-- it: a seal of one kind is no good as another.
function seal.of(purpose, text)
  return seal.encode(ngx.hmac_sha1(settings.secret, purpose .. "\n" .. text))
end

--- Whether two strings are the same, in a time that does not tell where they
-- differ.
function seal.equal(a, b)
  if #a ~= #b then
    return false
  end
  local difference = 0
  for i = 1, #a do
    difference = bit.bor(difference, bit.bxor(a:byte(i), b:byte(i)))
  end
  return difference == 0
end

return seal

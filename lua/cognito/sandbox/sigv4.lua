--- Checks Signature Version 4 by the book.
--
-- Follows the page "Create a signed AWS API request" of the IAM user guide,
-- from the receiving end, and shares nothing but the digests with the signer
-- in C: each is the other's second opinion.
--
-- Signatures are compared with Lua's own `==`. The live service must take the
-- same time for every wrong one; here the keys are made up and the process
-- listens on loopback, so there is nothing to find out.
--
-- @module cognito.sandbox.sigv4
local c_locale = require "cognito.c_locale"
local native = require "cognito.native"
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"

local M = {}

local ALGORITHM = "AWS4-HMAC-SHA256"
local SERVICE = "cognito-idp"
local WINDOW = 5 * 60

-- ---- canonical request ----

local function encode(text)
  return (text:gsub("[^%w%-_.~]", function(char)
    return ("%%%02X"):format(char:byte())
  end))
end

local function decode(text)
  return (text:gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

-- The path without empty, `.` and `..` segments, encoded once more than it
-- was sent: every service but S3 wants it so.
local function canonical_path(path)
  local kept = {}
  for segment in path:gmatch("[^/]+") do
    if segment == ".." then
      kept[#kept] = nil
    elseif segment ~= "." then
      kept[#kept + 1] = encode(segment)
    end
  end
  local joined = "/" .. table.concat(kept, "/")
  if #kept > 0 and path:sub(-1) == "/" then
    joined = joined .. "/"
  end
  return joined
end

local function canonical_query(query)
  local pairs_found = {}
  for pair in query:gmatch("[^&]+") do
    local name, value = pair:match("^([^=]*)=?(.*)$")
    name = decode(name)
    if name ~= "X-Amz-Signature" then -- no signature signs itself, nor an earlier one
      pairs_found[#pairs_found + 1] = { encode(name), encode(decode(value)) }
    end
  end
  table.sort(pairs_found, function(a, b)
    if a[1] ~= b[1] then
      return c_locale.before(a[1], b[1])
    end
    return c_locale.before(a[2], b[2])
  end)
  for i, pair in ipairs(pairs_found) do
    pairs_found[i] = pair[1] .. "=" .. pair[2]
  end
  return table.concat(pairs_found, "&")
end

local function canonical_value(value)
  return (value:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function canonical_headers(headers, signed)
  local lines = {}
  for i, name in ipairs(signed) do
    lines[i] = name .. ":" .. canonical_value(headers[name] or "") .. "\n"
  end
  return table.concat(lines)
end

local function canonical_request(request, signed)
  local path, query = request.path:match("^([^?]*)%??(.*)$")
  return table.concat({
    request.method,
    canonical_path(path),
    canonical_query(query),
    canonical_headers(request.headers, signed),
    table.concat(signed, ";"),
    encoding.hex(native.sha256(request.body)),
  }, "\n")
end

-- ---- signature ----

local function signature(request, claim, secret)
  local key = "AWS4" .. secret
  for part in claim.scope:gmatch("[^/]+") do
    key = native.hmac_sha256(key, part)
  end
  local canonical = canonical_request(request, claim.signed)
  return encoding.hex(native.hmac_sha256(key, table.concat({
    ALGORITHM, claim.time, claim.scope,
    encoding.hex(native.sha256(canonical)),
  }, "\n")))
end

-- ---- the request's claims ----

local function split(text, separator)
  local parts = {}
  for part in text:gmatch("[^" .. separator .. "]+") do
    parts[#parts + 1] = part
  end
  return parts
end

local function incomplete(message, ...)
  errors.refuse("incomplete_signature", message:format(...))
end

-- The Authorization header names three things; each missing one is reported.
local function read_fields(header)
  local rest = header:match("^" .. ALGORITHM:gsub("%-", "%%-") .. "%s+(.*)$")
  if not rest then
    incomplete("Unsupported AWS 'algorithm' in the Authorization header.")
  end
  local fields, missing = {}, {}
  for name, value in rest:gmatch("(%a+)=([^,%s]+)") do
    fields[name] = value
  end
  for _, name in ipairs { "Credential", "SignedHeaders", "Signature" } do
    if not fields[name] then
      missing[#missing + 1] =
        ("Authorization header requires '%s' parameter."):format(name)
    end
  end
  if #missing > 0 then
    incomplete("%s", table.concat(missing, " "))
  end
  return fields
end

local function read_claim(headers)
  local header = headers["authorization"]
  if not header then
    errors.refuse("no_token")
  end
  local fields = read_fields(header)
  local key_id, date, region, service, ending =
    fields.Credential:match("^([^/]+)/([^/]+)/([^/]+)/([^/]+)/([^/]+)$")
  if not key_id then incomplete("Credential must have 5 slash-delimited"
    .. " elements: keyid/date/region/service/term.") end
  local time = headers["x-amz-date"]
  if not time then incomplete("Authorization header requires existence of"
    .. " either a 'X-Amz-Date' or a 'Date' header.") end
  return {
    key_id = key_id, date = date, region = region, service = service,
    ending = ending, time = time, signature = fields.Signature,
    scope = table.concat({ date, region, service, ending }, "/"),
    signed = split(fields.SignedHeaders, ";"),
  }
end

-- ---- checks ----

local function check_key(claim, headers, credentials)
  if claim.key_id ~= credentials.access_key_id
    or headers["x-amz-security-token"] ~= credentials.session_token then
    errors.refuse("unknown_key")
  end
end

local function check_scope(claim, region)
  local function refuse(message, ...)
    errors.refuse("signature_scope", message:format(...))
  end
  if claim.region ~= region then
    refuse("Credential should be scoped to a valid region, not '%s'.",
      claim.region)
  end
  if claim.service ~= SERVICE then
    refuse("Credential should be scoped to correct service: '%s'.", SERVICE)
  end
  if claim.ending ~= "aws4_request" then
    refuse("Credential should be scoped with a valid terminator:"
      .. " 'aws4_request'.")
  end
  if claim.date ~= claim.time:sub(1, 8) then
    refuse("Date in Credential scope does not match YYYYMMDD from ISO-8601"
      .. " version of date from HTTP.")
  end
end

-- Days since 1970-01-01 in the proleptic Gregorian calendar, counting years
-- from March so that the leap day comes last. os.time would read the fields
-- in the machine's own zone.
local function days(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  return 365 * year + math.floor(year / 4) - math.floor(year / 100)
    + math.floor(year / 400) + math.floor((153 * (month - 3) + 2) / 5)
    + day - 719469
end

local function epoch(text)
  local year, month, day, hour, minute, second = text:match(
    "^(%d%d%d%d)(%d%d)(%d%d)T(%d%d)(%d%d)(%d%d)Z$")
  if not year then
    incomplete("Date must be in ISO-8601 'basic format'.")
  end
  return days(tonumber(year), tonumber(month), tonumber(day)) * 86400
    + tonumber(hour) * 3600 + tonumber(minute) * 60 + tonumber(second)
end

local function stamp(time)
  return os.date("!%Y%m%dT%H%M%SZ", math.floor(time))
end

local function check_time(claim, now)
  local time = epoch(claim.time)
  if time < now - WINDOW then
    errors.refuse("signature_expired", claim.time, stamp(now - WINDOW),
      stamp(now))
  end
  if time > now + WINDOW then
    errors.refuse("signature_early", claim.time, stamp(now + WINDOW),
      stamp(now))
  end
end

-- Host and every x-amz- header must be covered: else a signature could be
-- carried to another operation.
local function check_coverage(claim, headers)
  local covered = {}
  for _, name in ipairs(claim.signed) do
    covered[name] = true
  end
  for name in pairs(headers) do
    if (name == "host" or name:find("^x%-amz%-")) and not covered[name] then
      incomplete("'%s' must be a 'SignedHeader' in the AWS Authorization.",
        name)
    end
  end
end

--- Checks the signature of a request.
-- @tparam table request `{ method, path, headers, body }`, headers under their
--   lower-case names with repeated ones joined by a comma
-- @tparam table keys `{ credentials =, region = }`
-- @tparam number now the receiver's time, seconds since the epoch
-- @raise a refusal that says what is wrong
function M.check(request, keys, now)
  local claim = read_claim(request.headers)
  check_scope(claim, keys.region)
  check_key(claim, request.headers, keys.credentials)
  check_coverage(claim, request.headers)
  check_time(claim, now)
  local secret = keys.credentials.secret_access_key
  if signature(request, claim, secret) ~= claim.signature then
    errors.refuse("bad_signature")
  end
end

return M

--- Signs random requests with cognito.core and with botocore, an independent
-- signer, and compares the results byte for byte.
--
--     lua spec/support/signer_check.lua [count] [seed]
--
-- Requests stay within what both read alike: botocore takes a query as
-- already encoded, and signs some headers that proxies change, as we do not.
-- Every fourth request is one of the library's own, as core.build makes it.
local json = require "cjson"
local core = require "cognito.core"

local COUNT = tonumber(arg[1]) or 500
local SEED = tonumber(arg[2]) or os.time() % 2147483646 + 1
local HELPER = "spec/support/signer_check.py"

-- Lehmer's generator: the same numbers on every Lua.
local state = SEED

local function random(n)
  state = state * 16807 % 2147483647
  return state % n + 1
end

local function one_of(list)
  return list[random(#list)]
end

local function chance(percent)
  return random(100) <= percent
end

local function repeated(pieces, least, most)
  local out = {}
  for i = 1, least + random(most - least + 1) - 1 do out[i] = one_of(pieces) end
  return table.concat(out)
end

local function characters(s)
  local list = {}
  for c in s:gmatch "." do list[#list + 1] = c end
  return list
end

local LETTERS = characters "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
local KEY_CHARACTERS = characters "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
local PATH_PIECES = { "a", "Z", "7", "-", "_", ".", "~", " ", "%20", "%2f", "%", "+", ":", "@", "=", "&", ";", ",",
  "!", "'", "(", ")", "*", "$", "\195\169", "\225\136\180" }
local SEGMENTS = { ".", "..", "", "..." }
local QUERY_PIECES = { "a", "B", "0", "-", "_", ".", "~", "%20", "%2F", "%3D", "%26", "%2B", "%C3%A9", "%25" }
local HEADER_NAMES = { "X-Amz-Meta-A", "x-amz-meta-b", "X-CUSTOM", "Accept", "content-type", "X-Amz-Target", "Range" }
-- Those that every botocore leaves out: the older ones sign the rest.
local UNSIGNED_NAMES = { "User-Agent", "Expect", "X-Amzn-Trace-Id" }
local VALUE_PIECES = { "a", "B", "9", " ", "  ", "\t", "\"", ",", ";", "=", "/", "\r\n ", "value" }
local HOSTS = { "cognito-idp.us-east-1.amazonaws.com", "EXAMPLE.amazonaws.com", "example.com:8443", "example.com:443",
  "127.0.0.1:9229", "[::1]:8080", "[2001:db8::1]" }
local OPERATIONS = { "admin_reset_user_password", "admin_get_user", "admin_confirm_sign_up", "admin_delete_user" }

local function path()
  local out = {}
  for _ = 1, random(6) - 1 do
    out[#out + 1] = chance(30) and one_of(SEGMENTS) or repeated(PATH_PIECES, 0, 6) .. one_of(LETTERS)
  end
  if #out == 0 and chance(50) then return "" end
  return "/" .. table.concat(out, "/") .. (chance(30) and "/" or "")
end

local function query()
  local out = {}
  for i = 1, random(5) do
    out[i] = repeated(QUERY_PIECES, 1, 5)
    if chance(80) then out[i] = out[i] .. "=" .. repeated(QUERY_PIECES, 0, 8) end
  end
  return "?" .. table.concat(out, "&")
end

local function headers()
  local out = {}
  for _ = 1, random(7) - 1 do
    local name = chance(20) and one_of(UNSIGNED_NAMES) or one_of(HEADER_NAMES)
    out[#out + 1] = { name, repeated(VALUE_PIECES, 0, 8) }
  end
  if chance(30) then out[#out + 1] = { "hOsT", "given.example.com" } end
  return out
end

local function body()
  local bytes = {}
  for i = 1, chance(40) and 0 or random(300) do bytes[i] = string.char(random(256) - 1) end
  return table.concat(bytes)
end

local function options()
  return {
    credentials = {
      access_key_id = "AKIA" .. repeated(LETTERS, 1, 16),
      -- From the shortest to longer than a block of SHA-256.
      secret_access_key = repeated(KEY_CHARACTERS, 1, 90),
      session_token = chance(40) and repeated(KEY_CHARACTERS, 1, 400) or nil,
    },
    region = one_of { "us-east-1", "eu-west-1", "us-gov-west-1" },
    time = random(2147483646) + random(2147483646),
    service = one_of { "cognito-idp", "sts", "execute-api" },
    sign_body = chance(25),
    omit_session_token = chance(25),
  }
end

local function any_request()
  local request = {
    method = one_of { "GET", "POST", "PUT", "DELETE", "PATCH" },
    url = one_of { "https://", "http://" } .. one_of(HOSTS) .. path() .. (chance(60) and query() or ""),
    headers = headers(),
    body = body(),
  }
  local given = options()
  local signed, steps = core.sign(request, given)
  assert(signed, not signed and steps.message)
  return request, given, signed, steps.canonical_request
end

-- The headers that build adds are removed again for botocore to add.
local function own_request()
  local given = options()
  given.service, given.sign_body, given.omit_session_token = "cognito-idp", false, false
  local request = assert(core.build(one_of(OPERATIONS), {
    username = repeated(VALUE_PIECES, 1, 9):gsub("%c", "") .. "x\195\169",
    user_pool_id = given.region .. "_" .. repeated(LETTERS, 9, 9),
  }, given))
  local bare = {}
  for _, pair in ipairs(request.headers) do
    if pair[1]:match "^Content" or pair[1]:match "Target$" then bare[#bare + 1] = pair end
  end
  return { method = request.method, url = request.url, headers = bare, body = request.body }, given, request.headers
end

local function find(list, name)
  for _, pair in ipairs(list) do
    if pair[1] == name then return pair[2] end
  end
end

local function hex(s)
  return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function new_case(i)
  local request, given, signed, canonical = (i % 4 == 0 and own_request or any_request)()
  local credentials = given.credentials
  local line = json.encode {
    method = request.method, url = request.url, body = hex(request.body),
    headers = request.headers,
    access_key_id = credentials.access_key_id, secret_access_key = credentials.secret_access_key,
    session_token = not given.omit_session_token and credentials.session_token or nil,
    region = given.region, service = given.service, sign_body = given.sign_body,
    time = find(signed, "X-Amz-Date"),
  }
  return { line = line, authorization = find(signed, "Authorization"), canonical_request = canonical }
end

local function answers(cases)
  local name = os.tmpname()
  local file = assert(io.open(name, "w"))
  for _, case in ipairs(cases) do file:write(case.line, "\n") end
  assert(file:close())
  local out = {}
  local helper = assert(io.popen(("python3 %s %s"):format(HELPER, name)))
  for line in helper:lines() do out[#out + 1] = json.decode(line) end
  helper:close()
  os.remove(name)
  assert(#out == #cases, "botocore did not answer every request")
  return out
end

local function agrees(case, other)
  if case.authorization == other.authorization
    and (case.canonical_request or other.canonical_request) == other.canonical_request then
    return true
  end
  print(("request: %s\n-- ours\n%s\n%s\n-- botocore\n%s\n%s\n"):format(case.line,
    case.canonical_request or "(made by build)", case.authorization, other.canonical_request, other.authorization))
  return false
end

print(("seed %d"):format(SEED))
local cases = {}
for i = 1, COUNT do cases[i] = new_case(i) end
local same = 0
for i, other in ipairs(answers(cases)) do
  if agrees(cases[i], other) then same = same + 1 end
end
print(("%d of %d agree"):format(same, COUNT))
os.exit(same == COUNT and COUNT > 0 and 0 or 1)

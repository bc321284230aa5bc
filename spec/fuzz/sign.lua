--- Signatures of any request, checked by the sandbox, which reads the rules by
-- itself.
--
-- An input: three bytes, the lines method, URL, region, key id, secret and token,
-- header lines up to an empty one, the body.

local c_locale = require "cognito.c_locale"
local check = require "spec.fuzz.support.check"
local core = require "cognito.core"
local readers = require "spec.fuzz.support.reader"
local sigv4 = require "cognito.sandbox.sigv4"

local times = { 1763711391, 0, 253402300799, 951782399, 1.5, -1, 253402300800 }

local function read_headers(reader)
  local headers = {}
  for line in reader.line, reader do
    if line == "" or #headers > 300 then return headers end
    local name, value = line:match "^([^:]*):(.*)$"
    headers[#headers + 1] = { name or line, value or "" }
  end
end

local function or_nil(text)
  return text ~= "" and text or nil
end

local function read_input(reader)
  local flags, time, shape = reader:byte(), reader:one(times), reader:byte()
  local request = { method = reader:line(), url = reader:line() }
  local options = { region = or_nil(reader:line()), time = time, sign_body = flags % 2 == 1 or nil,
    normalize = shape % 8 == 1 and false or nil, omit_session_token = shape % 8 == 2 or nil,
    service = shape % 8 == 3 and "sts" or nil }
  options.credentials = { access_key_id = reader:line(), secret_access_key = reader:line(),
    session_token = or_nil(reader:line()) }
  request.headers, request.body = read_headers(reader), reader:rest()
  return request, options
end

-- ---- the request as it arrives ----

local function trimmed(value)
  return value:match "^[ \t]*(.-)[ \t]*$"
end

local function arrived(request, headers)
  local rest = request.url:gsub("#.*", ""):match "^%a+://[^/?]*(.*)$"
  local map = { host = core.read_url(request.url:match "^[^/]*//[^/?#]*").authority }
  local own_host = false
  for _, pair in ipairs(headers) do
    local name, value = c_locale.lower(pair[1]), trimmed(pair[2])
    local before = (name ~= "host" or own_host) and map[name]
    own_host = own_host or name == "host"
    map[name] = before and before .. "," .. value or value
  end
  return { method = request.method, path = (rest:sub(1, 1) == "/" and "" or "/") .. rest, headers = map,
    body = request.body }
end

-- A text that HTTP cannot carry has no form that arrives.
local function can_arrive(request, options)
  for _, pair in ipairs(request.headers) do
    if pair[2]:find "%c" then return false end
  end
  return not request.url:find "[^!-~]" and options.normalize == nil and options.omit_session_token == nil
    and options.service == nil
end

local function check_signature(request, options, headers)
  local keys = { region = options.region, credentials = options.credentials }
  local ok, refusal = pcall(sigv4.check, arrived(request, headers), keys, math.floor(options.time))
  if not ok then
    error(type(refusal) == "table" and (refusal.message or refusal.code or refusal.key) or refusal, 0)
  end
end

return function(bytes)
  local request, options = read_input(readers.new(bytes))
  local headers, steps = core.sign(request, options)
  if not headers then
    return check.is_error(steps)
  end
  assert(#steps.signature == 64 and steps.string_to_sign:find "^AWS4%-HMAC%-SHA256\n", "no steps")
  for _, pair in ipairs(headers) do
    assert(core.is_token(pair[1]), "no header")
  end
  if can_arrive(request, options) then
    check_signature(request, options, headers)
  end
end

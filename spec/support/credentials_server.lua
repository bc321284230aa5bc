--- Stands in for all that gives out credentials: instance metadata, a
-- container's endpoint, STS, SSO and its OIDC sibling, the sign-in. On a port of 127.0.0.1
-- that it prints; ends with its standard input.
--
--     lua credentials_server.lua key_id secret session_token [certificate key]
--
-- It also knows one user of the service, shown to callers that sign so.
-- With a certificate it speaks TLS.
-- It is as strict as they are: without the right token, header, form or
-- signature (of KEYS, for AssumeRole) there are no credentials.

local c_locale = require "cognito.c_locale"
local dpop = require "spec.support.dpop"
local peers = require "spec.support.peers"
local socket = require "socket"
local native = require "cognito.native"

local KEYS = { access_key_id = "AKIABASE", secret_access_key = "base-secret" } -- these keys may assume the role

local key_id, secret, session_token = arg[1], arg[2], arg[3]
local certificate, key = arg[4], arg[5]

local function date(offset)
  return os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + offset)
end

local function document()
  return ('{"Code":"Success","AccessKeyId":"%s","SecretAccessKey":"%s","Token":"%s","Expiration":"%s"}')
    :format(key_id, secret, session_token, date(3600))
end

-- ---- STS ----

local function sts_reply(action)
  return ([[<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult>
<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>
<Expiration>%s</Expiration></Credentials></%sResult></%sResponse>]]):format(action, action, key_id, secret,
    session_token, date(3600), action, action)
end

local function sts_error(code)
  return 403, ("<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error></ErrorResponse>"):format(code)
end

local function epoch(text)
  local year, month, day, hour, minute, second = (text or ""):match "^(%d%d%d%d)(%d%d)(%d%d)T(%d%d)(%d%d)(%d%d)Z$"
  return require("cognito.clock").parse_rfc3339(("%s-%s-%sT%s:%s:%sZ"):format(year, month, day, hour, minute, second))
end

-- Signs the request again, and compares.
local function is_signed(request)
  local time = epoch(request.headers["x-amz-date"])
  local names = (request.headers.authorization or ""):match "SignedHeaders=([^,]+)"
  if not time or not names or math.abs(time - os.time()) > 300 then return false end
  local headers = {}
  for name in names:gmatch "[^;]+" do
    if name ~= "x-amz-date" then headers[#headers + 1] = { name, request.headers[name] } end
  end
  local signed = native.sign(
    { method = "POST", url = "http://" .. request.headers.host .. "/", headers = headers, body = request.body },
    { credentials = KEYS, region = "eu-west-1", service = "sts", time = time })
  return signed[#signed][2] == request.headers.authorization
end

-- A role for callers with a device: a code is good once.
local MFA_ROLE = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fmfa&"
local MFA_FIELDS = "&DurationSeconds=7200&SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fada&TokenCode="
local codes = { ["135790"] = true, ["024680"] = true }

local function role_with_mfa(request)
  local code = request.body:match("^.*" .. MFA_FIELDS:gsub("%p", "%%%0") .. "(%d+)$")
  if not is_signed(request) then
    return sts_error "SignatureDoesNotMatch"
  elseif not codes[code] then
    return 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid "
      .. "MFA one time pass code</Message></Error></ErrorResponse>"
  end
  codes[code] = nil
  return 200, sts_reply "AssumeRole"
end

-- An operation of the service, for callers that sign with the issued keys.
local function operation(request)
  local signed = (request.headers.authorization or ""):find("Credential=" .. key_id .. "/", 1, true)
    and request.headers["x-amz-security-token"] == session_token
  if not signed then return 400, '{"__type":"InvalidSignatureException"}' end
  return 200, '{"Username":"ada","UserStatus":"CONFIRMED","Enabled":true}'
end

local function sts(request)
  local form = request.body
  if request.headers["x-amz-target"] then
    return operation(request)
  elseif form:find(MFA_ROLE, 1, true) then
    return role_with_mfa(request)
  elseif form:find("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&", 1, true) then
    if not is_signed(request) then return sts_error "SignatureDoesNotMatch" end
    return 200, sts_reply "AssumeRole"
  elseif form:find("Action=AssumeRoleWithWebIdentity&", 1, true) then
    if not form:find("&WebIdentityToken=web%2Btoken", 1, true) then return sts_error "InvalidIdentityToken" end
    return 200, sts_reply "AssumeRoleWithWebIdentity"
  end
  return sts_error "InvalidAction"
end

-- ---- routes: method and path to status, body, headers ----

local TTL = "x-aws-ec2-metadata-token-ttl-seconds"

local function with_imds_token(answer)
  return function(request)
    if request.headers["x-aws-ec2-metadata-token"] ~= "imds-token" then return 401, "" end
    return 200, answer()
  end
end

-- The account as a number: programs and mock services say it so.
local function extended()
  return (document():gsub("}$", ',"AccountId":12345678901}'))
end

local sso_token = "sso-token"

local routes = {
  ["PUT /latest/api/token"] = function(request)
    if request.headers[TTL] ~= "21600" then return 400, "" end
    return 200, "imds-token", TTL .. ": 21600\r\n"
  end,
  ["GET /latest/meta-data/iam/security-credentials-extended/"] = with_imds_token(function() return "role" end),
  ["GET /latest/meta-data/iam/security-credentials-extended/role"] = with_imds_token(extended),
  ["GET /old/latest/meta-data/iam/security-credentials/"] = with_imds_token(function() return "role" end),
  ["GET /old/latest/meta-data/iam/security-credentials/role"] = with_imds_token(document),
  ["GET /container"] = function(request)
    if request.headers.authorization ~= "pod-token" then return 401, "" end
    return 200, document()
  end,
  ["POST /"] = sts,
  ["GET /federation/credentials?role_name=Role&account_id=1"] = function(request)
    if request.headers["x-amz-sso_bearer_token"] ~= sso_token then return 401, "{}" end
    return 200, ('{"roleCredentials":{"accessKeyId":"%s","secretAccessKey":"%s","sessionToken":"%s",'
      .. '"expiration":%.0f}}'):format(key_id, secret, session_token, (os.time() + 3600) * 1000)
  end,
  ["POST /token"] = function(request)
    if not request.body:find('"refreshToken":"refresh"', 1, true) then return 400, '{"error":"invalid_grant"}' end
    sso_token = "renewed-token"
    return 200, '{"accessToken":"renewed-token","expiresIn":28800}'
  end,
}

routes["PUT /old/latest/api/token"] = routes["PUT /latest/api/token"]
-- The sign-in of `aws login`: a refresh token is bound to a key (cnf.jkt), of
-- which every request has another proof. A new one is given out each time.
local proofs, renewals = {}, 0

local function is_proven(request, thumbprint)
  local proof = dpop.read(request.headers.dpop or "")
  local claims = proof.claims
  local fresh = not proofs[claims.jti] and math.abs(claims.iat - os.time()) < 300
  proofs[claims.jti] = true
  return proof.verified and fresh and proof.thumbprint == thumbprint and claims.htm == "POST"
    and claims.htu == "http://" .. request.headers.host .. "/v1/token"
end

routes["POST /v1/token"] = function(request)
  local order = native.read_json(request.body)
  local thumbprint, number = (order.refreshToken or ""):match "^refresh%-(.+)%-(%d+)$"
  if request.headers["content-type"] ~= "application/json" or order.grantType ~= "refresh_token"
    or order.clientId ~= "arn:aws:signin:::devtools/same-device" then
    return 400, '{"error":"INVALID_REQUEST","message":"no"}'
  elseif not thumbprint or tonumber(number) ~= renewals or not is_proven(request, thumbprint) then
    return 401, '{"error":"TOKEN_EXPIRED","message":"no"}'
  end
  renewals = renewals + 1
  return 200, ('{"accessToken":{"accessKeyId":"%s","secretAccessKey":"%s","sessionToken":"%s"},"tokenType":"aws_sigv4",'
    .. '"expiresIn":900,"refreshToken":"refresh-%s-%d"}'):format(key_id, secret, session_token, thumbprint, renewals)
end

-- ---- one request a connection ----

local function receive(client)
  local method, target = (client:receive "*l" or ""):match "^(%S+) (%S+)"
  if not method then return nil end -- it has hung up
  local headers = {}
  while true do
    local line = client:receive "*l"
    if not line or line == "" then break end
    local name, value = line:match "^([^:]+): *(.*)$"
    headers[c_locale.lower(name)] = value
  end
  local length = tonumber(headers["content-length"]) or 0
  local body = length > 0 and client:receive(length) or "" -- receive(0) would wait
  return { line = ("%s %s"):format(method, target), headers = headers, body = body }
end

-- nil for a client that trusts another.
local function shake_hands(plain)
  local connection = assert(require("ssl").wrap(plain,
    { mode = "server", protocol = "any", certificate = certificate, key = key }))
  connection:settimeout(5)
  if connection:dohandshake() then return connection end
  connection:close()
end

local function serve(plain)
  plain:settimeout(5)
  local client = plain
  if certificate then
    client = shake_hands(plain)
    if not client then return end
  end
  local request = receive(client)
  if not request then return client:close() end
  local route = routes[request.line] or function() return 404, "" end
  local status, body, headers = route(request)
  client:send(("HTTP/1.1 %d X\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n%s"):format(status, headers or "",
    #body, body))
  client:close()
end

local stdin = peers.descriptor(function() return 0 end)

local listener = assert(socket.bind("127.0.0.1", 0))
local _, port = listener:getsockname()
io.stdout:write(port, "\n")
io.stdout:flush()
repeat
  local readable = socket.select({ listener, stdin })
  if readable[listener] then serve(assert(listener:accept())) end
until readable[stdin]

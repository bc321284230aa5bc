-- Calls with secrets in all that a caller gives and gets. Of each it prints
-- which secrets this process still holds once nothing refers to them: a line
-- of name, tab, secret, tab, place.
--
--     wiping_lua spec/residue/calls.lua URL…
--
-- The script itself may do nothing with a secret for which Lua has buffers:
-- no concatenation, no patterns, no printing.
local plain_url, url, hanging_url, tls_url, ca_file, tunnel, proxy, pieces_url, lying_url, cut_url, closing_url,
  derived_file = ...

local derived = dofile(derived_file) -- by case: numbers that follow from secrets, coded, by name
local secret, found, refuse, clean_stack = _G.secret, _G.found, _G.refuse, _G.clean_stack
local hmac_state = _G.hmac_state

-- An error is a table, which the program does not print.
local function assert(value, ...)
  if not value then
    local err = ...
    error(type(err) == "table" and err.message or err or "assertion failed", 2)
  end
  return value, ...
end

local cognito = require "cognito"
local core = require "cognito.core"

local PASSWORD, CODE, KEY, TOKEN, CLIENT_SECRET, SENT = 1, 2, 3, 4, 5, { 1, 2, 3, 4, 5 }
local GOT = { 6, 7, 8 } -- in the replies

local function context(http, endpoint)
  return {
    http = http, region = "eu-west-1", endpoint = endpoint or plain_url, client_id = "abc",
    user_pool_id = "eu-west-1_1", client_secret = secret(CLIENT_SECRET),
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = secret(KEY), session_token = secret(TOKEN) },
  }
end

local function confirmation(padding)
  return { username = "ada", confirmation_code = secret(CODE), password = secret(PASSWORD, padding) }
end

local function setting(padding)
  return { username = "ada", password = secret(PASSWORD, padding), permanent = true }
end

local function request(padding, to)
  return {
    method = "POST", url = to or plain_url, body = secret(PASSWORD, padding),
    headers = { { "X-Secret", secret(TOKEN) }, { "X-Code", secret(CODE) } },
  }
end

local function finish(http)
  while http:stats().in_flight > 0 do http:step(5) end
  repeat until not http:take()
end

-- Each may keep an http object as keep[1], which is closed after a first look;
-- what it returns is held until then.
local cases = {}

function cases.held()
  return { secret(PASSWORD), secret(CODE), secret(KEY), secret(TOKEN), secret(CLIENT_SECRET) }
end

for name, padding in pairs { small = 0, large = 3000, huge = 60000 } do
  cases["an unsigned request, " .. name] = function()
    assert(core.build("confirm_forgot_password", confirmation(padding), context()))
  end

  cases["a signed request, " .. name] = function()
    assert(core.build("admin_set_user_password", setting(padding), context()))
  end

  cases["core.sign, " .. name] = function()
    assert(core.sign(request(padding), { region = "eu-west-1", sign_body = true, credentials = context().credentials }))
  end

  cases["a call, " .. name] = function()
    local http = core.http()
    assert(core.confirm_forgot_password(confirmation(padding), context(http)))
    http:close()
  end

  cases["a call, the http object still open, " .. name] = function(keep)
    local http = core.http()
    keep[1] = http
    assert(core.admin_set_user_password(setting(padding), context(http)))
  end

  cases["a request that is cancelled, " .. name] = function()
    local http = core.http()
    local id = assert(http:start(request(padding)))
    http:step(0)
    http:cancel(id)
    finish(http)
    http:close()
  end

  cases["requests in flight when the http object is closed, " .. name] = function()
    local http = core.http()
    assert(http:start(request(padding)))
    http:step(0)
    assert(http:start(request(padding)))
    http:close()
  end

  cases["a request that is refused, " .. name] = function()
    local http = core.http()
    local refused = request(padding)
    refused.headers[3] = { "bad\nname", "x" }
    assert(not http:send(refused))
    http:close()
  end

  cases["json, " .. name] = function()
    local text = assert(core.write_json { password = secret(PASSWORD, padding) })
    assert(core.read_json(text))
  end
end

cases["a reply with tokens"] = function()
  local http = core.http()
  local result = assert(core.initiate_auth(
    { auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = "ada", PASSWORD = secret(PASSWORD) } },
    context(http, url)))
  assert(result.authentication_result.id_token)
  http:close()
end

cases["an exchange under way"] = function(keep)
  local http = core.http()
  keep[1] = http
  assert(http:start(request(60000, hanging_url)))
  for _ = 1, 3 do assert(http:send { method = "GET", url = plain_url }) end -- the other one goes on meanwhile
end

cases["a client"] = function()
  local pool = cognito.new { region = "eu-west-1", endpoint = plain_url, client_id = "abc",
    client_secret = secret(CLIENT_SECRET) }
  assert(pool:confirm_forgot_password(confirmation(0)))
end

-- The hash of each is sent, and one is remembered.
cases["a client with two secrets, one of them refused"] = function()
  local answers = {
    { status = 400, headers = { ["x-amzn-errortype"] = "NotAuthorizedException" },
      body = '{"message":"Unable to verify secret hash for client abc"}' },
    { status = 200, headers = {}, body = "{}" },
  }
  local pool = cognito.new { region = "eu-west-1", client_id = "abc",
    client_secret = { secret(CLIENT_SECRET), secret(TOKEN) },
    runtime = function() return table.remove(answers, 1) end }
  assert(pool:confirm_forgot_password(confirmation(0)))
  assert(#answers == 0)
end

-- The server sends the secrets back: in one record and in many, in headers
-- and, at its end, in the body.
for name, padding in pairs { small = 0, large = 3000, huge = 60000 } do
  cases["a reply with secrets, the http object still open, " .. name] = function(keep)
    local http = core.http()
    keep[1] = http
    assert(#assert(http:send(request(padding, plain_url .. "echo"))).body > padding)
  end

  cases["a reply with secrets over an idle TLS connection, " .. name] = function(keep)
    local http = core.http { ca_file = ca_file }
    keep[1] = http
    assert(#assert(http:send(request(padding, tls_url .. "echo"))).body > padding)
  end
end

cases["over TLS"] = function(keep)
  local http = core.http { ca_file = ca_file }
  keep[1] = http
  assert(core.admin_set_user_password(setting(0), context(http, tls_url)))
  assert(http:send(request(3000, tls_url .. "echo")))
end

-- libcurl itself authorizes a tunnel. Its user and password are the http
-- object's until that is closed.
cases["a proxy's password, tunnel"] = function(keep)
  local http = core.http { ca_file = ca_file, proxy = secret(PASSWORD, "http://ada:", tunnel) }
  keep[1] = http
  assert(http:send { method = "GET", url = tls_url })
end

cases["a proxy's password, nothing answers"] = function(keep)
  local http = core.http { proxy = secret(PASSWORD, "http://ada:", "@127.0.0.1:1") }
  keep[1] = http
  assert(not http:send { method = "GET", url = tls_url })
end

-- libcurl's text quotes such a host with all that precedes it.
cases["a proxy's password, no host"] = function(keep)
  local http = core.http { proxy = secret(PASSWORD, "http://ada:", "@[:::]:1") }
  keep[1] = http
  assert(not http:send { method = "GET", url = "https://name.invalid/" })
end

-- The base64 of "us:" and these bytes ends in the secret of this number.
local CODED = "http://us:%9a%c9%ae%a9%ac%a4%93%26%aa%ba%6b%26%ba%a6%b2%92%4c%9a" -- number 5

cases["a proxy's password, written out"] = function(keep)
  local http = core.http { proxy = CODED .. proxy, allow_http = true }
  keep[1] = http
  assert(http:send { method = "GET", url = "http://name.invalid/" })
end

cases["a proxy's password, written out, in flight when the http object is closed"] = function()
  local http = core.http { proxy = CODED .. proxy, allow_http = true }
  assert(http:start { method = "GET", url = "http://name.invalid/hang" })
  http:step(0)
  http:close()
end

-- Lines of the head in two pieces each, and chunks.
cases["a reply in pieces"] = function(keep)
  local http = core.http()
  keep[1] = http
  assert(#assert(http:send { method = "GET", url = pieces_url }).body > 0)
end

for name, lying in pairs { ["that is none"] = lying_url, ["that is cut off"] = cut_url } do
  cases["a reply with secrets " .. name] = function(keep)
    local http = core.http()
    keep[1] = http
    assert(not http:send { method = "GET", url = lying })
  end
end

cases["a reply with secrets that is too large"] = function(keep)
  local http = core.http { max_response = 100 }
  keep[1] = http
  assert(not http:send { method = "GET", url = pieces_url })
end

-- The second one's idle connection is dead: it goes over another one, or it was
-- sent already when the server closed that, and is lost.
cases["a request that moves to another connection"] = function(keep)
  local http = core.http()
  keep[1] = http
  assert(http:send(request(3000, closing_url)))
  http:send(request(3000, closing_url))
end

cases["parameters that are refused"] = function()
  local params = confirmation(0)
  params.username = ""
  params.unknown = 1
  assert(not core.build("confirm_forgot_password", params, context()))
end

cases["a time that raises"] = function()
  local with = context()
  with.time = 1e300
  assert(not pcall(core.build, "admin_set_user_password", setting(0), with))
end

cases["hashes"] = function()
  core.secret_hash("ada", "abc", secret(CLIENT_SECRET))
  core.hmac_sha256(secret(KEY), secret(CODE))
  core.sha256(secret(PASSWORD, 1000))
end

-- The number of this key ends in the bytes of the first secret: base64 hides
-- them here, and whatever decodes it holds them.
local PROOF_KEY = [[
-----BEGIN EC PRIVATE KEY-----
MDECAQEEIAAAAAAAAAAAc2Vlc3Vrb2dtZ29rdXNlZXN1a29nbWdvoAoGCCqGSM49
AwEH
-----END EC PRIVATE KEY-----
]]

cases["a proof of possession"] = function()
  assert(core.dpop_proof(PROOF_KEY, "{}"))
end

cases["a sign-in by SRP"] = function()
  local srp = core.srp(secret(KEY, 100))
  assert(srp:answer {
    pool_name = "pool", user_id = "ada", password = secret(PASSWORD), salt = "8f6a", srp_b = "a2be",
    secret_block = "QUJD", time = 1793779745,
  })
end

cases["a sign-in by SRP under way"] = function(keep)
  keep[1] = core.srp(secret(KEY, 100))
end

cases["a device's verifier"] = function()
  assert(core.srp_verifier { pool_name = "pool", user_id = "ada", password = secret(PASSWORD),
    salt = ("\0"):rep(14) .. "\143\106" })
end

local TIME = 1793779745

local function sign(padding)
  local credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = secret(KEY, padding) }
  assert(core.sign({ method = "GET", url = plain_url, headers = {} },
    { region = "eu-west-1", service = "cognito-idp", time = TIME, credentials = credentials }))
end

-- The key of the day stays with the signer, as what OpenSSL makes of it.
cases["a signing key"] = function() sign() end

cases["a signing key that others have replaced"] = function()
  sign()
  for i = 1, 64 do sign(i) end
end

cases["a secret hash"] = function() core.secret_hash("ada", "abc", secret(CLIENT_SECRET)) end

-- Memory is refused at every place in turn.
local function without_memory(make)
  return function()
    local n, done = 0, false
    while not done do
      n = n + 1
      local f, a, b, c = make()
      refuse(n)
      done = pcall(f, a, b, c)
      refuse(0)
    end
    assert(n > 3, n)
  end
end

cases["a signed request without memory"] = without_memory(function()
  return core.build, "admin_set_user_password", setting(3000), context()
end)

cases["an unsigned request without memory"] = without_memory(function()
  return core.build, "confirm_forgot_password", confirmation(0), context()
end)

cases["core.sign without memory"] = without_memory(function()
  return core.sign, request(0), { region = "eu-west-1", credentials = context().credentials }
end)

local function report(name, case)
  for label, coded in pairs(derived[case] or {}) do
    for _, place in ipairs(found(coded)) do print(name .. "\t" .. label .. "\t" .. place) end
  end
  for _, group in ipairs { SENT, GOT } do
    for _, number in ipairs(group) do
      for _, place in ipairs(found(number)) do print(name .. "\t" .. number .. "\t" .. place) end
    end
  end
end

for _, numbers in pairs(derived) do
  for label, key in pairs(numbers.states or {}) do
    numbers[label .. ", inner"], numbers[label .. ", outer"] = hmac_state(key, 0x36), hmac_state(key, 0x5c)
  end
  numbers.states = nil
end

local names = {}
for name in pairs(cases) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
  local keep = {}
  clean_stack()
  local held = cases[name](keep)
  if not held then collectgarbage() collectgarbage() end
  report(name, name)
  held = nil -- luacheck: ignore
  if keep[1] then
    keep[1]:close()
    report(name .. ", closed", name)
  end
  keep[1] = nil
  collectgarbage()
  collectgarbage()
end
print "done"

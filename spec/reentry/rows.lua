--- A row of the matrix for every function of the core: how it is called.
--
-- `make(world, tag)` returns the function and its arguments; tables that a
-- finalizer may change are named with `world:given`. A `loose` row's results
-- may follow from what the finalizer did, and only their types are compared;
-- `shown` is what to compare of results that differ from call to call.
local core = require "cognito.core"
local World = require "spec.reentry.world"

local M = {}

local FIXED = "t0000000" -- where a signature is compared, and so no tag can differ

local long = World.long

local function plain(name, ...)
  local args, n = { ... }, select("#", ...)
  return { make = function() return core[name], (unpack or table.unpack)(args, 1, n) end }
end

-- The places of its keys in memory decide in which order a map's entries come,
-- and so the signature.
local function in_order(request, ...)
  local entries = {}
  for entry in (type(request) == "table" and request.body or ""):gmatch "[%w-]+" do
    entries[#entries + 1] = entry
  end
  if entries[1] then
    table.sort(entries)
    request.body, request.headers = table.concat(entries, ","), nil
  end
  return request, ...
end

-- ---- requests and replies ----

function M.build(world)
  local params = {
    username = long(FIXED), desired_delivery_mediums = { long "EMAIL" },
    user_attributes = { { name = long "email", value = long "ada" }, { name = long "name" } },
    -- One entry: the signature covers the order. More than the stack buffer holds.
    client_metadata = { [long "colour"] = ("long "):rep(300) },
  }
  return core.build, "admin_create_user", world:given(params, world:context(FIXED))
end

-- The secret hash among the members, and one in a map.
M["build (secret_hash)"] = { of = "build", make = function(world)
  return core.build, "resend_confirmation_code",
    world:given({ username = long(FIXED), client_id = long "client" }, world:context(FIXED))
end }

M["build (auth_parameters)"] = { of = "build", shown = in_order, make = function(world)
  return core.build, "initiate_auth", world:given({
    auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = long(FIXED), PASSWORD = ("pass "):rep(400) },
  }, world:context(FIXED))
end }

M["build (refused)"] = { of = "build", make = function(world)
  return core.build, "admin_create_user", world:given(
    { username = long(FIXED), user_attributes = { { nam = long "email" } } }, world:context(FIXED))
end }

M["build (document)"] = { of = "build", shown = in_order, make = function(world)
  return core.build, "create_managed_login_branding", world:given({
    client_id = long "client",
    settings = { [long "a"] = { 1, 2.5, long "b", { [long "c"] = true } }, list = { { long "d" } } },
    assets = { { category = long "IMAGE", color_mode = "LIGHT", extension = "PNG", bytes = ("bytes "):rep(300) } },
  }, world:context(FIXED))
end }

function M.parse(world)
  local body = '{"Users":[' .. ('{"Username":"u","Attributes":[{"Name":"sub","Value":null}]},null,'):rep(20)
    .. '{"Username":"last"}],"PaginationToken":"' .. ("t"):rep(3000) .. '"}'
  return core.parse, "list_users", world:given({
    status = 200, headers = { ["x-amzn-requestid"] = long "request" }, body = body,
  })
end

M["parse (error)"] = { of = "parse", make = function(world)
  return core.parse, "forgot_password", world:given({
    status = 400, headers = { ["x-amzn-errortype"] = long "com.amazonaws#LimitExceededException" },
    body = ('{"message":"%s","reasonCode":"%s"}'):format(long "limit", long "reason"),
  })
end }

M["parse (blob)"] = { of = "parse", make = function(world)
  return core.parse, "describe_managed_login_branding", world:given({
    status = 200, headers = {},
    body = '{"ManagedLoginBranding":{"Assets":[{"Bytes":"' .. ("QUFB"):rep(600) .. '"}]}}',
  })
end }

function M.sign(world)
  local headers = { { "Host", "example.com" .. "" } }
  for i = 1, 20 do -- more than the stack holds
    headers[i + 1] = { "X-" .. i, ("v "):rep(50) }
  end
  return core.sign, world:given({
    method = "PO" .. "ST", url = "https://example.com/a/../b?q=2&q=1&" .. ("x=y&"):rep(50),
    headers = headers, body = ("body "):rep(20),
  }, {
    region = long "region", service = long "service", time = 1795247391, sign_body = true,
    credentials = {
      access_key_id = long "key", secret_access_key = long "secret", session_token = long "token",
    },
  })
end

function M.secret_hash()
  return core.secret_hash, long "ada", long "client", long "secret"
end

-- Of other text each time: what exists already asks for no memory.
local function hash(name)
  return { shown = function(text) return #text end, make = function(_, tag)
    return core[name], long(tag), long(tag)
  end }
end

M.sha256, M.hmac_sha256, M.sha1 = hash "sha256", hash "hmac_sha256", hash "sha1"

function M.read_json()
  return core.read_json, ('[{"name":"%s"},[1,2.5,null,"\\u00e4%s"]]'):format(long "a", ("b "):rep(600))
end

M.write_json = { shown = function(text, ...) return type(text) == "string" and #text or text, ... end,
  make = function(world)
    return core.write_json, world:given {
      name = long "a", list = { 1, 2.5, long "b", { [long "c"] = ("d "):rep(600) } },
    }
  end }

-- ---- the model ----

function M.effect(world)
  return core.effect, "admin_create_user", world:given({ message_action = long "SUPPRESS" })
end

function M.nearest(world)
  return core.nearest, ("client_metadata"):upper(),
    world:given({ "client_" .. "id", 123456789.5, "client_" .. "metadatas", 1234567.25, "x" .. ("y"):rep(50) })
end

M["nearest (number)"] = { of = "nearest", make = function(world)
  return core.nearest, "1234567.5", world:given({ 1234567.25, "a" .. "b", "c" .. "d", 7654321.25 })
end }

M.describe = plain("describe", "admin_create_user")
M.operations = plain "operations"
M.info = plain "info"

M["describe (unknown)"] = { of = "describe", make = function()
  return core.build, long "forgot_passwor", {}
end }

-- ---- the grammar ----

local URL = "https://EXAMPLE.com:8443/path?" .. ("q"):rep(50)

function M.read_url()
  return core.read_url, URL .. long "x"
end

function M.request_url()
  return core.request_url, URL .. long "x"
end

M["request_url (refused)"] = { of = "request_url", make = function()
  return core.request_url, "http://example.com/" .. long "x"
end }

function M.is_host_label()
  return core.is_host_label, long "eu"
end

function M.is_token()
  return core.is_token, long "x"
end

function M.check_method()
  return core.check_method, long "GET"
end

function M.check_header()
  return core.check_header, long "x", long "value\0"
end

function M.is_visible()
  return core.is_visible, long "a"
end

function M.is_utf8()
  return core.is_utf8, long "\195\164"
end

M.decode_utf8 = plain("decode_utf8", "a\226\130\172b", 2)

-- ---- the operations ----

local function operation(name, params)
  return { of = name, make = function(world, tag)
    return core[name], world:given(params(tag), world:context(tag))
  end }
end

M.forgot_password = operation("forgot_password", function(tag)
  return { username = long(tag), client_metadata = { [long "colour"] = long "blue" } }
end)

M.admin_create_user = operation("admin_create_user", function(tag)
  return { username = long(tag), user_attributes = { { name = long "email", value = ("a "):rep(600) } } }
end)

M.initiate_auth = operation("initiate_auth", function(tag)
  return { auth_flow = "USER_PASSWORD_AUTH", auth_parameters = { USERNAME = long(tag), PASSWORD = long "p" } }
end)

-- ---- http objects ----

M.http = { shown = tostring, make = function(world)
  return core.http, world:given({
    ca_file = "/" .. ("f"):rep(60), ca_path = "/" .. ("p"):rep(60), proxy = "http://" .. ("h"):rep(60), timeout = 5,
  })
end }

local function method(name, more)
  local row = more or {}
  row.of = "http:" .. name
  row.make = row.make or function(world) return world.http[name], world.http end
  M["http:" .. name] = row
end

local function with_request(name)
  return function(world, tag)
    local request = World.request(tag)
    world.exchange = request
    return world.http[name], world.http, world:given(request, { timeout = 10, max_idle = 5, all_headers = false })
  end
end

-- A request in flight, and one whose outcome can be taken.
local function with_outcome(name, ...)
  local args, n = { ... }, select("#", ...)
  return function(world)
    world:start()
    world.http:step(5)
    world:start()
    return world.http[name], world.http, (unpack or table.unpack)(args, 1, n)
  end
end

local function headers_of(reply, ...)
  if type(reply) == "table" and reply.headers then
    reply.headers.date = nil
  end
  return reply, ...
end

method("send", { make = with_request "send", shown = headers_of })
method("start", { make = with_request "start", loose = true, after = function(world, tag, id, err)
  if id or type(err) ~= "table" or err.code ~= "invalid_parameter" then -- what a change may lead to
    world:note_start(tag, id, err or { message = "no id" })
  end
end })
method("take", { make = with_outcome "take", loose = true, after = function(world, _, ...) world:note_take(...) end })
method("step", { make = with_outcome("step", 0, 1), loose = true })
method("stats", { make = with_outcome "stats", loose = true })
method("timeout", { make = with_outcome "timeout", loose = true })
method("pollfd", { make = with_outcome "pollfd", loose = true })
method("events", { make = with_outcome "events" })
method("close")
method("cancel", { loose = true, make = function(world)
  world:start()
  return world.http.cancel, world.http, (next(world.started))
end })

for _, name in ipairs { "__gc", "__close", "__tostring" } do
  M["http." .. name] = { of = "http." .. name, loose = true, make = function(world)
    return getmetatable(world.http)[name], world.http
  end }
end

-- ---- exchanges ----

M.exchange = { shown = type, make = function() return core.exchange end }

M.caller = { shown = type, make = function(world, tag)
  return core.caller, world:given(world:context(tag, { analytics_metadata = { analytics_endpoint_id = long "a" } }))
end }

local function with_exchange(name, ...)
  local args, n = { ... }, select("#", ...)
  M["exchange:" .. name] = { make = function(world, tag)
    local exchange = world:prepared(tag)
    return exchange[name], exchange, (unpack or table.unpack)(args, 1, n)
  end }
end

M["exchange:prepare"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  local context = world:given(world:context(tag))
  return exchange.prepare, exchange, "admin_create_user", world:given({
    username = long(tag), user_attributes = { { name = long "email", value = ("a "):rep(600) } },
  }), core.caller(context), long "secret", nil, world:given(context.credentials), context.time
end }

with_exchange("header", "X-" .. "Name", ("value "):rep(300))
with_exchange("attempt", 1, 3)
with_exchange "clear"

M["exchange:request"] = { shown = function(request, ...)
  return type(request) == "table" and { request.method, request.url } or request, ...
end, make = function(world, tag)
  local exchange = world:prepared(tag)
  return exchange.request, exchange
end }

local function answered(world, tag)
  local exchange = world:prepared(tag)
  exchange:respond(world:given {
    status = 400, headers = { ["x-amzn-errortype"] = long "UserNotFoundException" }, timings = { total = 1.5 },
    body = ('{"message":"%s"}'):format(long(tag)),
  })
  return exchange
end

M["exchange:respond"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  return exchange.respond, exchange, world:given { status = 200, headers = {}, body = "{}" }
end }

M["exchange:headers"] = { make = function(world, tag)
  local exchange = answered(world, tag)
  return exchange.headers, exchange
end }

M["exchange:parse"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  assert(world.http:carry(exchange, 10, 5, 5, false))
  return exchange.parse, exchange
end }

M["exchange:parse (table)"] = { of = "exchange:parse", make = function(world, tag)
  local exchange = answered(world, tag)
  return exchange.parse, exchange
end }

M["exchange.__gc"] = { make = function(world, tag)
  local exchange = world:prepared(tag)
  return getmetatable(exchange).__gc, exchange
end }

method("carry", { make = function(world, tag)
  return world.http.carry, world.http, world:prepared(tag), 10, 5, 5, true
end })

M["http:carry (refused)"] = { of = "http:carry", make = function(world, tag)
  local exchange, context = core.exchange(), world:context(tag)
  context.endpoint = "http://" .. "example.com"
  assert(exchange:prepare("forgot_password", { username = long(tag) }, core.caller(context)))
  return world.http.carry, world.http, exchange
end }

-- ---- the process and its surroundings ----

local function types_of(...)
  local types = { ... }
  for i = 1, select("#", ...) do
    types[i] = type(types[i])
  end
  return (unpack or table.unpack)(types, 1, select("#", ...))
end

local function varies(name, ...)
  local row = plain(name, ...)
  row.shown = types_of
  return row
end

function M.run(world)
  return core.run, world:given({ "/bin/" .. "echo", ("word "):rep(20), ("more "):rep(20) }), 10
end

M["run (no such program)"] = { of = "run", make = function(world)
  return core.run, world:given({ "/nowhere/" .. ("x"):rep(50), "word" .. ("s"):rep(50) })
end }

-- ---- keys and programs ----

local key = core.rsa_key()

M.rsa_key = { shown = type, make = function() return core.rsa_key end }
M["rsa_key:sign"] = { make = function(_, tag) return key.sign, key, long(tag) end, shown = string.len }
M["rsa_key:public"] = { make = function() return key.public, key end }
M["rsa_key.__gc"] = { make = function() return getmetatable(key).__gc, core.rsa_key() end }

local proof_key = require("spec.support.dpop").key()

-- The signature is another one each time.
M.dpop_proof = { shown = function(proof) return (proof:match "^[^.]+%.[^.]+") end, make = function()
  return core.dpop_proof, proof_key, ("payload "):rep(300)
end }

M["dpop_proof (no key)"] = { of = "dpop_proof", make = function()
  return core.dpop_proof, long "key", long "payload"
end }

-- ---- signing in ----

M.srp = { shown = type, make = function() return core.srp, ("s"):rep(32) end }

local function with_srp(name)
  return { make = function(world)
    local srp = core.srp(("s"):rep(32))
    return getmetatable(srp)[name] or srp[name], srp, world:given {
      pool_name = long "pool", user_id = long "ada", password = long "password", salt = ("8f"):rep(16),
      srp_b = ("a2be"):rep(190), secret_block = ("QU" .. "JD"):rep(500), time = 1793779745,
    }
  end }
end

M["srp:public"], M["srp:answer"], M["srp:close"] = with_srp "public", with_srp "answer", with_srp "close"
-- The modulus is odd. Of other numbers each time, as for the hashes.
local function modular(name)
  return { shown = function(bytes) return #bytes end, make = function(_, tag)
    return core[name], long(tag), long "exponent", ("9"):rep(100)
  end }
end

M.mod_power, M.mod_product, M.mod_sum = modular "mod_power", modular "mod_product", modular "mod_sum"

M["srp.__gc"], M["srp.__close"] = with_srp "__gc", with_srp "__close"

-- Waits for its end, so that no cell leaves one behind.
local function ended(child)
  while type(child) == "userdata" and not child:result() do core.sleep(0.001) end
  return type(child)
end

function M.start(world)
  return core.start, world:given { "/bin/" .. "true", ("word "):rep(20) }
end

local function with_child(name, ...)
  local last = ...
  return { make = function()
    local child = assert(core.start { "/bin/true" })
    ended(child)
    return child[name], child, last
  end }
end

M["child:result"], M["child:signal"] = with_child "result", with_child("signal", 15)

-- ---- files ----

function M.list(world)
  return core.list, world:given { long "a" }
end

local function with_path(name)
  return { make = function() return core[name], World.folder .. "/read-" .. ("f"):rep(50) end }
end

M.read_file, M.file_facts, M.check_owned = with_path "read_file", with_path "file_facts", with_path "check_owned"

function M.write_private()
  return core.write_private, World.folder .. "/file-" .. ("f"):rep(50), ("data "):rep(50)
end

local function unlocked(unlock, ...)
  if type(unlock) == "function" then
    unlock()
  end
  return type(unlock), ...
end

M.lock = { shown = unlocked, make = function()
  return core.lock, World.folder .. "/file-" .. ("f"):rep(50)
end }

M["lock (no such file)"] = { of = "lock", make = function()
  return core.lock, World.folder .. "/none-" .. ("f"):rep(50)
end }

M.uuid = varies "uuid"
M.random = varies "random"
M.random_bytes = varies("random_bytes", 16)
M.now = varies "now"
M.clock = varies "clock"
M.sleep = plain("sleep", 0)
M.is_open = plain("is_open", 0)
M.is_terminal = plain("is_terminal", 0)
M.terminal_width = plain("terminal_width", 0)
M.no_core_dumps = plain "no_core_dumps"
M.catch_signals = plain "catch_signals"
M.caught_signal = plain "caught_signal"
M.read_line = plain("read_line", 0)
M.read_secret = plain("read_secret", "Secret: ")

M.start = { shown = ended, make = M.start }

for name, row in pairs(M) do
  if type(row) == "function" then
    M[name] = { of = name, make = row }
  end
  M[name].of = M[name].of or name
end

return M

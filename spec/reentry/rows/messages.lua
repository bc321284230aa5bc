--- Rows of the functions that make requests and read replies, of the model and
-- the grammar.
local core = require "cognito.core"
local plain = require("spec.reentry.rows.plain").plain
local World = require "spec.reentry.world"

local M = {}

local FIXED = "t0000000" -- where a signature is compared, and so no tag can differ

local long = World.long

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

return M

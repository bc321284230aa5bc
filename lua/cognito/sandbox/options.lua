--- A sandbox's options, all with defaults.
-- @module cognito.sandbox.options
local answers = require "cognito.sandbox.answers"
local tables = require "cognito.tables"

local M = {}

local function is(kind)
  return function(value)
    return type(value) == kind, "a " .. kind
  end
end

local function matching(pattern, what)
  return function(value)
    return type(value) == "string" and value:find(pattern) ~= nil, what
  end
end

local function one_of(...)
  local known, names = {}, { ... }
  for _, name in ipairs(names) do
    known[name] = true
  end
  return function(value)
    return known[value] == true, "one of " .. table.concat(names, ", ")
  end
end

-- A list of some of these names.
local function some_of(...)
  local member = one_of(...)
  local names = table.concat({ ... }, ", ")
  return function(value)
    if type(value) ~= "table" then
      return false, "a list of " .. names
    end
    for _, name in ipairs(value) do
      if not member(name) then
        return false, "a list of " .. names
      end
    end
    return true
  end
end

local function attribute_names(value)
  for _, name in ipairs(type(value) == "table" and value or { false }) do
    if type(name) ~= "string" then
      return false, "a list of names of attributes"
    end
  end
  return true
end

local first_factors = some_of("PASSWORD", "EMAIL_OTP", "SMS_OTP")

local function whole(value)
  return type(value) == "number" and value >= 0 and value % 1 == 0
end

local function seconds(value)
  return type(value) == "number" and value >= 0, "seconds"
end

local function secret(value)
  -- The secrets that clients take: `find` with a class that no locale widens.
  return value == false or (type(value) == "string" and value:find "^[!-~]+$" ~= nil),
    "a string, or false for a client without one; it holds visible ASCII and no blanks"
end

local function credentials(value)
  local ok = type(value) == "table"
    and type(value.access_key_id) == "string"
    and type(value.secret_access_key) == "string"
    and (value.session_token == nil or type(value.session_token) == "string")
  return ok, "a table with access_key_id, secret_access_key and maybe"
    .. " session_token"
end

-- Each row: the default and the test of a value. Durations are the published
-- ones; limits are the low end of what the service documents, so that what
-- passes here passes there.
local rows = {
  user_pool_id = { "eu-west-1_Sandbox01",
    matching("^[%w-]+_%w+$", "a user pool id") },
  client_id = { "sandboxclient0123456789abc",
    matching("^[%w+]+$", "an app client id") },
  client_secret = { "sandbox-client-secret-not-a-real-one", secret },
  -- A client may hold two active secrets, while one replaces the other.
  other_client_secret = { false, secret },
  credentials = { { access_key_id = "AKIDSANDBOX",
    secret_access_key = "sandbox-signing-key-not-a-real-one" }, credentials },
  region = { nil, matching("^[%w-]+$", "a region") },
  now = { os.time, is "function" },
  seed = { nil, is "string" },
  code = { nil, matching("^%S+$", "a code without spaces") },
  prevent_user_existence_errors = { "ENABLED", one_of("ENABLED", "LEGACY") },
  recovery = { "legacy", one_of("legacy", "verified_phone_first",
    "verified_email_first", "verified_phone_number", "verified_email",
    "admin_only") },
  username_attributes = { {}, some_of("email", "phone_number") },
  alias_attributes = { {}, some_of("email", "phone_number",
    "preferred_username") },
  auto_verified_attributes = { { "email", "phone_number" },
    some_of("email", "phone_number") },
  email_sender = { "COGNITO_DEFAULT", one_of("COGNITO_DEFAULT", "DEVELOPER") },
  case_sensitive = { true, is "boolean" },
  mfa = { "OPTIONAL", one_of("OFF", "OPTIONAL", "ON") },
  device_tracking = { "off", one_of("off", "always", "user_opt_in") },
  first_factors = { false, function(value)
    return value == false or first_factors(value),
      "a list of PASSWORD, EMAIL_OTP, SMS_OTP, or false for a client without the flow USER_AUTH"
  end },
  required_attributes = { {}, attribute_names },
  refresh_token_rotation = { false, is "boolean" },
  limits = { {
    admin_reset_user_password = 5,
    forgot_password = 5,
    confirm_forgot_password = 5,
    resend_confirmation_code = 5,
    confirm_sign_up = 15,
    change_password = 5,
    get_user_attribute_verification_code = 5,
    verify_user_attribute = 15,
  } },
  lifetimes = { {
    forgot_password_code = 3600,
    sign_up_code = 24 * 3600,
    temporary_password = 7 * 24 * 3600,
    attribute_code = 24 * 3600,
    sms_mfa_code = 180,
    sms_otp_code = 180,
    email_otp_code = 180,
    rotation_grace = 0,
    token = 3600,
    refresh_token = 30 * 24 * 3600,
    session = 180,
  } },
  issuer = { nil, matching("^https?://[^%s/]", "a URL") },
  users = { {}, is "table" },
  triggers = { {}, is "table" },
  log = { nil, is "function" },
  assumptions = { nil },
}

local function names_of(t)
  return table.concat(tables.sorted_keys(t), ", ")
end

local function complain(...)
  error("cognito.sandbox: " .. string.format(...), 0)
end

local function reject_unknown(given, known, what)
  for name in pairs(given) do
    if known[name] == nil then
      complain("unknown %s '%s' (there are %s)", what, tostring(name),
        names_of(known))
    end
  end
end

-- A table option whose entries have defaults of their own.
local function merged(name, given, defaults, test, wanted)
  if type(given) ~= "table" then
    complain("%s must be a table", name)
  end
  reject_unknown(given, defaults, "entry of " .. name)
  local result = {}
  for key, default in pairs(defaults) do
    local value = given[key]
    if value == nil then
      value = default
    end
    if not test(value) then
      complain("%s.%s must be %s", name, key, wanted)
    end
    result[key] = value
  end
  return result
end

local function checked(name, value)
  local test = rows[name][2]
  local ok, wanted = test(value)
  if not ok then
    complain("%s must be %s", name, wanted)
  end
  return value
end

local function check_aliases(options)
  if options.username_attributes[1] and options.alias_attributes[1] then
    complain("a pool has username_attributes or alias_attributes, not both")
  end
end

--- Fills in defaults and refuses what is unknown or of the wrong kind.
-- @tparam[opt] table given see docs/sandbox.md for every option
-- @treturn table complete options
-- @raise a sentence that names the option
function M.complete(given)
  given = given or {}
  if type(given) ~= "table" then
    complain("options must be a table")
  end
  reject_unknown(given, rows, "option")
  local options = {}
  for name, row in pairs(rows) do
    if row[2] then
      local value = given[name]
      if value == nil then
        value = row[1]
      end
      if value ~= nil then
        options[name] = checked(name, value)
      end
    end
  end
  options.limits = merged("limits", given.limits or {}, rows.limits[1],
    whole, "a whole number")
  options.lifetimes = merged("lifetimes", given.lifetimes or {},
    rows.lifetimes[1], seconds, "seconds")
  local home = options.user_pool_id:match("^[^_]+")
  options.region = options.region or home
  options.primary_region, options.is_replica = home, options.region ~= home
  options.answers = answers.build(given.assumptions, complain)
  check_aliases(options)
  return options
end

return M

--- Where a setting's value comes from: the program's own option, else the
-- environment, else the profile of the shared configuration files, else a
-- default. Tells of each value which of these it was.
-- @module cognito.configuration

local c_locale = require "cognito.c_locale"

local M = {}

local function set(env, name)
  local value = env(name)
  return value and value:match "^%s*(%S.-)%s*$"
end

-- ---- reading texts; each returns nil and what it must be when it cannot ----

local function read_text(text)
  return text
end

-- The SDKs write true and false in any case, and nothing else.
local function read_boolean(text)
  local lower = c_locale.lower(text)
  if lower == "true" then return true end
  if lower == "false" then return false end
  return nil, "true or false"
end

local function read_negated(text)
  local value, wanted = read_boolean(text)
  if value == nil then return nil, wanted end
  return not value
end

local function read_count(text)
  local value = text:find "^%s*%d+%s*$" and tonumber(text)
  if not value or value < 1 or value > 1e6 then
    return nil, "a whole number above 0"
  end
  return value
end

local readers = { text = read_text, boolean = read_boolean, negated = read_negated, count = read_count }

--- The settings that the environment or a profile can give, with the names
-- by which they do (AWS SDKs and Tools reference, settings reference).
M.rows = {
  { name = "region", env = { "AWS_REGION", "AWS_DEFAULT_REGION" }, key = "region", read = "text" },
  { name = "use_fips", env = { "AWS_USE_FIPS_ENDPOINT" }, key = "use_fips_endpoint", read = "boolean",
    default = false },
  { name = "use_dualstack", env = { "AWS_USE_DUALSTACK_ENDPOINT" }, key = "use_dualstack_endpoint", read = "boolean",
    default = false },
  { name = "max_attempts", env = { "AWS_MAX_ATTEMPTS" }, key = "max_attempts", read = "count", default = 3 },
  { name = "ca_file", env = { "AWS_CA_BUNDLE" }, key = "ca_bundle", read = "text" },
  { name = "app_id", env = { "AWS_SDK_UA_APP_ID" }, key = "sdk_ua_app_id", read = "text" },
  { name = "correct_clock", env = { "AWS_DISABLE_CLOCK_SKEW_CORRECTION" }, key = "disable_clock_skew_correction",
    read = "negated", default = true },
}

-- ---- one setting ----

local function refused(name, source, wanted)
  return {
    code = "invalid_parameter", kind = "validation", field = name,
    message = ("%s must be %s"):format(source, wanted),
  }
end

-- What was found for a row: value and source, or nil, nil and an error.
local function parsed(row, text, source)
  local value, wanted = readers[row.read](text)
  if value == nil then
    return nil, nil, refused(row.name, source, wanted)
  end
  return value, source
end

local function from_environment(row, env)
  for _, variable in ipairs(row.env) do
    local text = set(env, variable)
    if text then
      return parsed(row, text, variable)
    end
  end
end

local function from_profile(row, profile)
  local text = profile.values[row.key]
  if type(text) == "string" and text ~= "" then
    return parsed(row, text, ("%s of profile '%s'"):format(row.key, profile.name))
  end
end

local function find(row, given, env, profile)
  if given[row.name] ~= nil then
    return given[row.name], "settings"
  end
  local value, source, err = from_environment(row, env)
  if value == nil and not err then
    value, source, err = from_profile(row, profile)
  end
  if value == nil and not err then
    return row.default, row.default ~= nil and "default" or nil
  end
  return value, source, err
end

-- ---- the endpoint ----

local SERVICE = "cognito_identity_provider"

local function ignores_configured(env, profile)
  local text = set(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") or profile.values.ignore_configured_endpoint_urls
  return type(text) == "string" and c_locale.lower(text) == "true"
end

-- A section of the file that gives each service its endpoint.
local function from_services(profile, services)
  local section = services[profile.values.services or ""]
  local service = section and section[SERVICE]
  local url = type(service) == "table" and service.endpoint_url
  return url or nil, url and ("services section '%s'"):format(profile.values.services)
end

--- The endpoint that is configured, if one is.
-- @tparam table given the program's settings: `endpoint`
-- @tparam function env like `os.getenv`
-- @tparam table profile `{ name, values }`
-- @tparam table services by section name
-- @treturn ?string URL
-- @treturn ?string where it was found
function M.endpoint(given, env, profile, services)
  if given.endpoint then
    return given.endpoint, "settings"
  elseif ignores_configured(env, profile) then
    return nil
  end
  for _, variable in ipairs { "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_ENDPOINT_URL" } do
    if set(env, variable) then
      return set(env, variable), variable
    end
  end
  local url, source = from_services(profile, services)
  if url then
    return url, source
  end
  url = profile.values.endpoint_url
  if type(url) == "string" and url ~= "" then
    return url, ("endpoint_url of profile '%s'"):format(profile.name)
  end
end

--- All settings that the environment or a profile can give.
-- @tparam table given the program's settings
-- @tparam function env like `os.getenv`
-- @tparam table profile `{ name, values }`
-- @tparam table services by section name
-- @treturn table values by setting
-- @treturn table sources by setting: where each value was found
-- @treturn ?table error: the first value that cannot be read
function M.find(given, env, profile, services)
  local values, sources, first = {}, {}, nil
  for _, row in ipairs(M.rows) do
    local value, source, err = find(row, given, env, profile)
    values[row.name], sources[row.name] = value, source
    first = first or err
  end
  values.endpoint, sources.endpoint = M.endpoint(given, env, profile, services)
  return values, sources, first
end

return M

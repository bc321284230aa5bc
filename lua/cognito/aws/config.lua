--- Where a setting's value comes from: the program's own option, else the
-- environment, else the profile of the shared configuration files, else a
-- default. Tells of each value which of these it was, and of one that cannot be
-- read where it stands.
-- @module cognito.aws.config

local c_locale = require "cognito.c_locale"
local services = require "cognito.aws.services"
local failure = require "cognito.failure"

local M = {}

--- A variable's value without white space around it.
-- @tparam function env like `os.getenv`
-- @tparam string name
-- @treturn ?string nil when it is blank, or not set
function M.variable(env, name)
  local value = env(name)
  return value and value:match "^[ \t-\r]*([^ \t-\r].-)[ \t-\r]*$"
end

--- Whether a text switches something on: the SDKs write true in any case.
-- @param text
-- @treturn boolean
function M.is_true(text)
  return type(text) == "string" and c_locale.lower(text) == "true"
end

-- ---- reading texts; each returns nil and what it must be when it cannot ----

local function read_text(text)
  return text
end

local function read_path(text)
  if text:find "%z" then
    return nil, "a path, which holds no NUL"
  end
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

local readers = {
  text = read_text, path = read_path, boolean = read_boolean, negated = read_negated, count = read_count,
}

--- The settings that the environment or a profile can give, with the names
-- by which they do (AWS SDKs and Tools reference, settings reference).
M.rows = {
  { name = "region", env = { "AWS_REGION", "AWS_DEFAULT_REGION" }, key = "region", read = "text" },
  { name = "use_fips", env = { "AWS_USE_FIPS_ENDPOINT" }, key = "use_fips_endpoint", read = "boolean",
    default = false },
  { name = "use_dualstack", env = { "AWS_USE_DUALSTACK_ENDPOINT" }, key = "use_dualstack_endpoint", read = "boolean",
    default = false },
  { name = "max_attempts", env = { "AWS_MAX_ATTEMPTS" }, key = "max_attempts", read = "count", default = 3 },
  { name = "ca_file", env = { "AWS_CA_BUNDLE" }, key = "ca_bundle", read = "path" },
  { name = "app_id", env = { "AWS_SDK_UA_APP_ID" }, key = "sdk_ua_app_id", read = "text" },
  { name = "correct_clock", env = { "AWS_DISABLE_CLOCK_SKEW_CORRECTION" }, key = "disable_clock_skew_correction",
    read = "negated", default = true },
}

-- ---- one setting ----

-- Where a value was found, with file and line.
local function origin_of(source, place)
  return place and ("%s (%s)"):format(source, place) or source
end

--- Where a key of a profile stands.
-- @tparam string key
-- @tparam string name of the profile
-- @tparam ?string place file and line, in words
-- @treturn string in words
function M.origin_in_profile(key, name, place)
  return origin_of(("%s of profile '%s'"):format(key, name), place)
end

-- Returns the value of a row, its source and origin; or nil and an error.
local function parsed(row, text, source, place)
  local value, wanted = readers[row.read](text)
  if value == nil then
    return nil, failure.validation(row.name, ("%s must be %s"):format(origin_of(source, place), wanted))
  end
  return value, source, origin_of(source, place)
end

local function from_environment(row, env)
  for _, variable in ipairs(row.env) do
    local text = M.variable(env, variable)
    if text then
      return parsed(row, text, variable)
    end
  end
end

local function from_profile(row, profile)
  local text = profile.values[row.key]
  if type(text) == "string" and text ~= "" then
    return parsed(row, text, ("%s of profile '%s'"):format(row.key, profile.name), profile.place_of(row.key))
  end
end

local function find(row, given, env, profile)
  if given[row.name] ~= nil then
    return given[row.name], "settings"
  end
  local value, source, origin = from_environment(row, env)
  if value == nil and not source then
    value, source, origin = from_profile(row, profile)
  end
  if value == nil and not source then
    return row.default, row.default ~= nil and "default" or nil
  end
  return value, source, origin
end

-- ---- the endpoint ----

local function ignores_configured(env, profile)
  return M.is_true(M.variable(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
    or profile.values.ignore_configured_endpoint_urls)
end

-- A section of the file that gives each service its endpoint.
local function from_services(id, profile)
  local name, key = profile.values.services, c_locale.lower(id)
  local section = profile.services[name or ""]
  local service = section and section[key]
  local url = type(service) == "table" and service.endpoint_url
  if url then
    local source = ("services section '%s'"):format(name)
    return url, source, origin_of(source, profile.place_of(key, name))
  end
end

--- The endpoint that is configured for a service, from the most to the least
-- particular place.
-- @tparam string id of the service, as AWS_ENDPOINT_URL_… has it
-- @tparam function env like `os.getenv`
-- @tparam table profile see `find`
-- @treturn ?string URL
-- @treturn ?string where it was found
-- @treturn ?string the same with file and line
function M.endpoint(id, env, profile)
  if ignores_configured(env, profile) then
    return nil
  end
  for _, variable in ipairs { "AWS_ENDPOINT_URL_" .. id, "AWS_ENDPOINT_URL" } do
    local given = M.variable(env, variable)
    if given then
      return given, variable, variable
    end
  end
  local url, source, origin = from_services(id, profile)
  if url then
    return url, source, origin
  end
  url = profile.values.endpoint_url
  if type(url) == "string" and url ~= "" then
    source = ("endpoint_url of profile '%s'"):format(profile.name)
    return url, source, origin_of(source, profile.place_of "endpoint_url")
  end
end

--- All settings that the environment or a profile can give.
-- @tparam table given the program's settings
-- @tparam function env like `os.getenv`
-- @tparam table profile as from `cognito.aws.files.selected`
-- @treturn table values by setting
-- @treturn table sources by setting: where each value was found
-- @treturn table problems by setting: an error for each value that cannot be
--   read
-- @treturn table origins by setting: the sources outside the program, with file
--   and line
function M.find(given, env, profile)
  local values, sources, problems, origins = {}, {}, {}, {}
  for _, row in ipairs(M.rows) do
    local name = row.name
    local value, source, origin = find(row, given, env, profile)
    if value == nil then
      problems[name] = source
    else
      values[name], sources[name], origins[name] = value, source, origin
    end
  end
  if given.endpoint then
    values.endpoint, sources.endpoint = given.endpoint, "settings"
  else
    values.endpoint, sources.endpoint, origins.endpoint = M.endpoint(services.user_pools.id, env, profile)
  end
  return values, sources, problems, origins
end

return M

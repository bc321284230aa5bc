--- The settings of a client: checked, completed from the environment.
-- @module cognito.settings

local check = require "cognito.check"
local configuration = require "cognito.aws.config"
local endpoint = require "cognito.aws.endpoints"
local files = require "cognito.aws.files"
local connections = require "cognito.connections"
local native = require "cognito.native"
local place = require "cognito.place"
local rivals = require "cognito.aws.rivals"
local tables = require "cognito.tables"

local M = {}

--- The settings of a client, and what kind of value each takes.
M.known = tables.add({
  user_pool_id = "string",
  client_id = "string",
  client_secret = "secret",
  analytics_metadata = "table",
  region = "string",
  profile = "string",
  endpoint = "string",
  allow_http = "boolean",
  use_fips = "boolean",
  use_dualstack = "boolean",
  credentials = "table_or_function",
  mfa_code = "function",
  role_cache = "boolean",
  connect_timeout = "seconds",
  timeout = "seconds",
  attempt_timeout = "seconds",
  max_attempts = "count",
  retry_ambiguous = "boolean",
  headers = "table",
  runtime = "table_or_function",
  on_attempt = "function",
  on_request = "function",
  retry = "strategy",
  timings = "boolean",
  now = "function",
  random = "function",
  env = "function",
  read_file = "function",
  app_id = "string",
  correct_clock = "boolean",
}, connections.kinds)

M.defaults = {
  connect_timeout = connections.CONNECT_TIMEOUT,
  timeout = 30,
  attempt_timeout = connections.ATTEMPT_TIMEOUT,
}

--- The options of one call, which stand over the settings.
M.known_options = {
  timeout = "seconds",
  attempt_timeout = "seconds",
  max_attempts = "count",
  retry_ambiguous = "boolean",
  headers = "table",
  client_secret = "secret",
  secret_hash_username = "string",
}

--- A pool's id begins with its region.
-- @tparam ?string user_pool_id
-- @treturn[1] string region
-- @treturn[2] nil
function M.region_of(user_pool_id)
  return user_pool_id and user_pool_id:match "^([A-Za-z0-9-]+)_[A-Za-z0-9]+$"
end

-- Public calls go on without the profile, and with faulty files; signed ones
-- are refused, see cognito.credentials.profile.
local function profile_warnings(opened, found, settings)
  local warnings = opened.warnings
  if opened.named_by and not opened.profiles[found.name] then
    warnings[#warnings + 1] = ("there is no profile '%s': its settings are missing"):format(found.name)
  elseif not settings.profile and not settings.credentials then
    warnings[#warnings + 1] = rivals.warning(settings.env, found, opened.named_by)
  end
  return warnings
end

-- The profile that is meant, warnings, and the fault that may hide a setting of
-- the profile.
local function read_profile(settings)
  local opened = files.open(settings.env, settings.read_file or native.read_file, settings.profile)
  local found = files.selected(opened)
  return found, profile_warnings(opened, found, settings), opened.fault or opened.faults.profiles[found.name]
end

-- A pool lives in one region, which its id names: whatever the environment
-- says about other services cannot be right for it.
local function settle_region(settings, sources, warnings)
  local own = M.region_of(settings.user_pool_id)
  if own and sources.region ~= "settings" then
    settings.region, sources.region = own, "user_pool_id"
  end
  local asks_fips
  if settings.region then
    settings.region, asks_fips = endpoint.real_region(settings.region)
  end
  if asks_fips then
    settings.use_fips, sources.use_fips = true, sources.region
  end
  if own and settings.region ~= own then
    warnings[#warnings + 1] = ("the region is set to %s, but the pool's id names %s"):format(settings.region, own)
  end
end

-- What files, editors and pages add to a secret, the first match counts.
local foreign = {
  { "[ \t-\r]", "white space or a line break" },
  { "[%z\1-\31\127]", "a control character" },
  { "\239\187\191", "the mark that Windows puts before a text (U+FEFF)" },
  { "\194\160", "a no-break space (U+00A0)" },
  { "[\128-\255]", "a character that is not ASCII" },
}

-- The service makes secrets of word characters and + alone; with anything
-- else every hash would be refused.
local function check_secret(given, level)
  for _, secret in ipairs(type(given) == "table" and given or { given }) do
    for _, row in ipairs(type(secret) == "string" and foreign or {}) do
      if secret:find(row[1]) then
        error(("the setting 'client_secret' holds %s, which no client secret has: remove it where the secret is read")
          :format(row[2]), level + 1)
      end
    end
  end
end

--- Checks settings and completes them from the environment, the profile and
-- the defaults.
-- @tparam table given what cognito.new was given
-- @tparam number level whom to blame for a wrong setting, as in `error`
-- @treturn table settings: a new table
-- @treturn table facts: `sources` tells of each setting where its value was
--   found, `origins` the same with file and line for what comes from outside the
--   program, `warnings` is a list of sentences, `problems` has an error for each
--   setting whose value cannot be read, and `file_fault` is a sentence about a
--   configuration file that may hide a setting
-- @raise for an unknown or mistyped setting
function M.complete(given, level)
  check.entries(given, M.known, "setting", level + 1)
  check_secret(given.client_secret, level + 1)
  local settings, sources = {}, {}
  for name, value in pairs(M.defaults) do
    settings[name], sources[name] = value, "default"
  end
  for name, value in pairs(given) do
    settings[name], sources[name] = value, "settings"
  end
  if type(given.client_secret) == "table" then -- the program's list may change
    settings.client_secret = tables.copy(given.client_secret)
  end
  settings.env = settings.env or place.environment()
  local found, warnings, fault = read_profile(settings)
  local values, places, problems, origins = configuration.find(given, settings.env, found)
  for name, value in pairs(values) do
    settings[name], sources[name] = value, places[name]
  end
  if given.ca_path and not given.ca_file then
    -- The program says whom to trust: the environment may add none.
    settings.ca_file, sources.ca_file = nil, nil
  end
  settle_region(settings, sources, warnings)
  return settings, { sources = sources, origins = origins, warnings = warnings, problems = problems,
    file_fault = fault }
end

--- Checks the options of one call.
-- @tparam table given
-- @tparam number level whom to blame, as in `error`
-- @raise for an unknown or mistyped option
function M.check_options(given, level)
  check.entries(given, M.known_options, "option", level + 1)
end

return M

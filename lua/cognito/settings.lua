--- The settings of a client: checked, completed from the environment.
-- @module cognito.settings

local check = require "cognito.check"

local M = {}

--- The settings of a client, and what kind of value each takes.
M.known = {
  user_pool_id = "string",
  client_id = "string",
  client_secret = "string_or_function",
  analytics_metadata = "table",
  region = "string",
  endpoint = "string",
  allow_http = "boolean",
  credentials = "table_or_function",
  connect_timeout = "seconds",
  timeout = "seconds",
  deadline = "seconds",
  max_attempts = "count",
  retry_ambiguous = "boolean",
  headers = "table",
  ca_file = "string",
  ca_path = "string",
  proxy = "string",
  max_response = "count",
  runtime = "table",
  on_attempt = "function",
  timings = "boolean",
  now = "function",
  random = "function",
  env = "function",
}

M.defaults = {
  connect_timeout = 3.1, -- of the AWS SDKs' standard mode
  timeout = 10,
  deadline = 30,
  max_attempts = 3,
}

--- The options of one call, which stand over the settings.
M.known_options = {
  timeout = "seconds",
  deadline = "seconds",
  max_attempts = "count",
  retry_ambiguous = "boolean",
  headers = "table",
  client_secret = "string_or_function",
  secret_hash_username = "string",
}

--- A pool's id begins with its region.
-- @tparam ?string user_pool_id
-- @treturn[1] string region
-- @treturn[2] nil
function M.region_of(user_pool_id)
  return user_pool_id and user_pool_id:match "^([%w-]+)_[%w]+$"
end

local function blank(value)
  return value == nil or not value:find "%S"
end

-- A pool lives in one region, which its id names: whatever the environment
-- says about other services cannot be right for it.
local function find_region(settings, env)
  local region = settings.region or M.region_of(settings.user_pool_id)
  if not region and not blank(env "AWS_REGION") then
    region = env "AWS_REGION"
  end
  return region
end

--- Checks settings and completes them.
-- @tparam table given what cognito.new was given
-- @tparam number level whom to blame for a wrong setting, as in `error`
-- @treturn table a new table
-- @raise for an unknown or mistyped setting
function M.complete(given, level)
  check.entries(given, M.known, "setting", level + 1)
  local settings = {}
  for name, value in pairs(M.defaults) do
    settings[name] = value
  end
  for name, value in pairs(given) do
    settings[name] = value
  end
  settings.env = settings.env or os.getenv
  settings.region = find_region(settings, settings.env)
  return settings
end

--- Checks the options of one call.
-- @tparam table given
-- @tparam number level whom to blame, as in `error`
-- @raise for an unknown or mistyped option
function M.check_options(given, level)
  check.entries(given, M.known_options, "option", level + 1)
end

return M

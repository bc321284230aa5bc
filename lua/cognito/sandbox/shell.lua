--- A box's settings as environment variables.
-- @module cognito.sandbox.shell
local M = {}

-- Variables that would lead elsewhere, or make the keys of a box wrong.
local misleading = { "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION",
  "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT" }

--- The variables that lead a client into a box.
-- @tparam table box
-- @tparam string url where it is served
-- @treturn table list of `{ name, value }`
function M.variables(box, url)
  local settings = box:settings()
  local keys = settings.credentials
  return {
    { "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", url },
    { "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false" },
    { "AWS_REGION", settings.region },
    { "AWS_DEFAULT_REGION", settings.region }, -- the one that botocore reads
    { "AWS_ACCESS_KEY_ID", keys.access_key_id },
    { "AWS_SECRET_ACCESS_KEY", keys.secret_access_key },
    { "COGNITO_USER_POOL_ID", settings.user_pool_id },
    { "COGNITO_CLIENT_ID", settings.client_id },
    settings.client_secret
      and { "COGNITO_CLIENT_SECRET", settings.client_secret } or nil,
  }
end

local function quoted(value)
  if value:find "^[%w_./:@%%+,-]+$" then
    return value
  end
  return "'" .. value:gsub("'", [['\'']]) .. "'"
end

--- The same for a shell to read.
-- @tparam table variables
-- @treturn table list of lines
function M.lines(variables)
  local lines = {}
  for i, pair in ipairs(variables) do
    lines[i] = ("export %s=%s"):format(pair[1], quoted(pair[2]))
  end
  lines[#lines + 1] = "unset " .. table.concat(misleading, " ")
  return lines
end

--- The words of a command that runs another one with these variables.
-- @tparam table variables
-- @tparam table command
-- @treturn table
function M.with(variables, command)
  local words = { "env" }
  for _, name in ipairs(misleading) do
    words[#words + 1] = "-u"
    words[#words + 1] = name
  end
  for _, pair in ipairs(variables) do
    words[#words + 1] = pair[1] .. "=" .. pair[2]
  end
  for _, word in ipairs(command) do
    words[#words + 1] = word
  end
  return words
end

return M

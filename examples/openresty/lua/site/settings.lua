--- What the environment says, read once when nginx starts; the `env` lines of
-- nginx.conf let it through. A setting that is missing keeps nginx from starting.

local cognito = require "cognito"
local colours = require "site.colours"

local function optional(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

-- A page of this site, or of another one; nothing that runs.
local function address(name)
  local value = optional(name)
  if value and not (value:find "^https?://[%w%[]" or value:find "^/[^/\\]" or value == "/") then
    error(name .. " must be a path like /account, or begin with https://", 0)
  end
  return value
end

-- The page may load pictures of its own host only.
local function logo()
  local value = optional "SITE_LOGO"
  if value and not value:find "^/static/[%w_-]+%.%a+$" then
    error("SITE_LOGO must be a file of the folder static, like /static/logo.svg", 0)
  end
  return value
end

local function accent()
  local value = optional "SITE_ACCENT" or "#3346c8"
  return colours.read(value) or error("SITE_ACCENT must be a colour like #3346c8", 0)
end

local function required(name, what)
  return optional(name) or error(("%s is not set: %s"):format(name, what), 0)
end

local SHORTEST_SECRET = 32 -- characters: a visitor has a seal to try guesses on

-- Forms that are open while nginx restarts are refused with a new secret, and
-- several machines need the same one: then set SITE_SECRET.
local function seal_secret()
  local given = optional "SITE_SECRET"
  if given and #given < SHORTEST_SECRET then
    error(("SITE_SECRET must have %d characters or more, as `openssl rand -hex 32` prints them")
      :format(SHORTEST_SECRET), 0)
  elseif given then
    return given
  end
  local file = assert(io.open("/dev/urandom", "rb"))
  local secret = assert(file:read(32))
  file:close()
  return secret
end

-- While one secret replaces another, both: the newest, a blank, the older one.
local function client_secret()
  local value = optional "COGNITO_CLIENT_SECRET"
  local newest, older = (value or ""):match "^(%S+) +(%S+)$"
  return newest and { newest, older } or value
end

local function pool()
  local client = cognito.new {
    user_pool_id = required("COGNITO_USER_POOL_ID", "the id of the user pool, like eu-west-1_Ab12Cd34E"),
    client_id = required("COGNITO_CLIENT_ID", "the id of the pool's app client"),
    client_secret = client_secret(),
    region = optional "AWS_REGION",
    endpoint = optional "COGNITO_ENDPOINT", -- unset for the service itself
    timeout = 20,
    attempt_timeout = 8,
  }
  local problem = client:describe().problem
  return problem and error(tostring(problem.message or problem), 0) or client
end

-- A device's password is as good as a second factor: it crosses no network in the
-- clear. A site for oneself, on loopback, may try it.
local function remember_days(origin)
  local value = optional "SITE_REMEMBER_DEVICES"
  local days = tonumber(value)
  if not value then
    return nil
  elseif not days or days < 1 or days > 400 or days % 1 ~= 0 then
    error("SITE_REMEMBER_DEVICES must be a number of days, from 1 to 400", 0)
  elseif not (origin:find "^https:" or origin:find "^http://127%." or origin:find "^http://localhost%f[:%z]") then
    error("SITE_REMEMBER_DEVICES needs a SITE_ORIGIN that begins with https://", 0)
  end
  return days
end

local origin = required("SITE_ORIGIN", "the address that visitors see, like https://account.example.com")
if not origin:find "^https?://[^/]+$" then
  error("SITE_ORIGIN must be a scheme and a host without a path, like https://account.example.com", 0)
end

return {
  origin = origin,
  secure = origin:find "^https:" ~= nil,
  name = optional "SITE_NAME" or "Example",
  logo = logo(),
  accent = accent(),
  sign_in_url = address "SITE_SIGN_IN_URL" or "/sign-in",
  home_url = address "SITE_HOME_URL",
  help_url = address "SITE_HELP_URL",
  remember_days = remember_days(origin),
  password_policy = optional "SITE_PASSWORD_POLICY",
  secret = seal_secret(),
  pool = pool(),
}

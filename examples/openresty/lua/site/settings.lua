--- What the environment says, read once when nginx starts; the `env` lines of
-- nginx.conf let it through. A setting that is missing keeps nginx from starting.

local cognito = require "cognito"

local function optional(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

local function required(name, what)
  return optional(name) or error(("%s is not set: %s"):format(name, what), 0)
end

-- Forms that are open while nginx restarts are refused with a new secret, and
-- several machines need the same one: then set SITE_SECRET.
local function random_secret()
  local file = assert(io.open("/dev/urandom", "rb"))
  local secret = assert(file:read(32))
  file:close()
  return secret
end

local function pool()
  local client = cognito.new {
    user_pool_id = required("COGNITO_USER_POOL_ID", "the id of the user pool, like eu-west-1_Ab12Cd34E"),
    client_id = required("COGNITO_CLIENT_ID", "the id of the pool's app client"),
    client_secret = optional "COGNITO_CLIENT_SECRET",
    region = optional "AWS_REGION",
    endpoint = optional "COGNITO_ENDPOINT", -- unset for the service itself
    timeout = 20,
    attempt_timeout = 8,
  }
  local problem = client:describe().problem
  return problem and error(tostring(problem.message or problem), 0) or client
end

local origin = required("SITE_ORIGIN", "the address that visitors see, like https://account.example.com")
if not origin:find "^https?://[^/]+$" then
  error("SITE_ORIGIN must be a scheme and a host without a path, like https://account.example.com", 0)
end

return {
  origin = origin,
  secure = origin:find "^https:" ~= nil,
  name = optional "SITE_NAME" or "Example",
  sign_in_url = optional "SITE_SIGN_IN_URL",
  secret = optional "SITE_SECRET" or random_secret(),
  pool = pool(),
}

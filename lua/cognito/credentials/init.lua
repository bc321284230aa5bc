--- Where the credentials of signed operations come from.
--
-- The program's own come first: a table, a function that is called before each
-- attempt, or a provider. Otherwise the chain looks where the `aws` command
-- looks, in its order: the environment, a web identity of the
-- environment, the profile files, the container, the instance.
-- @module cognito.credentials

local cache = require "cognito.credentials.cache"
local container = require "cognito.credentials.container"
local environment = require "cognito.credentials.environment"
local failure = require "cognito.credentials.failure"
local imds = require "cognito.credentials.imds"
local failures = require "cognito.failure"
local native = require "cognito.native"
local place = require "cognito.place"
local passed_on = require "cognito.credentials.passed_on"
local profile = require "cognito.credentials.profile"
local web_identity = require "cognito.credentials.web_identity"
local worlds = require "cognito.credentials.world"
local tables = require "cognito.tables"

local M = {}

-- Variables count before files, as for botocore; but for the role of a
-- profile, which it assumes before it looks for a web identity.
local order = {
  { load = profile.check_named }, environment, { load = profile.load_role }, web_identity, profile, container, imds,
}

-- A program that names a profile means that, and no keys or token of variables.
local order_of_named = { profile, container, imds }

-- Whatever a source took them from, they must be fit to sign with: half of
-- them, or a line break in them, is the source's fault and said in its name.
local function checked(found)
  for _, name in ipairs { "access_key_id", "secret_access_key", "session_token" } do
    local value = found[name]
    if value and not native.is_visible(value) then
      return failure.broken(found.source, ("its %s holds white space, control or non-ASCII characters")
        :format(name))
    end
  end
  return found
end

local function search(world)
  local reasons, hint = {}, nil
  for _, source in ipairs(world.profile and order_of_named or order) do
    local found, err = source.load(world)
    if found then
      return checked(found)
    elseif not err.absent then
      return nil, err
    end
    reasons[#reasons + 1], hint = err.message, err.hint or hint
  end
  return nil, failures.credentials("there are no credentials to sign with: " .. table.concat(reasons, "; "), hint)
end

--- Makes a provider that looks for credentials where the AWS SDKs do, when it
-- is first asked, and again before they expire.
-- @tparam[opt] table options what it uses instead of the real thing, each
--   optional: `env` (like `os.getenv`), `read_file` (path to text or nil and a
--   message), `write_file`, `lock_file`, `run` (as `cognito.core` has them),
--   `runtime` and `metadata_runtime` (for what the option `direct` of a
--   request is about: instance and container), `now` (epoch seconds), `random`
--   (0 to 1); and the settings `profile`, `region`, `use_fips`,
--   `use_dualstack`, `allow_http`, `ca_file`, `ca_path`, `proxy`, `mfa_code`,
--   `role_cache`.
--   What is not among them is the client's for whose call the look-up is, the
--   environment's, the profile's
-- @treturn table provider: `get`, `refresh`, `describe`
-- @raise for an unknown or mistyped option
-- @usage
-- local provider = credentials.chain { profile = "work" }
-- local found, err = provider:get()
function M.chain(options)
  local world = worlds.new(options or {}, 2)
  return cache.new {
    load = function(client, refused) return search(world:search(client, refused)) end,
    now = world.now,
    random = world.random,
    sleep = function(seconds, client) return world:waiting(client):sleep(seconds) end,
    -- A call that is cancelled must not take those along that wait as well.
    detach = function(look_up, client) return place.detach(world:waiting(client), look_up) end,
  }
end

-- ---- what a client asks ----

local function refused(message)
  return nil, failures.credentials(message)
end

-- A function may ask a provider, or wait: then its error is returned as it is.
local function asked(provider)
  return function(refused_ones)
    local given, err = provider(refused_ones)
    if type(given) == "table" then
      return given
    elseif type(err) == "table" and (err.kind == "credentials" or err.code == "aborted") then
      return nil, tables.copy(err)
    end
    return refused("the credentials function returned no table"
      .. (err ~= nil and ": " .. tostring(err) or ""))
  end
end

-- The chain of a client that was given no credentials. All else that it goes
-- by the client lends.
local function chain_of(settings)
  local options = {}
  for _, name in ipairs(passed_on.to_chain) do
    options[name] = settings[name]
  end
  return M.chain(options)
end

local function provided(provider, lent)
  return function(refused_ones)
    if refused_ones then
      return cache.refresh(provider, refused_ones, lent)
    end
    return cache.get(provider, lent)
  end
end

--- Makes a client's source of credentials.
-- @tparam table settings `credentials`: `{ access_key_id, secret_access_key,
--   session_token }`, a function that returns one or `nil, err` and is passed
--   those that the service has refused, a provider, or nil for the chain; and
--   the settings that look-ups go by
-- @tparam[opt] table sources of the settings: where each was found
-- @treturn function returns credentials, or nil and an error; given those
--   that the service has refused, it returns others where it can
-- @treturn function returns `{ source, expires_at, account_id }` of those in
--   use, as far as they are known; no secrets
-- @local
function M.source(settings, sources)
  local given = settings.credentials
  if type(given) == "function" then
    return asked(given), function() return { source = "a function of the program" } end
  elseif given and not cache.is_provider(given) then
    return function() return given end, function() return { source = "settings" } end
  end
  local provider = given or chain_of(settings)
  return provided(provider, worlds.lend(settings, sources)), function() return provider:describe() end
end

return M

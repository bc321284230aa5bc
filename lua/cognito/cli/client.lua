--- The client that a command calls the service with, made of its options and
-- the environment.
-- @module cognito.cli.client

local cognito = require "cognito"
local errors = require "cognito.errors"
local hints = require "cognito.cli.hints"
local mfa = require "cognito.cli.mfa"
local secrets = require "cognito.cli.secrets"
local stop = require "cognito.cli.stop"

local M = {}

-- Settings that the environment gives the command; the library takes them
-- from its program alone.
local variables = { user_pool_id = "COGNITO_USER_POOL_ID", client_id = "COGNITO_CLIENT_ID" }

local from_options = { "user_pool_id", "client_id", "region", "profile", "endpoint", "timeout", "attempt_timeout" }

--- A setting of the client, as the command line or the environment gives it.
-- @tparam table args
-- @tparam string name like "client_id"
-- @tparam function env like `os.getenv`
-- @treturn[1] string|number value
-- @treturn[1] string the option or the variable that it comes from
-- @treturn[2] nil
function M.setting(args, name, env)
  local variable = variables[name]
  local inherited = variable and env(variable)
  if args[name] then
    return args[name], "--" .. name:gsub("_", "-")
  elseif inherited and inherited:find "%S" then
    return inherited, variable
  end
  return nil
end

--- The settings of the client, and where each was found.
-- @tparam table args
-- @tparam function env like `os.getenv`
-- @treturn table settings for `cognito.new`
-- @treturn table sources: by setting the option or the variable
function M.settings(args, env)
  local settings, sources = {}, {}
  for _, name in ipairs(from_options) do
    settings[name], sources[name] = M.setting(args, name, env)
  end
  settings.client_secret, sources.client_secret = secrets.given(args, "client_secret", env)
  settings.mfa_code, settings.role_cache = mfa.asker(args, env), true
  return settings, sources
end

local function attempts_teller(console)
  return function(attempt)
    console:tell("%s, attempt %d: %s%s, %.0f ms%s", attempt.operation, attempt.attempt,
      attempt.code or attempt.status or "no answer",
      attempt.request_id and ", request id " .. attempt.request_id or "", attempt.elapsed * 1000,
      attempt.delay and (", again in %.1f s"):format(attempt.delay) or "")
  end
end

--- Makes a client of settings.
-- @tparam table settings for `cognito.new`
-- @tparam table args `verbose` counts
-- @tparam table console
-- @treturn cognito.Client
-- @raise when a setting is not one
function M.of(settings, args, console)
  if args.verbose then
    settings.on_attempt = attempts_teller(console)
  end
  local ok, pool = pcall(cognito.new, settings)
  if not ok then
    stop.usage((tostring(pool):gsub("^[^ ]+:%d+: ", ""))) -- it names the setting
  end
  return pool
end

--- Makes the client that the command line asks for.
-- @tparam table args
-- @tparam table console
-- @treturn cognito.Client
-- @raise when a setting is not one
function M.new(args, console)
  return M.of(M.settings(args, console.env), args, console)
end

-- ---- calls ----

--- An error of the library with the hint that fits a command line.
-- @tparam cognito.Error err
-- @treturn cognito.Error the same
function M.adapt(err)
  err.hint = hints.of(err, errors.new({ code = err.code }).hint)
  err.message = err.message and err.message:gsub(": pass it, or give it to cognito%.new once$", "")
  return err
end

--- Calls an operation.
-- @tparam cognito.Client pool
-- @tparam string operation
-- @tparam table params
-- @treturn table result
-- @treturn table meta
-- @raise when it fails
function M.call(pool, operation, params)
  local result, err, meta = pool[operation](pool, params)
  if not result then
    stop.with(M.adapt(err))
  end
  return result, meta
end

--- The next page of a listing.
-- @tparam cognito.Pages listing
-- @treturn ?table page; nil after the last
-- @raise when it fails
function M.next_page(listing)
  local page, err = listing:next()
  if err then
    stop.with(M.adapt(err))
  end
  return page
end

return M

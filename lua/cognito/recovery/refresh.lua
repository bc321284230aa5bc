--- New tokens for a refresh token.
-- @module cognito.recovery.refresh

local check = require "cognito.check"
local client = require "cognito.client"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local native = require "cognito.native"
local tables = require "cognito.tables"
local token = require "cognito.recovery.token"

local known_options = { rotation = "boolean", client_metadata = "table" }

local ONCE = { retry_ambiguous = false }

local KEEP_HINT = "Give refresh the tokens that sign_in returned, or refresh_token and the pool's own name of the"
  .. " user as username"

local REFUSED_HINT = "The user has to sign in again. Where the pool follows devices, the token is good only together"
  .. " with the device of its sign-in"

local function refused(operation, fields)
  fields.operation = operation
  return nil, errors.new(fields)
end

local function device_key(tokens)
  local device, new = tokens.device, tokens.new_device_metadata
  return type(device) == "table" and device.key or type(new) == "table" and new.device_key or nil
end

-- The name goes into the secret hash alone.
local function username(tokens)
  return tokens.username or type(tokens.access_token) == "string" and token.username(tokens.access_token) or nil
end

-- ---- the two ways ----

local function by_flow(pool, tokens, options)
  local name = username(tokens)
  if not name and client.has_secret(pool) then
    local fields = failure.validation("username", "username is missing: the secret hash covers it")
    fields.hint = KEEP_HINT
    return refused("initiate_auth", fields)
  end
  return pool:initiate_auth({
    auth_flow = "REFRESH_TOKEN_AUTH", client_metadata = options.client_metadata,
    auth_parameters = { REFRESH_TOKEN = tokens.refresh_token, DEVICE_KEY = device_key(tokens) },
  }, tables.add({ secret_hash_username = name }, ONCE))
end

local function by_rotation(pool, tokens, options)
  return pool:get_tokens_from_refresh_token({
    refresh_token = tokens.refresh_token, device_key = device_key(tokens), client_metadata = options.client_metadata,
  }, ONCE)
end

-- ---- what comes of it ----

-- Members that a reply leaves out stay as they were: the refresh token where it
-- is not rotated, the device, the name.
local function renewed(tokens, result, operation)
  local new = result.authentication_result
  if type(new) ~= "table" or type(new.access_token) ~= "string" then
    return refused(operation, failure.network("malformed_response", "the service sent no tokens"))
  end
  for _, name in ipairs { "refresh_token", "device", "new_device_metadata", "username" } do
    if new[name] == nil then
      new[name] = tokens[name]
    end
  end
  new.username = new.username or username(new)
  return new
end

local function explained(err)
  if err.code == "NotAuthorizedException" and not err.reason then
    err.hint = err.hint or REFUSED_HINT
  end
  return err
end

local function fault_of(tokens)
  for _, name in ipairs { "refresh_token", "username" } do
    local value = tokens[name]
    if value == nil and name == "refresh_token" then
      return name, "is missing"
    elseif value ~= nil and (type(value) ~= "string" or value == "" or not native.is_utf8(value)) then
      return name, "must be a string of UTF-8, and not empty"
    end
  end
end

local function check_arguments(pool, tokens, options, level)
  if not client.is_client(pool) then
    error("refresh takes a client of cognito.new first: recovery.refresh(pool, tokens)", level + 1)
  elseif type(tokens) ~= "table" then
    error(("refresh takes a table of tokens, not a %s: recovery.refresh(pool, tokens)"):format(type(tokens)), level + 1)
  elseif type(options) ~= "table" then
    error("refresh takes a table of options, not a " .. type(options), level + 1)
  end
  check.entries(options, known_options, "option", level + 1)
end

--- Gets new tokens for those of an earlier sign-in.
--
--     tokens = assert(recovery.refresh(pool, tokens))
--
-- The table that it returns takes the place of the old one: it has the new
-- refresh token where the app client rotates them, and else the old one, the
-- device, and the user's name. A call that may have been carried out is not
-- made again: a rotated token is good once.
-- @tparam cognito.Client pool
-- @tparam table tokens of `sign_in` or `refresh`; or `refresh_token`, and with
--   a client secret `username`, the pool's own name of the user, and where the
--   pool follows devices `device`
-- @tparam[opt] table options `rotation`: true where the app client rotates
--   refresh tokens; `client_metadata` for the triggers
-- @treturn[1] table tokens
-- @treturn[1] nil
-- @treturn[1] table meta
-- @treturn[2] nil
-- @treturn[2] cognito.Error
-- @treturn[2] table meta, where a call was made
-- @raise for wrong options
return function(pool, tokens, options)
  options = options or {}
  check_arguments(pool, tokens, options, 2)
  local operation = options.rotation and "get_tokens_from_refresh_token" or "initiate_auth"
  local field, fault = fault_of(tokens)
  if field then
    return refused(operation, failure.validation(field, field .. " " .. fault))
  end
  local result, err, meta = (options.rotation and by_rotation or by_flow)(pool, tokens, options)
  if not result then
    return nil, explained(err), meta
  end
  local new
  new, err = renewed(tokens, result, operation)
  return new, err, meta
end

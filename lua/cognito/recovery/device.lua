--- A device that the service remembers: what it is named at a sign-in, and how
-- it proves that it is the same one at the next.
-- @module cognito.recovery.device

local c_locale = require "cognito.c_locale"
local errors = require "cognito.errors"
local failure = require "cognito.failure"
local hex = require "cognito.hex"
local native = require "cognito.native"

local M = {}

M.FIELDS = { "key", "group_key", "password" }

local LONGEST_NAME = 1024 -- characters

-- A device that was confirmed, and whose confirmation was not answered, is
-- not confirmed again.
local ONCE = { retry_ambiguous = false }

--- Checks a device that a program has kept.
-- @param device
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table fields of an error
function M.check(device)
  if type(device) ~= "table" then
    return nil, failure.validation("device", "device must be a table, not a " .. type(device))
  end
  for _, name in ipairs(M.FIELDS) do
    local value = device[name]
    if type(value) ~= "string" or value == "" or not native.is_utf8(value) then
      return nil, failure.validation("device." .. name, ("device.%s must be a string that sign_in returned in"
        .. " tokens.device, not %s"):format(name, type(value) == "string" and "another one" or "a " .. type(value)))
    end
  end
  return true
end

--- Whether a value is a name for people, as the service takes it: it would refuse
-- another one only after the sign-in.
-- @param value
-- @treturn boolean
function M.is_name(value)
  return type(value) == "string" and value ~= "" and native.is_utf8(value) and not value:find("\0", 1, true)
    and #value:gsub("[\128-\191]", "") <= LONGEST_NAME
end

local function named(metadata)
  return type(metadata) == "table" and type(metadata.device_key) == "string"
    and type(metadata.device_group_key) == "string"
end

-- The proof of a password that the service has never seen.
local function verifier_of(device)
  local salt, verifier = native.srp_verifier { pool_name = device.group_key, user_id = device.key,
    password = device.password }
  return { salt = salt, password_verifier = verifier }
end

local function agree(pool, access_token, device)
  return pool:update_device_status({ access_token = access_token, device_key = device.key,
    device_remembered_status = "remembered" })
end

-- Returns the device, and the error of what failed. Where its confirmation was
-- not answered, there are both: the service may know it.
local function confirm(pool, tokens, name)
  local metadata = tokens.new_device_metadata
  local device = { key = metadata.device_key, group_key = metadata.device_group_key,
    password = hex(native.random_bytes(40)) }
  local answer, err = pool:confirm_device({ access_token = tokens.access_token, device_key = device.key,
    device_name = name, device_secret_verifier_config = verifier_of(device) }, ONCE)
  if not answer then
    return err.ambiguous and device or nil, err
  elseif answer.user_confirmation_necessary then
    err = select(2, agree(pool, tokens.access_token, device))
  end
  return device, err
end

--- Confirms the device that a sign-in was given a name for. The sign-in has
-- succeeded, so whatever fails here is noted beside the tokens.
-- @tparam cognito.Client pool
-- @tparam table tokens gets `device` and `device_error`
-- @tparam ?string name of the device, for people
function M.remember(pool, tokens, name)
  if named(tokens.new_device_metadata) then
    tokens.device, tokens.device_error = confirm(pool, tokens, name)
  elseif tokens.new_device_metadata ~= nil then
    local fields = failure.network("malformed_response", "the service's new_device_metadata names no device")
    fields.operation = "respond_to_auth_challenge"
    tokens.device_error = errors.new(fields)
  end
end

--- Whether a refusal says that the service has forgotten the device.
-- @tparam cognito.Error err
-- @treturn boolean
function M.is_forgotten(err)
  return err.code == "ResourceNotFoundException" and c_locale.lower(err.message or ""):find("device", 1, true) ~= nil
end

return M

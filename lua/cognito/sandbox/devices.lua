--- Devices that users sign in with: new ones, remembered ones, and what the
-- pool keeps of their passwords.
-- @module cognito.sandbox.devices
local encoding = require "cognito.sandbox.encoding"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"

local M = {}

local LONGEST = 385 -- bytes of a verifier

--- A user's device.
-- @tparam table user
-- @tparam string key
-- @treturn table
-- @raise a refusal
function M.find(user, key)
  for _, device in ipairs(user.devices) do
    if device.id == key then
      return device
    end
  end
  errors.refuse "no_device"
end

--- Gives the device of a sign-in a name, where the pool follows devices and
-- this one is new.
-- @tparam table pool
-- @tparam table sign_in
-- @treturn ?table NewDeviceMetadata
function M.name(pool, sign_in)
  if pool.options.device_tracking == "off" then
    return nil
  end
  local key = pool.options.region .. "_" .. pool.random:uuid()
  local group = "-" .. pool.random:token():sub(1, 8)
  pool.new_devices[key] = { user = sign_in.user, group = group }
  sign_in.device_key = key
  return { DeviceKey = key, DeviceGroupKey = group }
end

local function number(text)
  local bytes = text and encoding.from_base64(text)
  if not bytes or bytes == "" or #bytes > LONGEST then
    errors.refuse "wrong_verifier"
  end
  return bytes
end

--- Keeps a device with what its user's program made of its password.
-- @tparam table pool
-- @tparam table user
-- @tparam table params of ConfirmDevice
-- @treturn boolean whether the user has to agree
-- @raise a refusal
function M.confirm(pool, user, params)
  local key, now = params.DeviceKey, pool.clock.now()
  local new = pool.new_devices[key]
  if not new or new.user ~= user then
    errors.refuse "no_device"
  elseif new.confirmed then
    errors.refuse "device_exists"
  end
  local given = params.DeviceSecretVerifierConfig or {}
  local asks = pool.options.device_tracking == "user_opt_in"
  user.devices[#user.devices + 1] = {
    id = key, group = new.group, name = params.DeviceName, began = now, active = now, remembered = not asks,
    kept = { salt = number(given.Salt), verifier = number(given.PasswordVerifier) },
  }
  new.confirmed = true
  return asks
end

--- Takes a device away.
-- @tparam table user
-- @tparam string key
-- @raise a refusal
function M.forget(user, key)
  local device = M.find(user, key)
  for i, each in ipairs(user.devices) do
    if each == device then
      table.remove(user.devices, i)
    end
  end
end

--- A device as the service shows it.
-- @tparam table device
-- @treturn table
function M.view(device)
  return { DeviceKey = device.id, DeviceCreateDate = device.began, DeviceLastModifiedDate = device.began,
    DeviceLastAuthenticatedDate = device.active,
    DeviceAttributes = device.kept and json.list {
      { Name = "device_status", Value = "valid" },
      { Name = "device_name", Value = device.name or "" },
      { Name = "dev:device_remembered_status", Value = device.remembered and "remembered" or "not_remembered" },
    } or nil }
end

return M

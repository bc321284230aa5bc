--- Devices that users sign in with.
-- @module cognito.sandbox.operations.devices
local devices = require "cognito.sandbox.devices"
local errors = require "cognito.sandbox.errors"
local json = require "cognito.sandbox.json"
local pages = require "cognito.sandbox.pages"
local tokens = require "cognito.sandbox.tokens"

local M = {}

local function own_user(pool, params)
  if not params.AccessToken then
    errors.refuse("missing_parameter", "AccessToken")
  end
  return (tokens.user(pool, params.AccessToken))
end

--- ConfirmDevice.
-- @tparam table pool
-- @tparam table params
-- @treturn table
function M.confirm_device(pool, params)
  return { UserConfirmationNecessary = devices.confirm(pool, own_user(pool, params), params) }
end

-- The operations of a family on a user, found either way.
local function family(find)
  local function list(pool, params)
    local page, next_token = pages.take(pool, find(pool, params).devices, params.Limit,
      params.PaginationToken)
    local found = json.list {}
    for i, device in ipairs(page) do
      found[i] = devices.view(device)
    end
    return { Devices = found, PaginationToken = next_token }
  end
  local function get(pool, params)
    return { Device = devices.view(devices.find(find(pool, params), params.DeviceKey)) }
  end
  local function forget(pool, params)
    devices.forget(find(pool, params), params.DeviceKey)
    return {}
  end
  local function update(pool, params)
    local device = devices.find(find(pool, params), params.DeviceKey)
    if params.DeviceRememberedStatus then
      device.remembered = params.DeviceRememberedStatus == "remembered"
    end
    return {}
  end
  return list, get, forget, update
end

local function named_user(pool, params)
  return pool:user(params.Username)
end

--- ListDevices, GetDevice, ForgetDevice and UpdateDeviceStatus, by a token.
M.list_devices, M.get_device, M.forget_device, M.update_device_status = family(own_user)

--- The same by an administrator.
M.admin_list_devices, M.admin_get_device, M.admin_forget_device, M.admin_update_device_status = family(named_user)

return M

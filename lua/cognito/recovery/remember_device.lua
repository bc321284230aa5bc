--- Has the service remember the device of a sign-in that a program finished itself.
-- @module cognito.recovery.remember_device

local client = require "cognito.client"
local device = require "cognito.recovery.device"

local function check(pool, tokens, name, level)
  if not client.is_client(pool) then
    error("remember_device takes a client of cognito.new first: recovery.remember_device(pool, tokens)", level + 1)
  elseif type(tokens) ~= "table" or type(tokens.access_token) ~= "string" then
    error("remember_device takes the tokens of a sign-in second, with their access_token", level + 1)
  elseif name ~= nil and not device.is_name(name) then
    error("remember_device takes the device's name for people third, of 1024 characters at most", level + 1)
  end
end

--- Has the service remember the device that it named with these tokens, where the
-- challenges were answered by `respond_to_auth_challenge`, say over several requests of
-- a page. `sign_in` does it with the option `remember_device`.
--
--     local tokens = assert(pool:respond_to_auth_challenge { … }).authentication_result
--     local device, err = recovery.remember_device(pool, tokens, "Ada's laptop")
--     if device then keep(device) end
--
-- Once for each sign-in: nothing is confirmed twice.
-- @tparam cognito.Client pool
-- @tparam table tokens the service's `authentication_result`; it is not changed
-- @tparam[opt] string name of the device, for people
-- @treturn ?table device, a secret, to be given to `sign_in` next time; nil without an error
--   where the service has named none: the pool follows no devices, or knows this one
-- @treturn ?cognito.Error why it is not to be relied on; beside a device where its
--   confirmation was not answered
-- @raise for wrong arguments
return function(pool, tokens, name)
  check(pool, tokens, name, 2)
  local result = { access_token = tokens.access_token, new_device_metadata = tokens.new_device_metadata }
  device.remember(pool, result, name)
  return result.device, result.device_error
end

--- Clients whose calls go over a loop.
local cognito = require "cognito"

local M = {}

--- A client that takes no notice of the machine it is on.
-- @tparam cognito.Loop loop
-- @tparam string url of its endpoint
-- @tparam[opt] table changes more settings
-- @treturn cognito.Client
function M.new(loop, url, changes)
  local settings = {
    region = "eu-west-1", client_id = "a", user_pool_id = "eu-west-1_a", endpoint = url, runtime = loop,
    credentials = { access_key_id = "a", secret_access_key = "b" },
    env = function() end,
    random = function() return 1 end, -- no luck: the longest back-off
  }
  for name, value in pairs(changes or {}) do settings[name] = value end
  return (cognito.new(settings)) -- no tail call: errors count the levels
end

return M

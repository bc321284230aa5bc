--- The settings of connections, and the bounds of what is sent over them.
-- @module cognito.connections

local M = {}

--- The settings that connections are made with, and what kind of value each
-- takes. They mean nothing to a client whose runtime makes the connections.
M.kinds = { ca_file = "string", ca_path = "string", proxy = "text", max_response = "count" }

--- Their names, in one order.
M.names = { "ca_file", "ca_path", "proxy", "max_response" }

--- Seconds for one attempt, unless set.
M.ATTEMPT_TIMEOUT = 10

--- Seconds in which a connection must stand, unless set: those of the AWS SDKs'
-- standard mode.
M.CONNECT_TIMEOUT = 3.1

--- Seconds after which an idle connection carries nothing that must not be
-- repeated. A request on a connection that the other side is about to close is
-- the commonest way of not knowing what happened.
M.MAX_IDLE = 5

--- What an http object is made with.
-- @tparam table settings
-- @treturn table options: those among the settings that count for it
function M.options(settings)
  local options = { allow_http = settings.allow_http }
  for _, name in ipairs(M.names) do
    options[name] = settings[name]
  end
  return options
end

return M

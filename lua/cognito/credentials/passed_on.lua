--- Which settings of a client count in the look-ups of credentials for its
-- calls. A list each, so that what makes a difference to a look-up is written
-- once.
-- @module cognito.credentials.passed_on

local connections = require "cognito.connections"

local M = {}

--- What the chain is made with that a client has where it was given none.
M.to_chain = { "env", "read_file", "now", "random", "profile" }

--- What a client lends to every chain, for what the chain was not given.
M.to_look_ups = { "region", "use_fips", "use_dualstack", "allow_http", "mfa_code", "role_cache" }
for _, name in ipairs(connections.names) do
  table.insert(M.to_look_ups, name)
end

return M

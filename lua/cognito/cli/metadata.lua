--- Pairs of names and values among the arguments.
-- @module cognito.cli.metadata

local M = {}

--- Reads `NAME=VALUE`.
-- @tparam string word
-- @treturn[1] table `{ name, value }`
-- @treturn[2] nil
-- @treturn[2] string what it must be
function M.pair(word)
  local name, value = word:match "^([^=]+)=(.*)$"
  if not name then
    return nil, "it must be NAME=VALUE"
  end
  return { name, value }
end

--- Adds the option that passes data on to the pool's Lambda triggers.
-- @param command of argparse
function M.declare(command)
  command:option("--client-metadata", "A value for the pool's Lambda triggers; may be repeated. Give no secrets:"
    .. " Cognito passes values on as they are."):argname("NAME=VALUE"):count("*"):convert(M.pair)
end

--- The parameter that they make.
-- @tparam table args
-- @treturn ?table
function M.of(args)
  local metadata
  for _, pair in ipairs(args.client_metadata) do
    metadata = metadata or {}
    metadata[pair[1]] = pair[2]
  end
  return metadata
end

return M

--- Which runtime a client has: the one that it is given, else that of the
-- place where it is made.
-- @module cognito.runtime

local connections = require "cognito.connections"
local complete = require "cognito.runtime.complete"
local place = require "cognito.place"

local M = {}

local function check_given(facts, level)
  for _, name in ipairs(connections.names) do
    if facts.sources[name] == "settings" then
      error(("setting '%s' means nothing beside a runtime of the program's own: give it to the runtime, "
        .. "as in cognito.loop { %s = … }"):format(name, name), level + 1)
    end
  end
end

--- Refuses settings of connections that count for nothing, in a table of a
-- program's own.
-- @tparam table given
-- @tparam number level whom to blame, as in `error`
-- @raise for `ca_file`, `ca_path` and `proxy` beside a runtime and inside nginx
function M.check(given, level)
  local sources = {}
  for _, name in ipairs(connections.names) do
    sources[name] = given[name] ~= nil and "settings" or nil
  end
  M.of(given, { sources = sources, warnings = {} }, level + 1)
end

-- A function becomes a runtime.
local function table_of(given)
  if type(given) == "function" then
    return require("cognito.runtime.from_function").new(given)
  end
  return given
end

--- The runtime that a client was given, completed.
-- @tparam table settings of the client
-- @tparam table facts about them: where each was found, and warnings, to which
--   this may add
-- @tparam number level whom to blame, as in `error`
-- @treturn ?table runtime; nil: the client has that of the place
-- @raise where settings ask for what the runtime cannot do, or is not told
function M.of(settings, facts, level)
  if not settings.runtime then
    place.check(settings, facts, level + 1)
    return nil
  end
  check_given(facts, level + 1)
  local whole = complete(table_of(settings.runtime), settings.now, level + 1)
  return whole
end

return M

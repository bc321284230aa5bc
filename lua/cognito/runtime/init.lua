--- Which runtime a client has: the one that it is given, else that of the
-- place where it is made.
-- @module cognito.runtime

local M = {}

local ngx = rawget(_G, "ngx")

--- Whether this is nginx, where nothing may block.
M.in_nginx = ngx ~= nil and ngx.socket ~= nil

--- The runtime of this place: cosockets inside nginx, blocking elsewhere.
-- @tparam table settings the http settings among them count
-- @treturn table runtime
function M.default(settings)
  if M.in_nginx then
    return require("cognito.runtime.nginx").new(settings)
  end
  return require("cognito.runtime.blocking").new(settings)
end

-- What opens connections has to know of these.
local OF_CONNECTIONS = { "ca_file", "ca_path", "proxy", "max_response" }

local function check_given(facts, level)
  for _, name in ipairs(OF_CONNECTIONS) do
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
  for _, name in ipairs(OF_CONNECTIONS) do
    sources[name] = given[name] ~= nil and "settings" or nil
  end
  M.of(given, { sources = sources, warnings = {} }, level + 1)
end

--- The runtime that a client was given; a function becomes one.
-- @tparam table settings of the client
-- @tparam table facts about them: where each was found, and warnings, to which
--   this may add
-- @tparam number level whom to blame, as in `error`
-- @treturn ?table runtime; nil: it has the default
-- @raise where settings ask for what the runtime cannot do, or is not told
function M.of(settings, facts, level)
  if settings.runtime then
    check_given(facts, level + 1)
  end
  if type(settings.runtime) == "function" then
    return require("cognito.runtime.from_function").new(settings.runtime)
  elseif not settings.runtime and M.in_nginx then
    require("cognito.runtime.nginx").check(settings, facts, level + 1)
  end
  return settings.runtime
end

return M

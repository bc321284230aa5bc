--- The runtime of plain scripts: waits where it stands.
--
-- Clients with the same HTTP settings share one http object, and with it the
-- kept-alive connections.
-- @module cognito.runtime.blocking

local native = require "cognito.native"

local M = {}

-- The settings that make one http object different from another.
M.http_settings = {
  "ca_file", "ca_path", "proxy", "max_response", "allow_http",
}

local shared = setmetatable({}, { __mode = "v" })

local runtime = {}
local runtime_mt = { __index = runtime, __name = "cognito.runtime.blocking" }

function runtime:send(request, options)
  return self.http:send(request, options)
end

function runtime:sleep(seconds)
  native.sleep(seconds)
end

function runtime:now()
  return native.now()
end

function runtime:clock()
  return native.clock()
end

--- The runtime for these settings; one that exists already where it can be.
-- @tparam table settings the http settings among them count
-- @treturn table runtime
function M.new(settings)
  local options, key = {}, {}
  for i, name in ipairs(M.http_settings) do
    options[name] = settings[name]
    key[i] = tostring(settings[name])
  end
  key = table.concat(key, "\0")
  local found = shared[key]
  if not found then
    found = setmetatable({ http = native.http(options) }, runtime_mt)
    shared[key] = found
  end
  return found
end

return M

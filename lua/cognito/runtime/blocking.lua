--- The runtime of plain scripts: waits where it stands.
--
-- Clients with the same HTTP settings share one http object, and with it the
-- kept-alive connections.
-- @module cognito.runtime.blocking

local carriers = require "cognito.runtime.carriers"
local connections = require "cognito.connections"
local native = require "cognito.native"

local M = {}

local shared = setmetatable({}, { __mode = "v" })

--- The methods that have to do with time; a runtime that sends in another way
-- has them, too.
M.waiting = {}

local waiting = M.waiting

--- Waits.
-- @tparam number seconds
function waiting:sleep(seconds) -- luacheck: no self
  native.sleep(seconds)
end

--- The time of day, to sign with.
-- @treturn number epoch seconds
function waiting:now() -- luacheck: no self
  return native.now()
end

--- A clock that only goes forward, to measure with.
-- @treturn number seconds
function waiting:clock() -- luacheck: no self
  return native.clock()
end

local runtime = setmetatable({}, { __index = waiting })
local runtime_mt = { __index = runtime, __name = "cognito.runtime.blocking" }

--- Sends one request and waits for its response.
-- @tparam table request `{ method, url, headers, body }`
-- @tparam table options `timeout`, `connect_timeout`, `max_idle` in seconds,
--   `timings`
-- @treturn[1] table response `{ status, headers, body }`
-- @treturn[2] nil
-- @treturn[2] table error `{ code, kind = "network", message, sent }`
function runtime:send(request, options)
  return self.http:send(request, options)
end

carriers[runtime.send] = function(self, exchange, ...)
  return self.http:carry(exchange, ...)
end

--- A call begins: any number may.
-- @treturn boolean false: there is nothing to release
function runtime:admit() -- luacheck: no self
  return false
end

--- A call has ended.
function runtime:release() end -- luacheck: no self

--- Nothing runs apart where everything waits.
-- @treturn boolean false
function runtime:detach() -- luacheck: no self
  return false
end

--- The runtime for these settings; one that exists already where it can be.
-- @tparam table settings the http settings among them count
-- @treturn table runtime
function M.new(settings)
  local options = connections.options(settings)
  local key = { tostring(options.allow_http) }
  for _, name in ipairs(connections.names) do
    key[#key + 1] = tostring(options[name])
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

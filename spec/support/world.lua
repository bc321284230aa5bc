--- The world of a case of the shared behaviour: a client's settings for one
-- runtime, the pool behind it, and servers that send set replies.
--
-- It knows no runtime, no busted and no luasocket, so that it works inside
-- nginx as well.
local cjson = require "cjson"
local scripted = require "spec.support.scripted"

local M = {}

local World = {}
World.__index = World

local function merged(base, more)
  local all = {}
  for name, value in pairs(base) do all[name] = value end
  for name, value in pairs(more or {}) do all[name] = value end
  return all
end

local function no_variable() end
local function zero() return 0 end

-- ---- the client ----

--- Settings that lead to the pool, over the runtime of this case, without any
-- wait between attempts.
-- @tparam[opt] table more settings
function World:settings(more)
  local settings = merged(self.pool:settings(), { runtime = self.runtime, random = zero, env = no_variable })
  return merged(settings, more)
end

--- A client of the pool.
-- @tparam[opt] table more settings
function World:client(more)
  return self.cognito.new(self:settings(more))
end

--- Another runtime of the same kind; only where it takes settings.
function World:runtime_with(settings)
  local runtime = self.kind.new(settings)
  self.opened[#self.opened + 1] = runtime
  return runtime
end

--- A user that no other case has.
-- @tparam[opt] table fields as `box:add_user` takes them
-- @treturn string name
function World:user(fields)
  local name = self:name()
  self.pool:add_user(merged({ username = name, email = name .. "@example.com" }, fields))
  return name
end

--- An unused name.
function World:name()
  self.names = self.names + 1
  return self.prefix .. "-" .. self.names
end

-- ---- the servers ----

--- A server that gives these replies.
-- @tparam table replies see scripted.lua
-- @tparam[opt="plain"] string server "plain", "trusted" (TLS with a
--   certificate that the runtime trusts), "stranger" or "elsewhere" (TLS)
-- @tparam[opt] string name that the script is to have
-- @treturn table script: `url`, `name`
function World:script(replies, server, name)
  name = name or self:name()
  return { name = name, url = self.parts.servers[server or "plain"] .. scripted.path(name, replies) }
end

--- The bytes that a script without TLS has received: a list of `{ bytes, connection,
-- answered }`.
function World:received(script)
  return cjson.decode(self.ask("GET", self.parts.servers.plain .. scripted.received_path(script.name)))
end

--- A reply as the service gives it.
-- @tparam number status
-- @tparam table headers list of lines
-- @tparam string body
function M.reply(status, headers, body)
  local lines = { ("HTTP/1.1 %d Whatever"):format(status), "Content-Length: " .. #body }
  for _, line in ipairs(headers) do lines[#lines + 1] = line end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. body
end

World.reply = function(_, ...) return M.reply(...) end

--- A URL where nothing listens.
function World:refusing()
  return self.parts.refusing
end

--- A URL whose host does not exist. No label is as long as that (RFC 1035,
-- section 2.3.4): no server is asked for it.
function World:nowhere()
  return self.parts.nowhere or "https://" .. ("x"):rep(64) .. ".invalid/"
end

-- ---- the runtime ----

--- Runs functions at once, where the runtime can; returns when all have ended.
function World:together(fns)
  self.kind.together(self.runtime, fns)
end

--- Cancels a function when it is time.
function World:cancel(fn, is_time)
  return self.kind.cancel(self.runtime, fn, is_time)
end

--- How many descriptors this process has open.
function World:descriptors() -- luacheck: no self
  collectgarbage()
  collectgarbage()
  return require("spec.support.proc").descriptors()
end

--- Carries a case out.
-- @tparam table case of behaviour.lua
-- @raise what the case raises
function World:run(case)
  self.kind.run(self.runtime, function() case.check(self) end)
end

function World:close()
  for _, runtime in ipairs(self.opened) do self.kind.close(runtime) end
end

--- Makes one.
-- @tparam table kind of spec/support/runtimes/
-- @tparam table parts `prefix` of all names; and where the runtime sends over
--   sockets `sandbox` (what it printed), `servers` (URLs by name), `refusing`
--   and `nowhere` (URLs)
-- @tparam[opt] function ask method, URL and body to the reply's body: on a way
--   of its own, which disturbs no case
-- @treturn table world
function M.new(kind, parts, ask)
  local pool = kind.pool and kind.pool()
    or require("spec.support.remote_pool").new(parts.sandbox, function(method, path, order)
      return cjson.decode(ask(method, parts.sandbox.url .. path, order and cjson.encode(order)))
    end)
  local runtime = kind.new({ ca_file = kind.has.settings and parts.ca_file or nil }, pool)
  return setmetatable({
    cognito = require "cognito", kind = kind, parts = parts, ask = ask, pool = pool, prefix = parts.prefix, names = 0,
    runtime = runtime, opened = { runtime },
  }, World)
end

return M

--- Carries out cases of the matrix of sends inside nginx. A request brings
-- `{ settings, operation, params, options, plan }` as JSON, see
-- send_place_nginx.lua, and gets what became of it.
local cjson = require "cjson"
local cognito = require "cognito"
local connections = require "cognito.runtime.nginx.connection"
local kind = require "spec.support.runtimes.nginx"
local send_runtime = require "spec.support.send_runtime"

local M = {}

local ngx = rawget(_G, "ngx")

-- The runtime does not show which connections were idle.
local open = connections.open

function connections.open(...)
  local connection, fault = open(...)
  ngx.ctx.reused = connection and connection.is_reused
  return connection, fault
end

function kind.has_reused()
  return ngx.ctx.reused
end

local function zero() return 0 end
local function no_variable() end

local function shown(err)
  return err and {
    code = err.code, kind = err.kind, ambiguous = err.ambiguous, retryable = err.retryable, text = tostring(err),
  }
end

--- Does what the request says.
function M.run()
  ngx.req.read_body()
  local given = cjson.decode(ngx.req.get_body_data())
  local runtime = send_runtime.new(kind, kind.new {}, given.plan)
  local settings = given.settings
  settings.runtime, settings.random, settings.env = runtime, zero, no_variable
  local pool = cognito.new(settings)
  local result, err, meta = pool[given.operation](pool, given.params, given.options)
  ngx.print(cjson.encode {
    result = result and {}, err = shown(err), meta = { attempts = meta.attempts },
    attempts = runtime.attempts, first = runtime.first,
  })
end

return M

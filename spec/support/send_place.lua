--- Where a case of the matrix of sends takes place: over a runtime towards a
-- sandbox in a process of its own, or within this process.
local cognito = require "cognito"
local detours = require "spec.support.send_detours"
local operations = require "spec.support.send_operations"
local remote_pool = require "spec.support.remote_pool"
local sandbox = require "cognito.sandbox"
local sandbox_process = require "spec.support.sandbox_process"
local send_runtime = require "spec.support.send_runtime"

local M = {}

-- A folder without certificates: not the machine's, which may have none.
local NO_CERTIFICATES = "spec"

local Place = {}
Place.__index = Place

local function zero() return 0 end
local function no_variable() end

--- A client whose attempts follow each other at once.
function Place:client(runtime)
  local settings = self.pool:settings()
  settings.runtime, settings.random, settings.env = runtime, zero, no_variable
  return cognito.new(settings)
end

-- Until all the requests are made that are sent together, the first ones are not
-- looked after; one that ends before the fault leaves it to the next.
local function seconds_to_wait(fault)
  local bytes = fault.bytes or 0
  return fault.waits and (bytes > 1e6 and 5 or bytes > 0 and 2 or 1) or nil
end

--- A runtime for one case.
function Place:runtime(fault)
  return send_runtime.new(self.kind, self.kind.new({ ca_path = NO_CERTIFICATES }, self.pool), {
    detour = fault.detour and detours.find(fault.detour, self.pool:settings().endpoint),
    wait = seconds_to_wait(fault),
  })
end

--- Has a reply, and leaves a kept-alive connection behind.
-- @tparam table runtime
-- @tparam[opt] table idle order to the sandbox: what becomes of the connection
function Place:warm(runtime, idle)
  if idle then
    idle.operation = "describe_user_pool_client"
    self.pool:misbehave(idle)
  end
  self.kind.run(runtime.inner, function()
    assert(self:client(runtime.inner):describe_user_pool_client {})
  end)
  if idle then
    self.pool:behave() -- by now the other side has done its work
  end
  assert(self.kind.connections(runtime.inner) == 1)
end

--- Carries cases out, all at once.
function Place:carry_out(cases, call)
  local jobs = {}
  for i, case in ipairs(cases) do
    jobs[i] = { runtime = case.runtime.inner, fn = function() call(case) end }
  end
  self.kind.side_by_side(jobs)
  for _, case in ipairs(cases) do
    self.kind.close(case.runtime.inner)
  end
end

function Place:stop()
  if self.process then
    self.process:stop()
  end
end

local function place(kind, pool, process)
  local self = setmetatable({ kind = kind, pool = pool, process = process }, Place)
  self.tool = self:client(process and require("cognito.runtime.blocking").new {} or pool)
  return self
end

--- A sandbox in a process of its own.
-- @tparam table kind of spec/support/runtimes/
function M.remote(kind)
  local process = sandbox_process.start("--devices always --rotate-refresh-tokens --code " .. operations.CODE)
  return place(kind, remote_pool.new(process.settings, function(method, path, order)
    if method == "GET" then
      return process:get(path)
    end
    return process:post(path, order)
  end), process)
end

--- A sandbox in this process, which is the runtime.
function M.here()
  local box = sandbox.new { code = operations.CODE, device_tracking = "always", refresh_token_rotation = true }
  return place(require "spec.support.runtimes.sandbox", box)
end

return M

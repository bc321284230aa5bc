--- Exchanges carry a client's calls over the runtimes of this library, and
-- tables where a program gave one another send.
local cognito = require "cognito"
local optional = require "spec.support.optional"
local start_server = require("spec.support.server").start

describe("a client's calls", function()
  local server

  setup(function() server = start_server "http" end)
  teardown(function() server:stop() end)

  -- Puts an object in the http object's place that counts calls by the method's name.
  local function watch(holder)
    local object, counts = holder.http, {}
    holder.http = setmetatable({}, { __index = function(_, name)
      return function(_, ...)
        counts[name] = (counts[name] or 0) + 1
        return object[name](object, ...)
      end
    end })
    return counts
  end

  local function call_over(runtime)
    local pool = cognito.new {
      user_pool_id = "eu-west-1_x", client_id = "client", endpoint = server:url "/body", runtime = runtime,
      env = function() end,
    }
    assert.equal("ada", assert(pool:forgot_password { username = "ada" }).Username)
  end

  local runtimes = {
    blocking = function()
      local runtime = setmetatable({}, { __index = require("cognito.runtime.blocking").new {} })
      return runtime, watch(runtime)
    end,
    loop = function()
      local loop = cognito.loop()
      return loop, watch(loop.engine.network)
    end,
    cqueues = optional.has(pending, "cqueues") and function()
      local runtime = require("cognito.runtime.cqueues").new()
      return runtime, watch(runtime)
    end or nil,
  }

  for name, new in pairs(runtimes) do
    it(name .. " carries as exchanges, and as tables where a program gave it another send", function()
      local runtime, counts = new()
      call_over(runtime)
      assert.equal(1, counts.carry or counts.launch)
      assert.is_nil(counts.send or counts.start or counts.take)
      local sent
      call_over(setmetatable({ send = function(_, ...)
        sent = ...
        return runtime:send(...)
      end }, { __index = runtime }))
      assert.equal("POST", sent.method)
      assert.equal(1, counts.carry or counts.launch)
      assert.equal(1, counts.send or counts.start)
      if runtime.close then runtime:close() end
    end)
  end
end)

--- One behaviour, whatever the runtime: every case of spec/support/behaviour/
-- over each runtime that works within this process. The one inside nginx has
-- spec/services/nginx_behaviour_spec.lua.
local behaviour = require "spec.support.behaviour"
local behaviour_servers = require "spec.support.behaviour_servers"
local blocking = require "spec.support.runtimes.blocking"
local loop = require "spec.support.runtimes.loop"
local optional = require "spec.support.optional"
local sandbox = require "spec.support.runtimes.sandbox"
local worlds = require "spec.support.world"

local servers

setup(function() servers = behaviour_servers.start() end)
teardown(function() servers:stop() end)

local count = 0

local function carry_out(kind, case)
  count = count + 1
  local world = worlds.new(kind, servers:parts(kind.name:gsub("%W", "") .. count), function(...)
    return servers:ask(...)
  end)
  world:run(case)
  world:close()
end

-- @tparam[opt] table parts of the behaviour that will do
local function specify(kind, parts)
  describe("over the runtime " .. kind.name .. ",", function()
    for _, case in ipairs(behaviour.list) do
      if behaviour.suits(kind, case) and (not parts or parts[case.part]) then
        it(case.name, function() carry_out(kind, case) end)
      end
    end
  end)
end

-- Called where no loop runs, a loop's runtime waits where it stands.
local function without_loop(kind)
  return {
    name = kind.name .. " outside of its loop", has = { sockets = true, settings = true },
    new = kind.new, close = kind.close, run = blocking.run, together = blocking.together,
  }
end

specify(blocking)
specify(sandbox)
specify(loop)
specify(without_loop(loop), { answers = true, connections = true, many = true })
if optional.has(pending, "cqueues") then
  local cqueues = require "spec.support.runtimes.cqueues"
  specify(cqueues)
  specify(without_loop(cqueues), { answers = true, connections = true, many = true })
end

--- One behaviour, whatever the runtime: the cases of spec/support/behaviour/
-- inside a real nginx, in its content phase. Those within this process have
-- spec/runtime/runtimes_spec.lua.
local behaviour = require "spec.support.behaviour"
local behaviour_servers = require "spec.support.behaviour_servers"
local cjson = require "cjson"
local nginx = require "spec.support.nginx"
local start_script = require("spec.support.server").start_script

local HAS = { sockets = true, settings = true, concurrency = true } -- as runtimes/nginx.lua says

-- The cases need no module that OpenResty lacks.
local LACKS = [[
      init_by_lua_block {
        for _, name in ipairs { "lfs", "socket", "luassert" } do
          package.preload[name] = function() error("OpenResty has no " .. name) end
        end
      }
]]

local servers, dns, server

setup(function()
  servers = behaviour_servers.start()
  dns = start_script "spec/support/dns_server.lua"
  server = nginx.start {
    http = (LACKS .. [[
      resolver 127.0.0.1:%d ipv6=off;
      lua_ssl_trusted_certificate %s;
    ]]):format(dns.port, nginx.path(servers.ca_file)),
    server = [[
      client_body_buffer_size 1m;
      location = /case { content_by_lua_block { require("spec.support.behaviour_in_nginx").run() } }
    ]],
  }
end)

teardown(function()
  if server then server:stop() end
  dns:stop()
  servers:stop()
end)

local count = 0

-- nginx has a resolver of its own, which asks our name server.
local function parts()
  local all = servers:parts("nginx" .. count, "localhost")
  all.nowhere = "https://nowhere/"
  return all
end

local function carry_out(case)
  count = count + 1
  local reply = assert(server.http:send {
    method = "POST", url = server:url "/case",
    body = cjson.encode { case = case.name, parts = parts() },
  })
  assert(reply.status == 200, server:log())
  local told = cjson.decode(reply.body)
  assert(told.ok, told.err)
end

describe("over the runtime nginx,", function()
  for _, case in ipairs(behaviour.list) do
    if behaviour.suits({ has = HAS }, case) then
      it(case.name, function() carry_out(case) end)
    end
  end
end)

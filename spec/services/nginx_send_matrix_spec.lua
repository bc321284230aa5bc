--- Exactly what it says about sends, as spec/http/send_matrix_spec.lua does, by the
-- runtime inside a real nginx.
local generate = require("spec.support.send_matrix").generate
local nginx = require "spec.support.nginx"
local nginx_places = require "spec.support.send_place_nginx"
local start_script = require("spec.support.server").start_script

local dns, server

setup(function()
  dns = start_script "spec/support/dns_server.lua"
  server = nginx.start {
    http = ("resolver 127.0.0.1:%d ipv6=off;"):format(dns.port),
    server = [[
      client_max_body_size 8m;
      client_body_buffer_size 8m;
      location = /send { content_by_lua_block { require("spec.support.send_in_nginx").run() } }
    ]],
  }
end)

teardown(function()
  if server then server:stop() end
  dns:stop()
end)

describe("a request over HTTP by the runtime nginx,", function()
  local function open() return nginx_places.remote(server) end
  local without = { proxy = true }
  generate({ describe = describe, it = it, setup = setup, teardown = teardown }, {
    { open = open, connection = "fresh", retry_ambiguous = false, without = without },
    { open = open, connection = "fresh", retry_ambiguous = true, without = without },
    { open = open, connection = "reused", retry_ambiguous = false, without = without },
    { open = open, connection = "reused", retry_ambiguous = true, without = without },
    { open = open, connection = "renewed", retry_ambiguous = false, without = without },
    { open = open, connection = "renewed", retry_ambiguous = true, without = without },
  })
end)

--- A second nginx, with Lua, that makes calls to the first (bench/nginx.lua):
-- what a call costs a worker.
--
--     local measured = nginx_runtime.measure(server, { directory = …, cpu = 1, calls = 20000 })
--     print(measured["16 in flight, signed"].client)      -- CPU us a call

local core = require "cognito.core"
local lfs = require "lfs"
local socket = require "socket"

local M = {}

local SECONDS = 20 -- to start

local CONFIG = [[
$modules
pid nginx.pid;
error_log error.log;
worker_processes 1;
worker_cpu_affinity $affinity;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  lua_package_path "$root/lua/?.lua;$root/lua/?/init.lua;$root/?.lua;;";
  lua_package_cpath "$root/$build/?.so;;";
  lua_ssl_trusted_certificate $trusted;
  lua_ssl_protocols TLSv1.2 TLSv1.3;
  init_by_lua_block {
    inside = require "bench.inside_nginx"
    subjects = inside.subjects "$url"
  }
  server {
    listen 127.0.0.1:$port;
    location = /ready { return 204; }
    location = /run { content_by_lua_block { inside.run(subjects) } }
  }
}
]]

local UNSIGNED, SIGNED = "forgot_password", "admin_reset_user_password"

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return port
end

local function find()
  local pipe = assert(io.popen "scripts/lua_nginx")
  local program, modules = pipe:read "*l", pipe:read "*a"
  pipe:close()
  return assert(program, "there is no nginx with Lua"), modules
end

local function absolute(path)
  return path:find "^/" and path or lfs.currentdir() .. "/" .. path
end

-- Under root its workers stay root, because the user `nobody` may not read homes.
local function user()
  local pipe = assert(io.popen "id -u")
  local id = pipe:read "*l"
  pipe:close()
  return id == "0" and "\nuser root root;" or ""
end

local function start(server, options, port)
  local program, modules = find()
  local directory = absolute(options.directory)
  os.execute(("mkdir -p '%s/temp'"):format(directory))
  local values = {
    modules = modules .. user(), affinity = options.cpu == 0 and "01" or "10", root = lfs.currentdir(), port = port,
    build = options.build or "build/luajit", trusted = absolute(server.directory) .. "/authority.pem", url = server.url,
  }
  local file = assert(io.open(directory .. "/nginx.conf", "w"))
  file:write((CONFIG:gsub("%$(%l+)", values)))
  file:close()
  -- It ends with the pipe, whatever becomes of this process.
  return assert(io.popen(([[
    cd '%s'
    %s -p "$PWD" -c nginx.conf -g 'daemon off;' &
    cat >/dev/null
    kill $!
    wait $!
  ]]):format(directory, program), "w"))
end

local function await(http, url)
  local deadline = core.clock() + SECONDS
  while not http:send { method = "GET", url = url } do
    assert(core.clock() < deadline, "nginx does not start")
    core.sleep(0.01)
  end
end

local function ask(http, url)
  local reply = assert(http:send { method = "GET", url = url })
  return assert(tonumber(reply.body), "nginx answered " .. reply.status .. ": see its error.log")
end

--- Measures unsigned and signed calls, 1 and 16 at once, beside a bare socket of
-- nginx that sends and receives the same.
-- @tparam table server from bench/nginx.lua
-- @tparam table options `directory` to work in, `cpu` to work on (0 or 1),
--   `calls` each time, `build` of the library for LuaJIT (build/luajit)
-- @treturn table name to `client` and `socket`, CPU microseconds of one call
function M.measure(server, options)
  local port = free_port()
  local http = core.http { timeout = 600 }
  local base = ("http://127.0.0.1:%d"):format(port)
  local pipe = start(server, options, port)
  local measured = {}
  local ok, message = pcall(function()
    await(http, base .. "/ready")
    for _, operation in ipairs { UNSIGNED, SIGNED } do
      for _, in_flight in ipairs { 1, 16 } do
        local name = ("%d in flight, %s"):format(in_flight, operation == SIGNED and "signed" or "unsigned")
        local query = ("operation=%s&calls=%d&in_flight=%d"):format(operation, options.calls, in_flight)
        measured[name] = {}
        for _, subject in ipairs { "client", "socket" } do
          measured[name][subject] = ask(http, ("%s/run?subject=%s&%s"):format(base, subject, query))
        end
      end
    end
  end)
  http:close()
  pipe:close()
  if not ok then
    error(message, 0)
  end
  return measured
end

return M

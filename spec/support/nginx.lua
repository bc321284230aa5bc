--- A real nginx with Lua in it, on a port that is free: Debian's with its Lua
-- module, or OpenResty. It works in a folder of its own below build/.

local core = require "cognito.core"
local lfs = require "lfs"
local process = require "spec.support.process"
local socket = require "socket"

local M = {}

local SECONDS = 60 -- after which it will neither start, stop nor answer any more; a busy machine takes its time

local CONFIG = [[
$modules
$main
pid nginx.pid;
error_log error.log info;
events { worker_connections 2048; }
http {
  access_log off;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  lua_package_path "$root/lua/?.lua;$root/lua/?/init.lua;$root/?.lua;;";
  lua_package_cpath "$root/$build/?.so;;";
  $http
  server {
    listen 127.0.0.1:$port;
    location = /ready { return 204; }
    $server
  }
}
]]

-- ---- what there is ----

-- NGINX names another one than is found.
local function find()
  local said = process.output_of "scripts/lua_nginx 2>&1"
  local program, modules = said:match "^(/[^\n]*)\n(.*)$"
  return assert(program, said), modules
end

--- A free port of 127.0.0.1.
-- @treturn number
function M.free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return port
end

--- A path as nginx needs it, from wherever it works.
-- @tparam string path from the root of the repository
-- @treturn string
function M.path(path)
  return lfs.currentdir() .. "/" .. path
end

-- ---- Lua as text ----

--- A table as Lua, for nginx.conf; what is not a string stays as it is written.
-- @tparam table values strings and numbers by name
-- @treturn string
function M.source(values)
  local lines = {}
  for name, value in pairs(values) do
    lines[#lines + 1] = ("%s = %s"):format(name, type(value) == "string" and ("%q"):format(value) or tostring(value))
  end
  return "{ " .. table.concat(lines, ", ") .. " }"
end

--- The settings of a client of a sandbox, as Lua.
-- @tparam table sandbox from spec.support.sandbox_process
-- @tparam[opt] table more settings: strings and numbers
-- @treturn string
function M.settings(sandbox, more)
  local given = sandbox.settings
  local keys = M.source {
    access_key_id = given.AWS_ACCESS_KEY_ID, secret_access_key = given.AWS_SECRET_ACCESS_KEY,
  }
  local values = {
    endpoint = given.url, user_pool_id = given.COGNITO_USER_POOL_ID, client_id = given.COGNITO_CLIENT_ID,
    client_secret = given.COGNITO_CLIENT_SECRET,
  }
  for name, value in pairs(more or {}) do values[name] = value end
  return (M.source(values):gsub("^{", function() return "{ credentials = " .. keys .. "," end))
end

-- ---- configurations ----

local function make_folder()
  return process.output_of("mkdir -p build && mktemp -d '" .. lfs.currentdir() .. "/build/nginx.XXXXXX'"):match "%C+"
end

local function build()
  return os.getenv "LUAJIT_BUILD" or "build/luajit"
end

--- The version of nginx.
-- @treturn integer as nginx counts it: 1025001 is 1.25.1
function M.version()
  local major, minor, patch = process.output_of(find() .. " -v 2>&1"):match "/(%d+)%.(%d+)%.(%d+)"
  return major * 1000000 + minor * 1000 + patch
end

--- Has a whole nginx.conf checked (`nginx -t`); its own lines that load modules
-- do not count.
-- @tparam string text
-- @tparam table given `env` and `links`, the paths of what is linked beside it
-- @treturn boolean whether it is good
-- @treturn string what nginx said
function M.check(text, given)
  local program, modules = find()
  local folder, root = make_folder(), lfs.currentdir()
  process.write(modules .. text:gsub("load_module [^\n]*", ""), folder .. "/nginx.conf")
  local environment = ("LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/%s/?.so;;' %s"):format(root, root,
    root, build(), process.assignments(given.env))
  local links = "'" .. root .. "'/" .. table.concat(given.links, " '" .. root .. "'/")
  local said, status = process.output_of(("cd '%s'; mkdir logs; ln -s %s .; env -i %s %s -t -p . -c nginx.conf 2>&1")
    :format(folder, links, environment, program))
  os.execute("rm -r '" .. folder .. "'")
  return status == 0, said
end

-- ---- workers ----

--- Process ids of an nginx's children, as /proc knows them.
-- @tparam number pid of its master process
-- @treturn {number,...} workers that take requests
-- @treturn {number,...} those that end
function M.workers(pid)
  local working, ending = {}, {}
  local children = process.read(("/proc/%d/task/%d/children"):format(pid, pid)) or ""
  for child in children:gmatch "%d+" do
    local title = process.read("/proc/" .. child .. "/cmdline") or ""
    local list = title:find "worker process" and (title:find "shutting down" and ending or working)
    if list then list[#list + 1] = tonumber(child) end
  end
  return working, ending
end

-- ---- servers ----

local Server = {}
Server.__index = Server

-- Under root its workers stay root, because the user `nobody` may not read homes.
local function main_of(given)
  local user = process.output_of("id -u"):match "%d+" == "0" and "user root root;\n" or ""
  return ("%sworker_processes %d;\nenv AWS_EC2_METADATA_DISABLED;\n%s"):format(
    user, given.workers or 1, given.main or "")
end

-- A whole nginx.conf: its own lines that load modules do not count.
local function as_given(given, port, modules)
  local text = given.text:gsub("load_module [^\n]*\n", "")
    :gsub("listen 127%.0%.0%.1:8080;", ("listen 127.0.0.1:%d;\n    location = /ready { return 204; }"):format(port))
  return modules .. (process.output_of("id -u"):match "%d+" == "0" and "user root root;\n" or "") .. text
end

local function configure(given, port, modules)
  if given.text then return as_given(given, port, modules) end
  local values = {
    modules = modules, main = main_of(given), root = lfs.currentdir(), port = port, http = given.http or "",
    build = build(), server = given.server or "",
  }
  local text = CONFIG:gsub("%$(%l+)", function(name) return values[name] end)
  return text
end

-- Runs it under a shell that stops it when its own input ends: it outlives
-- neither `stop` nor this process.
local function launch(self)
  local metadata = self.env.AWS_EC2_METADATA_DISABLED and "" or "AWS_EC2_METADATA_DISABLED=true "
  self.pipe = assert(io.popen(([[
    trap : INT
    cd '%s'
    { env -i %s %s -p "$PWD" -c nginx.conf -g 'daemon off;'; echo ended; } >said 2>&1 &
    cat >/dev/null
    # On a busy machine it may not have come so far yet.
    while [ ! -s nginx.pid ] && kill -0 $! 2>/dev/null; do sleep 0.1; done
    [ ! -e nginx.pid ] || kill $(cat nginx.pid)
    wait
  ]]):format(self.directory, metadata .. process.assignments(self.env), self.program), "w"))
end

--- Starts one and waits until it answers.
-- @tparam table given text for nginx.conf: `main`, `http`, `server` (what goes
--   into these blocks); `workers` (1 unless given), `env` (all that its
--   environment holds); or the whole of it as `text`, with port 8080, and as
--   `files` the paths of files that go beside it
-- @treturn table server: `port`, `directory`, and the methods below
function M.start(given)
  local program, modules = find()
  local self = setmetatable({
    program = program, port = M.free_port(), env = given.env or {},
    directory = make_folder(),
    http = core.http { timeout = SECONDS },
  }, Server)
  process.write(configure(given, self.port, modules), self.directory .. "/nginx.conf")
  for _, path in ipairs(given.files or {}) do
    process.write(process.read(path), self.directory .. "/" .. path:match "[^/]*$")
  end
  launch(self)
  local function said()
    return process.read(self.directory .. "/said") or ""
  end
  local ok, message = pcall(process.wait_for, function()
    if said():find "ended\n$" then error(said(), 0) end
    return self:send "/ready"
  end, said, SECONDS)
  if not ok then
    self:stop()
    error("nginx does not start: " .. message, 0)
  end
  self.pid = tonumber(process.read(self.directory .. "/nginx.pid"))
  return self
end

--- Waits until a function returns something.
-- @tparam string what to say when it never does
-- @tparam function f
-- @return what f returned
function Server:await(what, f)
  return process.wait_for(f, function() return what .. ": " .. self:log():sub(-1000) end, SECONDS)
end

--- A URL at it.
-- @tparam string path
-- @treturn string
function Server:url(path)
  return ("http://127.0.0.1:%d%s"):format(self.port, path)
end

--- Asks for a page.
-- @tparam string path
-- @treturn[1] table response
-- @treturn[2] nil
-- @treturn[2] table error
function Server:send(path)
  return self.http:send { method = "GET", url = self:url(path) }
end

--- The body of a page, which must be there.
-- @tparam string path
-- @treturn string
function Server:get(path)
  local response = assert(self:send(path))
  if response.status ~= 200 then
    error(("%s answers %d: %s"):format(path, response.status, self:log():sub(-1000)), 2)
  end
  return response.body
end

--- Sends a form or a document.
-- @tparam string path
-- @tparam string content_type
-- @tparam string body
-- @tparam[opt] {{string,string},...} headers more
-- @treturn table response
function Server:post(path, content_type, body, headers)
  local all = { { "Content-Type", content_type } }
  for _, header in ipairs(headers or {}) do all[#all + 1] = header end
  local request = { method = "POST", url = self:url(path), headers = all, body = body }
  return assert(self.http:send(request, { all_headers = true }))
end

--- Many pages at once.
-- @tparam {string,...} paths
-- @treturn {string,...} their bodies, in the same order
function Server:get_all(paths)
  local bodies, position = {}, {}
  for i, path in ipairs(paths) do
    position[assert(self.http:start { method = "GET", url = self:url(path) })] = i
  end
  while next(position) do
    self.http:step(1)
    for id, response, err in self.http.take, self.http do
      bodies[position[id]] = assert(response, err and err.message).body
      position[id] = nil
    end
  end
  return bodies
end

--- Process ids of the workers that take requests, as /proc knows them.
-- @treturn {number,...}
function Server:workers()
  return M.workers(self.pid)
end

--- Open descriptors of its only worker.
-- @treturn number
function Server:descriptors()
  local n = 0
  for _ in lfs.dir(("/proc/%d/fd"):format(self:workers()[1])) do n = n + 1 end
  return n
end

--- Has it read its configuration again, and waits for workers of the new one.
function Server:reload()
  local before = self:workers()[1]
  os.execute("kill -HUP " .. self.pid)
  self:await("nginx did not reload", function()
    local now = self:workers()[1]
    return now and now ~= before
  end)
end

--- The text of its error log.
-- @treturn string
function Server:log()
  return process.read(self.directory .. "/error.log") or ""
end

--- Stops it. A worker that crashed is an error.
function Server:stop()
  self.http:close()
  self.pipe:close()
  local alert = self:log():match "[^\n]*%[alert%][^\n]*"
  os.execute("rm -r '" .. self.directory .. "'")
  if alert then error(alert, 0) end
end

return M

--- A local nginx that answers as the service would, over TLS. Everything it
-- needs is made below build/bench at run time.

local core = require "cognito.core"
local example = require "bench.example"
local socket = require "socket"

local M = {}

local CONFIG = [[
pid nginx.pid;
error_log error.log;
worker_cpu_affinity $affinity;
events { worker_connections 4096; }
http {
  log_format sent '$uri $request_length $http_content_type $http_x_amz_target';
  access_log off;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  server_tokens off;
  default_type application/x-amz-json-1.1;
  ssl_certificate server.pem;
  ssl_certificate_key server.key;
  ssl_protocols TLSv1.3;
  map $http_x_amz_target $reply {
    default '{}';
    ~ForgotPassword '$details';
  }
  server {
    listen 127.0.0.1:$port ssl backlog=4096;
    add_header x-amzn-RequestId 8b2f3c5e-0a49-4b1c-9d3a-5f2e6c7d8e9f;
    location / { return 200 $reply; }
    location /users { index reply.json; error_page 405 =200 $uri; }
    location /logged { access_log sent.log sent; return 200 $reply; }
  }
}
]]

-- An authority, a certificate, and the system's hashed directory with the
-- authority added: a client that trusts it has as much to look through as
-- one that trusts the system's certificates.
local CERTIFICATES = [[
set -e
cd %s
mkdir -p temp trusted
key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
key authority
openssl req -x509 -new -key authority.key -out authority.pem -days 30 -subj '/CN=bench authority'
key server
openssl req -new -key server.key -subj '/CN=127.0.0.1' -out server.csr
echo 'subjectAltName=IP:127.0.0.1' >server.ext
openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -set_serial 1 -days 30 \
  -extfile server.ext -out server.pem
ln -sf "$(openssl version -d | cut -d'"' -f2)"/certs/*.[0-9] trusted/
ln -sf ../authority.pem trusted/"$(openssl x509 -hash -noout -in authority.pem)".0
]]

local function run(command)
  assert(os.execute(command) , "failed: " .. command)
end

local function free_port()
  local server = assert(socket.bind("127.0.0.1", 0))
  local _, port = server:getsockname()
  server:close()
  return port
end

local server = {}
server.__index = server

--- Starts a server on one CPU.
-- @tparam string directory to work in
-- @tparam number cpu
-- @treturn table `url`, `ca_path`, and the methods `sent` and `stop`
function M.start(directory, cpu)
  local port = free_port()
  os.execute("mkdir -p " .. directory)
  run("(" .. CERTIFICATES:format(directory) .. ") >/dev/null 2>&1")
  local file = assert(io.open(directory .. "/nginx.conf", "w"))
  file:write((CONFIG:gsub("%$(%l+)", {
    port = port,
    affinity = cpu == 0 and "01" or "10",
    details = example.responses.forgot_password.body,
  })))
  file:close()
  local self = setmetatable({
    url = ("https://127.0.0.1:%d/"):format(port),
    ca_path = directory .. "/trusted",
    directory = directory,
    command = ("PATH=$PATH:/usr/sbin nginx -p %s -c nginx.conf -g 'daemon on;'"):format(directory),
  }, server)
  run(self.command .. " 2>/dev/null") -- it returns once the port is open
  return self
end

--- The requests at a path below /logged/, once there are any: nginx writes them
-- down a moment after it has answered.
-- @tparam string name the rest of the path
-- @treturn table lines
-- @raise where none comes
function server:sent(name)
  local start, lines, until_time = ("/logged/%s/ "):format(name), {}, core.clock() + 10
  repeat
    for line in io.lines(self.directory .. "/sent.log") do
      if line:sub(1, #start) == start then
        lines[#lines + 1] = line:sub(#start + 1)
      end
    end
    assert(core.clock() < until_time, "nothing arrives at /logged/" .. name)
    core.sleep(lines[1] and 0 or 0.01)
  until lines[1]
  return lines
end

--- From now on a POST to /users/SIZE/ is answered with this.
-- @tparam number size
-- @tparam string body
function server:reply_with_users(size, body)
  local folder = ("%s/html/users/%d"):format(self.directory, size)
  run("mkdir -p " .. folder)
  local file = assert(io.open(folder .. "/reply.json", "w"))
  file:write(body)
  assert(file:close())
end

--- Stops it, by the process id that nginx wrote down.
function server:stop()
  os.execute(self.command .. " -s stop 2>/dev/null")
end

return M

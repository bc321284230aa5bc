--- Carries out cases of the shared behaviour inside nginx. A request brings
-- `{ case, parts }` as JSON (see world.lua), and gets `{ ok, err }`.
local behaviour = require "spec.support.behaviour"
local c_locale = require "cognito.c_locale"
local cjson = require "cjson"
local kind = require "spec.support.runtimes.nginx"
local worlds = require "spec.support.world"

local M = {}

local ngx = rawget(_G, "ngx")

-- ---- a way to the servers that the runtime knows nothing of ----

local function read_reply(socket)
  local line = assert(socket:receive "*l")
  local length
  repeat
    local header = assert(socket:receive "*l")
    length = tonumber(c_locale.lower(header):match "^content%-length: *(%d+)") or length
  until header == ""
  return line, assert(socket:receive(length))
end

local function ask(method, url, body)
  local host, port, path = url:match "^http://([^:/]+):(%d+)(.*)$"
  local socket = ngx.socket.tcp()
  socket:settimeout(10000)
  assert(socket:connect(host, tonumber(port)))
  assert(socket:send { ("%s %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n"):format(method, path, host, port),
    ("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"):format(#(body or "")), body or "" })
  local line, reply = read_reply(socket)
  socket:close()
  assert(line:find "^HTTP/1.1 200 ", line)
  return reply
end

--- Does what the request says.
function M.run()
  ngx.req.read_body()
  local given = cjson.decode(ngx.req.get_body_data())
  local ok, err = xpcall(function()
    local world = worlds.new(kind, given.parts, ask)
    world:run(assert(behaviour.find(given.case), "there is no such case"))
    world:close()
  end, debug.traceback)
  ngx.print(cjson.encode { ok = ok, err = err and tostring(err) })
end

return M

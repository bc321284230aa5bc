--- The sandbox over HTTP: one thread, select, several connections at once.
--
-- For development on one machine: it listens on loopback only, and a request
-- must name loopback in its Host header, so that no page in a browser can
-- reach it through a name of its own (DNS rebinding).
--
-- @module cognito.sandbox.server
local socket = require "socket"
local http = require "cognito.sandbox.http"
local json = require "cognito.sandbox.json"

local M = {}

-- select() takes no descriptor beyond 1023.
local MAX_CONNECTIONS = 200
local CHUNK = 8192

-- Who may ask ---------------------------------------------------------------

--- Whether a host is a literal loopback address or `localhost`.
-- @tparam string host without port
-- @treturn boolean
function M.is_loopback(host)
  return host == "localhost" or host == "::1" or host == "[::1]"
    or host:find("^127%.%d+%.%d+%.%d+$") ~= nil
end

local function host_of(headers)
  local host = headers["host"] or ""
  return (host:lower():gsub(":%d*$", ""))
end

-- What is asked -------------------------------------------------------------

local HELLO = "cognito sandbox: a stand-in for development, not a user pool."
  .. " POST / speaks the protocol, GET /outbox shows what would have been"
  .. " sent."

local function outbox_reply(box)
  local messages = json.list {}
  for i, message in ipairs(box.outbox) do messages[i] = message end
  return { status = 200, headers = { ["content-type"] = "application/json" },
    body = json.encode(messages) }
end

local function answer(box, request)
  if not M.is_loopback(host_of(request.headers)) then
    return http.text(403, "The Host header must name this machine's loopback.")
  end
  if request.method == "GET" then
    if request.path == "/outbox" then return outbox_reply(box) end
    if request.path == "/" then return http.text(200, HELLO) end
    return http.text(404)
  end
  return box:handle(request)
end

-- A bug in the sandbox must not look like the service's answer, nor end the
-- process that others are testing against.
local function safely(report, fn, ...)
  local ok, reply = pcall(fn, ...)
  if ok then return reply end
  report("cognito sandbox: bug: " .. tostring(reply))
  return http.text(500, "The sandbox has a bug; its output tells which.")
end

-- Connections ---------------------------------------------------------------

local Connection = {}
Connection.__index = Connection

local function new_connection(client)
  client:settimeout(0)
  client:setoption("tcp-nodelay", true)
  return setmetatable({ client = client, input = "", output = "" },
    Connection)
end

function Connection:receive()
  local data, err, partial = self.client:receive(CHUNK)
  self.input = self.input .. (data or partial)
  if err and err ~= "timeout" then self.ended = true end
end

function Connection:send()
  local last, err, partial = self.client:send(self.output)
  if err and err ~= "timeout" then self.dead = true end
  self.output = self.output:sub((last or partial or 0) + 1)
end

-- Answers with a reply, or does what a fault put in its place.
function Connection:settle(reply, keep)
  if reply.lost then
    self.dead = true
  elseif reply.wait then
    self.late = { at = socket.gettime() + reply.wait,
      proceed = reply.proceed, keep = keep }
  else
    self.output = self.output .. http.bytes(reply, keep)
    self.closing = not keep
  end
end

-- Takes requests off the input, one reply at a time and in order.
function Connection:work(box, report)
  while not (self.closing or self.dead or self.late) do
    local request, rest, status = http.take(self.input)
    if status then return self:settle(http.text(status), false) end
    if not request then return end
    self.input = rest
    self:settle(safely(report, answer, box, request), request.keep)
  end
end

function Connection:finish_late(report)
  local late = self.late
  if not late or socket.gettime() < late.at then return end
  self.late = nil
  self:settle(safely(report, late.proceed), late.keep)
end

-- Who hung up while an answer is late is not waited for.
function Connection:over()
  if self.dead then return true end
  if self.output ~= "" then return false end
  return self.closing or self.ended
end

-- The server ----------------------------------------------------------------

local Server = {}
Server.__index = Server

local function listen(host, port)
  local listener = assert(host == "::1" and socket.tcp6() or socket.tcp4())
  assert(listener:setoption("reuseaddr", true))
  local ok, err = listener:bind(host, port)
  if ok then ok, err = listener:listen(64) end
  if not ok then
    listener:close()
    return nil, err
  end
  listener:settimeout(0)
  return listener
end

--- Opens a sandbox to HTTP.
-- @tparam table box from `cognito.sandbox`
-- @tparam table options `host` (a loopback address), `port` (0: the system
--   picks), `report` (called with a line when something is wrong with us),
--   `lifeline` (an object with `getfd`; the server stops when it ends)
-- @treturn table|nil server
-- @treturn string|nil why not
function M.open(box, options)
  local host = options.host == "localhost" and "127.0.0.1" or options.host
  if not M.is_loopback(host) then
    return nil, "the sandbox listens on loopback only, not on " .. host
  end
  local listener, err = listen(host, options.port)
  if not listener then return nil, err end
  local _, port = listener:getsockname()
  return setmetatable({ box = box, listener = listener, connections = {},
    report = options.report, lifeline = options.lifeline,
    url = ("http://%s:%d"):format(host == "::1" and "[::1]" or host, port) },
    Server)
end

function Server:accept()
  local client = self.listener:accept()
  if not client then return end
  if #self.connections >= MAX_CONNECTIONS then
    client:close()
    return
  end
  self.connections[#self.connections + 1] = new_connection(client)
end

-- What select watches, and how long at most.
function Server:interests()
  local readers, writers, timeout = { self.listener, self.lifeline }, {}, nil
  for _, connection in ipairs(self.connections) do
    local client = connection.client
    if not connection.ended then readers[#readers + 1] = client end
    if connection.output ~= "" then writers[#writers + 1] = client end
    if connection.late then
      local rest = math.max(0, connection.late.at - socket.gettime())
      timeout = math.min(timeout or rest, rest)
    end
  end
  return readers, writers, timeout
end

function Server:serve(connection, readable)
  if readable[connection.client] then connection:receive() end
  connection:finish_late(self.report)
  connection:work(self.box, self.report)
  if connection.output ~= "" and not connection.dead then
    connection:send()
  end
end

function Server:sweep()
  local kept = {}
  for _, connection in ipairs(self.connections) do
    if connection:over() then
      connection.client:close()
    else
      kept[#kept + 1] = connection
    end
  end
  self.connections = kept
end

--- Serves what is ready, or waits for something to be.
-- @tparam[opt] number timeout seconds at most; for ever when left out
-- @treturn boolean false once the lifeline has ended
function Server:step(timeout)
  local readers, writers, limit = self:interests()
  if timeout then limit = math.min(limit or timeout, timeout) end
  local readable = socket.select(readers, writers, limit)
  if self.lifeline and readable[self.lifeline]
    and not self.lifeline:alive() then
    return false
  end
  if readable[self.listener] then self:accept() end
  for _, connection in ipairs(self.connections) do
    self:serve(connection, readable)
  end
  self:sweep()
  return true
end

--- Serves until the lifeline ends; for ever without one.
function Server:run()
  while self:step() do end -- luacheck: ignore 542
  self:close()
end

--- Closes every connection and the listener.
function Server:close()
  for _, connection in ipairs(self.connections) do
    connection.client:close()
  end
  self.connections = {}
  self.listener:close()
end

return M

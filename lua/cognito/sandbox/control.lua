--- The sandbox's answers over HTTP besides the protocol: the box itself,
-- for tests in other processes.
-- @module cognito.sandbox.control
local c_locale = require "cognito.c_locale"
local discovery = require "cognito.sandbox.discovery"
local http = require "cognito.sandbox.http"
local json = require "cognito.sandbox.json"
local oauth = require "cognito.sandbox.oauth"

local M = {}

-- ---- permission ----

--- Whether a host is a literal loopback address or `localhost`.
-- @tparam string host without port
-- @treturn boolean
function M.is_loopback(host)
  if host == "localhost" or host == "::1" or host == "[::1]" then
    return true
  end
  local bytes = { host:match("^127%.(%d+)%.(%d+)%.(%d+)$") }
  for _, byte in ipairs(bytes) do
    local is_octal = #byte > 1 and byte:sub(1, 1) == "0"
    if is_octal or tonumber(byte) > 255 then
      return false
    end
  end
  return #bytes == 3
end

local function host_of(headers)
  local host = headers["host"] or ""
  return (c_locale.lower(host):gsub(":%d*$", ""))
end

-- ---- requests ----

local HELLO = "cognito sandbox: a stand-in for development, not a user pool."
  .. " POST / speaks the protocol, GET /outbox shows what would have been"
  .. " sent, GET /executions how often each operation was carried out. POST"
  .. " /misbehave, /behave, /users, /advance and /reset do what the functions of a box do."

local function reply_of(value)
  return { status = 200, headers = { ["content-type"] = "application/json" },
    body = json.encode(value) }
end

local gets = {}

gets["/"] = function()
  return http.text(200, HELLO)
end

gets["/outbox"] = function(box)
  local messages = json.list {}
  for i, message in ipairs(box.outbox) do
    messages[i] = message
  end
  return reply_of(messages)
end

gets["/executions"] = function(box)
  return reply_of(box:executions())
end

local posts = {}

posts["/misbehave"] = function(box, fault)
  box:misbehave(fault)
  return {}
end

posts["/behave"] = function(box)
  return { left = box:behave() }
end

posts["/reset"] = function(box)
  box:reset()
  return {}
end

posts["/users"] = function(box, user)
  return box:add_user(user)
end

posts["/advance"] = function(box, order)
  box:advance(order.seconds)
  return { now = box:now() }
end

-- An error that a box raises is the caller's mistake; all else is a bug.
local function obey(post, box, order)
  local ok, result = pcall(post, box, order)
  if ok then
    return reply_of(result)
  end
  local complaint = tostring(result):match("cognito%.sandbox: .*$")
  if not complaint then
    error(result, 0)
  end
  return http.text(400, complaint)
end

-- No page of another origin can post this type unless it is allowed to by a
-- preflight request, which nothing here answers.
local TYPE = "application/json"

local function order(box, post, request)
  if request.headers["content-type"] ~= TYPE then
    return http.text(415, "Content-Type must be " .. TYPE .. ".")
  end
  local value, problem = json.decode(request.body)
  if problem or json.type(value) ~= "object" then
    return http.text(400, problem or "The body must be a JSON object.")
  end
  return obey(post, box, value)
end

--- Whether a request is for the pool, not for the box around it.
-- @tparam table request `{ method, path }`
-- @treturn boolean
function M.is_operation(request)
  return request.method ~= "GET" and not posts[request.path]
    and request.path ~= oauth.PATH
end

--- Answers a request.
-- @tparam table box
-- @tparam table request `{ method, path, headers, body }`
-- @tparam[opt] boolean remote whether other machines may ask, by whatever
--   name this one has there
-- @treturn table reply, as from `box:handle`
function M.answer(box, request, remote)
  if not remote and not M.is_loopback(host_of(request.headers)) then
    return http.text(403, "The Host header must name this machine's loopback.")
  end
  if M.is_operation(request) then
    return box:handle(request)
  end
  if request.method == "GET" then
    local get = gets[request.path]
    if get then
      return get(box)
    end
    local document = discovery.get(box.pool, request.path)
    return document and reply_of(document) or http.text(404)
  elseif request.path == oauth.PATH then
    return oauth.answer(box.pool, request)
  end
  return order(box, posts[request.path], request)
end

return M

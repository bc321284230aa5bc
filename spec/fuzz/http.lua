--- A server that answers a sequence of requests with any bytes, over connections
-- that are used again: what the http object makes of them is what the reader of
-- HTTP/1.1 makes of the same bytes at once.
--
-- An input: exchanges, separated by a line of "%%": a byte that says how the
-- server behaves, one for how the bytes come, and the bytes.

local check = require "spec.fuzz.support.check"
local core = require "cognito.core"
local read = require("spec.support.http1").read
local socket = require "socket"

local MOST, PATIENCE = 6, 2 -- exchanges; seconds, after which an exchange hangs
local MAX_RESPONSE = 65536
local CLOSED = { code = "connection_lost", words = "closed", ended = true }

local listener = assert(socket.bind("127.0.0.1", 0))
listener:settimeout(0)
local url = ("http://127.0.0.1:%d/"):format((select(2, listener:getsockname())))

-- ---- the server ----

local connections = {}

local function accept()
  local client = listener:accept()
  while client do
    client:settimeout(0)
    connections[#connections + 1] = { client = client, input = "" }
    client = listener:accept()
  end
end

-- The connection on which a whole request has come, which it forgets.
local function find_request()
  accept()
  for _, connection in ipairs(connections) do
    local data, _, partial = connection.client:receive(65536)
    connection.input = connection.input .. (data or partial or "")
    if connection.input:find("\r\n\r\nbody", 1, true) then
      connection.input = ""
      return connection
    end
  end
end

local function hang_up(connection, is_reset)
  if is_reset then
    connection.client:setoption("linger", { on = true, timeout = 0 })
  end
  connection.client:close()
  for i, each in ipairs(connections) do
    if each == connection then table.remove(connections, i) end
  end
end

local function hang_up_all()
  while connections[1] do hang_up(connections[1]) end
end

-- ---- one exchange ----

-- Goes on until the client has an outcome, or the step finds none so soon.
local function await(http, seconds)
  return http:step(seconds) > 0
end

local function await_request(http)
  local till = core.clock() + PATIENCE
  repeat
    await(http, 0)
    local connection = find_request()
    if connection then return connection end
  until core.clock() > till
  error "no request came"
end

local function send(http, connection, bytes, size)
  for at = 1, #bytes, size do
    connection.client:send(bytes:sub(at, at + size - 1))
    if size < #bytes then await(http, 0) end
  end
end

-- How the server goes on behind the bytes, and whether the client may know a reset from them.
local endings = { "keep", "keep", "keep", "close", "reset", "late", "close", "keep" }

local function answer(http, connection, bytes, ending, size)
  send(http, connection, bytes, size)
  if ending == "close" then
    hang_up(connection)
  elseif ending == "reset" then
    await(http, 0)
    hang_up(connection, true)
  elseif not await(http, 0.001) and not await(http, 0.001) then
    hang_up(connection) -- the client waits for more
  end
  if ending == "late" then -- what no one asked for
    connection.client:send "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
  end
  assert(await(http, PATIENCE), "no outcome")
end

-- ---- what must come of it ----

local codes = { connection_lost = true, malformed_response = true, too_large = true }

local function source(bytes)
  local given = false
  return { more = function()
    if given or bytes == "" then return nil, CLOSED end
    given = true
    return bytes
  end }
end

-- The same reader takes what a client gets and what nginx does.
local function compare(response, err, bytes)
  local expected, fault = read(source(bytes), { method = "POST", all_headers = true, max_response = MAX_RESPONSE })
  assert((response == nil) == (expected == nil), err and err.message or type(fault) == "table" and fault.words)
  if response then
    assert(response.status == expected.status and response.body == expected.body, "another reply")
    assert(check.same(response.headers, expected.headers), "other headers")
  else
    assert(err.code == fault.code, "another fault")
  end
end

local function exchange(http, way, size, bytes)
  local id = assert(http:start({ method = "POST", url = url, body = "body" },
    { all_headers = true, timeout = PATIENCE * 2, max_idle = way % 64 == 63 and 0 or nil }))
  local connection, ending = await_request(http), endings[way % #endings + 1]
  answer(http, connection, bytes, ending, size)
  local taken, response, err = http:take()
  assert(taken == id and http:take() == nil, "the outcome of another request")
  assert(response or codes[err.code] and err.sent, err and err.code)
  if ending ~= "reset" then
    compare(response, err, bytes)
  end
end

local function sizes(byte, bytes)
  return byte < 192 and #bytes + 1 or byte - 191
end

return function(input)
  local http, count = core.http { max_response = MAX_RESPONSE }, 0
  for part in (input .. "\n%%\n"):gmatch "(.-)\n%%%%\n" do
    count = count + 1
    if count > MOST or #part < 2 then break end
    local bytes = part:sub(3)
    exchange(http, part:byte(1), sizes(part:byte(2), bytes), bytes)
  end
  http:close()
  hang_up_all()
end

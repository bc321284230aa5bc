-- Lambda's runtime API on a port of 127.0.0.1 that it prints: hands out the
-- events of a file, one JSON document a line, and prints what is posted, a line
-- each: the path, a blank, the body. Then it answers no more.

local socket = require "socket"

local events = {}
for line in io.lines(arg[1]) do events[#events + 1] = line end

local listener = assert(socket.bind("127.0.0.1", 0))
print((select(2, listener:getsockname())))
io.stdout:flush()

local handed_out = 0

local function reply(client, status, headers, body)
  client:send(("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s"):format(status, headers, #body, body))
end

-- One request; false at the end of the connection, or of the events.
local function serve(client)
  local first = client:receive()
  if not first then return false end
  local length = 0
  for line in function() return client:receive() end do
    if line == "" then break end
    length = tonumber(line:lower():match "^content%-length: (%d+)") or length
  end
  local body = length > 0 and client:receive(length) or ""
  local method, path = first:match "^(%u+) /2018%-06%-01/runtime/(%S+)"
  if method == "POST" then
    print(path .. " " .. body)
    io.stdout:flush()
    reply(client, "202 Accepted", "", "")
    return true
  end
  handed_out = handed_out + 1
  if not events[handed_out] then return false end
  reply(client, "200 OK", ("Lambda-Runtime-Aws-Request-Id: id-%d\r\nLambda-Runtime-Deadline-Ms: %d\r\n"):format(
    handed_out, (os.time() + 30) * 1000), events[handed_out])
  return true
end

while handed_out <= #events do
  local client = assert(listener:accept())
  while serve(client) do end
  client:close()
end

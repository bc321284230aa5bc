--- Requests of any form to the sandbox, byte by byte as a client sends them.

local control = require "cognito.sandbox.control"
local http = require "cognito.sandbox.http"
local json = require "cognito.sandbox.json"
local sandbox = require "cognito.sandbox"

local NOW = 1763711391

local function new_box()
  local box = sandbox.new { now = function() return NOW end, users = {
    { username = "ada", email = "ada@example.com", email_verified = true, password = "Pass-word1" },
  } }
  return box
end

-- Withheld replies are made later.
local function proceed(reply, depth)
  if reply and reply.proceed and depth < 5 then
    return proceed(reply.proceed(), depth + 1)
  end
  return reply
end

local function check_reply(reply)
  if not (reply and reply.status) then return end
  local bytes = http.bytes(reply, true)
  assert(bytes:find "^HTTP/1%.1 %d%d%d ", "no status line")
  assert(not bytes:match "^(.-)\r\n\r\n":gsub("\r\n", ""):find "[%z\r\n]", "a header that is two")
  local kind = reply.headers["content-type"] or ""
  if kind:find "json" and reply.body ~= "" then
    local _, fault = json.decode(reply.body)
    assert(not fault, fault)
  end
end

local function answer(box, head, body)
  head.body = body
  if control.is_operation(head) then
    check_reply(proceed(box:interrupt("head", head.headers), 0))
  end
  check_reply(proceed(control.answer(box, head, false), 0))
end

return function(bytes)
  local box, rest = new_box(), bytes
  for _ = 1, 8 do
    local head, after, status = http.take_head(rest)
    assert(not (head and status) and (status == nil or status >= 400), "neither a head nor a refusal")
    if not head or head.refusal then return end
    if #after < head.length then return end
    answer(box, head, after:sub(1, head.length))
    rest = after:sub(head.length + 1)
  end
end

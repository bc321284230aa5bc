--- One HTTP connection of the sandbox: bytes in, requests, bytes out, and the
-- ways in which a connection can go wrong on order.
-- @module cognito.sandbox.connection
local socket = require "socket"
local control = require "cognito.sandbox.control"
local http = require "cognito.sandbox.http"

local M = {}

local CHUNK = 8192
-- Bytes beyond which it is not read from, or nothing more is answered, until
-- some of them are gone: the longest request fits.
local MOST_WAITING = 1024 * 1024 + 64 * 1024

local Connection = {}
Connection.__index = Connection

-- A bug in the sandbox must not look like the service's answer, nor end the
-- process that others are testing against.
local function bug(server, err)
  server.report("cognito sandbox: bug: " .. tostring(err))
  return http.text(500, "The sandbox has a bug; its output shows it.")
end

--- Takes a client in.
-- @param client a socket of luasocket
-- @tparam table server `box`, `report` and `max_idle` are read
-- @treturn table
function M.new(client, server)
  client:settimeout(0)
  client:setoption("tcp-nodelay", true)
  local self = setmetatable({ client = client, server = server, input = "",
    output = "", busy = socket.gettime() }, Connection)
  self:interrupt "connect"
  return self
end

function Connection:safely(fn, ...)
  local ok, reply = pcall(fn, ...)
  return ok and reply or not ok and bug(self.server, reply) or nil
end

-- ---- sending what there is, or doing what a fault put in its place ----

function Connection:settle(reply, keep)
  if reply.wait then
    self.late = { at = socket.gettime() + reply.wait,
      proceed = reply.proceed, keep = keep }
    return
  end
  if reply.status then
    self.output = self.output .. http.cut(http.bytes(reply, keep), reply.cut)
    self.answered = true
  end
  self.pace = reply.pace
  self.ending = reply.ending
    or (reply.hang_up or not keep) and "close" or nil
end

-- A fault within a request leaves the rest of it unread.
function Connection:interrupt(phase, headers)
  local box = self.server.box
  local reply = self:safely(box.interrupt, box, phase, headers)
  if not reply then
    return
  end
  self.deaf = true
  self:settle(reply, false)
end

function Connection:finish_late()
  local late = self.late
  if not late or socket.gettime() < late.at then
    return
  end
  self.late = nil
  self:settle(self:safely(late.proceed), late.keep)
end

-- At a pace, one byte is all that is due.
function Connection:send()
  if self.output == "" or self.dead
    or self.pace and socket.gettime() < self:due() then
    return
  end
  local last, err, partial = self.client:send(self.output, 1,
    self.pace and 1)
  if err and err ~= "timeout" then
    self.dead = true
  end
  local count = last or partial or 0
  if count > 0 then
    self.busy = socket.gettime()
  end
  self.output = self.output:sub(count + 1)
end

-- ---- reading ----

function Connection:receive()
  local data, err, partial = self.client:receive(CHUNK)
  data = data or partial
  if err and err ~= "timeout" then
    self.ended = true
  end
  if data == "" then
    return
  end
  local first = self.input == "" and not self.head
  self.input, self.busy = self.input .. data, socket.gettime()
  if first then
    self:interrupt "first_byte"
  end
end

-- Takes the head of the next request off the input.
function Connection:read_head()
  local head, rest, status = http.take_head(self.input)
  if status then
    return self:settle(http.text(status), false)
  end
  if not head then
    return
  end
  self.head, self.input = head, rest
  if control.is_operation(head) then
    self:interrupt("head", head.headers)
  end
  if head.refusal and not self.ending then
    self:settle(http.text(head.refusal), false)
  end
end

-- The next request, once all of it is there.
function Connection:next_request()
  if not self.head then
    self:read_head()
  end
  local head = self.head
  if not head or self.ending or #self.input < head.length then
    return
  end
  head.body = self.input:sub(1, head.length)
  self.head, self.input = nil, self.input:sub(head.length + 1)
  return head
end

-- One reply at a time and in order.
function Connection:work()
  while not (self.ending or self.dead or self.late or self.pace
    or #self.output > MOST_WAITING) do
    local request = self:next_request()
    if not request then
      return
    end
    self:settle(self:safely(control.answer, self.server.box, request,
      self.server.remote), request.keep)
  end
end

-- ---- for the server ----

--- The time since when it has been idle after an answer.
-- @treturn ?number seconds of the clock; nil: it is not
function Connection:rests_since()
  local at_rest = self.answered and self.input == "" and self.output == ""
    and not (self.head or self.late or self.ending or self.dead)
  return at_rest and self.busy or nil
end

local function serve(self, readable)
  if readable then
    self:receive()
  end
  self:finish_late()
  if self.output == "" then
    self.pace = nil
  end
  self:work()
  self:send()
end

--- Does what can be done now. A mistake of the server's own ends this
-- connection, with a reply where none has begun.
-- @param readable whether there is something to read
function Connection:serve(readable)
  local ok, err = pcall(serve, self, readable)
  if ok then
    return
  end
  self.late, self.pace, self.head = nil, nil, nil
  self.ending, self.dead = "close", self.output ~= ""
  self.output = http.bytes(bug(self.server, err), false)
end

--- Whether it waits for something to read.
-- @treturn boolean
function Connection:wants_to_read()
  return not self.ended and not self.deaf and #self.input <= MOST_WAITING
end

--- Whether it waits until it may write.
-- @treturn boolean
function Connection:wants_to_write()
  return self.output ~= "" and not self.pace
end

--- When it wants to be served even though nothing happens.
-- @treturn number as socket.gettime counts
function Connection:due()
  if self.late then
    return self.late.at
  end
  return self.busy + (self.pace or self.server.max_idle)
end

--- Whether it can be closed. A client that hung up while an answer is late is not
-- waited for; one without an answer may stay and wait, but not for ever.
-- @treturn boolean
function Connection:over()
  if self.dead then
    return true
  end
  if not self.late and not self.pace
    and socket.gettime() >= self:due() then
    return true
  end
  if self.output ~= "" then
    return false
  end
  return self.ended or self.ending == "close" or self.ending == "reset"
end

--- Closes it, with a reset (RST) where that was ordered: what happens to a
-- socket that is closed with nothing allowed to linger.
function Connection:close()
  if self.ending == "reset" then
    self.client:setoption("linger", { on = true, timeout = 0 })
  end
  self.client:close()
end

return M

--- Misbehaviour on order: what goes wrong, and on which side of carrying out.
--
-- A fault wraps the carrying out of one request. A kind with `phase =
-- "before"` answers without doing anything; with `phase = "after"` the pool
-- does its work and the caller is not told.
--
-- What a fault returns is a reply, or a table that says why there is none:
-- `{ lost = code, sent = boolean }` (the connection ends without a byte), or
-- `{ wait = seconds, proceed = function }` (the answer comes later; `proceed`
-- returns it).
--
-- @module cognito.sandbox.faults
local errors = require "cognito.sandbox.errors"
local replies = require "cognito.sandbox.replies"

local M = {}

-- Kinds: functions of the fault, the pool, and the answer that stands to be
-- spoiled. `work()` carries the request out; it is called at most once.
local kinds = {}

local function instead(make)
  return function(fault, pool, work)
    if fault.phase == "after" then work() end
    return make(fault, pool)
  end
end

kinds.throttle = instead(function(_, pool)
  return replies.refusal(pool, errors.new "throttled")
end)

-- Some throttles of the live service come without a type.
kinds.rate_exceeded = instead(function(_, pool)
  return replies.make(pool, 400, '{"message":"Rate exceeded"}')
end)

kinds.status_500 = instead(function(_, pool)
  return replies.refusal(pool, { code = "InternalErrorException",
    message = "Something went wrong." }, 500)
end)

-- What a proxy says when the service is away: no JSON at all.
kinds.status_503 = instead(function(_, pool)
  local reply = replies.make(pool, 503,
    "<html><body><h1>503 Service Unavailable</h1></body></html>")
  reply.headers["content-type"] = "text/html"
  return reply
end)

kinds.error = instead(function(fault, pool)
  return replies.refusal(pool, { code = fault.code,
    message = fault.message or "Asked for by the sandbox's owner." },
    fault.status or 400)
end)

kinds.drop = instead(function()
  return { lost = "connection_lost", sent = true }
end)

-- In process the request never left; over HTTP the listener has already
-- accepted it, so there it is a drop.
kinds.unreachable = function()
  return { lost = "connect", sent = false }
end

kinds.malformed = instead(function(_, pool)
  return replies.make(pool, 200, '{"CodeDeliveryDetails":{"Attri')
end)

kinds.delay = function(fault, _, work)
  if fault.phase == "before" then
    return { wait = fault.seconds, proceed = work }
  end
  local reply = work()
  return { wait = fault.seconds, proceed = function() return reply end }
end

-- The service's clock is off for this request: the handler reads `skew`
-- before it looks at the signature.
kinds.skew = function(_, _, work)
  return work()
end

-- What a kind needs to be told besides.
local needs = {
  delay = { seconds = "number" },
  skew = { seconds = "number" },
  error = { code = "string" },
}

local known = { operation = "string", times = "number", phase = "string",
  what = "string", seconds = "number", code = "string", message = "string",
  status = "number" }

local function complain(...)
  error("cognito.sandbox: misbehave: " .. string.format(...), 0)
end

local function check(fault)
  if type(fault) ~= "table" then complain("a table was expected") end
  for name, value in pairs(fault) do
    if not known[name] then complain("unknown field '%s'", tostring(name)) end
    if type(value) ~= known[name] then
      complain("%s must be a %s", name, known[name])
    end
  end
  if not kinds[fault.what] then
    complain("there is no '%s'", tostring(fault.what))
  end
  if fault.phase and fault.phase ~= "before" and fault.phase ~= "after" then
    complain("phase must be before or after")
  end
  for name, kind in pairs(needs[fault.what] or {}) do
    if type(fault[name]) ~= kind then
      complain("%s needs %s, a %s", fault.what, name, kind)
    end
  end
end

local Faults = {}
Faults.__index = Faults

--- No faults yet.
-- @treturn table
function M.new()
  return setmetatable({ list = {} }, Faults)
end

--- Orders a fault.
-- @tparam table fault `operation` (any when left out), `times` (1), `phase`
--   (`before` or `after`), `what`, and what the kind needs
-- @raise a sentence that names the field
function Faults:add(fault)
  check(fault)
  local copy = { times = 1, phase = "before" }
  for name, value in pairs(fault) do copy[name] = value end
  self.list[#self.list + 1] = copy
end

--- The fault that is due for an operation; it is used up by being asked for.
-- @tparam string operation in snake_case
-- @treturn table|nil
function Faults:take(operation)
  for i, fault in ipairs(self.list) do
    if not fault.operation or fault.operation == operation then
      fault.times = fault.times - 1
      if fault.times <= 0 then table.remove(self.list, i) end
      return fault
    end
  end
end

--- How far the service's clock is off under a fault.
-- @tparam table|nil fault
-- @treturn number seconds
function M.skew(fault)
  return fault and fault.what == "skew" and fault.seconds or 0
end

--- Carries a request out under a fault, or plainly.
-- @tparam table|nil fault
-- @tparam table pool
-- @tparam function work carries it out and returns the reply
-- @treturn table see above
function M.apply(fault, pool, work)
  if not fault then return work() end
  return kinds[fault.what](fault, pool, work)
end

return M

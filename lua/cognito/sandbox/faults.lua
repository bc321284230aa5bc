--- Misbehaviour on order: what goes wrong, and how far the exchange has come.
--
-- A fault wraps the carrying out of one request. With `phase = "before"` it
-- answers without doing anything; with `phase = "after"` the pool does its
-- work and the caller gets no reply, or not all of it. The earlier phases break
-- into the request itself: a face asks `early` at each of them.
--
-- The result is a reply, which may carry how it is delivered: `ending`
-- (`close`, `reset` or `stall`, after `cut` of its bytes: a number, `headers`
-- or `body` for the middle of either), `pace` (seconds for each byte),
-- `hang_up` (the connection ends although it was to be kept). Or it is a table
-- without a status: `{ ending, unsent }` (not a byte; `unsent`: there was no
-- connection either) or `{ wait = seconds, proceed = function }` (the reply
-- comes later; `proceed` returns it).
--
-- @module cognito.sandbox.faults
local errors = require "cognito.sandbox.errors"
local http = require "cognito.sandbox.http"
local replies = require "cognito.sandbox.replies"
local tables = require "cognito.tables"

local M = {}

-- Kinds: functions of the fault, the pool, and the answer that stands to be
-- spoiled. `work()` carries the request out; it is called at most once.
local kinds = {}

-- Kinds that need no request, so that they can come before there is one.
local early_kinds = {}

local function instead(what, make)
  early_kinds[what] = true
  kinds[what] = function(fault, pool, work)
    if fault.phase == "after" then
      work()
    end
    return make(pool, fault)
  end
end

instead("throttle", function(pool)
  return replies.refusal(pool, errors.new "throttled")
end)

-- Some throttles of the live service come without a type.
instead("rate_exceeded", function(pool)
  return replies.make(pool, 400, '{"message":"Rate exceeded"}')
end)

instead("status_500", function(pool)
  return replies.refusal(pool, { code = "InternalErrorException",
    message = "Something went wrong." }, 500)
end)

-- A proxy's answer when the service is away or slow: no JSON at all.
for _, status in ipairs { 408, 502, 503, 504, 524 } do
  instead("status_" .. status, function(pool)
    local reply = replies.make(pool, status,
      ("<html><body><h1>%d %s</h1></body></html>"):format(status,
        http.reason(status)))
    reply.headers["content-type"] = "text/html"
    return reply
  end)
end

instead("error", function(pool, fault)
  return replies.refusal(pool, { code = fault.code,
    message = fault.message or "Asked for by the sandbox's owner." },
    fault.status or 400)
end)

instead("malformed", function(pool)
  return replies.make(pool, 200, '{"CodeDeliveryDetails":{"Attri')
end)

instead("oversized", function(pool, fault)
  return replies.make(pool, 200,
    '{"Padding":"' .. ("x"):rep(fault.bytes) .. '"}')
end)

local endings = { drop = "close", reset = "reset", stall = "stall" }

for what, ending in pairs(endings) do
  early_kinds[what] = true
  kinds[what] = function(fault, _, work)
    local reply = fault.phase == "after" and work() or {}
    reply.ending, reply.cut = ending, fault.cut or 0
    return reply
  end
end

-- In process the request never left; over HTTP the listener has already
-- accepted it, so there it is a drop.
kinds.unreachable = function()
  return { ending = "close", unsent = true }
end

kinds.hang_up = function(_, _, work)
  local reply = work()
  reply.hang_up = true
  return reply
end

kinds.trickle = function(fault, _, work)
  local reply = work()
  reply.pace = fault.seconds
  return reply
end

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

-- ---- orders ----

-- Further fields that a kind needs.
local needs = { delay = "seconds", skew = "seconds", trickle = "seconds",
  error = "code" }

local known = { operation = "string", times = "number", phase = "string",
  what = "string", seconds = "number", code = "string", message = "string",
  status = "number", bytes = "number", chance = "number" }

local phases = { connect = "early", first_byte = "early", head = "early",
  before = "late", after = "late" }

-- More than any client should want to read, and little enough to make.
local OVERSIZE, MOST = 2 * 1024 * 1024, 64 * 1024 * 1024

local function complain(...)
  error("cognito.sandbox: misbehave: " .. string.format(...), 0)
end

local function check_types(fault)
  for name, value in pairs(fault) do
    if name ~= "cut" then
      if not known[name] then
        complain("unknown field '%s'", tostring(name))
      end
      if type(value) ~= known[name] then
        complain("%s must be a %s", name, known[name])
      end
    end
  end
  local need = needs[fault.what]
  if need and fault[need] == nil then
    complain("%s needs %s, a %s", fault.what, need, known[need])
  end
end

local function check_cut(fault)
  local cut = fault.cut
  if cut == nil then
    return
  end
  if cut ~= "headers" and cut ~= "body"
    and not (type(cut) == "number" and cut >= 0 and cut % 1 == 0) then
    complain("cut must be headers, body or a whole number of bytes")
  end
  if not endings[fault.what] or fault.phase ~= "after" then
    complain("cut goes with drop, reset or stall and phase = \"after\"")
  end
end

-- A number that no clock can count, or no status line can hold, would be a mistake of
-- the sandbox's only when the fault happens.
local LONGEST = 1e9 -- seconds

local function check_numbers(fault)
  local seconds, status = fault.seconds or 0, fault.status or 400
  if seconds ~= seconds or math.abs(seconds) > LONGEST then
    complain("seconds must be a number, at most %d", LONGEST)
  end
  if seconds < 0 and fault.what ~= "skew" then
    complain("seconds must not be negative")
  end
  if not (status >= 200 and status <= 599 and status % 1 == 0) then
    complain("status must be a whole number from 200 to 599")
  end
end

local function check_chance(fault)
  local chance = fault.chance or 1
  if not (chance > 0 and chance <= 1) then
    complain("chance must be above 0 and at most 1")
  end
end

local function check_phase(fault)
  local phase = fault.phase or "before"
  if not phases[phase] then
    complain("phase must be connect, first_byte, head, before or after")
  end
  if phases[phase] == "late" then
    return
  end
  if not early_kinds[fault.what] then
    complain("%s needs a whole request: phase must be before or after",
      fault.what)
  end
  if fault.operation and phase ~= "head" then
    complain("the operation is not known yet with phase = \"%s\"", phase)
  end
end

local function check(fault)
  if type(fault) ~= "table" then
    complain("a table was expected")
  end
  check_types(fault)
  if not kinds[fault.what] then
    complain("there is no '%s'", tostring(fault.what))
  end
  check_phase(fault)
  check_cut(fault)
  check_chance(fault)
  check_numbers(fault)
  local bytes = fault.bytes or 0
  if not (bytes >= 0 and bytes <= MOST and bytes % 1 == 0) then
    complain("bytes must be a whole number, at most %d", MOST)
  end
end

local Faults = {}
Faults.__index = Faults

--- No faults yet.
-- @tparam table random the sandbox's stream
-- @treturn table
function M.new(random)
  return setmetatable({ list = {}, random = random }, Faults)
end

--- Orders a fault.
-- @tparam table fault `operation` (any when left out), `times` (1), `chance`
--   (1), `phase` (`before`), `what`, and what the kind needs: see
--   docs/sandbox.md
-- @raise a sentence that names the field
function Faults:add(fault)
  check(fault)
  self.list[#self.list + 1] = tables.add({ times = 1, phase = "before", bytes = OVERSIZE }, fault)
end

--- Forgets the orders that were not carried out yet.
-- @treturn integer how many there were
function Faults:clear()
  local count = #self.list
  self.list = {}
  return count
end

function Faults:happens(fault)
  return not fault.chance or self.random:number() < fault.chance
end

function Faults:take_first(suits)
  for i, fault in ipairs(self.list) do
    if suits(fault) and self:happens(fault) then
      fault.times = fault.times - 1
      if fault.times <= 0 then
        table.remove(self.list, i)
      end
      return fault
    end
  end
end

--- The fault that is due for a whole request; it is used up by being asked
-- for.
-- @tparam string operation in snake_case
-- @treturn table|nil
function Faults:take(operation)
  return self:take_first(function(fault)
    return phases[fault.phase] == "late"
      and (not fault.operation or fault.operation == operation)
  end)
end

--- A fault's stand-in for a request that has only come so far.
-- @tparam string phase `connect`, `first_byte` or `head`
-- @tparam ?string operation in snake_case, where it is known
-- @tparam table pool
-- @treturn table|nil see above
function Faults:early(phase, operation, pool)
  local fault = self:take_first(function(fault)
    return fault.phase == phase
      and (not fault.operation or fault.operation == operation)
  end)
  return fault and kinds[fault.what](fault, pool)
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
  if not fault then
    return work()
  end
  return kinds[fault.what](fault, pool, work)
end

return M

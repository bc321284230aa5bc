--- Carries out the matrix of sends: one fault after the other, each with every
-- operation and in every way. A way: `place` (send_place.lua), `connection`
-- ("fresh", "reused"; "renewed": a new one, while the http object has had a reply
-- on another one, which is gone; nil within the process), `retry_ambiguous`,
-- `typical` (one operation of each class has to do, and some of the faults that
-- wait), `without` (detours that lead nowhere here).
--
-- The result is a list of cases: `fault`, `operation`, `way`, `result`,
-- `err`, `meta`, `runtime`, `executions`, and `orders_left`, how many orders
-- to the sandbox did not happen.
local operations = require "spec.support.send_operations"

local M = {}

-- Whether it is one of those that have to do where not all are tried.
local function is_chosen(fault, operation, way)
  return not way.typical or operation.typical and (fault.typical or not fault.waits)
end

-- Before there is a request the operation is unknown.
local function is_early(order)
  return order.phase == "connect" or order.phase == "first_byte"
end

-- Whether it breaks before a request has come. All others are as much a later
-- reply's on a reused connection, and a detour is a new connection anyway.
local function breaks_early(fault)
  return not fault.detour and fault.orders ~= nil and is_early(fault.orders[1])
end

-- Of what is tried in brief: a new connection, the usual settings, and nothing that waits
-- over HTTP.
local function is_left_out(fault, way)
  return way.retry_ambiguous or way.connection and (way.connection ~= "fresh" or fault.waits)
end

--- Whether a case makes sense. Within the process there is nothing that could
-- be refused, raced for, filled up or kept.
function M.suits(fault, operation, way)
  if operation.brief and is_left_out(fault, way) then
    return false
  elseif fault.only and not fault.only(operation) or fault.plain and way.retry_ambiguous
    or way.without and way.without[fault.detour] or not is_chosen(fault, operation, way) then
    return false
  elseif not way.connection then
    return fault.orders and not (fault.detour or fault.bytes or fault.outcome == "open")
  elseif way.connection == "renewed" then
    return breaks_early(fault)
  end
  return way.connection == (fault.connection or way.connection)
end

local users = 0

local function prepare(place, fault, operation, way)
  users = users + 1
  local case = { fault = fault, operation = operation, way = way, user = "u" .. users }
  local user = operations.user(operation, case.user)
  if user then
    place.pool:add_user(user)
  end
  if operation.code then
    assert(place.tool[operation.code](place.tool, { username = case.user }))
  end
  case.params = operations.params(operation, case.user, fault.bytes,
    operation.prepare and operation.prepare(place.tool, case.user))
  case.runtime = place:runtime(fault)
  return case
end

-- At once before the send: what sends a message goes over no connection that
-- was idle for some seconds.
local function warm(case)
  local way = case.way
  if way.connection ~= "fresh" and way.connection then
    way.place:warm(case.runtime, way.connection == "renewed" and { what = "hang_up" } or case.fault.idle)
  end
end

local function prepare_all(fault, way)
  local cases = {}
  for _, operation in ipairs(operations.list) do
    if M.suits(fault, operation, way) then
      cases[#cases + 1] = prepare(way.place, fault, operation, way)
    end
  end
  return cases
end

local function give_orders(pool, fault, cases)
  for _, order in ipairs(fault.orders or {}) do
    if is_early(order) then
      order.times = #cases
      pool:misbehave(order)
    else
      for _, case in ipairs(cases) do
        order.operation = case.operation.name
        pool:misbehave(order)
      end
    end
  end
end

local function call(case)
  local pool, name = case.way.place:client(case.runtime), case.operation.name
  case.result, case.err, case.meta = pool[name](pool, case.params, { retry_ambiguous = case.way.retry_ambiguous })
end

local function call_all(fault, groups)
  local together = {}
  for _, cases in ipairs(groups) do
    for _, case in ipairs(cases) do warm(case) end
  end
  for _, cases in ipairs(groups) do
    give_orders(cases[1].way.place.pool, fault, cases)
    for _, case in ipairs(cases) do together[#together + 1] = case end
  end
  groups[1][1].way.place:carry_out(together, call)
  for _, cases in ipairs(groups) do
    local left = fault.orders and cases[1].way.place.pool:behave() or 0
    for _, case in ipairs(cases) do
      case.orders_left = left
    end
  end
end

-- Those that wait over HTTP, wait together. For all others, what is ordered
-- and what it comes to must not get mixed up.
local function call_in_turn(fault, groups)
  for _, cases in ipairs(groups) do
    for _, case in ipairs(cases) do
      call_all(fault, { { case } })
    end
  end
end

local function executions(counts, operation)
  return (counts[operation.name] or { count = 0 }).count
end

local function count_executions(way, cases)
  local before = way.executions
  way.executions = way.place.pool:executions()
  for _, case in ipairs(cases) do
    case.executions = executions(way.executions, case.operation) - executions(before, case.operation)
  end
end

--- Lets a fault happen to every operation in every way.
-- @treturn table list of cases
function M.run(fault, ways)
  local groups, all = {}, {}
  for _, way in ipairs(ways) do
    local cases = prepare_all(fault, way)
    way.executions = way.place.pool:executions()
    groups[#groups + 1] = cases[1] and cases
  end
  if groups[1] then
    local together = fault.waits and ways[1].connection;
    (together and call_all or call_in_turn)(fault, groups)
  end
  for _, cases in ipairs(groups) do
    count_executions(cases[1].way, cases)
    for _, case in ipairs(cases) do
      all[#all + 1] = case
    end
  end
  return all
end

return M

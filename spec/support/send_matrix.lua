--- Specifies the matrix of sends: what each case may come to, and a spec for
-- every one. The rules of the table "Retry" in docs/design.md are written out here
-- once more, by hand.
local assert = require "luassert"
local faults = require "spec.support.send_faults"
local matrix = require "spec.support.send_run"
local operations = require "spec.support.send_operations"

local M = {}

-- ---- what the table allows ----

local again = {
  unsent = { read = true, ["repeat"] = true, once = true, message = true },
  throttled = { read = true, ["repeat"] = true, once = true, message = true },
  unknown = { read = true, ["repeat"] = true },
  answered = {},
}

-- The service refuses to do twice what can be done once.
local function second_refused(fault, operation)
  return fault.second or fault.carried == 1 and operation.once
end

local function expected(fault, operation, way, outcome)
  if outcome == "none" then
    return { attempts = 1, executions = fault.carried, succeeds = true }
  end
  local retry = again[outcome][operation.class] or (outcome == "unknown" and way.retry_ambiguous) or false
  local succeeds = retry and not second_refused(fault, operation)
  return {
    attempts = retry and 2 or 1,
    executions = fault.carried + (succeeds and 1 or 0),
    succeeds = succeeds,
    ambiguous = outcome == "unknown",
    code = retry and fault.second or not retry and fault.code or nil,
  }
end

-- Where it is a race whether a byte leaves, the http object knows the winner.
local function outcome_of(case)
  if case.fault.outcome ~= "open" then
    return case.fault.outcome
  end
  return case.runtime.first.sent and "unknown" or "unsent"
end

local function check_error(case, want)
  local err, class = case.err, case.operation.class
  assert.is_nil(case.result)
  assert.equal(want.ambiguous, err.ambiguous, "ambiguous: " .. tostring(err))
  assert.equal(want.code or err.code, err.code)
  if want.ambiguous and (class == "once" or class == "message") then
    assert.is_false(err.retryable)
  end
end

local function check_connection(case)
  local fault, connection = case.fault, case.way.connection
  if connection == "reused" and not fault.detour and not fault.idle then
    assert.is_true(case.runtime.first.reused, "the kept-alive connection was not used")
  elseif connection == "renewed" and fault.outcome ~= "open" then -- else it may end before it counts
    assert.is_falsy(case.runtime.first.reused, "there was no new connection")
  end
end

local function check(case)
  local fault = case.fault
  local want = expected(fault, case.operation, case.way, outcome_of(case))
  assert.equal(want.executions, case.executions, "executions")
  assert.equal(want.attempts, case.meta.attempts, "attempts: " .. tostring(case.err))
  assert.equal(want.attempts, case.runtime.attempts)
  if want.succeeds then
    assert.is_nil(case.err)
    assert.is_table(case.result)
  else
    check_error(case, want)
  end
  local spared = fault.second and want.attempts == 1 and 1 or 0
  assert.equal(spared, case.orders_left, "ordered, and did not happen")
  check_connection(case)
end

-- ---- the specs ----

local function title(operation, way)
  return ("%s (%s)%s%s"):format(operation.name, operation.class,
    way.connection and ", " .. way.connection .. " connection" or "",
    way.retry_ambiguous and ", retry_ambiguous" or "")
end

local function specify(busted, fault, ways)
  local found = {}

  busted.setup(function()
    for _, case in ipairs(matrix.run(fault, ways)) do
      found[title(case.operation, case.way)] = case
    end
  end)

  for _, way in ipairs(ways) do
    for _, operation in ipairs(operations.list) do
      if matrix.suits(fault, operation, way) then
        local name = title(operation, way)
        busted.it(name, function() check(found[name]) end)
      end
    end
  end
end

--- Makes a spec of every fault with every operation in every way.
-- @tparam table busted the spec's own `describe`, `it`, `setup` and `teardown`
-- @tparam table ways see send_run.lua; `open` makes the place of each
function M.generate(busted, ways)
  busted.setup(function()
    for _, way in ipairs(ways) do
      way.place = way.open()
    end
  end)

  busted.teardown(function()
    for _, way in ipairs(ways) do
      way.place:stop()
    end
  end)

  for _, fault in ipairs(faults.list) do
    busted.describe(fault.name .. ":", function() specify(busted, fault, ways) end)
  end
end

return M

--- Requests in flight, each with its wait.
-- @module cognito.runtime.loop.network

local native = require "cognito.native"

local M = {}

local network = {}
local network_mt = { __index = network }

-- The wait was made before: a finalizer in between could take the outcome of
-- this very request.
local function enter(self, wait, id, err)
  if not id then
    return nil, err
  end
  wait.id, self.waits[id] = id, wait
  self.in_flight = self.in_flight + 1
  return true
end

--- Puts a request in flight.
-- @tparam table wait that is done when the outcome is there, as its `response`
--   or `err`
-- @tparam table request
-- @tparam table options as for `http:send` of `cognito.core`
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error
function network:start(wait, request, options)
  return enter(self, wait, self.http:start(request, options))
end

--- Puts an exchange in flight.
-- @tparam table wait whose field `exchange` it is; it is done when the exchange
--   has its reply, or when there is an `err`
-- @tparam number timeout
-- @tparam number connect_timeout
-- @tparam ?number max_idle
-- @tparam ?boolean timings
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error
function network:launch(wait, timeout, connect_timeout, max_idle, timings)
  return enter(self, wait, self.http:launch(wait.exchange, timeout, connect_timeout, max_idle, timings))
end

--- Gives a request up; its outcome can be taken at once.
-- @tparam table wait
function network:cancel(wait)
  if self.waits[wait.id] and self.http:cancel(wait.id) then
    self.outcomes = self.outcomes + 1
  end
end

--- Goes on with what is in flight.
-- @tparam number seconds to wait for an outcome at most
-- @tparam[opt] number budget seconds of work
-- @treturn ?number what is left of the budget
function network:step(seconds, budget)
  local left
  self.outcomes, left = self.http:step(seconds, budget)
  return left
end

--- The wait whose outcome is there, the oldest first.
-- @treturn ?table wait
function network:take()
  local wait, response, err = self.http:land(self.waits)
  if not wait then
    self.outcomes = 0
    return nil
  end
  self.outcomes, self.in_flight = self.outcomes - 1, self.in_flight - 1
  if response ~= true then
    wait.response, wait.err = response, err
  end
  return wait
end

--- The descriptor that becomes readable when `step` has work.
-- @treturn integer
function network:pollfd()
  return self.http:pollfd()
end

--- What to poll the descriptor for.
-- @treturn string
function network:events()
  return self.http:events()
end

--- After how many seconds `step` has work even when the descriptor is silent.
-- @treturn ?number nil: there is no such time, or nothing in flight
function network:timeout()
  return self.in_flight > 0 and self.http:timeout() or nil
end

--- How many connections were opened so far.
-- @treturn integer
function network:connections()
  return self.http:stats().connections
end

--- Gives up all that is in flight.
function network:cancel_all()
  local waits = {} -- a finalizer may begin requests, and end some
  for _, wait in pairs(self.waits) do
    waits[#waits + 1] = wait
  end
  for i = 1, #waits do
    self:cancel(waits[i])
  end
end

--- Closes all connections.
function network:close()
  self.http:close()
  self.waits, self.in_flight, self.outcomes = {}, 0, 0
end

--- Makes a network.
-- @tparam table options of the http object
-- @treturn table `in_flight` and `outcomes` (that can be taken) are counts
function M.new(options)
  return setmetatable({ http = native.http(options), waits = {}, in_flight = 0, outcomes = 0 }, network_mt)
end

return M

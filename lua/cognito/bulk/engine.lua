--- What a job's calls run on: many at once on a loop, or one after the other
-- where the client was given a runtime that knows no tasks (a sandbox, say).
-- @module cognito.bulk.engine

local connections = require "cognito.connections"

local M = {}

-- ---- a loop ----

local parallel = {}
local parallel_mt = { __index = parallel }

--- Begins a call.
-- @tparam function f
function parallel:start(f)
  self.loop:spawn(f)
end

--- Waits until something has happened, at most so long.
-- @tparam number seconds
function parallel:wait(seconds)
  if self.loop:stats().tasks > 0 then
    self.loop:step(seconds)
  else
    self.loop:sleep(seconds)
  end
end

--- Epoch seconds.
-- @treturn number
function parallel:now()
  return self.loop:now()
end

--- Seconds on a monotonic clock.
-- @treturn number
function parallel:clock()
  return self.loop:clock()
end

--- Ends it.
function parallel:close()
  if self.owned then
    self.loop:close()
  end
end

-- ---- any other runtime ----

local sequential = {}
local sequential_mt = { __index = sequential }

--- Makes a call, and returns when it has ended.
-- @tparam function f
function sequential:start(f) -- luacheck: no self
  f()
end

--- Waits.
-- @tparam number seconds
function sequential:wait(seconds)
  self.runtime:sleep(seconds)
end

--- Epoch seconds.
-- @treturn number
function sequential:now()
  return self.runtime:now()
end

--- Seconds on a clock that only goes forward, as far as the runtime has one.
-- @treturn number
function sequential:clock()
  return self.runtime:clock()
end

--- There is nothing to end.
function sequential:close() end -- luacheck: no self

-- ---- which ----

--- Makes an engine for a client.
-- @tparam table transport what the client sends with: `runtime`, where it was
--   given one, and the settings of its HTTP
-- @tparam number concurrency calls at once
-- @treturn table engine; `runtime` is what the job's client is to use
function M.new(transport, concurrency)
  local runtime = transport.runtime
  if runtime and not runtime.spawn then
    return setmetatable({ runtime = runtime, most = 1 }, sequential_mt)
  end
  local loop = runtime
  if not loop then
    local options = connections.options(transport)
    options.concurrency = concurrency
    loop = require("cognito.runtime.loop").new(options)
  end
  return setmetatable({ runtime = loop, loop = loop, owned = not runtime, most = concurrency }, parallel_mt)
end

return M

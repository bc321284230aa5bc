--- Calls by the million over any runtime, while everything goes wrong, and the
-- books kept of them: what the client says of each call, beside how often the
-- service carried it out. The memory in use does not depend on the calls.
--
-- A world: `kind` (one of spec/support/runtimes/), `runtime`, `pool` (a client),
-- `in_flight`, `name(call)` (the user of a call), `prepare(from, n)` before the calls of
-- a block, and `carried_out(from, n)` after them, which returns a function from call to
-- executions.

local operations = require "spec.support.send_operations"
local proc = require "spec.support.proc"

local M = {}

-- Each is about a user, and needs nothing that happened before.
local chosen = {}
for _, operation in ipairs(operations.list) do
  if not (operation.code or operation.prepare or operation.name == "list_users") then
    chosen[#chosen + 1] = operation
  end
end

--- The operation of a call.
-- @tparam integer call
-- @treturn table a row of send_operations.lua
function M.operation(call)
  return chosen[call % #chosen + 1]
end

-- ---- the books ----

-- The operations that may be carried out again where an answer is missing.
local harmless = { read = true, ["repeat"] = true }

--- Empty books: sums of what came about.
-- @treturn table
function M.books()
  return {
    calls = 0, attempts = 0, succeeded = 0, failed = 0, ambiguous = 0, -- as the client says
    executions = 0, -- as the service says
    ambiguous_carried_out = 0, again = 0, -- both: the latter beyond the first, where that is allowed
    lost = 0, doubled = 0, untrue = 0, mixed_up = 0, -- what must not be
  }
end

--- Adds the books of a block.
-- @tparam table books
-- @tparam table more
function M.add(books, more)
  for name, n in pairs(more) do books[name] = books[name] + n end
end

--- The count of broken promises.
-- @tparam table books
-- @treturn integer
function M.wrong(books)
  return books.lost + books.doubled + books.untrue + books.mixed_up
    + (books.succeeded + books.failed + books.ambiguous == books.calls and 0 or 1)
    + (books.succeeded + books.ambiguous_carried_out + books.again == books.executions and 0 or 1)
end

-- One call's outcome: nothing, "succeeded", "failed" or "ambiguous", and how often it
-- was carried out.
local function enter(books, operation, outcome, executions)
  books.calls, books.executions = books.calls + 1, books.executions + executions
  if not outcome then
    books.lost = books.lost + 1
    return
  end
  books[outcome] = books[outcome] + 1
  if executions > 1 then
    local what = harmless[operation.class] and "again" or "doubled"
    books[what] = books[what] + executions - 1
  end
  if outcome == "succeeded" and executions == 0 or outcome == "failed" and executions > 0 then
    books.untrue = books.untrue + 1
  elseif outcome == "ambiguous" and executions > 0 then
    books.ambiguous_carried_out = books.ambiguous_carried_out + 1
  end
end

-- ---- a block of calls ----

-- The world's server puts a call's name into each reply to it.
local function is_of(result, meta, name)
  return (meta.request_id == nil or meta.request_id:find "^soak%-" == nil or meta.request_id == name)
    and (result == nil or result.username == nil or result.username == name)
end

local function make_call(world, books, call)
  local operation, name = M.operation(call), world.name(call)
  local result, err, meta = world.pool[operation.name](world.pool, operations.params(operation, name))
  books.attempts = books.attempts + meta.attempts
  if not is_of(result, meta, name) then books.mixed_up = books.mixed_up + 1 end
  return result and "succeeded" or err.ambiguous and "ambiguous" or "failed"
end

local function make_calls(world, books, from, n)
  local outcomes, next_call, fns = {}, from, {}
  local function work()
    while next_call < from + n do
      local call = next_call
      next_call = call + 1
      local outcome = make_call(world, books, call)
      assert(not outcomes[call], "a call ended twice")
      outcomes[call] = outcome
    end
  end
  for i = 1, world.in_flight do fns[i] = work end
  world.kind.run(world.runtime, function() world.kind.together(world.runtime, fns) end)
  return outcomes
end

--- Makes some calls and looks at what became of them.
-- @tparam table world
-- @tparam integer from the first call, counted from 0
-- @tparam integer n
-- @treturn table books
function M.block(world, from, n)
  local books = M.books()
  world.prepare(from, n)
  local outcomes = make_calls(world, books, from, n)
  local executions = world.carried_out(from, n)
  for call = from, from + n - 1 do
    enter(books, M.operation(call), outcomes[call], executions(call))
  end
  return books
end

-- ---- what is kept ----

--- The memory, heap and descriptors of this process, without garbage.
-- @treturn table `memory` and `heap` in bytes, `descriptors`
function M.sample()
  collectgarbage()
  collectgarbage()
  return {
    memory = proc.memory(), heap = math.floor(collectgarbage "count" * 1024), descriptors = proc.descriptors(),
  }
end

local SAMPLES = 100 -- at most: what is kept must not grow with the calls

--- Makes many calls, block by block.
-- @tparam table given `calls`, `block` (calls of a block), `step(from, n)`, which returns
--   books and a sample (in another process, say), and `seen(books, sample)` after each
-- @treturn table books of all
-- @treturn {table,...} samples
function M.run(given)
  local books, samples = M.books(), {}
  for from = 0, given.calls - 1, given.block do
    local more, sample = given.step(from, math.min(given.block, given.calls - from))
    M.add(books, more)
    if books.calls * SAMPLES >= (#samples + 1) * given.calls then samples[#samples + 1] = sample end
    if given.seen then given.seen(books, sample) end
  end
  return books, samples
end

--- How much more is held at the end than when all was warm: caches, traces of LuaJIT.
-- @tparam {table,...} samples
-- @tparam number share of the samples that warming up takes
-- @treturn table a sample of differences
function M.growth(samples, share)
  local first, last, more = samples[math.ceil(#samples * share)], samples[#samples], {}
  for name, n in pairs(last) do more[name] = n - first[name] end
  return more
end

return M

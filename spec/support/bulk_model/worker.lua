--- A worker of the driver: a real run in a coroutine that stops before each of
-- its transactions, and each of its calls in one that stops where its request
-- would leave. It lives in this process, or in one of its own
-- (`spec.support.bulk_model.process_worker`).

local failure = require "cognito.bulk.failure"
local runners = require "cognito.bulk.runner"
local writers = require "cognito.bulk.writer"

local M = {}

local worker = {}
local worker_mt = { __index = worker }

-- ---- gates ----

local gated = { "turn", "enter_again", "rejoin", "finish" }

-- The wish as it is when the turn begins, and not when the run stopped before it.
local function renew_wish(self, wish)
  local runner = self.runner
  wish.free = not runner.stopping and self.most - runner.in_flight or 0
  wish.slot, wish.look, runner.turned_at = runner.slot, true, runner.engine:clock()
  wish.users = runner.limits.limit and runner.limits.limit - runner.claimed
end

local function gate(self, writer, name)
  local method = writer[name]
  writer[name] = function(its_writer, ...)
    coroutine.yield(name)
    if name == "turn" then
      renew_wish(self, (select(2, ...)))
    end
    local result, err = method(its_writer, ...)
    self.work = name == "turn" and result.work or self.work
    return result, err
  end
end

-- The worker holds the objects that a run makes, while it runs.
local function with_gates(self, f, ...)
  local new_writer, new_runner = writers.new, runners.new
  writers.new = function(given)
    self.writer = new_writer(given)
    for _, name in ipairs(gated) do
      gate(self, self.writer, name)
    end
    return self.writer
  end
  runners.new = function(given)
    self.runner = new_runner(given)
    return self.runner
  end
  local ok, where = f(...)
  writers.new, runners.new = new_writer, new_runner
  assert(ok, where)
  return where
end

-- The session of a database server, by its number; nil: it was ended.
local function note_session(self)
  if self.is_real then
    local ok, row = pcall(self.job.journal.row, self.job.journal, "SELECT pg_backend_pid() AS pid")
    self.session = ok and row.pid or nil
  end
end

--- Goes on to the next place where the run stops, which is then `at`: a gate,
-- idle, or nil, its end.
-- @tparam ?string fate of the next commit: `held` (it holds, and its answer is
--   lost), `lost` or `killed` (the process ends right before it)
-- @tparam ?number seconds by which the worker's clock goes on
function worker:resume(fate, seconds)
  self.fate, self.ticks = fate, self.ticks + (seconds or 0)
  self.at = with_gates(self, coroutine.resume, self.main)
  if coroutine.status(self.main) == "dead" then
    self.at = nil
  end
  note_session(self)
end

-- ---- calls ----

-- One call more: the work of the last turn, in its order.
local function spawn(self, f)
  local work = table.remove(self.work, 1)
  self.calls = self.calls + 1
  table.insert(self.tasks, { co = coroutine.create(f), id = self.calls, kind = work.kind, row = work.row.id,
    attempt = work.row.attempts })
end

local function index_of(self, id)
  for i, task in ipairs(self.tasks) do
    if task.id == id then
      return i
    end
  end
end

--- Lets a call go on, until it ends or has a request to send.
-- @tparam number id of the call
-- @param ... what its last request is answered with
-- @treturn ?table the request
function worker:go_on(id, ...)
  local i = index_of(self, id)
  local task = self.tasks[i]
  self.in_call = true
  local ok, request = coroutine.resume(task.co, ...)
  self.in_call = false
  assert(ok, request)
  task.request = request
  if coroutine.status(task.co) == "dead" then
    table.remove(self.tasks, i)
    return nil
  end
  return request
end

local function runtime_of(self, world)
  local function idle() coroutine.yield "idle" end
  return {
    send = function(_, request, options)
      if self.in_call then
        return coroutine.yield(request)
      end
      return world.send(request, options)
    end,
    now = function() return world.now() end,
    clock = function() return world.now() + self.ticks end,
    sleep = idle, step = idle,
    spawn = function(_, f) spawn(self, f) end,
    stats = function() return { tasks = 1 } end,
  }
end

-- ---- commits ----

-- The database server ends the session: before the commit, or when it has been made.
local function end_session(its_journal)
  pcall(its_journal.rows, its_journal, "SELECT pg_terminate_backend(pg_backend_pid()) AS ended")
end

local function ignore() end

local function lose_commits(self, its_journal, world)
  local commit = its_journal.commit
  local ended = self.is_real and end_session or ignore
  function its_journal.commit(this)
    local fate = self.fate
    self.fate = nil
    if fate == "killed" then
      world.die()
    elseif fate == "lost" then
      ended(this)
    end
    if fate ~= "lost" or self.is_real then
      commit(this)
    end
    if fate then
      ended(this)
      failure.raise("journal_away", "lost", { temporary = true })
    end
  end
end

-- ---- its life ----

--- The name under which the journal has it.
-- @treturn string
function worker:name()
  return self.writer.worker
end

--- Ends it as if its process ended: what it has begun is left as it is.
function worker:close()
  self.job:close()
end

--- In this process, a worker that is killed is one that is left as it is.
worker.kill = worker.close

--- Begins a run, up to its first transaction after its entry.
-- @tparam table given `open` (a function that takes a pool and returns the job),
--   `pool`, `options` of the run
-- @tparam table world `send` and `now`, of the service; `die` (ends this process);
--   `is_real`: sessions of a database server are ended
-- @treturn table worker: `at`, `tasks`, `session`
function M.new(given, world)
  local self = setmetatable({ ticks = 0, calls = 0, tasks = {}, most = given.options.concurrency,
    is_real = world.is_real }, worker_mt)
  self.job = given.open(given.pool:with { runtime = runtime_of(self, world) })
  lose_commits(self, self.job.journal, world)
  self.main = coroutine.create(function() return assert(self.job:run(given.options)) end)
  self:resume()
  return self
end

return M

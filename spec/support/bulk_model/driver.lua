--- Drives the real code along a path of the model: real runs on a real journal,
-- against the sandbox in process. Each run is a coroutine that stops before every
-- transaction, each of its calls one that stops where its request would leave.
-- After each step the journal's rows, the job's state and the service's own count
-- have to be the model's. (On Lua 5.1, which cannot suspend within pcall, there is
-- no such driver.)

local bulk = require "cognito.bulk"
local failure = require "cognito.bulk.failure"
local helper = require "spec.support.bulk"
local journal = require "spec.support.bulk_model.journal"
local runners = require "cognito.bulk.runner"
local secure = require "cognito.bulk.secure"
local writers = require "cognito.bulk.writer"

local M = {}

local RESET = "admin_reset_user_password"
local FACTOR = "SOFTWARE_TOKEN_MFA"

-- The real steps that those of a model stand for.
local real_steps = { ["repeat"] = "disable", once = "remove_factor:" .. FACTOR }
local SECOND = 1.01 -- by which the journal's clock moves for a turn
local AFTER_SETTLE, AFTER_LEASE = 41, 601 -- seconds

local driver = {}
local driver_mt = { __index = driver }

-- ---- runs ----

local gated = { "turn", "enter_again", "rejoin", "finish" }

-- The wish as it is when the turn begins, and not when the run stopped before it.
local function renew_wish(worker, wish)
  local runner, most = worker.runner, worker.most
  wish.free = not runner.stopping and most - runner.in_flight or 0
  wish.slot, wish.look, runner.turned_at = runner.slot, true, runner.engine:clock()
  wish.users = runner.limits.limit and runner.limits.limit - runner.claimed
end

local function gate(worker, writer, name)
  local method = writer[name]
  writer[name] = function(self, ...)
    coroutine.yield(name)
    if name == "turn" then
      renew_wish(worker, (select(2, ...)))
    end
    local result, err = method(self, ...)
    worker.work = name == "turn" and result.work or worker.work
    return result, err
  end
end

-- The driver holds the objects that a run makes, while it runs.
local function with_gates(worker, f, ...)
  local new_writer, new_runner = writers.new, runners.new
  writers.new = function(given)
    worker.writer = new_writer(given)
    for _, name in ipairs(gated) do
      gate(worker, worker.writer, name)
    end
    return worker.writer
  end
  runners.new = function(given)
    worker.runner = new_runner(given)
    return worker.runner
  end
  local ok, where = f(...)
  writers.new, runners.new = new_writer, new_runner
  assert(ok, where)
  return where
end

-- Goes on to the next place where the run stops: a gate, idle, or its end (nil).
local function resume(worker)
  worker.at = with_gates(worker, coroutine.resume, worker.main)
  if coroutine.status(worker.main) == "dead" then
    worker.at = nil
  end
end

local function come_to(worker, name)
  for _ = 1, 10 do
    if worker.at == name then
      return
    end
    assert(worker.at == "idle", ("the run stops at %s, not at %s"):format(tostring(worker.at), name))
    worker.ticks = worker.ticks + SECOND
    resume(worker)
  end
  error("the run does not come to " .. name)
end

-- One call more: the work of the last turn, in its order.
local function spawn(worker, f)
  local work = table.remove(worker.work, 1)
  table.insert(worker.tasks, { co = coroutine.create(f), kind = work.kind, row = work.row.id,
    attempt = work.row.attempts })
end

local function runtime_of(self, worker)
  local box = self.box
  local function idle() coroutine.yield "idle" end
  return {
    send = function(_, request, options)
      if self.in_call then
        return coroutine.yield(request)
      end
      return box:send(request, options)
    end,
    now = function() return box:now() end,
    clock = function() return box:now() + worker.ticks end,
    sleep = idle, step = idle,
    spawn = function(_, f) spawn(worker, f) end,
    stats = function() return { tasks = 1 } end,
  }
end

local function lose_commits(worker, its_journal)
  local commit = its_journal.commit
  function its_journal.commit(self)
    local fate = worker.fate
    worker.fate = nil
    if fate ~= "lost" then
      commit(self)
    end
    if fate then
      failure.raise("journal_away", "lost", { temporary = true })
    end
  end
end

local function ignore() end

-- A file that several workers share, as a database is: they take turns here, and
-- only who is alone has the lock alone.
local function share(self, its_journal)
  local holders = self.holders
  its_journal.is_exclusive = function() return false end
  its_journal.lock = function(_, kind)
    if kind ~= "shared" and next(holders) then
      return false
    end
    holders[its_journal] = kind
    return true
  end
  its_journal.release = function() holders[its_journal] = nil end
  its_journal.check_claims, its_journal.note_claims = ignore, ignore
end

local function open(self, pool)
  local job = assert(bulk.open { journal = self.path, pool = pool })
  if not self.config.exclusive then
    share(self, job.journal)
  end
  return job
end

local steps = {}

function steps.begin(self, w, _, before)
  if before.workers[w].lease == "lapsed" then
    self.job.journal:run("UPDATE runs SET ended_at = 0 WHERE worker = ?", self.names[w])
  end
  local worker = { ticks = 0, tasks = {}, most = self.config.most }
  local job = open(self, self.pool:with { runtime = runtime_of(self, worker) })
  lose_commits(worker, job.journal)
  worker.job = job
  worker.main = coroutine.create(function()
    return assert(job:run { rate = 49, concurrency = self.config.most, lease = 100000, settle = 1000, patience = 1e9,
      limit = self.config.limit, daily_limit = self.config.daily_limit, hold = self.config.hold })
  end)
  self.workers[w] = worker
  resume(worker)
end

-- Before a transaction the slot comes: the journal's clock goes on.
local function pass(name)
  return function(self, w, commit)
    local worker = self.workers[w]
    come_to(worker, name)
    self.job.journal:run("UPDATE pace SET clock = clock + ?", SECOND)
    worker.fate = commit ~= "ok" and commit or nil
    resume(worker)
  end
end

steps.turn, steps.enter, steps.rejoin = pass "turn", pass "enter_again", pass "rejoin"

local function close(self, w)
  local worker = self.workers[w]
  worker.job:close()
  self.holders[worker.job.journal] = nil
  self.names[w], self.workers[w] = worker.writer.worker, nil
end

function steps.finish(self, w)
  pass "finish"(self, w, "ok")
  if not self.workers[w].at then
    close(self, w)
  end
end

-- A request that has left may still arrive; the rest is gone with the process.
function steps.kill(self, w, _, before)
  for _, task in ipairs(before.workers[w].tasks) do
    if task.stage == "sent" then
      local real = self:task(w, task)
      table.insert(self.open[task.row], real.request)
    end
  end
  close(self, w)
end

-- ---- calls ----

local is_begun = { dated = true, stale = true, sent = true, lost = true }

-- The real call that a task of the model stands for.
function driver:task(w, task)
  for _, real in ipairs(self.workers[w].tasks) do
    local is_old = real.attempt < self.attempts[real.row]
    if real.kind == task.kind and real.row == task.row and is_old == task.old
      and (real.request ~= nil) == (is_begun[task.stage] or false) then
      return real
    end
  end
  error(("worker %d has no %s of user %d (%s)"):format(w, task.kind, task.row, task.stage))
end

-- Lets a call go on, until it ends or has a request to send.
local function go_on(self, w, real, ...)
  self.in_call = true
  local ok, request = coroutine.resume(real.co, ...)
  self.in_call = false
  assert(ok, request)
  real.request = request
  if coroutine.status(real.co) == "dead" then
    for i, each in ipairs(self.workers[w].tasks) do
      if each == real then
        return table.remove(self.workers[w].tasks, i)
      end
    end
  end
end

local function operation_of(request)
  for _, header in ipairs(request.headers) do
    if header[1]:lower() == "x-amz-target" then
      return header[2]:match "%.(%w+)$"
    end
  end
end

function steps.check(self, w, task)
  local real = self:task(w, task)
  go_on(self, w, real)
  if real.request and operation_of(real.request) == "ListUsers" then
    go_on(self, w, real, self.box:send(real.request))
  end
end

function steps.send() end

local function lost(code)
  return nil, { code = code, kind = "network", message = code, sent = code ~= "connect" }
end

local function answered(is_lost, prepare)
  return function(self, w, task, _, more)
    local real = self:task(w, task)
    if prepare then
      prepare(self, more, task)
    end
    local response, err = self.box:send(real.request)
    if is_lost then
      response, err = lost "connection_lost"
    end
    go_on(self, w, real, response, err)
  end
end

local refusals = {
  planned = { what = "throttle" }, refused = { what = "error", code = "UnsupportedUserStateException" },
  stop = { what = "error", code = "AccessDeniedException" },
}

local function misbehave(self, outcome, task)
  local fault = refusals[outcome]
  self.box:misbehave { operation = self.operations[task.step], what = fault.what, code = fault.code }
end

for name, prepare in pairs { ["carry out"] = false, ["send too late"] = false, refuse = misbehave } do
  steps[name] = answered(false, prepare)
  steps[name .. ", reply lost"] = answered(true, prepare)
end

steps["time out"] = function(self, w, task)
  local real = self:task(w, task)
  if task.stage == "sent" then
    table.insert(self.open[task.row], real.request)
  end
  go_on(self, w, real, lost "timeout")
end

function steps.unsent(self, w, task)
  go_on(self, w, self:task(w, task), lost "connect")
end

function steps.look(self, w, task)
  local real = self:task(w, task)
  go_on(self, w, real)
  if real.request then -- what can be repeated is not looked up
    go_on(self, w, real, self.box:send(real.request))
  end
end

steps["look in vain"] = function(self, w, task)
  self.box:misbehave { operation = "admin_get_user", what = "throttle" }
  steps.look(self, w, task)
end

-- ---- the world ----

function steps.arrive(self, _, i)
  assert(self.box:send(table.remove(self.open[i])).status == 200)
end

function steps.lapse(self, w)
  self.box:advance(AFTER_LEASE)
  local name = self.workers[w] and self.workers[w].writer.worker or self.names[w]
  self.job.journal:run("UPDATE runs SET alive_until = -1 WHERE worker = ?", name)
end

steps["stray lapses"] = function(self)
  self.box:advance(AFTER_LEASE)
  local names = {}
  for w = 1, 2 do
    names[w] = self.workers[w] and self.workers[w].writer.worker or self.names[w] or "none"
  end
  self.job.journal:run("UPDATE runs SET ended_at = 0 WHERE worker NOT IN ?", names)
end

function steps.due(self, _, i, before)
  self.box:advance(before.rows[i].look == "later" and AFTER_SETTLE or 0)
  self.job.journal:run("UPDATE users SET look_at = ? WHERE id = ?", i / 1000, i)
end

function steps.pause(self) assert(self.job:pause()) end
function steps.resume(self) assert(self.job:resume()) end
function steps.cancel(self) assert(self.job:cancel()) end
steps["resume failed"] = function(self) assert(self.job:resume { failed = true }) end

--- Whether the driver can do a step: it moves no user, without which none of
-- these becomes uncertain before the end, and copies no journal.
-- @tparam string what
-- @tparam ?string more of a refusal
-- @treturn boolean
function M.can(what, more)
  return steps[what] ~= nil and more ~= "undelivered"
end

--- The names of all steps that the driver can do.
-- @treturn table list
function M.steps()
  local names = {}
  for name in pairs(steps) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

-- ---- comparing ----

-- Claimed is what a worker has that was not given up.
local ROWS = [[SELECT users.*, CASE WHEN worker IN (SELECT worker FROM runs WHERE ended_at IS NULL) THEN 1 ELSE 0 END
  AS claimed FROM users ORDER BY id]]

local function number(value) return tonumber(value) end

local letters = { done = "d", failed = "f", unknown = "u", open = "." }

-- What the journal says of a row's steps, as the model has it.
local function over_of(self, row)
  local over = {}
  for i in ipairs(self.config.steps or over) do over[i] = "." end
  for _, step in ipairs(self.job.journal:rows("SELECT step, state FROM steps WHERE user_id = ?", row.id)) do
    over[number(step.step)] = letters[step.state]
  end
  return table.concat(over)
end

--- The state of the real journal and the real service.
-- @treturn string
function driver:real()
  local words = { self.job.journal:get "state" }
  for _, row in ipairs(self.job.journal:rows(ROWS)) do
    self.attempts[number(row.id)] = number(row.attempts)
    words[#words + 1] = ("%s%s step %d over %s look %s seen %d tries %d traced %s done %d"):format(row.state,
      number(row.claimed) == 1 and " claimed" or "", number(row.step), over_of(self, row), tostring(row.look_at ~= nil),
      number(row.seen), number(row.tries), tostring(number(row.traced) == 1),
      self.box:executions(self.counted, "u" .. number(row.id)))
  end
  return table.concat(words, "; ")
end

--- The state of the model.
-- @tparam table state
-- @treturn string
function M.expected(state)
  local words = { state.job }
  for i, row in ipairs(state.rows) do
    words[#words + 1] = ("%s%s step %d over %s look %s seen %d tries %d traced %s done %d"):format(row.state,
      row.worker and journal.is_listed(state.workers[row.worker]) and " claimed" or "", row.step, row.over,
      tostring(row.look ~= nil),
      row.seen, row.tries, tostring(row.traced), state.users[i].done)
  end
  return table.concat(words, "; ")
end

-- Requests of which the model knows that they will not arrive.
local function forget(self, state)
  for i, user in ipairs(state.users) do
    while #self.open[i] > user.open do
      table.remove(self.open[i])
    end
  end
end

--- Takes a step.
-- @tparam table step `what`, `worker`, `detail`, `more`
-- @tparam table before the model's states
-- @tparam table after
-- @treturn string what is there now
-- @treturn string what should be
function driver:take(step, before, after)
  steps[step.what](self, step.worker, step.detail, before, step.more)
  forget(self, after)
  return self:real(), M.expected(after)
end

--- Ends it.
function driver:close()
  secure.steps = self.all_steps
  for _, worker in pairs(self.workers) do
    worker.job:close()
  end
  self.job:close()
end

local all_steps = secure.steps

-- Of the real action those that the model has, in its order.
local function choose_steps(config)
  return function(...)
    local by_name, chosen = {}, {}
    for _, step in ipairs(all_steps(...)) do by_name[step.name] = step end
    for i, kind in ipairs(config.steps) do chosen[i] = by_name[real_steps[kind]] end
    return chosen
  end
end

local function world_of(config)
  if not config.steps then
    return helper.world(config.users)
  end
  local box, pool = helper.world()
  for i = 1, config.users do
    box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i), totp_secret = "JBSWY3DPEHPK3PXP" }
  end
  return box, pool
end

local operations = { ["repeat"] = "admin_disable_user", once = "admin_delete_software_token" }

local function operations_of(config)
  local list = {}
  for i, kind in ipairs(config.steps or list) do list[i] = operations[kind] end
  return list[1] and list or { RESET }
end

--- A new world.
-- @tparam table config of the model
-- @treturn table driver
function M.new(config)
  secure.steps = config.steps and choose_steps(config) or all_steps
  local box, pool = world_of(config)
  local job = helper.plan(pool, { action = config.steps and "secure" or "reset", sign_out = false,
    factors = config.steps and { FACTOR } or nil, recheck = config.recheck or false })
  assert(job:approve {})
  local self = setmetatable({ config = config, box = box, pool = pool, path = helper.path_of(job), workers = {},
    names = {}, holders = {}, open = {}, attempts = {}, all_steps = all_steps, operations = operations_of(config),
    counted = config.steps and operations.once or RESET }, driver_mt)
  job:close()
  self.job = open(self, pool)
  for i = 1, config.users do
    self.open[i] = {}
  end
  return self
end

return M

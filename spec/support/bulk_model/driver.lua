--- Drives the real code along a path of the model: real runs on a real journal,
-- against the sandbox in process (`spec.support.bulk_model.worker`).
-- After each step the journal's rows, the job's state and the service's own count
-- have to be the model's. (On Lua 5.1, which cannot suspend within pcall, there is
-- no such driver.)

local bulk = require "cognito.bulk"
local core = require "cognito.core"
local helper = require "spec.support.bulk"
local journal = require "spec.support.bulk_model.journal"
local process_worker = require "spec.support.bulk_model.process_worker"
local secure = require "cognito.bulk.secure"
local workers = require "spec.support.bulk_model.worker"

local M = {}

local RESET = "admin_reset_user_password"
local FACTOR = "SOFTWARE_TOKEN_MFA"

-- The real steps that those of a model stand for.
local real_steps = { ["repeat"] = "disable", once = "remove_factor:" .. FACTOR }
local SECOND = 1.01 -- by which the journal's clock moves for a turn
local AFTER_SETTLE, AFTER_LEASE = 41, 601 -- seconds

local function number(value) return tonumber(value) end

local driver = {}
local driver_mt = { __index = driver }

-- ---- runs ----

local function come_to(worker, name)
  for _ = 1, 10 do
    if worker.at == name then
      return
    end
    assert(worker.at == "idle", ("the run stops at %s, not at %s"):format(tostring(worker.at), name))
    worker:resume(nil, SECOND)
  end
  error("the run does not come to " .. name)
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
  if not self.config.exclusive and not self.place.journal then
    share(self, job.journal)
  end
  return job
end

local steps = {}

local function new_worker(self)
  local options = { rate = 49, concurrency = self.config.most, lease = 100000, settle = 1000, patience = 1e9,
    limit = self.config.limit, daily_limit = self.config.daily_limit, hold = self.config.hold }
  local box = self.box
  local world = {
    send = function(...) return box:send(...) end, now = function() return box:now() end,
    is_real = self.place.journal ~= nil,
  }
  if self.place.processes then
    return process_worker.new({ path = self.path, settings = box:settings(), options = options }, world)
  end
  return workers.new({ open = function(pool) return open(self, pool) end, pool = self.pool, options = options }, world)
end

function steps.begin(self, w, _, before)
  if before.workers[w].lease == "lapsed" then
    self.job.journal:run("UPDATE runs SET ended_at = 0 WHERE worker = ?", self.names[w])
  end
  self.workers[w] = new_worker(self)
end

-- Before a transaction the slot comes: the journal's clock goes on.
local function pass(name)
  return function(self, w, commit)
    local worker = self.workers[w]
    come_to(worker, name)
    self.job.journal:run("UPDATE pace SET clock = clock + ?", SECOND)
    worker:resume(commit ~= "ok" and commit or nil)
  end
end

steps.turn, steps.enter, steps.rejoin = pass "turn", pass "enter_again", pass "rejoin"

-- A session ends when the server notices that its client is gone.
local function await_end(self, session)
  local deadline = core.clock() + 30
  while session and self.job.journal:row("SELECT pid FROM pg_stat_activity WHERE pid = ?", number(session)) do
    assert(core.clock() < deadline, "the session of a worker that is gone does not end")
  end
end

local function leave(self, w, how, ...)
  local worker = self.workers[w]
  self.names[w], self.workers[w] = worker:name(), nil
  worker[how](worker, ...)
  if worker.job then
    self.holders[worker.job.journal] = nil
  end
  await_end(self, worker.session)
end

function steps.finish(self, w)
  pass "finish"(self, w, "ok")
  if not self.workers[w].at then
    leave(self, w, "close")
  end
end

local is_gate = { turn = true, enter_again = true, rejoin = true, finish = true }

-- With a process of its own, a worker dies by kill -9: where it stands, or, every
-- second time, in its next transaction, right before the commit.
local function kill(self, w)
  self.kills = self.kills + 1
  leave(self, w, "kill", self.kills % 2 == 0 and is_gate[self.workers[w].at] or false)
end

-- A request that has left may still arrive; the rest is gone with the process.
function steps.kill(self, w, _, before)
  for _, task in ipairs(before.workers[w].tasks) do
    if task.stage == "sent" then
      local real = self:task(w, task)
      table.insert(self.open[task.row], real.request)
    end
  end
  kill(self, w)
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

local function operation_of(request)
  for _, header in ipairs(request.headers) do
    if header[1]:lower() == "x-amz-target" then
      return header[2]:match "%.(%w+)$"
    end
  end
end

function steps.check(self, w, task)
  local real = self:task(w, task)
  local request = self.workers[w]:go_on(real.id)
  if request and operation_of(request) == "ListUsers" then
    self.workers[w]:go_on(real.id, self.box:send(request))
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
    self.workers[w]:go_on(real.id, response, err)
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
  self.workers[w]:go_on(real.id, lost "timeout")
end

function steps.unsent(self, w, task)
  self.workers[w]:go_on(self:task(w, task).id, lost "connect")
end

function steps.look(self, w, task)
  local real = self:task(w, task)
  local request = self.workers[w]:go_on(real.id)
  if request then -- what can be repeated is not looked up
    self.workers[w]:go_on(real.id, self.box:send(request))
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
  local name = self.workers[w] and self.workers[w]:name() or self.names[w]
  self.job.journal:run("UPDATE runs SET alive_until = 0 WHERE worker = ?", name)
end

steps["stray lapses"] = function(self)
  self.box:advance(AFTER_LEASE)
  local names = {}
  for w = 1, 2 do
    names[w] = self.workers[w] and self.workers[w]:name() or self.names[w] or "none"
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

local letters = { done = "d", failed = "f", unknown = "u", open = "." }

-- A row's steps as the journal records them, in the model's form.
local function over_of(self, row)
  local over = {}
  for i in ipairs(self.config.steps or over) do over[i] = "." end
  for _, step in ipairs(self.job.journal:rows("SELECT step, state FROM steps WHERE user_id = ?", number(row.id))) do
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
    worker:close()
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
-- @tparam[opt] table place `journal`: a function that returns the URL of a new one,
--   in a database; `processes`: workers are processes, which are killed
-- @treturn table driver
function M.new(config, place)
  place = place or {}
  secure.steps = config.steps and choose_steps(config) or all_steps
  local box, pool = world_of(config)
  local path = place.journal and place.journal() or helper.path()
  local job = helper.plan(pool, { journal = path, action = config.steps and "secure" or "reset",
    sign_out = config.steps ~= nil, factors = config.steps and { FACTOR } or nil, recheck = config.recheck or false })
  assert(job:approve {})
  local self = setmetatable({ config = config, place = place, box = box, pool = pool, path = path, workers = {},
    names = {}, holders = {}, open = {}, attempts = {}, kills = 0, all_steps = all_steps,
    operations = operations_of(config), counted = config.steps and operations.once or RESET }, driver_mt)
  job:close()
  self.job = open(self, pool)
  for i = 1, config.users do
    self.open[i] = {}
  end
  return self
end

return M

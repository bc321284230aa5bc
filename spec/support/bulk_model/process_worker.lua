--- A worker of the driver that is a process of its own, so that it can be killed
-- as processes are. The two speak in lines of JSON: an order (resume, go on), and
-- on the way to the answer what the worker asks the service and the clock.

local cjson = require "cjson"
local core = require "cognito.core"
local process = require "spec.support.process"

local M = {}

-- ---- this side ----

local worker = {}
local worker_mt = { __index = worker }

local function say(file, message)
  assert(file:write(cjson.encode(message), "\n"))
  file:flush()
end

-- JSON's null is no value of ours.
local function given(value)
  return value ~= cjson.null and value or nil
end

-- Serves what the worker asks, up to its answer.
local function ask(self, order)
  order.now = self.world.now()
  say(self.to, order)
  while true do
    local line = assert(self.from:read "*l", "the worker's process has ended")
    local message = cjson.decode(line)
    if not message.request then
      self.at, self.tasks, self.its_name = given(message.at), message.tasks, given(message.name)
      self.session = given(message.session)
      return message
    end
    local response, err = self.world.send(message.request)
    say(self.to, { response = response, err = err })
  end
end

--- As of a worker in this process.
function worker:resume(fate, seconds)
  ask(self, { what = "resume", fate = fate, seconds = seconds })
end

--- As of a worker in this process.
function worker:go_on(id, response, err)
  return given(ask(self, { what = "go_on", id = id, response = response, err = err }).request_of)
end

--- As of a worker in this process.
function worker:name()
  return self.its_name
end

local function await_end(self)
  self.shell:close()
  self.to:close()
  self.from:close()
  core.run { "rm", "-r", self.folder }
end

--- Kills its process.
-- @tparam boolean in_transaction it is in its next transaction then, before the
--   commit
function worker:kill(in_transaction)
  if in_transaction then
    self:resume "killed"
    assert(self.at == "commit", "the worker does not come to a commit, but to " .. tostring(self.at))
  end
  core.run { "kill", "-9", self.pid }
  await_end(self)
end

--- Lets it end.
function worker:close()
  say(self.to, { what = "close", now = 0 })
  await_end(self)
end

local CODE = 'require("spec.support.bulk_model.process_worker").serve()'

local function start(folder)
  core.run { "mkfifo", folder .. "/to", folder .. "/from" }
  local code = process.write(CODE, folder .. "/code.lua")
  local shell = assert(io.popen(("echo $$; exec %s <%s >%s"):format(process.words { process.interpreter(), code },
    folder .. "/to", folder .. "/from")))
  return shell, shell:read "*l"
end

-- The service's runtime is in this process.
local function settings_of(settings)
  local sent = {}
  for name, value in pairs(settings) do
    sent[name] = name ~= "runtime" and value or nil
  end
  return sent
end

--- Starts a process that begins a run.
-- @tparam table first `path` of the journal, `settings` of the client, `options` of
--   the run
-- @tparam table world as of a worker in this process
-- @treturn table worker
function M.new(first, world)
  local folder = os.tmpname()
  os.remove(folder)
  core.run { "mkdir", folder }
  local self = setmetatable({ world = world, folder = folder }, worker_mt)
  self.shell, self.pid = start(folder)
  self.to, self.from = assert(io.open(folder .. "/to", "w")), assert(io.open(folder .. "/from", "r"))
  ask(self, { what = "begin", path = first.path, settings = settings_of(first.settings), options = first.options,
    is_real = world.is_real })
  return self
end

-- ---- the process ----

local function tasks_of(its_worker)
  local tasks = {}
  for i, task in ipairs(its_worker.tasks) do
    tasks[i] = { id = task.id, kind = task.kind, row = task.row, attempt = task.attempt, request = task.request }
  end
  return tasks
end

local function answer(its_worker, request)
  say(io.stdout, { at = its_worker.at, tasks = tasks_of(its_worker), request_of = request,
    name = its_worker.writer and its_worker.writer.worker, session = its_worker.session })
end

local function listen()
  return cjson.decode(io.read "*l" or os.exit(1))
end

local function begin(order, world)
  local bulk, cognito = require "cognito.bulk", require "cognito"
  return require("spec.support.bulk_model.worker").new({
    open = function(pool) return assert(bulk.open { journal = order.path, pool = pool }) end,
    pool = cognito.new(order.settings), options = order.options,
  }, world)
end

local function world_of()
  local world = { at = 0 }
  world.now = function() return world.at end
  world.send = function(request)
    say(io.stdout, { request = request })
    local message = listen()
    return message.response, message.err
  end
  world.die = function()
    world.worker.at = "commit"
    answer(world.worker)
    io.read "*l" -- no line will come
  end
  return world
end

--- The process's main program.
function M.serve()
  local world = world_of()
  while true do
    local order, request = listen(), nil
    world.at = order.now
    if order.what == "begin" then
      world.is_real = order.is_real
      world.worker = begin(order, world)
    elseif order.what == "resume" then
      world.worker:resume(order.fate, order.seconds)
    elseif order.what == "close" then
      world.worker:close()
      os.exit(0)
    else
      request = world.worker:go_on(order.id, order.response, order.err)
    end
    answer(world.worker, request)
  end
end

return M

--- A job under everything at once: a service that throttles, fails after it
-- has carried out, and drops replies; workers that are killed at random
-- moments, or other troubles. Afterwards the journal is compared with the service's own count.

local bulk = require "cognito.bulk"
local cognito = require "cognito"
local core = require "cognito.core"
local fork = require "spec.support.fork"
local process = require "spec.support.sandbox_process"
local promise = require "spec.support.bulk_promise"
local troubles = require "spec.support.bulk_troubles"

local M = {}

local statuses = {
  reset = { "CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED" },
  invite = { "FORCE_CHANGE_PASSWORD", "CONFIRMED", "EXTERNAL_PROVIDER" },
}

local operations = { reset = "admin_reset_user_password", invite = "admin_create_user" }

-- Nearly all users are to be acted on, a few are not.
local function add_users(server, n, action)
  local kinds = statuses[action]
  for i = 1, n do
    server:post("/users", {
      username = ("user-%06d"):format(i), email = ("user-%06d@example.com"):format(i),
      status = i % 50 == 0 and kinds[2] or i % 75 == 0 and kinds[3] or kinds[1], enabled = i % 100 ~= 1,
    })
  end
end

local ALWAYS = 1000000000

local function misbehave(server, action)
  local operation = operations[action]
  for _, fault in ipairs {
    { operation = operation, what = "throttle", chance = 0.01 },
    { operation = operation, what = "status_500", phase = "after", chance = 0.01 },
    { operation = operation, what = "status_500", chance = 0.005 },
    { operation = operation, what = "drop", phase = "after", chance = 0.01 },
    { operation = operation, what = "drop", chance = 0.005 },
    { operation = operation, what = "reset", phase = "after", cut = "body", chance = 0.005 },
    { operation = "admin_user_global_sign_out", what = "drop", phase = "after", chance = 0.005 },
    { operation = "admin_get_user", what = "throttle", chance = 0.05 },
  } do
    fault.times = ALWAYS
    server:post("/misbehave", fault)
  end
end

--- A client for a sandbox that is a process of its own.
-- @tparam table server
-- @treturn cognito.Client
function M.client(server)
  local settings = server.settings
  return cognito.new {
    endpoint = settings.url, user_pool_id = settings.COGNITO_USER_POOL_ID, client_id = settings.COGNITO_CLIENT_ID,
    client_secret = settings.COGNITO_CLIENT_SECRET, attempt_timeout = 1, max_response = 64 * 1024 * 1024,
    credentials = {
      access_key_id = settings.AWS_ACCESS_KEY_ID, secret_access_key = settings.AWS_SECRET_ACCESS_KEY,
    },
  }
end

-- ---- workers ----

local soak_methods = {}

--- A client for the soak's sandbox.
-- @treturn cognito.Client
function soak_methods:client()
  return M.client(self.server)
end

-- The first and the last word of a run are not repeated when the database goes
-- away in between: the process that started it runs it again.
local function run_to_its_end(soak)
  local job, err, status
  repeat
    job, err = bulk.open { journal = soak.journal, pool = soak:client() }
    if job then
      status, err = job:run {
        rate = soak.rate, concurrency = soak.concurrency, settle = 1, lease = soak.lease, max_failures = 0,
        builtin_mail = true, patience = 60,
      }
      job:close()
    end
    local is_over = err and err.code == "job_over"
    if not status and not is_over then
      assert(soak.database and err.temporary, err)
      core.sleep(0.2)
    end
  until status or is_over
end

--- Starts a worker, as a process of its own.
-- @treturn integer its id
function soak_methods:start_worker()
  return fork.start(function() run_to_its_end(self) end)
end

local function work(soak)
  for i = 1, soak.worker_count do
    soak.workers[i] = soak:start_worker()
  end
  for n = 1, soak.times do
    soak.trouble(soak)
    soak.say(("trouble %d of %d"):format(n, soak.times))
  end
  for _, pid in ipairs(soak.workers) do
    local status = fork.wait(pid)
    if status ~= 0 then
      soak.failed = soak.failed + 1
    end
  end
end

-- ---- all of it ----

local function counted(server)
  local http = core.http { max_response = 256 * 1024 * 1024 }
  local reply = assert(http:send { method = "GET", url = server.settings.url .. "/executions" })
  http:close()
  return require("cjson").decode(reply.body)
end

local function plan(soak)
  local job = assert(bulk.plan {
    pool = M.client(soak.server), journal = soak.journal, action = soak.action, users = { filter = "" },
    look_up_rate = 10000,
  })
  soak.summary = assert(job:summary())
  assert(job:approve { plan = soak.summary.plan })
  job:close()
end

local function carry_out(soak)
  soak.say(("adding %d users"):format(soak.users))
  add_users(soak.server, soak.users, soak.action)
  misbehave(soak.server, soak.action)
  soak.say "planning"
  plan(soak)
  soak.say "running"
  local begun = core.clock()
  work(soak)
  soak.seconds = core.clock() - begun
  local job = assert(bulk.open { journal = soak.journal })
  soak.status = assert(job:status())
  soak.executions = counted(soak.server)
  soak.wrong, soak.outcomes = promise.check(soak.action, job:rows(), soak.executions)
  job:close()
end

--- Carries a soak out.
-- @tparam table given `journal`, `users`; `trouble`, a function of
--   `spec.support.bulk_troubles` (kill), and `times`, how often it is called;
--   `workers` (1), `action` (reset), `rate` (users per second), `concurrency`
--   (8), `lease` (3), `database` (a server of `spec.support.postgres`),
--   `shortest` and `longest` (seconds from one trouble to the next), `say`
--   (passed the progress)
-- @treturn table `wrong`: rows that disagree with the service, which should be
--   empty; `outcomes`, `status`, `summary`, `executions`, `hits` (troubles that
--   hit), `refusals` and those that were `expected`, `failed` (workers that ended badly), `seconds`
function M.run(given)
  local soak = setmetatable({
    worker_count = given.workers or 1, action = given.action or "reset", rate = given.rate or 1000,
    concurrency = given.concurrency or 8, lease = given.lease or 3, database = given.database,
    shortest = given.shortest or 0.3, longest = given.longest or 1.2, say = given.say or function() end,
    journal = given.journal, users = given.users, trouble = given.trouble or troubles.kill, times = given.times,
    workers = {}, hits = 0, failed = 0, refusals = {}, expected = {}, server = process.start(),
  }, { __index = soak_methods })
  local ok, err = pcall(carry_out, soak)
  soak.server:stop()
  if not ok then
    for _, pid in ipairs(soak.workers) do core.run { "kill", "-9", ("%d"):format(pid) } end
    error(err, 0)
  end
  return soak
end

return M

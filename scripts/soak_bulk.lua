-- soak_bulk.lua [PART...]: the long form of what the specs of bulk jobs do in
-- seconds. Ends with status 1 when anything is not as promised.
--
--   sqlite    100,000 users, a journal in a file, ten kill -9
--   postgres  the same with three workers on PostgreSQL
--   async     three workers on a PostgreSQL server that is killed ten times, and
--             whose commits are asynchronous by default
--   names     others come to a journal in a file by links and copies
--   still     three workers, stopped in turn for longer than their lease
--   pace      a minute at 50 users per second
--   memory    10,000 users beside 200,000
--
-- USERS and KILLS in the environment make it shorter. The last three parts take
-- a tenth of the users.

local core = require "cognito.core"
local helper = require "spec.support.bulk"
local postgres = require "spec.support.postgres"
local process = require "spec.support.sandbox_process"
local programs = require "spec.support.process"
local soaks = require "spec.support.bulk_soak"
local troubles = require "spec.support.bulk_troubles"
local verdict = require "spec.support.verdict"

local USERS = tonumber(os.getenv "USERS") or 100000
local KILLS = tonumber(os.getenv "KILLS") or 10

local say, expect = verdict.say, verdict.expect

-- ---- in trouble again and again ----

local function judge(soak)
  local outcomes = soak.outcomes
  say("%d users, %.0f s, %d troubles; accepted %d, failed %d, skipped %d, uncertain %d; %d looks", soak.users,
    soak.seconds, soak.hits, outcomes.accepted or 0, outcomes.failed or 0, outcomes.skipped or 0,
    outcomes.uncertain or 0, (soak.executions.admin_get_user or { count = 0 }).count)
  for i = 1, math.min(10, #soak.wrong) do say("%s", soak.wrong[i]) end
  expect("no row disagrees with the service, nobody was sent two messages", #soak.wrong == 0)
  expect("the job came to its end", soak.status.state == "done" and not outcomes.planned and not outcomes.started)
  expect("every user has a row", soak.status.total == soak.users)
  expect("every trouble hit", soak.hits == soak.times and soak.failed == 0)
end

local function soak(journal, workers)
  -- Kills are spread over the first half of the time that this many users take.
  local between = USERS / 1000 / (KILLS + 1)
  judge(soaks.run {
    journal = journal, users = USERS, times = KILLS, workers = workers, rate = 100000, concurrency = 16, say = say,
    shortest = between / 3, longest = between * 4 / 3,
  })
end

-- At a rate that leaves work for all troubles, so many seconds for each.
local function soak_slowly(given, seconds)
  given.users, given.times, given.say = math.ceil(USERS / 10), KILLS, say
  given.rate = 10 * given.users / (KILLS * seconds) -- the service throttles, which halves it again and again
  given.shortest, given.longest = 0.5, 2
  local ended = soaks.run(given)
  judge(ended)
  return ended
end

local function with_postgres(f)
  local server = postgres.new()
  local ok, err = pcall(f, server)
  server:remove()
  assert(ok, err)
end

local parts = {}

function parts.sqlite()
  soak(helper.path(), 1)
end

function parts.postgres()
  with_postgres(function(server) soak(server:url "soak", 3) end)
end

function parts.async()
  with_postgres(function(server)
    server:forget_quickly()
    soak_slowly({ journal = server:url "async", workers = 3, trouble = troubles.kill_database, database = server }, 4)
  end)
end

function parts.still()
  with_postgres(function(server)
    soak_slowly({ journal = server:url "still", workers = 3, trouble = troubles.stand_still }, 10)
  end)
end

local function same(a, b)
  for name, n in pairs(a) do
    if b[name] ~= n then return false end
  end
  return true
end

function parts.names()
  local ended = soak_slowly({ journal = helper.path(), trouble = troubles.other_names }, 4)
  for name, n in pairs(ended.refusals) do say("%s, %d times", name, n) end
  expect("every link and copy was refused, for the right reason", same(ended.expected, ended.refusals))
end

-- ---- pace ----

local run_code = [[
  local soaks, bulk = require "spec.support.bulk_soak", require "cognito.bulk"
  local journal, url, pool_id, client_id, client_secret, key, secret, options = (table.unpack or unpack)(arg)
  local pool = soaks.client { settings = {
    url = url, COGNITO_USER_POOL_ID = pool_id, COGNITO_CLIENT_ID = client_id, COGNITO_CLIENT_SECRET = client_secret,
    AWS_ACCESS_KEY_ID = key, AWS_SECRET_ACCESS_KEY = secret,
  } }
  local rate, limit = options:match "(%S+) (%S+)"
  local job = assert(bulk.plan { pool = pool, journal = journal, action = "reset", users = { filter = "" },
    look_up_rate = 10000, sign_out = false })
  assert(job:run { rate = tonumber(rate), limit = tonumber(limit), yes = true, builtin_mail = true })
  local n = 0
  assert(job:report(function() n = n + 1 end))
  for line in io.lines "/proc/self/status" do
    if line:find "VmHWM" then print(line:match "%d+") end
  end
]]

-- Plans and runs in a process of its own; returns its peak of memory in KiB.
local function run_apart(server, rate, limit)
  local settings = server.settings
  local script = programs.write(run_code)
  local run = assert(core.run({
    programs.interpreter(), script, helper.path(), settings.url, settings.COGNITO_USER_POOL_ID,
    settings.COGNITO_CLIENT_ID, settings.COGNITO_CLIENT_SECRET, settings.AWS_ACCESS_KEY_ID,
    settings.AWS_SECRET_ACCESS_KEY, rate .. " " .. limit,
  }, 3600))
  os.remove(script)
  assert(run.status == 0, run.stderr)
  return tonumber(run.stdout)
end

local function with_users(n, f)
  local server = process.start()
  local ok, err = pcall(function()
    for i = 1, n do
      server:post("/users", { username = "user-" .. i, email = ("user-%d@example.com"):format(i) })
    end
    f(server)
  end)
  server:stop()
  assert(ok, err)
end

function parts.pace()
  with_users(3200, function(server)
    run_apart(server, 50, 3200)
    local seconds, first = {}, nil
    for _, message in ipairs(server:get "/outbox") do
      first = first or message.time
      seconds[message.time - first] = (seconds[message.time - first] or 0) + 1
    end
    local least, most = math.huge, 0
    for second = 1, 60 do
      least, most = math.min(least, seconds[second] or 0), math.max(most, seconds[second] or 0)
    end
    say("in 60 seconds: %d to %d per second", least, most)
    expect("the pace holds", least >= 49 and most <= 51)
  end)
end

-- ---- memory ----

function parts.memory()
  local peaks = {}
  for _, n in ipairs { 10000, 200000 } do
    with_users(n, function(server) peaks[n] = run_apart(server, 1000, 2000) end)
    say("%d users: %d KiB at most", n, peaks[n])
  end
  expect("memory does not grow with the users", peaks[200000] < peaks[10000] * 1.25)
end

-- ---- which ----

local order = arg[1] and arg or { "pace", "memory", "sqlite", "postgres", "async", "names", "still" }

helper.setup(true)
for _, name in ipairs(order) do
  say("%s", name)
  assert(parts[name], "there is no part " .. name)()
end
helper.teardown()
os.exit(verdict.broken == 0 and 0 or 1)

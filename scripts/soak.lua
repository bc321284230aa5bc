-- soak.lua PART: the long form of spec/runtime/soak_spec.lua and
-- spec/services/nginx_soak_spec.lua: CALLS (1,000,000) over one runtime. Ends with
-- the sum that scripts/test counts, and with status 1 when anything is not as promised.
--
--   blocking, loop, cqueues, nginx   against spec/c/soak_server.c
--   sandbox                          within this process
--   site                             spec/support/soak_site.lua, for DURATION seconds

local core = require "cognito.core"
local proc = require "spec.support.proc"
local servers = require "spec.support.soak_server"
local soak = require "spec.support.soak"
local verdict = require "spec.support.verdict"
local worlds = require "spec.support.soak_worlds"

local CALLS = tonumber(os.getenv "CALLS") or 1000000
local HEAP, MEMORY = 256 * 1024, 4 * 1024 * 1024 -- bytes that may be more at the end

local say, expect = verdict.say, verdict.expect

-- ---- calls ----

local function megabytes(bytes) return ("%.2f MB"):format(bytes / 2 ^ 20) end

local function tell(books, sample)
  say("%d calls, %d attempts: %d succeeded, %d failed, %d ambiguous (%d of them carried out), %d carried out again; "
    .. "lost %d, doubled %d, untrue %d, mixed up %d; memory %s, heap %s, descriptors %d", books.calls, books.attempts,
    books.succeeded, books.failed, books.ambiguous, books.ambiguous_carried_out, books.again, books.lost,
    books.doubled, books.untrue, books.mixed_up, megabytes(sample.memory), megabytes(sample.heap), sample.descriptors)
end

-- Twenty lines, however many blocks.
local function progress()
  local nth = CALLS / 20
  local told = nth
  return function(books, sample)
    if books.calls >= told then
      tell(books, sample)
      told = books.calls + nth
    end
  end
end

-- A connection for each call at once, and what else a runtime has.
local function judge_descriptors(samples, before)
  local most = 0
  for _, sample in ipairs(samples) do most = math.max(most, sample.descriptors) end
  expect(("at most %d descriptors more than before"):format(most - before), most - before <= worlds.IN_FLIGHT + 8)
end

local function judge(books, samples)
  local growth = soak.growth(samples, 0.1)
  expect("no call is lost, doubled, untrue or another's, and the books close", soak.wrong(books) == 0)
  expect(("the heap stays: %+d bytes since the first tenth"):format(growth.heap), growth.heap < HEAP)
  expect(("the memory stays: %+d bytes"):format(growth.memory), growth.memory < MEMORY)
  print(("calls: %d passed, %d failed"):format(math.max(0, books.calls - soak.wrong(books)), soak.wrong(books)))
end

local function run(step, block, before)
  local books, samples = soak.run { calls = CALLS, block = block, step = step, seen = progress() }
  judge(books, samples)
  judge_descriptors(samples, before)
  return books
end

local function inside(world)
  return function(from, n) return soak.block(world, from, n), soak.sample() end
end

local function judge_server(server, books)
  local stats = server:stats()
  say("%d requests, %d faults", stats.requests, stats.faults)
  expect("the service counts the same", stats.executions == books.executions)
  expect("every fault has happened", #stats.never == 0)
  return stats
end

local function over(name)
  local server, kind = servers.start(CALLS), require("spec.support.runtimes." .. name)
  local before = proc.descriptors()
  local world = worlds.remote(kind, server.url)
  local books = run(inside(world), 1000, before)
  kind.close(world.runtime)
  collectgarbage()
  expect("no descriptor is left", proc.descriptors() <= before)
  expect("no connection is left", judge_server(server, books).connections == 0)
  server:stop()
end

local parts = {}

for _, name in ipairs { "blocking", "loop", "cqueues" } do
  parts[name] = function() over(name) end
end

function parts.sandbox()
  run(inside(worlds.here(require "spec.support.runtimes.sandbox")), 2000, proc.descriptors())
end

function parts.nginx()
  local in_nginx = require "spec.support.soak_nginx"
  local server, nginx = servers.start(CALLS), in_nginx.start()
  judge_server(server, run(in_nginx.step(nginx, server.url), 1000, nginx:descriptors()))
  nginx:stop()
  server:stop()
end

function parts.site()
  local sums = require("spec.support.soak_site").run {
    seconds = tonumber(os.getenv "DURATION") or 3600, say = say, expect = expect,
  }
  print(("pages: %d passed, %d failed"):format(sums.pages - sums.wrong, sums.wrong))
end

local begun = core.clock()
say("%s, %s", arg[1], rawget(_G, "jit") and "LuaJIT" or _VERSION)
assert(parts[arg[1]], "there is no such part")()
say("%.0f s", core.clock() - begun)
print(("checks: %d passed, %d failed"):format(0, verdict.broken))
os.exit(verdict.broken == 0 and 0 or 1)

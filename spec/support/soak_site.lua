--- The recovery site of examples/openresty under load, over a service that misbehaves and
-- restarts; in the second half nginx reads its configuration again and again.

local core = require "cognito.core"
local lfs = require "lfs"
local nginx = require "spec.support.nginx"
local process = require "spec.support.process"
local servers = require "spec.support.soak_server"
local sites = require "spec.support.site"

local M = {}

local NAMES = 20000000 -- the service counts so many
local NAMES_OF_ROUND = 2000000 -- of two threads
local VISITORS = 48 -- at once
local PATIENCE = 300 -- seconds until what is under way must have ended
local MEMORY = 4 * 1024 * 1024 -- bytes that a worker may hold more at the end

-- Seconds in which a page has to be there: one that calls nothing, and one that waits for the
-- service (the site's time-out for a call, the rest of that second, and a busy machine).
local AT_ONCE, WITH_CALL = 5, 20 + 1 + 4

-- ---- the logs ----

-- How often each visit's call was reported, and the last report; other lines that matter.
local function read_reports(site)
  local times, words, others = {}, {}, {}
  for line in site:log("error"):gmatch "[^\n]+" do
    local visit, said = line:match " recovery visit=(%w+) (.*)$"
    if visit then
      times[visit], words[visit] = (times[visit] or 0) + 1, said
    elseif line:find "%[error%]" or line:find "%[crit%]" or line:find "%[alert%]" or line:find "%[emerg%]" then
      others[#others + 1] = line
    end
  end
  return times, words, others
end

-- Whether all that visitors were promised has been done.
local function is_done(site)
  local times = read_reports(site)
  for visit in site:log("access"):gmatch " (%w+) POST /%S* 303 " do
    if not times[visit] then return false end
  end
  return true
end

local function limit_of(method, page)
  return method == "POST" and page == "/code" and WITH_CALL or AT_ONCE
end

local function note(sums, what, example)
  sums.wrong = sums.wrong + 1
  sums.examples[#sums.examples + 1] = what .. ": " .. example
end

-- A page of status 5xx is the service's where the site has reported its call.
local function judge_page(sums, line, times, words)
  local visit, method, page, status, seconds = line:match "^%S+ (%S+) (%S+) (%S+) (%d+) (%S+)$"
  status, seconds = tonumber(status), tonumber(seconds)
  sums.pages = sums.pages + 1
  sums.statuses[status] = (sums.statuses[status] or 0) + 1
  local limit = limit_of(method, page)
  local allowed = limit * sums.slack
  sums.slowest[limit] = math.max(sums.slowest[limit] or 0, seconds)
  if seconds > allowed then note(sums, "late", line) end
  if status >= 500 and not (status == 503 and method == "POST" and times[visit]) then note(sums, "5xx", line) end
  if method == "POST" and status == 303 and times[visit] ~= 1 then
    note(sums, "a promised call was reported " .. (times[visit] or 0) .. " times", line .. " " .. (words[visit] or ""))
  end
end

local function judge_logs(site, sums)
  local times, words, others = read_reports(site)
  for line in site:log("access"):gmatch "[^\n]+" do judge_page(sums, line, times, words) end
  for _, line in ipairs(others) do note(sums, "the error log", line) end
  for _, name in ipairs { "access", "error" } do -- nginx appends
    assert(io.open(site.logs .. "/" .. name .. ".log", "w")):close()
  end
end

-- ---- workers ----

local function master(site)
  return tonumber((process.read(site.logs .. "/nginx.pid")))
end

local function descriptors(pid)
  local n = 0
  for name in lfs.dir("/proc/" .. pid .. "/fd") do n = name:find "^%d" and n + 1 or n end
  return n
end

-- The largest memory and number of descriptors of any worker. The memory is their own: the zones that nginx.conf
-- shares among them fill up.
local function sample(site)
  local most = { memory = 0, descriptors = 0 }
  for _, pid in ipairs(nginx.workers(master(site))) do
    local resident, shared = process.read("/proc/" .. pid .. "/statm"):match "^%d+ (%d+) (%d+)"
    most.memory = math.max(most.memory, (resident - shared) * 4096)
    most.descriptors = math.max(most.descriptors, descriptors(pid))
  end
  most.master = descriptors(master(site))
  return most
end

-- ---- a round ----

local function restart(server)
  local port = server[1].port
  server[1]:stop()
  core.sleep(core.random() * 0.5)
  server[1] = servers.start(NAMES, 10, port)
end

-- Until nothing is under way. The service restarts, which ends the connections that workers
-- keep to it.
local function await_idle(site, server)
  local function await(what, condition) pcall(process.wait_for, condition, what, PATIENCE) end
  await("the visitors' calls", function() return is_done(site) end)
  await("the old workers", function() return #select(2, nginx.workers(master(site))) == 0 end)
  restart(server)
  local before
  await("the connections", function()
    local now = sample(site).descriptors
    local settled = now == before
    before = now
    core.sleep(1)
    return settled
  end)
end

local function start_visitors(site, given)
  local visitor = site:visitor "127.0.0.1"
  visitor:get "/"
  return process.start(process.words {
    "wrk", "-t2", "-c" .. VISITORS, "-d" .. given.seconds, "--timeout", "60s", "-s", "spec/support/soak_visitors.lua",
    site.url, "--", site.url, visitor.cookie, visitor.token, ("%d"):format(given.first),
    given.reload and "close" or "keep",
  })
end

-- Until the visitors have gone the service restarts, and nginx reloads where it is to.
local function disturb(site, server, visitors, given)
  local restarts, reloads = 0, 0
  while not visitors:printed():find "done:" do
    core.sleep(given.seconds / 10)
    restart(server)
    restarts = restarts + 1
    if given.reload then
      site:reload(PATIENCE)
      reloads = reloads + 1
    end
  end
  return restarts, reloads
end

local function round(site, server, sums, given)
  local visitors = start_visitors(site, given)
  local restarts, reloads = disturb(site, server, visitors, given)
  local pages, lost = visitors:stop():match "done: (%d+) pages, (%d+) lost"
  await_idle(site, server)
  judge_logs(site, sums)
  sums.restarts, sums.reloads = sums.restarts + restarts, sums.reloads + reloads
  sums.visited, sums.lost = sums.visited + pages, sums.lost + lost
  return sample(site)
end

-- ---- all of it ----

local function tell(say, sums, held)
  say("%d pages, %d lost, %d restarts, %d reloads; %d wrong; a worker %.2f MB, %d descriptors", sums.pages, sums.lost,
    sums.restarts, sums.reloads, sums.wrong, held.memory / 2 ^ 20, held.descriptors)
end

-- Half of the rounds, and a sample behind each.
local function rounds(site, server, sums, given, reload)
  local samples = {}
  for i = 1, math.max(2, math.floor(given.seconds / 2 / given.round)) do
    sums.first = (sums.first + NAMES_OF_ROUND) % (NAMES - NAMES_OF_ROUND)
    samples[i] = round(site, server, sums, { seconds = given.round, reload = reload, first = sums.first })
    tell(given.say, sums, samples[i])
  end
  return samples
end

local function judge(sums, samples, reloading, expect)
  local first, last = samples[math.ceil(#samples / 10)], samples[#samples]
  expect("no page is lost, late or faulty, no promised call unreported", sums.wrong == 0 and sums.lost == 0)
  expect(("a worker's memory stays: %+d bytes"):format(last.memory - first.memory), last.memory - first.memory < MEMORY)
  expect(("its descriptors stay: %+d"):format(last.descriptors - first.descriptors),
    last.descriptors <= first.descriptors)
  first, last = reloading[1], reloading[#reloading]
  expect(("nginx's own descriptors stay over reloads: %+d"):format(last.master - first.master),
    last.master <= first.master)
  expect(("new workers hold no more than those before: %+d bytes"):format(last.memory - first.memory),
    last.memory - first.memory < MEMORY)
end

local function new_sums(slack)
  return {
    slack = slack,
    pages = 0, wrong = 0, visited = 0, lost = 0, restarts = 0, reloads = 0, first = 0, statuses = {}, slowest = {},
    examples = {},
  }
end

local function tell_all(say, sums)
  for i = 1, math.min(10, #sums.examples) do say("%s", sums.examples[i]) end
  for status, n in pairs(sums.statuses) do say("status %d: %d", status, n) end
  for limit, seconds in pairs(sums.slowest) do say("the slowest page that may take %d s: %.3f s", limit, seconds) end
end

--- Lets visitors come.
-- @tparam table given `seconds` of all, `round` (20 unless given) of one, `say(...)`, `expect(what, ok)`,
--   `slack` (1 unless given), a factor for the time that a page may take
-- @treturn table sums: `pages`, `wrong`, `examples`, `lost`, `restarts`, `reloads`, `statuses`
function M.run(given)
  given.round = given.round or 20
  local server = { servers.start(NAMES) }
  local site = sites.start { EXAMPLE_ENDPOINT = server[1].url, SITE_SECRET = "the same after a reload, and long" }
  local sums = new_sums(given.slack or 1)
  local ok, err = pcall(function()
    local samples = rounds(site, server, sums, given, false)
    local reloading = rounds(site, server, sums, given, true)
    tell_all(given.say, sums)
    judge(sums, samples, reloading, given.expect)
  end)
  site:stop()
  server[1]:stop()
  if not ok then error(err, 0) end
  return sums
end

return M

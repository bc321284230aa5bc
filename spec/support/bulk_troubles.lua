--- Troubles of a soak's workers while they work (`spec.support.bulk_soak`):
-- each function lets one such thing happen, at no particular moment, and counts
-- what it hit in `soak.hits`.

local bulk = require "cognito.bulk"
local core = require "cognito.core"
local fork = require "spec.support.fork"

local M = {}

local function wait(soak)
  core.sleep(soak.shortest + core.random() * (soak.longest - soak.shortest))
end

local function any_worker(soak)
  return math.floor(core.random() * #soak.workers) + 1
end

local function signal(name, pid)
  core.run { "kill", "-" .. name, ("%d"):format(pid) }
end

local function hit(soak, ok)
  soak.hits = soak.hits + (ok and 1 or 0)
end

local function kill(soak, i)
  signal("KILL", soak.workers[i])
  local _, ended_by = fork.wait(soak.workers[i])
  hit(soak, ended_by == 9)
end

--- kill -9 of a worker; another one takes its place.
-- @tparam table soak
function M.kill(soak)
  local i = any_worker(soak)
  wait(soak)
  kill(soak, i)
  soak.workers[i] = soak:start_worker()
end

--- kill -QUIT of the whole database server, which then forgets what was not
-- on its disk, and its start.
-- @tparam table soak
function M.kill_database(soak)
  wait(soak)
  soak.database:kill()
  soak.database:start()
  hit(soak, true)
end

local SIGNED = 600 -- seconds, after which the service takes no signature any more

local function lost(soak)
  local job = assert(bulk.open { journal = soak.journal })
  local n = 0
  for _, run in ipairs(assert(job:status()).runs) do
    n = n + ((run.why == "lost" or run.why == "journal_lost") and 1 or 0)
  end
  job:close()
  return n
end

--- A worker stands still until others have given it up, and comes back. The
-- lease is short here, so the service's clock takes the step that its usual
-- length would have been.
-- @tparam table soak
function M.stand_still(soak)
  local i, before = any_worker(soak), lost(soak)
  wait(soak)
  signal("STOP", soak.workers[i])
  local deadline = core.clock() + 60
  repeat
    core.sleep(0.5)
  until lost(soak) > before or core.clock() > deadline
  hit(soak, lost(soak) > before)
  core.sleep(1 + core.random()) -- what it had begun is looked into meanwhile, and done again
  soak.server:post("/advance", { seconds = SIGNED })
  signal("CONT", soak.workers[i])
end

-- ---- other names of a journal in a file ----

local function sh(command, ...)
  local run = assert(core.run({ "sh", "-c", command, "sh", ... }, 60))
  assert(run.status == 0, run.stderr)
end

local LINK, SYMLINK, COPY = 'ln "$1" "$2"', 'ln -s "$1" "$2"', 'cp "$1" "$2"; cp "$1-wal" "$2-wal"'

-- How another process may come to a journal, and why it is refused.
local beside_a_worker = {
  { "linked", LINK, "journal_linked" },
  { "linked symbolically", SYMLINK, "journal_in_use" },
  { "copied", COPY, "journal_moved" },
  { "copied, said to be moved", COPY, "journal_in_use", true },
}
local after_a_worker = {
  { "linked, left alone", LINK, "journal_linked" },
  { "copied, left alone", COPY, "journal_moved" },
  { "copied, left alone, said to be moved", COPY, "journal_copied", true },
}

-- Returns the code with which a run under that name ends.
local function run_under(soak, name, moved)
  local job, err = bulk.open { journal = name, pool = soak:client() }
  if job then
    err = select(2, job:run { rate = soak.rate, builtin_mail = true, moved = moved })
    job:close()
  end
  return err and err.code
end

local function come_by(soak, names)
  local path = soak.journal .. ".other"
  for _, each in ipairs(names) do
    local title, make, code, moved = each[1], each[2], each[3], each[4]
    sh(make, soak.journal, path)
    local seen = run_under(soak, path, moved)
    sh('rm -f "$1" "$1-wal" "$1-shm" "$1.lock"', path)
    title = ("%s: %s"):format(title, tostring(seen))
    soak.refusals[title] = (soak.refusals[title] or 0) + 1
    local expected = ("%s: %s"):format(each[1], code)
    soak.expected[expected] = (soak.expected[expected] or 0) + 1
  end
end

--- Others work on the journal under other names of the file, and on copies,
-- beside a worker and after it was killed. Another one takes its place.
-- @tparam table soak
function M.other_names(soak)
  wait(soak)
  come_by(soak, beside_a_worker)
  kill(soak, 1)
  come_by(soak, after_a_worker)
  soak.workers[1] = soak:start_worker()
end

return M

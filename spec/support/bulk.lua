--- Common parts of the specs of bulk jobs: a sandbox, a client that leads
-- into it, journals in a folder that goes when the spec ends.

local bulk = require "cognito.bulk"
local cognito = require "cognito"
local core = require "cognito.core"
local lfs = require "lfs"
local sandbox = require "cognito.sandbox"

local M = {}

local folder, count

-- In memory where there is such a place: a disk would be waited for thousands
-- of times.
local function new_name(on_disk)
  local name = os.tmpname()
  os.remove(name)
  return lfs.attributes "/dev/shm" and not on_disk and "/dev/shm/" .. name:match "[^/]*$" or name
end

--- Makes a folder for journals.
-- @tparam[opt=false] boolean on_disk
function M.setup(on_disk)
  folder, count = new_name(on_disk == true), 0
  assert(lfs.mkdir(folder))
end

--- Removes it.
function M.teardown()
  core.run { "rm", "-rf", folder }
end

--- A path in it.
-- @tparam[opt] string name else one that is new
-- @treturn string
function M.path(name)
  count = count + 1
  return ("%s/%s"):format(folder, name or count .. ".db")
end

--- The path of a job's journal.
-- @tparam cognito.BulkJob job
-- @treturn string
function M.path_of(job)
  return job.journal:get "home_path"
end

--- A file in it.
-- @tparam string name
-- @tparam string text
-- @treturn string path
function M.file(name, text)
  local path = M.path(name)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  return path
end

--- A sandbox with users u1, u2, … who are confirmed and have an address.
-- @tparam[opt=0] number n how many
-- @tparam[opt] table options of the sandbox
-- @treturn table box
-- @treturn cognito.Client
function M.world(n, options)
  options = options or {}
  options.email_sender = options.email_sender or "DEVELOPER"
  local box = sandbox.new(options)
  for i = 1, n or 0 do
    box:add_user { username = "u" .. i, email = ("u%d@example.com"):format(i) }
  end
  return box, cognito.new(box:settings())
end

--- Plans a job.
-- @tparam cognito.Client pool
-- @tparam[opt] table given else: reset all users
-- @treturn cognito.BulkJob
function M.plan(pool, given)
  local options = { pool = pool, journal = M.path(), action = "reset", users = { filter = "" }, look_up_rate = 1000 }
  for name, value in pairs(given or {}) do
    options[name] = value
  end
  return assert(bulk.plan(options))
end

--- Plans a job for new users, with workers that have registered and run nothing.
-- @tparam integer users how many
-- @tparam {string,...} workers
-- @tparam[opt] table given as `plan` takes it
-- @treturn cognito.BulkJob
-- @treturn table its journal
function M.with_workers(users, workers, given)
  local _, pool = M.world(users)
  local job = M.plan(pool, given)
  for _, name in ipairs(workers) do
    job.journal:run("INSERT INTO runs (worker, alive_until) VALUES (?, 1000)", name)
  end
  return job, job.journal
end

--- Opens a job and runs it until it is done or dies.
-- @tparam string path
-- @tparam cognito.Client pool
-- @tparam ?function at called at every step; it may raise, as if the process died
-- @tparam number settle seconds
-- @return the raised value; nil when the job was done
function M.run_until_death(path, pool, at, settle)
  local job = assert(bulk.open { journal = path, pool = pool })
  local ok, status, err = pcall(job.run, job, { rate = 1000, yes = true, settle = settle, at = at })
  job:close()
  if not ok then
    return status
  end
  assert(status, err)
  assert(status.state == "done", status.state)
end

--- Runs a job, approved or not, as fast as the sandbox takes it.
-- @tparam cognito.BulkJob job
-- @tparam[opt] table options of `job:run`
-- @treturn table status
function M.run(job, options)
  local given = { rate = 1000, yes = true }
  for name, value in pairs(options or {}) do
    given[name] = value
  end
  return assert(job:run(given))
end

--- The rows of a job by username.
-- @tparam cognito.BulkJob job
-- @treturn table
function M.rows(job)
  local rows = {}
  for row in job:rows() do
    rows[row.username] = row
  end
  return rows
end

--- Their outcomes, and the reasons of those that were skipped.
-- @tparam cognito.BulkJob job
-- @treturn table from username to text
function M.outcomes(job)
  local outcomes = {}
  for row in job:rows() do
    outcomes[row.username] = row.reason or row.outcome
  end
  return outcomes
end

return M

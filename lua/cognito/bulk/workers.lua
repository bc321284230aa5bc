--- The workers of a job: one row a run. A worker is alive until its lease ends
-- on the job's clock, and renews it with everything that it does.
-- @module cognito.bulk.workers

local c_locale = require "cognito.c_locale"
local machine = require "cognito.bulk.machine"
local sound = require "cognito.bulk.journal.sound"
local text = require "cognito.bulk.text"
local version = require "cognito.version"

local M = {}

--- Enters a worker.
-- @tparam table journal
-- @tparam table facts `caller`, `endpoint`, `now` (epoch seconds),
--   `alive_until` (on the job's clock)
-- @treturn string the worker's name
function M.enter(journal, facts)
  local worker = text.random_word()
  local pid, host = machine.process()
  journal:run([[INSERT INTO runs (worker, host, pid, tool_version, caller, endpoint, started_at, alive_until)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)]], worker, host, pid, version, facts.caller, facts.endpoint, facts.now,
    facts.alive_until)
  return worker
end

--- Renews a lease.
-- @tparam table journal
-- @tparam string worker
-- @tparam number alive_until on the job's clock
-- @treturn boolean false: the worker was given up, and may claim nothing more
function M.renew(journal, worker, alive_until)
  return journal:run("UPDATE runs SET alive_until = ? WHERE worker = ? AND ended_at IS NULL", alive_until, worker) == 1
end

--- Ends a worker.
-- @tparam table journal
-- @tparam string worker
-- @tparam number now epoch seconds
-- @tparam string why
function M.leave(journal, worker, now, why)
  journal:run("UPDATE runs SET ended_at = ?, why = ? WHERE worker = ? AND ended_at IS NULL", now, why, worker)
end

--- Gives up those whose lease has ended.
-- @tparam table journal
-- @tparam number clock the job's
-- @tparam number now epoch seconds
-- @treturn number how many
function M.expire(journal, clock, now)
  return journal:run("UPDATE runs SET ended_at = ?, why = 'lost' WHERE ended_at IS NULL AND alive_until < ?",
    now, clock)
end

--- Gives up all: the holder of the journal's lock knows that they are gone.
-- @tparam table journal
-- @tparam number now epoch seconds
function M.expire_all(journal, now)
  journal:run("UPDATE runs SET ended_at = ?, why = 'killed' WHERE ended_at IS NULL", now)
end

--- How many work on the job, as far as their leases tell.
-- @tparam table journal
-- @treturn number
function M.alive(journal)
  return c_locale.tonumber(journal:row "SELECT count(*) AS n FROM runs WHERE ended_at IS NULL".n)
end

local columns = "worker, host, pid, tool_version, caller, endpoint, started_at, ended_at, why"
local read = sound.reader("runs", columns)

--- All runs, the first one first.
-- @tparam table journal
-- @treturn table list
-- @raise a cognito.Error where one is damaged
function M.list(journal)
  local runs = journal:rows("SELECT " .. columns .. " FROM runs ORDER BY started_at, worker")
  for _, run in ipairs(runs) do
    read(run)
  end
  return runs
end

return M

--- The jobs of a database.
-- @module cognito.bulk.listing

local fact_kinds = require "cognito.bulk.journal.facts"
local failure = require "cognito.bulk.failure"
local postgres = require "cognito.bulk.journal.postgres"
local schema = require "cognito.bulk.journal.schema"
local tonumber = require("cognito.c_locale").tonumber

local M = {}

local OVER = { accepted = true, failed = true, skipped = true, uncertain = true }

local function facts_of(db, name)
  local facts = {}
  for _, row in ipairs(db:rows(("SELECT key, value FROM %s.meta"):format(name))) do
    facts[row.key] = row.value
  end
  return facts
end

local function count(db, name)
  local total, over = 0, 0
  for _, row in ipairs(db:rows(("SELECT state, count(*) AS n FROM %s.users GROUP BY state"):format(name))) do
    local n = tonumber(row.n)
    total, over = total + n, over + (OVER[row.state] and n or 0)
  end
  return total, over
end

local function workers(db, name)
  return tonumber(db:rows(("SELECT count(*) AS n FROM %s.runs WHERE ended_at IS NULL"):format(name))[1].n)
end

local function read(db, name)
  local facts = facts_of(db, name)
  local job = {
    job = postgres.job_of(name), action = facts.action, pool = facts.pool, state = facts.state, why = facts.why,
    planned_at = tonumber(facts.planned_at),
  }
  if tonumber(facts.schema_version) ~= schema.version then
    job.state = "other_version"
    return job
  end
  fact_kinds.check(facts)
  job.total, job.over = count(db, name)
  -- When a job is done, nothing gives up a killed worker any more.
  job.workers = job.state == "done" and 0 or workers(db, name)
  return job
end

-- One that may not be read, or that goes while it is read, hides no other.
local function read_each(db)
  local list = {}
  for i, name in ipairs(db.schemas) do
    local job, err = failure.catch(read, db, name)
    list[i] = job or { job = postgres.job_of(name), state = "unreadable", code = err.code }
  end
  return list
end

--- The jobs of a database, by their names.
-- @tparam string url
-- @treturn table list
-- @raise a cognito.Error
function M.jobs(url)
  if type(url) ~= "string" or not postgres.is_url(url) then
    failure.raise("invalid_input", "jobs are listed of a database: postgres://user@host/database",
      { hint = "Name the database. A journal in a file holds one job, which status shows" })
  end
  local db = postgres.open_database(url)
  local ok, list = pcall(read_each, db)
  db:close()
  return ok and list or error(list, 0)
end

return M

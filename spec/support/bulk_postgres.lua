--- Common parts of the specs of journals in PostgreSQL: a server of their
-- own, and a job of its own for each of them.

local helper = require "spec.support.bulk"
local postgres = require "spec.support.postgres"
local promise = require "spec.support.bulk_promise"

local M = {}

local server, jobs

--- Starts a server.
-- @tparam[opt] table options of `spec.support.postgres`
-- @treturn table server
function M.setup(options)
  helper.setup()
  server, jobs = postgres.new(options), 0
  return server
end

--- Removes it.
function M.teardown()
  server:remove()
  helper.teardown()
end

--- The URL of a new job.
-- @tparam[opt] table options of `server:url`
-- @treturn string
function M.url(options)
  jobs = jobs + 1
  return server:url("job-" .. jobs, options)
end

--- The schema of a job.
-- @tparam string url as `url` returns it
-- @treturn string
function M.schema_of(url)
  return "cognito_bulk_" .. url:match "[?&]job=([^&]*)":gsub("-", "_")
end

--- Plans a job for the users of a new sandbox, who are reset.
-- @tparam number n how many there are
-- @tparam[opt] table given options of the plan
-- @treturn cognito.BulkJob
-- @treturn table box
-- @treturn cognito.Client
-- @treturn string the journal's URL
function M.planned(n, given)
  local box, pool = helper.world(n)
  given = given or {}
  given.journal = given.journal or M.url()
  return helper.plan(pool:with { attempt_timeout = 0.2 }, given), box, pool, given.journal
end

--- Runs a job. The journal goes by the server's clock: what is waited for
-- passes in fact.
-- @tparam cognito.BulkJob job
-- @tparam table given options of `job:run`
-- @return what it returns
function M.run(job, given)
  given.settle = 0.2
  return job:run(given)
end

--- The outcomes of a job that kept its promise.
-- @tparam cognito.BulkJob job
-- @tparam table box
-- @treturn table from outcome to count
function M.kept(job, box)
  local wrong, outcomes = promise.check("reset", job:rows(), box:executions())
  assert(not wrong[1], wrong[1])
  return outcomes
end

return M

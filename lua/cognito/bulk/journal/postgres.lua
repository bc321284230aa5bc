--- A journal in a PostgreSQL database: for containers without a disk of their
-- own, and for several workers on one job.
--
--     postgres://user@host/database?job=spring-reset
--
-- The job's tables stand in a schema of their own, named after it. All else in
-- the URL is libpq's, which finds passwords (`PGPASSWORD`, ~/.pgpass) and
-- certificates.
-- @module cognito.bulk.journal.postgres

local cursors = require "cognito.bulk.journal.cursor"
local failure = require "cognito.bulk.failure"
local faults = require "cognito.bulk.journal.postgres_faults"
local urls = require "cognito.bulk.journal.url"

local M = {}

-- Unless the URL says otherwise: a server that is gone is noticed in seconds,
-- not when TCP gives up.
local patience = {
  { "connect_timeout", "5" },
  { "keepalives_idle", "5" }, { "keepalives_interval", "3" }, { "keepalives_count", "3" },
  { "tcp_user_timeout", "15000" },
}

local db = {
  for_update = " FOR UPDATE",
  skip_locked = " FOR UPDATE SKIP LOCKED",
  exclusive = false,
  id_type = "BIGINT",
}
local db_mt = { __index = db }

local function execute(self, sql)
  if not self.connection then
    failure.raise("journal_away", "the journal " .. self.name .. " is not connected", { temporary = true })
  end
  local result, message = self.connection:execute(sql)
  if not result then
    faults.raise(self, message)
  end
  return result
end

--- Runs a statement.
-- @tparam string sql
-- @treturn number rows that it changed
-- @raise a cognito.Error where the world is at fault
function db:run(sql)
  local result = execute(self, sql)
  if type(result) == "number" then
    return result
  end
  result:close()
  return 0
end

--- Runs a query. PostgreSQL's numbers come as texts.
-- @tparam string sql
-- @treturn table list of rows, each from column to value
-- @raise a cognito.Error where the world is at fault
function db:rows(sql)
  return (cursors.rows(execute(self, sql)))
end

--- Begins a transaction that will write. A pooler may have given it another
-- session than the one that was set up.
function db:begin()
  self:run(("BEGIN; SET LOCAL synchronous_commit = %s; SET LOCAL search_path = %s"):format(self.commit, self.schema))
end

--- The time as an SQL expression: the server's, one for all workers.
-- @treturn string
function db:now_expression() -- luacheck: no self
  return "extract(epoch FROM clock_timestamp())"
end

--- Whether the tables of a job are there.
-- @treturn boolean
function db:has_tables()
  return #self:rows(("SELECT 1 AS found FROM information_schema.tables WHERE table_schema = '%s' "
    .. "AND table_name = 'meta'"):format(self.schema)) == 1
end

--- The server itself looks after its pages.
function db:check_pages() end -- luacheck: no self

--- Makes the schema; of several processes that plan the same job one succeeds.
function db:make_room()
  self.phase = "schema"
  local _, err = failure.catch(self.run, self, "CREATE SCHEMA " .. self.schema)
  if err and err.code == "journal_exists" then
    failure.raise(err.code, "there is a job " .. self.job_name .. " in this database already")
  elseif err then
    error(err, 0)
  end
  self.phase = "tables"
end

--- Notes that the tables have been made.
function db:made()
  self.phase = "rows"
end

-- Locks of the session, which end with it.
local function try_lock(self, kind)
  return self:rows(("SELECT pg_try_advisory_lock%s(hashtext('%s')) AS got"):format(kind, self.schema))[1].got == "t"
end

--- Takes the job's lock: workers share it, planning or removing the job takes
-- it alone. A new connection takes it again.
-- @tparam ?string kind "shared", or nil: exclusive
-- @treturn boolean whether it was to be had
function db:lock(kind)
  local suffix = kind == "shared" and "_shared" or ""
  local got = try_lock(self, suffix)
  self.locked = got and suffix or nil
  return got
end

--- Gives the lock back.
function db:release()
  if self.locked and self.connection then
    self:rows(("SELECT pg_advisory_unlock%s(hashtext('%s'))"):format(self.locked, self.schema))
  end
  self.locked = nil
end

local function driver()
  local found, module = pcall(require, "luasql.postgres")
  if not found then
    failure.raise("no_driver", "a journal in PostgreSQL needs LuaSQL for it, which is not installed")
  end
  return module.postgres()
end

local function setting(self, name)
  return self:rows(("SELECT current_setting('%s') AS value"):format(name))[1].value
end

local strong_enough = { on = true, remote_apply = true }

-- A commit is on disk, and on every synchronous replica, before the call is made:
-- else a user could be sent a second message after a crash. The default may be
-- weaker, for a role, a database or the server.
local function make_durable(self)
  for _, name in ipairs { "fsync", "full_page_writes" } do
    if setting(self, name) ~= "on" then
      failure.raise("journal_not_durable", ("the database server runs with %s = off"):format(name))
    end
  end
  if not strong_enough[setting(self, "synchronous_commit")] then
    self:run "SET synchronous_commit = on"
  end
  self.commit = setting(self, "synchronous_commit")
  if not strong_enough[self.commit] then
    failure.raise("journal_not_durable", "the database keeps synchronous_commit = " .. self.commit)
  end
end

local function connect(self)
  local connection, message = self.env:connect(self.source)
  if not connection then
    message = faults.first_line(tostring(message):gsub("^LuaSQL: error connecting to database%. PostgreSQL: ", ""))
    message = urls.hide(message, self.source)
    failure.raise("journal_away", ("the journal %s: %s"):format(self.name, message), { temporary = true })
  end
  self.connection = connection
  self:run "SET standard_conforming_strings = on"
  self:run "SET client_encoding = 'UTF8'"
  self:run "SET lock_timeout = '10s'"
  -- A worker that stands still within a transaction must not keep all others.
  self:run "SET idle_in_transaction_session_timeout = '5s'"
  self:run "SET default_transaction_isolation = 'read committed'" -- SKIP LOCKED and the order of locks count on it
  self:run("SET search_path TO " .. self.schema)
  make_durable(self)
  if self.locked and not try_lock(self, self.locked) then
    failure.raise("journal_busy", "the job " .. self.job_name .. " is being removed", { temporary = true })
  end
end

local function value_of(self, expression)
  return self:rows("SELECT " .. expression .. " AS value")[1].value
end

-- Some hosts keep it from all but superusers.
local function system_of(self)
  if value_of(self, "has_function_privilege('pg_control_system()', 'EXECUTE')") == "t" then
    return value_of(self, "(SELECT system_identifier FROM pg_control_system())::text")
  end
  return "not readable"
end

--- What tells this journal from its copies: a dump that was restored, or a
-- database made with this one as its template.
-- @treturn table from name to text
function db:home()
  return {
    system = system_of(self),
    database = value_of(self, "(SELECT oid FROM pg_database WHERE datname = current_database())::text"),
    schema = value_of(self, ("(SELECT oid FROM pg_namespace WHERE nspname = '%s')::text"):format(self.schema)),
  }
end

--- Nothing can be known of where it was.
function db:check_move() end -- luacheck: no self

--- A database has nothing beside it that could tell.
function db:note_claims() end -- luacheck: no self

--- Likewise.
function db:check_claims() end -- luacheck: no self

--- Connects again.
-- @treturn boolean whether that went well
-- @treturn ?cognito.Error why not
function db:reconnect()
  if self.connection then
    pcall(self.connection.close, self.connection)
    self.connection = nil
  end
  local _, err = failure.catch(connect, self)
  return err == nil, err
end

--- Removes the job for good.
function db:remove()
  self:run("DROP SCHEMA " .. self.schema .. " CASCADE")
  self:close()
end

--- Closes the connection.
-- @treturn boolean false: a cursor is open
function db:close()
  local closed = not self.connection or self.connection:close()
  self.connection = nil
  return closed
end

local function take_job(url)
  local base, query = url:match "^([^?]*)%??(.*)$"
  local job, kept = nil, {}
  for part in query:gmatch "[^&]+" do
    local name = part:match "^job=(.*)$"
    if name then
      job = name
    else
      kept[#kept + 1] = part
    end
  end
  return base, job, kept
end

local function add_patience(parts)
  local given = {}
  for _, part in ipairs(parts) do
    given[part:match "^[^=]*"] = true
  end
  for _, pair in ipairs(patience) do
    if not given[pair[1]] then
      parts[#parts + 1] = pair[1] .. "=" .. pair[2]
    end
  end
end

--- Whether a journal is named by such a URL.
-- @tparam string where
-- @treturn boolean
function M.is_url(where)
  return where:find "^postgres://" ~= nil or where:find "^postgresql://" ~= nil
end

-- The name for messages holds no password, and none of the URL's options.
local function new(url)
  local base, job, parts = take_job(url)
  if not job or not job:find "^%l[%l%d_-]*$" or #job > 40 then
    failure.raise("invalid_input", "a journal in PostgreSQL needs the job's name, small letters, digits, _ and -: "
      .. "postgres://host/database?job=spring-reset")
  end
  if not urls.is_sound(url) then
    failure.raise("invalid_input", "the journal's URL cannot be read: it is postgres://user@host:port/database?job=name"
      .. ", with % and two hexadecimal digits for signs like @ : / ? # % in user and password")
  end
  add_patience(parts)
  return setmetatable({
    env = driver(),
    job_name = job,
    name = job .. " in PostgreSQL",
    phase = "rows",
    schema = "cognito_bulk_" .. job:gsub("-", "_"),
    source = base .. "?" .. table.concat(parts, "&"),
  }, db_mt)
end

--- Opens a journal.
-- @tparam string url
-- @treturn table database
-- @raise a cognito.Error
function M.open(url)
  local self = new(url)
  connect(self)
  if not self:has_tables() then
    self:close()
    failure.raise("journal_missing", "there is no job " .. self.job_name .. " in this database")
  end
  return self
end

-- The name of no job: a schema of PostgreSQL's own, which holds none.
local NO_JOB = "none"

--- Connects to a database, for a look at the jobs in it.
-- @tparam string url with or without a job's name
-- @treturn table database; `schemas`: list of those that hold a job
-- @raise a cognito.Error
function M.open_database(url)
  local base, _, parts = take_job(url)
  parts[#parts + 1] = "job=" .. NO_JOB
  local self = new(base .. "?" .. table.concat(parts, "&"))
  self.name = "in PostgreSQL"
  connect(self)
  self.schemas = {}
  for _, row in ipairs(self:rows [[SELECT table_schema AS name FROM information_schema.tables
      WHERE table_name = 'meta' AND table_schema LIKE 'cognito\_bulk\_%' ORDER BY table_schema]]) do
    self.schemas[#self.schemas + 1] = row.name
  end
  return self
end

--- The name of a job, as a URL takes it.
-- @tparam string schema
-- @treturn string
function M.job_of(schema)
  return (schema:gsub("^cognito_bulk_", ""))
end

--- Connects for a journal that is to be made, and takes its lock.
-- @tparam string url
-- @treturn table database
-- @raise a cognito.Error
function M.create(url)
  local self = new(url)
  connect(self)
  if not self:lock() then
    self:close()
    failure.raise("journal_in_use", "another process makes the job " .. self.job_name)
  end
  return self
end

return M

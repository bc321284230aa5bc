--- The journal of a bulk job: what is to be done, what was begun, what came
-- of it. One interface to SQLite and PostgreSQL.
-- @module cognito.bulk.journal

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local fact_kinds = require "cognito.bulk.journal.facts"
local home = require "cognito.bulk.journal.home"
local postgres = require "cognito.bulk.journal.postgres"
local quote = require "cognito.bulk.quote"
local schema = require "cognito.bulk.journal.schema"
local sound = require "cognito.bulk.journal.sound"
local sqlite = require "cognito.bulk.journal.sqlite"
local upgrade = require "cognito.bulk.journal.upgrade"

local M = {}

local journal = {}
local journal_mt = { __index = journal }

-- The database of each journal. Outside the object, so that all other modules
-- go through its methods.
local databases = setmetatable({}, { __mode = "k" })

-- ---- statements ----

local to_integer = rawget(math, "tointeger") or function(number) return number end

-- LuaSQL counts in floats, which Lua 5.3 and newer show.
local function whole(number)
  return to_integer(number) or number
end

--- Runs a statement.
-- @tparam string statement with a `?` for each value
-- @param ... the values; a table stands for a list of them
-- @treturn number rows that it changed
-- @raise a cognito.Error where the world is at fault
function journal:run(statement, ...)
  return whole(databases[self]:run(quote.fill(statement, ...)))
end

--- Runs a query.
-- @tparam string statement with a `?` for each value
-- @param ... the values; a table stands for a list of them
-- @treturn table list of rows, each from column to value
-- @raise a cognito.Error where the world is at fault
function journal:rows(statement, ...)
  return databases[self]:rows(quote.fill(statement, ...))
end

--- The first row of a query.
-- @tparam string statement with a `?` for each value
-- @param ... the values
-- @treturn ?table row
-- @raise a cognito.Error where the world is at fault
function journal:row(statement, ...)
  return self:rows(statement, ...)[1]
end

--- The first row of a query, kept from all others until the transaction ends.
-- @tparam string statement a SELECT with a `?` for each value
-- @param ... the values
-- @treturn ?table row
-- @raise a cognito.Error where the world is at fault
function journal:hold_row(statement, ...)
  return self:row(statement .. databases[self].for_update, ...)
end

--- The rows of a query that no other transaction holds, kept from all others
-- until this one ends.
-- @tparam string statement a SELECT with a `?` for each value
-- @param ... the values
-- @treturn table list of rows
-- @raise a cognito.Error where the world is at fault
function journal:hold_free_rows(statement, ...)
  return self:rows(statement .. databases[self].skip_locked, ...)
end

--- The time as an SQL expression: the database server's, one for all workers,
-- or this machine's.
-- @tparam number now epoch seconds by this machine
-- @treturn string
function journal:now_expression(now)
  return databases[self]:now_expression(now)
end

--- Inserts rows; those that would break a uniqueness are left out.
-- @tparam string name of the table
-- @tparam table columns list of names
-- @tparam table rows list of tables from column to value
-- @treturn number how many were inserted
-- @raise a cognito.Error where the world is at fault
function journal:insert(name, columns, rows)
  if not rows[1] then
    return 0
  end
  local tuples = {}
  for i, row in ipairs(rows) do
    tuples[i] = quote.tuple(row, columns)
  end
  return whole(databases[self]:run(("INSERT INTO %s (%s) VALUES "):format(name, table.concat(columns, ", "))
    .. table.concat(tuples, ", ") .. " ON CONFLICT DO NOTHING"))
end

-- Reports the original error, not a failed rollback.
local function roll_back(self)
  pcall(self.run, self, "ROLLBACK")
end

--- Commits: the end of `transaction`.
-- @raise a cognito.Error where the world is at fault
function journal:commit()
  self:run "COMMIT"
end

local function in_transaction(self, f, ...)
  databases[self]:begin()
  local result = f(...)
  self:commit()
  return result
end

--- Calls a function within a transaction: all that it writes holds, or none.
-- A commit whose answer is lost is an error, too; it may hold all the same.
-- @tparam function f
-- @param ... its arguments
-- @return what it returns (one value)
-- @raise what it raises, or a cognito.Error
function journal:transaction(f, ...)
  local ok, result = pcall(in_transaction, self, f, ...)
  if not ok then
    roll_back(self)
    error(result, 0)
  end
  return result
end

-- ---- facts about the job ----

--- One fact about the job.
-- @tparam string key
-- @treturn ?string
function journal:get(key)
  local row = self:row("SELECT value FROM meta WHERE key = ?", key)
  return row and row.value
end

--- Notes a fact about the job.
-- @tparam string key
-- @tparam ?string|number value
function journal:set(key, value)
  if type(value) == "number" then
    value = quote.literal(value)
  end
  if self:run("UPDATE meta SET value = ? WHERE key = ?", value, key) == 0 then
    self:run("INSERT INTO meta (key, value) VALUES (?, ?)", key, value)
  end
end

--- All facts about the job.
-- @treturn table from key to text
-- @raise a cognito.Error where the world is at fault, and where one of them
--   cannot be what was noted
function journal:facts()
  local facts = {}
  for _, row in ipairs(self:rows "SELECT key, value FROM meta") do
    facts[row.key] = row.value
  end
  return fact_kinds.check(facts)
end

-- ---- who works on it ----

--- Takes the lock.
-- @tparam[opt] string kind "shared": along with other workers, where the
--   journal can have several; else alone
-- @treturn boolean whether it was free
-- @raise a cognito.Error where the world is at fault
function journal:lock(kind)
  return databases[self]:lock(kind)
end

--- Gives the lock back.
function journal:release()
  databases[self]:release()
end

--- Whether only one process at a time can work on the journal: then the holder
-- of the lock knows that all earlier workers are gone.
-- @treturn boolean
function journal:is_exclusive()
  return databases[self].exclusive
end

--- Connects again after a failure, with the lock that was held.
-- @treturn boolean whether that went well
-- @treturn ?cognito.Error why not
function journal:reconnect()
  return databases[self]:reconnect()
end

-- ---- life ----

--- Refuses to work on a journal that is not where it was.
-- @tparam[opt] boolean moved it was moved, and there is no other
-- @raise a cognito.Error
function journal:check_home(moved)
  home.check(self, databases[self], moved)
end

--- Refuses to work on a journal that is damaged: before a call is made for any
-- of its rows.
-- @tparam table action
-- @raise a cognito.Error
function journal:check_sound(action)
  databases[self]:check_pages()
  sound.check(self)
  sound.check_steps(self, action)
end

--- Refuses to work on a journal that is an earlier state of itself. To
-- be called with the lock, before the first claim.
-- @raise a cognito.Error
function journal:check_claims()
  local row = self:row "SELECT coalesce(sum(attempts), 0) AS n FROM users"
  self.id, self.claims = self:get "job", c_locale.tonumber(row.n)
  databases[self]:check_claims(self.id, self.claims)
end

--- Notes that users were taken on. After the commit, before their calls: then
-- no earlier state of the journal passes for this one.
-- @tparam number n how many
function journal:note_claims(n)
  self.claims = self.claims + n
  databases[self]:note_claims(self.id, self.claims)
end

--- Closes it, and gives the lock back.
-- @treturn ?boolean whether the database is closed; false: a cursor is open;
--   nil: it was closed before
function journal:close()
  if not self.closed then
    self.closed = true
    return databases[self]:close()
  end
end

--- Removes it for good.
function journal:remove()
  self.closed = true
  databases[self]:remove()
end

local function backend(where)
  if type(where) ~= "string" or where == "" or where:find("\0", 1, true) then
    failure.raise("invalid_input", "journal must be the path of a file, or a URL postgres://…")
  elseif postgres.is_url(where) then
    return postgres
  elseif where:find "^%a+:" then
    failure.raise("invalid_input", "a journal is a file or a database postgres://…, not " .. where:match "^%a+:")
  end
  return sqlite
end

local function wrap(db)
  local self = setmetatable({}, journal_mt)
  databases[self] = db
  return self
end

-- The program that wrote the journal, for a message.
local function writer_of(self)
  return tostring(self:get "tool_version"):match "^%d[%w.+-]*$" or "unknown"
end

local function version_of(self)
  local version = sound.count(databases[self]:has_tables() and self:get "schema_version" or nil)
  return version or failure.raise("journal_unreadable", "this is not the journal of a bulk job")
end

local function check_version(self)
  local version = version_of(self)
  if version > schema.version then
    failure.raise("journal_newer", ("the journal was written by a newer version (%s) of this program")
      :format(writer_of(self)))
  elseif not upgrade.reaches(version) then
    failure.raise("journal_older", ("the journal was written by an older version (%s) of this program")
      :format(writer_of(self)))
  elseif version < schema.version then
    upgrade.upgrade(self, databases[self].id_type, function() return version_of(self) end)
  end
end

-- Found out now, and not when a message has been asked for already.
local function check_writable(self)
  self:transaction(function() self:run "UPDATE meta SET value = value WHERE key = 'schema_version'" end)
end

local function check(self)
  check_version(self)
  self:facts()
  check_writable(self)
end

--- Opens the journal of a job.
-- @tparam string where path, or URL of a PostgreSQL database
-- @treturn table journal
-- @raise a cognito.Error
function M.open(where)
  local self = wrap(backend(where).open(where))
  local ok, err = pcall(check, self)
  if not ok then
    self:close()
    error(err, 0)
  end
  return self
end

local function fill(self, db, facts)
  self:transaction(function()
    schema.create(db)
    self:set("schema_version", schema.version)
    home.note(self, db)
    for key, value in pairs(facts) do
      self:set(key, value)
    end
  end)
end

--- Makes a journal, and holds its lock.
-- @tparam string where path, or URL of a PostgreSQL database
-- @tparam table facts about the job, from key to text
-- @treturn table journal
-- @raise a cognito.Error
function M.create(where, facts)
  local db = backend(where).create(where)
  local self = wrap(db)
  local ok, err = pcall(function()
    db:make_room()
    fill(self, db, facts)
    db:made()
  end)
  if not ok then
    self:close()
    error(err, 0)
  end
  return self
end

return M

--- The journal of a bulk job: what is to be done, what was begun, what came
-- of it. One interface to SQLite and PostgreSQL.
-- @module cognito.bulk.journal

local c_locale = require "cognito.c_locale"
local failure = require "cognito.bulk.failure"
local home = require "cognito.bulk.journal.home"
local postgres = require "cognito.bulk.journal.postgres"
local quote = require "cognito.bulk.quote"
local schema = require "cognito.bulk.journal.schema"
local sqlite = require "cognito.bulk.journal.sqlite"

local M = {}

local journal = {}
local journal_mt = { __index = journal }

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
  return whole(self.db:run(quote.fill(statement, ...)))
end

--- Runs a query.
-- @tparam string statement with a `?` for each value
-- @param ... the values; a table stands for a list of them
-- @treturn table list of rows, each from column to value
-- @raise a cognito.Error where the world is at fault
function journal:rows(statement, ...)
  return self.db:rows(quote.fill(statement, ...))
end

--- The first row of a query.
-- @tparam string statement with a `?` for each value
-- @param ... the values
-- @treturn ?table row
-- @raise a cognito.Error where the world is at fault
function journal:row(statement, ...)
  return self:rows(statement, ...)[1]
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
  return whole(self.db:run(("INSERT INTO %s (%s) VALUES "):format(name, table.concat(columns, ", "))
    .. table.concat(tuples, ", ") .. " ON CONFLICT DO NOTHING"))
end

-- What went wrong counts, not that nothing can be taken back either.
local function roll_back(self)
  pcall(self.db.run, self.db, "ROLLBACK")
end

local function in_transaction(self, f, ...)
  self.db:begin()
  local result = f(...)
  self.db:run "COMMIT"
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
function journal:facts()
  local facts = {}
  for _, row in ipairs(self:rows "SELECT key, value FROM meta") do
    facts[row.key] = row.value
  end
  return facts
end

-- ---- life ----

--- Refuses to work on a journal that is not where it was.
-- @tparam[opt] boolean moved it was moved, and there is no other
-- @raise a cognito.Error
function journal:check_home(moved)
  home.check(self, moved)
end

--- Refuses to work on a journal that is an earlier state of itself. To
-- be called with the lock, before the first claim.
-- @raise a cognito.Error
function journal:check_claims()
  local row = self:row "SELECT coalesce(sum(attempts), 0) AS n FROM users"
  self.job, self.claims = self:get "job", c_locale.tonumber(row.n)
  self.db:check_claims(self.job, self.claims)
end

--- Notes that users were taken on. After the commit, before their calls: then
-- no earlier state of the journal passes for this one.
-- @tparam number n how many
function journal:note_claims(n)
  self.claims = self.claims + n
  self.db:note_claims(self.job, self.claims)
end

--- Closes it, and gives the lock back.
function journal:close()
  if not self.closed then
    self.closed = true
    self.db:close()
  end
end

--- Removes it for good.
function journal:remove()
  self.closed = true
  self.db:remove()
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
  return setmetatable({ db = db }, journal_mt)
end

local function check_version(self)
  local version = c_locale.tonumber(self.db:has_tables() and self:get "schema_version" or nil)
  if not version then
    failure.raise("journal_unreadable", "this is not the journal of a bulk job")
  elseif version > schema.version then
    failure.raise("journal_newer", ("the journal was written by a newer version (%s) of this program")
      :format(self:get "tool_version" or "unknown"))
  elseif version < schema.version then
    failure.raise("journal_older", ("the journal was written by an older version (%s) of this program")
      :format(self:get "tool_version" or "unknown"))
  end
end

-- Found out now, and not when a message has been asked for already.
local function check_writable(self)
  self:transaction(function() self:run "UPDATE meta SET value = value WHERE key = 'schema_version'" end)
end

local function check(self)
  check_version(self)
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

local function fill(self, facts)
  self:transaction(function()
    schema.create(self.db)
    self:set("schema_version", schema.version)
    home.note(self)
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
  local self = wrap(backend(where).create(where))
  local ok, err = pcall(function()
    self.db:make_room()
    fill(self, facts)
    self.db:made()
  end)
  if not ok then
    self:close()
    error(err, 0)
  end
  return self
end

return M

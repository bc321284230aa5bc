--- What went wrong in PostgreSQL. LuaSQL hands no SQLSTATE over, and the words
-- are in the server's language: so the connection is asked instead.
-- @module cognito.bulk.journal.postgres_faults

local cursors = require "cognito.bulk.journal.cursor"
local failure = require "cognito.bulk.failure"
local sound = require "cognito.bulk.journal.sound"

local M = {}

--- One line of what libpq says, without the statement that it quotes.
-- @tparam string message
-- @treturn string
function M.first_line(message)
  message = tostring(message):gsub("^LuaSQL: ", ""):gsub("^error executing statement%. PostgreSQL: ", "")
  return (message:match "^[^\n]*")
end

-- What a question finds; nil: nothing, or there is no answer.
local function ask(connection, question)
  local cursor = connection:execute(question)
  if not cursor or type(cursor) == "number" then
    return cursor
  end
  return cursors.rows(cursor)[1]
end

-- The transaction is void in any case; a connection that is gone cannot end it.
local function is_connected(connection)
  return ask(connection, "ROLLBACK") ~= nil and ask(connection, "SELECT 1") ~= nil
end

local tables = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $SCHEMA "
  .. "AND c.relkind = 'r'"

local read_only = { "journal_read_only", "current_setting('transaction_read_only') = 'on'" }

-- A column that is missing, or was made one of another kind.
local function is_damaged()
  local rows = {}
  for i, each in ipairs(sound.columns()) do
    rows[i] = ("('%s', '%s', '%s')"):format(each.table, each.column, each.is_number and "N" or "S")
  end
  return "EXISTS (SELECT 1 FROM (VALUES " .. table.concat(rows, ", ") .. ") AS w (t, c, k) WHERE NOT EXISTS (SELECT 1 "
    .. "FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid JOIN pg_namespace n ON n.oid = r.relnamespace "
    .. "JOIN pg_type y ON y.oid = a.atttypid WHERE n.nspname = $SCHEMA AND r.relname = w.t AND a.attname = w.c "
    .. "AND y.typcategory::text = w.k AND NOT a.attisdropped))"
end

-- Of the catalogue, which all roles may read, in this order; by what is there
-- already.
local questions = {
  schema = {
    read_only,
    { "journal_exists", "EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $SCHEMA)" },
    { "journal_read_only", "NOT has_database_privilege(current_database(), 'CREATE')" },
  },
  tables = { read_only },
  rows = {
    read_only,
    { "journal_missing", "NOT EXISTS (SELECT 1 " .. tables .. " AND c.relname = 'meta')" },
    { "journal_read_only", "NOT (SELECT bool_and(has_schema_privilege(n.oid, 'USAGE') AND "
      .. "has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND "
      .. "has_table_privilege(c.oid, 'UPDATE')) " .. tables .. ")" },
    { "journal_damaged", is_damaged() },
  },
}

local function code_of(self)
  for _, row in ipairs(questions[self.phase]) do
    local question = row[2]:gsub("$SCHEMA", "'" .. self.schema .. "'")
    if ask(self.connection, "SELECT 1 WHERE " .. question) then
      return row[1]
    end
  end
  return "journal_refused"
end

--- Raises what a statement's failure means. A reason that cannot be asked for
-- (a lock that was waited for too long, a deadlock, a full disk) may pass: the
-- error is temporary.
-- @tparam table self `connection`, `name`, `schema`, `phase`
-- @tparam string message
-- @raise a cognito.Error
function M.raise(self, message)
  message = ("the journal %s: %s"):format(self.name, M.first_line(message))
  if not is_connected(self.connection) then
    failure.raise("journal_away", message, { temporary = true })
  end
  local code = code_of(self)
  failure.raise(code, message, { temporary = code == "journal_refused" or nil })
end

return M

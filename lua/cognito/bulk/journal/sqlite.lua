--- A journal in an SQLite file: the default, for one process at a time.
--
-- Others may look at it and order a pause meanwhile; a process that plans or
-- runs holds the lock of a file beside it, which the system gives back when the
-- process ends, however it ends. (Not the lock of the journal itself: to close any
-- descriptor of that file would end SQLite's own locks on it.) A file has more
-- names than one: the real path is what is opened and locked, and hard links
-- are refused.
-- @module cognito.bulk.journal.sqlite

local c_locale = require "cognito.c_locale"
local cursors = require "cognito.bulk.journal.cursor"
local failure = require "cognito.bulk.failure"
local machine = require "cognito.bulk.machine"
local native = require "cognito.native"

local M = {}

local BUSY = 10000 -- milliseconds to wait for another program's write

-- The file, what SQLite keeps beside it, and the lock last of all.
local companions = { "", "-wal", "-shm", "-journal", ".lock" }

local EXTRA = 3 -- of PRAGMA synchronous

-- SQLite's messages, and the errors that they become. Messages that are not listed are about
-- a damaged file, and may quote what stands in it: they are not shown.
local faults = {
  { "readonly database", "journal_read_only" },
  { "unable to open", "journal_read_only" },
  { "disk is full", "journal_full" },
  { "disk I/O error", "journal_full" },
  { "is locked", "journal_busy", temporary = true },
  { "locking protocol", "journal_busy", temporary = true },
  { "out of memory", "journal_refused" },
  { "interrupted", "journal_refused" },
  { "not a database", "journal_unreadable", shown = "this is no database" },
  { "no such table: meta", "journal_unreadable", shown = "this is not the journal of a bulk job" },
  { "malformed", "journal_damaged", shown = "its pages contradict each other" },
  { "no such table", "journal_damaged", shown = "a table is missing" },
  { "column", "journal_damaged", shown = "a column is missing" },
  { "overflow", "journal_damaged", shown = "a number is too large" },
  { "", "journal_damaged", shown = "SQLite refuses what the program asks of any journal" },
}

local db = {
  for_update = "",
  skip_locked = "",
  exclusive = true,
  id_type = "INTEGER",
}
local db_mt = { __index = db }

local function fault(self, message)
  message = tostring(message):gsub("^LuaSQL: ", "")
  if message:find "^near .*: syntax error$" then
    error(message, 0) -- a mistake of ours
  end
  for _, row in ipairs(faults) do
    if message:find(row[1], 1, true) then
      failure.raise(row[2], ("the journal %s: %s"):format(self.path, row.shown or message),
        { temporary = row.temporary })
    end
  end
end

--- Runs a statement.
-- @tparam string sql
-- @treturn number rows that it changed
-- @raise a cognito.Error where the world is at fault
function db:run(sql)
  local result, message = self.connection:execute(sql)
  if not result then
    fault(self, message)
  elseif type(result) ~= "number" then -- a pragma may answer
    result:close()
    return 0
  end
  return result
end

--- Runs a query.
-- @tparam string sql
-- @treturn table list of rows, each from column to value
-- @raise a cognito.Error where the world is at fault
function db:rows(sql)
  local cursor, message = self.connection:execute(sql)
  if not cursor then
    fault(self, message)
  end
  local rows
  rows, message = cursors.rows(cursor)
  if message then
    fault(self, message)
  end
  return rows
end

--- Begins a transaction that will write.
function db:begin()
  self:run "BEGIN IMMEDIATE"
end

--- The time as an SQL expression: this machine's.
-- @tparam number now epoch seconds
-- @treturn string
function db:now_expression(now) -- luacheck: no self
  return c_locale.format("%.6f", now)
end

--- Whether the tables of a job are there.
-- @treturn boolean
function db:has_tables()
  return #self:rows "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'" == 1
end

--- Refuses a file whose pages or indexes contradict each other: an index that
-- lacks a row lets one person be in two.
-- @raise a cognito.Error
function db:check_pages()
  if self:rows "PRAGMA integrity_check(1)"[1].integrity_check ~= "ok" then
    fault(self, "malformed")
  end
end

--- Makes the place for the tables: the file is there already.
function db:make_room() end -- luacheck: no self

--- Notes that the tables have been made.
function db:made() end -- luacheck: no self

--- Takes the lock that only one process can have, to run as well as to plan.
-- @treturn boolean whether it was to be had
function db:lock() -- the kind makes no difference here
  if self.unlock then
    return true
  end
  local path = self.path .. ".lock"
  local unlock, note, busy = native.lock(path, true) -- never replaced: its identity is the lock
  if unlock then
    self.unlock, self.note = unlock, note
  elseif not busy then
    failure.raise("journal_read_only", ("the lock %s: %s"):format(path, note))
  end
  return unlock ~= nil
end

--- Gives the lock back.
function db:release()
  if self.unlock then
    self.unlock()
    self.unlock, self.note = nil, nil
  end
end

--- Notes beside the lock how many claims the journal holds. That need not
-- survive the loss of power: an older note only notices less.
-- @tparam string id the job's: the lock may be left of another one
-- @tparam number claims
-- @treturn boolean whether it is written
function db:note_claims(id, claims)
  return self.note(("%s %015.0f\n"):format(id, claims)) ~= nil
end

--- Refuses a journal that holds fewer claims than were noted: an earlier copy
-- was written over it.
-- @tparam string id the job's
-- @tparam number claims
-- @raise a cognito.Error
function db:check_claims(id, claims)
  local of, count = (self.note() or ""):match "^(%w+) (%d+)\n"
  local noted = of == id and c_locale.tonumber(count)
  if noted and claims < noted then
    failure.raise("journal_behind", ("the journal %s was replaced by an earlier copy: of %.0f calls it holds %.0f")
      :format(self.path, noted, claims))
  elseif not self:note_claims(id, claims) then
    failure.raise("journal_full", ("the lock %s.lock cannot be written"):format(self.path))
  end
end

--- There is nothing to connect to again.
-- @treturn boolean
function db:reconnect() -- luacheck: no self
  return true
end

-- A file with two names would have two locks, and two write-ahead logs.
local function check_links(facts)
  if facts.links ~= "1" then
    failure.raise("journal_linked", ("the journal %s has %s names (hard links)"):format(facts.path, facts.links))
  end
end

local function facts_of(path)
  local facts, message = native.file_facts(path)
  if not facts then
    failure.raise("journal_missing", ("the journal %s: %s"):format(path, message))
  end
  return facts
end

--- What tells this journal from its copies.
-- @treturn table from name to text
-- @raise a cognito.Error where the file is gone or has several names
function db:home()
  local facts = facts_of(self.path)
  check_links(facts)
  return { host = machine.id(), path = facts.path, device = facts.device, inode = facts.inode }
end

-- The original is there still: whatever else may be true, this is a copy.
local function check_original(self, old)
  local original, mine = native.file_facts(old.path), facts_of(self.path)
  if original and original.device == old.device and original.inode == old.inode
    and not (original.device == mine.device and original.inode == mine.inode) then
    failure.raise("journal_copied", ("%s is a copy, and its original is still there: %s"):format(self.path, old.path))
  elseif old.path ~= mine.path and not original and native.file_facts(old.path .. "-wal") then
    failure.raise("journal_copied", ("the newest part of the journal was left behind: %s-wal"):format(old.path))
  end
end

-- A file that was renamed while a worker uses it left its lock behind.
local function check_old_lock(old)
  local path = old.path .. ".lock"
  local unlock, _, busy = native.lock(path)
  if busy then
    failure.raise("journal_in_use", "another process works on this journal, as " .. old.path)
  elseif unlock then
    unlock()
  end
end

--- Refuses what cannot have been moved, whatever is said.
-- @tparam table old home
-- @raise a cognito.Error
function db:check_move(old)
  if old.host == machine.id() and old.path then
    if old.path ~= self.path then
      check_old_lock(old)
    end
    check_original(self, old)
  end
end

--- Removes the journal for good, and the symbolic link that led to it.
-- @raise a cognito.Error when any of it is still there
function db:remove()
  self.connection:close()
  for _, suffix in ipairs(companions) do
    os.remove(self.path .. suffix)
  end
  os.remove(self.name)
  self:release()
  for _, suffix in ipairs(companions) do
    if native.file_facts(self.path .. suffix) then
      failure.raise("journal_read_only", ("%s cannot be removed"):format(self.path .. suffix))
    end
  end
end

--- Closes the file.
-- @treturn boolean false: a cursor is open
function db:close()
  local closed = not self.connection or self.connection:close()
  self:release()
  return closed
end

-- LuaSQL opens every path with this word in it in memory.
local function check_name(path)
  if path:find(":memory:", 1, true) then
    failure.raise("invalid_input", "a journal in memory (:memory:) could not show after a crash which users got a"
      .. " message: name a file whose path does not hold this word")
  end
end

local function exists(path)
  local file = io.open(path, "rb")
  return file ~= nil and file:close()
end

local function driver()
  local found, module = pcall(require, "luasql.sqlite3")
  if not found then
    failure.raise("no_driver", "a journal in a file needs LuaSQL for SQLite, which is not installed")
  end
  return module
end

-- The owner of one of the files can read and change what is written to them.
-- SQLite itself takes any file that it finds.
local function check_owned(path)
  local ok, why = native.check_owned(path)
  if not ok then
    failure.raise("journal_unsafe", ("the journal's file %s: %s"):format(path, why))
  end
end

local function check_all_owned(path)
  for _, suffix in ipairs(companions) do
    check_owned(path .. suffix)
  end
end

-- What is committed survives the loss of power, too: else a user could be sent
-- a second message after it. EXTRA matters where the file cannot have a
-- write-ahead log; fullfsync is for macOS, whose fsync leaves data in the disk.
local function make_durable(self)
  for _, name in ipairs { "fullfsync", "checkpoint_fullfsync" } do
    self:run(("PRAGMA %s = ON"):format(name))
  end
  self:run "PRAGMA synchronous = EXTRA"
  local level = c_locale.tonumber(self:rows "PRAGMA synchronous"[1].synchronous)
  if level < EXTRA then
    failure.raise("journal_not_durable", ("SQLite keeps synchronous = %d"):format(level))
  end
end

local function connect(self)
  check_all_owned(self.path)
  local connection, message = driver().sqlite3():connect(self.path)
  if not connection then
    fault(self, message)
  end
  self.connection = connection
  self:run(("PRAGMA busy_timeout = %d"):format(BUSY))
  make_durable(self)
  return self
end

--- Opens a journal.
-- @tparam string path
-- @treturn table database
-- @raise a cognito.Error
function M.open(path)
  check_name(path)
  check_owned(path)
  if not exists(path) then
    failure.raise("journal_missing", "there is no journal " .. path)
  end
  local facts = facts_of(path)
  check_name(facts.path)
  check_links(facts)
  return connect(setmetatable({ name = path, path = facts.path }, db_mt))
end

-- The one name of a file that is to be made.
local function real_path(path)
  local folder, name = path:match "^(.*/)([^/]*)$"
  local facts, message = native.file_facts(folder or ".")
  if not facts then
    failure.raise("journal_read_only", ("the journal %s cannot be written: %s"):format(path, message))
  end
  return (facts.path == "/" and "" or facts.path) .. "/" .. (name or path)
end

local function make_file(path)
  if exists(path) then
    failure.raise("journal_exists", "there is a file " .. path .. " already")
  end
  local written, message = native.write_private(path, "")
  if not written then
    failure.raise("journal_read_only", ("the journal %s cannot be written: %s"):format(path, message))
  end
end

--- Makes a journal that only its owner can read, and takes its lock.
-- @tparam string path
-- @treturn table database
-- @raise a cognito.Error
function M.create(path)
  local self = setmetatable({ name = path, path = real_path(path) }, db_mt)
  check_name(self.path)
  check_all_owned(self.path)
  driver() -- before there is a file, which would be in the way once it is installed
  if not self:lock() then
    failure.raise("journal_in_use", "another process makes the journal " .. path)
  end
  local _, err = failure.catch(make_file, self.path)
  if err then
    self:release()
    error(err, 0)
  end
  connect(self)
  self:run "PRAGMA journal_mode = WAL" -- readers do not stop the writer
  return self
end

return M

-- old_journal.lua FILE: the journal of a bulk job in the middle of its run, as this
-- version writes it: SQL, a statement a line. A release with a new version of the
-- tables (lua/cognito/bulk/journal/schema.lua) adds one to spec/bulk/journals, which
-- is never changed again: spec/bulk/journal_upgrade_spec.lua goes on with each.
--
--     eval "$(make env)" && lua5.4 scripts/old_journal.lua spec/bulk/journals/1.0.0.sql

package.path = "./?.lua;" .. package.path
local helper = require "spec.support.bulk"
local old = require "spec.support.old_journals"
local sqlite3 = require "luasql.sqlite3"

local function in_the_middle()
  local box, pool = old.world()
  local job = helper.plan(pool)
  box:misbehave { operation = "admin_reset_user_password", what = "error", code = "InvalidParameterException",
    message = "odd" }
  helper.run(job, { limit = 3, max_failures = 10 })
  local path = helper.path_of(job)
  job:close()
  return path
end

local function each(connection, query, f)
  local cursor = assert(connection:execute(query))
  local row = cursor:fetch({}, "a")
  while row do
    f(row)
    row = cursor:fetch({}, "a")
  end
  cursor:close()
end

local function columns_of(connection, name)
  local columns = {}
  each(connection, ("PRAGMA table_info(%s)"):format(name), function(row)
    columns[#columns + 1] = ("quote(%s)"):format(row.name)
  end)
  return table.concat(columns, " || ', ' || ")
end

-- Of the machine that it was made on.
local hidden = {
  "UPDATE meta SET value = '0' WHERE key IN ('home_device', 'home_inode', 'home_host')",
  "UPDATE meta SET value = '/var/lib/jobs/reset.db' WHERE key = 'home_path'",
  "UPDATE runs SET host = 'host', pid = '1'",
}

local function dump(path, write)
  local env = sqlite3.sqlite3()
  local connection = assert(env:connect(path))
  for _, statement in ipairs(hidden) do assert(connection:execute(statement)) end
  local tables = {}
  each(connection, "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid", function(row)
    write((row.sql:gsub("%s+", " ")))
    if row.type == "table" then tables[#tables + 1] = row.name end
  end)
  for _, name in ipairs(tables) do
    each(connection, ("SELECT %s AS list FROM %s"):format(columns_of(connection, name), name), function(row)
      write(("INSERT INTO %s VALUES (%s)"):format(name, row.list))
    end)
  end
  connection:close()
  env:close()
end

helper.setup()
local file = assert(io.open(assert(arg[1], "usage: old_journal.lua FILE"), "w"))
dump(in_the_middle(), function(line) file:write(line, "\n") end)
file:close()
helper.teardown()

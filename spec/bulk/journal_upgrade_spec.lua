-- A journal is upgraded in place from every version of its tables that a release has written, and a
-- job in the middle of its run goes on. spec/bulk/journals has one of each release; they are never
-- changed. A version of the tables without such a file was never released.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local lfs = require "lfs"
local old = require "spec.support.old_journals"
local schema = require "cognito.bulk.journal.schema"
local upgrade = require "cognito.bulk.journal.upgrade"

local FOLDER = "spec/bulk/journals/"

local function releases()
  local list = {}
  for name in lfs.dir(FOLDER) do list[#list + 1] = name:match "^(.+)%.sql$" end
  table.sort(list)
  return list
end

-- What a journal consists of: columns with their types, and indexes.
local function form(journal)
  local found = {}
  for _, part in ipairs(journal:rows "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL") do
    if part.type == "table" then
      for _, column in ipairs(journal:rows(("PRAGMA table_info(%s)"):format(part.name))) do
        found[part.name .. "." .. column.name] = ("%s %s %s"):format(column.type, column.notnull, column.pk)
      end
    else
      found[part.name] = part.sql:gsub("%s+", " ")
    end
  end
  return found
end

describe("a journal of an earlier release", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function restored(release)
    local path = helper.path()
    old.restore(FOLDER .. release .. ".sql", path)
    return path
  end

  it("is there for 1.0.0, the first", function()
    assert.equal("1.0.0", releases()[1])
  end)

  for _, release in ipairs(releases()) do
    it("has the tables of a new one once it is opened: " .. release, function()
      local _, pool = old.world()
      local new = helper.plan(pool)
      local job = assert(bulk.open { journal = restored(release) })
      assert.same(form(new.journal), form(job.journal))
      assert.equal(tostring(schema.version), job.journal:get "schema_version")
      job:close()
      new:close()
    end)

    it("is gone on with where it was: " .. release, function()
      local box, pool = old.world()
      local job = assert(bulk.open { journal = restored(release), pool = pool })
      local status = assert(job:status())
      assert.same({ "paused", "limit" }, { status.state, status.why })
      assert.same({ u1 = "failed", u2 = "accepted", u3 = "accepted", u4 = "planned", u5 = "planned", u6 = "planned",
        u7 = "planned" }, helper.outcomes(job))
      assert(job:resume())
      status = helper.run(job, { moved = true })
      assert.equal("done", status.state)
      assert.equal(4, box:executions "admin_reset_user_password")
      assert.equal("accepted", helper.outcomes(job).u7)
      job:close()
    end)
  end
end)

describe("a journal of older tables", function()
  setup(helper.setup)
  teardown(helper.teardown)

  -- Of the version before this one, as if that had lacked a column and an index.
  local before = schema.version - 1
  local steps = {
    "ALTER TABLE changes ADD COLUMN became TEXT",
    "CREATE INDEX users_by_state ON users (state, id)",
  }

  local function older()
    local _, pool = helper.world(3)
    local job = helper.plan(pool)
    local path = helper.path_of(job)
    for _, statement in ipairs { "ALTER TABLE changes DROP COLUMN became", "DROP INDEX users_by_state",
      ("UPDATE meta SET value = '%d' WHERE key = 'schema_version'"):format(before) } do
      job.journal:run(statement)
    end
    job:close()
    return path, pool
  end

  after_each(function() upgrade.steps[before] = nil end)

  it("is refused where nothing leads on from them, and left as it is", function()
    local path = older()
    local job, err = bulk.open { journal = path }
    assert.is_nil(job)
    assert.equal("journal_older", err.code)
    upgrade.steps[before] = steps
    assert(bulk.open { journal = path }):close() -- they are still the older ones
  end)

  it("is upgraded when it is opened, once, and works", function()
    local path, pool = older()
    upgrade.steps[before] = steps
    local job = assert(bulk.open { journal = path, pool = pool })
    local new = helper.plan(pool)
    assert.same(form(new.journal), form(job.journal))
    assert.equal("done", helper.run(job).state)
    job:close()
    assert(bulk.open { journal = path }):close()
  end)

  it("is upgraded as a whole or not at all", function()
    local path = older()
    upgrade.steps[before] = { steps[1], "ALTER TABLE no_such_table ADD COLUMN x TEXT" }
    local job, err = bulk.open { journal = path }
    assert.is_nil(job)
    assert.is_string(err.code)
    upgrade.steps[before] = steps -- the first of these would fail if it had been done
    assert(bulk.open { journal = path }):close()
  end)

  it("is not upgraded while a process of the older version works on it", function()
    local path = older()
    local worker = require("cognito.bulk.journal.sqlite").open(path)
    assert.is_true(worker:lock())
    upgrade.steps[before] = steps
    local job, err = bulk.open { journal = path }
    assert.is_nil(job)
    assert.equal("journal_in_use", err.code)
    assert.matches("older version", err.message)
    worker:close()
    assert(bulk.open { journal = path }):close()
  end)
end)

-- The journal as a file: whose it is, who may open it, and what happens when
-- it cannot be written any more.
local bulk = require "cognito.bulk"
local child = require "spec.support.child"
local process = require "spec.support.process"
local core = require "cognito.core"
local helper = require "spec.support.bulk"
local promise = require "spec.support.bulk_promise"
local sqlite3 = require "luasql.sqlite3"

local function sql(path, statement)
  local env = sqlite3.sqlite3()
  local connection = assert(env:connect(path))
  local result = assert(connection:execute(statement))
  if type(result) ~= "number" then
    result:close()
  end
  connection:close()
  env:close()
end

local function open_fails(code, given)
  local job, err = bulk.open(given)
  assert.is_nil(job)
  assert.equal(code, err.code, err)
  assert.is_string(err.hint)
  return err
end

local function mode_of(path)
  return core.run({ "stat", "-c", "%a", path }).stdout:match "%d+"
end

describe("a journal", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function planned(n)
    local box, pool = helper.world(n or 3, { seed = "the same users" })
    local job = helper.plan(pool)
    return helper.path_of(job), pool, box, job
  end

  it("can be read by its owner only, whatever the umask", function()
    local path, _, _, job = planned()
    job.journal:run "UPDATE meta SET value = value" -- so that its companions are there
    for _, suffix in ipairs { "", "-wal", "-shm" } do assert.equal("600", mode_of(path .. suffix)) end
  end)

  -- Without a write-ahead log, too: another program may have switched it off.
  it("keeps its commits through the loss of power", function()
    local path, _, _, job = planned()
    job:close()
    for _, mode in ipairs { "wal", "delete" } do
      sql(path, "PRAGMA journal_mode = " .. mode)
      job = assert(bulk.open { journal = path })
      assert.equal(mode, job.journal:row("PRAGMA journal_mode").journal_mode)
      for name, value in pairs { synchronous = 3, fullfsync = 1, checkpoint_fullfsync = 1 } do
        assert.equal(value, tonumber(job.journal:row("PRAGMA " .. name)[name]))
      end
      job:close()
    end
  end)

  it("is not made where something stands already", function()
    local path, pool = planned()
    local given = { pool = pool, journal = path, action = "reset", users = { filter = "" } }
    assert.equal("journal_exists", select(2, bulk.plan(given)).code)
    given.journal = helper.file("users.csv", "username\nu1\n")
    assert.equal("journal_exists", select(2, bulk.plan(given)).code)
    local file = assert(io.open(given.journal))
    assert.equal("username\nu1\n", file:read "*a")
    file:close()
    given.journal = "/no/such/folder/x.db"
    assert.equal("journal_read_only", select(2, bulk.plan(given)).code)
    for _, where in ipairs { "mysql://x/y", "file:x.db", "a\0b" } do
      given.journal = where
      assert.equal("invalid_input", select(2, bulk.plan(given)).code)
    end
  end)

  it("of a plan that was never finished is created again", function()
    local path, pool, _, job = planned()
    job.journal:set("state", "planning")
    job:close()
    local opened = assert(bulk.open { journal = path, pool = pool })
    assert.equal("not_frozen", select(2, opened:run {}).code)
    assert.equal("not_frozen", select(2, opened:approve {}).code)
    opened:close()
    job = assert(bulk.plan { pool = pool, journal = path, action = "lock", users = { "u1" } })
    assert.equal(1, job:summary().total)
  end)

  it("that is none is refused", function()
    open_fails("journal_missing", { journal = helper.path() })
    open_fails("journal_unreadable", { journal = helper.file("a.txt", ("no database\n"):rep(1000)) })
    open_fails("journal_unreadable", { journal = helper.file("b.txt", "") })
    local other = helper.path()
    sql(other, "CREATE TABLE users (id INTEGER)")
    open_fails("journal_unreadable", { journal = other })
    sql(other, "CREATE TABLE meta (key TEXT, value TEXT)")
    open_fails("journal_unreadable", { journal = other })
  end)

  it("of another pool is refused", function()
    local path = planned()
    local _, other = helper.world(1, { user_pool_id = "eu-west-1_Other0001" })
    local err = open_fails("journal_other_pool", { journal = path, pool = other })
    assert.matches("eu%-west%-1_Sandbox01", err.message)
    assert(bulk.open { journal = path })
  end)

  it("of another version is refused", function()
    local path = planned()
    sql(path, "UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    assert.matches("older version", open_fails("journal_older", { journal = path }).message)
    sql(path, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    sql(path, "UPDATE meta SET value = '9.9' WHERE key = 'tool_version'")
    assert.matches("9%.9", open_fails("journal_newer", { journal = path }).message)
  end)

  it("that cannot be written is refused, before anything is sent", function()
    local path, _, _, job = planned()
    job:close()
    -- Root may write everything, unless it is root without that privilege.
    local less = core.run({ "id", "-u" }).stdout == "0\n"
      and "setpriv --bounding-set=-dac_override --inh-caps=-dac_override " or ""
    assert(core.run { "chmod", "444", path }.status == 0)
    local script = helper.file("open.lua", ([[
      local job, err = require("cognito.bulk").open { journal = %q }
      io.write(tostring(job), " ", err and err.code or "none")
    ]]):format(path))
    local run = core.run { "sh", "-c", less .. '"$1" "$2"', "sh", process.interpreter(), script }
    assert.equal("nil journal_read_only", run.stdout, run.stderr)
    assert(core.run { "chmod", "600", path }.status == 0)
  end)

  describe("in use", function()
    it("is reported with its owner, and can be read, paused and cancelled nevertheless", function()
      local path, pool, box, job = planned(20)
      local told
      assert(job:run { yes = true, rate = 2, on_progress = function(progress)
        if told or progress.accepted < 2 then return end
        local other = assert(bulk.open { journal = path, pool = pool })
        local _, err = other:run {}
        told = err
        assert.equal("still_running", select(2, other:purge()).code)
        local status = assert(other:status())
        assert.is_true(status.is_worked_on)
        assert.equal("running", status.state)
        assert(other:report(function() end))
        assert(other:pause())
        other:close()
      end })
      assert.equal("journal_in_use", told.code)
      assert.matches("process %d+ on %S+ works on this journal", told.message)
      assert.is_true(#box.outbox < 20)
      local status = assert(job:status())
      assert.same({ "paused", false }, { status.state, status.is_worked_on })
    end)

    it("goes with the process that had it", function()
      local path, pool = planned(3)
      local status = child.run(([[
        local journal = require("cognito.bulk.journal").open(%q)
        assert(journal:lock())
        require("cognito.core").run { "sh", "-c", "kill -9 $PPID" }
      ]]):format(path))
      assert.equal(137, status)
      local job = assert(bulk.open { journal = path, pool = pool })
      assert.equal(3, assert(job:run { yes = true }).accepted)
    end)

    it("by a program that holds its write lock is waited for, and nothing is sent meanwhile", function()
      local path, _, box, job = planned(8)
      local env = sqlite3.sqlite3()
      local other = assert(env:connect(path))
      assert(job:approve {})
      job.journal:run "PRAGMA busy_timeout = 10"
      local held, sent_then
      local status = assert(job:run { rate = 2, on_progress = function(progress)
        if not held and progress.accepted >= 2 then
          assert(other:execute "BEGIN IMMEDIATE")
          held, sent_then = box:now(), #box.outbox
        elseif held and box:now() - held > 30 then
          if sent_then then assert.is_true(#box.outbox <= sent_then + 1) end
          assert(other:execute "ROLLBACK")
          held, sent_then = math.huge, nil
        end
      end })
      other:close()
      env:close()
      assert.same({ "done", 8, 8 }, { status.state, status.accepted, #box.outbox })
    end)

    it("for longer than patience lasts ends the run, and nothing is lost", function()
      local path, pool, box, job = planned(8)
      local env = sqlite3.sqlite3()
      local other = assert(env:connect(path))
      assert(job:approve {})
      job.journal:run "PRAGMA busy_timeout = 10"
      local ended, err = job:run { rate = 2, patience = 20, at = function(step)
        if step == "called" and #box.outbox == 3 then assert(other:execute "BEGIN IMMEDIATE") end
      end }
      assert.is_nil(ended)
      assert.equal("journal_busy", err.code)
      other:close()
      env:close()
      job:close()
      job = assert(bulk.open { journal = path, pool = pool })
      local status = assert(job:run { rate = 100 })
      assert.same({ "done", 8, 8 }, { status.state, status.accepted, #box.outbox })
      assert.equal("looked_up", helper.rows(job).u3.detail)
      assert.equal("killed", status.runs[1].why)
    end)
  end)

  describe("that cannot grow any more", function()
    -- SQLite reports what is full in one of two ways.
    it("ends the run, and no user is done twice", function()
      local path, pool, box, job = planned(400)
      assert(job:approve {})
      job.journal:run "PRAGMA wal_autocheckpoint = 1"
      job.journal:run "VACUUM" -- planning leaves free pages
      local pages = job.journal:row("PRAGMA page_count").page_count
      job.journal:run(("PRAGMA max_page_count = %d"):format(pages + 3))
      local status, err = job:run { rate = 10000 }
      assert.is_nil(status)
      assert.equal("journal_full", err.code)
      assert.is_true(#box.outbox > 0 and #box.outbox < 400, #box.outbox)
      job:close()
      job = assert(bulk.open { journal = path, pool = pool })
      assert.equal("done", assert(job:run { rate = 10000 }).state)
      local wrong, outcomes = promise.check("reset", job:rows(), box:executions())
      assert.same({}, wrong)
      assert.same({ accepted = 400 }, outcomes)
    end)

    it("because of the file system, too", function()
      local path, pool, box, job = planned(300)
      assert(job:approve {})
      job:close()
      -- A file may not grow beyond this: the write fails as on a full disk.
      local script = helper.file("full.lua", ([[
        local bulk, helper = require "cognito.bulk", require "spec.support.bulk"
        local _, pool = helper.world(300, { seed = "the same users" })
        local job = assert(bulk.open { journal = %q, pool = pool })
        local status, err = job:run { rate = 10000 }
        io.write(err and err.code or status.state)
      ]]):format(path))
      local run = core.run { "sh", "-c",
        'trap "" XFSZ; ulimit -f 300; exec "$1" "$2"', "sh", process.interpreter(), script }
      assert.equal("journal_full", run.stdout, run.stderr)
      -- That process had a sandbox of its own: here no user was done yet, and
      -- what it had begun is looked at.
      job = assert(bulk.open { journal = path, pool = pool })
      local begun = assert(job:status())
      assert.equal("running", begun.state)
      assert.is_true(begun.accepted > 0)
      assert.equal("done", assert(job:run { rate = 10000 }).state)
      assert.equal(300 - begun.accepted, #box.outbox)
    end)
  end)

  it("holds names as they are, and keeps one with a NUL out", function()
    local box, pool = helper.world()
    local names = { "o'brien", "a;DROP/**/TABLE/**/users;--", "back\\slash", '"q"', "%s", "?",
      "\195\164\240\159\152\128" }
    for i, name in ipairs(names) do
      box:add_user { username = name, email = ("n%d@example.com"):format(i) }
    end
    local job = helper.plan(pool, { users = names })
    assert.equal(#names, assert(job:run { yes = true, rate = 1000 }).accepted)
    for _, name in ipairs(names) do
      assert.equal("accepted", helper.rows(job)[name].outcome)
      assert.equal(1, box:executions("admin_reset_user_password", name))
    end
    assert.equal("invalid_input", select(2, bulk.plan {
      pool = pool, journal = helper.path(), action = "reset", users = { "a\0b" } }).code)
  end)

  it("is gone after purge, with all its companions", function()
    local path, _, _, job = planned()
    assert(job:purge())
    for _, suffix in ipairs { "", "-wal", "-shm", ".lock" } do assert.is_nil((io.open(path .. suffix))) end
  end)
end)

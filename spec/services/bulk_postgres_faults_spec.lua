-- What a PostgreSQL server may be like: one that speaks German, one that
-- promises less than it seems to, one that was restored from a dump. A server
-- with another language once ended the worker with a traceback when it
-- restarted; with synchronous_commit = off 13 of 1,500 users were mailed twice
-- after it had been killed.
local bulk = require "cognito.bulk"
local core = require "cognito.core"
local journals = require "cognito.bulk.journal"
local luasql = require "luasql.postgres"
local shared = require "spec.support.bulk_postgres"
local wait = require "cognito.cli.bulk.wait"

local new_url, run = shared.url, shared.run

describe("a PostgreSQL server", function()
  local server

  setup(function()
    -- Commits stay in memory for ten seconds unless they are asked for.
    server = shared.setup { messages = "de_DE.UTF-8", settings = "-c wal_writer_delay=10s" }
    server:psql "ALTER DATABASE postgres SET synchronous_commit = off"
  end)

  teardown(shared.teardown)

  local function planned(n, url)
    local job, box, pool, journal = shared.planned(n, { journal = url })
    assert(job:approve {})
    return job, box, pool, journal
  end

  local function check_once(job, box, n)
    assert.same({ accepted = n }, shared.kept(job, box))
  end

  local function other_connection()
    local env = luasql.postgres()
    local connection = assert(env:connect("host=" .. server.folder .. " user=bulk dbname=postgres"))
    return connection, env
  end

  describe("that speaks German", function()
    -- Else these specs would prove nothing.
    it("does", function()
      local url = select(4, planned(1))
      local _, err = bulk.open { journal = url .. "&options=-cdefault_transaction_read_only%3Don" }
      assert.equal("journal_read_only", err.code)
      assert.matches("Transaktion", err.message)
    end)

    for name, signal in pairs { ["in order"] = "INT", ["at once"] = "QUIT" } do
      it("and restarts " .. name .. " is waited for", function()
        server:stop()
        server:start(signal)
        local job, box = planned(30)
        local calls = 0
        local status = assert(run(job, { rate = 100, at = function(step)
          calls = step == "called" and calls + 1 or calls
          if step == "called" and calls % 12 == 0 then
            server:stop()
            server:start(signal)
          end
        end }))
        assert.equal("done", status.state)
        check_once(job, box, 30)
        job:close()
      end)
    end

    -- That ended `--wait`, as if an operator had ordered something else.
    it("and restarts while a run waits for another day is looked at again", function()
      local job, box = planned(5)
      local status = assert(run(job, { daily_limit = 2 }))
      local now, slept, seen = status.daily_limit_until - 2, 0, 0
      local world = { now = function() return now end, caught_signal = function() end, sleep = function(seconds)
        now, slept = now + seconds, slept + 1
        if slept == 1 then server:stop() elseif slept == 4 then server:start() end
      end }
      assert.is_true(wait.on({ wait = true }, { tell = function() end }, job, status, function() seen = seen + 1 end,
        world))
      assert.same({ 4, 2 }, { slept, seen })
      assert(job:resume())
      assert.equal("done", assert(run(job, { daily_limit = 0 })).state)
      check_once(job, box, 5)
      job:close()
    end)

    it("and ends a session is connected to again", function()
      local job, box = planned(10)
      local ended
      assert(run(job, { rate = 100, at = function(step)
        if step == "recorded" and #box.outbox == 5 and not ended then
          ended = true
          server:psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            .. "AND backend_type = 'client backend'")
        end
      end }))
      assert.is_true(ended)
      check_once(job, box, 10)
      job:close()
    end)

    it("and refuses a statement for a while is asked again", function()
      local job, box, _, url = planned(8)
      local other, env = other_connection()
      job.journal:run "SET lock_timeout = '100ms'"
      local held, troubles = false, {}
      local status = assert(run(job, { rate = 100, at = function(step)
        if step == "called" and #box.outbox == 3 and not held then
          held = true
          assert(other:execute "BEGIN")
          assert(other:execute(("SELECT clock FROM %s.pace FOR UPDATE"):format(shared.schema_of(url)))):close()
        end
      end, on_progress = function(progress)
        if progress.trouble then
          troubles[progress.trouble] = true
          assert(other:execute "ROLLBACK")
        end
      end }))
      other:close()
      env:close()
      assert.equal("done", status.state)
      assert.same({ journal_refused = true }, troubles)
      check_once(job, box, 8)
      job:close()
    end)

    it("and has lost the job, or its permissions, says so", function()
      server:psql "CREATE ROLE guest LOGIN"
      local job, box, pool, url = planned(4)
      local schema = shared.schema_of(url)
      local as_guest = url:gsub("bulk@", "guest@")
      server:psql(("GRANT USAGE ON SCHEMA %s TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA %s TO guest")
        :format(schema, schema))
      assert.equal("journal_read_only", select(2, bulk.open { journal = as_guest, pool = pool }).code)
      assert.equal("journal_read_only", select(2, bulk.plan {
        pool = pool, journal = new_url { user = "guest" }, action = "lock", users = { "u1" } }).code)
      local _, err = run(job, { rate = 100, at = function(step)
        if step == "called" and #box.outbox == 2 then server:psql(("DROP SCHEMA %s CASCADE"):format(schema)) end
      end })
      assert.equal("journal_missing", err.code)
      assert.equal(2, #box.outbox)
      job:close()
    end)

    it("and is asked for the same job by two at once gives it to one", function()
      local url = new_url()
      local journal = journals.create(url, {})
      journal:release()
      local ok, err = pcall(journals.create, url, {})
      assert.is_false(ok)
      assert.equal("journal_exists", err.code)
      assert.matches("^there is a job", err.message)
      journal:close()
    end)
  end)

  -- The session that was closed a moment ago may still have its lock.
  local function reconnect(journal)
    local deadline = core.clock() + 60
    local connected, err
    repeat
      connected, err = journal:reconnect()
      assert(connected or err.temporary and core.clock() < deadline, err)
    until connected
  end

  describe("that promises less than it seems to", function()
    it("is set to keep its commits, in every session, unless it keeps more already", function()
      for given, expected in pairs { off = "on", ["local"] = "on", remote_write = "on", on = "on",
        remote_apply = "remote_apply" } do
        local url = new_url() .. "&options=-csynchronous_commit%3D" .. given
        local journal = journals.create(url, {})
        local function commit() return journal:row("SHOW synchronous_commit").synchronous_commit end
        assert.equal(expected, commit())
        journal:run "SET synchronous_commit = off" -- as if a pooler had changed the session
        journal:transaction(function() assert.equal(expected, commit()) end)
        reconnect(journal)
        assert.equal(expected, commit())
        journal:close()
      end
    end)

    it("loses nothing when it is killed", function()
      server:stop()
      server:start "KILL"
      local job, box = planned(40)
      local killed
      local status = assert(run(job, { rate = 1000, at = function(step)
        if step == "called" and #box.outbox == 20 and not killed then
          killed = true
          server:stop()
          server:start "INT"
        end
      end }))
      assert.is_true(killed)
      assert.equal("done", status.state)
      check_once(job, box, 40)
      job:close()
    end)

    it("is refused with fsync or full_page_writes off, before anything is sent", function()
      local _, _, pool, url = planned(2)
      for _, name in ipairs { "fsync", "full_page_writes" } do
        local function set(value)
          server:psql(("ALTER SYSTEM SET %s = %s"):format(name, value))
          server:psql "SELECT pg_reload_conf()"
          local deadline = core.clock() + 30
          while server:psql("SHOW " .. name) ~= value do
            assert(core.clock() < deadline, "the server does not reload")
          end
        end
        set "off"
        local _, err = bulk.open { journal = url, pool = pool }
        local _, err_of_plan = bulk.plan { pool = pool, journal = new_url(), action = "lock", users = { "u1" } }
        set "on"
        assert.equal("journal_not_durable", err.code)
        assert.equal("journal_not_durable", err_of_plan.code)
        assert.truthy(err.message:find(name .. " = off", 1, true), err.message)
      end
      assert(bulk.open { journal = url, pool = pool }):close()
    end)
  end)

  describe("that holds a copy", function()
    it("of a job, as a dump that was restored, is not worked with until it is said to be the only one", function()
      local url = new_url { database = "first" }
      server:psql "CREATE DATABASE first"
      local job, box, pool = planned(6, url)
      assert(run(job, { rate = 1000, limit = 3 }))
      assert(job:resume())
      job:close()
      server:restore("first", "second")
      server:psql "CREATE DATABASE third TEMPLATE first"
      for _, name in ipairs { "second", "third" } do
        job = assert(bulk.open { journal = url:gsub("/first", "/" .. name), pool = pool })
        assert.equal(3, job:status().accepted)
        local status, err = run(job, { rate = 1000 })
        assert.is_nil(status)
        assert.equal("journal_moved", err.code)
        assert.equal(3, #box.outbox)
        if name == "third" then
          assert(run(job, { rate = 1000, moved = true, limit = 1 }))
          assert(job:resume())
          assert(run(job, { rate = 1000 })) -- it is not asked about again
          check_once(job, box, 6)
        end
        job:close()
      end
    end)

    it("and is reached instead of the first one while a job runs ends the run", function()
      local job, box, _, url = planned(10)
      local status, err = run(job, { rate = 1000, at = function(step)
        if step == "called" and #box.outbox == 4 then
          server:psql(("UPDATE %s.meta SET value = '1' WHERE key = 'home_system'"):format(shared.schema_of(url)))
          server:psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            .. "AND backend_type = 'client backend'")
        end
      end })
      assert.is_nil(status)
      assert.equal("journal_moved", err.code)
      assert.equal(4, #box.outbox)
      job:close()
    end)
  end)
end)

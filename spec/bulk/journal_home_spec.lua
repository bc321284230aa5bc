-- One journal under two names, or in two places. Two copies do not know whom
-- the other one has sent a message to: a hard link once sent 400 of 400
-- messages twice, a restored copy 150 of 200, and through a symbolic link two
-- processes ran one job and purge left the journal.
local bulk = require "cognito.bulk"
local child = require "spec.support.child"
local core = require "cognito.core"
local helper = require "spec.support.bulk"

local function sh(command, ...)
  local run = assert(core.run { "sh", "-c", command, "sh", ... })
  assert.equal(0, run.status, run.stderr)
  return run.stdout
end

describe("a journal in a file", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local function planned(n)
    local box, pool = helper.world(n or 6)
    local job = helper.plan(pool)
    assert(job:approve {})
    return helper.path_of(job), pool, box, job
  end

  local function open(path, pool)
    return assert(bulk.open { journal = path, pool = pool })
  end

  local function refused(code, job, given)
    local status, err = job:run(given or { rate = 1000 })
    assert.is_nil(status)
    assert.equal(code, err.code, err)
    assert.is_string(err.hint)
    return err
  end

  local function check_once(box, n)
    for i = 1, n do assert.equal(1, box:executions("admin_reset_user_password", "u" .. i)) end
  end

  it("with two names (a hard link) is refused, by either of them", function()
    local path, pool, box, job = planned()
    local other = helper.path()
    sh('ln "$1" "$2"', path, other)
    for _, name in ipairs { path, other } do
      local opened, err = bulk.open { journal = name, pool = pool }
      assert.is_nil(opened)
      assert.equal("journal_linked", err.code)
      assert.matches("has 2 names", err.message)
    end
    refused("journal_linked", job) -- it was opened before there was another name
    assert.equal(0, #box.outbox)
    sh('rm "$1"', other)
    assert(job:run { rate = 1000 })
    check_once(box, 6)
  end)

  it("is locked by the name that a symbolic link leads to", function()
    local path, pool, box, job = planned(20)
    local link, folder = helper.path(), helper.path()
    sh('ln -s "$1" "$2"; ln -s "$(dirname "$1")" "$3"', path, link, folder)
    local names, refusals = { link, folder .. path:match "/[^/]*$" }, {}
    assert(job:run { rate = 10, on_progress = function()
      local name = table.remove(names)
      if name then
        local other = open(name, pool)
        refusals[#refusals + 1] = select(2, other:run { rate = 1000 }).code
        other:close()
      end
    end })
    assert.same({ "journal_in_use", "journal_in_use" }, refusals)
    check_once(box, 20)
    assert.is_nil(core.file_facts(link .. ".lock"))
    assert.equal("done", open(link, pool):status().state)
  end)

  it("is purged through a symbolic link with all its companions, and the link with it", function()
    local path, pool = planned()
    local link = helper.path()
    sh('ln -s "$1" "$2"', path, link)
    local job = open(link, pool)
    assert(job:run { rate = 1000 })
    assert(job:purge())
    for _, suffix in ipairs { "", "-wal", "-shm", ".lock" } do
      assert.equal("", sh('ls "$1" 2>/dev/null || :', path .. suffix))
      assert.equal("", sh('ls "$1" 2>/dev/null || :', link .. suffix))
    end
    assert.equal("", sh('find "$1" -maxdepth 0 2>/dev/null || :', link))
  end)

  it("that cannot be removed is not said to be", function()
    local path, _, _, job = planned()
    sh('mkdir -p "$1-journal/x"', path) -- a folder that is not empty: no name is taken from it
    local purged, err = job:purge()
    assert.is_nil(purged)
    assert.equal("journal_read_only", err.code)
    assert.matches("%-journal cannot be removed", err.message)
  end)

  it("that was copied is read, but not worked on: its original is", function()
    local path, pool, box, job = planned()
    assert(job:run { rate = 1000, limit = 3 })
    job:close()
    local copy = helper.path()
    sh('cp -a "$1" "$2"', path, copy)
    local other = open(copy, pool)
    assert.equal(3, other:status().accepted)
    assert(other:report(function() end))
    assert(other:resume())
    local err = refused("journal_moved", other)
    assert.matches("moved, copied or restored", err.message)
    assert.truthy(err.message:find(path, 1, true), err.message)
    err = refused("journal_copied", other, { moved = true })
    assert.truthy(err.message:find(path, 1, true), err.message)
    other:close()
    job = open(path, pool)
    assert(job:resume())
    assert(job:run { rate = 1000 })
    check_once(box, 6)
  end)

  it("that was moved is asked about once, with --moved worked on, and remembers its new place", function()
    local path, pool, box, job = planned()
    job:close()
    local new = helper.path()
    sh('mv "$1" "$2"', path, new)
    job = open(new, pool)
    refused("journal_moved", job)
    assert.equal(0, #box.outbox)
    assert(job:run { rate = 1000, limit = 3, moved = true })
    assert(job:resume())
    assert(job:run { rate = 1000 })
    check_once(box, 6)
  end)

  -- The same path, and with cp the same inode.
  describe("with an earlier copy written over it", function()
    local function restored(limit, action)
      local box, pool = helper.world(6)
      local job = helper.plan(pool, { action = action })
      local path, backup = helper.path_of(job), helper.path()
      assert(job:run { yes = true, rate = 1000, limit = 2, hold = true })
      assert(job:resume())
      job:close()
      sh('cp "$1" "$2"', path, backup)
      job = open(path, pool)
      if limit > 0 then assert(job:run { rate = 1000, limit = limit, hold = true }) end
      job:close()
      sh('cat "$2" >"$1"', path, backup)
      return open(path, pool), box, path, pool
    end

    it("is not worked on, and can be read", function()
      for _, action in ipairs { "reset", "lock" } do
        local job, box = restored(3, action)
        local err = refused("journal_behind", job)
        assert.matches("of 5 calls it holds 2", err.message)
        assert.matches("second one", err.hint)
        assert.equal(2, job:status().accepted)
        assert(job:report(function() end))
        assert.equal(5, box:executions(action == "reset" and "admin_reset_user_password" or "admin_set_user_password"))
        job:close()
      end
    end)

    it("is worked on where nothing was done since", function()
      local job, box = restored(0)
      assert(job:run { rate = 1000 })
      check_once(box, 6)
    end)

    it("is worked on when the lock is removed on purpose", function()
      local job, box, path, pool = restored(3, "lock")
      refused("journal_behind", job)
      refused("journal_behind", job)
      job:close()
      sh('rm "$1.lock"', path)
      job = open(path, pool)
      assert(job:run { rate = 1000 })
      assert.equal(2, box:executions("admin_set_user_password", "u3"))
      job:close()
    end)

    it("is not worked on after the worker was killed between its claim and its call either", function()
      local box, pool = helper.world(3, { seed = "the same users" })
      local job = helper.plan(pool)
      local path, backup = helper.path_of(job), helper.path()
      assert(job:approve {})
      job:close()
      sh('cp "$1" "$2"', path, backup)
      local status = child.run(([[
        local bulk, helper = require "cognito.bulk", require "spec.support.bulk"
        local _, pool = helper.world(3, { seed = "the same users" })
        local job = assert(bulk.open { journal = %q, pool = pool })
        assert(job:run { rate = 1000, at = function(step)
          if step == "call" then require("cognito.core").run { "sh", "-c", "kill -9 $PPID" } end
        end })
      ]]):format(path))
      assert.equal(137, status)
      sh('rm -f "$1-wal" "$1-shm"; cat "$2" >"$1"', path, backup)
      refused("journal_behind", open(path, pool))
      assert.equal(0, #box.outbox)
    end)

    it("is another job's business where the lock was left behind", function()
      local job, box, path, pool = restored(3)
      refused("journal_behind", job)
      job:close()
      sh('rm "$1"', path)
      job = helper.plan(pool, { journal = path, action = "lock" })
      assert(job:run { yes = true, rate = 1000 })
      assert.equal(6, box:executions "admin_set_user_password")
      job:close()
    end)
  end)

  it("from another machine, or restored to another file, is asked about", function()
    for _, key in ipairs { "host", "device", "inode", "path" } do
      local _, _, box, job = planned()
      job.journal:set("home_" .. key, key == "path" and "/another" or "another")
      assert.truthy(refused("journal_moved", job).message:find(key .. " ", 1, true))
      assert.equal(0, #box.outbox)
      job.journal:set("home_" .. key, nil)
      refused("journal_moved", job)
      assert(job:run { rate = 1000, moved = true })
      check_once(box, 6)
    end
  end)

  it("that is renamed while it is worked on is not worked on twice", function()
    local path, pool, box, job = planned(20)
    local new, codes = helper.path(), {}
    assert(job:run { rate = 10, on_progress = function(progress)
      if not codes[1] and progress.accepted > 2 then
        sh('mv "$1" "$2" && cp "$1-wal" "$2-wal"', path, new)
        local other = open(new, pool)
        codes[1] = select(2, other:run { rate = 1000 }).code
        codes[2] = select(2, other:run { rate = 1000, moved = true }).code
        other:close()
        sh('mv "$2" "$1"; rm -f "$2"-*', path, new)
      end
    end })
    assert.same({ "journal_moved", "journal_in_use" }, codes)
    check_once(box, 20)
  end)

  it("whose newest part was left behind is refused, whatever the options", function()
    local path, pool, box, job = planned()
    assert(job:run { rate = 1000, limit = 3 })
    assert(job:resume())
    local new = helper.path()
    sh('cp "$1-wal" "$1-kept"', path)
    job:close()
    sh('mv "$1" "$2" && mv "$1-kept" "$1-wal"', path, new) -- as after a kill: the log stays with the old name
    local other = open(new, pool)
    local err = refused("journal_copied", other, { rate = 1000, moved = true })
    assert.matches("%-wal", err.message)
    assert.equal(3, #box.outbox)
  end)
end)

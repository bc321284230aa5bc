-- One journal under two names, or in two places. Two copies do not know whom
-- the other one has sent a message to: a hard link once sent 400 of 400
-- messages twice, a restored copy 150 of 200, and through a symbolic link two
-- processes ran one job and purge left the journal.
local bulk = require "cognito.bulk"
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
    return job.journal.db.path, pool, box, job
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

  it("from another machine, or restored to another file, is asked about", function()
    for _, key in ipairs { "host", "device", "inode", "path" } do
      local _, _, box, job = planned()
      job.journal:set("home_" .. key, "another")
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

  it("whose newest part was left behind is refused, whatever is said", function()
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

--- A journal in a folder where others can write: what they plant there is
-- neither followed nor used. Its lock once went through a symbolic link, and
-- made a file of the owner's wherever that led.
local bulk = require "cognito.bulk"
local core = require "cognito.core"
local helper = require "spec.support.bulk"

local OTHER = "54321" -- a user id that need not exist

local is_root = core.run({ "id", "-u" }).stdout == "0\n"

local box, pool, folder

before_each(function()
  box, pool = helper.world(1)
  folder = os.tmpname()
  os.remove(folder)
  assert(core.run { "mkdir", folder })
end)

after_each(function() core.run { "rm", "-rf", folder } end)

local function plan(journal)
  return bulk.plan { pool = pool, journal = journal, action = "reset", users = { "u1" } }
end

local function planned()
  local path = folder .. "/reset.db"
  assert(plan(path)):close()
  return path
end

local function listing()
  return core.run({ "ls", folder }).stdout
end

local function mode_of(path)
  return core.run({ "ls", "-l", path }).stdout:sub(1, 10)
end

local function unsafe(err, path, reason)
  assert.equal("journal_unsafe", err.code)
  assert.truthy(err.message:find(path, 1, true), err.message)
  assert.truthy(err.message:find(reason, 1, true), err.message)
  assert.truthy(err.hint)
end

describe("a journal in a folder of others", function()
  it("does not lock through a symbolic link", function()
    core.run { "ln", "-s", folder .. "/victim", folder .. "/reset.db.lock" }
    local job, err = plan(folder .. "/reset.db")
    assert.is_nil(job)
    assert.equal("journal_read_only", err.code)
    assert.truthy(err.message:find("reset.db.lock", 1, true), err.message)
    assert.equal("reset.db.lock\n", listing()) -- no victim, no journal
  end)

  it("does not run under a lock that became a link after the plan", function()
    local path = planned()
    os.remove(path .. ".lock")
    core.write_private(folder .. "/victim", "precious")
    core.run { "ln", "-s", folder .. "/victim", path .. ".lock" }
    local job = assert(bulk.open { journal = path, pool = pool })
    finally(function() job:close() end)
    assert(job:approve { plan = assert(job:summary()).plan })
    local status, err = job:run {}
    assert.is_nil(status)
    assert.equal("journal_read_only", err.code)
    assert.equal("precious", core.read_file(folder .. "/victim"))
    assert.equal(0, box:executions "admin_reset_user_password")
  end)

  it("does not take a lock that has another name", function()
    local file = folder .. "/precious"
    core.write_private(file, "x")
    core.run { "ln", file, folder .. "/reset.db.lock" }
    local job, err = plan(folder .. "/reset.db")
    assert.is_nil(job)
    assert.equal("journal_read_only", err.code)
    assert.equal("x", core.read_file(file))
  end)

  for _, suffix in ipairs { "", "-wal", "-shm", "-journal", ".lock" } do
    it("is refused where a FIFO stands in the place of reset.db" .. suffix, function()
      core.run { "mkfifo", folder .. "/reset.db" .. suffix }
      local job, err = plan(folder .. "/reset.db")
      assert.is_nil(job)
      unsafe(err, folder .. "/reset.db" .. suffix, "not a regular file")
      job, err = bulk.open { journal = folder .. "/reset.db", pool = pool }
      assert.is_nil(job)
      assert.equal(suffix == "" and "journal_unsafe" or "journal_missing", err.code)
    end)
  end

  it("is refused when all users may write to it", function()
    local path = planned()
    core.run { "chmod", "666", path }
    local job, err = bulk.open { journal = path, pool = pool }
    assert.is_nil(job)
    unsafe(err, path, "all users may write to it")
  end)

  it("has files that no other user can read, whatever the umask", function()
    local made = core.run { "sh", "-c", 'umask 0; : >"$1.lock"', "sh", folder .. "/reset.db" }
    assert.equal(0, made.status)
    core.run { "chmod", "644", folder .. "/reset.db.lock" } -- as older versions made it
    local path = planned()
    assert.equal("-rw-------", mode_of(path))
    assert.equal("-rw-------", mode_of(path .. ".lock"))
  end)

  it("is opened through a link of one's own", function()
    local path = planned()
    core.run { "ln", "-s", path, folder .. "/mine" }
    assert(bulk.open { journal = folder .. "/mine", pool = pool }):close()
  end)

  for _, suffix in ipairs { "", "-wal", "-shm", "-journal", ".lock" } do
    it("is refused where reset.db" .. suffix .. " is another user's", function()
      if not is_root then pending "only root can give a file away" end
      local path = planned()
      core.run { "touch", path .. suffix }
      core.run { "chown", OTHER, path .. suffix }
      local job, err = bulk.open { journal = path, pool = pool }
      assert.is_nil(job)
      unsafe(err, path .. suffix, "it belongs to another user")
    end)
  end

  it("is refused where a link of another user's leads to it", function()
    if not is_root then pending "only root can give a link away" end
    local path = planned()
    core.run { "ln", "-s", path, folder .. "/theirs" }
    core.run { "chown", "-h", OTHER, folder .. "/theirs" }
    local job, err = bulk.open { journal = folder .. "/theirs", pool = pool }
    assert.is_nil(job)
    unsafe(err, folder .. "/theirs", "symbolic link of another user's")
  end)

  it("is never in memory", function()
    for _, open in ipairs { plan, function(journal) return bulk.open { journal = journal, pool = pool } end } do
      local job, err = open ":memory:"
      assert.is_nil(job)
      assert.equal("invalid_input", err.code)
      assert.truthy(err.message:find("in memory", 1, true), err.message)
    end
  end)

  -- The driver looks for the word in the whole path.
  it("is not in memory where the path holds the name of such a database", function()
    local odd = folder .. "/:memory:"
    core.run { "mkdir", odd }
    core.run { "ln", "-s", odd, folder .. "/even" }
    for _, where in ipairs { odd, folder .. "/even" } do
      local job, err = plan(where .. "/job.db")
      assert.is_nil(job)
      assert.equal("invalid_input", err.code)
      assert.truthy(err.message:find("in memory", 1, true), err.message)
    end
    core.run { "cp", planned(), odd .. "/job.db" }
    local job, err = bulk.open { journal = folder .. "/even/job.db", pool = pool }
    assert.is_nil(job)
    assert.equal("invalid_input", err.code)
  end)
end)

describe("core.lock of a file that is nothing but a lock", function()
  it("makes it, for its owner only, and locks it", function()
    local path = folder .. "/l"
    local unlock = assert(core.lock(path, true))
    assert.equal("-rw-------", mode_of(path))
    assert.same({ nil, true }, { (core.lock(path, true)), select(3, core.lock(path, true)) })
    unlock()
    assert(core.lock(path, true))()
  end)

  it("keeps a note in it, by the descriptor that has the lock", function()
    local path = folder .. "/l"
    local unlock, note = assert(core.lock(path, true))
    assert.equal("", note())
    assert.equal("first", note "first")
    core.run { "mv", path, folder .. "/moved" }
    core.run { "ln", "-s", folder .. "/victim", path }
    assert.equal("FIrst", (note "FI" and note()))
    assert.equal("l\nmoved\n", listing())
    assert.equal(64, #note(("x"):rep(64)))
    assert.is_false(pcall(note, ("x"):rep(65)))
    unlock()
    assert.is_nil((note()))
    assert.is_nil((note "more"))
    local plain = { core.lock(folder .. "/moved") }
    assert.equal(1, #plain)
    plain[1]()
    local _, again = core.lock(folder .. "/moved", true)
    assert.equal(64, #again())
  end)

  it("says no to a link, a FIFO and a folder, and does not wait", function()
    core.run { "ln", "-s", folder .. "/nowhere", folder .. "/link" }
    core.run { "mkfifo", folder .. "/fifo" }
    for _, path in ipairs { folder .. "/link", folder .. "/fifo", folder } do
      local unlock, message, busy = core.lock(path, true)
      assert.is_nil(unlock)
      assert.is_string(message)
      assert.is_false(busy)
    end
    assert.equal("fifo\nlink\n", listing())
  end)
end)

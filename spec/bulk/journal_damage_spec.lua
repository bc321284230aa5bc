--- A damaged journal: whatever stands where, whichever way it is read, the answer
-- is a sentence with what to do next, no secret of the journal's is in it, and no
-- user gets a message because of the damage.
local bulk = require "cognito.bulk"
local core = require "cognito.core"
local helper = require "spec.support.bulk"
local sqlite3 = require "luasql.sqlite3"

local SECRET = "S3cret-tok3n"
local URL = "postgres://ada:" .. SECRET .. "@db/ops?job=j"

local RESET = "admin_reset_user_password"

-- ---- damage ----

local function sql(path, ...)
  local env = sqlite3.sqlite3()
  local connection = assert(env:connect(path))
  for _, statement in ipairs { ... } do
    local result = assert(connection:execute(statement))
    if type(result) ~= "number" then result:close() end
  end
  connection:close()
  env:close()
end

local damage = {}

-- `is_harmless`: where it is read as nothing, or is the table's own business, a run
-- may go well.
local function add(title, f, given)
  given = given or {}
  damage[#damage + 1] = { title = title, damage = f, is_harmless = given.is_harmless }
end

local function statements(...)
  local list = { ... }
  return function(path) sql(path, (unpack or table.unpack)(list)) end
end

-- Values are many, and so are places: each place gets some of them in turn, or
-- all of them on demand.
local turn = 0

local function some(list, n)
  local chosen = {}
  for i = 1, os.getenv "DAMAGE" == "all" and #list or n do
    turn = turn + 1
    chosen[i] = os.getenv "DAMAGE" == "all" and list[i] or list[turn % #list + 1]
  end
  return chosen
end

-- SQLite keeps anything anywhere.
local numbers = { "1e300", "9e999", "-9e999", "-1000000", "'" .. SECRET .. "'", "'" .. URL .. "'", "x'00ff00'",
  "'0x10'", "'nan'", "'inf'", "1e16", "'1.5e'" }

local number_columns = {
  { "users", { "attempts", "seen", "tries", "traced", "look_at", "started_at", "finished_at" } },
  { "pace", { "clock", "seen", "next_at", "base", "rate", "changed_at" } },
  { "runs", { "started_at", "ended_at", "alive_until" } },
  { "sends", { "n" } },
  { "changes", { "changed_at" } },
}

for _, row in ipairs(number_columns) do
  for _, column in ipairs(row[2]) do
    for _, value in ipairs(some(numbers, 4)) do
      add(("%s.%s is %s"):format(row[1], column, value), statements(("UPDATE %s SET %s = %s")
        :format(row[1], column, value)))
    end
  end
end
add("sends.hour is -1", statements "UPDATE sends SET hour = -1")

local latin = "CAST(x'6dfc6c' AS TEXT)"

for _, column in ipairs { "sub", "username", "plan", "state", "code", "sign_out", "status_before", "worker",
  "detail" } do
  for _, value in ipairs { "'" .. SECRET .. "'", latin, "x'00ff'" } do
    add(("users.%s is %s"):format(column, value),
      statements(("UPDATE users SET %s = %s WHERE id = 2"):format(column, value)), { is_harmless = true })
  end
end

local facts = { "job", "pool", "action", "sign_out", "recheck", "permanent", "state", "redaction_key", "planned_at",
  "endpoint", "mails", "texts", "duplicates", "list_users", "admin_get_user", "plan_sha256", "limit_daily_limit",
  "limit_lease", "limit_settle", "limit_max_failures", "limit_concurrency", "limit_builtin_mail",
  "limit_client_metadata", "repeated", "started_at", "schema_version", "tool_version", "home_path", "why",
  "client_timeout", "caller" }
local words = { "'1e300'", "'" .. URL .. "'", "NULL", latin, "'nan'", "x'00ff'", "'[1]'", "'-1'" }
for _, key in ipairs(facts) do
  for _, value in ipairs(some(words, 3)) do
    add(("the fact %s is %s"):format(key, value),
      statements(("INSERT OR REPLACE INTO meta (key, value) VALUES ('%s', %s)"):format(key, value)),
      { is_harmless = true })
  end
end

for _, name in ipairs { "meta", "users", "pace", "runs", "sends", "changes", "steps" } do
  add("no table " .. name, statements("DROP TABLE " .. name))
  add("no rows in " .. name, statements("DELETE FROM " .. name), { is_harmless = true })
  add("no columns of " .. name, statements("DROP TABLE " .. name, "CREATE TABLE " .. name .. " (x TEXT)",
    ("INSERT INTO %s VALUES ('%s')"):format(name, SECRET)))
end
for _, index in ipairs { "users_by_state", "users_to_look_at", "users_to_sign_out" } do
  add("no index " .. index, statements("DROP INDEX " .. index), { is_harmless = true })
end
add("two rows of pace", statements "INSERT INTO pace SELECT * FROM pace")
add("a row before the first", statements("INSERT INTO users (id, sub, username, plan, state) VALUES (-5, 'x', 'u9', "
  .. "'act', 'planned')"))
add("rows of one person", statements("CREATE TABLE copy AS SELECT * FROM users", "DROP TABLE users",
  "ALTER TABLE copy RENAME TO users", "INSERT INTO users SELECT * FROM users"))
add("a view in the place of a table", statements("CREATE TABLE hidden AS SELECT * FROM users", "DROP TABLE users",
  "CREATE VIEW users AS SELECT * FROM hidden"))
add("a trigger that fails", statements("CREATE TRIGGER t BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, '" .. SECRET
  .. "'); END"))
add("a sum that is too large", statements("DELETE FROM sends", "INSERT INTO sends VALUES (1, 9223372036854775807)",
  "INSERT INTO sends VALUES (2, 9223372036854775807)", "UPDATE users SET attempts = 9223372036854775807"))
add("a newer format", statements "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
add("a schema with a secret in it", statements("PRAGMA writable_schema = ON",
  "UPDATE sqlite_master SET sql = 'CREATE TABLE users (" .. SECRET .. " (' WHERE name = 'users'"))

-- Bytes of the file.
local function rewritten(change)
  return function(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    file = assert(io.open(path, "wb"))
    file:write(change(text))
    file:close()
  end
end

local function cut(part)
  return rewritten(function(text) return text:sub(1, math.floor(#text * part)) end)
end

local function with_byte(at, byte)
  return rewritten(function(text) return text:sub(1, at) .. string.char(byte) .. text:sub(at + 2) end)
end

add("an empty file", cut(0))
for _, part in ipairs { 0.001, 0.05, 0.2, 0.5, 0.8, 0.99 } do
  add(("a file cut off at %g"):format(part), cut(part))
end
add("a header for UTF-16", with_byte(59, 2))
add("a format that is unknown", with_byte(18, 9))
add("another page size", with_byte(16, 0x02))
for page = 1, 12 do
  add(("noise in page %d"):format(page), rewritten(function(text)
    local at = page * 4096
    return text:sub(1, at) .. (SECRET):rep(400):sub(1, 4096) .. text:sub(at + 4097)
  end), { is_harmless = true })
end
for _, kind in ipairs { "-wal", "-shm", "-journal" } do
  add("noise in reset.db" .. kind, function(path)
    local file = assert(io.open(path .. kind, "wb"))
    file:write((SECRET):rep(4000))
    file:close()
  end, { is_harmless = true })
end
add("the write-ahead log of another database", function(path)
  local other = helper.path()
  local env = sqlite3.sqlite3()
  local connection = assert(env:connect(other))
  for _, statement in ipairs { "PRAGMA journal_mode = WAL", "CREATE TABLE t (x)", "INSERT INTO t VALUES ('" .. SECRET
    .. "')" } do
    local result = assert(connection:execute(statement))
    if type(result) ~= "number" then result:close() end
  end
  core.run { "cp", other .. "-wal", path .. "-wal" }
  connection:close()
  env:close()
end, { is_harmless = true })

-- ---- ways to read ----

local function nothing() end

local ways = {
  { "status", function(job) return job:status() end },
  { "summary", function(job) return job:summary() end },
  { "report", function(job) return job:report(nothing) end },
  { "report in JSON", function(job) return job:report(nothing, { format = "jsonl", redact = true }) end },
  { "approve", function(job) return job:approve {} end },
  { "pause", function(job) return job:pause() end },
  { "resume", function(job) return job:resume {} end },
  { "resume failed", function(job) return job:resume { failed = true } end },
  { "resume uncertain", function(job) return job:resume { uncertain = true } end },
  { "run", function(job) return job:run { rate = 1000, settle = 30 } end },
  { "cancel", function(job) return job:cancel() end },
}

describe("a damaged journal", function()
  local sound_path, box, pool

  -- The same users each time.
  local function new_world()
    local new_box, new_pool = helper.world(4, { seed = "the same users" })
    return new_box, new_pool:with { attempt_timeout = 1 }
  end

  -- Of three users it is known that they had their message.
  local function as_after_half()
    box, pool = new_world()
    for i = 1, 3 do assert(pool:admin_reset_user_password { username = "u" .. i }) end
  end

  -- Half of it is done: one user is accepted, one failed, one is still to be looked
  -- up, one is planned.
  setup(function()
    helper.setup()
    box, pool = new_world()
    local job = helper.plan(pool, { sign_out = false })
    sound_path = helper.path_of(job)
    box:misbehave { operation = RESET, what = "error", code = "NotAuthorizedException" }
    assert(job:run { yes = true, rate = 1000, limit = 3, daily_limit = 4, client_metadata = { a = "b" } })
    assert(job:resume { failed = true, by = "grace" })
    assert(job:run { rate = 500, limit = 1, daily_limit = 9 })
    job.journal:run("UPDATE users SET state = 'started', look_at = 1 WHERE id = 3")
    job.journal:run "UPDATE meta SET value = 'approved' WHERE key = 'state'"
    job:close()
  end)
  teardown(helper.teardown)

  local function copied()
    local path = helper.path()
    core.run { "cp", sound_path, path }
    return path
  end

  local function at_home(path)
    local file = core.file_facts(path)
    sql(path, ("UPDATE meta SET value = '%s' WHERE key = 'home_path'"):format(file.path),
      ("UPDATE meta SET value = '%s' WHERE key = 'home_device'"):format(file.device),
      ("UPDATE meta SET value = '%s' WHERE key = 'home_inode'"):format(file.inode))
  end

  local function check_error(err, title)
    assert.is_table(err, title .. ": " .. tostring(err))
    assert.equal("bulk", err.kind, title)
    assert.is_string(err.message, title)
    assert.is_string(err.hint, title .. ": " .. err.code)
    for _, text in pairs(err) do
      assert.is_nil(tostring(text):find(SECRET, 1, true), ("%s: %s"):format(title, tostring(text)))
    end
    assert.is_nil(tostring(err):find(SECRET, 1, true), title)
  end

  -- Returns whether it went well.
  local function try(title, f, ...)
    local ok, result, err = pcall(f, ...)
    assert.is_true(ok, ("%s raises %s"):format(title, tostring(result)))
    if result == nil then check_error(err, title) end
    return result ~= nil, result
  end

  local function assert_sent(has_run, title)
    for i = 1, 3 do assert.equal(1, box:executions(RESET, "u" .. i), title) end
    assert.is_true(box:executions(RESET, "u4") <= (has_run and 1 or 0), title)
  end

  for _, case in ipairs(damage) do
    it("is refused in a sentence, and sends nothing: " .. case.title, function()
      local path = copied()
      at_home(path)
      as_after_half()
      case.damage(path)
      local has_run = false
      for _, way in ipairs(ways) do
        local title = ("%s: %s"):format(case.title, way[1])
        local opened, job = try(title .. ", open", bulk.open, { journal = path, pool = pool })
        if opened then
          local went_well = try(title, way[2], job)
          has_run = has_run or went_well and way[1] == "run"
          job:close()
        end
      end
      if not case.is_harmless then
        assert.is_false(has_run, case.title)
      end
      assert_sent(has_run, case.title)
      try(case.title .. ": plan from it", bulk.plan, { pool = pool, journal = helper.path(), action = "lock",
        users = { journal = path, outcome = { "failed", "planned" } } })
      try(case.title .. ": plan over it", bulk.plan, { pool = pool, journal = path, action = "lock", users = { "u1" } })
      core.run { "sh", "-c", 'rm -f "$1"*', "sh", path }
    end)
  end

  it("is none without damage: the same journal is worked on to its end", function()
    local path = copied()
    at_home(path)
    as_after_half()
    for _, way in ipairs(ways) do
      local job = assert(bulk.open { journal = path, pool = pool })
      local went_well = try(way[1], way[2], job)
      assert.is_true(went_well or way[1] == "cancel" or way[1] == "resume failed", way[1])
      job:close()
    end
    assert_sent(true)
    assert.equal(1, box:executions(RESET, "u4"))
  end)
end)

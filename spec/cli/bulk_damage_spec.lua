--- `cognito bulk` on a damaged journal: each subcommand says what is wrong and what
-- to do next, shows no traceback and no secret, and sends nothing. The consequences of
-- each kind of damage are tried in spec/bulk/journal_damage_spec.lua.

local core = require "cognito.core"
local here = require "spec.support.cli_bulk"
local sqlite3 = require "luasql.sqlite3"

local RESET = "admin_reset_user_password"
local SECRET = "S3cret-tok3n"

setup(here.setup)
teardown(here.teardown)
before_each(here.before_each)
after_each(here.after_each)

local function sql(statement)
  local env = sqlite3.sqlite3()
  local connection = assert(env:connect(here.journal))
  local result = assert(connection:execute(statement))
  if type(result) ~= "number" then result:close() end
  connection:close()
  env:close()
end

local function updated(statement)
  return function() sql((statement:gsub("SECRET", SECRET))) end
end

local function cut_off()
  core.run { "truncate", "-s", "9000", here.journal }
end

local ways = {
  { "status" }, { "status", "--json" }, { "report" }, { "report", "--format", "jsonl" },
  { "approve", "--plan", "1234567890abcdef" }, { "pause" }, { "resume" }, { "resume", "--failed", "--only" },
  { "run", "--yes" }, { "cancel" }, { "purge", "--yes" },
}

local damage = {
  ["a date that is none"] = updated "UPDATE users SET finished_at = 1e300, state = 'accepted' WHERE id = 1",
  ["a date in letters"] = updated "UPDATE users SET started_at = 'SECRET' WHERE id = 1",
  ["a clock that is none"] = updated "UPDATE pace SET clock = 'SECRET', base = -9e999",
  ["a state that does not exist"] = updated "UPDATE meta SET value = 'SECRET' WHERE key = 'state'",
  ["an address with a password"] = updated "UPDATE meta SET value = 'https://a:SECRET@h/' WHERE key = 'endpoint'",
  ["a limit that is none"] = updated "INSERT INTO meta VALUES ('limit_daily_limit', 'SECRET')",
  ["another pool's"] = updated "UPDATE meta SET value = 'postgres://a:SECRET@h/d' WHERE key = 'pool'",
  ["no table"] = updated "DROP TABLE users",
  ["half a file"] = cut_off,
}

-- These read what the damage did not reach.
local reads = { status = true, report = true, pause = true, resume = true, cancel = true, purge = true }

describe("a damaged journal", function()
  for title, spoil in pairs(damage) do
    it("is refused with what to do next: " .. title, function()
      here.plan()
      here.done("approve", { "--plan", here.done("status", { "--json" }):match '"plan":"(%x+)"' })
      spoil()
      for _, words in ipairs(ways) do
        local result = here.run(words[1], { (unpack or table.unpack)(words, 2) })
        local told = ("%s: %s"):format(table.concat(words, " "), result.err)
        assert.is_nil(result.err:find("traceback", 1, true), told)
        assert.is_nil(result.err:find("internal_error", 1, true), told)
        assert.is_nil(result.err:find(SECRET, 1, true), told)
        assert.is_true(result.status ~= 0 or reads[words[1]], told)
        if result.status ~= 0 and words[2] ~= "--json" and not result.err:find("not the plan's hash", 1, true) then
          assert.matches("^cognito: [%w_]+: [^\n]+\n[^\n]+\n", result.err, told)
        end
      end
      assert.equal(0, here.executions(RESET))
    end)
  end
end)

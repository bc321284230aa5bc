-- A damaged journal in PostgreSQL, whose columns hold no text for a number, but NaN,
-- infinity and times before all time; and a schema that is no longer complete. As
-- in a file, the answer is a sentence, no secret is in it, and nothing is sent.
local bulk = require "cognito.bulk"
local shared = require "spec.support.bulk_postgres"

local SECRET = "S3cret-tok3n"

local function nothing() end

local ways = {
  status = function(job) return job:status() end,
  summary = function(job) return job:summary() end,
  report = function(job) return job:report(nothing, { format = "jsonl" }) end,
  pause = function(job) return job:pause() end,
  resume = function(job) return job:resume {} end,
  run = function(job) return shared.run(job, { rate = 1000, patience = 1 }) end,
  cancel = function(job) return job:cancel() end,
}

local order = { "status", "summary", "report", "pause", "resume", "run", "cancel" }

local damage = {
  "UPDATE $.pace SET clock = 'NaN'", "UPDATE $.pace SET clock = 'Infinity', rate = '-Infinity'",
  "UPDATE $.pace SET base = 1e300", "UPDATE $.users SET started_at = -1e300 WHERE id = 1",
  "UPDATE $.users SET attempts = -1", "UPDATE $.users SET look_at = 'NaN'", "INSERT INTO $.sends VALUES (1, -5)",
  "UPDATE $.users SET state = '" .. SECRET .. "' WHERE id = 2",
  "UPDATE $.meta SET value = 'postgres://ada:" .. SECRET .. "@h/d' WHERE key = 'endpoint'",
  "DELETE FROM $.pace", "DROP TABLE $.users", "DROP TABLE $.runs", "ALTER TABLE $.users DROP COLUMN attempts",
  "ALTER TABLE $.users ALTER COLUMN seen DROP DEFAULT, ALTER COLUMN seen TYPE TEXT USING '" .. SECRET .. "'",
  "ALTER TABLE $.pace ALTER COLUMN clock TYPE TEXT USING '" .. SECRET .. "'",
}

describe("a damaged journal in PostgreSQL", function()
  local server

  setup(function() server = shared.setup() end)
  teardown(shared.teardown)

  local function check_error(err, title)
    assert.equal("bulk", err.kind, title)
    assert.is_string(err.hint, title .. ": " .. err.code)
    for _, text in pairs(err) do
      assert.is_nil(tostring(text):find(SECRET, 1, true), ("%s: %s"):format(title, tostring(text)))
    end
  end

  for _, statement in ipairs(damage) do
    local title_of = statement:gsub("%$%.", ""):gsub(SECRET, "a secret")
    it("is refused in a sentence, and sends nothing: " .. title_of, function()
      local job, box, pool, url = shared.planned(2)
      assert(job:approve {})
      job:close()
      server:psql((statement:gsub("%$", shared.schema_of(url))))
      for _, name in ipairs(order) do
        local title = name .. " after " .. statement
        local opened, err = bulk.open { journal = url, pool = pool }
        if opened then
          local ok, result, fault = pcall(ways[name], opened)
          assert.is_true(ok, title .. ": " .. tostring(result))
          assert.is_true(name ~= "run" or result == nil, title)
          if result == nil then check_error(fault, title) end
          if name == "run" then assert.equal("journal_damaged", fault.code, title .. ": " .. fault.message) end
          opened:close()
        else
          check_error(err, title)
        end
      end
      assert.equal(0, #box.outbox)
    end)
  end
end)

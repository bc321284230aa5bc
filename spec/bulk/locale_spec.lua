-- In a locale with a decimal comma Lua 5.1 and 5.2 read no number with a point:
-- a job on PostgreSQL, whose numbers come as texts, failed with its first clock,
-- and one on SQLite with the date of a user who was looked up.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local luasql = require "spec.support.luasql"
local number = require "cognito.cli.number"

local NAME = "luasql.sqlite3"

describe("a job in a locale with a decimal comma", function()
  local installed, before = require(NAME), nil

  setup(helper.setup)
  teardown(helper.teardown)

  before_each(function()
    before = os.setlocale(nil)
    assert.equal("de_DE.UTF-8", os.setlocale "de_DE.UTF-8")
  end)

  after_each(function()
    package.loaded[NAME] = installed
    os.setlocale(before)
  end)

  for name, driver in pairs { ["numbers"] = installed, ["numbers as texts"] = luasql.texts() } do
    describe("with a driver that hands over " .. name, function()
      before_each(function() package.loaded[NAME] = driver end)

      it("goes from its plan to its report, and is kept", function()
        local box, pool = helper.world(6)
        local job = helper.plan(pool)
        local path = helper.path_of(job)
        assert(job:run { yes = true, rate = 2.5, settle = 0.25, limit = 3, hold = true })
        job:close()
        job = assert(bulk.open { journal = path, pool = pool })
        local status = assert(job:status())
        assert.same({ 2.5, 0.25 }, { status.rate, status.limits.settle })
        assert(job:resume())
        assert.equal("done", assert(job:run { rate = 1000 }).state)
        assert.equal(6, #box.outbox)
        assert(job:report(function(text) assert.is_nil(text:find("%d,%d%d%d%d")) end, { format = "jsonl" }))
        for row in job:rows() do
          assert.equal("accepted", row.outcome)
          assert.is_number(row.started_at)
        end
        job:close()
      end)

      it("looks up what an unanswered call did", function()
        local box, pool = helper.world(3)
        pool = pool:with { attempt_timeout = 0.2 }
        box:misbehave { operation = "admin_reset_user_password", phase = "after", what = "drop" }
        box:misbehave { operation = "admin_reset_user_password", what = "drop" }
        local job = helper.plan(pool)
        assert.equal(3, assert(job:run { yes = true, rate = 1000 }).accepted)
        assert.equal(3, #box.outbox)
        job:close()
      end)
    end)
  end

  it("finds the numbers of the command line", function()
    assert.equal(2.5, number.rate "--rate" "2.5")
  end)

  it("keeps the pairs of client metadata in one order", function()
    local texts = {}
    for _, locale in ipairs { "C", "de_DE.UTF-8" } do
      os.setlocale(locale)
      local _, pool = helper.world(1)
      local job = helper.plan(pool)
      assert(job:run { yes = true, rate = 1000, client_metadata = { b = "1", B = "2", a = "3", A = "4" } })
      texts[#texts + 1] = job.journal:get "limit_client_metadata"
      job:close()
    end
    assert.equal(texts[1], texts[2])
  end)
end)

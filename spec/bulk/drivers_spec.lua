-- LuaSQL 2.8 begins an empty result of SQLite with an empty row, which bulk took
-- for a user, a setting or a table. A journal works over either version, and
-- over the one that is installed.
local bulk = require "cognito.bulk"
local helper = require "spec.support.bulk"
local journals = require "cognito.bulk.journal"
local luasql = require "spec.support.luasql"

local NAME = "luasql.sqlite3"

describe("a journal over the driver of LuaSQL", function()
  setup(helper.setup)
  teardown(helper.teardown)

  local installed = require(NAME)

  for version, driver in pairs { installed = installed, ["2.6"] = luasql.older(), ["2.8"] = luasql.newer() } do
    describe(version, function()
      setup(function() package.loaded[NAME] = driver end)
      teardown(function() package.loaded[NAME] = installed end)

      it("finds nothing where there is nothing", function()
        local journal = journals.create(helper.path(), {})
        assert.same({}, journal:rows "SELECT id FROM users")
        assert.is_nil(journal:row "SELECT key, value FROM meta WHERE key = 'none'")
        assert.is_nil(journal:get "none")
        assert.equal(0, journal:run "UPDATE users SET state = 'planned'")
        journal:close()
        local err = select(2, bulk.open { journal = helper.file(version .. ".txt", "") })
        assert.equal("journal_unreadable", err.code)
      end)

      it("finds every row, with NULLs and without", function()
        local journal = journals.create(helper.path(), {})
        local rows = {}
        for i = 1, 5 do rows[i] = { name = "n" .. i, was = i > 1 and "w" .. i or nil } end
        assert.equal(5, journal:insert("changes", { "name", "was" }, rows))
        assert.same(rows, journal:rows "SELECT name, was FROM changes ORDER BY id")
        assert.same({ rows[1] }, journal:rows "SELECT name, was FROM changes WHERE was IS NULL")
        journal:close()
      end)

      it("leaves no cursor open, which would keep the file from being closed", function()
        local journal = journals.create(helper.path(), {})
        journal:rows "SELECT id FROM users"
        journal:row "SELECT key FROM meta"
        assert.is_true(journal:close())
      end)

      it("keeps a job from its plan to its report", function()
        local box, pool = helper.world(5)
        local users = helper.file(version .. ".csv", "username\nu1\nu2\nu3\nu4\nghost\n")
        local job = helper.plan(pool, { users = { file = users }, exclude = { "u1" } })
        box:misbehave { operation = "admin_reset_user_password", what = "error", code = "NotAuthorizedException" }
        local status = assert(job:run { yes = true, rate = 1000 })
        assert.same({ 2, 1 }, { status.accepted, status.failed })
        assert(job:resume { failed = true, by = "ada" })
        assert.equal("done", assert(job:run { rate = 1000 }).state)
        assert.same({ u1 = "excluded", u2 = "accepted", u3 = "accepted", u4 = "accepted", ghost = "unknown_user" },
          helper.outcomes(job))
        assert.equal(3, #box.outbox)
        job:close()
      end)
    end)
  end

  it("leaves no file where it is missing", function()
    package.loaded[NAME], package.preload[NAME] = nil, function() error "not installed" end
    finally(function() package.loaded[NAME], package.preload[NAME] = installed, nil end)
    local _, pool = helper.world(1)
    local path = helper.path()
    local job, err = bulk.plan { pool = pool, journal = path, action = "reset", users = { filter = "" } }
    assert.is_nil(job)
    assert.equal("no_driver", err.code)
    for _, suffix in ipairs { "", ".lock" } do assert.is_nil(io.open(path .. suffix)) end
  end)
end)

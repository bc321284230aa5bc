-- A plan for some of a source's users: by status, and by when they were
-- created. A word that is misspelt, or a user without a date, must not turn
-- into a plan for all of them, or for none.
local bulk = require "cognito.bulk"
local clock = require "cognito.clock"
local helper = require "spec.support.bulk"

local DAY = 86400

describe("a plan that chooses among users", function()
  setup(helper.setup)
  teardown(helper.teardown)

  -- old-1 and old-2 were created ten days before new-1 and new-2.
  local function world(options)
    local box, pool = helper.world(0, options)
    for _, age in ipairs { "old", "new" } do
      for i, status in ipairs { "FORCE_CHANGE_PASSWORD", "CONFIRMED" } do
        local name = ("%s-%d"):format(age, i)
        box:add_user { username = name, status = status, email = name .. "@example.com" }
      end
      if age == "old" then box:advance(10 * DAY) end
    end
    return box, pool
  end

  -- The box's clock goes on while a slow machine gets from one line to the next.
  local function created(pool, name)
    return assert(pool:admin_get_user { username = name }).user_create_date
  end

  local function fails(given, message)
    local _, pool = world()
    local options = { pool = pool, journal = helper.path(), action = "invite", users = { filter = "" } }
    for name, value in pairs(given) do options[name] = value end
    local job, err = bulk.plan(options)
    assert.is_nil(job)
    assert.equal("invalid_input", err.code)
    assert.matches(message, err.message, 1, true)
    assert.is_nil((io.open(options.journal)))
  end

  it("leaves out users who were created later, from every kind of source", function()
    local document = [[{"Users":[{"Username":"old-1","UserCreateDate":"2020-01-01T00:00:00Z"},{"Username":"new-1"}]}]]
    local sources = {
      { filter = "" }, { "old-1", "new-1" }, { file = helper.file("u.csv", "username\nold-1\nnew-1\n") },
      { file = helper.file("u.json", document) },
    }
    for _, users in ipairs(sources) do
      local box, pool = world()
      local job = helper.plan(pool, { action = "invite", users = users, older_than = "7d" })
      local outcomes = helper.outcomes(job)
      assert.same({ "planned", "created_later" }, { outcomes["old-1"], outcomes["new-1"] })
      assert.equal(1, assert(job:run { yes = true, rate = 1000 }).accepted)
      assert.equal("old-1", box.outbox[1].username)
      job:close()
    end
  end)

  it("takes users of the pool from a program, with their dates", function()
    local _, pool = world()
    local dates = {}
    for user in bulk.users(pool) do
      assert.is_number(user.created)
      assert.equal(user.created, user.modified)
      dates[user.username] = user.created
    end
    assert.equal(created(pool, "new-1"), dates["new-1"])
    assert.equal(created(pool, "old-1"), dates["old-1"])
    assert.is_true(dates["new-1"] - dates["old-1"] >= 10 * DAY)
    local job = helper.plan(pool, { action = "invite", users = bulk.users(pool), older_than = 7 * DAY })
    assert.equal(1, job:summary().act)
    job:close()
  end)

  it("takes a moment in three forms; a user who was created just then is left out", function()
    local _, pool = world()
    local just_then = created(pool, "new-1")
    local forms = { just_then, clock.format_rfc3339(just_then), clock.format_rfc3339(just_then - DAY):sub(1, 10) }
    for _, moment in ipairs(forms) do
      local job = helper.plan(pool, { action = "invite", created_before = moment })
      assert.same({ created_later = 2, confirmed = 1 }, job:summary().by_reason)
      job:close()
    end
  end)

  it("leaves out users with another status", function()
    local _, pool = world()
    for _, status in ipairs { "CONFIRMED", { "CONFIRMED" }, { "CONFIRMED", "CONFIRMED" } } do
      local job = helper.plan(pool, { action = "lock", status = status })
      assert.same({ other_status = 2 }, job:summary().by_reason)
      assert.same({ "CONFIRMED" }, job:summary().statuses)
      job:close()
    end
    local job = helper.plan(pool, { action = "lock", status = { "RESET_REQUIRED", "CONFIRMED" }, older_than = 60 })
    assert.same({ other_status = 2, created_later = 1 }, job:summary().by_reason)
    assert.same({ "CONFIRMED", "RESET_REQUIRED" }, job:summary().statuses)
    local head
    assert(job:report(function(text) head = head or text end, { format = "jsonl" }))
    assert.matches('"statuses":["CONFIRMED","RESET_REQUIRED"]', head, 1, true)
    assert.matches('"created_before":"2', head, 1, true)
    job:close()
  end)

  it("says that a user is left out even where the address is another one", function()
    local _, pool = world()
    local users = helper.file("mail.csv", "username,mail\nold-2,x@example.com\nnew-2,x@example.com\n")
    local job = helper.plan(pool, { users = { file = users }, expect_email = "mail", older_than = "7d" })
    assert.same({ ["old-2"] = "email_changed", ["new-2"] = "created_later" }, helper.outcomes(job))
    job:close()
  end)

  it("has its hash over the choice", function()
    local _, pool = world()
    local job = helper.plan(pool, { action = "lock", status = "CONFIRMED", older_than = "1d" })
    for name, value in pairs { created_before = "1", status = "RESET_REQUIRED" } do
      local before = job.journal:get(name)
      job.journal:set(name, value)
      assert.equal("plan_changed", select(2, job:approve {}).code)
      job.journal:set(name, before)
    end
    assert(job:approve {})
    job:close()
  end)

  it("refuses spans and dates that are none, by the option's name", function()
    for _, span in ipairs { "7", "d", "7 d", "-7d", "7y", "0d", "1.5d", "", 0, -1, 1 / 0, 0 / 0, "99999999999w" } do
      fails({ older_than = span }, "older_than: it must be a span of time")
    end
    for _, date in ipairs { "yesterday", "2026-13-01", "2026-02-30", "2026-11-20T08:00:00", "20.11.2026", "", -1 } do
      fails({ created_before = date }, "created_before: it must be a date")
    end
    fails({ created_before = "2999-01-01" }, "created_before: this date is in the future")
    fails({ created_before = "2020-01-01", older_than = "7d" }, "older_than: give this or created_before")
  end)

  it("refuses statuses that the service does not have, or that the action is not for", function()
    fails({ status = "FORCE_CHANGE_PASWORD" }, "status: there is no status FORCE_CHANGE_PASWORD; did you mean FORCE_CH")
    fails({ status = { "FORCE_CHANGE_PASSWORD", "confirmed" } }, "did you mean CONFIRMED?")
    fails({ status = "zzzzzzzz" }, "there are: ARCHIVED, COMPROMISED, CONFIRMED")
    fails({ status = {} }, "status: it must be a status, or a list")
    fails({ status = 7 }, "status: it must be a status, or a list")
    fails({ status = "CONFIRMED" }, "status: invite is not for users who are CONFIRMED, but for FORCE_CHANGE_PASSWORD")
    fails({ action = "reset", status = "RESET_REQUIRED" }, "the option again")
    local _, pool = world()
    helper.plan(pool, { action = "reset", status = "RESET_REQUIRED", again = true }):close()
  end)

  it("refuses users without a date, before anything is planned", function()
    local users = { { username = "u", sub = "11111111-1111-1111-1111-111111111111", status = "FORCE_CHANGE_PASSWORD",
      enabled = true, attributes = {} } }
    fails({ users = users, older_than = "7d" }, "when the user u was created is not known")
    users[1].created = "long ago"
    fails({ users = users, created_before = "2020-01-01" }, "when the user u was created is not known")
  end)
end)
